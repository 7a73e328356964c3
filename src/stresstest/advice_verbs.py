"""The verbs of advice: from options to an exit code.

Each reads a finished run; a study is run first, a plain table read as it is. What they find goes into RUN/advice/VERB (or --out):
tables, figures, a page. The answer goes to stdout, and so does the page's path.
"""

from __future__ import annotations

import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from .errors import ConfigError, nearest
from .verbs import RUNS, load, note, simulate_study

ADVICE = "advice"
#: In the order of the questions; `advise` asks those of one run, one after the other.
OF_A_RUN = ("sensitivity", "discover", "reverse", "breakeven", "tradeoffs", "signposts", "playbook", "risks")
OF_TABLES = ("sensitivity", "discover")


def is_table(name: str) -> bool:
    """Whether a source is a plain table."""
    return Path(name).suffix in (".csv", ".parquet")


def run_folder(name: str, options: Namespace, say: Callable[[str], None]) -> Path:
    """The run that is meant: a run folder as it is, or a fresh run of a study. Errors: ConfigError for neither."""
    path = Path(name)
    if path.is_dir():
        for option in ("set", "futures", "seed"):
            if getattr(options, option, None):
                raise ConfigError(
                    "a finished run is not changed", key=f"--{option}", value=str(getattr(options, option)),
                    expected="a study in place of the run, or stresstest compare with --variant",
                )  # fmt: skip
        return path
    changes = list(getattr(options, "set", []))
    changes += [f"{key}={value}" for key in ("futures", "seed") if (value := getattr(options, key, None)) is not None]
    study = load(name, changes)
    run = simulate_study(study, RUNS, jobs=options.jobs, quiet=options.quiet)
    say(f"run: {run.folder}")
    return Path(run.folder)


def _analysis(verb: str, source: Any, options: Namespace, say: Callable[[str], None]) -> Any:
    """The result of one analysis of a run."""
    from .advice.failures import chosen

    function = getattr(import_module(f".advice.{verb}", __package__), verb)
    more: dict[str, Any] = {"jobs": options.jobs or os.cpu_count() or 1, "say": say}
    if verb == "breakeven":
        return function(source, getattr(options, "target", None), tuple(getattr(options, "key", ())), **more)
    if verb in ("tradeoffs", "risks"):
        return function(source, **more)
    failing = chosen(source.study, options.failure)
    if verb == "playbook":
        return function(source, failing, getattr(options, "library", None), **more)
    return function(source, failing=failing, **more)


def _of_table(verb: str, options: Namespace) -> Any:
    """The result of an analysis of a plain table."""
    from .advice.tables import read_table

    if verb not in OF_TABLES:
        raise ConfigError(
            "this analysis needs a run", key=verb, value=options.source, expected="a run folder or a study; plain tables are "
            f"read by {' and '.join(OF_TABLES)}", nearest=nearest(verb, OF_TABLES),
        )  # fmt: skip
    cases = read_table(Path(options.source), tuple(options.result), tuple(options.inputs))
    if verb == "sensitivity":
        from .advice.sensitivity import sensitivity_of_table

        return sensitivity_of_table(cases, tuple(options.result))
    from .advice.discover import discover_of_table

    return discover_of_table(failing_rows(cases, options), options.result[0])


def failing_rows(cases: Any, options: Namespace) -> Any:
    """The cases with their result as 0 or 1: above --above, below --below, or as it stands. Errors: ConfigError."""
    from dataclasses import replace

    import numpy as np

    name = options.result[0]
    values = cases.result(name)
    if options.above is not None and options.below is not None:
        raise ConfigError("one side only", key="--above", value=options.above, expected="--above or --below")
    if options.above is not None or options.below is not None:
        hit = values > options.above if options.above is not None else values < options.below
        values = hit.astype(np.float64)
    elif not np.isin(values, (0.0, 1.0)).all():
        raise ConfigError("say from where on a row fails", key="--above", value=name, expected="--above NUMBER or --below NUMBER")
    return replace(cases, results={**cases.results, name: values})


def _put(result: Any, folder: Path, replace_old: bool) -> Path:
    """Write tables, figures and page: into a new folder, or in place of an earlier analysis of the same kind; the page's path."""
    from .report.advice_page import build_advice_page

    fresh = folder.with_name(f".{folder.name}.{os.getpid()}.new") if replace_old else folder
    shutil.rmtree(fresh, ignore_errors=True) if replace_old else None
    try:
        result.write(fresh)
        page = build_advice_page(fresh)
        if replace_old:
            old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
            if folder.exists():
                folder.rename(old)
            fresh.rename(folder)
            shutil.rmtree(old, ignore_errors=True)
            page = folder / page.name
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return page


def _tell(result: Any, options: Namespace, place: Path | None, replace_old: bool) -> int:
    """Write where there is a place to write, print the answer, and return the exit code."""
    page = _put(result, place, replace_old) if place is not None else None
    print(result.as_json() if options.json else result.as_text())
    if page is not None:
        print(page, file=sys.stderr if options.json else sys.stdout)
    return 0 if result.ok else 1


def _place(folder: Path, verb: str, out: Path | None) -> Path:
    """Where an analysis of a run goes. Errors: ConfigError where the run's folder cannot be written."""
    if out is not None:
        return out
    base = folder / ADVICE
    try:
        base.mkdir(exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"the run's folder cannot be written: {error.strerror}", file=folder, key="--out", expected="--out DIR, a new folder"
        ) from None
    return base / verb


def analyse(verb: str, options: Namespace) -> int:
    """One analysis of a run, a study or a plain table."""
    say = note(options.quiet)
    if options.out is not None and options.out.exists() and any(options.out.iterdir() if options.out.is_dir() else [1]):
        raise ConfigError("the folder is not empty", key="--out", value=str(options.out), expected="a new or empty folder")
    if is_table(options.source):
        return _tell(_of_table(verb, options), options, options.out, False)
    from .advice.source import Source

    folder = run_folder(options.source, options, say)
    source = Source.of(folder, options.scenario, options.strategy)
    result = _analysis(verb, source, options, say)
    return _tell(result, options, _place(folder, verb, options.out), options.out is None)


def advise(options: Namespace) -> int:
    """Every analysis of one run, one after the other, and the run's report with their answers in it."""
    from .advice.source import Source
    from .report import build_report

    say = note(options.quiet)
    folder = run_folder(options.source, options, say)
    source = Source.of(folder, options.scenario, options.strategy)
    worst = 0
    for verb in OF_A_RUN:
        say(f"{verb} …")
        result = _analysis(verb, source, options, say)
        _put(result, _place(folder, verb, None), True)
        print(f"{result.question} {result.answer[0]}")
        worst = max(worst, 0 if result.ok else 1)
    print(build_report(folder))
    return worst


def compare(options: Namespace) -> int:
    """Runs, studies and variants compared in the same futures."""
    from .advice.compare import compare as compared
    from .advice.drafts import parse_variant, variant_run
    from .advice.source import Source

    say, jobs = note(options.quiet), options.jobs or os.cpu_count() or 1
    asked = [parse_variant(text) for text in options.variant]
    if len(options.sources) + len(asked) < 2:
        raise ConfigError("there is nothing to compare with", key="compare", value=", ".join(map(str, options.sources)),
                          expected="two runs or studies, or one and a --variant \"NAME: KEY=VALUE\"")  # fmt: skip
    sources = [Source.of(run_folder(name, options, say), options.scenario, options.strategy) for name in options.sources]
    names = _names([source.study.contract.name for source in sources], [name for name, _ in asked])
    out = options.out_runs or RUNS
    for name, changes in asked:
        sources.append(variant_run(sources[0], name, changes, out, keep=options.keep_strategies, jobs=jobs, say=say))
    result = compared(sources, names, say=say)
    return _tell(result, options, _place(sources[0].folder, "compare", options.out), options.out is None)


def _names(contracts: list[str], variants: list[str]) -> list[str]:
    """A name of its own for every draft: the contract's, numbered where several have the same."""
    names: list[str] = []
    for name in [*contracts, *variants]:
        number = sum(one == name or one.startswith(f"{name} (") for one in names)
        names.append(f"{name} ({number + 1})" if number else name)
    return names
