"""How Sphinx builds this site: `stresstest docs`, or `python -m sphinx -W docs build/site`.

Pages that are made from the code are stubs in this folder; `fill` gives them their text while they are read. They are made at
build time and not kept in the repository: a copy would have to be made again with every change of a clause, and would be wrong in
between. Nothing is fetched: the theme's fonts are the reader's own, and the search runs in the page.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "src"))

from pygments.lexers import TextLexer  # noqa: E402

from stresstest import __version__  # noqa: E402  (the checkout's own package, installed or not)
from stresstest.analysis.backfit import FUTURES  # noqa: E402
from stresstest.cli import parser  # noqa: E402
from stresstest.report.site import inward, made_pages, page_text  # noqa: E402

project = "stresstest"
author = "The stresstest contributors"
copyright = "the stresstest contributors, MIT licence"
version = release = __version__
language = "en_GB"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
html_theme = "furo"
html_title = f"stresstest {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#12436D",
        "color-brand-content": "#005EB8",
        "color-brand-visited": "#801650",
        "font-stack": "Arial, Liberation Sans, Helvetica, sans-serif",
    },
    "dark_css_variables": {"color-brand-primary": "#6BACE6", "color-brand-content": "#6BACE6", "color-brand-visited": "#D8A9C4"},
    "footer_icons": [],
}
highlight_language = "text"
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


def fill(app: Any, docname: str, source: list[str]) -> None:
    """Give a stub its text; on other pages, links to files that the site does not hold become their names."""
    if docname in made_pages():
        source[0] = page_text(docname, parser(), HERE.parent, app.config.back_fit_futures)
    else:
        source[0] = inward(source[0], docname, HERE)


def outdated(app: Any, env: Any, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Pages made from the code are read again in every build."""
    return sorted(made_pages())


def setup(app: Any) -> dict[str, bool]:
    """Sphinx's own entry."""
    app.add_config_value("back_fit_futures", FUTURES, "env")
    app.add_lexer("csv", TextLexer)
    app.connect("source-read", fill)
    app.connect("env-get-outdated", outdated)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
