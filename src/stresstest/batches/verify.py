"""Whether a batch is what it was: every run verified, the table unchanged, and the batch's hash recomputed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from ..backends import Facts, Pool, work_through
from ..errors import StressTestError
from ..results.invariants import Check
from ..results.manifest import DIGEST, digest_of, json_text, load_manifest, verify_run
from ..results.store import sha256_of
from .record import BATCH, batch_hash, load_batch
from .work import CASES, FAILED


def verify_case(folder: str, expected: dict[str, str]) -> Facts:
    """Verify one run of a batch: its faults, how many checks were made, and the results hash that it states.

    `expected` are the inputs hash, the run's name and the results hash of the batch's record.
    """
    try:
        checks = verify_run(Path(folder))
        manifest = load_manifest(Path(folder))
        found = str(manifest.get("results_hash", ""))
    except StressTestError as error:
        return {"faults": [["it is a run", str(error).replace("\n", ";")]], "checks": 1, "results_hash": ""}
    faults = [[check.name, check.detail] for check in checks if not check.ok]
    for key, wanted in expected.items():
        if manifest.get(key) != wanted:
            faults.append([f"the {key.replace('_', ' ')} is the batch's", f"{manifest.get(key)}, expected {wanted}"])
    return {"faults": faults, "checks": len(checks) + len(expected), "results_hash": found}


def verify_batch(folder: Path, pool: Pool | None = None) -> list[Check]:
    """Recompute everything that a batch folder can be held to; one check for each case, or one for each of its faults.

    Errors: DataError when the folder is not a batch.
    """
    folder, record = Path(folder), load_batch(Path(folder))
    done = [case for case in record["cases"] if case["status"] != FAILED and "results_hash" in case]
    whole = str(record["status"]).startswith("complete")
    failed = [case["name"] for case in record["cases"] if case["status"] == FAILED]
    told = f"status {record['status']}, {len(done)} of {len(record['cases'])} cases run"
    told += f"; failed: {', '.join(failed)}" if failed else ""
    checks = [Check("the batch is complete", whole and len(done) + len(failed) == len(record["cases"]), told)]
    checks.append(_record(folder, record))
    keys = ("inputs_hash", "run_id", "results_hash")
    tasks = [(str(folder / CASES / case["name"]), {key: str(case.get(key, "")) for key in keys}) for case in done]
    found: dict[int, Facts] = {}
    with closing(work_through(pool or Pool("sequential"), verify_case, tasks)) as results:
        found.update(results)
    hashes: dict[str, str] = {}
    for number, case in enumerate(done):
        facts = found[number]
        hashes[case["name"]] = facts["results_hash"]
        checks += _of_case(case["name"], facts)
    return [*checks, _hash(record, hashes), *_files(folder, record), _nothing_else(folder, {case["name"] for case in done})]


def _record(folder: Path, record: dict[str, Any]) -> Check:
    """Whether batch.json stands as it was written: in that form, and with the digest that it keeps of itself."""
    name = "the record is as it was written"
    if DIGEST not in record:
        return Check(name, False, f"its {DIGEST} is missing")
    try:
        same = digest_of(record) == record[DIGEST] and (folder / BATCH).read_bytes() == json_text(record).encode()
    except ValueError as error:
        return Check(name, False, f"{BATCH} was changed: {error}")
    return Check(name, same, record[DIGEST] if same else f"{BATCH} was changed, or its {DIGEST} was")


def _of_case(name: str, facts: Facts) -> list[Check]:
    if not facts["faults"]:
        return [Check(f"case {name}", True, f"{facts['checks']} checks hold")]
    return [Check(f"case {name}: {check}", False, detail) for check, detail in facts["faults"]]


def _hash(record: dict[str, Any], hashes: dict[str, str]) -> Check:
    found, wanted = batch_hash(hashes), record.get("results_hash")
    return Check("the batch's results hash is as it was", found == wanted,
                 found if found == wanted else f"{found}, expected {wanted}")  # fmt: skip


def _files(folder: Path, record: dict[str, Any]) -> list[Check]:
    checks = []
    for name, wanted in (record.get("files") or {}).items():
        there = (folder / name).is_file()
        good = there and sha256_of(folder / name) == wanted
        checks.append(Check(f"{name} is as it was written", good, "holds" if good else "changed" if there else "missing"))
    return checks


def _nothing_else(folder: Path, known: set[str]) -> Check:
    extra = sorted(path.name for path in (folder / CASES).glob("*") if path.name not in known)
    return Check("no other run lies among the cases", not extra, f"{extra[0]} was added" if extra else "holds")
