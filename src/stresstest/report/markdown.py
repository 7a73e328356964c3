"""The little Markdown that the method book is written in, turned into one self-contained page of HTML.

Known: headings, paragraphs, fenced text, bullets on two levels, tables, drawings (![words](name), set in as SVG), **bold**,
*emphasis* and `code`. Everything is escaped but the drawings, which are our own.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

STYLE = """
:root { color-scheme: light; }
body { font: 17px/1.5 Arial, sans-serif; color: #212b32; background: #fff; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1, h2, h3, h4 { line-height: 1.25; margin: 1.8em 0 .5em; }
h2 { border-bottom: 2px solid #12436d; padding-bottom: .2em; }
a { color: #12436d; } a:focus { outline: 3px solid #f46a25; }
pre, code { font-family: Consolas, "DejaVu Sans Mono", monospace; font-size: .88em; }
pre { background: #f0f4f5; padding: .8em; overflow-x: auto; }
table { border-collapse: collapse; margin: 1em 0; font-size: .88em; }
.wide { overflow-x: auto; } figure { margin: 1em 0; } figure svg { width: 100%; max-width: 46rem; height: auto; }
th, td { border: 1px solid #aeb7bd; padding: .3em .5em; text-align: left; vertical-align: top; }
th { background: #f0f4f5; } td.number, th.number { text-align: right; }
nav > ul { columns: 16rem 3; list-style: none; padding: 0; } summary { cursor: pointer; color: #12436d; padding: .3em 0; }
summary:focus { outline: 3px solid #f46a25; } details ul { columns: 20rem 2; font-size: .92em; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 1rem; background: #fff; }
@media print { body { max-width: none; font-size: 11px; } nav, details { display: none; } pre, tr { break-inside: avoid; } }
"""
_CELLS = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\|( ?:?-+:? ?\|)+$")
_DRAWING = re.compile(r"!\[(.+)\]\((\S+)\)$")


def cell(value: object) -> str:
    """A value as a cell of a table: one line, with bars told apart from the table's own."""
    return " ".join(str(value).split()).replace("|", r"\|")


def table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """A table as lines of Markdown."""
    headings = list(headings)
    lines = ["| " + " | ".join(headings) + " |", "|" + " --- |" * len(headings)]
    return [*lines, *("| " + " | ".join(map(cell, row)) + " |" for row in rows), ""]


def anchor(title: str) -> str:
    """The name of a heading in a link."""
    return re.sub(r"[^\w]+", "-", title.lower()).strip("-")


def inline(text: str) -> str:
    """One run of text as HTML."""
    done = []
    for part in re.split(r"(`[^`]+`)", text):
        escaped = html.escape(part)
        if len(part) > 2 and part[0] == part[-1] == "`":
            done.append(f"<code>{escaped[1:-1]}</code>")
        else:
            escaped = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escaped)
            done.append(re.sub(r"\*(\w[^*]*)\*", r"<em>\1</em>", escaped))
    return "".join(done)


def headings(text: str) -> list[tuple[int, str, str]]:
    """(level, title, anchor) of every heading, each anchor once."""
    found, used = [], dict[str, int]()
    fenced = False
    for line in text.split("\n"):
        fenced ^= line.startswith("```")
        mark = re.match(r"(#+) (.+)", line)
        if mark and not fenced:
            name = anchor(mark[2])
            used[name] = used.get(name, 0) + 1
            found.append((len(mark[1]), mark[2], name if used[name] == 1 else f"{name}-{used[name]}"))
    return found


def _row(line: str, tag: str, numeric: list[bool]) -> str:
    cells = [c.strip().replace(r"\|", "|") for c in _CELLS.split(line.strip()[1:-1])]
    scope = ' scope="col"' if tag == "th" else ""
    marks = [' class="number"' if k < len(numeric) and numeric[k] else "" for k in range(len(cells))]
    done = (
        f"<td{mark}></td>" if tag == "th" and not c else f"<{tag}{scope}{mark}>{inline(c)}</{tag}>"
        for c, mark in zip(cells, marks, strict=True)
    )
    return f"<tr>{''.join(done)}</tr>"


def _table(lines: list[str]) -> str:
    numeric = [c.strip().endswith(":") for c in lines[1].strip()[1:-1].split("|")]
    body = "".join(_row(line, "td", numeric) for line in lines[2:])
    head = _row(lines[0], "th", numeric)
    return f'<div class="wide" tabindex="0"><table><thead>{head}</thead><tbody>{body}</tbody></table></div>'


def _nested(items: Iterable[tuple[bool, str]]) -> str:
    """A list on two levels: (is on the second level, HTML) of each item."""
    done, inner = "", False
    for deep, content in items:
        if deep and not inner:
            done = done.removesuffix("</li>") + "<ul>"
        done += "</ul></li>" if inner and not deep else ""
        done += f"<li>{content}</li>"
        inner = deep
    return f"<ul>{done}{'</ul></li>' if inner else ''}</ul>"


def _bullets(lines: list[str]) -> str:
    return _nested((line.startswith("    "), inline(line.strip()[2:])) for line in lines)


def _block(lines: list[str], drawings: Mapping[str, str]) -> str:
    """One block of lines between blank ones."""
    drawing = _DRAWING.match(" ".join(lines))
    if drawing:
        if drawing[2] in drawings:
            return f'<figure class="wide" tabindex="0">{drawings[drawing[2]]}</figure>'
        return f"<p>{html.escape(drawing[1])}</p>"
    if len(lines) > 1 and lines[0].startswith("|") and _RULE.match(lines[1]):
        return _table(lines)
    if all(line.lstrip().startswith("- ") for line in lines):
        return _bullets(lines)
    return f"<p>{inline(' '.join(lines))}</p>"


def body(text: str, drawings: Mapping[str, str] | None = None) -> str:
    """Markdown as HTML; `drawings` as SVG by name."""
    done, block, fenced = list[str](), list[str](), False
    names = iter(headings(text))
    for line in [*text.split("\n"), ""]:
        if line.startswith("```"):
            done += [f'<pre tabindex="0">{html.escape(chr(10).join(block))}</pre>'] if fenced else []
            block, fenced = [], not fenced
        elif fenced:
            block.append(line)
        elif line.startswith("#"):
            level, title, name = next(names)
            done.append(f'<h{level} id="{name}">{inline(title)}</h{level}>')
        elif line.strip():
            block.append(line)
        elif block:
            done.append(_block(block, drawings or {}))
            block = []
    return "\n".join(done)


def _linked(found: Iterable[tuple[int, str, str]]) -> str:
    return "".join(f'<li><a href="#{name}">{inline(title)}</a></li>' for _, title, name in found)


def contents(text: str) -> str:
    """The table of contents: headings of the second level."""
    return f'<nav aria-label="Contents"><ul>{_linked(one for one in headings(text) if one[0] == 2)}</ul></nav>'


def with_lists(page_body: str, text: str) -> str:
    """The body with a folded list of its sections (third level) under each heading of the second level."""
    own: dict[str, list[tuple[int, str, str]]] = {}
    for one in headings(text):
        if one[0] == 2:
            last = own.setdefault(one[2], [])
        elif one[0] == 3 and own:
            last.append(one)
    for name, found in own.items():
        opening = page_body.find(f'<h2 id="{name}">')
        end = page_body.find("</h2>", opening) + len("</h2>")
        if found and opening >= 0:
            folded = f"<details><summary>Sections of this part: {len(found)}</summary><ul>{_linked(found)}</ul></details>"
            page_body = f"{page_body[:end]}\n{folded}{page_body[end:]}"
    return page_body


def page(title: str, text: str, drawings: Mapping[str, str] | None = None) -> str:
    """A whole page: skip link, contents after the first heading and its paragraph, and nothing from elsewhere."""
    before, mark, after = with_lists(body(text, drawings), text).partition("<h2 ")
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    return (
        f'<!DOCTYPE html>\n<html lang="en-GB"><head>{head}<title>{html.escape(title)}</title>\n'
        f"<style>{STYLE}</style></head><body>\n"
        f'<a class="skip" href="#main">Skip to the text</a>\n<header>{before}</header>{contents(text)}\n'
        f'<main id="main">{mark}{after}</main>\n</body></html>\n'
    )
