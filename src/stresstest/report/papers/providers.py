"""Paper of other providers: income at risk from the commissioner's own plan, with its sums as worked out below this layer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...config.folders import config_folder, data_folder
from ...config.provider_income import PARTS, ProviderIncome, provider_income, source_words
from ...errors import ConfigError
from ..book import Book
from . import POUNDS, SHARE, TEXT, Column, Paper, paper

COLUMNS = (
    Column("provider", "Provider", TEXT, "provider, or the source's own bottom line"),
    Column("kind", "Kind", TEXT, "provider; or total: the sum of the rows above, not to be added to them"),
    Column("contract_value_2014_15_gbp", "Contract value 2014/15", POUNDS, "value of the contract in 2014/15, as printed"),
    Column("nonelective_reduction_gbp", "15% fewer emergency admissions", POUNDS, "income at risk, as printed"),
    Column("elective_efficiency_gbp", "20% efficiency in planned care", POUNDS, "income at risk, as printed"),
    Column("procured_again_gbp", "Services let again", POUNDS, "income at risk from services let again, as printed"),
    Column("cquin_gbp", "Quality payments", POUNDS, "quality payments that go with them, as printed"),
    Column("total_printed_gbp", "Total as printed", POUNDS, "total at risk as the source prints it"),
    Column("total_gbp", "Total as its parts add up", POUNDS, "the four parts added up"),
    Column("left_out_gbp", "Left out by the source", POUNDS, "parts added up less the printed total"),
    Column("share_of_contract", "Share of the contract", SHARE, "parts added up, as a share of the contract value"),
)


def provider_paper(book: Book) -> Paper | None:
    """One row a provider of the run's place; None where no figures are shipped for it. Errors: DataError for a damaged table."""
    data = _data()
    rows = provider_income(str(book.source.setting("place", "code") or ""), data) if data else ()
    if not rows or data is None:
        return None
    title = "Income of other providers at risk from the plan"
    return book.add(paper("provider_income", title, COLUMNS, [_row(one) for one in rows], source_words(data), NOTES))


#: What must be known of these figures, which are not of this run.
NOTES = (
    "Pounds a year at the prices of 2014/15 as the source prints them: not in the price base of this run, and not discounted.",
    "The row of kind total is the source's bottom line; adding it to the others counts everything twice.",
    "A pound left out by the source is its rounding.",
)


def _data() -> Path | None:
    """The data folder, or None where there is no configuration to go by."""
    try:
        return data_folder(config_folder())
    except ConfigError:
        return None


def _row(one: ProviderIncome) -> dict[str, Any]:
    return {
        "provider": one.provider, "kind": "total" if one.is_sum else "provider",
        "contract_value_2014_15_gbp": one.contract_value, **dict(zip(PARTS, one.parts, strict=True)),
        "total_printed_gbp": one.total_printed, "total_gbp": one.total, "left_out_gbp": one.left_out,
        "share_of_contract": one.share,
    }  # fmt: skip
