"""Section of the report: who signed what, the assurance statement, checks, validation, changes, and two public standards."""

from __future__ import annotations

from ..._jit import SOURCE_DIGEST
from .. import words as W
from ..book import Book
from ..document import Block, Fold, Grid, Points, Section, Terms, Text, Under
from ..papers import FOLDER
from ..papers.checks import FAILED, NULL_TEST, checks
from ..papers.compliance import STANDARDS, compliance
from ..papers.compliance_items import NOT_MET, PARTLY
from ..papers.register import POOR, qualities
from ..papers.register_counts import INPUTS, OWNED, UNRATED, count
from ..signed import changed_since, unnamed
from ..table import Table
from ..tracing import TableRow
from .register import owners

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
#: Letters of a digest that are printed.
SHORT = 12
CHANGES = "changes/index.html"
ALL_CLAUSES = "all clauses together"
NULL = (
    "A null test puts the contract into a world without trend or shock, with a provider that changes nothing. The mean amount "
    "that chance pays, over futures and years, is held to the tolerance, a judgement set in the study. That chance pays in many "
    "single years is no failure of the test; how often it does stands beside it."
)
HOLD = (
    "Signatures hold for the results hash of this run and for no other, and for the tables of its analyses and of this report as "
    "they were then."
)


def section(book: Book) -> Section | None:
    """Roles, statement, checks, validation, changes, standards."""
    since = signed_words(book)
    return Section("assurance", "Assurance", [
        Text(standing(book), "lead" if book.assurance.state == "approved" else "boxed"),
        *([Text(since, "boxed")] if since else []),
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
        return f"{text} {HOLD}"
    return (f"{text} Next, the {record.next_role} signs: `stresstest sign RUN --role {record.next_role} --name … --statement "
            f"…`. {HOLD}")  # fmt: skip


def signed_words(book: Book) -> str:
    """A warning where tables are not those that were signed, or where a signature names none; "" where neither is so."""
    changed, bare = changed_since(book), unnamed(book)
    said = []
    if changed:
        named = W.listed([f"{one.name} ({one.role}, {one.date})" for one in changed])
        said.append("**Signed tables have changed since.** The tables of the analyses or of this report are not those that were "
                    f"signed by {named}.")  # fmt: skip
    if bare:
        named = W.listed([f"{one.name} ({one.role})" for one in bare])
        said.append(f"Signed for the results hash alone, and not for the tables of analyses and report: by {named}.")
    return " ".join(said)


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
        ("Code", code_words(book)),
        ("Verification", verification(book)),
        ("Validation", "Tests of the project, which are not in this pack, reproduce settlements published by others. The laws of "
                       "the futures agree with the record that they were set by, which is calibration; no contract whose end "
                       "was unknown was predicted."),
        ("Uncertainty", "The report gives whole distributions, the sampling error of each figure, what moving each main "
                        "input does, and what would have to happen for the contract to fail."),
        ("Limits", "Given with this report ([limits and unsupported uses](#limits)); the chief one is that much of the "
                   "input is judgement."),
        ("Review", f"Inputs are to be looked at again by {record.review_by}." if record.review_by else NO_REVIEW),
        ("State", W.sentence(f"{STATES[record.state]}. {_outstanding(book)}".strip())),
    ]  # fmt: skip


def inputs_words(book: Book) -> str:
    """How many inputs are judgements, how many were not rated, and who owns them."""
    *marks, whole = qualities(book).rows
    poor = [f"{book.say.set_to(row, 'inputs')} are {_mark(row)}" for row in marks if row["quality"] == POOR]
    said = f"Of {book.say.set_to(whole, 'inputs')} inputs, {W.listed(poor)}." if poor else "No input is a judgement."
    rated = f"What moving them does is not known for {book.say.set_to(count(book, UNRATED), 'count')}."
    return f"{said} {rated} {owners(book, count(book, OWNED), count(book, INPUTS))}"


def code_words(book: Book) -> str:
    """What code made the run, whether a commit names it, and whether the same code made this report."""
    manifest = book.source.manifest
    git = manifest.get("provenance", {}).get("git") or {}
    digest = str(manifest.get("source_digest") or "")
    commit = f"commit `{str(git.get('commit'))[:SHORT]}`" if git.get("commit") else ""
    if git.get("dirty"):
        made = (f"The run was made by code **with changes that were not committed** after {commit or 'its commit'}: version "
                "control alone cannot bring it back.")  # fmt: skip
    elif commit:
        made = f"The run was made by the code of {commit}, without other changes."
    else:
        made = "The run does not name the commit of its code."
    if not digest:
        return f"{made} It has no digest of its sources."
    same = "The same code made this report." if digest == SOURCE_DIGEST else (
        f"This report was made by other code (`{SOURCE_DIGEST[:SHORT]}`) than the run (`{digest[:SHORT]}`).")  # fmt: skip
    return f"{made} {same}"


def _mark(row: TableRow) -> str:
    words = {"judgement": "judgements", "unstated": "without a mark", "recalled": "recalled", "variant": "changed for this run",
             "chosen": "chosen levels of axes"}  # fmt: skip
    return words.get(str(row["mark"]), str(row["mark"]))


def verification(book: Book) -> str:
    """Whether the checks hold, and what stands behind the code."""
    failed = [str(row["check"]) for row in checks(book).rows if row["result"] == FAILED]
    wrong = f"**Failed on this run: {'; '.join(failed)}.** Do not use its figures."
    ran = wrong if failed else "Every check of the model holds on this run."
    return (f"{ran} The engine’s rules are held against a second statement of them in plain Python, against worked cases, "
            "and against laws such as that transfers between parties sum to nothing. That evidence is the project’s test suite, "
            "under `tests/` of its repository; it is not in this pack.")  # fmt: skip


def _outstanding(book: Book) -> str:
    missing = [name for name, _ in ROLES if not book.assurance.role(name).name]
    return f"Nobody is named as {W.listed(missing)}." if missing else ""


# ── checks and validation ──────────────────────────────────────────────────────────────────────────────────────────
def _checks(book: Book) -> list[Block]:
    rows = [
        [W.sentence(str(row["check"])), str(row["result"]), _passed(book, row), str(row["found"])] for row in checks(book).rows
    ]
    failed = any(row["result"] == FAILED for row in checks(book).rows)
    head = "**At least one check failed: do not use these figures until the cause is known.**" if failed else "Every check holds."
    headings = ("Check", "Result", "Tolerance", "Found")
    blocks: list[Block] = [
        Text(f"{head} They are made of the run’s own tables, on every run. `stresstest verify RUN` makes them again, with "
             "every checksum."),
        Grid(Table("checks", "Checks of the model on this run", headings, rows, 0), f"{FOLDER}/checks.csv"),
    ]
    return [*blocks, Text(NULL, "sub")] if any(_is_null(row) for row in checks(book).rows) else blocks


def _is_null(row: TableRow) -> bool:
    return str(row["check"]).startswith(NULL_TEST)


def _passed(book: Book, row: TableRow) -> str:
    """The tolerance of a null test; other checks have none of the study's."""
    if not _is_null(row):
        return W.NONE
    if row["tolerance"] is None:
        return "not said by the run"
    most = f"±{book.say.percent(row, 'tolerance')} of the annual payment by chance"
    return f"{most}; doing nothing gains no more than that" if str(row["check"]).endswith(ALL_CLAUSES) else most


def validation() -> list[str]:
    """What was compared with what; no figure that was not measured."""
    return [
        "**Compared with published settlements.** Results of Medicare’s shared savings programme, published participant by "
        "participant, are put through the same clauses that settle a simulated year, and must come out as published to the "
        "rounding of the published figures. The figures and the test are in the project’s repository "
        "(`tests/cases/shared_savings_published.toml`), not in this pack. This tests the arithmetic of a clause, and no "
        "forecast.",
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
    return f"**{title}.** {' '.join(short)} {rest} This is the project’s own view of the project, and not of this run."


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


