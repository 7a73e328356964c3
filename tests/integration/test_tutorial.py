"""The tutorial's session, as it stands on its page: every file is written, every command run, every promise compared."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from stresstest.cli import main

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"(?:File `([\w.-]+)`:\n\n)?```(\w+)\n(.*?)```", re.S)
#: Levers that the search scores and inputs that are swung: few here, since the page promises nothing of either.
LEVERS, INPUTS = 2, 3


def promised(text: str) -> re.Pattern[str]:
    """What must be printed: … inside a line stands for any text, a line of … alone for any lines."""
    lines = [
        r"(?:.*\n)*?" if line == "…" else ".*?".join(map(re.escape, line.split("…"))) + r"\n" for line in text.splitlines()
    ]  # fmt: skip
    return re.compile("".join(lines))


def fits(text: str, printed: str) -> bool:
    """Whether a promise is kept by what was printed, from the first line to the last."""
    return promised(text).fullmatch(printed if printed.endswith("\n") else printed + "\n") is not None


def commands(block: str) -> Iterator[tuple[list[str], str]]:
    """(words of a command, what it promises) of a console block."""
    for part in re.split(r"(?m)^\$ ", block)[1:]:
        line, _, rest = part.partition("\n")
        yield shlex.split(line), rest


class Session:
    """A reader at work in a folder of his own: files, commands and Python, with RUN for the folder that was printed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.run, self.said, self.did = folder, "", "", list[str]()

    def command(self, words: list[str], promise: str) -> None:
        """Run a command; fail where its exit code or what it prints is not what the page says."""
        out = io.StringIO()
        assert words[0] == "stresstest"
        with contextlib.redirect_stdout(out):
            code = main([word.replace("RUN", self.run) for word in words[1:]])
        self.did.append(words[1])
        assert code == 0, words
        if words[1] == "run":
            self.run = out.getvalue().strip()
        assert fits(promise.replace("RUN", self.run), out.getvalue()), f"{words}\n{out.getvalue()}"

    def python(self, code: str) -> None:
        """Run a piece of Python and keep what it prints."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code.replace("RUN", self.run), "tutorial", "exec"), {})
        self.said = out.getvalue()

    def block(self, name: str, kind: str, text: str) -> None:
        """Do what a block of the page is for."""
        if name:
            (self.folder / name).write_text(text, encoding="utf-8")
        elif kind == "console":
            for words, promise in commands(text):
                self.command(words, promise)
        elif kind == "python":
            self.python(text)
        else:
            assert (kind, self.said) == ("text", text)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the shipped configuration beside it, and searches cut short."""
    from stresstest.analysis import exploit, swing

    for name in ("configs", "data"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(exploit, "GAMING", exploit.GAMING[:LEVERS])
    monkeypatch.setattr(swing, "PARAMETERS", swing.PARAMETERS[:INPUTS])
    return tmp_path


def test_the_session_goes_as_the_page_says(folder: Path) -> None:
    """All blocks in their order; what is printed is what is promised, and the report is there at the end."""
    session = Session(folder)
    for name, kind, text in BLOCK.findall(PAGE):
        session.block(name, kind, text)
    assert session.did == ["check", "settle", "settle", "run", "verify", "explain", "compare", "report"]
    assert (folder / session.run / "report" / "index.html").is_file()


@pytest.mark.parametrize(
    ("promise", "printed", "kept"),
    [
        ("a\n", "a\n", True), ("a\n", "b\n", False), ("a\n", "a\nb\n", False),
        ("a\n…\n", "a\nb\nc\n", True), ("a…c\n", "abbc\n", True),
        ("a…c\n", "ab\nc\n", False), ("1…\n", "12\n", True), ("…\nb\n", "a\nc\n", False),
    ],
)  # fmt: skip
def test_a_broken_promise_is_seen(promise: str, printed: str, kept: bool) -> None:
    """The comparison is strict outside the dots."""
    assert fits(promise, printed) is kept
