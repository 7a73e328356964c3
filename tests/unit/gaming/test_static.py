"""What the wording shows by itself, on clauses whose kinks can be reckoned by hand."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest

from stresstest.contract_verbs import contract_named
from stresstest.errors import ConfigError
from stresstest.gaming.output import Output, plain_row
from stresstest.gaming.records import central, made_up
from stresstest.gaming.static import Seen, static

pytestmark = pytest.mark.unit

TEXT = """schema_version = 1
title = "By hand"
currency = "GBP"
price_basis = "cash"
first_year = "2026/27"
years = 4

[[inputs]]
name = "spend"
unit = "GBP"
doc = "spend that the provider reports"
low = 0.0
high = 2e8
default = 1e8
[[inputs]]
name = "target"
unit = "GBP"
doc = "target agreed at signature"
default = 1e8
[[inputs]]
name = "calls"
unit = "calls"
doc = "calls answered, from the provider's own records"
low = 0.0
high = 100.0
default = 80.0

[[terms]]
id = "half"
kind = "gain_loss_share"
share_gain = 0.5
share_loss = 0.5
dead_band = 0.02
gain_cap = 1e18
loss_cap = 1e18
gain_cap_money = 1e6
loss_cap_money = 1e6
expected = "target"
actual = "spend"
payment = "target"
[[terms]]
id = "answered"
kind = "gate"
of = "calls"
at = 0.9
[[terms]]
id = "premium"
kind = "payment"
price = 1e6
scaled_by = "answered"
"""


def seen(tmp_path: Path) -> list[Seen]:
    """Everything that is seen in the contract above."""
    path = tmp_path / "by-hand.toml"
    path.write_text(TEXT)
    return static(central(contract_named(str(path))))


def test_kinks_of_a_band_with_caps_stand_where_they_are_written(tmp_path):
    """Bands at 98 and 102, caps 2 further out (half of 2m is 1m), slopes of a half in between, and a jump nowhere."""
    found = [one for one in seen(tmp_path) if one.clause == "half" and one.kind == "kink"]
    assert sorted(one.at for one in found) == pytest.approx([96e6, 98e6, 102e6, 104e6], rel=1e-9)
    slopes = {round(one.at / 1e6): (round(one.slope_before, 6), round(one.slope_after, 6)) for one in found}
    assert slopes == {96: (0.0, -0.5), 98: (-0.5, 0.0), 102: (0.0, -0.5), 104: (-0.5, 0.0)}
    flat = [one for one in seen(tmp_path) if one.clause == "half" and one.kind == "dead zone"]
    assert [one.at for one in flat] == pytest.approx([98e6])


def test_a_gate_in_the_wrong_unit_jumps_far_from_where_its_number_lies(tmp_path):
    """A gate at 0.9 on a number from 0 to 100 jumps by the whole premium at 0.9; the number is reported by the provider alone."""
    found = [one for one in seen(tmp_path) if one.quantity == "calls"]
    jump = next(one for one in found if one.kind == "jump")
    assert jump.at == pytest.approx(0.9, rel=1e-6)
    assert jump.gbp == pytest.approx(1e6)


def test_a_yearly_share_with_bands_begins_anew_each_year(tmp_path):
    """The annual settlement is told, with its clause, and the spend as unbacked."""
    kinds = {(one.kind, one.quantity) for one in seen(tmp_path)}
    assert ("annual reset", "spend") in kinds
    assert ("unbacked", "spend") in kinds
    assert not any(one.quantity == "target" for one in seen(tmp_path))


def test_made_up_books_are_the_same_every_time_and_keep_to_their_bounds(tmp_path):
    """No chance is in them, and nothing lies outside what the contract declares."""
    path = tmp_path / "by-hand.toml"
    path.write_text(TEXT)
    first, second = made_up(contract_named(str(path)), 16), made_up(contract_named(str(path)), 16)
    for name, values in first.columns.items():
        assert np.array_equal(values, second.columns[name])
        assert first.backings[name].low <= values.min() <= values.max() <= first.backings[name].high


def test_a_folder_appears_whole_or_not_at_all(tmp_path):
    """Tables stand in the folder only when it is done; a failure on the way leaves nothing behind."""
    with contextlib.suppress(RuntimeError), Output(tmp_path / "out") as folder:
        folder.table("rows", [{"a": 1.0}])
        raise RuntimeError("on the way")
    assert list(tmp_path.iterdir()) == []
    with Output(tmp_path / "out") as folder:
        folder.table("rows", [{"a": float("nan"), "b": ("x", "y")}])
        folder.table("none", [])
        folder.done()
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"rows.csv", "rows.parquet"}
    assert plain_row({"a": float("nan"), "b": ("x", "y"), "c": np.float64(2.0)}) == {"a": None, "b": "x; y", "c": 2.0}
    with pytest.raises(ConfigError, match="not empty"):
        Output(tmp_path / "out")
