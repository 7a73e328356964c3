"""Freedom to invest and disinvest: between services, under a limit on moving money, and between years.

Every figure is a paired difference from the honest provider in the same fresh futures (common random numbers).

Between services. The free part of each service line (see services.py) is cut in full and in all years, one line at a time:
lever disinvestment with the line's part for its share, and the line's own QALYs per pound, put off by its lag.

Limit. A clause limits how much may be moved, without and with the council's consent: see virement.py.

Between years. Cuts in all years, in the first five or in the last five: without a limit, and under a yearly limit of which
what is not used in a year is lost, or carried forward.

The penalty, the limits that are tried and what services are free are judgements.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from ..analysis.exploit import Game
from .services import Service, services
from .virement import (
    LEVER,
    LIMITS,
    Against,
    allowed_level,
    by_limit,
    mean_factor,
    present_factor,
    ratio,
    scored_on,
    with_cuts,
)

YEARLY_LIMIT, WINDOW = 0.02, 5


@dataclass(frozen=True)
class Freedom:
    """What freedom is worth and what it costs: rows by service, by limit and by years, each a flat dict."""

    services: tuple[dict[str, Any], ...]
    limits: tuple[dict[str, Any], ...]
    years: tuple[dict[str, Any], ...]

    def rows(self) -> list[dict[str, Any]]:
        """All rows with the same columns; `part` says which they belong to, None where a column has no meaning."""
        found = [*self.services, *self.limits, *self.years]
        columns = dict.fromkeys(name for row in found for name in row)
        return [{name: row.get(name) for name in columns} for row in found]


def by_service(game: Game, lines: tuple[Service, ...]) -> list[dict[str, Any]]:
    """One row for each service: what is free in it, and gain and harm of cutting that in full in all years."""
    scope, rows = sum(service.budget_gbp for service in lines), []
    for service in lines:
        study = with_cuts(game.study, ratio(service.free_gbp, scope), present_factor(game.study, service))
        worth = Against.of(scored_on(game, study, {**game.honest, LEVER: 1.0}))
        rows.append({
            "part": "service", "service": service.name, "budget_gbp": service.budget_gbp,
            "measured_share": service.measured_share, "movable_share": service.movable_share,
            "protected_share": service.protected_share, "free_gbp": service.free_gbp, **asdict(worth),
            "harm_qaly_per_million_gained": ratio(worth.harm_qaly_mean, worth.gain_mean_gbp / 1e6),
            "lag_years": service.lag_years, "harm_after_term_share": min(1.0, service.lag_years / game.study.years),
            "funded_by": service.funded_by, "harmed": service.harmed, "source": service.source,
        })  # fmt: skip
    return rows


def windows(years: int, level: float, carried: bool) -> dict[str, tuple[float, ...]]:
    """Level of the lever by year where a yearly allowance of `level` may be used in a window of years.

    Carried forward, what was not used before the window is spent in equal parts within it, never more than 1 a year.
    """
    span = min(WINDOW, years)
    found = {}
    for name, first, last in (("all years", 0, years), ("first five", 0, span), ("last five", years - span, years)):
        use = min(1.0, level * last / (last - first)) if carried else level
        found[name] = tuple(use if first <= t < last else 0.0 for t in range(years))
    return found


def by_years(game: Game, lines: tuple[Service, ...], limit: float = YEARLY_LIMIT) -> list[dict[str, Any]]:
    """Cuts in all, the first five or the last five years: free, under a yearly limit, and with what is unused carried over."""
    part = ratio(sum(s.free_gbp for s in lines), sum(s.budget_gbp for s in lines))
    study = with_cuts(game.study, part, mean_factor(game.study, lines))
    level, rows = allowed_level(lines, limit, "none"), []
    for limit_share, carried, use in ((None, False, 1.0), (limit, False, level), (limit, True, level)):
        for name, by_year in windows(study.years, use, carried).items():
            worth = Against.of(scored_on(game, study, {**game.honest, LEVER: by_year}))
            rows.append({
                "part": "years", "years": name, "limit_share": limit_share, "carried_over": carried,
                f"{LEVER}_level": max(by_year), **asdict(worth),
            })  # fmt: skip
    return rows


def freedom(
    game: Game, limits: tuple[float, ...] = LIMITS, say: Callable[[str], None] = lambda _: None
) -> Freedom:
    """The three parts for a game whose honest strategy has been found."""
    lines = services(game.study)
    say("freedom between services")
    parts = by_service(game, lines)
    curve = by_limit(game, lines, limits, say)
    say("freedom between years")
    return Freedom(tuple(parts), tuple(curve), tuple(by_years(game, lines)))
