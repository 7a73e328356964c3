"""Compiled links of the switches have names of their own, so that kernels cached by two processes cannot be confused."""

import numpy as np
import pytest

from stresstest import _jit
from stresstest.kernel import respond, settle
from stresstest.levers import LEVERS
from stresstest.terms import TERMS

pytestmark = pytest.mark.kernel


def one(row, d, memory, i):
    """An arm that pays 1."""
    return 1.0


def two(row, d, memory, i):
    """An arm that pays 2, and 2 more for each future before."""
    return 2.0 + 2.0 * i


def test_every_link_of_every_switch_has_a_name_of_its_own():
    """Names differ between the links of a switch and between switches (numba issue 10486 confuses equal ones)."""
    names = set(_jit._NAMES)
    assert {"clause", *(f"clause_{k}" for k in range(len(TERMS)))} <= names
    assert {"bend", *(f"bend_{k}" for k in range(len(LEVERS)))} <= names
    assert {"overpaid", *(f"overpaid_{k}" for k in range(len(LEVERS)))} <= names
    if _jit.COMPILED:
        assert respond.bend.py_func.__name__ == "bend"
        assert settle.settle_term.py_func.__name__ == "clause"


@pytest.mark.parametrize("name", ["clause", "bend", "overpaid"])
def test_two_switches_of_one_name_are_refused(name):
    """A second switch under a name that is taken stops at import, before anything wrong can be cached."""
    with pytest.raises(ValueError, match=f"two switches are named {name}"):
        _jit.switch_amount((_jit.rule(one),), name)


def test_a_link_never_takes_the_name_of_a_switch():
    """The first link of a switch refuses the name of another switch, and the other way about."""
    _jit.switch_amount((_jit.rule(one),), "test_names_0")
    with pytest.raises(ValueError, match="two switches are named test_names_0"):
        _jit.switch_amount((_jit.rule(one),), "test_names")
    with pytest.raises(ValueError, match="two switches are named test_names_0_0"):
        _jit.switch_amount((_jit.rule(one),), "test_names_0_0")


def test_a_flat_switch_runs_the_arm_of_its_number():
    """Each number runs its own arm on the futures asked for, and a number that there is not runs none."""
    switch = _jit.switch_amount((_jit.rule(one), _jit.rule(two)), "test_flat")
    row, d = np.zeros(1), np.zeros((1, 4))
    for kind, expected in enumerate(([1.0, 1.0, 1.0, 0.0], [2.0, 4.0, 6.0, 0.0], [0.0] * 4)):
        out = np.zeros(4)
        switch(kind, row, d, d, out, 3)
        assert out.tolist() == expected
