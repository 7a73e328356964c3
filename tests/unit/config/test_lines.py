"""Where entries of contracts stand: in the file itself, in one that it extends, and in a contract inside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stresstest.config.contracts import contract_path, load_contract
from stresstest.config.folders import config_folder
from stresstest.config.lines import locate, outside_values
from stresstest.review import review

pytestmark = pytest.mark.unit
CONFIGS = config_folder(Path(__file__).resolve().parent)
SHIPPED = sorted(path.stem for path in (CONFIGS / "contracts").glob("*.toml"))

TEXT = '''schema_version = 1
title = """
[ending]
[[terms]]
id = "pay"
"""
remove = [
  "one",
  "two",  # [[terms]]
]
[[terms]]       # the first
id = "pay"
kind = "payment"
price = 1.0
note = """
[[terms]]
id = "other"
price = 2.0
"""
[[terms]]
kind = "corridor"
bands = [
  { side = "gain" },
[
],
]
target = 'a [ in a string'
[[ terms ]]
"id" = 'other'
price = 3.0
[terms.share]
value = 1.0
[[terms.rows]]
share = 2.0
[ending] # the end
reserve = 1
'''


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    """A folder of contracts: `text`, one that extends it without a table of its own, and one with it inside."""
    folder = tmp_path / "contracts"
    folder.mkdir()
    (folder / "text.toml").write_text(TEXT, encoding="utf-8")
    (folder / "child.toml").write_text('extends = "text"\ntitle = "no table"\n', encoding="utf-8")
    (folder / "outer.toml").write_text('[[subcontracts]]\nid = "in"\ncontract = "child"\n', encoding="utf-8")
    (folder / "orphan.toml").write_text('extends = "nobody"\n', encoding="utf-8")
    (folder / "empty.toml").write_text("", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("clause", "field", "line"),
    [
        ("pay", "price", "price = 1.0"), ("pay", "indicators.target", "[[terms]]       # the first"),
        ("pay", "", "[[terms]]       # the first"),
        ("corridor", "target", "target = 'a [ in a string'"), ("corridor", "bands.share", "bands = ["),
        ("other", "price", "price = 3.0"), ("other", "share", "[terms.share]"), ("other", "rows.share", "[[terms.rows]]"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("name", "inside"), [("text", ""), ("child", ""), ("outer", "in.")])
def test_an_entry_is_found(configs, name, inside, clause, field, line):
    """The line of the entry, else of its clause; brackets and entries inside values are none."""
    found = locate(configs / "contracts" / f"{name}.toml", inside + clause, field, configs)
    assert found == f"{configs / 'contracts' / 'text.toml'}:{TEXT.splitlines().index(line) + 1}"


@pytest.mark.parametrize("name", ["text", "child"])
@pytest.mark.parametrize(("field", "line"), [("reserve", "reserve = 1"), ("rescue", "[ending] # the end")])
def test_the_ending_is_found(configs, name, field, line):
    """The ending is a table of its own."""
    found = locate(configs / "contracts" / f"{name}.toml", "ending", field, configs)
    assert found == f"{configs / 'contracts' / 'text.toml'}:{TEXT.splitlines().index(line) + 1}"


@pytest.mark.parametrize("name", ["text", "child", "outer", "orphan", "empty"])
@pytest.mark.parametrize(("clause", "field"), [("", ""), ("", "inputs.spare"), ("nobody", "price"), ("no.body", "price")])
def test_what_stands_nowhere_is_the_file(configs, name, clause, field):
    """A contract as a whole, and a clause that no file has, are placed at the file that was asked for."""
    path = configs / "contracts" / f"{name}.toml"
    assert locate(path, clause, field, configs) == str(path)


def test_lines_outside_values():
    """Comments go, and so do lines that only go on with a string or a list; what is left keeps its place."""
    text = 'a = "[" # [x]\nb = [\n[1],\n]\nc = """\n[d]\n"""\n[e]'
    assert [line.strip() for line in outside_values(text)] == ['a = " "', "b = [", "", "", "c =", "", "", "[e]"]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_finding_in_a_shipped_contract_has_a_place(name):
    """Review and place run on every shipped contract; a finding on a clause stands on a line of a file that exists."""
    contract = load_contract(name, CONFIGS)
    path = contract_path(name, CONFIGS)
    for one in [*review(contract), *review(contract, None, 60_000.0)]:
        place = locate(path, one.clause, one.field, CONFIGS)
        file, _, line = place.rpartition(":") if one.clause else (place, "", "")
        assert Path(file).is_file()
        assert not one.clause or 1 <= int(line) <= len(Path(file).read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("name", SHIPPED)
def test_every_clause_of_a_shipped_contract_has_a_line(name):
    """Each clause is found on a line that begins a table of terms."""
    path = contract_path(name, CONFIGS)
    for term in load_contract(name, CONFIGS).terms:
        file, _, line = locate(path, term.id, "", CONFIGS).rpartition(":")
        assert Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1].startswith("[[terms]]")
