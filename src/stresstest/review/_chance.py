"""How far chance alone moves the yearly cost of a number of people.

    spread of the mean cost of a head = coefficient of variation of a person · √(1 − explained) / √people

A person's coefficient of variation is a judgement; the best person-level model explains about 12% of next year's hospital
cost (Dixon et al., BMJ 2011), and what risk adjustment explains is no chance. 318,000 people: 0.67% a year (D-INSURANCE).
A place that gives its own yearly noise is believed instead: its acute care also has shocks that everybody shares and that
last (D-BASKET).
"""

from __future__ import annotations

import math

from ._case import Case

PERSON_SPREAD = 4.0  # judgement
EXPLAINED = 0.12  # Dixon et al., BMJ 2011
ACUTE = ("acute_expected", "acute_actual")
ONE_SIDED_95 = 1.645
#: Yearly noises of a place that move the provider's result whatever it does, as shares of its cost or income.
RESULT_NOISES = ("shock.insurance_noise", "need.noise", "productivity.noise", "funding.noise")


def spread_of(people: float) -> float:
    """Standard deviation of the mean yearly cost of so many people, as a share of it."""
    return PERSON_SPREAD * math.sqrt(1.0 - EXPLAINED) / math.sqrt(people)


def beyond(x: float) -> float:
    """Probability that a standard normal variate lies above x."""
    return 0.5 * math.erfc(x / math.sqrt(2.0))


def acute_spread(case: Case) -> float | None:
    """Yearly sd of the place's acute basket once its shocks have built up, as a share; None without a place."""
    if case.place is None or case.population is not None:
        return None
    noise, persistence = (case.place.parameters[f"acute.{key}"].value for key in ("noise", "persistence"))
    return noise / math.sqrt(1.0 - persistence**2) if persistence < 1.0 else None


def chance(case: Case, *read: str) -> tuple[float, str] | None:
    """(sd of a year's result as a share, whose it is in words) for a clause that reads these; None if not known."""
    acute = acute_spread(case) if set(ACUTE) & set(read) else None
    if acute is not None and case.place is not None:
        return acute, f"the acute care of {case.place.title}"
    people = case.population
    if people is None and case.place is not None:
        people = case.place.parameters["population.list_base"].value
        return case.place.parameters["shock.insurance_noise"].value, f"the cost of {people:,.0f} people"
    return (spread_of(people), f"the cost of {people:,.0f} people") if people else None


def result_spread(case: Case) -> float | None:
    """Yearly sd of a provider's result that no effort changes, as a share of its cost; None if not known."""
    if case.place is not None and case.population is None:
        return math.sqrt(sum(case.place.parameters[key].value ** 2 for key in RESULT_NOISES))
    return spread_of(case.population) if case.population else None


def in_hundred(probability: float) -> str:
    """A probability as years in a hundred: 0.32 → "32 years in 100"."""
    count = round(100.0 * probability)
    if count < 1:
        return "less than one year in 100"
    return "one year in 100" if count == 1 else f"{count} years in 100"
