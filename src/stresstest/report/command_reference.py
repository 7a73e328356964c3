"""The command reference: every verb with its arguments, options and examples, read from the argument parser."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from .markdown import table

TITLE = "Command reference"
INTRODUCTION = (
    "`stresstest VERB …`, `python -m stresstest VERB …` and `python3 run.py VERB …` are one program. Results and paths go to "
    "standard output, progress and messages to standard error. Without a verb the main job runs: Dudley's contract, honest and "
    "gamed, with a report."
)
EXIT_CODES = (
    (0, "done"),
    (1, "finished, but a check of the model failed"),
    (2, "bad configuration or usage"),
    (3, "bad data"),
    (4, "a reproduction does not match"),
    (5, "a worker or a back-end failed"),
    (130, "interrupted; `--resume` goes on"),
)


def verbs_of(command_line: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parser of each verb, in the order of the help."""
    for action in command_line._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _short(command_line: argparse.ArgumentParser, verb: str) -> str:
    for action in command_line._actions:
        if isinstance(action, argparse._SubParsersAction):
            return next((str(one.help or "") for one in action._choices_actions if one.dest == verb), "")
    return ""


def _told(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    """The help text, with the parser's own words filled in."""
    text = action.help or ""
    return text % {**vars(action), "prog": parser.prog} if "%" in text else text


def _written(action: argparse.Action) -> str:
    """An argument as it is typed."""
    value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if not action.option_strings:
        return f"`{value}{' …' if action.nargs in ('+', '*') else ''}`"
    typed = "" if action.nargs == 0 else f" {value}"
    return ", ".join(f"`{name}{typed}`" for name in action.option_strings)


def rows_of(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, str]]:
    """(as it is typed, default, what it does) of every argument and option of a verb but its help."""
    for action in sorted(parser._actions, key=lambda one: (bool(one.option_strings), one.dest == "debug")):
        if action.dest == "help" or isinstance(action, argparse._SubParsersAction):
            continue
        given = action.default
        plain = given in (None, False, "", argparse.SUPPRESS) or given == []
        default = "" if plain else str(given)
        told = _told(parser, action) or _WORDS.get(action.dest, "")
        yield _written(action), default, told


#: What arguments without a help text of their own are.
_WORDS = {
    "folder": "a run folder",
    "study": "name in configs/studies, or a path",
    "json": "print everything as JSON",
    "future": "number of the future",
    "strategy": "what the provider does",
    "scenario": "scenario of the run (default: its first)",
    "jobs": "threads or processes",
    "chunk": "futures in a chunk; never changes a result",
    "backend": "threading, sequential, loky or dask",
    "quiet": "say nothing on standard error but errors",
    "kind": "what the schema is of: contract, study, place …",
    "out": "folder to write into",
    "source": "a run folder, or a study that is run first",
    "sources": "run folders or studies",
    "name": "who signs",
    "organisation": "of which organisation",
    "checkpoint": "CP1, CP2 or CP3",
    "runs": "finished runs, one for each place",
    "earlier": "the earlier run folder",
    "version": "print the version and stop",
    "draws": "draws behind each probability",
}


def _examples(epilog: str) -> list[str]:
    lines = [line.strip() for line in epilog.split("\n") if line.strip()]
    typed = [line for line in lines if line.startswith(("stresstest", "python"))]
    return ["```", *typed, "```", ""] if typed else []


def verb_text(command_line: argparse.ArgumentParser, verb: str) -> list[str]:
    """One verb as lines of Markdown: what it is for, how it is typed, its arguments, examples."""
    parser = verbs_of(command_line)[verb]
    told = (parser.description or _short(command_line, verb)).strip().split("\n\n")
    lines = [f"## `{verb}`", "", *(line for block in told for line in (" ".join(block.split()), ""))]
    words = [_written(action).strip("`") for action in parser._actions if not action.option_strings]
    lines += ["```", " ".join(["stresstest", verb, *words, "[options]"]), "```", ""]
    rows = [(typed, default, words) for typed, default, words in rows_of(parser)]
    lines += table(("argument", "default", "what it does"), rows) if rows else []
    return lines + (["Examples:", "", *_examples(parser.epilog)] if parser.epilog and _examples(parser.epilog) else [])


def command_text(command_line: argparse.ArgumentParser) -> list[str]:
    """The whole reference as lines of Markdown, with a heading of the first level."""
    verbs = verbs_of(command_line)
    lines = [f"# {TITLE}", "", INTRODUCTION, "", "## Every verb", ""]
    lines += table(("verb", "does"), [(f"`{verb}`", _short(command_line, verb)) for verb in verbs])
    lines += ["## Exit codes", "", *table(("code", "means"), EXIT_CODES), "## Options of the main job", ""]
    lines += table(("argument", "default", "what it does"), list(rows_of(command_line)))
    for verb in verbs:
        lines += verb_text(command_line, verb)
    return lines
