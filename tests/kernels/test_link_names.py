"""Compiled links of the switches have names of their own, so that kernels cached by two processes cannot be confused."""

import pytest

from stresstest import _jit
from stresstest.kernel import respond, settle
from stresstest.levers import LEVERS
from stresstest.terms import TERMS

pytestmark = pytest.mark.kernel


def test_every_link_of_every_switch_has_a_name_of_its_own():
    """Names differ between the links of a switch and between switches (numba issue 10486 confuses equal ones)."""
    names = set(_jit._NAMES)
    assert {f"clause_{k}" for k in range(len(TERMS))} <= names
    assert {f"bend_{k}" for k in range(len(LEVERS))} <= names
    assert {f"overpaid_{k}" for k in range(len(LEVERS))} <= names
    if _jit.COMPILED:
        assert respond.bend.py_func.__name__ == "bend_0"
        assert settle.settle_term.py_func.__name__ == "clause_0"


def test_two_switches_of_one_name_are_refused():
    """A second switch under a name that is taken stops at import, before anything wrong can be cached."""
    with pytest.raises(ValueError, match="two switches are named"):
        _jit.switch_amount((), "clause")
