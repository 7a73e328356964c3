"""From a study file to a Study, with change sets from the command line laid over the files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..contract import Contract
from ..errors import ConfigError, nearest
from ..study import SearchBudget, Study
from .axes import read_axes
from .chosen_place import ChosenPlace, choose_place
from .contracts import clause_tables, contract_path, load_raw, read_contract
from .designs import read_design
from .folders import config_folder, data_folder, find, is_file
from .hurdles import read_hurdles
from .places import read_place, read_provider
from .scenarios import LARGEST, Shelf, gather_scenarios, read_scenarios
from .section import Section, merge, read_toml
from .switches import read_switches, switched
from .values import Calendar

EXAMPLE = "for example contract.gain_loss_share.dead_band=0.03"
PARTS = ("contract", "place", "provider", "axes")
PATTERNS = ("pattern.contract", "pattern.provider")
_PLURAL = {"contract": "contracts", "place": "places", "provider": "providers", "axes": "axes"}


def parse_change(text: str) -> tuple[list[str], Any]:
    """`a.b.c=value` as (["a", "b", "c"], value): the value is TOML where it parses as such, text otherwise."""
    key, sign, raw = text.partition("=")
    path = [part.strip() for part in key.split(".")]
    if not sign or not all(path):
        raise ConfigError(
            "a change is written key=value",
            key="--set",
            value=text,
            expected=EXAMPLE,
        )
    try:
        return path, tomllib.loads(f"value = {raw}")["value"]
    except tomllib.TOMLDecodeError:
        return path, raw.strip()


def split_changes(changes: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Changes to the study's own entries, and change sets for contract, place, provider and axes.

    `pattern.contract.…` and `pattern.provider.…` go into sets of their own: what was written for the pattern place is changed
    before it is put to the size of another.
    """
    own: dict[str, Any] = {}
    parts: dict[str, dict[str, Any]] = {part: {} for part in (*PARTS, *PATTERNS)}
    for text in changes:
        path, value = parse_change(text)
        if path[0] == "pattern":
            if len(path) < 3 or ".".join(path[:2]) not in PATTERNS:
                raise ConfigError("only a contract or a provider is written for a pattern place", key="--set", value=text,
                                  expected="pattern.contract.CLAUSE.ENTRY=value or pattern.provider.…=value")  # fmt: skip
            name = ".".join(path[:2])
            parts[name] = merge(parts[name], _nested(path[1], path[2:], value, text))
        elif path[0] in PARTS and len(path) > 1:
            parts[path[0]] = merge(parts[path[0]], _nested(path[0], path[1:], value, text))
        else:
            own = merge(own, _tree(path, value))
    return own, parts


def contract_changes(changes: Iterable[str]) -> dict[str, Any]:
    """Changes to a contract by itself: CLAUSE.ENTRY=value, with or without `contract.` before it."""
    change: dict[str, Any] = {}
    for text in changes:
        path, value = parse_change(text)
        inside = path[1:] if path[0] == "contract" and len(path) > 1 else path
        change = merge(change, _nested("contract", inside, value, text))
    return change


def _tree(path: list[str], value: Any) -> Any:
    for name in reversed(path):
        value = {name: value}
    return value


def _nested(part: str, path: list[str], value: Any, text: str) -> dict[str, Any]:
    tables = ("plan", "benchmark", "ending", "indices")
    whole = ("title", "currency", "price_basis", "first_year", "years", "scope", "terms")
    if part == "contract" and path[0] not in tables + whole:
        if len(path) != 2:
            message = "a clause's entry is written contract.CLAUSE.ENTRY=value"
            raise ConfigError(message, key="--set", value=text, expected=EXAMPLE)
        return {"terms": [{"id": path[0], path[1]: value}]}
    return dict(_tree(path, value))


def study_path(name: str, configs: Path) -> Path:
    """The file of a study given by path or by name."""
    path = Path(name)
    if path.suffix == ".toml":
        if is_file(path):
            return path
        known = sorted(p.stem for p in (path.parent if path.parent.is_dir() else configs / "studies").glob("*.toml"))
        raise ConfigError(
            "no such study file", file=path, key="study", value=name, expected=", ".join(known),
            nearest=nearest(path.stem, known),
        )  # fmt: skip
    return find("studies", name, configs)


def _contract_raw(
    path: Path, configs: Path, change: dict[str, Any], place: ChosenPlace | None = None, before: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The contract file with `before` laid over it, put to the place where one is given, with `change` laid over that.

    Refuses a change to a clause that the contract does not have.
    """
    raw = load_raw(path, configs)
    if before:
        raw = _changed_contract(raw, path, before)
    return _changed_contract(place.contract(raw, path, configs) if place else raw, path, change)


def _changed_contract(raw: dict[str, Any], path: Path, change: dict[str, Any]) -> dict[str, Any]:
    """A contract's raw table with `change` laid over it, clause by clause."""
    kinds = {str(term.get("id", term.get("kind"))): term.get("kind") for term in clause_tables(raw, path, "terms")}
    terms = []
    for term in clause_tables(change, path, "--set contract.terms"):
        name = str(term.get("id", term.get("kind")))
        if name not in kinds and "kind" not in term:
            raise ConfigError(
                "the contract has no such clause", file=path, key=f"--set contract.{name}", expected=", ".join(kinds),
                nearest=nearest(name, kinds),
            )  # fmt: skip
        terms.append({"kind": kinds[name], **term} if kinds.get(name) == name else term)
    return merge(raw, {**change, "terms": terms} if terms else change)


def load_changed(name: str, changes: Iterable[str], configs: Path) -> Contract:
    """A contract by name or path with changes (CLAUSE.ENTRY=value) laid over it, as a settlement needs it."""
    path = contract_path(name, configs)
    raw = _contract_raw(path, configs, contract_changes(changes))
    return read_contract(raw, path, path.stem, None, configs, study=False)[0]


def _own_changes(study: dict[str, Any], path: Path) -> tuple[str, ...]:
    """The study's own change set, `changes = ["contract.CLAUSE.ENTRY=value", …]`; those of the command line come after."""
    own = study.pop("changes", [])
    if not isinstance(own, list) or not all(isinstance(change, str) for change in own):
        raise ConfigError("this should be a list of changes", file=path, key="changes", value=own, expected='["place.x.y=1"]')
    return tuple(own)


def load_study(name: str, changes: tuple[str, ...] = (), configs: Path | None = None) -> Study:
    """The study in a file, with `changes` ("key=value") laid over it and over what it names.

    Raises ConfigError or DataError, placed, for anything wrong. Reads nothing but configs/ and data/.
    """
    configs = configs or config_folder(Path(name).parent if name.endswith(".toml") else None)
    path = study_path(name, configs)
    study = read_toml(path)
    own, parts = split_changes((*_own_changes(study, path), *changes))
    raws: dict[str, dict[str, Any]] = {"study": merge(study, own)}
    files: dict[str, Path] = {"study": path, "scenarios": find("scenarios", "named", configs)}
    shelf, raws["study"] = gather_scenarios(raws["study"], path, files["scenarios"], configs)
    place = choose_place(raws["study"], path, configs)
    top = Section(path, raws["study"])
    for part in PARTS:
        files[part] = place.file if part == "place" else find(_PLURAL[part], top.text(part), configs)
        early = parts.get(f"pattern.{part}", {})
        raws[part] = merge(place.part(part, files[part], early), parts[part]) if part != "contract" else {}
    raws["contract"] = _contract_raw(files["contract"], configs, parts["contract"], place, parts["pattern.contract"])
    names = {part: file.stem for part, file in files.items()} | {"place": place.name}
    return build_study(raws, files, data_folder(configs), names, configs, shelf)


def load_effective(path: Path, data: Path | None = None, changes: tuple[str, ...] = ()) -> Study:
    """The study that a run was made from, read again from its config.effective.toml, with `changes` laid over it.

    Errors: ConfigError, placed, as `load_study`, and for a change to what is written for a pattern place.
    """
    whole = read_toml(path)
    missing = [part for part in ("study", "scenarios", *PARTS) if part not in whole]
    if missing:
        raise ConfigError("not an effective configuration", file=path, key=missing[0], expected="a table of this name")
    own, parts = split_changes(changes)
    for early in (text for text in changes if parse_change(text)[0][0] == "pattern"):
        raise ConfigError("an effective configuration has been put to its place already: it holds no pattern's numbers",
                          file=path, key="--set", value=early,
                          expected=f"{early.partition('.')[2]}, with the number as this place has it, or the study run again "
                          "with this change")  # fmt: skip
    study = whole["study"] = merge(whole["study"], own)
    files = {part: Path(f"{path}:{part}") for part in whole}
    for part in PARTS:
        changed = _changed_contract(whole[part], files[part], parts[part]) if part == "contract" else None
        whole[part] = changed or merge(whole[part], parts[part])
    names = {**{part: str(study.get(part)) for part in PARTS}, "study": str(whole.get("name", path.parent.name))}
    return build_study(whole, files, data or data_folder(config_folder()), names)


def build_study(
    raws: dict[str, dict[str, Any]], files: dict[str, Path], data: Path, names: dict[str, str] | None = None,
    configs: Path | None = None, shelf: Shelf | None = None,
) -> Study:  # fmt: skip
    """A Study from the raw tables of its six parts; `files` serve messages, `names` default to the files' stems.

    `shelf` holds the scenarios where they come from several files.
    """
    names = names or {part: file.stem for part, file in files.items()}
    top = Section(files["study"], raws["study"])
    top.whole("schema_version", 1, 1)
    title = top.text("title")
    for part in PARTS:
        top.text(part)
    hashes: dict[str, str] = {}
    place, place_form = read_place(raws["place"], files["place"], names["place"], data, hashes)
    contract, contract_form = read_contract(
        raws["contract"], files["contract"], names["contract"], place, configs
    )
    provider, provider_form = read_provider(raws["provider"], files["provider"], names["provider"])
    law, law_form = read_axes(raws["axes"], files["axes"])
    seed = top.whole("seed", 0, (1 << 63) - 1)
    futures, each = top.whole("futures", 1, LARGEST), top.whole("scenario_futures", 1, LARGEST, 1000)
    listed = top.anything("scenarios")
    shelf = shelf or Shelf(raws["scenarios"], files["scenarios"])
    calendar = Calendar(contract.first_year, contract.years)
    scenarios, scenario_form = read_scenarios(shelf, listed, law, calendar, futures, each, top)
    kept = top.whole("years_futures", 0, LARGEST, 100_000)
    design = read_design(top, scenarios)
    letters, search = read_switches(top), _search(top)
    checks = top.section("checks", {})
    tolerance = checks.number("null_tolerance", "share", 0.0, 1.0, 0.005).value
    checks.finish()
    hurdles = read_hurdles(top)
    top.finish()
    form = {
        "name": names["study"], "study": top.effective, "contract": contract_form, "place": place_form,
        "provider": provider_form, "axes": law_form, "scenarios": scenario_form,
    }  # fmt: skip
    study = Study(
        names["study"], title, place, contract, provider, law, scenarios, futures, kept, seed, search, tolerance, hashes, form,
        design, hurdles=hurdles,
    )
    return switched(study, letters, files["study"])


def _search(top: Section) -> SearchBudget:
    section = top.section("search", {})
    budget = SearchBudget(
        screen=section.whole("screen", 8, 1_000_000, 600),
        screen_futures=section.whole("screen_futures", 16, 1_000_000, 256),
        polish=section.whole("polish", 1, 1000, 4),
        polish_futures=section.whole("polish_futures", 16, 1_000_000, 1000),
        verify_futures=section.whole("verify_futures", 16, 10_000_000, 8000),
    )
    section.finish()
    return budget
