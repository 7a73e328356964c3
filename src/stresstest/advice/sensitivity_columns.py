"""What each recorded quantity explains by itself: the correlation ratio over 32 classes of equal weight, largest first.

A player of the game of all may hold several columns (crises, inflation, pandemics and hard winters, say); this names the one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..methods.cases import Cases
from ..methods.projection import between, standard
from ..methods.separation import classes_of

CLASSES, FUTURES = 32, 200_000


def column_rows(cases: Cases, results: Sequence[str]) -> list[dict[str, Any]]:
    """One row a result and column of table futures: the share that it explains alone, with error and interval."""
    part = cases.rows(slice(0, min(cases.n, FUTURES)))
    bare = replace(part, codes=part.codes[:0], factors=(), levels=())
    y = standard(bare, results)
    rows: list[dict[str, Any]] = []
    for factor in part.factors:
        found = between(classes_of(part.values(factor.name), part.weight, CLASSES), y, bare)
        rows += [
            {"result": result, "input": factor.name, "words": factor.words or factor.name, "share": one.value,
             "share_error": one.error, "share_low": one.low, "share_high": one.high, "futures": part.n}
            for result, one in zip(results, found, strict=True)
        ]  # fmt: skip
    order = {result: k for k, result in enumerate(results)}
    return sorted(rows, key=lambda row: (order[row["result"]], -row["share"]))
