"""What every lever of the register has, and what a pull of nothing does."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.levers import GAMING, HONEST, LEVERS
from stresstest.levers._lever import GRADES, PHASES
from stresstest.terms import TERM_NUMBER, TERMS

pytestmark = pytest.mark.unit


def test_honest_work_comes_first():
    """Three honest levers, then the others; every lever is in exactly one of the two lists."""
    assert tuple(kind.name for kind in LEVERS[:3]) == HONEST
    assert tuple(kind.name for kind in LEVERS) == HONEST + GAMING


@pytest.mark.parametrize("kind", LEVERS, ids=lambda kind: kind.name)
def test_a_lever_is_fully_described(kind):
    """Grade, phase, bounds and row are in order; one that games says in plain words what, whom it harms, and what answers it."""
    assert kind.grade in GRADES
    assert kind.phase in PHASES
    assert kind.bends in ("world", "record")
    assert (kind.phase == "record") == (kind.bends == "record")
    assert kind.highest > 0.0
    assert len(kind.row(15, {"detection": 0.1, "fine": 0.5, **{f.name: 1.0 for f in kind.fields}})) == L.LEVER_SLOTS
    if kind.name in GAMING:
        assert all((kind.sentence.endswith("."), kind.harmed, kind.sign, kind.evidence, kind.clauses, kind.fixes))


@pytest.mark.parametrize("kind", LEVERS, ids=lambda kind: kind.name)
def test_clauses_and_fixes_exist(kind):
    """The clauses that a lever feeds on, and the field and value of each fix, are ones that the register knows."""
    for name in kind.clauses:
        assert name in TERM_NUMBER
    for clause, name, value in (change for fix in kind.fixes for change in fix.changes):
        field = {f.name: f for f in TERMS[TERM_NUMBER[clause]].fields}[name]
        if field.choices:
            assert value in field.choices
        else:
            assert field.low <= value <= field.high


@pytest.mark.parametrize("kind", LEVERS, ids=lambda kind: kind.name)
def test_a_pull_of_nothing_changes_nothing(world, kind):
    """Even when called at 0 a lever leaves drivers and states as they were, bit for bit."""
    world.d[:] = np.linspace(0.1, 3.0, world.d.size).reshape(world.d.shape)
    world.set(choice_prevention=0.0, choice_efficiency=0.0)
    world.d[L.CHOICE_EFFORT : L.CHOICE_EFFORT + L.MAX_INDICATORS] = 0.0
    world.edge[:] = 0.2, 10.0, 8.0, 1.0
    world.goal[:] = 1.0
    d, s = world.d.copy(), world.s.copy()
    world.pull(kind.name, 0.0, t=13, **{f.name: 0.3 for f in kind.fields})
    np.testing.assert_array_equal(world.d, d)
    np.testing.assert_array_equal(world.s, s)


@pytest.mark.parametrize("kind", LEVERS, ids=lambda kind: kind.name)
def test_what_is_claimed_back(world, kind):
    """Only a lever that is said to recover anything writes a claim."""
    world.set(paid_list_over=3.0, paid_need_over=4.0, audit_claim=-1.0)
    world.find_out(kind.name, **{f.name: 0.3 for f in kind.fields})
    assert (world.get("audit_claim")[0] != -1.0) == kind.recovers
