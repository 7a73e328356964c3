"""The first figures of a run are those of its own kernel, soon and short."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.evaluate import Arena
from stresstest.analysis.first_look import first_look, spread
from stresstest.futures.plan import VERIFY_FIRST
from stresstest.units import percent

pytestmark = pytest.mark.unit


def test_a_spread_has_its_middle_and_its_ends():
    """The middle of 0 … 100 is 50, and nine in ten lie between 5 and 95."""
    assert spread(np.arange(101.0) * 1e6) == "£50.0m in the middle (9 in 10 between £5.00m and £95.0m)"


@pytest.mark.parametrize(("futures", "told"), [(500, "500"), (100_000, "2,048")])
def test_the_look_is_taken_on_fresh_futures(dudley, honest, futures, told):
    """As many as the run has, 2,048 at most; its figures are those of these futures under this strategy."""
    scenarios = (replace(dudley.study.scenarios[0], futures=futures), *dudley.study.scenarios[1:])
    study = replace(dudley.study, scenarios=scenarios)
    line = first_look(study, honest)
    assert line.startswith(f"first look, {told} futures of honest work")
    out = Arena(study, scenarios[0], VERIFY_FIRST, min(futures, 2048), 1).outcomes([honest])[0]
    assert spread(out[L.OUT["provider_surplus_npv_gbp"]]) in line
    assert line.endswith(f"ends early in {percent(float((out[L.OUT['exit_year_index']] >= 0).mean()), 0)}")


def test_the_look_is_taken_on_the_prepared_study(dudley, honest, monkeypatch):
    """Under the worst dependence a run looks where its scenario is, not at independent draws."""
    from stresstest import verbs
    from stresstest.analysis import exploit
    from stresstest.analysis import first_look as module
    from stresstest.analysis.preparation import prepare

    class EnoughError(Exception):
        """The look has been taken."""

    worst = tuple(one for one in dudley.study.scenarios if one.dependence == "worst") or tuple(
        replace(one, dependence="worst") for one in dudley.study.scenarios[:1]
    )
    study, seen = replace(dudley.study, scenarios=worst[:1]), []

    def look(found, strategy):
        seen.append((found, strategy))
        raise EnoughError

    monkeypatch.setattr(module, "first_look", look)
    monkeypatch.setattr(exploit, "play", lambda study, jobs, say, once_honest: once_honest(honest))
    monkeypatch.setattr(verbs, "_require_sense", lambda *_: None)
    with pytest.raises(EnoughError):
        verbs.simulate_study(study, "nowhere", jobs=1, quiet=True)
    assert seen[0][0].coupling_of(worst[0]) is not None
    np.testing.assert_array_equal(seen[0][0].coupling_of(worst[0]), prepare(study, honest).coupling_of(worst[0]))
