"""The place that a study names: a file, or an entry of the register, made from its pattern before anything else is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..drivers.parameters import PARAMETERS
from ..errors import ConfigError
from ..place import Place
from .contract_scaling import scaled_form
from .contracts import read_contract
from .folders import data_folder, find, is_file
from .places import RATIO, place_form, read_place, read_provider
from .register import Entry, find_entry, register, require_people
from .scaling import PROVIDER_MONEY, Pattern, Scale, noted, place_from_register
from .section import Section, merge, read_toml


@dataclass(frozen=True)
class ChosenPlace:
    """A place as raw tables: `name` is what draws go by, `file` serves messages.

    `scale`: sums of money of a contract and a provider written for the pattern are multiplied by its `cost`; None leaves
    them as they are.
    """

    name: str
    file: Path
    raw: dict[str, Any]
    scale: Scale | None = None

    def part(self, part: str, file: Path, before: dict[str, Any] | None = None) -> dict[str, Any]:
        """The raw table of a part of the study: the place itself, a provider of its size, or any other as it stands.

        `before` is laid over what stands in the file, before it is put to the place's size.
        """
        if part == "place":
            return self.raw
        raw = merge(read_toml(file), before or {})
        return _provider(raw, file, self.scale) if part == "provider" and self.scale else raw

    def contract(self, raw: dict[str, Any], file: Path, configs: Path) -> dict[str, Any]:
        """The raw contract for this place: as it stands, or with its money and people scaled, everything written out."""
        if self.scale is None:
            return raw
        place, _ = read_place(self.raw, self.file, self.name, data_folder(configs), {})
        contract, form = read_contract(raw, file, file.stem, place, configs)
        return scaled_form(contract, form, self.scale, file)


def _provider(raw: dict[str, Any], file: Path, scale: Scale) -> dict[str, Any]:
    """A provider's effective form with its sums of money scaled."""
    form = read_provider(raw, file, file.stem)[1]
    for lever, name in PROVIDER_MONEY:
        entry = form["levers"][lever][name]
        source, quality = noted(entry["source"], entry["quality"], f"× {scale.cost:.6g}, {scale.label}")
        form["levers"][lever][name] = entry | {"value": entry["value"] * scale.cost, "source": source, "quality": quality}
    return form


def choose_place(study: dict[str, Any], path: Path, configs: Path) -> ChosenPlace:
    """The place of a study. Takes `register` and `scale_contract` out of `study`, and writes the place's own name into it."""
    top = Section(path, {key: study.pop(key) for key in ("register", "scale_contract") if key in study})
    word, own = Section(path, study).text("place"), top.text("register", "")
    scales = top.anything("scale_contract", True)
    if not isinstance(scales, bool):
        raise top.fail("scale_contract", "this is a switch", scales, "true or false")
    if word.endswith(".toml") or is_file(configs / "places" / f"{word}.toml"):
        file = find("places", word, configs)
        return ChosenPlace(file.stem, file, read_toml(file))
    entries = register(data_folder(configs), _own_table(own, path) if own else None)
    files = tuple(sorted(file.stem for file in (configs / "places").glob("*.toml")))
    entry = find_entry(word, entries, path, files)
    require_people(entry, entries, path)
    chosen = _from_register(entry, entries, path, configs, scales)
    study["place"] = chosen.name
    title = study.get("title")
    if chosen.scale and isinstance(title, str) and entry.name not in title:
        study["title"] = f"{title}, put to {entry.name}"
    return chosen


def _own_table(name: str, path: Path) -> Path:
    """The user's own register: beside the study that names it, or where the path leads."""
    near = path.parent / name
    return near if is_file(near) or not is_file(Path(name)) else Path(name)


def _from_register(
    entry: Entry, entries: tuple[Entry, ...], path: Path, configs: Path, scales: bool
) -> ChosenPlace:
    try:
        file = find("places", entry.pattern, configs)
    except ConfigError as error:
        raise ConfigError(
            f"the pattern of {entry.name} is no place file", file=entry.table, key="pattern", value=entry.pattern,
            expected=error.expected, nearest=error.nearest,
        ) from None  # fmt: skip
    raw = read_toml(file)
    place, _ = read_place(raw, file, file.stem, data_folder(configs), {})
    if place.code == entry.place_code and abs(entry.total - sum(band.persons for band in place.ages)) < 0.5:
        return ChosenPlace(file.stem, file, raw)
    pattern = Pattern.of(place, entries, file)
    made, scale = place_from_register(entry, pattern), pattern.scale(entry)
    _check_size(made, entry, pattern, path)
    form = place_form(made) | {"register": _recipe(entry, pattern, scale, scales)}
    return ChosenPlace(made.name, Path(f"{entry.table}:{entry.code}"), form, scale if scales else None)


def _check_size(place: Place, entry: Entry, pattern: Pattern, path: Path) -> None:
    """Raise ConfigError where the place is too small or too large for a number that goes with its size."""
    for q in PARAMETERS:
        value = place.parameters[q.key].value if q.owner == "place" else q.low
        if not q.low <= value <= q.high:
            size = "few" if entry.total < pattern.entry.total else "many"
            raise ConfigError(
                f"{entry.name} has too {size} people to be run ({entry.total:,.0f}): {q.doc} would be {value:.3g} {q.unit}",
                file=path, key="place", value=entry.code,
                expected=f"{q.key} from {q.low:g} to {q.high:g}; a register of your own can add areas up (docs/places.md)",
            )  # fmt: skip


def _recipe(entry: Entry, pattern: Pattern, scale: Scale, scales: bool) -> dict[str, Any]:
    """How the place was made, for readers of the effective configuration."""

    def derived(value: float, unit: str, source: str) -> dict[str, Any]:
        return {"value": value, "unit": unit, "source": source, "quality": "derived"}

    return {
        "entry": entry.code, "name": entry.name, "pattern": pattern.place.name, "areas": ", ".join(entry.areas),
        "table": entry.table, "sha256": entry.sha256, "contract": "scaled by cost" if scales else "as written",
        "persons": derived(entry.total, "persons", entry.source),
        "heads": derived(scale.heads, RATIO, f"residents, {scale.label}"),
        "cost": derived(scale.cost, RATIO, f"residents weighted by what care costs at their age, {scale.label}"),
    }  # fmt: skip
