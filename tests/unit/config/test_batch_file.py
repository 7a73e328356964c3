"""Batch files: grids, names, strategies, and what is refused, with the place and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from stresstest.config.batch_file import read_batch, select
from stresstest.config.batch_grid import LONGEST, MOST_CASES, slug, unique
from stresstest.config.folders import config_folder
from stresstest.config.load import load_study
from stresstest.errors import ConfigError
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit

HEAD = 'schema_version = 1\ntitle = "A batch"\nfutures = 200\n'
GRID = HEAD + '[grid]\nplace = ["Stockport", "E06000001"]\nseed = [1, 2]\n'


def read(folder: Path, text: str, futures: int | None = None):
    """The batch file with this text."""
    path = folder / "cases.toml"
    path.write_text(text, encoding="utf-8")
    return read_batch(path, futures)


def test_a_grid_is_every_combination_with_readable_names(tmp_path):
    """Names are made from the values that vary; labels and changes say what each case is."""
    batch = read(tmp_path, GRID)
    assert [case.name for case in batch.cases] == [
        "stockport-seed-1", "stockport-seed-2", "hartlepool-seed-1", "hartlepool-seed-2",
    ]  # fmt: skip
    assert batch.cases[1].labels == {"place": "Stockport", "seed": "2"}
    assert batch.cases[2].changes == ('place="E06000001"', "seed=1")
    assert batch.changes[:2] == ("futures=200", "scenario_futures=200")
    study = load_study(batch.study, (*batch.changes, *batch.cases[2].changes))
    assert (study.place.name, study.seed, study.futures, study.years_futures) == ("E06000001", 1, 200, 0)


def test_the_files_order_is_the_order_of_axes(tmp_path):
    """The last axis of the file goes fastest; one value of an axis is in no name."""
    batch = read(tmp_path, HEAD + '[grid]\nseed = [1, 2]\nplace = ["Leeds", "Camden"]\ncontract = ["dudley-244m"]\n')
    assert [case.name for case in batch.cases] == ["seed-1-leeds", "seed-1-camden", "seed-2-leeds", "seed-2-camden"]
    assert batch.cases[0].labels == {"seed": "1", "place": "Leeds", "contract": "dudley-244m"}


def test_entries_variants_scenarios_and_cases_by_themselves(tmp_path):
    """set.KEY takes any entry, lists by year too; variants come from their file; [[case]] stands beside the grid."""
    text = HEAD + (
        'variants = "dudley"\nyears_futures = 50\n[grid]\nvariant = ["as it is", "rescue"]\nscenario = ["calibrated"]\n'
        "set.contract.improvement_payment.at_risk = [[0.0, 0.05], 0.1]\n"
        '[[case]]\nname = "No growth"\nchanges = ["place.population.list_growth=0.0"]\nstrategies = ["honest"]\nnote = "why"\n'
    )
    batch = read(tmp_path, text)
    assert [case.name for case in batch.cases] == [
        "as-it-is-at-risk-0.0-0.05", "as-it-is-at-risk-0.1", "rescue-at-risk-0.0-0.05", "rescue-at-risk-0.1", "no-growth",
    ]  # fmt: skip
    assert "contract.ending.rescue=1" in batch.cases[2].changes
    assert 'scenarios=["calibrated"]' in batch.cases[0].changes
    assert "years_futures=50" in batch.changes
    assert (batch.cases[4].strategies, batch.cases[4].note) == (("honest",), "why")
    study = load_study(batch.study, (*batch.changes, *batch.cases[0].changes))
    assert [scenario.name for scenario in study.scenarios] == ["calibrated"]


def test_strategies_of_the_file_lie_over_what_was_found(tmp_path):
    """A base is searched for; levels lie over it; sets of strategies are an axis; a file may name its own honest provider."""
    own = '[[strategy]]\nname = "mild"\nbase = "honest"\nlevels = { upcoding = 0.02, effort = [0.5, 0.6] }\n'
    batch = read(tmp_path, HEAD + '[grid]\nstrategies = ["mild", ["honest", "mild"]]\n' + own)
    assert [(case.name, case.strategies) for case in batch.cases] == [("mild", ("mild",)), ("honest-mild", ("honest", "mild"))]
    assert batch.searched == ("honest",)
    made = batch.strategies["mild"].over("mild", {"honest": Strategy("honest", {"effort": 0.9, "efficiency": 0.4})})
    assert made.levels == {"effort": (0.5, 0.6), "efficiency": 0.4, "upcoding": 0.02}
    given = own.replace('"mild"', '"honest"', 1).replace('base = "honest"\n', "")
    head = HEAD.replace("futures", 'strategies = ["honest"]\nfutures')
    assert read(tmp_path, head + "[grid]\nseed = [1]\n" + given).searched == ()


def test_all_places_of_the_register(tmp_path):
    """Every local authority with people, each once, by code; or every vanguard whose people are known."""
    england = read(tmp_path, HEAD + '[grid]\nplace = "local authorities"\n')
    assert len(england.cases) == len({case.name for case in england.cases}) == 309
    vanguards = read(tmp_path, HEAD + '[grid]\nplace = "vanguards"\n')
    assert 8 <= len(vanguards.cases) <= 14


def test_futures_of_the_command_line_go_first(tmp_path):
    """--futures stands for the file's number."""
    assert read(tmp_path, GRID, 77).changes[:2] == ("futures=77", "scenario_futures=77")


def test_cases_are_chosen_by_name(tmp_path):
    """Names with * and ?, in the file's order; a pattern that fits nothing is refused with the nearest name."""
    batch = read(tmp_path, GRID.replace("[grid]", 'only = ["*-seed-2"]\n[grid]'))
    assert batch.only == ("*-seed-2",)
    chosen = select(batch.cases, ("hart*", "stockport-seed-?"), batch.path, "--only")
    assert [case.name for case in chosen] == [case.name for case in batch.cases]
    assert len(select(batch.cases, batch.only, batch.path, "only")) == 2
    with pytest.raises(ConfigError, match="stockport-seed-1") as error:
        select(batch.cases, ("stockprt-seed-1",), batch.path, "--only")
    assert error.value.nearest == "stockport-seed-1"


BAD = [
    (HEAD, "no case"),
    (HEAD + "[grid]\n", "no case"),
    (HEAD + "[grid]\nplace = []\n", "list of values"),
    (HEAD + '[grid]\nplace = ["Stockprt"]\n', "Stockport"),
    (HEAD + '[grid]\nplace = ["Stockport", "E08000007"]\n', "same place"),
    (HEAD + '[grid]\nplace = "local authoritys"\n', "local authorities"),
    (HEAD + '[grid]\ncontract = ["dudley-5.5b"]\n', "dudley-5.5bn"),
    (HEAD + '[grid]\nscenario = ["state-suprem"]\n', "state-supreme"),
    (HEAD + "[grid]\nseed = [1, 1]\n", "twice"),
    (HEAD + "[grid]\nseed = [-1]\n", "whole number"),
    (HEAD + '[grid]\nvariant = ["rescue"]\n', "variants ="),
    (HEAD + 'variants = "dudley"\n[grid]\nvariant = ["rescu"]\n', "rescue"),
    (HEAD + "[grid]\nset.contract.gain_loss_share.deadband = [0.1]\n", "dead_band"),
    (HEAD + "[grid]\nset.contract.gain_loss_share.dead_band = 0.1\n", "list of values"),
    (HEAD + '[grid]\nstrategies = ["honst"]\n', "honest"),
    (HEAD + "[grid]\nplaces = [1]\n", "place"),
    (HEAD + f"[grid]\nseed = [{', '.join(map(str, range(MOST_CASES + 1)))}]\n", "5,000"),
    (HEAD + '[[case]]\nname = "a"\n[[case]]\nname = "A "\n', "two cases"),
    (HEAD + '[[case]]\nname = "…"\n', "folder"),
    (HEAD + '[[case]]\nname = "a"\nchanges = ["place.population.list_grwth=0"]\n', "list_growth"),
    (HEAD + '[[case]]\nname = "a"\nchanges = ["nothing"]\n', "key=value"),
    (HEAD + 'changes = "a=1"\n[[case]]\nname = "a"\n', "list of changes"),
    (HEAD + '[[case]]\nname = "a"\n[[strategy]]\nname = "x"\nlevels = { upcodng = 0.1 }\n', "upcoding"),
    (HEAD + '[[case]]\nname = "a"\n[[strategy]]\nname = "x"\nlevels = { effort = 7 }\n', "out of range"),
    (HEAD + '[[case]]\nname = "a"\n[[strategy]]\nname = "x"\nbase = "gamd"\nlevels = { effort = 0.5 }\n', "gamed"),
    (HEAD + 'reports = true\n[[case]]\nname = "a"\nstrategies = ["honest"]\n', "honest and a gamed"),
    (HEAD + 'only = ["b"]\n[[case]]\nname = "a"\n', "no case has this name"),
    (HEAD + 'study = "dudly"\n[[case]]\nname = "a"\n', "dudley"),
    (HEAD + '[limits]\nhour = 1\n[[case]]\nname = "a"\n', "hours"),
    (HEAD.replace("futures", "future") + '[[case]]\nname = "a"\n', "futures"),
    (HEAD.replace("A batch", "…") + '[[case]]\nname = "a"\n', "title"),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_what_is_wrong_is_refused_with_the_remedy(tmp_path, text, words):
    """Each fault of a file names the right answer, or what was expected."""
    with pytest.raises(ConfigError) as error:
        read(tmp_path, text)
    assert words in str(error.value)


def test_a_file_that_is_not_there_has_a_near_name():
    """A name is looked up in configs/batches."""
    with pytest.raises(ConfigError) as error:
        read_batch("place")
    assert error.value.nearest == "places"


@pytest.mark.parametrize("path", sorted((config_folder(Path(__file__).parent) / "batches").glob("*.toml")), ids=lambda p: p.stem)
def test_the_shipped_files_can_be_read(path):
    """Every batch file of configs/batches has cases, and its names are those that there are."""
    assert read_batch(path).cases


def test_names_are_safe_and_differ():
    """Slugs hold letters, digits, dots and hyphens; long names are cut, taken ones numbered."""
    assert slug("King's Lynn & West Norfolk") == "kings-lynn-west-norfolk"
    assert slug("../..") == ""
    taken: set[str] = set()
    assert [unique("a", taken), unique("a", taken), unique("a", taken)] == ["a", "a-2", "a-3"]
    long = [unique("x" * 300 + end, taken) for end in "ab"]
    assert len(set(long)) == 2
    assert max(map(len, long)) <= LONGEST


def test_futures_of_the_command_line_go_before_whatever_the_file_says(tmp_path):
    """A number among the file's own changes does not outlast that of the command line."""
    batch = read(tmp_path, HEAD + 'changes = ["futures=700"]\n[grid]\nplace = ["Leeds", "Camden"]\n', 90)
    assert load_study(batch.study, (*batch.changes, *batch.cases[0].changes)).futures == 90


def test_a_name_keeps_its_sign(tmp_path):
    """Opposite values have names that tell them apart."""
    batch = read(tmp_path, HEAD + "[grid]\nset.place.population.list_growth = [-0.01, 0.01]\n")
    assert [case.name for case in batch.cases] == ["list-growth-minus-0.01", "list-growth-0.01"]


@pytest.mark.parametrize("own", [
    '[grid]\nset.futures = [700]\n', '[[case]]\nname = "one"\nchanges = ["scenario_futures=700", "futures=700"]\n',
])  # fmt: skip
def test_futures_of_the_command_line_go_before_those_of_a_case(tmp_path, own):
    """A number of a grid or a case does not outlast that of the command line either; without one it stands."""
    for asked, lived in ((90, 90), (None, 700)):
        batch = read(tmp_path, HEAD + own, asked)
        study = load_study(batch.study, (*batch.changes, *batch.cases[0].changes))
        assert study.futures == lived
        assert asked is None or {scenario.futures for scenario in study.scenarios} == {90}


def test_signs_in_lists_and_titles_are_kept():
    """A minus before a number is a word; a hyphen within a name, a date or an exponent is none."""
    assert slug("[-0.1, 0.2]") == "minus-0.1-0.2"
    assert slug("growth \u22123%") == "growth-minus-3"
    assert slug("dudley-5.5bn") == "dudley-5.5bn"
    assert slug("1e-05") == "1e-05"
    assert slug("2026-27") == "2026-27"
