"""The risk register's file: the standard one is whole, and what is wrong in one is refused with its place."""

from __future__ import annotations

import pytest
from schema_files import faults, read

from stresstest.config.folders import config_folder
from stresstest.config.risk_register import KEYS, load_register, risks_schema
from stresstest.errors import ConfigError

pytestmark = pytest.mark.unit
STANDARD = config_folder() / "risks" / "standard.toml"
HEAD = """schema_version = 1
title = "t"
materiality = { money = 0.001, health = 0.01 }
bands = { likelihood = [0.01, 0.05, 0.2, 0.5], money = [0.1, 0.2, 0.3, 0.4], health = [0.1, 0.2, 0.3, 0.4] }
"""
ROW = """[[risks]]
id = "one"
title = "t"
cause = "c"
event = "e"
effect = "f"
early_sign = "s"
mitigation = "m"
source = "w"
quality = "judgement"
owner = "provider"
controls = ["provider"]
"""
GOOD = 'parameters = { "place.need.noise" = 0.0 }\n'


def written(folder, text):
    """A register file."""
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_standard_register_is_whole():
    """It has some twenty risks of distinct ids, each with words, an owner and one way to be made nothing of."""
    register = load_register()
    assert 16 <= len(register.risks) <= 30
    assert len({one.id for one in register.risks}) == len(register.risks)
    for one in register.risks:
        assert all((one.title, one.cause, one.event, one.effect, one.early_sign, one.mitigation, one.source))
        assert sum(map(bool, (one.parameters or one.axes, one.scope, one.special))) == 1
    ids = {one.id for one in register.risks}
    assert {"never_starts", "partial_scope", "late_start", "gaming", "stranded_cost", "policy_break", "omitted_item"} <= ids


def test_every_number_of_the_register_has_a_source():
    """Materiality and bands say where they come from and how good that is."""
    register = load_register()
    for one in (*register.materiality.values(), *register.bands.values()):
        assert one.source
        assert one.quality in ("judgement", "recalled", "published")


def test_bands_take_an_edge_upwards():
    """Just below the first edge is band 1, at it band 2, at the last edge band 5."""
    register = load_register()
    first, *_, last = register.bands["money"].values
    assert [register.band("money", x) for x in (0.0, first * 0.999, first, last * 0.999, last, 1.0)] == [1, 1, 2, 4, 5, 5]


def test_an_own_register_is_read(tmp_path):
    """A file of one's own gives its risk, with numbers as given."""
    register = load_register(written(tmp_path, HEAD + ROW + GOOD))
    assert register.risks[0].parameters == {"place.need.noise": 0.0}


@pytest.mark.parametrize(("text", "words"), [
    (HEAD + ROW, "exactly one way"),
    (HEAD + ROW + GOOD + 'special = "gaming"\n', "exactly one way"),
    (HEAD + ROW + 'parameters = { "place.need.nois" = 0.0 }\n', "no such parameter"),
    (HEAD + ROW + 'parameters = { "place.need.noise" = "plan" }\n', "no plan says"),
    (HEAD + ROW + 'parameters = { "place.need.noise" = 7.0 }\n', "out of range"),
    (HEAD + ROW + 'parameters = { "place.need.noise" = "nil" }\n', "should be a number"),
    (HEAD + ROW + 'axes = ["workforc"]\n', "not one of the names"),
    (HEAD + ROW.replace('["provider"]', '["nobody"]') + GOOD, "not one of the names"),
    (HEAD + ROW + GOOD + ROW + GOOD, "two risks of one id"),
    (HEAD.replace("[0.1, 0.2, 0.3, 0.4]", "[0.2, 0.1, 0.3, 0.4]", 1) + ROW + GOOD, "four edges, ascending"),
    (HEAD + "risks = []\n", "at least one risk"),
    (HEAD + ROW + GOOD + "colour = 1\n", "unknown key"),
])  # fmt: skip
def test_what_is_wrong_is_refused(tmp_path, text, words):
    """Each mistake gets a ConfigError that names it and the file."""
    with pytest.raises(ConfigError, match=words) as caught:
        load_register(written(tmp_path, text))
    assert "own.toml" in str(caught.value)


def test_an_unknown_register_is_refused():
    """A name that no file has gives the nearest one."""
    with pytest.raises(ConfigError, match="standard"):
        load_register("standad")


def test_the_schema_accepts_the_standard_register():
    """The editors' schema refuses nothing of the shipped file, and knows every parameter."""
    schema = risks_schema()
    assert faults(schema, read(STANDARD)) == []
    assert set(KEYS) <= set(schema["properties"]["risks"]["items"]["properties"]["parameters"]["properties"])
    assert faults(schema, {**read(STANDARD), "colour": 1}) == [".colour: unknown"]
