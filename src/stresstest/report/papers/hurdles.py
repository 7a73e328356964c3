"""Papers of the hurdles: both paths of each hurdle in one row, the gamed provider beside the honest one; and the bridge."""

from __future__ import annotations

from typing import Any

from ..book import Book
from ..source import GAMED, HONEST, Row
from . import CHANCE, NUMBER, TEXT, WHOLE, YEAR, Column, Paper, paper

MEDIAN, ADVERSE = "median", "1 in 10"
SOURCE = "summary/hurdles.csv"
#: What each hurdle asks for, said without figures: a contract's own stand in the limit.
ASKS = {
    "walks_away": "surplus to date stays above what the owners bear",
    "commissioner_limit": "net exposure, present value, is at most",
    "quality_floor": "mean true progress on the outcomes is at least",
    "hospital_limit": "fixed cost that stays behind, present value, is at most",
    "council_limit": "care moved to it, present value, is at most",
}
SHORT = {
    "walks_away": "Losses end the contract", "commissioner_limit": "Commissioner passes its limit",
    "quality_floor": "Quality below its floor", "hospital_limit": "Hospital passes its limit",
    "council_limit": "Council passes its limit",
}  # fmt: skip

COLUMNS = (
    Column("scenario", "Scenario", TEXT, "scenario of the run"),
    Column("hurdle", "Hurdle", TEXT, "name of the hurdle"),
    Column("party", "Party", TEXT, "party whose hurdle it is"),
    Column("unit", "Unit", TEXT, "unit of limit and paths: GBP, share or score"),
    Column("better", "Better", TEXT, "side of the limit that is better"),
    Column("limit", "Limit", NUMBER, "the hurdle"),
    Column("judged", "Judged", TEXT, "whether the hurdle is judged at any time or over the whole term"),
    Column("limit_source", "Source of the limit", TEXT, "where the limit comes from"),
    Column("start", "Start", NUMBER, "median path at the end of the first year"),
    Column("low_point", "Worst point, median path", NUMBER,
           "worst value of the median path: the lowest where above is better, else the highest"),
    Column("low_point_year", "Year of it, median path", YEAR, "year of the median path's worst value"),
    Column("end", "End", NUMBER, "median path at the end of the term"),
    Column("meets", "Median path", TEXT, "whether the median path keeps to the hurdle"),
    Column("adverse_low_point", "Worst point, adverse 1 in 10", NUMBER,
           "worst value of the path that 1 future in 10 is worse than: the 10th percentile where above is better, else the 90th"),
    Column("adverse_low_point_year", "Year of it, adverse 1 in 10", YEAR, "year of that worst value"),
    Column("adverse_end", "End, adverse 1 in 10", NUMBER, "that path at the end of the term"),
    Column("adverse_meets", "Adverse 1-in-10 path", TEXT, "whether that path keeps to the hurdle"),
    Column("fails_probability", "Chance of missing it", CHANCE, "chance that the hurdle is missed, honest provider"),
    Column("fails_probability_error", "Standard error", CHANCE, "standard error of that chance"),
    Column("fails_probability_low", "95% low", CHANCE, "lower end of its 95% interval"),
    Column("fails_probability_high", "95% high", CHANCE, "upper end of its 95% interval"),
    Column("gamed_fails_probability", "Chance if gamed", CHANCE, "the same chance, gamed provider"),
    Column("gamed_fails_probability_low", "95% low, gamed", CHANCE, "lower end of its 95% interval"),
    Column("gamed_fails_probability_high", "95% high, gamed", CHANCE, "upper end of its 95% interval"),
    Column("futures", "Futures", WHOLE, "futures in which the chances were counted"),
)
_KEPT = ("scenario", "hurdle", "party", "unit", "better", "limit", "limit_source", "start", "low_point", "low_point_year", "end",
         "meets")  # fmt: skip
_CHANCES = ("fails_probability", "fails_probability_low", "fails_probability_high")


def hurdle_paper(book: Book) -> Paper | None:
    """One row for each scenario and hurdle; None where the run has no hurdle table."""
    rows = book.source.rows("hurdles")
    if not rows:
        return None
    found = {(r["scenario"], r["hurdle"], r["strategy"], r["path"]): r for r in rows}
    joined = [
        _joined(row, found)
        for row in rows if row["strategy"] == HONEST and row["path"] == MEDIAN
    ]  # fmt: skip
    return book.add(paper("hurdle_table", "Every party against its hurdle", COLUMNS, joined, SOURCE, NOTES))


NOTES = (
    "A path joins one quantile of every year and is no single future. Chances count the whole term, every future of the run.",
    "Start, low point and year are empty where no yearly path is kept; a path is empty where an event is the hurdle.",
)


def _joined(row: Row, found: dict[tuple[Any, ...], Row]) -> dict[str, Any]:
    adverse = found.get((row["scenario"], row["hurdle"], HONEST, ADVERSE), row)
    gamed = found.get((row["scenario"], row["hurdle"], GAMED, MEDIAN), Row())
    return {
        **{name: row[name] for name in _KEPT}, "judged": row.get("judged"), "futures": row.get("futures"),
        **{f"adverse_{name}": adverse[name] for name in ("low_point", "low_point_year", "end", "meets")},
        **{name: row.get(name) for name in (*_CHANCES, "fails_probability_error")},
        **{f"gamed_{name}": gamed.get(name) for name in _CHANCES},
    }  # fmt: skip
