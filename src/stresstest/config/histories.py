"""Reading the case histories in configs/cases: real contracts, what went into them, and what happened.

A file holds `title`, `summary` and `[[checks]]`. A check names a contract, the years that go into its settlement, and either
`expect` (columns of the settlement with their known values) or a `measure` over `draws` with what `happened`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..contract import Contract
from ..errors import nearest
from .contracts import load_contract
from .section import QUALITIES, Section, read_toml

KINDS = {
    "plumbing": "the contract's rule reproduced on the parties' own figures; it says nothing about foresight",
    "calibration": "an input or a prior was set by somebody who knew the outcome",
    "validation": "every input was known before the outcome was",
    "plausibility": "a wide question that the record can answer only roughly",
}
PRIORS = "priors"


@dataclass(frozen=True)
class Prior:
    """A factor: normal with `mean` and `sd`, or sd = `sd_per_person` / √persons; drawn once for a case, or each year."""

    name: str
    mean: float
    sd: float
    sd_per_person: float
    each_year: bool
    doc: str
    source: str
    quality: str


@dataclass(frozen=True)
class Use:
    """A prior at work: the factor less one times `share`; `persons` where its spread depends on them."""

    prior: Prior
    persons: float
    share: float


@dataclass(frozen=True)
class Expected:
    """A column of a settlement, its contract year from 1, and its known value."""

    column: str
    year: int
    value: float
    tolerance: float
    source: str


@dataclass(frozen=True)
class Check:
    """One question put to a contract; see the module's text. `low` and `high` bound the probability that it names."""

    id: str
    contract: Contract
    kind: str
    question: str
    years: tuple[dict[str, float], ...]
    expect: tuple[Expected, ...] = ()
    draws: dict[str, tuple[str, tuple[Use, ...]]] = field(default_factory=dict)
    column: str = ""
    year: int = 1
    at_least: float = 0.0
    low: float = 0.0
    high: float = 1.0
    happened: str = ""


@dataclass(frozen=True)
class History:
    """What happened to one contract, and the checks that the engine is put to."""

    name: str
    title: str
    summary: str
    checks: tuple[Check, ...]


def read_priors(path: Path) -> dict[str, Prior]:
    """The priors, one set for all cases."""
    top = Section(path, read_toml(path))
    top.whole("schema_version", 1, 1)
    section = top.section("priors")
    priors = {}
    for name in section.remaining():
        row = section.section(name)
        mean = row.number("mean", "factor", 0.0, 10.0).value
        sd, each = (
            row.number("sd", "factor", 0.0, 10.0, 0.0).value,
            row.number("sd_per_person", "factor", 0.0, 100.0, 0.0).value,
        )
        yearly = row.anything("each_year", False)
        if not isinstance(yearly, bool):
            raise row.fail("each_year", "this is a switch", yearly, "true or false")
        quality = row.text("quality", choices=QUALITIES)
        priors[name] = Prior(name, mean, sd, each, yearly, row.text("doc"), row.text("source"), quality)
        row.finish()
    for part in (section, top):
        part.finish()
    return priors


def read_history(path: Path, configs: Path, priors: dict[str, Prior]) -> History:
    """One case history. Raises ConfigError, placed, for what cannot be run."""
    top = Section(path, read_toml(path))
    top.whole("schema_version", 1, 1)
    title, summary = top.text("title"), top.text("summary")
    sections = top.rows("checks")
    checks = tuple(_check(section, configs, priors) for section in sections)
    for k, check in enumerate(checks):
        if check.id in [earlier.id for earlier in checks[:k]]:
            raise sections[k].fail("id", "two checks have the same id", check.id, "an id of its own")
    top.finish()
    return History(path.stem, title, summary, checks)


def load_histories(configs: Path, name: str = "") -> list[History]:
    """All case histories, or the one of this name. Raises ConfigError with the nearest where there is none."""
    folder = configs / "cases"
    files = {path.stem: path for path in sorted(folder.glob("*.toml")) if path.stem != PRIORS}
    if name and name not in files:
        close = nearest(name, files)
        raise Section(folder, {}).fail("case", "there is no such case", name, ", ".join(files), close)
    priors = read_priors(folder / f"{PRIORS}.toml")
    return [read_history(path, configs, priors) for stem, path in files.items() if not name or stem == name]


def _check(section: Section, configs: Path, priors: dict[str, Prior]) -> Check:
    name, kind = section.text("id"), section.text("kind", choices=tuple(KINDS))
    contract = load_contract(section.text("contract"), configs)
    question = section.text("question")
    years = tuple(_numbers(row) for row in section.rows("years"))
    expect = tuple(_expected(row) for row in section.rows("expect", []))
    draws = _draws(section.section("draws", {}), priors)
    if section.peek("measure") is None:
        section.finish()
        return Check(name, contract, kind, question, years, expect, draws)
    measure, happened = section.section("measure"), section.section("happened")
    column, year = measure.text("column"), measure.whole("year", 1, contract.years, 1)
    least = measure.number("at_least", "figure", -1e15, 1e15).value
    words = happened.anything("value", "")
    low = happened.number("probability_at_least", "probability", 0.0, 1.0, 0.0).value
    low, high = (
        happened.number("low", "probability", 0.0, 1.0, low).value,
        happened.number("high", "probability", 0.0, 1.0, 1.0).value,
    )
    if high < low:
        raise happened.fail("high", "the upper bound lies below the lower", high, f"at least {low:g}")
    happened.anything("source", "")
    for part in (measure, happened, section):
        part.finish()
    return Check(name, contract, kind, question, years, expect, draws, column, year, least, low, high, str(words))


def _numbers(row: Section) -> dict[str, Any]:
    """One year's quantities by name, and CLAUSE.FIELD entries (a choice as its text)."""
    values = {}
    for name in row.remaining():
        raw = row.peek(name)
        values[name] = row.text(name) if isinstance(raw, str) else row.number(name, "number", -1e15, 1e15).value
    row.finish()
    return values


def _expected(row: Section) -> Expected:
    found = Expected(
        row.text("column"), row.whole("year", 1, 100, 1), row.number("value", "number", -1e15, 1e15).value,
        row.number("tolerance", "number", 0.0, 1e15, 0.005).value, row.text("source", ""),
    )  # fmt: skip
    row.finish()
    return found


def _draws(section: Section, priors: dict[str, Prior]) -> dict[str, tuple[str, tuple[Use, ...]]]:
    draws = {}
    for name in section.remaining():
        row = section.section(name)
        of, uses = row.text("of", name), []
        for use in row.rows("priors"):
            prior = priors[use.text("name", choices=tuple(priors))]
            persons = use.number("persons", "persons", 1.0, 1e9, 1.0).value
            uses.append(Use(prior, persons, use.number("share", "share", -10.0, 10.0, 1.0).value))
            use.finish()
        row.finish()
        draws[name] = (of, tuple(uses))
    section.finish()
    return draws
