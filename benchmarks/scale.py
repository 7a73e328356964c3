"""How a run grows: time and memory from 100,000 futures on, two jobs against one, and what the run folder costs.

    python benchmarks/scale.py growth [--most 10000000] [--keep 0.01]     one process a size; wall, processor, peak memory
    python benchmarks/scale.py jobs [--futures 2000000]                   one job against two, in turns
    python benchmarks/scale.py folder [--futures 400000]                  with the run folder against the kernel alone

Every figure is that of Dudley's contract under two strategies with fixed levers, yearly rows of 10,000 futures. Processor time is
told beside wall time: on a shared machine the first says what the work takes, the second what the neighbours left.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

LEVELS = {"honest": {"effort": 0.5, "prevention": 0.01}, "gamed": {"effort": 0.5, "prevention": 0.01, "cost_shifting": 0.02}}
SETTINGS = ("years_futures=10000", "scenarios=['calibrated']")


def _study(futures: int) -> tuple[Any, tuple[Any, ...]]:
    from stresstest.config.load import load_study
    from stresstest.strategy import Strategy

    return load_study("dudley", (f"futures={futures}", *SETTINGS)), tuple(Strategy(k, v) for k, v in LEVELS.items())


def one(futures: int, keep: float, jobs: int, backend: str) -> dict[str, Any]:
    """One run in this process: seconds by the clock and of the processor, peak memory, parts of the time, results hash."""
    from stresstest.runner import run_study, simulate_chunk

    study, strategies = _study(futures)
    simulate_chunk(study.kernel_inputs(study.scenarios[0], strategies), 1, 256, True)
    with tempfile.TemporaryDirectory(dir=".") as folder:
        before, began = _processor(), time.perf_counter()
        run = run_study(study, strategies, folder, jobs=jobs, keep=keep, backend=backend)
        wall, after = time.perf_counter() - began, _processor()
        written = sum(path.stat().st_size for path in Path(run.folder).rglob("*") if path.is_file())
    return {
        "futures": futures, "keep": keep, "jobs": jobs, "backend": backend, "wall_seconds": wall,
        "processor_seconds": after - before,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "written_mb": written / 1e6,
        "results_hash": run.manifest["results_hash"], "ok": run.ok, **{f"{k} s": v for k, v in run.manifest["timings"].items()},
    }  # fmt: skip


def _processor() -> float:
    return sum(getattr(resource.getrusage(who), name) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
               for name in ("ru_utime", "ru_stime"))  # fmt: skip


def apart(*arguments: str) -> dict[str, Any]:
    """The same in a process of its own, so that its memory is its own."""
    done = subprocess.run([sys.executable, __file__, "one", *arguments], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def growth(most: int, keep: float, jobs: int) -> None:
    """Time and memory by number of futures."""
    print(f"{'futures':>12} {'wall s':>9} {'CPU s':>9} {'µs wall':>8} {'µs CPU':>8} {'peak MB':>8} {'disk MB':>8}")
    futures = 100_000
    while futures <= most:
        row = apart(str(futures), str(keep), str(jobs), "threading")
        per = 1e6 / futures
        print(f"{futures:>12,} {row['wall_seconds']:>9.1f} {row['processor_seconds']:>9.1f} {row['wall_seconds'] * per:>8.2f} "
              f"{row['processor_seconds'] * per:>8.2f} {row['peak_mb']:>8.0f} {row['written_mb']:>8.0f}", flush=True)  # fmt: skip
        futures *= 10


def side_by_side(futures: int, turns: int) -> None:
    """One job and two in turns: wall times, their ratio, and whether the results are the same."""
    seconds: dict[int, list[float]] = {1: [], 2: []}
    hashes = set()
    for _ in range(turns):
        for jobs in (1, 2):
            row = apart(str(futures), "1.0", str(jobs), "threading")
            seconds[jobs].append(row["wall_seconds"])
            hashes.add(row["results_hash"])
    alone, both = (statistics.median(seconds[jobs]) for jobs in (1, 2))
    print(json.dumps({"futures": futures, "one_job_s": seconds[1], "two_jobs_s": seconds[2], "efficiency": alone / both / 2,
                      "hashes": len(hashes)}, indent=1))  # fmt: skip


def folder_cost(futures: int, turns: int) -> None:
    """What Parquet, checksums, hash and checks add to the kernel's own processor time; in turns, one job."""
    from stresstest.chunks import default_chunk, plan_chunks
    from stresstest.runner import run_study, simulate_chunk

    study, strategies = _study(futures)
    inputs = study.kernel_inputs(study.scenarios[0], strategies)
    plan = plan_chunks(study, len(strategies), default_chunk(futures, len(strategies), 1))
    simulate_chunk(inputs, 1, 256, True)
    bare, whole = [], []
    with tempfile.TemporaryDirectory(dir=".") as folder:
        run_study(*_study(1000), folder, jobs=1)  # imports, and what is found out once about the machine
    for _ in range(turns):
        began = time.process_time()
        for chunk in plan:
            simulate_chunk(inputs, chunk.first, chunk.futures, chunk.with_years)
        bare.append(time.process_time() - began)
        with tempfile.TemporaryDirectory(dir=".") as folder:
            began = time.process_time()
            run_study(study, strategies, folder, jobs=1)
            whole.append(time.process_time() - began)
    ratios = [b / a - 1.0 for a, b in zip(bare, whole, strict=True)]
    print(json.dumps({"futures": futures, "kernel_s": bare, "run_s": whole, "overhead": statistics.median(ratios)}, indent=1))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    own = kinds.add_parser("one")
    own.add_argument("arguments", nargs=4)
    own = kinds.add_parser("growth")
    own.add_argument("--most", type=float, default=1e7)
    own.add_argument("--keep", type=float, default=0.01)
    own.add_argument("--jobs", type=int, default=2)
    for name, futures in (("jobs", 2e6), ("folder", 4e5)):
        own = kinds.add_parser(name)
        own.add_argument("--futures", type=float, default=futures)
        own.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    if options.kind == "one":
        futures, keep, jobs, backend = options.arguments
        print(json.dumps(one(int(futures), float(keep), int(jobs), backend)))
    elif options.kind == "growth":
        growth(int(options.most), options.keep, options.jobs)
    elif options.kind == "jobs":
        side_by_side(int(options.futures), options.turns)
    else:
        folder_cost(int(options.futures), options.turns)


if __name__ == "__main__":
    main()
