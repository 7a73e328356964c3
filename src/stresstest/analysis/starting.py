"""Before the first year: does the contract start, when, in what scope, and what that does to every figure.

Outcomes in the tables are given that the contract starts in full scope. A contract whose pounds are all scaled with its
scope pays that share of every figure (reserve, caps and costs included), so a figure that counts in the chance of never
starting is the mean of the product of outcome and realised scope, future by future.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from ..futures.design import RANDOM_DESIGN
from ..futures.plan import VERIFY_FIRST
from ..strategy import Strategy
from ..study import Study
from .evaluate import EXPOSURE, SURPLUS, simulate_with_nature

FUTURES = 65536
FRAGMENT = 0.5
CAUSE = L.OUT["exit_cause_code"]


def starting_rows(study: Study, strategy: Strategy, futures: int = FUTURES) -> list[dict[str, Any]]:
    """One row a figure: name, value, error, unit and words."""
    inputs = study.kernel_inputs(study.scenarios[0], (strategy,), RANDOM_DESIGN)
    out, nature = simulate_with_nature(inputs, VERIFY_FIRST, futures)
    column = dict(zip(L.NATURE, nature, strict=False))
    starts, scope, delay = column["starts"], column["realised_scope"], column["start_delay"]
    lost = (out[0, CAUSE] >= L.EXIT_FIRST_ADVERSE).astype(float)
    whole = (out[0, CAUSE] == L.EXIT_NONE) & (scope >= FRAGMENT)
    facts = (
        ("never_starts", 1.0 - starts, "probability", "the contract never starts"),
        ("fragment", (starts == 1.0) & (scope < FRAGMENT), "probability", "it starts, and most of its scope is never moved"),
        ("as_planned", whole, "probability", "it starts, most of its scope is moved, and it runs its term"),
        ("delay", delay, "years", "delay of the start beyond the plan, on average"),
        ("realised_scope", scope, "share of scope", "share of the planned scope that is ever run, never starting counted as 0"),
        ("losses", lost, "probability", "given a start in full scope: losses end it early"),
        ("losses_all", starts * lost, "probability", "it starts, and losses end it early"),
        ("surplus", out[0, SURPLUS], "GBP", "provider's surplus, given a start in full scope"),
        ("surplus_all", scope * out[0, SURPLUS], "GBP", "provider's surplus with realised scope counted in"),
        ("exposure", out[0, EXPOSURE], "GBP", "net exposure, given a start in full scope"),
        ("exposure_all", scope * out[0, EXPOSURE], "GBP", "net exposure with realised scope counted in"),
    )
    return [
        {
            "figure": name, "value": float(np.mean(values)), "error": float(np.std(values, ddof=1) / np.sqrt(futures)),
            "unit": unit, "words": words, "futures": futures,
        }
        for name, values, unit, words in facts
    ]  # fmt: skip
