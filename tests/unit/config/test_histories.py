"""Reading case histories and their priors: what is taken over, and what is refused and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli_w

from stresstest.config.folders import config_folder
from stresstest.config.histories import KINDS, load_histories, read_history, read_priors
from stresstest.errors import ConfigError

pytestmark = pytest.mark.unit
CONFIGS = config_folder(Path(__file__).resolve().parent)
PRIORS = {
    "schema_version": 1,
    "priors": {
        "gap": {"mean": 1.1, "sd": 0.1, "each_year": False, "doc": "d", "source": "s", "quality": "judgement"},
        "noise": {"mean": 1.0, "sd_per_person": 4.0, "each_year": True, "doc": "d", "source": "s", "quality": "judgement"},
    },
}
PLAIN: dict[str, Any] = {
    "id": "plain", "contract": "kinzigtal", "kind": "plumbing", "question": "Does it add up?",
    "years": [{"norm_cost": 2e6, "actual_cost": 1e6, "insured": 10}],
    "expect": [{"column": "savings", "value": 5e5, "source": "half"}],
}  # fmt: skip
DRAWN: dict[str, Any] = {
    "id": "drawn", "contract": "kinzigtal", "kind": "calibration", "question": "How often?",
    "years": [{"norm_cost": 2e6, "actual_cost": 2e6, "insured": 10}],
    "draws": {"actual_cost": {"priors": [{"name": "noise", "persons": 10000}, {"name": "gap", "share": 0.5}]}},
    "measure": {"column": "savings", "at_least": 1.0},
    "happened": {"value": "it did", "low": 0.1, "high": 0.9, "source": "somebody"},
}  # fmt: skip


def write(folder: Path, name: str, raw: dict[str, Any]) -> Path:
    """A file of this name that holds this table."""
    path = folder / f"{name}.toml"
    path.write_bytes(tomli_w.dumps(raw).encode())
    return path


def history(folder: Path, *checks: dict[str, Any]) -> Any:
    """The history of these checks, with the priors above."""
    priors = read_priors(write(folder, "priors", PRIORS))
    raw = {"schema_version": 1, "title": "A case", "summary": "It happened.", "checks": list(checks)}
    return read_history(write(folder, "case", raw), CONFIGS, priors)


def test_priors_are_read(tmp_path):
    """A prior has a mean and one of two spreads, and says whether it is drawn once or each year."""
    priors = read_priors(write(tmp_path, "priors", PRIORS))
    assert (priors["gap"].mean, priors["gap"].sd, priors["gap"].sd_per_person, priors["gap"].each_year) == (1.1, 0.1, 0.0, False)
    assert (priors["noise"].sd, priors["noise"].sd_per_person, priors["noise"].each_year) == (0.0, 4.0, True)


def test_a_history_is_read(tmp_path):
    """Title, summary and checks in their order; a sum that is expected has a tolerance of half a penny."""
    found = history(tmp_path, PLAIN, DRAWN)
    assert (found.name, found.title, found.summary) == ("case", "A case", "It happened.")
    plain, drawn = found.checks
    (e,) = plain.expect
    assert (e.column, e.year, e.value, e.tolerance, e.source) == ("savings", 1, 5e5, 0.005, "half")
    assert plain.column == ""
    assert plain.draws == {}
    assert (drawn.column, drawn.year, drawn.at_least, drawn.low, drawn.high) == ("savings", 1, 1.0, 0.1, 0.9)
    of, uses = drawn.draws["actual_cost"]
    assert of == "actual_cost"
    assert [(use.prior.name, use.persons, use.share) for use in uses] == [("noise", 10000.0, 1.0), ("gap", 1.0, 0.5)]


def test_what_happened_may_be_words_or_a_number(tmp_path):
    """Words and numbers are kept as they are to be printed; `probability_at_least` is the lower bound."""
    assert history(tmp_path, DRAWN).checks[0].happened == "it did"
    happened = {"value": 0.756, "probability_at_least": 0.5}
    check = history(tmp_path, {**DRAWN, "happened": happened}).checks[0]
    assert (check.happened, check.low, check.high) == ("0.756", 0.5, 1.0)


@pytest.mark.parametrize(
    ("checks", "key", "words"),
    [
        ((PLAIN, PLAIN), "checks[2].id", "two checks have the same id"),
        (({**DRAWN, "happened": {"low": 0.5, "high": 0.4}},), "happened.high", "the upper bound lies below the lower"),
        (({**DRAWN, "draws": {"actual_cost": {"priors": [{"name": "gape"}]}}},), "priors[1].name", "not one of the choices"),
        (({**PLAIN, "kind": "proof"},), "checks[1].kind", "not one of the choices"),
        (({**PLAIN, "contract": "kinzigtall"},), "contract", "there is no contract file of this name"),
        (({**DRAWN, "measure": {"column": "savings", "at_least": 1.0, "year": 11}},), "measure.year", "out of range"),
        (({**PLAIN, "happened": {"value": "x"}},), "checks[1].happened", "unknown key"),
        (({**PLAIN, "years": [{"norm_cost": True}]},), "norm_cost", "this should be a number"),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_refused(tmp_path, checks, key, words):
    """Each error names the entry."""
    with pytest.raises(ConfigError) as caught:
        history(tmp_path, *checks)
    assert key in str(caught.value.key)
    assert words in caught.value.message


def test_a_switch_of_a_prior_is_no_number(tmp_path):
    """each_year = 1 is refused."""
    raw = {"schema_version": 1, "priors": {"gap": {**PRIORS["priors"]["gap"], "each_year": 1}}}
    with pytest.raises(ConfigError) as caught:
        read_priors(write(tmp_path, "priors", raw))
    assert caught.value.message == "this is a switch"


def test_cases_by_name():
    """One case by its name, all without one, and the nearest where there is none; the priors are no case."""
    assert [one.name for one in load_histories(CONFIGS, "kinzigtal")] == ["kinzigtal"]
    with pytest.raises(ConfigError) as caught:
        load_histories(CONFIGS, "kinzigtall")
    assert caught.value.nearest == "kinzigtal"
    with pytest.raises(ConfigError):
        load_histories(CONFIGS, "priors")


def test_every_shipped_check_says_what_happened_in_words_or_as_a_share():
    """A kind that is known, a question, and for a probability what happened: words, or a share between the bounds."""
    for case in load_histories(CONFIGS):
        for check in case.checks:
            assert check.kind in KINDS
            assert check.question.strip().endswith(("?", ".")), check.id
            assert bool(check.happened) == bool(check.column), check.id
            if check.happened.replace(".", "").isdigit():
                assert check.low <= float(check.happened) <= check.high
