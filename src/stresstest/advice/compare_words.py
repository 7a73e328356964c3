"""What a comparison says to a governing body: the answer first, then money, health, failures, regret, and what is not settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..units import percent, pounds
from .compare_shared import Drafts
from .compare_store import budget_rise
from .compare_tables import METRICS, MONEY

#: A smaller change of a chance stands in the tables and not in the answer.
WORTH_SAYING = 0.005
Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]


def count(value: float) -> str:
    """A number of QALYs: 1,234; 12.3; −0.4."""
    size = abs(value)
    return f"{value:,.0f}".replace("-", "−") if size >= 99.5 else f"{value:.1f}".replace("-", "−")


def between(low: float, high: float, say: Any) -> str:
    """95% interval in brackets."""
    return f"({say(low)} to {say(high)})"


def find(rows: Iterable[Row], **wanted: Any) -> Row | None:
    """The first row with these values."""
    return next((row for row in rows if all(row.get(name) == value for name, value in wanted.items())), None)


def answer(drafts: Drafts, tables: Tables) -> list[str]:
    """Sentences: for each other draft the answer, the switching value and failures, first strategy; then all drafts together."""
    said: list[str] = []
    reference = drafts.names[drafts.reference]
    others = [name for name in drafts.names if name != reference]
    for strategy in drafts.strategies[:1]:
        for name in others[:4]:
            said += of_pair(name, reference, strategy, tables)
    if len(others) > 4:
        said.append(f"{len(others) - 4} more drafts stand in the tables.")
    alike = all(row["same_probability"] == 1.0 for row in tables["together"] if row["strategy"] == drafts.strategies[0])
    said += [] if alike else together(drafts, drafts.strategies[0], tables)
    said += under_gaming(others[:4], reference, drafts.strategies, tables)
    return said


def of_pair(name: str, reference: str, strategy: str, tables: Tables) -> list[str]:
    """What one draft is against the reference."""
    row = find(tables["together"], strategy=strategy, draft=name, against=reference)
    if row is None:
        return []
    m, h = row["costs_more_gbp"], row["health_more_qaly"]
    money = f"{pounds(abs(m))} {'more' if m > 0 else 'less'} {ends(row, 'costs_more', 'gbp')}"
    health = f"{count(abs(h))} QALYs {'more' if h > 0 else 'fewer'} {ends(row, 'health_more', 'qaly')}"
    if row["same_probability"] == 1.0:
        return [f"{name} and {reference} are the same for money and health in every future."]
    said = [f"{verdict(name, reference, row)}: public bodies bear {money} and residents gain {health}, {strategy} provider."]
    said.append(flips(name, row))
    changed = [failing(one) for one in tables["chances"] if one["strategy"] == strategy and one["draft"] == name
               and one["against"] == reference and one["reads"] in ("better", "worse")
               and abs(one["difference_probability"]) >= WORTH_SAYING]  # fmt: skip
    if changed:
        said.append(f"Under {name} {'; '.join(changed)}.")
    said.append(dominating(name, reference, strategy, tables))
    return [sentence for sentence in said if sentence]


def dominating(name: str, reference: str, strategy: str, tables: Tables) -> str:
    """What the whole distributions say, where they say it of money and of health: that no crossing was seen, not that none is."""
    said = []
    for metric, kind in (("public exposure", "money"), ("health", "health")):
        rows = [r for r in tables["dominance"] if (r["strategy"], r["metric"], r["draft"], r["against"]) ==
                (strategy, metric, name, reference)]  # fmt: skip
        found = next((r for r in rows if r["verdict"] in ("dominates", "dominated")), None)
        if found is not None:
            best = name if found["verdict"] == "dominates" else reference
            whom = "whatever one thinks of risk" if found["order"] == 1 else "for whoever shuns risk"
            said.append(f"{best} on {kind} ({whom})")
    return f"Over the whole range of futures no crossing beyond chance was seen: better is {' and '.join(said)}." if said else ""


def ends(row: Row, name: str, unit: str) -> str:
    """The interval of a difference, of its size where it lies on one side of nothing."""
    low, high = row[f"{name}_low_{unit}"], row[f"{name}_high_{unit}"]
    say = pounds if unit == "gbp" else count
    if high < 0.0:
        low, high = -high, -low
    return between(low, high, say)


def verdict(name: str, reference: str, row: Row) -> str:
    """Yes, no, at a price, or not settled."""
    cheaper = settled(row["costs_more_low_gbp"], row["costs_more_high_gbp"])
    healthier = settled(row["health_more_low_qaly"], row["health_more_high_qaly"])
    one, two = ("money", "health") if cheaper < 0 else ("health", "money")
    good, bad = (cheaper < 0) + (healthier > 0), (cheaper > 0) + (healthier < 0)
    if good and bad:
        return f"{name} is better than {reference} on {one} and worse on {two}"
    if good == 2:
        return f"Yes, {name} is better than {reference}, on money and on health"
    if bad == 2:
        return f"No, {name} is worse than {reference}, on money and on health"
    part, open_ = ("money", "health") if cheaper else ("health", "money")
    if good or bad:
        return f"{name} is {'better' if good else 'worse'} than {reference} on {part}; on {open_} these futures do not settle it"
    return f"Not settled by these futures whether {name} is better than {reference}"


def settled(low: float, high: float) -> int:
    """1 where an interval lies above nothing, −1 below, 0 across."""
    return 1 if low > 0.0 else -1 if high < 0.0 else 0


def verdict_rows(drafts: Drafts, tables: Tables) -> list[dict[str, Any]]:
    """The answer as a table: each draft against the reference."""
    kept = [
        f"{name}{part}_{unit}"
        for name, unit in (("costs_more", "gbp"), ("health_more", "qaly"), ("switching", "gbp_per_qaly"))
        for part in ("", "_low", "_high")
    ]  # fmt: skip
    reference = drafts.names[drafts.reference]
    return [
        {
            "draft": row["draft"], "strategy": row["strategy"], "money": reads(row, "costs_more", "gbp", -1),
            "health": reads(row, "health_more", "qaly", 1), **{name: row[name] for name in kept},
        }
        for row in tables["together"] if row["against"] == reference
    ]  # fmt: skip


def reads(row: Row, name: str, unit: str, good: int) -> str:
    """better, worse, the same or not settled."""
    if row["same_probability"] == 1.0:
        return "the same"
    side = settled(row[f"{name}_low_{unit}"], row[f"{name}_high_{unit}"])
    return "better" if side == good else "worse" if side else "not settled"


def flips(name: str, row: Row) -> str:
    """The switching value, shown and not used."""
    value, low, high = (row[f"switching{part}_gbp_per_qaly"] for part in ("", "_low", "_high"))
    if row["holds"] not in ("better above", "better below"):
        return ""
    side = "above" if row["holds"] == "better above" else "below"
    bounds = f"({pounds(low)} to {pounds(high)})" if low == low else "(no interval: the difference in health is within its error)"
    return f"The order flips at {pounds(value)} a QALY {bounds}: {name} is worth having where a QALY is worth {side_words(side)}."


def side_words(side: str) -> str:
    """more or less than that."""
    return "more than that" if side == "above" else "less than that"


def failing(row: Row) -> str:
    """A failure's chance before and after."""
    verb = "falls" if row["difference_probability"] < 0.0 else "rises"
    return (
        f"the chance that {row['words']} {verb} from {percent(row['against_fails_probability'])} to "
        f"{percent(row['fails_probability'])}"
    )


def together(drafts: Drafts, strategy: str, tables: Tables) -> list[str]:
    """Criteria on which one draft stands first for money and for health, and regret."""
    rows = [row for row in tables["criteria"] if row["strategy"] == strategy]
    names = list(dict.fromkeys(row["criterion"] for row in rows))
    both = {
        name: [row["draft"] for row in rows if row["criterion"] == name and row["money_rank"] == row["health_rank"] == 1]
        for name in names
    }  # fmt: skip
    said = []
    for draft in drafts.names:
        mine = [name for name in names if both[name] == [draft]]
        if mine:
            said.append(f"{draft} alone is first on money and on health by {len(mine)} of {len(names)} criteria.")
    if not any(len(found) == 1 for found in both.values()):
        said.append("By no criterion is one draft alone first on money and on health.")
    money = [r for r in tables["regret_money"] if r["strategy"] == strategy and r["metric"] == "public exposure"]
    health = [r for r in tables["regret_health"] if r["strategy"] == strategy]
    reference = drafts.names[drafts.reference]
    return said + regrets(money, "gbp", "money", reference) + regrets(health, "qaly", "health", reference)


def regrets(rows: Sequence[Row], unit: str, kind: str, reference: str) -> list[str]:
    """Regret of the drafts with the least of it, by its mean and by what 1 future in 20 exceeds, and of the reference."""
    if not rows:
        return []
    mean = min(rows, key=lambda row: (row[f"mean_{unit}"], row[f"p95_{unit}"]))
    high = min(rows, key=lambda row: (row[f"p95_{unit}"], row[f"mean_{unit}"]))
    named = [row for row in rows if row is mean or row is high or row["draft"] == reference or len(rows) == 2]
    each = "; ".join(regret_of(row, unit) for row in named)
    if mean is high:
        least = f"the least, by its mean and by what 1 future in 20 exceeds, has {mean['draft']}"
    else:
        least = f"the least mean has {mean['draft']}, the least that 1 future in 20 exceeds {high['draft']}"
    return [f"Regret on {kind}, against the best of these drafts in the same future: {least}. {each}."]


def regret_of(row: Row, unit: str) -> str:
    """One draft's regret: its mean, what 1 future in 20 exceeds, and the futures in which it is the best, ties apart."""
    say = pounds if unit == "gbp" else lambda value: f"{count(value)} QALYs"
    alone = row["best_alone_probability"]
    level = max(0.0, row["best_probability"] - alone)
    return (
        f"{row['draft']}: {say(row[f'mean_{unit}'])} on average, 1 future in 20 exceeds {say(row[f'p95_{unit}'])}; alone the "
        f"best in {percent(alone)} of futures, level with another best one in {percent(level)}"
    )


def under_gaming(names: Sequence[str], reference: str, strategies: Sequence[str], tables: Tables) -> list[str]:
    """Whether the order on money holds under the other strategies too."""
    said = []
    for strategy in strategies[1:]:
        for name in names:
            row = find(tables["together"], strategy=strategy, draft=name, against=reference)
            if row is not None and row["same_probability"] < 1.0:
                m, h = row["costs_more_gbp"], row["health_more_qaly"]
                said.append(
                    f"With the {strategy} provider {name} costs public bodies {pounds(abs(m))} {'more' if m > 0 else 'less'} "
                    f"{ends(row, 'costs_more', 'gbp')} and yields {count(abs(h))} QALYs {'more' if h > 0 else 'fewer'} "
                    f"{ends(row, 'health_more', 'qaly')}."
                )
    return said


def budgets(drafts: Drafts) -> list[str]:
    """What to know where drafts agree on other budgets, or cover other services."""
    first, said = drafts.sources[drafts.reference].study.contract, []
    for k, name in enumerate(drafts.names):
        rise = budget_rise(drafts, k)
        if rise != 0.0:
            said.append(
                f"The agreed budget of {name} is {pounds(abs(rise))} {'higher' if rise > 0.0 else 'lower'} than that of "
                f"{drafts.names[drafts.reference]}, in present value: its exposure counts from the latter here, so that what is "
                "agreed beforehand is no saving."
            )
        own = drafts.sources[k].study.contract
        if own.scope != first.scope:
            reference = drafts.names[drafts.reference]
            said.append(f"WARNING: {name} covers other services than {reference}: money is not for the same care.")
    return said


def notes(drafts: Drafts, differ: Sequence[Row], hurdles_differ: bool) -> list[str]:
    """Method, limits and warnings."""
    money = next(metric for metric in METRICS if metric.column == MONEY)
    said = [
        f"All drafts live the same {drafts.n:,} futures; differences are taken future by future, with the design's errors.",
        "Brackets hold 95% intervals; columns named error hold one standard error.",
        "Each provider answers the draft that it works under; the same strategy name is another plan in each draft.",
        f"Money in criteria and switching values is {money.name}: what {money.words}. Cost moved between them is no gain.",
        "No worth of a QALY enters any rank; the switching value says at which worth two drafts change places.",
        "The worst future and the largest regret are those of the futures drawn: they grow with the number of futures and have "
        "no error.",
        f"Hurdles are those of {drafts.names[drafts.reference]}, in pounds.",
    ]  # fmt: skip
    said += budgets(drafts)
    if drafts.cut:
        said.append("Runs differ in length: the first futures that all of them have are used.")
    if any(row["part"] in ("world", "study") for row in differ):
        said.append("WARNING: the world around the drafts differs too (table differ): not every difference is the draft's.")
    if hurdles_differ:
        said.append("WARNING: the runs have hurdles of their own; those of the reference draft are used for all.")
    return said
