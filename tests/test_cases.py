"""Every worked case in tests/cases, and the reader of its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stresstest.analysis.case_files import INPUTS
from stresstest.analysis.worked import Case, agrees, case_as_text, load_cases, run_case
from stresstest.errors import ConfigError
from stresstest.levers.payoff import best_path
from stresstest.terms import TERMS

FOLDER = Path(__file__).resolve().parent / "cases"
CASES = load_cases(FOLDER)
EQUATIONS = [f"worked number E{k}" for k in range(1, 21)]
VECTORS = [f"test vector TV{k:02d}" for k in range(1, 20)]
# What each vector comes to, in the unit of its cases: a case that loses one of these figures fails.
FIGURES = {
    1: (7_020_000, 3_831_000, 0.663818, 935_250, 0.784314),
    2: (22.4, 9.9, 0.108, 11.664, 5.58),
    3: (0, 0.40, 50_000, 0.80, 800_000, 1_550_000, 0.82, 0.45, 300_000, 0.90, 150_000, 80_000, 0.44),
    4: (500, 1_790_000, 200_000, 400, 240_000, 0.783505, 160, 20),
    5: (2, 3),
    6: (0.9, 0.6, 0, 0.718096),
    7: (4.515052, 5.772579, 2.762544, 12.545157),
    8: (2.75, 1.1116, -0.3125, -1.25, 0.413638),
    9: (3.0, 2.0, 1.25, 3.9, 0.9, 0.857143),
    10: (8, 1, 0, 6),
    11: (-5, 6.25, 0.666667, 0.782609, -3.75),
    12: (-1_750_000, 2_250_000, -2_500_000, 1_500_000, -4_000_000),
    13: (10, 15, 11.25),
    14: (0.181433, 0.864935, 0.983130, 0.867380, 1.146840, -1.739267),
    15: (1_400_000, 680_000),
    16: (0, 1, 3, 0.6666667, 2.666667, 1.3333333, 0.3333333, 2.333333, 2),
    17: (7180.96, 971.84, 2.41),
    18: (-23_040_000, -57_692.32, 0.01442308, 14_342_307.68, 37_440_000),
    19: (1.6, -2.8, 3.2, 1.733333, -3.2, 4.8),
}
GOOD = """
[[case]]
name = "A gain is shared"
source = "a sum on paper"
clause = "gain_loss_share"
terms = { share_gain = 0.5, share_loss = 0.5 }
years = [{ annual = 100, acute_expected = 60, acute = 57 }]
expect = [1.5]
"""
FIGURE = """
[[case]]
name = "Losses beyond 100"
source = "a sum on paper"
clause = "formula"
terms.value = "max(0, losses - 100)"
years = [{ losses = 130 }, { losses = 90 }]
expect = [30, 0]
"""
RULE = """
[[case]]
name = "A gap"
source = "a sum on paper"
rule = "stresstest.units:relative_gap"
given = { asked = 1.0, price = 4.0 }
expect = 0.25
"""


LEAST_CASES = 3


def asked(case: Case) -> tuple[Any, ...]:
    """What a clause case puts in: its terms and its years."""
    return case.terms, case.years


def read(folder: Path, text: str) -> list[Case]:
    """The cases of one file with this text."""
    (folder / "some.toml").write_text(text, encoding="utf-8")
    return load_cases(folder)


@pytest.mark.case
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_worked_case(case: Case) -> None:
    """The engine gives what the sum on paper gives."""
    for expected, got in run_case(case):
        assert agrees(case, expected, got), f"expected {expected!r}, got {got!r}\n{case_as_text(case)}"


@pytest.mark.case
@pytest.mark.parametrize("source", EQUATIONS + VECTORS)
def test_every_published_sum_has_a_case(source: str) -> None:
    """No worked equation and no gaming vector is left without a case."""
    assert source in {case.source for case in CASES}


@pytest.mark.case
@pytest.mark.parametrize(("number", "figures"), FIGURES.items(), ids=VECTORS)
def test_every_figure_of_a_gaming_vector_has_a_case(number: int, figures: tuple[float, ...]) -> None:
    """Each number that a vector comes to is the answer of one of its cases."""
    answers = [x for case in CASES if case.source == f"test vector TV{number:02d}" for x in case.expect]
    for figure in figures:
        assert any(x == pytest.approx(figure, rel=1e-6, abs=1e-6) for x in answers), figure


@pytest.mark.case
@pytest.mark.parametrize("name", [kind.name for kind in TERMS])
def test_every_clause_has_three_cases_and_one_on_an_edge(name: str) -> None:
    """Each clause of the register is worked in at least three different sums, one of which stands on an edge."""
    mine = [case for case in CASES if case.clause == name]
    different = [case for k, case in enumerate(mine) if all(asked(case) != asked(other) for other in mine[:k])]
    assert len(different) >= LEAST_CASES
    assert any(case.edge for case in mine)


@pytest.mark.case
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case_can_be_read_aloud(case: Case) -> None:
    """The text of a case holds its sentence, its source and no unfilled value."""
    text = case_as_text(case)
    assert case.name in text
    assert case.source in text
    assert "None" not in text
    assert "nan" not in text.split()


@pytest.mark.unit
def test_text_of_a_clause_shows_terms_inputs_and_amount(tmp_path: Path) -> None:
    """A clause is set out with what was agreed, what happened and what is due."""
    text = case_as_text(read(tmp_path, GOOD)[0])
    assert "provider's share of a gain: **0.5**" in text
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    told = dict(zip(lines[0], lines[2], strict=True))
    assert told == {
        "year": "1", INPUTS["annual"][1]: "100", INPUTS["acute_expected"][1]: "60", INPUTS["acute"][1]: "57",
        "amount due": "£1.50",
    }  # fmt: skip


@pytest.mark.unit
def test_text_of_a_figure_shows_named_quantities_figures_and_a_plain_value(tmp_path: Path) -> None:
    """A clause that moves no money has a value and no pounds; quantities of its own and shown figures have columns."""
    text = case_as_text(read(tmp_path, FIGURE)[0])
    assert "It moves no money." in text
    assert "| year | losses | value |" in text
    assert "| 2 | 90 | 0 |" in text
    assert "£" not in text


@pytest.mark.unit
def test_a_figure_that_a_clause_shows_is_held_to_its_number(tmp_path: Path) -> None:
    """`expect_shown` is compared year by year, set out in a column, and a wrong number does not agree."""
    shown = read(tmp_path, GOOD + "expect_shown.gap = [3.0]\n")[0]
    assert run_case(shown) == [(1.5, 1.5), (3.0, 3.0)]
    assert "| amount due | gap |" in case_as_text(shown)
    wrong = read(tmp_path, GOOD + "expect_shown.gap = [3.01]\n")[0]
    assert not all(agrees(wrong, expected, got) for expected, got in run_case(wrong))


@pytest.mark.unit
def test_text_of_a_rule_shows_its_arguments_and_result(tmp_path: Path) -> None:
    """A rule is set out with its meaning, its arguments and its result."""
    text = case_as_text(read(tmp_path, RULE)[0])
    assert "as a share of the price" in text
    assert "With asked 1, price 4: **0.25**." in text


@pytest.mark.unit
def test_a_wrong_answer_is_noticed(tmp_path: Path) -> None:
    """A case whose expectation is wrong by a penny does not agree."""
    case = read(tmp_path, GOOD.replace("[1.5]", "[1.51]"))[0]
    assert not all(agrees(case, expected, got) for expected, got in run_case(case))


@pytest.mark.unit
def test_nan_never_agrees(tmp_path: Path) -> None:
    """A sum that gives no number fails its case."""
    case = read(tmp_path, GOOD)[0]
    assert not agrees(case, 1.5, float("nan"))


@pytest.mark.unit
def test_a_repeated_year_stands_for_several(tmp_path: Path) -> None:
    """`repeat` writes the year out, and the total adds the years."""
    text = GOOD.replace("acute = 57 }", "acute = 57, repeat = 3 }").replace("expect = [1.5]", "expect_total = 4.5")
    assert run_case(read(tmp_path, text)[0]) == [(4.5, 4.5)]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("old", "new", "key", "hint"),
    [
        ("share_gain", "share_gian", "terms.share_gian", "share_gain"),
        ("share_gain = 0.5", "share_gain = 5", "terms.share_gain", "outside its bounds"),
        ("share_gain = 0.5", "share_gain = true", "terms.share_gain", "must be a number"),
        ("share_gain = 0.5, ", "", "terms.share_gain", "must be given"),
        ("share_loss = 0.5", 'share_loss = 0.5, band = "nett"', "terms.band", "net or first_pound"),
        ("gain_loss_share", "gain_los_share", "clause", "gain_loss_share"),
        ("acute = 57", "acutte = 57", "years.1.acutte", "acute"),
        ("acute = 57", 'acute = "57"', "years.1.acute", "must be a number"),
        ("acute = 57", "acute = 57, repeat = 0", "years.1.repeat", "number of years"),
        ("years = [{ annual = 100, acute_expected = 60, acute = 57 }]", "", "years", "at least one year"),
        ("expect = [1.5]", "expect = [1.5, 2.5]", "expect", "one amount for each year"),
        ("expect = [1.5]", "", "expect", "one of the two keys"),
        ('source = "a sum on paper"', "", "source", "where it comes from"),
        ("expect =", "expects =", "expects", "expect"),
        ('clause = "gain_loss_share"', "", "clause", "either a clause or a rule"),
        ('name = "A gain is shared"', "", "case.1.name", "has no name"),
        ("expect = [1.5]", "expect = [1.5]\nexpect_shown.gpa = [3.0]", "expect_shown.gpa", "gap"),
        (
            "expect = [1.5]",
            "expect = [1.5]\nexpect_shown.gap = [3.0, 3.0]",
            "expect_shown.gap",
            "one number for each year",
        ),
        ("share_loss", "tiers = [{ from = 2, to = 1, share = 0.5 }], share_loss", "terms.tiers.1", "above its start"),
    ],
)
def test_a_malformed_clause_names_file_and_key(tmp_path: Path, old: str, new: str, key: str, hint: str) -> None:
    """A fault in a case is refused with the file, the case, the key and a way out."""
    assert old in GOOD
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, GOOD.replace(old, new))
    assert caught.value.key == key
    assert "some.toml" in str(caught.value)
    assert hint in str(caught.value)
    assert "A gain is shared" in str(caught.value) or key == "case.1.name"


@pytest.mark.unit
def test_a_misspelt_quantity_of_a_year_is_met_with_the_one_that_was_meant(tmp_path: Path) -> None:
    """A year may give the quantities that the terms name, and no others."""
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, FIGURE.replace("losses = 90", "loses = 90"))
    assert (caught.value.key, caught.value.nearest) == ("years.2.loses", "losses")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("old", "new", "key", "hint"),
    [
        ("relative_gap", "relative_gab", "rule", "relative_gap"),
        ("stresstest.units", "stresstest.unit", "rule", "no such module"),
        ("stresstest.units", "os.path", "rule", "not a function of the package"),
        ("asked", "aksed", "given", "asked, price"),
        ("expect = 0.25", 'expect = 0.25\ncarry = "cost"', "carry", "must be given"),
        ("expect = 0.25", 'expect = "a quarter"', "expect", "must be a number"),
        ("expect = 0.25", "expect = 0.25\nyears = [{}]", "years", "not known here"),
    ],
)
def test_a_malformed_rule_names_file_and_key(tmp_path: Path, old: str, new: str, key: str, hint: str) -> None:
    """A fault in a rule's case is refused in the same way."""
    assert old in RULE
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, RULE.replace(old, new))
    assert caught.value.key == key
    assert "some.toml" in str(caught.value)
    assert hint in str(caught.value)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[[case]\n", "not TOML"),
        ("title = 1\n", "nothing but cases"),
        ("case = 3\n", "no case in the file"),
        (GOOD + GOOD, "used before"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, text: str, hint: str) -> None:
    """A file that is not a list of cases with names of their own is refused."""
    with pytest.raises(ConfigError, match=hint):
        read(tmp_path, text)


@pytest.mark.unit
def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """A folder without case files is a mistake, not an empty success."""
    with pytest.raises(ConfigError, match="no case files"):
        load_cases(tmp_path)


@pytest.mark.unit
def test_an_indicator_without_a_value_is_refused(tmp_path: Path) -> None:
    """An indicator that the clause pays on must be given by a year."""
    text = """
[[case]]
name = "Outcomes"
source = "a sum on paper"
clause = "improvement_payment"
terms.at_risk = 0.1
terms.style = "additional"
terms.indicators = [{ name = "screend", weight = 1.0, floor = 0, target = 1 }]
years = [{ annual = 100, indicators = { screened = 1 } }]
expect = [10]
"""
    with pytest.raises(ConfigError, match="no year gives this indicator") as caught:
        read(tmp_path, text)
    assert caught.value.nearest == "screened"


@pytest.mark.unit
def test_too_many_paths_are_refused():
    """A search over more than a million paths is refused before it starts."""
    with pytest.raises(ValueError, match="more than 1000000 paths"):
        best_path(15, range(11), 0.2, 0.12)


@pytest.mark.unit
def test_an_exception_effect_of_no_indicator_is_refused(tmp_path: Path) -> None:
    """What an exception does can only be said of an indicator that a year gives."""
    with pytest.raises(ConfigError, match="no year gives this indicator"):
        read(tmp_path, GOOD + "exception_effects = { screened = 1.0 }\n")
