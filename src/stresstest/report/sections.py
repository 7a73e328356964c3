"""The tables below the first screen: who gains and pays, gaming, history, null test, checks, prices, reproduction."""

from __future__ import annotations

import re
from typing import Any

from . import words as W
from .answers import clause_names, lever_title
from .source import BEST, DIFFERENCE, GAMED, HONEST, Row, Source, real, unused
from .table import Table

PLAYER_WORDS = {HONEST: "honest", GAMED: "gamed", DIFFERENCE: "gamed less honest, same futures"}
MEASURES = (
    ("provider", "surplus_npv", "Provider surplus", "p5"),
    ("commissioner", "exposure_npv", "Commissioner exposure, net", "p95"),
    ("commissioner", "exposure_gross_npv", "Commissioner exposure, gross", "p95"),
    ("public", "exposure_npv", "Public exposure (commissioner, hospital, council)", "p95"),
    ("residents", "health_qaly_npv", "Health gained, QALYs", "p5"),
)
HOLDS = "holds"
RANDOM = "random"
NOT_WORTH = "not worth it here"
ARROW = "→"
_WINDOW = re.compile(r"^\d+-year mean (of )?")
LEVELS = ("low", "middle", "high")


def outcomes(source: Source) -> Table:
    """Every party's result side by side, so that a transfer does not look like a saving."""
    rows = [
        _outcome_row(source, party, metric, title, tail, player)
        for party, metric, title, tail in MEASURES
        for player in PLAYER_WORDS
    ]
    headings = (
        "Measure", "Provider", "Median", "80% interval", "1 in 20 is worse than (standard error)",
        "Mean of the worst 1 in 20", "Mean (standard error)", "Central case (no events, never found out)",
    )  # fmt: skip
    caption = f"Who gains and who pays: present values over the contract, {W.of_scenario(source.main)}"
    return Table("outcomes", caption, headings, rows, 6)


def _outcome_row(source: Source, party: str, metric: str, title: str, tail: str, player: str) -> list[str]:
    def shown(statistic: str, with_error: bool = False) -> str:
        figure = source.figure(party, metric, statistic, strategy=player)
        say = W.number if figure.unit == "QALY" else W.pounds
        error = f" ({W.spare(figure.error, say)})" if with_error else ""
        return say(figure.value, figure.error) + error

    paired = player == DIFFERENCE
    return [
        title, PLAYER_WORDS[player], shown("p50"), f"{shown('p10')} to {shown('p90')}",
        W.NONE if paired else shown(tail, True), W.NONE if paired else shown("cte95"), shown("mean", True),
        W.NONE if paired else shown("central"),
    ]  # fmt: skip


def gaming(source: Source) -> Table:
    """Levers by gain; money and health in columns of their own."""
    headings = (
        "Lever", "Clauses that make it pay", "Change of wording", "Provider gains (90% interval)", "Worth it in",
        "Commissioner loses", "Public purse loses", "Health lost, QALYs", "Found out in a year: assumed",
        "Found out in a year: break-even", "Gain left after the change (standard error)",
    )  # fmt: skip
    best = source.best_combination
    rows = [_gaming_row(source, row) for row in [*([best] if best else []), *source.levers]]
    caption = "All levers together, then each alone in order of what it gains a provider: means, present value"
    return Table("gaming", caption, headings, rows, 8)


def _gaming_row(source: Source, row: Row) -> list[str]:
    gain, error = real(row["gain_mean_gbp"]), real(row["gain_error_gbp"])
    left, left_error = real(row["residual_gain_mean_gbp"]), real(row["residual_error_gbp"])
    if unused(row):
        return [_lever(source, row), W.NONE, W.NONE, NOT_WORTH, *[W.NONE] * 4, W.percent(real(row["detection_assumed"])),
                W.NONE, W.NONE]  # fmt: skip
    left_over = "Still used" if row["lever"] == BEST else "Then moves to"
    moved = f" {left_over}: {row['displaced_to']}." if row["displaced_to"] else ""
    return [
        _lever(source, row),
        W.sentence(W.listed(clause_names(row["creating_terms"]))) or W.NONE,
        (f"{W.sentence(row['fix'])}.{moved}" if row["fix"] else "None tried").replace("..", "."),
        f"{W.pounds(gain, error)} ({W.interval(real(row['gain_p5_gbp']), real(row['gain_p95_gbp']))})",
        W.percent(real(row["probability_worthwhile"])),
        W.pounds(real(row["harm_commissioner_mean_gbp"])), W.pounds(real(row["harm_public_mean_gbp"])),
        W.number(real(row["harm_qaly_mean"])), W.percent(real(row["detection_assumed"])),
        _break_even(row), f"{W.pounds(left, left_error)} ({W.spare(left_error)})" if W.known(left) else W.NONE,
    ]  # fmt: skip


def _lever(source: Source, row: Row) -> str:
    return f"{W.sentence(lever_title(source, row))} ({row['grade']})"


def _break_even(row: Row) -> str:
    """The chance that stops it; where there is none, whether because nothing stops it or because it does not pay."""
    value = real(row["detection_break_even"])
    if W.known(value):
        return W.percent(value)
    single = row["lever"] != BEST
    return "no chance stops it" if single and real(row["gain_mean_gbp"], 0.0) > 0.0 else W.NONE


def lever_notes(source: Source) -> list[dict[str, str]]:
    """What each lever is, who bears it, what would be seen first and where it has been seen."""
    keys = ("plain_english", "harmed", "early_sign", "evidence")
    return [{"title": W.sentence(lever_title(source, r))} | {k: str(r[k] or "") for k in keys} for r in source.levers]


def history(source: Source) -> Table:
    """The record, the futures and the scenarios' levels, each of these marked inside or outside the record."""
    singles = any(_single(r) for r in source.rows("history"))

    def level(row: Row, name: str) -> str:
        value = real(row[f"seed_{name}"])
        return f"{W.percent(value)}: {row[f'seed_{name}_inside']}" if W.known(value) else W.NONE

    rows = [
        [
            str(r["quantity"]), f"{r['period']}; {r['source']}",
            f"{W.percent(r['historical_low'])} to {W.percent(r['historical_high'])} (mean "
            f"{W.percent(r['historical_mean'])})",
            f"{W.percent(r['simulated_p5'])} to {W.percent(r['simulated_p95'])} (mean "
            f"{W.percent(r['simulated_mean'])})",
            *([_single(r) or W.NONE] if singles else []),
            *(level(r, name) for name in LEVELS),
        ]
        for r in source.rows("history")
    ]  # fmt: skip
    headings = (
        "Quantity", "Record", "Lowest to highest on record", "Middle 90% of futures",
        *(["Single years"] if singles else []), "Scenario level, low", "Scenario level, middle", "Scenario level, high",
    )  # fmt: skip
    caption = "The British record beside the futures and the scenarios' levels"
    return Table("history", caption, headings, rows, 5 + singles)


def _single(row: Row) -> str:
    """Lowest to highest single year on record; nothing where the row does not say."""
    low, high = (real(row.get(f"historical_single_{end}")) for end in ("low", "high"))
    return f"{W.percent(low)} to {W.percent(high)}" if W.known(low) and W.known(high) else ""


def windows(source: Source) -> str:
    """What is compared with what: windows as long as the contract, beyond which single years have gone."""
    count = len(source.years)
    text = f"Means over windows of {count} years, as long as the contract, are compared." if count > 1 else ""
    further = [
        f"{W.within(_WINDOW.sub('', str(r['quantity'])))} {_single(r)}" for r in source.rows("history")
        if _single(r) and (r["historical_single_low"] < r["historical_low"]
                           or r["historical_single_high"] > r["historical_high"])
    ]  # fmt: skip
    return f"{text} Single years have gone further: {'; '.join(further)}.".strip() if further else text


def outside(source: Source) -> str:
    """How many of the scenarios' levels lie outside the record, in words."""
    marks = [r[f"seed_{name}_inside"] for r in source.rows("history") for name in LEVELS if r[f"seed_{name}_inside"]]
    return f"{marks.count('outside')} of the {len(marks)} levels that can be set beside a record lie outside it."


def swings(source: Source) -> Table:
    """Judged inputs changed one at a time: what becomes of failure and of exposure, in the same futures."""
    rows = [
        [
            W.sentence(r["title"]), r["key"], _basis(r),
            _set_to(r, source.unit(r["key"])),
            f"{W.percent(r['exit_losses_base'])} {ARROW} {W.percent(r['exit_losses_changed'])}",
            W.points(r["exit_losses_error"]).replace("percentage points", "points"),
            f"{W.pounds(r['exposure_base_gbp'])} {ARROW} {W.pounds(r['exposure_changed_gbp'])}",
            W.spare(r["exposure_error_gbp"]),
        ]
        for r in source.rows("swings")
    ]  # fmt: skip
    headings = (
        "Input", "Key", "Basis", "Base, and changed to", "Losses end the contract in", "Standard error",
        "Mean exposure", "Standard error",
    )  # fmt: skip
    caption = "One judged input changed at a time: honest provider, same futures, largest effect on failure first"
    return Table("swings", caption, headings, rows, 5)


def _basis(row: Row) -> str:
    """Quality and source, the quality once: a source that begins with "judgement:" says it already."""
    source = str(row["source"] or "").removeprefix(f"{row['quality']}: ")
    return f"{row['quality']}; {source}".strip("; ")


def _set_to(row: Row, unit: str) -> str:
    """"0.07 → 0.035 share", "£25.0m → £12.5m"."""
    words = f"{W.as_set(row['base'], unit)} {ARROW} {W.as_set(row['changed'], unit)}"
    return words if unit == "GBP" else f"{words} {unit}".strip()


def null_test(source: Source) -> Table:
    """What each clause, and all together, pay a provider that changes nothing, with and without chance."""
    pots = any(W.known(real(r.get("pot_gbp_a_year"))) for r in source.rows("null_test"))
    rows = [
        [
            W.sentence(W.spoken(r["clause"])), f"{W.pounds(r['mean_gbp_a_year'])} ({W.spare(r['error_gbp'])})",
            W.pounds(r["without_chance_gbp_a_year"]), W.pounds(r["chance_part_gbp_a_year"]),
            W.percent(r["share_of_annual_payment"]), W.percent(r["chance_payout_rate"]),
            *([W.pounds(real(r["pot_gbp_a_year"]))] if pots else []),
        ]
        for r in source.rows("null_test")
    ]  # fmt: skip
    headings = (
        "Clause", "Pays the provider, a year (standard error)", "Without chance", "Part that is chance",
        "As a share of the yearly payment", "Chance-payout rate", *(["Largest it could move, a year"] if pots else []),
    )  # fmt: skip
    return Table("null_test", "What each clause pays a provider that changes nothing", headings, rows, 5 + pots)


def checks(source: Source) -> Table:
    """Model checks, the failed ones first."""
    ordered = sorted(source.checks, key=lambda check: check["ok"])
    rows = [[W.spoken(str(c["check"])), HOLDS if c["ok"] else "FAILED", _found(str(c["detail"]))] for c in ordered]
    return Table("checks", "Checks of the model on this run", ("Check", "Result", "Found"), rows, 0)


def _found(detail: str) -> str:
    """What a check found, with proper minus signs, and not the bare word that the column beside it says."""
    return "" if detail == HOLDS else detail.replace("£-", f"{W.MINUS}£").replace(" -", f" {W.MINUS}")


def prices(source: Source) -> dict[str, Any]:
    """Words of the price-basis note, from the effective configuration; None where the run does not say."""
    terms = source.setting("contract", "terms") or []
    annual: dict[str, Any] = next((t for t in terms if t.get("kind") == "annual_payment"), {})
    opening = annual.get("opening_price")
    price = opening.get("value") if isinstance(opening, dict) else opening
    growth = source.setting("contract", "plan", "funding_growth")
    rates = [source.setting("place", "health", name) for name in ("money_discount", "health_discount")]
    return {
        "title": title(source), "basis": source.setting("contract", "price_basis"), "years": len(source.years),
        "opening": W.pounds(real(price)) if price is not None else None,
        "growth": W.percent(growth) if growth is not None else None, "grows": (growth or 0.0) > 0.0,
        "money_rate": W.percent(rates[0]) if rates[0] is not None else None,
        "health_rate": W.percent(rates[1]) if rates[1] is not None else None,
    }  # fmt: skip


def title(source: Source) -> str:
    """The contract's title, or the study's where the run keeps no configuration."""
    return str(source.setting("contract", "title") or source.manifest.get("study", {}).get("title") or "Contract")


def reproduction(source: Source) -> dict[str, Any]:
    """Commands, hashes and versions that make the run again."""
    manifest = source.manifest
    run, study = manifest["run_id"], manifest.get("study", {}).get("name", "STUDY")
    made_by, kind = manifest.get("provenance", {}), source.design.kind
    chosen = "" if kind == RANDOM else f" --design {kind}"
    return {
        "commands": (
            (f"python3 run.py verify reports/runs/{run}", "recompute every hash and check of this run"),
            (f"python3 run.py reproduce reports/runs/{run}", "run it again and compare"),
            (f"python3 run.py run configs/studies/{study}.toml --seed {manifest.get('seed')}{chosen}", "the same study afresh"),
            (f"python3 run.py report reports/runs/{run}", "write this page again"),
        ),
        "facts": [
            (name, str(value)) for name, value in (
                ("Run", run), ("Results hash", manifest.get("results_hash")), ("Inputs hash", manifest["inputs_hash"]),
                ("Seed", manifest.get("seed")), ("Design", _design(source)),
                ("Futures", ", ".join(f"{W.scenario_title(s)} {n:,}" for s, n in manifest["futures"].items())),
                ("Version", made_by.get("stresstest")), ("Python", made_by.get("python")),
                ("Made", manifest.get("created")),
            ) if value
        ],
    }  # fmt: skip


def _design(source: Source) -> str:
    """"random", "random, mirrored pairs", "sobol, 16 replicates"."""
    design = source.design
    more = {"pairs": ", mirrored pairs", "replicates": f", {design.replicates} replicates"}
    return design.kind + more.get(design.units, "")
