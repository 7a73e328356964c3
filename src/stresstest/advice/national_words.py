"""What stands in the tables of many places: for each table its words, and for each column its unit and meaning.

Columns that follow a pattern (a figure with its error and interval, or with its change) are written once and spelt out below.
"""

from __future__ import annotations

from collections.abc import Iterable

from .national_clauses import CHANCES, MEANS
from .national_store import ADDED, ANY, CALL
from .national_tables import said

Meaning = tuple[str, str]
Meanings = dict[str, Meaning]
GBP, SHARE, CHANCE, COUNT = "GBP, present value", "share", "probability", "places"
STRATEGY: Meanings = {"strategy": ("", "what the provider does")}
ERROR, LOW, HIGH = "standard error of ", "lower end of the 95% interval of ", "upper end of the 95% interval of "
FAILURES = ("walks_away", "commissioner_limit", "quality_floor", "hospital_limit", "council_limit", ANY)
PERIL = {name: f"chance that {said(name)}" for name in FAILURES}


def _with_error(name: str, unit: str, words: str, interval: bool = False) -> Meanings:
    """A figure, its standard error and, where there is one, its interval."""
    found = {name: (unit, words), f"{name}_error": (unit, f"{ERROR}{name}")}
    return found | (
        {f"{name}_low": (unit, f"{LOW}{name}"), f"{name}_high": (unit, f"{HIGH}{name}")} if interval else {}
    )


def _estimate(stem: str, end: str, unit: str, words: str) -> Meanings:
    """A figure whose unit ends its name: stem_end, stem_error_end, stem_low_end, stem_high_end."""
    return {
        f"{stem}_{end}": (unit, words),
        f"{stem}_error_{end}": (unit, f"{ERROR}{stem}_{end}"),
        f"{stem}_low_{end}": (unit, f"{LOW}{stem}_{end}"),
        f"{stem}_high_{end}": (unit, f"{HIGH}{stem}_{end}"),
    }


def _joined(parts: Iterable[Meanings]) -> Meanings:
    return {name: meaning for part in parts for name, meaning in part.items()}


def _places() -> Meanings:
    units = {"gbp": GBP, "qaly": "QALY, present value"}
    means = [
        _estimate("call" if name == CALL else name.replace(" ", "_"), unit, units[unit], f"{name}, mean")
        for name, _, unit, _ in ADDED
    ]
    return STRATEGY | {
        "place": ("", "place"),
        "code": ("", "code of the place"),
        "contract": ("", "contract of the run"),
        "run": ("", "run"),
        "agreed_budget_gbp": (GBP, "budget agreed at signature, over the term"),
        **_joined(_with_error(f"{name}_probability", CHANCE, words, True) for name, words in PERIL.items()),
        **_joined(means),
        **_estimate("true", "score", "fraction", "true progress on the outcomes, mean of all years"),
        "exposure_share": (SHARE, "mean commissioner exposure as a share of the agreed budget"),
        "worst_1_in_20_gbp": (
            GBP,
            "mean exposure of the place's commissioner in the futures in which the nation's is among the worst 1 in 20",
        ),
        "share_of_worst": (SHARE, "that as a share of the nation's"),
        "fails_alone_probability": (
            CHANCE,
            "chance that losses end the contract while they end at most 1 in 20 of the others'",
        ),
        "fails_alone_error": (CHANCE, f"{ERROR}fails_alone_probability"),
        "fails_with_many_probability": (CHANCE, "chance that losses end the contract and at least half of the others'"),
        "fails_with_many_error": (CHANCE, f"{ERROR}fails_with_many_probability"),
        "rank_by_failure": ("rank", "1 where losses are likeliest to end the contract"),
        "rank_by_exposure_share": ("rank", "1 where the commissioner bears most for each pound of agreed budget"),
        "rank_by_share_of_worst": ("rank", "1 for the largest part of the nation's worst 1 in 20"),
        "rank_by_failing_alone": ("rank", "1 where failing alone is likeliest"),
        "rank_by_failing_with_many": ("rank", "1 where failing with at least half of the others is likeliest"),
    }


FAILING: Meanings = {"failure": ("", "kind of failure")}
LAWS = {
    "independent": "places that fail independently with their own chances",
    "together": "places that fail in one order, the likeliest first",
}
LINK: Meanings = {
    "link": ("", "what links places: provider, hospital, or both"),
    "provider_threshold": (
        SHARE,
        "share of a provider's agreed budgets whose loss ends the rest; empty where it does not act",
    ),
    "hospital_threshold": (
        SHARE,
        "share of a hospital's places' agreed budgets whose loss ends the rest; empty where it does not act",
    ),
}
YEAR: Meanings = {"year": ("", "financial year"), "year_number": ("years", "year of the contract, 1 the first")}
LEVEL: Meanings = {"level": ("", "how many places, in words"), "at_least_places": (COUNT, "so many places or more")}
OWN, WITH = "whose contract losses end by themselves", "whose contract losses or contagion end"


def _joint() -> Meanings:
    return (
        STRATEGY
        | FAILING
        | {
            "places_failing": (COUNT, "number of places"),
            "probability": (CHANCE, "chance that just so many fail"),
            "probability_error": (CHANCE, f"{ERROR}probability"),
            **_with_error("at_least_probability", CHANCE, "chance that so many or more fail", True),
            **_joined(
                {
                    f"{law}_probability": (CHANCE, f"chance of just so many, of {words}"),
                    f"{law}_at_least_probability": (CHANCE, f"chance of so many or more, of {words}"),
                }
                for law, words in LAWS.items()
            ),
        }
    )


def _by_year() -> Meanings:
    return (
        STRATEGY
        | FAILING
        | YEAR
        | _with_error("mean_places", COUNT, "mean number of places that have failed by then")
        | {
            "sd_places": (COUNT, "standard deviation of that number"),
            "independent_sd_places": (COUNT, "the same of independent places"),
            **LEVEL,
            **_with_error("probability", CHANCE, "chance that so many have failed by then", True),
            **_joined(_with_error(f"{law}_probability", CHANCE, f"the same of {words}") for law, words in LAWS.items()),
            **_with_error("beyond_independent", CHANCE, "probability less independent_probability"),
        }
    )


def _diversified() -> Meanings:
    return STRATEGY | {
        "measure": ("", "total over all places"),
        "unit": ("", "unit of the standard deviations: gbp or qaly, present value"),
        "sd": ("as unit", "standard deviation of the total"),
        "independent_sd": ("as unit", "the same of independent places"),
        "together_sd": ("as unit", "the same of places that move as one: the sum of their own"),
        "equal_sizes_sd": ("as unit", "the same of as many places of one size, with the same sum and correlation"),
        "diversified_share": (SHARE, "part of the summed standard deviations that evens out"),
        "effective_places": (COUNT, "number of places of one size that would even out as much, were they independent"),
        "local_share": (
            SHARE,
            "variance of the total that is each place's own: what even independent places would have",
        ),
        **_with_error(
            "shared_share", SHARE, "variance of the total that comes of places moving together (covariances)"
        ),
        **_with_error(
            "remaining_share",
            SHARE,
            "today's variance of the mean place that would remain with endlessly many such places",
        ),
        **_with_error("times_independent", "ratio", "sd over independent_sd"),
        **_with_error(
            "correlation", "correlation", "mean correlation of pairs of places, weighed by their standard deviations"
        ),
    }


def _contagion() -> Meanings:
    costs = {"mean": "mean", "p50": "median", "p95": "95th percentile", "cte95": "mean of the worst 1 in 20"}
    numbers = {
        "own": f"places {OWN}",
        "with_contagion": f"places {WITH}",
        "added": "the one less the other",
        "caught": "places whose contract contagion ends, those that would have failed later among them",
    }
    return (
        STRATEGY
        | LINK
        | {
            **_joined(
                _with_error(f"{key}_mean_places", COUNT, f"mean number of {words}" if key != "added" else words)
                for key, words in numbers.items()
            ),
            "own_sd_places": (COUNT, f"standard deviation of the number of places {OWN}"),
            "with_contagion_sd_places": (COUNT, f"standard deviation of the number of places {WITH}"),
            **_with_error("some_caught_probability", CHANCE, "chance that contagion ends any contract"),
            **_joined(
                {
                    f"extra_cost_{key}_gbp": (GBP, f"upper estimate of what contagion adds for commissioners, {words}"),
                    f"extra_cost_{key}_error_gbp": (GBP, f"{ERROR}extra_cost_{key}_gbp"),
                }
                for key, words in costs.items()
            ),
        }
    )


def _clauses() -> Meanings:
    units = {"gbp": GBP, "qaly": "QALY, present value", "places": COUNT}
    words = {
        **{
            name: (
                units[name.rsplit("_", 1)[1]],
                f"{row if row != 'walks_away' else 'number of places whose contract losses end'}, mean of the total",
            )
            for name, row in MEANS
        },
        **{
            name: (CHANCE, f"chance that losses end the contracts of at least {share:.0%} of places")
            for name, share in CHANCES
        },
        "exposure_sd_gbp": (GBP, "standard deviation of commissioners' total exposure"),
        "exposure_worst_1_in_20_gbp": (GBP, "mean of the worst 1 in 20 of commissioners' total exposure"),
        "correlation": (
            "correlation",
            "mean correlation of pairs of places' exposure, weighed by their standard deviations",
        ),
    }
    return STRATEGY | {
        "variant": ("", "variant of the contract in all places; base is the one to compare with"),
        "contract": ("", "contract of the first place"),
        **_joined(
            _with_error(name, unit, said_)
            | _with_error(f"{name}_change", unit, f"change of {name} from the base, same futures")
            for name, (unit, said_) in words.items()
        ),
        "verdict": (
            "",
            "helps, hurts, moves the risk together (less on average, but standard deviation, correlation or tail rises), or "
            "within error (two standard errors)",
        ),
    }


#: Every table: its words, and its columns with unit and meaning.
TABLES: dict[str, tuple[str, Meanings]] = {
    "places": ("Every place: failures, money, health, its part in the nation's worst futures, ranks", _places()),
    "joint_summary": (
        "How many places fail in one future, by kind of failure",
        STRATEGY
        | FAILING
        | {
            "words": ("", "the failure in words"),
            **_with_error("mean_places", COUNT, "mean number of places that fail"),
            "sd_places": (COUNT, "its standard deviation"),
            "independent_sd_places": (COUNT, "the same of independent places"),
            "together_sd_places": (COUNT, f"the same of {LAWS['together']}"),
            "times_independent": ("ratio", "sd_places over independent_sd_places"),
        },
    ),
    "joint": ("The chance that so many places fail in one future", _joint()),
    "joint_by_year": ("The chance that so many places have failed by the end of each year", _by_year()),
    "totals": (
        "What places add up to, future by future. A call is what exceeds commissioners' own limits, each by itself or pooled",
        STRATEGY
        | {
            "measure": ("", "total over all places"),
            "unit": ("", "gbp or qaly, present value"),
            "statistic": ("", "mean, percentile, or mean of the worst 1 in 20 (cte95)"),
            **{
                name: ("as unit", words)
                for name, words in {
                    "value": "the statistic",
                    "error": f"{ERROR}value",
                    "low": f"{LOW}value",
                    "high": f"{HIGH}value",
                }.items()
            },
        },
    ),
    "diversified": ("What evens out over places, what they share, and what their sizes do", _diversified()),
    "economy": (
        "Which shared uncertainties go with the totals. Correlation only: it is no cause, and shares do not add up",
        STRATEGY
        | {
            "measure": ("", "total over all places"),
            "axis": ("", "national column of table futures, or all of them in a straight line"),
            **_with_error("correlation", "correlation", "linear correlation over futures"),
            **_with_error("share_of_variance", SHARE, "its square: part of the total's variance that goes with it"),
        },
    ),
    "contagion": (
        "Failures and cost with contagion, by kind of link and threshold; at a threshold of 1 nobody is caught",
        _contagion(),
    ),
    "contagion_joint": (
        "The chance that so many places fail, by themselves and with contagion",
        STRATEGY
        | LINK
        | LEVEL
        | _joined(
            (
                _with_error("own_probability", CHANCE, f"chance of so many places {OWN}"),
                _with_error("with_contagion_probability", CHANCE, f"chance of so many places {WITH}"),
                _with_error("added_probability", CHANCE, "the one less the other, in the same futures"),
            )
        ),
    ),
    "contagion_by_year": (
        "How many places have failed by the end of each year, by themselves and with contagion",
        STRATEGY
        | LINK
        | YEAR
        | _joined(
            (
                _with_error("own_mean_places", COUNT, f"mean number of places {OWN} by then"),
                _with_error("with_contagion_mean_places", COUNT, f"mean number of places {WITH} by then"),
                _with_error("added_mean_places", COUNT, "the one less the other"),
            )
        ),
    ),
    "caught_places": (
        "Places that hang together with others, the most exposed to contagion first",
        STRATEGY
        | {
            "place": ("", "place"),
            "code": ("", "code of the place"),
            "provider": ("", "its provider"),
            "hospital": ("", "its hospital"),
            **_with_error("own_probability", CHANCE, "chance that losses end the contract by themselves"),
            **_with_error(
                "caught_probability",
                CHANCE,
                "chance that contagion ends it, earlier than it would have ended by itself or at all",
            ),
            "rank": ("rank", "1 for the likeliest to be caught"),
        },
    ),
    "infectious_groups": (
        "Groups by how many places they catch. A place that two groups catch in one year counts in both",
        STRATEGY
        | {
            "link": LINK["link"],
            "group": ("", "provider or hospital"),
            "places": (COUNT, "places of the group"),
            "threshold": (SHARE, "share of the group's agreed budgets whose loss ends the rest"),
            **_with_error("catches_probability", CHANCE, "chance that it catches any place"),
            **_with_error("caught_mean_places", COUNT, "mean number of places that it catches"),
            "caught_share_of_places": (SHARE, "that over the places of the group"),
            "rank": ("rank", "1 for the group that catches most"),
        },
    ),
    "hospitals": (
        "What falls on hospitals of two places or more, beside each place's part; one row for each place",
        STRATEGY
        | {
            "hospital": ("", "hospital"),
            "places": (COUNT, "places that lean on it"),
            "limit_gbp": (GBP, "summed limits of its places: shares of the acute spend expected of each"),
            "exposure_mean_gbp": (GBP, "what falls on it from all its places, mean"),
            "exposure_mean_error_gbp": (GBP, f"{ERROR}exposure_mean_gbp"),
            **_with_error("together_probability", CHANCE, "chance that the sum exceeds the summed limits"),
            "place": ("", "place"),
            "code": ("", "code of the place"),
            **_with_error("alone_probability", CHANCE, "chance that this place's part exceeds its own limit"),
        },
    ),
    "clauses": ("Other contracts in all places at once, beside the base in the same futures", _clauses()),
}
