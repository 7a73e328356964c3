"""Layer terms on one set of losses: this project's `layered_share`, as a table that is settled and inside a simulation.

Two programmes, both of ten losses an event and sample:

    tower     each loss above its location's deductible and up to its limit; their sum through three layers
    treaties  each loss through three layers (attachment, limit and share), ten treaties of one kind

A *row* is one loss of one sample of one event that is put through the programme: in a table ten columns of one line, in
oasislmf's stream of losses ten pairs of sample and loss.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from model import FIRST, dudley, inputs_of

from stresstest.analysis.evaluate import simulate
from stresstest.config.contracts import load_contract
from stresstest.config.folders import config_folder
from stresstest.contract import Contract
from stresstest.settlement import engine
from stresstest.study import KernelInputs

PROGRAMMES = ("tower", "treaties")
LOCATIONS = 10
#: Deductible (£) of location 1; those of the others are multiples of it. Limit (£) of each location.
DEDUCTIBLE, LIMIT = 1_000.0, 100_000.0
#: Attachment (£), limit (£) and share of the three layers above the sum, and of the three layers of each treaty.
LAYERS = ((50_000.0, 100_000.0, 0.9), (150_000.0, 250_000.0, 0.8), (400_000.0, 500_000.0, 0.5))
TREATY = ((5_000.0, 10_000.0, 0.9), (15_000.0, 25_000.0, 0.8), (40_000.0, 50_000.0, 0.5))
#: Logarithm of a loss (£): mean and standard deviation. About a fifth of the losses lie below their deductible.
LOG_MEAN, LOG_SD = 9.5, 1.0
#: Events that are settled as one table.
STRETCH = 40
#: Quantities of the simulation that stand for the ten losses there.
QUANTITIES = (
    "acute_actual", "acute_expected", "reported_cost", "agreed_budget", "prevention_spend", "funding", "list", "need",
    "list_at_start", "council_cost",
)  # fmt: skip


def losses(events: int, samples: int) -> np.ndarray:
    """float32[events, LOCATIONS, samples], lognormal (£): single precision, for that is what oasislmf's streams hold."""
    rng = np.random.default_rng(1)
    return np.exp(rng.normal(LOG_MEAN, LOG_SD, (events, LOCATIONS, samples))).astype(np.float32)


def by_hand(programme: str, given: np.ndarray) -> np.ndarray:
    """Totals (£) over all events and samples: of each layer in a tower, of each treaty otherwise."""
    x = given.astype(np.float64)
    if programme == "treaties":
        return sum(share * np.clip(x - start, 0.0, room) for start, room, share in TREATY).sum(axis=(0, 2))
    kept = np.clip(x - deductibles()[None, :, None], 0.0, LIMIT).sum(axis=1)
    return np.array([share * np.clip(kept - start, 0.0, room).sum() for start, room, share in LAYERS])


def deductibles() -> np.ndarray:
    """float64[LOCATIONS] (£)."""
    return DEDUCTIBLE * np.arange(1, LOCATIONS + 1)


@dataclass(frozen=True)
class Clause:
    """A `layered_share` clause: id, the quantity it reads, and (attachment, limit, share) of its layers; payer, payee."""

    id: str
    of: str
    layers: tuple[tuple[float, float, float], ...]
    parties: tuple[str, str] = ("commissioner", "provider")

    def as_table(self) -> dict[str, object]:
        """The clause as a table of the contract language."""
        layers = [{"attachment": start, "limit": room, "share": share} for start, room, share in self.layers]
        fields = {"of": self.of, "layers": layers}
        return {"id": self.id, "kind": "layered_share", "payer": self.parties[0], "payee": self.parties[1], "fields": fields}


def clauses(programme: str, quantities: tuple[str, ...]) -> list[Clause]:
    """The programme over ten quantities. In a tower the layers read what the successor has received from the locations."""
    if programme == "treaties":
        return [Clause(f"treaty_{k + 1}", of, TREATY) for k, of in enumerate(quantities)]
    rooms = [((float(start), LIMIT, 1.0),) for start in deductibles()]
    between = ("operator", "successor")
    found = [Clause(f"location_{k + 1}", of, rooms[k], between) for k, of in enumerate(quantities)]
    return found + [Clause(f"layer_{k + 1}", "received.successor", (one,)) for k, one in enumerate(LAYERS)]


def reported(programme: str) -> list[str]:
    """Clauses whose totals are compared."""
    return [f"layer_{k + 1}" for k in range(len(LAYERS))] if programme == "tower" else [
        f"treaty_{k + 1}" for k in range(LOCATIONS)
    ]  # fmt: skip


def loss_names() -> tuple[str, ...]:
    """Columns of the table."""
    return tuple(f"loss_{k + 1}" for k in range(LOCATIONS))


def contract(programme: str, folder: Path) -> Contract:
    """The programme as a contract of its own, read from a file in the contract language that is written to `folder`."""
    lines = [
        "schema_version = 1", f'title = "{programme}"', 'currency = "GBP"', 'price_basis = "cash"', 'first_year = "2020"',
        "years = 1",
    ]  # fmt: skip
    for name in loss_names():
        lines += ["[[inputs]]", f'name = "{name}"', 'unit = "GBP"', 'doc = "loss at a location"', "low = 0.0"]
    for one in clauses(programme, loss_names()):
        layers = ", ".join(f"{{ attachment = {a}, limit = {b}, share = {c} }}" for a, b, c in one.layers)
        lines += [
            "[[terms]]", f'id = "{one.id}"', 'kind = "layered_share"', f'payer = "{one.parties[0]}"',
            f'payee = "{one.parties[1]}"', f'of = "{one.of}"', f"layers = [{layers}]",
        ]  # fmt: skip
    path = folder / f"{programme}.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_contract(str(path), config_folder())


def tables(given: np.ndarray) -> list[engine.Given]:
    """The losses as tables of STRETCH events each, so that memory which is used once can be used again."""
    return [_table(given[at : at + STRETCH]) for at in range(0, given.shape[0], STRETCH)]


def _table(given: np.ndarray) -> engine.Given:
    """One line, and a case of its own, for each event and sample."""
    lines = given.shape[0] * given.shape[2]
    columns = given.astype(np.float64).transpose(1, 0, 2).reshape(LOCATIONS, lines)
    named = dict(zip(loss_names(), np.ascontiguousarray(columns), strict=True))
    return engine.Given(np.arange(lines), np.zeros(lines, dtype=np.int64), named)


@contextmanager
def kernel_seconds() -> Iterator[list[float]]:
    """Adds up in a list of one the processor seconds that a settlement spends in its compiled part."""
    seconds, compiled = [0.0], engine.settle_cases

    def timed(*arguments: object) -> None:
        began = time.process_time()
        compiled(*arguments)
        seconds[0] += time.process_time() - began

    engine.settle_cases = timed
    try:
        yield seconds
    finally:
        engine.settle_cases = compiled


def settle(programme: str, deal: Contract, given: list[engine.Given]) -> tuple[np.ndarray, float, float]:
    """Totals (£) as `by_hand` has them, processor seconds of the settlements, and of their compiled part."""
    whole, totals, names = 0.0, 0.0, reported(programme)
    with kernel_seconds() as compiled:
        for one in given:
            began = time.process_time()
            amounts = engine.settle(deal, one).amounts
            whole += time.process_time() - began
            totals = totals + np.array([amounts[name].sum() for name in names])
    return np.asarray(totals), whole, compiled[0]


def simulated(programme: str | None) -> KernelInputs:
    """Dudley's study with the programme's clauses behind its own, or as it is."""
    study = dudley()
    deal = study.contract
    for one in clauses(programme, QUANTITIES) if programme else []:
        deal = deal.with_clause(one.as_table())
    return inputs_of(replace(study, contract=deal))


def moved(without: KernelInputs, within: KernelInputs, futures: int = 64) -> bool:
    """Whether the programme's payments move some outcome, as they must where its clauses are really lived."""
    return not np.array_equal(simulate(without, FIRST, futures), simulate(within, FIRST, futures))


def simulation_seconds(inputs: KernelInputs, futures: int) -> float:
    """Processor seconds of `futures` futures on this thread."""
    began = time.process_time()
    simulate(inputs, FIRST, futures)
    return time.process_time() - began
