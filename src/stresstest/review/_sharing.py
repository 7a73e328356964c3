"""Clauses that share a gap, or layers of a cost, put into one form: who shares which part of what with whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..contract import Term
from ._case import NO_LIMIT, NO_SUM, Case

ENDLESS = float("inf")
MONEY = "money"


@dataclass(frozen=True)
class Band:
    """A part of a gain or a loss, from one size to another, of which `share` changes hands. `whole`: it counts from 0."""

    side: str
    start: float
    end: float
    share: float
    whole: bool = False


@dataclass(frozen=True)
class Sharing:
    """A clause that shares in one year: `scale` is what the edges are multiples of, "money" where they are sums.

    `target` is "" where a cost is shared and no gap; its bands are then of the side "loss".
    """

    term: Term
    target: str
    actual: str
    scale: str
    bands: tuple[Band, ...]

    @property
    def parties(self) -> frozenset[str]:
        """The two parties that share."""
        return frozenset((self.term.payer, self.term.payee))

    def side(self, side: str) -> tuple[Band, ...]:
        """The bands of one side in which anything changes hands, from the innermost on."""
        return tuple(sorted((b for b in self.bands if b.side == side and b.share > 0.0), key=lambda b: b.start))


def _gain_loss(values: dict[str, Any]) -> Iterator[Band]:
    first_pound = values["band"] == "first_pound"
    offset = 0.0 if first_pound else values["dead_band"]
    for side, share, tiers in (("gain", "share_gain", "tiers"), ("loss", "share_loss", "loss_tiers")):
        if values[tiers]:
            for tier in values[tiers]:
                start = max(tier["from"] + offset, values["dead_band"])
                yield Band(side, start, tier["to"] + offset, tier["share"], first_pound and tier["from"] == 0.0)
        else:
            yield Band(side, values["dead_band"], ENDLESS, values[share], first_pound)


def _shared_savings(values: dict[str, Any]) -> Iterator[Band]:
    yield Band("gain", values["msr"], ENDLESS, values["max_share"], True)
    if values["loss_form"] != "none":
        share = values["loss_rate"] if values["loss_form"] == "fixed" else values["loss_rate_ceiling"]
        yield Band("loss", values["mlr"], ENDLESS, share, True)


def _quality_scaled(values: dict[str, Any]) -> Iterator[Band]:
    one = values["phase"] == "one"
    yield Band("gain", 0.0, ENDLESS, values["share"] if one else values["low"] + values["span"])
    yield Band("loss", 0.0, ENDLESS, values["share"] if one else 1.0 - values["low"])


def _corridor(values: dict[str, Any]) -> Iterator[Band]:
    for side in ("gain", "loss"):
        own = [band for band in values["bands"] if band["side"] == side]
        first = min((band["from"] for band in own), default=0.0)
        for band in own:
            whole = values["counts"] == "first_pound" and band["from"] == first
            end = ENDLESS if band["to"] >= NO_SUM else band["to"]
            yield Band(side, band["from"], end, band["share"], whole)


def _layers(values: dict[str, Any]) -> Iterator[Band]:
    for layer in values["layers"]:
        end = ENDLESS if layer["limit"] >= NO_SUM else layer["attachment"] + layer["limit"]
        share = layer["share"] * values["share"]
        yield Band("loss", layer["attachment"], end, share, values["counts"] == "franchise")


def sharing(term: Term, year: int) -> Sharing | None:
    """How a clause shares in a year, or None where it is no sharing clause."""
    values, kind = term.at(year), term.kind.name
    if kind == "gain_loss_share":
        return Sharing(term, values["expected"], values["actual"], values["expected"], tuple(_gain_loss(values)))
    if kind == "shared_savings":
        return Sharing(term, values["benchmark"], values["spend"], values["benchmark"], tuple(_shared_savings(values)))
    if kind == "quality_scaled_share":
        return Sharing(term, values["budget"], values["spend"], values["budget"], tuple(_quality_scaled(values)))
    if kind == "corridor":
        scale = MONEY if values["edges"] == "money" else values["target"]
        return Sharing(term, values["target"], values["actual"], scale, tuple(_corridor(values)))
    if kind == "layered_share":
        scale = MONEY if values["base"] == "one" else values["base"]
        return Sharing(term, "", values["of"], scale, tuple(_layers(values)))
    return None


def sharings(case: Case, year: int) -> list[Sharing]:
    """Every clause that shares in a year, in order."""
    found = [sharing(term, year) for term in case.clauses if year in case.years(term)]
    return [one for one in found if one is not None]


def opening(case: Case, term: Term) -> Sharing | None:
    """How a clause shares in its first year with anything to share, else in its first year in force."""
    every = [one for year in case.years(term) if (one := sharing(term, year))]
    return next((one for one in every if one.side("gain") or one.side("loss")), every[0] if every else None)


def edge(case: Case, one: Sharing, size: float) -> str:
    """A band's edge in words: money, or a share of what it is a multiple of."""
    if size == ENDLESS:
        return "without end"
    return case.money(size) if one.scale == MONEY else f"{100.0 * size:g}% of {one.scale}"


def unlimited(share: float, money: float = NO_SUM) -> bool:
    """Whether a cap, given as a share and as a sum, limits nothing; the whole of a payment or more counts as no limit."""
    return (share >= NO_LIMIT or share >= 1.0) and money >= NO_SUM
