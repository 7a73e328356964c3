"""Sums that must come out, as formulas over the cells of other sheets: whoever changes a cell sees what no longer adds up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...layout import EXPOSURE
from ..papers import TEXT, Column
from ..source import DIFFERENCE, GAMED, HONEST
from .meanings_advice import ROW
from .sheet import Sheet, empty
from .workbook_style import FIRST_ROW, cell_name
from .workbook_tables import BY_YEAR, SUMMARY, WHOLE_TERM

NAME = "Sums recomputed"
BRIDGE, HEADLINE, INPUTS = "summary/bridge.csv", "report/tables/headline.csv", "summary/assumptions.csv"
RATE = "place.health.money_discount"
#: What rounding may leave (in the unit of the row), and standard errors by which figures of different futures may differ.
ROUNDING, APART = 0.01, 4
COLUMNS = (
    Column("sum", "Sum", TEXT, "what must come out"), Column("unit", "Unit", TEXT, "unit of the figures"),
    Column("stored", "As stored", ROW, "the cell that holds the figure"),
    Column("recomputed", "Recomputed", ROW, "the same figure worked out from the cells it is made of"),
    Column("difference", "Difference", ROW, "as stored less recomputed"),
    Column("allowed", "May differ by", ROW, "what rounding leaves; four standard errors where the futures differ"),
    Column("holds", "Holds", TEXT, "yes where the difference is no larger than it may be"),
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A cell of another sheet: its name, as formulas write it, and its value."""

    place: str
    value: float


@dataclass(frozen=True)
class Sum:
    """A figure and what it is made of: each part a cell with a factor, as text and as a number.

    `errors` standard errors of the two, where they come from different futures.
    """

    words: str
    unit: str
    stored: Cell
    parts: Sequence[tuple[str, float, Cell]]
    errors: Sequence[Cell] = ()


def sums(sheets: Sequence[Sheet]) -> Sheet | None:
    """The sheet of sums; None where the workbook has none of the tables."""
    found = [*_headline(sheets), *_summary(sheets), *_discounted(sheets), *_bridge(sheets)]
    if not found:
        return None
    rows: list[dict[str, Any]] = []
    formulas: dict[tuple[int, str], str] = {}
    for k, one in enumerate(found):
        row, own = _row(one, FIRST_ROW + k)
        rows.append(row)
        formulas |= {(k, name): text for name, text in own.items()}
    notes = ("Figures and verdicts of this sheet are formulas; each was worked out when the workbook was made and comes out "
             "the same in Excel.",)  # fmt: skip
    return Sheet(NAME, "Sums that must come out, recomputed from the cells of other sheets", COLUMNS, rows, notes=notes,
                 formulas=formulas)  # fmt: skip


def _row(one: Sum, here: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Values and formulas of a sum in a row."""
    total = sum(factor * cell.value for _, factor, cell in one.parts)
    allowed = APART * sum(cell.value**2 for cell in one.errors) ** 0.5 if one.errors else ROUNDING
    difference = one.stored.value - total
    squares = "+".join(f"{cell.place}^2" for cell in one.errors)
    stored, again, apart, most = (cell_name(here, k) for k in range(2, 6))
    values = {"sum": one.words, "unit": one.unit, "stored": one.stored.value, "recomputed": total, "difference": difference,
              "allowed": allowed, "holds": "yes" if abs(difference) <= allowed else "no"}  # fmt: skip
    return values, {
        "stored": f"={one.stored.place}",
        "recomputed": "=" + "".join(f"{text}{cell.place}" for text, _, cell in one.parts).removeprefix("+"),
        "difference": f"={stored}-{again}",
        "allowed": f"={APART}*({squares})^0.5" if squares else f"={ROUNDING}",
        "holds": f'=IF(ABS({apart})<={most},"yes","no")',
    }


def _of(sheets: Sequence[Sheet], file: str, name: str = "") -> Sheet | None:
    """The sheet of a file; where several hold it, the one of a name."""
    return next((one for one in sheets if one.file == file and name in ("", one.name)), None)


def _cell(sheet: Sheet, k: int, name: str) -> Cell | None:
    """A cell of a sheet by row and column; None where it is empty or there is no such column."""
    names = [column.name for column in sheet.columns]
    if name not in names or empty(sheet.rows[k].get(name)) or not isinstance(sheet.rows[k][name], int | float):
        return None
    return Cell(f"'{sheet.name}'!{cell_name(FIRST_ROW + k, names.index(name))}", float(sheet.rows[k][name]))


# ── page 1 and the summary ─────────────────────────────────────────────────────────────────────────────────────────
def _headline(sheets: Sequence[Sheet]) -> Iterator[Sum]:
    """Each headline figure is the figure of the summary that it names."""
    paper, whole = _of(sheets, HEADLINE), next((one for one in sheets if one.file == SUMMARY and not one.made), None)
    for k, row in enumerate(paper.rows if paper and whole else ()):
        line = row.get("line")
        if paper is None or whole is None or not isinstance(line, int | float) or not 2 <= line <= len(whole.rows) + 1:
            continue
        stored, source = _cell(paper, k, "estimate"), _cell(whole, int(line) - 2, "value")
        if stored and source:
            words = f"headline figure is the summary's: {row.get('words')}, {row.get('provider') or 'whole contract'}"
            yield Sum(words, str(row.get("unit") or ""), stored, [("+", 1.0, source)])


Key = tuple[str, str, str, str]


def _summary(sheets: Sequence[Sheet]) -> Iterator[Sum]:
    """Means of exposure by cause, of the public's parts, and of the paired difference."""
    sheet = _of(sheets, SUMMARY, WHOLE_TERM)
    cells: dict[Key, tuple[Cell, str]] = {}
    for k, row in enumerate(sheet.rows if sheet else ()):
        if sheet is not None and (cell := _cell(sheet, k, "mean")):
            cells[row["scenario"], row["strategy"], row["party"], row["metric"]] = cell, row["unit"]
    for key, (stored, unit) in cells.items():
        for words, parts in _parts(key):
            if all(part in cells for _, part in parts):
                found = [("+" if sign > 0 else "-", float(sign), cells[part][0]) for sign, part in parts]
                yield Sum(f"{words}, mean, {key[0]}, {key[1]}", unit, stored, found)


def _parts(key: Key) -> Iterator[tuple[str, list[tuple[int, Key]]]]:
    scenario, strategy, party, metric = key
    if (party, metric) == ("commissioner", "exposure_npv"):
        causes = [(1, (scenario, strategy, party, f"exposure_{name}_npv")) for name in EXPOSURE]
        yield "commissioner's net exposure is the sum of its causes", causes
    if (party, metric) == ("public", "exposure_npv"):
        yield "public exposure is the commissioner's, the hospital's and the council's", [
            (1, (scenario, strategy, who, metric)) for who in ("commissioner", "hospital", "council")
        ]
    if strategy == DIFFERENCE:
        yield f"difference of {party} {metric.replace('_', ' ')} is gamed less honest", [
            (1, (scenario, GAMED, party, metric)), (-1, (scenario, HONEST, party, metric)),
        ]  # fmt: skip


def _years(sheet: Sheet, metric: str, statistic: str) -> Mapping[tuple[str, str], list[tuple[str, Cell]]]:
    """By scenario and strategy: (year, cell) of a statistic of a yearly metric, in the order of years."""
    found: dict[tuple[str, str], list[tuple[str, Cell]]] = {}
    for k, row in enumerate(sheet.rows):
        if row["metric"] == metric and (cell := _cell(sheet, k, statistic)):
            found.setdefault((str(row["scenario"]), str(row["strategy"])), []).append((str(row["year"]), cell))
    return {key: sorted(cells, key=lambda one: one[0]) for key, cells in found.items()}


def _discounted(sheets: Sequence[Sheet]) -> Iterator[Sum]:
    """Yearly means of exposure, discounted at the study's rate, come to the mean present value; cells of one sample only."""
    years, whole, inputs = _of(sheets, SUMMARY, BY_YEAR), _of(sheets, SUMMARY, WHOLE_TERM), _of(sheets, INPUTS)
    if not years or not whole or not inputs:
        return
    rate = next((_cell(inputs, k, "value") for k, row in enumerate(inputs.rows) if row.get("key") == RATE), None)
    by_year = _years(years, "exposure_yearly", "mean")
    for k, row in enumerate(whole.rows):
        cells, stored = by_year.get((row["scenario"], row["strategy"])), _cell(whole, k, "mean")
        if rate and cells and stored and (row["party"], row["metric"]) == ("commissioner", "exposure_npv"):
            parts = [(f"+(1+{rate.place})^-{t}*", (1.0 + rate.value) ** -t, cell) for t, (_, cell) in enumerate(cells)]
            words = "yearly means of net exposure, discounted, come to the mean present value"
            yield Sum(f"{words}, {row['scenario']}, {row['strategy']}", str(row["unit"]), stored, parts)


# ── the bridge ─────────────────────────────────────────────────────────────────────────────────────────────────────
def _bridge(sheets: Sequence[Sheet]) -> Iterator[Sum]:
    """Start and changes of each bridge come to its last level, and that of the contract as it is to the mean of its year."""
    sheet, years = _of(sheets, BRIDGE), _of(sheets, SUMMARY, BY_YEAR)
    names = [c.name for c in sheet.columns] if sheet else []
    if sheet is None or not {"contract", "strategy", "scenario", "driver", "change_gbp"} <= set(names):
        return
    groups: dict[tuple[str, ...], list[tuple[int, Cell]]] = {}
    for k, row in enumerate(sheet.rows):
        if cell := _cell(sheet, k, "change_gbp"):
            groups.setdefault(tuple(str(row[name]) for name in ("contract", "strategy", "scenario")), []).append((k, cell))
    means = _years(years, "cumulative_surplus", "mean") if years else {}
    errors = _years(years, "cumulative_surplus", "mean_error") if years else {}
    for key, cells in groups.items():
        last, end = cells[-1]
        if len(cells) < 2 or not _is_level(sheet.rows[last]):
            continue
        yield Sum(f"bridge adds up: {', '.join(key)}", "GBP", end, [("+", 1.0, cell) for _, cell in cells[:-1]])
        place, year = (key[2], key[1]), str(sheet.rows[last].get("to_year"))
        mean, error = dict(means.get(place, ())).get(year), dict(errors.get(place, ())).get(year)
        own = _cell(sheet, last, "change_error_gbp")
        if key[0] == "as it is" and mean and error and own:
            words = f"bridge ends at the mean surplus to date of {year}: {', '.join(key)}"
            yield Sum(words, "GBP", end, [("+", 1.0, mean)], (own, error))


def _is_level(row: Mapping[str, Any]) -> bool:
    return row.get("kind") == "level" or row.get("driver") == "low point"
