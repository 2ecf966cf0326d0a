"""The page for queries: the exported SQLite file, and what its tables and columns mean."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sphinx.application import Sphinx

from claimbook.query import Column, QueryConsole, Table
from strikes2024.export import FORMATS
from strikes2024.export.sqlite_file import column_type, lists, pair_columns
from strikes2024.report import datafiles
from strikes2024.schema import Package, read_package

# Tables whose rows have a place in the book: page, and anchor less the key.
ROWS = {
    "sources": ("chapters/sources", "source-"),
    "actors": ("chapters/actors", "actor-"),
    "places": ("chapters/places", "place-"),
    "events": ("chapters/events", "event-"),
    "claims": ("chapters/ledger", "claim-"),
    "tallies": ("chapters/ledger", "tally-"),
    "interval_counts": ("chapters/ledger", "count-"),
    "people": ("chapters/people", "person-"),
}


def described(package: Package, rows: dict[str, int]) -> Iterator[Table]:
    """Yield the tables of the SQLite file, as the descriptor describes them.

    Parameters
    ----------
    package
        The descriptor.
    rows
        How many rows each table has, those of pairs too.
    """
    for table in package.tables.values():
        yield Table(
            table.name,
            table.title,
            rows[table.name],
            tuple(
                Column(
                    field.name,
                    column_type(field),
                    field.description.replace("`", ""),
                    field.reference.table if field.reference else "",
                    field.enum,
                )
                for field in table.fields
            ),
            table.description.replace("`", ""),
            table.primary_key[0],
            ROWS.get(table.name),
        )
    for table, field, other in lists(package):
        own, listed = pair_columns(table, field)
        name = f"{table.name}_{field.name}"
        pair = (Column(own, "TEXT", "", table.name), Column(listed, "TEXT", "", other))
        yield Table(name, field.title, rows[name], pair)


def row_counts(path: Path) -> dict[str, int]:
    """Return how many rows each table of a SQLite file has."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as base:
        names = [n for (n,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: base.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for name in names
        }


class Query(QueryConsole):
    """``{query}``: queries over the exported SQLite file."""

    path = f"{datafiles.FOLDER}/{FORMATS['sqlite'].default}"
    metadata = f"{datafiles.FOLDER}/{datafiles.METADATA}"
    dictionary = "chapters/dictionary"

    def tables(self, site: Path) -> list[Table]:
        """Describe the file as `datafiles` has written it, before any page was read."""
        return list(described(read_package(), row_counts(site / self.path)))


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("query", Query)
