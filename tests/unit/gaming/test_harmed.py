"""Who bears what of each lever."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.errors import DataError
from stresstest.gaming import harmed
from stresstest.gaming.services import harms

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("lever", ["cost_shifting", "risk_selection", "exception_reporting"])
def test_public_bodies_add_up_to_the_public_exposure(small, lever):
    """Commissioner, council, hospital and others bear the whole change of the public exposure, future by future."""
    game = small(futures=6)
    found = harmed._in_batches(game, game.study, {**game.honest, lever: 0.05}, 6, batch=4)
    parts = sum(found[who] for who in ("commissioner", "council", "hospital", "others"))
    np.testing.assert_allclose(parts, found["public"], atol=1e-4)
    causes = sum(found[cause] for cause in harmed.CAUSES.values())
    np.testing.assert_allclose(causes, found["commissioner"], atol=1e-4)


def test_clauses_with_the_council_are_the_councils(small, dudley):
    """What a clause makes the provider pay to the council is taken off what the council bears."""
    clause = {"id": "charged", "kind": "payment", "payer": "provider", "payee": "council",
              "fields": {"price": 1.0, "of": "council_cost"}}  # fmt: skip
    bench = dudley.with_contract(dudley.study.contract.with_clause(clause)).with_ending(reserve=1e10)
    game = small(bench, 4)
    found = harmed._in_batches(game, game.study, {**game.honest, "cost_shifting": 1.0}, 4)
    np.testing.assert_allclose(found["council"], 0.0, atol=1e-4)
    plain = small(dudley.with_ending(reserve=1e10), 4)
    assert np.all(harmed._in_batches(plain, plain.study, {**game.honest, "cost_shifting": 1.0}, 4)["council"] > 0.0)


def test_rows_of_a_lever(small):
    """Every party twice, every cause and every band once; bands add up to the patients' direct loss."""
    game = small(futures=4)
    rows = harmed.harmed(game, {"disinvestment": {**game.honest, "disinvestment": 1.0}}, futures=4)
    assert {row.lever for row in rows} == {"disinvestment"}
    by_kind = {kind: [row for row in rows if row.kind == kind] for kind in harmed.KINDS}
    assert [len(by_kind[kind]) for kind in harmed.KINDS] == [6, 6, 6, 5]
    direct = next(row for row in by_kind["direct"] if row.who == "patients")
    assert sum(row.harm_qaly_mean for row in by_kind["band"]) == pytest.approx(direct.harm_qaly_mean)
    assert direct.harm_qaly_mean > 0.0
    assert all((row.harm_mean_gbp is None) == (row.harm_qaly_mean is not None) for row in rows)


def test_a_lever_that_is_not_used_has_no_rows(small):
    """A strategy that leaves a lever alone says nothing of it."""
    game = small(futures=2)
    assert harmed.harmed(game, {"upcoding": dict(game.honest)}, futures=2) == []


def test_a_lever_without_a_row_of_harm_is_named():
    """A gaming lever that the table lacks ends in an error with the nearest."""
    with pytest.raises(DataError, match="skimping"):
        harmed.harm_of("skimpin", harms())
