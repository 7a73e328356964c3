"""Everything that differs between two runs, as tables, and what the differences can be put down to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..results import difference as D
from ..results.manifest import counted
from . import difference as M

Row = dict[str, Any]
INPUTS, SAMPLING, CODE, LIBRARIES = "inputs", "sampling", "code", "libraries or machine"
#: Kinds of difference, and what each is.
KINDS = {
    INPUTS: "the inputs", SAMPLING: "the sampling", CODE: "the package's sources", LIBRARIES: "libraries or machine",
}  # fmt: skip


@dataclass(frozen=True)
class Changes:
    """Two runs compared: tables by name; `absent` tables that one of the runs lacks; `kinds` of difference that bear on numbers.

    `one_run`: both folders hold the same run. `same_results`: the results hashes are equal.
    """

    before: D.Record
    after: D.Record
    tables: dict[str, list[Row]]
    absent: tuple[str, ...]
    kinds: tuple[str, ...]
    one_run: bool
    same_results: bool

    @property
    def scenario(self) -> str:
        """The scenario of the answer: the first that both runs have figures of; "" for none."""
        return str(next((row["scenario"] for row in self.tables["outputs"]), ""))


def changes(before: D.Record, after: D.Record, start: Path) -> Changes:
    """Two runs compared. `start`: a folder that may hold the changelog. Errors: DataError for damaged tables."""
    found: dict[str, list[Row] | None] = {
        "outputs": M.output_rows(before, after), "hurdles": M.hurdle_rows(before, after), "gaming": M.gaming_rows(before, after),
        "assumptions": D.assumption_rows(before, after),
    }  # fmt: skip
    log = D.changelog_file(start)
    tables = {name: rows or [] for name, rows in found.items()}
    tables |= {
        "inputs": D.input_rows(before, after), "strategies": D.strategy_rows(before, after), "code": D.code_rows(before, after),
        "checks": D.check_rows(before, after),
        "changelog": D.changelog_rows(log.read_text(encoding="utf-8"), before, after) if log else [],
    }  # fmt: skip
    kinds, runs = tuple(kinds_of(tables)), [(one.run_id, one.manifest.get("results_hash")) for one in (before, after)]
    same = runs[0][1] is not None and runs[0][1] == runs[1][1]
    absent = tuple(name for name, rows in found.items() if rows is None)
    tables = {"overview": overview(tables, kinds), "runs": run_rows(before, after), **tables}
    return Changes(before, after, tables, absent, kinds, runs[0] == runs[1], same)


def kinds_of(tables: dict[str, list[Row]]) -> list[str]:
    """Kinds of difference that may bear on numbers, in the order of KINDS."""
    borne = {row["bears"] for row in tables["inputs"]}
    code = {(row["part"], row["name"]) for row in tables["code"] if row["same"] == "no"}
    there = {
        INPUTS: D.NUMBERS in borne, SAMPLING: D.SAMPLING in borne, CODE: ("code", "digest of the sources") in code,
        LIBRARIES: any(part in ("library", "machine") for part, _ in code),
    }  # fmt: skip
    return [kind for kind in KINDS if there[kind]]


def overview(tables: dict[str, list[Row]], kinds: tuple[str, ...]) -> list[Row]:
    """How many rows of each kind differ, of how many."""
    inputs, outputs = tables["inputs"], tables["outputs"]
    moved = [row for row in tables["gaming"] if row["what"] not in ("as before", "not used")]
    counts: tuple[tuple[str, str, int, int | None], ...] = (
        ("inputs", "inputs whose number changed", sum(row["bears"] == D.NUMBERS for row in inputs), None),
        ("sampling", "entries of sampling that changed", sum(row["bears"] == D.SAMPLING for row in inputs), None),
        ("words", "entries of which only words, units or sources changed", sum(row["bears"] == D.WORDS for row in inputs), None),
        ("assumptions", "assumptions of the register that changed", len(tables["assumptions"]), None),
        ("code", "items of code, libraries and machine that differ", sum(row["same"] == "no" for row in tables["code"]),
         len(tables["code"])),
        ("strategies", "levers that a provider uses at another level", len(tables["strategies"]), None),
        ("outputs", "headline figures that moved beyond noise", sum(row["verdict"] == M.BEYOND for row in outputs), len(outputs)),
        ("hurdles", "chances of missing a hurdle that moved beyond noise",
         sum(row["verdict"] == M.BEYOND for row in tables["hurdles"]), len(tables["hurdles"])),
        ("gaming", "gaming levers that appeared, vanished or moved beyond noise", len(moved), len(tables["gaming"])),
        ("checks", "checks that hold otherwise than before", sum(row["same"] == "no" for row in tables["checks"]),
         len(tables["checks"])),
    )  # fmt: skip
    return [{"part": part, "words": words, "count": count, "of": of} for part, words, count, of in counts]


def run_rows(before: D.Record, after: D.Record) -> list[Row]:
    """The two runs: name, when made, study, place, contract, seed, futures, results hash."""
    rows = []
    for which, one in (("before", before), ("after", after)):
        study, manifest = one.manifest.get("study") or {}, one.manifest
        futures = "; ".join(f"{name} {counted(manifest, name)}" for name in manifest.get("futures") or {})
        rows.append({
            "which": which, "run": one.run_id, "created": str(manifest.get("created", "")), "study": str(study.get("title", "")),
            "place": str(study.get("place", "")), "contract": str(study.get("contract", "")), "seed": manifest.get("seed"),
            "futures": futures, "results_hash": str(manifest.get("results_hash", "")),
        })  # fmt: skip
    return rows
