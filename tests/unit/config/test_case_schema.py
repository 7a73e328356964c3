"""The JSON Schemas of case histories and priors: they accept what is shipped, and refuse what the reader refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli_w
from schema_files import CONFIGS, SHIPPED, faults, kind_of, numbers, read, with_entry

from stresstest.config.histories import load_histories, read_history, read_priors
from stresstest.config.schema import schema_of
from stresstest.errors import ConfigError

pytestmark = pytest.mark.unit
CASE = read(CONFIGS / "cases" / "mssp-2024-programme.toml")
GIVEN_PRIORS = read(CONFIGS / "cases" / "priors.toml")
#: The contract's years bound the one, words may stand in the place of the other.
FREE = (("measure", "year"), ("happened", "value"))
DRAWN = next(k for k, check in enumerate(CASE["checks"]) if "measure" in check)


def written(folder: Path, raw: dict[str, Any]) -> Path:
    """A file in `folder` that holds this table."""
    path = folder / "some.toml"
    path.write_bytes(tomli_w.dumps(raw).encode())
    return path


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("titel",), "x"), (("title",), None), (("summary",), None), (("checks",), None), (("schema_version",), 2),
        (("checks", DRAWN, "kind"), "proof"), (("checks", DRAWN, "question"), None), (("checks", DRAWN, "contract"), 3),
        (("checks", DRAWN, "years"), None), (("checks", DRAWN, "years", 0, "one"), True),
        (("checks", DRAWN, "happened"), None), (("checks", DRAWN, "measure"), None),
        (("checks", DRAWN, "measure", "at_least"), None), (("checks", DRAWN, "measure", "year"), 0),
        (("checks", DRAWN, "happened", "low"), 1.5), (("checks", DRAWN, "happened", "lowest"), 0.5),
        (("checks", DRAWN, "expect"), [{"column": "x"}]), (("checks", DRAWN, "expect"), [{"value": 1.0}]),
        (("checks", DRAWN, "expect"), [{"column": "x", "value": 1.0, "tolerance": -1.0}]),
        (("checks", DRAWN, "draws"), {"x": {"of": "x"}}), (("checks", DRAWN, "draws"), {"x": {"priors": [{"share": 1.0}]}}),
        (("checks", DRAWN, "draws"), {"x": {"priors": [{"name": "true_margin", "share": 11.0}]}}),
    ],
)  # fmt: skip
def test_schema_refuses_the_cases_that_the_reader_refuses(path: tuple[Any, ...], value: Any, tmp_path: Path) -> None:
    """One wrong or missing entry in a case history breaks the schema, and the reader refuses it."""
    broken = with_entry(CASE, path, value)
    assert faults(schema_of("case"), broken)
    with pytest.raises(ConfigError):
        read_history(written(tmp_path, broken), CONFIGS, read_priors(CONFIGS / "cases" / "priors.toml"))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("mean",), 11.0), (("mean",), None), (("sd",), -1.0), (("spread",), 1.0), (("doc",), None),
        (("source",), None), (("quality",), None),
    ],
)  # fmt: skip
def test_schema_refuses_the_priors_that_the_reader_refuses(path: tuple[Any, ...], value: Any, tmp_path: Path) -> None:
    """One wrong or missing entry in a prior breaks the schema, and the reader refuses it."""
    broken = with_entry(GIVEN_PRIORS, ("priors", "true_margin", *path), value)
    assert faults(schema_of("priors"), broken)
    with pytest.raises(ConfigError):
        read_priors(written(tmp_path, broken))


@pytest.mark.parametrize("kind", ["case", "priors"])
def test_schema_and_reader_of_cases_have_the_same_bounds(kind: str, tmp_path: Path) -> None:
    """Just outside a bound of a case or a prior the reader says "out of range"; at the bound it never does."""
    given = read_priors(CONFIGS / "cases" / "priors.toml")
    raw = GIVEN_PRIORS if kind == "priors" else {**CASE, "checks": [CASE["checks"][DRAWN]]}
    found = [one for one in numbers(schema_of(kind), raw) if one[0][-2:] not in FREE]
    assert len(found) > 8

    def said(path: tuple[Any, ...], value: float) -> str | None:
        file = written(tmp_path, with_entry(raw, path, value))
        try:
            read_priors(file) if kind == "priors" else read_history(file, CONFIGS, given)
        except ConfigError as error:
            return error.message
        return None

    for path, low, high in found:
        whole = path[-1] in ("year", "schema_version")
        for bound, step in ((low, -1), (high, 1)):
            beyond = bound + step * (1 if whole else max(1e-6, 1e-6 * abs(bound)))
            assert said(path, beyond) == "out of range", (path, beyond)
            assert said(path, bound) != "out of range", (path, bound)


def test_every_shipped_case_is_read() -> None:
    """The reader takes every file that the schema takes."""
    read_in = {history.name for history in load_histories(CONFIGS)}
    assert read_in == {p.stem for p in SHIPPED if kind_of(p) == "case"}
