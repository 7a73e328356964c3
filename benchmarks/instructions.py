"""How many instructions each rule takes: counted, not timed, so that nothing else on the machine matters.

    python benchmarks/instructions.py                          every rule, and the kernel for a future
    python benchmarks/instructions.py --only "clause:"         part of them
    python benchmarks/instructions.py --json before.json
    python benchmarks/instructions.py --compare before.json    exit code 1 where a rule takes 1% more

Rules need valgrind on x86-64 (see stresstest.bench.counting). With perf, where the processor's counters may be read, the
instructions of the kernel for one future are counted too, in this processor's own machine code.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from shutil import which

from stresstest.bench.counting import available, counted

FUTURES = (6_400, 64_000)
TOLERANCE = 0.01
LIVE = "from stresstest.bench.setting import Setting, kernel; work = kernel(Setting().honest, 6_400); [work() for _ in range({})]"


def kernel_by_perf() -> dict[str, int]:
    """Instructions of the kernel for one future: those of many futures less those of few."""
    counts = []
    for futures in FUTURES:
        command = ["perf", "stat", "-x,", "-e", "instructions:u", sys.executable, "-c", LIVE.format(1 + futures // 6_400)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        counts.append(float(done.stderr.strip().splitlines()[-1].split(",")[0]))
    return {"kernel, one future": round((counts[1] - counts[0]) / (FUTURES[1] - FUTURES[0]))}


def perf_counts() -> bool:
    """Whether perf is there and may read the processor's counters."""
    if which("perf") is None:
        return False
    done = subprocess.run(["perf", "stat", "-x,", "-e", "instructions:u", "true"], capture_output=True, text=True, check=False)
    return done.returncode == 0 and "not supported" not in done.stderr and "not counted" not in done.stderr


def more_than(stored: dict[str, int], found: dict[str, int]) -> list[str]:
    """What takes more than it did, in sentences."""
    return [
        f"{name}: {stored[name]:,} instructions before, {count:,} now ({count / stored[name] - 1.0:+.1%})"
        for name, count in found.items()
        if stored.get(name, 0) > 0 and count > stored[name] * (1.0 + TOLERANCE)
    ]


def all_counts(only: str) -> dict[str, int]:
    """All that can be counted here, with a word on stderr for what cannot."""
    found: dict[str, int] = {}
    if available():
        found |= counted(only)
    else:
        print("No valgrind here, or no x86-64: rules are not counted (Debian, Ubuntu: apt install valgrind).", file=sys.stderr)
    if perf_counts():
        found |= kernel_by_perf()
    else:
        print("perf is not here, or may not read this processor's counters (as in most virtual machines).", file=sys.stderr)
    return found


def main() -> int:
    """Count, print, store, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="NAME", help="rules whose name holds this")
    parser.add_argument("--json", default="", metavar="FILE", help="write the counts here")
    parser.add_argument("--compare", default="", metavar="FILE", help="stored counts: exit code 1 where a rule takes more")
    options = parser.parse_args()
    stored = json.loads(Path(options.compare).read_text(encoding="utf-8")) if options.compare else {}
    found = all_counts(options.only)
    print("\n".join(f"{name:50} {count:14,}" for name, count in found.items()))
    if options.json:
        Path(options.json).write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    worse = more_than(stored, found)
    if stored:
        print("\n" + "\n".join(worse or ["nothing takes more than it did"]))
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
