"""Whether something has become slower than it was: what is judged, and what a difference must be to count.

A ratio counts as worse when its whole interval lies beyond the stored interval by more than the ratio's own tolerance; a rule
when its least cost, over several processes, lies above the stored least by more than RULE_TOLERANCE. What looks worse is
measured again, up to AGAIN times, and only what is worse every time is reported: noise passes, a slower program does not.
Instructions are counted without noise and may rise by INSTRUCTION_TOLERANCE, as the compiler lays out a rule anew when its
neighbours change. Signatures of compiled entries have no tolerance at all. Where processor or libraries differ, ratios and
rules are shown and not judged; instructions are judged where the libraries are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from .ratios import Subject
from .record import Record, Rules, differs, rules_of
from .timing import Ratio

#: By which a rule's least cost must lie above the stored one: a share of it, and as many units beside.
RULE_TOLERANCE, RULE_FLOOR = 0.10, 0.3
INSTRUCTION_TOLERANCE, INSTRUCTION_FLOOR = 0.03, 60
AGAIN = 3
HOLDS, WORSE, BETTER, NOT_JUDGED = "holds", "WORSE", "better", "not judged"


@dataclass(frozen=True)
class Judgement:
    """One figure against the stored one; `change` is the share by which it is worse (below 0: better)."""

    name: str
    stored: float
    found: float
    change: float
    allowed: float
    state: str


def judge_ratio(name: str, stored: Ratio, found: Ratio, tolerance: float, lower_is_better: bool) -> Judgement:
    """Worse where the intervals lie apart by more than the tolerance, better where they do so on the other side."""
    change = found.median / stored.median - 1.0 if lower_is_better else stored.median / found.median - 1.0
    beyond = found.low / stored.high - 1.0 if lower_is_better else stored.low / found.high - 1.0
    within = stored.low / found.high - 1.0 if lower_is_better else found.low / stored.high - 1.0
    state = WORSE if beyond > tolerance else BETTER if within > tolerance else HOLDS
    return Judgement(name, stored.median, found.median, change, tolerance, state)


def judge_rule(name: str, stored: dict[str, float], found: dict[str, float]) -> Judgement:
    """Least cost against least cost: worse, or better, where they differ by more than is allowed."""
    base = max(stored["least"], RULE_FLOOR)
    change, allowed = found["least"] / base - 1.0, RULE_TOLERANCE + RULE_FLOOR / base
    state = WORSE if change > allowed else BETTER if change < -allowed else HOLDS
    return Judgement(name, stored["least"], found["least"], change, allowed, state)


def judge_instructions(stored: dict[str, int], found: dict[str, int]) -> list[Judgement]:
    """Worse, or better, where a rule's instructions differ by more than is allowed."""
    told = []
    for name, count in sorted(found.items()):
        if name in stored:
            base = max(stored[name], INSTRUCTION_FLOOR)
            change, allowed = count / base - 1.0, INSTRUCTION_TOLERANCE + INSTRUCTION_FLOOR / base
            state = WORSE if change > allowed else BETTER if change < -allowed else HOLDS
            told.append(Judgement(f"{name}, instructions", stored[name], count, change, allowed, state))
    return told


def judge_compiled(stored: dict[str, int], found: dict[str, int]) -> list[Judgement]:
    """Worse where an entry is compiled for more kinds of arguments than before; a new one for more than one."""
    told = []
    for name, count in sorted(found.items()):
        before = stored.get(name, 1)
        state = WORSE if count > before else BETTER if count < before else HOLDS
        told.append(Judgement(name, before, count, count / before - 1.0, 0.0, state))
    return told


def combined(one: Rules, more: list[dict[str, float]]) -> Rules:
    """Rules with the answers of further processes: only the least can become less."""
    if not more:
        return one
    new = rules_of(more)
    return {
        name: {**own, "least": min(own["least"], new[name]["least"]), "cost": min(own["cost"], new[name]["cost"])}
        if name in new else own
        for name, own in one.items()
    }  # fmt: skip


def common_start(names: list[str]) -> str:
    """What all names begin with."""
    first, last = min(names), max(names)
    same = next((k for k, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:same]


def judge_rules(stored: Rules, found: Rules) -> list[Judgement]:
    """Every rule that both records have."""
    return [judge_rule(name, stored[name], found[name]) for name in sorted(found) if name in stored]


def unjudged(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The same figures, of machines that cannot be compared."""
    return [replace(one, state=NOT_JUDGED) for one in judgements]


def settled(
    first: list[Judgement], again: Callable[[list[str]], list[Judgement]], times: int = AGAIN
) -> list[Judgement]:
    """Judgements after what looked worse was measured again: worse stays only what was worse every time."""
    found = {one.name: one for one in first}
    for _ in range(times):
        suspects = [name for name, one in found.items() if one.state == WORSE]
        if not suspects:
            break
        found.update((one.name, one) for one in again(suspects))
    return list(found.values())


def needed_by(suspects: list[str], subjects: Mapping[str, Subject]) -> list[str]:
    """Keys of the suspects that are ratios, each after the one without which it cannot be judged.

    Two threads gain what the machine has to give at that moment: what it gave some minutes before says nothing of it.
    """
    keys: dict[str, None] = {}
    for name in suspects:
        if name in subjects:
            needs = subjects[name].needs
            keys.update(dict.fromkeys([*([needs[0]] if needs else []), name]))
    return list(keys)


def comparable(stored: Record, found: Record) -> bool:
    """Whether ratios and rules of two records may be judged."""
    return not differs(stored, found)
