"""A small run folder made of synthetic columns: what measures read, without the machine."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stresstest import layout as L
from stresstest.measures.headline import EXPOSURE, HEALTH, PUBLIC, SURPLUS
from stresstest.measures.summary import METRICS, YEARLY

LABELS = ("2018/19", "2019/20", "2020/21")
STRATEGIES = ("honest", "gamed")


@dataclass(frozen=True)
class Made:
    """A run folder and the arrays that it was made of, future 0 first; by strategy where strategies differ."""

    folder: object
    weights: np.ndarray
    groups: np.ndarray
    exposure: dict
    surplus: dict
    cause: dict
    year: dict
    yearly: dict


def words(values):
    """Words as a dictionary column."""
    return pa.array(values, pa.string()).dictionary_encode()


def make_run(folder, futures, parts=1, weights="drawn", design=None, years=True, seed=1):
    """Write a run of so many futures; weights "drawn", "one", or None for tables without weight and group."""
    rng = np.random.default_rng(seed)
    n = futures + 1
    weight = np.r_[1.0, rng.exponential(size=futures)] if weights == "drawn" else np.ones(n)
    design = design or {"kind": "random", "replicates": 1, "antithetic": False}
    group = np.r_[0, np.arange(futures) % design["replicates"]]
    shared = rng.standard_normal(n)
    made = Made(
        folder, weight, group,
        {s: 1e8 * np.exp(shared + 0.1 * k * rng.random(n)) for k, s in enumerate(STRATEGIES)},
        {s: 1e7 * (rng.standard_normal(n) - shared + k) for k, s in enumerate(STRATEGIES)},
        {s: np.where(rng.random(n) < 0.6, 0, rng.integers(1, 4, n)) for s in STRATEGIES},
        {s: rng.integers(0, len(LABELS), n) for s in STRATEGIES},
        {s: rng.standard_normal((len(LABELS), n)) for s in STRATEGIES},
    )  # fmt: skip
    tagged = weights is not None
    for k, rows in enumerate(np.array_split(np.arange(n), parts)):
        _write(folder, "outcomes", k, pa.concat_tables([_outcomes(made, s, rows, tagged) for s in STRATEGIES]))
        if years:
            tables = [_years(made, s, t, rows, tagged) for s in STRATEGIES for t in range(len(LABELS))]
            _write(folder, "years", k, pa.concat_tables(tables))
    manifest = {
        "manifest_version": 1, "status": "running", "run_id": "made", "inputs_hash": "", "futures": {"calibrated": futures},
        "strategies": dict.fromkeys(STRATEGIES), "years_futures": futures, "year_labels": list(LABELS), "design": design,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return made


def _write(folder, table, number, rows):
    path = folder / "tables" / table / "calibrated" / f"part-{number:012d}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows.unify_dictionaries(), path)


def _tags(made, rows, tagged):
    return {"weight": made.weights[rows], "group": made.groups[rows]} if tagged else {}


def _outcomes(made, strategy, rows, tagged):
    cause = made.cause[strategy][rows]
    ended = [LABELS[t] if c else "" for t, c in zip(made.year[strategy][rows], cause, strict=True)]
    given = {EXPOSURE: made.exposure, SURPLUS: made.surplus}
    columns = {name for _, _, name, _, _ in METRICS} | {EXPOSURE, SURPLUS, PUBLIC, HEALTH}
    return pa.table({
        "strategy": words([strategy] * rows.size), "future": rows, **_tags(made, rows, tagged),
        **{name: given.get(name, made.exposure)[strategy][rows] for name in sorted(columns)},
        "exit_year": words(ended), "exit_cause": words([L.EXIT_CAUSES[c] for c in cause]),
    })  # fmt: skip


def _years(made, strategy, t, rows, tagged):
    values = made.yearly[strategy][t, rows]
    return pa.table({
        "strategy": words([strategy] * rows.size), "year": words([LABELS[t]] * rows.size), "future": rows,
        **_tags(made, rows, tagged), **{name: values for _, _, name, _ in YEARLY}, "running": values > 0.0,
    })  # fmt: skip
