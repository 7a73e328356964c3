"""Shared savings: the provider keeps part of what care costs below a benchmark, and may owe part of any excess.

Clause. The year's recorded spend A is set against a benchmark E. A saving counts in full, from the first pound, once
it reaches the minimum savings rate; below that rate it counts at a part of the share, or not at all. A loss counts in
full once it reaches the minimum loss rate, which is the minimum savings rate where nothing else is said (mlr below 0). The
provider's share of a saving is the highest share times the quality score.
Its share of a loss is nothing, a fixed rate, or one less its share of savings, held between a floor and a ceiling. A
quality score at or below the gate earns no share of a saving, and so loses at the ceiling. A haircut (sequestration) may
be taken off a saving before or after its cap. A loss is capped at a share of the benchmark or of the annual payment,
whichever is lower, and a part of what is then owed may be forgiven.

    final  = max_share · q, or 0 where q ≤ gate;  g = E − A
    gain   g > 0 and g ≥ msr · E: min(final · g, gain_cap · E), with (1 − haircut) inside or outside the minimum
           g > 0 and g < msr · E: the same with below_msr_factor · final in the place of final
    loss   g < 0 and −g ≥ mlr · E: −min(rate · (−g), loss_cap_benchmark · E, loss_cap_revenue · P) · (1 − relief)
    rate   none: 0;  fixed: loss_rate;  one_minus_final: clip(1 − final, floor, ceiling)

Otherwise nothing is paid. A haircut before the cap is min(share · g · (1 − haircut), cap), after it min(share · g, cap)
· (1 − haircut). A cap of 1e9 is not used: no share reaches it, whatever the benchmark. A benchmark or revenue below 0
counts as 0 in a cap. The figure before_cap is the saving's share before cap and haircut, or minus the loss's share
before caps and relief.

Worked number E6, and fifteen published rows of the Medicare Shared Savings Program (performance years 2016 and 2020; CMS
public use files). Source of the shape: 42 CFR 425.605 and 425.610; its caps and rates there change from year to year.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import pick
from ..futures.marginals import clip
from ._term import POUNDS, QUANTITY, SHARE, Field, Shown, TermKind, row_slots, show

LOSS_FORMS = ("none", "fixed", "one_minus_final")
HAIRCUT_ORDERS = ("before_cap", "after_cap")
NOT_USED = 1e9
NO_CAP = 1e300  # more than any sum of money
FIELDS = (
    Field("max_share", SHARE, "provider's share of a saving at full quality", 0.0, 1.0),
    Field("msr", SHARE, "least saving that counts (MSR), as a share of benchmark", 0.0, 0.5, 0.0),
    Field("mlr", SHARE, "least loss that counts (MLR), as a share of benchmark; below 0: the MSR", -1.0, 0.5, -1.0),
    Field("loss_form", "choice", "how the provider's share of a loss is set", choices=LOSS_FORMS),
    Field("loss_rate", SHARE, "provider's share of a loss (fixed)", 0.0, 1.0, 0.0),
    Field("loss_rate_floor", SHARE, "least share of a loss (one_minus_final)", 0.0, 1.0, 0.0),
    Field("loss_rate_ceiling", SHARE, "most share of a loss (one_minus_final)", 0.0, 1.0, 1.0),
    Field("gain_cap_benchmark", SHARE, "most received, as a share of benchmark; 1e9 = not used", 0.0, NOT_USED, NOT_USED),
    Field("loss_cap_benchmark", SHARE, "most owed, as a share of benchmark; 1e9 = not used", 0.0, NOT_USED, NOT_USED),
    Field("loss_cap_revenue", SHARE, "most owed, as a share of the annual payment; 1e9 = not used", 0.0, NOT_USED, NOT_USED),
    Field("quality_gate", SHARE, "a quality score at or below this earns no share of a saving", 0.0, 1.0, 0.0),
    Field("haircut", SHARE, "part of a saving that is withheld (sequestration)", 0.0, 1.0, 0.0),
    Field(
        "haircut_order", "choice", "take the haircut before or after the cap",
        choices=HAIRCUT_ORDERS, default="before_cap",
    ),
    Field("below_msr_factor", SHARE, "part of the provider's share that is paid on a saving under the MSR", 0.0, 1.0, 0.0),
    Field("relief", SHARE, "part of what is owed, after the caps, that is forgiven", 0.0, 1.0, 0.0),
    Field("benchmark", QUANTITY, "benchmark that the year's spend is set against", default="acute_expected"),
    Field("spend", QUANTITY, "spend that is set against the benchmark", default="acute_actual"),
    Field("quality", QUANTITY, "quality score, 0 to 1", default="score"),
    Field("revenue", QUANTITY, "what loss_cap_revenue is a share of", default="annual_payment"),
)  # fmt: skip
(
    MAX_SHARE, MSR, MLR, LOSS_FORM, LOSS_RATE, LOSS_FLOOR, LOSS_CEILING, GAIN_CAP, LOSS_CAP, LOSS_CAP_REVENUE, GATE, HAIRCUT,
    HAIRCUT_AFTER, BELOW_MSR, RELIEF, BENCHMARK, SPEND, QUALITY, REVENUE,
) = row_slots(FIELDS)  # fmt: skip
SHOWS = (
    Shown("gap", POUNDS, "benchmark less spend"),
    Shown("final_share", SHARE, "provider's share of a saving that reaches the MSR"),
    Shown("before_cap", POUNDS, "saving (+) or loss (−) due before caps, haircut and relief"),
)


@rule
def final_share(max_share: float, quality: float, gate: float) -> float:
    """The provider's share of a saving: the highest share times quality, or nothing at or below the gate."""
    return pick(quality <= gate, 0.0, max_share * quality)


@rule
def loss_rate(form: float, fixed: float, final: float, floor: float, ceiling: float) -> float:
    """The provider's share of a loss in the form agreed (see LOSS_FORMS)."""
    if form == 0.0:
        return 0.0
    return fixed if form == 1.0 else clip(1.0 - final, floor, ceiling)


@rule
def saving_due(saving: float, final: float, most: float, haircut: float, haircut_after: float) -> float:
    """What the provider receives of a saving, at most `most` pounds, less the haircut before or after that cap."""
    if haircut_after == 1.0:
        return min(final * saving, most) * (1.0 - haircut)
    return min(final * saving * (1.0 - haircut), most)


@rule
def cap_of(share: float, base: float) -> float:
    """A cap as a share of a base (£), a base below 0 counting as 0; a share of 1e9 or more is no cap."""
    return NO_CAP if share >= NOT_USED else share * max(0.0, base)


@rule
def loss_limit(benchmark: float, revenue: float, of_benchmark: float, of_revenue: float) -> float:
    """Most that the provider owes (£): the lower of the two caps; a share of 1e9 is not used, whatever it is of."""
    return min(cap_of(of_benchmark, benchmark), cap_of(of_revenue, revenue))


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Shared saving (+) or loss (−) of the year."""
    benchmark, revenue = d[int(row[BENCHMARK]), i], d[int(row[REVENUE]), i]
    gap = benchmark - d[int(row[SPEND]), i]
    final = final_share(row[MAX_SHARE], d[int(row[QUALITY]), i], row[GATE])
    enough = gap >= row[MSR] * benchmark
    gains = (gap > 0.0) & (enough | (row[BELOW_MSR] > 0.0))
    share = pick(enough, final, row[BELOW_MSR] * final)
    saved = saving_due(gap, share, cap_of(row[GAIN_CAP], benchmark), row[HAIRCUT], row[HAIRCUT_AFTER])
    loses = (gap < 0.0) & (-gap >= (row[MSR] if row[MLR] < 0.0 else row[MLR]) * benchmark)
    rate = loss_rate(row[LOSS_FORM], row[LOSS_RATE], final, row[LOSS_FLOOR], row[LOSS_CEILING])
    owed = min(-rate * gap, loss_limit(benchmark, revenue, row[LOSS_CAP], row[LOSS_CAP_REVENUE]))
    show(row, d, i, 0, gap)
    show(row, d, i, 1, final)
    show(row, d, i, 2, pick(gains, share * gap, pick(loses, rate * gap, 0.0)))
    return pick(gains, saved, pick(loses, -owed * (1.0 - row[RELIEF]), 0.0))


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): the floor of the loss rate must not lie above its ceiling."""
    if values["loss_rate_floor"] > values["loss_rate_ceiling"]:
        return [("loss_rate_floor", "the floor of the loss rate lies above its ceiling")]
    return []


def unread(values: dict[str, Any]) -> tuple[str, ...]:
    """The revenue, where no loss is shared or its cap is no share of revenue."""
    return ("revenue",) if values["loss_form"] == "none" or values["loss_cap_revenue"] >= NOT_USED else ()


KIND = TermKind(
    name="shared_savings",
    title="Shared savings",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    check=check,
    unread=unread,
    shows=SHOWS,
)
