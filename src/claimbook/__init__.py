"""A Sphinx extension for books whose figures are rows of a data set.

References into the data, charts, page assets, the cache key, side-by-side execution, downloads and
the print edition. A chart object shows itself with the MIME type
``application/vnd.claimbook.chart+json``, whose content :mod:`claimbook.payload` describes and
:mod:`claimbook.figure` turns into a figure with caption, sources and data table. What a report adds
is its kinds of reference (:func:`claimbook.references.add_kinds`) and these configuration values:

=============================  ===================================================================
``claimbook_packages``         packages whose code the cells run: a change executes all anew, as one
                               in the folder ``data`` does
``claimbook_lock``             lock file of the installed packages, with the same effect
``claimbook_pages``            a page with a part of its own, the ``glossary``; and those that
                               others lead to, with or without an anchor: ``ledger``,
                               ``running`` (of notebooks), ``errors`` (how to report one)
``claimbook_notebook_note``    first line of each notebook; ``{title}`` is the book's
``claimbook_notebook_check``   its first cell, which says what is missing and how to install it;
                               ``{repository}`` is the repository's address in brackets
``claimbook_citation``         what citations name: ``authors``, ``title``, ``version``, ``date``
                               (YYYY-MM-DD), ``licence`` and ``licence_url``, ``key`` for BibTeX
``claimbook_image``            picture for links to the book (path in the site), and its words
``claimbook_live``             for :mod:`claimbook.live`: packages of the ``release`` of Pyodide,
                               pure ones of the ``environment``, the checksums (``pins``)
``claimbook_imprint``          what the makers declare: ``makers``, ``contact``, ``funding``,
                               ``interests``, each text or an address
=============================  ===================================================================
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_VALUES: dict[str, Any] = {
    "claimbook_packages": [],
    "claimbook_lock": "",
    "claimbook_pages": {},
    "claimbook_notebook_note": "From “{title}”.",
    "claimbook_notebook_check": "",
    "claimbook_citation": {},
    "claimbook_image": {},
    "claimbook_imprint": {},
    "claimbook_live": {},
}
# Modules with a ``setup`` of their own, in the order in which they are to hear of an event.
_PARTS = (
    "addresses", "fingerprint", "execute", "static", "theme", "downloads", "metadata", "notebooks",
    "terms", "thumbnails", "references", "search",
)  # fmt: skip


def setup(app: "Sphinx") -> dict[str, Any]:
    """Register all parts of the engine with Sphinx."""
    for name, default in _VALUES.items():
        app.add_config_value(name, default, "env", frozenset({type(default)}))
    for part in _PARTS:
        import_module(f"claimbook.{part}").setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
