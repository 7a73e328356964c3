"""Five things that a first look at gaming in a toy contract suggested, tried again on the contract at hand.

1  gain must be measured from the honest best response, never from doing nothing
2  one lever at a time misses compounds
3  a fix displaces gaming: straight pay lines may raise the best gain
4  re-based targets call forth a saw-tooth of effort
5  common futures cut the variance of a gain many times

Each is confirmed, partly confirmed or refuted by figures of this contract, with their errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..analysis.evaluate import SURPLUS, Arena
from ..analysis.exploit import Game
from ..levers import LEVER_NUMBER, LEVERS
from ..strategy import Strategy
from ..units import pounds
from .best import Answer
from .plays import Levels, without

CONFIRMED, PARTLY, REFUTED, SILENT = "confirmed", "partly confirmed", "refuted", "cannot be tried"


@dataclass(frozen=True)
class Finding:
    """A finding, the verdict on this contract, and what decides it (£ present value, unless the words say otherwise)."""

    number: int
    finding: str
    verdict: str
    figure: float
    error: float
    sentence: str


def _paired(out: np.ndarray, a: int, b: int) -> tuple[float, float]:
    change = out[b, SURPLUS] - out[a, SURPLUS]
    return float(change.mean()), float(change.std(ddof=1) / np.sqrt(change.size))


def base_line(game: Game, answer: Answer) -> Finding:
    """Finding 1: how much of a gain over doing nothing is honest work."""
    plays = [Strategy("nothing", {}), Strategy("honest", answer.honest), Strategy("gamed", answer.levels)]
    out = game.verify.outcomes(plays)
    work, error = _paired(out, 0, 1)
    gain, _ = _paired(out, 1, 2)
    share = work / (work + gain) if work + gain > 0.0 else 0.0
    verdict = CONFIRMED if work > 2.0 * error and share > 0.05 else REFUTED
    return Finding(
        1, "Measure gain from the honest best response, never from doing nothing.", verdict, work, error,
        f"Doing nothing leaves the provider {pounds(work)} below its honest best. Measured from there, gaming would be credited "
        f"with {pounds(work + gain)} instead of {pounds(gain)}.",
    )  # fmt: skip


def compounds(game: Game, answer: Answer) -> Finding:
    """Finding 2: the lever whose loss from the compound differs most from its gain alone."""
    used = answer.signature
    if len(used) < 2:
        return Finding(2, TITLES[2], SILENT, float("nan"), float("nan"), "The best response uses fewer than two levers.")
    alone: list[Levels] = [{**answer.honest, name: answer.levels[name]} for name in used]
    fewer = [without(answer.levels, {name}) for name in used]
    plays = [answer.honest, answer.levels, *alone, *fewer]
    out = game.verify.outcomes([Strategy("play", play) for play in plays])
    n = len(used)
    one_in = np.array([_paired(out, 0, 2 + k)[0] for k in range(n)])
    one_out = np.array([_paired(out, 2 + n + k, 1)[0] for k in range(n)])
    k = int(np.argmax(np.abs(one_out - one_in)))
    each = out[1, SURPLUS] - out[2 + n + k, SURPLUS] - (out[2 + k, SURPLUS] - out[0, SURPLUS])
    gap, error = float(each.mean()), float(each.std(ddof=1) / np.sqrt(each.size))
    total, _ = _paired(out, 0, 1)
    real = abs(gap) > 2.0 * error and abs(gap) > 0.25 * max(abs(one_in[k]), abs(one_out[k]))
    title = LEVERS[LEVER_NUMBER[used[k]]].title
    return Finding(
        2, TITLES[2], CONFIRMED if real else REFUTED, gap, error,
        f"{title} alone brings {pounds(one_in[k])}; taken out of the compound it costs {pounds(one_out[k])}. The levers' single "
        f"gains add up to {pounds(float(one_in.sum()))}, the compound brings {pounds(total)}.",
    )  # fmt: skip


def displacement(after: dict[str, tuple[float, float, float]]) -> Finding:
    """Finding 3: the best gain after each fix, honest work and levers chosen again.

    `after` is, by fix, the gain, its change and the change's error, paired in the same futures.
    """
    if not after:
        return Finding(3, TITLES[3], SILENT, float("nan"), float("nan"), "No fix of this contract was tried.")
    worst = max(after, key=lambda fix: after[fix][0])
    gain, rise, error = after[worst]
    line = next((fix for fix in after if "straight line" in fix), None)
    verdict = CONFIRMED if rise > 2.0 * error else REFUTED
    sentence = f"In the futures of the fixes the best response brings {pounds(gain - rise)} before any of them. "
    if line is not None:
        sentence += f"Straight pay lines instead of steps leave {pounds(after[line][0])}. "
    if verdict == CONFIRMED:
        sentence += f"“{worst}” raises it to {pounds(gain)}."
    else:
        sentence += f"No single fix raises it beyond its error; the least helpful, “{worst}”, leaves {pounds(gain)}."
    return Finding(3, TITLES[3], verdict, rise, error, sentence)


def saw_tooth(game: Game, honest: Levels) -> Finding:
    """Finding 4: the best efforts in even and odd years under several re-basing shares, from the first year on."""
    term = game.study.contract.first("improvement_payment")
    if term is None or "rebase" not in term.values:
        return Finding(4, TITLES[4], SILENT, float("nan"), float("nan"), "Nothing is re-based in this contract.")
    efforts = np.linspace(0.0, 1.5, 7)
    years, rows, swings = game.study.years, [], []
    for share in (0.0, 0.3, 0.6, 1.0):
        contract = game.study.contract.with_change(term.id, "rebase", share).with_change(term.id, "rebase_from", 1.0)
        arena = Arena(game.study.with_contract(contract), game.scenario, game.polish.first, game.polish.n, game.jobs)
        pairs = [(a, b) for a in efforts for b in efforts]
        plays = [Strategy("play", {**honest, "effort": tuple(float(p[t % 2]) for t in range(years))}) for p in pairs]
        k = int(np.argmax(arena.mean_aim(plays)))
        rows.append(f"{share:.0%}: {pairs[k][0]:.3g} and {pairs[k][1]:.3g}")
        swings.append(abs(pairs[k][0] - pairs[k][1]))
    verdict = CONFIRMED if max(swings[1:]) >= 0.5 and swings[0] < 0.5 else PARTLY if max(swings[1:]) > swings[0] else REFUTED
    return Finding(
        4, TITLES[4], verdict, float(max(swings[1:])), float("nan"),
        "Best effort in odd and even contract years, on a grid of 0.25, by the share re-based each year from the first on (the "
        "contract's own re-basing may be less and later): " + "; ".join(rows) + ".",
    )  # fmt: skip


def common_futures(game: Game, singles: dict[str, Levels], honest: Levels) -> Finding:
    """Finding 5: variance of a gain on independent futures over its variance on common ones, by lever."""
    names = list(singles)
    if not names:
        return Finding(5, TITLES[5], SILENT, float("nan"), float("nan"), "No lever pays.")
    out = game.verify.outcomes([Strategy("honest", honest), *(Strategy(name, singles[name]) for name in names)])
    base = out[0, SURPLUS].var(ddof=1)
    ratios = {
        name: float((base + out[1 + k, SURPLUS].var(ddof=1)) / max(1e-9, (out[1 + k, SURPLUS] - out[0, SURPLUS]).var(ddof=1)))
        for k, name in enumerate(names)
    }
    low, high = min(ratios, key=lambda n: ratios[n]), max(ratios, key=lambda n: ratios[n])
    verdict = CONFIRMED if ratios[low] > 2.0 else PARTLY if ratios[high] > 4.0 else REFUTED
    return Finding(
        5, TITLES[5], verdict, ratios[low], float("nan"),
        f"From {ratios[low]:,.0f} times ({LEVERS[LEVER_NUMBER[low]].title.lower()}) to {ratios[high]:,.0f} times "
        f"({LEVERS[LEVER_NUMBER[high]].title.lower()}).",
    )  # fmt: skip


TITLES = {
    2: "One lever at a time misses compounds.",
    3: "Fixes displace gaming; straight pay lines may raise the best gain.",
    4: "Re-based targets call forth a saw-tooth of effort.",
    5: "Common futures cut the variance of a gain many times; least where paths diverge.",
}
