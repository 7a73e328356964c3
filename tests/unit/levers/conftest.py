"""A small world in which one lever is pulled by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.drivers.parameters import slot
from stresstest.levers import LEVER_NUMBER, LEVERS
from stresstest.levers._lever import EDGES


@dataclass
class World:
    """Drivers, states and parameters of three futures, with round numbers; the third future's provider has left."""

    d: np.ndarray
    s: np.ndarray
    p: np.ndarray
    goal: np.ndarray
    edge: np.ndarray

    def set(self, **values):
        """Write drivers by name, the same in every future or one number each."""
        for name, value in values.items():
            self.d[L.DRIVERS.index(name)] = value
        return self

    def get(self, name):
        """A driver by name."""
        return self.d[L.DRIVERS.index(name)].copy()

    def parameter(self, key, value):
        """Set one parameter by its key."""
        self.p[slot(key)] = value
        return self

    def _call(self, part, lever, x, t, years, values):
        kind = LEVERS[LEVER_NUMBER[lever]]
        row = np.array(kind.row(years, {"detection": 0.0, "fine": 0.0, **values}))
        for i in range(self.d.shape[1]):
            getattr(kind, part)(x, t, row, self.goal, self.edge, self.d, self.s, self.p, i)
        return self

    def pull(self, lever, x, t=0, years=15, **values):
        """Pull a lever to x in year t in every future."""
        return self._call("bend", lever, x, t, years, values)

    def find_out(self, lever, x=1.0, t=0, years=15, **values):
        """Ask what is claimed back once the lever is found out."""
        return self._call("overpaid", lever, x, t, years, values)


@pytest.fixture
def world():
    """A fresh world: everything 0 but the providers in service."""
    from stresstest.drivers.parameters import PARAMETERS

    d, s = np.zeros((len(L.DRIVERS), 3)), np.zeros((len(L.STATES), 3))
    s[L.S_RUNNING] = 1.0, 1.0, 0.0
    return World(d, s, np.zeros(len(PARAMETERS)), np.full(2, np.nan), np.zeros(len(EDGES)))
