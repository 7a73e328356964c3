"""One case of a batch: its name, how its study is made, its strategies, and the words that it goes by in tables.

A study is made where it is run: what travels to a worker is a recipe (a study file and changes, or an effective configuration).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ConfigError
from ..strategy import NULL, Strategy
from ..study import Study

SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,119}")
NAME_FORM = "up to 120 letters, digits, dots, hyphens and underlines, a letter or digit first"


@dataclass(frozen=True)
class Recipe:
    """How a study is made: the name or path of its file with changes ("key=value"); or its effective configuration.

    `configs` is the folder that names are looked up in; "" looks for it from the working folder. `expected` is the inputs hash
    that the study must have, "" where none is known yet.
    """

    name: str
    changes: tuple[str, ...] = ()
    configs: str = ""
    configuration: dict[str, Any] | None = None
    expected: str = ""

    @staticmethod
    def of(study: Study) -> Recipe:
        """The recipe of a study that is there already, by its effective configuration.

        Errors: ConfigError for a study that was changed after it was read: its configuration does not say how.
        """
        recipe = Recipe(study.name, configuration=study.effective(), expected=study.inputs_hash)
        again, (scenario, *_) = recipe.load(), study.scenarios
        if not _equal(astuple(again.kernel_inputs(scenario, (NULL,))), astuple(study.kernel_inputs(scenario, (NULL,)))):
            raise recipe.changed()
        return recipe

    def changed(self) -> ConfigError:
        """The error of a study that is not what its configuration says."""
        return ConfigError("the study was changed after it was read, and its configuration does not say how", key="study",
                           value=self.name, expected="a study as its file and its changes have it")  # fmt: skip

    def load(self) -> Study:
        """The study. Errors: ConfigError or DataError, placed; ConfigError where it is not the study that was meant."""
        from ..config.load import load_study

        configs = Path(self.configs) if self.configs and Path(self.configs).is_dir() else None
        study = load_study(self.name, self.changes, configs) if self.configuration is None else self._effective(configs)
        if self.expected and study.inputs_hash != self.expected:
            raise self.changed()
        return study

    def _effective(self, configs: Path | None) -> Study:
        from ..config.folders import config_folder, data_folder
        from ..config.load import PARTS, build_study

        whole = deepcopy(self.configuration) or {}
        files = {part: Path(f"{self.name}:{part}") for part in whole}
        names = {**{part: str(whole["study"].get(part)) for part in PARTS}, "study": str(whole["name"])}
        return build_study(whole, files, data_folder(configs or config_folder()), names)


def _equal(one: Any, other: Any) -> bool:
    """Whether two nests of tuples hold equal arrays and numbers."""
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    left, right = np.asarray(one), np.asarray(other)
    return bool(np.array_equal(left, right, equal_nan=left.dtype.kind == "f" == right.dtype.kind))


@dataclass(frozen=True)
class Case:
    """A case: a folder's name, its study, its strategies, and labels such as place, contract, variant, scenario, seed.

    `futures` is how many futures it lives in all its scenarios together, 0 where that is not known; it serves progress only.
    """

    name: str
    study: Recipe
    strategies: tuple[Strategy, ...]
    labels: dict[str, str] = field(default_factory=dict)
    futures: int = 0


def require_cases(cases: Sequence[Case]) -> None:
    """Errors: ConfigError for no case at all, a name that is no folder's, two cases of one name, or no strategy."""
    if not cases:
        raise ConfigError("a batch needs a case", key="cases", expected="at least one case")
    seen: set[str] = set()
    for case in cases:
        if not SAFE_NAME.fullmatch(case.name):
            raise ConfigError("a case's name is the name of a folder", key="case.name", value=case.name, expected=NAME_FORM)
        if case.name.casefold() in seen:
            raise ConfigError("two cases have this name", key="case.name", value=case.name, expected="each name once")
        if not case.strategies:
            raise ConfigError("a case needs a strategy", key="case.strategies", value=case.name, expected="at least one strategy")
        seen.add(case.name.casefold())
