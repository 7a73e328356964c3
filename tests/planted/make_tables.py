"""Plain tables with a cause that is known: two boxes, a linear result, an interaction alone, and two with no signal at all.

Nothing here comes from a simulation. `tables()` gives each table as (columns, result, key): columns by name, float64[n];
result float64[n], 0 or 1 where it is a failure; key, what was planted. Every key has `kind` ("box", "linear", "interaction"
or "none"), `weight` float64[n] (ones where all weigh the same), `cause` (columns that matter) and `idle` (columns that do not).
Draws are keyed streams named planted/TABLE/…, so a table never changes.

Shapley effects of a linear result (Owen and Prieur 2017; Iooss and Prieur 2019). For Y = Σ bᵢ·xᵢ with normal x, the worth of a
set S of inputs is v(S) = Var E[Y | x_S]; an input's effect is its mean marginal worth over all orders, over Var Y. Where inputs
fall into independent groups, v is the sum of the groups' own, so each group is worked out by itself. For one input alone it is
b²·s². For a pair with correlation r and spreads s:

    v({1}) = (b₁·s₁ + r·b₂·s₂)²,  v({2}) = (b₂·s₂ + r·b₁·s₁)²,  v({1, 2}) = b₁²·s₁² + b₂²·s₂² + 2·r·b₁·b₂·s₁·s₂
    part₁ = ½·(v({1}) + v({1, 2}) − v({2})) = b₁²·s₁² + r·b₁·b₂·s₁·s₂ + ½·r²·(b₂²·s₂² − b₁²·s₁²)

so an input without a coefficient gets ½·r²·b₂²·s₂² from a neighbour that has one. The numbers are in `linear`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stresstest.futures.resampling import key_of, normals, uniforms

Table = tuple[dict[str, np.ndarray], np.ndarray, dict[str, Any]]


def _uniforms(name: str, slots: int, n: int) -> np.ndarray:
    return np.asarray(uniforms(key_of(f"planted/{name}"), slots, n))


def _normals(name: str, slots: int, n: int) -> np.ndarray:
    return np.asarray(normals(key_of(f"planted/{name}"), slots, n))


def _named(values: np.ndarray) -> dict[str, np.ndarray]:
    """Rows of values[k, n] as columns x1, x2, …"""
    return {f"x{k + 1}": row.copy() for k, row in enumerate(values)}


def _happened(name: str, chance: np.ndarray) -> np.ndarray:
    """1 where a draw of its own lies below the chance, float64[n]."""
    return (_uniforms(f"{name}/result", 1, chance.size)[0] < chance).astype(np.float64)


def _key(kind: str, columns: dict[str, np.ndarray], cause: list[str], **more: Any) -> dict[str, Any]:
    n = next(iter(columns.values())).size
    return {"kind": kind, "cause": cause, "idle": [name for name in columns if name not in cause], "weight": np.ones(n), **more}


def box(n: int = 4000) -> Table:
    """Six normals, neighbours correlated by 0.5 (rows k and l by 0.5^|k − l|); failures where x2 ≥ 0.4 and x4 ≤ 0.3.

    A failure has chance 0.85 within the box and 0.02 outside. x3 stands between the two and is correlated with both.
    """
    z, x = _normals("box/inputs", 6, n), np.empty((6, n))
    x[0] = z[0]
    for k in range(1, 6):
        x[k] = 0.5 * x[k - 1] + np.sqrt(0.75) * z[k]
    columns, inside = _named(x), (x[1] >= 0.4) & (x[3] <= 0.3)
    limits = {"x2": (0.4, None), "x4": (None, 0.3)}
    key = _key("box", columns, ["x2", "x4"], limits=limits, rate_inside=0.85, rate_outside=0.02)
    return columns, _happened("box", np.where(inside, 0.85, 0.02)), key


def weighted_box(n: int = 6000) -> Table:
    """Five inputs between 0 and 1 and unequal weights; failures where x1 ≤ 0.35 and x3 ≥ 0.55, and a decoy that weighs little.

    x1 is uniform by its law and drawn with density 0.1 + 1.8·x, so its weight is 1 / (0.1 + 1.8·x): what lies low is drawn
    seldom and weighs much. x3 = ½·(1 − x1) + ½·u with a uniform u, so its correlation with x1 is −√½ by law. A failure has chance
    0.80 within the box, 0.20 where x1 ≥ 0.75 and x5 ≥ 0.5 (the decoy), and 0.01 elsewhere. Counted without weights the box holds
    0.62 of the failures and the decoy 0.32; with weights 0.86 and 0.11. The rate is 0.126 without weights and 0.223 with them.
    """
    u = _uniforms("weighted_box/inputs", 5, n)
    x1 = (-0.1 + np.sqrt(0.01 + 3.6 * u[0])) / 1.8
    columns = _named(np.array([x1, u[1], 0.5 * (1.0 - x1) + 0.5 * u[2], u[3], u[4]]))
    inside, decoy = (x1 <= 0.35) & (columns["x3"] >= 0.55), (x1 >= 0.75) & (columns["x5"] >= 0.5)
    limits = {"x1": (None, 0.35), "x3": (0.55, None)}
    key = _key("box", columns, ["x1", "x3"], limits=limits, rate_inside=0.80, rate_outside=0.01, rate_decoy=0.20,
               decoy={"x1": (0.75, None), "x5": (0.5, None)})  # fmt: skip
    chance = np.where(inside, 0.80, np.where(decoy, 0.20, 0.01))
    more = {"weight": 1.0 / (0.1 + 1.8 * x1), "idle": ["x2", "x4"], "minor": ["x5"]}
    return columns, _happened("weighted_box", chance), key | more


def linear(n: int = 8000) -> Table:
    """Y = 2·x1 + x2 + 2·x3 + 1.5·x5, standard normals; x2 and x3 correlated by 0.6, x4 and x5 by 0.8, nothing else.

    Parts of the variance by the formula above: x1 2² = 4; x2 1 + 1.2 + 0.18·(4 − 1) = 2.74; x3 4 + 1.2 − 0.54 = 4.66;
    x4 ½·0.64·2.25 = 0.72; x5 2.25 − 0.72 = 1.53; x6 0. Together 4 + 7.4 + 2.25 = 13.65 = Var Y. Effects are parts over 13.65.
    x4 has an effect and no coefficient: it tells of x5. First-order and total indices for the same law stand in the key:
    Var E[Y | xᵢ] and E Var[Y | all others], over Var Y.
    """
    z = _normals("linear/inputs", 6, n)
    x2, x4 = z[1], z[3]
    columns = _named(np.array([z[0], x2, 0.6 * x2 + 0.8 * z[2], x4, 0.8 * x4 + 0.6 * z[4], z[5]]))
    result = 2.0 * columns["x1"] + columns["x2"] + 2.0 * columns["x3"] + 1.5 * columns["x5"]
    parts = {"x1": 4.0, "x2": 2.74, "x3": 4.66, "x4": 0.72, "x5": 1.53, "x6": 0.0}
    first = {"x1": 4.0, "x2": (1.0 + 0.6 * 2.0) ** 2, "x3": (2.0 + 0.6) ** 2, "x4": (0.8 * 1.5) ** 2, "x5": 2.25, "x6": 0.0}
    total = {"x1": 4.0, "x2": 0.64, "x3": 0.64 * 4.0, "x4": 0.0, "x5": 0.36 * 2.25, "x6": 0.0}
    shares = [{name: part / 13.65 for name, part in of.items()} for of in (parts, first, total)]
    key = _key("linear", columns, ["x1", "x2", "x3", "x4", "x5"], variance=13.65, shapley=shares[0], first=shares[1],
               total=shares[2], coefficients={"x1": 2.0, "x2": 1.0, "x3": 2.0, "x4": 0.0, "x5": 1.5, "x6": 0.0})  # fmt: skip
    return columns, result, key


def interaction(n: int = 4000) -> Table:
    """Five uniforms; failures where x1 and x2 are on the same side of ½, chance 0.50 there and 0.02 elsewhere.

    Whatever x1 alone is, the chance is 0.26, and so for x2: no input does anything by itself. By variance of the chance the
    whole effect (0.24² = 0.0576) belongs to the pair, half to each in Shapley's sense.
    """
    columns = _named(_uniforms("interaction/inputs", 5, n))
    same = (columns["x1"] >= 0.5) == (columns["x2"] >= 0.5)
    key = _key("interaction", columns, ["x1", "x2"], rate_inside=0.50, rate_outside=0.02, rate=0.26,
               shapley_of_chance={"x1": 0.5, "x2": 0.5, "x3": 0.0, "x4": 0.0, "x5": 0.0})  # fmt: skip
    return columns, _happened("interaction", np.where(same, 0.50, 0.02)), key


def no_signal(n: int = 4000) -> Table:
    """Twelve independent uniforms and a failure of chance 0.15 that none of them has to do with."""
    columns = _named(_uniforms("no_signal/inputs", 12, n))
    return columns, _happened("no_signal", np.full(n, 0.15)), _key("none", columns, [], rate=0.15)


def no_signal_weighted(n: int = 5000) -> Table:
    """Eight correlated inputs, two of them counts, unequal weights, and a failure of chance 0.08 that nothing has to do with.

    A common normal gives all of x1 to x6 a correlation of 0.4; x7 is 0 or 1 with chance 0.1 of 1, x8 counts 15 years of chance
    0.05. The weight, from 0.5 to 1.5 and 1 in the mean, rises with x1 and has nothing to do with the failure.
    """
    z, u = _normals("no_signal_weighted/inputs", 7, n), _uniforms("no_signal_weighted/counts", 16, n)
    x = np.sqrt(0.4) * z[6] + np.sqrt(0.6) * z[:6]
    columns = _named(np.vstack([x, u[0] < 0.1, (u[1:] < 0.05).sum(axis=0)]))
    key = _key("none", columns, [], rate=0.08) | {"weight": 1.0 + 0.5 * np.tanh(columns["x1"])}
    return columns, _happened("no_signal_weighted", np.full(n, 0.08)), key


def tables() -> dict[str, Table]:
    """Every table by name: (columns, result, key); see the head of this file."""
    made = (box, weighted_box, linear, interaction, no_signal, no_signal_weighted)
    return {make.__name__: make() for make in made}
