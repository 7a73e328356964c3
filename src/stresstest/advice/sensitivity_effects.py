"""What shares out the spread of results: Shapley effects of inputs that hang together, in two games.

    axes       the six axes, each with its mean over the years and where it ends
    nature     the same six, and what a run records besides: the opening price gap (with an item left out and a late start, which
               are parts of it), productivity, the benefit of the model of care, growth of funding, chance in need and pay, shocks

The axes' game has a finer basis; the game of all shows how little or how much of the whole they are. Where boosted trees on all
inputs explain more, in futures they never saw, than the effects add up to (methods/yardstick.py), the difference has a row of
its own, which no input is given, and everything else is what is left after it. Growth of funding follows in
part from the axes: the effect of what two inputs share is split between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import layout as L
from ..methods.cases import Cases
from ..methods.components import components
from ..methods.projection import Share, one_thread
from ..methods.separation import deltas
from ..methods.shapley import Effects, fit, shapley_effects
from ..methods.yardstick import Together, together

AXES, NATURE, TABLE = "axes", "nature", "inputs"
REST, JOINT = "everything else", "inputs together, not shared out"
#: An effect whose interval lies below this share is too small to speak of, and one known to within this part of itself is known.
SMALL, PART = 0.01, 0.25
MATTERS, UNSURE, LITTLE, STILL = "matters", "too few futures", "less than 1%", "never varies"
#: The verdict on the row of what only all inputs together explain.
SHARED = "joint"
AXIS_PLAYERS: dict[str, tuple[str, ...]] = {axis: (f"{axis}_mean", f"{axis}_end") for axis in L.AXES}
PLAYERS: dict[str, tuple[str, ...]] = {
    **AXIS_PLAYERS,
    "opening_gap": ("opening_gap", "omitted_item", "start_delay"),
    "productivity": ("productivity_growth",),
    "benefit": ("benefit_full",),
    "funding": ("funding_growth_mean",),
    "need_and_pay": ("need_surprise", "pay_surprise"),
    "shocks": ("crisis_years", "inflation_surprises", "pandemic_years", "hard_winters"),
}
WORDS: dict[str, str] = {
    "responsibility": "responsibility for health", "control": "control of care", "state": "the state's share of the economy",
    "economy": "the economy", "technology": "technology", "workforce": "the workforce", "opening_gap": "the opening price gap",
    "productivity": "productivity", "benefit": "the benefit of the model of care", "funding": "growth of funding",
    "need_and_pay": "chance in need and pay", "shocks": "crises, inflation, pandemics and hard winters", REST: "everything else",
    JOINT: JOINT,
}  # fmt: skip

Row = dict[str, Any]


def words_of(player: str) -> str:
    """A player in words; its own name where there are none."""
    return WORDS.get(player, player)


def game(
    cases: Cases, results: Sequence[str], players: Mapping[str, Sequence[str]], name: str, parts: bool = True
) -> tuple[list[Row], list[Effects]]:
    """Rows of the table of effects, largest first by result, and the effects; `parts` adds the structural split.

    Each result's rows end with what is left, before it a row for what inputs explain only together, if the yardstick finds any
    (not for the axes, which are a part of what is recorded). Shares of a result add up to 1.
    """
    with one_thread():
        own = fit(cases, results, players)
        found = shapley_effects(cases, results, players, own)
        every = [components(own, one.result) if parts else [] for one in found]
        names = [column for columns in players.values() for column in columns]
        yard = {} if name == AXES else {one.result: one for one in together(own, found, names)}
    rows: list[Row] = []
    for one, pieces in zip(found, every, strict=True):
        split = {piece.player: piece for piece in pieces}
        for rank, i in enumerate(one.ranked(), start=1):
            rows.append(_row(name, one, rank, i, split))
        rows += _last_rows(name, one, yard.get(one.result))
    return rows, found


def _last_rows(name: str, one: Effects, yard: Together | None) -> list[Row]:
    """What inputs explain only together, where the yardstick sees it, and what is left."""
    whole, told = one.whole, []
    rest = Share(1.0 - whole.value, whole.error, 1.0 - whole.high, 1.0 - whole.low)
    if yard and yard.seen:
        told, rest = [(JOINT, yard.more, {"verdict": SHARED})], yard.left
    return [
        {"game": name, "result": one.result, "rank": rank, "input": who, "words": words_of(who), "share": share.value,
         "share_error": share.error, "share_low": share.low, "share_high": share.high, **verdict}
        for rank, (who, share, verdict) in enumerate([*told, (REST, rest, {})], start=len(one.players) + 1)
    ]  # fmt: skip


def _row(name: str, one: Effects, rank: int, i: int, split: Mapping[str, Any]) -> Row:
    share, player = one.effects[i], one.players[i]
    row: Row = {
        "game": name, "result": one.result, "rank": rank, "input": player, "words": words_of(player), "share": share.value,
        "share_error": share.error, "share_low": share.low, "share_high": share.high,
        "alone_share": float(one.alone[i]), "last_share": float(one.last[i]), "verdict": _verdict(one, i),
    }  # fmt: skip
    if player in split:
        own = split[player]
        row |= {"structural_share": own.structural.value, "structural_share_error": own.structural.error,
                "correlative_share": own.correlative.value, "correlative_share_error": own.correlative.error}  # fmt: skip
    return row


def _verdict(one: Effects, i: int) -> str:
    share = one.effects[i]
    if one.players[i] in one.constant:
        return STILL
    if share.high < SMALL:
        return LITTLE
    return MATTERS if share.low > 0.0 else UNSURE


def settled(one: Effects, name: str) -> Row:
    """Whether so many futures settle the order of the first two and the size of the first, and how many would."""
    first, *others = one.ranked()
    share, n = one.effects[first], one.n
    row: Row = {"table": name, "result": one.result, "futures": float(n)}
    if one.whole.low <= 0.0 or share.low <= 0.0:
        return {**row, "verdict": "nothing found", "futures_needed": None,
                "sentence": "No input stands out from chance."}  # fmt: skip
    needed = n * (1.96 * share.error / (PART * share.value)) ** 2
    if others:
        gap = one.difference(first, others[0])
        needed = max(needed, n * (1.96 * gap.error / max(gap.value, 1e-9)) ** 2)
    return {**row, **outcome(needed, n, words_of(one.players[first]))}


def outcome(needed: float, n: float, first: str) -> Row:
    """The verdict on a table whose order needs so many futures and has n."""
    enough = needed <= n
    told = min(needed, 1e15)
    sentence = (
        f"First comes {first}, and its size is known to within a quarter."
        if enough else f"Which input comes first, or its size, is not settled; about {told:,.0f} futures would settle it."
    )  # fmt: skip
    return {"verdict": "settled" if enough else "too few futures", "futures_needed": float(told), "sentence": sentence}


def delta_rows(cases: Cases, results: Sequence[str]) -> list[Row]:
    """Moment-independent measure of every recorded column, largest first by result."""
    found = deltas(cases, results)
    order = {name: k for k, name in enumerate(results)}
    found.sort(key=lambda one: (order[one.result], -one.share.value))
    return [
        {"result": one.result, "input": one.factor, "words": words_of(one.factor), "delta_share": one.share.value,
         "delta_share_error": one.share.error, "delta_share_low": one.share.low, "delta_share_high": one.share.high,
         "no_signal_share": one.no_signal, "seen": one.seen}
        for one in found
    ]  # fmt: skip
