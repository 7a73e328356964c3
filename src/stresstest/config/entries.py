"""Entries of configuration files that no register holds: names, units, bounds and meanings, for the schemas.

Clauses, levers and parameters describe themselves (terms, levers, drivers.parameters). A test holds these bounds
against those that the readers apply.
"""

from __future__ import annotations

from ..hurdles import HURDLES as OF_A_STUDY
from ..layout import AXES
from ..terms import Field
from .axes import LEVELS
from .contracts import PLAN
from .load import PARTS
from .places import DYNAMICS

TEXT, TABLE, ROWS, PAIR, CHOICE = "text", "table", "rows", "pair", "choice"
RATE, SHARE, POUNDS, YEARS = "per year", "share", "GBP", "years"
OWN, OF_INDICATOR = "the axis's unit", "indicator's unit"


def text(name: str, doc: str, default: str | None = None) -> Field:
    """An entry of words."""
    return Field(name, TEXT, doc, default=default)


SOURCE = text("source", "where the figures come from", "")
NOTES = (text("quality", "quality mark of the group", "unstated"), text("source", "where the group comes from", ""))

STUDY = (text("title", "title"), *(text(part, f"name or path of the {part} file") for part in PARTS))
PLACE = (text("title", "title"), text("ages", "table of age bands in data/"), text("code", "official code", ""))
LINE = (
    text("name", "service line, as the contract's scope calls it"),
    Field("need_growth", RATE, "growth of need beyond demography", -0.1, 0.1),
    Field("pay_share", SHARE, "share of its cost that is pay", 0.0, 1.0),
    Field("drugs_share", SHARE, "share of its cost that is drugs", 0.0, 1.0),
    Field("capital_share", SHARE, "share of its cost that is capital", 0.0, 1.0),
    Field("movable_share", SHARE, "share of its cost that can be moved to other lines", 0.0, 1.0),
    SOURCE,
)
POD = (
    text("name", "point of delivery of acute care outside the budget"),
    Field("base_gbp", POUNDS, "spend in the first contract year", 0.0, 1e11),
    Field("growth", RATE, "growth without the new model of care", -0.1, 0.1),
    Field("benefit_response", SHARE, "part of the benefit of the model of care that shows here", 0.0, 2.0),
    Field("care_elasticity", "elasticity", "change of use for a change of social care", -3.0, 3.0),
    Field("pandemic_response", SHARE, "change of use in a pandemic year", -1.0, 1.0),
    SOURCE,
)
NOISE = (
    Field("kind", CHOICE, "a count, a share of a sample, or the mean of a sample", choices=("rate", "share", "mean")),
    Field("per", "count", "persons to which a rate or a share refers", 1e-9, 1e9),
    Field("denominator", "count", "persons counted or asked", 1.0, 1e9),
    Field("spread", "sd", "over-dispersion of a rate, or sd of one person for a mean", 0.0, 1e9),
)
INDICATOR = (
    text("name", "outcome indicator, as the contract's improvement payment calls it"),
    text("unit", "unit in which it is counted"),
    Field("baseline", OF_INDICATOR, "value at the start", -1e9, 1e9),
    Field("target", OF_INDICATOR, "value that counts as full progress", -1e9, 1e9),
    Field("noise", TABLE, "how chance moves the reported value", columns=NOISE),
    Field("exception_effect", SHARE, "how far an exception lifts what is reported", 0.0, 2.0),
    Field("list_dilution", SHARE, "how far names that are nobody's patients dilute it", 0.0, 2.0),
    Field("qaly_per_progress", "QALY", "health gained a year by full progress", -1e6, 1e6),
    SOURCE,
)
PLACE_TABLES = (
    Field("lines", ROWS, "service lines", columns=LINE),
    Field("pods", ROWS, "acute care outside the budget, by point of delivery", columns=POD),
    Field("indicators", ROWS, "outcome indicators", columns=INDICATOR),
    Field(
        "indicator_dynamics", TABLE, "what moves the outcome indicators",
        columns=tuple(Field(name, RATE, name.replace("_", " "), *bounds) for name, bounds in DYNAMICS.items()),
    ),
)  # fmt: skip

START = (
    Field("earliest", YEARS, "earliest start of the move", -30.0, 30.0),
    Field("latest", YEARS, "latest start of the move", -30.0, 30.0),
    Field("duration", YEARS, "years from start to destination", 0.1, 60.0),
)
SHOCKS = (
    Field("sd", OWN, "spread of a year's shock", 0.0, 1e2),
    Field("persistence", SHARE, "part that lasts into the next year", 0.0, 0.999),
    Field("link", "per unit of growth", "answer to a shock to the economy", -10.0, 10.0),
)
FALL = (
    Field("probability", RATE, "chance of such a year", 0.0, 0.49),
    Field("size", SHARE, "mean fall of output", 0.0, 0.5),
    Field("spread", SHARE, "spread of the fall", 0.0, 0.5),
)
LEVEL_FIELDS = tuple(Field(level, OWN, f"the {level} level", -1e3, 1e3) for level in LEVELS)
AXIS = (
    text("unit", "unit of the axis"),
    Field("levels", TABLE, "levels of the named scenarios, in rising or falling order", columns=(*LEVEL_FIELDS, *NOTES)),
    Field("today", OWN, "value before the first contract year, within the limits"),
    Field("mean", OWN, "mean of the destinations, within the limits"),
    Field("sd", OWN, "spread of the destinations", 0.0, 1e3),
    Field("limits", PAIR, "lowest and highest value that the axis can take"),
    Field("start", TABLE, "when the move begins and how long it takes", columns=(*START, *NOTES)),
    Field("noise", TABLE, "movement from year to year about the path", columns=(*SHOCKS, *NOTES)),
)
CRISIS = Field("crisis", TABLE, "years in which output falls", columns=(*FALL, *NOTES))
AXES_TABLES = tuple(Field(a, TABLE, f"the axis {a}", columns=(*AXIS, CRISIS) if a == "economy" else AXIS) for a in AXES)
CORRELATION = (Field("value", "correlation", "correlation of two axes' destinations", -1.0, 1.0), *NOTES)

SCOPE = (
    text("line", "service line of the place"),
    Field("base_gbp", POUNDS, "its cost in the first year", 0.0, 1e11),
)
BENCHMARK = (
    Field("opening_gbp", POUNDS, "expected acute spend outside the budget in the first year", 0.0, 1e11),
    Field("growth", RATE, "its yearly growth without the model of care", -0.2, 0.2),
    Field("planned_reduction", SHARE, "cut that was planned", -0.5, 0.9),
    Field("phase_years", YEARS, "years over which the cut is phased in", 1.0, 30.0),
)
PLANNED = tuple(Field(name, RATE, f"{name.replace('_', ' ')} that was planned", -0.2, 0.2) for name in PLAN)
CONTRACT_TABLES = (
    Field("plan", TABLE, "what the plan took for granted", columns=PLANNED),
    Field("benchmark", TABLE, "what acute care outside the budget was expected to cost", columns=BENCHMARK),
    Field("scope", ROWS, "service lines in scope and their cost", columns=SCOPE),
)
HURDLES = tuple(Field(one.name, one.unit, one.words, one.low, one.high, one.default) for one in OF_A_STUDY)
CHECKS = (
    Field("null_tolerance", SHARE, "most that chance or idleness may pay, as a share of the annual payment", 0.0, 1.0, 0.005),
)
