"""Freedom to move money: between services, under a limit, between years."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from stresstest.config.load import load_study
from stresstest.errors import DataError
from stresstest.gaming import freedom, virement
from stresstest.gaming.services import gaming_folder, harms, services
from stresstest.levers import GAMING
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def lines(dudley):
    """Dudley's service lines."""
    return services(dudley.study)


@pytest.mark.parametrize("name", ["dudley", "dudley-244m", "dudley-status-quo"])
def test_every_line_in_scope_is_known(name):
    """Each shipped study's service lines have a row, and their money is the contract's scope."""
    study = load_study(name)
    found = services(study)
    assert [service.name for service in found] == list(study.contract.scope)
    assert sum(service.budget_gbp for service in found) == pytest.approx(sum(study.contract.scope.values()))


def test_free_parts_add_up_to_the_share_that_the_lever_has(dudley, lines):
    """The judgements by line and the one judgement of lever disinvestment say the same to within half a per cent of scope."""
    part = sum(service.free_gbp for service in lines) / sum(service.budget_gbp for service in lines)
    lever = dudley.study.provider.levers["disinvestment"]["unmeasured_share"].value
    assert part == pytest.approx(lever, abs=0.005)


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("services.csv", "community physical health", "community phisical health", "line"),
        ("services.csv", "commissioner,0.5,0.6", "commissioner,1.5,0.6", "measured_share"),
        ("services.csv", "commissioner,0.5,0.6", "comissioner,0.5,0.6", "funded_by"),
        ("services.csv", "measured_share", "measured", "measured_share"),
    ],
)
def test_a_wrong_table_of_services_is_named(tmp_path, dudley, file, old, new, key):
    """A misspelt line, a share above 1, an unknown funder and a missing column end in an error that names them."""
    text = (gaming_folder() / file).read_text(encoding="utf-8")
    path = tmp_path / file
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        services(dudley.study, path)
    assert key in caught.value.key
    assert caught.value.exit_code == 3


def test_bands_share_all_of_a_harm(tmp_path):
    """Shares by band add up to 1 for every lever, and a steep harm falls hardest on the most deprived."""
    found = harms()
    assert set(found) == set(GAMING)
    for harm in found.values():
        assert sum(harm.by_band.values()) == pytest.approx(1.0)
    first = next(iter(found["exception_reporting"].by_band))
    assert found["exception_reporting"].by_band[first] > found["skimping"].by_band[first] > found["upcoding"].by_band[first]
    shutil.copytree(gaming_folder(), tmp_path / "gaming")
    path = tmp_path / "gaming" / "harm.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",steep,", ",step,"), encoding="utf-8")
    with pytest.raises(DataError, match="steep"):
        harms(tmp_path / "gaming")


def test_cutting_one_service_harms_by_its_own_factor(small, lines):
    """Where nobody can fail, health lost per pound is the place's, times the line's factor, put off by its lag."""
    game = small(futures=4)
    study = game.study
    service = next(line for line in lines if line.name == "adult social care")
    factor = virement.present_factor(study, service)
    assert factor == pytest.approx(service.qaly_factor * 1.015**-service.lag_years)
    cut = virement.with_cuts(study, 0.01, factor)
    base = study.place.parameters[virement.HEALTH_KEY].value
    assert cut.place.parameters[virement.HEALTH_KEY].value == pytest.approx(factor * base)
    assert cut.provider.levers["disinvestment"]["unmeasured_share"].value == 0.01
    assert study.place.parameters[virement.HEALTH_KEY].value == base


def test_a_line_of_which_nothing_is_free_gains_and_harms_nothing(small, lines):
    """Commissioning functions cannot be moved; the other lines gain where they are cut by more."""
    rows = {row["service"]: row for row in freedom.by_service(small(futures=4), lines)}
    idle = rows["commissioning functions"]
    assert idle["gain_mean_gbp"] == idle["harm_qaly_mean"] == idle["free_gbp"] == 0.0
    assert len(rows) == len(lines)


def test_the_mean_factor_follows_what_is_cut_first(dudley, lines):
    """With consent the council's services are cut last: until then the mean is that of the others."""
    others = [line for line in lines if line.funded_by != "council"]
    free = sum(line.free_gbp for line in lines)
    level = sum(line.free_gbp for line in others) / free
    only = virement.mean_factor(dudley.study, tuple(others))
    assert virement.mean_factor(dudley.study, lines, level, True) == pytest.approx(only)
    assert virement.mean_factor(dudley.study, lines, 1.0, True) == pytest.approx(virement.mean_factor(dudley.study, lines))
    assert virement.mean_factor(dudley.study, lines, 0.0, True) == pytest.approx(virement.mean_factor(dudley.study, lines))


def test_allowed_levels_rise_with_the_limit(lines):
    """No limit allows nothing without consent, all of the others' services with it; a full limit allows everything."""
    for consent in virement.CONSENTS:
        found = [virement.allowed_level(lines, limit, consent) for limit in virement.LIMITS]
        assert found == sorted(found)
        assert found[-1] == 1.0
    assert virement.allowed_level(lines, 0.0, "none") == 0.0
    own = sum(line.free_gbp for line in lines if line.funded_by == "council")
    free = sum(line.free_gbp for line in lines)
    assert virement.allowed_level(lines, 0.0, "council") == pytest.approx(1.0 - own / free)


def paid_back(study, level, n=6):
    """Mean of what a provider pays back in each year under a study's virement limits (£), and what it cut."""
    from dataclasses import replace

    from stresstest import layout as L
    from stresstest.analysis.evaluate import simulate_years

    strategy = Strategy("cut", {"disinvestment": level})
    inputs = study.kernel_inputs(study.scenarios[0], (strategy,))
    yearly = simulate_years(replace(inputs), 1, n, len(study.line_names), drivers=True)[0]
    lines = [len(L.YEARLY) + k for k, name in enumerate(study.line_names) if name.endswith("virement_limit")]
    drivers = yearly[len(L.YEARLY) + len(study.line_names) :]
    return -yearly[lines].sum(axis=0), drivers[L.RECORD_DISINVESTED], drivers[L.RECORD_AGREED]


@pytest.mark.parametrize("limit", [0.0, 0.02])
def test_what_is_moved_beyond_the_limit_is_paid_back_with_the_penalty(dudley, lines, limit):
    """The clauses that are added pay what the clause says, on the services' unmeasured budget."""
    part = sum(s.free_gbp for s in lines) / sum(s.budget_gbp for s in lines)
    study = virement.with_limit(virement.with_cuts(dudley.study, part, 1.0), lines, limit, "none", 0.5)
    back, cut, agreed = paid_back(study, 1.0)
    unmeasured = sum(s.unmeasured_gbp for s in lines) / sum(s.budget_gbp for s in lines)
    np.testing.assert_allclose(back, 1.5 * np.maximum(0.0, cut - limit * unmeasured * agreed), rtol=1e-6, atol=1.0)
    assert np.any(back > 0.0)


def test_consent_frees_what_the_council_does_not_fund(dudley, lines):
    """With consent and no limit of its own the council is paid back only for cuts beyond the others' free part."""
    part = sum(s.free_gbp for s in lines) / sum(s.budget_gbp for s in lines)
    others = sum(s.free_gbp for s in lines if s.funded_by != "council") / sum(s.free_gbp for s in lines)
    study = virement.with_limit(virement.with_cuts(dudley.study, part, 1.0), lines, 0.0, "council", 0.5)
    free, _, _ = paid_back(study, 0.95 * others)
    whole, cut, _ = paid_back(study, 1.0)
    assert np.all(free == 0.0)
    np.testing.assert_allclose(whole[cut > 0.0], 1.5 * (1.0 - others) * cut[cut > 0.0], rtol=0.05)


def test_a_limit_of_nothing_leaves_no_cuts(small, lines):
    """Under a limit of nothing without consent the best response cuts no service, and with full freedom it does."""
    game = small(futures=4)
    none, full = (virement.at_limit(game, lines, limit, "none") for limit in (0.0, 1.0))
    assert none["disinvestment_level"] == 0.0
    assert full["disinvestment_level"] > 0.5
    assert full["gain_mean_gbp"] > none["gain_mean_gbp"]


def test_an_honest_provider_feels_no_limit(small, lines, honest):
    """Nothing is paid under a virement limit where nothing is moved."""
    game = small()
    study = virement.with_limit(game.study, lines, 0.0, "council")
    before, after = (one.kernel_inputs(one.scenarios[0], (honest,)) for one in (game.study, study))
    from stresstest.analysis.evaluate import simulate

    np.testing.assert_array_equal(simulate(before, 1, 6), simulate(after, 1, 6))


def test_windows_hold_their_years_and_no_more_than_the_allowance():
    """Carried forward, an allowance may be spent late and never before it has come in."""
    plain, carried = freedom.windows(15, 0.2, False), freedom.windows(15, 0.2, True)
    assert plain["all years"] == (0.2,) * 15
    assert plain["last five"] == (0.0,) * 10 + (0.2,) * 5
    assert carried["first five"] == plain["first five"]
    assert carried["last five"] == pytest.approx((0.0,) * 10 + (0.6,) * 5)
    assert sum(carried["last five"]) == pytest.approx(15 * 0.2)
    assert max(freedom.windows(15, 0.5, True)["last five"]) == 1.0
    assert set(freedom.windows(3, 0.5, False)["last five"]) == {0.5}


def test_rows_of_all_parts_have_the_same_columns(small):
    """One table holds services, limits and years."""
    found = freedom.freedom(small(futures=2), limits=(0.0,))
    rows = found.rows()
    assert {row["part"] for row in rows} == {"service", "limit", "years"}
    assert len({tuple(row) for row in rows}) == 1
    assert [row["consent"] for row in found.limits] == ["", "none", "council"]
    assert len(found.years) == 9
