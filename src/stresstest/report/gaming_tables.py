"""Tables of the gaming page: columns by name, formats by what a column's name ends in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..levers import LEVER_NUMBER, LEVERS
from . import words as W
from .gaming_source import COMBINATION, UNNAMED, Row, kind_of
from .table import Table

#: What a column holds, by the end of its name; the first that fits.
ENDINGS: tuple[tuple[str, str], ...] = (
    ("_gbp", "£"), ("_qaly", "n"), ("_share", "%"), ("share", "%"), ("probability", "%"), ("probability_worthwhile", "%"),
    ("detection", "%"), ("score", "%"), ("detection_assumed", "%"), ("detection_break_even", "%"),
    ("losing_before", "%"), ("losing_after", "%"),
    ("share_over", "%"), ("worth_honest", "%"), ("worth_opportunist", "%"), ("worth_strategic", "%"), ("share_at_risk", "%"),
)  # fmt: skip
HEADINGS = {
    "plain_english": "What the provider does", "gain_mean_gbp": "Provider gains", "gain_gbp": "Provider gains",
    "harm_commissioner_mean_gbp": "Commissioner loses", "harm_public_mean_gbp": "Public purse loses",
    "harm_qaly_mean": "Health lost, QALYs", "residual_gain_mean_gbp": "Gain left after the fix",
    "fix": "Change of wording", "displaced_to": "Then moves to", "owner": "Who can act", "first_year": "First year",
    "early_sign": "Early sign", "sign_threshold": "Threshold", "harmed": "Who is harmed",
    "creating_terms": "Clauses that make it pay",
    "fix_cost_honest_gbp": "Cost of the fix to an honest provider", "shapley_gbp": "Share of the whole gain",
    "harm_qaly_per_million_gained": "QALYs lost per £1m gained", "lag_years": "Years until harm is seen",
    "free_gbp": "Free to be cut",
    "disinvestment_level": "Part of what is free that is cut", "limit_share": "Yearly limit", "levers": "Levers in use",
    "distance": "Distance from the public’s frontier", "score": "Mean true score", "unmeasured_qaly": "Unmeasured health, QALYs",
    "surplus_gbp": "Provider surplus", "exposure_gbp": "Commissioner exposure", "losing_before": "Honest provider loses, before",
    "losing_after": "Honest provider loses, after", "gain_before_gbp": "Best play gains, before",
    "gain_after_gbp": "Best play gains, after", "surplus_honest_gbp": "Change for an honest provider",
    "altruism": "Weight on patients’ benefit",
    "pay_over_value": "Pay over value", "gbp": "Amount", "deadweight_mean_gbp": "Harm beyond the gain", "also": "Also",
    "sigmas": "Distance in standard deviations of chance", "at": "At", "hunt": "Law that it breaks",
}  # fmt: skip
NOT_SHOWN = ("id", "signature", "levels_json", "change")


def title_of(lever: Any) -> str:
    """A lever, or several joined by +, as words."""
    parts = [part.strip() for part in str(lever or "").split("+")]
    titles = [LEVERS[LEVER_NUMBER[part]].title if part in LEVER_NUMBER else W.spoken(part) for part in parts]
    return W.sentence(" + ".join([titles[0], *(W.within(title) for title in titles[1:])]))


def with_titles(text: str) -> str:
    """Text with the names of levers written out: "upcoding 0.03 to 0.05" → "up-coding of need 0.03 to 0.05"."""
    return re.sub(r"[a-z]+(?:_[a-z]+)+|[a-z]{6,}", lambda m: W.within(title_of(m[0])) if m[0] in LEVER_NUMBER else m[0], text)


def heading(column: str) -> str:
    """A column's heading: its own words, or its name without the unit."""
    if column in HEADINGS:
        return HEADINGS[column]
    name = column
    for end in ("_mean_gbp", "_gbp", "_mean"):
        name = name.removesuffix(end)
    return W.sentence(W.spoken(name).replace(" qaly", ", QALYs"))


def format_of(column: str) -> str:
    """"£", "%", "n" for a number, "lever" or "text"."""
    if column in ("lever", "levers", "first", "second", "partner"):
        return "lever"
    if "qaly" in column and not column.endswith("_gbp"):
        return "n"
    return next((kind for end, kind in ENDINGS if column.endswith(end)), "text")


def error_of(column: str, known: Sequence[str]) -> str | None:
    """The column that holds another column's standard error, or None."""
    stem = column.removesuffix("_gbp").removesuffix("_mean")
    for name in (f"{stem}_error_gbp", f"{stem}_error", f"{column}_error"):
        if name in known and name != column:
            return name
    return None


def shown(column: str, row: Row) -> str:
    """A cell in words, with its standard error where the row has one."""
    value, kind = row.get(column), format_of(column)
    if value is None or value == "":
        return W.NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "lever" and isinstance(value, str):
        return title_of(value)
    if column in ("displaced_to", "partners") and isinstance(value, str):
        return with_titles(value)
    if not isinstance(value, float):
        return str(value)
    error = row.get(error_of(column, list(row)) or "")
    spread = float(error) if isinstance(error, float) else None
    say: dict[str, Callable[[float, float | None], str]] = {
        "£": W.pounds, "n": W.number, "%": lambda v, _: W.percent(v), "text": _plain,
    }  # fmt: skip
    text = say.get(kind, _plain)(value, spread)
    return f"{text} ± {W.spare(spread, W.number if kind == 'n' else W.pounds)}" if spread and kind in ("£", "n") else text


def _plain(value: float, _: float | None = None) -> str:
    return W.signed(f"{value:,.0f}") if value == int(value) and abs(value) < 1e15 else W.signed(f"{value:,.3g}")


def is_error(column: str, known: Sequence[str]) -> bool:
    """Whether a column is some other column's standard error, which stands beside it."""
    return any(error_of(other, known) == column for other in known)


def table_of(name: str, caption: str, rows: Sequence[Row], columns: Sequence[str] = ()) -> Table:
    """A table of rows: the named columns that are there, or all of them; numbers go to the right of words.

    Empty columns and standard errors have no column of their own.
    """
    known = list(dict.fromkeys(key for row in rows for key in row))
    wanted = [c for c in (columns or known) if c in known and not is_error(c, known) and c not in NOT_SHOWN]
    wanted = [c for c in wanted if any(row.get(c) not in (None, "") for row in rows)]
    numbers = [c for c in wanted if any(isinstance(row.get(c), float) for row in rows)]
    order = [c for c in wanted if c not in numbers] + numbers
    cells = [[shown(column, row) for column in order] for row in rows]
    return Table(name, caption, [heading(c) for c in order], cells, min(len(numbers), max(0, len(order) - 1)))


def catalogue(rows: Sequence[Row], name: str, caption: str) -> Table:
    """Ways to game, one a row: what is done and what stops it, then gain, harm on two axes, and expected harm as a range."""
    columns: list[tuple[str, Callable[[Row], str]]] = [
        ("Way to game", _way),
        ("Grade", lambda row: str(row.get("grade") or W.NONE)),
        ("Change of wording", _fix),
        ("Provider gains", lambda row: shown("gain_mean_gbp", row)),
        ("Public purse loses", lambda row: shown("harm_public_mean_gbp", row)),
        ("Health lost, QALYs", lambda row: shown("harm_qaly_mean", row)),
        ("Expected harm, range", expected),
        ("Worth it in", lambda row: shown("probability_worthwhile", row)),
        ("Left after the change", lambda row: shown("residual_gain_mean_gbp", row)),
    ]
    cells = [[say(row) for _, say in columns] for row in rows]
    return Table(name, caption, [head for head, _ in columns], cells, 6)


def _way(row: Row) -> str:
    title = title_of(row.get("lever"))
    if kind_of(row) == COMBINATION:
        return f"{row.get('code') or 'Together'}: {with_titles(str(row.get('plain_english') or title))}"
    if kind_of(row) == UNNAMED:
        near = f" (resembles {W.within(title_of(row['resembles']))})" if row.get("resembles") else ""
        return f"{row.get('plain_english') or title}{near}"
    return f"{title}. {row['plain_english']}" if row.get("plain_english") else title


def _fix(row: Row) -> str:
    moved = f" Then moves to: {with_titles(str(row['displaced_to']))}." if row.get("displaced_to") else ""
    if kind_of(row) == COMBINATION and not row.get("fix"):
        return "See the changes of wording below"
    return f"{W.sentence(str(row['fix']))}.{moved}".replace("..", ".") if row.get("fix") else "None tried"


def expected(row: Row) -> str:
    """Expected harm from its low to its high end: never one number, because nobody knows who would do it."""
    low, high = row.get("expected_harm_low_gbp"), row.get("expected_harm_high_gbp")
    if not isinstance(low, float) or not isinstance(high, float):
        return W.NONE
    return W.interval(low, high)


def harmed_by_party(rows: Sequence[Mapping[str, Any]], kind: str, name: str, caption: str) -> Table:
    """Levers down, parties, causes or bands across: pounds, or QALYs. A lever that touches none of them is left out."""
    own = [row for row in rows if row.get("kind") == kind]
    who = list(dict.fromkeys(str(row["who"]) for row in own))
    cells: dict[str, dict[str, str]] = {}
    touched = {row["lever"] for row in own if row.get("harm_mean_gbp") or row.get("harm_qaly_mean")}
    for row in own:
        if row["lever"] not in touched:
            continue
        key = "harm_qaly_mean" if isinstance(row.get("harm_qaly_mean"), float) else "harm_mean_gbp"
        cells.setdefault(title_of(row["lever"]), {})[str(row["who"])] = shown(key, dict(row))
    heads = [f"{W.sentence(one)}{', QALYs' if kind == 'band' or one == 'patients' else ''}" for one in who]
    body = [[lever, *(found.get(one, W.NONE) for one in who)] for lever, found in cells.items()]
    return Table(name, caption, ["Lever", *heads], body, len(who))
