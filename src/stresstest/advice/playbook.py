"""What do we do when it happens?

A library of mitigations, each laid over the contract and tried in the run's own futures: in all of them, and inside each region
in which the contract fails. What is best is chosen on one set of futures and measured on another; with the signpost that
announces it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from ..config.playbooks import Mitigation, read_playbook
from ..errors import ConfigError, DataError
from .failures import Failure
from .mitigations import NotLaidError, lay
from .mitigations_try import ANSWERED, MOST, Futures, Trial, answer, attempt, effect, futures_of
from .playbook_plan import BEST, EVERYWHERE, Eventuality, plan_of, ranked
from .playbook_tables import answer_rows, effect_rows, late_rows, mitigation_rows, pair_rows, plan_rows, trigger_rows
from .playbook_words import plan_words
from .result import Advice
from .signposts import best_signposts
from .signposts_single import Signpost
from .source import Source
from .watching import watch

QUESTION = "What do we do when it happens?"
CAPTIONS = {
    "plan": "Plan by eventuality: the best three against each failure where it happens, chosen and measured on different futures",
    "acting_late": "Agreed only once the sign is seen: what the best that can wait leave, by when they are in force",
    "mitigations": "Every mitigation over all futures: each failure's chance, and the change of money and health",
    "effects": "Every mitigation against every failure, in all futures and inside each region",
    "pairs": "The best mitigations two by two",
    "answers": "Where the provider's answer to a mitigation is found again",
    "triggers": "How often each trigger fires, in futures that would fail and in those that would hold",
    "not_tried": "Mitigations that this contract cannot take",
}
#: Answers of the provider that are found again at most; one that games has more levers to look along.
MOST_ANSWERS, MOST_GAMED_ANSWERS = 8, 3
Say = Callable[[str], None]


def playbook(
    source: Source, failing: Sequence[Failure], library: Path | str | None = None, jobs: int = 2, say: Say = lambda _: None
) -> Advice:  # fmt: skip
    """Mitigations of a library (default: configs/playbooks/standard.toml) tried on a run.

    At most 8,192 futures choose and as many others measure. Errors: ConfigError for a library that cannot be read or where none
    of it fits, and where no failure happens or every future fails.
    """
    known = {one.id: one for one in read_playbook(library)}
    n = min(MOST, source.futures // 2)
    choose = futures_of(source, failing, 1, n)
    wanted = usable(choose, failing)
    say(f"{len(known)} mitigations in {n:,} futures")
    trials, skipped = try_all(choose, known, jobs)
    if not trials:
        raise ConfigError("no mitigation of the library fits this contract", key="--library", value=str(library or "standard"),
                          expected=f"clauses that the contract has; {skipped[0]['why']}")  # fmt: skip
    say("regions in which it fails")
    events, notes = eventualities(source, wanted)
    picked = {
        event: ranked(_effects(choose, trials, event))
        for event in events
        if event.box is not None or _alone(event, events)
    }
    say("the best again, on fresh futures")
    fresh = futures_of(source, failing, 1 + n, n)
    best = in_turn([names[:BEST] for names in picked.values()], [name for name in trials if known[name].incentive])
    again = {name: attempt(fresh, [known[name]], jobs) for name in best}
    say("how the provider answers")
    answered = _answers(fresh, known, best, jobs)
    signs, more = _signs(source, choose, list(picked))
    plans = [
        plan_of(event, names, known, fresh, again, answered, signs[event], jobs) for event, names in picked.items()
    ]
    pairs, together = _pairs(fresh, known, picked, jobs)
    triggers = [name for name in trials if known[name].kind == "trigger"]
    labels = source.study.year_labels
    tables = {
        "plan": plan_rows(plans, labels), "acting_late": late_rows(plans, labels),
        "mitigations": mitigation_rows(choose, trials, known),
        "effects": effect_rows(choose, trials, known, events), "pairs": pair_rows(fresh, together, again, known, pairs),
        "answers": answer_rows(answered, again, fresh, known),
        "triggers": trigger_rows(choose, known, triggers), "not_tried": skipped,
    }  # fmt: skip
    said = [sentence for plan in plans for sentence in plan_words(plan, labels)]
    notes = [*_notes(n, failing, wanted, answered), *notes, *more]
    return Advice("playbook", QUESTION, "Playbook", said, tables, CAPTIONS, notes, source.basis,
                  {"place": source.study.place.title, "failures": [one.name for one in wanted]})  # fmt: skip


def usable(futures: Futures, failing: Sequence[Failure]) -> list[Failure]:
    """Failures of some but not all futures. Errors: ConfigError, with the remedy, where there is none."""
    shares = {one.name: float(np.average(futures.base.failed[one.name], weights=futures.weight)) for one in failing}
    found = [one for one in failing if 0.0 < shares[one.name] < 1.0]
    if not found:
        word = "nothing fails" if all(share == 0.0 for share in shares.values()) else "everything fails or nothing does"
        raise ConfigError(f"{word}: there is nothing for a playbook to change", key="--failure", value=", ".join(shares),
                          expected='a failure of some but not all futures, such as --failure "provider_surplus_npv_gbp < 0", or '
                          "other limits under [hurdles]")  # fmt: skip
    return found


def try_all(
    futures: Futures, library: dict[str, Mitigation], jobs: int
) -> tuple[dict[str, Trial], list[dict[str, Any]]]:
    """(a trial of each mitigation that the contract can take, rows of those that it cannot)."""
    trials, skipped = {}, []
    for name, one in library.items():
        try:
            trials[name] = attempt(futures, [one], jobs)
        except NotLaidError as reason:
            skipped.append({"mitigation": name, "what": one.words, "kind": one.kind, "why": str(reason)})
    return trials, skipped


def eventualities(source: Source, failing: Sequence[Failure]) -> tuple[list[Eventuality], list[str]]:
    """(for each failure all futures and every region that was found, notes where none was)."""
    from .discover import regions
    from .discover_regions import NATURE
    from .reading import read_cases

    cases = read_cases(source, NATURE, (), failing)
    events, notes = [], []
    for one in failing:
        events.append(Eventuality(one.name, EVERYWHERE, None, 1.0))
        found = [region for region in regions(source, one, cases) if region.found]
        events += [Eventuality(one.name, region.words, region.box, region.mass) for region in found]
        if not found:
            notes.append(
                f"No region was found in which {one.name} is denser than elsewhere; its plan is for all futures."
            )
    return events, notes


def in_turn(picked: Sequence[Sequence[str]], incentives: Sequence[str]) -> list[str]:
    """Each once: the first choice of every eventuality, what works through the provider's choices, then second and third
    choices."""
    firsts = [names[0] for names in picked if names]
    return list(
        dict.fromkeys(
            [*firsts, *incentives, *(name for k in range(1, BEST) for names in picked for name in names[k : k + 1])]
        )
    )


def _alone(event: Eventuality, events: Sequence[Eventuality]) -> bool:
    """Whether a failure has no region, so that its plan is for all futures."""
    return not any(other.failure == event.failure and other.box is not None for other in events)


def _effects(futures: Futures, trials: dict[str, Trial], event: Eventuality) -> dict[str, Any]:
    among = futures.inside(event.box)
    return {name: effect(futures, trial, event.failure, among) for name, trial in trials.items()} if among.any() else {}


def _answers(
    fresh: Futures, library: dict[str, Mitigation], best: Sequence[str], jobs: int
) -> dict[str, tuple[Futures, Trial]]:  # fmt: skip
    """The provider's answer to the best and to what works through its choices, against its answer to the contract as it is."""
    from dataclasses import replace

    source = fresh.source
    plain = answer(source, source.study, jobs)
    if plain is None:
        return {}
    base = replace(fresh, base=attempt(fresh, [], jobs, strategy=plain))
    most = MOST_ANSWERS if source.strategy.name == "honest" else MOST_GAMED_ANSWERS
    found = {}
    for name in best[:most]:
        own = answer(source, lay(source.study, [library[name]]).study, jobs)
        found[name] = base, attempt(fresh, [library[name]], jobs, strategy=own)
    return found


def _signs(
    source: Source, futures: Futures, events: Sequence[Eventuality]
) -> tuple[dict[Eventuality, Signpost | None], list[str]]:
    """(the best signpost of each eventuality, notes)."""
    none: dict[Eventuality, Signpost | None] = dict.fromkeys(events)
    try:
        seen = watch(source, futures.failing, futures.nature.n)
    except DataError as error:
        return none, [f"Without signposts: {error.message}."]
    for event in events:
        found = best_signposts(source, event.failure, seen, futures.inside(event.box)[: seen.n] if event.box else None)
        none[event] = found[0] if found else None
    return none, []


def _pairs(
    fresh: Futures, library: dict[str, Mitigation], picked: dict[Eventuality, list[str]], jobs: int
) -> tuple[list[tuple[Eventuality, tuple[str, str]]], dict[tuple[str, str], Trial]]:  # fmt: skip
    """(eventuality and pair, trial of each pair) for the best of each eventuality two by two; clashing ones are left out."""
    wanted = [(event, pair) for event, names in picked.items() for pair in combinations(names[:BEST], 2)]
    trials: dict[tuple[str, str], Trial] = {}
    for _, pair in wanted:
        if pair not in trials:
            try:
                trials[pair] = attempt(fresh, [library[name] for name in pair], jobs)
            except NotLaidError:
                continue
    return wanted, trials


def _notes(n: int, failing: Sequence[Failure], wanted: Sequence[Failure], answered: dict[str, Any]) -> list[str]:
    left = [one.name for one in failing if one not in wanted]
    return [
        f"Mitigations were chosen on futures 1 to {n:,} of the run and measured on the next {n:,}; the tables of all "
        f"mitigations are "
        "from the former. Changes are paired, in the same futures; limits in pounds are those of the contract as it was signed.",
        "The provider goes on as before (its strategy is kept), except in the columns that say its answer was found again: "
        "that is done on "
        f"{ANSWERED:,} other futures for the best and for what works through its choices ({', '.join(answered) or 'none'}).",
        "A mitigation is in force from the first year, a trigger from the year after its signal; “if late” has it in force "
        "only after the "
        "signpost and its notice, in all futures. A price, a reserve, an owners' cap or notice can be agreed at signature only.",
        "Not counted: what owners ask for a larger cap or guarantee, what a bidder adds to its price for harder terms, and "
        "what is left in a "
        "pool or reserve at the end. Sizes in the standard library are judgements.",
        *([f"Left out, as it happens in none or all of the futures: {', '.join(left)}."] if left else []),
    ]
