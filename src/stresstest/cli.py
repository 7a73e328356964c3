"""The command line: arguments and exit codes. What the verbs do is in verbs.py."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from . import __version__
from .advice_options import VERBS as ADVICE
from .advice_options import add_advice
from .batch_options import VERBS as BATCH
from .batch_options import add_batch
from .bench_options import VERB as BENCH
from .bench_options import add_bench
from .errors import ConfigError, StressTestError, nearest
from .report_options import VERBS as REPORTING
from .report_options import add_reporting

KEEPING = ("verify", "reproduce", "publish", "fetch")
VERBS = (
    "run", *REPORTING, "check", "schema", "explain", *KEEPING, *BATCH, "gaming", *ADVICE, "settle", "cases", "places", "method",
    "docs", "warm", BENCH,
)  # fmt: skip
ANYWHERE = ("--debug", "--version", "--help")
BACKENDS = ("threading", "sequential", "loky", "dask")
EPILOG = """examples:
  stresstest                                        Dudley's contract, honest and gamed, with report
  stresstest run dudley --design sobol --until "p_exit±0.005"
  stresstest run dudley --futures 20000 --set contract.gain_loss_share.dead_band=0.03
  stresstest explain reports/runs/RUN --future 4187
  stresstest verify reports/runs/RUN
  stresstest gaming dudley --out reports/gaming/dudley       best response, loopholes, fixes, with a page
  stresstest gaming my-contract.toml                         loopholes of a draft that no simulation knows
  stresstest advise reports/runs/RUN                         why it breaks, and what to do about it
  stresstest compare reports/runs/RUN --variant "wider band: contract.gain_loss_share.dead_band=0.03"
  stresstest settle mssp-enhanced --template > years.csv     then fill it in, and
  stresstest settle mssp-enhanced --input years.csv --out settled.csv

exit codes: 0 done; 1 a model check failed; 2 bad configuration or usage; 3 bad data; 4 reproduction mismatch;
5 worker or back-end failure; 130 interrupted (resume with --resume)"""


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are ConfigErrors with the nearest right answer."""

    def error(self, message: str) -> Any:
        words = [word for word in message.replace("'", " ").split() if word.startswith("--")]
        known = [option for action in self._actions for option in action.option_strings]
        near = nearest(words[0], known) if words and message.startswith("unrecognized") else None
        raise ConfigError(message, key=self.prog, expected=f"see {self.prog} --help", nearest=near)


def _add_set(parser: argparse.ArgumentParser, form: str, example: str) -> None:
    told = f"change one entry, such as {example}; may be repeated"
    parser.add_argument("--set", action="append", default=[], metavar=form, help=told)


def _add_run_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--futures", help="futures of the calibrated law, instead of the study's")
    add("--seed", help="seed, instead of the study's")
    add("--design", help="how futures are spread: random (default), lhs, sobol, stratified or importance")
    add("--until", metavar="MEASURE±WIDTH", help='add futures until a 95%% interval is this narrow, such as "p_exit±0.001"')
    add("--yes", action="store_true", help="go on although --until will take long, or more than 1 TB would be written")
    add("--jobs", type=int, help="threads or processes (default: one for each processor)")
    add("--backend", default="threading", help="threading (default), sequential, loky or dask")
    add("--scheduler", default="", metavar="ADDRESS", help="a running Dask scheduler, tcp://host:8786, for --backend dask")
    add("--exchange", default="", metavar="URL", help="storage by which workers hand over files where they do not see --out")
    add("--keep", default="100%", metavar="SHARE", help="keep this share of futures in full, such as 1%%, and sum up all of them")
    add("--chunk", type=int, help="futures in a chunk (default: chosen from memory); never changes a result")
    _add_set(parser, "KEY=VALUE", "contract.gain_loss_share.dead_band=0.03")
    add("--out", type=Path, help="folder for run folders (default: reports/runs)")
    add("--resume", action="store_true", help="go on with the newest unfinished run of the same study")
    add("--quiet", action="store_true", help="say nothing on stderr but errors")


def _add_settling(verb: Callable[[str, str], argparse.ArgumentParser]) -> None:
    one = verb("settle", "put given years through a contract, without sampling, and get every transfer back")
    one.add_argument("contract", help="name in configs/contracts, or a path")
    one.add_argument("--input", type=Path, metavar="TABLE", help="CSV or Parquet: one row for each case and year")
    one.add_argument("--out", type=Path, metavar="TABLE", help="write here (.csv or .parquet) instead of to standard output")
    _add_set(one, "CLAUSE.FIELD=VALUE", "shared_savings.max_share=0.6")
    one.add_argument("--template", action="store_true", help="print the header that the contract needs, with units")
    one.add_argument("--columns", action="store_true", help="print every column in and out, with units")
    one.add_argument("--quiet", action="store_true", help="say nothing on stderr but errors")
    one = verb("cases", "run the named real contracts with their opening facts; what the engine says beside what happened")
    one.add_argument("case", nargs="?", default="", help="name in configs/cases (default: all)")
    one.add_argument("--draws", type=int, default=20_000, help="draws behind each probability")
    one.add_argument("--json", action="store_true")


GAMING = """What pays a provider that plays against the clauses.

A study is searched in full: honest work first, the best response over all levers, loopholes that no list names,
compounds, fixes and what they displace, provider types, freedom to move money. A contract that can only be settled is
searched for loopholes of its wording. --static needs no futures: jumps, kinks, flat stretches, double pay, unbacked numbers."""
GAMING_EPILOG = """examples:
  stresstest gaming dudley --static
  stresstest gaming dudley --out reports/gaming/dudley
  stresstest gaming dudley --set contract.improvement_payment.step_share=0 --against reports/gaming/dudley/archive.json
  stresstest gaming my-contract.toml --input years.csv"""


def _add_gaming(verbs: Any, common: argparse.ArgumentParser) -> None:
    one = verbs.add_parser(
        "gaming", help="what a provider that plays against the clauses would do, gain and harm; what stops it",
        description=GAMING, epilog=GAMING_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter, parents=[common],
    )  # fmt: skip
    one.add_argument("study", metavar="STUDY_OR_CONTRACT")
    one.add_argument("--static", action="store_true", help="the wording alone: nothing is sampled")
    one.add_argument("--out", type=Path, metavar="DIR", help="a new folder for the tables, the archive and the page")
    one.add_argument("--against", type=Path, metavar="ARCHIVE", help="replay an archive's exploits on this draft of the contract")
    one.add_argument("--fixes", type=Path, metavar="FILE", help="fixes of your own to try with the known ones (docs/gaming.md)")
    one.add_argument("--input", type=Path, metavar="TABLE", help="honest years of a contract that is settled (as for settle)")
    _add_set(one, "KEY=VALUE", "contract.CLAUSE.FIELD=VALUE")
    one.add_argument("--quick", action="store_true", help="best response, levers alone and loopholes; no fixes, types or freedom")
    one.add_argument("--search", type=int, default=2000, metavar="N", help="futures searched (default 2,000)")
    one.add_argument("--verify", type=int, default=20_000, metavar="N", help="fresh futures that figures come from (20,000)")
    one.add_argument("--jobs", type=int, help="threads (default: one for each processor)")
    one.add_argument("--json", action="store_true")
    one.add_argument("--quiet", action="store_true", help="say nothing on stderr but errors")


def _add_keeping(verb: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """What is done with a finished run: checked, put away and fetched, run again."""
    one = verb("verify", "recompute the hashes and invariants of a run or of all runs of a batch, or check a review pack")
    one.add_argument("folder", type=Path, metavar="RUN_OR_PACK")
    one = verb("publish", "put a finished run into object or shared storage, every byte checked; goes on where it stopped")
    one.add_argument("folder", type=Path, metavar="RUN")
    one.add_argument("url", metavar="URL", help="where to, such as s3://bucket/runs/dudley (pip install 'stresstest[remote]')")
    one.add_argument("--quiet", action="store_true", help="say nothing on stderr but errors")
    one = verb("fetch", "fetch a published run from object or shared storage, every byte checked")
    one.add_argument("url", metavar="URL", help="where it was published")
    one.add_argument("--out", type=Path, metavar="DIR", help="folder for run folders (default: reports/runs)")
    one.add_argument("--quiet", action="store_true", help="say nothing on stderr but errors")
    one = verb("reproduce", "run again from a run's own configuration and compare")
    one.add_argument("folder", type=Path)
    for name, kind in (("--jobs", int), ("--chunk", int)):
        one.add_argument(name, type=kind)
    one.add_argument("--backend", default="threading")
    one.add_argument("--scheduler", default="", metavar="ADDRESS", help="a running Dask scheduler, for --backend dask")
    one.add_argument("--quiet", action="store_true")


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    common = _Parser(add_help=False)
    common.add_argument("--debug", action="store_true", help="show the traceback of an error")
    top = _Parser(
        prog="stresstest", description="Stress-test a long, whole-population, outcomes-based health contract.",
        epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter, parents=[common],
    )  # fmt: skip
    top.add_argument("--version", action="version", version=f"stresstest {__version__}")
    _add_run_options(top)
    verbs = top.add_subparsers(dest="verb", metavar="VERB", parser_class=_Parser)
    verb = lambda name, text: verbs.add_parser(name, help=text, description=text, parents=[common])  # noqa: E731
    one = verb("run", "simulate a study; print the run folder")
    one.add_argument("study", help="name in configs/studies, or a path")
    one.add_argument("--report", action="store_true", help="write the report as well")
    _add_run_options(one)
    add_reporting(verbs, common)
    one = verb("check", "validate a study or a contract; say what is odd about it")
    one.add_argument("study", metavar="STUDY_OR_CONTRACT")
    _add_set(one, "KEY=VALUE", "contract.CLAUSE.FIELD=VALUE (for a contract also CLAUSE.FIELD=VALUE)")
    one.add_argument("--json", action="store_true")
    one = verb("schema", "print the JSON Schema of studies or contracts, for editors")
    one.add_argument("kind", nargs="?", default="contract")
    one.add_argument("--out", type=Path, metavar="FOLDER", help="write all schemas here, such as configs/schema")
    one = verb("explain", "print one future, year by year and clause by clause, to the penny")
    one.add_argument("folder", type=Path)
    one.add_argument("--future", type=int, required=True)
    one.add_argument("--strategy", default="honest")
    one.add_argument("--scenario")
    one.add_argument("--json", action="store_true")
    _add_keeping(verb)
    add_batch(verbs, common)
    _add_gaming(verbs, common)
    add_advice(verbs, common)
    _add_settling(verb)
    one = verb("places", "list the places that a study may name: English local authorities and the MCP vanguards")
    one.add_argument("text", nargs="?", default="", help="part of a name or code (default: all)")
    one.add_argument("--template", action="store_true", help="print a table of places to fill in, with every column")
    one.add_argument("--own", type=Path, metavar="TABLE", help="check a table of your own, row by row")
    one = verb("method", "write the method book from the code and the worked cases")
    one.add_argument("--out", type=Path, metavar="DIR", help="folder for page, text and model map (default: reports/method)")
    one = verb("docs", "build the documentation site, offline, with Sphinx (pip install 'stresstest[docs]')")
    one.add_argument("--out", type=Path, metavar="DIR", help="folder for the site (default: build/site)")
    one = verb("warm", "compile every kernel now and keep it, so that no later run waits; say what was compiled and where it is")
    one.add_argument("--all", action="store_true", help="those of --design sobol and lhs too")
    add_bench(verbs, common)
    return top


def _changes(options: argparse.Namespace) -> list[str]:
    changes = list(options.set)
    for name in ("futures", "seed", "design"):
        value = getattr(options, name, None)
        if value is not None:
            changes.append(f"{name}={value}")
    return changes


def _share(text: str) -> float:
    """A share as 1% or 0.01. Errors: ConfigError for anything else."""
    try:
        return float(text[:-1]) / 100.0 if text.endswith("%") else float(text)
    except ValueError as error:
        raise ConfigError("This is no share.", key="--keep", value=text, expected="a share such as 1% or 0.01") from error


def _simulate(options: argparse.Namespace, study: str, with_report: bool) -> int:
    from . import verbs

    if options.backend not in BACKENDS:
        raise ConfigError(
            "there is no such back-end",
            key="--backend",
            value=options.backend,
            expected=", ".join(BACKENDS),
            nearest=nearest(options.backend, BACKENDS),
        )
    return verbs.run(
        verbs.load(study, _changes(options)), options.out or verbs.RUNS, with_report=with_report, jobs=options.jobs,
        backend=options.backend, scheduler=options.scheduler, exchange=options.exchange, keep=_share(options.keep),
        chunk=options.chunk, resume=options.resume, quiet=options.quiet, until=options.until, consent=options.yes,
    )  # fmt: skip


def _gaming(options: argparse.Namespace) -> int:
    from .gaming_verbs import gaming

    return gaming(
        options.study, static=options.static, out=options.out, against=options.against, table=options.input,
        fixes=options.fixes, futures=(options.search, options.verify), changes=options.set, jobs=options.jobs,
        quick=options.quick, as_json=options.json, quiet=options.quiet,
    )  # fmt: skip


def _advice(options: argparse.Namespace) -> int:
    from . import advice_verbs

    own = {"compare": advice_verbs.compare, "advise": advice_verbs.advise}
    return own[options.verb](options) if options.verb in own else advice_verbs.analyse(options.verb, options)


def _keeping(options: argparse.Namespace) -> int:
    from . import storage_verbs, verbs

    if options.verb == "publish":
        return storage_verbs.publish(options.folder, options.url, quiet=options.quiet)
    if options.verb == "fetch":
        return storage_verbs.fetch(options.url, options.out, quiet=options.quiet)
    if options.verb == "verify":
        return verbs.verify(options.folder)
    return verbs.reproduce(
        options.folder, jobs=options.jobs, backend=options.backend, scheduler=options.scheduler, chunk=options.chunk,
        quiet=options.quiet,
    )  # fmt: skip


def dispatch(options: argparse.Namespace) -> int:
    """Run the chosen verb."""
    from . import contract_verbs, verbs

    if options.verb is None:
        return _simulate(options, verbs.MAIN_STUDY, True)
    if options.verb == "run":
        return _simulate(options, options.study, options.report)
    if options.verb in REPORTING:
        from .report_options import dispatch as write

        return write(options)
    if options.verb == "check":
        return contract_verbs.check(options.study, options.set, options.json)
    if options.verb == "schema":
        from .config.schema import print_schema

        return print_schema(options.kind, options.out)
    if options.verb == "explain":
        return verbs.explain(options.folder, options.future, options.strategy, options.scenario, options.json)
    if options.verb in KEEPING:
        return _keeping(options)
    if options.verb in BATCH:
        from .batch_options import dispatch as run_cases

        return run_cases(options)
    if options.verb == "gaming":
        return _gaming(options)
    if options.verb in ADVICE:
        return _advice(options)
    if options.verb == "settle":
        return contract_verbs.settle(
            options.contract, options.input, options.out, changes=options.set, template=options.template,
            columns=options.columns, quiet=options.quiet,
        )  # fmt: skip
    if options.verb == "cases":
        return contract_verbs.cases(options.case, options.draws, options.json)
    if options.verb == "places":
        return contract_verbs.places(options.text, options.template, options.own)
    if options.verb in ("method", "docs"):
        return _own_papers(options)
    if options.verb == BENCH:
        from .bench_options import dispatch as measure

        return measure(options)
    from .warm_verbs import warm

    return warm(options.all)


def _own_papers(options: argparse.Namespace) -> int:
    """The project's own papers: the method book, or the documentation site."""
    from .report.method import write_method
    from .report.site import build_site

    return write_method(options.out) if options.verb == "method" else build_site(options.out)


def _known_verb(argv: Sequence[str]) -> None:
    """Refuse an unknown verb with the nearest known one."""
    word = next((a for a in argv if not a.startswith("-")), None)
    if argv and word == argv[0] and word not in VERBS:
        raise ConfigError(
            "there is no such verb", key="VERB", value=word, expected=", ".join(VERBS), nearest=nearest(word, VERBS)
        )


def _options_after_verb(argv: Sequence[str], options: Sequence[argparse.Action]) -> None:
    """Refuse options before the verb, where the verb's own defaults would take their place."""
    early: list[str] = []
    k = 0
    while k < len(argv) and argv[k].startswith("-"):
        word, sign, _ = argv[k].partition("=")
        meant = [action for action in options if any(name.startswith(word) for name in action.option_strings)]
        if not any(name in ANYWHERE for action in meant for name in action.option_strings):
            early.append(word)
        follows = argv[k + 1] if k + 1 < len(argv) else "-"
        with_value = meant[0].nargs != 0 if meant else follows not in VERBS and not follows.startswith("-")
        k += 2 if with_value and not sign else 1
    if early and k < len(argv) and argv[k] in VERBS:
        raise ConfigError(
            "options go after the verb", key=early[0], value=" ".join(argv[: k + 1]),
            expected=f"stresstest {argv[k]} … {' '.join(argv[:k])}",
        )  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code. `argv` None takes the process's arguments."""
    argv = sys.argv[1:] if argv is None else list(argv)
    try:
        _known_verb(argv)
        whole = parser()
        _options_after_verb(argv, whole._actions)
        return dispatch(whole.parse_args(argv))
    except StressTestError as error:
        if "--debug" in argv:
            raise
        print(f"stresstest: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("stresstest: interrupted; go on with --resume", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
