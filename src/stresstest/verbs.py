"""What each verb does, apart from reading the command line: functions from options to an exit code.

Results and paths go to stdout, progress and messages to stderr.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .advice.source import named, strategies_of, study_of
from .errors import ConfigError, ReproductionError, StressTestError
from .strategy import Strategy
from .study import Study
from .units import percent, pounds

if TYPE_CHECKING:  # the rest of results is loaded by the verbs that need it
    from .results.invariants import Check

RUNS = Path("reports") / "runs"
MAIN_STUDY = "dudley"
#: Futures of the analyses beside a run, fewer where the run itself has few.
ANALYSED = 16_384


def note(quiet: bool) -> Callable[[str], None]:
    """A way to speak on stderr, which says nothing where `quiet`."""

    def say(text: str) -> None:
        if not quiet:
            print(text, file=sys.stderr, flush=True)

    return say


def load(study: str, changes: Iterable[str]) -> Study:
    """The study by name or path with its changes."""
    from .config.load import load_study

    return load_study(study, tuple(changes))


def simulate_study(
    study: Study, out: Path, *, jobs: int | None = None, backend: str = "threading", chunk: int | None = None,
    scheduler: str = "", exchange: str = "", resume: bool = False, quiet: bool = False, until: str | None = None,
    consent: bool = False, keep: float = 1.0,
) -> Any:  # fmt: skip
    """Find the strategies, simulate, and write tables, summary and checks; return the finished Run.

    With `until` ("p_exit±0.001") futures are added until that interval is narrow enough; `consent` to a long run.
    """
    from .analysis.exploit import play
    from .analysis.first_look import first_look
    from .analysis.preparation import prepare
    from .measures.failures import events
    from .progress import Progress
    from .runner import check_options, run_study

    say = note(quiet)
    study = study.prepared({})  # what a pilot found for an earlier run is found again, after the strategies
    jobs = check_options(study, jobs, backend, chunk)
    target = _require_sense(study, out, until, keep, resume, consent)
    count = "futures" if target else f"{study.futures:,} futures"
    say(f"{study.title}: {count} of {study.years} years, design {study.design.kind}, seed {study.seed}")
    say("compiling the kernel where this is the first run of this version (half a minute)")
    ready: list[Study] = []

    def get_ready(strategy: Strategy) -> None:
        found = prepare(study, strategy)
        say(first_look(found, strategy))
        if target is not None:
            from .until import with_futures

            found = with_futures(found, target, strategy, out, jobs, consent, say)
        ready.append(found)

    honest, gamed, rows = play(study, max(1, jobs), say, get_ready)
    study, strategies, grow = ready[0], (honest, gamed), None
    if target is not None:
        from .until import grower, limit_of

        grow = grower(target, limit_of(study), say)
    return run_study(
        study, strategies, out, jobs=jobs, backend=backend, scheduler=scheduler, exchange=exchange, chunk=chunk, keep=keep,
        events=events(study), progress=Progress(quiet=quiet), resume=resume,
        extra=lambda folder, last: write_findings(folder, last, strategies, rows, say, target), grow=grow,
    )  # fmt: skip


def _require_sense(study: Study, out: Path, until: str | None, keep: float, resume: bool, consent: bool) -> Any:
    """What `until` asks for, None for nothing. Errors: ConfigError for what cannot be written, kept or reached."""
    from .measures.precision import parse_target
    from .results.folder import require_writable
    from .results.volume import bytes_of, require_room
    from .runner import require_keep

    require_keep(study, keep, until)
    if not resume and until is None:
        counts = tuple(scenario.futures for scenario in study.scenarios)
        require_room(out, bytes_of(counts, 2, study.years_futures, study.years, keep), consent=consent)
    require_writable(out)
    return parse_target(until) if until is not None else None


def write_findings(folder: Path, study: Study, strategies: tuple[Strategy, ...], rows: list[dict[str, Any]],
                   say: Callable[[str], None], target: Any = None) -> list[Check]:  # fmt: skip
    """Write gaming, summary and the tables that the report reads; return the model checks that they bear on."""
    from .analysis.nulltest import null_rows
    from .results.findings import assumption_rows, strategy_rows
    from .results.manifest import load_manifest
    from .results.store import write_finding, write_gaming

    run_id = load_manifest(folder)["run_id"]
    say("summing up")
    write_gaming(folder, rows, run_id)
    _write_measures(folder, study, strategies, run_id)
    _write_analyses(folder, study, strategies, rows)
    nulls = null_rows(study)
    write_finding(folder, "null_test", nulls)
    write_finding(folder, "strategies", strategy_rows(strategies))
    write_finding(folder, "assumptions", assumption_rows(study.effective()))
    checks = null_checks(nulls, study.contract.opening_price, study.null_tolerance)
    if target is not None:
        from .until import precision_check

        checks.append(precision_check(folder, study, target))
    return checks


def _write_measures(folder: Path, study: Study, strategies: tuple[Strategy, ...], run_id: str) -> None:
    """Write what is read off the run's own futures."""
    from .analysis.history import history_rows
    from .config.folders import config_folder, data_folder
    from .measures.condensed import condensed_rows
    from .measures.convergence import convergence_rows
    from .measures.exit_costs import exit_cost_rows
    from .measures.hurdle_table import hurdle_rows
    from .measures.hurdle_years import hurdle_year_rows
    from .measures.summary import exceedance_rows, summary_rows
    from .report.stories import story_rows
    from .results.store import write_finding, write_summary

    names, first = [strategy.name for strategy in strategies], study.scenarios[0].name
    write_summary(
        folder, list(summary_rows(folder, [s.name for s in study.scenarios], names, list(study.year_labels))), run_id
    )
    if rows := condensed_rows(folder, study.year_labels):
        write_finding(folder, "condensed", rows)
    write_finding(folder, "exceedance", list(exceedance_rows(folder, first, names)))
    write_finding(folder, "hurdles", hurdle_rows(folder, study, names))
    if by_year := hurdle_year_rows(folder, study):
        write_finding(folder, "hurdles_by_year", by_year)
    write_finding(folder, "exit_costs", exit_cost_rows(folder, study, names))
    write_finding(folder, "convergence", convergence_rows(folder, first, names[0]))
    write_finding(folder, "history", history_rows(folder, first, study.law, data_folder(config_folder()), study.years))
    write_finding(folder, "stories", story_rows(folder, study, strategies[0]))


def _write_analyses(folder: Path, study: Study, strategies: tuple[Strategy, ...], gaming: list[dict[str, Any]]) -> None:
    """Write what takes futures of its own, fewer of them where the run itself has few."""
    from .analysis.assumptions import switch_rows
    from .analysis.bridge import bridge_rows
    from .analysis.dependence import correlation_rows, dependence_rows
    from .analysis.savings import saving_rows
    from .analysis.starting import starting_rows
    from .analysis.swing import swing_rows
    from .analysis.variance_split import split_rows
    from .results.store import write_finding

    honest, gamed = strategies[:2]
    few = min(ANALYSED, max(1000, 4 * study.futures))  # a quick look at a study should be quick throughout
    write_finding(folder, "swings", swing_rows(study, honest))
    write_finding(folder, "dependence", dependence_rows(study, honest, few))
    write_finding(folder, "correlations", correlation_rows(study))
    write_finding(folder, "variance_split", split_rows(study, honest, few))
    write_finding(folder, "bridge", bridge_rows(study, honest, gamed, gaming, few // 4))
    write_finding(folder, "savings", saving_rows(study, honest, few // 2))
    write_finding(folder, "starting", starting_rows(study, honest, 4 * few))
    write_finding(folder, "assumption_switches", switch_rows(study, honest, gamed, few))


def null_checks(rows: list[dict[str, Any]], price: float, tolerance: float) -> list[Check]:
    """The null test as checks: chance alone, either way, and the idle provider's total stay within `tolerance`.

    `tolerance` is a share of the annual payment `price` (£ a year) and stands in the study. Losing money by idleness is
    what the contract is for, so the total is tested from above only.
    """
    from .results.invariants import Check

    found: list[Check] = []
    for row in rows:
        chance, total = row["chance_part_gbp_a_year"] / price, row["mean_gbp_a_year"] / price
        good = abs(chance) <= tolerance and (row["clause"] != "all clauses together" or total <= tolerance)
        text = f"chance alone pays {pounds(row['chance_part_gbp_a_year'])} a year ({percent(chance, 2)} of the annual payment) "
        text += f"and pays in {percent(row['chance_payout_rate'])} of years; "
        text += f"a provider that changes nothing gets {pounds(row['mean_gbp_a_year'])} a year"
        found.append(Check(f"null test: {row['clause']}", good, text))
    return found


def run(study: Study, out: Path, *, with_report: bool, **options: Any) -> int:
    """Simulate and, where wanted, write the report; print the run folder."""
    done = simulate_study(study, out, **options)
    print(done.folder, flush=True)
    if with_report:
        from .report import build_report

        say = note(options.get("quiet", False))
        weigh_risks(done.folder, options.get("jobs"), say)
        say("writing the report")
        print(build_report(done.folder))
        say(f"for what it would take, what mends it and what to watch: stresstest advise {done.folder}")
    for check in done.checks:
        if not check.ok:
            print(f"check failed: {check.name}: {check.detail}", file=sys.stderr)
    return int(done.exit_code)


def weigh_risks(folder: Path, jobs: int | None, say: Callable[[str], None]) -> None:
    """Write the risk register of a fresh run into advice/risks: the one analysis that its report is not read without."""
    from .advice.risks import risks
    from .advice.source import Source
    from .report.advice_page import build_advice_page

    say("weighing the risks")
    try:
        source = Source.of(folder, None, "honest")
        result = risks(source, jobs=jobs or os.cpu_count() or 1, say=say)
        build_advice_page(replace(result, results_hash=source.manifest["results_hash"]).write(folder / "advice" / "risks"))
    except StressTestError as error:
        print(f"risks: {error}", file=sys.stderr)


def explain(folder: Path, future: int, strategy: str, scenario: str | None, as_json: bool) -> int:
    """Print one future's story and statement, after checking it against what the run wrote down."""
    from .analysis.narrative import REFERENCE_FUTURES, tell
    from .analysis.replay import replay
    from .report.narrative import narrate
    from .report.statement import as_dict, as_text

    study, manifest = study_of(folder)
    chosen = named(study.scenarios, scenario or study.scenarios[0].name, "scenario", "--scenario")
    if not 0 <= future <= chosen.futures:
        raise ConfigError("the run has no such future", key="--future", value=future, expected=f"0 to {chosen.futures}")
    own = named(strategies_of(manifest), strategy, "strategy", "--strategy")
    statement = replay(study, chosen, own, future)
    _compare_with_tables(folder, statement)
    story = narrate(tell(study, chosen, own, future, min(REFERENCE_FUTURES, study.futures)))
    if as_json:
        print(json.dumps(as_dict(statement, story), indent=1, ensure_ascii=False))
    else:
        print(as_text(study, statement, story))
    return 0


def _compare_with_tables(folder: Path, statement: Any) -> None:
    """Raise ReproductionError where the future lived again differs from the run's own row."""
    from .measures.stream import Parts

    columns = ["provider_surplus_npv_gbp", "commissioner_exposure_npv_gbp"]
    for part in Parts.of(folder, "outcomes", statement.scenario).read(["strategy", "future", *columns]):
        at = (part["future"] == statement.future) & part["strategy"].equal(statement.strategy)
        if at.any():
            for name in columns:
                stored, again = float(part[name][at][0]), statement.outcomes[name]
                if abs(stored - again) > max(0.01, 1e-9 * abs(stored)):
                    raise ReproductionError(
                        "this future no longer comes out as the run wrote it down",
                        file=folder,
                        key=name,
                        value=again,
                        expected=f"{stored!r}",
                    )
            return


def verify(folder: Path) -> int:
    """Recompute hashes and invariants of a run or of every run of a batch, or check a review pack; print one line each."""
    from .batches.record import is_batch
    from .batches.verify import verify_batch
    from .report.formats.pack import is_pack, verify_pack
    from .results.manifest import verify_run

    checks = verify_pack(folder) if is_pack(folder) else verify_batch(folder) if is_batch(folder) else verify_run(folder)
    for name, ok, detail in checks:
        print(f"{'ok  ' if ok else 'FAIL'}  {name}: {detail}")
    return 0 if all(ok for _, ok, _ in checks) else 4


def reproduce(folder: Path, *, jobs: int | None, backend: str, scheduler: str, chunk: int | None, quiet: bool) -> int:
    """Run again from the run's own configuration, in a temporary folder, and compare the results hash."""
    import tempfile

    study, manifest = study_of(folder)
    if manifest["inputs_hash"] != study.inputs_hash:
        note(quiet)("the package's sources or data differ from those of the run: results may differ")
    with tempfile.TemporaryDirectory() as temporary:
        again = simulate_study(study, Path(temporary), jobs=jobs, backend=backend, scheduler=scheduler, chunk=chunk, quiet=quiet,
                               keep=manifest["keep"])  # fmt: skip
        wanted, found = manifest["results_hash"], again.manifest["results_hash"]
    if wanted != found:
        raise ReproductionError(
            "the run does not reproduce", file=folder, key="results_hash", value=found, expected=wanted
        )
    print(f"reproduced: {found}")
    return 0
