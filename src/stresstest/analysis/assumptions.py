"""What breaking one assumption of the plan does: all seven held, all released, each released alone, each held alone.

Every setting lives the same futures (the first scenario's, from VERIFY_FIRST on), so that a change between two settings is the
assumption's and has a paired error. Where g is released the provider plays its gamed strategy, where g is held its honest
one; both are kept as they are, so nothing here is a new best response. g has two parts, the price and the gaming, which stand
in rows of their own.

    change         of a row against the setting that it is compared with, with the standard error of the paired difference
    cte99          q + mean of max(0, x − q) / 0.01, q the smallest exposure of the worst hundredth (Rockafellar and Uryasev
                   2000); a future's influence on it is q + max(0, x − q) / 0.01 − cte99, and its error follows from those
    sum of parts   the changes of the seven rows added up
    interaction    change from all held to all released, less the sum of the parts: what the assumptions do together and no
                   one of them does alone. Counted from all held and from all released; the two differ

Parts do not add up because limits bind: an owner's cap is used up once, a contract ends once, and what pushes a result over an
edge counts for nothing where another has done so before.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import layout as L
from ..assumptions import ASSUMPTIONS, LETTERS, held, hold
from ..futures.design import RANDOM_DESIGN
from ..futures.plan import VERIFY_FIRST
from ..strategy import Strategy
from ..study import Study
from ..units import percent, pounds
from .evaluate import EXPOSURE, SURPLUS, simulate_with_nature

MEASURES = ("exit_losses", "exit", "surplus_mean_gbp", "exposure_mean_gbp", "exposure_cte99_gbp")
CHANCES = 2  # how many of them, from the first, are chances
ALL_HELD, ALL_RELEASED, RELEASED_ALONE, HELD_ALONE = "all held", "all released", "released alone", "held alone"
PART, SUM, INTERACTION = "part", "sum of parts", "interaction"
EXIT_CAUSE, WEIGHT = L.OUT["exit_cause_code"], len(L.NATURE) + L.TAG_WEIGHT
WORST_SHARE = 0.01


@dataclass(frozen=True)
class Reading:
    """Measures of one setting: values[MEASURES], and each future's influence on them, influence[MEASURES, n]."""

    values: np.ndarray
    influence: np.ndarray

    @property
    def errors(self) -> np.ndarray:
        """Standard error of each measure; of a chance at least that of one future in n, as nobody seen is not nobody there."""
        n = self.influence.shape[1]
        found = self.influence.std(axis=1, ddof=1) / math.sqrt(n)
        found[:CHANCES] = np.maximum(found[:CHANCES], 1.0 / n)
        return np.asarray(found)

    def __sub__(self, other: Reading) -> Reading:
        """The paired difference."""
        return Reading(self.values - other.values, self.influence - other.influence)

    def __add__(self, other: Reading) -> Reading:
        """The sum, future by future."""
        return Reading(self.values + other.values, self.influence + other.influence)


def worst_edge(values: np.ndarray, weight: np.ndarray, share: float) -> float:
    """The largest value such that values at least as large have this share of the weight."""
    order = np.argsort(-values, kind="stable")
    reached = np.searchsorted(np.cumsum(weight[order]), share * weight.sum() * (1.0 - 1e-12))
    return float(values[order[min(reached, values.size - 1)]])


def read_outcomes(out: np.ndarray, weight: np.ndarray | None = None) -> Reading:
    """The measures of out[OUTCOMES, n], futures weighed by weight[n] where it is given."""
    code, exposure = out[EXIT_CAUSE], out[EXPOSURE]
    share = np.ones(exposure.size) if weight is None else weight / weight.mean()
    edge = worst_edge(exposure, share, WORST_SHARE)
    tail = edge + np.maximum(0.0, exposure - edge) / WORST_SHARE
    columns = np.array([code >= L.EXIT_FIRST_ADVERSE, code != L.EXIT_NONE, out[SURPLUS], exposure, tail], dtype=float)
    values = columns @ share / exposure.size
    return Reading(values, share * (columns - values[:, None]))


@dataclass(frozen=True)
class Setting:
    """One row: what is held, which strategy is played, and the setting (by its place) that the row is compared with."""

    kind: str
    letter: str
    title: str
    holds: tuple[str, ...]
    games: bool
    base: int


def settings_of(free: tuple[str, ...], may_game: bool) -> list[Setting]:
    """Every setting for the assumptions that are free to be switched: all held first, all released second."""
    title = {one.letter: one.name for one in ASSUMPTIONS}
    rows = [Setting(ALL_HELD, "", "", free, False, 1), Setting(ALL_RELEASED, "", "", (), may_game, 0)]
    for x in free:
        rest = tuple(letter for letter in free if letter != x)
        rows.append(Setting(RELEASED_ALONE, x, title[x], rest, may_game and x == "g", 0))
    rows += [Setting(HELD_ALONE, x, title[x], (x,), may_game and x != "g", 1) for x in free]
    if "g" in free and may_game:
        others = tuple(letter for letter in free if letter != "g")
        rows += [
            Setting(f"{RELEASED_ALONE}, {PART}", "g", "opening price", others, False, 0),
            Setting(f"{RELEASED_ALONE}, {PART}", "g", "gaming", free, True, 0),
            Setting(f"{HELD_ALONE}, {PART}", "g", "opening price", ("g",), True, 1),
            Setting(f"{HELD_ALONE}, {PART}", "g", "no gaming", (), False, 1),
        ]
    return rows


def switch_rows(
    study: Study, honest: Strategy, gamed: Strategy, futures: int = 16_384, jobs: int = 2
) -> list[dict[str, Any]]:
    """The table of the switches: a row for each setting, then for each base the sum of the parts and the interaction.

    Assumptions that the study itself holds stay held and have no row.
    """
    fixed = held(study)
    free = tuple(letter for letter in LETTERS if letter not in fixed)
    settings = settings_of(free, "g" not in fixed)

    def reading(setting: Setting) -> Reading:
        changed = hold(study, setting.holds)
        strategy = gamed if setting.games else honest
        inputs = changed.kernel_inputs(changed.scenarios[0], (strategy,), RANDOM_DESIGN)
        out, nature = simulate_with_nature(inputs, VERIFY_FIRST, futures)
        return read_outcomes(out[0], nature[WEIGHT])

    with ThreadPoolExecutor(max(1, jobs)) as pool:
        found = list(pool.map(reading, settings))
    rows = [
        _row(s, gamed.name if s.games else honest.name, settings[s.base].kind, one, one - found[s.base])
        for s, one in zip(settings, found, strict=True)
    ]
    return rows + (_together(settings, found) if len(free) > 1 else [])


def _together(settings: list[Setting], found: list[Reading]) -> list[dict[str, Any]]:
    """Sum of the parts and interaction, from all held and from all released. Changes are towards all released."""
    rows, whole = [], found[1] - found[0]
    for kind, base in ((RELEASED_ALONE, ALL_HELD), (HELD_ALONE, ALL_RELEASED)):
        parts = [one - found[s.base] for s, one in zip(settings, found, strict=True) if s.kind == kind]
        total = sum(parts[1:], parts[0])
        total = total if kind == RELEASED_ALONE else total - total - total
        rows += [_change(f"{SUM}, {kind}", base, total), _change(f"{INTERACTION}, {kind}", base, whole - total)]
    return rows


def _row(setting: Setting, strategy: str, base: str, reading: Reading, change: Reading) -> dict[str, Any]:
    row: dict[str, Any] = {
        "setting": setting.kind, "letter": setting.letter, "assumption": setting.title, "strategy": strategy,
        "compared_with": base,
    }  # fmt: skip
    for k, name in enumerate(MEASURES):
        row |= {name: float(reading.values[k]), f"{name}_error": float(reading.errors[k])}
        row |= {f"{name}_change": float(change.values[k]), f"{name}_change_error": float(change.errors[k])}
    return row


def _change(kind: str, base: str, change: Reading) -> dict[str, Any]:
    """A row that has changes and no values of its own."""
    row: dict[str, Any] = {"setting": kind, "letter": "", "assumption": "", "strategy": "", "compared_with": base}
    for k, name in enumerate(MEASURES):
        row |= {name: None, f"{name}_error": None}
        row |= {f"{name}_change": float(change.values[k]), f"{name}_change_error": float(change.errors[k])}
    return row


# ── in words ───────────────────────────────────────────────────────────────────────────────────────────────────────
def _points(value: float) -> str:
    return f"{100.0 * value:.1f}".replace("-", "−")


def _told(row: dict[str, Any], name: str, show: Callable[[float], str]) -> str:
    """A change with its 95% margin: "5.0 ± 0.4"."""
    return f"{show(row[f'{name}_change'])} ± {show(1.96 * row[f'{name}_change_error'])}"


def listed(letters: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(letters[:-1]), letters[-1]] if len(letters) > 1 else letters)


def held_by_the_study(rows: list[dict[str, Any]]) -> list[str]:
    """Letters of the assumptions that the study itself holds: they have no row of their own in the table."""
    free = {row["letter"] for row in rows if row["setting"] == RELEASED_ALONE}
    return [one.letter for one in ASSUMPTIONS if one.letter not in free]


def sentences(rows: list[dict[str, Any]]) -> list[str]:
    """The table in words: both ends, what breaking each assumption alone does, and that the parts do not add up."""
    of = {(row["setting"], row["letter"]): row for row in rows}
    held_all, released, fixed = of[ALL_HELD, ""], of[ALL_RELEASED, ""], held_by_the_study(rows)
    if len(fixed) == len(ASSUMPTIONS):
        return ["The study itself holds all seven assumptions, so there is nothing to release."]
    others = f"all but {listed(fixed)} released (the study itself holds {'it' if len(fixed) == 1 else 'them'})"
    said = [
        f"With every assumption held, losses end the contract in {percent(held_all['exit_losses'])} of futures; with "
        f"{others if fixed else 'every one released'}, in {percent(released['exit_losses'])}."
    ]
    for one in ASSUMPTIONS:
        row = of.get((RELEASED_ALONE, one.letter))
        if row:
            said.append(
                f"If only {one.letter} ({one.name}) fails, that chance moves by {_told(row, 'exit_losses', _points)} points, the "
                f"chance of any end before the term by {_told(row, 'exit', _points)}, mean surplus by "
                f"{_told(row, 'surplus_mean_gbp', pounds)} and mean net exposure by {_told(row, 'exposure_mean_gbp', pounds)}."
            )
    parts = [row for row in rows if row["setting"] == f"{RELEASED_ALONE}, {PART}"]
    if parts:
        told = ", ".join(f"{row['assumption']} {_told(row, 'exit_losses', _points)} points" for row in parts)
        said.append(f"Of g by itself: {told}; money won by gaming also keeps a provider going that its price would sink.")
    total, rest = of.get((f"{SUM}, {RELEASED_ALONE}", "")), of.get((f"{INTERACTION}, {RELEASED_ALONE}", ""))
    if total and rest:
        said.append(
            f"The parts do not add up: one by one they make {_points(total['exit_losses_change'])} points, together "
            f"{_points(-held_all['exit_losses_change'])}; the interaction is {_told(rest, 'exit_losses', _points)} points of the "
            f"chance and {_told(rest, 'exposure_mean_gbp', pounds)} of mean net exposure."
        )
    return said
