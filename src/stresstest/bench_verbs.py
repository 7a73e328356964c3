"""The verb bench: measure, print, store, compare with what was stored."""

from __future__ import annotations

import sys
from pathlib import Path

from .bench import guard, measure, record, words
from .bench.guard import Judgement
from .bench.history import records, rows
from .bench.ratios import BY_KEY
from .bench.record import Record
from .errors import ConfigError
from .verbs import note

#: Processes in which rules that look slower are measured again.
MORE_PROCESSES = 2


def bench(
    *, quick: bool = False, json: Path | None = None, compare: Path | None = None, only: str = "", listing: bool = False,
    history: Path | None = None, quiet: bool = False,
) -> int:  # fmt: skip
    """Measure and print ratios; 0, or 1 where `compare` was given and something has become slower beyond its noise.

    Errors: ConfigError for a record or folder that is not there, or `only` that names nothing; DataError for no record.
    """
    if listing:
        print("\n".join(words.listing()))
        return 0
    if history is not None:
        print("\n".join(words.laid_out(rows(records(history), only))))
        return 0
    stored = record.read(compare) if compare is not None else None
    if json is not None and not json.absolute().parent.is_dir():
        raise ConfigError("There is no such folder.", file=json, key="--json", expected="a file in a folder that is there")
    say = note(quiet)
    found = measure.timed(lambda: measure.measure(only, quick, say))
    if not (found.ratios or found.rules or found.compiled):
        raise ConfigError("Nothing has this in its name.", key="--only", value=only, expected="see stresstest bench --list")
    judged = judge(stored, found, quick, say) if stored else []
    print("\n".join(words.record_lines(found)))
    if json is not None:
        record.write(json, found)
    if stored is not None:
        print("\n" + "\n".join(words.judgement_lines(judged, record.differs(stored, found))))
    worse = any(one.state == guard.WORSE for one in judged)
    if found.faults:
        print("\n".join(f"stresstest bench: {fault}" for fault in found.faults), file=sys.stderr)
    return 1 if worse or (stored is not None and found.faults) else 0


def judge(stored: Record, found: Record, quick: bool, say: measure.Say) -> list[Judgement]:
    """Every figure that both records have. What looks worse is measured again, and `found` takes the better figures."""
    counted = guard.judge_instructions(stored.instructions, found.instructions)
    if record.differs(stored, found, record.SAME_CODE):
        counted = guard.unjudged(counted)
    exact = counted + guard.judge_compiled(stored.compiled, found.compiled)
    first = _ratios(stored, found) + guard.judge_rules(stored.rules, found.rules)
    if not guard.comparable(stored, found):
        return guard.unjudged(first) + exact

    def again(suspects: list[str]) -> list[Judgement]:
        say(f"measuring again what looks slower: {', '.join(suspects)}")
        _measure_again(found, suspects, quick, say)
        return [one for one in _ratios(stored, found) + guard.judge_rules(stored.rules, found.rules) if one.name in suspects]

    return guard.settled(first, again) + exact


def _measure_again(found: Record, suspects: list[str], quick: bool, say: measure.Say) -> None:
    """Measure suspects anew: the better of two stays. What a suspect needs is measured just before it, and the newer stays."""
    of, needed = measure.setting_of(quick), guard.needed_by(suspects, BY_KEY)
    for key, ratio in measure.ratios([BY_KEY[key] for key in needed], of, say).items():
        before, higher = found.ratios.get(key, ratio), BY_KEY[key].higher
        better = max(before, ratio, key=lambda one: one.median if higher else -one.median)
        found.ratios[key] = better if key in suspects else ratio
    if slower := [name for name in suspects if name not in BY_KEY]:
        found.rules = guard.combined(found.rules, measure.rule_answers(guard.common_start(slower), MORE_PROCESSES, say))


def _ratios(stored: Record, found: Record) -> list[Judgement]:
    """Every ratio that both records have; not judged where what it needs was not there in one of them."""
    judged = []
    for key, ratio in found.ratios.items():
        if key in stored.ratios and key in BY_KEY:
            subject = BY_KEY[key]
            one = guard.judge_ratio(key, stored.ratios[key], ratio, subject.tolerance, not subject.higher)
            met = subject.needs is None or all(_meets(own, *subject.needs) for own in (stored, found))
            judged += [one] if met else guard.unjudged([one])
    return judged


def _meets(own: Record, key: str, least: float) -> bool:
    return key in own.ratios and own.ratios[key].low >= least
