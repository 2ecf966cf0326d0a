"""A small picture of each chapter, drawn from the chapter's own chart, for the landing page.

The list in ``:::{div} chapter-list`` stays plain Markdown; an item whose first link leads to one of
these chapters gets the picture. It is drawn on white; the style sheet turns it for the dark theme.
"""

from __future__ import annotations

import hashlib
import io
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from strikes2024.book.words import tables

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from strikes2024.charts import Chart

# The chart of each chapter that is still told apart when it is small and has no words.
CHARTS = {
    "chapters/background": "attacks_cumulative",
    "chapters/tower22": "tower22_wounded",
    "chapters/strikes": "killed_syria",
    "chapters/reactions": "reactions_matrix",
    "chapters/prior_incidents": "chain",
    "chapters/aftermath": "attack_phases",
    "chapters/methods": "record",
    "chapters/reconciliation": "known_when",
}
WIDTH, HEIGHT = 320, 200
_FOLDER = "_static/strikes2024/thumbs"


def thumbnail(chart: Chart) -> bytes:
    """Return a chart's marks, without a word, as a PNG of few colours."""
    from matplotlib.text import Text
    from PIL import Image

    from strikes2024.charts import style

    with style.matplotlib_style():
        figure = chart.drawing(WIDTH / 80)
        figure.set_size_inches(WIDTH / 80, HEIGHT / 80)
        for words in figure.findobj(Text):
            words.set_visible(False)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=80, facecolor="white")
    small = io.BytesIO()
    Image.open(buffer).convert("RGB").quantize(24).save(small, format="png", optimize=True)
    return small.getvalue()


def _draw(app: Sphinx, env: Any, _docnames: list[str]) -> None:
    if app.builder.format != "html":
        return
    folder = Path(app.outdir) / _FOLDER
    pages = {page: name for page, name in CHARTS.items() if page in env.found_docs}
    files = {page: folder / f"{Path(page).name}.png" for page in pages}
    # Drawn anew with other data or code, or where one is missing.
    state = str(app.config.strikes2024_fingerprint)
    there = all(file.is_file() for file in files.values())
    if there and getattr(env, "strikes2024_thumbs_state", "") == state:
        return
    from strikes2024 import charts

    folder.mkdir(parents=True, exist_ok=True)
    titles = {}
    for page, name in pages.items():
        chart = getattr(charts, name)(tables())
        files[page].write_bytes(thumbnail(chart))
        titles[page] = chart.title
    env.strikes2024_thumbs, env.strikes2024_thumbs_state = titles, state


def _insert(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.format != "html":
        return
    titles: dict[str, str] = getattr(app.env, "strikes2024_thumbs", {})
    pages = {app.builder.get_relative_uri(docname, page): page for page in titles}
    lists = [n for n in doctree.findall(nodes.container) if "chapter-list" in n["classes"]]
    for item in (item for block in lists for item in block.findall(nodes.list_item)):
        link = next(iter(item.findall(nodes.reference)), None)
        page = pages.get(str(link.get("refuri"))) if link is not None else None
        if page:
            name = f"{_FOLDER}/{Path(page).name}.png"
            digest = hashlib.sha256((Path(app.outdir) / name).read_bytes()).hexdigest()[:8]
            picture = (
                f'<img class="thumb" src="{"../" * docname.count("/")}{name}?v={digest}" '
                f'alt="Chart: {escape(titles[page])}" width="{WIDTH}" height="{HEIGHT}" '
                'loading="lazy">'
            )
            item.insert(0, nodes.raw("", picture, format="html"))


def setup(app: Sphinx) -> None:
    """Draw the pictures before pages are read, and set them as the landing page is written."""
    app.connect("env-before-read-docs", _draw)
    app.connect("doctree-resolved", _insert)
