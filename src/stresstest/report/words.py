"""Numbers in words: the only place where a figure is rounded.

Money in three figures, or fewer where its Monte Carlo error is larger; percentages to one decimal; probabilities also
as "about 9 in 10"; a minus sign that is a minus sign; financial years as they come.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

MINUS, NONE = "−", "–"
_UNITS = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))


def known(value: float | None) -> bool:
    """Whether there is a number at all."""
    return value is not None and not math.isnan(value)


def as_set(value: float | None, unit: str = "") -> str:
    """An input as it was set, not rounded, but for pounds: 0.035 → "0.035"; 25000000.0 in GBP → "£25.0m"."""
    if unit == "GBP":
        return pounds(value)
    return signed(f"{value:,.12g}") if value is not None and known(value) else NONE


def signed(text: str) -> str:
    """Text with a proper minus sign, and none before a zero."""
    return (text.removeprefix("-") if not text.strip("-0.,%£ bnmk") else text).replace("-", MINUS)


def _decimals(size: float, error: float | None, unit: float) -> int:
    """Decimals that leave three figures of `size`, or stop at the first figure of the error."""
    figures = 0 if size >= 99.95 * unit else 1 if size >= 9.995 * unit else 2
    if not known(error) or not error:
        return figures
    return max(0, min(figures, -math.floor(math.log10(float(error) / unit))))


def pounds(value: float | None, error: float | None = None) -> str:
    """£5.50bn, £244m, −£12.3m, £960k; with an error of £3m, £244m stays and £12.3m becomes £12m."""
    if not known(value):
        return NONE
    size, sign = abs(float(value or 0.0)), MINUS if float(value or 0.0) < 0 else ""
    for unit, name in _UNITS:
        if size >= 0.9995 * unit:
            return f"{sign}£{size / unit:,.{_decimals(size, error, unit)}f}{name}"
    return f"{sign}£{size:.0f}" if size >= 0.5 else "£0"


def spare(error: float | None, say: Callable[[float | None, float | None], str] = pounds) -> str:
    """A standard error in two figures, said in pounds or, with `say` number, plainly: 366667 → "£370k"."""
    if not known(error):
        return NONE
    short = float(f"{error:.1e}")
    return say(short, short / 10.0)


def percent(value: float | None, decimals: int = 1) -> str:
    """A fraction as a percentage: 0.125 → "12.5%"."""
    return signed(f"{100.0 * float(value or 0.0):.{decimals}f}%") if known(value) else NONE


def number(value: float | None, error: float | None = None) -> str:
    """A plain count in three figures with commas, or fewer where its error is larger."""
    if not known(value):
        return NONE
    size = abs(float(value or 0.0))
    return signed(f"{float(value or 0.0):,.{_decimals(size, error, 1.0)}f}")


def points(error: float | None) -> str:
    """The standard error of a probability in percentage points: 0.0012 → "0.1 percentage points"."""
    if not known(error):
        return "not known"
    size = 100.0 * float(error or 0.0)
    return f"{size:.1f} percentage points" if size >= 0.05 else "under 0.05 percentage points"


def in_points(share: float | None) -> str:
    """A share or its error as a bare number of percentage points: −0.314 → "−31.4"; a tiny one has two decimals."""
    if not known(share):
        return NONE
    size = 100.0 * float(share or 0.0)
    return signed(f"{size:.{2 if 0.0 < abs(size) < 0.05 else 1}f}")


def changed(value: float, say: Callable[[float], str]) -> str:
    """A change with its sign, said by `say`: "+£19.3m", "−3.1"; nothing before a zero."""
    text = say(value)
    return text if value <= 0.0 or not text.strip("0.£%") else f"+{text}"


def correlation(value: float | None) -> str:
    """A correlation in two decimals: −0.2 → "−0.20"."""
    return signed(f"{float(value or 0.0):.2f}") if known(value) else NONE


def chance(probability: float | None) -> str:
    """A probability as people say it: "about 9 in 10", "about 1 in 20", "none of the futures"."""
    if not known(probability):
        return "not known"
    p = float(probability or 0.0)
    if p <= 0.0:
        return "none of the futures"
    if p >= 1.0:
        return "all of the futures"
    if p < 0.075:
        return f"about 1 in {_round_two(1.0 / p):,}"
    if p > 0.925:
        rest = _round_two(1.0 / (1.0 - p))
        return f"about {rest - 1:,} in {rest:,}"
    tenths = round(10.0 * p)
    return "about half" if tenths == 5 else f"about {tenths} in 10"


#: The PHIA scale of likelihood words: (lowest, highest probability, word).
LIKELIHOODS = (
    (0.0, 0.05, "remote chance"), (0.10, 0.20, "highly unlikely"), (0.25, 0.35, "unlikely"),
    (0.40, 0.50, "realistic possibility"), (0.55, 0.75, "likely"), (0.80, 0.90, "highly likely"),
    (0.95, 1.0, "almost certain"),
)  # fmt: skip


def likelihood(probability: float | None) -> str:
    """A probability in a word of the PHIA scale (Professional Head of Intelligence Assessment); "" where there is none.

    Between two bands stands the word of the nearer one, and in the middle that of the one nearer to even chances.
    """
    if not known(probability):
        return ""
    p = min(1.0, max(0.0, float(probability or 0.0)))

    def distance(band: tuple[float, float, str]) -> tuple[float, float]:
        low, high, _ = band
        return round(max(low - p, p - high, 0.0), 9), abs((low + high) / 2.0 - 0.5)

    return min(LIKELIHOODS, key=distance)[2]


def _round_two(value: float) -> int:
    """A whole number of two figures; from 12 to 50 in fives, so that 1 in 19 reads 1 in 20."""
    if 12.0 <= value <= 52.5:
        return 5 * round(value / 5.0)
    step = 10 ** max(0, math.floor(math.log10(value)) - 1)
    return int(step * round(value / step))


def interval(low: float | None, high: float | None) -> str:
    """Two amounts of money: "−£12.3m to £96.0m"."""
    return f"{pounds(low)} to {pounds(high)}"


def listed(words: Sequence[str]) -> str:
    """"a", "a and b", "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def of_scenario(name: str) -> str:
    """"the calibrated law", "scenario Official Future"."""
    return "the calibrated law" if name == "calibrated" else f"scenario {scenario_title(name)}"


def within(text: str) -> str:
    """The text as it stands inside a sentence: a small first letter, unless the first word is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def spoken(name: str) -> str:
    """A name from a file as words: "gain_loss_share" → "gain loss share"."""
    return name.replace("_", " ")


def scenario_title(name: str) -> str:
    """"official-future" → "Official Future"; the calibrated law by its own name."""
    return "Calibrated law" if name == "calibrated" else name.replace("-", " ").title()

