"""A finished run as the analyses see it: its tables, and the study that it was made from, to be lived again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from .. import layout as L
from ..errors import ConfigError, DataError, nearest
from ..futures.scenario import Scenario
from ..strategy import Strategy
from ..study import KernelInputs, Study


def study_of(folder: Path) -> tuple[Study, dict[str, Any]]:
    """The study that a run was made from, and its manifest. Errors: DataError for a folder that is no run."""
    from ..config.load import load_effective
    from ..results.manifest import load_manifest

    manifest = load_manifest(folder)
    study = load_effective(folder / "config.effective.toml")
    return study.prepared(manifest.get("design", {})), manifest


def as_kept(study: Study, manifest: dict[str, Any]) -> Study:
    """A run's study with as many futures in each scenario as the run kept in full: there is nothing else to compare with.

    A scenario's first futures are the same ones whatever their number, as only independent futures can be summed up. The
    study comes back as it is where every future was kept.
    """
    if not manifest.get("condensed"):
        return study
    kept = {lived: manifest["futures"][name] for name, lived in manifest["condensed"].items()}
    form = dict(study.configuration)
    form["study"] = _kept_counts(form["study"], ("futures", "scenario_futures"), kept)
    form["scenarios"] = {
        name: _kept_counts(one, ("futures",), kept) if isinstance(one, dict) else one for name, one in form["scenarios"].items()
    }  # fmt: skip
    scenarios = tuple(replace(one, futures=kept.get(one.futures, one.futures)) for one in study.scenarios)
    return replace(study, futures=int(form["study"]["futures"]), scenarios=scenarios, configuration=form)


def _kept_counts(table: dict[str, Any], keys: tuple[str, ...], kept: dict[int, int]) -> dict[str, Any]:
    return {key: kept.get(value, value) if key in keys else value for key, value in table.items()}


def strategies_of(manifest: dict[str, Any]) -> tuple[Strategy, ...]:
    """The strategies of a run, as its manifest holds them."""
    return tuple(
        Strategy(name, {lever: tuple(levels) for lever, levels in by_lever.items()})
        for name, by_lever in manifest["strategies"].items()
    )


def named(items: tuple[Any, ...], name: str, what: str, key: str) -> Any:
    """The item of this name. Errors: ConfigError with the nearest one."""
    known = {item.name: item for item in items}
    if name not in known:
        raise ConfigError(
            f"the run has no such {what}", key=key, value=name, expected=", ".join(known), nearest=nearest(name, known)
        )
    return known[name]


@dataclass(frozen=True)
class Source:
    """A run, one of its scenarios and one of its strategies.

    `study` has the futures that the run kept in full (`as_kept`), so that what is lived beside the run is as large as that.
    """

    folder: Path
    study: Study
    manifest: dict[str, Any]
    scenario: Scenario
    strategy: Strategy

    @staticmethod
    def of(folder: Path | str, scenario: str | None = None, strategy: str = "honest") -> Source:
        """A run's scenario (its first one unless named) and strategy. Errors: ConfigError, DataError."""
        study, manifest = study_of(Path(folder))
        if manifest.get("status") != "complete":
            raise DataError("the run is not finished", file=folder, key="status", value=manifest.get("status"),
                            expected="complete; go on with --resume")  # fmt: skip
        study = as_kept(study, manifest)
        chosen = named(study.scenarios, scenario or study.scenarios[0].name, "scenario", "--scenario")
        return Source(Path(folder), study, manifest, chosen, named(strategies_of(manifest), strategy, "strategy", "--strategy"))

    @property
    def futures(self) -> int:
        """Number of futures of the scenario that the run kept in full, the central case not counted."""
        return int(self.manifest["futures"][self.scenario.name])

    @property
    def counted(self) -> str:
        """That number in words: "2,000", or "2,000 kept of 20,000 lived"."""
        from ..results.manifest import counted

        return counted(self.manifest, self.scenario.name)

    @property
    def strategies(self) -> tuple[Strategy, ...]:
        """All strategies of the run."""
        return strategies_of(self.manifest)

    @cached_property
    def basis(self) -> str:
        """What figures rest on, in one line."""
        return (
            f"Run {self.manifest['run_id']}: {self.counted} futures of scenario {self.scenario.name}, strategy "
            f"{self.strategy.name}, contract {self.study.contract.name}, seed {self.study.seed}."
        )

    def inputs(self, study: Study | None = None, strategies: tuple[Strategy, ...] | None = None) -> KernelInputs:
        """The kernel's inputs for the run's own futures, of its own study or of a variant of it."""
        return (study or self.study).kernel_inputs(self.scenario, strategies or (self.strategy,))

    def live(
        self, n: int, study: Study | None = None, strategies: tuple[Strategy, ...] | None = None, jobs: int = 2
    ) -> np.ndarray:
        """out[strategies, OUTCOMES, n] of the run's own first n futures (1 … n), lived on `jobs` threads."""
        return live(self.inputs(study, strategies), 1, n, jobs)


def live(inputs: KernelInputs, first: int, n: int, jobs: int = 2) -> np.ndarray:
    """out[strategies, OUTCOMES, n] of futures first … first + n − 1; the same whatever the number of threads."""
    from concurrent.futures import ThreadPoolExecutor

    from ..analysis.evaluate import simulate

    edges = np.linspace(0, n, max(1, min(jobs, -(-n // L.BLOCK))) + 1).astype(int)
    with ThreadPoolExecutor(len(edges) - 1) as pool:
        parts = pool.map(lambda k: simulate(inputs, first + int(edges[k]), int(edges[k + 1] - edges[k])), range(len(edges) - 1))
        return np.concatenate(list(parts), axis=2)


def columns_of(out: np.ndarray) -> dict[str, np.ndarray]:
    """out[OUTCOMES, n] as columns by name."""
    return {name: out[k] for k, name in enumerate(L.OUTCOMES)}
