"""Limits of use, for people and for machines: what the engine is for, what it is not for, and what no figure of it can say."""

from __future__ import annotations

from typing import Any

from ..book import Book
from . import TEXT, Column, Paper, paper

NAME = "limits"
FOR, AGAINST, LIMIT = "use supported", "use not supported", "limit"
COLUMNS = (
    Column("id", "Id", TEXT, "stable: U supported, N not supported, L limit, R of this run's own record"),
    Column("kind", "Kind", TEXT, f"{FOR}, {AGAINST} or {LIMIT}"),
    Column("name", "Name", TEXT, "the point in a few words"),
    Column("statement", "Statement", TEXT, "what may be done, what may not and what to do instead, or what a figure cannot say"),
    Column("given_by", "Given by", TEXT, "the model, or the assurance record of this run"),
)  # fmt: skip
USES = (
    ("Compare wordings", "Set one wording of a contract beside another in the same futures."),
    ("Find what breaks it", "See how a contract can end early, who then pays, and which clause or input does it."),
    ("Find what invites gaming", "See which clauses pay a provider for doing worse, and what wording takes that away."),
    ("Ask better questions", "Learn which judged inputs matter most, and get these measured before signature."),
)  # fmt: skip
NO_USES = (
    ("A forecast", "No scenario and no median is a prediction of a year. Use the spread, and say so."),
    ("An affordability assessment",
     "Budgets outside the contract are not modelled. Use the commissioner’s own financial plan."),
    ("A business case by itself",
     "Nobody’s cost of bearing risk is counted, nor what else the money could do. Use the Green Book’s five cases."),
    ("Legal or procurement advice", "Clauses are read by their arithmetic. Have the contract’s own words checked by lawyers."),
    ("Judging a provider or a person",
     "Gaming is a possibility that wording leaves open. It is evidence of nothing that anyone did."),
    ("Ranking on money alone", "Quality, health and who bears a loss stand beside every amount; read them together."),
)  # fmt: skip
LIMITS = (
    ("Given a start in full scope",
     "Chances and amounts suppose that the contract starts in full scope. How often it does not is told apart."),
    ("Much is judgement",
     "Many inputs were never published or measured. The register names each, and shows what moving the main ones does."),
    ("Errors are of sampling",
     "A standard error falls with the number of futures. It says nothing about an input that is wrong."),
    ("Dependence is judged",
     "How the six uncertainties move together is a guess at sign and size. The method section shows what it is worth."),
    ("Calibration is not validation",
     "Laws were fitted to the record, or set with it in sight. Nothing was tested on a contract whose end was unknown."),
    ("With hindsight",
     "It is told as of before signature, but laws were fitted with data of later years, shocks of these years among them. Nobody "
     "at signature could have known them; a study made then would have had other laws."),
    ("One change at a time",
     "An answer counts as settled where no judged input, moved alone, turns it. Inputs that were not moved, and two that move "
     "together, may still turn it."),
    ("What a signature covers",
     "The results hash stands for the simulated futures, and a digest beside it for the tables of the analyses and of this "
     "report. Words, charts and the layout are not covered, nor is who typed a name: nobody’s identity is checked."),
    ("Strategies are set at the start",
     "A provider does not learn. Bidders, staff and commissioners do not play; nothing is renegotiated."),
    ("Silence is no clearance", "Loopholes that no search found may still be there."),
    ("Health is counted roughly", "QALYs per pound and per indicator are judgements. They are never added to money."),
    ("Who gains and loses", "Effects are not split between groups of the population, except where a table says so."),
    ("One place, yearly steps, real prices", "Cash within a year, tax and the parties’ accounts are left out."),
    ("A reading of the contract", "The file says what its author took the clauses to mean. What was not published is marked."),
)  # fmt: skip


def limits(book: Book) -> Paper:
    """The limits of a book, made once: the model's, then those of the run's own assurance record."""
    if NAME not in book.papers:
        rows = _rows("U", FOR, USES) + _rows("N", AGAINST, NO_USES) + _rows("L", LIMIT, LIMITS)
        own = [("This run", text) for text in book.assurance.limits]
        rows += [{**row, "given_by": "the assurance record"} for row in _rows("R", LIMIT, own)]
        book.add(paper(NAME, "Limits of use", COLUMNS, rows, "the model and the assurance record"))
    return book.papers[NAME]


def _rows(letter: str, kind: str, entries: Any) -> list[dict[str, Any]]:
    return [
        {"id": f"{letter}{k}", "kind": kind, "name": name, "statement": statement, "given_by": "the model"}
        for k, (name, statement) in enumerate(entries, start=1)
    ]
