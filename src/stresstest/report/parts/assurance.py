"""Section of the report: who signed what, the assurance statement, checks, validation, changes, and two public standards."""

from __future__ import annotations

from .. import words as W
from ..book import Book
from ..document import Block, Fold, Grid, Points, Section, Terms, Text, Under
from ..papers import FOLDER
from ..papers.checks import FAILED, checks
from ..papers.compliance import STANDARDS, compliance
from ..papers.compliance_items import NOT_MET, PARTLY
from ..papers.register import POOR, qualities
from ..table import Table
from ..tracing import TableRow

ROLES = (
    ("commissioner", "asks the question and uses the answer"), ("analyst", "makes the analysis"),
    ("assurer", "checks it, and is not the analyst"), ("approver", "accepts it for use"),
)  # fmt: skip
#: What each state means.
STATES = {
    "draft": "an unassured draft: nobody has signed it",
    "analyst-checked": "checked by its analyst, and not yet assured",
    "assured": "assured, and not yet approved",
    "approved": "assured and approved",
}
NOBODY, UNSIGNED = "nobody named", "not signed"
NO_REVIEW = "No date of review is recorded."
CHANGES = "changes/index.html"


def section(book: Book) -> Section | None:
    """Roles, statement, checks, validation, changes, standards."""
    return Section("assurance", "Assurance", [
        Text(standing(book), "lead" if book.assurance.state == "approved" else "boxed"),
        Grid(roles_table(book)),
        Under("Assurance statement", [Terms(statement(book))]),
        Under("Checks run", _checks(book)),
        Under("Validation and calibration", [Points(validation())]),
        Under("Changes since an earlier run", [Text(changes(book))]),
        Under("Two public standards", _standards(book)),
    ], new_page=True)  # fmt: skip


# ── who ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def standing(book: Book) -> str:
    """The state of assurance, and what would bring it on."""
    record = book.assurance
    text = f"**This report is {STATES[record.state]}.**"
    if not record.next_role:
        return f"{text} The signatures hold for the results hash of this run and for no other."
    return (f"{text} Next, the {record.next_role} signs: `stresstest sign RUN --role {record.next_role} --name … --statement "
            "…`. Signatures hold for the results hash of this run and for no other.")  # fmt: skip


def roles_table(book: Book) -> Table:
    """The four roles, who has each, and what was signed."""
    rows = []
    for name, does in ROLES:
        role, signed = book.assurance.role(name), book.assurance.signature(name)
        rows.append([
            f"{W.sentence(name)}: {does}", role.name or NOBODY, role.organisation or W.NONE, signed.date if signed else UNSIGNED,
            (signed.statement if signed else "") or W.NONE,
        ])  # fmt: skip
    return Table("roles", "Roles and signatures", ("Role", "Name", "Organisation", "Signed on", "Statement"), rows, 0)


# ── the statement ──────────────────────────────────────────────────────────────────────────────────────────────────
def statement(book: Book) -> list[tuple[str, str]]:
    """Purpose, inputs, verification, validation, limits and state, each in a sentence or two."""
    record = book.assurance
    return [
        ("Purpose", record.question or "No question is recorded; write one into the assurance record."),
        ("Use", "To support a decision on the wording of a contract, at " + f"{book.checkpoint} of the assurance process."),
        ("Quality of inputs", inputs_words(book)),
        ("Verification", verification(book)),
        ("Validation", "Settlements published by others are reproduced. The laws of the futures agree with the record that "
                       "they were set by, which is calibration; no contract whose end was unknown was predicted."),
        ("Uncertainty", "The report gives whole distributions, the sampling error of each figure, what moving each main "
                        "input does, and what would have to happen for the contract to fail."),
        ("Limits", "Given with this report ([limits and unsupported uses](#limits)); the chief one is that much of the "
                   "input is judgement."),
        ("Review", f"Inputs are to be looked at again by {record.review_by}." if record.review_by else NO_REVIEW),
        ("State", W.sentence(f"{STATES[record.state]}. {_outstanding(book)}".strip())),
    ]  # fmt: skip


def inputs_words(book: Book) -> str:
    """How many inputs are judgements, and who owns them."""
    *marks, whole = qualities(book).rows
    poor = [f"{book.say.set_to(row, 'inputs')} are {_mark(row)}" for row in marks if row["quality"] == POOR]
    said = f"Of {book.say.set_to(whole, 'inputs')} inputs, {W.listed(poor)}." if poor else "No input is a judgement."
    owned = "Owners are named in the register." if book.assurance.owners else "No owner of any input is named."
    return f"{said} {owned}"


def _mark(row: TableRow) -> str:
    words = {"judgement": "judgements", "unstated": "without a mark", "recalled": "recalled", "variant": "changed for this run"}
    return words.get(str(row["mark"]), str(row["mark"]))


def verification(book: Book) -> str:
    """Whether the checks hold, and what stands behind the code."""
    failed = [str(row["check"]) for row in checks(book).rows if row["result"] == FAILED]
    wrong = f"**Failed on this run: {'; '.join(failed)}.** Do not use its figures."
    ran = wrong if failed else "Every check of the model holds on this run."
    return (f"{ran} The engine’s rules are held against a second statement of them in plain Python, against worked cases, "
            "and against laws such as that transfers between parties sum to nothing.")  # fmt: skip


def _outstanding(book: Book) -> str:
    missing = [name for name, _ in ROLES if not book.assurance.role(name).name]
    return f"Nobody is named as {W.listed(missing)}." if missing else ""


# ── checks and validation ──────────────────────────────────────────────────────────────────────────────────────────
def _checks(book: Book) -> list[Block]:
    rows = [[W.sentence(str(row["check"])), str(row["result"]), str(row["found"])] for row in checks(book).rows]
    failed = any(row["result"] == FAILED for row in checks(book).rows)
    head = "**At least one check failed: do not use these figures until the cause is known.**" if failed else "Every check holds."
    return [
        Text(f"{head} They are made of the run’s own tables, on every run. `stresstest verify RUN` makes them again, with "
             "every checksum."),
        Grid(Table("checks", "Checks of the model on this run", ("Check", "Result", "Found"), rows, 0), f"{FOLDER}/checks.csv"),
    ]


def validation() -> list[str]:
    """What was compared with what; no figure that was not measured."""
    return [
        "**Compared with published settlements.** Results of Medicare’s shared savings programme, published participant by "
        "participant, are put through the same clauses that settle a simulated year, and must come out as published to the "
        "rounding of the published figures (`tests/cases/shared_savings_published.toml`). This tests the arithmetic of a "
        "clause, and no forecast.",
        "**Compared with what happened.** Named real contracts are run beside their histories, misses included (`stresstest "
        "cases`). Their ends were known when the laws were set.",
        "**Set by the record: calibration.** Growth, the state’s share and funding were fitted to British series. That "
        "futures look like the record ([how far outside experience](#scenarios)) is therefore no test. The method book "
        "lists what the fits miss.",
        "**Set by judgement.** Responsibility for health, control of care and take-up of technology have no series; nothing "
        "can be held against them.",
        "**Not done.** No contract whose end was unknown has been predicted, and nobody outside the project has rebuilt the "
        "model.",
    ]


# ── changes and standards ──────────────────────────────────────────────────────────────────────────────────────────
def changes(book: Book) -> str:
    """A link to what changed since an earlier run, or how to find out."""
    if (book.source.folder / CHANGES).is_file():
        return ("What changed since an earlier run, in inputs, code, assumptions and results, has a [page of its "
                f"own](../{CHANGES}).")
    return ("No comparison with an earlier run has been made. `stresstest changes EARLIER_RUN RUN` says what changed in "
            "inputs, code, assumptions and results.")  # fmt: skip


def _standards(book: Book) -> list[Block]:
    rows = compliance(book).rows
    blocks: list[Block] = []
    for one in STANDARDS:
        own = [row for row in rows if row["standard"] == one.name]
        items: list[Block] = [Text(one.about, "sub"), Grid(_items(one.name, own), f"{FOLDER}/compliance.csv")]
        blocks += [Text(_summary(one.title, own)), Fold(f"{one.title}: item by item", items)]
    return blocks


def _summary(title: str, rows: list[TableRow]) -> str:
    def named(state: str) -> str:
        return "; ".join(f"“{W.within(str(row['asked']))}”" for row in rows if row["state"] == state)

    short = [f"{word}: {named(state)}." for word, state in (("Not met", NOT_MET), ("Partly met", PARTLY)) if named(state)]
    rest = "The other items are met." if short else "Every item is met."
    return f"**{title}.** {' '.join(short)} {rest} This is the project’s own view."


def _items(name: str, rows: list[TableRow]) -> Table:
    shown = [
        [
            f"{row['id']} ({row['level']})", str(row["asked"]), str(row["state"]), _where(str(row["where"])),
            str(row["note"] or W.NONE),
        ]
        for row in rows
    ]  # fmt: skip
    caption = f"{name}: what is asked, whether it is met, and where"
    return Table(f"compliance_{name.lower()}", caption, ("Item", "What is asked", "State", "Where", "Note"), shown, 0)


def _where(text: str) -> str:
    """Files as code, sections of this report as links."""
    parts = [part for part in text.split("; ") if part]
    return ", ".join(f"[section {part[1:]}]({part})" if part.startswith("#") else f"`{part}`" for part in parts) or W.NONE


