"""Tables as HTML: what a cell holds is escaped unless it is markup made here.

:func:`table` fills a Jinja template with autoescape; the helpers return ``Markup``, which keeps its
tags when it is joined with text, while the text is escaped.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from claimbook.markup import Templates

filled = Templates("strikes2024.report").filled


@dataclass(frozen=True)
class Row:
    """A row: its id, its cells (text or markup; the first heads it), attributes for scripts.

    By the attribute ``names``, joined by ``;``, searches know the row too. ``sources`` are those
    that it rests on, as far as its cells do not name them.
    """

    anchor: str
    cells: Sequence[str]
    data: Mapping[str, str] = field(default_factory=dict)
    sources: Sequence[str] = ()


def table(caption: str, heads: Sequence[str], rows: Iterable[Row], anchor: str = "") -> Markup:
    """An accessible table.

    Parameters
    ----------
    caption, heads
        Caption and column headings.
    rows
        Each with an id of its own.
    anchor
        The table's own id, or "" for none.

    Returns
    -------
    markupsafe.Markup
        Text in cells is escaped, markup is not.
    """
    return filled("table.html", caption=caption, heads=heads, rows=list(rows), anchor=anchor)


def link(address: str, text: str, **attributes: str) -> Markup:
    """Return a link.

    >>> str(link("ledger.html#a", "at least 3 < 4"))
    '<a href="ledger.html#a">at least 3 &lt; 4</a>'
    """
    more = Markup("").join(Markup(' {}="{}"').format(k, v) for k, v in attributes.items())
    return Markup('<a href="{}"{}>{}</a>').format(address, more, text)


def code(text: str) -> Markup:
    """Return text as code."""
    return Markup("<code>{}</code>").format(text)


def inline(text: str) -> Markup:
    """Return text in which backticks mark code.

    >>> str(inline("key of `events`"))
    'key of <code>events</code>'
    """
    parts = text.split("`")
    return joined((code(part) if i % 2 else escape(part) for i, part in enumerate(parts)), "")


def small(text: str | None) -> Markup:
    """Return a second line of a cell, in the quieter ink; nothing for no text."""
    return Markup('\n<div class="muted">{}</div>').format(text) if text else Markup("")


def stack(first: str, second: str | None) -> Markup:
    """Return a cell of two lines; of one where the second is empty.

    >>> str(stack("Tower 22", ""))
    'Tower 22'
    """
    return escape(first) + small(second)


def label(head: str, cell: str) -> Markup:
    """Return a cell with the head of its column, for a phone that shows a row as a block."""
    return Markup('<span class="cell-label">{}: </span>{}').format(head, cell)


def joined(parts: Iterable[str], by: str = ", ") -> Markup:
    """Join texts and markup."""
    return escape(by).join(parts)
