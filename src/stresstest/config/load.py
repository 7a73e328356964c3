"""From a study file to a Study, with change sets from the command line laid over the files."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from ..errors import ConfigError, nearest
from ..study import SearchBudget, Study
from .axes import read_axes, read_scenarios
from .contracts import read_contract
from .folders import config_folder, data_folder, find
from .places import read_place, read_provider
from .section import Section, merge, read_toml

LARGEST = 1 << 39
PARTS = ("contract", "place", "provider", "axes")
_PLURAL = {"contract": "contracts", "place": "places", "provider": "providers", "axes": "axes"}


def parse_change(text: str) -> tuple[list[str], Any]:
    """`a.b.c=value` as (["a", "b", "c"], value): the value is TOML where it parses as such, text otherwise."""
    key, sign, raw = text.partition("=")
    path = [part.strip() for part in key.split(".")]
    if not sign or not all(path):
        raise ConfigError("a change is written key=value", key="--set", value=text, expected="for example contract.gain_loss_share.dead_band=0.03")
    try:
        return path, tomllib.loads(f"value = {raw}")["value"]
    except tomllib.TOMLDecodeError:
        return path, raw.strip()


def split_changes(changes: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Changes to the study's own entries, and change sets for contract, place, provider and axes."""
    own: dict[str, Any] = {}
    parts: dict[str, dict[str, Any]] = {part: {} for part in PARTS}
    for text in changes:
        path, value = parse_change(text)
        if path[0] in PARTS and len(path) > 1:
            parts[path[0]] = merge(parts[path[0]], _nested(path[0], path[1:], value, text))
        else:
            own = merge(own, _tree(path, value))
    return own, parts


def _tree(path: list[str], value: Any) -> Any:
    for name in reversed(path):
        value = {name: value}
    return value


def _nested(part: str, path: list[str], value: Any, text: str) -> dict[str, Any]:
    tables = ("plan", "benchmark", "ending")
    whole = ("title", "currency", "price_basis", "first_year", "years", "scope", "terms")
    if part == "contract" and path[0] not in tables + whole:
        if len(path) != 2:
            raise ConfigError("a clause's entry is written contract.CLAUSE.ENTRY=value", key="--set", value=text)
        return {"terms": [{"id": path[0], path[1]: value}]}
    return dict(_tree(path, value))


def study_path(name: str, configs: Path) -> Path:
    """The file of a study given by path or by name."""
    path = Path(name)
    if path.suffix == ".toml":
        if path.is_file():
            return path
        known = sorted(p.stem for p in (path.parent if path.parent.is_dir() else configs / "studies").glob("*.toml"))
        raise ConfigError("no such study file", file=path, expected=", ".join(known), nearest=nearest(path.stem, known))
    return find("studies", name, configs)


def _change_terms(change: dict[str, Any], raw_path: Path, configs: Path) -> dict[str, Any]:
    """Refuse a change to a clause that the contract does not have, before it is laid over the file."""
    from .contracts import load_raw

    names = [term.get("id", term.get("kind")) for term in load_raw(raw_path, configs).get("terms", [])]
    for term in change.get("terms", []):
        if term.get("id") not in names and "kind" not in term:
            raise ConfigError(
                "the contract has no such clause", file=raw_path, key="--set contract." + str(term.get("id")),
                expected=", ".join(map(str, names)), nearest=nearest(str(term.get("id")), map(str, names)),
            )  # fmt: skip
    kinds = {term.get("id", term.get("kind")): term.get("kind") for term in load_raw(raw_path, configs).get("terms", [])}
    terms = [{**({"kind": kinds[t["id"]]} if kinds.get(t.get("id")) == t.get("id") else {}), **t} for t in change.get("terms", [])]
    return {**change, "terms": terms} if terms else change


def load_study(name: str, changes: tuple[str, ...] = (), configs: Path | None = None) -> Study:
    """The study in a file, with `changes` ("key=value") laid over it and over what it names.

    Raises ConfigError or DataError, placed, for anything wrong. Reads nothing but configs/ and data/.
    """
    configs = configs or config_folder(Path(name).parent if name.endswith(".toml") else None)
    data = data_folder(configs)
    path = study_path(name, configs)
    own, parts = split_changes(changes)
    top = Section(path, merge(read_toml(path), own))
    top.whole("schema_version", 1, 1)
    title = top.text("title")
    files = {part: find(_PLURAL[part], top.text(part), configs) for part in PARTS}
    hashes: dict[str, str] = {}
    place, place_form = read_place(files["place"], data, hashes, parts["place"])
    change = _change_terms(parts["contract"], files["contract"], configs)
    contract, contract_form = read_contract(files["contract"], configs, place, change)
    provider, provider_form = read_provider(files["provider"], parts["provider"])
    law, law_form = read_axes(files["axes"], parts["axes"])
    seed = top.whole("seed", 0, (1 << 63) - 1)
    futures, each = top.whole("futures", 1, LARGEST), top.whole("scenario_futures", 1, LARGEST, 1000)
    scenarios, scenario_form = read_scenarios(find("scenarios", "named", configs), top.anything("scenarios"), law, futures, each, top)
    kept = top.whole("years_futures", 0, LARGEST, 100_000)
    search = _search(top)
    top.finish()
    form = {
        "study": top.effective, "contract": contract_form, "place": place_form, "provider": provider_form, "axes": law_form,
        "scenarios": scenario_form,
    }  # fmt: skip
    return Study(path.stem, title, place, contract, provider, law, scenarios, futures, kept, seed, search, hashes, form)


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
