"""Runs to be compared: whether they live the same futures, and what differs between their drafts.

Runs are refused where seed, sampling design, place, years, scenario, the law of the axes or the version of the package differ:
their futures are not the same ones. That the axes are the same is looked up in the tables too. Other numbers of the place may
differ; what then happens differs besides the draft, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import layout as L
from .._jit import SOURCE_DIGEST
from ..errors import ConfigError
from ..measures.designs import Design
from .reading import nature
from .source import Source

MOST = 20
#: Designs of which the first futures are the same whatever their number.
PREFIX = ("random", "sobol")
CHECKED = 16_384
AGAIN = "simulate the drafts again, together: same seed, design, scenario, place and version of the package"
VERSION = "version of the package"
Row = dict[str, Any]


@dataclass(frozen=True)
class Drafts:
    """Finished runs that live the same futures 1 … n: their names, the design, and the number of the reference draft."""

    sources: tuple[Source, ...]
    names: tuple[str, ...]
    n: int
    design: Design
    reference: int

    @property
    def strategies(self) -> tuple[str, ...]:
        """Strategies that every run has."""
        common = [{one.name for one in source.strategies} for source in self.sources]
        return tuple(one.name for one in self.sources[0].strategies if all(one.name in names for names in common))

    @property
    def cut(self) -> bool:
        """Whether some run has more futures than are used."""
        return any(source.futures != self.n for source in self.sources)


def drafts(sources: Sequence[Source], names: Sequence[str] | None, against: str = "") -> Drafts:
    """The runs, checked. `against` names the reference; the first one unless given. Errors: ConfigError with the remedy."""
    if not 2 <= len(sources) <= MOST:
        raise ConfigError("so many drafts cannot be compared", key="runs", value=len(sources), expected=f"2 to {MOST}")
    chosen = tuple(names) if names else default_names(sources)
    if len(chosen) != len(sources) or len(set(chosen)) != len(chosen) or not all(chosen):
        raise ConfigError("every draft needs a name of its own", key="names", value=list(chosen),
                          expected=f"{len(sources)} different names")  # fmt: skip
    if against and against not in chosen:
        raise ConfigError("there is no such draft", key="--against", value=against, expected=", ".join(chosen))
    for source, name in zip(sources[1:], chosen[1:], strict=True):
        refuse(sources[0], source, name)
    found = Drafts(tuple(sources), chosen, common_futures(sources), Design.from_manifest(sources[0].manifest),
                   chosen.index(against) if against else 0)  # fmt: skip
    if not found.strategies:
        raise ConfigError("the runs share no strategy", key="strategies", expected="the same names, such as honest and gamed")
    _same_axes(found)
    return found


def default_names(sources: Sequence[Source]) -> tuple[str, ...]:
    """Names of contracts where they differ, else of run folders, else numbered."""
    for names in ([s.study.contract.name for s in sources], [s.folder.name for s in sources]):
        if len(set(names)) == len(names):
            return tuple(names)
    return tuple(f"draft {k + 1}" for k in range(len(sources)))


def refuse(first: Source, other: Source, name: str) -> None:
    """Errors: ConfigError where another run does not share the first one's draws."""
    a, b = first.manifest, other.manifest
    tests = (
        ("seed", a.get("seed"), b.get("seed")),
        ("design", a.get("design"), b.get("design")),
        ("place", first.study.place.name, other.study.place.name),
        ("years", a["year_labels"], b["year_labels"]),
        ("scenario", first.scenario.name, other.scenario.name),
        ("law of the scenario", _form(first), _form(other)),
        ("law of the axes", first.study.configuration.get("axes"), other.study.configuration.get("axes")),
        ("data tables", first.study.data_hashes, other.study.data_hashes),
        (VERSION, a.get("source_digest"), b.get("source_digest")),
    )
    for key, one, two in tests:
        if one != two:
            remedy = older(first, other) if key == VERSION else AGAIN
            short = key in ("seed", "place", "scenario")
            raise ConfigError(
                f"{name} does not live the same futures: another {key}", file=other.folder, key=key,
                value=two if short else None, expected=f"{one}; {remedy}" if short else f"that of {first.folder}; {remedy}",
            )  # fmt: skip


def older(*sources: Source) -> str:
    """The remedy for runs of another version than this one: the command that makes each of them again."""
    commands = [command(source) for source in sources if source.manifest.get("source_digest") != SOURCE_DIGEST]
    return f"make what is of an older version again, with the same --set changes if it had any: {' and '.join(commands)}"


def command(source: Source) -> str:
    """The command that makes a run's futures again, but for changes that were given with --set."""
    design = source.manifest.get("design", {})
    study = source.study
    first = study.scenarios[0]
    lived = source.manifest["condensed"].get(first.name, first.futures)
    said = [f"stresstest run {study.name} --futures {lived} --seed {study.seed}"]
    if source.manifest["condensed"]:
        said.append(f"--keep {source.manifest['keep']}")
    if design.get("kind", "random") != "random":
        said += [f"--set design.kind={design['kind']}", f"--set design.replicates={design.get('replicates', 1)}"]
    elif design.get("antithetic"):
        said.append("--set design.kind=random --set design.antithetic=1")
    return " ".join(said)


def _form(source: Source) -> Any:
    """The scenario as the effective configuration has it, and how the futures weigh."""
    one = source.scenario
    return repr((one.courses, one.consistency, one.dependence))


def common_futures(sources: Sequence[Source]) -> int:
    """The number of futures that all the runs have. Errors: ConfigError where the design's futures depend on their number."""
    sizes = [source.futures for source in sources]
    n, design = min(sizes), Design.from_manifest(sources[0].manifest)
    if len(set(sizes)) == 1:
        return n
    if design.kind not in PREFIX:
        raise ConfigError(
            f"futures of design {design.kind} depend on how many there are, and the runs differ in that", key="futures",
            value=", ".join(f"{size:,}" for size in sizes), expected="equal numbers of futures, or design random or sobol",
        )  # fmt: skip
    unit = design.replicates if design.kind == "sobol" else 2 if design.antithetic else 1
    return max(unit, n // unit * unit)


def _same_axes(found: Drafts) -> None:
    """Errors: ConfigError where the axes of the first futures differ: the runs were not made from the same draws."""
    columns = tuple(f"{axis}_{end}" for axis in L.AXES for end in ("mean", "end"))
    most = min(CHECKED, found.n)

    def table(source: Source) -> np.ndarray:
        out = np.full((len(columns), most), np.nan)
        for part in nature(source, columns):
            kept = part["future"] <= most
            out[:, part["future"][kept] - 1] = [part[name][kept] for name in columns]
            if part["future"].size and part["future"][-1] >= most:
                break
        return out

    first = table(found.sources[0])
    for source, name in zip(found.sources[1:], found.names[1:], strict=True):
        if not np.array_equal(first, table(source), equal_nan=True):
            raise ConfigError(f"{name} does not live the same futures: its axes differ", file=source.folder, expected=AGAIN)


# ── what differs ───────────────────────────────────────────────────────────────────────────────────────────────────
#: Parts of the configuration: what the drafts agree, who provides it, and the world around them.
PARTS = {"contract": "draft", "provider": "provider", "place": "world", "study": "study"}
WORDLESS = ("source", "quality", "date", "unit")
ABSENT = "not there"
#: Entries that say how a run was made and nothing of the draft.
SILENT = (
    "study.title", "study.contract", "study.futures", "study.scenario_futures", "study.years_futures", "study.scenarios",
    "contract.title", "contract.extends",
)  # fmt: skip


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """(dotted key, value) of every value in a configuration; a number stands without its source."""
    if isinstance(value, dict):
        if "value" in value and set(value) <= {"value", *WORDLESS}:
            yield key, value["value"]
            return
        for name, item in value.items():
            yield from leaves(item, f"{key}.{name}".lstrip("."))
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for k, item in enumerate(value):
            yield from leaves(item, f"{key}.{next((str(item[w]) for w in ('id', 'name', 'line', 'kind') if w in item), str(k))}")
    else:
        yield key, value


def difference_rows(found: Drafts) -> list[Row]:
    """One row for each entry of the effective configurations that is not the same in all drafts, and for each draft of them."""
    told = [
        {f"{part}.{key}": value for part in PARTS for key, value in leaves(source.study.configuration.get(part, {}))}
        for source in found.sources
    ]
    keys = dict.fromkeys(key for one in told for key in sorted(one))
    return [
        {"part": PARTS[key.split(".")[0]], "entry": key, "draft": name, "value": str(one.get(key, ABSENT))}
        for key in sorted(keys) if key not in SILENT and len({repr(one.get(key, ABSENT)) for one in told}) > 1
        for one, name in sorted(zip(told, found.names, strict=True), key=lambda pair: pair[1])
    ]  # fmt: skip


def same_draft(found: Drafts, a: int, b: int, strategy: str) -> bool:
    """Whether two runs are of one draft: equal configurations and strategies."""
    one, two = found.sources[a], found.sources[b]
    forms = [s.study.configuration for s in (one, two)]
    parts = [dict(leaves({part: form.get(part, {}) for part in ("contract", "provider", "place")})) for form in forms]
    return parts[0] == parts[1] and one.manifest["strategies"][strategy] == two.manifest["strategies"][strategy]
