"""What a column of a CSV table means and what unit it has, by its name: names follow one grammar in every table.

    STEM            a quantity: exposure_gbp, walks_away_probability, health_qaly
    STEM_error      its Monte Carlo standard error (the unit may stand behind: health_error_qaly)
    STEM_low, _high the ends of its 95% interval
    STEM_change     its change against the same futures, where the table says against what
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...results import schema
from .. import words as W
from ..dictionary import meaning as described
from ..dictionary_small import TABLES
from ..papers import CHANCE, NUMBER, POUNDS, QALY, SHARE, TEXT, WHOLE, YEAR, Column
from .meanings_advice import ADVICE, ROW

#: Endings that name a unit, and the words that a heading loses for it.
ENDINGS = (
    ("_gbp_per_qaly", "GBP per QALY"), ("_gbp_a_year", POUNDS), ("_gbp", POUNDS), ("_qaly", QALY), ("_probability", CHANCE),
    ("_share", SHARE), ("_rate", CHANCE), ("_chance", CHANCE), ("_score", NUMBER), ("_futures", WHOLE), ("_years", NUMBER),
)  # fmt: skip
#: Units as the data dictionary names them; it leaves that of a plain number to the name.
UNITS = {
    "": TEXT, "GBP": POUNDS, "probability": CHANCE, "share": SHARE, "QALY": QALY, "financial year": YEAR, "see unit": ROW,
    "as the figure": ROW, "as the input": ROW,
}  # fmt: skip
#: Parts that are taken off a name before its unit is looked for, and what they say of it.
PARTS = {
    "error": "Monte Carlo standard error of: ", "low": "lower end of the 95% interval of: ",
    "high": "upper end of the 95% interval of: ", "change": "change, in the same futures, of: ",
}  # fmt: skip
#: Endings that a share or chance has and its error and interval lack: base_share, base_error.
SHARES = ("_share", "_probability", "_rate")
HEADED = {"gbp": "£", "qaly": "QALYs", "p5": "5th percentile", "p50": "median", "p95": "95th percentile",
          "cte99": "mean of the worst 1 in 100"}  # fmt: skip
#: Headings that say more than the name does.
HEADINGS = {"low_point": "Worst point", "low_point_year": "Year of the worst point"}
#: Names of more than one table: unit and meaning.
KNOWN: dict[str, tuple[str, str]] = {
    "scenario": (TEXT, "set of futures: calibrated law or named scenario"), "strategy": (TEXT, "what the provider does"),
    "party": (TEXT, "whose figure it is"), "year": (YEAR, "financial year; empty for the whole contract"),
    "words": (TEXT, "the same in words"), "unit": (TEXT, "unit of the figures of the row"),
    "method": (TEXT, "how error and interval were found"), "statistic": (TEXT, "mean, quantile, probability and so on"),
    "metric": (TEXT, "what is measured"), "note": (TEXT, "remark"), "source": (TEXT, "where an input comes from"),
    "quality": (TEXT, "published, derived or judgement"), "key": (TEXT, "key of the input in the effective configuration"),
    "title": (TEXT, "name in words"), "futures": (WHOLE, "number of futures the row rests on"),
    "failure": (TEXT, "which failure"),
    "hurdle": (TEXT, "which hurdle"), "driver": (TEXT, "what moves the figure"), "contract": (TEXT, "wording of the contract"),
    "order": (WHOLE, "place in the order of reading"), "cause": (TEXT, "what brings it about"),
    "clause": (TEXT, "clause of the contract, as the configuration names it"),
    "lever": (TEXT, "way of gaming, as the catalogue names it"), "grade": (TEXT, "grade, in a word"),
    "code": (TEXT, "number in its catalogue"), "probability": (CHANCE, "how often it happens"),
    "error": (ROW, "Monte Carlo standard error, in the unit of the row"), "low": (ROW, "lower end of the 95% interval"),
    "high": (ROW, "upper end of the 95% interval"), "value": (ROW, "the figure, in the unit of the row"),
    "share_of_plan": (SHARE, "share of the planned savings that is reached"),
    "delay_years": (WHOLE, "years by which savings come late"), "exit": (CHANCE, "the contract ends before its term"),
    "exit_losses": (CHANCE, "losses end the contract before its term"),
    "meets": (TEXT, "whether this path keeps to the hurdle"), "better": (TEXT, "side of the limit that is better"),
    "path": (TEXT, "median, or the path that 1 future in 10 is worse than"), "limit": (ROW, "limit, in the unit of the row"),
    "limit_source": (TEXT, "where the limit comes from"), "start": (ROW, "value in the first year"),
    "low_point": (ROW, "worst value on the path"), "end": (ROW, "last value"),
    "low_point_year": (YEAR, "year of the worst value"), "to_year": (YEAR, "year of the low point"),
    "likelihood": (CHANCE, "how likely the risk is"), "impact": (NUMBER, "how much it costs when it comes"),
    "risk": (TEXT, "risk, by its short name"), "view": (TEXT, "contract as it is, or gamed"),
    "number": (WHOLE, "number of the row"), "id": (TEXT, "short name, the same in every table"),
    "score": (WHOLE, "likelihood band times impact band, 1 to 25"), "controls": (TEXT, "who controls it"),
    "early_sign": (TEXT, "what would be seen first"), "mitigation": (TEXT, "what could be done"),
    "owner": (TEXT, "who looks after it"), "event": (TEXT, "what happens"), "effect": (TEXT, "what follows"),
    "intensity": (NUMBER, "how far a lever is pulled, on its own scale"), "future": (WHOLE, "number of the future"),
    "role": (TEXT, "why this future is told"), "text": (TEXT, "the story"),
    "assumption": (TEXT, "which assumption of the plan"), "letter": (TEXT, "letter of the assumption"),
    "setting": (TEXT, "what is held and what is released"), "input": (TEXT, "input in words"),
    "compared_with": (TEXT, "what changes are measured against"), "base": (ROW, "value in the study"),
    "file": (TEXT, "file of the run folder, or part of the configuration"), "changed": (ROW, "value tried"),
    "threshold": (ROW, "value from which it counts"),
    "shock": (TEXT, "which shock"), "line": (WHOLE, "line of that file; its header is line 1"),
    "verdict": (TEXT, "what is concluded"),
    "sentence": (TEXT, "the finding in a sentence"), "handle": (TEXT, "what is turned"),
    "printed": (TEXT, "the number as the report prints it"), "column": (TEXT, "column of that file"),
    "chance_payout_rate": (CHANCE, "share of years in which chance alone pays something"),
    "distance": (NUMBER, "how far the shock is from the middle of all futures, in standard deviations"),
}  # fmt: skip
_SCHEMA = {c.name: (c.unit, c.description) for name in ("gaming", "outcomes") for c in schema.COLUMNS[name]}
_SCHEMA_UNITS = {
    "GBP, present value": POUNDS, "GBP": POUNDS, "QALY, present value": QALY, "probability": CHANCE, "fraction": SHARE,
    "number": WHOLE, "": TEXT,
}  # fmt: skip


def column_of(name: str, table: str = "", own_words: str = "", beside: Sequence[str] = ()) -> Column:
    """A column of a CSV table: heading, unit and meaning as the data dictionary has them, else worked out from its name.

    `table` the name of a small table of summary/; `own_words` what the table's analysis says of the column, where it does;
    `beside` names of all columns of the table.
    """
    unit, meaning = found(name, beside)
    meaning = own_words or meaning
    own_unit, own = described(table, name) if table in TABLES else ("", "")
    if own:
        unit, meaning = UNITS.get(own_unit, unit), own
    return Column(name, heading(name, unit), unit, W.sentence(meaning))


def found(name: str, beside: Sequence[str] = ()) -> tuple[str, str]:
    """(unit, meaning) of a column; `beside` names of all columns of its table."""
    if name in ADVICE or name in KNOWN:
        return ADVICE.get(name) or KNOWN[name]
    if name in _SCHEMA:
        unit, meaning = _SCHEMA[name]
        return (CHANCE if unit.startswith("probability") else _SCHEMA_UNITS.get(unit, NUMBER)), meaning
    for part, words in PARTS.items():
        stem = _without(name, part)
        if stem:
            whole = next((f"{stem}{unit}" for unit in SHARES if f"{stem}{unit}" in beside and stem not in beside), stem)
            unit, meaning = found(whole, beside)
            return unit, f"{words}{meaning}"
    return unit_of(name), _words(name)


def _without(name: str, part: str) -> str:
    """The name without one of PARTS at its end, or before the unit at its end; "" where it has none."""
    match = re.fullmatch(rf"(.+)_{part}(_gbp|_qaly|_probability|_share|_score|_rate|_gbp_per_qaly)?", name)
    if not match:
        return ""
    return match[1] if not match[2] or match[1].endswith(match[2]) else match[1] + match[2]


def unit_of(name: str) -> str:
    """Unit of a column by the end of its name; plain number where it names none."""
    stem = name.removesuffix("_mean").removesuffix("_base").removesuffix("_changed")
    for ending, unit in ENDINGS:
        if stem.endswith(ending) or stem == ending[1:]:
            return unit
    if stem in KNOWN:
        return KNOWN[stem][0]
    return POUNDS if "_gbp" in name else CHANCE if "probability" in name else NUMBER


def _words(name: str) -> str:
    return " ".join(HEADED.get(word, word) for word in name.split("_"))


def heading(name: str, unit: str) -> str:
    """A heading in words with its unit in brackets: "Exposure mean (£)"."""
    if name in HEADINGS:
        return HEADINGS[name]
    words = " ".join(HEADED.get(word, word) for word in _stem(name).split("_") if word not in ("gbp", "qaly"))
    return headed(W.sentence(words), unit)


def _stem(name: str) -> str:
    """The name without a unit that the word before it says already: score_score, share_at_risk_share."""
    for unit in ("score", "share"):
        for part in ("", "change_", "error_", "change_error_"):
            if name.endswith(f"_{part}{unit}") and unit in name.removesuffix(f"_{part}{unit}").split("_"):
                return f"{name.removesuffix(f'_{part}{unit}')}_{part}".rstrip("_")
    return name


def headed(words: str, unit: str) -> str:
    """A heading with its unit, where a number format does not show it."""
    mark = {POUNDS: "£", QALY: "QALYs", "GBP per QALY": "£ per QALY"}.get(unit)
    return words if not mark or mark in words else f"{words} ({mark})"
