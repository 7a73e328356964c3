"""The PDF of a report: whichever engine sets it, it is tagged, dated as its run, alone, and refused where it cannot be made."""

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime

import matplotlib.font_manager
import pytest

from stresstest.errors import BackendError, ConfigError
from stresstest.report.formats import chosen, pdf, require_makers

pytestmark = pytest.mark.unit

WHEN = datetime(2026, 11, 22, 13, 26, 36, tzinfo=UTC)
PAGE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Stress test of a contract</title>
<style>@page { size: A4 } section { break-before: page }</style></head><body><h1>Stress test</h1>
<p>See <a href="#two">part two</a>, <a href="tables/risks.csv">risks</a> and
<a class="x" href="../advice/risks/index.html">more</a>.</p>
<section id="two"><h2>Two</h2><table><tr><th scope="col">A</th></tr><tr><td>−£1.2m</td></tr></table></section></body></html>"""
HERE = {pdf.WEASYPRINT: pdf._weasyprint() is not None, pdf.CHROMIUM: bool(pdf.browser())}
SETTERS = [
    pytest.param(getattr(pdf, f"by_{name}"), marks=pytest.mark.skipif(not there, reason=f"{name} is not installed"), id=name)
    for name, there in HERE.items()
]  # fmt: skip


@pytest.mark.parametrize("by", SETTERS)
def test_each_engine_sets_a_tagged_pdf_of_the_same_bytes(by):
    """An engine sets the page twice to equal bytes, tagged, and dated as the run."""
    first, second = by(pdf.for_print(PAGE), WHEN), by(pdf.for_print(PAGE), WHEN)
    assert first == second
    assert first.startswith(b"%PDF-")
    assert not re.search(rb"D:(?!20261122132636)\d{14}", first)
    if shutil.which("pdfinfo"):
        environment = {**os.environ, "TZ": "UTC"}
        done = subprocess.run(["pdfinfo", "-"], input=first, capture_output=True, check=True, env=environment)
        told = done.stdout.decode()
        assert re.search(r"Tagged:\s+yes", told)
        assert re.search(r"Pages:\s+2", told)
        assert re.search(r"CreationDate:.*13:26:36 2026", told)
        assert re.search(r"Title:\s+Stress test of a contract", told)


def test_links_to_files_beside_the_page_are_left_out():
    """A PDF stands alone: links within it stay, links to other files go, their words stay."""
    text = pdf.for_print(PAGE)
    assert 'href="#two"' in text
    assert "risks.csv" not in text
    assert "index.html" not in text
    assert "<a>risks</a>" in text
    assert '<a class="x">more</a>' in text


def test_no_engine_is_a_kind_error_that_names_what_to_install(monkeypatch):
    """Without WeasyPrint and Chromium the PDF is refused before any work, and the message names packages."""
    monkeypatch.setattr(pdf, "_weasyprint", lambda: None)
    monkeypatch.setattr(pdf, "browser", lambda: "")
    with pytest.raises(ConfigError) as caught:
        require_makers(chosen("pdf"))
    assert "libpango" in str(caught.value)
    assert "stresstest[pdf]" in str(caught.value)


def test_no_font_is_a_kind_error(monkeypatch):
    """Without a single font the PDF would be blank, so it is refused."""
    monkeypatch.setattr(pdf, "engine", lambda: pdf.WEASYPRINT)
    monkeypatch.setattr(matplotlib.font_manager, "findSystemFonts", list)
    with pytest.raises(ConfigError, match="fonts-liberation"):
        pdf.require_engine()


def test_chromium_takes_the_place_of_a_missing_library(monkeypatch):
    """WeasyPrint is used where it is there; a Chromium where it is not."""
    monkeypatch.setattr(pdf, "browser", lambda: "/usr/bin/chromium")
    monkeypatch.setattr(pdf, "_weasyprint", object)
    assert pdf.engine() == pdf.WEASYPRINT
    monkeypatch.setattr(pdf, "_weasyprint", lambda: None)
    assert pdf.engine() == pdf.CHROMIUM


def test_a_browser_that_fails_is_told(monkeypatch):
    """A browser that writes nothing gives an error with what it said."""
    monkeypatch.setattr(pdf, "browser", lambda: shutil.which("false") or "false")
    with pytest.raises(BackendError, match="Chromium"):
        pdf.by_chromium(PAGE, WHEN)


@pytest.mark.parametrize("stamp", [b"(D:20300102030405+00'00')", b"(D:20300102030405Z)", b"(D:20300102030405)"])
def test_stamps_of_time_keep_their_length(stamp):
    """Whatever form a stamp has, the run's time takes its place and no byte moves."""
    done = pdf.dated(b"<< /CreationDate " + stamp + b" /X (D:not) >>", WHEN)
    assert len(done) == len(b"<< /CreationDate " + stamp + b" /X (D:not) >>")
    assert b"D:20261122132636" in done
    assert b"2030" not in done


@pytest.mark.skipif(not HERE[pdf.WEASYPRINT], reason="weasyprint is not installed")
def test_cover_and_summary_take_a_page_each(recorded_report):
    """Printed, the cover is page 1, the summary fits on page 2, and everything else comes after."""
    import weasyprint

    text = pdf.for_print((recorded_report / "report" / "index.html").read_text(encoding="utf-8"))
    start = text.index('<section id="summary"')
    second = text.index("<section", start + 1)
    name = re.match(r'<section id="([^"]+)"', text[second:])[1]
    after = text.index("</section>", second) + len("</section>")
    pages = weasyprint.HTML(string=text[:after] + "</main></body></html>").render().pages
    places = {name: [k for k, page in enumerate(pages) if name in page.anchors] for name in ("summary", name)}
    assert places["summary"] == [1]
    assert places[name][0] == 2


def test_formats_are_chosen_by_name():
    """The page is always made; several formats stand with commas; "all" is every one; an unknown one has its nearest."""
    assert chosen("html") == ("html",)
    assert chosen("slide, xlsx") == ("html", "xlsx", "slide")
    assert chosen("all") == ("html", "xlsx", "pdf", "slide")
    with pytest.raises(ConfigError) as caught:
        chosen("html,xslx")
    assert caught.value.nearest == "xlsx"
    assert caught.value.exit_code == 2
