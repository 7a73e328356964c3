"""What changed since an earlier run, in words: a sentence at the top, then results, inputs, assumptions, code, checks."""

from __future__ import annotations

from ..measures.changes import CODE, INPUTS, KINDS, LIBRARIES, SAMPLING, Changes
from ..measures.difference import BOUND, INDEPENDENT, PAIRED, SAME, UNKNOWN
from ..results.difference import FORM, NUMBERS
from . import words as W
from .changes_parts import sections_of
from .changes_words import change, value
from .leaflet import Leaflet, Row, placed

KIND, QUESTION = "changes", "What changed since the earlier run?"
NAMED = 3
MISSING = {
    "outputs": "a run has no summary, so results are not compared",
    "hurdles": "A run is older than the table of hurdles: run the study again to compare them.",
    "gaming": "A run has no gaming table: levers are not compared.",
    "assumptions": "A run has no register of assumptions: its configuration alone is compared.",
}  # fmt: skip
#: Figures of the first sentence.
ANSWERED = (
    "chance that losses end the contract early", "commissioner's exposure, mean", "health gained, mean",
)  # fmt: skip
METHODS = {
    PAIRED: "Both runs lived the same futures: errors of changes of means and chances are paired, future by future.",
    INDEPENDENT: "The runs have other seeds: errors are independent, and that of a change is the root of their sum of squares.",
    BOUND: "Where futures are shared and a figure cannot be paired, the error of a change is the sum of both errors: no link "
           "between the two makes it larger.",
}  # fmt: skip
CAPTIONS = {
    "overview": "What differs, counted", "runs": "The two runs", "outputs": "Headline figures before and after",
    "hurdles": "Chances of missing each hurdle", "gaming": "Gaming levers: what became of each", "inputs": "Inputs that differ",
    "strategies": "What the providers were found to do, where that differs",
    "assumptions": "Assumptions of the register that differ", "code": "Code, libraries and machine",
    "checks": "Checks of the model", "changelog": "Changed numbers, as the changelog has them",
}  # fmt: skip


def changes_leaflet(found: Changes) -> Leaflet:
    """The page of a comparison."""
    page = Leaflet(KIND, "What changed between two runs", QUESTION, placed(found.tables), CAPTIONS)
    page.basis = f"Before: run {found.before.run_id}. After: run {found.after.run_id}."
    page.answer = answer(page, found)
    page.notes = notes(page, found)
    page.facts = {
        "before": found.before.run_id, "after": found.after.run_id, "one_run": found.one_run, "same_results": found.same_results,
        "kinds": list(found.kinds), "absent": list(found.absent),
    }  # fmt: skip
    page.sections = sections_of(page, found)
    return page


# ── the answer ─────────────────────────────────────────────────────────────────────────────────────────────────────
def answer(page: Leaflet, found: Changes) -> list[str]:
    """The first sentence says what changed, the next what became of the results and what it can be put down to."""
    forms = other_form(page)
    if found.one_run and forms:
        return ["Both folders hold a run of the same name and results hash, and their manifests differ in form.", *forms]
    if found.one_run:
        return ["Nothing changed: both folders hold the same run."]
    if not found.kinds and found.same_results:
        return ["Nothing changed: inputs, code and results are the same.", *forms, *words_only(page)]
    causes, (first, *rest) = caused(page, found), outcome(page, found)
    return [f"{W.sentence('; '.join([*causes, first]))}.", *rest, *attributed(page, found), *forms, *words_only(page)]


def other_form(page: Leaflet) -> list[str]:
    """A warning where the two manifests are of other forms: their tables may be laid out in another way."""
    row = next((row for row in page.rows("code") if row["name"] == FORM and row["same"] == "no"), None)
    if row is None:
        return []
    before, after = (page.say.text(row, name) if row[name] else "none" for name in ("before", "after"))
    return [f"The manifests are of different forms ({before} before, {after} after), so tables of the one may not mean what "
            "tables of the other do; they are compared as far as their columns agree."]  # fmt: skip


def caused(page: Leaflet, found: Changes) -> list[str]:
    """Which kinds of thing differ, with the first inputs by name."""
    if not found.kinds:
        return ["nothing that bears on numbers changed"]
    said = []
    if INPUTS in found.kinds:
        said.append(f"inputs changed: {entries(page, NUMBERS)}")
    if SAMPLING in found.kinds:
        said.append(f"sampling changed: {entries(page, 'sampling')}")
    code = [KINDS[kind] for kind in found.kinds if kind in (CODE, LIBRARIES)]
    return [*said, f"{W.listed(code)} changed"] if code else said


def entries(page: Leaflet, kind: str) -> str:
    """The first changed entries of a kind, before and after."""
    rows = [row for row in page.rows("inputs") if row["bears"] == kind]
    named = [f"`{row['key']}` {moved(page, row)}" for row in rows[:NAMED]]
    part = "inputs" if kind == NUMBERS else "sampling"
    count = next(row for row in page.rows("overview") if row["part"] == part)
    rest = f" (the first of {page.say.text(count, 'count')})" if len(rows) > NAMED else ""
    return f"{W.listed(named)}{rest}"


def moved(page: Leaflet, row: Row) -> str:
    """"from 0.02 to 0.03", "added at 0.03", "removed, was 0.02"."""
    if row["what"] == "added":
        return f"added at {page.say.text(row, 'value_after')}"
    if row["what"] == "removed":
        return f"removed, was {page.say.text(row, 'value_before')}"
    return f"from {page.say.text(row, 'value_before')} to {page.say.text(row, 'value_after')}"


def outcome(page: Leaflet, found: Changes) -> list[str]:
    """What became of the answer: the end of the first sentence; then money and health side by side."""
    if "outputs" in found.absent:
        return [MISSING["outputs"]]
    if found.same_results:
        return ["every simulated number is the same to the bit (equal results hashes)"]
    rows = [row for row in page.rows("outputs") if row["scenario"] == found.scenario and row["strategy"] == "honest"]
    chosen = [row for words in ANSWERED for row in rows if row["figure"] == words]
    if not chosen:
        return ["the summaries share no headline figure of the honest provider"]
    if all(row["verdict"] == SAME for row in page.rows("outputs")):
        return ["no headline figure moved"]
    first = chosen[0]
    ends = f"from {value(page, first, 'before')} to {value(page, first, 'after')}"
    led = f"stayed at {value(page, first, 'after')}" if first["verdict"] == SAME else f"moved {ends}, {first['verdict']}"
    said = f"{W.sentence(W.of_scenario(found.scenario))}, honest provider: {'; '.join(figure(page, r) for r in chosen)}."
    counted = next(row for row in page.rows("overview") if row["part"] == "outputs")
    count, whole = page.say.text(counted, "count"), page.say.text(counted, "of")
    return [f"the {first['figure']} {led}", said, f"Of all {whole} headline figures {count} moved beyond noise."]


def figure(page: Leaflet, row: Row) -> str:
    """"health gained, mean: from 2,071 to 2,080 QALYs (+9, within noise)"."""
    if row["verdict"] == SAME:
        return f"{row['figure']}: {value(page, row, 'after')} as before"
    ends = f"from {value(page, row, 'before')} to {value(page, row, 'after')}"
    return f"{row['figure']}: {ends} ({change(page, row)}, {row['verdict']})"


def attributed(page: Leaflet, found: Changes) -> list[str]:
    """What the change can be put down to: one thing where one thing alone differs."""
    if found.same_results or not found.kinds:
        return []
    if len(found.kinds) > 1:
        kinds = W.listed([KINDS[kind] for kind in found.kinds])
        remedy = " Run the earlier study again with this version to tell them apart." if CODE in found.kinds else ""
        return [f"Several things differ at once ({kinds}): these two runs cannot tell which of them moved a figure.{remedy}"]
    (kind,) = found.kinds
    if kind == SAMPLING:
        return ["Nothing but sampling differs, so what moved beyond noise is chance, or noise is larger than stated."]
    rows = [row for row in page.rows("inputs") if row["bears"] == NUMBERS]
    if kind == INPUTS and len(rows) == 1:
        return [f"Nothing else differs: what moved is the doing of `{rows[0]['key']}` and of what providers answer to it."]
    return [f"Nothing else differs: what moved is the doing of {KINDS[kind]}."]


def words_only(page: Leaflet) -> list[str]:
    """How many entries changed in words alone."""
    row = next(row for row in page.rows("overview") if row["part"] == "words")
    return [f"Entries of which only words, units or sources changed: {page.say.text(row, 'count')}."] if row["count"] else []


def notes(page: Leaflet, found: Changes) -> list[str]:
    """How changes are judged, and what could not be compared."""
    if found.one_run:
        return []
    used = dict.fromkeys(str(row["method"]) for name in ("outputs", "hurdles", "gaming") for row in page.rows(name))
    said = [METHODS[name] for name in METHODS if name in used]
    if used:
        said.append(
            "Beyond noise is a change of more than three of its errors: a figure that did not change passes that about once in "
            "370 times. Ranges of a change are three errors either way."
        )
    if any(row["verdict"] == UNKNOWN for row in page.rows("outputs")):
        said.append("Not known: a run gives no error for that figure.")
    return said + [MISSING[name] for name in found.absent if name != "outputs"] + guidance(found)


def guidance(found: Changes) -> list[str]:
    """What to do where the comparison cannot pair."""
    if found.one_run or SAMPLING not in found.kinds:
        return []
    return ["To see a change through the noise, run both with one seed, one design and one number of futures."]
