"""What stands in the tables of many places: for each table its words, and for each column its unit and meaning.

Columns that follow a pattern (a figure with its error and interval, or with its change) are written once and spelt out below.
"""

from __future__ import annotations

from .national_clauses import CHANCES, MEANS
from .national_store import ADDED, ANY, CALL
from .national_tables import said
from .national_words_contagion import TABLES as CONTAGION
from .national_words_parts import (
    CHANCE,
    COUNT,
    ERROR,
    GBP,
    HIGH,
    LEVEL,
    LOW,
    SHARE,
    STRATEGY,
    YEAR,
    Meanings,
    estimate,
    joined,
    with_error,
)

FAILURES = ("walks_away", "commissioner_limit", "quality_floor", "hospital_limit", "council_limit", ANY)
PERIL = {name: f"chance that {said(name)}" for name in FAILURES}


def _places() -> Meanings:
    units = {"gbp": GBP, "qaly": "QALY, present value"}
    means = [
        estimate("call" if name == CALL else name.replace(" ", "_"), unit, units[unit], f"{name}, mean")
        for name, _, unit, _ in ADDED
    ]
    return STRATEGY | {
        "place": ("", "place"),
        "code": ("", "code of the place"),
        "contract": ("", "contract of the run"),
        "run": ("", "run"),
        "agreed_budget_gbp": (GBP, "budget agreed at signature, over the term"),
        **joined(with_error(f"{name}_probability", CHANCE, words, True) for name, words in PERIL.items()),
        **joined(means),
        **estimate("true", "score", "fraction", "true progress on the outcomes, mean of all years"),
        "exposure_share": (SHARE, "mean commissioner exposure as a share of the agreed budget"),
        "worst_1_in_20_gbp": (
            GBP,
            "mean exposure of the place's commissioner in the futures in which the nation's is among the worst 1 in 20",
        ),
        "share_of_worst": (SHARE, "that as a share of the nation's"),
        "worst_over_budget": ("ratio", "share_of_worst over the place's share of all agreed budgets"),
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
        "rank_by_worst_over_budget": ("rank", "1 for the largest part of the nation's worst 1 in 20 for its budget"),
        "rank_by_failing_alone": ("rank", "1 where failing alone is likeliest"),
        "rank_by_failing_with_many": ("rank", "1 where failing with at least half of the others is likeliest"),
    }


FAILING: Meanings = {"failure": ("", "kind of failure")}
LAWS = {
    "independent": "places that fail independently with their own chances",
    "together": "places that fail in one order, the likeliest first",
}


def _joint() -> Meanings:
    return (
        STRATEGY
        | FAILING
        | {
            "places_failing": (COUNT, "number of places"),
            "probability": (CHANCE, "chance that just so many fail"),
            "probability_error": (CHANCE, f"{ERROR}probability"),
            **with_error("at_least_probability", CHANCE, "chance that so many or more fail", True),
            **joined(
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
        | with_error("mean_places", COUNT, "mean number of places that have failed by then")
        | {
            "sd_places": (COUNT, "standard deviation of that number"),
            "independent_sd_places": (COUNT, "the same of independent places"),
            **LEVEL,
            **with_error("probability", CHANCE, "chance that so many have failed by then", True),
            **joined(with_error(f"{law}_probability", CHANCE, f"the same of {words}") for law, words in LAWS.items()),
            **with_error("beyond_independent", CHANCE, "probability less independent_probability"),
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
        **with_error("shared_share", SHARE, "variance of the total that comes of places moving together (covariances)"),
        **with_error(
            "remaining_share",
            SHARE,
            "today's variance of the mean place that would remain with endlessly many such places",
        ),
        **with_error("times_independent", "ratio", "sd over independent_sd"),
        **with_error(
            "correlation", "correlation", "mean correlation of pairs of places, weighed by their standard deviations"
        ),
    }


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
        "shared_variance": (
            "GBP², present value",
            "variance of commissioners' total exposure that comes of places moving together (covariances)",
        ),
    }
    return STRATEGY | {
        "variant": ("", "variant of the contract in all places; base is the one to compare with"),
        "contract": ("", "contract of the first place"),
        **joined(
            with_error(name, unit, said_)
            | with_error(f"{name}_change", unit, f"change of {name} from the base, same futures")
            for name, (unit, said_) in words.items()
        ),
        "gbp_per_qaly": (
            "GBP for each QALY",
            "change of exposure_mean_gbp over that of health_mean_qaly, where both rise beyond two errors; empty elsewhere",
        ),
        "verdict": (
            "",
            "mean and worst 1 in 20 of exposure, beyond two errors each: helps (none rises), hurts (none falls), a trade "
            "(one rises, one falls), or within error; besides, whether shared_variance rises: evens out less as more places sign",
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
            **with_error("mean_places", COUNT, "mean number of places that fail"),
            "sd_places": (COUNT, "its standard deviation"),
            "independent_sd_places": (COUNT, "the same of independent places"),
            "together_sd_places": (COUNT, f"the same of {LAWS['together']}"),
            "times_independent": ("ratio", "sd_places over independent_sd_places"),
        },
    ),
    "joint": ("The chance that so many places fail in one future", _joint()),
    "joint_by_year": ("The chance that so many places have failed by the end of each year", _by_year()),
    "places_differ": (
        "Whether places differ in their chance of failing by more than chance: χ² of equal chances, the shared economy cancelled",
        STRATEGY
        | {
            "measure": ("", "failure: walks_away (losses end the contract), or any"),
            "chi_square": (
                "",
                "sum of squared differences from the mean chance over the local variance of a place's chance",
            ),
            "freedom": ("", "degrees of freedom: places less 1"),
            "p_value": (CHANCE, "chance of so large a chi_square were all chances equal"),
            "rank_correlation_with_budget": (
                "correlation",
                "Spearman's, of the places' chances with their agreed budgets",
            ),
        },
    ),
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
            **with_error("correlation", "correlation", "linear correlation over futures"),
            **with_error("share_of_variance", SHARE, "its square: part of the total's variance that goes with it"),
        },
    ),
    **CONTAGION,
    "hospitals": (
        "What falls on hospitals of two places or more, beside each place's part; one row for each place",
        STRATEGY
        | {
            "hospital": ("", "hospital"),
            "places": (COUNT, "places that lean on it"),
            "limit_gbp": (GBP, "summed limits of its places: shares of the acute spend expected of each"),
            "exposure_mean_gbp": (GBP, "what falls on it from all its places, mean"),
            "exposure_mean_error_gbp": (GBP, f"{ERROR}exposure_mean_gbp"),
            **with_error("together_probability", CHANCE, "chance that the sum exceeds the summed limits"),
            "place": ("", "place"),
            "code": ("", "code of the place"),
            **with_error("alone_probability", CHANCE, "chance that this place's part exceeds its own limit"),
        },
    ),
    "clauses": ("Other contracts in all places at once, beside the base in the same futures", _clauses()),
}
