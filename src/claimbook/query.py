"""A page that answers SQL: ``{query}``, a form over a SQLite file of the built site.

The text of the directive are queries, with a blank line between them and a question in the comment
that begins each: the reader finds the first in the form and the questions above it. A report names
the file and its tables in a subclass of `QueryConsole`. ``query.js`` runs what the reader asks.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from claimbook.markup import filled
from claimbook.static import ENGINE

_ASSETS = Path(__file__).parent / "assets"
_TEMPLATE = Path(__file__).parent / "templates" / "query.html"
_COMMENT = re.compile(r"^--\s*(.+)")


class Question(NamedTuple):
    """A query and the question that it answers."""

    text: str
    sql: str


class Held(NamedTuple):
    """What the file holds of a table; ``keys_of`` is by column the table that it refers to."""

    rows: int
    types: dict[str, str]
    keys_of: dict[str, str]


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


def contents(path: Path) -> dict[str, Held]:
    """Return what a SQLite file holds, by table."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as base:
        found = {}
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
            (rows,) = base.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608
            columns = base.execute("SELECT name, type FROM pragma_table_info(?)", [name])
            keys = 'SELECT "from", "table" FROM pragma_foreign_key_list(?) ORDER BY id DESC'
            found[name] = Held(rows, dict(columns), dict(base.execute(keys, [name])))
    return found


def keys(tables: Iterable[Any]) -> dict[str, list[str]]:
    """By name of a column: the tables whose keys it holds, for columns that hold any."""
    found: dict[str, set[str]] = {}
    for table in tables:
        found.setdefault(table.primary_key[0], set()).add(table.name)
        for field in table.fields:
            if field.reference:
                found.setdefault(field.name, set()).add(field.reference.table)
    return {name: sorted(targets) for name, targets in sorted(found.items())}


class QueryConsole(SphinxDirective):
    """``{query}``: the form, questions to start from, and the tables beside it."""

    has_content: ClassVar[bool] = True
    path: ClassVar[str]  # of the SQLite file in the site
    metadata: ClassVar[str]  # and of Datasette's beside it
    dictionary: ClassVar[str]  # the page that has every column
    rows_at: ClassVar[Mapping[str, tuple[str, str]]]  # by table: page and anchor less the key
    # The tables of the file as a Frictionless descriptor has them, each with ``name``, ``title``,
    # ``description``, ``primary_key`` and ``fields``, and these with ``name``, ``description``,
    # ``enum`` and a ``reference`` to a ``table``, or None. The file's other tables are pairs, for
    # joins along a column with several keys in a cell.
    tables: ClassVar[Sequence[Any]]

    def run(self) -> list[nodes.Node]:
        try:
            asked = questions("\n".join(self.content))
        except ValueError as error:
            raise self.error(str(error)) from error
        site, builder = Path(self.env.app.outdir), self.env.app.builder
        address = partial(builder.get_relative_uri, self.env.docname)
        pages = {name: f"{address(page)}#{anchor}" for name, (page, anchor) in self.rows_at.items()}
        files = (site / self.path, *(_ASSETS / name for name in ENGINE))
        html = filled(
            _TEMPLATE.name,
            questions=asked,
            console=self,
            contents=contents(site / self.path),
            columns=json.dumps(keys(self.tables)),
            page=builder.get_target_uri(self.env.docname),
            size=f"{sum(file.stat().st_size for file in files) / 1e6:.1f} MB",
            up="../" * self.env.docname.count("/"),
            address=address,
            pages=json.dumps(pages),
        )
        self.env.note_dependency(str(_TEMPLATE))
        return [nodes.raw("", html, format="html")]
