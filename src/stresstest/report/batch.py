"""The page of a batch of drafts, in words: which are not dominated, what each costs and yields, and what was not run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..advice.batch import ORDERS
from . import words as W
from .batch_parts import sections_of
from .leaflet import Leaflet, Row, placed

KIND = "batch"
CAPTIONS = {
    "ranking": "Drafts in order, and what each does more or less than the contract as it is",
    "hurdles": "Chance that each hurdle holds", "changed": "What each draft changed", "drafts": "The drafts and their runs",
    "regret_money": "Regret in pounds: how much better the best draft would have been in the same future",
    "regret_health": "Regret in QALYs: how much better the best draft would have been in the same future",
}  # fmt: skip
NAMED = 4


def batch_leaflet(tables: dict[str, list[dict[str, Any]]], title: str, basis: str, order: str, kept: bool) -> Leaflet:
    """The page. `order` as it was asked for; `kept`: the provider did not answer to the drafts."""
    page = Leaflet(KIND, title, "Which drafts are worth taking further?", placed(tables), CAPTIONS, basis=basis)
    failed = [row for row in page.rows("drafts") if row["status"] == "failed"]
    page.answer = answer(page, failed)
    page.notes = notes(page, order, kept)
    page.facts = {"order": order, "failed": [row["draft"] for row in failed], "drafts": len(page.rows("drafts"))}
    page.ok = not failed
    page.sections = sections_of(page)
    return page


def first_strategy(page: Leaflet) -> list[Row]:
    """Ranking rows of the first strategy, in order."""
    rows = page.rows("ranking")
    return [row for row in rows if row["strategy"] == rows[0]["strategy"]]


def answer(page: Leaflet, failed: Sequence[Row]) -> list[str]:
    """Drafts that none dominates beyond noise first; then the extremes of money, health and walking away, each with the other
    two beside it; then the same of the other strategies; then what was not run."""
    rows = first_strategy(page)
    free = [row for row in rows if row["dominated_beyond_noise"] != "yes"]
    names = [f"**{row['draft']}**" for row in free[:NAMED]]
    more = "" if len(free) <= NAMED else ", and others that the table names,"
    verb = "is" if len(free) == 1 else "are"
    said = [f"{W.listed(names)}{more} {verb} beaten beyond noise by no other draft on cost, health and the chance of walking "
            "away together."]  # fmt: skip
    best: dict[str, list[str]] = {}
    for kind, words in (("walks_away", "the least chance that the provider walks away"), ("health", "the most health"),
                        ("money", "the least cost to public bodies")):  # fmt: skip
        first = next(row for row in rows if row[f"{kind}_rank"] == 1)
        best.setdefault(str(first["draft"]), []).append(words)
    for name, firsts in best.items():
        row = next(row for row in rows if row["draft"] == name)
        said.append(f"{W.sentence(W.listed(firsts))}: {name}, {beside(page, row)}.")
    said += [others(page, name) for name in dict.fromkeys(str(r["strategy"]) for r in page.rows("ranking"))
             if name != rows[0]["strategy"]]  # fmt: skip
    if failed:
        said.append(f"Not run: {W.listed([str(row['draft']) for row in failed])}; the reasons stand below.")
    return said


def others(page: Leaflet, strategy: str) -> str:
    """The undominated drafts of another strategy, and the first of them beside the contract as it is."""
    free = [row for row in page.rows("ranking")
            if row["strategy"] == strategy and row["dominated_beyond_noise"] != "yes"]  # fmt: skip
    verb = "is" if len(free) == 1 else "are"
    names = W.listed([str(row["draft"]) for row in free[:NAMED]]) + (", and others," if len(free) > NAMED else "")
    told = f"{free[0]['draft']}: {beside(page, free[0])}"
    return f"With the {strategy} provider {names} {verb} undominated beyond noise; first among them {told}."


def beside(page: Leaflet, row: Row) -> str:
    """A draft's three differences from the contract as it is."""
    say = page.say
    walks = say.percent(row, "walks_away_probability")
    if row["is_reference"] == "yes":
        return f"the contract as it is (walks away in {walks} of futures)"
    money = signed(page, row, "public_exposure_more_gbp", "public_exposure_more_error_gbp", W.pounds)
    health = signed(page, row, "health_more_qaly", "health_more_error_qaly", W.number)
    more = points(page, row, "walks_away_more_probability")
    return f"walks away in {walks} of futures ({more} points); {money} and {health} QALYs"


def signed(page: Leaflet, row: Row, column: str, error: str, say: Any) -> str:
    """A difference with its sign."""
    amount = row[column]
    return W.NONE if amount is None else page.say.cite(row, column, W.changed(amount, lambda x: say(x, row.get(error))))


def points(page: Leaflet, row: Row, column: str) -> str:
    """A difference of chances in percentage points, with its sign."""
    return W.NONE if row[column] is None else page.say.cite(row, column, W.changed(row[column], W.in_points))


def notes(page: Leaflet, order: str, kept: bool) -> list[str]:
    """How drafts are ordered and compared."""
    ranks = "the sum of the ranks on cost, health and chance of walking away"
    first = "drafts that none dominates beyond noise" if order == "together" else ORDERS[order]
    answers = "Each provider answers the draft it works under, and answered the contract as it is again in the same way."
    if kept:
        answers = "The provider does what it did under the contract as it is."
    return [
        f"Order: {first}; then {ranks}.", "Money alone orders nothing here, and no worth of a QALY enters any rank.",
        "Dominated: another draft is no worse on mean cost to public bodies, mean health and the chance of walking away, and "
        "better on one; beyond noise where the paired 95% intervals say so too.",
        "Differences are taken future by future against the contract as it is; brackets hold 95% intervals. With many drafts, "
        "the best of them looks better than it is: run the chosen ones again with another seed.",
        answers, "Regret is against the best of these drafts, and changes with the drafts compared.",
    ]  # fmt: skip
