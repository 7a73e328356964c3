"""What every entry of the method book must have, and what it has: a table that hides nothing.

    clause    words of the clause, formula, worked cases, source
    lever     mechanism, formula, worked example, evidence
    axis      meaning, formula, worked path, source of every number
    measure   definition, formula, worked example, source

What an entry lacks stands in LACKS with the reason, and is printed. A test fails where something is missing without one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..analysis.case_files import Case
from ..layout import AXES
from ..levers import LEVERS
from ..study import Study
from ..terms import TERMS
from .markdown import table
from .method_axes_worked import meanings, numbers, worked_paths
from .method_levers import moved
from .method_measures import entries
from .method_worked import Entry

TITLE = "What each entry holds"
#: (kind, name, part): why it is not there.
LACKS = {
    **{("clause", name, "source"): why for name, why in {
        "formula": "a tool of the language: arithmetic as written, taken from no contract",
        "gate": "a tool of the language: a comparison, taken from no contract",
        "running": "a tool of the language: a mean or a sum over years, taken from no contract",
        "prevention_floor": "an answer to the lever prevention_run_off, taken from no contract",
    }.items()},
    **{("lever", name, "evidence"): "honest work: its cost and effect are the place's own parameters, each with its source"
       for name in ("effort", "prevention", "efficiency")},
    **{("lever", name, "formula"): "it sets a level; what follows from that is written out in drivers/"
       for name in ("effort", "prevention", "efficiency")},
}  # fmt: skip
#: An installed package has no tests beside it.
NOT_AT_HAND = "in the source package, tests/cases"
_SOURCE = re.compile(r"Source|Worked numbers? E\d|Purpose:|CFR \d|PAC |Evidence:")
Row = tuple[str, str, str, str]


def _formula(text: str) -> bool:
    return re.search(r"(?m)^ {2,}\S", text) is not None


def clause_rows(texts: dict[str, str], cases: Sequence[Case] | None) -> list[Row]:
    """(kind, name, part, what there is) of every clause; `texts` the docstring of each module, `cases` None where not at hand."""
    found = []
    for kind in TERMS:
        own = [case for case in cases or () if case.clause == kind.name]
        text = texts[kind.name]
        sourced = _SOURCE.search(text) is not None
        found += [
            ("clause", kind.name, "clause text", "in words" if re.search(r"(?m)^(Clause|Figure)\.", text) else ""),
            ("clause", kind.name, "formula", "set out" if _formula(text) else ""),
            ("clause", kind.name, "worked example", f"{len(own)} cases" if own else NOT_AT_HAND if cases is None else ""),
            ("clause", kind.name, "source", "named" if sourced else ""),
        ]
    return found


def lever_rows(texts: dict[str, str]) -> list[Row]:
    """The same of every lever."""
    found = []
    for kind in LEVERS:
        text = texts[kind.name]
        found += [
            ("lever", kind.name, "mechanism", "in words" if re.search(r"Mechanism\.|World\.", text) else ""),
            ("lever", kind.name, "formula", "set out" if _formula(text) else ""),
            ("lever", kind.name, "worked example", f"{len(moved(kind)[1])} rows move" if moved(kind)[1] else ""),
            ("lever", kind.name, "evidence", kind.evidence),
        ]
    return found


def axis_rows(study: Study) -> list[Row]:
    """The same of every axis."""
    words, paths, form = meanings(), worked_paths(study), study.effective()["axes"]
    found = []
    for a, axis in enumerate(AXES):
        own = numbers(form[axis])
        found += [
            ("axis", axis, "meaning", "in words" if words[axis] else ""),
            ("axis", axis, "formula", "set out"),
            ("axis", axis, "worked example", f"{paths.shape[0]} years" if (paths[:, a] == paths[:, a]).all() else ""),
            ("axis", axis, "source", f"{len(own)} of {len(own)} entries" if own and all(row[3] for row in own) else ""),
        ]
    return found


def _measure(one: Entry) -> list[Row]:
    why = f"none: {one.why}" if one.why else ""
    return [
        ("measure", one.name, "definition", "in words" if one.words else ""),
        ("measure", one.name, "formula", "set out" if one.formula else why),
        ("measure", one.name, "worked example", "by the code" if one.work else why),
        ("measure", one.name, "source", "named" if one.source else ""),
    ]


def all_rows(study: Study, texts: dict[str, str], cases: Sequence[Case] | None) -> list[Row]:
    """Every part of every entry, with the reason where something is not there."""
    rows = [
        *clause_rows(texts, cases),
        *lever_rows(texts),
        *axis_rows(study),
        *(row for one in entries() for row in _measure(one)),
    ]
    return [
        (kind, name, part, there or (f"none: {LACKS[kind, name, part]}" if (kind, name, part) in LACKS else ""))
        for kind, name, part, there in rows
    ]


def parts_text(rows: Sequence[Row]) -> list[str]:
    """The table as lines of Markdown, one row for each entry."""
    lines = [f"## {TITLE}", "", "Where something is missing, the reason stands in its place.", ""]
    for kind in dict.fromkeys(row[0] for row in rows):
        parts = list(dict.fromkeys(row[2] for row in rows if row[0] == kind))
        by_name = {(name, part): there for own, name, part, there in rows if own == kind}
        names = dict.fromkeys(name for own, name, _, _ in rows if own == kind)
        cells = [(f"`{name}`", *(by_name[name, part] for part in parts)) for name in names]
        lines += [f"### Every {kind}", "", *table((kind, *parts), cells)]
    return lines
