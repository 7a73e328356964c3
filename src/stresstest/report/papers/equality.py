"""Paper of equality: how each lever's harm falls by band of deprivation. Judgements, read where the gaming verb reads them."""

from __future__ import annotations

from typing import Any

from ...errors import ConfigError, DataError
from .. import words as W
from ..answers import lever_title
from ..book import Book
from . import QALY, SHARE, TEXT, Column, Paper, paper
from .loopholes import EFFECTS

NAME, PEOPLE = "equality", "Residents who live there"
SOURCE = "configs/gaming/harm.csv and bands.csv (judgements); health lost: tables/gaming of the run"


def slug(band: str) -> str:
    """The name of a band's column: "most deprived fifth" → "most_deprived_fifth_share"."""
    return f"{band.replace(' ', '_')}_share"


def equality_paper(book: Book) -> Paper | None:
    """One row for the residents, then one for each lever that costs health, most first; None without the judgements."""
    from ...gaming.services import BANDS, gaming_folder, harms, number, read_rows

    try:
        path = gaming_folder() / BANDS
        people = {r["band"]: number(path, r, r["band"], "population_share", 0.0, 1.0)
                  for r in read_rows(path, ("band", "population_share", "source"))}  # fmt: skip
        known = harms()
    except (ConfigError, DataError):
        return None
    first: dict[str, Any] = {"lever": "", "title": PEOPLE, "effect": None} | {slug(band): share for band, share in people.items()}
    rows = [first]
    for row in sorted(book.source.levers, key=lambda one: -float(one["harm_qaly_mean"] or 0.0)):
        harm = known.get(row["lever"])
        if harm is not None and (row["harm_qaly_mean"] or 0.0) > 0.0:
            rows.append({
                "lever": row["lever"], "title": W.sentence(lever_title(book.source, row)), "effect": EFFECTS[harm.pattern],
                "harm_qaly_mean": row["harm_qaly_mean"], "harmed": harm.group, "source": harm.source,
            } | {slug(band): share for band, share in harm.by_band.items()})  # fmt: skip
    return book.add(paper(NAME, "How the health lost to each lever falls by deprivation", _columns(list(people)), rows, SOURCE))


def _columns(bands: list[str]) -> tuple[Column, ...]:
    return (
        Column("lever", "Name", TEXT, "name of the lever; empty for residents"),
        Column("title", "Lever", TEXT, "the lever"),
        Column("effect", "Equality effect", TEXT, "direction: evenly, harder or much harder on the deprived"),
        Column("harm_qaly_mean", "Health lost", QALY, "mean health lost to the lever, present value"),
        *(Column(slug(band), W.sentence(band), SHARE, f"share of the harm borne by the {band}") for band in bands),
        Column("harmed", "Who is harmed", TEXT, "who bears it, in words"),
        Column("source", "Source", TEXT, "source of the judgement"),
    )
