"""Reading a report as a stranger would: its text by part, and for every cited number the cell that it claims to be."""

import csv
import re
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "hr", "input"}
UNREAD = {"svg", "style", "script", "title"}
UNITS = {"bn": 1e9, "m": 1e6, "k": 1e3, "": 1.0}


@dataclass
class Cited:
    """A number as it is printed, its full value, and where it says that it stands."""

    printed: str
    value: str
    title: str


@dataclass
class Node:
    """An element: tag, attributes, children (nodes and text)."""

    tag: str
    attributes: dict
    children: list = field(default_factory=list)

    def find(self, tag, **attributes):
        """Every element below with this tag and these attributes."""
        found = []
        for child in self.children:
            if isinstance(child, Node):
                if child.tag == tag and all(child.attributes.get(k) == v for k, v in attributes.items()):
                    found.append(child)
                found += child.find(tag, **attributes)
        return found

    def text(self, skip=()):
        """The text below, without drawings and without elements of the tags in `skip`."""
        parts = []
        for child in self.children:
            if isinstance(child, str):
                parts.append(child)
            elif child.tag not in UNREAD and child.tag not in skip:
                parts.append(child.text(skip))
        return "".join(parts)

    def cited(self):
        """Every cited number below."""
        return [Cited(node.text(), node.attributes["value"], node.attributes["title"]) for node in self.find("data")]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = Node("root", {})
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].children.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag):
        for k in range(len(self.open) - 1, 0, -1):
            if self.open[k].tag == tag:
                del self.open[k:]
                return

    def handle_data(self, data):
        self.open[-1].children.append(data)


def read_page(path):
    """A page as a tree."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader.root


@lru_cache
def _rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def cell(folder, title):
    """The cell that a cited number names, from the file on disk."""
    file, line, column = re.fullmatch(r"(.+), line (\d+), (\w+)", title).groups()
    return _rows(folder / file)[int(line) - 2][column]


def _number(text):
    return float(text.replace(",", "").replace("−", "-"))


def says(printed, value):
    """Whether the printed words are a rounding of the value (half a unit of the last figure printed)."""
    text = printed.strip()
    try:
        full = float(value)
    except ValueError:
        return text.replace("−", "-") == str(value).replace("−", "-")
    if text in ("none of the futures", "all of the futures", "about half"):
        return abs(full - {"n": 0.0, "a": 1.0}.get(text[0], 0.5)) < 1e-9 or (text == "about half" and abs(full - 0.5) <= 0.05)
    odds = re.fullmatch(r"(?:about )?([\d,]+) in ([\d,]+)", text)
    if odds:
        said = _number(odds[1]) / _number(odds[2])
        return abs(said - full) <= max(0.05 if odds[2] == "10" else 0.0, 0.1 * min(full, 1.0 - full) + 1e-12)
    money = re.fullmatch(r"[+]?(−?)£([\d,]*\.?\d+)(bn|m|k|)", text)
    share = re.fullmatch(r"[+]?(−?[\d,]*\.?\d+)%", text)
    plain = re.fullmatch(r"[+]?(−?[\d,]*\.?\d+)(?: (?:points?|percentage points|QALYs|years?))?", text)
    if money:
        said, unit, digits = (-1.0 if money[1] else 1.0) * _number(money[2]), UNITS[money[3]], money[2]
    elif share:
        said, unit, digits = _number(share[1]), 0.01, share[1]
    elif plain:
        said, unit, digits = _number(plain[1]), 0.01 if "point" in text else 1.0, plain[1]
    else:
        return text == str(value)
    half = 0.5 * 10.0 ** -len(digits.partition(".")[2])
    if abs(said * unit - full) <= half * unit * (1 + 1e-9):
        return True
    # a standard error is printed in two figures, the rest of it filled up with zeros
    figures = len(digits.replace(",", "").replace(".", "").replace("−", "").strip("0"))
    return figures <= 2 and f"{full:.1e}" == f"{said * unit:.1e}"
