"""A reverse stress test's findings as rows of tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import layout as L
from ..futures.sampler import draw_futures
from ..methods.reliability import tail
from .failures import Failure
from .reverse_check import Check, Share
from .reverse_lab import Lab
from .reverse_rescue import Saved
from .reverse_search import Nearest, Pair, Single
from .reverse_shocks import YEARLY, Space
from .reverse_words import ALWAYS, FAILS, NEVER, NOWHERE, TAKES, known
from .reverse_years import Seen

Row = dict[str, Any]
#: Least share of the distance for which a shock's path is written down.
WORTH_A_PATH = 0.01
PATH_FUTURES = 512


def verdict_of(nearest: Nearest, share: Share) -> str:
    """The verdict on one failure in a word or two."""
    if not nearest.found:
        return NEVER if share.value <= 0.0 else ALWAYS if share.value >= 1.0 else NOWHERE
    return FAILS if nearest.fails_in_the_middle else TAKES


def point_row(failure: Failure, share: Share, middle: Share, nearest: Nearest, check: Check | None, error: float) -> Row:
    """One failure: how often, how far, how likely that far, and what real draws say."""
    beta = known(nearest.design.beta)
    far = None if beta is None else tail(abs(beta))
    low, high = (None, None) if beta is None else (tail(abs(beta) + 1.96 * error), tail(abs(beta) - 1.96 * error))
    row = {
        "failure": failure.name, "party": failure.party, "words": failure.words, "verdict": verdict_of(nearest, share),
        "level_probability": nearest.level, "distance": beta, "distance_error": known(error) if beta is not None else None,
        "as_far_probability": far, "as_far_probability_low": low, "as_far_probability_high": high,
        "failing_share": share.value, "failing_share_error": share.error, "futures": share.futures,
        "middle_probability": middle.value, "middle_probability_error": middle.error, "slope": known(nearest.slope),
        "settled": nearest.design.converged,
    }  # fmt: skip
    for name, found in (("at_point_probability", check and check.held_out), ("beyond_share", check and check.beyond),
                        ("before_share", check and check.before)):  # fmt: skip
        row |= {name: known(found.value) if found else None, f"{name}_error": known(found.error) if found else None}
    row["likeness"] = known(check.likeness) if check else None
    row["straight_probability"] = known(check.straight) if check else None
    return row


def shock_rows(failure: Failure, space: Space, nearest: Nearest, leaning: np.ndarray | None,
               leaning_error: np.ndarray | None) -> list[Row]:  # fmt: skip
    """The nearest point shock by shock, largest share first."""
    if not nearest.found:
        return []
    values, middle = space.values(nearest.design.point), space.values(np.zeros(len(space.shocks)))
    rows = []
    for k in np.argsort(-nearest.design.shares, kind="stable"):
        shock = space.shocks[k]
        rows.append({
            "failure": failure.name, "shock": shock.name, "words": shock.words, "size": float(nearest.design.point[k]),
            "size_error": known(nearest.point_error[k]), "value": float(values[k]), "middle_value": float(middle[k]),
            "unit": shock.unit, "distance_share": float(nearest.design.shares[k]),
            "distance_share_error": known(nearest.shares_error[k]), "matters": bool(nearest.active[k]),
            "failing_mean": None if leaning is None else float(leaning[k]),
            "failing_mean_error": None if leaning_error is None else float(leaning_error[k]),
        })  # fmt: skip
    return rows


def single_rows(failure: Failure, space: Space, singles: Sequence[Single]) -> list[Row]:
    """Each shock alone, the smallest first, then those that never turn the verdict."""
    rows = []
    for one in sorted(singles, key=lambda one: abs(one.size) if one.size is not None else np.inf):
        shock = space.shocks[one.shock]
        value = None if one.size is None else float(space.values(one.size * space.direction(one.shock))[one.shock])
        rows.append({
            "failure": failure.name, "shock": shock.name, "words": shock.words, "size": one.size, "size_error": known(one.error),
            "value": value, "unit": shock.unit, "as_large_probability": one.chance,
            "one_in": None if not one.chance else 1.0 / one.chance,
        })  # fmt: skip
    return rows


def pair_rows(failure: Failure, space: Space, pairs: Sequence[Pair]) -> list[Row]:
    """Pairs of shocks, nearest first."""
    rows = []
    for pair in pairs:
        values, sizes = space.values(pair.point), space.sizes(pair.point)
        row: Row = {
            "failure": failure.name, "distance": pair.distance, "distance_error": known(pair.error),
            "as_far_probability": tail(pair.distance), "alone_distance": known(pair.alone), "cheaper": pair.cheaper,
        }  # fmt: skip
        for side, k in (("first", pair.first), ("second", pair.second)):
            shock = space.shocks[k]
            row |= {side: shock.name, f"{side}_words": shock.words, f"{side}_size": float(sizes[k]),
                    f"{side}_value": float(values[k]), f"{side}_unit": shock.unit}  # fmt: skip
        rows.append(row)
    return rows


def path_rows(failure: Failure, space: Space, lab: Lab, nearest: Nearest) -> list[Row]:
    """The shocks that make up the point and have a path, year by year: the mean axis, or the year's own surprise."""
    if not nearest.found:
        return []
    at, middle = (_mean_axes(space, lab, z) for z in (nearest.design.point, np.zeros(len(space.shocks))))
    rows = []
    streams = {name: (f"noise/{stream}", key) for name, stream, key, *_ in YEARLY}
    for k, shock in enumerate(space.shocks):
        if nearest.design.shares[k] < WORTH_A_PATH or shock.kind not in ("axis", "yearly"):
            continue
        if shock.kind == "axis":
            own, usual = (axes[:, L.AXES.index(shock.name)] for axes in (at, middle))
        else:
            stream, key = streams[shock.name]
            own = space.study.place.parameters[key].value * nearest.design.point[k] * space.component(stream)
            usual = np.zeros(own.size)
        for t, label in enumerate(space.study.year_labels):
            rows.append({"failure": failure.name, "shock": shock.name, "words": shock.words, "year": str(t + 1), "label": label,
                         "value": float(own[t]), "middle_value": float(usual[t]), "unit": shock.unit})  # fmt: skip
    return rows


def _mean_axes(space: Space, lab: Lab, z: np.ndarray) -> np.ndarray:
    """float64[T, AXES]: the mean over futures of every axis by year, with the shocks held at z."""
    inputs, n, years = lab.at(z), PATH_FUTURES, space.study.years
    axes, noise = np.zeros((years, len(L.AXES), n)), np.zeros((years, len(L.NOISE), n))
    once, tags, ends = np.zeros((len(L.ONCE), n)), np.zeros((len(L.TAGS), n)), np.zeros((len(L.AXES), n))
    draw_futures(1, n, years, inputs.dimensions, inputs.design, inputs.law, axes, noise, once, tags, ends, np.zeros((0, n)))
    return np.asarray(axes @ tags[L.TAG_WEIGHT] / tags[L.TAG_WEIGHT].sum())


def seen_rows(failure: Failure, seen: Seen | None, labels: Sequence[str]) -> tuple[list[Row], Row]:
    """(share of failures that are plain by the end of each year, the whole in one row)."""
    by_end = failure.name not in ("walks_away", "commissioner_limit")
    if seen is None:
        keys = ("median_warning_years", "unseen_share", "unseen_share_error", "right_share", "right_share_error")
        return [], {"failure": failure.name, "enough": False, **dict.fromkeys(keys), "futures": 0, "by_end_of_term": by_end}
    rows = [
        {"failure": failure.name, "year": str(t + 1), "label": label, "plain_share": float(seen.by_year[t, 0]),
         "plain_share_error": float(seen.by_year[t, 1])}
        for t, label in enumerate(labels)
    ]  # fmt: skip
    own = {
        "failure": failure.name, "enough": True, "median_warning_years": seen.median_warning, "unseen_share": seen.unseen.value,
        "unseen_share_error": seen.unseen.error, "right_share": known(seen.right.value),
        "right_share_error": known(seen.right.error),
        "futures": int(seen.when.size), "by_end_of_term": by_end,
    }  # fmt: skip
    return rows, own


def rescue_rows(failing: Sequence[Failure], rows: Sequence[Saved], labels: Sequence[str]) -> list[Row]:
    """Every rescue by failure and year of its beginning."""
    return [
        {
            "failure": failing[row.failure].name, "rescue": row.rescue.name, "words": row.rescue.words, "year": str(row.year + 1),
            "label": labels[row.year], "saved_share": known(row.saved.value), "saved_share_error": known(row.saved.error),
            "harmed_share": known(row.harmed.value), "harmed_share_error": known(row.harmed.error),
            "exposure_change_gbp": row.exposure, "exposure_change_error_gbp": row.exposure_error,
            "futures": row.saved.futures,
        }
        for row in rows
    ]  # fmt: skip
