"""The assumptions register: every input with its value, unit, source and quality, as the run used it."""

from __future__ import annotations

from . import words as W
from .source import Row, Source, real
from .table import Table

QUALITIES = ("published", "derived", "judgement")


def assumptions(source: Source) -> Table:
    """Every input of the run."""
    rows = [
        [str(r["key"]), shown(r["value"]), *(str(r[name] or "") for name in ("unit", "quality", "source"))]
        for r in source.rows("assumptions")
    ]
    headings = ("Input", "Value", "Unit", "Quality", "Source")
    return Table("assumptions", "Assumptions register", headings, rows, 0)


def shown(value: object) -> str:
    """A value as it was set: numbers without a trailing .0, words and lists as they stand."""
    text = "" if value is None else str(value)
    try:
        number = real(text)
    except ValueError:
        return text.replace("-", W.MINUS) if text[:1] == "-" else text
    return W.signed(f"{number:,.12g}") if W.known(number) else ""


def counts(rows: list[Row]) -> list[tuple[str, int]]:
    """How many inputs there are of each quality, the named ones first."""
    found = [str(row["quality"] or "unstated") for row in rows]
    order = [*QUALITIES, *sorted(set(found) - set(QUALITIES))]
    return [(quality, found.count(quality)) for quality in order if quality in found]


def judgement_words(source: Source) -> str:
    """"57 of the 161 inputs are judgements." and the rest by quality."""
    rows = source.rows("assumptions")
    found = counts(rows)
    judged = dict(found).get("judgement", 0)
    rest = W.listed([f"{count} {quality}" for quality, count in found if quality != "judgement"])
    return f"{judged} of the {len(rows)} inputs are judgements{f'; {rest}' if rest else ''}."
