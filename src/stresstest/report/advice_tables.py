"""Tables of the pages of advice: formats by what a column's name ends in, standard errors beside their figures."""

from __future__ import annotations

from collections.abc import Sequence

from . import words as W
from .advice_source import Row
from .table import Table

SHARES = ("share", "probability", "rate", "chance", "coverage", "density", "mass", "hit", "false_alarm", "precision")
#: Interval columns are folded into their figure's cell.
LOW, HIGH = "_low", "_high"
UNITS = ("_mean_gbp", "_gbp_per_qaly", "_gbp", "_mean", "_share", "_probability", "_rate", "_chance", "_qaly", "_score")
MOST_ROWS = 30


def kind_of(column: str) -> str:
    """"£", "%", "n" (people, QALYs, futures) or "" for any other number."""
    stem = column
    for end in ("_mean", LOW, HIGH):
        stem = stem.removesuffix(end)
    if stem.endswith("_gbp"):
        return "£"
    parts = stem.split("_")
    if parts[-1] in SHARES or "_".join(parts[-2:]) in SHARES:
        return "%"
    return "n" if any(word in parts for word in ("qaly", "futures", "people")) else ""


def _stems(column: str) -> list[tuple[str, str]]:
    """(stem, unit) of a column's name, whole and with its unit taken off."""
    units = [unit for unit in UNITS if column.endswith(unit)]
    return [(column, ""), *((column.removesuffix(unit), unit) for unit in units)]


def error_column(column: str, known: Sequence[str]) -> str | None:
    """The column that holds another column's standard error, or None."""
    names = [f"{stem}_error{end}" for stem, unit in _stems(column) for end in dict.fromkeys((unit, ""))]
    return next((name for name in names if name in known and name != column), None)


def ends_of(column: str, known: Sequence[str]) -> tuple[str, str] | None:
    """The columns that hold the interval of another column, or None."""
    for stem, unit in _stems(column):
        for end in dict.fromkeys((unit, "")):
            ends = f"{stem}{LOW}{end}", f"{stem}{HIGH}{end}"
            if all(name in known for name in ends):
                return ends
    return None


def named(text: str) -> str:
    """A name from the code as words: "walks_away" → "walks away"; anything with a space or a capital stays as it is."""
    if not text.islower() or " " in text or "_" not in text:
        return text
    return text.removesuffix("_npv_gbp").removesuffix("_npv").replace("_", " ").replace("qaly", "QALYs")


def say(value: object, kind: str, spread: float | None = None) -> str:
    """A number in words, no finer than its error."""
    if not isinstance(value, float):
        return W.NONE if value in (None, "") else named(str(value))
    if kind == "£":
        return W.pounds(value, spread)
    if kind == "%":
        return W.percent(value)
    if kind == "n":
        return W.number(value, spread)
    if 0.0 < abs(value) < 1e-12:
        return "under 0.000001"
    return W.signed(f"{value:,.0f}") if value == int(value) and abs(value) < 1e12 else W.signed(f"{value:,.3g}")


def points(error: float) -> str:
    """A chance's standard error in percentage points, short: 0.0012 → "0.1"; the page says what it is."""
    return f"{100.0 * error:.1f}" if error >= 0.0005 else "under 0.1"


def cell(column: str, row: Row, known: Sequence[str]) -> str:
    """A cell: the figure, then its interval, or else its standard error."""
    value, kind = row.get(column), kind_of(column)
    if isinstance(value, bool):
        return "yes" if value else "no"
    ends, error = ends_of(column, known), error_column(column, known)
    spread = row.get(error) if error else None
    text = say(value, kind, spread if isinstance(spread, float) else None)
    if not isinstance(value, float):
        return text
    if ends and all(isinstance(row.get(end), float) for end in ends):
        return f"{text} ({say(row[ends[0]], kind)} to {say(row[ends[1]], kind)})"
    if isinstance(spread, float) and spread > 0.0:
        return f"{text} ± {points(spread) if kind == '%' else W.spare(spread, W.pounds if kind == '£' else W.number)}"
    return text


def heading(column: str) -> str:
    """A column's heading: its name in words, without the unit."""
    name = column
    for end in ("_mean_gbp", "_gbp_per_qaly", "_gbp", "_mean", "_share", "_score", "_probability", "_rate"):
        name = name.removesuffix(end) or name
    words = W.sentence(name.replace("_", " ").replace(" qaly", ", QALYs").replace("qaly", "QALYs"))
    return f"{words}, £ per QALY" if column.endswith("_gbp_per_qaly") else words


def shown_columns(rows: Sequence[Row], wanted: Sequence[str] = ()) -> list[str]:
    """Columns with something in them (of those wanted, in that order), words before numbers; errors and ends of intervals stand
    with their figures."""
    known = list(dict.fromkeys(key for row in rows for key in row))
    beside = {error_column(c, known) for c in known} | {end for c in known for end in ends_of(c, known) or ()}
    asked = [c for c in wanted if c in known] if wanted else [c for c in known if c not in beside]
    kept = [c for c in asked if any(row.get(c) not in (None, "") for row in rows)]
    numbers = [c for c in kept if any(isinstance(row.get(c), float) for row in rows)]
    return [c for c in kept if c not in numbers] + numbers


def table_of(name: str, caption: str, rows: Sequence[Row], wanted: Sequence[str] = ()) -> Table:
    """A table of at most MOST_ROWS rows, of the wanted columns; its caption says where it leaves some rows out."""
    known, order = list(dict.fromkeys(key for row in rows for key in row)), shown_columns(rows, wanted)
    numbers = sum(any(isinstance(row.get(c), float) for row in rows) for c in order)
    told = caption if len(rows) <= MOST_ROWS else f"{caption} (the first {MOST_ROWS} of {len(rows):,} rows; the CSV file has all)"
    cells = [[cell(column, row, known) for column in order] for row in rows[:MOST_ROWS]]
    return Table(name.replace("_", "-"), told, [heading(c) for c in order], cells, min(numbers, max(0, len(order) - 1)))
