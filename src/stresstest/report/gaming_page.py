"""The page of a gaming folder: one self-contained file, with its figures and their numbers beside it. Computes no new number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..levers import LEVER_NUMBER, LEVERS
from . import gaming_words, palette
from .chart import Chart
from .gaming_charts import charts
from .gaming_source import COMBINATION, NAMED, UNNAMED, GamingSource
from .gaming_tables import catalogue, harmed_by_party, table_of, title_of
from .page import environment, shown, write_page
from .table import Table

PAGE, TEMPLATE = "gaming.html", "gaming.html.j2"
FIRST_ROWS = 10
#: Tables that are shown with all their columns: name, caption.
PLAIN = (
    ("types", "Types of provider, by the weight they put on patients’ benefit"),
    ("regimes", "What the best play gains by what the provider knows when it acts"),
    ("synergy", "Pairs of levers: what two gain together beyond what each gains alone"),
    ("shapley", "Levers of the best play: gain alone, loss when left out, share of the whole"),
    ("fixes", "Changes of wording, each with honest work and the best play over all levers found again"),
    ("oracle", "Changes of wording chosen against an archive of plays, round by round"),
    ("regret", "Wordings compared: cost and regret over types of provider"),
    ("sides", "The commissioner’s own opportunism: what it does to honest work"),
    ("static", "What the clauses show without any simulation"),
    ("gradient", "Gaming against improving at the margin, by indicator"),
    ("alignment", "Pay against value, by true outcome"),
    ("loopholes", "Ways to game that were found by editing honest books"),
    ("findings", "Five findings of an earlier toy, tried on this contract"),
)
LOOPHOLES = (
    "sentence", "grade", "clauses", "resembles", "fix", "gain_mean_gbp", "gain_error_gbp", "residual_gain_mean_gbp",
    "residual_error_gbp",
)  # fmt: skip
STATIC = ("kind", "clause", "sentence", "levers", "gbp", "sigmas")
FINDINGS = ("finding", "verdict", "sentence")
COLUMNS = {"loopholes": LOOPHOLES, "static": STATIC, "findings": FINDINGS}
SERVICES = (
    "service", "funded_by", "harmed", "budget_gbp", "measured_share", "free_gbp", "gain_mean_gbp", "gain_error_gbp",
    "harm_qaly_mean", "harm_qaly_error", "harm_qaly_per_million_gained", "lag_years",
)  # fmt: skip
YEARS = (
    "years", "carried_over", "limit_share", "disinvestment_level", "gain_mean_gbp", "gain_error_gbp",
    "harm_commissioner_mean_gbp", "harm_qaly_mean", "harm_qaly_error",
)  # fmt: skip
FRONTIER = ("kind", "levers", "share_at_risk", "score", "unmeasured_qaly", "surplus_gbp", "exposure_gbp", "distance")


def build_gaming_page(folder: Path) -> Path:
    """Write gaming.html and figures/ into a folder of gaming results, and return the path of the page.

    Arguments: `folder` holds gaming.csv and whatever else the search wrote; a section whose table is missing is left out.
    Both appear whole or not at all. Errors: DataError for a folder without a catalogue, or a table that cannot be read.
    """
    source = GamingSource(Path(folder))
    drawn = charts(source)
    return write_page(source.folder, PAGE, render(source, drawn), drawn)


def render(source: GamingSource, drawn: list[Chart]) -> str:
    """The page as HTML. Every word from a file is escaped; only our own drawings go in as they are."""
    return environment().get_template(TEMPLATE).render(context(source, drawn))


def context(source: GamingSource, drawn: list[Chart]) -> dict[str, Any]:
    """Everything that the template names."""
    lead, support = gaming_words.answer(source)
    return {
        "title": str(source.run.get("title", "a contract")), "basis": gaming_words.basis(source),
        "lead": lead, "support": support,
        "charts": {chart.name: shown(chart) for chart in drawn}, "tables": {table.name: table for table in tables(source)},
        "notes": notes(source), "missing": source.missing, "palette": palette, "grades": gaming_words.GRADES,
        "limit_words": gaming_words.limit_words(source), "frontier_words": gaming_words.frontier_words(source),
        "shown_rows": FIRST_ROWS, "count": len(source.rows("gaming")),
    }  # fmt: skip


def tables(source: GamingSource) -> list[Table]:
    """Every table of the page that has a row."""
    named = source.of_kind(NAMED)
    together, unnamed = source.of_kind(COMBINATION), source.of_kind(UNNAMED)
    found = [
        catalogue(source.ranked[:FIRST_ROWS], "ranked", "The ways with most expected harm"),
        catalogue(named, "named", "Levers of the catalogue, each alone on top of honest work"),
        catalogue(together, "together", "Best plays: the first over all levers, then with the strongest one forbidden"),
        catalogue(unnamed, "unnamed", "Ways to game that no lever of the catalogue names"),
    ]
    found += [table_of(name, caption, source.rows(name), COLUMNS.get(name, ())) for name, caption in PLAIN]
    own = source.rows("freedom")
    found += [
        table_of("services", "Freedom between services: cutting all that is free in one line", _part(own, "service"), SERVICES),
        table_of("years", "Freedom between years: when cuts are allowed", _part(own, "years"), YEARS),
        table_of("best_responses", "Best responses at each share at risk", _best(source), FRONTIER),
    ]
    captions = {
        "party": "Who bears each lever: change in present value, minus is a gain",
        "direct": "The same where no loss ends the contract",
        "band": "Health lost by deprivation of the ward, where no loss ends the contract",
        "cause": "What the commissioner pays more, by cause",
    }
    found += [harmed_by_party(source.rows("harmed"), kind, f"harmed_{kind}", caption) for kind, caption in captions.items()]
    return [table for table in found if table.rows]


def _part(rows: list[dict[str, Any]], part: str) -> list[dict[str, Any]]:
    return [row for row in rows if row.get("part") == part]


def _best(source: GamingSource) -> list[dict[str, Any]]:
    return [row for row in source.rows("frontier") if "best response" in str(row.get("kind", ""))]


def notes(source: GamingSource) -> list[dict[str, str]]:
    """What a committee needs of each lever of the catalogue: who is harmed, what is seen first, who can act, evidence."""
    found = []
    for row in source.ranked:
        lever = str(row.get("lever") or "")
        if lever not in LEVER_NUMBER:
            continue
        kind = LEVERS[LEVER_NUMBER[lever]]
        labels = (
            ("harmed", "Harmed", kind.harmed), ("early_sign", "Early sign", kind.sign),
            ("sign_threshold", "Look closer from", ""), ("owner", "Who can act", ""),
            ("creating_terms", "Clauses that make it pay", ""), ("evidence", "Evidence", kind.evidence),
        )  # fmt: skip
        words = [f"{label}: {row.get(key) or otherwise}." for key, label, otherwise in labels if row.get(key) or otherwise]
        found.append({"title": title_of(lever), "text": " ".join(words).replace("..", ".")})
    return found
