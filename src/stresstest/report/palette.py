"""Colours, their contrast, and how every chart is drawn. The one place where a colour is named.

Neighbouring series colours differ by 3:1 or more, and so does each from white; the first and third, and the second and
fourth, are close in lightness, so every series also has a direct label and a line style or marker of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import RunError

SERIES = ("#12436D", "#28A197", "#801650", "#F46A25")
LINE_STYLES = ("-", "--", "-.", ":")
MARKERS = ("o", "D", "s", "^")
#: Fill of the 95%, 80% and 50% bands, told apart by the dark lines on their edges and not by the fill.
BANDS = ("#DCE6F0", "#B5CBE0", "#86A9CB")
BAND_EDGE_STYLES = (":", "--", "-")
TEXT, MUTED, GRID, PAPER = "#212B32", "#425563", "#D8DDE0", "#FFFFFF"
LINK, BANNER, BANNER_TEXT, PANEL = "#005EB8", "#801650", "#FFFFFF", "#F0F4F5"
#: (text, background) pairs of the page; each must reach 4.5:1.
TEXT_PAIRS = ((TEXT, PAPER), (MUTED, PAPER), (LINK, PAPER), (TEXT, PANEL), (LINK, PANEL), (BANNER_TEXT, BANNER))
MOST_SERIES = 4
FONTS = ("Arial", "Liberation Sans", "Helvetica", "DejaVu Sans")
FONT_POINTS = 10.0


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB", 0 black to 1 white (WCAG 2.2)."""
    red, green, blue = (_linear(int(colour[k : k + 2], 16) / 255.0) for k in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def require_few(names: list[str]) -> None:
    """Refuse a chart of more than four series. Errors: RunError naming them."""
    if len(names) > MOST_SERIES:
        raise RunError("A chart holds four series at most.", value=", ".join(names), expected="small multiples")


@contextmanager
def chart_style(name: str) -> Iterator[None]:
    """matplotlib settings of every chart, for as long as the block lasts; `name` salts the ids inside the SVG."""
    import matplotlib

    settings: dict[Any, Any] = {
        "font.family": "sans-serif", "font.sans-serif": list(FONTS), "font.size": FONT_POINTS,
        "axes.titlesize": FONT_POINTS, "axes.labelsize": FONT_POINTS, "xtick.labelsize": FONT_POINTS,
        "ytick.labelsize": FONT_POINTS, "text.color": TEXT, "axes.labelcolor": TEXT, "xtick.color": TEXT,
        "ytick.color": TEXT, "axes.edgecolor": MUTED, "axes.spines.top": False, "axes.spines.right": False,
        "axes.axisbelow": True, "axes.unicode_minus": True, "text.parse_math": False,
        "grid.color": GRID, "grid.linewidth": 0.8,
        "svg.fonttype": "none", "svg.hashsalt": name, "figure.facecolor": PAPER, "savefig.facecolor": PAPER,
    }  # fmt: skip
    with matplotlib.rc_context(settings):
        yield
