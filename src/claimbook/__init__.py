"""A Sphinx extension for books whose figures are rows of a data set.

Charts, page assets, the cache key, side-by-side execution, downloads and the print edition.
Chapters need nothing from here: a chart object shows itself with the MIME type
``application/vnd.strikes2024.chart+json``, which :mod:`claimbook.render` turns into a figure with
caption, sources and data table.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: "Sphinx") -> dict[str, Any]:
    """Register all parts of the engine with Sphinx."""
    from claimbook import (
        downloads,
        execute,
        fingerprint,
        metadata,
        notebooks,
        notfound,
        static,
        terms,
        theme,
        thumbnails,
    )

    fingerprint.setup(app)
    execute.setup(app)
    static.setup(app)
    theme.setup(app)
    downloads.setup(app)
    metadata.setup(app)
    notebooks.setup(app)
    terms.setup(app)
    thumbnails.setup(app)
    notfound.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
