"""What stands around the comparison with the peers: pins and licences, oasislmf's stream, the page. No peer is needed."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.unit
FOLDER = Path(__file__).resolve().parents[3] / "benchmarks" / "peers"


def module(name):
    """A module of the comparison by its file: its folder is on no path."""
    spec = importlib.util.spec_from_file_location(f"peers_{name}", FOLDER / f"{name}.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_every_pinned_peer_has_its_version_and_licence_in_the_readme():
    """The README's table names each peer of requirements.txt with the pinned version and a permissive licence."""
    pins = re.findall(r"^(\w+)==([\d.]+)$", (FOLDER / "requirements.txt").read_text(encoding="utf-8"), re.M)
    table = [line for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("| [")]
    assert len(pins) == len(table) == 3
    for (_, version), line in zip(pins, table, strict=True):
        assert f" {version} |" in line
        assert line.rstrip(" |").endswith(("MIT", "BSD-3-Clause"))


def test_no_peer_is_a_dependency():
    """No peer stands in the project's own metadata."""
    metadata = (FOLDER.parents[1] / "pyproject.toml").read_text(encoding="utf-8").lower()
    assert not [name for name in ("monaco", "ema_workbench", "oasislmf") if name in metadata]


def test_stream_holds_the_losses_as_written(tmp_path):
    """A stream that is written and read back gives each item's sum over events and samples, headers and ends left out."""
    given = np.arange(1, 25, dtype=np.float32).reshape(2, 3, 4)
    path = tmp_path / "stream"
    oasis = module("with_oasis")
    oasis.write_stream(path, given)
    assert path.stat().st_size == 8 + 2 * 3 * (8 + 4 * 8 + 8)
    assert path.read_bytes()[:8] == bytes([1, 0, 0, 2, 4, 0, 0, 0])
    assert oasis.read_totals(path) == {k + 1: float(given[:, k].sum()) for k in range(3)}


def test_special_samples_count_for_nothing(tmp_path):
    """Means and other special samples, which have numbers below 0, are in no total."""
    pairs = np.array([[1, 7], [-1, 0], [1, 0], [0, 0]], dtype="<i4")
    pairs.view("<f4")[1:3, 1] = 100.0, 2.5
    path = tmp_path / "stream"
    path.write_bytes(bytes(8) + pairs.tobytes())
    assert module("with_oasis").read_totals(path) == {7: 2.5}


def test_missing_peer_is_named_with_its_remedy(capsys):
    """A package that is not there is handed back and named, with the command that brings it."""
    assert module("run_peers").missing(["no_such_peer", "json"]) == ["no_such_peer"]
    said = capsys.readouterr().err
    assert "no_such_peer is not in this environment" in said
    assert "requirements.txt" in said


def test_page_is_that_of_the_figures():
    """peers.md is what page.py makes of peers.json, so neither was touched by hand."""
    found = json.loads((FOLDER / "peers.json").read_text(encoding="utf-8"))
    assert module("page").page(found) == (FOLDER / "peers.md").read_text(encoding="utf-8")


def test_page_names_what_was_left_out():
    """A page without a comparison has no table of it, and says which peers were not there."""
    words = module("page").page({"environment": {"python": "3"}, "rounds": 2, "left_out": ["monaco"]})
    assert "Left out, for they were not there: monaco." in words
    assert "|" not in words
