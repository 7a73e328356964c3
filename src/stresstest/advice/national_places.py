"""Runs of several places that live one economy: which go together, and the command that mends it where they do not.

Runs share national draws where seed, design, years, scenario, law of the axes and version are the same: then future 17 is one
economy for all of them, and what is local is drawn place by place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .. import layout as L
from ..errors import ConfigError
from ..measures.designs import Design
from ..measures.failures import limit_of, present
from .compare_shared import CHECKED, common_futures, older
from .reading import nature
from .source import Source

FEWEST = 2


@dataclass(frozen=True)
class Places:
    """The runs, checked: their sources, the names to show, the number of common futures, and the design."""

    sources: tuple[Source, ...]
    names: tuple[str, ...]
    n: int
    design: Design

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The places' codes, in the order of the runs."""
        return tuple(source.study.place.name for source in self.sources)

    @property
    def strategies(self) -> tuple[str, ...]:
        """Strategies that every run has, in the first one's order."""
        known = [{one.name for one in source.strategies} for source in self.sources]
        return tuple(one.name for one in self.sources[0].strategies if all(one.name in names for names in known))

    @cached_property
    def years(self) -> tuple[str, ...]:
        """Labels of the contract's years."""
        return tuple(self.sources[0].study.year_labels)

    @cached_property
    def budgets(self) -> tuple[float, ...]:
        """Agreed budgets (£, present value over the term), by place."""
        return tuple(present(source.study, 0) for source in self.sources)

    @cached_property
    def limits(self) -> tuple[float, ...]:
        """What each commissioner can bear beyond its budget (£, present value): the study's own hurdle."""
        return tuple(limit_of(source.study, "commissioner_limit") for source in self.sources)


# ── which runs go together ─────────────────────────────────────────────────────────────────────────────────────────
def gathered(sources: Sequence[Source]) -> Places:
    """The runs, checked. Errors: ConfigError for runs that do not share their futures, with the command that mends it."""
    if len(sources) < FEWEST:
        raise ConfigError("one place is no nation", key="runs", value=len(sources), expected=f"runs of {FEWEST} places or more")
    first, names = sources[0], [source.study.place.name for source in sources]
    for k, name in enumerate(names):
        if name in names[:k]:
            raise ConfigError("a place is given twice", file=sources[k].folder, key="place", value=name,
                              expected="one run of each place")  # fmt: skip
    for source in sources[1:]:
        refuse(first, source)
    n = common_futures(sources)
    table = axes_of(first, n)
    for source in sources[1:]:
        if not np.array_equal(table, axes_of(source, n), equal_nan=True):
            raise ConfigError("the runs do not share one economy: their axes differ", file=source.folder,
                              expected=mend(first, source))  # fmt: skip
    titles = [source.study.place.title or name for source, name in zip(sources, names, strict=True)]
    shown_as = titles if len(set(titles)) == len(titles) else names
    return Places(tuple(sources), tuple(shown_as), n, Design.from_manifest(first.manifest))


def refuse(first: Source, other: Source) -> None:
    """Errors: ConfigError where another run does not share the first one's national draws."""
    a, b = first.manifest, other.manifest
    tests = (
        ("seed", a.get("seed"), b.get("seed")), ("design", a.get("design"), b.get("design")),
        ("years", a["year_labels"], b["year_labels"]), ("scenario", first.scenario.name, other.scenario.name),
        ("law of the scenario", _law(first), _law(other)),
        ("law of the axes", first.study.configuration.get("axes"), other.study.configuration.get("axes")),
        ("version of the package", a.get("source_digest"), b.get("source_digest")),
    )  # fmt: skip
    for key, one, two in tests:
        if one != two:
            short = key in ("seed", "scenario")
            remedy = older(first, other) if key.startswith("version") else mend(first, other)
            raise ConfigError(
                f"{other.study.place.name} and {first.study.place.name} do not share one economy: another {key}",
                file=other.folder, key=key, value=two if short else None, expected=f"{one}; {remedy}" if short else remedy,
            )  # fmt: skip


def _law(source: Source) -> str:
    one = source.scenario
    return repr((one.courses, one.consistency, one.dependence))


def mend(first: Source, other: Source) -> str:
    """The command that makes a place's run again in the first one's futures."""
    study, design = first.study, first.manifest.get("design") or {}
    said = f"stresstest run {study.name} --set place={other.study.place.name} --futures {first.futures} --seed {study.seed}"
    kind = design.get("kind", "random")
    return said if kind == "random" else f"{said} --set design.kind={kind} --set design.replicates={design.get('replicates', 1)}"


def axes_of(source: Source, n: int) -> np.ndarray:
    """Mean and end of the six axes in the first futures, float64[12, at most CHECKED]."""
    columns, most = tuple(f"{axis}_{end}" for axis in L.AXES for end in ("mean", "end")), min(CHECKED, n)
    out = np.full((len(columns), most), np.nan)
    for part in nature(source, columns):
        kept = part["future"] <= most
        out[:, part["future"][kept] - 1] = [part[name][kept] for name in columns]
        if part["future"].size and part["future"][-1] >= most:
            break
    return out
