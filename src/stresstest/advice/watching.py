"""What a commissioner can see by the end of each year, and when each failure happens: read from a run, for its first futures.

From the table of years: the provider's result, reserve and reported score, acute spend, payment and cost, the commissioner's own
exposure to date; from the futures drawn again: growth, the state's share and vacancies, which are published. Responsibility,
control and technology are not watched, because nobody publishes them, and neither is true quality. Money is divided by the
budget that was agreed for the year.

A failure's year: a walk-away is known when notice is given, exit year less the years of notice; a limit is passed in the year
in which the discounted sum passes it; all else is settled when the provider leaves, since nothing can be done from then on, or
else at the end of the term. A future is at risk at the end of a year while the provider goes on and the failure has not shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .. import layout as L
from ..analysis.draws import draw
from ..errors import DataError
from ..measures.designs import REPLICATED
from ..measures.stream import Parts
from .failures import Failure, present
from .reading import outcomes
from .source import Source

#: Most futures that are looked at; a run of any size is read no further.
MOST = 65_536
CHUNK = 8_192
FEWEST = 400


@dataclass(frozen=True)
class Quantity:
    """Something to be watched: name, words ("… is below X"), unit ("share", "score", "rate"), first year that has it, first
    step."""

    name: str
    words: str
    unit: str
    first: int
    step: str


QUANTITIES = (
    Quantity("surplus", "the provider's result of the year, as a share of the budget", "share", 0,
             "open the books: ask for the causes of the deficit and a recovery plan within a quarter"),
    Quantity("cumulative_surplus", "the provider's result to date, as a share of a year's budget", "share", 0,
             "meet the owners: how much more will they bear, and what would end it"),
    Quantity("reserve", "the provider's reserve, as a share of the budget", "share", 0,
             "agree a monthly cash forecast, and who would step in"),
    Quantity("score", "the reported score, out of 1", "score", 0,
             "audit the score, and look at services that no indicator measures"),
    Quantity("acute", "acute spend, as a share of what was expected", "ratio", 0,
             "review admissions with the hospital, point of delivery by point of delivery"),
    Quantity("payment_over_plan", "the annual payment, beyond the budget agreed for the year", "share", 0,
             "find which part is list, need or allocation, and what it commits next year to"),
    Quantity("payment_growth", "growth of the annual payment a year, since the first", "share", 1,
             "set the growth of the payment against that of the allocation"),
    Quantity("cost_growth", "growth of the provider's cost a year, since the first", "share", 1,
             "part the growth of cost into need, pay and productivity"),
    Quantity("exposure", "what the commissioner has borne beyond the budget to date, as a share of a year's budget", "share", 0,
             "put the sum before the governing body, with the forecast for the term"),
    Quantity("growth", "growth of the economy a year, since the start", "share", 0,
             "ask what the next spending review would do to the allocation"),
    Quantity("state", "the state, as a share of the economy", "share", 0,
             "ask what the next spending review would do to the allocation"),
    Quantity("vacancies", "vacancies, as a share of posts", "share", 0,
             "agree a joint plan for posts, and a limit on agency cost"),
)  # fmt: skip
BY_NAME = {one.name: one for one in QUANTITIES}
_COLUMNS = ("surplus_gbp", "cumulative_surplus_gbp", "reserve_gbp", "agreed_budget_gbp", "annual_payment_gbp", "cost_gbp",
            "commissioner_exposure_gbp", "reported_score", "acute_actual_gbp", "acute_expected_gbp")  # fmt: skip


@dataclass(frozen=True)
class Watch:
    """Futures 1 … n as a commissioner sees them.

    `values` float64[T, n] by quantity, 0 where the provider has left; `serving` bool[T, n]: goes on after the end of that year;
    `failed` bool[n] and `when` int64[n], the year (from 0) by whose end each failure has shown or is settled, by failure;
    `at_end` names the failures that are settled only when service ends.
    """

    values: dict[str, np.ndarray]
    serving: np.ndarray
    weight: np.ndarray
    groups: np.ndarray | None
    failed: dict[str, np.ndarray]
    when: dict[str, np.ndarray]
    exits: np.ndarray
    at_end: frozenset[str] = frozenset()

    @property
    def n(self) -> int:
        """Number of futures."""
        return int(self.weight.size)

    @property
    def first_half(self) -> np.ndarray:
        """Futures (or whole groups of them) of even number, bool[n]: thresholds are chosen on these and judged on the others."""
        number = np.arange(self.n) if self.groups is None else self.groups
        return np.asarray(number % 2 == 0)

    def at_risk(self, failure: str, year: int) -> np.ndarray:
        """Futures in service after the end of a year in which the failure has not shown by then, bool[n]."""
        return np.asarray(self.serving[year] & (self.when[failure] > year))

    def ahead(self, failure: str, year: int) -> float:
        """Share of all failures that are still ahead at the end of a year."""
        failed = self.failed[failure]
        total = float(self.weight @ failed)
        return float(self.weight @ (failed & self.at_risk(failure, year))) / total if total > 0.0 else 0.0

    def years_to(self, failure: str, year: int) -> np.ndarray:
        """Years from the end of a year to the failure itself: to the end of service where the provider walks away, int64[n]."""
        event = self.exits if failure == "walks_away" else self.when[failure]
        return np.maximum(0, event - year)

    def names(self, year: int) -> list[str]:
        """Quantities that there are by the end of a year."""
        return [one.name for one in QUANTITIES if one.first <= year]


def watch(source: Source, failing: Sequence[Failure], most: int = MOST) -> Watch:
    """The first futures of a run. Errors: DataError with the remedy where the run kept no yearly rows, or too few."""
    kept = min(source.futures, source.study.years_futures)
    if kept < FEWEST:
        raise DataError(
            "the run kept too few futures year by year to look for early "
            "signs", file=source.folder, key="years_futures", value=kept,
            expected=f"at least {FEWEST:,}: run the study again with --set years_futures={min(MOST, 10_000):,}".replace(",", "_"),
        )  # fmt: skip
    n = min(kept, most)
    yearly = _years(source, n)
    went = _outcomes(source, failing, n)
    exits = went["exit_year_index"].astype(np.int64)
    serving = (exits[None, :] < 0) | (exits[None, :] > np.arange(source.study.years)[:, None])
    values = {**_accounts(yearly), **_published(source, n)}
    in_service = (exits[None, :] < 0) | (exits[None, :] >= np.arange(source.study.years)[:, None])
    values = {one.name: np.where(in_service, values[one.name], 0.0) for one in QUANTITIES}
    failed = {one.name: one.failing(went) for one in failing}
    shows = {one.name: _when(source, one, yearly, went) for one in failing}
    when = {name: ends_of(exits, source.study.years) if own is None else own for name, own in shows.items()}
    groups = dependent(source, went["group"].astype(np.int64))
    late = frozenset(name for name, own in shows.items() if own is None)
    return Watch(values, serving, went["weight"], groups, failed, when, exits, late)


def ends_of(exits: np.ndarray, years: int) -> np.ndarray:
    """The last year of service (from 0), int64[n]: that of the exit (exits int64[n], −1 for none), or else the term's last."""
    return np.where(exits >= 0, np.minimum(exits, years - 1), years - 1).astype(np.int64)


def dependent(source: Source, groups: np.ndarray) -> np.ndarray | None:
    """Which futures hang together, int64[n]: replicates of a design, or mirrored pairs; None where all are independent of each
    other."""
    kind = source.manifest.get("design", {}).get("kind", "random")
    return groups if kind in REPLICATED or (kind == "random" and np.unique(groups[:1000]).size > 1) else None


def _years(source: Source, n: int) -> dict[str, np.ndarray]:
    """Columns of table years for futures 1 … n of the source's strategy, float64[T, n] each."""
    labels = {label: t for t, label in enumerate(source.study.year_labels)}
    found = {name: np.full((len(labels), n), np.nan) for name in _COLUMNS}
    for part in Parts.of(source.folder, "years", source.scenario.name).read(["strategy", "future", "year", *_COLUMNS]):
        future = part["future"]
        if future.min() > n:
            break
        kept = part["strategy"].equal(source.strategy.name) & (future > 0) & (future <= n)
        year = part["year"].numbered(labels)[kept]
        for name in _COLUMNS:
            found[name][year, future[kept] - 1] = np.asarray(part[name])[kept]
    if not all(np.isfinite(column).all() for column in found.values()):
        raise DataError("the table of years lacks futures that it should have", file=source.folder, key="years", value=n,
                        expected="every future year by year")  # fmt: skip
    return found


def _first(parts: Iterator[dict[str, np.ndarray]], n: int) -> dict[str, np.ndarray]:
    """Rows of futures 1 … n from parts in the order of their futures."""
    seen: list[dict[str, np.ndarray]] = []
    for part in parts:
        own = part["future"] <= n
        seen.append({name: np.asarray(column)[own] for name, column in part.items()})
        if sum(one["future"].size for one in seen) >= n:
            break
    whole = {name: np.concatenate([one[name] for one in seen]) for name in seen[0]}
    order = np.argsort(whole["future"], kind="stable")
    return {name: column[order] for name, column in whole.items()}


def _outcomes(source: Source, failing: Sequence[Failure], n: int) -> dict[str, np.ndarray]:
    needs = [need for one in failing for need in one.needs]
    return _first(outcomes(source, list(dict.fromkeys([*needs, "exit_year_index", "exit_cause_code"]))), n)


def _accounts(yearly: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What the provider's and the commissioner's own books show, by quantity, float64[T, n]."""
    budget, years = yearly["agreed_budget_gbp"], np.arange(len(yearly["cost_gbp"]))[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {
            "surplus": yearly["surplus_gbp"] / budget,
            "cumulative_surplus": yearly["cumulative_surplus_gbp"] / budget,
            "reserve": yearly["reserve_gbp"] / budget,
            "score": yearly["reported_score"],
            "acute": yearly["acute_actual_gbp"] / yearly["acute_expected_gbp"],
            "payment_over_plan": yearly["annual_payment_gbp"] / budget - 1.0,
            "exposure": np.cumsum(yearly["commissioner_exposure_gbp"], axis=0) / budget,
        }
        for name, column in (("payment_growth", "annual_payment_gbp"), ("cost_growth", "cost_gbp")):
            ratio = np.maximum(yearly[column], 0.0) / yearly[column][0]
            found[name] = ratio ** (1.0 / np.maximum(1, years)) - 1.0
    return {name: np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0) for name, values in found.items()}


def _published(source: Source, n: int) -> dict[str, np.ndarray]:
    """Growth to date, the state's share and vacancies, float64[T, n]: the run's own futures drawn again."""
    years = source.study.years
    found = {name: np.empty((years, n)) for name in ("growth", "state", "vacancies")}
    for at in range(0, n, CHUNK):
        size = min(CHUNK, n - at)
        axes = draw(source.study, source.scenario, 1 + at, size).axes
        to_date = np.cumsum(axes[:, L.ECONOMY], axis=0) / np.arange(1, years + 1)[:, None]
        for name, values in (("growth", to_date), ("state", axes[:, L.STATE]), ("vacancies", axes[:, L.WORKFORCE])):
            found[name][:, at : at + size] = values
    return found


def _when(
    source: Source, one: Failure, yearly: dict[str, np.ndarray], went: dict[str, np.ndarray]
) -> np.ndarray | None:  # fmt: skip
    """The year (from 0) by whose end a failure has shown, the last where it has not; None where it is settled at the end only."""
    study, last = source.study, source.study.years - 1
    never = np.full(went["future"].size, last, dtype=np.int64)
    if one.name == "walks_away":
        notice = math.ceil(study.contract.ending["notice_years"].value)
        return np.where(one.failing(went), np.maximum(0, went["exit_year_index"] - notice), never).astype(np.int64)
    if one.name == "commissioner_limit":
        return _passes(source, yearly["commissioner_exposure_gbp"], "commissioner_limit", present(study, 0))
    if one.name == "hospital_limit" and "hospital" not in study.contract.parties_at_work:
        fixed = study.contract.ending["hospital_fixed_share"].value
        left = fixed * np.maximum(0.0, yearly["acute_expected_gbp"] - yearly["acute_actual_gbp"])
        return _passes(source, left, "hospital_limit", present(study, 4))
    return None


def _passes(source: Source, yearly: np.ndarray, hurdle: str, base: float) -> np.ndarray:
    """First year in which the discounted sum of yearly[T, n] passes a hurdle; the last year where it never does before."""
    rate = source.study.place.parameters["health.money_discount"].value
    years = yearly.shape[0]
    limit = source.study.hurdles[hurdle].value * base
    passed = np.cumsum(yearly * ((1.0 + rate) ** -np.arange(years))[:, None], axis=0) > limit
    return np.where(passed.any(axis=0), passed.argmax(axis=0), years - 1).astype(np.int64)
