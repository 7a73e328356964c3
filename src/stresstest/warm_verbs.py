"""`stresstest warm`: compile every kernel now, and keep it, so that nothing that follows waits for the compiler.

Compiled kernels live in a folder that is named by the rules' sources, so an upgrade or an edited rule needs it again. Each is
run on a few futures, and numba's own count says whether it was found or had to be compiled.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from os import environ
from pathlib import Path
from typing import Any

from .errors import ConfigError

FEW = ("futures=64", "years_futures=8")


def _run(design: str = "random") -> Callable[[], object]:
    """Simulation of the main study, as a run and its analyses do it."""

    def work() -> object:
        from .analysis.evaluate import Arena
        from .strategy import Strategy
        from .verbs import MAIN_STUDY, load

        study = load(MAIN_STUDY, (*FEW, f"design={design}"))
        inputs = study.kernel_inputs(study.scenarios[0], ())
        return inputs, Arena(study, study.scenarios[0], 0, 8, 1).outcomes([Strategy("null", {})])

    return work


def _nature() -> object:
    """Nature drawn by itself, as the report and `explain` do it."""
    from .analysis.draws import draw
    from .verbs import MAIN_STUDY, load

    study = load(MAIN_STUDY, FEW)
    return draw(study, study.scenarios[0], 1, 8)


def _settlement() -> object:
    """Settlement of given years, as `settle`, `cases` and the gaming of a draft do it."""
    from .analysis.histories import answers
    from .config.folders import config_folder
    from .config.histories import load_histories

    return [list(answers(history, 2)) for history in load_histories(config_folder(), "kinzigtal")]


def _samples() -> object:
    """Draws for intervals, as the report does them."""
    from .futures.resampling import chosen, key_of, normals

    return chosen("warm", 2, 8), normals(key_of("warm"), 2, 8)


def kernels(everything: bool) -> Iterator[tuple[Any, str, Callable[[], object]]]:
    """(kernel, what needs it, what runs it); with `everything` those of designs that must be asked for too."""
    from .futures.latin import round_keys
    from .futures.nets import scramble
    from .futures.resampling import normals, uniforms
    from .futures.sampler import draw_futures
    from .kernel.project import project
    from .kernel.table import settle_cases

    yield project, "simulation: run, gaming, advise, compare, batch", _run()
    yield draw_futures, "futures by themselves: explain, report", _nature
    yield settle_cases, "settlement: settle, cases, gaming of a draft", _settlement
    yield uniforms, "intervals: report", _samples
    yield normals, "intervals: report", _samples
    if everything:
        yield scramble, "--design sobol", _run("sobol")
        yield round_keys, "--design lhs", _run("lhs")


def _require_writable(folder: Path) -> None:
    """Errors: ConfigError where compiled kernels cannot be kept, or not where NUMBA_CACHE_DIR wants them."""
    asked = environ.get("NUMBA_CACHE_DIR")
    try:
        if asked and Path(asked) not in folder.parents:
            raise OSError(f"{asked} cannot be written")
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"kernel")
    except OSError as error:
        raise ConfigError(
            f"compiled kernels cannot be kept: {error.strerror or error}; every process would compile them anew",
            key="NUMBA_CACHE_DIR", value=asked or str(folder),
            expected="a folder that can be written, such as NUMBA_CACHE_DIR=$HOME/kernels",
        ) from error  # fmt: skip


def _counts(kernel: Any) -> tuple[int, int]:
    """(found in the cache, compiled) so far in this process."""
    found = sum(kernel.stats.cache_hits.values()) if kernel.signatures else 0
    return found, len(kernel.signatures) - found


def _one(kernel: Any, work: Callable[[], object]) -> str:
    """Run what needs the kernel; say what that took."""
    before, began = _counts(kernel), time.perf_counter()
    work()
    seconds, after = time.perf_counter() - began, _counts(kernel)
    if after[1] > before[1]:
        return f"compiled in {seconds:.1f} s"
    return "found" if after[0] else "compiled with the one above"


def warm(everything: bool = False) -> int:
    """Compile what is not yet compiled; print each kernel with what needs it, and the folder that keeps them.

    `everything` takes in the kernels of designs other than the default. Errors: ConfigError where nothing can be kept.
    """
    from ._jit import CACHE_FOLDER, CACHE_WANTED, COMPILED

    if not COMPILED:
        print("nothing to compile: NUMBA_DISABLE_JIT is set, and rules run as plain Python")
        return 0
    _require_writable(CACHE_WANTED)
    began = time.perf_counter()
    for kernel, needed, work in kernels(everything):
        print(f"{kernel.py_func.__name__:14s}{_one(kernel, work):30s}{needed}", flush=True)
    size = sum(path.stat().st_size for path in CACHE_FOLDER.rglob("*") if path.is_file())
    print(f"all there after {time.perf_counter() - began:.1f} s, {size / 1e6:.1f} MB in {CACHE_FOLDER}")
    return 0
