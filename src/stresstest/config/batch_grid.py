"""The grid of a batch file: its axes, every combination of their values, and readable names for them.

    [grid]
    place = ["Stockport", "Tameside"]           # or "local authorities", or "vanguards": all of the register that can be run
    contract = ["dudley-5.5bn", "dudley-244m"]
    scenario = ["calibrated", "state-supreme"]  # each case in one scenario
    seed = [1, 2, 3]
    variant = ["as it is", "stronger collar"]   # names in the file that `variants` names
    strategies = [["honest"], ["honest", "gamed"]]
    set.contract.gain_loss_share.dead_band = [0.0, 0.03]
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from ..errors import nearest
from .folders import data_folder, find, is_file
from .register import Entry, find_entry, register
from .section import Section
from .variants import Variant

AS_IT_IS = "as it is"
MOST_CASES, LONGEST = 5_000, 100
LARGEST_SEED = (1 << 63) - 1
AXES = ("place", "contract", "scenario", "seed", "variant", "strategies", "set")
ALL_PLACES = {"local authorities": "local_authorities.csv", "vanguards": "local_authorities.csv, mcp_vanguards.csv"}


@dataclass(frozen=True)
class Value:
    """One value of an axis: how it is written, the changes that it stands for, the strategies that it chooses, its slug."""

    text: str
    changes: tuple[str, ...] = ()
    strategies: tuple[str, ...] = ()
    slug: str = ""


@dataclass(frozen=True)
class Axis:
    """One axis of a grid, in the file's order of values."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Planned:
    """One case of a batch file: folder name, changes over the common ones, labels, names of strategies, and a note."""

    name: str
    changes: tuple[str, ...]
    labels: dict[str, str]
    strategies: tuple[str, ...]
    note: str = ""


def written(key: str, value: Any) -> str:
    """A change as it stands after --set; the value as TOML has it."""
    return f"{key}={json.dumps(value, ensure_ascii=False)}"


def slug(text: str) -> str:
    """A safe folder name: letters, digits and dots in lower case, hyphens for everything else; a number keeps its sign."""
    signed = re.sub(r"(?<![\w.)])[-−](?=\.?\d)", "minus-", text.casefold().replace("'", ""))
    return re.sub(r"[^a-z0-9.]+", "-", signed).strip("-.")


# ── reading ────────────────────────────────────────────────────────────────────────────────────────────────────────
def read_grid(
    top: Section, configs: Path, variants: Sequence[Variant], strategies: Sequence[str], own_register: str = ""
) -> tuple[Axis, ...]:
    """The axes of [grid] in the file's order; none where there is no grid. Errors: ConfigError, placed, with the nearest."""
    order = list(top.peek("grid") or {})
    grid = top.section("grid", {})
    readers: dict[str, Callable[[], Axis | list[Axis]]] = {
        "place": lambda: _places(grid, configs, own_register), "contract": lambda: _contracts(grid, configs),
        "scenario": lambda: _scenarios(grid), "seed": lambda: _seeds(grid), "variant": lambda: _variants(grid, variants),
        "strategies": lambda: _strategies(grid, strategies), "set": lambda: _sets(grid),
    }  # fmt: skip
    axes: list[Axis] = []
    for name in sorted(readers, key=lambda name: order.index(name) if name in order else len(order)):
        if name not in order:
            grid.anything(name)
            continue
        found = readers[name]()
        axes += found if isinstance(found, list) else [found]
    grid.finish()
    count = prod(len(axis.values) for axis in axes)
    if count > MOST_CASES:
        raise top.fail("grid", "so many cases are no batch", count, f"at most {MOST_CASES:,} combinations")
    return tuple(axes)


def _listed(grid: Section, name: str, example: str) -> list[Any]:
    values = grid.anything(name)
    if not isinstance(values, list) or not values:
        raise grid.fail(name, "this should be a list of values", values, example)
    for k, value in enumerate(values):
        if value in values[:k]:
            raise grid.fail(name, "a value stands there twice", value, "each value once")
    return values


def _texts(grid: Section, name: str, example: str) -> list[str]:
    values = _listed(grid, name, example)
    for value in values:
        if not isinstance(value, str) or not value.strip():
            raise grid.fail(name, "this should be a list of names", value, example)
    return values


def _places(grid: Section, configs: Path, own: str) -> Axis:
    table = Path(own) if own else None
    entries = register(data_folder(configs), table if table and is_file(table) else None)
    if isinstance(group := grid.peek("place"), str):
        if group not in ALL_PLACES:
            raise grid.fail("place", "there is no such group of places", group, f"a list of places, or {' or '.join(ALL_PLACES)}",
                            nearest(group, ALL_PLACES))  # fmt: skip
        grid.anything("place")
        chosen = [entry for entry in entries if entry.table == ALL_PLACES[group] and entry.persons]
        return Axis("place", tuple(_place(entry.code, entry) for entry in chosen))
    files = tuple(sorted(file.stem for file in (configs / "places").glob("*.toml")))
    values: list[Value] = []
    seen: dict[str, str] = {}
    for word in _texts(grid, "place", '["Stockport", "E08000007"], "local authorities" or "vanguards"'):
        is_own = word.endswith(".toml") or word in files
        entry = None if is_own else find_entry(word, entries, grid.file, files, key=grid.key("place"))
        code = Path(word).stem.casefold() if entry is None else entry.place_code
        if code in seen:
            raise grid.fail("place", "two names mean the same place", word, f"one of {seen[code]} and {word}")
        seen[code] = word
        values.append(_place(word, entry))
    return Axis("place", tuple(values))


def _place(word: str, entry: Entry | None) -> Value:
    name = entry.name if entry is not None else Path(word).stem
    return Value(name if entry is not None else word, (written("place", word),), slug=slug(name))


def _contracts(grid: Section, configs: Path) -> Axis:
    words = _texts(grid, "contract", '["dudley-5.5bn", "my-contract.toml"]')
    for word in words:
        find("contracts", word, configs)
    return Axis("contract", tuple(Value(word, (written("contract", word),), slug=slug(Path(word).name)) for word in words))


def _scenarios(grid: Section) -> Axis:
    words = _texts(grid, "scenario", '["calibrated", "state-supreme"]')
    return Axis("scenario", tuple(Value(word, (written("scenarios", [word]),), slug=slug(word)) for word in words))


def _seeds(grid: Section) -> Axis:
    seeds = _listed(grid, "seed", "[1, 2, 3]")
    for seed in seeds:
        if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= LARGEST_SEED:
            raise grid.fail("seed", "a seed is a whole number", seed, f"0 to {LARGEST_SEED}")
    return Axis("seed", tuple(Value(str(seed), (written("seed", seed),), slug=f"seed-{seed}") for seed in seeds))


def _variants(grid: Section, variants: Sequence[Variant]) -> Axis:
    known = {variant.name: variant.changes for variant in variants} | {AS_IT_IS: ()}
    if not variants:
        raise grid.fail("variant", "variants need a file that they stand in", expected='variants = "dudley" at the top')
    words = list(known) if grid.peek("variant") == "all" else []
    if words:
        grid.anything("variant")
        words = [AS_IT_IS, *words[:-1]]
    for word in words or (words := _texts(grid, "variant", '["as it is", "stronger collar"]')):
        if word not in known:
            raise grid.fail("variant", "the file of variants has no such variant", word, ", ".join(known), nearest(word, known))
    return Axis("variant", tuple(Value(word, tuple(known[word]), slug=slug(word)) for word in words))


def _strategies(grid: Section, known: Sequence[str]) -> Axis:
    values = []
    for value in _listed(grid, "strategies", '["honest", ["honest", "gamed"]]'):
        names = strategy_names([value] if isinstance(value, str) else value, grid, "strategies", known)
        values.append(Value(" and ".join(names), strategies=names, slug=slug("-".join(names))))
    return Axis("strategies", tuple(values))


def strategy_names(names: Any, section: Section, key: str, known: Sequence[str]) -> tuple[str, ...]:
    """Names of strategies that are known, each once. Errors: ConfigError with the nearest."""
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise section.fail(key, "this should be a list of strategies", names, '["honest", "gamed"]')
    for k, name in enumerate(names):
        if name not in known:
            raise section.fail(key, "there is no such strategy", name, ", ".join(known), nearest(name, known))
        if name in names[:k]:
            raise section.fail(key, "a strategy stands there twice", name, "each strategy once")
    return tuple(names)


def _sets(grid: Section) -> list[Axis]:
    tree = grid.anything("set")
    if not isinstance(tree, dict) or not tree:
        raise grid.fail("set", "this should be entries with lists of values", tree, "set.contract.CLAUSE.ENTRY = [0.0, 0.03]")
    axes = []
    for key, values in _leaves(tree):
        if not isinstance(values, list) or not values or isinstance(values[0], dict):
            raise grid.fail(f"set.{key}", "this should be a list of values", values, "such as [0.0, 0.03]")
        texts = [value if isinstance(value, str) else json.dumps(value) for value in values]
        if len(set(texts)) < len(texts):
            raise grid.fail(f"set.{key}", "a value stands there twice", values, "each value once")
        short = slug(key.rpartition(".")[2])
        axes.append(Axis(key, tuple(
            Value(text, (written(key, value),), slug=f"{short}-{slug(text)}")
            for text, value in zip(texts, values, strict=True)
        )))  # fmt: skip
    return axes


def _leaves(tree: dict[str, Any], before: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in tree.items():
        key = f"{before}.{name}" if before else name
        if isinstance(value, dict):
            yield from _leaves(value, key)
        else:
            yield key, value


# ── combining ──────────────────────────────────────────────────────────────────────────────────────────────────────
def combined(axes: Sequence[Axis], strategies: tuple[str, ...], otherwise: str) -> list[Planned]:
    """Every combination, the last axis fastest. Names are made of the values that vary; `otherwise` where none does."""
    if not axes:
        return []
    varies = [len(axis.values) > 1 for axis in axes]
    found: list[Planned] = []
    taken: set[str] = set()
    for values in product(*(axis.values for axis in axes)):
        words = [value.slug for value, does in zip(values, varies, strict=True) if does]
        name = unique("-".join(word for word in words if word) or slug(otherwise) or "case", taken)
        chosen = next((value.strategies for value in values if value.strategies), strategies)
        labels = {axis.name: value.text for axis, value in zip(axes, values, strict=True)}
        found.append(Planned(name, tuple(change for value in values for change in value.changes), labels, chosen))
    return found


def unique(name: str, taken: set[str]) -> str:
    """The name, cut where it is long, with a number behind it where it is taken; taken from now on."""
    short = name if len(name) <= LONGEST else f"{name[: LONGEST - 7]}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"
    found, number = short, 2
    while found in taken:
        found, number = f"{short}-{number}", number + 1
    taken.add(found)
    return found

