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
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from .errors import ConfigError, StressTestError, nearest
from .verbs import RUNS, load, note, simulate_study

ADVICE, BATCHES = "advice", "batches"
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
                    "a finished run is not changed", key=f"--{option}", value=_shown(getattr(options, option)),
                    expected="a study in place of the run, or stresstest compare with --variant",
                )  # fmt: skip
        return path
    changes = list(getattr(options, "set", []))
    changes += [f"{key}={value}" for key in ("futures", "seed") if (value := getattr(options, key, None)) is not None]
    study = load(name, changes)
    run = simulate_study(study, RUNS, jobs=options.jobs, quiet=options.quiet)
    say(f"run: {run.folder}")
    return Path(run.folder)


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _analysis(verb: str, source: Any, options: Namespace, say: Callable[[str], None]) -> Any:
    """The result of one analysis of a run, with the results hash of that run."""
    result = _analysed(verb, source, options, say)
    return replace(result, results_hash=str(source.manifest.get("results_hash") or ""))


def _analysed(verb: str, source: Any, options: Namespace, say: Callable[[str], None]) -> Any:
    from .advice.failures import chosen

    function = getattr(import_module(f".advice.{verb}", __package__), verb)
    more: dict[str, Any] = {"jobs": _jobs(options), "say": say}
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
    import numpy as np

    name = options.result[0]
    if len(options.result) > 1:
        raise ConfigError("one result at a time", key="--result", value=_shown(options.result), expected=name)
    for key in ("above", "below"):
        limit = getattr(options, key)
        if limit is not None and limit != limit:
            raise ConfigError("this is no number", key=f"--{key}", value=limit, expected="a number")
    values = cases.result(name)
    if options.above is not None and options.below is not None:
        raise ConfigError("one side only", key="--above", value=options.above, expected="--above or --below")
    if options.above is not None or options.below is not None:
        hit = values > options.above if options.above is not None else values < options.below
        values = hit.astype(np.float64)
    elif not np.isin(values, (0.0, 1.0)).all():
        raise ConfigError("say from where on a row fails", key="--above", value=name, expected="--above NUMBER or --below NUMBER")
    return replace(cases, results={**cases.results, name: values})


def _free(out: Path | None) -> None:
    """Refuse an --out that holds something, before any work. Errors: ConfigError."""
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ConfigError("the folder is not empty", key="--out", value=str(out), expected="a new or empty folder")


def _put(result: Any, folder: Path) -> Path:
    """Write tables, figures and page beside the folder, then give them its name; an earlier analysis there goes last.

    Nothing is removed that this process did not write, but an earlier analysis of a run, which the new one replaces.
    """
    from .report.advice_page import build_advice_page

    fresh, old = (folder.with_name(f".{folder.name}.{os.getpid()}.{end}") for end in ("new", "old"))
    try:
        result.write(fresh)
        page = build_advice_page(fresh)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
        elif folder.exists():
            _earlier(folder)
            folder.rename(old)
        fresh.rename(folder)
    except OSError as error:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise ConfigError(
            f"the folder cannot be written: {error.strerror}", key="--out", value=str(folder), expected="a folder with room"
        ) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    return folder / page.name


def _earlier(folder: Path) -> None:
    """Refuse a folder that is not an earlier analysis. Errors: ConfigError."""
    if not (folder / "advice.json").is_file():
        raise ConfigError("the folder is not empty", key="--out", value=str(folder), expected="a new or empty folder")


def _tell(result: Any, options: Namespace, place: Path | None) -> int:
    """Print the answer, write where there is a place to write, and return the exit code."""
    print(result.as_json() if options.json else result.as_text(), flush=True)
    if place is not None:
        print(_put(result, place), file=sys.stderr if options.json else sys.stdout)
    return 0 if result.ok else 1


def _place(folder: Path, verb: str, out: Path | None) -> Path:
    """Where an analysis of a run goes. Errors: ConfigError where the run's folder cannot be written."""
    if out is not None:
        return out
    base = folder / ADVICE
    try:
        base.mkdir(exist_ok=True)
        writable = os.access(base, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise ConfigError("the run's folder cannot be written", file=folder, key="--out", expected="--out DIR, a new folder")
    return base / verb


def _only(options: Namespace, names: tuple[str, ...], what: str, expected: str) -> None:
    """Refuse options that this kind of source does not read. Errors: ConfigError."""
    for name in names:
        value = getattr(options, name, None)
        if value not in (None, [], "honest"):
            raise ConfigError(f"{what} does not read this option", key=f"--{name}", value=_shown(value), expected=expected)


def _jobs(options: Namespace) -> int:
    """Number of threads. Errors: ConfigError below 1."""
    if options.jobs is not None and options.jobs < 1:
        raise ConfigError("The number must be 1 or more.", key="--jobs", value=options.jobs, expected="1 or more")
    return int(options.jobs or os.cpu_count() or 1)


def analyse(verb: str, options: Namespace) -> int:
    """One analysis of a run, a study or a plain table."""
    say, _ = note(options.quiet), _jobs(options)
    _free(options.out)
    if is_table(options.source):
        own = ("failure", "scenario", "strategy", "set", "futures", "seed")
        _only(options, own, "a plain table", "--result, --inputs, --above or --below")
        return _tell(_of_table(verb, options), options, options.out)
    _only(options, ("result", "inputs", "above", "below"), "a run", "--failure, --scenario or --strategy")
    from .advice.reading import require_same
    from .advice.source import Source

    folder = run_folder(options.source, options, say)
    source = Source.of(folder, options.scenario, options.strategy)
    place = _place(folder, verb, options.out)
    require_same(source)
    return _tell(_analysis(verb, source, options, say), options, place)


def advise(options: Namespace) -> int:
    """Every analysis of one run, one after the other, and the run's report with their answers in it."""
    from .advice.reading import require_same
    from .advice.source import Source
    from .report import build_report

    say, _ = note(options.quiet), _jobs(options)
    folder = run_folder(options.source, options, say)
    source = Source.of(folder, options.scenario, options.strategy)
    places = {verb: _place(folder, verb, None) for verb in OF_A_RUN}
    require_same(source)
    worst = 0
    for verb, place in places.items():
        say(f"{verb} …")
        try:
            result = _analysis(verb, source, options, say)
        except StressTestError as error:
            print(f"{verb}: {error}", file=sys.stderr)
            worst = max(worst, 1)
            continue
        _put(result, place)
        print(f"{result.question} {result.answer[0]}", flush=True)
        worst = max(worst, 0 if result.ok else 1)
    print(build_report(folder))
    return worst


def compare(options: Namespace) -> int:
    """Runs, studies and variants compared in the same futures."""
    from .advice.compare import compare as compared
    from .advice.drafts import parse_variant, variant_run
    from .advice.source import Source

    if options.variants is not None:
        return batch(options)
    if options.order is not None:
        raise ConfigError("drafts of a batch are ordered", key="--order", value=options.order, expected="--variants FILE with it")
    say, jobs = note(options.quiet), _jobs(options)
    _free(options.out)
    asked = [parse_variant(text) for text in options.variant]
    if len(options.sources) + len(asked) < 2:
        raise ConfigError("there is nothing to compare with", key="compare", value=", ".join(map(str, options.sources)),
                          expected="two runs or studies, or one and a --variant \"NAME: KEY=VALUE\"")  # fmt: skip
    sources = [Source.of(run_folder(name, options, say), options.scenario, options.strategy) for name in options.sources]
    names = _names([source.study.contract.name for source in sources], [name for name, _ in asked])
    out = options.out_runs or RUNS
    for name, changes in asked:
        sources.append(variant_run(sources[0], name, changes, out, keep=options.keep_strategies, jobs=jobs, say=say))
    place = _place(sources[0].folder, "compare", options.out)
    result = compared(sources, names, say=say, against=options.against)
    return _tell(replace(result, results_hash=str(sources[0].manifest.get("results_hash") or "")), options, place)


def batch(options: Namespace) -> int:
    """Many variants of one run, from a file, with a page of their own; 1 where one of them could not be run."""
    from .advice.batch import batch as compared
    from .advice.batch import require_order
    from .advice.batch_runs import reference, require_version, run_variants
    from .advice.source import Source
    from .config.variants import read_variants, variants_file
    from .report.batch import KIND, batch_leaflet
    from .report.leaflet import require_place

    say, jobs = note(options.quiet), _jobs(options)
    order = options.order or "together"
    require_order(order)
    _one_run(options)
    title, variants = read_variants(options.variants)
    folder = run_folder(options.sources[0], options, say)
    source = Source.of(folder, options.scenario, options.strategy)
    require_version(source)
    place = options.out or default_place(folder, BATCHES) / variants_file(options.variants).stem
    require_place(place, KIND)
    how: dict[str, Any] = {"keep": options.keep_strategies, "jobs": jobs, "say": say}
    tried = run_variants(source, variants, options.out_runs or RUNS, **how)
    against = reference(source, options.out_runs or RUNS, **how)
    tables = compared(against, tried, order, say)
    page = batch_leaflet(tables, title or "Drafts beside each other", source.basis, order, options.keep_strategies)
    return tell(page, place, options.json)


def default_place(folder: Path, name: str) -> Path:
    """A place for a page in a run's folder. Errors: ConfigError where that cannot be written."""
    if folder.is_dir() and not os.access(folder, os.W_OK):
        raise ConfigError("the run's folder cannot be written", file=folder, key="--out", expected="--out DIR, a new folder")
    return folder / name


def tell(leaflet: Any, place: Path, as_json: bool) -> int:
    """Write a page over several runs; print its answer, or all of it as JSON, and the page's path; return the exit code."""
    page = leaflet.write(place)
    print(leaflet.as_json() if as_json else leaflet.as_text(), flush=True)
    print(page, file=sys.stderr if as_json else sys.stdout)
    return 0 if leaflet.ok else 1


def _one_run(options: Namespace) -> None:
    """Refuse what does not go with --variants. Errors: ConfigError."""
    if len(options.sources) > 1 or options.variant:
        value = ", ".join([*map(str, options.sources[1:]), *options.variant])
        raise ConfigError("a file of variants is laid over one run", key="--variants", value=value, expected="one run or study")
    if options.against:
        raise ConfigError("drafts of a file are set against the run itself", key="--against", value=options.against,
                          expected="no --against with --variants")  # fmt: skip


def _names(contracts: list[str], variants: list[str]) -> list[str]:
    """A name of its own for every draft: the contract's, numbered where several have the same."""
    names: list[str] = []
    for name in [*contracts, *variants]:
        number = sum(one == name or one.startswith(f"{name} (") for one in names)
        names.append(f"{name} ({number + 1})" if number else name)
    return names
