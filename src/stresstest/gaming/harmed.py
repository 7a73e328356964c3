"""Who is harmed by each lever: which party pays how much, whose health suffers, and how that falls by deprivation.

Each lever at its best level on top of honest work, against honest work in the same fresh futures. Present values of the change:

    provider      its surplus, as a loss (a gain is negative)
    commissioner  its exposure, in all and by cause
    council       the part of shifted care that it bears, and what it pays under clauses
    hospital      cost that stays when activity falls below the expected, and what it pays under clauses
    others        what further public bodies pay under clauses
    patients      QALYs, in all and by band of deprivation

Commissioner, council, hospital and others add up to the public exposure, to the penny. The provider's gain is not the sum of the
others' losses: cost that nobody bears any more, and health, lie between.

A provider that games may stay where an honest one would have failed, and its patients then have what it goes on doing. That
mixes two things, so every party also has its *direct* harm: the same where no loss ends the contract. Bands share the direct
QALYs by people and judged risk a head (services.py; E5 for exceptions); they say who, not how much more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .. import layout as L
from ..analysis.evaluate import EXPOSURE, HEALTH, PUBLIC, SURPLUS, Arena, simulate_years
from ..analysis.exploit import Game
from ..drivers.parameters import slot
from ..errors import DataError, nearest
from ..futures.plan import VERIFY_FIRST
from ..levers import GAMING, LEVER_NUMBER, LEVERS
from ..place import Quantity
from ..strategy import Strategy
from ..study import Study
from .services import Harm, harms

MONEY_RATE, FIXED_SHARE = slot("place.health.money_discount"), slot("contract.ending.hospital_fixed_share")
FIRST_CAUSE = L.OUT[f"exposure_{L.EXPOSURE[0]}_npv_gbp"]
CAUSES = {
    "uplift": "yearly payment and price variation", "improvement": "improvement payments", "gain_share": "gain and loss share",
    "rescue": "deficit support", "step_in": "care after exit", "shifted": "care shifted back",
}  # fmt: skip
KINDS = ("party", "cause", "direct", "band")
BODIES = ("provider", "commissioner", "council", "hospital", "others")


@dataclass(frozen=True)
class Borne:
    """What one party, cause or band bears of one lever: mean and standard error, in pounds or in QALYs, the other None."""

    lever: str
    title: str
    group: str
    kind: str
    who: str
    harm_mean_gbp: float | None
    harm_error_gbp: float | None
    harm_qaly_mean: float | None
    harm_qaly_error: float | None


def public_bodies(study: Study, yearly: np.ndarray) -> dict[str, np.ndarray]:
    """float64[strategies, n] by body: present value of what the council, the hospital and others bear.

    `yearly` is the yearly table with every ledger line and all drivers (see analysis.evaluate.simulate_years).
    """
    p, first = study.parameter_vector(), len(L.YEARLY)
    lines, drivers = len(study.line_names), yearly[:, first + len(study.line_names) :]
    running, discount = yearly[:, L.YEAR["running"]], (1.0 + p[MONEY_RATE]) ** -np.arange(study.years)
    ledger = yearly[:, first : first + lines]
    borne = {"council": drivers[:, L.WORLD_SHIFTED_COUNCIL] * running, "others": np.zeros_like(running)}
    spare = np.maximum(0.0, drivers[:, L.RECORD_ACUTE_EXPECTED] - drivers[:, L.WORLD_ACUTE])
    borne["hospital"] = p[FIXED_SHARE] * spare
    own = {party.name for party in study.contract.parties if party.public}
    for k, term in enumerate(study.contract.terms):
        for name, sign in ((term.payer, 1.0), (term.payee, -1.0)):
            if term.kind.moves and name != "commissioner" and name in {*L.PUBLIC_BODIES, *own}:
                body = name if name in borne else "others"
                borne[body] = borne[body] + sign * ledger[:, k]
    return {name: np.einsum("stn,t->sn", flow, discount) for name, flow in borne.items()}


def _paired(change: np.ndarray) -> tuple[float, float]:
    """Mean and standard error."""
    return float(change.mean()), float(change.std(ddof=1) / np.sqrt(change.size))


def cannot_fail(study: Study) -> Study:
    """The study with a reserve that no loss exhausts, so that losses end no contract."""
    ending = {**study.contract.ending, "reserve": Quantity((1e10,), "GBP", "attribution run", "variant")}
    return study.with_contract(replace(study.contract, ending=ending))


def _in_batches(game: Game, study: Study, levels: Mapping[str, Any], futures: int, batch: int = 250) -> dict[str, np.ndarray]:
    """Changes against the honest twin, one per future, by party and cause; the yearly table is kept for a batch only."""
    pair = (Strategy("honest", dict(game.honest)), Strategy("gamed", dict(levels)))
    found: list[dict[str, np.ndarray]] = []
    for at in range(0, futures, batch):
        n = min(batch, futures - at)
        arena = Arena(study, game.scenario, VERIFY_FIRST + at, n, 1)
        out = np.diff(arena.outcomes(list(pair)), axis=0)[0]
        inputs = replace(arena.inputs, strategies=_tables(study, pair))
        yearly = simulate_years(inputs, VERIFY_FIRST + at, n, len(study.line_names), drivers=True)
        bodies = {name: both[1] - both[0] for name, both in public_bodies(study, yearly).items()}
        causes = {CAUSES[name]: out[FIRST_CAUSE + k] for k, name in enumerate(L.EXPOSURE)}
        found.append({
            "provider": -out[SURPLUS], "commissioner": out[EXPOSURE], **bodies, "patients": -out[HEALTH],
            "public": out[PUBLIC], **causes,
        })  # fmt: skip
    return {name: np.concatenate([part[name] for part in found]) for name in found[0]}


def _tables(study: Study, strategies: tuple[Strategy, ...]) -> np.ndarray:
    return np.array([strategy.table(study.years) for strategy in strategies])


def borne_by(game: Game, lever: str, levels: Mapping[str, Any], harm: Harm, futures: int) -> list[Borne]:
    """Rows of one lever: each party and cause of exposure, each party's direct harm, each band."""
    def row(part: str, who: str, change: np.ndarray, share: float | None = None) -> Borne:
        mean, error = _paired(change)
        title = LEVERS[LEVER_NUMBER[lever]].title
        if share is None and who != "patients":
            return Borne(lever, title, harm.group, part, who, mean, error, None, None)
        part_of = 1.0 if share is None else share
        return Borne(lever, title, harm.group, part, who, None, None, part_of * mean, part_of * error)

    whole = _in_batches(game, game.study, levels, futures)
    direct = _in_batches(game, cannot_fail(game.study), levels, futures)
    rows = [row("party", who, whole[who]) for who in (*BODIES, "patients")]
    rows += [row("cause", cause, whole[cause]) for cause in CAUSES.values()]
    rows += [row("direct", who, direct[who]) for who in (*BODIES, "patients")]
    return rows + [row("band", band, direct["patients"], share) for band, share in harm.by_band.items()]


def harmed(
    game: Game, strategies: Mapping[str, Mapping[str, Any]], futures: int = 2000, say: Callable[[str], None] = lambda _: None
) -> list[Borne]:
    """Who bears what of each lever. `strategies` gives the levels of a strategy by gaming lever, as find_single does.

    A lever that is not used there has no rows. Errors: DataError for a lever that configs/gaming/harm.csv does not know.
    """
    known, rows = harms(), []
    for lever in GAMING:
        levels = strategies.get(lever, {})
        if np.any(np.asarray(levels.get(lever, 0.0))):
            say(f"who bears {LEVERS[LEVER_NUMBER[lever]].title.lower()}")
            rows += borne_by(game, lever, levels, harm_of(lever, known), futures)
    return rows


def harm_of(lever: str, known: Mapping[str, Harm]) -> Harm:
    """How a lever's harm falls. Errors: DataError where no row says so."""
    if lever not in known:
        raise DataError(
            "no row for this lever", file="configs/gaming/harm.csv", key="lever", value=lever,
            expected="one row for each gaming lever", nearest=nearest(lever, known),
        )  # fmt: skip
    return known[lever]
