"""The record as the fits read it."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.analysis.calibration import Record
from stresstest.config.folders import config_folder, data_folder

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def record() -> Record:
    """The shipped record."""
    return Record(data_folder(config_folder()))


def test_crises_of_the_record(record):
    """Five crises since 1949, each counted once: 1974-75, 1980-81, 1991, 2008-09, and 2020 with its rebound."""
    years = set(record.growth.years[~record.economy.calm].tolist())
    assert years == {1974, 1975, 1980, 1981, 1991, 2008, 2009, 2020, 2021}
    assert record.economy.probability.value == pytest.approx(5 / 75)


def test_output_is_matched_with_financial_years(record):
    """Three quarters of the year in which it begins and a quarter of the next; at the ends what there is."""
    growth = dict(zip(record.growth.years.tolist(), record.growth.values.tolist(), strict=True))
    found = record.by_financial_year(record.growth.values, np.array([1948, 1980, 2023]))
    np.testing.assert_allclose(found, [growth[1949], 0.75 * growth[1980] + 0.25 * growth[1981], growth[2023]])


def test_today_is_what_was_known_then(record):
    """The share of the financial year before; growth of the calm years among the last eight, less what crises take."""
    growth, share = record.today(2018)
    recent = record.growth.at(np.arange(2011, 2019))
    assert share.value == pytest.approx(0.398)
    assert growth.value == pytest.approx(recent.mean() - record.economy.allowance)
    calm = record.growth.at(np.array([2016, 2017, 2018, 2019, 2022, 2023]))
    assert record.today(2023)[0].value == pytest.approx(calm.mean() - record.economy.allowance)


def test_surprises_last(record):
    """The share's record is explained better by surprises that last than by surprises that pass with their year.

    If they passed, the share would fall back by as much in the year after; it does not.
    """
    from stresstest.analysis.calibration_fits import regression
    from stresstest.analysis.calibration_share import Passage

    passage = Passage(0.0, 6.0, 8.0)
    lasting, passing = record.state(passage), record.passing(passage)
    assert lasting.noise.value < 0.75 * passing.noise.value
    change, surprise = np.diff(record.share.values)[1:], record.surprise
    design = np.column_stack([np.ones(change.size), surprise[2:], surprise[1:-1]])
    (_, now, before), _, _ = regression(change, design)
    assert now.value < -0.5
    assert before.value < -0.5 * now.value


def test_health_funding_answers_in_the_same_year(record):
    """The chain explains more than half of the record without a lag, and a fifth with a lag of one year."""
    explained = [record.funding_fit(lag)[2] for lag in (0, 1)]
    assert explained[0] > 0.5
    assert explained[1] < 0.25
