"""The register of checks, the order of findings, and contracts as they are shipped."""

from __future__ import annotations

import re

import pytest

from stresstest.config.contracts import load_contract
from stresstest.config.folders import config_folder
from stresstest.config.load import load_study
from stresstest.review import CHECKS, SEVERITIES, count, review
from stresstest.review._case import Case, in_words, listed, next_or_last, part, several
from stresstest.review._chance import beyond, in_hundred, spread_of

pytestmark = pytest.mark.unit

IDS = {
    "tier-gap", "tier-overlap", "corridor-inside-noise", "msr-inside-noise", "no-dead-band", "put-option",
    "targets-stop-early", "baseline-above-target", "target-never-reached", "floor-equals-target", "target-wrong-way-round",
    "floor-above-baseline", "indicator-inside-noise", "standing-still-pays", "order-sensitive", "values-beyond-term",
    "weights", "limit-direction", "unit-mismatch", "scaled-by-money", "currency-basis", "never-binds", "zero-share",
    "never-read", "party-unused", "one-sided", "no-cap-on-loss", "soft-budget", "stake-beyond-reserve",
    "reopener-moral-hazard", "ratchet", "cliff", "list-unaudited", "need-uncapped", "exceptions-uncapped",
    "memory-at-the-end", "pool-not-linked", "in-force-late", "chance-not-looked-at", "limit-on-figure",
}  # fmt: skip
DUDLEY = [
    ("improvement_payment", "stake-beyond-reserve"), ("improvement_payment", "cliff"), ("improvement_payment", "ratchet"),
    ("improvement_payment", "exceptions-uncapped"), ("improvement_payment", "targets-stop-early"),
    ("gain_loss_share", "corridor-inside-noise"), ("prevention_floor", "zero-share"), ("ending", "put-option"),
]  # fmt: skip
GOOD = """
[benchmark]
opening_gbp = 100e6
growth = 0.02
planned_reduction = 0.03
phase_years = 5
[[terms]]
kind = "annual_payment"
opening_price = 360e6
form = "allocation_linked"
list_pass_through = 1.0
list_tolerance = 0.05
need_pass_through = 0.5
coding_cap = 0.03
[[terms]]
kind = "improvement_payment"
at_risk = [0.0, 0.05]
style = "withheld"
exception_cap = 0.05
indicators = [
  { name = "avoidable emergency admissions", weight = 0.5, floor = 2574, target = 2322 },
  { name = "at home 91 days after discharge", weight = 0.5, floor = 82, target = 90 },
]
[[terms]]
kind = "gain_loss_share"
share_gain = 0.5
share_loss = 0.5
dead_band = 0.03
gain_cap = 0.01
loss_cap = 0.01
"""


def test_ids_stand_once_and_never_change():
    """Every id that was ever given is in the register, once, and there is none that nobody knows of."""
    ids = [check.id for check in CHECKS]
    assert len(ids) == len(set(ids))
    assert set(ids) == IDS


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_says_why(check):
    """A check's text has a sentence on what, some on why, and a source; its id is small letters and hyphens."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", check.id)
    assert "Source:" in check.text
    what, why = check.text.split("\n\n")
    assert what.endswith(".")
    assert why.index("Source:") > 40


def test_a_good_contract_is_left_alone(read, place, ending):
    """Nothing is found in a contract with caps, bands beyond chance, targets to the end and a reserve behind it."""
    contract = read(GOOD + ending, place)
    assert review(contract, place) == []
    assert review(contract, place, 318000.0) == []
    assert [one.id for one in review(contract)] == ["chance-not-looked-at"]


def test_dudley_gets_what_can_be_answered_for():
    """Dudley's contract as shipped gets these findings, in the order of its clauses, and no others."""
    study = load_study("dudley")
    assert [(one.clause, one.id) for one in review(study.contract, study.place)] == DUDLEY


@pytest.mark.parametrize("name", sorted(path.stem for path in (config_folder() / "contracts").glob("*.toml")))
def test_every_shipped_contract_can_be_reviewed(name):
    """Each finding in a shipped contract has a sentence with a full stop, a remedy, and a clause that exists; none is a fault."""
    contract = load_contract(name, config_folder())
    known = {"", "ending", *(term.id for term in contract.terms)}
    for one in review(contract, None, 60000.0):
        assert one.clause in known
        assert one.severity in SEVERITIES
        assert one.severity != "fault", one.sentence
        assert one.sentence.endswith(".")
        assert one.remedy.endswith(".")
        assert "nan" not in one.sentence.split()
        assert "inf" not in one.sentence.split()


def test_findings_stand_in_the_order_of_the_contract(read):
    """First the contract as a whole, then clause by clause, then the ending."""
    text = """
    [[inputs]]
    name = "unused"
    unit = "GBP"
    [[terms]]
    id = "b"
    kind = "payment"
    price = 0.0
    [[terms]]
    id = "a"
    kind = "payment"
    price = 0.0
    """
    assert [one.clause for one in review(read(text))] == ["", "b", "a"]


def test_count_has_every_severity(read):
    """A contract with one fault, one warning and two notes counts so."""
    text = """
    [[inputs]]
    name = "unused"
    unit = "GBP"
    [[terms]]
    kind = "payment"
    price = 0.0
    [[terms]]
    kind = "payment"
    id = "lasting"
    price = [1.0, 2.0]
    [[terms]]
    kind = "formula"
    id = "total"
    value = "lasting * 2"
    [[terms]]
    kind = "overall_limit"
    id = "limit"
    most = 1.0
    of = [{ clause = "total" }]
    """
    assert count(review(read(text))) == {"fault": 1, "warning": 1, "note": 2}


def test_chance_of_known_sizes():
    """318,000 people move by 0.67% a year and 10,000 by 3.75%; a tail beyond 1.645 sd is one in twenty."""
    assert spread_of(318000) == pytest.approx(0.00665, abs=1e-5)
    assert spread_of(10000) == pytest.approx(0.0375, abs=1e-4)
    assert beyond(1.645) == pytest.approx(0.05, abs=1e-4)
    assert (in_hundred(0.001), in_hundred(0.012), in_hundred(0.5)) == (
        "less than one year in 100", "one year in 100", "50 years in 100",
    )  # fmt: skip


def test_words_for_numbers():
    """Shares, lists, years and counts in words."""
    assert (part(0.02), part(0.0066), part(0.125), part(-0.5)) == ("2%", "0.66%", "12.5%", "−50%")
    assert (in_words(10), in_words(11), several(1, "year"), several(3, "year")) == (
        "ten",
        "11",
        "one year",
        "three years",
    )
    assert (listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])) == ("a", "a and b", "a, b and c")
    assert (next_or_last(1), next_or_last(3)) == ("year", "three years")


def test_money_takes_the_currency(read):
    """Amounts carry the contract's own sign."""
    text = '[[terms]]\nkind = "payment"\nprice = 1.0\n'
    assert Case(read(text, currency="USD")).money(2.5e6) == "US$2.50m"
    assert Case(read(text, currency="none")).money(2.5e6) == "2.50m"
