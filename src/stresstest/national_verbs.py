"""The national verbs: live one contract at many places and add them up, or add up runs that are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .advice.national import Links, Places
from .advice_verbs import tell
from .batches.run import Batch
from .errors import ConfigError, DataError

OUT, PAGE = Path("reports") / "national", "national"
Say = Callable[[str], None]


def study(file: str, **options: Any) -> int:
    """Live a national study, add its places up, and write page and tables; exit code 0, or 1 where a case or a check failed."""
    from .batch_verbs import require_futures, run_file
    from .config.national import read_national
    from .verbs import note

    say, as_json, futures = note(options["quiet"]), options.pop("as_json"), options.pop("futures")
    out = options.pop("out") or OUT
    require_futures(futures)
    read = read_national(file, futures)
    about = {"file": read.batch.path.name, "provider": read.provider,
             "thresholds": {kind: quantity.value for kind, quantity in read.thresholds.items()},
             "left_out": left_out_of(read.batch.path),
             "own": {code: [one.region, one.icb, one.hospital, one.provider] for code, one in read.own.items()}}  # fmt: skip
    done = run_file(read.batch, "national", out, about, as_json=as_json, **options)
    if done is None:
        return 0
    for name, reason in done.failed.items():
        say(f"left out: {name}: {reason}")
    write_page(done, done.folder / PAGE, read.provider, read.thresholds, read.own, as_json, say)
    return done.exit_code


def again(folder: Path, out: Path, as_json: bool, quiet: bool) -> int:
    """Add up a finished national study once more; write page and tables; exit code 0."""
    from .batches.record import load_batch
    from .config.geography import Whereabouts
    from .place import Quantity
    from .verbs import note

    record = load_batch(folder)
    runs = {case["name"]: folder / case["run"] for case in record["cases"] if case.get("run")}
    about = record.get("about", {})
    thresholds = {kind: Quantity((float(value),), "share", quality="as in the study") for kind, value in
                  about.get("thresholds", {}).items()}  # fmt: skip
    own = {code: Whereabouts(code, region, icb, hospital, provider=provider)
           for code, (region, icb, hospital, provider) in about.get("own", {}).items()}  # fmt: skip
    done = Batch(folder, record, runs, {})
    write_page(done, out, about.get("provider", "own"), thresholds, own, as_json, note(quiet))
    return 0


def write_page(
    done: Batch, out: Path, provider: str, thresholds: Mapping[str, Any], own: Mapping[str, Any], as_json: bool, say: Say
) -> None:
    """Add up the places of a batch, wording by wording, and write page and tables.

    Errors: ConfigError where fewer than two places have a run of the first wording.
    """
    from .advice.national import clauses, national
    from .report.leaflet import require_place
    from .report.national import KIND, national_leaflet

    require_place(out, KIND)
    base, others = gathered_of(done)
    where = {**whereabouts_of(base), **{code: one for code, one in own.items() if code in base.codes}}
    tables = national(base, links_of(base, where, provider, thresholds), say)
    if others:
        tables |= clauses(base, others, say)
    tell(national_leaflet(tables, facts_of(base, done, where), where), out, as_json)


def gathered_of(done: Batch) -> tuple[Places, dict[str, Places]]:
    """The places under the first wording, and under each other one. Errors: DataError for a place that one wording lacks."""
    from .advice.national import gathered
    from .advice.source import Source
    from .config.national import wording_of_labels

    by_wording: dict[str, dict[str, Path]] = {}
    for case in done.manifest["cases"]:
        if case["name"] in done.runs:
            by_wording.setdefault(wording_of_labels(case["labels"]), {})[case["labels"]["place"]] = done.runs[case["name"]]
    common = set.intersection(*map(set, by_wording.values())) if by_wording else set()
    if not common:
        raise DataError("No place has a run under every wording.", file=done.folder, expected="stresstest national … --resume")
    order = [place for place in next(iter(by_wording.values())) if place in common]
    found = {name: gathered([Source.of(runs[place]) for place in order]) for name, runs in by_wording.items()}
    first = next(iter(found))
    return found.pop(first), found


def whereabouts_of(found: Places) -> dict[str, Any]:
    """Where each place lies, by the name that its results go by; places that nobody knows are left out."""
    from .config.folders import config_folder, data_folder
    from .config.geography import geography, whereabouts_of
    from .config.register import register

    data = data_folder(config_folder())
    known, entries = geography(data), register(data)
    where = {source.study.place.name: whereabouts_of(source.study.place.code or source.study.place.name, entries, known)
             for source in found.sources}  # fmt: skip
    return {name: one for name, one in where.items() if one is not None}


def links_of(found: Places, where: Mapping[str, Any], provider: str, thresholds: Mapping[str, Any]) -> Links:
    """Which places hang together: by the provider that holds their contracts, and by the hospital that they lean on."""
    from .config.national import HOLDERS

    key = HOLDERS[provider]
    holders = {} if not key else dict.fromkeys(found.codes, key) if key == "all" else {
        name: str(getattr(one, key)) for name, one in where.items()}  # fmt: skip
    return Links.of(found.codes, holders, {name: one.hospital for name, one in where.items()}, thresholds or None)


def left_out_of(path: Path) -> list[str]:
    """Places that a national study leaves out by name."""
    from .config.section import read_toml

    return [str(name) for name in read_toml(path).get("national", {}).get("leave_out", [])]


def facts_of(found: Places, done: Batch | None = None, where: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the page says of how it was made.

    places, futures, seed, design, scenario, runs; term (labels of the first and the last year); commissioner_limit (value, unit,
    of what, source, quality of the hurdle; value None where places differ); hospital_links and split_hospital_links (places
    whose hospital is known, and those that two or more trusts share). Of a batch also results_hash, batch, title, and left_out:
    (place, reason).
    """
    first, limits = found.sources[0], {source.study.hurdles["commissioner_limit"].value for source in found.sources}
    limit, known = first.study.hurdles["commissioner_limit"], [one for one in (where or {}).values() if one.hospital]
    unit, _, of = limit.unit.partition(" of ")
    facts = {
        "places": list(found.names), "futures": found.n, "seed": first.study.seed, "design": found.design.kind,
        "scenario": first.scenario.name, "runs": [source.manifest["run_id"] for source in found.sources],
        "term": [found.years[0], found.years[-1]],
        "commissioner_limit": {"value": limit.value if len(limits) == 1 else None, "unit": unit, "of": of, "source": limit.source,
                               "quality": limit.quality},
        "hospital_links": len(known), "split_hospital_links": sum(one.quality == "split" for one in known),
    }  # fmt: skip
    if done is not None:
        facts |= {"results_hash": done.manifest.get("results_hash", ""), "batch": done.folder.name,
                  "title": done.manifest.get("title", ""), "left_out": _left_out(done)}  # fmt: skip
    return facts


def _left_out(done: Batch) -> list[tuple[str, str]]:
    """(place, reason) of the places that the file leaves out, and of those that lack the run of a case."""
    found = dict.fromkeys(done.manifest.get("about", {}).get("left_out", []), "left out by the study")
    for case in done.manifest["cases"]:
        if case["name"] not in done.runs:
            reason = done.failed.get(case["name"]) or case.get("reason") or case.get("status") or "not run"
            found.setdefault(case["labels"]["place"], str(reason))
    return list(found.items())


def report(runs: Sequence[Path], out: Path, scenario: str | None, as_json: bool, quiet: bool) -> int:
    """Add up runs of several places, or a finished national study, future by future; write page and tables; exit code 0."""
    from .advice.national import gathered, national
    from .advice.source import Source
    from .batches.record import is_batch
    from .report.leaflet import require_place
    from .report.national import KIND, national_leaflet
    from .verbs import note

    if len(runs) == 1 and is_batch(runs[0]):
        if scenario:
            raise ConfigError("a national study has one scenario", key="--scenario", value=scenario, expected="no --scenario")
        return again(runs[0], out, as_json, quiet)
    require_place(out, KIND)
    found = gathered([Source.of(folder, scenario) for folder in runs])
    where = whereabouts_of(found)
    tables = national(found, links_of(found, where, "own", {}), note(quiet))
    return tell(national_leaflet(tables, facts_of(found, None, where), where), out, as_json)
