"""The summary as a slide: its size, its bytes, and words that stay in their boxes."""

import struct

import pytest

from stresstest.report import palette as P
from stresstest.report import slide
from stresstest.report.book import Book

pytestmark = pytest.mark.unit
LONG = "A contract whose title goes on and on, for an integrated provider of everything, in a place of many names, " * 4


def test_it_is_sixteen_by_nine_and_the_same_every_time(fake_run, tmp_path):
    """1600 by 900 dots, SVG and PNG, and two calls write the same bytes."""
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        paths = slide.write_slide(Book.of(fake_run), folder)
    assert [path.name for path in paths] == ["summary.svg", "summary.png"]
    assert struct.unpack(">II", (first / "summary.png").read_bytes()[16:24]) == (1600, 900)
    for name in ("summary.svg", "summary.png"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    text = (first / "summary.svg").read_text(encoding="utf-8")
    assert "UNASSURED DRAFT" in text
    assert "Three clauses to change" in text


def _drawn(book):
    with P.chart_style(slide.NAME):
        figure = slide.slide(book)
        figure.canvas.draw()
        renderer = figure.canvas.get_renderer()
        boxes = {one.get_text(): one.get_window_extent(renderer) for one in figure.texts}
    return figure, boxes


@pytest.mark.parametrize("title", ["Short", LONG])
def test_no_words_leave_the_slide(fake_run, title):
    """However long the title and the tables' words are, every text ends inside the slide and above the next one."""
    book = Book.of(fake_run)
    book.source.configuration["contract"]["title"] = title
    for row in book.source.rows("gaming"):
        row["fix"] = f"{row['fix']} {title}" if row["fix"] else ""
    figure, boxes = _drawn(book)
    width, height = figure.canvas.get_width_height()
    for text, box in boxes.items():
        assert box.x0 >= 0, text
        assert box.x1 <= width, text
        assert box.y0 >= 0, text
        assert box.y1 <= height + 1, text
    items = list(boxes.items())
    for k, (one, first) in enumerate(items):
        for other, second in items[k + 1 :]:
            across = min(first.x1, second.x1) - max(first.x0, second.x0)
            down = min(first.y1, second.y1) - max(first.y0, second.y0)
            assert across <= 1 or down <= 1, (one, other)
    assert any(slide.MORE in text for text in boxes) == (title == LONG)


def test_lines_break_between_words():
    """No line is wider than asked for, all words stay, and a text that fits is one line."""
    lines = slide.broken_lines("one two three four five six seven", 80.0, 12.0, bold=False)
    assert len(lines) > 1
    assert " ".join(lines) == "one two three four five six seven"
    assert all(slide.width_of(line, 12.0, bold=False) <= 80.0 for line in lines)
    assert slide.broken_lines("one two", 800.0, 12.0, bold=False) == ["one two"]


def test_what_is_left_out_is_marked():
    """A text of too many lines ends in the mark of omission and still fits its width."""
    across = slide.width_of("aaaa bbbb", 12.0, bold=False)
    kept = slide.shortened(["aaaa bbbb", "bbbb aaaa", "eeee"], 2, across, 12.0, bold=False)
    assert kept[0] == "aaaa bbbb"
    assert kept[1].endswith(slide.MORE)
    assert slide.width_of(kept[1], 12.0, bold=False) <= across
