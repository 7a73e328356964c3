"""`run --until`: how many futures a wanted precision takes, what they will cost, and adding more until it is reached.

A pilot with the study's own design says how wide the 95% interval is at a few thousand futures; the forecast follows from
that. A forecast above the limits is refused, with its cost, unless the user consents. When the futures are there the interval
is read off the run's own tables; where it is still too wide, futures are added, up to four times the forecast.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from . import layout as L
from .analysis.evaluate import simulate_with_nature
from .config.scenarios import LARGEST
from .errors import ConfigError
from .futures.design import LARGEST_NET
from .measures.designs import Design
from .measures.moments import Estimate
from .measures.precision import KEY, MEASURES, Target, forecast, of_arrays, of_folder, reached
from .results.invariants import Check
from .results.volume import bytes_of
from .strategy import Strategy
from .study import Study

PILOT = 8192
LONG_SECONDS, DISK_SHARE, FURTHER = 600.0, 0.5, 4
Say = Callable[[str], None]


def _estimate(study: Study, target: Target, strategy: Strategy, futures: int) -> tuple[Estimate, float]:
    """(estimate of the target's measure on the first futures, seconds a future)."""
    scenario = replace(study.scenarios[0], futures=futures)
    inputs = study.kernel_inputs(scenario, (strategy,))
    simulate_with_nature(inputs, 1, 1)
    began = time.perf_counter()
    out, nature = simulate_with_nature(inputs, 1, futures)
    seconds = (time.perf_counter() - began) / futures
    weight, group = nature[len(L.NATURE) + L.TAG_WEIGHT], nature[len(L.NATURE) + L.TAG_GROUP].astype(int)
    return of_arrays(target.measure, out[0], weight, group, Design.from_manifest({"design": study.design.record()})), seconds


def with_count(study: Study, futures: int) -> Study:
    """The same study with another number of futures in its first scenario."""
    form = {**study.configuration, "study": {**study.configuration["study"], "futures": futures}}
    first, *rest = study.scenarios
    return replace(study, futures=futures, scenarios=(replace(first, futures=futures), *rest), configuration=form)


def with_futures(study: Study, target: Target, strategy: Strategy, folder: Path, jobs: int, consent: bool, say: Say) -> Study:
    """The study with as many futures as the target is forecast to take, after saying what they cost.

    Errors: ConfigError where the cost is above the limits and there is no consent, or no number of futures will do.
    """
    pilot = min(PILOT, study.futures) if study.design.kind == "lhs" else PILOT
    found, seconds = _estimate(study, target, strategy, pilot)
    ahead = forecast(target, found, pilot, Design.from_manifest({"design": study.design.record()}))
    most = most_futures(study)
    cost = ahead.futures * seconds * 2 / jobs
    room = bytes_of(ahead.futures, 2, study.years_futures, study.years).total
    words = (
        f"{ahead.futures:,} futures, about {_duration(cost)} and {room / 1e9:.1f} GB "
        f"({MEASURES[target.measure].words}: half-width {found.reach:.4g} at {pilot:,} futures, {target.wanted(found.value):.4g} "
        f"wanted; {ahead.words})"
    )
    if ahead.futures > most:
        raise ConfigError("No run can be that exact.", key=KEY, value=target.text,
                          expected=f"a wider interval; this takes {words}, and at most {most:,} can be drawn")  # fmt: skip
    free = shutil.disk_usage(folder).free
    if (cost > LONG_SECONDS or room > DISK_SHARE * free) and not consent:
        raise ConfigError("That precision takes a long run.", key=KEY, value=target.text,
                          expected=f"a wider interval, another --design, or --yes to go on: it takes {words}")  # fmt: skip
    say(f"{target.text}: {words}")
    return with_count(study, ahead.futures)


def _duration(seconds: float) -> str:
    """Seconds in the unit that a reader would use."""
    for size, unit in ((86400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 2.0 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:.0f} seconds"


def grower(target: Target, limit: int, say: Say) -> Callable[[Path, Study], Study | None]:
    """A function that asks for more futures while the target is not reached and `limit` allows."""

    def grow(folder: Path, study: Study) -> Study | None:
        found = of_folder(target.measure, folder, study.scenarios[0].name)
        if reached(target, found):
            return None
        ahead = forecast(target, found, study.futures, Design.of(folder)).futures
        more = min(max(ahead, study.futures + study.futures // 4), limit)
        if study.design.kind in ("sobol", "importance"):
            more = min(max(ahead, 2 * study.futures), limit)
        if more <= study.futures:
            return None
        say(f"{target.text}: half-width {found.reach:.4g} at {study.futures:,} futures; going on to {more:,}")
        return with_count(study, more)

    return grow


def precision_check(folder: Path, study: Study, target: Target) -> Check:
    """Whether the run is as exact as it was asked to be."""
    found = of_folder(target.measure, folder, study.scenarios[0].name)
    detail = (
        f"{found.value:.6g}, 95% interval {found.low:.6g} to {found.high:.6g} by {found.method}, "
        f"{study.futures:,} futures; half-width wanted {target.wanted(found.value):.4g}"
    )
    return Check(f"precision: {target.text}", reached(target, found), detail)


def limit_of(study: Study) -> int:
    """Most futures that growing may reach: four times the forecast, within what can be drawn."""
    return min(most_futures(study), FURTHER * study.futures)


def most_futures(study: Study) -> int:
    """How many futures the study's design can draw."""
    return LARGEST_NET if study.design.kind in ("sobol", "importance") else LARGEST
