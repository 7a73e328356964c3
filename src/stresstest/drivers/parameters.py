"""Every number that the drivers, the provider and the ending of a contract need: name, unit, bounds, meaning.

The order of PARAMETERS is the order of the kernel's parameter vector `p`. Values, sources and quality marks stand in
configs/; nothing here is a value. `owner` says which file gives it: place, provider or contract (its [ending]).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """One number: where it is given (`owner`, `section`), its unit, the values that make sense, and what it is.

    A file may leave it out where it has a `default`.
    """

    owner: str
    section: str
    name: str
    unit: str
    low: float
    high: float
    doc: str
    default: float | None = None

    @property
    def key(self) -> str:
        """The dotted key in its file, such as need.noise."""
        return f"{self.section}.{self.name}"


def _place(section: str, name: str, unit: str, low: float, high: float, doc: str) -> Parameter:
    return Parameter("place", section, name, unit, low, high, doc)


def _provider(section: str, name: str, unit: str, low: float, high: float, doc: str) -> Parameter:
    return Parameter("provider", section, name, unit, low, high, doc)


def _ending(name: str, unit: str, low: float, high: float, doc: str, default: float | None = None) -> Parameter:
    return Parameter("contract", "ending", name, unit, low, high, doc, default)


RATE, SHARE, YEARS, POUNDS, SD = "per year", "share", "years", "GBP", "sd per year"
WHOLE_YEARS = "whole years"

PARAMETERS: tuple[Parameter, ...] = (
    _place("population", "list_base", "persons", 1e3, 1e8, "registered list in the first contract year"),
    _place("population", "list_growth", RATE, -0.05, 0.05, "expected growth of the registered list"),
    _place("population", "list_noise", SD, 0.0, 0.05, "yearly noise of list growth"),
    _place("need", "responsibility_low", RATE, -0.02, 0.02, "need growth added when responsibility is individual"),
    _place("need", "responsibility_high", RATE, -0.02, 0.02, "need growth added when responsibility is institutional"),
    _place("need", "technology_low", RATE, -0.02, 0.02, "cost-raising innovation added at low take-up"),
    _place("need", "technology_high", RATE, -0.02, 0.02, "cost-raising innovation added at high take-up"),
    _place("need", "noise", SD, 0.0, 0.05, "yearly noise of need growth"),
    _place("cost", "pay_growth", RATE, -0.05, 0.1, "growth of pay over the GDP deflator at trend growth"),
    _place("cost", "growth_trend", RATE, -0.05, 0.1, "economic growth at which pay grows at its trend"),
    _place("cost", "pay_growth_link", "per unit of growth", 0.0, 2.0, "pay growth for each unit of economic growth above trend"),
    _place("cost", "pay_vacancy_link", "per unit of vacancy", 0.0, 1.0, "pay growth for each unit of vacancy above today's"),
    _place("cost", "pay_noise", SD, 0.0, 0.05, "yearly noise of pay growth"),
    _place("cost", "drugs_growth", RATE, -0.05, 0.1, "growth of drug prices over the GDP deflator"),
    _place("cost", "capital_growth", RATE, -0.05, 0.1, "growth of capital charges over the GDP deflator"),
    _place("cost", "other_growth", RATE, -0.05, 0.1, "growth of other prices over the GDP deflator"),
    _place("cost", "agency_premium", SHARE, 0.0, 1.0, "price of temporary over permanent staff"),
    _place("cost", "cover_share", SHARE, 0.0, 1.0, "share of vacant posts that temporary staff fill"),
    _place("cost", "inflation_probability", "per year", 0.0, 0.4, "chance of inflation that the uplift does not cover"),
    _place("cost", "inflation_size", SHARE, 0.0, 0.2, "lasting rise of input prices over the uplift in such a year"),
    _place("productivity", "mean", RATE, -0.05, 0.05, "productivity growth that can be had, on average over futures"),
    _place("productivity", "spread", "sd", 0.0, 0.05, "spread between futures of that average"),
    _place("productivity", "technology_low", RATE, -0.05, 0.05, "productivity growth added at low take-up of technology"),
    _place("productivity", "technology_high", RATE, -0.05, 0.05, "productivity growth added at high take-up"),
    _place("productivity", "noise", SD, 0.0, 0.05, "yearly noise of productivity growth"),
    _place("funding", "constant", RATE, -0.05, 0.05, "allocation growth beyond the economy's and the state's"),
    _place("funding", "growth_link", "per unit of growth", 0.0, 2.0, "allocation growth for last year's economic growth"),
    _place("funding", "state_link", "per log unit", 0.0, 2.0, "allocation growth for last year's growth of the state's share"),
    _place("funding", "control_link", RATE, 0.0, 0.02, "allocation growth lost when control of care is national"),
    _place("funding", "noise", SD, 0.0, 0.05, "yearly noise of allocation growth"),
    _place("funding", "low", RATE, -0.2, 0.0, "lowest allocation growth of a year"),
    _place("funding", "high", RATE, 0.0, 0.3, "highest allocation growth of a year"),
    _place("acute", "noise", SD, 0.0, 0.1, "yearly noise of acute activity, common shocks included"),
    _place("acute", "persistence", SHARE, 0.0, 0.99, "share of that noise that lasts into the next year"),
    _place("acute", "benefit_mean", SHARE, -0.2, 0.5, "cut in acute activity by the model of care, average over futures"),
    _place("acute", "benefit_spread", "sd", 0.0, 0.2, "spread of that cut between futures"),
    _place("acute", "benefit_limit", SHARE, 0.0, 0.5, "largest cut"),
    _place("acute", "lag_shortest", YEARS, 0.0, 10.0, "shortest wait before the cut begins"),
    _place("acute", "lag_longest", YEARS, 0.0, 10.0, "longest wait before the cut begins"),
    _place("acute", "build_years", YEARS, 0.5, 10.0, "years from the first effect to the full one"),
    _place("acute", "effortless_share", SHARE, 0.0, 1.0, "share of the cut that comes without effort on outcomes"),
    _place("social_care", "state_elasticity", "per log unit", 0.0, 4.0, "growth of council care for growth of the state's share"),
    _place("acute", "winter", SHARE, 0.0, 0.2, "acute activity added by a hard winter"),
    _place("shock", "pandemic_probability", "per year", 0.0, 0.4, "chance of a pandemic"),
    _place("shock", "pandemic_cost", SHARE, 0.0, 0.3, "in-scope cost added in such a year"),
    _place("shock", "winter_probability", "per year", 0.0, 0.49, "chance of a hard winter"),
    _place("shock", "winter_cost", SHARE, 0.0, 0.2, "in-scope cost added in such a year"),
    _place("shock", "insurance_noise", SD, 0.0, 0.05, "chance variation of the cost of this many people"),
    _place("opening", "gap_shift", SHARE, -0.2, 0.2, "smallest error of the baseline that the price was built on"),
    _place("opening", "gap_median", SHARE, 0.0, 0.5, "typical error of that baseline, above the smallest"),
    _place("opening", "gap_spread", "log sd", 0.0, 2.0, "spread of that error on a log scale"),
    _place("opening", "bidders", "count", 1.0, 20.0, "bidders who put in a price"),
    _place("opening", "bid_spread", SHARE, 0.0, 0.2, "spread of one bidder's misjudgement of cost"),
    _place("opening", "omitted_probability", "probability", 0.0, 0.49, "chance that the price leaves out an item, such as VAT"),
    _place("opening", "omitted_size", SHARE, 0.0, 0.2, "cost of an item left out"),
    _place("opening", "staleness", RATE, -0.05, 0.1, "growth of cost over the price for each year that the start is late"),
    _place("opening", "hold_up", SHARE, 0.0, 1.0, "share of a gap that a sole bidder wins back by variation"),
    _place("start", "hazard", "per year", 0.0, 0.9, "chance that the contract falls before it starts"),
    _place("start", "mobilisation_years", YEARS, 0.0, 10.0, "years from choosing a bidder to the start"),
    _place("start", "delay_mean", YEARS, 0.0, 5.0, "mean delay of the start beyond the plan"),
    _place("start", "delay_limit", YEARS, 0.0, 15.0, "longest delay"),
    _place("start", "small_probability", "probability", 0.0, 1.0, "chance that only a fragment of the scope is ever moved"),
    _place("start", "small_scope", SHARE, 0.0, 1.0, "that fragment"),
    _place("start", "uptake_low", SHARE, 0.0, 1.0, "lowest share of practices that join"),
    _place("start", "uptake_share", SHARE, 0.0, 1.0, "share of the scope that comes with the practices"),
    _place("start", "council_probability", "probability", 0.0, 1.0, "chance that the council's money goes in"),
    _place("start", "council_share", SHARE, 0.0, 1.0, "share of the scope that is the council's"),
    _place("policy", "break_probability", "per year", 0.0, 0.4, "chance that national policy ends the contract"),
    _place("policy", "control_link", "per level", -1.0, 2.0, "share by which that chance rises when control is national"),
    _place("health", "qaly_per_prevention_pound", "QALY per GBP", 0.0, 0.01, "health gained by a pound of prevention"),
    _place("health", "qaly_per_shifted_pound", "QALY per GBP", 0.0, 0.01, "health lost by a pound of care shifted out of scope"),
    _place("health", "qaly_per_exception", "QALY", 0.0, 400.0, "health lost when one per cent of patients is excepted"),
    _place("health", "qaly_per_person_moved", "QALY per person", 0.0, 10.0, "health lost by a person who is moved elsewhere"),
    _place("health", "qaly_per_disinvested_pound", "QALY per GBP", 0.0, 0.01, "health lost by a pound cut that nothing measures"),
    _place("health", "qaly_per_skimped", "QALY", 0.0, 1e7, "health lost in a year at a quality cut of 1; a square law"),
    _place("health", "money_discount", RATE, 0.0, 0.2, "discount rate for money"),
    _place("health", "health_discount", RATE, 0.0, 0.2, "discount rate for health"),
    _provider("effort", "cost_share", SHARE, 0.0, 0.2, "cost of full effort on outcomes, as a share of the agreed budget"),
    _provider("effort", "power", "progress a year", 0.0, 1.0, "way from baseline to target that full effort goes in a year"),
    _provider("prevention", "cost_share", SHARE, 0.0, 0.1, "cost of full prevention, as a share of the agreed budget"),
    _provider("prevention", "yearly_return", "per GBP and year", 0.0, 2.0, "cost saved each year by a pound of prevention"),
    _provider("prevention", "lag", WHOLE_YEARS, 1.0, 15.0, "years before the saving begins"),
    _provider("prevention", "lasting", WHOLE_YEARS, 0.0, 30.0, "years that the saving lasts"),
    _provider("efficiency", "cost_share", SHARE, 0.0, 0.1, "cost of full efficiency work, as a share of the agreed budget"),
    _provider("efficiency", "gain", RATE, 0.0, 0.05, "productivity growth added by full efficiency work"),
    _provider("opening", "margin", SHARE, -0.2, 0.2, "margin of the scope's price over the cost that was planned"),
    _provider("motive", "altruism", SHARE, 0.0, 2.0, "weight of patients' health in the provider's aim, 0 = profit alone"),
    _provider("motive", "value_of_qaly", "GBP per QALY", 0.0, 1e6, "value at which the provider counts health"),
    _ending("reserve", POUNDS, 0.0, 1e10, "reserve at the start"),
    _ending("loss_cap", POUNDS, 0.0, 1e10, "losses beyond the reserve that the owners bear over the term"),
    _ending("guarantee", POUNDS, 0.0, 1e10, "parent guarantee on top of the loss cap"),
    _ending("rescue", "0 or 1", 0.0, 1.0, "1: losses beyond the cap are carried and service goes on; 0: walk-away"),
    _ending("notice_years", WHOLE_YEARS, 0.0, 5.0, "years of service after the cap is used up"),
    _ending("step_in_premium", SHARE, 0.0, 1.0, "extra cost of care after the provider has left"),
    _ending("step_in_years", WHOLE_YEARS, 0.0, 10.0, "years that the extra cost lasts"),
    _ending("reprocurement_cost", POUNDS, 0.0, 1e9, "cost of letting the contract again"),
    _ending("hospital_fixed_share", SHARE, 0.0, 1.0, "hospital cost that stays when activity goes"),
    _ending("exit_fee", POUNDS, 0.0, 1e10, "what the owners pay on top for leaving before their cap is used up", 0.0),
)  # fmt: skip

KEYS = tuple(f"{q.owner}.{q.key}" for q in PARAMETERS)


def slot(key: str) -> int:
    """Index in the parameter vector of "owner.section.name"."""
    return KEYS.index(key)


LINE_FIELDS = ("base_gbp", "need_growth", "pay_share", "drugs_share", "capital_share", "movable_share")
POD_FIELDS = ("base_gbp", "growth", "benefit_response", "care_elasticity", "pandemic_response")
INDICATOR_FIELDS = (
    "baseline", "target", "noise_sd", "exception_effect", "list_dilution", "persistence", "drift",
    "responsibility_effect", "vacancy_effect", "care_effect", "progress_noise", "qaly_per_progress",
)  # fmt: skip
(LINE_BASE, LINE_GROWTH, LINE_PAY, LINE_DRUGS, LINE_CAPITAL, LINE_MOVABLE) = range(6)
(POD_BASE, POD_GROWTH, POD_BENEFIT, POD_CARE, POD_PANDEMIC) = range(5)
(I_BASELINE, I_TARGET, I_NOISE, I_EXCEPTION, I_DILUTION, I_PERSISTENCE, I_DRIFT) = range(7)
(I_RESPONSIBILITY, I_VACANCY, I_CARE, I_PROGRESS_NOISE, I_QALY) = range(7, 12)
PLAN_FIELDS = ("agreed_gbp", "need_and_list", "input_price", "productivity", "acute_expected_gbp")
(PLAN_AGREED, PLAN_NEED, PLAN_PRICE, PLAN_PRODUCTIVITY, PLAN_ACUTE) = range(5)
