"""What can be turned until the risk is bearable: the margin, the price, reserves, caps, sharing, and any number by its key.

    opening_margin   provider.opening.margin: how far the cost that was planned lies below the price of the scope. A condition
                     that the price must meet, not a payment
    opening_price    the first year's annual payment; the budget agreed at signature follows it, as a share of it each year
    yearly_uplift    the annual payment grows by u a year beyond what the contract says: a payment of
                     ((1 + u)^t − 1) · annual payment, straight behind it
    efficiency       the contract's own efficiency factor where the price is built up; else the annual payment grows by e a year
                     less: ((1 − e)^t − 1) · annual payment
    reserve, loss_cap, guarantee     what the provider or its owners put up; their cost of capital is not counted
    collar_edge      share of the annual payment below which the commissioner supports (cap_and_collar.support_from)
    collar_share     the commissioner's share of that shortfall, of both tiers
    loss_share, dead_band, acute_loss_cap     the provider's part of acute overspending (gain_loss_share)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..contract import ENDING, Contract
from ..drivers.parameters import PARAMETERS, Parameter
from ..errors import ConfigError, nearest
from ..place import Quantity
from ..study import Study
from ..units import percent, pounds

PRICE, CAPITAL, CONDITION, SHARING, OTHER = "price", "capital", "condition", "sharing", "other"
UPLIFT_ID = "breakeven_uplift"
MOST_CAPITAL = 1.0  # of a year's opening price: as far as reserves and caps are looked for (judgement)
MOST_YEARLY = 0.08  # as far as a yearly uplift or efficiency is looked for (judgement)


@dataclass(frozen=True)
class Handle:
    """A number that is turned: bounds, today's value, what kind of thing it is, and the study with another value."""

    name: str
    words: str
    unit: str
    low: float
    high: float
    now: float
    kind: str
    change: Callable[[Study, float], Study]

    def said(self, value: float) -> str:
        """A value in words."""
        if self.unit == "GBP":
            return pounds(value)
        if self.unit.startswith(("share", "per year", "probability")):
            return percent(value, 2)
        return f"{value:,.4g}".replace("-", "−")


def _field(name: str, words: str, unit: str, low: float, high: float, kind: str, clause: str, field: str, contract: Contract
           ) -> list[Handle]:  # fmt: skip
    """A handle on one number of the first clause of a kind; none where the contract lacks it or a quantity gives it."""
    term = contract.first(clause)
    value = term.values.get(field) if term else None
    if not term or not isinstance(value, Quantity):
        return []
    own = term.id
    return [Handle(name, words, unit, low, high, value.value, kind,
                   lambda study, x: study.with_contract(study.contract.with_change(own, field, x)))]  # fmt: skip


def _ending(name: str, words: str, contract: Contract, high: float) -> list[Handle]:
    if name not in contract.ending:
        return []
    now = contract.ending[name].value
    return [Handle(name, words, "GBP", 0.0, max(high, 2.0 * now), now, CAPITAL,
                   lambda study, x: study.with_contract(study.contract.with_change(ENDING, name, x)))]  # fmt: skip


def with_yearly(study: Study, rate: float) -> Study:
    """The study whose annual payment grows by `rate` a year beyond what its contract says (below 0: less)."""
    contract = study.contract
    term = contract.first("annual_payment")
    if term is None or rate == 0.0:
        return study
    factors = tuple((1.0 + rate) ** t - 1.0 for t in range(contract.years))
    longer = contract.with_clause({
        "id": UPLIFT_ID, "kind": "payment", "payer": term.payer, "payee": term.payee,
        "fields": {"price": 0.0, "of": "annual_payment"},
    })  # fmt: skip
    new = longer.terms[-1]
    new = replace(new, values={**new.values, "price": Quantity(factors, "per unit", "variant", "variant")})
    at = next(k for k, one in enumerate(contract.terms) if one.id == term.id) + 1
    return study.with_contract(replace(longer, terms=(*contract.terms[:at], new, *contract.terms[at:])))


def _efficiency(contract: Contract) -> list[Handle]:
    term = contract.first("annual_payment")
    if term is None:
        return []
    words = "the efficiency that the price asks for each year"
    if term.at(0)["form"] == "build_up":
        return _field("efficiency", words, "per year", 0.0, MOST_YEARLY, PRICE, "annual_payment", "efficiency", contract)
    return [Handle("efficiency", words, "per year", 0.0, MOST_YEARLY, 0.0, PRICE, lambda study, x: with_yearly(study, -x))]


def _collar_share(contract: Contract) -> list[Handle]:
    found = _field("collar_share", "the commissioner's share of a shortfall", "share", 0.0, 1.0, SHARING, "cap_and_collar",
                   "support_share", contract)  # fmt: skip

    def change(study: Study, x: float) -> Study:
        term = study.contract.first("cap_and_collar")
        assert term is not None
        more = max(x, term.at(0)["support_more_share"])
        own = study.contract.with_change(term.id, "support_share", x)
        return study.with_contract(own.with_change(term.id, "support_more_share", more))

    return [replace(one, change=change) for one in found]


def standard(study: Study) -> tuple[Handle, ...]:
    """Every handle that the study's contract has."""
    contract, price = study.contract, study.contract.opening_price
    margin = study.provider.parameters["opening.margin"].value
    most = MOST_CAPITAL * price
    collar = contract.first("cap_and_collar")
    edges = (collar.at(0)["support_more_from"], collar.at(0)["pay_back_from"]) if collar else (0.0, 1.0)
    uplift = [
        Handle("yearly_uplift", "a yearly uplift of the payment beyond the contract's own", "per year", 0.0, MOST_YEARLY,
               0.0, PRICE, with_yearly)
    ] if contract.first("annual_payment") else []  # fmt: skip
    return (
        Handle("opening_margin", "the opening margin (planned cost below the price)", "share", -0.05, 0.20, margin, CONDITION,
               lambda study, x: _parameter_changed(study, _parameter("provider.opening.margin"), x)),
        *_field("opening_price", "the opening price", "GBP", 0.9 * price, 1.3 * price, PRICE, "annual_payment", "opening_price",
                contract),
        *uplift, *_efficiency(contract),
        *_ending("reserve", "the reserve at the start", contract, most),
        *_ending("loss_cap", "the losses that the owners bear", contract, most),
        *_field("collar_edge", "the edge below which losses are shared", "share", edges[0], edges[1], SHARING,
                "cap_and_collar", "support_from", contract),
        *_collar_share(contract),
        *_field("loss_share", "the provider's share of acute overspending", "share", 0.0, 1.0, SHARING, "gain_loss_share",
                "share_loss", contract),
        *_field("dead_band", "the band in which acute over- and underspending is not shared", "share", 0.0, 0.10, SHARING,
                "gain_loss_share", "dead_band", contract),
        *_field("acute_loss_cap", "the most that the provider bears of acute overspending", "share", 0.0, 0.05, SHARING,
                "gain_loss_share", "loss_cap", contract),
    )  # fmt: skip


def handles(study: Study, keys: tuple[str, ...]) -> tuple[Handle, ...]:
    """The standard handles, or those that `keys` ask for: a standard name, contract.CLAUSE.FIELD, contract.ending.FIELD,
    place.SECTION.NAME or provider.SECTION.NAME, each with its own bounds after "=LOW:HIGH" where wanted.

    Errors: ConfigError for what does not exist or cannot be turned.
    """
    usual = {one.name: one for one in standard(study)}
    return tuple(_asked(study, key, usual) for key in keys) if keys else tuple(usual.values())


def _asked(study: Study, text: str, usual: dict[str, Handle]) -> Handle:
    key, _, bounds = text.partition("=")
    found = usual.get(key) or _contract_handle(study, key) or _parameter_handle(study, key)
    if found is None:
        known = [*usual, *(f"contract.{term.id}.{name}" for term in study.contract.terms for name in term.values),
                 *(f"{one.owner}.{one.key}" for one in PARAMETERS)]  # fmt: skip
        raise ConfigError("there is nothing of this name to turn", key="--key", value=key,
                          expected=f"{', '.join(usual)}, contract.CLAUSE.FIELD, place.… or provider.…",
                          nearest=nearest(key, known))  # fmt: skip
    low, high = _bounds(text, bounds) if bounds else (found.low, found.high)
    if not low < high:
        raise ConfigError("there is no room between the bounds", key="--key", value=text, expected="KEY=LOW:HIGH, LOW below HIGH")
    return replace(found, low=low, high=high)


def _bounds(text: str, bounds: str) -> tuple[float, float]:
    try:
        low, high = (float(part) for part in bounds.split(":"))
    except ValueError:
        raise ConfigError("bounds that cannot be read", key="--key", value=text, expected="KEY=LOW:HIGH, two numbers") from None
    return low, high


def _contract_handle(study: Study, key: str) -> Handle | None:
    parts = key.split(".")
    if len(parts) != 3 or parts[0] != "contract" or parts[1] == ENDING:
        return None
    term = next((one for one in study.contract.terms if one.id == parts[1]), None)
    value = term.values.get(parts[2]) if term else None
    field = next((one for one in term.kind.fields if one.name == parts[2]), None) if term else None
    if term is None or field is None:
        return None
    if not isinstance(value, Quantity):
        raise ConfigError("this entry is no number that can be turned", key="--key", value=key, expected="a number of a clause")
    low, high = _room(value.value, field.low, field.high, study.contract.opening_price)
    return Handle(key, f"{parts[2]} of {parts[1]}", field.unit, low, high, value.value, OTHER,
                  lambda study, x: study.with_contract(study.contract.with_change(parts[1], parts[2], x)))  # fmt: skip


def _parameter(key: str) -> Parameter:
    return next(one for one in PARAMETERS if f"{one.owner}.{one.key}" == key)


def _parameter_handle(study: Study, key: str) -> Handle | None:
    known = {f"{one.owner}.{one.key}": one for one in PARAMETERS}
    if key not in known:
        return None
    parameter = known[key]
    owners = {"place": study.place.parameters, "provider": study.provider.parameters}
    own = study.contract.ending[parameter.name] if parameter.owner == "contract" else owners[parameter.owner][parameter.key]
    low, high = _room(own.value, parameter.low, parameter.high, study.contract.opening_price)
    return Handle(key, parameter.doc, parameter.unit, low, high, own.value, OTHER,
                  lambda study, x: _parameter_changed(study, parameter, x))  # fmt: skip


def _parameter_changed(study: Study, parameter: Parameter, x: float) -> Study:
    """The study with one parameter changed; whole numbers rounded."""
    value = float(round(x)) if parameter.unit.startswith("whole") or parameter.unit == "0 or 1" else x
    new = Quantity((value,), parameter.unit, "variant", "variant")
    if parameter.owner == "contract":
        return study.with_contract(replace(study.contract, ending={**study.contract.ending, parameter.name: new}))
    if parameter.owner == "provider":
        return study.with_provider(replace(study.provider, parameters={**study.provider.parameters, parameter.key: new}))
    return replace(study, place=replace(study.place, parameters={**study.place.parameters, parameter.key: new}))


def _room(now: float, low: float, high: float, price: float) -> tuple[float, float]:
    """Bounds to look between: the entry's own, or, where they are as good as none, four times its value or of half a price."""
    if high - low <= 3.0:
        return low, high
    reach = 4.0 * abs(now) or 0.5 * price
    return max(low, min(0.0, now - reach)), min(high, now + reach)
