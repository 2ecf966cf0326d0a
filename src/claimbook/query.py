"""A page that answers SQL: ``{query}``, a form over a SQLite file of the built site.

The text of the directive are queries, with a blank line between them and a question in the comment
that begins each: the reader finds the first in the form and the questions above it. A report names
the file and its tables in a subclass of `QueryConsole`. ``query.js`` runs what the reader asks.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar, NamedTuple

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
    path: ClassVar[str]  # of the SQLite file in the site
    metadata: ClassVar[str]  # and of Datasette's beside it
    dictionary: ClassVar[str]  # the page that has every column

    def tables(self, site: Path) -> list[Table]:
        """Return what is in the file; a report's subclass says.

        Parameters
        ----------
        site
            The folder of the built site.
        """
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        try:
            asked = questions("\n".join(self.content))
        except ValueError as error:
            raise self.error(str(error)) from error
        site, builder = Path(self.env.app.outdir), self.env.app.builder
        tables = self.tables(site)
        address = partial(builder.get_relative_uri, self.env.docname)
        pages = {
            table.name: f"{address(table.rows_at[0])}#{table.rows_at[1]}"
            for table in tables
            if table.rows_at
        }
        files = (site / self.path, *(_ASSETS / name for name in ENGINE))
        html = filled(
            _TEMPLATE.name,
            questions=asked,
            console=self,
            tables=tables,
            columns=json.dumps(keys(tables)),
            page=builder.get_target_uri(self.env.docname),
            size=f"{sum(file.stat().st_size for file in files) / 1e6:.1f} MB",
            up="../" * self.env.docname.count("/"),
            address=address,
            pages=json.dumps(pages),
        )
        self.env.note_dependency(str(_TEMPLATE))
        return [nodes.raw("", html, format="html")]
