"""The command line of the verbs that make papers of a finished run: report, sign, review-pack, changes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

RAW = argparse.RawDescriptionHelpFormatter
#: verb: (one line, description, examples)
VERBS: dict[str, tuple[str, str, str]] = {
    "report": (
        "write the report of a finished run (page, workbook, PDF, slide); never simulates",
        "The report of a finished run: index.html with its figures and tables, and on request workbook, PDF and slide.",
        """examples:
  stresstest report RUN
  stresstest report RUN --format html,xlsx,pdf,slide --checkpoint CP2
  stresstest report RUN --format all""",
    ),
    "sign": (
        "record who commissioned, made, assured or approved a run's report",
        "Put a name to a role, or sign a run. The analyst and the assurer must be different people.",
        """examples:
  stresstest sign RUN --role analyst --name "A. Analyst" --statement "checked against the method book" """,
    ),
    "review-pack": (
        "everything that a reviewer needs of a run, as one verified zip",
        "Report, workbook, study, manifest, logs, checks, source hash and list of libraries in one zip, read back and checked.",
        """examples:
  stresstest review-pack RUN
  stresstest review-pack RUN --out dudley-review.zip --format xlsx,pdf,slide""",
    ),
    "changes": (
        "what changed since an earlier run: inputs, code, assumptions, outputs",
        "Two runs side by side, whatever versions made them: inputs, code and libraries, assumptions, and results.",
        """examples:
  stresstest changes EARLIER_RUN RUN""",
    ),
    "national-report": (
        "several places in one economy: joint failures, what a national body carries, what diversifies",
        """Finished runs of different places that share seed, design, years, scenario and axes, added up future by future: how
many places fail at once against independent ones, totals with errors, what diversifies, and the places beside each other.""",
        """examples:
  stresstest national-report RUN_OF_DUDLEY RUN_OF_STOCKPORT --out reports/national
  stresstest national-report reports/national/STUDY --out page""",
    ),
}


def add_reporting(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add these verbs to a command line."""
    for verb, (line, told, examples) in VERBS.items():
        one = verbs.add_parser(verb, help=line, description=told, epilog=examples, formatter_class=RAW, parents=[common])
        _OPTIONS[verb](one)


def _report(one: argparse.ArgumentParser) -> None:
    one.add_argument("folder", type=Path, metavar="RUN")
    one.add_argument("--format", default="html", help="html (always made), xlsx, pdf, slide, or all; several with commas")
    one.add_argument("--checkpoint", default="", help="CP1, CP2 or CP3: which sections are printed")
    one.add_argument("--assurance", type=Path, metavar="FILE", help="assurance record to read in place of the run's own")


def _sign(one: argparse.ArgumentParser) -> None:
    one.add_argument("folder", type=Path, metavar="RUN")
    one.add_argument("--role", required=True, help="commissioner, analyst, assurer or approver")
    one.add_argument("--name", required=True)
    one.add_argument("--organisation", default="")
    one.add_argument("--statement", default="", help="what is signed, in a sentence")
    one.add_argument("--date", default="", help="YYYY-MM-DD (default: today)")


def _pack(one: argparse.ArgumentParser) -> None:
    one.add_argument("folder", type=Path, metavar="RUN")
    one.add_argument("--out", type=Path, metavar="FILE", help="the zip (default: RUN_review-pack.zip beside the run folder)")
    one.add_argument("--checkpoint", default="", help="CP1, CP2 or CP3: which sections are printed")
    one.add_argument("--format", default="xlsx,slide", help="what stands beside the page: xlsx, pdf, slide (default: xlsx,slide)")


def _changes(one: argparse.ArgumentParser) -> None:
    one.add_argument("earlier", type=Path, metavar="EARLIER_RUN")
    one.add_argument("folder", type=Path, metavar="RUN")
    one.add_argument("--out", type=Path, metavar="DIR", help="a new folder for page and tables (default: RUN/changes)")
    one.add_argument("--json", action="store_true")


def _national(one: argparse.ArgumentParser) -> None:
    one.add_argument("runs", type=Path, nargs="+", metavar="RUN")
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder for page and tables")
    one.add_argument("--scenario", help="scenario of the runs (default: the first one's first)")
    one.add_argument("--json", action="store_true")
    one.add_argument("--quiet", action="store_true", help="say nothing on stderr but errors")


_OPTIONS = {
    "report": _report, "sign": _sign, "review-pack": _pack, "changes": _changes, "national-report": _national,
}  # fmt: skip


def dispatch(options: argparse.Namespace) -> int:
    """Run one of these verbs."""
    if options.verb == "report":
        from .report_verbs import report

        return report(options.folder, options.format, options.checkpoint, options.assurance)
    if options.verb == "sign":
        from .sign_verbs import sign

        return sign(options.folder, options.role, options.name, options.organisation, options.statement, options.date)
    if options.verb == "review-pack":
        from .report_verbs import review_pack

        return review_pack(options.folder, options.out, options.checkpoint, options.format)
    if options.verb == "national-report":
        from .national_verbs import report as national

        return national(options.runs, options.out, options.scenario, options.json, options.quiet)
    from .changes_verbs import changes

    return changes(options.earlier, options.folder, options.out, options.json)
