"""Invented tables of hurdles, deficits, bridge, savings and leaving, in the form in which a run keeps them."""

import csv

from stresstest.report.source import Source

HURDLES = (
    ("walks_away", "provider", "GBP", "above", -23e6, (-4.04e6, -23e6, "2025/26", -23e6, "no"),
     (-21.7e6, -23e6, "2019/20", -23e6, "no")),
    ("commissioner_limit", "commissioner", "GBP", "below", 475e6, (1.08e6, 337e6, "2032/33", 337e6, "yes"),
     (9e6, 854e6, "2032/33", 854e6, "no")),
    ("quality_floor", "residents", "score", "above", 0.25, (0.18, 0.18, "2018/19", 0.37, "yes"),
     (0.15, 0.15, "2018/19", 0.2, "no")),
    ("hospital_limit", "hospital", "GBP", "below", 7.2e6, ("", "", "", 1.18e6, "yes"), ("", "", "", 4.84e6, "yes")),
)  # fmt: skip
CHANCES = {"walks_away": 0.55286, "commissioner_limit": 0.33117, "quality_floor": 0.1875, "hospital_limit": 0.038}
STEPS = (
    ("start", 0.0, 0.0), ("plan", 26.2e6, 11e6), ("opening price", -18.7e6, -9.6e6), ("shock", -1.8e6, -0.9e6),
    ("own investment", -13e6, -5.1e6), ("not explained", 1e-9, 1e-9), ("low point", -7.3e6, -4.6e6),
)  # fmt: skip
MEASURES = ("provider_deficit", "provider_deficit_to_date", "commissioner_over_budget", "commissioner_over_limit_to_date")


def hurdle_rows(scenarios):
    """Both paths of every hurdle, honest and gamed; each further scenario is a point worse."""
    rows = []
    for k, scenario in enumerate(scenarios):
        for strategy, lift in (("honest", 0.0), ("gamed", 0.02)):
            for name, party, unit, better, limit, *paths in HURDLES:
                p = CHANCES[name] + 0.01 * k + lift
                for path, points in zip(("median", "1 in 10"), paths, strict=True):
                    kept = dict(zip(("start", "low_point", "low_point_year", "end", "meets"), points, strict=True))
                    rows.append({
                        "scenario": scenario, "strategy": strategy, "hurdle": name, "party": party,
                        "words": f"the {party} fails £475m", "unit": unit, "better": better, "limit": limit,
                        "limit_source": "judgement: 1.5% of nothing", "path": path, **kept, "fails_probability": p,
                        "fails_probability_error": 0.001, "fails_probability_low": p - 0.002, "fails_probability_high": p + 0.002,
                    })  # fmt: skip
    return rows


def year_rows(years):
    """Four measures by year, each rising by a point a year from its own start."""
    return [
        {"scenario": "calibrated", "strategy": "honest", "measure": name, "words": f"{name} comes about", "year": year,
         "probability": 0.1 * (m + 1) + 0.01 * k, "probability_error": 0.001, "probability_low": 0.1, "probability_high": 0.9}
        for m, name in enumerate(MEASURES) for k, year in enumerate(years)
    ]  # fmt: skip


def bridge_rows(contracts=("as it is", "with every fix")):
    """A bridge that adds up, for each contract."""
    return [
        {"contract": contract, "strategy": "honest", "scenario": "calibrated", "order": k, "driver": step[0],
         "words": f"what {step[0]} holds", "change_gbp": step[1 + c], "change_error_gbp": 1e5, "to_year": "2019/20"}
        for c, contract in enumerate(contracts) for k, step in enumerate(STEPS)
    ]  # fmt: skip


def saving_rows():
    """As planned and none of it."""
    rows = []
    for share, words, p, change in ((1.0, "as planned", 0.5, 0.0), (0.0, "none of the planned savings", 0.8, 0.3)):
        row = {"share_of_plan": share, "delay_years": 0, "words": words, "exit_losses": p, "exit_losses_error": 0.005,
               "exit_losses_change": change, "exit_losses_change_error": 0.004}  # fmt: skip
        for name, unit, scale in (("surplus", "gbp", -280e6), ("exposure", "gbp", 1400e6), ("health", "qaly", -1600.0)):
            mean, error = f"{name}_mean_{unit}", 1e-3 * abs(scale)
            row |= {mean: scale, f"{name}_error_{unit}": error, f"{mean}_change": scale * change, f"{mean}_change_error": error}
        rows.append(row)
    return rows


def exit_rows(years):
    """Ends by losses and policy in each year and over the term; none in the last year."""
    return [
        {"scenario": "calibrated", "strategy": "honest", "year": year, "cause": cause,
         "probability": 0.0 if year == years[-1] else 0.02, "probability_error": 0.001,
         "step_in_mean_gbp": "" if year == years[-1] else 1e8, "step_in_error_gbp": "" if year == years[-1] else 1e6,
         "step_in_p95_gbp": "" if year == years[-1] else 4e8}
        for year in (*years, "") for cause in ("losses", "policy", "all")
    ]  # fmt: skip


def add_tables(folder, **tables):
    """Write all of them into a run folder; `tables` replaces rows by name, and an empty list leaves a table out."""
    years, scenarios = Source(folder).years, Source(folder).scenarios
    found = {
        "hurdles": hurdle_rows(scenarios), "hurdles_by_year": year_rows(years), "bridge": bridge_rows(), "savings": saving_rows(),
        "exit_costs": exit_rows(years),
    } | tables  # fmt: skip
    for name, rows in found.items():
        if rows:
            with (folder / "summary" / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
    return folder
