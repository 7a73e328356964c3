"""Do the stated 95% intervals cover? Many small runs of each design against one large reference.

    python benchmarks/interval_coverage.py                       400 runs of 4,096 futures, reference of 4 million
    python benchmarks/interval_coverage.py --runs 50 --reference 500000

Every reported interval of the headline measures is tried: share of runs whose interval holds the reference's value, with
the standard error that the number of runs leaves. The reference is itself an estimate; its half-width is printed beside the
typical half-width of a run, to show that it may be taken as the truth. A quantile that lies on an atom (the median surplus
of Dudley's contract sits at what the owners lose when they walk away) is covered by every interval that touches it.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from stresstest import layout as L
from stresstest.analysis.evaluate import simulate_with_nature
from stresstest.analysis.pilot import find_tilt
from stresstest.futures.design import Design, Tilt
from stresstest.measures import designs
from stresstest.measures.headline import MEASURES, of_arrays
from stresstest.strategy import Strategy
from stresstest.study import Study
from stresstest.verbs import load

HONEST = Strategy("honest", {"effort": 0.5, "efficiency": 0.5})
CHUNK = 65_536
DESIGNS = {
    "random": Design("random"), "antithetic": Design("random", antithetic=True), "lhs": Design("lhs"),
    "sobol": Design("sobol"), "stratified": Design("stratified"), "importance": Design("importance"),
}  # fmt: skip


def simulate(study: Study, futures: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(out[OUTCOMES, n], weights, groups) of a study's first futures, in two threads when there are many."""
    scenario = replace(study.scenarios[0], futures=futures)
    inputs = study.kernel_inputs(scenario, (HONEST,))
    starts = range(1, futures + 1, CHUNK)
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(lambda s: simulate_with_nature(inputs, s, min(CHUNK, futures + 1 - s)), starts))
    out = np.concatenate([part[0][0] for part in parts], axis=1)
    tags = np.concatenate([part[1][len(L.NATURE) :] for part in parts], axis=1)
    return out, tags[L.TAG_WEIGHT], tags[L.TAG_GROUP].astype(np.int64)


def main() -> None:
    """Print coverage by design and measure; with --json keep it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--futures", type=int, default=4096)
    parser.add_argument("--reference", type=int, default=1 << 22)
    parser.add_argument("--designs", default=",".join(DESIGNS))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    study = load("dudley", ())
    plain = designs.Design()
    out, weight, group = simulate(replace(study, seed=77), options.reference)
    truth = {name: of_arrays(name, out, weight, group, plain) for name in MEASURES}
    del out
    found: dict[str, dict[str, float]] = {}
    for label in options.designs.split(","):
        design = DESIGNS[label]
        told = designs.Design(design.kind, design.replicates, design.antithetic)
        tilts: dict[str, Tilt] = {}
        if design.kind == "importance":
            tilts = {"calibrated": find_tilt(study, study.scenarios[0], HONEST)}
        hits, widths = dict.fromkeys(MEASURES, 0), {name: [] for name in MEASURES}
        for run in range(options.runs):
            out, weight, group = simulate(replace(study, seed=10_000 + run, design=design, tilts=tilts), options.futures)
            for name in MEASURES:
                e = of_arrays(name, out, weight, group, told)
                hits[name] += e.low <= truth[name].value <= e.high
                widths[name].append((e.high - e.low) / 2.0)
        found[label] = {name: hits[name] / options.runs for name in MEASURES}
        print(f"{label}: {options.runs} runs of {options.futures:,} futures", flush=True)
        for name, t in truth.items():
            half = (t.high - t.low) / 2.0
            print(f"  {name:22s} covered {found[label][name]:6.1%}   half-width {np.median(widths[name]):12.5g}"
                  f"   of the reference {half:12.5g}", flush=True)  # fmt: skip
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
