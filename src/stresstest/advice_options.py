"""The command line of the verbs of advice: what each asks for, with examples."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

RAW = argparse.RawDescriptionHelpFormatter
#: verb: (one line, what it answers and how, examples)
VERBS: dict[str, tuple[str, str, str]] = {
    "compare": (
        "is draft B better than draft A? runs, studies or variants in the same futures",
        """Is draft B better than draft A?

Paired differences with intervals, the chance that B is worse, stochastic dominance, regret, hurdles held; money and health
side by side. Finished runs must share their draws. A --variant is laid over the first run or study and lived through its
futures; the provider answers to it unless --keep-strategies. --variants takes 2 to 60 drafts from a file (or configs/variants) to
a page of their own, RUN/batches/FILE: drafts that are there already are not run again, and one that cannot be run is named.""",
        """examples:
  stresstest compare RUN OTHER_RUN
  stresstest compare RUN --variant "wider band: contract.gain_loss_share.dead_band=0.03"
  stresstest compare RUN --variant "less at risk: contract.improvement_payment.at_risk=0.05" --keep-strategies
  stresstest compare RUN --variants dudley""",
    ),
    "sensitivity": (
        "which uncertainty matters? Shapley effects, moment-independent measure, tornado, switching values",
        """Which uncertainty matters?

On the run's own, correlated futures: Shapley effects over the six axes (exact over all 64 sets) and over all that nature decides;
a moment-independent measure; by year of each axis; by assumption a to g; by clause; tornado and switching values. Sobol' indices
on an independent twin only. A plain table (CSV, Parquet) is read as it is.""",
        """examples:
  stresstest sensitivity RUN
  stresstest sensitivity table.csv --result y --inputs x1,x2,x3""",
    ),
    "discover": (
        "in which futures does it fail? regions found by PRIM, judged on other futures, with a tree as second opinion",
        """In which futures does it fail?

Boxes in the units of the axes, each with coverage, density and how far it can be trusted; compared with the named scenarios.""",
        """examples:
  stresstest discover RUN --failure walks_away
  stresstest discover RUN --failure "commissioner_exposure_npv_gbp > 5e8 and health_qaly_npv < 2000"
  stresstest discover table.csv --result y --above 1.5""",
    ),
    "reverse": (
        "what would it take? the likeliest path to each failure, the smallest shocks, the year after which it is too late",
        """What would it take?

Starts from failure: the provider walks away, the commissioner's limit, the quality floor, the hospital.""",
        """examples:
  stresstest reverse RUN
  stresstest reverse RUN --failure walks_away""",
    ),
    "breakeven": (
        "how much would be enough? smallest margin, reserve, uplift or corridor for a target risk",
        """How much would be enough?

Solved in the run's own futures, with the error of the solution; and checked on fresh ones.""",
        """examples:
  stresstest breakeven RUN
  stresstest breakeven RUN --target "walks_away <= 0.1" --key contract.ending.reserve""",
    ),
    "tradeoffs": (
        "what is given up for what? frontiers over share at risk, weights, ramp, shares of gain and loss",
        """What is given up for what?

Drafts spread over the contract's own parameters; an honest provider answers to each; dominated ones are greyed.""",
        """examples:
  stresstest tradeoffs RUN""",
    ),
    "signposts": (
        "what should we watch, and when do we act? early signs, their skill out of sample, control limits",
        """What should we watch, and when do we act?

Observable quantities by the end of year 1, 2, 3 and 5: threshold, hit and false-alarm rate, lead time; found on half of the
futures, judged on the other half, against the base rate and a logistic model. With a monitoring pack.""",
        """examples:
  stresstest signposts RUN --failure walks_away""",
    ),
    "playbook": (
        "what do we do when it happens? mitigations tried on each discovered region, in the same futures",
        """What do we do when it happens?

Change sets, reserves and triggers from configs/playbooks, or your own with --library.""",
        """examples:
  stresstest playbook RUN
  stresstest playbook RUN --library my-mitigations.toml""",
    ),
    "risks": (
        "the risk register: impact and likelihood computed from the run, by risk and by party, and who could bear it best",
        """Who bears what, and who should?

A register as programmes keep them, with both scores computed from the run.""",
        """examples:
  stresstest risks RUN""",
    ),
    "advise": (
        "all of these on one run, and its report with the answers in it",
        "Every analysis of one run, one after the other; then the run's report, with their answers and links to their pages.",
        """examples:
  stresstest advise RUN
  stresstest advise dudley --futures 20000""",
    ),
}


def _common(one: argparse.ArgumentParser, with_out: bool) -> None:
    add = one.add_argument
    add("--scenario", help="scenario of the run (default: its first)")
    add("--strategy", default="honest", help="what the provider does: honest (default) or gamed")
    add("--jobs", type=int, help="threads (default: one for each processor)")
    if with_out:
        add("--out", type=Path, metavar="DIR", help="a new folder for tables, figures, page (default: RUN/advice/VERB)")
        add("--json", action="store_true", help="print everything as JSON")
    add("--quiet", action="store_true", help="say nothing on stderr but errors")
    add("--futures", help="of a study: futures to run")
    add("--seed", help="of a study: its seed")
    add("--set", action="append", default=[], metavar="KEY=VALUE", help="of a study: change one entry; may be repeated")


def _failure(one: argparse.ArgumentParser) -> None:
    told = "walks_away, commissioner_limit, quality_floor, hospital_limit, council_limit, or a comparison; may be repeated"
    one.add_argument("--failure", action="append", default=[], metavar="NAME_OR_TEST", help=told)


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def add_advice(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add the verbs of advice to a command line."""
    for verb, (line, told, examples) in VERBS.items():
        one = verbs.add_parser(verb, help=line, description=told, epilog=examples, formatter_class=RAW, parents=[common])
        _common(one, verb != "advise")
        if verb == "compare":
            add = one.add_argument
            add("sources", nargs="+", metavar="RUN_OR_STUDY")
            add("--variant", action="append", default=[], metavar="NAME: KEY=VALUE; …", help="a draft; may be repeated")
            add("--variants", metavar="FILE", help="many drafts, from a file or by name in configs/variants")
            add("--order", help="of --variants: together (default), health, walks_away or name; never money alone")
            add("--against", default="", metavar="NAME", help="the draft that others are set against (default: the first)")
            add("--keep-strategies", action="store_true", help="the provider does not answer to a variant")
            add("--out-runs", type=Path, metavar="DIR", help="folder for the variants' runs (default: reports/runs)")
            continue
        one.add_argument("source", metavar="RUN_OR_STUDY" if verb not in ("sensitivity", "discover") else "RUN_STUDY_OR_TABLE")
        if verb not in ("breakeven", "tradeoffs", "risks"):
            _failure(one)
        if verb in ("sensitivity", "discover"):
            one.add_argument("--result", type=_list, default=[], metavar="COLUMN", help="of a table: the column to be explained")
            one.add_argument("--inputs", type=_list, default=[], metavar="A,B,…", help="of a table: the columns that explain it")
        if verb == "discover":
            one.add_argument("--above", type=float, metavar="NUMBER", help="of a table: a row fails above this result")
            one.add_argument("--below", type=float, metavar="NUMBER", help="of a table: a row fails below this result")
        if verb == "breakeven":
            one.add_argument("--target", metavar="TEST", help='such as "walks_away <= 0.1", the default')
            told = "what may be set, such as contract.ending.reserve; may be repeated"
            one.add_argument("--key", action="append", default=[], metavar="KEY", help=told)
        if verb == "playbook":
            one.add_argument("--library", type=Path, metavar="FILE", help="mitigations of your own (default: the standard ones)")
