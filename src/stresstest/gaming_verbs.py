"""The verb `gaming`: from options to an exit code. A study is searched in full, a contract by its wording."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .contract import Contract
from .contract_verbs import contract_named, is_contract
from .errors import ConfigError
from .units import pounds
from .verbs import load, note

VERDICTS = ("closed", "reduced", "open", "worse")


def gaming(
    name: str, *, static: bool = False, out: Path | None = None, against: Path | None = None, table: Path | None = None,
    fixes: Path | None = None, changes: Iterable[str] = (), jobs: int | None = None, quick: bool = False,
    futures: tuple[int, int] = (2000, 20_000), as_json: bool = False, quiet: bool = False,
) -> int:  # fmt: skip
    """Look for what pays in a study or a contract; see `stresstest gaming --help`."""
    changes = tuple(changes)
    for option, count in (("--search", futures[0]), ("--verify", futures[1])):
        if not 2 <= count <= 10_000_000:
            raise ConfigError("not a number of futures", key=option, value=count, expected="2 to 10,000,000")
    if is_contract(name, "gaming"):
        if against is not None:
            raise ConfigError(
                "an archive is replayed on a study", key="--against", value=str(against), expected="the name of a study"
            )
        contract = contract_named(name, changes)
        return static_of_contract(contract, as_json, quiet) if static else wording(contract, table, out, as_json, quiet)
    if table is not None:
        raise ConfigError("a study draws its own years", key="--input", value=str(table), expected="a contract, not a study")
    study = load(name, changes)
    if static:
        return static_of_study(study, as_json, quiet)
    if against is not None:
        return replay(study, against, out, jobs, as_json, note(quiet))
    return whole_study(study, out, fixes, jobs, quick, futures, as_json, note(quiet))


def whole_study(
    study: Any, out: Path | None, fixes: Path | None, jobs: int | None, quick: bool, futures: tuple[int, int], as_json: bool,
    say: Any,
) -> int:  # fmt: skip
    """Search a study in full, print the catalogue, and with `out` write tables, archive and page."""
    from .gaming.output import plain_row
    from .gaming.own_fixes import read_fixes
    from .gaming.whole import as_text, search_study

    own = tuple(read_fixes(fixes, study.contract)) if fixes is not None else ()
    rows = search_study(study, out, jobs or os.cpu_count() or 1, quick, say, own, futures)
    if out is not None:
        from .report.gaming_page import build_gaming_page

        build_gaming_page(out)
        print(out, file=sys.stderr)
    _print([plain_row(row) for row in rows], as_text(rows) + "\n", as_json)
    return 0


def replay(study: Any, archive: Path, out: Path | None, jobs: int | None, as_json: bool, say: Any) -> int:
    """Replay an archive on a study's contract and print a verdict for each exploit; exit code 1 where one is worse or open."""
    from .gaming.archive import read_archive
    from .gaming.output import Output, plain_row
    from .gaming.replays import against

    found = against(read_archive(archive), study, jobs=jobs or os.cpu_count() or 1, say=say)
    for sentence in found.notes:
        print(sentence, file=sys.stderr)
    rows = [
        plain_row({
            "id": one.id, "verdict": one.verdict, "levers": " + ".join(one.signature), "gain_then_gbp": one.then[0],
            "gain_then_error_gbp": one.then[1], "gain_now_gbp": one.now[0], "gain_now_error_gbp": one.now[1],
            "change_gbp": one.change[0], "change_error_gbp": one.change[1], "paired": one.paired,
            "commissioner_gbp": one.commissioner[0], "missing_levers": one.missing_levers, "missing_clauses": one.missing_clauses,
            "same_contract": found.same_contract, "notes": found.notes,
        })
        for one in found.replays
    ]  # fmt: skip
    if out is not None:
        with Output(out) as folder:
            folder.table("against", rows)
            folder.done()
    lines = [
        f"{row['verdict']:8s} {pounds(row['gain_then_gbp']):>8} to {pounds(row['gain_now_gbp']):>8} ± "
        f"{pounds(row['gain_now_error_gbp'])}  {row['id']} {row['levers']}" for row in rows
    ]  # fmt: skip
    _print(rows, "\n".join([*lines, "; ".join(f"{verdict}: {found.count(verdict)}" for verdict in VERDICTS)]) + "\n", as_json)
    return 0 if all(one.verdict in ("closed", "reduced") for one in found.replays) else 1


def _print(rows: list[dict[str, Any]], text: str, as_json: bool) -> None:
    print(json.dumps(rows, indent=1, ensure_ascii=False) if as_json else text, end="\n" if as_json else "")


def _seen(books: Any, noise: dict[str, float] | None, as_json: bool, quiet: bool) -> int:
    from .gaming.output import plain_row
    from .gaming.static import static

    rows = [plain_row(one) for one in static(books, noise, note(quiet))]
    lines = [f"{row['kind']}: {row['sentence']}" for row in rows]
    _print(rows, "\n".join([*lines, f"{len(rows)} things to know; nothing was sampled ({books.origin})"]) + "\n", as_json)
    return 0


def static_of_contract(contract: Contract, as_json: bool, quiet: bool) -> int:
    """Print what a contract's wording shows."""
    from .gaming.records import central

    return _seen(central(contract), None, as_json, quiet)


def static_of_study(study: Any, as_json: bool, quiet: bool) -> int:
    """Print what the wording of a study's contract shows, at the plan's own figures."""
    from .gaming.planned import chance, planned

    return _seen(planned(study), chance(study), as_json, quiet)


def wording(contract: Contract, table: Path | None, out: Path | None, as_json: bool, quiet: bool) -> int:
    """Hunt for loopholes of a contract that is settled: on a table's years, or on made-up ones."""
    from .gaming.loopholes import holes, hunt
    from .gaming.output import Output
    from .gaming.records import central, from_table, made_up
    from .gaming.rows import loophole_row, loopholes_as_text
    from .gaming.static import static

    say = note(quiet)
    books = from_table(contract, table) if table else made_up(contract)
    say(f"{contract.title}: {books.origin}")
    rows = [loophole_row(books, exploit, 0.0) for exploit in holes(hunt(books, say))]
    if out is not None:
        with Output(out) as folder:
            folder.table("loopholes", rows)
            folder.table("static", static(central(contract)))
            folder.facts("run.json", {"contract": contract.name, "title": contract.title, "books": books.origin})
            print(folder.done(), file=sys.stderr)
    _print(rows, loopholes_as_text(rows), as_json)
    return 0
