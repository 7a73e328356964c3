"""Size does not matter: a place and its contract at k times the people give k times every pound, future by future."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tomli_w

from stresstest import layout as L
from stresstest.analysis.evaluate import simulate, simulate_years
from stresstest.config.contract_scaling import scaled_form
from stresstest.config.contracts import load_raw, read_contract
from stresstest.config.folders import config_folder, data_folder
from stresstest.config.load import load_study
from stresstest.config.register import OWN_COLUMNS, find_entry, register
from stresstest.config.scaling import Scale
from stresstest.config.section import merge
from stresstest.contract import Contract
from stresstest.errors import ContractError
from stresstest.place import Place
from stresstest.settlement.columns import asked_columns
from stresstest.settlement.engine import Given, settle
from stresstest.strategy import Strategy
from stresstest.study import Study

pytestmark = [pytest.mark.law, pytest.mark.filterwarnings("ignore::RuntimeWarning")]
TESTS = Path(__file__).resolve().parents[1]
CONFIGS = config_folder(TESTS)
ENTRIES = register(data_folder(CONFIGS))
FUTURES = 12
STRATEGIES = (
    Strategy("null", {}),
    Strategy("gamed", {
        "effort": 0.75, "prevention": 1.0, "efficiency": 0.5, "threshold_bunching": 0.5, "cost_shifting": 0.4,
        "list_inflation": 0.03, "upcoding": 0.08, "exception_reporting": 0.05, "year_end_timing": 0.02,
    }),
)  # fmt: skip
NOISES = ("population.list_noise", "acute.noise", "shock.insurance_noise")
LONG = "dudley-5.5bn with 24 clauses more"
SHIPPED = sorted(path.stem for path in (CONFIGS / "contracts").glob("*.toml"))


def raw_contract(name: str) -> dict:
    """A shipped contract, or Dudley's with many clauses more."""
    if name == LONG:
        more = tomllib.loads((TESTS / "reference" / "study_clauses.toml").read_text(encoding="utf-8"))
        return merge(load_raw(CONFIGS / "contracts" / "dudley-5.5bn.toml", CONFIGS), more)
    return load_raw(CONFIGS / "contracts" / f"{name}.toml", CONFIGS)


def scaled(name: str, scale: Scale, place: Place | None) -> tuple[Contract, Contract]:
    """A contract as it stands, and scaled."""
    contract, form = read_contract(raw_contract(name), name, name, place, CONFIGS, study=place is not None)
    return contract, read_contract(scaled_form(contract, form, scale, name), name, name, place, CONFIGS, place is not None)[0]


def held(made: Study, small: Study) -> Study:
    """The study with chance as it was: the same draws, and the same spread of what falls with the number of people."""
    pairs = zip(made.place.indicators, small.place.indicators, strict=True)
    parameters = made.place.parameters | {key: small.place.parameters[key] for key in NOISES}
    indicators = tuple(replace(mine, denominator=was.denominator) for mine, was in pairs)
    return replace(made, place=replace(made.place, name=small.place.name, parameters=parameters, indicators=indicators))


def studies(folder: Path, name: str, k: float) -> tuple[Study, Study]:
    """Dudley under a contract, and a place of k times Dudley's people from a register, as files give them."""
    (folder / "contract.toml").write_text(tomli_w.dumps(raw_contract(name)), encoding="utf-8")
    people = [f"{n * k!r}" for n in find_entry("E08000027", ENTRIES).persons]
    (folder / "own.csv").write_text("\n".join([",".join(OWN_COLUMNS), ",".join(["x1", "Elsewhere", *people])]), encoding="utf-8")
    text = (CONFIGS / "studies" / "dudley.toml").read_text(encoding="utf-8")
    text = text.replace('contract = "dudley-5.5bn"', f"contract = {str(folder / 'contract.toml')!r}")
    (folder / "study.toml").write_text('register = "own.csv"\n' + text, encoding="utf-8")
    small, large = (load_study(str(folder / "study.toml"), change, CONFIGS) for change in ((), ("place=Elsewhere",)))
    return small, held(large, small)


@pytest.mark.parametrize("k", [2.0, 0.37])
@pytest.mark.parametrize("name", ["dudley-5.5bn", "dudley-244m", "dudley-status-quo", LONG])
def test_k_times_the_people_give_k_times_the_money(name: str, k: float, tmp_path: Path) -> None:
    """Every sum and every QALY of every future is k times as large; causes, years and scores are the same."""
    small, large = studies(tmp_path, name, k)
    one, other = (
        simulate(s.kernel_inputs(s.scenarios[0], STRATEGIES), 1, FUTURES, len(s.line_names)) for s in (small, large)
    )
    sized = [name.endswith("_gbp") or name == "health_qaly_npv" for name in L.OUTCOMES]
    moving = [term.kind.moves for term in small.contract.terms] + [True] * len(L.SYSTEM_LINES)
    for row, (grows, name_of) in enumerate(zip([*sized, *moving], [*L.OUTCOMES, *small.line_names], strict=True)):
        if row < len(sized) or grows:
            factor = k if grows else 1.0
            np.testing.assert_allclose(other[:, row], one[:, row] * factor, rtol=1e-8, atol=0.01 * factor, err_msg=name_of)


def test_k_times_the_people_give_k_times_the_money_in_every_year(tmp_path: Path) -> None:
    """Income, cost, reserve and acute spend of each year are k times as large; scores and service are the same."""
    small, large = studies(tmp_path, "dudley-5.5bn", 3.0)
    one, other = (simulate_years(s.kernel_inputs(s.scenarios[0], STRATEGIES), 1, FUTURES, 0) for s in (small, large))
    for row, name in enumerate(L.YEARLY):
        factor = 3.0 if name.endswith("_gbp") else 1.0
        np.testing.assert_allclose(other[:, row], one[:, row] * factor, rtol=1e-8, atol=0.01, err_msg=name)


def table(contract: Contract, scale: Scale, seed: int) -> tuple[Given, Given]:
    """A table of plausible figures for a contract, and the same at the scale."""
    rng, size = np.random.default_rng(seed), 2 * contract.years
    case, year = np.repeat(np.arange(2), contract.years), np.tile(np.arange(contract.years), 2)
    one, other = {}, {}
    for column in asked_columns(contract):
        money = column.unit in ("GBP", "EUR", "USD", "NZD", "AUD", "CHF")
        people = column.unit == "persons"
        low, high = (5e7, 2e8) if money else (1e5, 3e5) if people else (0.0, 1.2)
        low, high = max(low, min(column.low, high)), min(high, max(column.high, low))
        values = np.round(rng.uniform(low, high, size)) if column.unit == "0 or 1" else rng.uniform(low, high, size)
        one[column.name] = values
        other[column.name] = values * (scale.cost if money else scale.heads if people else 1.0)
    return Given(case, year, one), Given(case, year, other)


def scalable() -> Iterator[str]:
    """Shipped contracts that can be put to another place, and the long one."""
    for name in (*SHIPPED, LONG):
        try:
            scaled(name, Scale(1.0, 1.0, "law"), None)
        except ContractError:
            continue
        yield name


@pytest.mark.parametrize("name", list(scalable()))
def test_a_scaled_contract_pays_the_scaled_sums(name: str) -> None:
    """Settled on people times 2 and money times 3, every clause moves three times the money; refused is what would not."""
    scale = Scale(2.0, 3.0, "law")
    small, large = scaled(name, scale, None)
    for seed in range(3):
        one, other = table(small, scale, seed)
        before, after = settle(small, one).amounts, settle(large, other).amounts
        for term in small.terms:
            if term.kind.moves:
                np.testing.assert_allclose(after[term.id], before[term.id] * 3.0, rtol=1e-8, atol=0.01, err_msg=term.id)


def test_contracts_of_studies_can_be_put_to_another_place() -> None:
    """All that a study can use can be; what hangs on a national limit in persons, or on a sum in a formula, is refused."""
    found = set(scalable())
    assert {"dudley-5.5bn", "dudley-244m", "dudley-status-quo", LONG} <= found
    assert not found & {"mssp-base", "status-quo"}


def test_two_scalings_are_one(tmp_path: Path) -> None:
    """Scaled by 2 and then by 1.5 is scaled by 3, to the last but one bit."""
    study = load_study("dudley", (), CONFIGS)
    contract, form = read_contract(raw_contract("dudley-5.5bn"), "x", "x", study.place, CONFIGS)
    for k in (2.0, 1.5):
        form = scaled_form(contract, form, Scale(k, k, "law"), "x")
        contract, form = read_contract(form, "x", "x", study.place, CONFIGS)
    at_once = studies(tmp_path, "dudley-5.5bn", 3.0)[1].contract
    assert list(contract.scope.values()) == pytest.approx(list(at_once.scope.values()), rel=1e-14)
    assert contract.opening_price == pytest.approx(at_once.opening_price, rel=1e-14)
    assert contract.ending["loss_cap"].value == pytest.approx(at_once.ending["loss_cap"].value, rel=1e-14)
