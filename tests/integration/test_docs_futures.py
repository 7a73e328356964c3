"""What the page on futures says is so: its numbers are those of the files, and what it tells a reader to write works."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stresstest import layout as L
from stresstest.cli import BACKENDS, _changes, parser
from stresstest.config.axes import read_axes
from stresstest.config.designs import FEWEST, MOST
from stresstest.config.folders import config_folder
from stresstest.config.load import load_study
from stresstest.config.section import read_toml
from stresstest.futures import axes as A
from stresstest.futures.design import REPLICATES
from stresstest.futures.plan import plan_design
from stresstest.futures.strata import CELLS, LEVELS, borders_of
from stresstest.measures.designs import Design
from stresstest.measures.estimates import Wanted, estimate
from stresstest.measures.precision import MEASURES, parse_target
from stresstest.measures.stream import Column

pytestmark = pytest.mark.integration
CONFIGS = config_folder(Path(__file__).resolve().parent)
PAGE = (CONFIGS.parent / "docs" / "futures.md").read_text(encoding="utf-8")
LAW = read_axes(read_toml(CONFIGS / "axes" / "calibrated-2018.toml"), "axes")[0]
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.M | re.S)
COMMANDS = [line for kind, block in BLOCKS if not kind for line in block.splitlines()]
PYTHON = next(block for kind, block in BLOCKS if kind == "python")


def number(text: str) -> float:
    """A number as the page writes it."""
    return float(text.replace("−", "-").replace(",", ""))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_page_can_be_run(command: str) -> None:
    """Options are known, the study loads with the changes, and a precision is one that can be asked for."""
    program, *words = shlex.split(command)
    assert program == "stresstest"
    options = parser().parse_args(words)
    study = load_study(options.study, tuple(_changes(options)), CONFIGS)
    assert study.name == "dudley"
    assert options.backend in BACKENDS
    if options.until:
        assert parse_target(options.until).measure in MEASURES


def test_commands_do_what_the_page_says_of_them() -> None:
    """A later start, a t copula of four degrees, two more scenarios, and two designs."""
    studies = [load_study("dudley", tuple(_changes(parser().parse_args(shlex.split(c)[1:]))), CONFIGS) for c in COMMANDS]
    latest, copula, joined, nets, tilted, *_ = studies
    assert latest.law.base_year > LAW.base_year
    assert copula.law.degrees == 4
    assert [scenario.dependence for scenario in joined.scenarios] == ["calibrated", "independent", "worst"]
    assert (nets.design.kind, tilted.design.kind, tilted.futures) == ("sobol", "importance", 32768)


def test_the_table_of_axes_is_that_of_the_law() -> None:
    """Today's value, destination, limits, passage and noise of each axis."""
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \| (\S+) ± (\S+) \| (\S+) to (\S+) \| (\d+) years \| (\S+), (\S+) \|$", PAGE, re.M)
    assert tuple(row[0] for row in rows) == L.AXES
    fields = [A.TODAY, A.MEAN, A.SD, A.LOW, A.HIGH, A.DURATION, A.NOISE_SD, A.PERSISTENCE]
    for a, (_, *shown) in enumerate(rows):
        assert [number(text) for text in shown] == LAW.table[a, fields].tolist()
    assert set(LAW.table[:, A.EARLIEST]) == {0.0}
    assert set(LAW.table[:, A.LATEST]) == {6.0}
    crisis = LAW.table[L.ECONOMY, [A.CRISIS_PROBABILITY, A.CRISIS_SIZE, A.CRISIS_SPREAD]]
    assert crisis.round(3).tolist() == [0.067, 0.08, 0.028]


def test_the_correlations_are_those_of_the_law() -> None:
    """Five pairs with their numbers, and no other pair."""
    text = PAGE.split("between the destinations only:")[1].split(".\n")[0].split(". These")[0]
    found = {frozenset(pair): number(value) for *pair, value in re.findall(r"(\w+) and (\w+) (−?[\d.]+\d)", text)}
    wanted = {
        frozenset((L.AXES[a], L.AXES[b])): LAW.correlation[a, b] for a in range(6) for b in range(a) if LAW.correlation[a, b]
    }
    assert found == wanted


def test_the_numbers_of_the_start_are_those_of_the_place() -> None:
    """Every parameter that the page names has the value that it gives."""
    place = load_study("dudley", (), CONFIGS).place
    rows = re.findall(r"^\| `(\w+\.\w+)` \| (\S+) \|", PAGE, re.M)
    assert len(rows) == 18
    for key, value in rows:
        assert place.parameters[key].value == number(value), key


def test_sizes_and_cells() -> None:
    """Numbers in a future, cells, the cell of all middles, and how far off a small state is."""
    years = int(re.findall(r"for a contract of (\d+) years, (\d+) numbers", PAGE)[0][0])
    assert plan_design(2018, "dudley", years).dimensions == 551
    assert PAGE.count("551") == 2
    assert CELLS == 729
    assert LEVELS[364].tolist() == [1] * 6
    border = borders_of(LAW.table, LAW.anchors, np.zeros(6, dtype=bool), 0)[L.STATE, 0, 1]
    assert round(float(border), 1) in (-4.5, -4.6)


def test_designs_and_measures_are_all_on_the_page() -> None:
    """A row for each design and for each measure, in the words of the register; replicates as they may be asked for."""
    designs = PAGE.split("## Designs")[1].split("`design =")[0]
    assert re.findall(r"^\| `(\w+)` \|", designs, re.M) == list(L.DESIGNS)
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|$", PAGE, re.M))
    assert {name: rows.get(name) for name in MEASURES} == {name: measure.words for name, measure in MEASURES.items()}
    assert f"({FEWEST} to {MOST})" in PAGE
    assert f"| {REPLICATES} scrambled nets |" in PAGE


def make_run(folder: Path, kind: str, pairs: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A small run folder with a design: (exposure, weight, group) of its futures, besides future 0 and another strategy."""
    rng, n = np.random.default_rng(4), 4000
    group = {"random": np.arange(n) // 2 if pairs else np.zeros(n, dtype=int), "stratified": np.arange(n) % 40}
    groups = group.get(kind, np.arange(n) % 16)
    weight = np.ones(n) if kind in ("random", "sobol") else rng.uniform(0.1, 1.9, n)
    exposure = 4e8 + 1e8 * rng.normal(size=n) + 3e7 * np.sin(groups)
    rows = {"scenario": "calibrated", "future": np.arange(1, n + 1), "weight": weight, "group": groups,
            "commissioner_exposure_npv_gbp": exposure, "exit_cause": "none"}  # fmt: skip
    frame = pd.DataFrame(rows | {"strategy": "honest"})
    other = pd.DataFrame(rows | {"strategy": "gamed", "commissioner_exposure_npv_gbp": 0.0})
    centre = frame.head(1).assign(future=0, commissioner_exposure_npv_gbp=9e9)
    (folder / "tables" / "outcomes" / "calibrated").mkdir(parents=True)
    part = folder / "tables" / "outcomes" / "calibrated" / "part-000000000000.parquet"
    pd.concat([centre, frame, other]).astype({"scenario": "category", "strategy": "category"}).to_parquet(part)
    manifest = {"design": {"kind": kind, "replicates": 16, "antithetic": pairs}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return exposure, weight, groups


@pytest.mark.parametrize(
    ("kind", "pairs"), [("random", False), ("random", True), ("sobol", False), ("importance", False), ("stratified", False)]
)
def test_the_sums_of_the_page_are_those_of_the_engine(tmp_path: Path, kind: str, pairs: bool, capsys) -> None:
    """Mean, standard error and 95th percentile of the page's code, in every kind of design."""
    exposure, weight, group = make_run(tmp_path, kind, pairs)
    column = Column.of(exposure, weight, group, Design(kind, 16, pairs))
    mean, high = estimate(column, [Wanted("mean"), Wanted("quantile", 0.95)])
    found: dict[str, float] = {}
    exec(PYTHON.replace("reports/runs/RUN", str(tmp_path)), found)  # the page's own code
    assert found["mean"] == pytest.approx(mean.value, rel=1e-12)
    assert found["error"] == pytest.approx(mean.error, rel=0.02 if kind == "stratified" else 1e-9)
    assert found["edge"] == pytest.approx(high.value, rel=1e-12)
    assert capsys.readouterr().out.count("£") == 3


def test_the_links_of_the_page_lead_somewhere() -> None:
    """Other pages and files that the page names are there."""
    for name in set(re.findall(r"\]\((\w+\.md)\)", PAGE)):
        assert (CONFIGS.parent / "docs" / name).is_file(), name
    for name in re.findall(r"`(configs/[\w/.-]+|benchmarks/\w+\.py)`", PAGE):
        assert (CONFIGS.parent / name).exists(), name
