"""Files of variants: what they hold, and what is refused, with the place and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from stresstest.config.load import load_study
from stresstest.config.variants import MOST, read_variants
from stresstest.errors import ConfigError

pytestmark = pytest.mark.unit

TWO = """schema_version = 1
title = "Two"
[[variant]]
name = "a"
changes = ["contract.gain_loss_share.dead_band=0.03"]
note = "why"
[[variant]]
name = "b"
changes = ["provider.opening.margin=0.05"]
"""


def written(folder: Path, text: str) -> Path:
    """A file with this text."""
    path = folder / "drafts.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_gives_its_variants_in_order(tmp_path: Path) -> None:
    """Title, names, changes and notes come back as they stand."""
    title, found = read_variants(written(tmp_path, TWO))
    assert title == "Two"
    assert [(one.name, one.note) for one in found] == [("a", "why"), ("b", "")]
    assert found[0].changes == ("contract.gain_loss_share.dead_band=0.03",)


def test_the_shipped_file_can_be_laid_over_dudleys_contract() -> None:
    """Every draft of configs/variants/dudley.toml is a contract that can be read, and another one than Dudley's."""
    _, found = read_variants("dudley")
    assert 10 <= len(found) <= 15
    plain = load_study("dudley").configuration["contract"]
    for one in found:
        assert load_study("dudley", one.changes).configuration["contract"] != plain, one.name


MANY = '[[variant]]\nname = "v{0}"\nchanges = ["contract.ending.reserve={0}"]\n'
BAD = [
    (TWO.replace('"b"', '"A"'), "two variants have this name"),
    (TWO.replace("provider.opening", "place.opening"), "what nature does stays the same"),
    (TWO.replace('["provider.opening.margin=0.05"]', "[]"), "list of changes"),
    (TWO.replace('name = "b"', 'nam = "b"'), "an entry is missing"),
    (TWO.replace('name = "b"', f'name = "{"b" * 61}"'), "a name should fit a table"),
    (TWO.split("[[variant]]\nname = \"b\"")[0], "so many variants"),
    (TWO + "".join(MANY.format(k) for k in range(MOST)), "so many variants"),
    (TWO.replace("margin=0.05", "margin 0.05"), "key=value"),
]


@pytest.mark.parametrize(("text", "told"), BAD)
def test_what_is_wrong_is_said(text: str, told: str, tmp_path: Path) -> None:
    """Each fault is refused in words that name it."""
    with pytest.raises(ConfigError) as refused:
        read_variants(written(tmp_path, text))
    assert told in str(refused.value)


def test_a_name_that_is_none_gets_the_nearest() -> None:
    """A mistyped name is refused with the right one."""
    with pytest.raises(ConfigError) as refused:
        read_variants("dudly")
    assert "did you mean: dudley" in str(refused.value)
