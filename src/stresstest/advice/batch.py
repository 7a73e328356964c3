"""Many drafts of a contract beside each other in the same futures: money, health and the chance of walking away, always together.

Each draft is set against the run that it was made from: paired differences with errors and 95% intervals. A draft is dominated
where another is no worse on mean cost to public bodies, mean health and the chance that the provider walks away, and better on
one. The order is: drafts that nobody dominates first; then by the sum of the three ranks. Money alone never orders.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..errors import ConfigError, nearest
from ..measures.designs import Design
from ..measures.estimates import Wanted, estimate
from ..measures.failures import Failure, failures
from ..measures.moments import Estimate
from ..measures.probabilities import probabilities
from ..methods.paired import SAME
from .batch_runs import Tried
from .compare_criteria import hurdle_rows, regret_rows
from .compare_shared import Drafts, common_futures, difference_rows, drafts, same_draft
from .compare_store import Table
from .compare_tables import COLUMNS, HEALTH, METRICS, MONEY, chance, reading, shown
from .source import Source

Rows = dict[str, list[dict[str, Any]]]
TOGETHER, WALKS = 19, "walks_away"
ORDERS = {
    "together": "sum of ranks", "health": "health first", WALKS: "chance of walking away first", "name": "by name",
}  # fmt: skip
MEANS = ("public exposure", "commissioner exposure", "provider surplus", "hospital exposure", "council exposure", "health",
         "true score")  # fmt: skip


def require_order(order: str) -> None:
    """Refuse an order that is none, and money alone. Errors: ConfigError."""
    if order in ("money", "cost", "public exposure", "commissioner exposure"):
        raise ConfigError(
            "drafts are not ranked on money alone: a cheap contract that fails its residents would come first", key="--order",
            value=order, expected=", ".join(ORDERS),
        )  # fmt: skip
    if order not in ORDERS:
        raise ConfigError("there is no such order", key="--order", value=order, expected=", ".join(ORDERS),
                          nearest=nearest(order, ORDERS))  # fmt: skip


def shared(sources: Sequence[Source], names: Sequence[str]) -> Drafts:
    """The runs, checked against the first one in groups, whatever their number. Errors: ConfigError for other futures."""
    for start in range(1, len(sources), TOGETHER):
        stop = min(start + TOGETHER, len(sources))
        drafts([sources[0], *sources[start:stop]], [names[0], *names[start:stop]])
    found = drafts([sources[0], sources[1]], [names[0], names[1]])
    return replace(found, sources=tuple(sources), names=tuple(names), n=common_futures(sources),
                   design=Design.from_manifest(sources[0].manifest))  # fmt: skip


def batch(source: Source, tried: Sequence[Tried], order: str = "together", say: Callable[[str], None] = lambda _: None) -> Rows:
    """Tables of a batch: ranking, hurdles, changed, regret_money, regret_health, drafts. `source` the run as it is.

    Errors: ConfigError where no variant could be run, or runs do not live the same futures.
    """
    require_order(order)
    done = [(one.variant.name, one.source) for one in tried if one.source is not None]
    if not done:
        raise ConfigError("no variant could be run", key="--variants", value=tried[0].reason if tried else None,
                          expected="at least one that can be laid over the contract")  # fmt: skip
    base = base_name(source, [name for name, _ in done])
    found = shared([source, *(one for _, one in done)], [base, *(name for name, _ in done)])
    tables: Rows = {"ranking": [], "hurdles": [], "regret_money": [], "regret_health": []}
    failing = failures(source.study)
    for strategy in found.strategies:
        say(f"{len(found.names)} drafts in the same {found.n:,} futures: {strategy} provider")
        table = Table(found, strategy, COLUMNS, failing)
        tables["hurdles"] += list(hurdle_rows(table, strategy, failing))
        for metric in METRICS:
            if metric.column in (MONEY, HEALTH):
                name = "regret_health" if metric.column == HEALTH else "regret_money"
                tables[name] += list(regret_rows(table, strategy, metric))
        tables["ranking"] += ordered(ranking_rows(table, strategy, failing, tables), order)
    return tables | {"changed": changed_rows(found), "drafts": draft_rows(found, tried)}


def base_name(source: Source, names: Sequence[str]) -> str:
    """What the run as it is is called."""
    name = source.study.contract.name
    return name if name not in names else f"{name} (as it is)"


def ranking_rows(table: Table, strategy: str, failing: Sequence[Failure], tables: Rows) -> list[dict[str, Any]]:
    """One row for each draft: means, differences from the run as it is, hurdles held, regret, ranks, and who dominates it."""
    drafts_, rows = table.drafts, []
    for k, name in enumerate(drafts_.names):
        row: dict[str, Any] = {"strategy": strategy, "draft": name, "is_reference": "yes" if k == drafts_.reference else "no"}
        for metric in METRICS:
            if metric.name in MEANS:
                row |= _metric(table, strategy, metric.column, metric.unit, metric.name.replace(" ", "_"), metric.high_is_bad, k)
        for one in failing:
            row |= _failure(table, strategy, one.name, k)
        row |= _beside(tables, strategy, name)
        rows.append(row)
    stand(table, strategy, rows)
    return rows


def _difference(table: Table, strategy: str, column: str, k: int, other: int) -> Estimate:
    """Mean of draft k less another draft, future by future; nothing at all for one draft."""
    if k == other or same_draft(table.drafts, k, other, strategy):
        return SAME.mean
    return estimate(table.apart(column, k, other).held(), [Wanted("mean")])[0]


def _metric(table: Table, strategy: str, column: str, unit: str, name: str, high_is_bad: bool, k: int) -> dict[str, Any]:
    (mean,) = estimate(table.of(column, k).held(), [Wanted("mean")])
    apart = _difference(table, strategy, column, k, table.drafts.reference)
    return {**shown(name, unit, mean), **shown(f"{name}_more", unit, apart), f"{name}_reads": reading(apart, high_is_bad)}


def _failure(table: Table, strategy: str, name: str, k: int) -> dict[str, Any]:
    own = probabilities(table.of(name, k).held(), [lambda x: x > 0.5])[0]
    apart = _difference(table, strategy, name, k, table.drafts.reference)
    return {**chance(name, own), **chance(f"{name}_more", apart), f"{name}_reads": reading(apart, True)}


def _beside(tables: Rows, strategy: str, name: str) -> dict[str, Any]:
    """Hurdles held and regret of a draft, from the tables made before."""
    row: dict[str, Any] = {}
    for one in tables["hurdles"]:
        if (one["strategy"], one["hurdle"], one["draft"]) == (strategy, "all", name):
            row |= {key.replace("holds", "all_hurdles"): value for key, value in one.items() if key.startswith("holds")}
    for kind, unit in (("money", "gbp"), ("health", "qaly")):
        for one in tables[f"regret_{kind}"]:
            if (one["strategy"], one["draft"]) == (strategy, name):
                row |= {f"regret_{kind}{end}_{unit}": one[f"mean{end}_{unit}"] for end in ("", "_error")}
    return row


# ── standing ───────────────────────────────────────────────────────────────────────────────────────────────────────
def stand(table: Table, strategy: str, rows: Sequence[dict[str, Any]]) -> None:
    """Add ranks by money, health and chance of walking away, and who dominates: the clearest one, and whether beyond noise."""
    values = np.array([[-row["public_exposure_gbp"], row["health_qaly"], -row[f"{WALKS}_probability"]] for row in rows]).T
    ahead = (values[:, :, None] > values[:, None, :]).sum(axis=1)
    no_worse, better = values[:, :, None] >= values[:, None, :], values[:, :, None] > values[:, None, :]
    over = np.asarray(no_worse.all(axis=0) & better.any(axis=0))
    for k, row in enumerate(rows):
        row |= {f"{kind}_rank": int(1 + ahead[c, k]) for c, kind in enumerate(("money", "health", WALKS))}
        row["rank_sum"] = sum(row[f"{kind}_rank"] for kind in ("money", "health", WALKS))
    for k, row in enumerate(rows):
        by = sorted(np.flatnonzero(over[:, k]).tolist(), key=lambda j: (rows[j]["rank_sum"], rows[j]["draft"]))
        row["dominated_by"] = rows[by[0]]["draft"] if by else ""
        row["dominated_beyond_noise"] = ("yes" if _beyond(table, strategy, by[0], k) else "no") if by else ""


def _beyond(table: Table, strategy: str, better: int, worse: int) -> bool:
    """Whether one draft beats another beyond its 95% intervals on one of the three, and loses beyond them on none."""
    found = [_difference(table, strategy, column, better, worse) for column in (MONEY, HEALTH, WALKS)]
    money, health, walks = found
    gains = [(-money.high, -money.low), (health.low, health.high), (-walks.high, -walks.low)]
    return any(low > 0.0 for low, _ in gains) and all(high >= 0.0 for _, high in gains)


def ordered(rows: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    """Rows in order, with their place. `together`: those that none dominates beyond noise first, then by the sum of ranks;
    equal ones by name."""
    keys: dict[str, Callable[[dict[str, Any]], tuple[Any, ...]]] = {
        "together": lambda row: (row["dominated_beyond_noise"] == "yes", row["rank_sum"], row["draft"]),
        "health": lambda row: (row["health_rank"], row["rank_sum"], row["draft"]),
        WALKS: lambda row: (row[f"{WALKS}_rank"], row["rank_sum"], row["draft"]), "name": lambda row: (row["draft"],),
    }  # fmt: skip
    return [{"place": k + 1, **row} for k, row in enumerate(sorted(rows, key=keys[order]))]


# ── what the drafts are ────────────────────────────────────────────────────────────────────────────────────────────
def changed_rows(found: Drafts) -> list[dict[str, Any]]:
    """What each draft changed: entry, value in the run as it is, value in the draft."""
    rows, base = difference_rows(found), found.names[found.reference]
    before = {row["entry"]: row["value"] for row in rows if row["draft"] == base}
    return [
        {"draft": row["draft"], "entry": row["entry"], "as_it_is": before[row["entry"]], "value": row["value"]}
        for name in found.names for row in rows
        if row["draft"] == name != base and row["value"] != before[row["entry"]]
    ]  # fmt: skip


def draft_rows(found: Drafts, tried: Sequence[Tried]) -> list[dict[str, Any]]:
    """Every draft of the file: its note, its changes, its run or why there is none."""
    reference = found.sources[found.reference]
    first = {"draft": found.names[found.reference], "status": "as it is", "run": reference.manifest["run_id"], "note": "",
             "changes": "", "reason": ""}  # fmt: skip
    return [first, *(
        {"draft": one.variant.name, "status": one.status, "run": one.source.manifest["run_id"] if one.source else "",
         "note": one.variant.note, "changes": "; ".join(one.variant.changes), "reason": one.reason}
        for one in tried
    )]  # fmt: skip
