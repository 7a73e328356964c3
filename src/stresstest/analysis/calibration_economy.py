"""The economy's process fitted to yearly growth: crises once each, noise between them, levels beyond what both explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import calibration_fits as F
from .calibration_fits import STRETCH, Estimate


@dataclass(frozen=True)
class EconomyFit:
    """The economy's process fitted to yearly growth (fractions).

    `surprise` float64[years] is growth less its trend with crises counted in; `calm` bool[years] has no crisis.
    """

    probability: Estimate
    size: Estimate
    spread: Estimate
    noise: Estimate
    persistence: Estimate
    level: Estimate
    mean: Estimate
    surprise: np.ndarray
    calm: np.ndarray

    @property
    def allowance(self) -> float:
        """What crises take off average growth in a year."""
        return self.probability.value * self.size.value


def _crisis_variance(probability: float, sizes: np.ndarray) -> float:
    """Variance that crises give one year's growth."""
    return float(probability * (sizes**2).mean() - (probability * sizes.mean()) ** 2)


def fit_economy(growth: np.ndarray) -> EconomyFit:
    """Crises once each; noise round the calm mean of each stretch; levels beyond what both explain."""
    found = F.episodes(growth)
    sizes = np.array([episode.shortfall for episode in found])
    chance, many = sizes.size / growth.size, sizes.size
    calm = F.calm_years(growth.size, [episode.years for episode in found])
    parts = [F.residuals(growth[p][calm[p]], np.ones((int(calm[p].sum()), 1)), p[calm[p]]) for p in F.stretches(growth.size)]
    noise, persistence = F.noise_of(parts)
    within = F.variance_of_mean(noise.value, persistence.value) + _crisis_variance(chance, sizes) / STRETCH
    spread = float(sizes.std(ddof=1))
    return EconomyFit(
        Estimate(chance, (chance * (1.0 - chance) / growth.size) ** 0.5),
        Estimate(float(sizes.mean()), spread / many**0.5), Estimate(spread, spread / (2.0 * (many - 1)) ** 0.5),
        noise, persistence, F.level_spread(growth, within), F.mean_of_levels(growth),
        growth - F.calm_means(growth, calm) + chance * float(sizes.mean()), calm,
    )  # fmt: skip
