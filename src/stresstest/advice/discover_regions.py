"""Regions of futures in which a contract fails: boxes found on one half of the futures and judged on the other.

Half of the futures are searched (at most SEARCHED of them, failing and other ones in equal number, weighed back), and all the
others judge what is found. A box counts as found where it is denser than what lies outside it on the futures that judge, at 5%
after Bonferroni's correction for every box that was tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..futures import resampling
from ..methods.box import Box
from ..methods.cases import Cases
from ..methods.prim import MOST_BOXES, RESAMPLES, Found, cover, enough, require_both
from ..methods.prim_checks import Judged, judge
from .discover_words import box_words
from .failures import Failure, failure
from .reading import AXIS_MEANS, OTHERS, read_cases
from .source import Source

SEARCHED = 100_000
SIGNIFICANT = 0.05
#: Means of the axes and all else that nature decides.
NATURE = AXIS_MEANS + OTHERS
FOUND, NOT_FOUND, TOO_FEW = "found", "nothing found", "too few futures"


@dataclass(frozen=True)
class Region:
    """A box and what it is worth on futures that it was not found on.

    `words` says the box, and `failure` of what; shares are fractions: `coverage` of all failures that lie inside, `density`
    of futures inside that fail (with its standard error and 95% interval), `mass` of all futures that lie inside, `base` of
    all futures that fail. `lift` density / base. `p_value` after Bonferroni's correction, against the futures outside (those in
    earlier boxes left aside); `found` where it is below 5%.
    """

    failure: str
    words: str
    box: Box
    coverage: float
    density: float
    density_error: float
    density_low: float
    density_high: float
    lift: float
    mass: float
    base: float
    p_value: float
    found: bool


@dataclass(frozen=True)
class Look:
    """A search among some factors for one failure.

    `held` the cases that judge; for each box what was found, how it is judged among all of them, and as a region; the same for
    the cores; `verdict` found, nothing found, or too few futures.
    """

    failure: str
    name: str
    held: Cases
    found: tuple[Found, ...]
    judged: tuple[Judged, ...]
    regions: tuple[Region, ...]
    cores: tuple[Judged, ...]
    core_regions: tuple[Region, ...]
    verdict: str

    @property
    def boxes(self) -> list[Box]:
        """Boxes that count as found."""
        return [one.box for one in self.regions if one.found]


def sampled(cases: Cases, result: str, most: int = SEARCHED) -> Cases:
    """At most about `most` of the cases: failing and other ones in equal number where both are many, weighed back."""
    failing = cases.result(result) > 0.5
    if cases.n <= most:
        return cases
    hits = int(failing.sum())
    few = min(hits, cases.n - hits)
    rare = min(few, most // 2)
    common = (most - rare) / (cases.n - few)
    chance = np.where(failing == (hits == few), rare / few, common)
    chosen = resampling.uniforms(resampling.key_of("discover sample"), 1, cases.n)[0] < chance
    part = cases.rows(chosen)
    return replace(part, weight=part.weight / chance[chosen])


def thinned(cases: Cases, most: int) -> Cases:
    """At most about `most` of the cases, by chance."""
    if cases.n <= most:
        return cases
    return cases.rows(resampling.uniforms(resampling.key_of("discover thin"), 1, cases.n)[0] < most / cases.n)


def look(
    searched: Cases, held: Cases, result: str, factors: Sequence[str], name: str = "nature", tests: int = MOST_BOXES,
    rounds: int = RESAMPLES,
) -> Look:  # fmt: skip
    """Search half of the cases among some factors, and judge what is found on the other half; `tests` boxes are tried in all."""
    empty = Look(result, name, held, (), (), (), (), (), TOO_FEW)
    if not (enough(searched, result) and enough(held, result)):
        return empty
    boxes = cover(sampled(searched, result).only(factors), result, rounds=rounds)
    words = {one.name: one for one in held.factors}
    whole, regions, cores, core_regions = [], [], [], []
    left = np.ones(held.n, dtype=bool)
    for one in boxes:
        whole.append(judge(held, result, one.box))
        p_value = judge(held, result, one.box, left).p_value
        regions.append(region_of(result, one.box, box_words(one.box, words), whole[-1], p_value, tests))
        cores.append(judge(held, result, one.core))
        core_regions.append(region_of(result, one.core, box_words(one.core, words), cores[-1], cores[-1].p_value, tests))
        left &= ~one.box.inside(held)
    verdict = FOUND if any(one.found for one in regions) else NOT_FOUND
    return Look(result, name, held, tuple(boxes), tuple(whole), tuple(regions), tuple(cores), tuple(core_regions), verdict)


def region_of(result: str, box: Box, words: str, judged: Judged, p_value: float, tests: int) -> Region:
    """A judged box as a region, its p-value corrected for the number of tests."""
    adjusted = min(1.0, p_value * tests)
    dense, base = judged.density, judged.base.value
    found = bool(box.limits) and adjusted < SIGNIFICANT
    return Region(result, words, box, judged.coverage.value, dense.value, dense.error, dense.low, dense.high, judged.lift,
                  judged.mass.value, base, adjusted, found)  # fmt: skip


def regions(source: Source, failure: Failure | str, cases: Cases | None = None) -> list[Region]:
    """Up to four regions in which a run's contract fails, by all that nature decides, the best first; none where none is found.

    `cases` spares the reading: factors, and a result named after the failure. Errors: ConfigError where nothing or everything
    fails.
    """
    wanted = _failure(source, failure)
    own = cases if cases is not None else read_cases(source, NATURE, (), (wanted,))
    require_both(own, wanted.name)
    searched, held = own.halves()
    names = [name for name in own.names if name not in own.constant()]
    return [one for one in look(searched, held, wanted.name, names).regions if one.found]


def _failure(source: Source, given: Failure | str) -> Failure:
    return given if isinstance(given, Failure) else failure(source.study, given)
