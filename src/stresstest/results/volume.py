"""What a run will take, ahead of it: bytes on disk, seconds, memory; and the refusal of one that does not fit.

    bytes = rows × numbers in a row × 8 × share  +  files × 12,500

The share is what the chosen encodings leave of a table's numbers, measured on a run of the main study with its own strategies at
100,000 futures; words cost next to nothing. It depends on what the strategies and the contract leave at a round number: over
the studies of this project whole runs came within 10%, single tables of a contract with few clauses within 20%.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import layout as L
from ..errors import ConfigError
from . import schema

#: Bytes of a number, what compression leaves of them by table, and what a part file takes besides its rows.
NUMBER, FILE_BYTES, PART_FUTURES = 8, 12_500, 32_768
SHARE = {"futures": 0.645, "outcomes": 0.705, "years": 0.560}
#: Summaries, configuration and papers of a run, and how often a number is held (chunks.py).
PAPER_BYTES, COPIES = 3_000_000, 4
#: A process with the kernel and the Parquet library loaded, before it holds a future.
PROCESS_BYTES = 320_000_000
#: Most that is written without consent; and of the free space, what is left for others: this share, at most so much.
LIMIT, RESERVE_SHARE, RESERVE = 1_000_000_000_000, 0.05, 1_000_000_000
#: Seconds of one core for a future of 15 years under one strategy, and for a byte that is written.
FUTURE_SECONDS, BYTE_SECONDS = 19e-6, 6e-9
SMALL_KEEP, FEW_YEARS = 0.01, 10_000


@dataclass(frozen=True)
class Volume:
    """Bytes of each table and of everything (`total`), and what they were reckoned from.

    `futures` of each scenario, `keep` the share of them that has rows, `runs` how many such runs there are.
    """

    tables: dict[str, int]
    total: int
    futures: tuple[int, ...]
    strategies: int
    years_futures: int
    years: int
    keep: float = 1.0
    runs: int = 1

    def again(self, **changes: Any) -> Volume:
        """The volume of the same request with some of it changed: futures, years_futures, keep …"""
        names = ("futures", "strategies", "years_futures", "years", "keep", "runs")
        asked: dict[str, Any] = {name: getattr(self, name) for name in names}
        return bytes_of(**{**asked, **changes})


def bytes_of(
    futures: int | Iterable[int], strategies: int, years_futures: int, years: int, keep: float = 1.0, runs: int = 1
) -> Volume:
    """The bytes that a run leaves on disk.

    Arguments: `futures` of its one scenario, or of each; `strategies` how many; `years_futures` how many futures of a scenario
    have yearly rows (below 0: none), of `years` years; `keep` the share of the futures that has rows; `runs` that are alike.
    """
    counts = (futures,) if isinstance(futures, int) else tuple(futures)
    kept = [min(count, math.ceil(count * keep - 1e-9)) for count in counts]
    yearly = [min(count, years_futures) + 1 for count in kept]
    rows = {
        "futures": sum(kept) + len(kept),
        "outcomes": strategies * (sum(kept) + len(kept)),
        "years": strategies * years * sum(yearly),
    }
    files = {table: sum(1 + n // PART_FUTURES for n in (yearly if table == "years" else kept)) for table in rows}
    tables = {table: runs * _table_bytes(table, rows[table], files[table]) for table in rows}
    return Volume(tables, sum(tables.values()) + runs * PAPER_BYTES, counts, strategies, years_futures, years, keep, runs)


def _table_bytes(table: str, rows: int, files: int) -> int:
    numbers = len(schema.names(table, schema.REAL, schema.WHOLE))
    return math.ceil(rows * numbers * NUMBER * SHARE[table]) + (files * FILE_BYTES if rows else 0)


def seconds_of(volume: Volume, jobs: int = 1) -> float:
    """Seconds of simulating and writing on `jobs` cores, from the rates measured on one core of 2026's cloud machines.

    Summaries, checks and the search for strategies come besides.
    """
    lived = volume.runs * sum(volume.futures) * volume.strategies * volume.years / 15.0
    return (lived * FUTURE_SECONDS + volume.total * BYTE_SECONDS) / jobs


def memory_of(chunk: int, jobs: int, strategies: int, processes: int = 1) -> int:
    """Most bytes that `jobs` chunks of so many futures take in flight, with the processes that hold them.

    A future takes 8 bytes for each outcome and strategy and each column of nature, held four times over: each job has two
    chunks in hand, one that is simulated or waits and one that is written, and what is written is there as array and as file.
    """
    each = NUMBER * COPIES * ((len(L.OUTCOMES) + 6) * strategies + len(L.NATURE) + len(L.TAGS))
    return chunk * jobs * each + processes * PROCESS_BYTES


# ── room ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def size_words(count: float) -> str:
    """Bytes as a reader has them: 52 GB, 3.1 TB; at least two figures."""
    for size, unit in ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if count >= 0.9995 * size:
            return f"{count / size:.{1 if count < 9.95 * size else 0}f} {unit}"
    return f"{math.ceil(count / 1e3):,} kB"


def room_in(folder: Path) -> int:
    """Bytes that may be written below a folder, which need not be there yet: free space less a reserve of 5%, at most 1 GB."""
    place = Path(folder).absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    return int(free - min(RESERVE, RESERVE_SHARE * free))


def require_room(
    folder: Path, volume: Volume, key: str = "--futures", *, consent: bool = False, already: int = 0, noun: str = "The run"
) -> None:
    """Refuse what would fill the disk, or would write more than 1 TB unasked.

    Arguments: `folder` where it is to be written; `key` the option that asked for it; `consent` to more than 1 TB; `already`
    bytes that are there from before; `noun` who would write ("The batch").

    Errors: ConfigError with the bytes that it would write, the bytes that are free, and what would fit.
    """
    wanted, room = volume.total - already, room_in(folder)
    full, large = wanted > room, volume.total > LIMIT and not consent
    if not full and not large:
        return
    within = min(room + already, volume.total if consent else LIMIT)
    remedies = _remedies(volume, within)
    if large and not full:
        remedies.append("or --yes to write it all the same")
    why = f"{size_words(max(0, room))} are free" if full else f"more than {size_words(LIMIT)} takes consent"
    raise ConfigError(
        f"{noun} would write {size_words(wanted)}; {why}.", file=folder, key=key, value=_asked(volume),
        expected="; ".join(remedies) or "a disk with more room, or a smaller study",
    )  # fmt: skip


def _asked(volume: Volume) -> str:
    """What was asked for, in words."""
    runs = f"{volume.runs:,} runs of " if volume.runs > 1 else ""
    kept = f", {volume.keep:.3g} of them kept" if volume.keep < 1.0 else ""
    return f"{runs}{sum(volume.futures):,} futures{kept} under {volume.strategies} strategies"


def _remedies(volume: Volume, room: int) -> list[str]:
    """What would fit into so many bytes: a share that is kept, fewer futures, fewer yearly rows."""
    found = []
    small = volume.again(keep=SMALL_KEEP)
    if volume.keep > SMALL_KEEP and small.total <= room:
        found.append(f"--keep 1% would write {size_words(small.total)}")
    if most := _most_futures(volume, room):
        found.append(f"at most {most:,} futures would fit")
    fewer = volume.again(years_futures=FEW_YEARS)
    if volume.years_futures > FEW_YEARS and fewer.total <= room:
        found.append(f"--set years_futures={FEW_YEARS} would write {size_words(fewer.total)}")
    return found


def _most_futures(volume: Volume, room: int) -> int:
    """Most futures of the first scenario with which the request fits, in two figures; 0 where none do."""
    first, *others = volume.futures
    low, high = 0, first
    while low < high:
        middle = (low + high + 1) // 2
        fits = volume.again(futures=(middle, *others)).total <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    digits = max(0, len(str(low)) - 2)
    return low // 10**digits * 10**digits


def require_free(folder: Path, wanted: int, what: str) -> None:
    """Refuse to write so many bytes where they do not fit. Errors: ConfigError with the bytes that are free."""
    room = room_in(folder)
    if wanted > room:
        raise ConfigError(f"{what} takes {size_words(wanted)}; {size_words(max(0, room))} are free.", file=folder, key="--out",
                          expected="a folder on a disk with more room")  # fmt: skip


def with_runs(volume: Volume, runs: int) -> Volume:
    """The volume of so many runs alike: places, cases."""
    tables = {name: count // volume.runs * runs for name, count in volume.tables.items()}
    return replace(volume, tables=tables, total=volume.total // volume.runs * runs, runs=runs)
