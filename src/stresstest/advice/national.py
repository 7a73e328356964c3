"""Finished runs of several places in one economy, added up future by future.

Runs share national draws where seed, design, years, scenario, law of the axes and version are the same: then future 17 is one
economy for all of them, and what is local is drawn place by place. Places are read one after the other, so that memory does not
follow their number; totals are kept by future, in memory or in a file that goes away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from .. import layout as L
from ..errors import ConfigError
from ..measures import national as M
from ..measures.designs import Design
from ..measures.estimates import Wanted, estimate
from ..measures.failures import Failure, failures, present
from ..measures.probabilities import probabilities
from ..measures.stream import Column, Piece
from .compare_shared import CHECKED, common_futures, older
from .compare_store import STRETCH, Numbers
from .compare_tables import shown
from .reading import nature, outcomes
from .source import Source

Rows = dict[str, list[dict[str, Any]]]
#: (name, outcome column, unit, whether high is bad), in the order of reading.
ADDED = (
    ("commissioner exposure", "commissioner_exposure_npv_gbp", "gbp", True),
    ("public exposure", "public_exposure_npv_gbp", "gbp", True),
    ("provider surplus", "provider_surplus_npv_gbp", "gbp", False), ("health", "health_qaly_npv", "qaly", False),
)  # fmt: skip
SCORE, CARRIED, WALKS, FLOOR = "mean_true_score", "commissioner_exposure_npv_gbp", "walks_away", "quality_floor"
FEWEST = 2
NETS = ("sobol", "importance")


@dataclass
class Places:
    """The runs, checked: their sources, names, common futures, and totals by future of one strategy."""

    sources: tuple[Source, ...]
    names: tuple[str, ...]
    n: int
    design: Design
    strategy: str
    rows: dict[str, int] = field(default_factory=dict)
    numbers: Numbers | None = None

    def put(self, name: str, start: int, values: np.ndarray) -> None:
        """Add values to a row of totals."""
        assert self.numbers is not None
        row = self.rows[name]
        self.numbers.put(row, start, self.numbers.get(row, start, start + values.size) + values)

    def get(self, name: str, start: int, stop: int) -> np.ndarray:
        """A stretch of a row of totals."""
        assert self.numbers is not None
        return self.numbers.get(self.rows[name], start, stop)

    def column(self, get: Callable[[int, int], np.ndarray]) -> Column:
        """A column worked out stretch by stretch from totals, with the weights and groups of the futures."""

        def pieces() -> Iterator[Piece]:
            for start in range(0, self.n, STRETCH):
                stop = min(start + STRETCH, self.n)
                yield Piece(get(start, stop), self.get("weight", start, stop), self.get("group", start, stop).astype(np.int64))

        return Column(pieces, design=self.design)

    def total(self, name: str) -> Column:
        """A row of totals as a column."""
        return self.column(lambda start, stop: self.get(name, start, stop))

    def combined(self, name: str) -> M.Combined:
        """Columns worked out from a total and its sums of squares."""
        return lambda f: self.column(lambda a, b: f(*(self.get(f"{name}{end}", a, b) for end in ("", " q", " r"))))


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
    table = _axes(first, n)
    for source in sources[1:]:
        if not np.array_equal(table, _axes(source, n), equal_nan=True):
            raise ConfigError("the runs do not share one economy: their axes differ", file=source.folder,
                              expected=mend(first, source))  # fmt: skip
    titles = [source.study.place.title or name for source, name in zip(sources, names, strict=True)]
    shown_as = titles if len(set(titles)) == len(titles) else names
    return Places(tuple(sources), tuple(shown_as), n, Design.from_manifest(first.manifest), first.strategy.name)


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


def _axes(source: Source, n: int) -> np.ndarray:
    columns, most = tuple(f"{axis}_{end}" for axis in L.AXES for end in ("mean", "end")), min(CHECKED, n)
    out = np.full((len(columns), most), np.nan)
    for part in nature(source, columns):
        kept = part["future"] <= most
        out[:, part["future"][kept] - 1] = [part[name][kept] for name in columns]
        if part["future"].size and part["future"][-1] >= most:
            break
    return out


# ── one place after the other ──────────────────────────────────────────────────────────────────────────────────────
def national(found: Places, say: Callable[[str], None] = lambda _: None) -> Rows:
    """Tables: places, totals, diversified, joint, joint_summary; every strategy that all runs have."""
    tables: Rows = {name: [] for name in ("places", "joint_summary", "joint", "totals", "diversified")}
    common = [one.name for one in found.sources[0].strategies
              if all(one.name in [s.name for s in source.strategies] for source in found.sources)]  # fmt: skip
    for strategy in common:
        say(f"{len(found.names)} places in the same {found.n:,} futures: {strategy} provider")
        add_strategy(replace(found, strategy=strategy, rows={}, numbers=None), tables)
    return tables


def add_strategy(found: Places, tables: Rows) -> None:
    """Every row of one strategy."""
    names = [one.name for one in failures(found.sources[0].study)]
    events = [*names, "any"]
    measures = [f"{name}{end}" for name, *_ in ADDED for end in ("", " q", " r")]
    found.rows = {name: k for k, name in enumerate(["weight", "group", *measures, *events])}
    found.numbers = Numbers(len(found.rows), found.n)
    for row in range(len(found.rows)):
        for start in range(0, found.n, STRETCH):
            found.numbers.put(row, start, np.zeros(min(STRETCH, found.n - start)))
    rows = [_place(found, k, source) for k, source in enumerate(found.sources)]
    sds = {name: [row.pop(f"sd {name}") for row in rows] for name, *_ in ADDED}
    _tails(found, rows)
    head = {"strategy": found.strategy}
    tables["places"] += [head | row for row in sorted(rows, key=lambda row: -row[f"{WALKS}_probability"])]
    for name in events:
        chances, words = [row[f"{name}_probability"] for row in rows], _said(name)
        tables["joint_summary"].append(head | {"failure": name, "words": words, **M.joint_summary(found.total(name), chances)})
        tables["joint"] += [head | {"failure": name, **row} for row in M.joint_rows(found.total(name), chances)]
    for name, _, unit, high in ADDED:
        tables["totals"] += [head | {"measure": name, "unit": unit, **row} for row in M.total_rows(found.total(name), high)]
        tables["diversified"].append(head | {"measure": name, "unit": unit, **M.diversification(found.combined(name), sds[name])})


def _said(name: str) -> str:
    """A failure in words that hold for every place."""
    told = {WALKS: "losses end the contract before its term", FLOOR: "true progress stays below the quality floor",
            "any": "at least one hurdle is missed"}  # fmt: skip
    return told.get(name, f"the {name.removesuffix('_limit')} bears more than its limit")


def _columns(found: Places, source: Source, failing: Sequence[Failure]) -> Callable[[str], Column]:
    """A place's columns by name, read once: those added up, the score, and each failure as 0 or 1.

    Errors: ConfigError where the futures weigh otherwise than the first place's.
    """
    every = list(dict.fromkeys(need for one in failing for need in one.needs))

    def column(name: str) -> Column:
        def pieces() -> Iterator[Piece]:
            left, event = found.n, next((one for one in failing if one.name == name), None)
            needs = every if name == "any" else event.needs if event else [name]
            for part in outcomes(source, needs, None, found.strategy):
                kept = slice(0, left)
                values = _values(part, name, event, failing)
                yield Piece(values[kept], part["weight"][kept], part["group"][kept])
                left -= values[kept].size
                if left <= 0:
                    return

        return Column(pieces, design=found.design).held()

    return column


def _values(part: dict[str, np.ndarray], name: str, event: Failure | None, failing: Sequence[Failure]) -> np.ndarray:
    if name == "any":
        return np.logical_or.reduce([one.failing(part) for one in failing]).astype(np.float64)
    return event.failing(part).astype(np.float64) if event else np.asarray(part[name], dtype=np.float64)


def _place(found: Places, k: int, source: Source) -> dict[str, Any]:
    """A place's own figures; its futures are added to the totals."""
    failing = failures(source.study)
    column, budget = _columns(found, source, failing), present(source.study, 0)
    row: dict[str, Any] = {"place": found.names[k], "code": source.study.place.name, "contract": source.study.contract.name,
                           "run": source.manifest["run_id"], "agreed_budget_gbp": budget}  # fmt: skip
    for name in [*(one.name for one in failing), "any"]:
        values = column(name)
        _add(found, name, values, tagged=k == 0 and name == failing[0].name, first=k == 0)
        e = probabilities(values, [lambda x: x > 0.5])[0]
        row |= {f"{name}_probability": e.value, f"{name}_probability_error": e.error,
                f"{name}_probability_low": e.low, f"{name}_probability_high": e.high}  # fmt: skip
    for name, own, unit, _ in ADDED:
        values = column(own)
        (mean,) = estimate(values, [Wanted("mean")])
        sd = row[f"sd {name}"] = M.population_sd(values)
        row |= shown(name.replace(" ", "_"), unit, mean)
        _add(found, name, values, first=k == 0)
        _add(found, f"{name} q", _squares(values, mean.value, 1.0), first=k == 0)
        _add(found, f"{name} r", _squares(values, mean.value, sd or 1.0), first=k == 0)
    score = estimate(column(SCORE), [Wanted("mean")])[0]
    share = row["commissioner_exposure_gbp"] / budget if budget else float("nan")
    return row | shown("true", "score", score) | {"exposure_share": share}


def _squares(column: Column, mean: float, over: float) -> Column:
    return replace(column, pieces=lambda: (Piece((p.values - mean) ** 2 / over, p.weights, p.groups) for p in column))


def _add(found: Places, name: str, column: Column, *, first: bool, tagged: bool = False) -> None:
    """Add a place's column to a total. Errors: ConfigError for missing futures or other weights than the first place's."""
    start = 0
    for piece in column:
        if tagged:
            found.put("weight", start, np.asarray(piece.weights, dtype=np.float64))
            found.put("group", start, np.asarray(piece.groups, dtype=np.float64))
        elif not first and not np.array_equal(found.get("weight", start, start + piece.weights.size), piece.weights):
            raise ConfigError("the runs do not share one economy: their futures weigh otherwise", key="weight",
                              expected="runs of one seed and design")  # fmt: skip
        found.put(name, start, piece.values)
        start += piece.values.size
    if start != found.n:
        raise ConfigError("a run lacks futures", key="futures", value=start, expected=f"{found.n}")


def _tails(found: Places, rows: list[dict[str, Any]]) -> None:
    """Add what each place carries of the nation's worst 1 in 20: its mean exposure in those futures, and its share of them."""
    name = next(measure for measure, column, _, _ in ADDED if column == CARRIED)
    edge = estimate(found.total(name).held(), [Wanted("quantile", M.TAIL)])[0].value
    for source, row in zip(found.sources, rows, strict=True):
        column, start, weight, inside = _columns(found, source, ())(CARRIED), 0, 0.0, 0.0
        for piece in column:
            worst = found.get(name, start, start + piece.values.size) >= edge
            weight += float(piece.weights[worst].sum())
            inside += float((piece.weights * piece.values)[worst].sum())
            start += piece.values.size
        row["worst_1_in_20_gbp"] = inside / weight if weight else float("nan")
    whole = sum(row["worst_1_in_20_gbp"] for row in rows)
    for row in rows:
        row["share_of_worst"] = row["worst_1_in_20_gbp"] / whole if whole else float("nan")
