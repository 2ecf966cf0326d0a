"""A page that answers SQL: ``{query}``, a form over a SQLite file of the built site.

The text of the directive are queries, with a blank line between them and a question in the comment
that begins each: the reader finds the first in the form and the questions above it. A report names
the file and its tables in a subclass of `QueryConsole`. ``query.js`` runs what the reader asks.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from claimbook.markup import filled
from claimbook.static import ENGINE

_ASSETS = Path(__file__).parent / "assets"
_TEMPLATE = Path(__file__).parent / "templates" / "query.html"
_COMMENT = re.compile(r"^--\s*(.+)")


@dataclass(frozen=True)
class Column:
    """A column: name, SQL type, meaning; where it holds keys of a table, that table's name."""

    name: str
    type: str
    meaning: str = ""
    refers_to: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table: what it is, its columns; ``rows_at`` is page and anchor of a row, less its key.

    One without a ``key`` is a table of pairs, for joins along a column with several keys in a cell.
    """

    name: str
    title: str
    rows: int
    columns: tuple[Column, ...]
    description: str = ""
    key: str = ""
    rows_at: tuple[str, str] | None = None


@dataclass(frozen=True)
class Database:
    """A SQLite file of the site, by its path there; ``metadata`` is Datasette's, beside it."""

    path: str
    metadata: str
    tables: tuple[Table, ...]
    dictionary: str = ""  # the page that has every column


class Question(NamedTuple):
    """A query and the question that it answers."""

    text: str
    sql: str


def questions(text: str) -> list[Question]:
    r"""The queries of a text, each with the question in the comment that begins it.

    Parameters
    ----------
    text
        Queries with a blank line between them.

    Returns
    -------
    list of Question
        In their order.

    Raises
    ------
    ValueError
        One begins with another line than a comment.

    Examples
    --------
    >>> questions("-- How many?\nSELECT count(*) FROM claims")[0].text
    'How many?'
    """
    found = []
    for part in re.split(r"\n\s*\n", text.strip()):
        comment = _COMMENT.match(part)
        if not comment:
            first = part.splitlines()[0] if part else ""
            raise ValueError(f"a query begins with a question (-- Who said what?), not {first!r}")
        found.append(Question(comment[1].strip(), part))
    return found


def keys(tables: Iterable[Table]) -> dict[str, list[str]]:
    """By name of a column: the tables whose keys it holds, for columns that hold any."""
    found: dict[str, set[str]] = {}
    for table in tables:
        for column in table.columns:
            target = column.refers_to or (table.name if column.name == table.key else "")
            if target:
                found.setdefault(column.name, set()).add(target)
    return {name: sorted(targets) for name, targets in sorted(found.items())}


class QueryConsole(SphinxDirective):
    """``{query}``: the form, questions to start from, and the tables beside it."""

    has_content: ClassVar[bool] = True

    def database(self, site: Path) -> Database:
        """The file that is asked, and what is in it; a report's subclass says.

        Parameters
        ----------
        site
            The folder of the built site.

        Returns
        -------
        Database
            File, tables and columns.
        """
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        try:
            asked = questions("\n".join(self.content))
        except ValueError as error:
            raise self.error(str(error)) from error
        site = Path(self.env.app.outdir)
        page = self.env.app.builder.get_target_uri(self.env.docname)
        self.env.note_dependency(str(_TEMPLATE))
        values = _values(self.database(site), asked, site, page, self._address)
        return [nodes.raw("", filled(_TEMPLATE.name, **values), format="html")]

    def _address(self, docname: str) -> str:
        return self.env.app.builder.get_relative_uri(self.env.docname, docname)


def _values(
    database: Database, asked: list[Question], site: Path, page: str, address: Any
) -> Mapping[str, Any]:
    """Return what the template sets."""
    up = "../" * page.count("/")
    file = site / database.path
    size = file.stat().st_size + sum((_ASSETS / name).stat().st_size for name in ENGINE)
    columns = keys(database.tables)
    pages = {
        table.name: f"{address(table.rows_at[0])}#{table.rows_at[1]}"
        for table in database.tables
        if table.rows_at
    }
    return {
        "questions": asked,
        "tables": database.tables,
        "columns": json.dumps(columns),
        "pages": json.dumps(pages),
        "dictionary": address(database.dictionary) if database.dictionary else "",
        "database": f"{up}{database.path}",
        "metadata": f"{up}{database.metadata}",
        "file": file.name,
        "metadata_file": Path(database.metadata).name,
        "csv": f"{file.stem}-query.csv",
        "size": f"{size / 1e6:.1f} MB",
        "page": page,
    }
