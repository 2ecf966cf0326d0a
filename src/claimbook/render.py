"""Charts and tables of cells as myst-nb sets them: `ChartRenderer` is what it calls.

It is found through the entry point group ``myst_nb.mime_renderers``; :mod:`claimbook.figure` writes
the HTML.
"""

import json
from collections.abc import Sequence
from typing import ClassVar, cast

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from sphinx.environment import BuildEnvironment

from claimbook import downloads, figure, thumbnails
from claimbook.payload import ChartPayload
from claimbook.references import UnknownKeyError, kinds_of, used_sources


class ChartRenderer:
    """The myst-nb plugin for charts, and for tables that bring their own HTML."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = [
        # Before all others that a chart also offers for use in JupyterLab.
        ("*", figure.MIME, 1),
        ("*", figure.TABLE_MIME, 1),
    ]

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Return the nodes for a chart or table, or None for anything else.

        A book that does not set up this engine gets none: it shows what JupyterLab does.
        """
        if inline or data.mime_type not in (figure.MIME, figure.TABLE_MIME):
            return None
        env: BuildEnvironment = renderer.renderer.sphinx_env
        if "claimbook_pages" not in env.config:
            return []
        content = json.loads(data.content) if isinstance(data.content, str) else data.content
        if data.mime_type == figure.TABLE_MIME:
            used_sources(env, env.docname).update(content["sources"])
            return [nodes.raw("", content["html"], format="html", classes=["output"])]
        chart = cast("ChartPayload", content)
        files = figure.chart_files(chart)
        slug = chart["slug"]
        up = "../" * env.docname.count("/")
        addresses = {kind: up + downloads.path(slug, kind) for kind in files}
        if thumbnails.chosen(renderer.renderer.document) == slug:
            files[thumbnails.KIND] = thumbnails.thumbnail(chart).encode()
        downloads.charts(env, env.docname)[slug] = files
        used_sources(env, env.docname).update(source["id"] for source in chart["sources"])
        href, rows = _linkers(env)
        html = figure.figure_html(chart, files=addresses, href=href, rows=rows)
        return [nodes.raw("", html, format="html", classes=["output", "chart_html"])]


def _linkers(env: BuildEnvironment) -> tuple[figure.Href, figure.RowsHref]:
    builder, docname = env.app.builder, env.docname
    kinds = kinds_of(env.app)

    def place(ref: str) -> tuple[str, str] | None:
        kind, _, key = ref.partition(":")
        try:
            found = kinds[kind].place(key) if kind in kinds else None
        except UnknownKeyError:  # charts of other data have rows and sources of their own
            return None
        return found if found and found[0] in env.found_docs else None

    return figure.linkers(place, lambda page: builder.get_relative_uri(docname, page))
