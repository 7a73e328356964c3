"""Finished runs of several places in one economy, added up future by future: what a national body reads off them.

    gathered   the runs, checked: they share one economy
    national   tables of one set of runs, every strategy that all runs have
    clauses    the same places under other contracts, beside them

Places are read one after the other and once each, so that memory follows futures times a few bytes for each place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import ConfigError
from ..measures.contagion import Links
from ..measures.failures import failures
from .national_clauses import clauses
from .national_contagion import TABLES as CONTAGION
from .national_contagion import contagion_tables, hospital_rows
from .national_places import Places, gathered, mend, refuse
from .national_store import Store, lived, needs
from .national_tables import (
    WALKS,
    add_place,
    axes_table,
    differ_rows,
    economy_rows,
    in_order,
    joint_tables,
    said,
    total_tables,
    year_rows,
)
from .national_words import TABLES

__all__ = ["TABLES", "Links", "Places", "clauses", "gathered", "mend", "national", "refuse", "said"]
Row = dict[str, Any]
Rows = dict[str, list[Row]]
Say = Callable[[str], None]
#: Tables of every strategy; those of contagion come with links.
OWN = ("places", "joint_summary", "joint", "joint_by_year", "places_differ", "totals", "diversified", "economy")


def _quiet(words: str) -> None:
    """Say nothing."""


def national(found: Places, links: Links | None = None, say: Say = _quiet) -> Rows:
    """Tables of `found` by name, as TABLES describes them; those of contagion and hospitals only with links.

    Errors: ConfigError where the runs share no strategy; DataError where a run lacks futures or columns.
    """
    strategies = found.strategies
    if not strategies:
        raise ConfigError("the runs share no strategy", key="strategies", expected="the same names, such as honest and gamed")
    linked = links.ordered(found.codes, found.budgets) if links else None
    tables: Rows = {name: [] for name in (*OWN, *((*CONTAGION, "hospitals") if linked else ()))}
    stores = {name: Store(found, name, linked) for name in strategies}
    rows: dict[str, list[Row]] = {name: [] for name in strategies}
    columns = needs(failures(found.sources[0].study))
    said_at = max(1, len(found.names) // 10)
    for k, place in enumerate(found.names):
        if k % said_at == 0:
            say(f"{k + 1} of {len(found.names)} places read, in the same {found.n:,} futures: {place}")
        failing = failures(found.sources[k].study)
        for name, one in lived(found, k, strategies, columns).items():
            rows[name].append(add_place(stores[name], k, one, failing))
    names, axes = axes_table(found)
    for name, store in stores.items():
        say(f"{len(found.names)} places added up: {name} provider")
        store.finish()
        _add(tables, store, rows[name], linked)
        _put(tables, "economy", name, economy_rows(store, names, axes))
    return tables


def _add(tables: Rows, store: Store, rows: list[Row], links: Links | None) -> None:
    """Every row of one strategy but the economy's."""
    name = store.strategy
    in_order(store, rows)
    _put(tables, "places_differ", name, differ_rows(store, rows))
    _put(tables, "places", name, sorted(rows, key=lambda row: -row[f"{WALKS}_probability"]))
    for table, made in zip(("joint_summary", "joint"), joint_tables(store, rows), strict=True):
        _put(tables, table, name, made)
    _put(tables, "joint_by_year", name, year_rows(store))
    for table, made in zip(("totals", "diversified"), total_tables(store), strict=True):
        _put(tables, table, name, made)
    if links:
        for table, made in contagion_tables(store, links).items():
            _put(tables, table, name, made)
        _put(tables, "hospitals", name, hospital_rows(store, rows))


def _put(tables: Rows, table: str, strategy: str, rows: Any) -> None:
    tables[table] += [{"strategy": strategy, **row} for row in rows]
