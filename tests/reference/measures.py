"""Exposure, present values and the yearly table of one life, in the words of the measures."""

from __future__ import annotations

from types import SimpleNamespace

from .live import Life
from .world import Setting

CAUSE = {
    "annual_payment": "uplift", "improvement_payment": "improvement", "gain_loss_share": "gain_share",
    "cap_and_collar": "gain_share", "prevention_floor": "gain_share",
}  # fmt: skip
CAUSES = ("uplift", "improvement", "gain_share", "rescue", "step_in", "shifted")
EXIT_CODES = {
    "none": 0, "policy break": 1, "opening": 2, "funding": 3, "need": 4, "price": 5, "productivity": 6, "shock": 7,
    "performance": 8, "investment": 9,
}  # fmt: skip


def exposure(year: SimpleNamespace, setting: Setting) -> dict[str, float]:
    """The commissioner's exposure of one year by cause, beyond the agreed budget (£)."""
    agreed, ledger = setting.plan[year.t].agreed, year.ledger
    x = dict.fromkeys(CAUSES, 0.0)
    for term in setting.study.contract.terms:
        x[CAUSE[term.kind.name]] += ledger[term.id]
    if year.running:
        x["uplift"] += ledger["price_variation"] - agreed - ledger["recovery"] - ledger["exit_fee"]
    else:
        x["step_in"] = ledger["step_in"] + ledger["reprocurement"] - agreed
    x["rescue"] = ledger["deficit_support"]
    x["shifted"] = year.w.shifted_acute + year.w.left
    return x


def true_score(year: SimpleNamespace) -> float:
    """Mean true progress, each indicator held between 0 and 1."""
    return sum(min(max(y, 0.0), 1.0) for y in year.w.progress) / len(year.w.progress)


def yearly(life: Life, setting: Setting) -> list[dict[str, float]]:
    """The yearly table."""
    rows, total = [], 0.0
    for year in life.years:
        on = float(year.running)
        income = year.paid.income + year.ledger["deficit_support"]
        cost = year.w.cost * on
        total += income - cost
        rows.append({
            "income_gbp": income, "cost_gbp": cost, "surplus_gbp": income - cost, "cumulative_surplus_gbp": total,
            "reserve_gbp": year.reserve, "agreed_budget_gbp": setting.plan[year.t].agreed,
            "annual_payment_gbp": year.paid.annual,
            "performance_gbp": year.paid.income - year.paid.annual - year.paid.variation,
            "commissioner_exposure_gbp": sum(exposure(year, setting).values()), "reported_score": year.paid.score,
            "true_score": true_score(year), "acute_actual_gbp": year.w.acute,
            "acute_expected_gbp": year.r.acute_expected, "running": on,
        })  # fmt: skip
    return rows


def lowest_reserve(life: Life, setting: Setting) -> float:
    """Lowest reserve less what the owners had put in by then, the reserve at the start included (£)."""
    return min([setting.ending["reserve"], *(year.reserve - year.owner_paid for year in life.years)])


def outcomes(life: Life, setting: Setting) -> dict[str, float]:
    """Every outcome measure of one life."""
    money, health = (1.0 / (1.0 + setting.place[f"health.{kind}_discount"]) for kind in ("money", "health"))
    out = dict.fromkeys((
        "provider_surplus_npv_gbp", "commissioner_exposure_npv_gbp", "commissioner_exposure_gross_npv_gbp",
        *(f"exposure_{cause}_npv_gbp" for cause in CAUSES), "public_exposure_npv_gbp",
        "hospital_exposure_npv_gbp", "council_exposure_npv_gbp", "health_qaly_npv", "performance_npv_gbp", "gaming_cost_npv_gbp",
    ), 0.0)  # fmt: skip
    rows = yearly(life, setting)
    for year, row in zip(life.years, rows, strict=True):
        now, parts = money**year.t, exposure(year, setting)
        stays = setting.ending["hospital_fixed_share"] * max(0.0, year.r.acute_expected - year.w.acute)
        out["provider_surplus_npv_gbp"] += now * row["surplus_gbp"]
        out["commissioner_exposure_npv_gbp"] += now * sum(parts.values())
        out["commissioner_exposure_gross_npv_gbp"] += now * sum(max(0.0, part) for part in parts.values())
        for cause, part in parts.items():
            out[f"exposure_{cause}_npv_gbp"] += now * part
        out["public_exposure_npv_gbp"] += now * (sum(parts.values()) + year.w.shifted_council + stays)
        out["hospital_exposure_npv_gbp"] += now * stays
        out["council_exposure_npv_gbp"] += now * year.w.shifted_council
        out["health_qaly_npv"] += health**year.t * year.w.health
        out["performance_npv_gbp"] += now * row["performance_gbp"]
        out["gaming_cost_npv_gbp"] += now * year.w.gaming_cost
    served = [row for row in rows if row["running"]]
    out["lowest_reserve_gbp"] = lowest_reserve(life, setting)
    out["mean_true_score"] = sum(row["true_score"] for row in rows) / len(rows)
    out["mean_reported_score"] = sum(row["reported_score"] for row in served) / len(served)
    out["exit_year_index"] = float(-1 if life.purse.exit_year is None else life.purse.exit_year)
    out["exit_cause_code"] = float(EXIT_CODES[life.purse.exit_cause])
    return out
