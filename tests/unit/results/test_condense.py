"""Condensed futures say what all futures together say, and bear no trace of how they were cut and joined."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstest import layout as L
from stresstest.results import condense as C
from stresstest.results import condensed

pytestmark = pytest.mark.unit
YEARS = 4
EVENTS = (C.Event("limit", "commissioner_exposure_npv_gbp", True, 1e8), C.Event("floor", "mean_true_score", False, 0.0))


def futures(n, seed=1, strategies=2, weights=False):
    """out[S, OUTCOMES, n] of large, small, negative and equal numbers, and nature[…, n]; the first future is the central one."""
    x = np.sin(np.arange(1, strategies * len(L.OUTCOMES) * n + 1) * (0.7 + seed)) ** 3
    out = (x * 10.0 ** (np.arange(x.size) % 11 - 2)).reshape(strategies, len(L.OUTCOMES), n)
    out[:, 3, ::3] = 0.0
    cause = np.arange(n) % len(L.EXIT_CAUSES)
    out[:, L.OUT["exit_cause_code"]] = cause
    out[:, L.OUT["exit_year_index"]] = np.where(cause > 0, np.arange(n) % YEARS, -1)
    nature = np.zeros((len(L.NATURE) + len(L.TAGS), n))
    nature[len(L.NATURE) + L.TAG_WEIGHT] = 1.0 + (0.5 * np.cos(np.arange(n)) if weights else 0.0)
    return out, nature


def cut(out, nature, sizes, base=0):
    """Pieces of chunks of these sizes, in a row."""
    pieces, first = [], 0
    for size in sizes:
        own = slice(first, first + size)
        pieces.append(C.condense(base + first, out[..., own], nature[..., own], YEARS, EVENTS))
        first += size
    assert first == out.shape[2]
    return pieces


def same(one, other):
    """Whether two pieces are equal bit for bit."""
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in C.Piece.__dataclass_fields__)


@pytest.mark.parametrize("weights", [False, True])
def test_chunks_and_order_leave_no_trace(weights):
    """However a stretch is cut at whole cells, and in whatever order its pieces are joined, every bit is the same."""
    out, nature = futures(5 * C.CELL + 100, weights=weights)
    whole = C.join(cut(out, nature, [out.shape[2]]))
    for sizes in ([C.CELL] * 5 + [100], [2 * C.CELL, 3 * C.CELL + 100], [4 * C.CELL, C.CELL, 100]):
        pieces = cut(out, nature, sizes)
        assert same(C.join(pieces), whole)
        assert same(C.join(pieces[::-1]), whole)


@pytest.mark.parametrize("weights", [False, True])
def test_sums_are_those_of_the_futures(weights):
    """Mean, squares, error, extremes, ends and hurdles equal those worked out from every future at once."""
    out, nature = futures(C.CELL + 777, weights=weights)
    piece = C.join(cut(out, nature, [C.CELL, 777]))
    w = nature[len(L.NATURE) + L.TAG_WEIGHT, 1:]
    assert int(piece.futures[0]) == w.size
    assert piece.weight[0] == pytest.approx(math.fsum(w), rel=1e-15)
    x = np.concatenate((out[:, : len(C.MEASURES), 1:], out[1:, : len(C.MEASURES), 1:] - out[:1, : len(C.MEASURES), 1:]))
    mean = (x * w).sum(axis=-1) / w.sum()
    away = x - mean[..., None]
    scale = np.abs(x).max(axis=-1)
    assert np.allclose(piece.total[..., 0] / piece.weight[0] / scale, mean / scale, atol=1e-13)
    assert np.allclose(piece.spread[..., 0], (w * away**2).sum(axis=-1), rtol=1e-10)
    assert np.allclose(piece.error[..., 0], (w**2 * away**2).sum(axis=-1), rtol=1e-10)
    assert np.array_equal(piece.extreme, np.stack((x.min(axis=-1), x.max(axis=-1)), axis=-1))
    assert np.array_equal(piece.extreme_future, np.stack((x.argmin(axis=-1), x.argmax(axis=-1)), axis=-1) + 1)
    cause, year = out[0, L.OUT["exit_cause_code"], 1:], out[0, L.OUT["exit_year_index"], 1:]
    assert piece.ends[0, 2, 3] * C.UNIT == pytest.approx(w[(cause == 3) & (year == 2)].sum(), abs=1e-5)
    over = out[0, L.OUT["commissioner_exposure_npv_gbp"], 1:] > 1e8
    assert piece.missed[0, 0] * C.UNIT == pytest.approx(w[over].sum(), abs=1e-5)
    failed = over | (out[0, L.OUT["mean_true_score"], 1:] < 0.0) | (cause >= L.EXIT_FIRST_ADVERSE)
    assert piece.missed[0, 2] * C.UNIT == pytest.approx(w[failed].sum(), abs=1e-5)


def test_bins_hold_every_weight_once():
    """The units of each outcome's bins add up to all futures, and every value lies in the bin that counts it."""
    out, nature = futures(3000)
    piece = C.condense(0, out, nature, YEARS)
    assert np.array_equal(np.bincount(piece.row, piece.units), np.full(3 * len(C.MEASURES), 2999 / C.UNIT))


@settings(max_examples=300, deadline=None)
@given(st.floats(min_value=-9e18, max_value=9e18, allow_nan=False, allow_infinity=False))
def test_a_value_lies_in_its_bin(value):
    """Every finite number lies between the edges of its bin, which are 0.4% apart beyond the one that holds 0."""
    number = C.bin_of(np.array([value]))
    low, high = (float(edge[0]) for edge in C.edges_of(number))
    assert low <= value <= high
    if abs(value) >= C.SMALLEST:
        assert high - low <= abs(value) / 255.9
    else:
        assert (low, high) == (-C.SMALLEST, C.SMALLEST)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(min_value=-1e17, max_value=1e17, allow_nan=False), min_size=2, max_size=40))
def test_bins_rise_with_the_value(values):
    """A larger number is never in a lower bin."""
    numbers = C.bin_of(np.sort(np.array(values)))
    assert (np.diff(numbers) >= 0).all()


def test_a_bin_knows_its_lowest_and_highest_value():
    """Each bin's ends are values of futures in it; a value that many futures share is known exactly."""
    out, nature = futures(3000)
    out[:, 5, 1:] = -23e6
    piece = C.join(cut(out, nature, [1024, 1976]))
    own = piece.row == 5
    assert (piece.low[own], piece.high[own], piece.units[own] * C.UNIT) == ([-23e6], [-23e6], [2999.0])
    low, high = C.edges_of(piece.bin.astype(np.int64))
    assert ((low <= piece.low) & (piece.low <= piece.high) & (piece.high <= high)).all()


def test_a_piece_comes_back_from_its_file(tmp_path):
    """What is written is what is read, and a damaged file is told from its checksum."""
    out, nature = futures(500)
    (tmp_path / condensed.FOLDER).mkdir(parents=True)
    piece = C.condense(0, out, nature, YEARS, EVENTS)
    facts = condensed.write_piece(tmp_path, "calibrated", 0, piece)
    assert condensed.is_there(tmp_path, facts)
    assert same(C.Piece.read(tmp_path / facts["path"]), piece)
    path = tmp_path / facts["path"]
    path.write_bytes(path.read_bytes()[:-100] + bytes(100))
    assert not condensed.is_there(tmp_path, facts)


def test_a_fold_replaces_its_pieces(tmp_path):
    """A folded stretch is known by its marker, its pieces are gone, and a changed file is no stretch."""
    out, nature = futures(2 * C.CELL)
    (tmp_path / condensed.FOLDER).mkdir(parents=True)
    pieces = cut(out, nature, [C.CELL, C.CELL])
    facts = [condensed.write_piece(tmp_path, "calibrated", k * C.CELL, piece) for k, piece in enumerate(pieces)]
    condensed.fold(tmp_path, "calibrated", 0, 2 * C.CELL, facts)
    assert condensed.is_folded(tmp_path, "calibrated", 0, 2 * C.CELL)
    assert not any((tmp_path / one["path"]).exists() for one in facts)
    (whole,) = (tmp_path / condensed.FOLDER).glob("*-whole.npz")
    assert same(C.Piece.read(whole), C.join(pieces))
    whole.write_bytes(whole.read_bytes() + b"\0")
    assert not condensed.is_folded(tmp_path, "calibrated", 0, 2 * C.CELL)
    assert not list((tmp_path / condensed.FOLDER).glob("*.json"))
