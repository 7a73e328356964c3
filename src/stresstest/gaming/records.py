"""Where honest books come from: futures lived honestly, a table of years, or, for want of both, plausible made-up years.

    lived     every quantity as the simulation recorded it for an honest provider, in futures that no search has used
    table     the cases of a table as `stresstest settle` reads it
    made up   for a contract that can be settled and not simulated: around each input's default (the first of default, value,
              middle of its bounds, a size read off its unit) with a lasting and a yearly deviation, held within its bounds:

                  amount_t = centre · exp(lasting · z + yearly · z_t)      shares move on the log-odds scale
                  switches are 1 in one case-year out of ten
                  what others verify, certify or estimate is in proportion to what the provider reports of the same unit; where
                  its default is the sum of others' defaults, it is their sum

Made-up books show what the wording allows, not how likely the years are in which it pays; every page says so.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from .. import layout as L
from ..contract import Contract
from ..drivers.parameters import PLAN_ACUTE, PLAN_AGREED, PLAN_NEED, PLAN_PRICE, PLAN_PRODUCTIVITY
from ..terms import BY_NAME, INDICATOR_PREFIX
from .backing import PROVIDER, Backing, backing
from .books import Books, Columns, asked

CASES = 128
LASTING, YEARLY = 0.06, 0.06
SWITCH_CHANCE = 0.1
#: Words of a number that checks what the provider reports, rather than sets what it is held against.
_EVIDENCE = r"\b(validat\w*|certif\w*|audit\w*|verif\w*|estimate\w*|confirm\w*|invoiced?|reconcil\w*|matched|count\w*)\b"
SIZES = {"money": 1e8, "persons": 3e5, "events": 1e4, "share": 0.5, "number": 1.0}


def centre_of(contract: Contract, known: Backing) -> np.ndarray:
    """The centre of a made-up quantity in each year, float64[T]."""
    own = {entry.name: entry for entry in contract.inputs}
    entry = own.get(known.name)
    if entry is not None and entry.value is not None:
        return np.array([entry.value.at(t) for t in range(contract.years)])
    if entry is not None and entry.default is not None:
        return np.full(contract.years, entry.default)
    if entry is not None and entry.high < 1e14 and entry.low > -1e14:
        return np.full(contract.years, 0.5 * (entry.low + entry.high))
    planned = _planned(contract).get(known.name)
    if planned is not None:
        return planned
    if known.name in ("list", "list_at_start", "list_audited"):
        return np.full(contract.years, SIZES["persons"])
    if known.name in BY_NAME and BY_NAME[known.name].unit == "index":
        return np.ones(contract.years)
    if known.name in ("ghosts", "exceptions"):
        return np.zeros(contract.years)
    if known.name.startswith(f"{INDICATOR_PREFIX}."):
        return _indicator_centre(contract, known.name.removeprefix(f"{INDICATOR_PREFIX}."))
    size = SIZES.get(known.kind, 0.0)
    if known.kind == "money":
        size = _money_size(contract, size)
    return np.full(contract.years, size)


def _planned(contract: Contract) -> Columns:
    """What the contract's own plan says of standard quantities, float64[T] each; nothing where it has no plan."""
    if not contract.plan or not contract.benchmark:
        return {}
    plan = contract.plan_table()
    scope = sum(contract.scope.values()) or float(plan[0, PLAN_AGREED])
    return {
        "acute_expected": plan[:, PLAN_ACUTE], "acute_actual": plan[:, PLAN_ACUTE], "agreed_budget": plan[:, PLAN_AGREED],
        "reported_cost": scope * plan[:, PLAN_NEED] * plan[:, PLAN_PRICE] / plan[:, PLAN_PRODUCTIVITY],
        "funding": (1.0 + contract.plan["funding_growth"].value) ** np.arange(contract.years),
    }  # fmt: skip


def _indicator_centre(contract: Contract, name: str) -> np.ndarray:
    """Half-way between floor and target of an indicator, by year."""
    for term in contract.terms:
        for row in term.values.get("indicators", []):
            if row["name"] == name:
                values = [term.at(t)["indicators"] for t in range(contract.years)]
                rows = [next(entry for entry in year if entry["name"] == name) for year in values]
                return np.array([0.5 * (entry["floor"] + entry["target"]) for entry in rows])
    return np.full(contract.years, 0.5)


def _money_size(contract: Contract, otherwise: float) -> float:
    """The size of a year's money: the opening price or the largest default of a money input, where there is one."""
    term = contract.first("annual_payment")
    if term is not None:
        return float(term.at(0)["opening_price"])
    sizes = [
        entry.default for entry in contract.inputs
        if entry.default and entry.unit.upper().startswith(contract.currency)
    ]  # fmt: skip
    return max(sizes, default=otherwise)


def made_up(contract: Contract, cases: int = CASES) -> Books:
    """Plausible honest books for a contract that no simulation knows; the same every time."""
    names = asked(contract)
    z = _normals(cases, (contract.years + 1) * max(1, len(names))).reshape(cases, len(names) or 1, contract.years + 1)
    columns = {}
    for q, name in enumerate(names):
        known = backing(contract, name)
        centre = centre_of(contract, known)
        deviation = LASTING * z[:, q, :1] + YEARLY * z[:, q, 1:]
        columns[name] = _around(known, centre, deviation, z[:, q, 1:])
    columns |= _evidence(contract, columns)
    return Books(contract, columns, "made-up years around each input's default: what the wording allows, not how likely it is")


def _evidence(contract: Contract, columns: Columns) -> Columns:
    """What others supply about the very thing that the provider reports goes with it: by sum, or in proportion."""
    known = {name: backing(contract, name) for name in columns}
    centres = {name: float(centre_of(contract, known[name]).mean()) for name in columns}
    reported = [n for n in columns if known[n].reporter == PROVIDER and known[n].kind in ("money", "persons", "events")]
    found: Columns = {}
    for name, one in known.items():
        same = [n for n in reported if known[n].unit == one.unit and centres[n] > 0.0]
        if one.reporter == PROVIDER or one.kind == "switch" or not same:
            continue
        total = sum(centres[n] for n in same)
        if len(same) > 1 and abs(centres[name] - total) <= 1e-9 * total:
            found[name] = np.clip(sum(columns[n] for n in same), one.low, one.high)
        elif re.search(_EVIDENCE, f"{one.doc} {name.replace('_', ' ')}".lower()):
            partner = min(same, key=lambda n: abs(np.log(centres[n] / max(centres[name], 1e-9))))
            found[name] = np.clip(columns[partner] * centres[name] / centres[partner], one.low, one.high)
    return found


def central(contract: Contract) -> Books:
    """One case in which every quantity stands at its centre, for the analysis of the wording alone."""
    columns = {name: centre_of(contract, backing(contract, name))[None, :] for name in asked(contract)}
    return Books(contract, columns, "every quantity at its centre")


def _around(known: Backing, centre: np.ndarray, deviation: np.ndarray, z: np.ndarray) -> np.ndarray:
    """float64[cases, T]: the quantity with its deviations, within its bounds."""
    if known.kind == "switch":
        rare = 0.5 * (1.0 + np.sign(z - 1.2815515655446004))
        return np.where(centre > 0.5, 1.0 - rare, rare)
    if known.kind == "share" and np.all((centre > 0.0) & (centre < 1.0)):
        odds = np.log(centre / (1.0 - centre)) + 4.0 * deviation
        values = 1.0 / (1.0 + np.exp(-odds))
    elif known.name.startswith(f"{INDICATOR_PREFIX}.") or np.any(centre < 0.0):
        values = centre * (1.0 + deviation)
    else:
        values = centre * np.exp(deviation)
    return np.clip(values, known.low, known.high)


def _normals(cases: int, width: int) -> np.ndarray:
    """float64[cases, width] of standard normals from an unscrambled Sobol' net: evenly spread, always the same."""
    from scipy.stats import norm, qmc

    net = qmc.Sobol(min(width, 21201), scramble=False).random(2 * cases)[cases : 2 * cases]
    return np.asarray(norm.ppf(np.clip(net, 1e-6, 1.0 - 1e-6)), dtype=np.float64)


def lived(study: object, levels: dict[str, float], cases: int = CASES, jobs: int = 2) -> Books:
    """Honest books of a study: what the simulation records when the provider works at `levels`, on verifying futures."""
    from dataclasses import replace

    from ..analysis.evaluate import Arena, simulate_years
    from ..futures.plan import VERIFY_FIRST
    from ..strategy import Strategy
    from ..study import Study

    assert isinstance(study, Study)
    arena = Arena(study, study.scenarios[0], VERIFY_FIRST, cases, jobs)
    inputs = replace(arena.inputs, strategies=np.array([Strategy("honest", levels).table(study.years)]))
    lines = len(study.line_names)
    yearly = simulate_years(inputs, arena.first, cases, lines, drivers=True)[0]
    drivers = yearly[len(L.YEARLY) + lines :]
    own = {entry.name: entry for entry in study.contract.inputs}
    indicators = {indicator.name: k for k, indicator in enumerate(study.place.indicators)}
    columns: dict[str, np.ndarray] = {}
    for name in asked(study.contract):
        entry = own.get(name)
        source = entry.follows if entry is not None and entry.follows else name
        if source in BY_NAME:
            columns[name] = drivers[BY_NAME[source].driver].T.copy()
        elif source.startswith(f"{INDICATOR_PREFIX}."):
            columns[name] = drivers[L.RECORD_INDICATOR + indicators[source.partition(".")[2]]].T.copy()
        else:
            known = backing(study.contract, name)
            columns[name] = np.tile(centre_of(study.contract, known), (cases, 1))
    served = yearly[L.YEAR["running"]].T.copy()
    words = f"{cases} futures of the study, lived by an honest provider, until it leaves"
    return Books(study.contract, columns, words, served)


def from_table(contract: Contract, path: Path) -> Books:
    """Honest books from a table that `stresstest settle` could read; cases of fewer years than the contract are left out."""
    from ..errors import DataError
    from ..settlement.engine import completed
    from ..settlement.table import read_table

    table = read_table(path, contract)
    filled = completed(contract, table.given)
    order = np.lexsort((table.given.year, table.given.case))
    case = table.given.case[order]
    whole = [c for c in np.unique(case) if (case == c).sum() == contract.years]
    if not whole:
        raise DataError(
            "no case of the table has all years of the contract", file=path, key="case",
            expected=f"{contract.years} rows for at least one case",
        )  # fmt: skip
    columns = {
        name: np.array([filled[name][order][case == c] for c in whole]) for name in asked(contract) if name in filled
    }
    return Books(contract, columns, f"{len(whole)} cases of {path.name}")
