"""Income that other providers of a place stand to lose, from the commissioner's own published plan; sums worked out again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .tables import load_table, register

TABLE = "provider_income"
#: The source's own bottom line.
ALL = "All providers"
#: Columns of income at risk, in the order of the source.
PARTS = ("nonelective_reduction_gbp", "elective_efficiency_gbp", "procured_again_gbp", "cquin_gbp")


@dataclass(frozen=True)
class ProviderIncome:
    """A provider's income at risk, pounds a year at the prices of the contract year 2014/15, as the source prints it.

    `parts` follow PARTS; `total_printed` is the source's total, which need not be the sum of the parts.
    """

    provider: str
    contract_value: float
    parts: tuple[float, ...]
    total_printed: float
    note: str = ""

    @property
    def total(self) -> float:
        """The parts added up, pounds a year."""
        return sum(self.parts)

    @property
    def left_out(self) -> float:
        """What the printed total leaves out of the parts, pounds a year; about nothing where the source adds up."""
        return self.total - self.total_printed

    @property
    def share(self) -> float:
        """The parts added up, as a share of the contract value; 0 without a contract."""
        return self.total / self.contract_value if self.contract_value else 0.0

    @property
    def is_sum(self) -> bool:
        """Whether this is the source's own bottom line and no provider."""
        return self.provider == ALL


def provider_income(code: str, data: Path) -> tuple[ProviderIncome, ...]:
    """The rows of the place with this code, in the source's order; none where the data folder holds nothing of it.

    Errors: DataError for a table that is damaged or was changed since it was registered.
    """
    if not (data / f"{TABLE}.csv").is_file() or TABLE not in register(data):
        return ()
    columns = load_table(TABLE, data).columns
    return tuple(
        ProviderIncome(
            str(columns["name"][k]), float(columns["contract_value_2014_15_gbp"][k]),
            tuple(float(columns[part][k]) for part in PARTS), float(columns["total_printed_gbp"][k]), str(columns["note"][k]),
        )
        for k, own in enumerate(columns["code"]) if own == code
    )  # fmt: skip


def source_words(data: Path) -> str:
    """The register's words for where the figures come from; "" where there is no such table."""
    return register(data).get(TABLE, {}).get("source", "")
