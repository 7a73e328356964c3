"""The documentation: links lead somewhere, every page is reached, pages made from the code are whole, the site builds."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

from stresstest.cli import VERBS, parser
from stresstest.errors import ConfigError, RunError
from stresstest.report import site
from stresstest.report.markdown import anchor, headings

pytestmark = pytest.mark.unit
ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
OTHERS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/README.md")
PAGES = sorted([*DOCS.rglob("*.md"), *(ROOT / name for name in OTHERS)])
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"```.*?```", re.S)
FETCHED = re.compile(r'(?:<script[^>]*src|<link[^>]*rel="stylesheet"[^>]*href|<img[^>]*src)="(?:https?:)?//')
FEW = 60


def links(path: Path) -> list[str]:
    """Targets of a page's links and pictures, code aside, but for addresses elsewhere."""
    text = re.sub(r"`[^`\n]*`", "", FENCED.sub("", path.read_text(encoding="utf-8")))
    found = [one or other for one, other in LINK.findall(text)]
    return [target for target in found if not target.startswith(("http://", "https://", "mailto:"))]


@pytest.mark.parametrize("path", PAGES, ids=[str(path.relative_to(ROOT)) for path in PAGES])
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    """The file is there, and so is the heading where one is named."""
    for target in links(path):
        name, _, heading = target.partition("#")
        place = (path.parent / name).resolve() if name else path
        assert place.exists(), f"{path.name}: {target}"
        if heading:
            known = {anchor(title) for _, title, _ in headings(place.read_text(encoding="utf-8"))}
            assert heading in known, f"{path.name}: {target}"


def listed(path: Path) -> set[Path]:
    """Pages in a page's tables of contents."""
    found = set()
    for block in re.findall(r"```\{toctree\}\n(.*?)```", path.read_text(encoding="utf-8"), re.S):
        found |= {path.parent / f"{line}.md" for line in block.split("\n") if line and not line.startswith(":")}
    return found


def test_every_page_is_reached() -> None:
    """From the first page through tables of contents one comes to every page, and to no page that is not there."""
    reached, ahead = {DOCS / "index.md"}, [DOCS / "index.md"]
    while ahead:
        for page in listed(ahead.pop()) - reached:
            assert page.is_file(), page
            reached.add(page)
            ahead.append(page)
    assert set(DOCS.rglob("*.md")) == reached


def test_made_pages_are_stubs() -> None:
    """A page that is made from the code holds one heading and a sentence, so that nothing in it can go stale."""
    for name in site.made_pages():
        text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
        assert text.startswith("# ")
        assert text.count("\n") <= 4, name
        assert "ade from" in text
    assert {path.stem for path in (DOCS / "method").glob("*.md")} == {*site.method_pages(), "index"}


@pytest.mark.parametrize("name", [name for name in site.made_pages() if not name.startswith("method/")])
def test_made_pages_have_text(name: str) -> None:
    """One heading of the first level, which is the stub's, and much below it."""
    text = site.page_text(name, parser(), ROOT, FEW)
    stub = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert [title for level, title, _ in headings(text) if level == 1] == [stub.split("\n")[0][2:]]
    assert len(text) > 2000


def test_the_method_pages_are_the_book() -> None:
    """Each part is a page under its own heading; the map's page holds the drawing itself."""
    for name in site.method_pages():
        text = site.page_text(f"method/{name}", parser(), ROOT, FEW)
        stub = (DOCS / "method" / f"{name}.md").read_text(encoding="utf-8")
        assert text.split("\n")[0] == stub.split("\n")[0]
    assert "<svg" in site.page_text("method/map", parser(), ROOT, FEW)
    with pytest.raises(ConfigError):
        site.page_text("method/none", parser(), ROOT, FEW)


def test_every_shown_command_is_known() -> None:
    """Each verb and option that a page types after `$ stresstest` is one that the program has."""
    from stresstest.report.command_reference import verbs_of

    line = parser()
    for path in PAGES:
        for words in re.findall(r"(?m)^\$ stresstest ([^#\n]*)", path.read_text(encoding="utf-8")):
            verb, *rest = words.split()
            assert verb in VERBS, f"{path.name}: {words}"
            known = {name for action in verbs_of(line)[verb]._actions for name in action.option_strings}
            assert {word for word in rest if word.startswith("--")} <= known, f"{path.name}: {words}"


def test_links_out_of_the_site_are_turned() -> None:
    """The changelog has a page, any other file outside docs/ is named, and links inside stay as they are."""
    text = "[a](../CHANGELOG.md) [`run.py`](../run.py) [b](limits.md#x) [c](https://example.org)"
    assert site.inward(text, "rap", DOCS) == "[a](changelog.md) `run.py` [b](limits.md#x) [c](https://example.org)"
    assert site.inward("[a](../../CHANGELOG.md)", "howto/monthly", DOCS) == "[a](../changelog.md)"


def test_the_extra_names_what_the_site_needs() -> None:
    """pyproject's extra docs holds the libraries that the verb asks for."""
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]["docs"]
    assert {re.split(r"[><=]", name)[0].replace("-", "_") for name in extra} == set(site.NEEDS)


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Sphinx the verb says what to install, and writes nothing."""
    monkeypatch.setattr(site, "NEEDS", ("sphinx_that_is_not_there",))
    with pytest.raises(ConfigError) as caught:
        site.build_site(tmp_path / "site")
    assert "stresstest[docs]" in str(caught.value)
    assert not (tmp_path / "site").exists()


class _Sphinx:
    """A stand-in for Sphinx's command that notes what it was given."""

    def __init__(self, code: int) -> None:
        self.code, self.given = code, list[str]()

    def main(self, given: list[str]) -> int:
        """Note and return the exit code."""
        self.given = given
        return self.code


def test_warnings_stop_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Sphinx is told that warnings are errors; its fault is ours, its success prints the first page."""
    monkeypatch.setattr(site, "NEEDS", ())
    monkeypatch.chdir(ROOT)
    for code in (1, 0):
        stand_in = _Sphinx(code)
        monkeypatch.setattr(site.importlib, "import_module", lambda name, found=stand_in: found)
        if code:
            with pytest.raises(RunError):
                site.build_site(tmp_path)
        else:
            assert site.build_site(tmp_path) == 0
        assert "-W" in stand_in.given
    assert capsys.readouterr().out.strip() == str(tmp_path / "index.html")


@pytest.mark.skipif(any(importlib.util.find_spec(name) is None for name in site.NEEDS), reason="the docs extra is not installed")
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    """Sphinx finds nothing to complain of, and no page fetches anything from elsewhere."""
    from sphinx.cmd.build import main

    options = ["-q", "-W", "--keep-going", "-E", "-D", f"back_fit_futures={FEW}", "-d", str(tmp_path / "d")]
    assert main([*options, str(DOCS), str(tmp_path / "s")]) == 0
    pages = list((tmp_path / "s").rglob("*.html"))
    assert len(pages) >= len(list(DOCS.rglob("*.md")))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not FETCHED.search(text), page.name
