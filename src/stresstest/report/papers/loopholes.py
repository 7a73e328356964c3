"""Paper of the loopholes: each lever's gain and harm, money and health apart, whom it hits, how it is seen, what stops it."""

from __future__ import annotations

import math
from typing import Any

from ...errors import ConfigError, DataError
from .. import words as W
from ..answers import lever_title
from ..book import Book
from ..source import BEST, GAMED, Row, Source, real, unused
from . import CHANCE, NUMBER, POUNDS, QALY, SHARE, TEXT, WHOLE, Column, Paper, paper

NAME = "loopholes"
UNKNOWN = "not modelled"
EFFECTS = {"even": "falls evenly", "graded": "falls harder on the deprived", "steep": "falls much harder on the deprived"}
SOURCE = "tables/gaming of the run; how harm falls by deprivation: configs/gaming/harm.csv and bands.csv (judgements)"

COLUMNS = (
    Column("place", "Place", WHOLE, "place in this table"),
    Column("lever", "Name", TEXT, "name of the lever"),
    Column("code", "Code", TEXT, "code of the lever in the catalogue"),
    Column("title", "Lever", TEXT, "the lever"),
    Column("grade", "Grade", TEXT, "lawful, grey or false; mixed for several together"),
    Column("used", "Worth it", TEXT, "whether the search found a use of it that pays"),
    Column("plain_english", "What is done", TEXT, "what the provider does"),
    Column("creating_terms", "Clauses", TEXT, "clauses that make it pay"),
    Column("gain_mean_gbp", "Provider gains", POUNDS, "mean gain over the honest best response, present value"),
    Column("gain_error_gbp", "Standard error", POUNDS, "standard error of the mean gain"),
    Column("gain_p5_gbp", "Gain, low", POUNDS, "gain that 19 futures in 20 exceed"),
    Column("gain_p95_gbp", "Gain, high", POUNDS, "gain that 1 future in 20 exceeds"),
    Column("probability_worthwhile", "Worth it in", CHANCE, "share of futures in which it gains the provider something"),
    Column("harm_commissioner_mean_gbp", "Commissioner loses", POUNDS, "mean loss of the commissioner, present value"),
    Column("harm_public_mean_gbp", "Public purse loses", POUNDS, "mean loss of commissioner, hospital and council together"),
    Column("harm_qaly_mean", "Health lost", QALY, "mean health lost, present value"),
    Column("place_money", "By public money", WHOLE, "place by what the public purse loses; empty where it loses nothing"),
    Column("place_health", "By health", WHOLE, "place by health lost; empty where none is lost"),
    Column("expected_harm_low_gbp", "Expected harm, low", POUNDS, "harm times chance of use, its low end"),
    Column("expected_harm_high_gbp", "Expected harm, high", POUNDS, "harm times chance of use, its high end"),
    Column("equality", "Equality effect", TEXT, "how the harm falls by deprivation: direction"),
    Column("deprived_share", "Borne by the most deprived", SHARE, "share of the harm that the most deprived band bears"),
    Column("deprived_people_share", "People there", SHARE, "share of residents who live in that band"),
    Column("harmed", "Who is harmed", TEXT, "who bears it"),
    Column("detection_assumed", "Found out, assumed", CHANCE, "chance of being found out in a year, as assumed"),
    Column("enforcement", "Then punished, assumed", SHARE, "share of what is found out that is punished, as assumed"),
    Column("audit_records", "Records audited", NUMBER, "whole records looked at in a year besides, as assumed"),
    Column("detection_break_even", "Break-even", CHANCE, "yearly chance of being found out and punished at which the mean "
           "gain of the same use is nothing, without further audits"),
    Column("early_sign", "Early sign", TEXT, "what would be seen first"),
    Column("fix", "Change of wording", TEXT, "the change that stops it"),
    Column("residual_gain_mean_gbp", "Gain left", POUNDS, "mean gain once honest work and lever have both answered the change"),
    Column("residual_error_gbp", "Standard error", POUNDS, "standard error of the gain left"),
    Column("residual_commissioner_gbp", "Commissioner still loses", POUNDS, "mean loss of the commissioner after the change"),
    Column("in_best", "In the best play", TEXT, "whether the gamed strategy, which is the best of all levers together, uses it"),
    Column("futures_verified", "Futures", WHOLE, "verification futures of which gains and harms are means"),
    Column("displaced_to", "Then moves to", TEXT, "what the provider turns to after the change"),
    Column("evidence", "Evidence", TEXT, "evidence ids, which docs/evidence.md explains"),
)  # fmt: skip


def loophole_paper(book: Book) -> Paper:
    """All levers together, then each alone. Rows: by expected harm where it is known, else by the better of two places.

    The two places are those by what the public purse loses and by health lost, among levers that lose any: money alone
    ranks nothing. Levers that the search found no use for come last.
    """
    source, equality = book.source, _equality()
    levers = source.levers
    money, health = places(levers, "harm_public_mean_gbp"), places(levers, "harm_qaly_mean")

    def order(row: Row) -> tuple[float, ...]:
        first, second = (by.get(row["lever"], len(levers) + 1) for by in (money, health))
        expected = -real(row.get("expected_harm_high_gbp"), -math.inf) if by_expected_harm(source) else 0.0
        return (float(unused(row)), expected, min(first, second), max(first, second))

    ordered = sorted(levers, key=order)
    best = source.best_combination
    rows = [_row(source, best, equality) | {"place": None}] if best else []
    for number, row in enumerate(ordered, 1):
        own = {"place_money": money.get(row["lever"]), "place_health": health.get(row["lever"])}
        rows.append(_row(source, row, equality) | own | {"place": number})
    return book.add(paper(NAME, "Loopholes: gain, harm, how they are seen and what stops them", COLUMNS, rows, SOURCE))


def by_expected_harm(source: Source) -> bool:
    """Whether the run says how much harm is to be expected of each lever, with the chance of its use counted in."""
    return any(W.known(real(row.get("expected_harm_high_gbp"))) for row in source.levers)


def places(rows: list[Row], column: str) -> dict[str, int]:
    """Place by a column of each lever that loses any, the largest loss first."""
    ranked = sorted((row for row in rows if real(row[column], 0.0) > 0.0), key=lambda row: -real(row[column]))
    return {row["lever"]: place for place, row in enumerate(ranked, 1)}


def _row(source: Source, row: Row, equality: dict[str, dict[str, Any]]) -> dict[str, Any]:
    together = row["lever"] == BEST
    kept = {column.name: row.get(column.name) for column in COLUMNS}
    title = "All levers together" if together else W.sentence(lever_title(source, row))
    own = {} if together else equality.get(row["lever"], {})
    played = {str(one["lever"]) for one in source.rows("strategies") if one["strategy"] == GAMED}
    return kept | {"title": title, "used": "no" if unused(row) else "yes", "equality": UNKNOWN} | own | {
        "harmed": row.get("harmed") or None, "in_best": None if together else "yes" if row["lever"] in played else "no",
        "enforcement": _assumed(source, row["lever"], "enforcement"),
        "audit_records": _assumed(source, row["lever"], "audit_records"),
    }  # fmt: skip


def _assumed(source: Source, lever: str, name: str) -> float | None:
    """A number of a lever as the register of inputs has it; None where it has none."""
    key = f"provider.levers.{lever}.{name}"
    found = next((row["value"] for row in source.rows("assumptions") if row["key"] == key), None)
    try:
        return float(str(found))
    except ValueError:
        return None


def _equality() -> dict[str, dict[str, Any]]:
    """Direction and size of each lever's equality effect; nothing where the judgements cannot be found."""
    from ...gaming.services import BANDS, gaming_folder, harms, number, read_rows

    try:
        path = gaming_folder() / BANDS
        rows = read_rows(path, ("band", "population_share"))
        people = {row["band"]: number(path, row, row["band"], "population_share", 0.0, 1.0) for row in rows}
        found = harms()
    except (ConfigError, DataError):
        return {}
    first = next(iter(people))
    return {
        lever: {"equality": EFFECTS[harm.pattern], "deprived_share": harm.by_band[first], "deprived_people_share": people[first]}
        for lever, harm in found.items()
    }  # fmt: skip
