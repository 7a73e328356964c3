"""Libraries of mitigations: the standard one reads whole; what cannot be read is refused with its place and the remedy."""

from __future__ import annotations

import pytest

from stresstest.config.playbooks import Change, read_playbook
from stresstest.errors import ConfigError

pytestmark = pytest.mark.unit

GOOD = """
schema_version = 1
[[mitigation]]
id = "one"
words = "one thing"
kind = "change set"
answers = ["walks_away"]
changes = ["ending.reserve += 0.05 of budget", "cap_and_collar.support_share *= 2", "gain_loss_share.band = net"]
agree = ["commissioner"]
notice_years = 1
cost = "nobody"
quality = "judgement"
source = "made up"
"""


def read(tmp_path, text):
    """The library of a text."""
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return read_playbook(path)


def test_the_standard_library_reads_whole():
    """Twenty or so mitigations of every kind, each with a source, who must agree and what it is for; four triggers or more."""
    found = read_playbook()
    assert 15 <= len(found) <= 30
    assert {one.kind for one in found} == {"change set", "reserve", "trigger", "buy-out"}
    assert sum(one.kind == "trigger" for one in found) >= 4
    assert all(one.source and one.agree and one.answers and one.cost for one in found)
    assert {"walks_away", "commissioner_limit", "quality_floor", "hospital_limit"} <= {
        a for one in found for a in one.answers
    }


def test_changes_are_read_by_sign(tmp_path):
    """Set, multiply, add, of the budget, and a choice."""
    (one,) = read(tmp_path, GOOD)
    assert one.changes == (
        Change("ending", "reserve", "+=", 0.05, True), Change("cap_and_collar", "support_share", "*=", 2.0),
        Change("gain_loss_share", "band", "=", "net"),
    )  # fmt: skip
    assert one.changes[0].words == "ending.reserve += 0.05 of budget"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "change set"', 'kind = "chang set"', "change set"),
        ("support_share *= 2", "support_share times 2", "CLAUSE.ENTRY"),
        ("support_share *= 2", "support_share *= two", "number"),
        ("= net", "= nan", "finite"),
        ('quality = "judgement"', 'quality = "guess"', "judgement"),
        ("notice_years = 1", "notice_years = -1", "notice_years"),
        ('cost = "nobody"', 'costs = "nobody"', "cost"),
        ('agree = ["commissioner"]', "agree = []", "list of texts"),
        ('kind = "change set"', 'kind = "trigger"', "waits for its signal"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(tmp_path, old, new, told):
    """Wrong kinds, changes, marks, bounds and keys are refused with what was expected."""
    assert old in GOOD
    with pytest.raises(ConfigError, match=told):
        read(tmp_path, GOOD.replace(old, new))


def test_empty_and_doubled_libraries_are_refused(tmp_path):
    """No mitigation, one that changes nothing, two of one id, an unknown kind of clause, and a file that is not there."""
    body = GOOD.split("schema_version = 1")[1]
    for text, told in (
        ("schema_version = 1\nmitigation = []", "no mitigation"),
        (GOOD.replace(GOOD[GOOD.index("changes =") : GOOD.index("agree")], ""), "changes nothing"),
        (GOOD + body, "two mitigations"),
        (GOOD + '[[mitigation.clause]]\nid = "x"\nkind = "paiment"\n', "payment"),
    ):
        with pytest.raises(ConfigError, match=told):
            read(tmp_path, text)
    with pytest.raises(ConfigError, match="no such file"):
        read_playbook(tmp_path / "none.toml")
