"""Contract files as nobody should write them: each either settles with every account closed, or is refused with its place.

The examples of a run are the same everywhere. STRESSTEST_FUZZ sets how many there are in all.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import tomli_w
from fuzzed import NUMBERS, Fuzzed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stresstest.config.contracts import load_contract, load_raw, read_contract
from stresstest.config.folders import config_folder
from stresstest.contract import Contract
from stresstest.errors import RunError, StressTestError
from stresstest.settlement.columns import asked_columns, columns_as_text, override_fields, template
from stresstest.settlement.engine import Given, Settlement, settle, with_columns
from stresstest.settlement.output import settled_columns
from stresstest.settlement.table import Table
from stresstest.terms import TERMS

pytestmark = [pytest.mark.law, pytest.mark.filterwarnings("ignore::RuntimeWarning")]
CONFIGS = config_folder(Path(__file__).resolve().parent)
EXAMPLES = int(os.environ.get("STRESSTEST_FUZZ", "10000"))
SHIPPED = {path.stem: load_raw(path, CONFIGS) for path in sorted((CONFIGS / "contracts").glob("*.toml"))}


def random_table(contract: Contract, chance: Random) -> Given:
    """Three cases through all years: what the contract asks for, and now and then an entry of a clause."""
    size = 3 * contract.years
    rng = np.random.default_rng(chance.randrange(1 << 32))
    columns = {}
    for column in asked_columns(contract):
        low, high = max(column.low, -1e6), min(column.high, 1e6)
        values = rng.uniform(low, high, size) if low < high else np.full(size, column.low)
        columns[column.name] = np.where(rng.random(size) < 0.2, np.clip(np.round(values), low, high), values)
    own = [name for name, entry in override_fields(contract).items() if entry.is_number]
    if own and chance.randrange(4) == 0:
        name = own[chance.randrange(len(own))]
        entry = override_fields(contract)[name]
        columns[name] = np.full(
            size, min(max(NUMBERS[chance.randrange(len(NUMBERS))], entry.low), entry.high), dtype=np.float64
        )
        columns = {
            **{c.name: columns.get(c.name, np.ones(size)) for c in asked_columns(with_columns(contract, [name]))},
            **columns,
        }
    return Given(np.repeat(np.arange(3), contract.years), np.tile(np.arange(contract.years), 3), columns)


def accounts_close(contract: Contract, settlement: Settlement) -> None:
    """Every party's balance is its transfers, the balances add to nothing, and every number is one."""
    for values in (*settlement.amounts.values(), *settlement.figures.values()):
        assert np.isfinite(values).all()
    moved = sum((np.abs(values) for values in settlement.amounts.values()), np.zeros(1))
    for party, values in settlement.net.items():
        signed = [a if t.payee == party else -a for t in contract.terms if t.kind.moves and party in (t.payer, t.payee)
                  for a in (settlement.amounts[t.id],)]  # fmt: skip
        assert np.all(np.abs(sum(signed, np.zeros(1)) - values) <= 1e-9 * np.maximum(1.0, moved))
    left = np.abs(sum(settlement.net.values(), np.zeros(1)))
    assert np.all(left <= 1e-9 * np.maximum(1.0, moved))


def attempt(work: Callable[[], Any]) -> tuple[Any, Any]:
    """What comes out, or None and the refusal; any other error is let through."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return work(), None
    except StressTestError as refusal:
        return None, refusal


def settles_or_is_refused(compiled: Callable[[], Contract], chance: Random) -> bool:
    """Compile and settle; True where it settles. A refusal has to be ours, and to name its file and its place."""
    contract, refusal = attempt(compiled)
    if contract is None:
        assert refusal.file, refusal
        assert refusal.key is not None or "TOML" in refusal.message or "read" in refusal.message, refusal
        assert len(str(refusal)) < 20_000
        return False
    assert all(line.startswith("#") for line in template(contract).splitlines()[:-1] if '"' not in line)
    assert columns_as_text(contract)
    table = random_table(contract, chance)
    settlement = settle(contract, table)
    written, refusal = attempt(lambda: settled_columns(contract, Table(table, {}, ()), settlement))
    if written is None:
        assert not isinstance(refusal, RunError), refusal
        assert refusal.key in {**settlement.amounts, **settlement.figures}, refusal
        return False
    accounts_close(contract, settlement)
    return True


def chances() -> st.SearchStrategy[Random]:
    """A source of chance that hypothesis can make smaller."""
    return st.randoms(use_true_random=False)


def examples(share: float) -> settings:
    """A share of all the examples, the same in every run."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    return settings(
        max_examples=max(1, round(EXAMPLES * share)), deadline=None, derandomize=True, suppress_health_check=slow
    )


def read(raw: dict[str, Any]) -> Contract:
    """A contract as a settlement reads it."""
    return read_contract(raw, "x.toml", "x", None, CONFIGS, study=False)[0]


@examples(0.4)
@given(chance=chances())
def test_any_contract_settles_or_is_refused_with_its_place(chance):
    """Contracts put together from the register, with odd entries among them, settle and close or are refused by name."""
    raw = Fuzzed(chance).contract()
    settles_or_is_refused(lambda: read(raw), chance)


@examples(0.55)
@given(chance=chances(), name=st.sampled_from(sorted(SHIPPED)))
def test_a_spoilt_contract_settles_or_is_refused_with_its_place(chance, name):
    """The contracts that are shipped, with entries left out, put twice, moved or replaced, settle or are refused by name."""
    raw = Fuzzed(chance).mutated(SHIPPED[name])
    settles_or_is_refused(lambda: read(raw), chance)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of configurations to spoil."""
    configs = tmp_path_factory.mktemp("fuzzed") / "configs"
    for name in ("contracts", "studies"):
        (configs / name).mkdir(parents=True)
    return configs


def written(value: Any, depth: int = 0) -> Any:
    """A value without what no file can hold, or the writer of files cannot write."""
    if isinstance(value, (dict, list)) and depth > 40:
        return 1
    if isinstance(value, dict):
        return {str(k).encode("utf-8", "replace").decode(): written(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return [written(v, depth + 1) for v in value]
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return value if not isinstance(value, int) or abs(value) < 10**4000 else 10**4000


def variant(fuzz: Fuzzed) -> dict[str, Any]:
    """A file that extends another; in a wild one also itself, or what is not there."""
    raw: dict[str, Any] = {"extends": fuzz.one_of(("b", "c", "c", "c"))}
    if fuzz.odd_in(12):
        raw["extends"] = fuzz.one_of(("a", fuzz.word(), fuzz.anything()))
    if fuzz.one_in(3):
        raw["remove"] = ["it"] if not fuzz.odd_in(3) else fuzz.one_of((["pay"], [fuzz.word()], fuzz.anything()))
    if fuzz.one_in(2):
        raw["terms"] = [fuzz.clause(fuzz.one_of(TERMS), fuzz.one_of(("it", "new")))]
        if fuzz.one_in(2):
            raw["terms"][0]["before"] = fuzz.word() if fuzz.odd_in(3) else "after"
    if fuzz.one_in(4):
        raw["subcontracts"] = [
            {"id": "inner", "contract": fuzz.one_of(("a", "b", "c")), "parties": {"provider": "hospital"}}
        ]
    if fuzz.odd_in(6):
        fuzz.upset(raw)
    return raw


@examples(0.05)
@given(chance=chances(), cut=st.integers(0, 40))
def test_any_file_settles_or_is_refused_with_its_place(folder, chance, cut):
    """Files that extend, hold and circle one another, some cut short or with a byte changed, settle or are refused by name."""
    fuzz = Fuzzed(chance)
    for name, raw in (("a", variant(fuzz)), ("b", variant(fuzz)), ("c", fuzz.contract())):
        data = tomli_w.dumps(written(raw)).encode()
        if cut == 1:
            data = data[: chance.randrange(len(data) + 1)]
        if cut == 2 and data:
            at = chance.randrange(len(data))
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        (folder / "contracts" / f"{name}.toml").write_bytes(data)
    settles_or_is_refused(lambda: load_contract("a", folder), chance)


DEEP = 5000
HOSTILE = {
    "lists inside lists": "x = " + "[" * DEEP + "]" * DEEP,
    "tables inside tables": "x = " + "{a = " * DEEP + "1" + "}" * DEEP,
    "a key of many parts": "title." + "a." * DEEP + "b = 1",
    "a whole number of 5,000 digits": "years = " + "9" * DEEP,
    "a whole number of 5,000 hexadecimal digits": "years = 0x" + "f" * DEEP,
    "a title of 5,000 hexadecimal digits": "title = 0x" + "f" * DEEP,
    "a price of 5,000 hexadecimal digits": '[[terms]]\nkind = "payment"\nprice = 0x' + "f" * DEEP,
    "a name of a million letters": 'title = "t"\nfirst_year = "' + "9" * 1_000_000 + '"',
    "a formula of brackets": '[[terms]]\nkind = "formula"\nvalue = "' + "(" * 900 + "1" + ")" * 900 + '"',
    "a formula of signs": '[[terms]]\nkind = "formula"\nvalue = "' + "-" * 1900 + '1"',
    "ten thousand clauses": '[[terms]]\nkind = "payment"\nprice = 1\n' * 10_000,
    "no end of a text": 'title = "',
    "nothing": "",
    "a null byte": "title = \x00",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_place(folder, name):
    """Files made to exhaust the reader are refused by name."""
    lines = {"schema_version": "1", "title": '"t"', "price_basis": '"cash"', "first_year": '"2018"', "years": "3"}
    body = HOSTILE[name]
    head = [f"{key} = {value}" for key, value in lines.items() if f"{key} =" not in body and f"{key}." not in body]
    (folder / "contracts" / "hostile.toml").write_text("\n".join([*head, body]), encoding="utf-8")
    assert not settles_or_is_refused(lambda: load_contract("hostile", folder), Random(0))


def test_the_examples_are_not_all_refused():
    """Of the contracts put together from the register a good part settles, so the laws behind them are tried."""
    settled = 0
    for seed in range(200):
        chance = Random(seed)
        raw = Fuzzed(chance).contract()
        settled += settles_or_is_refused(lambda raw=raw: read(raw), chance)
    assert settled > 40
