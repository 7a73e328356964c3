"""A contract that extends another: tables merge, clauses, inputs and parties merge by name, and clauses fall away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli_w
from small_contracts import load, payment, refused_file, settled, small, write

from stresstest.config.section import merge
from stresstest.contract import Contract

pytestmark = pytest.mark.unit
BASE = small(
    payment("x", 2.0, id="a", note="first", in_force={"from": 1, "to": 2}),
    payment("one", [1.0, 2.0], id="b"),
    payment("one"),
    inputs=("x",),
    parties=[{"name": "owner", "title": "Owner"}],
)


def child(folder: Path, base: dict[str, Any] | None = None, **change: Any) -> Contract:
    """BASE with this change laid over it, by way of two files."""
    write(folder, base=base or BASE, child={"extends": "base", **change})
    return load(folder, "child")


def ids(contract: Contract) -> list[str]:
    """Ids of the clauses in order."""
    return [term.id for term in contract.terms]


# ── merging ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_contract_that_changes_nothing_is_the_other_under_its_own_name(tmp_path: Path) -> None:
    """Every part of the contract below stands."""
    same = child(tmp_path)
    below = load(tmp_path, "base")
    assert (same.name, below.name) == ("child", "base")
    assert (same.terms, same.inputs, same.parties) == (below.terms, below.inputs, below.parties)
    assert (same.title, same.years, same.first_year) == (below.title, below.years, below.first_year)


def test_clauses_merge_by_id_and_keep_their_place(tmp_path: Path) -> None:
    """An entry that is given anew is replaced, every other one stays, and so does the order."""
    contract = child(tmp_path, terms=[{"id": "b", "price": 5.0}, {"id": "a", "payee": "owner"}])
    assert ids(contract) == ["a", "b", "payment"]
    first, second = contract.terms[:2]
    assert second.at(0)["price"] == second.at(3)["price"] == 5.0
    assert (first.payee, first.note, first.at(0)["price"], first.end) == ("owner", "first", 2.0, 1)


def test_a_clause_without_an_id_is_known_by_its_kind(tmp_path: Path) -> None:
    """Kind alone names the clause whose id is its kind; no other clause of the kind is touched."""
    contract = child(tmp_path, terms=[payment("one", 9.0)])
    assert ids(contract) == ["a", "b", "payment"]
    assert [term.at(0)["price"] for term in contract.terms] == [2.0, 1.0, 9.0]


def test_an_entry_is_replaced_whole(tmp_path: Path) -> None:
    """A number takes no source from the number that it replaces, and years in force none of the other years."""
    base = small(
        payment("one", {"value": 1.0, "source": "old", "quality": "published"}, id="a", in_force={"from": 2, "to": 3})
    )
    price = child(tmp_path, base, terms=[{"id": "a", "price": {"value": 2.0}}]).terms[0].values["price"]
    assert (price.values, price.source, price.quality) == ((2.0,), "", "unstated")
    price = child(tmp_path, base, terms=[{"id": "a", "price": {"dated": [{"from": 1, "value": 3.0}]}}]).terms[0]
    assert price.values["price"].source == ""
    term = child(tmp_path, base, terms=[{"id": "a", "in_force": {"from": 4}}]).terms[0]
    assert (term.start, term.end) == (3, 3)


def test_inputs_merge_by_name(tmp_path: Path) -> None:
    """A new input joins, a bound is tightened, and what is not said again stays."""
    contract = child(tmp_path, inputs=[{"name": "x", "low": 0.0, "default": 3.0}, {"name": "y", "unit": "share"}])
    assert [(e.name, e.unit, e.low, e.default) for e in contract.inputs] == [
        ("x", "GBP", 0.0, 3.0), ("y", "share", -1e15, None),
    ]  # fmt: skip
    assert settled(contract, y=[0] * 4)["a"] == [6, 6, 0, 0]


def test_parties_merge_by_name(tmp_path: Path) -> None:
    """A new party joins, and an old one is told more of."""
    contract = child(tmp_path, parties=[{"name": "owner", "public": True}, {"name": "bank"}])
    assert [(p.name, p.title, p.public) for p in contract.parties] == [
        ("owner", "Owner", True),
        ("bank", "bank", False),
    ]


def test_tables_merge_and_words_are_replaced(tmp_path: Path) -> None:
    """An index joins or is replaced, a title is replaced, and years may change."""
    base = small(payment("one", {"value": 100, "index": "i"}), indices={"i": 0.5, "j": 0.1})
    contract = child(tmp_path, base, title="longer", years=3, indices={"i": [1.0, 0.0], "k": 0.2})
    assert (contract.title, contract.years) == ("longer", 3)
    assert settled(contract)["payment"] == [100, 200, 200]


def test_contracts_inside_merge_by_id(tmp_path: Path) -> None:
    """Another inner contract, or other parties for it, take the place of the old ones."""
    write(tmp_path, one=small(payment("one", 1.0)), two=small(payment("one", 2.0)))
    base = {**BASE, "subcontracts": [{"id": "n", "contract": "one", "parties": {"provider": "owner"}}]}
    contract = child(tmp_path, base, subcontracts=[{"id": "n", "contract": "two"}, {"id": "m", "contract": "one"}])
    assert ids(contract) == ["a", "b", "payment", "n.payment", "m.payment"]
    assert [(t.at(0)["price"], t.payee) for t in contract.terms[3:]] == [(2.0, "owner"), (1.0, "provider")]


def test_a_chain_of_three_is_laid_from_the_bottom_up(tmp_path: Path) -> None:
    """The nearest contract has the last word, and each may build on what the one below added."""
    write(tmp_path, base=BASE)
    write(
        tmp_path, middle={"extends": "base", "remove": ["b"], "terms": [payment("x", 7.0, id="c")], "title": "middle"}
    )
    write(tmp_path, top={"extends": "middle", "terms": [{"id": "c", "price": 8.0}, {"id": "a", "price": 1.0}]})
    contract = load(tmp_path, "top")
    assert (contract.title, ids(contract)) == ("middle", ["a", "payment", "c"])
    assert [term.at(0)["price"] for term in contract.terms] == [1.0, 1.0, 8.0]


@pytest.mark.parametrize("new", [{"value": 2.0}, {"dated": [{"from": 1, "value": 2.0}]}])
def test_a_number_outside_clauses_takes_nothing_from_the_one_below(new: dict[str, Any]) -> None:
    """In the plan, an index or any other table a number with its notes is replaced whole; change of a note alone merges."""
    below = {"plan": {"growth": {"value": 1.0, "source": "old", "quality": "published"}, "other": 3.0}}
    assert merge(below, {"plan": {"growth": new}}) == {"plan": {"growth": new, "other": 3.0}}
    noted = merge(below, {"plan": {"growth": {"source": "new"}}})["plan"]["growth"]
    assert noted == {"value": 1.0, "source": "new", "quality": "published"}


def test_the_contract_below_is_left_as_it_was() -> None:
    """Merging changes neither of the two tables."""
    below = {"terms": [{"id": "a", "n": 1}], "plan": {"x": 1, "y": {"value": 1}}}
    above = {"terms": [{"id": "a", "n": 2}, {"id": "b", "before": "a"}], "plan": {"y": {"value": 2}}}
    assert merge(below, above) == {"terms": [{"id": "b"}, {"id": "a", "n": 2}], "plan": {"x": 1, "y": {"value": 2}}}
    assert below == {"terms": [{"id": "a", "n": 1}], "plan": {"x": 1, "y": {"value": 1}}}
    assert above == {"terms": [{"id": "a", "n": 2}, {"id": "b", "before": "a"}], "plan": {"y": {"value": 2}}}


# ── order ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("before", "order"),
    [
        (None, ["a", "b", "payment", "new"]), ("a", ["new", "a", "b", "payment"]), ("b", ["a", "new", "b", "payment"]),
        ("payment", ["a", "b", "new", "payment"]),
    ],
)  # fmt: skip
def test_a_new_clause_goes_to_the_end_or_before_another(tmp_path: Path, before: str | None, order: list[str]) -> None:
    """`before` names a clause by its id, or by its kind where that is its id."""
    more = {} if before is None else {"before": before}
    assert ids(child(tmp_path, terms=[payment("one", id="new", **more)])) == order


def test_several_new_clauses_keep_their_order(tmp_path: Path) -> None:
    """Clauses put before the same one stand in the order of the file; one may go before another new one."""
    new = [payment("one", id=name, before=before) for name, before in (("n1", "b"), ("n2", "b"), ("n0", "n1"))]
    assert ids(child(tmp_path, terms=new)) == ["a", "n0", "n1", "n2", "b", "payment"]


def test_what_stands_before_may_be_read(tmp_path: Path) -> None:
    """A clause put in front of another gives it a number; at the end it comes too late."""
    figure = {"kind": "schedule", "id": "rate", "value": 3.0}
    contract = child(tmp_path, terms=[{**figure, "before": "b"}, {"id": "b", "price": "rate"}])
    assert settled(contract, x=[0] * 4)["b"] == [3.0] * 4
    write(tmp_path, late={"extends": "base", "terms": [figure, {"id": "b", "price": "rate"}]})
    assert refused_file(tmp_path, "late").key == "terms[2].price"


# ── remove ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("remove", "left"),
    [([], ["a", "b", "payment"]), (["a"], ["b", "payment"]), (["b", "a"], ["payment"]), (["payment"], ["a", "b"])],
)
def test_clauses_fall_away_by_id(tmp_path: Path, remove: list[str], left: list[str]) -> None:
    """`remove` names ids, or the kind of a clause without one; the others keep their order and their numbers."""
    contract = child(tmp_path, remove=remove)
    assert ids(contract) == left
    below = {term.id: term for term in load(tmp_path, "base").terms}
    assert all(term == below[term.id] for term in contract.terms)


def test_what_a_removed_clause_said_can_no_longer_be_read(tmp_path: Path) -> None:
    """A reader that is left behind is refused where it reads."""
    base = small(payment("one", id="a"), payment("a", id="b"))
    write(tmp_path, base=base, child={"extends": "base", "remove": ["a"]})
    error = refused_file(tmp_path, "child")
    assert (error.key, error.value) == ("terms[1].of", "a")


@pytest.mark.parametrize(
    ("change", "key", "message", "value"),
    [
        ({"remove": ["c"]}, "remove", "the contract has no such clause", "c"),
        ({"remove": ["a", 3]}, "remove", "the contract has no such clause", 3),
        ({"remove": "a"}, "remove", "this should be a list of clauses", "a"),
        ({"terms": [payment("one", id="n", before="c")]}, "terms.n.before", "there is no clause of this name to go before", "c"),
        ({"terms": 3}, "terms", "this should be a list of tables", 3),
        ({"terms": [3]}, "terms", "this should be a list of tables", [3]),
        ({"terms": [{"id": "n", "price": 1.0}]}, "terms[4].kind", "an entry is missing", None),
        ({"terms": [{"id": "a", "kind": "schedule", "value": 1.0}]}, "terms[1].of", "unknown key", "x"),
        ({"inputs": [{"name": "y"}]}, "inputs[2].unit", "an entry is missing", None),
        ({"titel": "x"}, "titel", "unknown key", "x"),
        ({"extends": "child"}, "extends", "a contract cannot extend itself", "child"),
        ({"extends": 3}, "extends", "this should be the name of a contract", 3),
        ({"extends": "bas"}, "extends", "there is no contract file of this name", "bas"),
    ],
)  # fmt: skip
def test_a_change_that_fits_nothing_is_refused(
    tmp_path: Path, change: dict[str, Any], key: str, message: str, value: Any
) -> None:
    """The error names the key, the value, and the nearest clause or contract where there is one."""
    error = refused_file(write(tmp_path, base=BASE, child={"extends": "base", **change}), "child")
    assert (error.key, error.message) == (key, message)
    if value is not None:
        assert error.value == value


def test_a_circle_of_two_is_refused(tmp_path: Path) -> None:
    """Two contracts that extend each other are refused, whichever is asked for."""
    write(tmp_path, one={"extends": "two"}, two={"extends": "one"})
    for name in ("one", "two"):
        assert refused_file(tmp_path, name).message == "a contract cannot extend itself"


def test_only_a_contract_that_extends_another_removes(tmp_path: Path) -> None:
    """`remove` without `extends` has nothing to take from."""
    error = refused_file(write(tmp_path, alone={**BASE, "remove": ["a"]}), "alone")
    assert (error.key, error.message) == ("extends", "this should be the name of a contract")


# ── where the other contract is looked up ──────────────────────────────────────────────────────────────────────────
def put(path: Path, raw: dict[str, Any]) -> str:
    """A contract in a file anywhere; its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(tomli_w.dumps(raw).encode())
    return str(path)


@pytest.mark.parametrize("name", ["base", "base.toml", "../mine/base.toml", "{folder}/base.toml"])
def test_the_file_beside_goes_first(tmp_path: Path, name: str) -> None:
    """A contract extends the one beside it, before one of the same name in configs/contracts."""
    configs = write(tmp_path, base={**BASE, "title": "shipped"})
    put(tmp_path / "mine" / "base.toml", {**BASE, "title": "beside"})
    path = put(tmp_path / "mine" / "child.toml", {"extends": name.format(folder=tmp_path / "mine")})
    assert load(configs, path).title == "beside"


def test_configs_come_after(tmp_path: Path) -> None:
    """Without such a file beside it, it is the one in configs/contracts; also under the name of the file itself."""
    configs = write(tmp_path, base={**BASE, "title": "shipped"})
    assert load(configs, put(tmp_path / "mine" / "child.toml", {"extends": "base"})).title == "shipped"
    changed = load(configs, put(tmp_path / "mine" / "base.toml", {"extends": "base", "remove": ["a"]}))
    assert (changed.title, ids(changed)) == ("shipped", ["b", "payment"])


@pytest.mark.parametrize("name", ["one", "one.toml", "two"])
def test_a_circle_beside_is_refused(tmp_path: Path, name: str) -> None:
    """A file that extends itself, by name, by path or round a corner, is refused."""
    configs = write(tmp_path, base=BASE)
    put(tmp_path / "mine" / "two.toml", {"extends": "../mine/one.toml"})
    error = refused_file(configs, put(tmp_path / "mine" / "one.toml", {"extends": name}))
    assert (error.message, error.key) == ("a contract cannot extend itself", "extends")


def test_a_misspelt_file_beside_has_a_neighbour(tmp_path: Path) -> None:
    """The nearest name is looked for beside the file as well."""
    configs = write(tmp_path, base=BASE)
    put(tmp_path / "mine" / "harbour.toml", BASE)
    path = put(tmp_path / "mine" / "child.toml", {"extends": "harbor"})
    error = refused_file(configs, path)
    assert (str(error.file), error.key, error.nearest) == (path, "extends", "harbour")


@pytest.mark.parametrize("name", ["inner", "inner.toml", "../inside/inner.toml"])
def test_a_contract_inside_is_the_one_beside_the_file_that_names_it(tmp_path: Path, name: str) -> None:
    """The folder is that of the file with [[subcontracts]] in it, also where a file elsewhere extends that one."""
    configs = write(tmp_path, inner=small(payment("one", 1.0)))
    put(tmp_path / "inside" / "inner.toml", small(payment("one", 2.0)))
    put(tmp_path / "mine" / "inner.toml", small(payment("one", 3.0)))
    outer = put(tmp_path / "inside" / "outer.toml", {**BASE, "subcontracts": [{"id": "n", "contract": name}]})
    path = put(tmp_path / "mine" / "child.toml", {"extends": "../inside/outer.toml"})
    for contract in (load(configs, outer), load(configs, path)):
        assert contract.terms[-1].id == "n.payment"
        assert contract.terms[-1].at(0)["price"] == 2.0


def test_a_shipped_contract_keeps_its_own_inner_one(tmp_path: Path) -> None:
    """A file of the same name beside a child does not take the place of what a shipped contract has inside it."""
    configs = write(tmp_path, inner=small(payment("one", 1.0)))
    write(tmp_path, outer={**BASE, "subcontracts": [{"id": "n", "contract": "inner"}]})
    put(tmp_path / "mine" / "inner.toml", small(payment("one", 3.0)))
    path = put(tmp_path / "mine" / "child.toml", {"extends": "outer"})
    assert load(configs, path).terms[-1].at(0)["price"] == 1.0
