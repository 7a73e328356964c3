"""Every column of every table, once: name, kind, unit and meaning. No values, no files.

    futures   one row per scenario and future: what nature did
    outcomes  one row per strategy, scenario and future: how the contract went
    years     one row per strategy, scenario, year and future, for the first futures of each scenario
    gaming    one row per exploit
    bins      where futures are condensed, for each outcome the weight of the futures in bins
    moments   there too, sums, errors and extremes of each outcome
    ends      there too, the weight of early ends by year and cause, and of each hurdle missed
    summary   long form: one row per figure

Money is in pounds; `npv` means present value at the start of the contract; rates and shares are fractions. Future 0 is
the central case: it is in the tables and belongs in no probability.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .. import layout as L

SCHEMA_VERSION = "1"
LICENCE = "OGL-UK-3.0"
LICENCE_TITLE = "Open Government Licence v3.0"
LICENCE_PATH = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"

TABLES = ("futures", "outcomes", "years", "gaming", "bins", "moments", "ends", "summary")
SIMULATED = TABLES[:3]
#: Columns whose values name a group of rows; within a group, rows stand in the order of their futures.
GROUPS = {"futures": ("scenario",), "outcomes": ("scenario", "strategy"), "years": ("scenario", "strategy", "year")}

TEXT, REAL, WHOLE, FLAG = "string", "float64", "int64", "bool"


@dataclass(frozen=True)
class Column:
    """One output column: its table, name, type, unit ("" for words) and meaning; `nullable` where it may be empty."""

    table: str
    name: str
    kind: str
    unit: str
    description: str
    nullable: bool = False


_KEYS: dict[str, tuple[str, str, str]] = {
    "place": (TEXT, "", "place whose population the contract covers"),
    "contract": (TEXT, "", "contract, or variant of it"),
    "strategy": (TEXT, "", "what the provider does; honest strategies are the twins of the others"),
    "scenario": (TEXT, "", "set of futures"),
    "future": (WHOLE, "number", "number of the future; 0 is the central case and is left out of every probability"),
    "weight": (REAL, "weight", "weight of the future within its scenario: what its design and consistency factors give it"),
    "group": (WHOLE, "number", "replicate, pair or stratum of the future: which futures are independent of which"),
    "cell": (WHOLE, "number", "cell of the six destinations: sum of level x 3^(5 - axis), levels 0 low, 1 middle, 2 high"),
    "course": (WHOLE, "number", "member of the scenario that the future follows; 0 where there is one"),
    "year": (TEXT, "", "financial year, April to March"),
}
_AXIS_UNITS = {
    "responsibility": ("index", "responsibility for health: −1 individual prevention, +1 institutional cure"),
    "control": ("index", "control of care: −1 place-based, +1 national"),
    "state": ("share of GDP", "size of the state"),
    "economy": ("per year", "real growth of the economy"),
    "technology": ("index", "take-up of technology: −1 low, +1 high"),
    "workforce": ("share of posts", "vacancies"),
}
_NATURE = {
    **{f"{a}_mean": (unit, f"{words}; mean over the contract's years") for a, (unit, words) in _AXIS_UNITS.items()},
    **{f"{a}_end": (unit, f"{words}; in the last year") for a, (unit, words) in _AXIS_UNITS.items()},
    "opening_gap": ("share of price", "true cost of the scope above the opening price"),
    "benefit_full": ("fraction", "acute activity saved by new care in full effect, before each kind's own response"),
    "funding_growth_mean": ("per year", "mean yearly growth of the local allocation"),
    "crisis_years": ("years", "years in which output fell"),
    "inflation_surprises": ("years", "years with an inflation surprise"),
    "pandemic_years": ("years", "years with a pandemic"),
    "hard_winters": ("years", "hard winters outside pandemic years"),
    "omitted_item": ("0 or 1", "whether the opening price left out an item, such as VAT that cannot be recovered"),
    "start_delay": ("years", "delay of the start beyond the plan; it makes the price stale"),
    "starts": ("0 or 1", "whether the contract outlives its mobilisation; outcomes are given that it does"),
    "realised_scope": ("share of scope", "share of the planned scope that is ever run, 0 where it never starts; outcomes are "
                       "for the full scope"),
    "productivity_growth": ("per year", "productivity growth drawn for the provider, before technology and its choices; mean"),
    "need_surprise": ("per year", "growth of need by chance, beyond every cause that is named; mean"),
    "pay_surprise": ("per year", "growth of pay by chance, beyond the economy and vacancies; mean"),
}
_GBP = "GBP, present value"
_CAUSE_WORDS = {
    "uplift": "annual payment and price variation beyond the agreed budget",
    "improvement": "improvement payments",
    "gain_share": "gain and loss share, caps and collars",
    "rescue": "support beyond the owners' cap",
    "step_in": "care after the provider has left, and letting the contract again",
    "shifted": "care that was shifted out of scope and came back, and care of people moved off the list",
}
_OUTCOMES = {
    "provider_surplus_npv_gbp": (_GBP, "the provider's surplus over the years in service"),
    "commissioner_exposure_npv_gbp": (_GBP, "what the commissioner pays or must fund beyond the agreed budget, net"),
    "commissioner_exposure_gross_npv_gbp": (_GBP, "the same, counting only causes and years in which it is positive"),
    **{f"exposure_{k}_npv_gbp": (_GBP, f"commissioner exposure by cause: {_CAUSE_WORDS[k]}") for k in L.EXPOSURE},
    "public_exposure_npv_gbp": (_GBP, "commissioner exposure plus what falls on the hospital and the council"),
    "hospital_exposure_npv_gbp": (_GBP, "what falls on the hospital: cost that stays when activity falls, and what it pays under "
                                  "the clauses, less what it receives"),
    "council_exposure_npv_gbp": (_GBP, "what falls on the council: care shifted to it, and what it pays under the clauses, less "
                                 "what it receives"),
    "health_qaly_npv": ("QALY, present value", "health gained against the start of the contract"),
    "performance_npv_gbp": (_GBP, "all payments to the provider besides the annual payment"),
    "gaming_cost_npv_gbp": (_GBP, "what the provider spends on gaming"),
    "lowest_reserve_gbp": ("GBP", "lowest year-end reserve, less what owners had put in by then"),
    "mean_true_score": ("fraction", "mean true progress on the outcome indicators over all years"),
    "mean_reported_score": ("fraction", "mean reported score over the years in service"),
}
_EXITS = {
    "exit_year": "last financial year of service when the contract ended early; empty when it ran its term",
    "exit_cause": "why the contract ended early; none when it ran its term",
}
_YEARLY = {
    "income_gbp": ("GBP", "the provider's income under the contract"),
    "cost_gbp": ("GBP", "the provider's cost of care"),
    "surplus_gbp": ("GBP", "income less cost"),
    "cumulative_surplus_gbp": ("GBP", "running sum of surplus"),
    "reserve_gbp": ("GBP", "reserve at the end of the year"),
    "agreed_budget_gbp": ("GBP", "budget agreed at signature"),
    "annual_payment_gbp": ("GBP", "annual payment"),
    "performance_gbp": ("GBP", "payments to the provider besides the annual payment"),
    "commissioner_exposure_gbp": ("GBP", "what the commissioner pays or must fund beyond the agreed budget, net"),
    "reported_score": ("fraction", "reported score on the outcome indicators"),
    "true_score": ("fraction", "true progress on the outcome indicators"),
    "acute_actual_gbp": ("GBP", "acute activity outside the budget, at its price"),
    "acute_expected_gbp": ("GBP", "its benchmark"),
}
_GAMING: dict[str, tuple[str, str, str]] = {
    "lever": (TEXT, "", "lever, or levers joined by +"),
    "code": (TEXT, "", "number in the catalogue of levers"),
    "plain_english": (TEXT, "", "what the provider does"),
    "grade": (TEXT, "", "lawful, grey or false"),
    "bends": (TEXT, "", "whether it bends the world or the record"),
    "intensity": (REAL, "intensity", "how far the lever is pulled, on its own scale"),
    "gain_mean_gbp": (REAL, _GBP, "provider's mean gain over the honest best response in the same futures"),
    "gain_error_gbp": (REAL, _GBP, "Monte Carlo standard error of the mean gain"),
    "gain_p5_gbp": (REAL, _GBP, "5th percentile of the gain"),
    "gain_p50_gbp": (REAL, _GBP, "median gain"),
    "gain_p95_gbp": (REAL, _GBP, "95th percentile of the gain"),
    "harm_commissioner_mean_gbp": (REAL, _GBP, "mean loss to the commissioner"),
    "harm_public_mean_gbp": (REAL, _GBP, "mean loss to the public purse, the commissioner included"),
    "harm_qaly_mean": (REAL, "QALY, present value", "mean loss of health"),
    "probability_worthwhile": (REAL, "probability", "share of futures in which the gain is above zero"),
    "detection_assumed": (REAL, "probability per year", "chance of being found out that was assumed"),
    "detection_break_even": (REAL, "probability per year", "chance of being found out at which the mean gain is zero"),
    "creating_terms": (TEXT, "", "clauses that make it pay"),
    "fix": (TEXT, "", "change of wording that answers it"),
    "fix_term": (TEXT, "", "clause to change"),
    "fix_field": (TEXT, "", "field of that clause"),
    "fix_value": (TEXT, "", "new value of that field"),
    "residual_gain_mean_gbp": (REAL, _GBP, "provider's mean gain once the fix is in"),
    "residual_error_gbp": (REAL, _GBP, "Monte Carlo standard error of the residual gain"),
    "residual_commissioner_gbp": (REAL, _GBP, "mean loss to the commissioner once the fix is in"),
    "displaced_to": (TEXT, "", "lever to which a provider would turn once the fix is in"),
    "harmed": (TEXT, "", "who bears it"),
    "early_sign": (TEXT, "", "what would be seen first"),
    "evidence": (TEXT, "", "where it has been seen"),
    "futures_searched": (WHOLE, "number", "futures on which the exploit was found"),
    "futures_verified": (WHOLE, "number", "fresh futures on which it was scored"),
}
_BINS: dict[str, tuple[str, str, str]] = {
    "scenario": _KEYS["scenario"],
    "strategy": (TEXT, "", "what the provider does, or the difference of two strategies in the same futures"),
    "measure": (TEXT, "", "column of outcomes"),
    "low": (REAL, "as the measure", "lowest value in the bin"),
    "high": (REAL, "as the measure", "highest value in the bin"),
    "weight": (REAL, "weight", "weight of the futures whose value lies in the bin"),
}
_MOMENTS: dict[str, tuple[str, str, str]] = {
    **{name: _BINS[name] for name in ("scenario", "strategy", "measure")},
    "futures": (WHOLE, "number", "futures, the central one left out"),
    "weight": (REAL, "weight", "sum of their weights"),
    "weight_squares": (REAL, "weight squared", "sum of the squares of their weights"),
    "mean": (REAL, "as the measure", "weighted mean"),
    "squares": (REAL, "measure squared", "weighted sum of squares about the mean"),
    "error_squares": (REAL, "measure squared", "sum of (weight times distance from the mean) squared: its root over the sum of "
                      "weights is the mean's standard error"),
    "lowest": (REAL, "as the measure", "lowest value"),
    "lowest_future": (WHOLE, "number", "first future that has it"),
    "highest": (REAL, "as the measure", "highest value"),
    "highest_future": (WHOLE, "number", "first future that has it"),
}
_ENDS: dict[str, tuple[str, str, str]] = {
    "scenario": _KEYS["scenario"],
    "strategy": _KEYS["strategy"],
    "kind": (TEXT, "", "exit: the contract ended early; failure: a hurdle was missed"),
    "name": (TEXT, "", "cause of the end, or the hurdle; any: some hurdle was missed or losses ended the contract"),
    "year": (TEXT, "", "last financial year of service; empty for a hurdle"),
    "weight": (REAL, "weight", "weight of the futures in which it is so"),
}
_SUMMARY: dict[str, tuple[str, str, str]] = {
    "scenario": _KEYS["scenario"],
    "strategy": _KEYS["strategy"],
    "party": (TEXT, "", "whose figure it is"),
    "metric": (TEXT, "", "what is measured"),
    "year": (TEXT, "", "financial year; empty for the whole contract"),
    "statistic": (TEXT, "", "mean, quantile, probability …"),
    "value": (REAL, "see unit", "the figure"),
    "error": (REAL, "see unit", "its Monte Carlo standard error; empty where there is none"),
    "low": (REAL, "see unit", "lower end of its 95% interval; empty where the futures are too few to give one"),
    "high": (REAL, "see unit", "upper end of its 95% interval; empty where the futures are too few to give one"),
    "unit": (TEXT, "", "unit of value, error, low and high"),
    "method": (TEXT, "", "how error and interval were found: what is independent in the design, and the kind of interval"),
}


def _keys(table: str, *names: str) -> list[Column]:
    return [Column(table, name, *_KEYS[name]) for name in names]


def _reals(table: str, names: Iterable[str], facts: dict[str, tuple[str, str]]) -> list[Column]:
    return [Column(table, name, REAL, *facts[name]) for name in names]


def _wide(table: str, facts: dict[str, tuple[str, str, str]], *never_empty: str) -> list[Column]:
    return [Column(table, n, *f, nullable=f[0] == REAL and n not in never_empty) for n, f in facts.items()]


COLUMNS: dict[str, tuple[Column, ...]] = {
    "futures": (
        *_keys("futures", "scenario", "future", "weight", "group", "cell", "course"), *_reals("futures", L.NATURE, _NATURE),
    ),
    "outcomes": (
        *_keys("outcomes", "place", "contract", "strategy", "scenario", "future", "weight", "group"),
        *_reals("outcomes", L.OUTCOMES[:-2], _OUTCOMES),
        *(Column("outcomes", name, TEXT, "", words) for name, words in _EXITS.items()),
    ),
    "years": (
        *_keys("years", "strategy", "scenario", "future", "year", "weight", "group"),
        *_reals("years", L.YEARLY[:-1], _YEARLY),
        Column("years", "running", FLAG, "yes or no", "whether the provider was in service at the start of the year"),
    ),
    "gaming": tuple(_wide("gaming", _GAMING)),
    "bins": tuple(_wide("bins", _BINS, *_BINS)),
    "moments": tuple(_wide("moments", _MOMENTS, *_MOMENTS)),
    "ends": tuple(_wide("ends", _ENDS, "weight")),
    "summary": tuple(_wide("summary", _SUMMARY, "value")),
}


def names(table: str, *kinds: str) -> list[str]:
    """Names of a table's columns, of the given kinds only where any are given."""
    return [column.name for column in COLUMNS[table] if not kinds or column.kind in kinds]


def describe() -> list[dict[str, Any]]:
    """The data dictionary: one row per column with table, name, type, unit, description and nullable."""
    return [
        {
            "table": c.table, "name": c.name, "type": c.kind, "unit": c.unit, "description": c.description,
            "nullable": c.nullable,
        }
        for table in TABLES
        for c in COLUMNS[table]
    ]  # fmt: skip


@lru_cache(maxsize=32)
def arrow_schema(table: str, run_id: str) -> Any:
    """The pyarrow schema of a table: unit and description in each field, version, run and licence in the file."""
    import pyarrow as pa

    kinds = {TEXT: pa.dictionary(pa.int32(), pa.string()), REAL: pa.float64(), WHOLE: pa.int64(), FLAG: pa.bool_()}
    fields = [
        pa.field(c.name, kinds[c.kind], c.nullable, metadata={"unit": c.unit, "description": c.description})
        for c in COLUMNS[table]
    ]
    about = {"stresstest.schema_version": SCHEMA_VERSION, "run_id": run_id, "licence": LICENCE}
    return pa.schema(fields, metadata=about)
