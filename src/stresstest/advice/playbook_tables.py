"""Tables of the playbook: what each mitigation does, the plan by eventuality, pairs, triggers, and what could not be tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .. import layout as L
from ..analysis.evaluate import simulate_years
from ..config.playbooks import Mitigation
from ..methods.thresholds import Rate, rate
from .mitigations import lay
from .mitigations_try import MONEY, Effect, Futures, Mean, Trial, effect, weighted_mean
from .playbook_plan import Eventuality, Plan, act_by, beaten, worsened

Row = dict[str, Any]
SHORT = {MONEY[0]: "commissioner", MONEY[1]: "public", MONEY[2]: "provider_surplus"}
#: Futures in which a trigger's payments are looked at year by year.
FIRED = 4096
NOTHING = "do nothing"


def uniform(rows: Sequence[Row]) -> list[Row]:
    """The rows with every column of any of them, in the order of first use; None where a row has none."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [{name: row.get(name) for name in names} for row in rows]


def rate_cells(name: str, one: Rate) -> Row:
    """A chance, its standard error and its interval."""
    return {
        f"{name}_rate": one.value,
        f"{name}_rate_error": one.error,
        f"{name}_rate_low": one.low,
        f"{name}_rate_high": one.high,
    }


def change_cells(one: Effect) -> Row:
    """The paired change of the chance, of money and of health, each with its standard error; the price of a failure avoided."""
    row: Row = {"change_rate": one.change.value, "change_rate_error": one.change.error}
    for column, name in SHORT.items():
        row |= {f"{name}_gbp": one.money[column].value, f"{name}_error_gbp": one.money[column].error}
    row |= {"health_qaly": one.health.value, "health_qaly_error": one.health.error}
    cost = one.cost or (None, None, None)
    return row | {
        "failure_avoided_gbp": cost[0],
        "failure_avoided_low_gbp": cost[1],
        "failure_avoided_high_gbp": cost[2],
    }


def _about(one: Mitigation) -> Row:
    return {"mitigation": one.id, "what": one.words, "kind": one.kind, "agree": ", ".join(one.agree)}


def effect_rows(
    futures: Futures, trials: Mapping[str, Trial], library: Mapping[str, Mitigation], eventualities: Sequence[Eventuality]
) -> list[Row]:  # fmt: skip
    """What every mitigation does to every failure, in all futures and inside each region; do nothing first."""
    rows: list[Row] = []
    for event in eventualities:
        among = futures.inside(event.box)
        place = {"failure": event.failure, "where": event.words, "futures": int(among.sum())}
        if not among.any():
            continue
        nothing = effect(futures, futures.base, event.failure, among)
        rows.append({**place, "mitigation": "", "what": NOTHING, "kind": "", "agree": "", **rate_cells("fails", nothing.after),
                     **change_cells(nothing), "verdict": "", "meant_for_it": "", "quality": ""})  # fmt: skip
        effects = {name: effect(futures, trial, event.failure, among) for name, trial in trials.items()}
        worse = beaten({name: one for name, one in effects.items() if one.helps})
        for name, one in effects.items():
            verdict = "makes it likelier" if one.harms else "no clear effect" if not one.helps else "helps"
            rows.append({**place, **_about(library[name]), **rate_cells("fails", one.after), **change_cells(one),
                         "verdict": verdict + (", another is better on every count" if name in worse else ""),
                         "meant_for_it": "yes" if event.failure in library[name].answers else "no",
                         "quality": library[name].quality})  # fmt: skip
    return rows


def mitigation_rows(futures: Futures, trials: Mapping[str, Trial], library: Mapping[str, Mitigation]) -> list[Row]:
    """One row for each mitigation: what it costs whom over all futures, every failure's chance, and what it makes worse."""
    rows = []
    for name, trial in (("", futures.base), *trials.items()):
        effects = {one.name: effect(futures, trial, one.name) for one in futures.failing}
        cells = change_cells(next(iter(effects.values())))
        money = {key: value for key, value in cells.items() if not key.startswith(("change_", "failure_"))}
        own = _about(library[name]) if name else {"mitigation": "", "what": NOTHING, "kind": "", "agree": ""}
        chances: Row = {}
        for failure, one in effects.items():
            chances |= rate_cells(failure, one.after)
        more = {"worsens": ", ".join(worsened(futures, trial)), "who_pays": library[name].cost if name else "",
                "notice_years": library[name].notice_years if name else None,
                "quality": library[name].quality if name else "", "source": library[name].source if name else ""}  # fmt: skip
        rows.append({**own, **chances, **money, **more})
    return rows


def plan_rows(plans: Sequence[Plan], labels: Sequence[str]) -> list[Row]:
    """The plan by eventuality: do nothing, then the best few, with what is left of the chance, costs, health and the time to
    act."""
    rows: list[Row] = []
    for plan in plans:
        event = plan.eventuality
        place = {"failure": event.failure, "where": event.words, "where_share": event.mass}
        sign = plan.signpost.words if plan.signpost else "none found"
        rows.append({**place, "rank": 0, "mitigation": "", "what": NOTHING, "agree": "",
                     **rate_cells("fails", plan.nothing.after),
                     **change_cells(plan.nothing), "signpost": sign})  # fmt: skip
        for k, one in enumerate(plan.choices):
            again = one.answered
            rows.append({
                **place, "rank": k + 1, **_about(one.mitigation), **rate_cells("fails", one.inside.after),
                **change_cells(one.inside),
                **rate_cells("fails_anywhere", one.overall.after), "signpost": sign,
                "act_by": act_by(one, plan.signpost, labels), "fails_if_late_rate": one.late, "if_late": one.late_why,
                **(rate_cells("fails_if_answered", again.after) if again else {}), "worsens": ", ".join(one.worsens),
            })  # fmt: skip
    return uniform(rows)


def late_rows(plans: Sequence[Plan], labels: Sequence[str]) -> list[Row]:
    """What is left where nothing was agreed at signature, and a mitigation is agreed on the sign: in force from the year that
    is given."""
    return [
        {"failure": plan.eventuality.failure, "where": plan.eventuality.words, "in_force_from": labels[one.start],
         **_about(one.mitigation), **rate_cells("fails", one.effect.after), **change_cells(one.effect)}
        for plan in plans for one in plan.late
    ]  # fmt: skip


def pair_rows(
    futures: Futures, pairs: Mapping[tuple[str, str], Trial], singles: Mapping[str, Trial], library: Mapping[str, Mitigation],
    wanted: Sequence[tuple[Eventuality, tuple[str, str]]],
) -> list[Row]:  # fmt: skip
    """Two mitigations together: what is left of the chance, against the better of the two alone."""
    rows: list[Row] = []
    for event, pair in wanted:
        if pair not in pairs:
            continue
        among = futures.inside(event.box)
        one = effect(futures, pairs[pair], event.failure, among)
        alone = min(
            (effect(futures, singles[name], event.failure, among) for name in pair), key=lambda e: e.after.value
        )
        rows.append({
            "failure": event.failure, "where": event.words, "mitigations": " + ".join(pair),
            "what": "; and ".join(library[name].words for name in pair), **rate_cells("fails", one.after), **change_cells(one),
            "better_alone_rate": alone.after.value, "better_alone_rate_error": alone.after.error,
        })  # fmt: skip
    return rows


def trigger_rows(futures: Futures, library: Mapping[str, Mitigation], names: Sequence[str]) -> list[Row]:
    """How often each trigger fires, in futures that would fail and in the others: the ledger's own lines, year by year.

    A trigger is there for the failures that it is meant for; the first of them that is studied divides the futures.
    """
    rows: list[Row] = []
    n = min(FIRED, futures.nature.n)
    weight, groups = futures.weight[:n], None if futures.groups is None else futures.groups[:n]
    for name in names:
        one = library[name]
        study = lay(futures.source.study, [one]).study
        lines = study.line_names
        yearly = simulate_years(futures.source.inputs(study), futures.first, n, len(lines))[0]
        paid = yearly[len(L.YEARLY) + lines.index(one.paying_clause)]
        fired = (paid != 0.0).any(axis=0)
        meant = next((failure for failure in one.answers if failure in futures.base.failed), "")
        row: Row = {"mitigation": name, "what": one.words, "paying_clause": one.paying_clause, "futures": n}
        row |= rate_cells("fires", rate(fired, weight, groups))
        mean = weighted_mean(paid.sum(axis=0), weight, groups, fired) if fired.any() else Mean(0.0, 0.0)
        row |= {"first_year_paid": study.year_labels[int(np.argmax((paid != 0.0).any(axis=1)))] if fired.any() else "never",
                "paid_where_fired_gbp": mean.value, "paid_where_fired_error_gbp": mean.error}  # fmt: skip
        for word, among in (("fires_where_it_fails", 1), ("fires_where_it_holds", 0)) if meant else ():
            own = futures.base.failed[meant][:n] == bool(among)
            row |= rate_cells(word, rate(fired, weight, groups, own)) if own.any() else {}
        rows.append({**row, "failure": meant})
    return uniform(rows)


def answer_rows(
    answered: Mapping[str, tuple[Futures, Trial]], kept: Mapping[str, Trial], fresh: Futures, library: Mapping[str, Mitigation]
) -> list[Row]:  # fmt: skip
    """What is left of each failure with the provider's answer found again, against its answer to the contract as it is."""
    rows: list[Row] = []
    for name, (base, trial) in answered.items():
        for one in fresh.failing:
            again = effect(base, trial, one.name)
            rows.append({"mitigation": name, "what": library[name].words, "failure": one.name,
                         **rate_cells("fails_if_answered", again.after),
                         "change_if_answered_rate": again.change.value, "change_if_answered_rate_error": again.change.error,
                         "change_if_kept_rate": (own := effect(fresh, kept[name], one.name)).change.value,
                         "change_if_kept_rate_error": own.change.error})  # fmt: skip
    return rows
