"""The report as a PDF, set from its page by WeasyPrint or, where that is not installed, by a Chromium that is.

Both tag the PDF for screen readers; the page stays the accessible original, and the PDF says so. WeasyPrint gives the same
bytes for the same page; what Chromium stamps with the time is set to the time of the run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ...errors import BackendError, ConfigError
from ..book import Book

PDF, PAGE = "report.pdf", "index.html"
WEASYPRINT, CHROMIUM = "weasyprint", "chromium"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "chrome")
SECONDS = 300
#: Standard for accessible PDF files.
VARIANT = "pdf/ua-1"
INSTALL = (
    "pip install 'stresstest[pdf]' and the Debian packages libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0 and "
    "fonts-liberation; or a Chromium, such as the Debian package chromium"
)
_OUTSIDE = re.compile(r'(<a\b[^>]*?)\shref="(?!#|https?:)[^"]*"')
_MOMENT = re.compile(rb"\(D:\d{14}(?:[+\-]\d\d'\d\d'|Z)?\)")


def engine() -> str:
    """"weasyprint", "chromium", or "" where neither is there."""
    return WEASYPRINT if _weasyprint() else CHROMIUM if browser() else ""


def browser() -> str:
    """Path of a Chromium, or "" where none is found."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), "")


def _weasyprint() -> Any:
    """The library, or None where it or what it is built on is missing."""
    try:
        import weasyprint
    except (ImportError, OSError):
        return None
    return weasyprint


def require_engine() -> str:
    """The engine that sets the PDF. Errors: ConfigError saying what to install where there is no engine or no font."""
    from matplotlib.font_manager import findSystemFonts

    found = engine()
    if not found:
        raise ConfigError("Nothing on this machine can make a PDF.", key="--format", value="pdf", expected=INSTALL)
    if not findSystemFonts():
        raise ConfigError("This machine has no font to set a PDF in.", key="--format", value="pdf",
                          expected="fonts, such as those of the Debian package fonts-liberation")  # fmt: skip
    return found


def write_pdf(book: Book, folder: Path) -> Path:
    """Write report.pdf from the page in `folder`. Errors: ConfigError without an engine, BackendError where it fails."""
    text = for_print((folder / PAGE).read_text(encoding="utf-8"))
    setters: dict[str, Callable[[str, datetime], bytes]] = {WEASYPRINT: by_weasyprint, CHROMIUM: by_chromium}
    done = setters[require_engine()](text, moment(book))
    path = folder / PDF
    path.write_bytes(done)
    return path


def moment(book: Book) -> datetime:
    """When the run was made; an early day where it does not say."""
    return datetime.fromisoformat(str(book.source.manifest.get("created", "2000-01-01T00:00:00Z"))).astimezone(UTC)


def for_print(text: str) -> str:
    """The page without links to files beside it: a PDF stands alone, and must not name folders of this machine."""
    return _OUTSIDE.sub(r"\1", text)


def by_weasyprint(text: str, when: datetime) -> bytes:
    """The page set by WeasyPrint, which is given nothing but its text."""
    library = _weasyprint()

    def nothing(address: str) -> dict[str, Any]:
        raise ValueError(f"the page asks for {address}")

    stamp = f'<meta name="dcterms.created" content="{when:%Y-%m-%dT%H:%M:%SZ}"></head>'
    try:
        page = library.HTML(string=text.replace("</head>", stamp, 1), url_fetcher=nothing)
        return bytes(page.write_pdf(pdf_variant=VARIANT, pdf_identifier=f"{when:%Y%m%d%H%M%S}".encode()))
    except Exception as error:
        raise BackendError("WeasyPrint could not set the PDF.", value=str(error), expected=INSTALL) from error


def by_chromium(text: str, when: datetime) -> bytes:
    """The page set by a Chromium without a window, in a folder and with a profile of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / PAGE).write_text(text, encoding="utf-8")
        rooted = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        command = [
            browser(), "--headless", "--disable-gpu", *rooted, f"--user-data-dir={folder / 'profile'}", "--no-pdf-header-footer",
            "--disable-extensions", "--no-first-run", f"--print-to-pdf={folder / PDF}", (folder / PAGE).as_uri(),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BackendError("Chromium could not set the PDF.", value=str(error), expected=INSTALL) from error
        if not (folder / PDF).is_file():
            said = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["nothing"]
            raise BackendError("Chromium wrote no PDF.", value=said[0], expected=INSTALL)
        return dated((folder / PDF).read_bytes(), when)


def dated(pdf: bytes, when: datetime) -> bytes:
    """A PDF whose stamps of time say when the run was made; lengths stay, so that its index holds."""

    def stamped(match: re.Match[bytes]) -> bytes:
        fresh = f"(D:{when:%Y%m%d%H%M%S}+00'00')".encode()
        return fresh[: len(match[0]) - 1] + b")" if len(match[0]) < len(fresh) else fresh

    return _MOMENT.sub(stamped, pdf)
