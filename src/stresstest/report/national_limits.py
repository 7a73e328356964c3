"""What a national study does not say, and how it was made; the dictionary of its tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import words as W
from .document import Block, Points, Terms, Text
from .leaflet import Leaflet

DICTIONARY = "dictionary"
NETS = ("sobol", "importance")
#: Facts of the page's making, in this order: key → what it is called.
FACTS = {
    "study": "Study", "contract": "Contract", "scenario": "Scenario", "futures": "Common futures", "design": "Design",
    "seed": "Seed", "strategies": "Providers", "version": "Version", "source_digest": "Digest of the source",
    "results_hash": "Hash of the results", "batch": "Folder of the study", "seconds": "Seconds to run",
}  # fmt: skip
NAMED_RUNS, NAMED_LEFT = 6, 12
#: What is added to the tables by this page's own hand: (table, column, unit, meaning).
OWN = (
    ("map", "code", "text", "code of the place"), ("map", "place", "text", "its name"),
    ("map", "region", "text", "English region"), ("map", "icb", "text", "integrated care board of 2022"),
    ("map", "hospital", "text", "acute trust that serves most of its people"),
    ("map", "tile_column", "whole", "column of its tile, from the west"),
    ("map", "tile_row", "whole", "row of its tile, from the north"),
)  # fmt: skip


def notes(page: Leaflet) -> list[str]:
    """How the figures are to be read; first of all where they are not to be used."""
    said = [
        "In one future all places live one economy: the six axes, pay, funding, inflation, pandemics, winters and policy are "
        "shared; lists, need, productivity, opening prices and samples are drawn place by place.",
        "Sums are taken future by future before any quantile. Brackets hold 95% intervals unless they say 80%.",
        "Independent: a sum of independent failures with each place's own chance. Together: every place fails whenever a less "
        "likely one does.",
    ]  # fmt: skip
    if page.facts.get("design") in NETS:
        said.insert(0, "WARNING: runs of a net share their points between places, so that local draws are not independent: what "
                       "is said of joint failures and of diversification is not to be used. Run the places with --design random.")
    return said


def limits(page: Leaflet) -> list[Block]:
    """What none of the figures says."""
    said = [
        "Which real place would fail. A place other than the study's own is the pattern place at the size and age of its own "
        "people, under the pattern's contract in proportion: what sets its providers, prices and needs apart is not known here.",
        "How providers would answer in each place. The best response was found once, at the pattern place, and is used in all.",
        "What causes what. The axes that go with the total are correlations over futures; several move together.",
        "That failures stop where they are drawn. The tables of single places and of joint failures hold each contract's own "
        "failures; only the section on contagion lets one place's failure touch another's, by a rule whose thresholds are "
        "judgements.",
        "Which hospital serves whom to the last patient. Each place leans on the one trust that serves most of its people; that "
        "map is recalled, and not checked in full.",
        "Monte Carlo errors are those of the futures drawn. They hold nothing of what the model leaves out.",
    ]  # fmt: skip
    if not page.rows("contagion"):
        said[3] = ("That failures stop where they are drawn. Each contract here fails by itself: one place's failure touches no "
                   "other's provider and no hospital.")  # fmt: skip
    return [Points(tuple(said))]


def made(page: Leaflet) -> list[Block]:
    """Futures, seed, design, runs and hashes; where the tables and what they mean are."""
    facts = page.facts
    pairs = [(heading, _said(facts[key])) for key, heading in FACTS.items() if facts.get(key) not in (None, "", [], ())]
    pairs.insert(0, ("Places", f"{len(facts['places']):,}"))
    left = [f"{name} ({reason})" for name, reason in facts.get("left_out") or ()]
    if left:
        more = f" and {len(left) - NAMED_LEFT:,} more" if len(left) > NAMED_LEFT else ""
        pairs.insert(1, ("Places left out", ", ".join(left[:NAMED_LEFT]) + more))
    runs = [str(run) for run in facts.get("runs", ())]
    if runs:
        more = f", and {len(runs) - NAMED_RUNS:,} more (in leaflet.json)" if len(runs) > NAMED_RUNS else ""
        pairs.append(("Runs", ", ".join(f"`{run}`" for run in runs[:NAMED_RUNS]) + more))
    found: list[Block] = [Terms(tuple(pairs))]
    if page.rows(DICTIONARY):
        found.append(Text("Every table is there as CSV and as Parquet, unrounded; [dictionary.csv](dictionary.csv) says what "
                          "each column holds and in what unit.", "sub"))  # fmt: skip
    return found


def _said(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}" if isinstance(value, int) and value > 9999 else str(value)
    return W.listed([str(one) for one in value]) if isinstance(value, list | tuple) else str(value)


def dictionary_rows(described: Mapping[str, Any], tables: Iterable[str]) -> list[dict[str, str]]:
    """Rows (table, column, unit, meaning) of the tables that are there.

    `described`: table → (words, {column: (unit, meaning)}), as the national tables are described where they are made.
    """
    there, found = set(tables), []
    for table, entry in described.items():
        if table not in there:
            continue
        words, columns = entry
        found.append({"table": table, "column": "", "unit": "", "meaning": str(words)})
        found += [{"table": table, "column": name, "unit": unit, "meaning": meaning} for name, (unit, meaning) in columns.items()]
    return found + [dict(zip(("table", "column", "unit", "meaning"), row, strict=True)) for row in OWN if row[0] in there]
