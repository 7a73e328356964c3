"""What the tests of batches share: a few tiny cases of Dudley's study, and functions that workers find by name."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from stresstest.backends import Pool
from stresstest.batches.case import Case, Recipe
from stresstest.errors import BackendError
from stresstest.strategy import Strategy

HONEST = Strategy("honest", {"effort": 0.75, "prevention": 1.0, "efficiency": 0.5})
GAMED = Strategy("gamed", {**HONEST.levels, "upcoding": 0.08})
SMALL = ("futures=60", "years_futures=0", "scenarios=['calibrated']")
PLACES = ("Dudley", "Stockport", "Tameside", "Leeds", "Camden", "Bolton")
ONE, TWO = Pool("sequential", 1), Pool("threading", 2)


def case(place: str, *changes: str, name: str = "", futures: int = 60) -> Case:
    """A tiny case of a place."""
    recipe = Recipe("dudley", (*SMALL, f"place={place}", *changes))
    return Case(name or place.casefold(), recipe, (HONEST, GAMED), {"place": place}, futures)


def cases(count: int = 3, *changes: str) -> list[Case]:
    """Tiny cases of the first places."""
    return [case(place, *changes) for place in PLACES[:count]]


def first_surplus(folder: Path, reference: Path | None) -> list[dict[str, Any]]:
    """Figures: the run's folder and the reference's, by name."""
    told = reference.name if reference is not None else "none"
    return [{"scenario": "calibrated", "strategy": "honest", "figure": 1.0, "reference": told}]


def slow(folder: Path, reference: Path | None) -> list[dict[str, Any]]:
    """Figures that take their time, so that a batch can be killed between cases."""
    time.sleep(float(os.environ.get("SLOW", "0")))
    return first_surplus(folder, reference)


def lost(folder: Path, reference: Path | None) -> list[dict[str, Any]]:
    """Figures during which the worker is lost, but for the first case's."""
    if reference is not None:
        raise BackendError("The worker is lost.")
    return first_surplus(folder, reference)
