"""Counts of instructions: what valgrind leaves behind is read, and the request is one that a processor ignores."""

from __future__ import annotations

import pytest

from stresstest.bench import counting

pytestmark = pytest.mark.unit

DUMP = """# callgrind format
version: 1
desc: Trigger: Client Request: {name}
events: Ir
totals: {total}
"""


def test_dumps_are_read(tmp_path):
    """The least of the runs of one length counts, long less short makes a life, and dumps of no rule are left out."""
    runs = [("4 clause: a", 1_400), ("4 clause: a", 1_390), ("24 clause: a", 5_390), ("24 clause: a", 5_500)]
    for k, (name, total) in enumerate(runs):
        (tmp_path / f"count.out.{k}").write_text(DUMP.format(name=name, total=total), encoding="utf-8")
    (tmp_path / "count.out.9").write_text("desc: Trigger: Program termination\ntotals: 77\n", encoding="utf-8")
    found = counting.totals(tmp_path)
    assert found == {"4 clause: a": 1_390, "24 clause: a": 5_390}
    assert counting.lives(found) == {"clause: a": 200}


@pytest.mark.skipif(not counting.available(), reason="needs valgrind on x86-64")
def test_a_request_does_nothing_outside_of_valgrind():
    """The sequence that valgrind looks for runs and returns on a processor that knows nothing of it."""
    valgrind = counting.Valgrind()
    assert [valgrind.ask(request, "nobody listens") for request in (counting.START, counting.ZERO, counting.DUMP_AT)] == [0, 0, 0]
