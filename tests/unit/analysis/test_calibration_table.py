"""The table of fits, and the shipped configuration that is held to it."""

from __future__ import annotations

import math
from typing import Any

import pytest

from stresstest.analysis import calibration_table as T
from stresstest.config.axes import read_axes
from stresstest.config.folders import config_folder, data_folder
from stresstest.config.section import read_toml
from stresstest.layout import AXES

pytestmark = pytest.mark.unit
CONFIGS = config_folder()
DATA = data_folder(CONFIGS)
#: Decimals to which the configuration rounds what it takes from the fits.
TAKEN = {
    ("economy", "crisis.probability"): 4, ("economy", "crisis.size"): 3, ("economy", "crisis.spread"): 3,
    ("state", "noise.sd"): 3, ("state", "noise.persistence"): 2, ("state", "noise.link"): 2,
}  # fmt: skip


def form_of(name: str) -> dict[str, Any]:
    """Effective form of a shipped axes file."""
    path = CONFIGS / "axes" / f"{name}.toml"
    return read_axes(read_toml(path), path)[1]


@pytest.fixture(scope="module", params=["calibrated-2018", "calibrated-latest"])
def form(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Each of the two shipped files."""
    return form_of(request.param)


@pytest.fixture(scope="module")
def rows(form: dict[str, Any]) -> list[dict[str, Any]]:
    """Its table."""
    return T.fitted_rows(DATA, form)


def test_fitted_values_are_the_fits(rows):
    """What is marked as fitted is the fit, rounded; nothing else is marked so."""
    taken = {(row["axis"], row["parameter"]): row for row in rows if row["verdict"] == "taken"}
    assert set(taken) == set(TAKEN)
    for key, decimals in TAKEN.items():
        assert taken[key]["configured"] == pytest.approx(round(taken[key]["fitted"], decimals), abs=1e-12), key
        assert taken[key]["error"] > 0.0


def test_nothing_lies_further_from_its_fit_than_two_errors(rows):
    """What is not taken from the fit lies within two standard errors of it, or there is no fit."""
    for row in rows:
        assert row["verdict"] in ("taken", "kept", "judged"), row
        assert (row["verdict"] == "judged") == math.isnan(row["fitted"])
        assert row["verdict"] != "kept" or row["apart"] <= T.APART


def test_what_has_no_series_is_judged(rows):
    """Responsibility, control and technology are judged throughout; of vacancies only a mean and a spread are fitted."""
    judged = {axis: {r["parameter"] for r in rows if r["axis"] == axis and r["verdict"] == "judged"} for axis in AXES}
    for axis in ("responsibility", "control", "technology"):
        assert judged[axis] == set(T.PARAMETERS)
    assert {"noise.sd", "noise.persistence", "noise.link"} <= judged["workforce"]
    for row in rows:
        assert row["source"], (row["axis"], row["parameter"])


def test_every_value_of_today_has_its_date(form):
    """Each axis starts from a dated value."""
    for axis in AXES:
        assert form[axis]["today"]["date"], axis


def test_the_two_files_have_one_process():
    """Only today's values differ between the base years."""
    before, latest = form_of("calibrated-2018"), form_of("calibrated-latest")
    for axis in AXES:
        for name in (*T.PARAMETERS[1:], *(T.CRISIS if axis == "economy" else ())):
            assert T.entry(before, axis, name)[0] == T.entry(latest, axis, name)[0], (axis, name)
    assert T.base_year_of(before) < T.base_year_of(latest)


def test_the_latest_file_starts_from_the_record():
    """Its growth is the fit's, to a tenth of a point, and its share the last that is in the record."""
    rows = {(r["axis"], r["parameter"]): r for r in T.fitted_rows(DATA, form_of("calibrated-latest"))}
    assert rows["economy", "today"]["configured"] == pytest.approx(round(rows["economy", "today"]["fitted"], 3))
    assert rows["state", "today"]["configured"] == rows["state", "today"]["fitted"]


def test_a_group_gives_its_mark_to_its_numbers():
    """A number takes value, quality and source from itself, and from its group where it says nothing."""
    form = {"economy": {"crisis": {
        "size": {"value": 0.1, "quality": "unstated", "source": ""}, "quality": "fitted", "source": "the group",
        "spread": {"value": 0.2, "quality": "judgement", "source": "its own"},
    }}}  # fmt: skip
    assert T.entry(form, "economy", "crisis.size") == (0.1, "fitted", "the group")
    assert T.entry(form, "economy", "crisis.spread") == (0.2, "judgement", "its own")


def test_the_chain_of_health_funding_is_reported(dudley):
    """Four numbers with the chain's lag and four without, beside the place's own."""
    place = dudley.study.effective()["place"]
    rows = T.funding_rows(DATA, place)
    assert [(row["lag_years"], row["parameter"]) for row in rows] == [(lag, n) for lag in (1, 0) for n in T.FUNDING]
    for row in rows:
        assert row["configured"] == place["funding"][row["parameter"]]["value"]
        assert row["error"] > 0.0
