"""A folder that is made beside its place and takes it in one step, whoever else makes the same at the same time.

What is being made, and what makes way for it, carry the number of their process, so that two commands at work on one run do not
touch each other's; the last to finish stands. What a killed process left is cleared by the next one.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

TAKEN = frozenset({errno.ENOTEMPTY, errno.EEXIST, errno.EACCES} if os.name == "nt" else {errno.ENOTEMPTY, errno.EEXIST})
TRIES = 20


@contextmanager
def made_beside(place: Path) -> Iterator[Path]:
    """A new empty name beside `place` to be filled as a folder; when all went well it takes the place, else it goes.

    An earlier folder there stands until then, and is put back where the step itself fails. Errors: OSError.
    """
    fresh, old = (place.with_name(f".{place.name}.{os.getpid()}.{end}") for end in ("new", "old"))
    tidy(place)
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        yield fresh
        take_place(fresh, place, old)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def take_place(new: Path, place: Path, aside: Path) -> None:
    """Give the new folder its name; an older one goes only when the new one is there. Errors: OSError."""
    for left in reversed(range(TRIES)):
        shutil.rmtree(aside, ignore_errors=True)
        with suppress(FileNotFoundError):
            place.rename(aside)
        try:
            new.rename(place)
        except OSError as error:
            if left and error.errno in TAKEN:  # another process was quicker: its folder makes way in turn
                continue
            if aside.exists() and not place.exists():
                aside.rename(place)
            raise
        break
    shutil.rmtree(aside, ignore_errors=True)


def tidy(place: Path) -> None:
    """Clear what processes that are no more left beside a place; a folder that had made way and was not replaced comes back."""
    for path in sorted(place.parent.glob(f".{place.name}.*.*")) if os.name != "nt" else ():
        match = re.fullmatch(rf"\.{re.escape(place.name)}\.(\d+)\.(new|old)", path.name)
        if not match or _alive(int(match[1])):
            continue
        if match[2] == "old" and not place.exists():
            path.rename(place)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
