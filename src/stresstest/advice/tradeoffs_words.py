"""What trade-offs say to a governing body: the price of health along the frontier, who pays, and which entry buys what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..units import percent, pounds
from .compare_words import count

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
CAPTIONS = {
    "frontier": "Drafts that no other beats on exposure and health at once, on further futures; the slope is the price of a QALY",
    "points": "Every draft tried: what it sets, what comes of it, and which draft of the frontier beats it by how much",
    "one_at_a_time": "What each entry of the contract buys alone, with the honest provider's answer to it",
    "frontiers": "Frontiers of other pairs of aims",
    "parameters": "What was turned, and within which range",
}
#: Standard errors beyond which a change is told; what stands behind ± is one.
BEYOND = 1.96
MOST_ENTRIES = 3


def answer(tables: Tables, facts: Mapping[str, Any]) -> list[str]:
    """The answer first."""
    return [*prices(tables, facts), *now(tables), *provider(tables), *entries(tables)]


def prices(tables: Tables, facts: Mapping[str, Any]) -> list[str]:
    """From one end of the frontier to the other, and the slopes between."""
    rows = tables["frontier"]
    if len(rows) < 2:
        only = rows[0]
        return [f"Nothing is given up: of {facts['drafts']} drafts {only['draft']} has the least exposure and the most health."]
    low, high = rows[0], rows[-1]
    told = [row["slope_gbp_per_qaly"] for row in rows[1:] if row["slope_gbp_per_qaly"] is not None]
    ends = [f"{pounds(r['exposure_gbp'])} (± {pounds(r['exposure_error_gbp'])})" for r in (low, high)]
    between = f", from {pounds(min(told))} to {pounds(max(told))} for a further QALY" if told else ""
    return [
        f"Of {facts['drafts']} drafts {len(rows)} are on the frontier of exposure and health: from {ends[0]} "
        f"with {count(low['health_qaly'])} QALYs to {ends[1]} with {count(high['health_qaly'])}{between}."
    ]  # fmt: skip


def now(tables: Tables) -> list[str]:
    """Where the contract as it is stands."""
    row = tables["points"][0]
    if row["dominated"] == "no":
        return ["No draft that was tried beats the contract as it is on exposure and on health at once."]
    named = f"{row['beaten_by']}{makeup(tables, row['beaten_by'])}"
    fresh = next((one for one in tables["frontier"] if one["draft"] == row["beaten_by"]), None)
    if fresh is None:
        saves, adds, errors = row["saves_gbp"], row["adds_qaly"], (row["saves_error_gbp"], row["adds_error_qaly"])
        where, clear = "", row["beyond_error"] == "yes"
    else:
        saves, adds = -fresh["exposure_change_gbp"], fresh["health_change_qaly"]
        errors = fresh["exposure_change_error_gbp"], fresh["health_change_error_qaly"]
        where, clear = " on further futures", saves > BEYOND * errors[0] or adds > BEYOND * errors[1]
    beyond = "" if clear else "; that is within the error"
    return [
        f"The contract as it is is beaten on both: {named} saves the commissioner {pounds(saves)} (± {pounds(errors[0])}) and "
        f"adds {count(adds)} QALYs (± {count(errors[1])}){where}{beyond}."
    ]


def makeup(tables: Tables, draft: str) -> str:
    """" (pay-back 90.0% for 50.0%, …)": the entries in which a draft lies farthest from the contract as it is; "" for none."""
    points = tables["points"]
    own, other = points[0], next((row for row in points if row["draft"] == draft), points[0])
    found = []
    for parameter in tables["parameters"]:
        stem = str(parameter["parameter"]).replace("’", "").replace("-", "_").replace(" ", "_")
        column = next((name for name in own if name.startswith(f"{stem}_") and isinstance(own[name], float)), None)
        if column is None:
            continue
        values = [row[column] for row in points]
        width = (max(values) - min(values)) or 1.0
        change = abs(other[column] - own[column]) / width
        if change > 0.0:
            words = f"{parameter['parameter']} {_entry(other[column], column)} for {_entry(own[column], column)}"
            found.append((change, words))
    told = [words for _, words in sorted(found, key=lambda one: -one[0])[:MOST_ENTRIES]]
    return f" (among others {', '.join(told)})" if told else ""


def _entry(value: float, column: str) -> str:
    if column.endswith("_gbp"):
        return pounds(value)
    return percent(value) if column.endswith("_share") else f"{value:.1f}"


def provider(tables: Tables) -> list[str]:
    """Who pays for the frontier: the provider's surplus and its chance of walking away."""
    rows, own = tables["frontier"], tables["points"][0]
    worse = [row for row in rows if row["surplus_change_gbp"] < -BEYOND * row["surplus_change_error_gbp"]]
    losing = [row for row in rows if row["surplus_gbp"] < 0.0]
    leaves = [row["walks_away_probability"] for row in rows]
    said = [
        f"{len(worse)} of the {len(rows)} leave the provider less than its {pounds(own['surplus_gbp'])} now, {len(losing)} with "
        f"a loss; it walks away in {percent(min(leaves))} to {percent(max(leaves))} of futures, against "
        f"{percent(own['walks_away_probability'])} now."
    ]  # fmt: skip
    if "gamed_exposure_gbp" in own:
        gamed = [row["gamed_exposure_gbp"] for row in rows]
        said.append(
            f"Gamed as the run found, their exposure is {pounds(min(gamed))} to {pounds(max(gamed))}, against "
            f"{pounds(own['gamed_exposure_gbp'])} now."
        )
    return said


def entries(tables: Tables) -> list[str]:
    """The entries that alone move health most, and exposure most."""
    said = []
    for unit, axis, words, say in (("qaly", "health", "health", _qalys), ("gbp", "exposure", "exposure", pounds)):
        ranked = strongest(tables["one_at_a_time"], f"{axis}_change", unit)[:MOST_ENTRIES]
        told = [
            f"{row['parameter']} at {row['set_to']} {'adds' if row[f'{axis}_change_{unit}'] > 0 else 'takes'} "
            f"{say(abs(row[f'{axis}_change_{unit}']))} (± {say(row[f'{axis}_change_error_{unit}'])})"
            for row in ranked
        ]
        none = f"No entry alone moves {words} beyond the error."
        said.append(f"Alone, {words} is moved most by: {'; '.join(told)}." if told else none)
    return said


def _qalys(value: float) -> str:
    return f"{count(value)} QALYs"


def strongest(rows: Sequence[Row], name: str, unit: str) -> list[Row]:
    """For each parameter its strongest value, where the change is beyond the error; the strongest first."""
    best: dict[str, Row] = {}
    for row in rows:
        size = abs(row[f"{name}_{unit}"])
        if size > BEYOND * row[f"{name}_error_{unit}"] and size > abs(best.get(row["parameter"], {}).get(f"{name}_{unit}", 0.0)):
            best[row["parameter"]] = row
    return sorted(best.values(), key=lambda row: -abs(row[f"{name}_{unit}"]))


def notes(facts: Mapping[str, Any], searched: int) -> list[str]:
    """Method and limits."""
    said = [
        f"To each draft the honest provider answers anew, on {searched:,} futures; all drafts are scored on the same "
        f"{facts['futures']:,} fresh ones, the frontier again on further ones. Errors are Monte Carlo, of changes paired.",
        "A level of effort, prevention or efficiency stays where it was unless another serves the provider clearly better. Where "
        "its aim is flat, its answer is an assumption, and health and exposure depend on it.",
        "The drafts are spread over the ranges in table parameters, which are judgements: outside them nothing was tried, and "
        "between the points better drafts may lie.",
        "A draft that leaves the provider a loss may find nobody who signs it.",
        "Money is the commissioner's net exposure; what falls on the hospital and the council is not in it.",
    ]  # fmt: skip
    if facts["weighted"]:
        said.append("Fresh futures weigh what the scenario's consistency factors say, in the answers, means and errors alike.")
    if facts["gaming"]:
        said.append("The gaming provider plays as it did in the run; it was not searched again for each draft.")
    return said
