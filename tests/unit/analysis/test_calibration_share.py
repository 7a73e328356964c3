"""The fit of a share gives back the link, the noise and the persistence that it was made with."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.analysis import calibration_share as S
from stresstest.futures.marginals import smooth_step

pytestmark = pytest.mark.unit
PASSAGE = S.Passage(0.0, 6.0, 8.0)
LINK, NOISE, PERSISTENCE = -0.5, 0.01, 0.6


def made(stretches: int, moves: float) -> tuple[np.ndarray, np.ndarray]:
    """(share, surprise): levels that move at the start of each stretch, noise, and surprises that last like it."""
    rng = np.random.default_rng(21)
    years = 15 * stretches
    levels = 0.4 + moves * rng.standard_normal(stretches + 1)
    surprise, noise = 0.025 * rng.standard_normal(years), NOISE * rng.standard_normal(years)
    share, carried = np.empty(years), 0.0
    for t in range(years):
        carried = PERSISTENCE * carried + noise[t] + LINK * surprise[t]
        k, year = divmod(t, 15)
        gone = smooth_step((year + 1.0 - 2.0) / 8.0)
        share[t] = levels[k] + (levels[k + 1] - levels[k]) * gone + carried
    return share, surprise


def check(fit: S.ShareFit) -> None:
    """Each number within four of its errors."""
    assert fit.link.value == pytest.approx(LINK, abs=4 * fit.link.error)
    assert fit.noise.value == pytest.approx(NOISE, abs=4 * fit.noise.error)
    assert fit.persistence.value == pytest.approx(PERSISTENCE, abs=4 * fit.persistence.error)


def test_a_path_is_two_levels_and_a_passage():
    """Thirteen starts, half a year apart; the weights of the two levels add to one and the second only grows."""
    designs = PASSAGE.designs(15)
    assert len(designs) == 13
    for design in designs:
        np.testing.assert_allclose(design.sum(axis=1), 1.0)
        assert (np.diff(design[:, 1]) >= 0.0).all()
    assert designs[0][0, 1] == pytest.approx(smooth_step(1.0 / 8.0))
    assert designs[-1][5, 1] == 0.0


def test_moving_levels_leave_no_trace_in_the_noise():
    """Where the stretches are cut as the levels moved, levels ten times as large as the noise change nothing."""
    share, surprise = made(120, 0.1)
    parts = [np.arange(k, k + 15) for k in range(0, share.size, 15)]
    lasts = S.lasting(surprise, PERSISTENCE)
    check(S.fit_one_cutting(share, lasts, parts, S.paths_of(PASSAGE.designs(15))))


def test_every_cutting_is_averaged():
    """Without moves any cutting will do: the average over all of them gives back the numbers."""
    share, surprise = made(40, 0.0)
    check(S.fit_share(share, S.lasting(surprise, PERSISTENCE), PASSAGE))


def test_surprises_fade_at_the_pace_of_the_noise():
    """The pace at which surprises fade is found together with the noise's own, and the two agree."""
    share, surprise = made(16, 0.0)
    fit = S.fit_lasting(share, surprise, PASSAGE)
    again = S.fit_share(share, S.lasting(surprise, fit.persistence.value), PASSAGE)
    assert again.persistence.value == pytest.approx(fit.persistence.value, abs=0.02)
    assert fit.link.value == pytest.approx(LINK, abs=4 * fit.link.error)
    assert fit.noise.value < 0.8 * S.fit_share(share, surprise, PASSAGE).noise.value + 0.2 * NOISE


def test_what_lasts_adds_up():
    """By hand: 1, then half of it and 2, then half of that and 3."""
    np.testing.assert_allclose(S.lasting(np.array([1.0, 2.0, 3.0]), 0.5), [1.0, 2.5, 4.25])
