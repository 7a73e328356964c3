"""The six axes one by one: what each is, its numbers with their sources, and a short path made by the sampler's own code."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from ..futures import axes as A
from ..results.schema import COLUMNS
from ..study import Study
from .markdown import table
from .method_worked import said

#: The future behind the sums: years, where destinations lie (standard deviations above the mean), when the passage starts (share
#: of its range), and what chance does: a tremor of one deviation in the third year, a crisis of middling size in the fourth.
YEARS, HIGHER, START, TREMOR_YEAR, CRISIS_YEAR = 6, 1.0, 0.5, 2, 3
FORMULA = (
    "destination  D = clip(mean + sd · x, low, high)",
    "value        x_t = clip(today + (D − today) · passage + noise, low, high)",
    "noise        e_t = persistence · e_(t−1) + sd · z_t + link · surprise of the economy",
)
#: What is written of each axis in the configuration, in the order of reading.
ENTRIES = ("levels", "today", "mean", "sd", "limits", "start", "noise", "crisis")


def worked_paths(study: Study) -> np.ndarray:
    """Values float64[YEARS, AXES] of the future described above, under the study's law."""
    table_ = study.law.table
    n_axes = len(L.AXES)
    offsets, row = np.zeros(3 * n_axes + 2, dtype=np.int64), 0
    for a in range(n_axes):
        offsets[3 * a : 3 * a + 3] = row, row + 1, row + 2
        row += 2 + YEARS
    offsets[3 * n_axes :] = row, row + YEARS
    cube = np.zeros((row + 2 * YEARS, 1))
    for a in range(n_axes):
        cube[offsets[3 * a + 1], 0], cube[offsets[3 * a + 2] + TREMOR_YEAR, 0] = START, 1.0
    cube[row : row + YEARS, 0] = 1.0
    cube[row + CRISIS_YEAR, 0] = 0.0
    goals = np.clip(table_[:, A.MEAN] + HIGHER * table_[:, A.SD], table_[:, A.LOW], table_[:, A.HIGH])[:, None]
    axes, surprise = np.zeros((YEARS, n_axes, 1)), np.zeros((YEARS, 1))
    menu = np.full((1, YEARS + 1, n_axes), np.nan)
    function: Any = getattr(A.axis_paths, "py_func", A.axis_paths)
    function(axes, cube, offsets, table_, menu, np.zeros(1), goals, surprise, YEARS, 1)
    return np.asarray(axes[:, :, 0])


def meanings() -> dict[str, str]:
    """What each axis is, from the data dictionary."""
    described = {column.name: column.description for column in COLUMNS["futures"]}
    return {axis: described[f"{axis}_mean"].partition("; mean")[0] for axis in L.AXES}


def numbers(form: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """(entry, values, quality, source) of an axis, from the effective configuration."""
    rows = []
    for name in ENTRIES:
        entry = form.get(name)
        if isinstance(entry, list):
            rows.append((name, said(entry), "", "as set: values are held between these"))
        elif isinstance(entry, dict) and "value" in entry:
            rows.append((name, said(entry["value"]), entry["quality"], entry["source"]))
        elif isinstance(entry, dict):
            inner = [f"{key} {said(one['value'])}" for key, one in entry.items() if isinstance(one, dict)]
            rows.append((name, "; ".join(inner), entry.get("quality", ""), entry.get("source", "")))
    return rows


def one_by_one(study: Study) -> list[str]:
    """A section for each axis as lines of Markdown: meaning, formula, numbers with sources, and its path in the worked future."""
    paths, words = worked_paths(study), meanings()
    form = study.effective()["axes"]
    told = (
        "The sums follow one future of six years: destinations one standard deviation above the mean, a passage that starts in "
        "the middle of its range, a tremor of one deviation in the third year, and a crisis of middling size in the fourth."
    )
    lines = ["### The axes, one by one", "", told, ""]
    for a, axis in enumerate(L.AXES):
        lines += [
            f"#### Axis: {axis}",
            "",
            f"{words[axis][:1].upper() + words[axis][1:]}. Unit: {form[axis]['unit']}.",
            "",
        ]
        lines += ["```", *FORMULA, "```", ""]
        lines += table(("entry", "value", "quality", "source"), numbers(form[axis]))
        path = [said(float(f"{value:.6g}")) for value in paths[:, a]]
        lines += ["Worked example, computed by the sampler's own code when the book was written:", ""]
        lines += table(("", *(f"year {k + 1}" for k in range(YEARS))), [(axis, *path)])
    return lines
