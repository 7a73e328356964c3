"""What every lever of the register has, and what a pull of nothing does."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.drivers.parameters import PARAMETERS
from stresstest.levers import GAMING, HONEST, LEVER_NUMBER, LEVERS
from stresstest.levers._lever import GRADES, PHASES
from stresstest.strategy import Strategy
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
    endings = {q.name: q for q in PARAMETERS if q.owner == "contract"}
    for clause, name, value in (change for fix in kind.fixes for change in fix.changes):
        if clause == "ending":
            assert endings[name].low <= value <= endings[name].high
            continue
        field = {f.name: f for f in TERMS[TERM_NUMBER[clause]].fields}[name]
        if field.choices:
            assert value in field.choices
        else:
            assert field.low <= value <= field.high


@pytest.mark.parametrize("kind", LEVERS, ids=lambda kind: kind.name)
def test_added_clauses_and_audits_can_be_had(dudley, kind):
    """Every clause that a fix adds fits Dudley's contract, and every audit that it buys is of a lever that is punished."""
    from stresstest.analysis.exploit import fix_parts, with_fix

    for fix in kind.fixes:
        study = with_fix(dudley.study, fix)
        assert study is not None
        added = [term.id for term in study.contract.terms[len(dudley.study.contract.terms) :]]
        assert added == [table["id"] for table in fix.added]
        assert len(fix_parts(fix)) == len(fix.changes) + len(fix.added) + len(fix.detection) + len(fix.audits)
        for lever, records in fix.audits.items():
            assert LEVERS[LEVER_NUMBER[lever]].recovers
            assert study.provider.levers[lever]["audit_records"].value == records
        for lever, chance in fix.detection.items():
            assert LEVERS[LEVER_NUMBER[lever]].recovers
            assert study.provider.levers[lever]["detection"].value == chance
        study.contract.resolve(study.place)


@pytest.mark.parametrize("kind", LEVERS, ids=lambda kind: kind.name)
def test_a_pull_of_nothing_changes_nothing(world, kind):
    """Even when called at 0 a lever leaves drivers and states as they were, bit for bit."""
    world.d[:] = np.linspace(0.1, 3.0, world.d.size).reshape(world.d.shape)
    world.set(choice_prevention=0.0, choice_efficiency=0.0)
    world.d[L.CHOICE_EFFORT : L.CHOICE_EFFORT + L.MAX_INDICATORS] = 0.0
    world.edge[:] = 0.2, 10.0, 8.0, 1.0
    world.goal[:] = 1.0
    d, s = world.d.copy(), world.s.copy()
    for year in (0, 13):
        world.pull(kind.name, 0.0, t=year, **{f.name: 0.3 for f in kind.fields})
        np.testing.assert_array_equal(world.d, d)
        np.testing.assert_array_equal(world.s, s)


@pytest.mark.parametrize("name", [kind.name for kind in LEVERS if kind.name in GAMING])
def test_who_has_left_bends_nothing(world, name):
    """Pulled as far as it goes by a provider that has left, a lever leaves world, record and states as they were.

    Levers that scale the provider's choices aside: those are silenced with the choices themselves.
    """
    kind = LEVERS[LEVER_NUMBER[name]]
    world.d[:] = np.linspace(0.1, 3.0, world.d.size).reshape(world.d.shape)
    world.set(choice_prevention=0.0)
    world.d[L.CHOICE_EFFORT : L.CHOICE_EFFORT + L.MAX_INDICATORS] = 0.0
    world.s[:] = np.linspace(0.1, 3.0, world.s.size).reshape(world.s.shape)
    world.s[L.S_RUNNING] = world.s[L.S_TIMING] = 0.0
    world.edge[:] = 0.2, 10.0, 8.0, 1.0
    for year in (0, 7):
        d, s = world.d.copy(), world.s.copy()
        world.pull(name, kind.highest, t=year, **{f.name: 0.3 for f in kind.fields})
        np.testing.assert_array_equal(world.d, d)
        np.testing.assert_array_equal(world.s, s)


@pytest.mark.parametrize("name", GAMING)
def test_a_level_of_nothing_is_the_honest_twin(dudley, honest, name):
    """A strategy that names a lever at 0 is the honest one, bit for bit, in every outcome."""
    out = dudley.outcomes(honest, Strategy("zero", {**honest.levels, name: 0.0}), n=8)
    np.testing.assert_array_equal(out[1], out[0])


def test_all_twenty_levers_of_the_catalogue_are_here():
    """L01 to L20, each once, and the honest three."""
    codes = sorted(kind.code for kind in LEVERS)
    assert codes == ["H1", "H2", "H3", *(f"L{number:02d}" for number in range(1, 21))]


@pytest.mark.parametrize("kind", LEVERS, ids=lambda kind: kind.name)
def test_what_is_claimed_back(world, kind):
    """Only a lever that is said to recover anything writes a claim."""
    world.set(paid_list_over=3.0, paid_need_over=4.0, audit_claim=-1.0)
    world.find_out(kind.name, **{f.name: 0.3 for f in kind.fields})
    assert (world.get("audit_claim")[0] != -1.0) == kind.recovers
