"""What has been compiled, for which types: the guard against an accidental recompile.

A compiled entry is meant for one kind of argument each: an array of another type or layout makes numba compile the whole
kernel again, silently and for half a minute, in every new cache. So a process runs through all that a user can reach: every
shipped study under every design, every shipped contract, every lever, futures with and without yearly tables, threads,
histories. Then each entry must have one signature, each must have come from the cache where there is one, and no rule may
have been compiled by itself, which happens where plain Python calls a rule over and over.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from .. import layout as L
from ..levers import LEVERS
from ..strategy import Strategy
from ..study import Study

#: Entries that are compiled for more than one kind of argument, and why that is right: none.
SIGNATURES: dict[str, int] = {}
CASES = 3


def dispatchers() -> Iterator[tuple[str, Any]]:
    """(module and name, dispatcher) of every function of this package that is compiled, entries and rules."""
    for name, module in sorted(sys.modules.items()):
        if name.startswith("stresstest."):
            for own, value in sorted(vars(module).items()):
                if hasattr(value, "signatures") and hasattr(value, "py_func") and value.py_func.__module__ == name:
                    # a rule that plain Python has called is compiled as a whole beside itself (_link.Rule)
                    yield f"{name.removeprefix('stresstest.')}.{own}", getattr(value, "_whole", None) or value


def is_entry(dispatcher: Any) -> bool:
    """Whether a function is kept in the cache on disk, as entries are and rules are not."""
    return dispatcher.stats.cache_path is not None


def counts() -> dict[str, dict[str, int]]:
    """By function that was compiled or loaded: signatures, how many were loaded, how many were compiled in this process."""
    found = {}
    for name, one in dispatchers():
        if one.signatures:
            loaded = sum(one.stats.cache_hits.values()) if is_entry(one) else 0
            made = len(one.signatures) - min(loaded, len(one.signatures))
            found[name] = {"signatures": len(one.signatures), "loaded": loaded, "compiled": made}
    return found


def strategies_of(study: Study) -> tuple[Strategy, ...]:
    """Honest work, work by year, and each lever by itself."""
    by_year = tuple(0.1 * (t % 3) for t in range(study.years))
    levers = [Strategy(kind.name, {kind.name: 0.5 * kind.highest}) for kind in LEVERS]
    return Strategy("null", {}), Strategy("by year", {"effort": by_year}), *levers


def live(study: Study) -> None:
    """A few futures of every scenario, by every way that leads to the kernel."""
    from ..analysis.draws import draw
    from ..analysis.evaluate import Arena, simulate, simulate_with_nature, simulate_years
    from ..runner import simulate_chunk

    strategies, lines = strategies_of(study), len(study.line_names)
    for scenario in study.scenarios:
        inputs = study.kernel_inputs(scenario, strategies)
        simulate_chunk(inputs, 0, CASES, True)
        simulate_chunk(inputs, 1, L.BLOCK + 1, False)
        draw(study, scenario, 1, CASES, variates=True)
        draw(study, scenario, 1, CASES)
    inputs = study.kernel_inputs(study.scenarios[0], strategies[:1])
    simulate(inputs, 0, CASES, lines)
    simulate_with_nature(inputs, 1, CASES)
    simulate_years(inputs, 1, CASES, lines, drivers=True)
    Arena(study, study.scenarios[0], 1, CASES, 2).outcomes(list(strategies[:3]), lines)


def live_studies() -> None:
    """Every shipped study, the main one under every design."""
    from ..analysis.preparation import prepare
    from ..config.folders import config_folder
    from ..config.load import load_study

    few = ("futures=64", "years_futures=8")
    for path in sorted((config_folder() / "studies").glob("*.toml")):
        live(load_study(path.stem, few))
    for design in L.DESIGNS:
        study = load_study("dudley", (*few, f"design={design}"))
        live(prepare(study, Strategy("null", {})) if design == "importance" else study)


def settle_contracts() -> None:
    """Every shipped contract with made-up years, as a table and as books that are played with, and every history."""
    from ..analysis.histories import answers
    from ..config.contracts import load_contract
    from ..config.folders import config_folder
    from ..config.histories import load_histories
    from ..gaming.books import Books
    from ..settlement.engine import Given, settle
    from ..wiring import settlement_inputs

    folder = config_folder()
    for path in sorted((folder / "contracts").glob("*.toml")):
        contract = load_contract(path.stem, folder)
        years = contract.years
        columns = {name: np.full(CASES * years, 0.5) for name in settlement_inputs(contract)}
        settle(contract, Given(np.repeat(np.arange(CASES), years), np.tile(np.arange(years), CASES), columns))
        if columns:
            Books(contract, {name: own.reshape(CASES, years) for name, own in columns.items()}, "made up").pay([{}])
    for history in load_histories(folder):
        list(answers(history, 2))


def resample() -> None:
    """The draws of estimators."""
    from ..futures.resampling import chosen, key_of, normals, shuffled

    normals(key_of("bench"), 2, CASES)
    chosen("bench", 2, CASES)
    shuffled("bench", 2, CASES)


def exercised() -> dict[str, dict[str, int]]:
    """Run through all that a user can reach; what has been compiled then."""
    live_studies()
    settle_contracts()
    resample()
    return counts()


def faults(found: dict[str, dict[str, int]], warm: bool) -> list[str]:
    """What is wrong, in sentences. `warm`: an earlier process has filled the cache, so that nothing may be compiled any more."""
    told = []
    for name, own in sorted(found.items()):
        most = SIGNATURES.get(name, 1)
        if own["signatures"] > most:
            told.append(f"{name} is compiled for {own['signatures']} kinds of arguments, expected {most}")
        elif warm and own["compiled"]:
            told.append(f"{name} is compiled in every process: it is called from plain Python, or not kept in the cache")
    return told
