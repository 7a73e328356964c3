"""What each analysis takes: wall and processor seconds, and the largest memory, of the whole command as a user runs it.

    python benchmarks/advice.py RUN [--verbs sensitivity,discover] [--repeat 3] [--jobs 2]

Each verb runs in a process of its own, on a finished run and into a temporary folder; figures are medians. Compilation is kept
apart: `stresstest warm` runs first.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

VERBS = ("sensitivity", "discover", "reverse", "breakeven", "tradeoffs", "signposts", "playbook", "risks", "compare")


def once(verb: str, run: Path, jobs: int) -> tuple[float, float, float]:
    """(wall seconds, processor seconds, peak memory in GB) of one command."""
    with tempfile.TemporaryDirectory() as temporary:
        sources = [str(run), str(run)] if verb == "compare" else [str(run)]
        command = [sys.executable, "-m", "stresstest", verb, *sources, "--out", f"{temporary}/out", "--jobs", str(jobs)]
        command.append("--quiet")
        began = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 1):
            raise SystemExit(f"{verb} ended with {child.returncode}")
        return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6


def main() -> None:
    """Time every verb and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("--verbs", default=",".join(VERBS))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    subprocess.run([sys.executable, "-m", "stresstest", "warm"], check=True, stdout=subprocess.DEVNULL)
    print(f"{'verb':12} {'wall s':>8} {'processor s':>12} {'peak GB':>8}   median of {options.repeat}")
    for verb in options.verbs.split(","):
        told = [once(verb, options.run, options.jobs) for _ in range(options.repeat)]
        wall, busy, peak = (statistics.median(column) for column in zip(*told, strict=True))
        print(f"{verb:12} {wall:8.1f} {busy:12.1f} {peak:8.2f}", flush=True)


if __name__ == "__main__":
    main()
