"""Accuracy per second of each design: variance × time against plain pseudo-random futures.

    python benchmarks/accuracy.py                 16,384 futures, 32 replications of each design
    python benchmarks/accuracy.py --futures 4096 --replications 8

For every measure the table gives variance of plain random futures over variance of the design (same number of futures), and
beside it the same times the ratio of kernel times: what a second buys. Replications have seeds of their own. "single net" is
one scrambled net of all futures, which has no error of its own; "16 nets" is what a run does, whose error can be told.
Variances of few replications are noisy: over 32 the ratio has a standard error of about a third of itself. Each replication is
timed beside a plain one; times include no compilation. Honest strategy; calibrated law; Dudley's contract.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from stresstest import layout as L
from stresstest.analysis.pilot import find_tilt
from stresstest.futures.design import Design
from stresstest.runner import simulate_chunk
from stresstest.strategy import Strategy
from stresstest.study import Study
from stresstest.verbs import load

HONEST = Strategy("honest", {"effort": 0.5, "efficiency": 0.5})
DESIGNS = {
    "random": Design("random"),
    "antithetic pairs": Design("random", antithetic=True),
    "lhs, 16 hypercubes": Design("lhs"),
    "stratified by cell": Design("stratified"),
    "sobol, 16 nets": Design("sobol"),
    "sobol, single net": Design("sobol", 1),
    "importance, 16 pairs of nets": Design("importance"),
    "importance, single pair": Design("importance", 1),
}
MEASURES = ("mean surplus", "P(exit)", "P(losses end it)", "mean exposure", "median exposure", "CTE 99% exposure")


def read(out: np.ndarray, weight: np.ndarray) -> list[float]:
    """The measures of one run: out[OUTCOMES, n] with weights."""
    surplus, exposure, code = out[0], out[1], out[L.OUT["exit_cause_code"]]
    order = np.argsort(-exposure)
    share = np.cumsum(weight[order]) / weight.sum()
    edge, middle = (exposure[order[np.searchsorted(share, p)]] for p in (0.01, 0.5))
    tail = edge + float(np.sum(weight * np.maximum(exposure - edge, 0.0)) / weight.sum() / 0.01)
    means = [np.average(x, weights=weight) for x in (surplus, code > 0, code >= L.EXIT_FIRST_ADVERSE, exposure)]
    return [*map(float, means), float(middle), tail]


def timed(study: Study, futures: int) -> tuple[np.ndarray, np.ndarray, float]:
    """(out[OUTCOMES, n], nature, seconds of the kernel) of a study's first futures."""
    inputs = study.kernel_inputs(replace(study.scenarios[0], futures=futures), (HONEST,))
    began = time.perf_counter()
    out, _, nature = simulate_chunk(inputs, 1, futures, False)
    return out[0], nature, time.perf_counter() - began


def replications(study: Study, design: Design, futures: int, count: int) -> tuple[np.ndarray, np.ndarray, float]:
    """(measures[count, MEASURES], those of plain futures of the same seeds, median ratio of kernel times) of a design.

    Every replication is run beside a plain one, so that a noisy machine slows both.
    """
    values, plain, ratios = [], [], []
    tilts = {"calibrated": find_tilt(study, study.scenarios[0], HONEST)} if design.kind == "importance" else {}
    for k in range(count):
        own = replace(study, design=design, seed=1000 + k, tilts=tilts)
        out, nature, seconds = timed(own, futures)
        base, base_nature, base_seconds = timed(replace(own, design=DESIGNS["random"], seed=5000 + k), futures)
        values.append(read(out, nature[len(L.NATURE)]))
        plain.append(read(base, base_nature[len(L.NATURE)]))
        ratios.append(seconds / base_seconds)
    return np.array(values), np.array(plain), float(np.median(ratios))


def _more(study: Study, futures: int, count: int) -> np.ndarray:
    """More plain replications, so that the variance that all ratios share is better known."""
    found = []
    for k in range(2 * count):
        out, nature, _ = timed(replace(study, seed=9000 + k), futures)
        found.append(read(out, nature[len(L.NATURE)]))
    return np.array(found)


def main() -> None:
    """Print the table; with --json keep it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--futures", type=int, default=1 << 14)
    parser.add_argument("--replications", type=int, default=32)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    study = load("dudley", ())
    simulate_chunk(study.kernel_inputs(study.scenarios[0], (HONEST,)), 1, 8, False)
    runs = {name: replications(study, design, options.futures, options.replications) for name, design in DESIGNS.items()}
    base = np.concatenate([runs["random"][0], runs["random"][1], _more(study, options.futures, options.replications)])
    found = {}
    print(f"{options.futures:,} futures, {options.replications} replications; variance ratio, and variance × time ratio")
    print(f"{'':30s}{'time':>7s}" + "".join(f"{name:>20s}" for name in MEASURES))
    for name, (values, _, times) in runs.items():
        ratio = base.var(axis=0, ddof=1) / values.var(axis=0, ddof=1)
        apart = (values.mean(axis=0) - base.mean(axis=0)) / np.sqrt(
            base.var(axis=0) / len(base) + values.var(axis=0) / len(values)
        )
        found[name] = {"time": times, "variance_ratio": ratio.tolist(), "bias_in_errors": apart.tolist()}
        cells = [f"{r:.1f} ({r / times:.1f})" for r in ratio]
        print(f"{name:30s}{times:7.2f}" + "".join(f"{cell:>20s}" for cell in cells), flush=True)
    if options.json:
        options.json.write_text(json.dumps({"measures": MEASURES, "designs": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
