"""Surplus fee: an operator that runs a hospital is paid out of its surplus, layer by layer, and by nothing else.

Clause. There is no management fee. Of the year's reported surplus the operator receives a share of each layer: for
example all of the first two million, a quarter of the next four, a third of the four above.

    surplus = income − cost;  fee = Σ share_l · max(0, min(surplus, to_l) − from_l)

A year without a surplus earns nothing. Layers rise and do not overlap; what lies between two layers earns nothing.

Worked number E10 (Hinchingbrooke franchise; the layers are recalled, not read).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from ._term import POUNDS, QUANTITY, SHARE, Field, Shown, TermKind, row_slots, show

MAX_LAYERS = 10
FIELDS = (
    Field("income", QUANTITY, "what the year has earned", default="income"),
    Field("cost", QUANTITY, "what the year has cost", default="reported_cost"),
    Field(
        "layers", "rows", "layers of the yearly surplus", most=MAX_LAYERS,
        columns=(
            Field("from", POUNDS, "surplus at which the layer starts", 0.0, 1e11),
            Field("to", POUNDS, "surplus at which the layer ends", 0.0, 1e11),
            Field("share", SHARE, "operator's share within the layer", 0.0, 1.0),
        ),
    ),
)  # fmt: skip
(INCOME, COST, LAYERS, FIRST_LAYER) = row_slots(FIELDS)


@rule
def layer_share(surplus: float, start: float, end: float, share: float) -> float:
    """What one layer yields (£)."""
    return share * max(0.0, min(surplus, end) - start)


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Fee of the year on the reported surplus so far."""
    surplus = d[int(row[INCOME]), i] - d[int(row[COST]), i]
    show(row, d, i, 0, surplus)
    total = 0.0
    for k in range(int(row[LAYERS])):
        at = FIRST_LAYER + 3 * k
        total += layer_share(surplus, row[at], row[at + 1], row[at + 2])
    return total


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): layers must rise and must not overlap; a gap earns nothing and is allowed."""
    found: list[tuple[str, str]] = []
    layers = values["layers"]
    if len(layers) > MAX_LAYERS:
        found.append(("layers", f"there are {len(layers)} layers; at most {MAX_LAYERS} are allowed"))
    for k, layer in enumerate(layers):
        if layer["to"] <= layer["from"]:
            ends = f"layer {k + 1} ends at {layer['to']:g}, not above its start {layer['from']:g}"
            found.append((f"layers.{k + 1}", ends))
        if k and layer["from"] < layers[k - 1]["to"]:
            found.append((f"layers.{k + 1}", f"layers {k} and {k + 1} overlap"))
    return found


KIND = TermKind(
    name="surplus_fee",
    title="Fee out of the surplus",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_GAIN_SHARE,
    payer="hospital",
    payee="operator",
    check=check,
    shows=(Shown("surplus", POUNDS, "income less cost"),),
)
