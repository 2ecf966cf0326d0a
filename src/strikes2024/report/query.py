"""The page for queries: the exported SQLite file, and what its tables and columns mean."""

from sphinx.application import Sphinx

from claimbook.query import QueryConsole
from strikes2024.export import FORMATS
from strikes2024.report import datafiles
from strikes2024.report.references import ROWS
from strikes2024.schema import read_package

# Tables whose rows have a place in the book: page, and anchor less the key.
PLACES = {kind.table: (f"chapters/{kind.page}", f"{kind.anchor}-") for kind in ROWS} | {
    "places": ("chapters/places", "place-")
}


class Query(QueryConsole):
    """``{query}``: queries over the SQLite file that `datafiles` writes before pages are read."""

    path = f"{datafiles.FOLDER}/{FORMATS['sqlite'].default}"
    metadata = f"{datafiles.FOLDER}/{datafiles.METADATA}"
    dictionary = "chapters/dictionary"
    rows_at = PLACES
    tables = tuple(read_package().tables.values())


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("query", Query)
