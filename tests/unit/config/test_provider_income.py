"""Income at risk by provider: figures as the source prints them, its sums as they are, and what it leaves out."""

import shutil
from pathlib import Path

import pytest

from stresstest.config.provider_income import ALL, provider_income, source_words
from stresstest.errors import DataError

pytestmark = pytest.mark.unit
DATA = Path(__file__).resolve().parents[3] / "data"
DUDLEY = "E08000027"


def test_the_printed_total_leaves_out_the_ambulance_line():
    """£80,855,350 is printed, £81,459,350 is the sum; the difference is the ambulance service's £604,000."""
    rows = {row.provider: row for row in provider_income(DUDLEY, DATA)}
    whole, ambulance = rows[ALL], rows["West Midlands Ambulance"]
    assert (whole.total_printed, whole.total) == (80_855_350.0, 81_459_350.0)
    assert ambulance.left_out == 604_000.0 == whole.left_out
    assert whole.is_sum
    assert not ambulance.is_sum


def test_columns_add_up_to_the_bottom_line():
    """Every column of the providers adds up to the source's own bottom line, to a pound of rounding."""
    *providers, whole = provider_income(DUDLEY, DATA)
    assert sum(row.contract_value for row in providers) == whole.contract_value
    for k, total in enumerate(whole.parts):
        assert abs(sum(row.parts[k] for row in providers) - total) <= 1.0
    assert sum(row.total_printed for row in providers) == whole.total_printed


def test_only_one_row_has_the_fault():
    """The other rows leave out no more than a pound."""
    assert [row.provider for row in provider_income(DUDLEY, DATA)[:-1] if abs(row.left_out) > 1.0] == ["West Midlands Ambulance"]


def test_shares_are_of_the_contract_value():
    """The sum of the parts over the contract value; a provider without a contract has none."""
    first = provider_income(DUDLEY, DATA)[0]
    assert first.share == pytest.approx(58_511_339 / 184_648_535)


def test_another_place_has_no_rows():
    """Figures are shipped for one place."""
    assert provider_income("E08000001", DATA) == ()


def test_a_folder_without_the_table_has_no_rows(tmp_path):
    """A user's own data folder need not have it."""
    data = shutil.copytree(DATA, tmp_path / "data")
    (data / "provider_income.csv").unlink()
    assert provider_income(DUDLEY, data) == ()


def test_a_changed_table_is_refused(tmp_path):
    """As every table of the register."""
    data = shutil.copytree(DATA, tmp_path / "data")
    path = data / "provider_income.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("604000", "605000"), encoding="utf-8")
    with pytest.raises(DataError, match="was changed since it was registered"):
        provider_income(DUDLEY, data)


def test_the_source_is_named():
    """The register says where the figures come from."""
    assert "Strategic Plan 2014-2019" in source_words(DATA)
