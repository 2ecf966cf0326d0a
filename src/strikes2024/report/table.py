"""The table object: rows of HTML with their data and sources, which shows itself.

What :mod:`strikes2024.report.tables` returns.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Final, TypeAlias

import pandas as pd
from markupsafe import Markup

from claimbook.figure import TABLE_MIME as MIME
from strikes2024.cite import Citation, book_address, citation, cite, cited
from strikes2024.report.markup import Row, filled, joined, label, link, table
from strikes2024.report.rows import WORDS
from strikes2024.tables import Tables

_INTERNAL: Final = re.compile(
    r'<a href="(?!https?:)(?P<page>[^"#]*)(?P<anchor>[^"]*)">(?P<text>.*?)</a>'
)
_SOURCE: Final = re.compile(r"sources\.html#source-([\w-]+)")
_LABEL: Final = re.compile(r'<span class="cell-label">.*?</span>')
_LINE: Final = re.compile(r"<tr.*?</tr>", re.DOTALL)
_PAGES: Final = "chapters"  # where the pages are that links name, in the published book


@dataclass(frozen=True)
class Table:
    """A finished table: what it shows, its data, the sources that its rows rest on, its HTML.

    ``html`` has the links of the book, as seen from its chapters. In JupyterLab a table shows
    itself: links lead to the published book or, where that has no address, to the publications
    themselves. The book reads :data:`MIME`.
    """

    slug: str
    title: str
    html: str
    sources: tuple[Citation, ...] = ()

    @property
    def frame(self) -> pd.DataFrame:
        """The cells as they read, a column for each heading; of several tables one after another.

        Examples
        --------
        >>> from strikes2024 import load
        >>> from strikes2024.report import tables
        >>> list(tables.quality(load()).frame)
        ['Measure', 'Rows', 'Share']
        """
        found = pd.read_html(io.StringIO(_LABEL.sub("", self.html)), keep_default_na=False)
        return pd.concat(found, ignore_index=True)

    def notebook(self) -> str:
        """Return the table as HTML that stands alone."""
        book = book_address()
        addresses = {source.source_id: source.url for source in self.sources}

        def outward(found: re.Match[str]) -> str:
            address: str | None = f"{book}/{_PAGES}/{found['page']}{found['anchor']}"
            if not book:
                source = _SOURCE.fullmatch(found["page"] + found["anchor"])
                address = addresses.get(source[1]) if source else None
            text = Markup(found["text"])  # noqa: S704 - out of a table made here
            return str(link(address, text, rel="noreferrer") if address else text)

        body = _INTERNAL.sub(outward, _LABEL.sub("", self.html))
        return filled(
            "notebook.html",
            title=self.title,
            html=Markup(body),  # noqa: S704 - markup made here
            sources=[cited(source) for source in self.sources],
            credit=f"Computed from the data (CC BY 4.0). Table “{self.slug}” of {citation()}",
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        """Offer the table to the book and, beside it, to JupyterLab."""
        lines = (Markup(line).striptags() for line in _LINE.findall(self.html))  # noqa: S704
        return {
            MIME: {"html": self.html, "sources": [source.source_id for source in self.sources]},
            "text/html": self.notebook(),
            "text/plain": "\n".join([self.title, *lines]),
        }


Rows: TypeAlias = Callable[[Tables], Iterator[Row]]


def computed(
    name: str, **values: Callable[[Tables], str]
) -> Callable[[Rows], Callable[[Tables], Table]]:
    """Make of a function that yields rows one that returns their table.

    Parameters
    ----------
    name
        The table's id, by which ``words.toml`` has its caption and headings.
    **values
        What caption and headings take from the record.
    """

    def of_rows(rows: Rows) -> Callable[[Tables], Table]:
        @wraps(rows)
        def made(t: Tables) -> Table:
            given = {key: value(t) for key, value in values.items()}
            words = WORDS["tables"][name]
            title = words["title"].format(**given)
            heads = [head.format(**given) for head in words["heads"]]
            found = list(rows(t))
            # Cells name their columns, since a phone shows a row as a block.
            labelled = [
                replace(row, cells=[row.cells[0], *map(label, heads[1:], row.cells[1:])])
                for row in found
            ]
            html = table(title, heads, labelled, f"table-{name}")
            return with_sources(t, name, title, html, [i for row in found for i in row.sources])

        return made

    return of_rows


def with_sources(
    t: Tables, name: str, title: str, html: Markup, sources: Iterable[str] = ()
) -> Table:
    """Return a table of ready HTML, with its sources: those given and those that it links to.

    Parameters
    ----------
    t
        The record, for the names of sources.
    name, title
        Id and caption.
    html
        What the book sets.
    sources
        Ids of the sources that the table rests on.
    """
    return Table(name, title, str(html), cite(t.sources, [*sources, *_SOURCE.findall(html)]))


def names(t: Tables) -> dict[str, str]:
    """Return the names of actors by id."""
    return dict(zip(t.actors["actor_id"], t.actors["name"], strict=True))


def publications(t: Tables, ids: Iterable[str]) -> Markup:
    """Return links to publications in the list of sources.

    Parameters
    ----------
    t
        The record.
    ids
        Ids of publications.
    """
    publishers = dict(zip(t.sources["source_id"], t.sources["publisher"], strict=True))
    return joined(link(f"sources.html#source-{i}", publishers[i]) for i in ids)
