"""Reading a national study: a batch file whose cases are places, and what joins those places.

    schema_version = 1
    title = "Dudley's contract in every local authority"
    study = "dudley"
    futures = 20000
    variants = "national"                   # clauses to be tried at all places at once
    [grid]
    place = "local authorities"             # or "vanguards", or a list of places; all in the same futures
    variant = ["as it is", "5% on outcomes"]
    [national]
    provider = "own"                        # who holds the contracts: each its own, or one, region, icb, hospital, register
    provider_threshold = { value = 0.25, unit = "share", quality = "judgement", source = "…" }
    hospital_threshold = { value = 0.5, unit = "share", quality = "judgement", source = "…" }
    leave_out = ["Isles of Scilly"]

All cases live the same scenario under the same seed, or they would share no economy. Changes of contract or provider are made to
what was written for the pattern place, before it is put to the size of each (`pattern.contract.…`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import ConfigError, nearest
from ..place import Quantity
from .batch_file import BatchFile, batch_of, own_register
from .batch_grid import Planned
from .folders import config_folder, find
from .geography import Whereabouts, own_whereabouts
from .load import study_path
from .section import Section, read_toml

#: Who holds the contracts: word in the file → what the places of one provider have in common ("" nothing).
HOLDERS = {"own": "", "one": "all", "region": "region", "icb": "icb", "hospital": "hospital", "register": "provider"}
KINDS = ("provider", "hospital")
#: Axes of a grid that no two cases of one economy may differ in.
SHARED = ("seed", "scenario")
FEWEST = 2


@dataclass(frozen=True)
class NationalFile:
    """A national study that was read: its cases, who holds the contracts, thresholds by kind of link (none: the defaults), and
    where places of the user's own register stand.
    """

    batch: BatchFile
    provider: str
    thresholds: dict[str, Quantity]
    own: dict[str, Whereabouts]

    @property
    def wordings(self) -> tuple[str, ...]:
        """The wordings that are tried at every place, the first of which others are set against."""
        return tuple(dict.fromkeys(map(wording_of, self.batch.cases)))


def _without(batch: BatchFile, out: object, own: Section) -> tuple[Planned, ...]:
    """The cases but for those of the places that are left out. Errors: ConfigError for a name that no case has."""
    if not isinstance(out, list) or not all(isinstance(name, str) for name in out):
        raise own.fail("leave_out", "this should be a list of places", out, '["Isles of Scilly"]')
    there = list(dict.fromkeys(case.labels.get("place", "") for case in batch.cases))
    for name in out:
        if name not in there:
            raise own.fail("leave_out", "the study has no such place", name, "a place of its grid", nearest(name, there))
    return tuple(case for case in batch.cases if case.labels.get("place") not in out)


def wording_of(case: Planned) -> str:
    """What a case has besides its place: contract, variant, entries that were set; "as it is" where there is none."""
    return wording_of_labels(case.labels)


def wording_of_labels(labels: Mapping[str, str]) -> str:
    """The same from a case's labels."""
    return ", ".join(text for name, text in labels.items() if name != "place") or "as it is"


def read_national(name: Path | str, futures: int | None = None) -> NationalFile:
    """A national study by path, or by name in configs/national/, checked. Errors: ConfigError or DataError, placed."""
    path = find("national", str(name), config_folder())
    raw = read_toml(path)
    own = Section(path, {"national": raw.pop("national", {})}).section("national", {})
    provider = own.text("provider", "own", tuple(HOLDERS))
    thresholds = {}
    for kind in KINDS:
        key = f"{kind}_threshold"
        if own.peek(key) is not None:
            thresholds[kind] = own.number(key, "share", 1e-6, 10.0)
        else:
            own.anything(key)
    out = own.anything("leave_out", [])
    batch = batch_of(path, raw, futures)
    batch = replace(batch, cases=_without(batch, out, own))
    own.finish()
    _require_one_economy(batch)
    changes = tuple(map(early, batch.changes))
    cases = tuple(replace(case, changes=tuple(map(early, case.changes))) for case in batch.cases)
    table = own_register(batch.changes, study_path(batch.study, batch.configs))
    where = own_whereabouts(Path(table)) if table else {}
    if provider == "register" and not any(one.provider for one in where.values()):
        raise ConfigError("no register says who holds the contracts", file=path, key="national.provider", value=provider,
                          expected="a register of your own with a column provider (docs/howto/many-places.md)")  # fmt: skip
    return NationalFile(replace(batch, changes=changes, cases=cases), provider, thresholds, where)


def early(change: str) -> str:
    """A change of contract or provider as one of what was written for the pattern place; any other as it is."""
    key = change.partition("=")[0]
    return f"pattern.{change}" if key.startswith(("contract.", "provider.")) else change


def _require_one_economy(batch: BatchFile) -> None:
    places: dict[str, set[str]] = {}
    for case in batch.cases:
        if "place" not in case.labels:
            raise ConfigError("a case of a national study has no place", file=batch.path, key="case", value=case.name,
                              expected='[grid] with place = "local authorities", "vanguards", or a list')  # fmt: skip
        for axis in SHARED:
            if axis in case.labels:
                raise ConfigError("places of one economy live the same futures", file=batch.path, key=f"grid.{axis}",
                                  value=case.labels[axis],
                                  expected=f"one {axis} for all cases, in changes; batch compares several")  # fmt: skip
        places.setdefault(wording_of(case), set()).add(case.labels["place"])
    few = next((wording for wording, found in places.items() if len(found) < FEWEST), None)
    if few is not None:
        raise ConfigError("one place is no nation", file=batch.path, key="grid.place", value=len(places[few]),
                          expected=f"{FEWEST} places or more")  # fmt: skip
