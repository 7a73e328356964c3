"""What is compiled twice, or by itself, is found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import stresstest
from stresstest import layout as L
from stresstest.bench.compiled import faults
from stresstest.bench.made_up import rows_of_clauses, spread_numbers, values_of
from stresstest.terms import TERMS

pytestmark = pytest.mark.unit
PLANT = """
import json
import numpy as np
from stresstest.bench.compiled import counts, faults
from stresstest.futures.resampling import key_of, uniforms
from stresstest.futures.streams import unit
uniforms(key_of("a"), 1, 2)
found = [faults(counts(), True)]
uniforms(key_of("a"), np.int32(1), 2)
found.append(faults(counts(), True))
unit(np.uint64(5))
print(json.dumps([*found, faults(counts(), True)]))
"""


def test_what_is_planted_is_found(tmp_path):
    """An entry that is called with another type of number is reported by name, and was not before; so is a lonely rule."""
    paths = os.pathsep.join([str(Path(stresstest.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": paths}
    for _ in range(2):  # the second finds all in the cache but the rule
        done = subprocess.run([sys.executable, "-c", PLANT], capture_output=True, text=True, check=True, env=environment)
    clean, another_type, lonely = json.loads(done.stdout)
    assert clean == []
    assert another_type == ["futures.resampling.uniforms is compiled for 2 kinds of arguments, expected 1"]
    assert len(lonely) == 2
    assert lonely[1].startswith("futures.streams.unit is compiled in every process")


def test_a_cold_cache_is_no_fault():
    """What a first process compiles is right; what a later one still compiles is not."""
    found = {"kernel.project.project": {"signatures": 1, "loaded": 0, "compiled": 1}}
    assert faults(found, warm=False) == []
    assert len(faults(found, warm=True)) == 1


def test_every_clause_has_made_up_numbers():
    """Each clause of the register is timed, with numbers within bounds, and once for every choice."""
    rows = list(rows_of_clauses(3))
    assert {kind for _, kind, _ in rows} == set(range(len(TERMS)))
    assert len({name for name, _, _ in rows}) == len(rows)
    assert all(row.shape == (3, L.ROW_SLOTS) and np.isfinite(row).all() for _, _, row in rows)
    for kind in TERMS:
        for field in kind.fields:
            if field.is_number:
                assert field.low <= values_of(kind)[field.name] <= field.high


def test_made_up_numbers_are_always_the_same():
    """Numbers between a half and one and a half, without chance."""
    numbers = spread_numbers(7, 11)
    assert numbers.shape == (7, 11)
    assert ((numbers >= 0.5) & (numbers <= 1.5)).all()
    assert np.array_equal(numbers, spread_numbers(7, 11))
