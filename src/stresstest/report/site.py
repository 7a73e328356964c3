"""The documentation site: pages made from the code, and the verb that builds it all with Sphinx.

Some pages of docs/ are stubs: a heading, and a sentence that says what makes them. Their text is made from the package while the
site is built, so it cannot go stale and needs no copy in the repository. What is not a stub is written by hand.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import re
import sys
from pathlib import Path

from ..config.folders import config_folder
from ..errors import ConfigError, RunError
from ..results.folder import require_writable
from .command_reference import command_text
from .dictionary import dictionary_text
from .glossary import glossary_text
from .method import PARTS, book_parts, tidy
from .model_map import model_map

FOLDER = Path("build") / "site"
#: Libraries of the extra "docs".
NEEDS = ("sphinx", "furo", "myst_parser")
#: Pages of the method book after those on the packages.
AFTER = ("each-measure", "axes", "parameters", "columns", "cases", "holds")
#: Files outside docs/ that have a page of the site.
ALSO_HERE = {"CHANGELOG.md": "changelog.md", "README.md": "index.md"}
_DOCS_LINK = re.compile(r"\]\((?:docs/)?((?:howto/)?[\w-]+\.md)([^)]*)\)")
_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\(([^)\s]+)\)")
_DRAWING = re.compile(r"(?m)^!\[[^\n]*\]\(model-map\.svg\)$")


def method_pages() -> tuple[str, ...]:
    """Names of the method book's pages below method/, in the order of reading."""
    return ("map", *(package.replace("/", "-") for package in PARTS), *AFTER)


def made_pages() -> tuple[str, ...]:
    """Names of all pages that are made from the code."""
    return ("reference/commands", "reference/dictionary", "glossary", "changelog", *(f"method/{name}" for name in method_pages()))


def _method(futures: int) -> dict[str, list[str]]:
    return {name.replace("/", "-"): lines for name, lines in book_parts(config_folder(), futures).items()}


def raised(lines: list[str]) -> str:
    """A part of the book as a page of its own: every heading one level up."""
    done, fenced = [], False
    for line in lines:
        fenced ^= line.startswith("```")
        done.append(line[1:] if line.startswith("##") and not fenced else line)
    return tidy(done)


def set_in(text: str) -> str:
    """The text with the model map's drawing set in as it is."""
    figure = '<figure class="drawing" tabindex="0">{}</figure>'
    return _DRAWING.sub(lambda _: "```{raw} html\n" + figure.format(model_map().inline()) + "\n```", text)


def changelog(root: Path) -> str:
    """The changelog with its links as they run from docs/. Errors: ConfigError where there is none."""
    path = root / "CHANGELOG.md"
    if not path.is_file():
        raise ConfigError("there is no changelog", file=path, expected="a checkout of the source")
    return _DOCS_LINK.sub(r"](\1\2)", path.read_text(encoding="utf-8"))


def page_text(name: str, command_line: argparse.ArgumentParser, root: Path, futures: int) -> str:
    """The text of a page that is made from the code, as Markdown. `futures` of the back-fit on the method book's page on axes."""
    if name == "reference/commands":
        return tidy(command_text(command_line))
    if name == "reference/dictionary":
        return tidy(dictionary_text())
    if name == "glossary":
        return tidy(glossary_text())
    if name == "changelog":
        return changelog(root)
    part = _method(futures).get(name.removeprefix("method/"))
    if part is None:
        raise ConfigError("there is no such page", key=name, expected=", ".join(made_pages()))
    return set_in(raised(part))


def inward(text: str, name: str, docs: Path) -> str:
    """A page whose links to files outside docs/ lead to the site's own page of them, or are the file's mere name."""
    here, root = (docs / name).parent, docs.parent.resolve()

    def link(found: re.Match[str]) -> str:
        path = found[2].partition("#")[0]
        target = (here / path).resolve()
        if not path or "://" in path or target.is_relative_to(docs.resolve()):
            return found[0]
        page = ALSO_HERE.get(target.name, "") if target.parent == root else ""
        return f"[{found[1]}]({'../' * name.count('/')}{page})" if page else f"`{found[1].strip('`')}`"

    return _LINK.sub(link, text)


def docs_folder() -> Path:
    """docs/ beside the configuration. Errors: ConfigError where there is none, as in an installed package."""
    folder = config_folder().parent / "docs"
    if not (folder / "conf.py").is_file():
        raise ConfigError("the pages of the site are not here", file=folder, expected="a checkout of the source")
    return folder


def build_site(out: Path | None) -> int:
    """Build the site into `out` (default build/site), print the path of its first page, return exit code 0.

    Warnings are errors: a broken link or a page that nothing leads to stops the build. Errors: ConfigError where a library of the
    extra "docs" is missing, the folder cannot be written to, or docs/ is not there; RunError where Sphinx reports a fault.
    """
    missing = [name for name in NEEDS if importlib.util.find_spec(name) is None]
    if missing:
        raise ConfigError("a library that the site is built with is missing", key=", ".join(missing),
                          expected="pip install 'stresstest[docs]', or pip install -e '.[docs]' in a checkout")  # fmt: skip
    source, folder = docs_folder(), FOLDER if out is None else Path(out)
    require_writable(folder)
    sys.stdout.flush()
    build = importlib.import_module("sphinx.cmd.build").main
    given = ["-q", "-W", "--keep-going", "-E", "-b", "html", "-d", str(folder / ".doctrees"), str(source), str(folder)]
    if build(given) != 0:
        raise RunError("the site could not be built", file=source, expected="the messages above say which page and line")
    print(folder / "index.html")
    return 0
