"""A finished run folder with invented numbers: plausible in size, and no result of any model."""

import csv
import json
import math
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

YEARS = [f"{y}/{(y + 1) % 100:02d}" for y in range(2018, 2033)]
SCENARIOS = {
    "calibrated": 100_000, "official-future": 10_000, "state-supreme": 10_000, "community-resilience": 10_000,
    "corporate-rules": 10_000,
}  # fmt: skip
SHIFT = dict(zip(SCENARIOS, (0.0, -15e6, -120e6, 25e6, -60e6), strict=True))
QUANTILES = {
    "p2.5": -1.96, "p5": -1.645, "p10": -1.282, "p25": -0.674, "p50": 0.0, "p75": 0.674, "p90": 1.282,
    "p95": 1.645, "p97.5": 1.96, "p99": 2.326,
}  # fmt: skip
CAUSES = {"opening price": 0.41, "pay and prices above plan": 0.19, "funding below plan": 0.15, "policy break": 0.031}
#: Shares of the early ends that are losses and policy.
ENDS = {"losses": 0.75 / 0.781, "policy": 0.031 / 0.781}
PARTS = {
    "uplift": 12.3e6, "improvement": -9.8e6, "gain_share": 1.4e6, "rescue": 0.0, "step_in": 38.2e6, "shifted": 2.1e6,
}  # fmt: skip


def spread(middle, width, high_is_bad):
    """Invented statistics of a distribution that is about normal."""
    sign = 1.0 if high_is_bad else -1.0
    rows = {name: (middle + z * width, width / 150) for name, z in QUANTILES.items()}
    return rows | {
        "mean": (middle * 1.05, width / 316), "sd": (width, width / 400), "cte95": (middle + sign * 2.06 * width, width / 90),
        "cte99": (middle + sign * 2.67 * width, width / 60), "central": (middle * 0.6, math.nan),
        "probability_negative": (0.5, 0.0016),
    }  # fmt: skip


def summary_rows():
    """The long table, for every scenario and strategy."""
    rows = []

    def add(key, year, numbers, unit):
        for statistic, (value, error) in numbers.items():
            ends = {"low": value - 2.0 * error, "high": value + 2.0 * error}
            rows.append(dict(zip(("scenario", "strategy", "party", "metric"), key, strict=True), year=year,
                             statistic=statistic, value=value, error=error, **ends, unit=unit))  # fmt: skip

    for scenario in SCENARIOS:
        for strategy, lift in (("honest", 0.0), ("gamed", 1.0), ("gamed - honest", None)):
            paired = lift is None
            shift, lift = (0.0, 1.0) if paired else (SHIFT[scenario], lift)
            width = 4e6 if paired else 55e6
            key = (scenario, strategy)
            surplus = lift * 9e6 + shift - (0 if paired else 31e6)
            add((*key, "provider", "surplus_npv"), "", spread(surplus, width, False), "GBP")
            level = lift * 11e6 + (0 if paired else 44e6)
            for party, metric in (
                ("commissioner", "exposure_npv"), ("commissioner", "exposure_gross_npv"), ("public", "exposure_npv"),
            ):  # fmt: skip
                add((*key, party, metric), "", spread(level, width, True), "GBP")
            for party, amount in (("hospital", 1.2e6), ("council", 0.3e6)):
                add((*key, party, "exposure_npv"), "", spread(amount * (1.0 + lift), 1.5e6, True), "GBP")
            for part, amount in PARTS.items():
                numbers = spread(amount + lift * 1e6, width / 4, True)
                add((*key, "commissioner", f"exposure_{part}_npv"), "", numbers, "GBP")
            health = -210.0 if paired else 5300.0 - 210.0 * lift
            add((*key, "residents", "health_qaly_npv"), "", spread(health, 90.0 if paired else 900.0, False), "QALY")
            if paired:
                continue
            for k, year in enumerate(YEARS):
                gone = 0.781 * min(1.0, (k / 9) ** 1.4) - 0.03 * lift * min(1.0, k / 9)
                add((*key, "contract", "exit"), year, {"probability": (gone, 0.0015)}, "probability")
                add((*key, "contract", "running"), year, {"probability": (1 - gone, 0.0015)}, "probability")
                yearly = spread(-2.6e6 * (k + 1) + lift * 0.7e6 * (k + 1) + shift * k / 14, 5e6 * (k + 1) ** 0.8, False)
                add((*key, "provider", "cumulative_surplus"), year, yearly, "GBP")
                paid = spread(0.4e6 * (k + 1) + lift * 0.5e6 - shift * k / 200, 2e6 * (k + 1) ** 0.8, True)
                add((*key, "commissioner", "exposure_yearly"), year, paid, "GBP")
                for metric, score in (("true_score", 0.5 - 0.2 * lift), ("reported_score", 0.5 + 0.1 * lift)):
                    reached = spread(score * min(1.0, (k + 1) / 5), 0.08, False)
                    add((*key, "contract", metric), year, reached, "share")
            ends = {by: share * (0.781 - 0.03 * lift) for by, share in ENDS.items()}
            for by, total in ends.items():
                for k, year in enumerate(YEARS):
                    gone = total * min(1.0, (k / 9) ** 1.4)
                    add((*key, "contract", f"exit_{by}"), year, {"probability": (gone, 0.0015)}, "probability")
                add((*key, "contract", f"exit_{by}"), "", {"probability": (total, 0.0013)}, "probability")
            add((*key, "contract", "exit"), "", {"probability": (0.781 - 0.03 * lift, 0.0013)}, "probability")
            add((*key, "contract", "ran_its_term"), "", {"probability": (0.219 + 0.03 * lift, 0.0013)}, "probability")
            for cause, p in CAUSES.items():
                add((*key, "contract", f"exit_cause:{cause}"), "", {"probability": (p, 0.0015)}, "probability")
    return rows


def exceedance_rows():
    """Two falling curves on 61 thresholds."""
    return [
        {"strategy": strategy, "threshold_gbp": 1e6 * x, "error": 0.001,
         "probability": 0.5 * math.erfc((1e6 * x - middle) / 55e6 / math.sqrt(2))}
        for strategy, middle in (("honest", 44e6), ("gamed", 55e6)) for x in range(-80, 226, 5)
    ]  # fmt: skip


def gaming_rows():
    """Four levers and the best combination; one lever loses money and one is left alone."""
    def row(lever, gain, **more):
        return {
            "lever": lever, "code": "L00", "plain_english": f"What {lever.replace('_', ' ')} means.", "grade": "grey",
            "bends": "record", "intensity": 0.4, "gain_mean_gbp": gain, "gain_error_gbp": abs(gain) / 80,
            "gain_p5_gbp": gain - 4e6, "gain_p50_gbp": gain, "gain_p95_gbp": gain + 5e6,
            "harm_commissioner_mean_gbp": 0.9 * gain, "harm_public_mean_gbp": gain, "harm_qaly_mean": 40.0,
            "probability_worthwhile": 0.93, "detection_assumed": 0.03, "detection_break_even": 0.37,
            "creating_terms": "improvement_payment", "fix": "Cap exceptions at 5% of each register",
            "fix_term": "improvement_payment", "fix_field": "exception_cap", "fix_value": "0.05",
            "residual_gain_mean_gbp": 0.2 * gain, "residual_error_gbp": abs(gain) / 90,
            "residual_commissioner_gbp": 0.2 * gain, "displaced_to": "Holding back",
            "harmed": "patients who are excepted",
            "early_sign": "exceptions rise", "evidence": "invented for the test", "futures_searched": 1000,
            "futures_verified": 8000,
        } | more  # fmt: skip

    return [
        row("best combination", 14.1e6, detection_assumed=None, detection_break_even=None, displaced_to=""),
        row("cost_shifting", 2.4e6, creating_terms="annual_payment, gain_loss_share", detection_break_even=None),
        row("exception_reporting", 6.31e6),
        row("year_end_timing", -0.2e6, creating_terms="", fix="", residual_gain_mean_gbp=None, residual_error_gbp=None,
            residual_commissioner_gbp=None, detection_break_even=None, displaced_to="", intensity=0.1),
        row("ratchet_holding_back", 0.0, intensity=0.0, detection_assumed=None, detection_break_even=None,
            probability_worthwhile=0.0),
    ]  # fmt: skip


HISTORY = [
    {"quantity": "15-year mean real GDP growth", "historical_low": 0.0057, "historical_mean": 0.0245,
     "historical_high": 0.0371, "simulated_p5": 0.006, "simulated_mean": 0.017, "simulated_p95": 0.028,
     "period": "1949 to 2023", "source": "invented", "seed_low": 0.0, "seed_middle": 0.02,
     "historical_single_low": -0.0972, "historical_single_high": 0.0759,
     "seed_high": 0.04, "seed_low_inside": "outside", "seed_middle_inside": "inside", "seed_high_inside": "outside"},
    {"quantity": "15-year mean real growth of health funding", "historical_low": 0.02, "historical_mean": 0.039,
     "historical_high": 0.06, "simulated_p5": 0.005, "simulated_mean": 0.02, "simulated_p95": 0.035,
     "period": "1956/57 to 2018/19", "source": "invented", "historical_single_low": math.nan,
     "historical_single_high": math.nan, "seed_low": math.nan, "seed_middle": math.nan,
     "seed_high": math.nan, "seed_low_inside": "", "seed_middle_inside": "", "seed_high_inside": ""},
]  # fmt: skip
NULL_TEST = [
    {"clause": "improvement_payment", "mean_gbp_a_year": -17.9e6, "error_gbp": 2.1e4,
     "without_chance_gbp_a_year": -18.3e6, "chance_part_gbp_a_year": 0.4e6, "chance_payout_rate": 0.512,
     "share_of_annual_payment": -0.0488},
    {"clause": "gain_loss_share", "mean_gbp_a_year": 0.1e6, "error_gbp": 9e3, "without_chance_gbp_a_year": 0.0,
     "chance_part_gbp_a_year": 0.1e6, "chance_payout_rate": 0.21,
     "share_of_annual_payment": 0.0003},
    {"clause": "all clauses together", "mean_gbp_a_year": -17.8e6, "error_gbp": 2.3e4,
     "without_chance_gbp_a_year": -18.3e6, "chance_part_gbp_a_year": 0.5e6, "chance_payout_rate": 0.54,
     "share_of_annual_payment": -0.0485},
]  # fmt: skip


def swing(key, title, base, changed, losses, cost, quality="judgement"):
    """One judged input changed; from 75.0% and £46.2m."""
    return {
        "key": key, "title": title, "quality": quality, "source": "invented", "base": base, "changed": changed,
        "exit_losses_base": 0.75, "exit_losses_changed": losses, "exit_losses_error": 0.008,
        "exposure_base_gbp": 46.2e6, "exposure_changed_gbp": cost, "exposure_error_gbp": 0.9e6,
    }  # fmt: skip


SWINGS = [
    swing("provider.opening.gap_median", "gap between cost and price at signature, median", 0.07, 0.035, 0.4312, 21e6),
    swing("place.funding.growth_mean", "NHS funding, mean real growth a year", 0.02, 0.03, 0.5904, 30e6, "derived"),
    swing("contract.ending.loss_cap", "Losses that the owners bear before they stop", 0.045, 0.0675, 0.66, 41e6),
    swing("place.pay.persistence", "pay, carried over to the next year", 0.3, 0.15, 0.746, 46e6),
]
def starting_row(figure, value, error, unit, words):
    """One figure of what comes before the first year."""
    return {"figure": figure, "value": value, "error": error, "unit": unit, "words": words, "futures": 65536}


STARTING = [
    starting_row("never_starts", 0.434, 0.0019, "probability", "the contract never starts"),
    starting_row("fragment", 0.17, 0.0015, "probability", "it starts, and most of its scope is never moved"),
    starting_row("as_planned", 0.071, 0.001, "probability", "it starts, most of its scope is moved, and it runs its term"),
    starting_row("delay", 0.994, 0.0038, "years", "delay of the start beyond the plan, on average"),
    starting_row("realised_scope", 0.359, 0.0017, "share of scope", "share of the planned scope that is ever run"),
    starting_row("losses", 0.751, 0.0019, "probability", "given a start in full scope: losses end it early"),
    starting_row("losses_all", 0.42, 0.0018, "probability", "it starts, and losses end it early"),
    starting_row("surplus", -31e6, 5e5, "GBP", "provider's surplus, given a start in full scope"),
    starting_row("surplus_all", -11e6, 2.9e5, "GBP", "provider's surplus with realised scope counted in"),
    starting_row("exposure", 46.2e6, 1.4e6, "GBP", "net exposure, given a start in full scope"),
    starting_row("exposure_all", 16.6e6, 1.0e6, "GBP", "net exposure with realised scope counted in"),
]


def convergence_row(block, measure, futures, value, error, note, reach=2.0):
    """One row of the convergence table with an interval of so many errors."""
    ends = {"low": value - reach * error, "high": value + reach * error}
    return {"block": block, "measure": measure, "futures": futures, "value": value, "error": error, **ends, "note": note}


def convergence_rows():
    """Two measures by doubling, one percentile with both kinds of bounds, and even weights."""
    rows = []
    for measure, value, error in (("mean_surplus", -31e6, 1.7e5), ("p_exit_losses", 0.75, 0.0013)):
        for k, note in ((1, "all futures"), (2, "first futures"), (4, "first futures"), (8, "first futures")):
            moved = value + (0.3 if k < 8 else 5.0) * error * (k - 1)
            rows.append(convergence_row("doubling", measure, 100_000 // k, moved, error * k**0.5, note))
    rows.append(convergence_row("tails", "p95_exposure", 100_000, 134e6, 4e5, "by the design: independent futures"))
    rank = "order statistics 94,865 and 95,136 of 100,000: exact"
    rows.append(convergence_row("tails", "p95_exposure", 100_000, 134e6, 3.9e5, rank) | {"error": math.nan})
    nothing = {"error": math.nan, "low": math.nan, "high": math.nan}
    for measure, value in (("effective_futures", 100_000.0), ("largest_share", 1e-5)):
        rows.append(convergence_row("weights", measure, 100_000, value, 0.0, "weights alone") | nothing)
    return rows


def split_rows():
    """Shares of variance, growing with what is known."""
    levels = ("the six axes", "and what is settled before the first year", "and national draws from year to year")
    return [
        {"measure": measure, "shared": level, "share_of_variance": share, "error": 0.009, "futures": 16384}
        for level, share in zip(levels, (0.04, 0.823, 0.893), strict=True) for measure in ("net exposure", "surplus")
    ]  # fmt: skip


def dependence_row(name, words, change, error, losses, losses_error, tail=160e6):
    """One way of joining the uncertainties, from £46.2m and 75.0%."""
    return {
        "dependence": name, "words": words, "mean_exposure_gbp": 46.2e6 + change, "mean_exposure_change_gbp": change,
        "mean_exposure_change_error_gbp": error, "p95_exposure_gbp": 134e6, "cte99_exposure_gbp": tail,
        "mean_surplus_gbp": -31e6, "exit_losses": 0.75 + losses, "exit_losses_change": losses,
        "exit_losses_change_error": losses_error, "exit": 0.781, "futures": 16384,
    }  # fmt: skip


DEPENDENCE = [
    dependence_row("calibrated", "as calibrated", 0.0, 0.0, 0.0, 0.0),
    dependence_row("independent", "destinations independent", -2.2e5, 1.5e5, -0.031, 0.0024),
    dependence_row("worst tail mean", "rearranged for the worst mean of the tail", 19.3e6, 4.7e6, 0.004, 0.0046, 294e6),
]
CORRELATIONS = [
    {"axis": "state", "other_axis": "economy", "asked": -0.2, "achieved": -0.203, "error": 0.0075,
     "means_over_years": -0.68},
    {"axis": "economy", "other_axis": "workforce", "asked": 0.3, "achieved": 0.305, "error": 0.0071,
     "means_over_years": 0.281},
]  # fmt: skip
SWITCHED = ("exit_losses", "exit", "surplus_mean_gbp", "exposure_mean_gbp", "exposure_cte99_gbp")


def switch_row(setting, letter, assumption, strategy, values, changes):
    """One setting of the assumptions: values (or none) and changes of the five measures, each change ± a tenth of it."""
    row = {"setting": setting, "letter": letter, "assumption": assumption, "strategy": strategy, "compared_with": "x"}
    for name, value, change in zip(SWITCHED, values or [None] * 5, changes, strict=True):
        row |= {name: value, f"{name}_error": 0.001, f"{name}_change": change, f"{name}_change_error": abs(change) / 10}
    return row


def switch_rows():
    """Two assumptions that are free, the parts of g, and what they do only together."""
    best, worst = (0.0, 0.0, 307e6, -302e6, -283e6), (0.202, 0.649, 156e6, 404e6, 2.1e9)
    way, part = [b - a for a, b in zip(best, worst, strict=True)], [0.32, 0.33, -198e6, 151e6, 580e6]
    return [
        switch_row("all held", "", "", "honest", best, [-x for x in way]),
        switch_row("all released", "", "", "gamed", worst, way),
        switch_row("released alone", "a", "workforce", "honest", best, part),
        switch_row("released alone", "g", "incentives", "gamed", best, [0.0, *part[1:]]),
        switch_row("held alone", "a", "workforce", "gamed", worst, [-x for x in part]),
        switch_row("released alone, part", "g", "gaming", "gamed", best, part),
        switch_row("held alone, part", "g", "no gaming", "honest", (0.75, 0.78, 53e6, 398e6, 2.1e9), part),
        switch_row("sum of parts, released alone", "", "", "", None, part),
        switch_row("interaction, released alone", "", "", "", None, [-x for x in part]),
        switch_row("sum of parts, held alone", "", "", "", None, part),
        switch_row("interaction, held alone", "", "", "", None, part),
    ]  # fmt: skip


STORIES = [
    {"role": "median", "future": 1163, "strategy": "honest", "text": "Output <fell> by 8.7% in 2030/31.",
     "note": "Ranks are among 4,096 futures."},
    {"role": "quiet success", "future": 66, "strategy": "honest", "text": "The contract ran its term of 15 years.",
     "note": "Ranks are among 4,096 futures."},
]  # fmt: skip
STRATEGIES = [
    {"strategy": "honest", "lever": "effort", "title": "Effort on outcomes", "grade": "honest", "intensity": 0.75},
    {"strategy": "gamed", "lever": "exception_reporting", "title": "Exception reporting", "grade": "grey",
     "intensity": 0.4},
]  # fmt: skip
ASSUMPTIONS = [
    {"key": "contract.gain_loss_share.dead_band", "value": "0.02", "unit": "share", "source": "not <published>",
     "quality": "judgement"},
    {"key": "place.acute.trend", "value": "-0.0014", "unit": "per year", "source": "invented",
     "quality": "published"},
]  # fmt: skip
CONFIGURATION = """
[contract]
title = "Dudley MCP, £5.5bn over 15 years at flat 2016/17 prices"
price_basis = "real, 2016/17 prices"
[contract.plan.funding_growth]
value = 0.013
[[contract.terms]]
kind = "annual_payment"
[contract.terms.opening_price]
value = 366666667.0
[place.health.money_discount]
value = 0.035
[place.health.health_discount]
value = 0.015
"""


def write_run(folder: Path) -> Path:
    """Write the whole run folder."""
    (folder / "summary").mkdir(parents=True)
    (folder / "tables" / "gaming").mkdir(parents=True)
    (folder / "summary").mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist(summary_rows()), folder / "summary" / "summary.parquet")
    pq.write_table(pa.Table.from_pylist(gaming_rows()), folder / "tables" / "gaming" / "part-000000000000.parquet")
    tables = {"exceedance": exceedance_rows(), "history": HISTORY, "null_test": NULL_TEST, "swings": SWINGS,
              "strategies": STRATEGIES, "assumptions": ASSUMPTIONS, "starting": STARTING,
              "convergence": convergence_rows(), "variance_split": split_rows(), "dependence": DEPENDENCE,
              "correlations": CORRELATIONS, "assumption_switches": switch_rows(), "stories": STORIES}  # fmt: skip
    for name, rows in tables.items():
        with (folder / "summary" / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    checks = [{"name": "transfers sum to zero", "ok": True, "detail": "140,005 futures"}]
    (folder / "checks.json").write_text(json.dumps(checks), encoding="utf-8")
    (folder / "config.effective.toml").write_text(CONFIGURATION, encoding="utf-8")
    manifest = {
        "manifest_version": 1, "status": "complete", "run_id": "20261121T204501Z_dudley_3f9a1c",
        "inputs_hash": "3f9a1c" * 10,
        "results_hash": "77aa00" * 10, "futures": SCENARIOS, "strategies": {"honest": {}, "gamed": {}}, "seed": 2018,
        "design": {"kind": "random", "replicates": 16, "antithetic": False}, "years_futures": 100_000,
        "year_labels": YEARS, "created": "2026-11-21T20:45:01Z",
        "study": {"name": "dudley", "title": "Dudley MCP as procured", "place": "dudley", "contract": "dudley-5.5bn"},
        "provenance": {"stresstest": "0.1.0", "python": "CPython 3.11.9"},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture
def fake_run(tmp_path):
    """A run folder of the test's own, without a report."""
    return write_run(tmp_path / "run")


@pytest.fixture(scope="session")
def reported_run(tmp_path_factory):
    """A run folder with its report, shared by tests that only read it."""
    from stresstest.report import build_report

    folder = write_run(tmp_path_factory.mktemp("reported") / "run")
    build_report(folder)
    return folder


RECORDED = Path(__file__).parent / "recorded_run.zip"


def unpack_run(folder):
    """The recorded run: tables of a real run of Dudley with its analyses, without its big tables.

    Made with `stresstest run dudley` and `stresstest advise RUN` (100,000 futures). Kept are manifest.json,
    config.effective.toml, checks.json, datapackage.json, run.log, summary/, tables/gaming/ and advice/ without its Parquet
    files, figures and pages, deflated at level 9. It holds fixed figures of one run, for tests of words and pages only.
    hurdles, hurdles_by_year, exit_costs and bridge were made again from the same run when they gained columns, and the
    manifest's checksums of these four with them.
    """
    with zipfile.ZipFile(RECORDED) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def recorded_run(tmp_path):
    """A real run's folder of the test's own, without a report."""
    return unpack_run(tmp_path / "recorded")


@pytest.fixture(scope="session")
def recorded_report(tmp_path_factory):
    """A real run's folder with its report, shared by tests that only read it."""
    from stresstest.report import build_report

    folder = unpack_run(tmp_path_factory.mktemp("recorded") / "run")
    build_report(folder)
    return folder
