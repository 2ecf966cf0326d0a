"""The table object: rows of HTML with their data and sources, which shows itself.

What :mod:`strikes2024.report.tables` returns.
"""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from claimbook.figure import TABLE_MIME as MIME
from strikes2024.cite import Citation, book_address, citation, cite
from strikes2024.report.markup import filled, link
from strikes2024.report.rows import WORDS, listed
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
            sources=self.sources,
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


def table_html(
    t: Tables, template: str, caption: str, rows: Iterable[Any], **values: Any
) -> Markup:
    """Fill the template of a table, a row at a time.

    Parameters
    ----------
    t
        The record.
    template
        Its name, under which ``words.toml`` has the headings.
    caption
        The table's.
    rows
        What the template makes rows of, in order.
    **values
        What else it names; headings take from it what stands in braces.
    """
    publishers = dict(zip(t.sources["source_id"], t.sources["publisher"], strict=True))

    def publications(*cells: str | None) -> Markup:
        """Return links to the sources of cells that hold one, several or none."""
        found = [source for cell in cells for source in listed(cell)]
        return Markup(", ").join(
            link(f"sources.html#source-{source}", publishers[source]) for source in found
        )

    return filled(
        f"tables/{template}.html",
        caption=caption,
        heads=[head.format(**values) for head in WORDS["tables"][template]["heads"]],
        rows=list(rows),
        actors=names(t),
        publishers=publishers,
        publications=publications,
        **{"anchor": ""} | values,
    )


def computed(
    t: Tables, name: str, rows: Iterable[Any], sources: Iterable[str] = (), **values: Any
) -> Table:
    """Return a table of rows that were computed from the record.

    Parameters
    ----------
    t
        The record.
    name
        The table's id, by which ``words.toml`` has its caption, and the name of its template.
    rows
        What the template makes rows of.
    sources
        Ids of sources that the rows rest on and do not link to.
    **values
        What else caption, headings and template name.
    """
    words = WORDS["tables"][name]
    title = words["title"].format(**values)
    html = table_html(t, name, title, rows, anchor=f"table-{name}", **values)
    # Cells name their columns, since a phone shows a row as a block.
    heads = cycle(head.format(**values) for head in words["heads"][1:])
    label = Markup('<td><span class="cell-label">{}: </span>')
    html = Markup(re.sub("<td>", lambda _: label.format(next(heads)), html))  # noqa: S704
    return with_sources(t, name, title, html, sources)


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
