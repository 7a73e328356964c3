"""The same programmes in oasislmf's financial module (`fmpy`, without back-allocation): its files, its stream, its time.

    python with_oasis.py FOLDER     for `Module.parts`: runs it in this process, and says what of its time goes where

`fmpy` reads a stream of losses and writes one of payments. Its start is timed apart, by the command on a small stream; the cost
of a row is that of a large stream in a process that has run the small one.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

PROFILE = "profile_id,calcrule_id,deductible1,deductible2,deductible3,attachment1,limit1,share1,share2,share3"
#: oasislmf's calculation rules: deductible and limit; deductible, attachment, limit and share.
DEDUCTIBLE_LIMIT, LAYER = 1, 2
#: Header of a stream of losses by item: kind of stream, and of aggregation, as oasislmf reads them.
HEADER = bytes([1, 0, 0, 2])


def _write(path: Path, head: str, rows: list[tuple]) -> None:
    path.write_text("\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n", encoding="utf-8")


def write_programme(programme: str, folder: Path) -> None:
    """The files that describe the programme to oasislmf: who is under whom, which profile applies, what comes out."""
    import layers as Y

    items = range(1, Y.LOCATIONS + 1)
    if programme == "tower":
        links = [(k, 1, k) for k in items] + [(k, 2, 1) for k in items]
        rooms = [(k, DEDUCTIBLE_LIMIT, Y.DEDUCTIBLE * k, 0, 0, 0, Y.LIMIT, 0, 0, 0) for k in items]
        tops = [(Y.LOCATIONS + j, LAYER, 0, 0, 0, a, b, c, 0, 0) for j, (a, b, c) in enumerate(Y.LAYERS, 1)]
        policies = [(1, k, 1, k) for k in items] + [(2, 1, j, Y.LOCATIONS + j) for j in (1, 2, 3)]
        profiles, outputs = rooms + tops, [(j, 1, j) for j in (1, 2, 3)]
    else:
        links = [(k, 1, k) for k in items]
        profiles = [(j, LAYER, 0, 0, 0, a, b, c, 0, 0) for j, (a, b, c) in enumerate(Y.TREATY, 1)]
        policies = [(1, k, j, j) for k in items for j in (1, 2, 3)]
        outputs = [(3 * (k - 1) + j, k, j) for k in items for j in (1, 2, 3)]
    _write(folder / "fm_programme.csv", "from_agg_id,level_id,to_agg_id", links)
    _write(folder / "fm_policytc.csv", "level_id,agg_id,layer_id,profile_id", policies)
    _write(folder / "fm_profile.csv", PROFILE, profiles)
    _write(folder / "fm_xref.csv", "output,agg_id,layer_id", outputs)


def write_stream(path: Path, given: np.ndarray) -> None:
    """float32[events, items, samples] as a stream of losses: for each event and item its samples, then a pair of zeros."""
    events, items, samples = given.shape
    numbers = np.zeros((events, items, 4 + 2 * samples), dtype="<f4")
    whole = numbers.view("<i4")
    whole[:, :, 0] = np.arange(1, events + 1)[:, None]
    whole[:, :, 1] = np.arange(1, items + 1)
    whole[:, :, 2:-2:2] = np.arange(1, samples + 1)
    numbers[:, :, 3:-2:2] = given
    with path.open("wb") as stream:
        stream.write(HEADER + np.int32(samples).tobytes())
        numbers.tofile(stream)


def read_totals(path: Path) -> dict[int, float]:
    """Sum of the payments of each output over all events and samples."""
    pairs = np.frombuffer(path.read_bytes()[8:], "<i4").reshape(-1, 2)
    paid = pairs.view("<f4")[:, 1].astype(np.float64)
    ends = pairs[:, 0] == 0
    heads = np.r_[True, ends[:-1]]
    output = pairs[heads, 1][np.cumsum(heads) - 1]
    payments = ~heads & (pairs[:, 0] > 0)
    return {int(k): float(paid[payments & (output == k)].sum()) for k in np.unique(output)}


def totals(programme: str, path: Path) -> np.ndarray:
    """What `layers.by_hand` gives: of each layer in a tower, of each treaty otherwise."""
    found = read_totals(path)
    if programme == "tower":
        return np.array([found[j] for j in (1, 2, 3)])
    return np.array([sum(found[3 * k + j] for j in (1, 2, 3)) for k in range(len(found) // 3)])


class Module:
    """`fmpy` on one programme in a folder of its own, with a cache of compiled code there as well."""

    def __init__(self, programme: str, folder: Path, cache: Path) -> None:
        self.folder = folder / programme
        self.programme, self.static = programme, self.folder / "input"
        self.static.mkdir(parents=True)
        self.environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache)}
        write_programme(programme, self.static)

    def _command(self, *arguments: str) -> tuple[float, float]:
        command = shutil.which("fmpy", path=str(Path(sys.executable).parent)) or "fmpy"
        before, began = _children(), time.perf_counter()
        subprocess.run([command, "-a0", "-p", "input", *arguments], check=True, cwd=self.folder, env=self.environment)
        return _children() - before, time.perf_counter() - began

    def give(self, name: str, given: np.ndarray) -> None:
        """Write the losses as the stream `name`."""
        write_stream(self.folder / name, given)

    def compile(self) -> tuple[float, float]:
        """Processor and wall seconds of the first two commands: the programme is worked out, and one small stream run."""
        first, second = self._command("--create-financial-structure-files"), self.run("small")
        return first[0] + second[0], first[1] + second[1]

    def run(self, name: str) -> tuple[float, float]:
        """Processor and wall seconds of one run on the stream `name`, start included."""
        return self._command("-i", name, "-o", "paid")

    def totals(self) -> np.ndarray:
        """Totals of the last run."""
        return totals(self.programme, self.folder / "paid")

    def parts(self) -> dict[str, float]:
        """Processor seconds of the large stream after the small one in one process: whole, terms, writing; the rest reads."""
        command = [sys.executable, __file__, str(self.folder)]
        done = subprocess.run(command, check=True, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _timed(seconds: dict[str, float], name: str, work):
    def run(*arguments):
        began = time.process_time()
        found = work(*arguments)
        seconds[name] += time.process_time() - began
        return found

    return run


def _parts(folder: str) -> dict[str, float]:
    from oasislmf.pytools.fm import manager

    seconds = {"terms": 0.0, "writing": 0.0}
    manager.compute_event_sparse = _timed(seconds, "terms", manager.compute_event_sparse)
    writer = manager.EventWriterSparse
    writer.write = _timed(seconds, "writing", writer.write)
    for name in ("small", "large"):
        seconds.update(terms=0.0, writing=0.0)
        began = time.process_time()
        manager.run(
            False, allocation_rule=0, files_in=[f"{folder}/{name}"], files_out=[f"{folder}/paid"], net_loss=None,
            storage_method="sparse", static_path=f"{folder}/input", low_memory=False, sort_output=False,
        )  # fmt: skip
        seconds["whole"] = time.process_time() - began
    return seconds


if __name__ == "__main__":
    print(json.dumps(_parts(sys.argv[1])))
