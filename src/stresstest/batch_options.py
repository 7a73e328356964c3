"""The command line of `batch` and `national`: many cases from one file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

TOLD = """Many cases from one file: grids and lists of places, contracts, variants, scenarios, strategies, seeds.

Says before the start what it takes; writes the table of cases while it runs; leaves an ordinary run folder for each case. A case
that fails is named and the others go on. Interrupted, killed or out of disk: --resume goes on."""
EXAMPLES = """examples:
  stresstest batch places                                   configs/batches/places.toml
  stresstest batch my-batch.toml --plan                     what it would take
  stresstest batch my-batch.toml --only "stockport*" --futures 2000
  stresstest batch my-batch.toml --resume
  stresstest verify reports/batches/BATCH"""
NATIONAL = """One contract at many places, which live one economy: the same futures for all, with local noise for each.

Every place gets an ordinary run folder; then the places are added up future by future: how many fail together, year by year;
what a national body carries, and what of it diversifies; where first; what one failure sets off; and what a clause would do if it
were written into every contract at once. Adding a place changes no other place's numbers."""
NATIONAL_EXAMPLES = """examples:
  stresstest national vanguards                             configs/national/vanguards.toml
  stresstest national england --plan                        309 local authorities: what it would take
  stresstest national england --backend loky
  stresstest national england --only "stock*" "tame*" --futures 2000
  stresstest national-report reports/national/STUDY --out page      add up and draw once more"""
VERBS = ("batch", "national")


def add_batch(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add the verbs to a command line."""
    raw = argparse.RawDescriptionHelpFormatter
    one = verbs.add_parser(
        "batch", help="many cases from one file: places, contracts, variants, scenarios, strategies, seeds", description=TOLD,
        epilog=EXAMPLES, formatter_class=raw, parents=[common],
    )  # fmt: skip
    one.add_argument("file", metavar="FILE", help="a batch file, or its name in configs/batches")
    one.add_argument("--sort", default="", metavar="FIGURE", help="figure that the table is sorted by (default: p_exit_losses)")
    _add_running(one, "reports/batches")
    one = verbs.add_parser(
        "national", help="many places in one economy: joint failures, what a national body carries, clauses for all",
        description=NATIONAL, epilog=NATIONAL_EXAMPLES, formatter_class=raw, parents=[common],
    )  # fmt: skip
    one.add_argument("file", metavar="STUDY", help="a national study, or its name in configs/national")
    _add_running(one, "reports/national")


def _add_running(one: argparse.ArgumentParser, place: str) -> None:
    add = one.add_argument
    add("--only", nargs="+", action="extend", default=[], metavar="CASE", help="these cases; * and ? stand for any letters")
    add("--plan", action="store_true", help="say what it would take, and stop")
    add("--resume", action="store_true", help="go on with the newest unfinished one of this title")
    add("--out", type=Path, metavar="DIR", help=f"folder for its folders (default: {place})")
    add("--futures", type=int, metavar="N", help="futures of every scenario, instead of the file's")
    add("--jobs", type=int, help="threads or processes (default: one for each processor)")
    add("--backend", default="threading", help="threading (default), sequential, loky or dask")
    add("--scheduler", default="", metavar="ADDRESS", help="of a Dask cluster, such as tcp://10.0.0.5:8786")
    add("--yes", action="store_true", help="go on although the batch is beyond its file's limits or 1 TB")
    add("--json", action="store_true", help="print plan or table as JSON")
    add("--quiet", action="store_true", help="say nothing on stderr but errors")


def dispatch(options: argparse.Namespace) -> int:
    """Run one of the verbs."""
    shared = {
        "only": options.only, "plan": options.plan, "resume": options.resume, "out": options.out, "jobs": options.jobs,
        "backend": options.backend, "scheduler": options.scheduler, "futures": options.futures, "consent": options.yes,
        "quiet": options.quiet, "as_json": options.json,
    }  # fmt: skip
    if options.verb == "national":
        from .national_verbs import study

        return study(options.file, **shared)
    from .batch_verbs import batch

    return batch(options.file, sort=options.sort, **shared)
