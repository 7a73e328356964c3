"""The data dictionary and the command reference: complete, and true to what is written and typed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from stresstest.cli import VERBS, parser
from stresstest.report import dictionary as D
from stresstest.report.command_reference import EXIT_CODES, command_text, rows_of, verbs_of
from stresstest.report.dictionary_small import TABLES
from stresstest.report.glossary import GLOSSARY, glossary_text
from stresstest.results import schema

pytestmark = pytest.mark.unit
TEXT = "\n".join(D.dictionary_text())


def test_every_column_of_a_big_table_is_there() -> None:
    """Name, type, unit and meaning of each."""
    for row in schema.describe():
        assert f"| `{row['name']}` | {row['type']} | {row['unit']} |" in TEXT


def test_every_small_table_of_a_real_run_is_explained(recorded_run: Path) -> None:
    """No table of summary/ and no column of one is without a meaning."""
    for path in sorted((recorded_run / "summary").glob("*.csv")):
        if path.stem == "summary":
            continue
        assert path.stem in TABLES, path.stem
        with path.open(encoding="utf-8", newline="") as stream:
            head = next(csv.reader(stream))
        assert set(head) <= set(TABLES[path.stem][1]), path.stem
        assert all(D.meaning(path.stem, column)[1] for column in head), path.stem


def test_no_column_is_listed_without_a_meaning() -> None:
    """Every column of every small table has one, by itself or by its ending."""
    bare = [(name, column) for name, (_, own) in TABLES.items() for column in own if not D.meaning(name, column)[1]]
    assert bare == []


@pytest.mark.parametrize(
    ("table", "column", "unit", "start"),
    [
        ("savings", "surplus_mean_gbp_change_error", "GBP", "standard error of the change"),
        ("swings", "exit_losses_base", "probability", "before"),
        ("exit_costs", "step_in_p95_low_gbp", "GBP", "lower end"), ("hurdles", "low_point", "see unit", "its worst value"),
        ("hurdles", "nothing_of_the_kind", "", ""),
    ],
)  # fmt: skip
def test_endings_explain_columns(table: str, column: str, unit: str, start: str) -> None:
    """An ending takes the unit of what it belongs to; an unknown name has no meaning."""
    found = D.meaning(table, column)
    assert found[0] == unit
    assert found[1].startswith(start)
    assert bool(found[1]) == bool(start)


def test_every_table_of_the_report_is_there() -> None:
    """Each call of `paper` is found, with its columns or as one whose columns depend on the run."""
    found = [one.name for one in D.papers()] + [name for name, _ in D.made_papers()]
    assert len(found) >= 5
    for name in found:
        assert f"`{name}`" in TEXT
    for one in D.papers():
        assert all(column.unit and column.meaning for column in one.columns), one.name


def test_every_verb_and_option_is_in_the_reference() -> None:
    """Each verb has its part, and each of its arguments a row that says something."""
    line = parser()
    text = "\n".join(command_text(line))
    assert set(verbs_of(line)) == set(VERBS)
    for verb, own in verbs_of(line).items():
        assert f"\n## `{verb}`\n" in text
        for typed, _, words in rows_of(own):
            assert words, (verb, typed)
            assert typed.split(",")[0] in text
    assert all(f"| {code} | {words} |" in text for code, words in EXIT_CODES)


def test_help_texts_are_filled_in() -> None:
    """No percent sign of argparse is left, and positional arguments come first."""
    for own in verbs_of(parser()).values():
        rows = list(rows_of(own))
        assert not [words for _, _, words in rows if "%(" in words or "%%" in words]
        options = [typed.startswith("`-") for typed, _, _ in rows]
        assert options == sorted(options)


def test_the_glossary_is_in_order_and_without_doubles() -> None:
    """Terms go by the alphabet, each once, each with a meaning that does not end in a full stop."""
    terms = [term.lower() for term, _ in GLOSSARY]
    assert terms == sorted(terms)
    assert len(set(terms)) == len(terms)
    assert not [meaning for _, meaning in GLOSSARY if meaning.endswith(".") or not meaning]
    assert glossary_text().count("") == len(GLOSSARY) + 1
