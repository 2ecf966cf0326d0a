"""The Sphinx extension that builds the report: charts, page assets, cache key, references.

Listed under ``extra_extensions`` in ``_config.yml``. Chapters need nothing from here: a chart
object shows itself with the MIME type ``application/vnd.strikes2024.chart+json``, which
`strikes2024.book.render` turns into a figure with caption, sources and data table.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: "Sphinx") -> dict[str, Any]:
    """Register all parts of the extension with Sphinx."""
    from strikes2024.book import (
        dictionary,
        downloads,
        execute,
        fingerprint,
        metadata,
        notebooks,
        notfound,
        pages,
        references,
        static,
        summaries,
        terms,
        theme,
        thumbs,
    )

    fingerprint.setup(app)
    execute.setup(app)
    static.setup(app)
    theme.setup(app)
    downloads.setup(app)
    references.setup(app)
    pages.setup(app)
    summaries.setup(app)
    dictionary.setup(app)
    metadata.setup(app)
    notebooks.setup(app)
    terms.setup(app)
    thumbs.setup(app)
    notfound.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
