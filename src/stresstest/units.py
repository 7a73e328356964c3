"""Year labels, pounds and present values: the few conversions used everywhere."""

from __future__ import annotations

import re

from .errors import ConfigError

_LABEL = re.compile(r"^(\d{4})/(\d{2})$")
_CALENDAR = re.compile(r"^\d{4}$")


def first_year_number(label: str) -> int:
    """2018 for the financial year "2018/19" and the calendar year "2018". Raises ConfigError for any other label."""
    if _CALENDAR.fullmatch(label):
        return int(label)
    match = _LABEL.fullmatch(label)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        raise ConfigError("not a year", value=label, expected='a label such as "2018/19" or "2018"')
    return int(match[1])


def year_labels(first: str, count: int) -> tuple[str, ...]:
    """`count` labels from `first`: ("2018/19", "2019/20", …), or calendar years where `first` is one."""
    start = first_year_number(first)
    if _CALENDAR.fullmatch(first):
        return tuple(str(y) for y in range(start, start + count))
    return tuple(f"{y}/{(y + 1) % 100:02d}" for y in range(start, start + count))


def pounds(value: float) -> str:
    """A short label of an amount in pounds with three figures: £5.5bn, £244m, −£12.3m, £960k."""
    sign = "−" if value < 0 else ""
    size = abs(value)
    for unit, name in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if size >= 0.9995 * unit:
            scaled = size / unit
            digits = 0 if scaled >= 99.95 else 1 if scaled >= 9.995 else 2
            return f"{sign}£{scaled:.{digits}f}{name}"
    return f"{sign}£{size:.0f}"


def percent(value: float, digits: int = 1) -> str:
    """A fraction as a percentage: 0.125 → "12.5%"."""
    return f"{100.0 * value:.{digits}f}%".replace("-", "−")


def yearly_rate(ratio: float, years: float) -> float:
    """The steady yearly growth that turns 1 into `ratio` in `years` years."""
    return float(ratio ** (1.0 / years) - 1.0)


def relative_gap(asked: float, price: float) -> float:
    """What was asked beyond the price, as a share of the price: 34 on 152 is 22.4%."""
    return asked / price
