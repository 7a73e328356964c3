"""Checks on targets: years without one, targets that pay for nothing, and targets that nobody can reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..contract import Term
from ..place import Indicator, Quantity
from ._case import Case, listed, part, quantities, several
from ._finding import Check, Remark

FAR = 1.5  # a target this many times as far from the baseline as the place's own plan: judgement
TOO_NOISY = 0.5  # one standard deviation of chance moves an indicator's score by this much: judgement
STOPS_REMEDY = "Publish the whole path at signature, or say how the later years are set and by whom."
EASY = 0.75  # standing still earns this share of the money at risk: judgement
LISTS_THAT_RUN_OUT = {"improvement_payment": ("indicators.target", "indicators.floor"), "payment": ("price",)}
#: Fields that read a schedule as what a year is held against, or as its price.
HELD_AGAINST = ("target", "floor", "expected", "benchmark", "budget", "baseline", "at", "price")


def _stake_year(case: Case, term: Term) -> int | None:
    """The first year in which an improvement payment has anything at risk."""
    return next((year for year in case.years(term) if term.at(year)["at_risk"] != 0.0), None)


def _rows(case: Case) -> Iterator[tuple[Term, int, dict[str, Any]]]:
    """(clause, first year with a stake, row) for every indicator that is paid on."""
    for term in case.of_kind("improvement_payment"):
        year = _stake_year(case, term)
        for row in term.at(year)["indicators"] if year is not None else ():
            yield term, year, row  # type: ignore[misc]


def _of_place(case: Case, name: str) -> Indicator | None:
    return next((one for one in case.place.indicators if one.name == name), None) if case.place else None


def _known(case: Case) -> Iterator[tuple[Term, int, dict[str, Any], Indicator]]:
    for term, year, row in _rows(case):
        indicator = _of_place(case, row["name"])
        if indicator is not None and row["weight"] > 0.0:
            yield term, year, row, indicator


def targets_stop_early(case: Case) -> Iterator[Remark]:
    """Targets or prices given by year for fewer years than the clause, or one that reads them, is in force.

    The last value then holds to the end, which nobody may have meant: Dudley's framework gave targets for years 1 to 5 of
    15. Shares that are phased in, such as what is at risk, may well be lists that stop; they are left alone. Source:
    D-TARGETS; E8 on targets that stand still.
    """
    for term in case.terms:
        fields = LISTS_THAT_RUN_OUT.get(term.kind.name, ())
        years = len(case.years(term))
        short = [
            (name, q)
            for name, q in quantities(term.values)
            if name in fields and 1 < len(q.values) < years + term.start
        ]
        for field in fields:
            lists = [quantity for name, quantity in short if name == field]
            if lists:
                yield _stops(term, field, lists, years + term.start)
    yield from _schedules(case)


def _schedules(case: Case) -> Iterator[Remark]:
    for term in case.of_kind("schedule"):
        value = term.values["value"]
        readers = {
            other.id: other.start + len(case.years(other))
            for other in case.terms
            for field, name in case.read[other.id]
            if name == term.id and field.rpartition(".")[2] in HELD_AGAINST
        }
        years = min(max(readers.values(), default=0), case.contract.years)
        if isinstance(value, Quantity) and 1 < len(value.values) < years:
            given = len(value.values)
            sentence = (
                f"{term.id}, which {listed(readers)} {'is' if len(readers) == 1 else 'are'} held against, is given for {given} "
                f"of {years} years; the last holds for the other {years - given}."
            )
            yield Remark("warning", term.id, "value", sentence, STOPS_REMEDY)


def _stops(term: Term, field: str, lists: list[Quantity], years: int) -> Remark:
    given = min(len(quantity.values) for quantity in lists)
    what = field.rpartition(".")[2] + ("s" if field.startswith("indicators") else "")
    of = f" ({several(len(lists), 'indicator')})" if field.startswith("indicators") else ""
    sentence = f"The {what} of {term.id}{of} are given for {given} of {years} years; the last holds for the other {years - given}"
    sentence = sentence.replace(" are ", " is ") if not of else sentence
    rebase = term.values.get("rebase")
    follows = isinstance(rebase, Quantity) and rebase.at(years - 1) > 0.0
    if follows and isinstance(rebase, Quantity):
        sentence += f", moved each year by {part(rebase.at(years - 1))} of the distance to what was reported"
    return Remark("note" if follows else "warning", term.id, field, sentence + ".", STOPS_REMEDY)


def baseline_above_target(case: Case) -> Iterator[Remark]:
    """An indicator that stands at or past its target before anything has been done.

    Its weight is paid out for standing still. In the English quality framework well over nine tenths of the points were
    earned (recalled). Source: the place's own baseline.
    """
    for term, year, row, indicator in _known(case):
        ahead = (indicator.baseline - row["target"]) * (indicator.target - indicator.baseline)
        if ahead >= 0.0:
            sentence = (
                f"{row['name']} stands at {indicator.baseline:g} ({indicator.unit}), at or past its target of {row['target']:g} "
                f"for year {year + 1}: its weight of {part(row['weight'])} pays for nothing new."
            )
            remedy = (
                "Set the target beyond the baseline, by more than chance moves the report, or take the indicator out."
            )
            yield Remark("warning", term.id, "indicators.target", sentence, remedy)


def target_never_reached(case: Case) -> Iterator[Remark]:
    """A target much further from the baseline than the place itself has ever planned to go.

    Nobody works for what cannot be reached; the weight is then a cut of the price by another name. Commissioners have set
    goals that could not be met, and then did not apply the sanction. Source: E45; the yardstick is the place's own target,
    and one and a half times as far is a judgement.
    """
    for term, _, row, indicator in _known(case):
        last = case.years(term)[-1]
        target = next(r["target"] for r in term.at(last)["indicators"] if r["name"] == row["name"])
        far = (target - indicator.baseline) / (indicator.target - indicator.baseline)
        if far > FAR:
            sentence = (
                f"The target of {row['name']}, {target:g} ({indicator.unit}), lies {far:.2g} times as far from the baseline "
                f"of {indicator.baseline:g} as the place's own plan ({indicator.target:g})."
            )
            remedy = "Check the figure; a target in reach pays for work, one out of reach only cuts the price."
            yield Remark("note", term.id, "indicators.target", sentence, remedy)


def floor_equals_target(case: Case) -> Iterator[Remark]:
    """A floor equal to the target: the indicator pays all or nothing, and always counts as one that should rise.

    The clause cannot tell from two equal numbers which way is better, and takes a report at or above them for success. An
    indicator that should fall then pays for being high. Source: the improvement payment's own rule.
    """
    for term, year, row in _rows(case):
        if row["floor"] != row["target"]:
            continue
        indicator = _of_place(case, row["name"])
        falls = indicator is not None and indicator.target < indicator.baseline
        sentence = (
            f"Floor and target of {row['name']} are both {row['target']:g} in year {year + 1}: it pays all or nothing, and "
            f"counts as reached at {row['target']:g} or above"
        ) + (
            f", though it should fall (from {indicator.baseline:g} to {indicator.target:g})."
            if falls and indicator
            else "."
        )
        remedy = (
            "Set the floor to the worse side of the target; for a step, use step_share = 1 with a floor that differs."
        )
        yield Remark("fault" if falls else "warning", term.id, "indicators.floor", sentence, remedy)


def wrong_way_round(case: Case) -> Iterator[Remark]:
    """Floor and target the wrong way round for an indicator whose direction the place knows.

    The clause reads the direction off the two numbers: a floor above the target says that the indicator should fall. The
    wrong way round it pays for getting worse. Source: the improvement payment's own rule.
    """
    for term, year, row, indicator in _known(case):
        if (row["target"] - row["floor"]) * (indicator.target - indicator.baseline) < 0.0:
            better, paid = ("fall", "rise") if indicator.target < indicator.baseline else ("rise", "fall")
            sentence = (
                f"{row['name']} should {better} (from {indicator.baseline:g} to {indicator.target:g}), but a floor of "
                f"{row['floor']:g} and a target of {row['target']:g} in year {year + 1} pay for a {paid}."
            )
            yield Remark("fault", term.id, "indicators.target", sentence, "Exchange floor and target, or correct them.")


def floor_above_baseline(case: Case) -> Iterator[Remark]:
    """A floor beyond the baseline: the first part of any improvement earns nothing.

    A provider that sees no pay for its first steps may not take them, and loses the whole weight in the meantime. Source:
    E20 (raised thresholds moved low performers most, so that it may also be meant); the place's own baseline.
    """
    for term, year, row, indicator in _known(case):
        way = row["target"] - indicator.baseline
        if way and (row["floor"] - indicator.baseline) / way > 1e-12 and row["floor"] != row["target"]:
            lost = (row["floor"] - indicator.baseline) / way
            if lost < 1.0:
                sentence = (
                    f"{row['name']} stands at {indicator.baseline:g} and scores only from {row['floor']:g} on: the first "
                    f"{part(lost)} of the way to its target of {row['target']:g} (year {year + 1}) earns nothing."
                )
                remedy = (
                    "Put the floor at the baseline or to its worse side, unless only the last part is to be paid for."
                )
                yield Remark("note", term.id, "indicators.floor", sentence, remedy)


def indicator_inside_noise(case: Case) -> Iterator[Remark]:
    """An indicator whose score chance moves by half or more in a single year.

    With few cases or a small survey the report jumps further than floor and target lie apart, so that the payment is a
    lottery, and a provider learns that work does not show. Source: the sampling error of the place's own counts and
    surveys; that half a score is too much is a judgement.
    """
    for term, year, row, indicator in _known(case):
        width = abs(row["target"] - row["floor"])
        if width and indicator.noise_sd / width >= TOO_NOISY:
            sentence = (
                f"Chance alone moves the report of {row['name']} by {indicator.noise_sd:.3g} (one standard deviation) in a year; "
                f"floor and target lie {width:.3g} apart in year {year + 1}, so that is {part(indicator.noise_sd / width)} of "
                f"the score."
            )
            remedy = "Count more cases, pay on a mean of three years, or set floor and target further apart."
            yield Remark("warning", term.id, "indicators", sentence, remedy)


def standing_still_pays(case: Case) -> Iterator[Remark]:
    """Money at risk that is mostly earned without any improvement.

    Where the baselines already score high, the sum at risk is much smaller than it looks, and what pays for work is only the
    rest. Source: the place's own baselines; three quarters is a judgement.
    """
    for term in case.of_kind("improvement_payment"):
        year = _stake_year(case, term)
        scores = [(row, _still(row, one, term.at(y)["step_share"])) for t, y, row, one in _known(case) if t is term]
        if year is None or len(scores) < len(term.at(year)["indicators"]):
            continue
        earned = sum(row["weight"] * score for row, score in scores)
        if earned >= EASY:
            at_risk = term.at(year)["at_risk"]
            sentence = (
                f"Without any improvement {term.id} pays {part(earned)} of what is at risk in year {year + 1}: of "
                f"{case.sized(at_risk, term.at(year)['payment'])} only {part(1.0 - earned)} pays for work."
            )
            best = listed(row["name"] for row, score in scores if score >= 1.0)
            remedy = "Move floors nearer to the baselines" + (f", first those of {best}." if best else ".")
            yield Remark("note", term.id, "indicators.floor", sentence, remedy)


def _still(row: dict[str, Any], indicator: Indicator, step: float) -> float:
    """The score of an indicator that stays at its baseline."""
    x, floor, target = indicator.baseline, row["floor"], row["target"]
    reached = 1.0 if (x >= target if target >= floor else x <= target) else 0.0
    line = min(1.0, max(0.0, (x - floor) / (target - floor))) if target != floor else reached
    return float((1.0 - step) * line + step * reached)


CHECKS = (
    Check("targets-stop-early", targets_stop_early),
    Check("baseline-above-target", baseline_above_target),
    Check("target-never-reached", target_never_reached),
    Check("floor-equals-target", floor_equals_target),
    Check("target-wrong-way-round", wrong_way_round),
    Check("floor-above-baseline", floor_above_baseline),
    Check("indicator-inside-noise", indicator_inside_noise),
    Check("standing-still-pays", standing_still_pays),
)
