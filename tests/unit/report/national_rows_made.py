"""Invented rows of the tables of a national study, with the columns that the tables have."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from stresstest.measures.national import independent, together

STRATEGIES = ("honest", "gamed")
REGIONS = ("North East", "North West", "Yorkshire and The Humber", "East Midlands", "West Midlands", "East", "London",
           "South East", "South West")  # fmt: skip
YEARS = ("2018/19", "2019/20", "2020/21")
LEVELS = (("at least 1 place", 1), ("at least half of the places", 0))
Row = dict[str, Any]
#: Statistics of a total as multiples of its mean.
TIMES = {"mean": 1.0, "p10": 0.5, "p50": 0.9, "p90": 1.5, "p95": 1.8, "p99": 2.2, "cte95": 2.0}


def facts(count: int) -> Row:
    """Facts of the page."""
    return {"places": [name(k) for k in range(count)], "futures": 2000, "seed": 1, "design": "random", "scenario": "calibrated",
            "runs": [f"run-{k}" for k in range(count)]}  # fmt: skip


def name(k: int) -> str:
    """The name of a place."""
    return f"Place {k:03d}"


def whereabouts(count: int, across: int = 18) -> dict[str, SimpleNamespace]:
    """A rectangle of tiles in nine regions, three by three."""
    rows = -(-count // across)
    found = {}
    for k in range(count):
        column, row = k % across, k // across
        region = REGIONS[3 * min(2, 3 * row // rows) + min(2, 3 * column // across)]
        found[f"X{k:03d}"] = SimpleNamespace(
            region=region, icb="Board", hospital=f"Trust {k // 3}", tile_column=column, tile_row=row
        )
    return found


def chance(k: int, strategy: str) -> float:
    """The chance that a place's contract is ended by losses; later places have lower ones."""
    return round((0.5 if strategy == "honest" else 0.7) / (1.0 + 0.01 * k), 4)


def tables(count: int) -> dict[str, list[Row]]:
    """Every table that runs alone make."""
    made: dict[str, list[Row]] = {}
    for strategy in STRATEGIES:
        chances = [chance(k, strategy) for k in range(count)]
        own = {
            "places": [_place(k, one) for k, one in enumerate(chances)],
            "joint_summary": [{"failure": "walks_away", "words": "losses end the contract", "mean_places": sum(chances),
                               "mean_places_error": 0.1, "sd_places": 0.4 * count, "independent_sd_places": 0.1 * count,
                               "together_sd_places": 0.5 * count, "times_independent": 4.0}],
            "joint": _joint(chances), "joint_by_year": _years(count), "totals": _totals(), "diversified": _diversified(),
            "economy": _economy(),
            "places_differ": [{"measure": "walks_away", "chi_square": 900.0, "freedom": count - 1, "p_value": 1e-6,
                               "rank_correlation_with_budget": -0.62}],
        }  # fmt: skip
        for table, rows in own.items():
            made.setdefault(table, []).extend({"strategy": strategy, **row} for row in rows)
    return made


def _place(k: int, one: float) -> Row:
    row: Row = {"place": name(k), "code": f"X{k:03d}", "exposure_share": 0.1 + 0.001 * k, "true_score": 0.4}
    for event in ("walks_away", "quality_floor"):
        row |= {f"{event}_probability": one, f"{event}_probability_error": 0.002}
    for stem in ("commissioner_exposure", "provider_surplus"):
        row |= {f"{stem}_gbp": 1e7 + k, f"{stem}_error_gbp": 1e5}
    row |= {"agreed_budget_gbp": 1e8, "share_of_worst": 0.01, "worst_over_budget": round(0.9 + 0.001 * k, 3)}
    row |= {"health_qaly": 100.0, "health_error_qaly": 2.0}
    row |= {"fails_alone_probability": 0.01, "fails_with_many_probability": 0.2}
    ranks = ("rank_by_failure", "rank_by_exposure_share", "rank_by_share_of_worst", "rank_by_failing_alone")
    return row | dict.fromkeys(ranks, k + 1)


def _joint(chances: list[float]) -> list[Row]:
    alone, as_one, size = independent(chances), together(chances), len(chances)
    rows = []
    for j in range(size + 1):
        least = 1.0 - j / (size + 1)
        rows.append({
            "failure": "walks_away", "places_failing": j, "probability": 1.0 / (size + 1), "at_least_probability": least,
            "independent_probability": float(alone[j]), "independent_at_least_probability": float(alone[j:].sum()),
            "together_probability": float(as_one[j]), "together_at_least_probability": float(as_one[j:].sum()),
        })  # fmt: skip
    return rows


def _years(count: int) -> list[Row]:
    rows = [
        {"failure": "contract ended by losses", "year": year, "year_number": t + 1, "mean_places": 0.1 * (t + 1) * count,
         "mean_places_error": 0.01, "sd_places": 0.1 * count, "independent_sd_places": 0.02 * count, "level": words,
         "at_least_places": places or -(-count // 2), "probability": 0.1 * (t + 1), "probability_error": 0.01,
         "probability_low": 0.1 * (t + 1) - 0.02, "probability_high": 0.1 * (t + 1) + 0.02,
         "independent_probability": 0.01 * (t + 1), "together_probability": 0.2 * (t + 1),
         "beyond_independent": 0.09 * (t + 1), "beyond_independent_error": 0.01}
        for t, year in enumerate(YEARS) for words, places in LEVELS
    ]  # fmt: skip
    return rows + [row | {"failure": "ended early, any cause", "mean_places": 2.0 * row["mean_places"]} for row in rows]


def _totals() -> list[Row]:
    sizes = {"commissioner exposure": 1e9, "health": 5e3, "call on the national body": 4e8, "call if limits are pooled": 3e8,
             "saved by pooling limits": 1e8}  # fmt: skip
    return [
        {"measure": measure, "unit": "qaly" if measure == "health" else "gbp", "statistic": statistic, "value": size * times,
         "error": 0.01 * size, "low": size * (times - 0.02), "high": size * (times + 0.02)}
        for measure, size in sizes.items()
        for statistic, times in TIMES.items()
    ]  # fmt: skip


def _diversified() -> list[Row]:
    return [{"measure": "commissioner exposure", "unit": "gbp", "sd": 3e8, "independent_sd": 1e8, "together_sd": 5e8,
             "diversified_share": 0.4, "times_independent": 3.0, "times_independent_error": 0.1, "correlation": 0.3,
             "correlation_error": 0.01, "shared_share": 0.8, "local_share": 0.2, "remaining_share": 0.85}]  # fmt: skip


def _economy() -> list[Row]:
    return [{"measure": "commissioner exposure", "axis": axis, "correlation": one**0.5, "correlation_error": 0.01,
             "share_of_variance": one, "share_of_variance_error": 0.01}
            for axis, one in (("economy_mean", 0.3), ("crisis_years", 0.1), ("all of these together", 0.45))]  # fmt: skip


def contagion_tables(count: int) -> dict[str, list[Row]]:
    """Every table of contagion."""
    made: dict[str, list[Row]] = {}
    rules = [("provider", 0.25, None), ("hospital", None, 0.5), ("both", 0.25, 0.5)]
    for strategy in STRATEGIES:
        own = {
            "contagion": [_rule(*rule) for rule in rules],
            "contagion_joint": [{"link": "both", "provider_threshold": 0.25, "hospital_threshold": 0.5, "level": words,
                                 "at_least_places": places or 2, "own_probability": 0.3, "with_contagion_probability": 0.4,
                                 "added_probability": 0.1} for words, places in LEVELS],
            "caught_places": [{"place": name(k), "code": f"X{k:03d}", "provider": "Firm", "hospital": "", "own_probability": 0.3,
                               "caught_probability": 0.1, "rank": k + 1} for k in range(count)],
            "infectious_groups": [{"link": "provider", "group": "Firm", "places": count, "threshold": 0.25, "rank": 1,
                                   "catches_probability": 0.2, "caught_mean_places": 0.5, "caught_mean_places_error": 0.01}],
            "hospitals": [{"hospital": f"Trust {k // 3}", "places": 3, "limit_gbp": 1e6, "exposure_mean_gbp": 2e5,
                           "exposure_mean_error_gbp": 1e3, "together_probability": 0.02, "place": name(k), "code": f"X{k:03d}",
                           "alone_probability": 0.05} for k in range(count)],
        }  # fmt: skip
        for table, rows in own.items():
            made.setdefault(table, []).extend({"strategy": strategy, **row} for row in rows)
    return made


def _rule(link: str, provider: float | None, hospital: float | None) -> Row:
    row: Row = {"link": link, "provider_threshold": provider, "hospital_threshold": hospital, "some_caught_probability": 0.4,
                "added_mean_places": 3.0, "added_mean_places_error": 0.1, "own_failures_first_caught": 4.0,
                "caught_for_each_own_failure": 0.3, "caught_failed_later_share": 0.2, "caught_ended_by_policy_share": 0.3,
                "caught_run_its_term_share": 0.5}  # fmt: skip
    for stem, mean, sd in (("own", 10.0, 4.0), ("with_contagion", 13.0, 6.0)):
        row |= {f"{stem}_mean_places": mean, f"{stem}_mean_places_error": 0.1, f"{stem}_sd_places": sd}
    for statistic in ("mean", "p95", "cte95"):
        row |= {f"extra_cost_{statistic}_gbp": 1e8, f"extra_cost_{statistic}_error_gbp": 1e6}
    return row


#: Variant → verdict, change of the mean and of the worst 1 in 20 (£), £ for each QALY more.
CLAUSES: dict[str, tuple[str, float, float, float | None]] = {
    "base": ("base", 0.0, 0.0, None), "early exit": ("hurts", 2e7, 4e7, 9e3), "cap": ("helps", -3e7, -6e7, None),
    "notice": ("a trade: cheaper on average, heavier in the worst, and evens out less as more places sign", -1e7, 5e7, None),
    "index": ("within error", 1e5, 2e5, None),
}  # fmt: skip


def clauses_rows() -> list[Row]:
    """The base and a clause of each verdict, for both strategies; not in the order of their size."""
    found = []
    for strategy in STRATEGIES:
        for variant, (verdict, mean, tail, price) in CLAUSES.items():
            row: Row = {"strategy": strategy, "variant": variant, "contract": "c", "verdict": verdict, "gbp_per_qaly": price}
            for column, one, change in (
                ("exposure_mean_gbp", 1e9, mean), ("exposure_worst_1_in_20_gbp", 2e9, tail), ("call_mean_gbp", 4e8, mean),
                ("quarter_fail_probability", 0.5, mean / 1e9), ("correlation", 0.3, mean / 1e9), ("health_mean_qaly", 5e3, 0.0),
            ):  # fmt: skip
                row |= {column: one + change, f"{column}_error": 0.001 * one, f"{column}_change": change,
                        f"{column}_change_error": 0.0001 * one}  # fmt: skip
            found.append(row)
    return found
