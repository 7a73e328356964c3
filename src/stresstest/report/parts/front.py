"""The cover and the one-page summary."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from .. import words as W
from ..book import Book
from ..figures import surplus_fan
from ..source import real
from ..summary import CHECKPOINT_WORDS, QUESTIONS, summary

NOBODY = "nobody yet"
#: (banner, what it means) by state of assurance; an approved report has none.
BANNERS = {
    "draft": ("UNASSURED DRAFT", "Nobody has assured or signed this report. It supports a decision and does not make one."),
    "analyst-checked": ("UNASSURED: checked by its analyst only", "Nobody else has assured this report."),
    "assured": ("ASSURED, NOT APPROVED", "The approver has not signed this report."),
    "approved": ("", ""),
}
STATE_WORDS = {
    "draft": "UNASSURED (draft)", "analyst-checked": "UNASSURED (checked by its analyst)", "assured": "assured, not approved",
    "approved": "approved",
}  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
HASH_LENGTH = 12


def front(book: Book) -> dict[str, Any]:
    """Everything that the first two pages name."""
    state = book.assurance.state
    banner, standing = BANNERS[state]
    book.chart(surplus_fan(book.source, book.say))
    return {
        "title": title(book), "run_id": book.source.manifest["run_id"], "state": state, "banner": banner, "standing": standing,
        "stage": stage(book.checkpoint), "question": book.assurance.question or QUESTIONS[book.checkpoint],
        "facts": facts(book), "foot": foot(book), "summary": summary(book),
        "failed": [f"{W.spoken(str(c['check']))}: {c['detail']}" for c in book.source.checks if not c["ok"]],
    }  # fmt: skip


def title(book: Book) -> str:
    """The contract's title, or the study's where the run keeps no configuration."""
    source = book.source
    return str(source.setting("contract", "title") or source.manifest.get("study", {}).get("title") or "Contract")


def stage(checkpoint: str) -> str:
    """"for checkpoint CP2, before signature"."""
    return f"for checkpoint {checkpoint}, {CHECKPOINT_WORDS[checkpoint]}"


def day(moment: str) -> str:
    """An ISO moment as "22 November 2026"; other words as they are."""
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"


def version(book: Book) -> str:
    """Version of the model that made the run."""
    return str(book.source.manifest.get("provenance", {}).get("stresstest") or "unknown")


def short_hash(book: Book) -> str:
    """The first figures of the results hash."""
    return str(book.source.manifest.get("results_hash") or "")[:HASH_LENGTH] or "none"


def facts(book: Book) -> list[tuple[str, str]]:
    """Names and words of the cover, in the order of printing."""
    source, manifest = book.source, book.source.manifest
    futures = ", ".join(f"{W.scenario_title(name)} {source.counted(name)}" for name in source.scenarios)
    return [
        ("Place and years", f"{place(book)}, {source.years[0]} to {source.years[-1]}"),
        ("Checkpoint", f"{book.checkpoint}, {CHECKPOINT_WORDS[book.checkpoint]}"),
        ("Assurance", STATE_WORDS[book.assurance.state]),
        *((name.capitalize(), _holder(book, name)) for name in ("commissioner", "analyst", "assurer", "approver")),
        ("Review by", day(book.assurance.review_by) if book.assurance.review_by else "no date set"),
        ("Date of the run", day(str(manifest.get("created", "not recorded")))),
        ("Model version", version(book)), ("Run", str(manifest["run_id"])), ("Results hash", short_hash(book)),
        ("Price base", price_base(book)), ("Futures", futures),
    ]  # fmt: skip


def price_base(book: Book) -> str:
    """Prices of all money, and that the agreed budget is not flat in them where the plan lets it grow."""
    source = book.source
    base = str(source.setting("contract", "price_basis") or "not recorded")
    growth = real(source.setting("contract", "plan", "funding_growth"), 0.0)
    grows = "; the agreed budget grows in them each year (see the summary)" if growth > 0.0 else ""
    return f"{base}{grows}"


def place(book: Book) -> str:
    """Name of the place."""
    return W.sentence(str(book.source.manifest.get("study", {}).get("place", "the place")))


def _holder(book: Book, name: str) -> str:
    role = book.assurance.roles.get(name)
    signed = next((one for one in book.assurance.signatures if one.role == name), None)
    who = ", ".join(part for part in (role.name, role.organisation) if part) if role else ""
    who = who or (signed.name if signed else "")
    return f"{who} (signed {day(signed.date)})" if signed and who else who or NOBODY


def foot(book: Book) -> str:
    """What stands at the foot of each printed page, in characters that a style sheet takes."""
    words = f"Run {book.source.manifest['run_id']}, version {version(book)}, results {short_hash(book)}"
    return re.sub(r"[^\w ,.:+-]", "", words)
