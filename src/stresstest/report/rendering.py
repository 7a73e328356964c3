"""Sections as HTML: words escaped, numbers as <data> elements that name the cell they come from, charts set in as SVG."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from . import palette
from . import words as W
from .book import Book
from .document import Section
from .parts import sections_of
from .parts.front import front
from .tracing import CLOSE, MARKED, MIDDLE, OPEN, Trace, plain

TEMPLATE = "document.html.j2"
_NEGATIVE = re.compile(rf"{W.MINUS}[£\d][\d.,]*[\d%a-z]*")
#: A link leads to a place in this page or to a file beside it, never to a scheme, another host or the root of a disk.
_LINK = re.compile(r"\[([^\]]+)\]\((#[\w-]+|(?:\.\./)*[\w-][\w./-]*(?:#[\w-]+)?)\)")


def environment() -> Any:
    """The templates, with every word from a file escaped and no name left undefined."""
    import jinja2

    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found.filters["whole"] = whole
    found.filters["plain"] = plain
    found.filters["kind"] = lambda block: type(block).__name__
    return found


def whole(text: str) -> Any:
    """Text, escaped, in which no line ends between a minus sign and its number."""
    from markupsafe import Markup, escape

    return Markup(_NEGATIVE.sub(r'<span class="whole">\g<0></span>', str(escape(text))))


def told(trace: Trace, text: str) -> Any:
    """Text, escaped, with **bold**, `code` and links; cited numbers become <data> elements."""
    from markupsafe import Markup, escape

    done = str(escape(text))
    done = re.sub(r"`([^`]+)`", r"<code>\1</code>", done)
    done = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", done)
    done = _LINK.sub(r'<a href="\2">\1</a>', done)
    parts = re.split(f"({OPEN}[^{CLOSE}]*{CLOSE})", done)
    return Markup("".join(_data(trace, part) if part.startswith(OPEN) else _kept(part) for part in parts))


def _kept(text: str) -> str:
    return _NEGATIVE.sub(r'<span class="whole">\g<0></span>', text)


def _data(trace: Trace, marked: str) -> str:
    from markupsafe import escape

    number, _, shown = marked.strip(OPEN + CLOSE).partition(MIDDLE)
    if not number.isdigit() or int(number) >= len(trace.entries):
        return shown
    entry = trace.entries[int(number)]
    value = "" if entry.value is None else entry.value
    where = f"{entry.file}, line {entry.line}, {entry.column}"
    whole = ' class="whole"' if shown.startswith(W.MINUS) else ""
    return f'<data{whole} value="{escape(value)}" title="{escape(where)}">{shown}</data>'


def render(book: Book, sections: list[Section] | None = None, template: str = TEMPLATE, **more: Any) -> str:
    """The report as one HTML page. Every word from a file is escaped; only our own drawings go in as they are."""
    from markupsafe import Markup

    first = front(book)
    body = sections_of(book) if sections is None else sections
    page = environment()
    page.filters["told"] = lambda text: told(book.say, text)
    page.filters["drawn"] = lambda name: Markup(book.charts[name].inline())
    return str(page.get_template(template).render(
        front=first, sections=body, charts=book.charts, palette=palette, state=book.assurance.state,
        checkpoint=book.checkpoint, **more,
    ))  # fmt: skip


__all__ = ["MARKED", "environment", "render", "told", "whole"]
