"""What is written: a chunk's tables, a whole run, a report; each beside the simulation of the same futures."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path

from ..strategy import Strategy
from ..study import Study
from .setting import HONEST, Setting
from .timing import Work

CHUNK_FUTURES, RUN_FUTURES, REPORT_FUTURES = 16_384, 65_536, 2_000
GAMED = {**HONEST, "upcoding": 0.5}


def strategies() -> tuple[Strategy, ...]:
    """Honest work, and honest work with one lever."""
    return Strategy("honest", HONEST), Strategy("gamed", GAMED)


def small_study(futures: int, with_years: int = 0) -> Study:
    """Dudley's calibrated scenario alone; the first `with_years` futures have yearly rows."""
    from ..config.load import load_study

    return load_study("dudley", (f"futures={futures}", f"years_futures={with_years}", "scenarios=['calibrated']"))


@contextmanager
def chunk(of: Setting) -> Iterator[tuple[Work, Work]]:
    """(write the tables of one chunk, simulate it)."""
    from ..results import store
    from ..runner import simulate_chunk

    study = of.study
    inputs = study.kernel_inputs(study.scenarios[0], strategies())
    labels = store.Labels("bench", "calibrated", study.place.name, study.contract.name, ("honest", "gamed"), study.year_labels)
    arrays = simulate_chunk(inputs, 1, CHUNK_FUTURES, False)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("futures", "outcomes"):
            (folder / store.part_path(part, "calibrated", 1)).parent.mkdir(parents=True)
        (folder / store.CHUNKS).mkdir()
        yield (
            lambda: store.write_chunk(folder, labels, 1, *arrays),
            lambda: simulate_chunk(inputs, 1, CHUNK_FUTURES, False),
        )


@contextmanager
def run(of: Setting, jobs: int) -> Iterator[tuple[Work, Work]]:
    """(a whole run to its folder, the simulation of its chunks one after the other without writing)."""
    from ..chunks import default_chunk, plan_chunks
    from ..runner import run_study, simulate_chunk

    study = small_study(RUN_FUTURES)
    inputs = study.kernel_inputs(study.scenarios[0], strategies())
    plan = plan_chunks(study, 2, default_chunk(RUN_FUTURES + 1, 2, jobs))

    def simulate() -> None:
        for piece in plan:
            simulate_chunk(inputs, piece.first, piece.futures, piece.with_years)

    with tempfile.TemporaryDirectory() as folder:
        yield lambda: run_study(study, strategies(), Path(folder), jobs=jobs), simulate


@contextmanager
def report(of: Setting) -> Iterator[Work]:
    """Render the page of a finished small run, made first."""
    from .. import verbs
    from ..report import build_report

    with tempfile.TemporaryDirectory() as folder, redirect_stdout(StringIO()):
        verbs.run(small_study(REPORT_FUTURES, REPORT_FUTURES // 4), Path(folder), with_report=False, quiet=True)
        (made,) = (path for path in Path(folder).iterdir() if not path.name.startswith("."))
        yield lambda: build_report(made, "", None, ("html",))
