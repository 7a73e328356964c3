"""One measurement from beginning to end: ratios in this process, rules and compiled entries in processes of their own."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from . import children, counting, record
from .compiled import faults
from .ratios import SUBJECTS, Subject, first_call
from .record import Record, Rules, rules_of
from .rules import VISITS
from .setting import FUTURES, Setting
from .timing import Ratio

Say = Callable[[str], None]
PROCESSES, QUICK_PROCESSES = 5, 3
COMPILED = "compiled"


def setting_of(quick: bool) -> Setting:
    """More rounds and longer samples, or fewer and shorter ones."""
    return Setting(9, 0.02, 5) if quick else Setting()


def chosen(only: str, quick: bool) -> list[Subject]:
    """The ratios whose key holds `only`; without it all, or those of --quick."""
    if only:
        return [subject for subject in SUBJECTS if only in subject.key]
    return [subject for subject in SUBJECTS if subject.quick or not quick]


def ratios(subjects: Sequence[Subject], of: Setting, say: Say) -> dict[str, Ratio]:
    """Measure ratios in their order."""
    found = {}
    for subject in subjects:
        say(f"measuring {subject.key}")
        found[subject.key] = subject.measure(of)
    return found


def rule_answers(only: str, processes: int, say: Say) -> list[dict[str, float]]:
    """Costs of the rules whose name holds `only`, from so many processes."""
    answers = []
    for k in range(processes):
        say(f"measuring rules, process {k + 1} of {processes}")
        answers.append(children.ask("rules", only, VISITS))
    return answers


def rules(only: str, processes: int, say: Say) -> Rules:
    """Cost of each rule with its least and most."""
    answers = rule_answers(only, processes, say)
    return rules_of(answers) if answers[0] else {}


def instructions(only: str, say: Say) -> dict[str, int]:
    """Instructions of each rule, where valgrind is here."""
    if not counting.available():
        say("no valgrind here: instructions are not counted")
        return {}
    say("counting the instructions of rules")
    return counting.counted(only)


def compiled(say: Say) -> tuple[dict[str, int], list[str]]:
    """(signatures by entry, faults). Where the cache was cold, a second process tells what a warm one still compiles."""
    say("running through all that a user can reach, to see what is compiled")
    found = children.ask(COMPILED)
    if any(own["compiled"] for own in found.values()):
        say("something was compiled; a second process must find it in the cache")
        found = children.ask(COMPILED)
    return {name: own["signatures"] for name, own in sorted(found.items())}, faults(found, warm=True)


def measure(only: str, quick: bool, say: Say) -> Record:
    """A whole record, or the part of it whose names hold `only`."""
    of, subjects = setting_of(quick), chosen(only, quick)
    own = Record(environment={"load": record.load()})
    if subjects:
        say("compiling the kernel, or loading it from the cache")
        of.seconds["first call of the kernel"] = round(first_call(of), 2)
        own.ratios = ratios(subjects, of, say)
        own.counts = {"normals": of.normals, "draws": of.draws, "normals_of_plan": of.normals_of_plan}
    if not only or not subjects:
        own.rules = {} if only == COMPILED else rules(only, QUICK_PROCESSES if quick else PROCESSES, say)
        own.instructions = instructions(only, say) if own.rules else {}
    if not only or only == COMPILED:
        own.compiled, own.faults = compiled(say)
    own.seconds = of.seconds
    own.settings = {"quick": quick, "rounds": of.rounds, "least_sample_s": of.least, "futures": FUTURES, "only": only}
    return record.stamped(own)


def timed(work: Callable[[], Record]) -> Record:
    """The record with the seconds that all of it took."""
    began = time.perf_counter()
    found = work()
    found.seconds["whole measurement"] = round(time.perf_counter() - began, 1)
    return found
