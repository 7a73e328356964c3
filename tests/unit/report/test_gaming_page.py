"""The gaming page: one self-contained file, whole or not there, that works out nothing and leaves out what it lacks."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from stresstest.errors import DataError
from stresstest.levers import GAMING, LEVER_NUMBER, LEVERS
from stresstest.report.gaming_charts import charts
from stresstest.report.gaming_page import build_gaming_page, render
from stresstest.report.gaming_source import TABLES, GamingSource, kind_of, value_of
from stresstest.report.gaming_tables import expected, format_of, heading, shown, table_of, title_of, with_titles
from stresstest.report.gaming_words import answer, frontier_words

pytestmark = pytest.mark.unit
VOID = {"meta", "link", "br", "img", "hr", "input", "path", "use", "rect", "circle"}
BAD = "<script>alert(1)</script>"


def row(lever, gain, harm, **more):
    """A row of the catalogue."""
    kind = LEVERS[LEVER_NUMBER[lever]]
    return {
        "kind": "named", "lever": lever, "code": kind.code, "plain_english": kind.sentence, "grade": kind.grade,
        "gain_mean_gbp": gain, "gain_error_gbp": 1e5, "harm_public_mean_gbp": harm, "harm_qaly_mean": 12.0,
        "expected_harm_low_gbp": 0.1 * harm, "expected_harm_high_gbp": 0.7 * harm, "probability_worthwhile": 0.8,
        "fix": kind.fixes[0].words, "residual_gain_mean_gbp": 9e6, "residual_error_gbp": 1e5, "fix_cost_honest_gbp": 2e6,
        "displaced_to": "upcoding 0.03 to 0.05", "owner": "council",
    } | more  # fmt: skip


MADE = {
    "gaming": [
        row("upcoding", 5e6, 4e6), row("disinvestment", 2e6, 30e6), row("misreporting", 1e6, 2e6, gain_error_gbp=2e6),
        {"kind": "combination", "lever": "upcoding + disinvestment", "code": "C1", "plain_english": "Both.", "grade": "mixed",
         "gain_mean_gbp": 8e6, "gain_error_gbp": 2e5, "harm_public_mean_gbp": -3e6, "harm_qaly_mean": 40.0},
        {"kind": "unnamed", "lever": "unnamed", "code": "U1", "plain_english": f"Two years pay once {BAD}.", "grade": "lawful",
         "gain_mean_gbp": 3e6, "gain_error_gbp": 1e5, "resembles": "year_end_timing"},
    ],
    "loopholes": [{"kind": "unnamed", "sentence": "Two years pay once.", "clauses": "cap", "gain_mean_gbp": 3e6}],
    "shapley": [
        {"lever": "upcoding", "shapley_gbp": 6e6, "shapley_error_gbp": 1e5}, {"lever": "disinvestment", "shapley_gbp": -1e6},
    ],
    "synergy": [{"first": "upcoding", "second": "disinvestment", "synergy_gbp": 1e6, "synergy_error_gbp": 1e5, "flagged": True}],
    "regimes": [{"open_loop_gbp": 8e6, "open_loop_error_gbp": 1e5, "clairvoyant_gbp": 9e6, "rule": "none beat the fixed plan"}],
    "types": [{"name": "opportunist", "altruism": 0.5, "gain_gbp": 4e6, "gain_error_gbp": 1e5}],
    "fixes": [{"lever": "upcoding", "fix": "cap it", "applies": True, "gain_before_gbp": 8e6, "gain_after_gbp": 3e6,
               "displaced_to": "skimping 0 to 0.08"}],
    "freedom": [
        {"part": "service", "service": "outpatients", "funded_by": "commissioner", "budget_gbp": 22e6, "gain_mean_gbp": 1e6,
         "gain_error_gbp": 1e5, "harm_qaly_mean": 20.0, "harm_qaly_error": 2.0},
        *({"part": "limit", "limit_share": limit, "consent": consent, "gain_mean_gbp": 1e6 + 1e7 * limit, "gain_error_gbp": 1e5,
           "harm_commissioner_mean_gbp": -1e6 * limit, "harm_qaly_mean": 100.0 * limit}
          for consent in ("none", "council") for limit in (0.0, 0.05, 1.0)),
        {"part": "years", "years": "last five", "carried_over": False, "gain_mean_gbp": 1e6, "harm_qaly_mean": 3.0},
    ],
    "frontier": [
        {"share_at_risk": 0.1, "kind": "best response", "levers": "upcoding", "score": 0.3, "unmeasured_qaly": -50.0,
         "distance": 0.4, "dominated": False},
        {"share_at_risk": 0.1, "kind": "honest best response", "levers": "effort", "score": 0.5, "unmeasured_qaly": 0.0,
         "distance": 0.0, "dominated": False},
        {"share_at_risk": 0.1, "kind": "honest", "levers": "effort", "score": 0.4, "unmeasured_qaly": 0.0, "dominated": True},
    ],
    "harmed": [
        {"lever": "upcoding", "title": "x", "kind": kind, "who": who, "harm_mean_gbp": gbp, "harm_qaly_mean": qaly}
        for kind, who, gbp, qaly in (
            ("party", "council", 1e6, ""), ("party", "patients", "", 5.0), ("band", "most deprived", "", 2.0),
        )
    ],
    "static": [{"kind": "jump", "clause": "pay", "sentence": "pay jumps by £1,650,000.", "levers": "L05 L08", "gbp": 1.65e6}],
    "findings": [{"number": 1, "finding": "Measure from honest.", "verdict": "confirmed", "sentence": "By £60m."}],
}  # fmt: skip


def write(folder, made=MADE, run=True):
    """A folder of made-up results."""
    folder.mkdir(exist_ok=True)
    for name, rows in made.items():
        columns = list(dict.fromkeys(key for one in rows for key in one))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns)
            writer.writeheader()
            writer.writerows(rows)
    if run:
        facts = {"title": f"A contract {BAD}", "study": "dudley", "seed": 7, "futures": 8000, "seconds": 12.0}
        (folder / "run.json").write_text(json.dumps(facts), encoding="utf-8")
    return folder


class Page(HTMLParser):
    """Tags with their attributes; fails where a tag closes that is not open."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note a tag that opens."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """Note a tag that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        """The tag that closes is the one that opened last."""
        assert self.open.pop() == tag

    def all(self, tag):
        """Attributes of every such tag."""
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with every section's table, and its page."""
    folder = write(tmp_path_factory.mktemp("gaming") / "results")
    page = build_gaming_page(folder)
    return folder, page.read_text(encoding="utf-8")


def test_the_page_asks_for_nothing_from_elsewhere(built):
    """No script, no link to another machine, and nothing loaded but what stands in the page."""
    folder, text = built
    page = Page(text)
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("img")
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text.replace("http://www.w3.org/1999/xlink", ""))
    for attrs in page.all("a"):
        target = attrs["href"]
        assert target[1:] in [a.get("id") for _, a in page.tags] if target.startswith("#") else (folder / target).is_file()


def test_words_from_files_are_escaped(built):
    """A sentence of a table or a title can bring no markup into the page."""
    _, text = built
    assert BAD not in text
    assert text.count("&lt;script&gt;") >= 3


def test_every_chart_has_words_and_its_numbers_below(built):
    """Each drawing has a text alternative, a title, and a table of what it plots; ids stand once."""
    _, text = built
    page = Page(text)
    figures = [attrs["id"] for attrs in page.all("figure")]
    assert set(figures) == {
        f"figure-{name}" for name in (
            "gain_money", "gain_health", "shapley", "fixes", "freedom_gain", "freedom_exposure", "freedom_health", "frontier",
        )
    }  # fmt: skip
    drawn = [attrs for attrs in page.all("svg") if attrs.get("role") == "img"]
    assert len(drawn) == len(figures)
    assert all(len(attrs["aria-label"]) > 40 for attrs in drawn)
    ids = [attrs["id"] for _, attrs in page.tags if attrs.get("id")]
    assert len(set(ids)) == len(ids)
    for figure in figures:
        assert f"numbers-{figure.removeprefix('figure-')}" in ids


def test_headings_go_down_one_at_a_time(built):
    """One h1, and no level is left out on the way down."""
    _, text = built
    levels = [int(name[1]) for name, _ in Page(text).tags if re.fullmatch(r"h[1-6]", name)]
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_every_table_has_a_caption_and_headings(built):
    """Tables are named and their columns and rows headed."""
    _, text = built
    for table in re.findall(r"<table.*?</table>", text, flags=re.DOTALL):
        assert "<caption" in table
        assert 'scope="col"' in table
        assert 'scope="row"' in table


def test_the_first_screen_answers_with_the_tables_own_figures(built):
    """Ways that pay beyond twice their error are counted by grade, and the best play and the range of harm are quoted."""
    lead, support = answer(GamingSource(built[0]))
    assert lead.startswith("3 ways of gaming this contract pay (2 lawful and 1 grey); ")
    assert lead.endswith("the best play of them together is worth £8.0m ± £200k to a provider.")
    text = " ".join(support)
    assert "−£3.00m" in text
    assert "40.0 QALYs" in text
    assert "cuts where nothing is measured (£3.00m to £21.0m)" in text
    assert "no name in the catalogue" in text
    assert "8,000 fresh futures" in text


def test_ways_stand_in_order_of_expected_harm(built):
    """The rank is by the high end of expected harm, not by gain; rows without one come last."""
    order = [one["code"] for one in GamingSource(built[0]).ranked]
    assert order[0] == "L07"
    assert set(order[3:]) == {"C1", "U1"}


def test_expected_harm_is_a_range_or_nothing():
    """One end alone is not printed."""
    assert expected({"expected_harm_low_gbp": 1e6, "expected_harm_high_gbp": 2e6}) == "£1.00m to £2.00m"
    assert expected({"expected_harm_low_gbp": 1e6}) == "–"


def test_a_false_grade_is_a_word():
    """The grade "false" is no truth value, and a code is no number."""
    assert value_of("grade", "false") == "false"
    assert value_of("dominated", "False") is False
    assert value_of("gain_mean_gbp", "1e6") == 1e6
    assert value_of("gain_mean_gbp", "nan") is None
    assert value_of("gain_mean_gbp", "") is None


@pytest.mark.parametrize("missing", [name for name in MADE if name != "gaming"])
def test_a_missing_table_leaves_its_section_out(tmp_path, missing):
    """Any table may be absent: the page is written without it, and says so."""
    folder = write(tmp_path / "part", {name: rows for name, rows in MADE.items() if name != missing})
    text = render(GamingSource(folder), [])
    Page(text)
    listed = text[text.index("Not in this folder") :]
    assert TABLES[missing].replace("'", "&#39;") in listed


def test_the_catalogue_alone_makes_a_page(tmp_path):
    """The smallest folder holds one row and no run.json."""
    folder = write(tmp_path / "small", {"gaming": MADE["gaming"][:1]}, run=False)
    text = build_gaming_page(folder).read_text(encoding="utf-8")
    assert "1 way of gaming this contract pays (1 grey)." in text
    assert 'id="freedom"' not in text
    assert 'id="harmed"' not in text


def test_wording_alone_makes_a_page(tmp_path):
    """A contract that is only settled has loopholes and no catalogue."""
    folder = write(tmp_path / "wording", {"loopholes": MADE["loopholes"]})
    text = build_gaming_page(folder).read_text(encoding="utf-8")
    assert "1 loophole of the wording pays, 1 of them without a name." in text
    assert 'id="ranked"' not in text
    assert 'id="catalogue"' not in text


def test_a_catalogue_in_which_nothing_pays_says_so(tmp_path):
    """A gain within its error is no way to game."""
    folder = write(tmp_path / "none", {"gaming": [row("upcoding", 1e5, 0.0, gain_error_gbp=1e5)]})
    assert "Nothing that was tried pays" in build_gaming_page(folder).read_text(encoding="utf-8")


def test_a_folder_without_results_is_refused(tmp_path):
    """No folder, an empty one and one with a misspelt table end in an error with the nearest; nothing is written."""
    with pytest.raises(DataError, match="no such folder"):
        build_gaming_page(tmp_path / "nowhere")
    (tmp_path / "gamin.csv").write_text("lever\nupcoding\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"gamin\.csv") as caught:
        build_gaming_page(tmp_path)
    assert caught.value.exit_code == 3
    assert [path.name for path in tmp_path.iterdir()] == ["gamin.csv"]


@pytest.mark.parametrize("text", ["[1, 2]", "{", ""])
def test_a_broken_run_file_is_refused(tmp_path, text):
    """A run.json that is no table ends in an error that names it, and the page of before stays."""
    folder = write(tmp_path / "broken")
    before = build_gaming_page(folder).read_bytes()
    (folder / "run.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"run\.json"):
        build_gaming_page(folder)
    assert (folder / "gaming.html").read_bytes() == before


def test_the_page_is_the_same_every_time(tmp_path):
    """The same folder gives the same bytes, and writing again leaves nothing behind."""
    folder = write(tmp_path / "again")
    first = build_gaming_page(folder).read_bytes()
    files = sorted(path.name for path in folder.iterdir())
    assert build_gaming_page(folder).read_bytes() == first
    assert sorted(path.name for path in folder.iterdir()) == files
    assert not [name for name in files if "partial" in name or name.endswith(".old")]


def test_figures_are_written_beside_the_page(built):
    """Each chart is there as CSV, SVG and PNG."""
    folder, _ = built
    for chart in charts(GamingSource(folder)):
        for kind in ("csv", "svg", "png"):
            assert (folder / "figures" / f"{chart.name}.{kind}").stat().st_size > 20
        assert len(chart.title.split()) <= 15


def test_chart_numbers_are_the_tables_own(built):
    """Pounds become millions and nothing else happens to them."""
    found = {chart.name: chart for chart in charts(GamingSource(built[0]))}
    assert {r["gain"] for r in found["gain_money"].rows} == {5.0, 2.0, 1.0, 8.0}
    assert [r["after"] for r in found["fixes"].rows] == [3.0]
    assert [r["no consent"] for r in found["freedom_gain"].rows] == [1.0, 1.5, 11.0]


@pytest.mark.parametrize("lever", GAMING)
def test_every_lever_has_a_title(lever):
    """Names of levers are written out, alone and joined."""
    assert title_of(lever) == LEVERS[LEVER_NUMBER[lever]].title
    assert title_of(f"{lever} + upcoding").startswith(LEVERS[LEVER_NUMBER[lever]].title)
    assert "_" not in with_titles(f"{lever} 0.1 to 0.2")


def test_unknown_columns_are_shown_by_their_names():
    """A table with columns that nobody foresaw is printed all the same; errors stand beside their figures."""
    table = table_of("x", "A caption", [{"name": "a", "odd_thing_gbp": 2e6, "odd_thing_error_gbp": 1e5, "empty": None}])
    assert table.headings == ["Name", "Odd thing"]
    assert table.rows == [["a", "£2.0m ± £100k"]]
    assert format_of("harm_qaly_error") == "n"
    assert format_of("limit_share") == "%"
    assert heading("harm_qaly_mean") == "Health lost, QALYs"
    assert shown("flagged", {"flagged": True}) == "yes"
    assert kind_of({"lever": "a + b"}) == "combination"
    assert kind_of({"lever": "upcoding"}) == "named"


def test_the_frontier_in_words(built):
    """Distance of the best response and of honest work at the same share at risk."""
    (said,) = frontier_words(GamingSource(built[0]))
    assert said.startswith("With 10% at risk the best response lies 0.40 of the axes’ ranges")
    assert said.endswith("the honest best response 0.00.")
