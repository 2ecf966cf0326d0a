"""The search index keeps the index entries of pages that a build did not write anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.util.index_entries import split_index_msg

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def _keep_index(app: Sphinx) -> list[Any]:
    """Give the search the index of the pages, too, that this build did not write anew.

    Sphinx keeps the words and titles of those in the search index, but loses their entries.
    """
    kept = app.env._search_index_index_entries  # noqa: SLF001 - there is no other way to them
    for docname, entries in app.env.get_domain("index").data["entries"].items():
        names = {
            (part, target or "", main)
            for kind, value, target, main, _ in entries
            for part in split_index_msg(kind, value)
        }
        kept.setdefault(docname, sorted(names))
    return []


def setup(app: Sphinx) -> None:
    """Fill the index before it is written."""
    app.connect("html-collect-pages", _keep_index)
