"""Values of last year by name, and memories that start anew: deals that hang on the year before."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest

from stresstest.config.contracts import read_contract
from stresstest.contract import Contract
from stresstest.errors import ConfigError
from stresstest.settlement.engine import Given, remembering, settle
from stresstest.settlement.table import asked_columns

pytestmark = pytest.mark.unit
HEAD = """
schema_version = 1
title = "x"
price_basis = "cash"
first_year = "2018"
years = 6
[[inputs]]
name = "premium"
unit = "GBP"
[[inputs]]
name = "losses"
unit = "GBP"
"""
COMMISSION = """
[[terms]]
id = "ratio"
kind = "formula"
value = "losses / premium + last.carried"
[[terms]]
id = "rate"
kind = "formula"
value = "clip(0.25 + 0.5 * (0.65 - ratio), 0.25, 0.35)"
[[terms]]
id = "carried"
kind = "formula"
value = "max(0, ratio - 0.65) + min(0, ratio - 0.45)"
[[terms]]
id = "commission"
kind = "payment"
price = "rate"
of = "premium"
"""
COVER = """
[[terms]]
id = "cover"
kind = "layered_share"
of = "losses"
aggregate_limit = 100.0
layers = [{ attachment = 50.0, limit = 100.0 }]
"""


def contract(text: str) -> Contract:
    """A contract from the head and these clauses."""
    raw = tomllib.loads(HEAD + text)
    return read_contract(raw, "x.toml", "x", None, study=False)[0]


def years(losses: list[float], premium: float = 100.0) -> Given:
    """One case with these losses."""
    n = len(losses)
    columns = {"premium": np.full(n, premium), "losses": np.array(losses)}
    return Given(np.zeros(n, dtype=np.int64), np.arange(n), columns)


def test_sliding_commission_carries_debit_and_credit_forward() -> None:
    """Loss ratios 75, 60, 40, 30, 70% between 25% at 65 and 35% at 45, deficit and credit carried: by hand 25 25 35 35 30."""
    text = COMMISSION.replace('id = "ratio"', 'id = "adjusted"').replace("ratio", "adjusted")
    amounts = settle(contract(text), years([75.0, 60.0, 40.0, 30.0, 70.0])).amounts["commission"]
    assert amounts == pytest.approx([25.0, 25.0, 35.0, 35.0, 30.0], abs=1e-9)


def test_the_first_year_has_no_year_before() -> None:
    """last.NAME is 0 at first, also for an input, a balance and the clause itself."""
    text = """
[[terms]]
id = "seen"
kind = "formula"
value = "last.losses + 10 * last.net.provider + 100 * last.seen"
[[terms]]
id = "pay"
kind = "payment"
price = 1.0
"""
    figures = settle(contract(text), years([1.0, 2.0, 3.0])).figures["seen"]
    assert figures.tolist() == [0.0, 11.0, 2.0 + 10.0 + 1100.0]


def test_each_case_begins_without_a_past() -> None:
    """The block's second case does not see the first one's last year."""
    text = '[[terms]]\nid = "seen"\nkind = "formula"\nvalue = "last.losses"\n'
    given = Given(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), {
        "premium": np.ones(4), "losses": np.array([5.0, 6.0, 7.0, 8.0]),
    })  # fmt: skip
    assert settle(contract(text), given).figures["seen"].tolist() == [0.0, 5.0, 0.0, 7.0]


def test_what_is_read_of_last_year_is_asked_for_and_remembered() -> None:
    """The template asks for an input that only last year's value is read of, and years may not be left out."""
    made = contract('[[terms]]\nid = "seen"\nkind = "formula"\nvalue = "last.losses"\n')
    assert [column.name for column in asked_columns(made)] == ["losses"]
    assert remembering(made) == "seen"


@pytest.mark.parametrize("name", ["last.nothing", "last.last.losses", "last."])
def test_a_name_that_nobody_has_is_refused_also_for_last_year(name: str) -> None:
    """The error stands at the field."""
    with pytest.raises(ConfigError) as caught:
        contract(f'[[terms]]\nid = "pay"\nkind = "payment"\nprice = 1.0\nof = "{name}"\n')
    assert caught.value.key == "terms[1].of"


def test_a_yearly_cover_starts_anew_each_year() -> None:
    """An aggregate limit of 100: once in the term it pays 100 and 0; reset each year or two it pays again."""
    losses = [200.0, 120.0, 120.0, 60.0]
    once = settle(contract(COVER), years(losses)).amounts["cover"]
    assert once.tolist() == [100.0, 0.0, 0.0, 0.0]
    yearly = settle(contract(COVER + "resets_every = 1\n"), years(losses)).amounts["cover"]
    assert yearly.tolist() == [100.0, 70.0, 70.0, 10.0]
    two = settle(contract(COVER + "resets_every = 2\n"), years(losses)).amounts["cover"]
    assert two.tolist() == [100.0, 0.0, 70.0, 10.0]


def test_only_a_clause_that_remembers_can_start_anew() -> None:
    """A payment remembers nothing, so the entry is refused."""
    with pytest.raises(ConfigError) as caught:
        contract('[[terms]]\nid = "pay"\nkind = "payment"\nprice = 1.0\nresets_every = 1\n')
    assert caught.value.key == "terms[1].resets_every"
