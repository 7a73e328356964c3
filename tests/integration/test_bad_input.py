"""Bad input as a user gives it: the exit code, a message that says where and what, and nothing left behind.

Every case runs the command line on a copy of configs/ and data/ in which one thing is wrong. Nothing is simulated: a
guard fails the test if the search for strategies begins.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

import stresstest
from stresstest.analysis import exploit
from stresstest.cli import main
from stresstest.config.folders import config_folder
from stresstest.config.load import load_study
from stresstest.config.tables import accept
from stresstest.results.manifest import MANIFEST_VERSION, write_manifest

pytestmark = pytest.mark.integration
SHIPPED = config_folder(Path(__file__).resolve().parent).parent
SOURCES = Path(stresstest.__file__).resolve().parents[1]
CONTRACT, AXES, STUDY = "contracts/dudley-5.5bn.toml", "axes/calibrated-2018.toml", "studies/dudley.toml"
PLACE, PROVIDER, NAMED = "places/dudley.toml", "providers/mcp.toml", "scenarios/named.toml"
PRICE = 'opening_price = { value = 366666667, unit = "GBP"'
ROWS = ("file", "key", "value", "expected", "did you mean")


class Bad(NamedTuple):
    """One fault in a file of configs/: what is replaced by what, and what the message must say, line by line."""

    name: str
    file: str
    old: str
    new: str
    message: str
    key: str
    value: str = ""
    expected: str = ""
    near: str = ""


FILES = (
    Bad("unknown key", CONTRACT, "dead_band =", "dead_bnad =", "unknown key", "terms[3].dead_bnad", "", "dead_band",
        "dead_band"),
    Bad("unknown key in a note", CONTRACT, "share_gain = { value", "share_gain = { valeu", "unknown key",
        "share_gain.valeu", "", "value, unit, source, quality", "value"),
    Bad("unknown table", PROVIDER, "[motive]", "[motives]", "an entry is missing", "motive", "", "a table", "motives"),
    Bad("missing entry", CONTRACT, "share_loss =", "# share_loss =", "an entry is missing", "terms[3].share_loss", "",
        "from 0 to 1 (share)"),
    Bad("rate as a percentage", CONTRACT, "funding_growth = { value = 0.013", "funding_growth = { value = 1.3",
        "out of range", "plan.funding_growth", "1.3", "from -0.2 to 0.2 (per year)", "0.013"),
    Bad("share as a percentage", CONTRACT, "dead_band = { value = 0.02", "dead_band = { value = 2", "out of range",
        "terms[3].dead_band", "2", "from 0 to 0.5 (share)", "0.02"),
    Bad("negative money", CONTRACT, PRICE, PRICE.replace("366666667", "-1"), "out of range", "terms[1].opening_price",
        "-1", "(GBP)"),
    Bad("overlapping tiers", CONTRACT, 'settlement = "annual"',
        "tiers = [{ from = 0, to = 0.03, share = 0.5 }, { from = 0.02, to = 0.1, share = 0.3 }]",
        "tiers 1 and 2 overlap between 0.02 and 0.03", "terms[3].tiers.2", "", "Gain/loss share"),
    Bad("gap between tiers", CONTRACT, 'settlement = "annual"',
        "tiers = [{ from = 0, to = 0.01, share = 0.5 }, { from = 0.02, to = 0.1, share = 0.3 }]",
        "there is a gap between tier 1 and tier 2", "terms[3].tiers.2", "", "Gain/loss share"),
    Bad("tier the wrong way round", CONTRACT, 'settlement = "annual"', "tiers = [{ from = 0.1, to = 0.02, share = 0.5 }]",
        "tier 1 ends at 0.02, not above its start 0.1", "terms[3].tiers.1"),
    Bad("weights that do not add to 1", CONTRACT, "weight = { value = 0.25", "weight = { value = 0.2",
        "the weights add to 0.95, not to 1",
        "terms[2].indicators.weight", "", "Improvement payment"),
    Bad("unknown indicator", CONTRACT, 'name = "avoidable emergency admissions"', 'name = "avoidable admissions"',
        "the place has no such indicator", "terms[2].indicators.name", "avoidable admissions", "potential years",
        "avoidable emergency admissions"),
    Bad("unknown service line", CONTRACT, 'line = "prescribing"', 'line = "precribing"',
        "the place has no such service line", "scope[3].line", "precribing", "outpatients", "prescribing"),
    Bad("unknown clause kind", CONTRACT, 'kind = "cap_and_collar"', 'kind = "cap_and_colar"', "not one of the choices",
        "terms[4].kind", "cap_and_colar", "gain_loss_share", "cap_and_collar"),
    Bad("two clauses of one name", CONTRACT, 'kind = "prevention_floor"', 'kind = "prevention_floor"\nid = "cap_and_collar"',
        "two clauses have the same id", "terms[5].id", "cap_and_collar", "different id"),
    Bad("unknown choice", CONTRACT, 'band = "net"', 'band = "nett"', "not one of the choices", "terms[3].band", "nett",
        "net, first_pound", "net"),
    Bad("one party on both sides", CONTRACT, 'band = "net"', 'payee = "commissioner"', "a clause needs two parties",
        "terms[3].payee", "commissioner", "another party"),
    Bad("not a number", CONTRACT, "dead_band = { value = 0.02", 'dead_band = { value = "two"', "this should be a number",
        "terms[3].dead_band", "two", "from 0 to 0.5 (share)"),
    Bad("yes for a number", CONTRACT, "dead_band = { value = 0.02", "dead_band = { value = true",
        "this should be a number", "terms[3].dead_band", "True", "from 0 to 0.5 (share)"),
    Bad("NaN", CONTRACT, "dead_band = { value = 0.02", "dead_band = { value = nan", "not a finite number",
        "terms[3].dead_band", "nan", "from 0 to 0.5 (share)"),
    Bad("infinity by year", CONTRACT, "at_risk = { value = [0.0, 0.10]", "at_risk = { value = [0.0, inf]",
        "not a finite number", "terms[2].at_risk", "inf", "from 0 to 1 (share)"),
    Bad("empty list by year", CONTRACT, "at_risk = { value = [0.0, 0.10]", "at_risk = { value = []", "an empty list",
        "terms[2].at_risk", "", "at least one number"),
    Bad("list by year in the plan", CONTRACT, "funding_growth = { value = 0.013", "funding_growth = { value = [0.01, 0.02]",
        "only clause entries vary by year", "plan.funding_growth", "[0.01, 0.02]", "one number"),
    Bad("list by year for the opening price", CONTRACT, PRICE, PRICE.replace("366666667", "[1e8, 2e8]"),
        "this entry holds for the whole contract", "terms[1].opening_price", "[100000000.0, 200000000.0]", "one number"),
    Bad("a clause before the one that it reads", CONTRACT, '[[terms]]\nkind = "annual_payment"',
        '[[terms]]\nkind = "payment"\nid = "first"\nof = "gain_loss_share"\nprice = 1\n[[terms]]\nkind = "annual_payment"',
        "gain_loss_share stands later in the contract", "terms[1].of", "gain_loss_share", "gain_loss_share above first"),
    Bad("a clause before the payment that it is a share of", CONTRACT, '[[terms]]\nkind = "annual_payment"',
        '[[terms]]\nkind = "payment"\nid = "first"\nof = "annual_payment"\nprice = 1\n[[terms]]\nkind = "annual_payment"',
        "first reads annual_payment, which nothing before it says", "terms[1].of", "annual_payment",
        "an annual_payment earlier in the contract"),
    Bad("half a switch", CONTRACT, 'rescue = { value = 0,', 'rescue = { value = 0.5,', "this is a switch", "ending.rescue",
        "0.5", "0 or 1"),
    Bad("detection where nothing is claimed back", PROVIDER, "[levers.cost_shifting]",
        "[levers.cost_shifting]\ndetection = 0.2", "unknown key", "levers.cost_shifting.detection", "0.2", "movable_share"),
    Bad("unknown quality mark", CONTRACT, 'quality = "derived", source = "£5.5bn', 'quality = "derivd", source = "£5.5bn',
        "not a quality mark", "terms[1].opening_price.quality", "derivd", "judgement", "derived"),
    Bad("number for a source", PROVIDER, 'source = "a tenth of the pot at stake"', "source = 0.1", "this should be text",
        "effort.cost_share.source", "0.1", "text in quotes"),
    Bad("text for a whole number", CONTRACT, "years = 15", 'years = "fifteen"', "this should be a whole number", "years",
        "fifteen", "from 1 to 30"),
    Bad("too many years", CONTRACT, "years = 15", "years = 40", "out of range", "years", "40", "from 1 to 30"),
    Bad("not a financial year", CONTRACT, 'first_year = "2018/19"', 'first_year = "2018/20"', "not a year",
        "first_year", "2018/20", '"2018/19" or "2018"'),
    Bad("a newer kind of file", CONTRACT, "schema_version = 1", "schema_version = 2", "out of range", "schema_version",
        "2", "from 1 to 1"),
    Bad("not TOML", CONTRACT, "years = 15", "years = = 15", "not valid TOML: Invalid value (at line 10", ""),
    Bad("levels out of order", AXES, "levels = { low = 0.25, middle = 0.35", "levels = { low = 0.25, middle = 0.55",
        "the levels are out of order", "state.levels", "[0.25, 0.55, 0.45]", "rising or falling order"),
    Bad("limits the wrong way round", AXES, "limits = [0.20, 0.60]", "limits = [0.60, 0.20]", "the lower first",
        "state.limits", "[0.6, 0.2]", "[low, high]"),
    Bad("start after its end", AXES, "start = { earliest = 0.0, latest = 6.0, duration = 6.0",
        "start = { earliest = 7.0, latest = 6.0, duration = 6.0", "the earliest start lies after the latest",
        "workforce.start.earliest", "7.0", "at most 6"),
    Bad("impossible correlations", AXES, 'axes = ["economy", "state"]\nvalue = -0.2',
        'axes = ["economy", "state"]\nvalue = -0.99', "the correlations contradict each other", "correlation",
        "lowest eigenvalue", "positive definite"),
    Bad("unknown axis", AXES, 'axes = ["economy", "state"]', 'axes = ["econmy", "state"]', "two different axes",
        "correlation[1].axes", "econmy", "economy", "economy"),
    Bad("unknown scenario", STUDY, '"official-future"', '"oficial-future"', "there is no scenario of this name",
        "scenarios", "oficial-future", "official-future", "official-future"),
    Bad("a scenario twice", STUDY, '"state-supreme"', '"official-future"', "a scenario stands here twice", "scenarios",
        "official-future", "once"),
    Bad("unknown level", NAMED, 'economy = "middle"', 'economy = "midle"', "not one of the choices",
        "official-future.economy", "midle", "low, middle, high", "middle"),
    Bad("unknown contract", STUDY, 'contract = "dudley-5.5bn"', 'contract = "dudley-5bn"',
        "there is no contract file of this name", "contract", "dudley-5bn", "dudley-244m", "dudley-5.5bn"),
    Bad("unknown provider", STUDY, 'provider = "mcp"', 'provider = "mpc"', "there is no provider file of this name",
        "provider", "mpc", "mcp", "mcp"),
    Bad("shares of cost above the whole", PLACE, "pay_share = 0.75", "pay_share = 0.95", "add to 1.030",
        "lines[1].pay_share", "", "at most 1"),
    Bad("a share above its whole", PLACE, "baseline = 86", "baseline = 186", "a share cannot lie outside its whole",
        "indicators[4].baseline", "186", "from 0 to 100"),
    Bad("target equal to baseline", PLACE, "target = 2322", "target = 2448", "target and baseline are equal",
        "indicators[1].target", "2448", "differs"),
    Bad("unknown lever", PROVIDER, "[levers.upcoding]", "[levers.upcodnig]", "an entry is missing", "levers.upcoding",
        "", "a table", "upcodnig"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a copy of configs/ and data/, where no simulation may begin."""
    for name in ("configs", "data"):
        shutil.copytree(SHIPPED / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)

    def refuse(*arguments: object) -> None:
        raise AssertionError("bad input was let through to the simulation")

    monkeypatch.setattr(exploit, "play", refuse)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def fields(stderr: str) -> dict[str, str]:
    """The lines of a message by name; "message" holds the first."""
    first, *rest = stderr.strip().split("\n")
    assert first.startswith("stresstest: ")
    found = {"message": first.removeprefix("stresstest: ")}
    for line in rest:
        name, colon, value = line.strip().partition(":")
        assert colon
        assert name in ROWS
        found[name] = value.strip()
    return found


def refused(argv: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Run the command line; it must end with this code, print no traceback and no result, and leave --out empty."""
    if argv[0] == "run":
        argv = [*argv, *([] if "--out" in argv else ["--out", "runs"])]
    assert main(argv) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    left = Path("runs")
    assert not left.exists() or list(left.iterdir()) == []
    return fields(err)


def expect(found: dict[str, str], **wanted: str) -> None:
    """Each named line of the message holds its text."""
    for name, text in wanted.items():
        name = name.replace("_", " ")
        assert text in found.get(name, ""), f"{name}: {found}"


@pytest.mark.parametrize("bad", FILES, ids=[bad.name for bad in FILES])
def test_fault_in_a_file(bad: Bad, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong file is refused with exit code 2, by file, key, value, what was expected and the nearest right answer."""
    edit(Path("configs") / bad.file, bad.old, bad.new)
    found = refused(["run", "dudley"], 2, capsys)
    at_name = bad.name in ("unknown contract", "unknown provider")
    expect(found, message=bad.message, key=bad.key, value=bad.value, expected=bad.expected, did_you_mean=bad.near,
           file="configs" if at_name else bad.file)  # fmt: skip


OPTIONS = (
    (["run", "dudley", "--futures", "0"], {"key": "futures", "value": "0", "expected": "a whole number from 1"}),
    (["run", "dudley", "--futures", "-5"], {"key": "futures", "value": "-5", "expected": "a whole number from 1"}),
    (["run", "dudley", "--futures", "many"], {"key": "futures", "value": "'many'", "expected": "from 1"}),
    (["run", "dudley", "--futures", "1.5"], {"key": "futures", "value": "1.5", "expected": "from 1"}),
    (["run", "dudley", "--set", "contract.ending.notice_years=0.5"],
     {"key": "ending.notice_years", "value": "0.5", "expected": "whole years"}),
    (["run", "dudley", "--jobs", "0"], {"key": "--jobs", "value": "0", "expected": "1 or more"}),
    (["run", "dudley", "--jobs", "-1"], {"key": "--jobs", "value": "-1", "expected": "1 or more"}),
    (["run", "dudley", "--chunk", "0"], {"key": "--chunk", "value": "0", "expected": "1 or more"}),
    (["run", "dudley", "--seed", "x"], {"key": "seed", "value": "'x'", "expected": "from 0"}),
    (["run", "dudly"], {"file": "studies", "key": "study", "value": "'dudly'", "expected": "one of dudley",
                        "did you mean": "dudley"}),
    (["run", "configs/studies/dudly.toml"], {"file": "dudly.toml", "key": "study", "expected": "dudley",
                                             "did you mean": "dudley"}),
    (["run", "dudley", "--set", "contract=dudley-244"], {"key": "contract", "value": "'dudley-244'",
                                                         "expected": "one of", "did you mean": "dudley-244m"}),
    (["run", "dudley", "--set", "contract.gain_loss_shar.dead_band=0.03"],
     {"file": CONTRACT, "key": "contract.gain_loss_shar", "expected": "annual_payment",
      "did you mean": "gain_loss_share"}),
    (["run", "dudley", "--set", "contract.gain_loss_share.dead_bnad=0.03"],
     {"file": CONTRACT, "key": "dead_bnad", "value": "0.03", "expected": "dead_band", "did you mean": "dead_band"}),
    (["run", "dudley", "--set", "contract.gain_loss_share.dead_band=3"],
     {"key": "dead_band", "value": "3", "expected": "from 0 to 0.5 (share)", "did you mean": "0.03"}),
    (["run", "dudley", "--set", "contract.gain_loss_share=0.03"], {"key": "--set", "value": "gain_loss_share=0.03"}),
    (["run", "dudley", "--set", "contract.terms=3"], {"key": "--set contract.terms", "value": "3",
                                                      "expected": "[[terms]]"}),
    (["run", "x" * 300], {"key": "study", "expected": "dudley"}),
    (["run", "dudley", "--set", "dead_band"], {"key": "--set", "value": "'dead_band'", "expected": "for example"}),
    (["run", "dudley", "--set", "futurs=10"], {"key": "futurs", "value": "10", "did you mean": "futures"}),
    (["run", "dudley", "--set", 'scenarios=["state-suprem"]'],
     {"key": "scenarios", "value": "'state-suprem'", "expected": "state-supreme", "did you mean": "state-supreme"}),
    (["run", "dudley", "--backend", "thread"], {"key": "--backend", "value": "'thread'", "expected": "sequential",
                                                "did you mean": "threading"}),
    (["run", "dudley", "--jobs", "two"], {"message": "--jobs", "expected": "--help"}),
    (["run", "dudley", "--bakend", "dask"], {"message": "--bakend", "did you mean": "--backend"}),
    (["verfiy", "runs"], {"key": "VERB", "value": "'verfiy'", "expected": "verify", "did you mean": "verify"}),
    (["check", "dudly"], {"message": "no study and no contract", "key": "check", "value": "'dudly'", "expected": "mssp-base",
                          "did you mean": "dudley"}),
    (["--set", "futures=9", "run", "dudley"], {"message": "options go after the verb", "key": "--set",
                                               "expected": "stresstest run … --set futures=9"}),
    (["--out", "d", "run", "dudley"], {"message": "options go after the verb", "key": "--out"}),
    (["--quiet", "verify", "runs"], {"message": "options go after the verb", "key": "--quiet"}),
    (["--jobs=2", "run", "dudley"], {"message": "options go after the verb", "key": "--jobs"}),
    (["--input", "t.csv", "settle", "dudley"], {"message": "options go after the verb", "key": "--input"}),
    (["schema", "contrat"], {"key": "schema", "value": "'contrat'", "expected": "study", "did you mean": "contract"}),
)  # fmt: skip


@pytest.mark.parametrize(("argv", "wanted"), OPTIONS, ids=[" ".join(argv)[:60] for argv, _ in OPTIONS])
def test_fault_on_the_command_line(argv: list[str], wanted: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong option, name or change is refused with exit code 2 and the nearest right answer where there is one."""
    expect(refused(argv, 2, capsys), **wanted)


def test_a_study_of_a_contract_beside_is_checked(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A study may name its contract by a path, and `check` places what it finds in that file."""
    Path("mine.toml").write_text('extends = "dudley-5.5bn"\n', encoding="utf-8")
    main(["check", "dudley", "--set", "contract=mine.toml"])
    assert "schema_version" in capsys.readouterr().out


@pytest.mark.parametrize("argv", [["--debug", "check", "dudley"], ["--set", "futures=0"], ["--jobs", "0"]])
def test_options_that_may_stand_first(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """--debug goes anywhere; without a verb the options of the whole run stand alone."""
    main(argv)
    assert "options go after the verb" not in capsys.readouterr().err


@pytest.mark.parametrize("circle", [("one", "one"), ("one", "two", "one")])
def test_contracts_that_extend_each_other(circle: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """A circle of contracts is refused and not followed for ever."""
    for name, parent in pairwise(circle):
        text = f'schema_version = 1\nextends = "{parent}"\n'
        Path(f"configs/contracts/{name}.toml").write_text(text, encoding="utf-8")
    found = refused(["run", "dudley", "--set", "contract=one"], 2, capsys)
    expect(found, message="cannot extend itself", file=".toml", key="extends", expected="another contract")


def test_clauses_that_are_no_tables(capsys: pytest.CaptureFixture[str]) -> None:
    """Clauses that are no list of tables are refused before another contract is laid over them."""
    Path("configs/contracts/mine.toml").write_text('extends = "dudley-5.5bn"\nterms = ["gain"]\n', encoding="utf-8")
    found = refused(["run", "dudley", "--set", "contract=mine"], 2, capsys)
    expect(found, message="a list of tables", file="mine.toml", key="terms", value="gain", expected="[[terms]]")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b""], ids=["not UTF-8", "empty"])
def test_file_that_is_no_study(content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """A study file without readable text, or without any entry, is refused by name."""
    Path("configs", STUDY).write_bytes(content)
    expect(refused(["run", "dudley"], 2, capsys), file=STUDY)


# ── data: exit code 3 ──────────────────────────────────────────────────────────────────────────────────────────────
AGES = "data/dudley_age_bands.csv"


def change_table(old: str, new: str, *, rehash: bool) -> None:
    """Change the table of age bands, and its checksum where it is not the checksum that is to be found wrong."""
    import hashlib

    before = hashlib.sha256(Path(AGES).read_bytes()).hexdigest()
    edit(Path(AGES), old, new)
    if rehash:
        edit(Path("data/register.csv"), before, hashlib.sha256(Path(AGES).read_bytes()).hexdigest())


def altered() -> None:
    """One figure is another one; the register does not know."""
    change_table("75_84", "75_85", rehash=False)


def with_nan() -> None:
    """A cell is NaN, and the checksum is that of the changed table."""
    last = Path(AGES).read_text(encoding="utf-8").rstrip().rsplit(",", 1)[1]
    change_table(f",{last}", ",nan", rehash=True)


def without_column() -> None:
    """A heading is misspelt."""
    change_table("annual_growth", "anual_growth", rehash=True)


TABLES: tuple[tuple[str, Callable[[], object], dict[str, str]], ...] = (
    ("missing table", lambda: Path(AGES).rename("data/dudley_age_band.csv"),
     {"message": "no data table", "file": AGES, "key": "table", "value": "dudley_age_bands",
      "expected": "history_gdp", "did you mean": "dudley_age_band"}),
    ("wrong name of a table", lambda: edit(Path("configs", PLACE), 'ages = "dudley_age_bands"', 'ages = "dudley_ages"'),
     {"message": "no data table", "key": "table", "value": "dudley_ages", "did you mean": "dudley_age_bands"}),
    ("wrong checksum", altered, {"message": "--accept dudley_age_bands", "file": AGES, "key": "sha256"}),
    ("NaN", with_nan, {"message": "is not a finite number", "file": AGES, "key": "relative_cost", "value": "nan",
                       "expected": "a finite number"}),
    ("missing column", without_column, {"message": "column is missing", "file": AGES, "key": "annual_growth",
                                        "did you mean": "anual_growth"}),
    ("no register", lambda: Path("data/register.csv").unlink(),
     {"message": "no data folder", "expected": "data/register.csv"}),
)  # fmt: skip


@pytest.mark.parametrize(("spoil", "wanted"), [case[1:] for case in TABLES], ids=[case[0] for case in TABLES])
def test_fault_in_a_table(
    spoil: Callable[[], object], wanted: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A table that is missing, altered or unreadable is refused by file, column and value, with exit code 3."""
    spoil()
    found = refused(["run", "dudley"], 3, capsys)
    expect(found, **{"file": "data", **wanted})


def test_accepted_table_is_read_again() -> None:
    """After --accept a changed table is the table: the message tells the truth."""
    altered()
    accept("dudley_age_bands", Path("data"))
    assert load_study("dudley").place.ages[-2].name == "75_85"


# ── folders ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_out_below_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """--out that cannot be made is refused before the search for strategies, and the file in the way is untouched."""
    Path("taken").write_text("mine", encoding="utf-8")
    found = refused(["run", "dudley", "--out", "taken/runs"], 2, capsys)
    expect(found, message="cannot be written", file="taken/runs", key="--out", expected="a folder")
    assert Path("taken").read_text(encoding="utf-8") == "mine"


def test_method_out_below_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """The method book says the same of a folder that cannot be made."""
    Path("taken").write_text("mine", encoding="utf-8")
    expect(refused(["method", "--out", "taken/book"], 2, capsys), file="taken/book", key="--out")


VISITS = (["report"], ["explain", "--future", "1"], ["verify"], ["reproduce"])


@pytest.mark.parametrize("visit", VISITS, ids=[visit[0] for visit in VISITS])
def test_folder_that_is_no_run(visit: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without a manifest is no run: exit code 3, and nothing is written into it."""
    Path("empty").mkdir()
    found = refused([visit[0], "empty", *visit[1:]], 3, capsys)
    expect(found, file="empty", message="not a run", expected="manifest.json")
    assert list(Path("empty").iterdir()) == []


@pytest.mark.parametrize("visit", VISITS, ids=[visit[0] for visit in VISITS])
def test_folder_that_is_not_there(visit: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt run folder gets the nearest one beside it, and is not made."""
    Path("runs-of-mine", "dudley-1234").mkdir(parents=True)
    found = refused([visit[0], "runs-of-mine/dudley-1243", *visit[1:]], 3, capsys)
    expect(found, file="dudley-1243", message="no such run folder", did_you_mean="dudley-1234")
    assert not Path("runs-of-mine/dudley-1243").exists()


def make_run(**changes: object) -> Path:
    """A folder that looks like a finished run, without its tables."""
    folder = Path("finished")
    folder.mkdir()
    study = load_study("dudley")
    (folder / "config.effective.toml").write_text(study.effective_toml(), encoding="utf-8")
    manifest = {
        "manifest_version": MANIFEST_VERSION, "status": "complete", "run_id": "finished", "files": {},
        "inputs_hash": study.inputs_hash, "results_hash": "0", "futures": {s.name: s.futures for s in study.scenarios},
        "strategies": {"honest": {"effort": [1.0]}, "gamed": {"effort": [1.0]}}, "years_futures": 10,
        "year_labels": list(study.year_labels),
    }  # fmt: skip
    write_manifest(folder, manifest | changes)
    return folder


EXPLAIN = (
    (["--future", "100001"], {"key": "--future", "value": "100001", "expected": "0 to 100000"}),
    (["--future", "-1"], {"key": "--future", "value": "-1", "expected": "0 to 100000"}),
    (["--future", "10001", "--scenario", "state-supreme"], {"key": "--future", "value": "10001", "expected": "10000"}),
    (["--future", "1", "--strategy", "gmaed"], {"key": "--strategy", "value": "gmaed", "expected": "honest, gamed",
                                                "did_you_mean": "gamed"}),
    (["--future", "1", "--scenario", "state"], {"key": "--scenario", "value": "state", "did_you_mean": "state-supreme"}),
    (["--future", "first"], {"message": "--future", "expected": "--help"}),
)  # fmt: skip


@pytest.mark.parametrize(("options", "wanted"), EXPLAIN, ids=[" ".join(options) for options, _ in EXPLAIN])
def test_explain_what_the_run_does_not_hold(
    options: list[str], wanted: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A future, strategy or scenario that the run does not have is refused with what it has."""
    expect(refused(["explain", str(make_run()), *options], 2, capsys), **wanted)


def test_report_of_an_unknown_format(capsys: pytest.CaptureFixture[str]) -> None:
    """A format that there is not is refused with the nearest."""
    found = refused(["report", str(make_run()), "--format", "htlm"], 2, capsys)
    expect(found, key="--format", value="htlm", expected="html", did_you_mean="html")


def test_manifest_of_another_version(capsys: pytest.CaptureFixture[str]) -> None:
    """A run of another version of the program is refused as data, with both versions."""
    found = refused(["verify", str(make_run(manifest_version=99))], 3, capsys)
    expect(found, key="manifest_version", value="99", expected=str(MANIFEST_VERSION))


def test_run_without_its_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    """A run folder whose configuration is gone cannot be explained, and says which file is missing."""
    (make_run() / "config.effective.toml").unlink()
    expect(refused(["explain", "finished", "--future", "1"], 2, capsys), file="config.effective.toml")


# ── as a process ───────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("argv", "code", "says"),
    [
        (["run", "dudly", "--out", "runs"], 2, "did you mean: dudley"),
        (["run", "dudley", "--out", "runs", "--set", "place=dudley-broken"], 3, "did you mean: dudley_age_bands"),
        (["frobnicate"], 2, "there is no such verb"),
    ],
)  # fmt: skip
def test_exit_code_of_the_process(argv: list[str], code: int, says: str) -> None:
    """`python -m stresstest` ends with the code, a message on stderr and nothing on stdout."""
    broken = Path("configs/places/dudley-broken.toml")
    shutil.copy(Path("configs", PLACE), broken)
    edit(broken, 'ages = "dudley_age_bands"', 'ages = "dudley_ages"')
    where = os.pathsep.join([str(SOURCES), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "stresstest", *argv], capture_output=True, text=True, check=False, timeout=120,
        encoding="utf-8", env={**os.environ, "PYTHONPATH": where, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == code
    assert done.stdout == ""
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not Path("runs").exists()


def test_debug_shows_where_it_happened() -> None:
    """With --debug the error itself comes out, for whoever mends the program."""
    from stresstest.errors import ConfigError

    with pytest.raises(ConfigError):
        main(["check", "dudly", "--debug"])
