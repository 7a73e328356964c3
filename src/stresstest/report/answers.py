"""Words that several sections share: clauses, levers, what ends with a full stop, and where a figure may be looked up."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..levers import LEVERS
from . import words as W
from .book import Book
from .source import COLUMNS, HONEST, Figure, Row, Source, real
from .tracing import Trace

AS_IT_IS = "as the contract is"
#: A change that leaves more than this share of the gain is not called an answer.
HARDLY = 0.5


def unended(text: str) -> str:
    """Words from a table without the full stop at their end."""
    return text.rstrip(" .;")


def clause_names(terms: str) -> list[str]:
    """"annual_payment, gain_loss_share" as words."""
    return [W.spoken(term.strip()) for term in (terms or "").replace(";", ",").split(",") if term.strip()]


def lever_title(source: Source, row: Row) -> str:
    """The lever's title in lower case: the run's own, otherwise the register's, otherwise its name as words."""
    titles = {kind.name: kind.title for kind in LEVERS}
    titles |= {r["lever"]: r["title"] for r in source.rows("strategies")}
    title = str(titles.get(row["lever"]) or W.spoken(row["lever"]))
    return W.within(title)


def worded(say: Trace, row: Row, column: str) -> str:
    """Words of a cell as they stand; cited where they hold a figure."""
    text = str(row.get(column) or "")
    return say.text(row, column) if re.search(r"\d", text) else unended(text)


def table(source: Source, name: str) -> list[Row]:
    """Rows of a table that a run may lack; none where it does."""
    return source.rows(name) if name in COLUMNS else []


def hurdle(source: Source, party: str, path: str = "median", scenario: str = "", strategy: str = HONEST) -> Row | None:
    """The hurdle of a party under a provider, honest unless said, in one scenario (the run's first) and on one path."""
    wanted = (scenario or source.main, strategy, party, path)
    return next((r for r in table(source, "hurdles")
                 if (r["scenario"], r["strategy"], r["party"], r["path"]) == wanted), None)  # fmt: skip


def missed(book: Book, party: str) -> tuple[Row, str] | None:
    """Row and column of the chance that a party's hurdle is missed; from the reverse stress test where hurdles are not kept."""
    found = hurdle(book.source, party)
    if found is not None and W.known(real(found["fails_probability"])):
        return found, "fails_probability"
    reverse = book.advice("reverse")
    rows = reverse.rows("reverse_points") if reverse else []
    return next(((row, "failing_share") for row in rows if row["party"] == party), None)


def odds(book: Book, row: Row, column: str) -> str:
    """"unlikely (33.1%)"."""
    return f"{W.likelihood(real(row[column]))} ({book.say.percent(row, column)})"


def it_is(probability: float) -> str:
    """How a sentence begins that is so likely: "It is likely", "There is a remote chance"."""
    word = W.likelihood(probability)
    return f"There is a {word}" if word.endswith(("chance", "possibility")) else f"It is {word}"


def amount(say: Trace, figure: Figure) -> str:
    """A figure of the summary in its own unit, cited."""
    if figure.unit == "probability":
        return say.percent(figure.row)
    return f"{say.number(figure.row)} QALYs" if figure.unit == "QALY" else say.pounds(figure.row)


def spread(book: Book, party: str, metric: str, strategy: str = HONEST, scenario: str = "") -> str:
    """"£337m (80% interval £17.7m to £854m)"."""
    get: Callable[[str], Figure] = lambda s: book.source.figure(party, metric, s, strategy=strategy, scenario=scenario)  # noqa: E731
    return f"{amount(book.say, get('p50'))} ({interval(book, party, metric, strategy, scenario)})"


def interval(book: Book, party: str, metric: str, strategy: str = HONEST, scenario: str = "") -> str:
    """"80% interval £17.7m to £854m"."""
    low, high = (book.source.figure(party, metric, s, strategy=strategy, scenario=scenario) for s in ("p10", "p90"))
    return f"80% interval {amount(book.say, low).removesuffix(' QALYs')} to {amount(book.say, high)}"


def answered(row: Row) -> bool:
    """Whether the change of wording takes away enough of the gain to be called an answer."""
    return real(row["residual_gain_mean_gbp"]) < HARDLY * real(row["gain_mean_gbp"])


def answerable(source: Source) -> list[Row]:
    """Levers that pay and that a change of wording answers, highest gain first."""
    return [row for row in source.levers if row["fix"] and real(row["gain_mean_gbp"], 0.0) > 0.0 and answered(row)]


def join(parts: Sequence[str]) -> str:
    """Sentences, one after another."""
    return " ".join(part for part in parts if part)
