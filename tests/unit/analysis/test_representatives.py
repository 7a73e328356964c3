"""Futures that stand for many: the right ones are chosen, each is another one, and weights count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stresstest.analysis import representatives_stream
from stresstest.analysis.representatives import ROLES, WANTED, Lived, choose, lived, pick_representatives, ranks
from stresstest.analysis.representatives_stream import found_by_stream, survey

pytestmark = pytest.mark.unit
COUNT = 1000


def some(seed: int = 0, weight: np.ndarray | None = None) -> Lived:
    """A thousand futures: exposure is the number of the future; one in two is lost, later where exposure is small."""
    rng = np.random.default_rng(seed)
    future = np.arange(1, COUNT + 1)
    exposure = rng.permutation(COUNT).astype(float)
    lost = exposure >= COUNT / 2
    year = np.where(lost, np.where(exposure >= 900, "2019/20", "2022/23"), "")
    cause = np.where(lost, "opening price", "none")
    surplus = np.where(lost, -1.0, 1.0) * (1.0 + rng.random(COUNT))
    return Lived(future, np.ones(COUNT) if weight is None else weight, surplus, exposure, year, cause)


def test_each_role_has_the_future_that_it_names() -> None:
    """The middle, the middle of the worst hundredth, the middle of the first losses, a success without a loss."""
    of = some()
    found = {one.role: one for one in choose(of)}
    assert list(found) == list(ROLES)
    assert found["median"].exposure_gbp in (499.0, 500.0)
    assert found["worst"].exposure_gbp in (994.0, 995.0)
    assert found["earliest failure"].exit_year == "2019/20"
    assert found["earliest failure"].exposure_gbp in (949.0, 950.0)
    quiet = found["quiet success"]
    assert (quiet.exit_cause, quiet.exit_year) == ("none", "")
    assert quiet.surplus_gbp > 0.0
    assert 150.0 < quiet.exposure_gbp < 350.0
    assert len({one.future for one in found.values()}) == 4
    for one in found.values():
        at = int(np.flatnonzero(of.future == one.future)[0])
        assert (one.exposure_gbp, one.surplus_gbp) == (of.exposure[at], of.surplus[at])
        assert one.exposure_rank == pytest.approx((one.exposure_gbp + 0.5) / COUNT)
        assert one.words == ROLES[one.role]


def test_order_of_the_futures_does_not_matter() -> None:
    """The same futures in another order give the same representatives."""
    of = some()
    turned = of.cut(np.arange(COUNT)[::-1])
    assert [one.future for one in choose(turned)] == [one.future for one in choose(of)]


def test_weights_count_and_futures_of_no_weight_are_never_chosen() -> None:
    """With all weight on the smaller exposures, the middle lies among them."""
    plain = some()
    weight = np.where(plain.exposure < 200.0, 5.0, 0.0)
    found = choose(some(weight=weight))
    assert [one.role for one in found] == ["median", "worst", "quiet success"]
    assert found[0].exposure_gbp == pytest.approx(100.0, abs=1.0)
    assert max(one.exposure_gbp for one in found) < 200.0
    assert ranks(np.array([3.0, 1.0, 2.0]), np.array([1.0, 2.0, 1.0])).tolist() == [0.875, 0.25, 0.625]


def test_a_run_without_failures_or_successes_leaves_the_role_out() -> None:
    """No loss, no earliest failure; nobody through the term in the black, no quiet success."""
    of = some()
    calm = Lived(of.future, of.weight, -np.abs(of.surplus), of.exposure, np.full(COUNT, ""), np.full(COUNT, "none"))
    assert [one.role for one in choose(calm)] == ["median", "worst"]


def test_a_run_folder_is_read_without_future_0(tmp_path: Path) -> None:
    """Strategies are kept apart, the central case is left out, and an empty exit year is no year."""
    rows = {
        "strategy": ["honest"] * 4 + ["gamed"] * 4, "future": [0, 1, 2, 3] * 2, "weight": [1.0] * 8,
        "provider_surplus_npv_gbp": [9.0, 1.0, -1.0, 2.0, 9.0, 5.0, 5.0, 5.0],
        "commissioner_exposure_npv_gbp": [9.0, 1.0, 3.0, 2.0, 9.0, 5.0, 5.0, 5.0],
        "exit_year": [None, None, "2019/20", None] * 2, "exit_cause": ["none", "none", "shock", "none"] * 2,
    }  # fmt: skip
    table = pa.table({name: pa.array(v).dictionary_encode() if isinstance(v[0] or "", str) else v for name, v in rows.items()})
    folder = tmp_path / "tables" / "outcomes" / "calibrated"
    folder.mkdir(parents=True)
    pq.write_table(table, folder / "part-00000.parquet")
    of = lived(tmp_path, "calibrated", "honest")
    assert of.future.tolist() == [1, 2, 3]
    assert of.year.tolist() == ["", "2019/20", ""]
    found = {one.role: one.future for one in pick_representatives(tmp_path, "calibrated", "honest")}
    assert found == {"median": 3, "worst": 2, "quiet success": 1}


@pytest.mark.parametrize("seed", range(4))
def test_a_stream_finds_what_holding_all_finds(seed, monkeypatch) -> None:
    """Found piece by piece, with only the futures near the wanted ranks kept, the representatives are the same ones."""
    rng = np.random.default_rng(seed)
    monkeypatch.setattr(representatives_stream, "SAMPLE", 2_000)
    count = 20_000
    exposure = np.round(rng.normal(size=count), 3)
    lost = exposure > 0.3
    of = Lived(
        np.arange(1, count + 1), rng.choice([0.0, 0.5, 1.0], count), np.where(lost, -1.0, rng.normal(1.0, 1.0, count) - exposure),
        exposure, np.where(lost, rng.choice(["2019/20", "2022/23"], count), ""), np.where(lost, "opening price", "none"),
    )  # fmt: skip

    def pieces():
        for start in range(0, count, 3_000):
            yield vars(of.cut(np.arange(start, min(count, start + 3_000))))

    found = found_by_stream(pieces, *survey(pieces), WANTED)
    assert found is not None
    held = choose(of)
    assert [(role, int(row["future"])) for role, row, _ in found] == [(one.role, one.future) for one in held]
    assert [place for _, _, place in found] == pytest.approx([one.exposure_rank for one in held])
    assert max(kept(monkeypatch, pieces)) < count / 3


def kept(monkeypatch, pieces) -> list[int]:
    """How many futures each band keeps."""
    sizes: list[int] = []
    ranked = representatives_stream.Band.ranked

    def counted(band):
        held = ranked(band)
        sizes.append(held["future"].size)
        return held

    monkeypatch.setattr(representatives_stream.Band, "ranked", counted)
    found_by_stream(pieces, *survey(pieces), WANTED)
    return sizes
