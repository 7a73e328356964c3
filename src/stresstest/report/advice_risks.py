"""Charts of the risk register: five-by-five heat maps with the numbers of the risks in their cells, and what each costs whom."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import partial
from typing import Any

from . import palette as P
from . import words as W
from .advice_source import AdviceSource, Row
from .chart import Chart, Column
from .draw import money_axis

MILLION = 1e6
MOST_ROWS = 12
#: Fill of a cell by its grade, one hue from light to dark; the words of the grade stand in the cell as well.
FILLS = ((15, P.SERIES[0]), (8, P.BANDS[2]), (4, P.BANDS[1]), (0, P.BANDS[0]))
WORDS = ((15, "extreme"), (8, "high"), (4, "moderate"), (0, "low"))
LIKELIHOOD = ("rare", "unlikely", "possible", "likely", "almost\ncertain")
IMPACT = ("negligible", "minor", "moderate", "major", "catastrophic")

#: Columns of the page's tables; the CSV files have all of them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "register": ("title", "number", "party", "grade", "score", "likelihood_band", "impact_band", "cause", "event", "effect",
                 "owner", "controls", "early_sign", "mitigation"),
    "scores": ("title", "view", "party", "grade", "likelihood_probability", "impact_gbp", "impact_qaly", "impact_share",
               "mean_cost_gbp", "mean_cost_qaly", "p95_gbp", "score"),
    "bearers": ("title", "view", "bears_most", "best_able", "controls", "flag", "bears_mean_gbp", "bears_p95_gbp",
                "bears_capacity_gbp"),
}  # fmt: skip


def charts(source: AdviceSource) -> list[Chart]:
    """The heat maps, as the contract is and with gaming, and the costs."""
    rows = source.rows("register")
    if not rows:
        return []
    maps = [_map(rows, "", "risks_map", "as the contract is")]
    if "score_with_gaming" in rows[0]:
        maps.append(_map(rows, "_with_gaming", "risks_map_gaming", "with the gamed strategy"))
    return [*maps, _costs(source, rows)]


def _map(rows: Sequence[Row], mark: str, name: str, view: str) -> Chart:
    """Risks in the cells of their bands, each at the party that it hits hardest."""
    cells = [
        {"number": int(row["number"]), "title": row["title"], "party": row[f"party{mark}"],
         "likelihood": int(row[f"likelihood_band{mark}"]), "impact": int(row[f"impact_band{mark}"]),
         "score": int(row[f"score{mark}"]), "grade": row[f"grade{mark}"]}
        for row in rows
    ]  # fmt: skip
    count = sum(cell["score"] >= WORDS[0][0] for cell in cells)
    title = f"{count} of {len(cells)} risks are extreme, {view}"
    columns = [Column("number", "No", "text"), Column("title", "Risk", "text"), Column("party", "Hits hardest", "text"),
               Column("likelihood", "Likelihood", "text"), Column("impact", "Impact", "text"), Column("score", "Score", "text"),
               Column("grade", "Grade", "text")]  # fmt: skip
    return Chart(
        name, title, "Numbers of the register's risks by likelihood and impact, each at the party that it hits hardest",
        f"Five by five heat map: likelihood upwards, impact to the right, numbers of {len(cells)} risks in the cells. {title}.",
        "Darker cells score higher; the grade stands in each cell. Numbers are those of the register.",
        columns, cells, partial(_draw_map, cells=cells), (6.2, 4.4),
    )  # fmt: skip


def _draw_map(ax: Any, cells: Sequence[Row]) -> None:
    for likelihood in range(1, 6):
        for impact in range(1, 6):
            score = likelihood * impact
            fill = next(colour for least, colour in FILLS if score >= least)
            ink = P.PAPER if fill == P.SERIES[0] else P.TEXT
            ax.fill_between([impact - 0.5, impact + 0.5], likelihood - 0.5, likelihood + 0.5, color=fill, linewidth=0)
            word = next(text for least, text in WORDS if score >= least)
            ax.text(impact - 0.46, likelihood + 0.44, word, color=ink, ha="left", va="top", fontsize=P.FONT_POINTS - 3)
            own = [str(cell["number"]) for cell in cells if (cell["likelihood"], cell["impact"]) == (likelihood, impact)]
            if own:
                text = textwrap.fill(" ".join(own), 12)
                ax.text(impact, likelihood - 0.06, text, color=ink, ha="center", va="center", fontweight="bold")
    for edge in range(6):
        ax.axhline(edge + 0.5, color=P.PAPER, linewidth=1.2)
        ax.axvline(edge + 0.5, color=P.PAPER, linewidth=1.2)
    ax.set_xlim(0.5, 5.5)
    ax.set_ylim(0.5, 5.5)
    ax.set_xticks(range(1, 6), [f"{k} {word}" for k, word in enumerate(IMPACT, 1)], fontsize=P.FONT_POINTS - 1.5)
    ax.set_yticks(range(1, 6), [f"{k} {word}" for k, word in enumerate(LIKELIHOOD, 1)])
    ax.tick_params(length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_xlabel("impact")
    ax.set_ylabel("likelihood")


def _costs(source: AdviceSource, register: Sequence[Row]) -> Chart:
    """Mean cost of the foremost risks to commissioner and provider, with 95% limits."""
    view = source.facts["views"][0]
    own = {(row["risk"], row["party"]): row for row in source.rows("scores") if row["view"] == view}
    rows = []
    for risk in register:
        told: dict[str, Any] = {"risk": f"{int(risk['number'])} {risk['title']}"}
        for party in ("commissioner", "provider"):
            row = own[risk["id"], party]
            told |= {party: row["mean_cost_gbp"] / MILLION, f"{party}_error": row["mean_cost_error_gbp"] / MILLION}
        rows.append(told)
    rows = sorted(rows, key=lambda one: -abs(one["commissioner"]) - abs(one["provider"]))[:MOST_ROWS]
    title = f"{W.sentence(rows[0]['risk'].partition(' ')[2])} moves most money"
    columns = [Column("risk", "Risk", "text"), Column("commissioner", "Commissioner, £m"),
               Column("commissioner_error", "Standard error, £m"), Column("provider", "Provider, £m"),
               Column("provider_error", "Standard error, £m")]  # fmt: skip
    return Chart(
        "risks_costs", title, "Mean cost of each risk over the term, present value; below 0 it is a gain",
        f"Dots for {len(rows)} risks: mean cost to the commissioner and to the provider in £m, with lines of 95%. {title}.",
        "Cost: what the risk adds in the same futures. Filled circles: commissioner; open diamonds: provider. Lines: 95% "
        "intervals.",
        columns, rows, partial(_draw_costs, rows=rows), (6.2, 5.4),
    )  # fmt: skip


def _draw_costs(ax: Any, rows: Sequence[Row]) -> None:
    for k, party in enumerate(("commissioner", "provider")):
        for row, told in enumerate(rows):
            height, reach = row + 0.3 * (k - 0.5), 1.96 * told[f"{party}_error"]
            ax.plot([told[party] - reach, told[party] + reach], [height, height], "-", color=P.SERIES[2 * k], linewidth=2.0)
            ax.plot([told[party]], [height], P.MARKERS[k], color=P.SERIES[2 * k], markersize=6,
                    markerfacecolor=P.SERIES[0] if k == 0 else P.PAPER, markeredgewidth=1.6)  # fmt: skip
        ax.annotate(party, (rows[0][party], 0.3 * (k - 0.5)), xytext=(8, 0), textcoords="offset points", va="center",
                    color=P.SERIES[2 * k])  # fmt: skip
    ax.set_yticks(range(len(rows)), [textwrap.fill(str(told["risk"]), 30) for told in rows])
    ax.set_ylim(len(rows) - 0.5, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.axvline(0.0, color=P.TEXT, linewidth=1.0)
    low, high = ax.get_xlim()
    ax.set_xlim(low, high + 0.25 * (high - low))
    ax.grid(axis="x")
    money_axis(ax.xaxis)
    ax.set_xlabel("£m")
