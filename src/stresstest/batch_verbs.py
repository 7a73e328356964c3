"""What `batch` does: plan, search, run, table."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .backends import Pool
from .batches.case import Case, Recipe
from .batches.run import Batch, run_batch
from .config.batch_file import BatchFile, read_batch, select
from .config.batch_grid import Planned
from .config.load import load_study, parse_change
from .errors import ConfigError, StressTestError, nearest
from .results.invariants import Check
from .strategy import Strategy
from .study import Study
from .units import percent, pounds

OUT = Path("reports") / "batches"
SORTED_BY, SHOWN = "p_exit_losses", 40
#: Futures of the block that is timed, and what a case takes besides its futures (seconds of one core, bytes); measured.
TIMED, CASE_SECONDS, CASE_BYTES = 2048, 0.2, 200_000
#: What a case takes besides where it gets what a report needs.
REPORT_SECONDS, REPORT_BYTES = 40.0, 3_000_000
#: Entries on which the size of a case depends.
SIZES = ("futures", "scenario_futures", "years_futures", "scenarios", "scenario", "scenario_file", "contract", "study")
Say = Callable[[str], None]


def prepared(study: Study, strategies: Sequence[Strategy]) -> Study:
    """The study with tilts and couplings, found for its first strategy, where its design or a scenario wants them."""
    from . import layout as L
    from .analysis.preparation import prepare

    wanted = study.design.number == L.IMPORTANCE or any(one.dependence == "worst" for one in study.scenarios)
    return prepare(study, strategies[0]) if wanted else study


def findings(folder: Path, study: Study, strategies: Sequence[Strategy]) -> list[Check]:
    """Write what a report of the case needs: the gaming table for its own strategies, summary and analyses; return checks."""
    from .analysis.exploit import Game, combination_record, lever_record
    from .levers import GAMING
    from .verbs import note, write_findings

    honest, gamed = strategies[:2]
    game = Game(study, study.scenarios[0], 1)
    game.honest, best = _levels(honest), _levels(gamed)
    rows = sorted((lever_record(game, lever, best) for lever in GAMING), key=lambda row: -row["gain_mean_gbp"])
    rows.insert(0, combination_record(game, best, rows))
    return write_findings(folder, study, tuple(strategies), rows, note(True))


def _levels(strategy: Strategy) -> dict[str, float]:
    """Levels of a strategy that is the same in every year; of any other, those of its first year."""
    return {name: float(level[0] if isinstance(level, tuple) else level) for name, level in strategy.levels.items()}


# ── the plan ───────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Plan:
    """What a batch will take: its cases with their futures, seconds with all jobs, and bytes."""

    cases: tuple[Planned, ...]
    futures: tuple[int, ...]
    pairs: int
    seconds: float
    volume: Any

    def words(self, batch: BatchFile, jobs: int) -> str:
        """The plan in one sentence."""
        from .results.volume import size_words

        strategies = sorted({name for case in self.cases for name in case.strategies})
        return (
            f"{batch.title}: {len(self.cases):,} cases, {sum(self.futures):,} futures, strategies {', '.join(strategies)} "
            f"({self.pairs:,} futures lived); about {_duration(self.seconds)} with {jobs} jobs; {size_words(self.volume.total)}"
        )


def _duration(seconds: float) -> str:
    for size, unit in ((86400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 2.0 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{max(2.0, seconds):.0f} seconds"


def plan_of(batch: BatchFile, cases: tuple[Planned, ...], jobs: int) -> Plan:
    """What these cases will take, from a timed block of the first one that can be made."""
    sizes: dict[tuple[str, ...], Study | None] = {}
    studies = []
    for case in cases:
        key = tuple(change for change in case.changes if parse_change(change)[0][0] in SIZES)
        if key not in sizes or sizes[key] is None:
            sizes[key] = _loaded(batch, case)
        studies.append(sizes[key])
    first = next((study for study in studies if study is not None), None)
    if first is None:
        load_study(batch.study, (*batch.changes, *cases[0].changes), batch.configs)  # says what is wrong with it
    chosen = [study or first for study in studies]
    futures = tuple(sum(scenario.futures + 1 for scenario in study.scenarios) for study in chosen if study is not None)
    pairs = sum(count * len(case.strategies) for case, count in zip(cases, futures, strict=True))
    each = _timed(first) if first is not None else 0.0
    alone = CASE_SECONDS + (REPORT_SECONDS if batch.reports else 0.0)
    volume = _volume(cases, chosen, CASE_BYTES + (REPORT_BYTES if batch.reports else 0))
    return Plan(cases, futures, pairs, (pairs * each + len(cases) * alone) / jobs, volume)


def _loaded(batch: BatchFile, case: Planned) -> Study | None:
    try:
        return load_study(batch.study, (*batch.changes, *case.changes), batch.configs)
    except StressTestError:
        return None


def _timed(study: Study) -> float:
    """Seconds of one core that a future takes under one strategy."""
    from .runner import simulate_chunk

    inputs = study.kernel_inputs(study.scenarios[0], (Strategy("timed", {"effort": 0.5, "efficiency": 0.5}),))
    simulate_chunk(inputs, 1, 1, False)
    began = time.perf_counter()
    simulate_chunk(inputs, 1, TIMED, False)
    return (time.perf_counter() - began) / TIMED


def _volume(cases: Sequence[Planned], studies: Sequence[Any], each: int) -> Any:
    """Bytes of all cases together, told as so many runs like the first; `each` besides its tables."""
    from dataclasses import replace

    from .results.volume import bytes_of

    volumes = [
        bytes_of(tuple(scenario.futures for scenario in study.scenarios), len(case.strategies), study.years_futures, study.years)
        for case, study in zip(cases, studies, strict=True)
    ]
    tables = {name: sum(volume.tables[name] for volume in volumes) for name in volumes[0].tables}
    return replace(volumes[0], tables=tables, total=sum(tables.values()) + len(cases) * each, runs=len(cases))


def _require_limits(batch: BatchFile, plan: Plan, out: Path, consent: bool) -> None:
    """Refuse what does not fit on the disk, or is beyond the file's own limits. Errors: ConfigError with the figures."""
    from .results.volume import require_room

    require_room(out, plan.volume, "futures", consent=consent, noun="The batch")
    for name, takes, most in (("hours", plan.seconds / 3600.0, batch.limits.hours),
                              ("gigabytes", plan.volume.total / 1e9, batch.limits.gigabytes)):  # fmt: skip
        if most is not None and takes > most and not consent:
            raise ConfigError(f"the batch takes more {name} than its file allows", file=batch.path, key=f"limits.{name}",
                              value=f"{takes:.3g}",
                              expected=f"at most {most:g}; --only for some cases, fewer --futures, or --yes")  # fmt: skip


# ── strategies ─────────────────────────────────────────────────────────────────────────────────────────────────────
def strategies_of_batch(batch: BatchFile, jobs: int, say: Say) -> dict[str, Strategy]:
    """Every strategy that a case names: found by search once, at the study with the common changes, or given in the file."""
    found = _found(batch, jobs, say) if batch.searched else {}
    return found | {name: own.over(name, found) for name, own in batch.strategies.items() if not own.base or own.base in found}


def _found(batch: BatchFile, jobs: int, say: Say) -> dict[str, Strategy]:
    from .analysis.exploit import Game
    from .assumptions import held
    from .levers import GAMING

    study = load_study(batch.study, batch.changes, batch.configs)
    game = Game(study, study.scenarios[0], jobs)
    say(f"looking for the honest best response, once for all cases, at {study.place.name}")
    honest = game.find_honest()
    found = {"honest": Strategy("honest", dict(honest))}
    if "gamed" in batch.searched:
        say("looking for the best combination of levers")
        singles = [game.find_single(lever) for lever in GAMING]
        union = {**honest, **{name: own[name] for name, own in zip(GAMING, singles, strict=True) if name in own}}
        found["gamed"] = Strategy("gamed", dict(honest if "g" in held(study) else game.find_best((union,))))
    return found


# ── the verb ───────────────────────────────────────────────────────────────────────────────────────────────────────
def batch(
    file: str, *, out: Path | None = None, futures: int | None = None, sort: str = "", as_json: bool = False, **options: Any
) -> int:
    """Plan a batch file and run it; print its table and its folder. Returns 0, or 1 where a case or a check of one failed."""
    if sort and sort not in sortable():
        raise ConfigError("there is no such figure", key="--sort", value=sort, expected=", ".join(sortable()),
                          nearest=nearest(sort, sortable()))  # fmt: skip
    require_futures(futures)
    read = read_batch(file, futures)
    done = run_file(read, "batch", out or OUT, {}, as_json=as_json, **options)
    if done is None:
        return 0
    _print_table(done, sort or SORTED_BY, as_json)
    return done.exit_code


def require_futures(futures: int | None) -> None:
    """Errors: ConfigError for a number of futures below 1."""
    if futures is not None and futures < 1:
        raise ConfigError("The number must be 1 or more.", key="--futures", value=futures, expected="1 or more")


def run_file(
    read: BatchFile, kind: str, out: Path, about: dict[str, Any], *, only: Sequence[str] = (), plan: bool = False,
    resume: bool = False, jobs: int | None = None, backend: str = "threading", scheduler: str = "", consent: bool = False,
    quiet: bool = False, as_json: bool = False,
) -> Batch | None:  # fmt: skip
    """Plan the cases of a file that was read, find the strategies, and run them; None where only the plan is asked for."""
    from .backends import require_backend
    from .measures.case_figures import figures
    from .progress import Progress
    from .results.provenance import usable_processors
    from .verbs import note

    say = note(quiet)
    require_backend(backend)
    jobs = 1 if backend == "sequential" else usable_processors() if jobs is None else jobs
    if jobs < 1:
        raise ConfigError("The number must be 1 or more.", key="--jobs", value=jobs, expected="1 or more")
    chosen = select(read.cases, tuple(only) or read.only, read.path, "--only" if only else "only")
    ahead = plan_of(read, chosen, jobs)
    (print if plan and not as_json else say)(ahead.words(read, jobs))
    _require_limits(read, ahead, out, consent)
    if plan:
        _print_plan(ahead, as_json)
        return None
    found = strategies_of_batch(read, jobs, say)
    cases = [_case(read, case, found, count) for case, count in zip(chosen, ahead.futures, strict=True)]
    return run_batch(
        read.title, kind, cases, out, Pool(backend, jobs, scheduler), resume=resume, say=say, progress=Progress(quiet=quiet),
        figures=figures, prepare=prepared, findings=findings if read.reports else None,
        about={"file": read.path.name, "study": Path(read.study).name, **about},
    )  # fmt: skip


def _case(batch: BatchFile, case: Planned, found: dict[str, Strategy], futures: int) -> Case:
    recipe = Recipe(batch.study, (*batch.changes, *case.changes), str(batch.configs))
    return Case(case.name, recipe, tuple(found[name] for name in case.strategies), case.labels, futures)


def sortable() -> tuple[str, ...]:
    """Figures that the table can be sorted by."""
    from .measures.case_figures import MEASURED, unit_of

    return tuple(f"{name}{unit_of(name)}" for name in MEASURED)


def _print_plan(plan: Plan, as_json: bool) -> None:
    rows: list[dict[str, Any]] = [
        {"case": case.name, "futures": count, "strategies": list(case.strategies), "changes": list(case.changes),
         "note": case.note}
        for case, count in zip(plan.cases, plan.futures, strict=True)
    ]  # fmt: skip
    if as_json:
        print(json.dumps({"seconds": plan.seconds, "bytes": plan.volume.total, "cases": rows}, indent=1, ensure_ascii=False))
        return
    for row in rows[:SHOWN]:
        print(f"  {row['case']}: {row['futures']:,} futures; {', '.join(row['strategies'])}; {'; '.join(row['changes'])}")
    if len(rows) > SHOWN:
        print(f"  … and {len(rows) - SHOWN:,} more (--json lists them all)")


def table_of(folder: Path) -> list[dict[str, Any]]:
    """The rows of a batch's table. Errors: DataError where the folder is no batch or its table cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from .batches.record import TABLE, load_batch
    from .errors import DataError

    load_batch(folder)
    try:
        rows: list[dict[str, Any]] = pq.read_table(folder / f"{TABLE}.parquet").to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise DataError("The table of the batch cannot be read.", file=folder / f"{TABLE}.parquet", value=str(error)) from error
    return rows


def _print_table(done: Batch, sort: str, as_json: bool) -> None:
    """The table, largest first by a figure, and the folder."""
    rows = table_of(done.folder)
    run = [row for row in rows if row.get("strategy") and row["status"] != "failed"]
    run.sort(key=lambda row: (-row[sort], row["case"], row["strategy"]))
    if as_json:
        plain = [{key: None if value != value else value for key, value in row.items()} for row in rows]
        print(json.dumps({"folder": str(done.folder), "results_hash": done.manifest["results_hash"], "failed": done.failed,
                          "cases": plain}, indent=1, ensure_ascii=False))  # fmt: skip
        return
    width = max((len(row["case"]) for row in run), default=4)
    print(f"{'case':<{width}}  {'scenario':<12} {'strategy':<8} {'surplus':>16} {'commissioner':>16} {'ended by losses':>18}")
    for row in run[:SHOWN]:
        chance, error = (percent(row[name], 1) for name in ("p_exit_losses", "p_exit_losses_error"))
        print(f"{row['case']:<{width}}  {row['scenario']:<12} {row['strategy']:<8} {pounds(row['mean_surplus_gbp']):>16} "
              f"{pounds(row['mean_exposure_gbp']):>16} {chance:>9} ± {error}")  # fmt: skip
    if len(run) > SHOWN:
        print(f"… and {len(run) - SHOWN:,} more in cases.csv")
    for name, reason in done.failed.items():
        print(f"{name}: failed: {reason}")
    print(done.folder)
