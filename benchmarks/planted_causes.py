"""Do the analyses name a cause that was planted, and nothing where there is none?

    python benchmarks/planted_causes.py [--cases economy-low,cliff] [--verbs discover,sensitivity,reverse]

Every study of tests/planted/KEY.toml has one known cause of nearly all its failures (an axis, a region of two, a factor, a
clause) or none. Each is run, and each analysis asked:

    discover      limits of the first box name the cause (a region: all of it); no box where there is none
    sensitivity   the input with the largest Shapley effect on the failure is the cause (a region: the two largest); a clause:
                  the clause whose absence lowers the chance of failure most; none: no input "matters"
    reverse       the shock with the largest part of the distance is the cause (a region: the two largest); a clause as above

The cases were written without sight of the analyses.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

from stresstest.advice.discover import discover
from stresstest.advice.failures import failure
from stresstest.advice.reverse import reverse
from stresstest.advice.sensitivity import Effort, sensitivity
from stresstest.advice.source import Source
from stresstest.config.load import load_study
from stresstest.errors import StressTestError
from stresstest.runner import run_study
from stresstest.strategy import Strategy

KEY = Path(__file__).resolve().parents[1] / "tests" / "planted" / "KEY.toml"
#: Only effects and clauses are asked for here; the other parts live as few futures as they can.
SMALL = Effort(twin=256, assumptions=256, clauses=8192, inputs=256, switching=1)
#: What reverse calls a shock that is another name of a recorded factor.
NAMES = {
    "bid": "opening_gap", "benefit": "benefit_full", "inflation": "inflation_surprises", "pandemics": "pandemic_years",
    "productivity": "productivity_growth", "winters": "hard_winters", "crises": "crisis_years",
}  # fmt: skip
#: Local chance from year to year, which reverse may name although no recorded factor shows it.
LOCAL = ("outcome_surprise",)
#: What sensitivity calls a group of recorded factors.
GROUPS = {"shocks": ("crisis_years", "inflation_surprises", "pandemic_years", "hard_winters"), "benefit": ("benefit_full",),
          "funding": ("funding_growth_mean",)}  # fmt: skip


def axis_of(name: str) -> str:
    """A factor's name without mean or end."""
    return name.removesuffix("_mean").removesuffix("_end") if name != "funding_growth_mean" else name


def agrees(told: list[str], case: dict[str, Any]) -> bool:
    """Whether the names that an analysis gave are the cause, or as right as the cause."""
    right = {axis_of(name) for name in case.get("also", [])}
    if case["cause_kind"] == "region":
        missing = set(case["cause"]) - {axis_of(name) for name in told}
        return len(missing) <= (1 if right & set(told) else 0)
    return bool(told) and axis_of(told[0]) in {*map(axis_of, case["cause"]), *right}


def by_discover(source: Source, one: Any) -> list[str]:
    """Factors of the first box over all that nature decides."""
    told = discover(source, [one])
    found = [row for row in told.tables["boxes"] if row["verdict"] == "found" and row["kind"] == "box"]
    if not found:
        return []
    last = found[-1]
    limits = [row for row in told.tables["limits"] if (row["factors"], row["box"], row["kind"]) == (last["factors"], 1, "box")]
    return list(dict.fromkeys(str(row["factor"]) for row in sorted(limits, key=lambda row: row["density_without_share"])))


def by_sensitivity(source: Source, one: Any, case: dict[str, Any]) -> list[str]:
    """Inputs by their effect on the failure, or the clause that carries most of it."""
    told = sensitivity(source, failing=[one], effort=SMALL)
    if case["cause_kind"] == "clause":
        return [str(row["clause"]) for row in clauses(told, one.name)][:1]
    own = [row for row in told.tables["effects"] if row["result"] == one.name and row["game"] == "nature"]
    rows = [row for row in own if row.get("verdict") == "matters"]
    players = [str(row["input"]) for row in sorted(rows, key=lambda row: -row["share"])][:2]
    single = {row["input"]: row["share"] for row in told.tables["columns"] if row["result"] == one.name}
    return [max(GROUPS[name], key=lambda factor: single.get(factor, 0.0)) if name in GROUPS else name for name in players]


def clauses(told: Any, name: str) -> list[Any]:
    """Clauses whose absence lowers a failure's chance, most first."""
    column = f"{name}_change_probability"
    rows = [row for row in told.tables["clauses"] if column in row]
    return sorted(rows, key=lambda row: row[column])


def by_reverse(source: Source, one: Any, case: dict[str, Any]) -> list[str]:
    """Shocks by their part of the distance to failure."""
    told = reverse(source, [one])
    if case["cause_kind"] == "clause":
        return [str(row["clause"]) for row in told.tables.get("reverse_clauses", [])][:1]
    rows = sorted(told.tables["reverse_shocks"], key=lambda row: -abs(row["distance_share"]))
    return [NAMES.get(str(row["shock"]), str(row["shock"])) for row in rows][:2]


def run_of(case: dict[str, Any], strategy: Strategy, folder: Path) -> Source:
    """A fresh run of a case."""
    from dataclasses import replace

    study = load_study(case["base"], (*case["changes"], f"futures={case['futures']}", "scenario_futures=100"))
    small = replace(study, scenarios=study.scenarios[:1], years_futures=case["futures"])
    return Source.of(run_study(small, (strategy,), folder, jobs=2).folder)


def main() -> None:
    """Print a line for each case and analysis."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", default="")
    parser.add_argument("--verbs", default="discover,sensitivity,reverse")
    options = parser.parse_args()
    key = tomllib.loads(KEY.read_text(encoding="utf-8"))
    strategy = Strategy(key["strategy"]["name"], key["strategy"]["levels"])
    asked = {
        "discover": lambda source, one, case: by_discover(source, one), "sensitivity": by_sensitivity, "reverse": by_reverse,
    }  # fmt: skip
    for case in key["case"]:
        if options.cases and case["id"] not in options.cases.split(","):
            continue
        with tempfile.TemporaryDirectory() as temporary:
            source = run_of(case, strategy, Path(temporary))
            one = failure(source.study, case["failure"])
            for verb in options.verbs.split(","):
                began = time.perf_counter()
                try:
                    told = asked[verb](source, one, case)
                except StressTestError as error:
                    told = [f"({error.message})"]
                quiet = not told or told[0].startswith("(") or told[0] in LOCAL
                right = quiet if case["cause_kind"] == "none" else agrees(told, case)
                if verb == "discover" and case["cause_kind"] == "clause":
                    right = not quiet  # a clause is no region; discover names what triggers it
                print(f"{'ok  ' if right else 'MISS'} {case['id']:22} {verb:12} cause {'+'.join(case['cause']) or 'none':40} "
                      f"told {', '.join(told) or 'nothing':40} {time.perf_counter() - began:5.1f} s", flush=True)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
