"""Where the numbers of the six axes come from: fits to the record beside what the configuration says.

Everything is fitted to data/history_*.csv alone (analysis/calibration_fits.py says how). Calibration is not validation:
the same record is used to choose the numbers and to look at them.

    economy     crises as episodes: how often, how large, how different; between them noise, persistence and the spread of
                levels; the mean over the record; today's growth from the calm years among the last eight
    state       levels from the averages of 15-year stretches; noise, persistence and the link to the economy's surprise
                round paths that the process could draw. A surprise lasts as long as the noise: the share goes back no
                faster. (A link that passes with the year is fitted too, and leaves noise of twice the variance.)
    workforce   a mean and a spread of three points; three points have no persistence and no link
    funding     real growth of public health spending on last year's growth and on last year's change of the state's share
    others      no series: judged. Their sources stand in the configuration and in docs/evidence.md

A value is taken from the fit where the two are more than two standard errors apart, all numbers of one group together
since they are one fit; otherwise it stays and its source quotes the fit. Output of a calendar year is matched with the
financial year that begins in it: three quarters of that year and one of the next.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from ..config.tables import load_table
from .calibration_economy import EconomyFit, fit_economy
from .calibration_fits import Estimate, level_spread, mean_of_levels, regression, variance_of_mean
from .calibration_share import Passage, ShareFit, fit_lasting, fit_share

RECENT_YEARS = 8


@dataclass(frozen=True)
class Series:
    """A yearly series: the year in which each year begins, and its values."""

    years: np.ndarray
    values: np.ndarray

    def at(self, years: np.ndarray) -> np.ndarray:
        """The values of these years; NaN before the first and after the last."""
        known = dict(zip(self.years.tolist(), self.values.tolist(), strict=True))
        return np.array([known.get(int(year), math.nan) for year in years])


def series_of(name: str, column: str, data: Path) -> Series:
    """A table of the record as a series; a financial year counts as the year in which it begins."""
    columns = load_table(name, data).columns
    labels = next(iter(columns.values()))
    return Series(np.array([int(str(label)[:4]) for label in labels]), np.array(columns[column], dtype=np.float64))


@dataclass(frozen=True)
class Record:
    """The record of the folder `data`, and what has been fitted to it."""

    data: Path

    @cached_property
    def growth(self) -> Series:
        """Real growth of output by calendar year."""
        return series_of("history_gdp", "real_gdp_growth", self.data)

    @cached_property
    def share(self) -> Series:
        """The state's share of output by financial year."""
        return series_of("history_state_share", "state_share_of_gdp", self.data)

    @cached_property
    def funding(self) -> Series:
        """Real growth of public health spending by financial year."""
        return series_of("history_health_funding", "real_growth", self.data)

    @cached_property
    def vacancies(self) -> np.ndarray:
        """Vacancy rates, all staff: points and no series."""
        return np.array(load_table("history_vacancies", self.data).columns["vacancy_rate"], dtype=np.float64)

    @cached_property
    def economy(self) -> EconomyFit:
        """The economy's fit."""
        return fit_economy(self.growth.values)

    def by_financial_year(self, values: np.ndarray, years: np.ndarray) -> np.ndarray:
        """A series by calendar year, by financial year; at either end what there is of it."""
        calendar = Series(self.growth.years, values)
        here, after = calendar.at(years), calendar.at(years + 1)
        here = np.where(np.isnan(here), after, here)
        return 0.75 * here + 0.25 * np.where(np.isnan(after), here, after)

    @cached_property
    def mean_share(self) -> Estimate:
        """Mean of the state's share over the record."""
        return mean_of_levels(self.share.values)

    @cached_property
    def surprise(self) -> np.ndarray:
        """The economy's surprise by financial year of the share's record; none before output is known."""
        known = self.by_financial_year(self.economy.surprise, self.share.years)
        return np.where(np.isnan(known), 0.0, known)

    def state(self, passage: Passage) -> ShareFit:
        """The state's fit, with surprises that last."""
        return fit_lasting(self.share.values, self.surprise, passage)

    def passing(self, passage: Passage) -> ShareFit:
        """The state's fit where a surprise passes with its year."""
        return fit_share(self.share.values, self.surprise, passage)

    def state_level(self, fit: ShareFit) -> Estimate:
        """Spread of the state's levels beyond noise and the economy's surprises."""
        rho, crises = fit.persistence.value, fit.link.value * float(self.surprise.std())
        both = math.hypot(fit.noise.value, crises)
        return level_spread(self.share.values, variance_of_mean(both, rho))

    def today(self, base_year: int) -> tuple[Estimate, Estimate]:
        """(growth, state's share) as seen at the start of the financial year that begins in `base_year`."""
        recent = (self.growth.years <= base_year) & (self.growth.years > base_year - RECENT_YEARS) & self.economy.calm
        noise = self.economy.noise.value / float(recent.sum()) ** 0.5
        growth = float(self.growth.values[recent].mean()) - self.economy.allowance
        share = float(self.share.at(np.array([base_year - 1]))[0])
        return Estimate(growth, noise), Estimate(share, 0.0)

    def funding_fit(self, lag: int) -> tuple[list[Estimate], Estimate, float]:
        """Health funding's growth on output's growth and the log change of the state's share, `lag` years before."""
        years = self.funding.years - lag
        growth = self.by_financial_year(self.growth.values, years)
        change = np.log(self.share.at(years) / self.share.at(years - 1))
        return regression(self.funding.values, np.column_stack([np.ones(years.size), growth, change]))
