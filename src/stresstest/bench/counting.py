"""How many instructions each rule takes, counted by valgrind: nothing else on the machine matters, and there is no noise.

Each probe is counted for many lives and for few; the difference is the rule's own, as calls and the interpreter cancel out. It
comes out the same to one in five thousand. valgrind (tool callgrind) knows no AVX-512, so that the machine code is that for
x86-64-v3: the same on every such machine with the same libraries, and counts can be compared between machines.

Instructions are not time: a division counts as much as an addition, and what a processor does while it waits costs nothing.
"""

from __future__ import annotations

import ctypes
import gc
import mmap
import os
import platform
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from . import children

#: Lives in a short and a long run, how often each is counted (the least counts), and runs before that, after which the
#: interpreter has settled.
FEW, MANY, TIMES, FIRST = 4, 24, 3, 12
#: Machine code that valgrind understands, and an interpreter that does the same every time.
TARGET = {
    "NUMBA_CPU_NAME": "x86-64-v3", "NUMBA_CPU_FEATURES": "+avx2,+fma,+bmi,+bmi2,+lzcnt,+popcnt", "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
}  # fmt: skip

# valgrind's client request: it sees this sequence, which does nothing on a processor, and reads the request's numbers at the
# address in rdi (valgrind's manual, “The client request mechanism”).
REQUEST = bytes.fromhex("4889f831d248c1c70348c1c70d48c1c73d48c1c7334887db4889d0c3")
CALLGRIND = (ord("C") << 24) | (ord("T") << 16)
ZERO, DUMP_AT, START = CALLGRIND + 1, CALLGRIND + 3, CALLGRIND + 4


class Valgrind:
    """Talks to the valgrind under which this process runs."""

    def __init__(self) -> None:
        self._room = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        self._room.write(REQUEST)
        address = ctypes.addressof(ctypes.c_char.from_buffer(self._room))
        self._call = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_void_p)(address)

    def ask(self, request: int, name: str = "") -> int:
        """Make a request with one text; return the answer, which is 0 where no valgrind listens."""
        text = ctypes.create_string_buffer(name.encode())
        numbers = (ctypes.c_uint64 * 6)(request, ctypes.addressof(text), 0, 0, 0, 0)
        return int(self._call(ctypes.addressof(numbers)))


def inside(only: str) -> None:
    """Run every probe that is asked for, each run between two requests of its own. Without valgrind it only compiles."""
    from .blocks import all_probes

    probes, valgrind = [probe for probe in all_probes(only) if probe.alone], Valgrind()
    gc.disable()
    for probe in probes:
        for _ in range(FIRST):
            probe.restore()
            probe.run(FEW)
    valgrind.ask(START)
    for probe in probes:
        for repeats in (FEW, MANY) * TIMES:
            probe.restore()
            run = probe.run
            valgrind.ask(ZERO)
            run(repeats)
            valgrind.ask(DUMP_AT, f"{repeats} {probe.name}")


def available() -> bool:
    """Whether valgrind is here, and this is a processor whose requests we can write."""
    return shutil.which("valgrind") is not None and platform.machine() in ("x86_64", "AMD64") and os.name == "posix"


def totals(folder: Path) -> dict[str, int]:
    """The least instructions by name of the dump."""
    found: dict[str, int] = {}
    for path in folder.glob("count.out*"):
        text = path.read_text(encoding="utf-8", errors="replace")
        name, total = re.search(r"Client Request: (.+)", text), re.search(r"^totals: (\d+)", text, re.MULTILINE)
        if name and total:
            key = name[1].strip()
            found[key] = min(int(total[1]), found.get(key, int(total[1])))
    return found


def lives(found: dict[str, int]) -> dict[str, int]:
    """Instructions of one life by rule, from those of its long and short runs."""
    long_runs = {key.partition(" ")[2]: count for key, count in found.items() if key.startswith(f"{MANY} ")}
    return {name: round((count - found[f"{FEW} {name}"]) / (MANY - FEW)) for name, count in sorted(long_runs.items())}


def counted(only: str = "") -> dict[str, int]:
    """Instructions of each rule whose name holds `only`, for one block and one contract.

    Errors: BackendError where the process under valgrind fails.
    """
    children.ask("count", only, more=TARGET)  # compiles, which under valgrind would take an hour
    with tempfile.TemporaryDirectory() as name:
        tool: tuple[Any, ...] = ("valgrind", "-q", "--tool=callgrind", "--instr-atstart=no")
        children.ask("count", only, before=(*tool, f"--callgrind-out-file={name}/count.out"), more=TARGET)
        return lives(totals(Path(name)))
