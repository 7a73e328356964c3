"""What a report takes: seconds, peak memory and bytes of each form, and whether two renders of a run are equal byte for byte.

    python benchmarks/report_rendering.py RUN [--formats xlsx,pdf,slide] [--repeat 2]
    python benchmarks/report_rendering.py --futures 1000000

Each render is a command of its own, as a user runs it, and replaces RUN/report. Without RUN a run of the main study is made in
a temporary folder first; its time is not counted. Rendering reads summaries only, so the number of futures must not tell.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

#: Most seconds and GB of a page with its workbook, and most MB of page, figures and tables, and of the workbook.
LIMITS = {"seconds": 30.0, "GB": 1.0, "report MB": 5.0, "workbook MB": 10.0}
OWN_FILES = ("results.xlsx", "report.pdf", "summary.svg", "summary.png")


def once(run: Path, formats: str) -> tuple[float, float, float]:
    """(wall seconds, processor seconds, peak memory in GB) of one report command."""
    command = [sys.executable, "-m", "stresstest", "report", str(run), "--format", formats]
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"report ended with {child.returncode}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6


def digests(folder: Path) -> dict[str, str]:
    """sha256 of every file of a report."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def sizes(folder: Path) -> dict[str, float]:
    """MB of the page with figures, tables and trace, and of each other form."""
    whole = {path.relative_to(folder).as_posix(): path.stat().st_size / 1e6 for path in folder.rglob("*") if path.is_file()}
    own = {name: whole.pop(name) for name in OWN_FILES if name in whole}
    return {"page, figures, tables": sum(whole.values()), "index.html": whole["index.html"], **own}


def make_run(futures: int, place: Path) -> Path:
    """A run of the main study."""
    subprocess.run([sys.executable, "-m", "stresstest", "run", "dudley", "--futures", str(futures), "--out", str(place)],
                   check=True, stdout=subprocess.DEVNULL)  # fmt: skip
    (found,) = (path for path in place.iterdir() if not path.name.startswith("."))
    return found


def tell(run: Path, formats: str, repeat: int) -> int:
    """Render, print a table, and return 1 where a limit is passed or two renders differ."""
    seen, slowest, largest = [], 0.0, 0.0
    print(f"{'formats':24} {'wall s':>7} {'processor s':>12} {'peak GB':>8}")
    for asked in dict.fromkeys(("html", "html,xlsx", f"html,{formats}")):
        for _ in range(repeat):
            wall, busy, peak = once(run, asked)
            print(f"{asked:24} {wall:7.1f} {busy:12.1f} {peak:8.2f}", flush=True)
            if asked == "html,xlsx":
                slowest, largest = max(slowest, wall), max(largest, peak)
            if asked == f"html,{formats}":
                seen.append(digests(run / "report"))
    for name, size in sizes(run / "report").items():
        print(f"{name:24} {size:7.2f} MB")
    differ = sorted({name for one in seen for name in one if one[name] != seen[0].get(name)})
    print(f"{len(seen)} renders, " + (f"these differ: {', '.join(differ)}" if differ else "equal byte for byte"))
    of = sizes(run / "report")
    told = {"seconds": slowest, "GB": largest, "report MB": of["page, figures, tables"]}
    told["workbook MB"] = of.get("results.xlsx", 0.0)
    passed = [f"{name} {told[name]:.1f} (limit {limit:.0f})" for name, limit in LIMITS.items() if told[name] > limit]
    print("limits passed: " + ", ".join(passed) if passed else "within every limit")
    return 1 if passed or differ else 0


def main() -> int:
    """Render a run and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, nargs="?")
    parser.add_argument("--futures", type=int, default=1_000_000)
    parser.add_argument("--formats", default="xlsx,pdf,slide")
    parser.add_argument("--repeat", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        return tell(options.run or make_run(options.futures, Path(name)), options.formats, options.repeat)


if __name__ == "__main__":
    sys.exit(main())
