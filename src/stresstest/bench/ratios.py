"""The ratios that are measured: what, against what, and by how much a ratio may be worse before it counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from . import files, setting, starting
from .setting import FUTURES, LOOP_FUTURES, TWIN_FUTURES, Setting
from .timing import Ratio, Work, interleaved, seconds_of


@dataclass(frozen=True)
class Subject:
    """One ratio: its key, candidate and baseline in words, how it is measured.

    `tolerance` is the share by which its interval must lie beyond the stored one to count; `higher` where more is better; `quick`
    where --quick measures it; `needs` names another ratio and the least that it must be for this one to be judged.
    """

    key: str
    candidate: str
    baseline: str
    measure: Callable[[Setting], Ratio]
    tolerance: float
    higher: bool = False
    quick: bool = True
    needs: tuple[str, float] | None = None


def scaled(ratio: Ratio, factor: float = 1.0, less: float = 0.0) -> Ratio:
    """factor · ratio − less, in all its figures."""
    own = {name: factor * getattr(ratio, name) - less for name in ("median", "low", "high", "lower_quartile", "upper_quartile")}
    return replace(ratio, **own)


def kernel_vs_sfc64_normals(of: Setting) -> Ratio:
    """The kernel with its draws, against drawing as many normals."""
    return interleaved(setting.kernel(of.honest), setting.normals(of.normals), of.rounds, least=of.least)


def sampler_vs_sfc64_normals(of: Setting) -> Ratio:
    """Draws and axes alone, against drawing as many normals."""
    return interleaved(setting.sampler(of.honest), setting.normals(of.normals), of.rounds, least=of.least)


def numpy_twin_vs_kernel(of: Setting) -> Ratio:
    """The vectorised twin against the kernel, both with their draws."""
    return interleaved(setting.twin(of.honest), setting.kernel(of.honest, TWIN_FUTURES), of.few_rounds, least=of.least)


def python_loop_vs_kernel(of: Setting) -> Ratio:
    """The plain loop against the kernel, per future."""
    ratio = interleaved(setting.loop(of.honest), setting.kernel(of.honest), of.few_rounds, least=of.least)
    return scaled(ratio, FUTURES / LOOP_FUTURES)


def eight_levers_extra(of: Setting) -> Ratio:
    """What eight counterfactuals on the same draws take on top of the honest life, as a share of it."""
    ratio = interleaved(setting.kernel(of.gamed), setting.kernel(of.honest), of.rounds, least=of.least)
    return scaled(ratio, less=1.0)


def two_threads_vs_one(of: Setting) -> Ratio:
    """Two halves one after the other, against both at once."""
    half = [setting.kernel(of.honest), setting.kernel(of.honest)]

    def in_turn() -> None:
        for part in half:
            part()

    return interleaved(in_turn, setting.in_threads(list(half)), of.rounds, least=2 * of.least, clock=time.perf_counter)


def two_threads_of_yardstick(of: Setting) -> Ratio:
    """What two threads of plain arithmetic gain here and now: what the machine has to give."""
    one, two = setting.yardsticks(1), setting.yardsticks(2)
    ratio = interleaved(one, two, of.rounds, least=of.least, clock=time.perf_counter)
    return scaled(ratio, 2.0)


def gaming_search_vs_kernel(of: Setting) -> Ratio:
    """A search for the best levels of three levers, against the kernel for as many strategies and futures."""
    work, strategies, futures = setting.search(of.study)
    ratio = interleaved(work, setting.kernel(of.honest, futures), of.few_rounds, least=of.least)
    return scaled(ratio, 1.0 / strategies)


def layer_terms_vs_numpy(of: Setting) -> Ratio:
    """Rows of one excess-of-loss layer through settlement, against the same sums in numpy."""
    settle, plain = setting.layered(100_000)
    return interleaved(settle, plain, of.few_rounds, least=of.least)


def once_each(candidate: Work, baseline: Work, rounds: int) -> Ratio:
    """Candidate and baseline in turns, by the wall clock, each once in a round: for what is too long to be repeated."""
    return interleaved(candidate, baseline, rounds, least=0.0, clock=time.perf_counter)


def tables_vs_kernel(of: Setting) -> Ratio:
    """Writing a chunk's tables, against simulating it."""
    with files.chunk(of) as (write, simulate):
        return once_each(write, simulate, of.few_rounds)


def run_vs_kernel(of: Setting) -> Ratio:
    """A whole run to its folder with one job, against simulating its chunks and writing nothing."""
    with files.run(of, 1) as (run, simulate):
        return once_each(run, simulate, max(3, of.few_rounds // 2))


def report_vs_kernel(of: Setting) -> Ratio:
    """The report of a finished run, against the kernel for 100,000 futures."""
    with files.report(of) as render:
        ratio = once_each(render, setting.kernel(of.honest), 3)
    return scaled(ratio, FUTURES / 100_000)


def started(of: Setting, key: str, words: starting.Command, rounds: int) -> Ratio:
    """A command against an empty Python, in processor time; notes its seconds by the wall clock."""
    ratio = interleaved(words, starting.empty(), rounds, least=0.0, clock=starting.clock)
    of.seconds[key] = words.seconds
    return ratio


def help_vs_python(of: Setting) -> Ratio:
    """`stresstest --help` against an empty Python."""
    return started(of, "help", starting.command("--help"), of.few_rounds)


def check_vs_python(of: Setting) -> Ratio:
    """`stresstest check dudley` against an empty Python."""
    return started(of, "check", starting.command("check", "dudley"), of.few_rounds)


def first_run_vs_python(of: Setting) -> Ratio:
    """A first small run, kernel in the cache, against an empty Python."""
    with starting.small_run() as run:
        return started(of, "first run", run, 3)


def first_look_vs_python(of: Setting) -> Ratio:
    """A small run up to its first figures, kernel in the cache, against an empty Python."""
    with starting.small_look() as run:
        return started(of, "first look", run, of.few_rounds)


def first_call(of: Setting) -> float:
    """Seconds of the first call of the kernel in this process: compiled, or loaded from the cache."""
    return seconds_of(setting.kernel(of.honest, 64), 1, time.perf_counter)


NORMALS = "as many normals by numpy's SFC64"
SUBJECTS = (
    Subject("kernel_vs_sfc64_normals", "a future drawn and lived, whole row of outcomes", NORMALS, kernel_vs_sfc64_normals, 0.12),
    Subject("sampler_vs_sfc64_normals", "a future drawn, axes included", NORMALS, sampler_vs_sfc64_normals, 0.12),
    Subject("eight_levers_extra", "eight levers on the same draws, on top", "the honest life", eight_levers_extra, 0.25),
    Subject("numpy_twin_vs_kernel", "the model in numpy, vectorised", "the kernel", numpy_twin_vs_kernel, 0.80, higher=True),
    Subject("python_loop_vs_kernel", "the model as a Python loop", "the kernel", python_loop_vs_kernel, 0.40, higher=True),
    Subject("gaming_search_vs_kernel", "a search over levers", "the kernel for as many lives", gaming_search_vs_kernel, 0.30),
    Subject("layer_terms_vs_numpy", "a layer's rows through settlement", "the same sums in numpy", layer_terms_vs_numpy, 0.40),
    Subject("two_threads_of_yardstick", "one thread of arithmetic", "two threads", two_threads_of_yardstick, 9.0, higher=True),
    Subject("two_threads_vs_one", "one thread of futures", "two threads", two_threads_vs_one, 0.10, higher=True,
            needs=("two_threads_of_yardstick", 1.8)),
    Subject("tables_vs_kernel", "writing a chunk's tables", "simulating it", tables_vs_kernel, 0.80),
    Subject("help_vs_python", "stresstest --help", "an empty Python", help_vs_python, 0.40),
    Subject("check_vs_python", "stresstest check dudley", "an empty Python", check_vs_python, 0.40),
    Subject("first_look_vs_python", "a small run's first figures", "an empty Python", first_look_vs_python, 0.40),
    Subject("first_run_vs_python", "a first small run", "an empty Python", first_run_vs_python, 0.40, quick=False),
    Subject("run_vs_kernel", "a whole run to its folder", "its futures, nothing written", run_vs_kernel, 0.50, quick=False),
    Subject("report_vs_kernel", "the report of a run", "100,000 futures", report_vs_kernel, 0.40, quick=False),
)  # fmt: skip
BY_KEY = {subject.key: subject for subject in SUBJECTS}
