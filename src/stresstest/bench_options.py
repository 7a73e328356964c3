"""The command line of the verb bench."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

VERB = "bench"
TEXT = "measure the hot loop as ratios, and see whether a rule has become slower"
DESCRIPTION = """\
What the program costs, as ratios of times taken in turns in one process: a future drawn and lived against drawing as many
normals with numpy, against the same model in numpy and in plain Python, levers on top, two threads, tables, start-up; every
clause, lever and step by itself against a fixed piece of arithmetic; and whether anything is compiled more than once.

With --compare the exit code is 1 where something has become slower than in the stored record by more than its noise, or
is compiled anew. What looks slower is measured again before it is reported. See docs/benchmarks.md."""
EPILOG = """examples:
  stresstest bench                                   everything, in a few minutes
  stresstest bench --quick --json before.json        the most telling part, in under a minute
  stresstest bench --quick --compare before.json     after a change: has anything become slower?
  stresstest bench --only "clause: annual_payment"   one rule
  stresstest bench --history benchmarks/history      how the ratios moved"""


def add_bench(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add the verb to a command line."""
    one = verbs.add_parser(
        VERB, help=TEXT, description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )  # fmt: skip
    one.add_argument("--quick", action="store_true", help="fewer and shorter samples, without the whole run and the report")
    one.add_argument("--json", type=Path, metavar="FILE", help="write the record here as well")
    one.add_argument("--compare", type=Path, metavar="FILE", help="compare with this record: exit code 1 if slower")
    one.add_argument("--only", default="", metavar="NAME", help="only what has this in its name (see --list)")
    one.add_argument("--list", action="store_true", help="print what can be measured, and measure nothing")
    one.add_argument("--history", type=Path, metavar="FOLDER", help="print how the ratios of the records in a folder moved")
    one.add_argument("--quiet", action="store_true", help="say nothing on stderr but errors")


def dispatch(options: argparse.Namespace) -> int:
    """Run the verb."""
    from .bench_verbs import bench

    return bench(
        quick=options.quick, json=options.json, compare=options.compare, only=options.only, listing=options.list,
        history=options.history, quiet=options.quiet,
    )  # fmt: skip
