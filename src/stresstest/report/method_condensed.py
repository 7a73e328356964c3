"""The method book on condensed futures: how statistics are found when futures are summed up and not kept."""

from __future__ import annotations

import numpy as np

from ..measures.condensed import Bins
from ..measures.intervals import wilson
from .method_worked import STATISTIC, Entry, Worked

#: A hundred thousand equal futures in ten bins, each from an amount (£m) to £10,000 more: how many lie in each.
AMOUNTS = (-20.0, -5.0, 0.0, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0)
COUNTS = (1_000, 9_000, 10_000, 20_000, 25_000, 20_000, 9_000, 5_000, 900, 100)
BINS, WHERE = "measures.condensed:Bins", "results.condense:condense"


def toy_bins() -> Bins:
    """The bins, with the lowest and highest value in each."""
    low, high = (1e6 * np.array(AMOUNTS) + away for away in (0.0, 1e4))
    return Bins(low, high, np.array(COUNTS, dtype=np.float64), float(sum(COUNTS)))


def _given() -> dict[str, object]:
    return {"lowest of each bin, £m (highest: £10,000 more)": AMOUNTS, "futures in each": COUNTS}


def quantile_sum() -> Worked:
    """Quantiles from bins, with the bins that hold them."""
    held = toy_bins()
    found: dict[str, object] = {}
    for name, p in (("median", 0.5), ("p99", 0.99), ("p99.9", 0.999)):
        row = held.quantile(p)
        found |= {name: row["value"], f"95% interval of {name}": (row["low"], row["high"]),
                  f"bin of {name}": (row["bin_low"], row["bin_high"])}  # fmt: skip
    return Worked(_given(), found, "In pounds. The interval ends where bins end.")


def tail_sum() -> Worked:
    """The mean of the worst, from the middles of bins."""
    row = toy_bins().tail(0.99, True)
    by_hand = (160.0 * 900 + 320.0 * 100) / 1_000
    return Worked(_given(), {"cte99": row["value"], "standard error": row["error"], "by hand, £m": by_hand},
                  "The worst 1 in 100 are the thousand futures in the two highest bins. By hand: from the lowest values of "
                  "these, so £5,000 less.")  # fmt: skip


def chance_sum() -> Worked:
    """The interval of an event that no future saw."""
    low, high = wilson(0.0, 100_000.0)
    return Worked({"futures with the event": 0, "futures": 100_000}, {"chance": 0.0, "95% interval": (low, high)},
                  "An event that never happened is not impossible: its chance is below the upper end.")  # fmt: skip


def apart_sum() -> Worked:
    """Kept futures against all."""
    from .papers.all_futures import errors_apart
    from .tracing import TableRow

    row = TableRow(value=100.0, error=0.2, futures=1_000_000.0, bin_low=float("nan"), bin_high=float("nan"))
    return Worked({"all": 100.0, "error of all": 0.2, "lived": 1_000_000, "kept": 10_000, "figure of the kept": 103.0},
                  {"errors apart": errors_apart(103.0, 10_000, row)}, "Errors of the difference, not of either.")  # fmt: skip


def condensed_entries() -> list[Entry]:
    """Statistics of futures that were summed up: sums, quantiles, tails, chances, and the kept ones against all."""
    return [
        Entry("condensed_quantile", STATISTIC, "Quantile of condensed futures",
              "Weights are kept in bins, 1/256 of a power of two wide, so that a quantile is known to within 0.4% of its value. "
              "The weight of a bin is spread evenly from the lowest to the highest value in it; where many futures hold one and "
              "the same value, the quantile is exact. The interval runs from outer end to outer end of the bins that hold the "
              "quantiles at the levels between which the share below the true one lies. A quantile with fewer than 30 equal "
              "futures beyond it is not given. A quantile is that of one amount in each future: quantiles of sums are taken of "
              "the sums, and nothing adds quantiles.",
              ("low + (high − low) · (p W − W below the bin) / (W of the bin),  W = Σ w,  n = W² / Σ w²",),
              "Woodruff 1952; Hahn and Meeker 1991", BINS, quantile_sum),
        Entry("condensed_cte", STATISTIC, "Mean of the worst of condensed futures",
              "From the middles of the bins beyond the quantile, the bin on the edge counted in part; the interval is wider by "
              "the mean half-width of these bins.",
              ("q + Σ w (x − q)⁺ / (W (1 − p)),  x the middle of a bin, q the p-quantile",),
              "Chen 2008; Hong, Hu and Liu 2014", BINS, tail_sum, columns=("cte99.9",)),
        Entry("condensed_moments", STATISTIC, "Mean, standard deviation and chances of condensed futures",
              "Sums over cells of 4,096 futures about each cell’s mean, joined about the mean of all, exactly and in any order; "
              "chances are weights counted in every future. Wilson’s interval of a chance has n equal futures.",
              ("mean = Σ w x / W,  sd² = Σ w (x − mean)² / (W − Σ w² / W),  error² = Σ w² (x − mean)² / W²",
               "error of sd = √((m₄ − sd⁴) / n) / (2 sd),  m₄ from the middles of bins"),
              "Chan, Golub and LeVeque 1983; Wilson 1927", WHERE, chance_sum),
        Entry("errors_apart", STATISTIC, "Kept futures against all",
              "The kept futures are among all, so the variance of the difference is that of the part less that of the whole.",
              ("(kept − all) / (error of all · √(lived / kept − 1))",),
              "finite population correction, Cochran 1977, section 2.6", "report.papers.all_futures:errors_apart", apart_sum),
    ]  # fmt: skip
