"""Variants of a run: a change set laid over its contract, lived through the same futures, with the provider's answer to it.

    NAME: contract.CLAUSE.ENTRY=value; contract.CLAUSE.ENTRY=value

The honest provider's best response is found again near the one that it had, and so is the gaming one's, unless strategies are
to be kept. Only the scenario that is compared is lived again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..analysis.exploit import Game
from ..analysis.response import refine
from ..errors import ConfigError
from ..levers import GAMING, HONEST
from ..strategy import Strategy
from ..study import Study
from .source import Source, as_kept

EXAMPLE = '"wider band: contract.gain_loss_share.dead_band=0.03"'


def parse_variant(text: str) -> tuple[str, tuple[str, ...]]:
    """(name, changes) of one --variant. Errors: ConfigError with an example."""
    name, colon, rest = text.partition(":")
    changes = tuple(part.strip() for part in rest.split(";") if part.strip())
    if not colon or not name.strip() or not changes:
        raise ConfigError("a variant is written NAME: KEY=VALUE; KEY=VALUE", key="--variant", value=text, expected=EXAMPLE)
    return name.strip(), changes


def variant_study(source: Source, changes: tuple[str, ...]) -> Study:
    """The run's study with changes laid over it, and the futures that the run kept in full.

    Errors: ConfigError, placed, for what cannot be changed.
    """
    from ..config.load import load_effective

    for change in changes:
        if change.split(".")[0] not in ("contract", "provider"):
            raise ConfigError(
                "a variant changes the contract or the provider; what nature does stays the same", key="--variant", value=change,
                expected="contract.CLAUSE.ENTRY=value",
            )  # fmt: skip
    study = load_effective(source.folder / "config.effective.toml", changes=changes)
    return as_kept(study, source.manifest).prepared(source.manifest.get("design", {}))


def constant_levels(strategy: Strategy) -> dict[str, float] | None:
    """A strategy's levels where each is the same in every year; None where one is not."""
    levels = {name: np.unique(np.asarray(level, dtype=np.float64)) for name, level in strategy.levels.items()}
    return {name: float(level[0]) for name, level in levels.items()} if all(v.size == 1 for v in levels.values()) else None


def answers(source: Source, study: Study, jobs: int) -> tuple[Strategy, ...]:
    """The run's strategies, each answered anew to the changed contract from where it was; others are kept as they are."""
    game = Game(study, study.scenarios[0], jobs)
    found = []
    for strategy in source.strategies:
        plain = constant_levels(strategy)
        if plain is None or strategy.name not in ("honest", "gamed"):
            found.append(strategy)
            continue
        own = HONEST if strategy.name == "honest" else HONEST + GAMING
        found.append(Strategy(strategy.name, dict(refine(game.polish, plain, own, {}))))
    return tuple(found)


def variant_run(
    source: Source, name: str, changes: tuple[str, ...], out: Path, *, keep: bool = False, jobs: int = 2,
    say: Callable[[str], None] = lambda _: None,
) -> Source:  # fmt: skip
    """A finished run of the variant in the same futures. `keep`: the provider does not answer to the change."""
    from ..runner import run_study

    try:
        study = variant_study(source, changes)
    except ConfigError as error:
        raise type(error)(
            f"variant “{name}”: {error.message}", file=source.folder, key=str(error.key or "--variant").removeprefix("--set "),
            value=error.value, expected=error.expected, nearest=error.nearest,
        ) from None  # fmt: skip
    strategies = source.strategies
    if not keep:
        say(f"{name}: how the provider answers")
        strategies = answers(source, study, jobs)
    scenario = next(one for one in study.scenarios if one.name == source.scenario.name)
    small = replace(study, scenarios=(scenario,), years_futures=0)
    say(f"{name}: {scenario.futures:,} futures")
    run = run_study(small, strategies, out, jobs=jobs)
    return Source.of(run.folder, scenario.name, source.strategy.name)
