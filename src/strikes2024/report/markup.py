"""Templates of tables and pages: what a cell holds is escaped unless it is markup made here."""

from inspect import getmembers, isfunction

from markupsafe import Markup

from claimbook.markup import templates
from strikes2024 import wording
from strikes2024.report import rows


def link(address: str, text: str, **attributes: str) -> Markup:
    """Return a link.

    >>> str(link("ledger.html#a", "at least 3 < 4"))
    '<a href="ledger.html#a">at least 3 &lt; 4</a>'
    """
    more = Markup("").join(Markup(' {}="{}"').format(k, v) for k, v in attributes.items())
    return Markup('<a href="{}"{}>{}</a>').format(address, more, text)


def inline(text: str) -> Markup:
    """Return text in which backticks mark code.

    >>> str(inline("key of `events`"))
    'key of <code>events</code>'
    """
    parts = text.split("`")
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(part) if i % 2 else part for i, part in enumerate(parts))


def small(text: str | None) -> Markup:
    r"""Return a second line of a cell, in the quieter ink; nothing for no text.

    >>> str(small("of 3 February"))
    '\n<div class="muted">of 3 February</div>'
    """
    return Markup('\n<div class="muted">{}</div>').format(text) if text else Markup("")


# What templates write cells with, beside what each is given.
_NAMES = {name: made for module in (wording, rows) for name, made in getmembers(module, isfunction)}
filled = templates("strikes2024.report", **_NAMES, inline=inline, small=small, words=rows.WORDS)
