"""What stands in the tables of contagion between places: their words, and for each column its unit and meaning."""

from __future__ import annotations

from .national_words_parts import CHANCE, COUNT, ERROR, GBP, LEVEL, SHARE, STRATEGY, YEAR, Meanings, joined, with_error

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
OWN, WITH = "whose contract losses end by themselves", "whose contract losses or contagion end"
#: What a caught contract would have come to by itself.
OTHERWISE = {
    "failed_later": "losses would have ended later anyway",
    "ended_by_policy": "policy would have ended",
    "run_its_term": "would have run its term",
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
            **joined(
                with_error(f"{key}_mean_places", COUNT, f"mean number of {words}" if key != "added" else words)
                for key, words in numbers.items()
            ),
            "own_failures_first_caught": (
                COUNT,
                "least number of places that fail by themselves in a future in which any is caught; empty where none is",
            ),
            **with_error(
                "caught_for_each_own_failure",
                "ratio",
                "caught_mean_places over own_mean_places; empty without failures",
            ),
            **joined(
                with_error(f"caught_{key}_share", SHARE, f"part of the places caught whose contract {told}")
                for key, told in OTHERWISE.items()
            ),
            "own_sd_places": (COUNT, f"standard deviation of the number of places {OWN}"),
            "with_contagion_sd_places": (COUNT, f"standard deviation of the number of places {WITH}"),
            **with_error("some_caught_probability", CHANCE, "chance that contagion ends any contract"),
            **joined(
                {
                    f"extra_cost_{key}_gbp": (
                        GBP,
                        f"upper estimate of what contagion adds for commissioners, {words}; an end that is rare in its place and "
                        "year costs what all places pay in that year for each £ of budget",
                    ),
                    f"extra_cost_{key}_error_gbp": (GBP, f"{ERROR}extra_cost_{key}_gbp"),
                }
                for key, words in costs.items()
            ),
        }
    )


#: Every table of contagion: its words, and its columns with unit and meaning.
TABLES: dict[str, tuple[str, Meanings]] = {
    "contagion": (
        "Failures and cost with contagion, by kind of link and threshold; at a threshold of 1 nobody is caught",
        _contagion(),
    ),
    "contagion_joint": (
        "The chance that so many places fail, by themselves and with contagion",
        STRATEGY
        | LINK
        | LEVEL
        | joined(
            (
                with_error("own_probability", CHANCE, f"chance of so many places {OWN}"),
                with_error("with_contagion_probability", CHANCE, f"chance of so many places {WITH}"),
                with_error("added_probability", CHANCE, "the one less the other, in the same futures"),
            )
        ),
    ),
    "contagion_by_year": (
        "How many places have failed by the end of each year, by themselves and with contagion",
        STRATEGY
        | LINK
        | YEAR
        | joined(
            (
                with_error("own_mean_places", COUNT, f"mean number of places {OWN} by then"),
                with_error("with_contagion_mean_places", COUNT, f"mean number of places {WITH} by then"),
                with_error("added_mean_places", COUNT, "the one less the other"),
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
            **with_error("own_probability", CHANCE, "chance that losses end the contract by themselves"),
            **with_error(
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
            **with_error("catches_probability", CHANCE, "chance that it catches any place"),
            **with_error("caught_mean_places", COUNT, "mean number of places that it catches"),
            "caught_share_of_places": (SHARE, "that over the places of the group"),
            "rank": ("rank", "1 for the group that catches most"),
        },
    ),
}
