"""The words of narratives: figures that are kept as they are written, ranks, and comparisons with the scenario work."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..analysis.narrative import Told
from .words import percent, pounds, sentence, signed

REMARKABLE = 0.6  # outside the middle 60% of the reference futures
#: Names of the scenario work's low, middle and high level; for vacancies "low" is the highest rate.
NAMED = {"economy": ("lowest", "middle", "highest"), "state": ("lowest", "middle", "highest"),
         "workforce": ("worst", "middle", "best")}  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """A figure in a sentence: its name, its value, and how it is written."""

    name: str
    value: float
    shown: str


@dataclass(frozen=True)
class Sentence:
    """One sentence, what it is about, and the facts in it."""

    topic: str
    text: str
    facts: tuple[Fact, ...]


@dataclass
class Writer:
    """Writes figures into a sentence and keeps them."""

    told: Told
    facts: list[Fact] = field(default_factory=list)

    def put(self, name: str, value: float, shown: str) -> str:
        """A figure as it is to be shown."""
        self.facts.append(Fact(name, value, shown))
        return shown

    def rate(self, name: str, value: float | None = None) -> str:
        """A share or a rate in per cent, one decimal."""
        value = self.told.values[name] if value is None else value
        return self.put(name, value, percent(value))

    def index(self, name: str, value: float | None = None) -> str:
        """A level of an index, one decimal or none."""
        value = self.told.values[name] if value is None else value
        return self.put(name, value, signed(f"{value:.1f}").removesuffix(".0"))

    def money(self, name: str) -> str:
        """The size of a sum among the outcomes."""
        value = abs(self.told.outcomes[name])
        return self.put(name, value, pounds(value))

    def count(self, name: str, value: float, one: str, many: str = "") -> str:
        """A count with its noun."""
        return f"{self.put(name, value, f'{value:.0f}')} {one if value == 1 else many or one + 's'}"

    def year(self, t: int) -> str:
        """The label of a year."""
        return self.put("year", float(t), self.told.labels[t])

    def last_year(self) -> str:
        """The label of the contract's last year."""
        return self.year(len(self.told.labels) - 1)

    def before(self, axis: str) -> str:
        """"39.8% at the outset": today's value of an axis."""
        return f"{self.rate(f'today {axis}', self.told.today[axis])} at the outset"

    def level(self, axis: str, value: float) -> str:
        """"(the scenario work's highest level is 45.0%)": the level nearest to a value."""
        k = self.told.level(axis, value)
        return f"(the scenario work's {NAMED[axis][k]} level is {self.rate(f'level {axis}', self.told.anchors[axis][k])})"

    def rank(self, name: str, low: str, high: str) -> str:
        """", higher than in 93 of 100 futures" where the figure is remarkable, nothing elsewhere."""
        told = self.told
        if told.unusual(name) < REMARKABLE:
            return ""
        above = told.below[name] >= told.above[name]
        share = told.below[name] if above else told.above[name]
        shown = self.put(f"rank {name}", share, f"{min(99, int(100.0 * share))}")
        return f", {high if above else low} than in {shown} of {self.put('futures', 100.0, '100')} futures"

    def done(self, topic: str, text: str) -> Sentence:
        """The sentence."""
        return Sentence(topic, sentence(text), tuple(self.facts))
