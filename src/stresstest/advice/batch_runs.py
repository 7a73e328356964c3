"""Many variants of one run, each lived through its futures: those that are there already are not run again.

Beside a variant's tables stands variant.json: what the draft was, and a key over everything that its numbers follow from. A
finished run with the same key is taken as it is; an unfinished one is gone on with; a variant that cannot be run is named, and
the others go on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .._jit import SOURCE_DIGEST
from ..config.variants import Variant
from ..errors import BackendError, ConfigError, StressTestError
from ..results.manifest import intensities, load_manifest, plain
from ..results.store import write_json
from ..study import Study
from .compare_shared import older
from .drafts import answers, variant_study
from .source import Source

RECORD = "variant.json"
KEPT, RAN, FAILED = "there already", "run now", "failed"


@dataclass(frozen=True)
class Tried:
    """What became of a variant: its source where there is a run of it; else the reason why not."""

    variant: Variant
    status: str
    source: Source | None = None
    reason: str = ""


def require_version(source: Source) -> None:
    """Refuse a run of another version before anything is run. Errors: ConfigError with the command that makes it again."""
    if source.manifest.get("source_digest") != SOURCE_DIGEST:
        raise ConfigError("the run was made by another version of the package: variants would not live its futures",
                          file=source.folder, key="source_digest", expected=older(source))  # fmt: skip


def run_variants(
    source: Source, variants: Sequence[Variant], out: Path, *, keep: bool, jobs: int, say: Callable[[str], None]
) -> list[Tried]:
    """Every variant as a finished run in the source's futures, in the file's order. `keep`: providers do not answer.

    Errors: ConfigError for a source of another version; BackendError where a disk or a worker gives up.
    """
    require_version(source)
    found = []
    for k, variant in enumerate(variants):
        say(f"{k + 1} of {len(variants)}: {variant.name}")
        try:
            found.append(_try(source, variant, out, keep, jobs, say))
        except BackendError:
            raise
        except StressTestError as error:
            reason = "; ".join(part for part in (error.message, f"{error.key}" if error.key else "",
                                                 f"expected {error.expected}" if error.expected else "") if part)  # fmt: skip
            say(f"{variant.name} failed: {reason}")
            found.append(Tried(variant, FAILED, reason=reason))
    return found


def reference(source: Source, out: Path, *, keep: bool, jobs: int, say: Callable[[str], None]) -> Source:
    """The contract as it is, with providers that answered it again as they answer the drafts: else part of a difference would be
    a better answer and not the draft. The source itself where providers keep to what they did, or answer as before.
    """
    if keep:
        return source
    say("the contract as it is")
    found = _try(source, Variant("as it is", ()), out, False, jobs, say).source
    assert found is not None
    years = source.study.years
    return source if intensities(found.strategies, years) == intensities(source.strategies, years) else found


def _try(source: Source, variant: Variant, out: Path, keep: bool, jobs: int, say: Callable[[str], None]) -> Tried:
    from ..runner import run_study

    study = variant_study(source, variant.changes)
    key = key_of(source, study, keep)
    folder = find_run(out, key)
    if folder is not None:
        return Tried(variant, KEPT, Source.of(folder, source.scenario.name, source.strategy.name))
    strategies = source.strategies if keep else answers(source, study, jobs)
    scenario = next(one for one in study.scenarios if one.name == source.scenario.name)
    small = replace(study, scenarios=(scenario,), years_futures=0)
    run = run_study(small, strategies, out, jobs=jobs, resume=True)
    record = {"key": key, "name": variant.name, "changes": list(variant.changes), "of": source.manifest["run_id"], "kept": keep}
    write_json(Path(run.folder) / RECORD, record)
    return Tried(variant, RAN, Source.of(run.folder, scenario.name, source.strategy.name))


def key_of(source: Source, study: Study, keep: bool) -> str:
    """sha256 over everything that a variant's numbers follow from: its inputs, futures, and the strategies it starts from."""
    record = {
        "inputs": study.inputs_hash, "scenario": source.scenario.name, "futures": source.futures, "seed": study.seed,
        "design": {**study.design.record(), **study.preparation()}, "keep": keep,
        "strategies": intensities(source.strategies, study.years),
    }  # fmt: skip
    return hashlib.sha256(json.dumps(plain(record), sort_keys=True).encode()).hexdigest()


def find_run(out: Path, key: str) -> Path | None:
    """A finished run with this key whose files are there in full; None where there is none."""
    for path in sorted(out.glob(f"*/{RECORD}"), reverse=True):
        with suppress(OSError, ValueError, StressTestError, AttributeError):
            if json.loads(path.read_text(encoding="utf-8")).get("key") == key and _whole(path.parent):
                return path.parent
    return None


def _whole(folder: Path) -> bool:
    """Whether a run is complete and each of its files has its size."""
    manifest: dict[str, Any] = load_manifest(folder)
    files = manifest.get("files") or {}
    there = all((folder / name).is_file() and (folder / name).stat().st_size == facts["bytes"] for name, facts in files.items())
    return manifest["status"] == "complete" and bool(files) and there
