"""The record of a measurement: a small JSON file with sorted keys, so that two of them can be laid side by side.

Every ratio stands at the top level under its own key, with three figures; `spread` holds its interval, quartiles and rounds;
`rules` what each rule costs (median, least and most of several processes); `instructions` how many each rule takes, where
valgrind is; `compiled` the signatures of each compiled entry; `seconds` a few times for the reader; `environment` the machine
and libraries. Only ratios, rules, instructions and signatures are ever judged.
"""

from __future__ import annotations

import json
import os
import platform
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._jit import RULES_DIGEST, SOURCE_DIGEST
from ..errors import ConfigError, DataError
from .timing import Ratio, quantile

VERSION = 1
OWN = (
    "bench_version", "date", "digest", "environment", "spread", "rules", "instructions", "compiled", "faults", "seconds",
    "settings", "counts",
)  # fmt: skip
#: What must be equal for two records' ratios to be comparable, and for their instructions.
SAME = ("processor", "generation", "features", "python", "numpy", "numba", "llvmlite")
SAME_CODE = ("python", "numba", "llvmlite")
SPREAD = ("low", "high", "lower_quartile", "upper_quartile")

Rules = dict[str, dict[str, float]]


@dataclass
class Record:
    """One measurement: `ratios` by key; `rules` {name: {cost, least, most}}; `instructions` {name: count}; `compiled` {entry:
    signatures}; see the module."""

    ratios: dict[str, Ratio] = field(default_factory=dict)
    rules: Rules = field(default_factory=dict)
    instructions: dict[str, int] = field(default_factory=dict)
    compiled: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, Any] = field(default_factory=dict)
    date: str = ""
    digest: dict[str, str] = field(default_factory=dict)


def generation(told: Path = Path("/proc/cpuinfo")) -> str:
    """Family, model and stepping, as far as the machine tells: hosts sell several generations of a processor under one name."""
    if not told.is_file():
        return platform.machine()
    found = dict(line.partition(":")[::2] for line in told.read_text(encoding="utf-8").split("\n\n")[0].splitlines())
    known = {name.strip(): value.strip() for name, value in found.items()}
    return ", ".join(f"{name} {known[name]}" for name in ("cpu family", "model", "stepping") if name in known)


def features() -> str:
    """The widest vector instructions that the processor has, as far as its flags tell."""
    try:
        flags = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith(("flags", "Features")))
    except (OSError, StopIteration):
        return "unknown"
    wide = [name for name in ("avx512f", "avx512dq", "avx512vl", "avx2", "fma", "asimd", "sve") if f" {name} " in f"{flags} "]
    return " ".join(wide) or "none"


def environment() -> dict[str, Any]:
    """Machine, libraries and load; no name of machine or user."""
    from ..results.provenance import processor, usable_processors, version_of

    return {
        "processor": processor(), "generation": generation(), "features": features(), "processors": usable_processors(),
        "system": platform.system(),
        "python": platform.python_version(), **{name: version_of(name) for name in ("numpy", "numba", "llvmlite", "pyarrow")},
        "load": load(),
    }  # fmt: skip


def load() -> float:
    """Mean number of programs that wanted a processor over the last minute; NaN is never written: −1 where nobody knows."""
    try:
        return round(os.getloadavg()[0], 2)
    except (OSError, AttributeError):
        return -1.0


def stamped(record: Record) -> Record:
    """The record with date, digests and environment."""
    from ..results.provenance import now

    record.date = f"{now():%Y-%m-%dT%H:%M:%SZ}"
    record.digest = {"rules": RULES_DIGEST[:16], "package": SOURCE_DIGEST[:16]}
    record.environment = {**environment(), "load_before": record.environment.get("load", -1.0)}
    return record


def three_figures(value: float) -> float:
    """Rounded to four significant digits, which is more than any ratio holds."""
    return float(f"{value:.4g}")


def rules_of(answers: list[dict[str, float]]) -> Rules:
    """Cost of each rule over several processes: median, least, most."""
    return {
        name: {"cost": quantile(own, 0.5), "least": min(own), "most": max(own)}
        for name in sorted(answers[0])
        if (own := [answer[name] for answer in answers if name in answer])
    }


def as_json(record: Record) -> dict[str, Any]:
    """The record as it is written."""
    spread = {
        key: {
            **{name: three_figures(getattr(ratio, name)) for name in SPREAD}, "rounds": ratio.rounds,
            "candidate_s": three_figures(ratio.candidate), "baseline_s": three_figures(ratio.baseline),
        }
        for key, ratio in record.ratios.items()
    }  # fmt: skip
    rules = {name: {k: three_figures(v) for k, v in own.items()} for name, own in record.rules.items()}
    return {
        **{key: three_figures(ratio.median) for key, ratio in record.ratios.items()}, "bench_version": VERSION,
        "date": record.date, "digest": record.digest, "environment": record.environment, "spread": spread, "rules": rules,
        "instructions": record.instructions, "compiled": record.compiled, "faults": record.faults, "seconds": record.seconds,
        "counts": record.counts, "settings": record.settings,
    }  # fmt: skip


def write(path: Path, record: Record) -> None:
    """Write the record. Errors: ConfigError where there is no such folder or it cannot be written."""
    text = json.dumps(as_json(record), indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError("The record cannot be written.", file=path, key="--json", value=error.strerror,
                          expected="a file in a folder that is there") from error  # fmt: skip


def read(path: Path) -> Record:
    """A record that `write` wrote. Errors: ConfigError for no file, DataError for one that is no record."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError("There is no such record.", file=path, expected="a file that stresstest bench --json wrote") from error
    except ValueError as error:
        raise DataError("This is no record of a measurement.", file=path, expected="JSON of stresstest bench --json") from error
    if not isinstance(found, dict) or found.get("bench_version") != VERSION:
        raise DataError("This is no record of a measurement.", file=path, key="bench_version",
                        value=found.get("bench_version") if isinstance(found, dict) else None, expected=str(VERSION))  # fmt: skip
    try:
        return _read(found)
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError("The record lacks something.", file=path, key=str(error), expected="a whole record") from error


def _ratio(median: float, own: dict[str, Any]) -> Ratio:
    low, high, lower, upper = (float(own[name]) for name in SPREAD)
    return Ratio(float(median), low, high, lower, upper, int(own["rounds"]), float(own["candidate_s"]), float(own["baseline_s"]))


def _read(found: dict[str, Any]) -> Record:
    ratios = {key: _ratio(found[key], own) for key, own in found["spread"].items()}
    return Record(
        ratios, found["rules"], found["instructions"], found["compiled"], list(found["faults"]), found["seconds"],
        found["counts"], found["settings"], found["environment"], str(found["date"]), found["digest"],
    )  # fmt: skip


def differs(one: Record, other: Record, names: tuple[str, ...] = SAME) -> list[str]:
    """In what the machines or libraries of two records differ, where their ratios can then not be compared."""
    return [name for name in names if one.environment.get(name) != other.environment.get(name)]
