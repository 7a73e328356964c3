"""What the verbs on contracts do: check, settle, cases. Functions from options to an exit code, as in verbs.py."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from .contract import Contract
from .errors import ConfigError, nearest
from .place import Place
from .units import pounds
from .verbs import load, note


def is_contract(name: str, verb: str = "check") -> bool:
    """Whether a name or path means a contract and not a study; a study goes before a contract of the same name."""
    from .config.folders import config_folder
    from .config.section import read_toml

    if name.endswith(".toml"):
        return "place" not in read_toml(Path(name))
    configs = config_folder()
    known = sorted({path.stem for kind in ("studies", "contracts") for path in (configs / kind).glob("*.toml")})
    if name not in known:
        raise ConfigError(
            "there is no study and no contract of this name", key=verb, value=name, expected=", ".join(known),
            nearest=nearest(name, known),
        )  # fmt: skip
    return not (configs / "studies" / f"{name}.toml").is_file()


def check_contract(name: str, as_json: bool, changes: tuple[str, ...] = ()) -> int:
    """Read a contract and print what is odd about it, each finding with its place; exit code 1 where it holds a fault."""
    from .config.contracts import contract_path
    from .config.folders import config_folder

    contract = contract_named(name, changes)
    configs = config_folder(Path(name).parent if name.endswith(".toml") else None)
    print(f"{contract.title}; clauses: {len(contract.terms)}; years: {contract.years}", file=sys.stderr)
    return _print_findings(contract, None, contract_path(name, configs), configs, as_json, sys.stdout)


def _print_findings(
    contract: Contract, place: Place | None, path: Path, configs: Path, as_json: bool, out: TextIO
) -> int:
    """Print the review of a contract: id, sentence, place in the file, remedy."""
    from dataclasses import asdict

    from .config.lines import locate
    from .review import count, review

    found = review(contract, place)
    where = [locate(path, finding.clause, finding.field, configs) for finding in found]
    if as_json:
        print(json.dumps([{**asdict(f), "place": at} for f, at in zip(found, where, strict=True)], indent=1, ensure_ascii=False))
    else:
        for finding, at in zip(found, where, strict=True):
            key = ".".join(part for part in (finding.clause, finding.field) if part) or "the contract"
            print(f"{finding.severity} [{finding.id}] {key}: {finding.sentence}\n    {at}\n    {finding.remedy}", file=out)
        print("; ".join(f"{severity}s: {number}" for severity, number in count(found).items()), file=out)
    return 1 if any(finding.severity == "fault" for finding in found) else 0


def check(name: str, changes: Iterable[str], as_json: bool) -> int:
    """Check a study or a contract: see `check_study` and `check_contract`."""
    changes = tuple(changes)
    if not is_contract(name):
        return check_study(name, changes, as_json)
    return check_contract(name, as_json, changes)


def check_study(name: str, changes: tuple[str, ...], as_json: bool) -> int:
    """Print the effective study: every value with unit, source and quality; and what is odd about its contract."""
    from .config.folders import config_folder, find

    study = load(name, changes)
    print(json.dumps(study.effective(), indent=1, ensure_ascii=False) if as_json else study.effective_toml())
    from .results.findings import assumption_rows

    rows = assumption_rows(study.effective())
    loose = [row for row in rows if not row["source"]]
    print(f"{len(rows)} values, {len(loose)} of them without a source", file=sys.stderr)
    for row in loose[:20]:
        print(f"  no source: {row['key']} = {row['value']}", file=sys.stderr)
    configs = config_folder(Path(name).parent if name.endswith(".toml") else None)
    path = find("contracts", str(study.effective()["study"]["contract"]), configs)
    return _print_findings(study.contract, study.place, path, configs, False, sys.stderr)


def contract_named(name: str, changes: Iterable[str] = ()) -> Contract:
    """A contract by name or path with its changes (CLAUSE.ENTRY=value), as a settlement needs it."""
    from .config.folders import config_folder
    from .config.load import load_changed

    return load_changed(name, changes, config_folder(Path(name).parent if name.endswith(".toml") else None))


def settle(
    name: str, table: Path | None, out: Path | None, *, changes: Iterable[str] = (), template: bool = False,
    columns: bool = False, quiet: bool = False,
) -> int:  # fmt: skip
    """Settle a table through a contract; or print the header that it needs, or what comes out."""
    from .settlement.columns import columns_as_text
    from .settlement.columns import template as header
    from .settlement.output import settle_file

    contract = contract_named(name, changes)
    if template or columns:
        print(header(contract) if template else columns_as_text(contract), end="")
        return 0
    if table is None:
        raise ConfigError("there is nothing to settle", key="--input", expected="--input TABLE.csv, or --template for its header")
    say = note(quiet)
    totals = settle_file(contract, table, out, say)
    say(f"{contract.title}: {contract.currency} received less paid, over all rows")
    for party, total in totals.items():
        say(f"  {party}: {total:,.2f}")
    if out is not None:
        print(out)
    return 0


def cases(name: str, draws: int, as_json: bool) -> int:
    """Run the case histories and print what the engine says beside what happened; exit code 1 where plumbing fails."""
    from dataclasses import asdict

    from .analysis.histories import answers, as_text
    from .config.folders import config_folder
    from .config.histories import load_histories

    if draws < 2:
        raise ConfigError("too few draws for a probability", key="--draws", value=draws, expected="at least 2")
    histories = load_histories(config_folder(), name)
    found = [answer for history in histories for answer in answers(history, draws)]
    print(json.dumps([asdict(a) for a in found], indent=1, ensure_ascii=False) if as_json else as_text(histories, found))
    return 0 if all(a.hit for a in found if a.kind == "plumbing") else 1


def places(text: str, template: bool = False, own: Path | None = None) -> int:
    """Print the register's places whose name or code holds `text`: code, residents, name and what is to be known of it.

    `template` prints a table to fill in instead; `own` reads a user's own table, and says of each row what is wrong with it.
    """
    from .config.folders import config_folder, data_folder
    from .config.register import register

    if template:
        print(own_template(), end="")
        return 0
    if own is not None:
        return _check_own(own)
    entries = register(data_folder(config_folder()))
    found = [e for e in entries if text.casefold() in f"{e.code} {e.name}".casefold()]
    if not found:
        names = [name for e in entries for name in (e.name, e.code)]
        raise ConfigError("the register has no such place", key="places", value=text, expected="part of a name or code",
                          nearest=nearest(text, names))  # fmt: skip
    for e in found:
        people = f"{e.total:>11,.0f}" if e.persons else "  not known"
        print(f"{e.code:28s}{people}  {e.name}{f' ({e.note})' if e.note else ''}")
    return 0


def own_template() -> str:
    """A register of one's own to fill in: the columns that are needed, those that may be there, and Stockport as an example."""
    from .config.folders import config_folder, data_folder
    from .config.geography import OWN
    from .config.register import OWN_COLUMNS, find_entry, register

    entry = find_entry("Stockport", register(data_folder(config_folder())))
    cells = ["my-stockport", f"{entry.name} (example)", *(f"{people:.0f}" for people in entry.persons), entry.pattern,
             "North West", "Greater Manchester", "Stockport", "Stockport Neighbourhood Care"]  # fmt: skip
    return ",".join((*OWN_COLUMNS, "pattern", *OWN)) + "\n" + ",".join(cells) + "\n"


def _check_own(path: Path) -> int:
    """Make every place of a user's own register at the main study; one line each; exit code 0, or 2 where one cannot be run."""
    from .config.folders import config_folder, data_folder
    from .config.geography import own_whereabouts
    from .config.load import load_study
    from .config.register import register
    from .errors import StressTestError

    entries = [entry for entry in register(data_folder(config_folder()), path) if entry.table == path.name]
    where, bad = own_whereabouts(path), 0
    for entry in entries:
        try:
            study = load_study("dudley", (f"register={str(path.resolve())!r}", f"place={entry.code!r}"))
        except StressTestError as error:
            bad += 1
            print(f"FAIL  {entry.code}: {error.message}" + (f"; expected {error.expected}" if error.expected else ""))
            continue
        links = where.get(entry.code)
        told = ", ".join(word for word in (links.region, links.hospital, links.provider) if word) if links else "stands alone"
        print(f"ok    {entry.code}: {entry.name}, {entry.total:,.0f} residents, opening price "
              f"{pounds(study.contract.opening_price)} a year; {told}")  # fmt: skip
    return 2 if bad else 0
