"""Names and order of every array axis. No values, no files.

Arrays and their axis order, with T years, B futures in a block:

    axes[T, AXES, B]      the six uncertainties, in their own units
    noise[T, NOISE, B]    yearly variates: standard normals, and uniforms for events
    once[ONCE, B]         variates drawn once for a future
    tags[TAGS, B]         weight, group, cell and course of a future
    g[T, GIVEN, B]        the place's years, whatever its provider does; all strategies live in them
    d[DRIVERS, B]         one year of the world and of the record (overwritten year by year)
    s[STATES, B]          what a future carries from one year to the next
    memory[term, MEMORY, B]  what a clause carries from one year to the next
    rows[term, T, ROW]    the contract, resolved: one row of numbers per term and year
    strategy[T, levers]   lever intensities
    ledger[T, LINES, B]   money from payer to payee
    x[EXPOSURE + PUBLIC_SUMS, B]  one year of the commissioner's exposure by cause, and of other public bodies' money
"""

from __future__ import annotations

#: Futures that are lived side by side: few enough that all they need stays in a core's own memory.
BLOCK = 64
MAX_YEARS = 30
MAX_SETTLED_YEARS = 400
MAX_INDICATORS = 8
ROW_SLOTS = 64
ROW_SHOW = ROW_SLOTS - 1
MEMORY_SLOTS = 12
LEVER_SLOTS = 16
MAX_TERMS = 128

AXES = ("responsibility", "control", "state", "economy", "technology", "workforce")
RESPONSIBILITY, CONTROL, STATE, ECONOMY, TECHNOLOGY, WORKFORCE = range(6)

PARTIES = ("commissioner", "provider", "hospital", "council", "nhs_england", "successor", "operator", "taxpayer")
PUBLIC_BODIES = ("commissioner", "hospital", "council", "nhs_england", "taxpayer")
COMMISSIONER, PROVIDER, HOSPITAL, COUNCIL, NHS_ENGLAND, SUCCESSOR, OPERATOR, TAXPAYER = range(8)


def _names(*names: str) -> tuple[str, ...]:
    return names


def _many(name: str) -> tuple[str, ...]:
    return tuple(f"{name}_{k}" for k in range(MAX_INDICATORS))


# ── yearly variates ── name → (kind, local to the place?) ──────────────────────────────────────────────────────────
NOISE_KINDS: dict[str, str] = {
    "list": "normal",
    "need": "normal",
    "pay": "normal",
    "productivity": "normal",
    "funding": "normal",
    "acute": "normal",
    "insurance": "normal",
    "inflation": "uniform",
    "pandemic": "uniform",
    "winter": "uniform",
    **dict.fromkeys(_many("outcome"), "normal"),
    **dict.fromkeys(_many("sample"), "normal"),
}
NATIONAL_NOISE = ("pay", "funding", "inflation", "pandemic", "winter")
NOISE = tuple(NOISE_KINDS)
NOISE_LIST, NOISE_NEED, NOISE_PAY, NOISE_PRODUCTIVITY, NOISE_FUNDING = range(5)
NOISE_ACUTE, NOISE_INSURANCE, NOISE_INFLATION, NOISE_PANDEMIC, NOISE_WINTER = range(5, 10)
NOISE_OUTCOME = NOISE.index("outcome_0")
NOISE_SAMPLE = NOISE.index("sample_0")

ONCE_KINDS: dict[str, str] = {
    "opening_gap": "normal",
    "benefit": "normal",
    "benefit_lag": "uniform",
    "productivity_mean": "normal",
    "policy": "uniform",
    "opening_curse": "uniform",
    "omitted": "uniform",
    "delay": "uniform",
    "start": "uniform",
    "scope": "uniform",
    "council": "uniform",
    "uptake": "uniform",
}
NATIONAL_ONCE = ("policy",)
#: Once-only normals that the worst case of dependence couples with the six destinations.
COUPLED_ONCE = ("opening_gap", "productivity_mean", "benefit")
ONCE = tuple(ONCE_KINDS)
ONCE_GAP, ONCE_BENEFIT, ONCE_LAG, ONCE_PRODUCTIVITY, ONCE_POLICY, ONCE_CURSE = range(6)
ONCE_OMITTED, ONCE_DELAY, ONCE_START, ONCE_SCOPE, ONCE_COUNCIL, ONCE_UPTAKE = range(6, 12)

# ── how futures are sampled ────────────────────────────────────────────────────────────────────────────────────────
DESIGNS = ("random", "lhs", "sobol", "stratified", "importance")
RANDOM, LHS, SOBOL, STRATIFIED, IMPORTANCE = range(5)
#: What a design and a scenario say of a future: its weight, its group (replicate, pair or stratum: which futures are
#: independent of which), the cell of its six destinations, and its course within the scenario.
TAGS = ("weight", "group", "cell", "course")
TAG_WEIGHT, TAG_GROUP, TAG_CELL, TAG_COURSE = range(4)

# ── one year of the world and of the record ────────────────────────────────────────────────────────────────────────
# choice_*: what the provider decides. world_*: what is true. record_*: what the contract is told. audit_*: what an
# auditor would find. paid_*: written by terms. Terms read record, audit and paid; solvency reads world and money.
DRIVERS = (
    _names("choice_prevention", "choice_efficiency")
    + _many("choice_effort")
    + _names(
        "world_list", "world_need", "world_input_price", "world_productivity", "world_shock", "world_opening",
        "world_funding", "world_care", "world_scope_cost", "world_prevention_saving", "world_investment",
        "world_gaming_cost", "world_shifted", "world_shifted_acute", "world_shifted_council", "world_acute",
        "world_cost", "world_health",
    )
    + _many("world_progress")
    + _names(
        "record_list", "record_need", "record_acute", "record_acute_expected", "record_cost", "record_funding",
        "record_agreed", "record_list_base", "record_ghosts", "record_exceptions", "record_prevention",
        "audit_list", "audit_need", "audit_claim",
    )
    + _many("record_indicator")
    + _names(
        "paid_annual", "paid_list_over", "paid_need_over", "paid_score", "paid_income", "paid_variation",
        "paid_score_over",
        "world_away", "world_left", "world_disinvested", "world_quality_cut", "world_spared",
        "record_disinvested", "record_false", "record_relabelled", "record_base", "record_bid", "record_markup",
        "record_relief", "record_steered", "audit_council", "audit_acute", "audit_left", "audit_quality_cut",
    )
    + _many("audit_indicator")
)  # fmt: skip


def driver(name: str) -> int:
    """Row of the named driver in d[DRIVERS, B]."""
    return DRIVERS.index(name)


CHOICE_PREVENTION, CHOICE_EFFICIENCY, CHOICE_EFFORT = map(
    driver, ("choice_prevention", "choice_efficiency", "choice_effort_0")
)
WORLD_LIST, WORLD_NEED, WORLD_INPUT_PRICE, WORLD_PRODUCTIVITY, WORLD_SHOCK, WORLD_OPENING = range(
    driver("world_list"), driver("world_list") + 6
)
WORLD_FUNDING, WORLD_CARE, WORLD_SCOPE_COST, WORLD_PREVENTION_SAVING, WORLD_INVESTMENT = range(
    driver("world_funding"), driver("world_funding") + 5
)
WORLD_GAMING_COST, WORLD_SHIFTED, WORLD_SHIFTED_ACUTE, WORLD_SHIFTED_COUNCIL, WORLD_ACUTE = range(
    driver("world_gaming_cost"), driver("world_gaming_cost") + 5
)
WORLD_COST, WORLD_HEALTH, WORLD_PROGRESS = map(driver, ("world_cost", "world_health", "world_progress_0"))
RECORD_LIST, RECORD_NEED, RECORD_ACUTE, RECORD_ACUTE_EXPECTED, RECORD_COST = range(
    driver("record_list"), driver("record_list") + 5
)
RECORD_FUNDING, RECORD_AGREED, RECORD_LIST_BASE = range(driver("record_funding"), driver("record_funding") + 3)
RECORD_INDICATOR = driver("record_indicator_0")
RECORD_GHOSTS, RECORD_EXCEPTIONS, RECORD_PREVENTION, AUDIT_LIST, AUDIT_NEED, AUDIT_CLAIM = range(
    driver("record_ghosts"), driver("record_ghosts") + 6
)
PAID_ANNUAL, PAID_LIST_OVER, PAID_NEED_OVER, PAID_SCORE, PAID_INCOME, PAID_VARIATION, PAID_SCORE_OVER = range(
    driver("paid_annual"), driver("paid_annual") + 7
)
WORLD_AWAY, WORLD_LEFT, WORLD_DISINVESTED, WORLD_QUALITY_CUT, WORLD_SPARED = range(
    driver("world_away"), driver("world_away") + 5
)
RECORD_DISINVESTED, RECORD_FALSE, RECORD_RELABELLED, RECORD_BASE, RECORD_BID, RECORD_MARKUP = range(
    driver("record_disinvested"), driver("record_disinvested") + 6
)
RECORD_RELIEF, RECORD_STEERED, AUDIT_COUNCIL, AUDIT_ACUTE, AUDIT_LEFT, AUDIT_QUALITY_CUT, AUDIT_INDICATOR = range(
    driver("record_relief"), driver("record_relief") + 7
)

# ── what the place's year is, whatever its provider does: the first rows are those of d ────────────────────────────
# gross_cost is before productivity and savings; acute and acute_cut: acute = acute − acute_cut · effort's share; logs are of
# ratios to the plan; progress_k what comes to an indicator without effort.
GIVEN_SHARED = driver("world_care") + 1
GIVEN = DRIVERS[:GIVEN_SHARED] + (
    _names(
        "gross_cost", "log_productivity", "acute_level", "acute", "acute_cut", "log_opening", "log_need", "log_price",
        "log_shock",
    )
    + _many("progress")
)  # fmt: skip
(
    G_GROSS, G_LOG_PRODUCTIVITY, G_ACUTE_LEVEL, G_ACUTE, G_ACUTE_CUT, G_LOG_OPENING, G_LOG_NEED, G_LOG_PRICE, G_LOG_SHOCK,
    G_PROGRESS,
) = range(GIVEN_SHARED, GIVEN_SHARED + 10)  # fmt: skip

# ── what a future carries ──────────────────────────────────────────────────────────────────────────────────────────
STATES = (
    _names(
        "list", "need", "pay_price", "inflation_level", "log_productivity", "funding", "acute_level", "timing_carry",
        "reserve", "owner_paid", "running", "notice_left", "exit_year", "exit_cause", "years_since_exit",
        "policy_survival", "leave_at", "exit_fee_paid",
    )
    + _many("progress")
    + _names(
        "adverse_opening", "adverse_funding", "adverse_need", "adverse_price", "adverse_productivity",
        "adverse_shock", "adverse_performance", "adverse_investment",
    )
    + tuple(f"prevention_spend_{k}" for k in range(MAX_YEARS))
)  # fmt: skip
#: The first of them are the place's own, whatever its provider does.
PLACE_STATES = 7
S_LIST, S_NEED, S_PAY_PRICE, S_INFLATION, S_LOG_PRODUCTIVITY, S_FUNDING, S_ACUTE, S_TIMING = range(8)
S_RESERVE, S_OWNER_PAID, S_RUNNING, S_NOTICE, S_EXIT_YEAR, S_EXIT_CAUSE, S_SINCE_EXIT, S_SURVIVAL = range(8, 16)
S_LEAVE, S_FEE_PAID = 16, 17
S_PROGRESS = STATES.index("progress_0")
S_ADVERSE = STATES.index("adverse_opening")
S_PREVENTION = STATES.index("prevention_spend_0")

# ── why a contract ends ────────────────────────────────────────────────────────────────────────────────────────────
ADVERSE = (
    "opening price", "funding below plan", "need above plan", "pay and prices above plan",
    "productivity below plan", "shock", "performance payments", "own investment",
)  # fmt: skip
EXIT_CAUSES = ("none", "policy break", *ADVERSE)
EXIT_NONE, EXIT_POLICY, EXIT_FIRST_ADVERSE = 0, 1, 2

# ── ledger lines written by the machine and not by a clause ────────────────────────────────────────────────────────
SYSTEM_LINES = ("recovery", "deficit_support", "step_in", "reprocurement", "price_variation", "exit_fee")
LINE_RECOVERY, LINE_SUPPORT, LINE_STEP_IN, LINE_REPROCUREMENT, LINE_VARIATION, LINE_EXIT_FEE = range(6)
SYSTEM_PARTIES = (
    (PROVIDER, COMMISSIONER), (COMMISSIONER, PROVIDER), (COMMISSIONER, SUCCESSOR), (COMMISSIONER, SUCCESSOR),
    (COMMISSIONER, PROVIDER), (PROVIDER, COMMISSIONER),
)  # fmt: skip

# ── causes of commissioner exposure ────────────────────────────────────────────────────────────────────────────────
EXPOSURE = ("uplift", "improvement", "gain_share", "rescue", "step_in", "shifted")
X_UPLIFT, X_IMPROVEMENT, X_GAIN_SHARE, X_RESCUE, X_STEP_IN, X_SHIFTED = range(6)
#: What public bodies pay under the clauses, less what they receive: all but the commissioner, the hospital, the council.
PUBLIC_SUMS = ("others", "hospital", "council")
X_OTHERS, X_HOSPITAL, X_COUNCIL = range(6, 9)

# ── what the kernel hands back ─────────────────────────────────────────────────────────────────────────────────────
OUTCOMES = (
    "provider_surplus_npv_gbp", "commissioner_exposure_npv_gbp", "commissioner_exposure_gross_npv_gbp",
    *(f"exposure_{name}_npv_gbp" for name in EXPOSURE),
    "public_exposure_npv_gbp", "hospital_exposure_npv_gbp", "council_exposure_npv_gbp",
    "health_qaly_npv", "performance_npv_gbp", "gaming_cost_npv_gbp",
    "lowest_reserve_gbp", "mean_true_score", "mean_reported_score", "exit_year_index", "exit_cause_code",
)  # fmt: skip
OUT = {name: k for k, name in enumerate(OUTCOMES)}
YEARLY = (
    "income_gbp", "cost_gbp", "surplus_gbp", "cumulative_surplus_gbp", "reserve_gbp", "agreed_budget_gbp",
    "annual_payment_gbp", "performance_gbp", "commissioner_exposure_gbp", "reported_score", "true_score",
    "acute_actual_gbp", "acute_expected_gbp", "running",
)  # fmt: skip
YEAR = {name: k for k, name in enumerate(YEARLY)}
NATURE = (
    *(f"{axis}_mean" for axis in AXES), *(f"{axis}_end" for axis in AXES),
    "opening_gap", "benefit_full", "funding_growth_mean", "crisis_years", "inflation_surprises", "pandemic_years",
    "hard_winters", "omitted_item", "start_delay", "starts", "realised_scope",
    "productivity_growth", "need_surprise", "pay_surprise",
)  # fmt: skip
(
    N_GAP, N_BENEFIT, N_FUNDING, N_CRISES, N_SURPRISES, N_PANDEMICS, N_WINTERS, N_OMITTED, N_DELAY, N_STARTS, N_SCOPE,
    N_PRODUCTIVITY, N_NEED, N_PAY,
) = range(2 * len(AXES), len(NATURE))  # fmt: skip
