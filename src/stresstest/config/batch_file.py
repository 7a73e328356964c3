"""Reading a batch file: one study, and the many cases in which it is to be lived.

    schema_version = 1
    title = "Three places, two contracts"
    study = "dudley"
    futures = 20000                              # of every scenario; the study's own where left out
    changes = ["contract.ending.reserve=5e6"]    # laid over every case, as after --set
    strategies = ["honest", "gamed"]             # of every case; those two are found by search, others stand below
    [grid]                                       # every combination (batch_grid.py)
    place = ["Dudley", "Stockport", "Tameside"]
    contract = ["dudley-5.5bn", "dudley-244m"]
    [[case]]                                     # and cases by themselves
    name = "no growth"
    changes = ["place.demand.growth=0.0"]
    [[strategy]]                                 # levels of levers, over a strategy that is found where `base` names one
    name = "mild"
    base = "honest"
    levels = { upcoding = 0.02 }
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ..errors import ConfigError, nearest
from ..levers import LEVER_NUMBER, LEVERS
from ..strategy import Strategy
from .batch_grid import MOST_CASES, Axis, Planned, combined, read_grid, slug, strategy_names, written
from .folders import config_folder, find
from .load import load_study, parse_change, study_path
from .scenarios import LARGEST
from .section import Section, read_toml
from .variants import Variant, read_variants

FOUND = ("honest", "gamed")
DEFAULT_STRATEGIES = ("honest", "gamed")


@dataclass(frozen=True)
class Limits:
    """Most that the batch may take without --yes: hours and gigabytes; None where nothing is said."""

    hours: float | None = None
    gigabytes: float | None = None


@dataclass(frozen=True)
class Levels:
    """A strategy of the file: levels of levers, laid over the one that `base` names; "" for none."""

    levels: dict[str, float | tuple[float, ...]]
    base: str = ""

    def over(self, name: str, found: dict[str, Strategy]) -> Strategy:
        """The strategy, with what was found by search beneath it."""
        beneath = dict(found[self.base].levels) if self.base else {}
        return Strategy(name, {**beneath, **self.levels})


@dataclass(frozen=True)
class BatchFile:
    """A batch file that was read: its study, the changes common to all cases, its cases in order, and its strategies."""

    path: Path
    configs: Path
    title: str
    study: str
    changes: tuple[str, ...]
    cases: tuple[Planned, ...]
    strategies: dict[str, Levels]
    only: tuple[str, ...] = ()
    limits: Limits = Limits()
    reports: bool = False

    @property
    def searched(self) -> tuple[str, ...]:
        """Strategies that have to be found by search."""
        named = {name for case in self.cases for name in case.strategies}
        needed = named | {self.strategies[name].base for name in named if name in self.strategies}
        return tuple(name for name in FOUND if name in needed and name not in self.strategies)


def batch_file(name: Path | str) -> Path:
    """The file: a path, or a name in configs/batches/. Errors: ConfigError with the nearest name."""
    return find("batches", str(name), config_folder())


def read_batch(name: Path | str, futures: int | None = None) -> BatchFile:
    """A batch file, checked: names of places, contracts, scenarios, variants, levers and entries are those that there are.

    `futures` goes before the file's. Errors: ConfigError or DataError, placed, with the nearest right name.
    """
    path = batch_file(name)
    return batch_of(path, read_toml(path), futures)


def batch_of(path: Path, raw: dict[str, Any], futures: int | None = None) -> BatchFile:
    """The same from a file's raw table."""
    configs = config_folder(path.parent)
    top = Section(path, raw)
    top.whole("schema_version", 1, 1)
    title, study = top.text("title", path.stem), top.text("study", "dudley")
    if not slug(title) or len(title) > 100:
        raise top.fail("title", "a title is words that name a folder", title, "1 to 100 letters")
    study_file = study_path(study, configs)
    common = _changes(top)
    head = _head(top, futures)
    strategies = {row.text("name"): _levels(row) for row in top.rows("strategy", [])}
    for own in strategies:
        if not own.strip():
            raise top.fail("strategy.name", "a strategy needs a name", own, "a name")
    known = [*strategies, *(name for name in FOUND if name not in strategies)]
    chosen = strategy_names(top.anything("strategies", list(DEFAULT_STRATEGIES)), top, "strategies", known)
    variants = _variants(top)
    axes = read_grid(top, configs, variants, known, own_register(common, study_file))
    listed = tuple(_case(row, chosen, known) for row in top.rows("case", []))
    cases = (*combined(axes, chosen, title), *listed)
    only, limits, reports = _only(top, cases), _limits(top), _reports(top, cases)
    top.finish()
    _require_cases(top, cases)
    changes = (*head, *common, *_late(futures))
    cases = tuple(_last(case, futures) for case in cases)
    found = BatchFile(path, configs, title, str(study_file) if study.endswith(".toml") else study, changes, cases, strategies,
                      only, limits, reports)  # fmt: skip
    _try_values(found, axes, listed)
    return found


def _head(top: Section, futures: int | None) -> tuple[str, ...]:
    """Changes that stand for the file's futures: of every scenario, with yearly rows of as many as are asked for."""
    own = top.whole("futures", 1, LARGEST, 0) if top.peek("futures") is not None else None
    count = futures if futures is not None else own
    kept = top.whole("years_futures", 0, LARGEST, 0)
    both = () if count is None else (written("futures", count), written("scenario_futures", count))
    return (*both, written("years_futures", kept))


def _late(futures: int | None) -> tuple[str, ...]:
    """Changes that stand for futures of the command line, which go before whatever the file says."""
    return () if futures is None else (written("futures", futures), written("scenario_futures", futures))


def _last(case: Planned, futures: int | None) -> Planned:
    """The case, with futures of the command line behind its own where it has some."""
    own = any(parse_change(change)[0][0] in ("futures", "scenario_futures") for change in case.changes)
    return replace(case, changes=(*case.changes, *_late(futures))) if own else case


def _changes(section: Section) -> tuple[str, ...]:
    found = section.anything("changes", [])
    if not isinstance(found, list) or not all(isinstance(change, str) for change in found):
        raise section.fail("changes", "this should be a list of changes", found, '["contract.ending.reserve=5e6"]')
    for change in found:
        parse_change(change)
    return tuple(found)


def own_register(changes: tuple[str, ...], study_file: Path) -> str:
    """The user's own register of places, where the study or a common change names one."""
    named = [value for path, value in map(parse_change, changes) if path == ["register"]]
    own = str(named[-1]) if named else str(read_toml(study_file).get("register", ""))
    beside = study_file.parent / own
    return str(beside) if own and beside.is_file() else own


def _variants(top: Section) -> tuple[Variant, ...]:
    name = top.text("variants", "")
    return read_variants(name)[1] if name else ()


def _levels(row: Section) -> Levels:
    base = row.text("base", "", ("", *FOUND)) if row.peek("base") is not None else row.text("base", "")
    section = row.section("levels")
    levels: dict[str, float | tuple[float, ...]] = {}
    for lever in section.remaining():
        if lever not in LEVER_NUMBER:
            raise section.fail(lever, "there is no such lever", None, ", ".join(LEVER_NUMBER), nearest(lever, LEVER_NUMBER))
        values = section.number(lever, "intensity", 0.0, LEVERS[LEVER_NUMBER[lever]].highest, by_year=True).values
        levels[lever] = values if len(values) > 1 else values[0]
    row.text("note", "")
    row.finish()
    return Levels(levels, base)


def _case(row: Section, strategies: tuple[str, ...], known: list[str]) -> Planned:
    name, note, changes = row.text("name"), row.text("note", ""), _changes(row)
    if not slug(name) or len(name) > 100:
        raise row.fail("name", "a case's name should make a folder's", name, "1 to 100 letters and digits")
    own = row.anything("strategies")
    chosen = strategies if own is None else strategy_names(own, row, "strategies", known)
    row.finish()
    return Planned(slug(name), changes, {"called": name}, chosen, note)


def _only(top: Section, cases: tuple[Planned, ...]) -> tuple[str, ...]:
    patterns = top.anything("only", [])
    if not isinstance(patterns, list) or not all(isinstance(one, str) for one in patterns):
        raise top.fail("only", "this should be a list of names of cases", patterns, '["stockport*"]')
    select(cases, tuple(patterns), top.file, "only")
    return tuple(patterns)


def select(cases: tuple[Planned, ...], patterns: tuple[str, ...], file: object, key: str) -> tuple[Planned, ...]:
    """The cases whose name fits one of the patterns (* and ?); all where there is none. Errors: ConfigError for a pattern that
    fits none."""
    for one in patterns:
        if not any(fnmatchcase(case.name, one.casefold()) for case in cases):
            names = [case.name for case in cases]
            raise ConfigError("no case has this name", file=file, key=key, value=one, nearest=nearest(one.casefold(), names),
                              expected="a name, with * and ? for any letters: " + ", ".join(names[:8])
                              + (" …" if len(names) > 8 else ""))  # fmt: skip
    return tuple(case for case in cases if not patterns or any(fnmatchcase(case.name, one.casefold()) for one in patterns))


def _limits(top: Section) -> Limits:
    section = top.section("limits", {})
    found = {}
    for name, high in (("hours", 1e5), ("gigabytes", 1e6)):
        if section.peek(name) is not None:
            found[name] = section.number(name, name, 0.0, high).value
        else:
            section.anything(name)
    section.finish()
    return Limits(**found)


def _reports(top: Section, cases: tuple[Planned, ...]) -> bool:
    """Whether each case gets what a report of it needs. A report is of an honest and a gamed provider."""
    wanted = top.anything("reports", False)
    if not isinstance(wanted, bool):
        raise top.fail("reports", "this is a switch", wanted, "true or false")
    if wanted and (other := next((case for case in cases if case.strategies[:2] != FOUND), None)):
        message = "a report is of an honest and a gamed provider"
        raise top.fail("reports", message, other.name, 'strategies = ["honest", "gamed"] in every case, or no reports')
    return wanted


def _require_cases(top: Section, cases: tuple[Planned, ...]) -> None:
    if not cases:
        raise top.fail("grid", "the file has no case", expected="[grid] with lists of values, or [[case]]")
    if len(cases) > MOST_CASES:
        raise top.fail("case", "so many cases are no batch", len(cases), f"at most {MOST_CASES:,}")
    seen: set[str] = set()
    for case in cases:
        if case.name.casefold() in seen:
            raise top.fail("case.name", "two cases have this name", case.name, "another name")
        seen.add(case.name.casefold())


def _try_values(batch: BatchFile, axes: tuple[Axis, ...], listed: tuple[Planned, ...]) -> None:
    """Make the study once for each value that a case could stumble over, and for each case that stands by itself, so that a
    wrong name is found before the start.

    Places of the register are known by now; one that is too small to be run fails as a case.
    """
    configs = batch.configs
    for case in (Planned("", (), {}, ()), *listed):
        load_study(batch.study, (*batch.changes, *case.changes), configs)
    first = tuple(change for axis in axes if axis.name != "place" for change in axis.values[0].changes)
    for axis in axes:
        for value in axis.values if axis.name not in ("place", "seed", "strategies") else ():
            load_study(batch.study, (*batch.changes, *first, *value.changes), configs)

