"""Where scenarios stand: configs/scenarios/named.toml, a study's own `scenario_file`, and its [[scenario]] tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import ConfigError
from .folders import find
from .section import Section, read_toml

CALIBRATED = "calibrated"
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class Shelf:
    """Scenario tables by name. `origins` gives file and key of those that do not stand in `file` under their own name."""

    tables: Mapping[str, Any]
    file: object
    origins: Mapping[str, tuple[object, str]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Every scenario that can be asked for, the calibrated law first."""
        return [CALIBRATED] + [name for name in self.tables if name not in (CALIBRATED, "schema_version")]

    def section(self, name: str) -> Section:
        """The table of a scenario. Raises ConfigError where it is none, or its name cannot be the name of a folder."""
        file, key = self.origins.get(name, (self.file, name))
        if not isinstance(self.tables[name], dict):
            raise ConfigError("this should be a table", file=file, key=key, value=self.tables[name], expected=f"[{name}]")
        if not _PLAIN_NAME.fullmatch(name):
            message = "a scenario's name is the name of a folder"
            raise ConfigError(message, file=file, key=key, value=name, expected="letters, digits and hyphens")
        return Section(file, self.tables[name], key)


def versioned(tables: Mapping[str, Any], file: object) -> dict[str, Any]:
    """The tables of a scenario file without its version. Raises ConfigError for a version other than 1."""
    if tables.get("schema_version", 1) != 1:
        message = "not a version that this program reads"
        raise Section(file, dict(tables)).fail("schema_version", message, tables["schema_version"], "1")
    return {name: table for name, table in tables.items() if name != "schema_version"}


def _own_file(top: Section, path: Path, configs: Path) -> Path | None:
    """The study's `scenario_file`: a path, or a name beside the study or in configs/scenarios; None where it names none."""
    name = top.text("scenario_file", "")
    if not name:
        return None
    try:
        return find("scenarios", name, configs, path)
    except ConfigError as error:
        message = "there is no scenario file of this name"
        raise top.fail("scenario_file", message, name, error.expected, error.nearest) from None


def _inline(top: Section) -> Iterator[tuple[str, object, str, Any]]:
    """(name, file, key, table) of each [[scenario]] of a study."""
    tables = top.anything("scenario", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise top.fail("scenario", "this should be a list of tables", tables, "[[scenario]]")
    for k, table in enumerate(tables, 1):
        key = f"scenario[{k}]"
        name = Section(top.file, table, key).text("name")
        yield name, top.file, key, {entry: value for entry, value in table.items() if entry != "name"}


def gather_scenarios(study: dict[str, Any], path: Path, named: Path, configs: Path) -> tuple[Shelf, dict[str, Any]]:
    """Every scenario that a study can list, and the study without the scenarios of its own.

    `study` is what stands in `path`, `named` the file of the named scenarios. Raises ConfigError for two of one name.
    """
    top = Section(path, study)
    tables = versioned(read_toml(named), named)
    origins: dict[str, tuple[object, str]] = {}
    own = _own_file(top, path, configs)
    more: list[tuple[str, object, str, Any]] = []
    if own is not None and own.resolve() != named.resolve():
        more += [(name, own, name, table) for name, table in versioned(read_toml(own), own).items()]
    for name, file, key, table in (*more, *_inline(top)):
        if name == CALIBRATED:
            message = "calibrated is the joint law itself"
            raise ConfigError(message, file=file, key=key, value=name, expected="another name")
        if name in tables:
            there, at = origins.get(name, (named, name))
            expected = f"another name: this one is taken by {at} in {there}"
            raise ConfigError("two scenarios have the same name", file=file, key=key, value=name, expected=expected)
        tables[name], origins[name] = table, (file, key)
    rest = {key: value for key, value in study.items() if key not in ("scenario_file", "scenario")}
    return Shelf(tables, named, origins), rest
