"""A small picture of each chapter, cut from the chapter's own chart, for the landing page.

The list in ``:::{div} chapter-list`` stays plain Markdown; an item whose first link leads to one of
these chapters gets the picture. It has no ground, and colours that can be seen on light and dark.
"""

from __future__ import annotations

import hashlib
import re
from html import escape, unescape
from typing import TYPE_CHECKING

from docutils import nodes

from claimbook import downloads
from claimbook.svg import rounded
from strikes2024.charts import style

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# The chart of each chapter that is still told apart when it is small and has no words.
CHARTS = {
    "chapters/background": "attacks-cumulative",
    "chapters/tower22": "tower-22-wounded",
    "chapters/strikes": "killed-syria",
    "chapters/reactions": "reactions-matrix",
    "chapters/prior_incidents": "chain",
    "chapters/aftermath": "attack-phases",
    "chapters/methods": "record",
    "chapters/reconciliation": "known-when",
}
WIDTH, HEIGHT = 320, 200
KIND = "thumb.svg"
_MARGIN = 8.0
_GREY = "#808a96"  # seen on light and on dark ground alike
_WORDS = re.compile(r"<text\b.*?</text>", re.DOTALL)
_ROOT = re.compile(r"<svg\b[^>]*>")
_TITLE = re.compile(r"<title>(.*?)</title>")
# Matplotlib draws the ground of a panel first: from its lower left corner to the upper right one.
_PANEL = re.compile(
    r'<g id="axes_\d+">\s*<g id="patch_\d+">\s*'
    r'<path d="M ([\d.]+) ([\d.]+)\s+L ([\d.]+) [\d.]+\s+L [\d.]+ ([\d.]+)'
)


def thumbnail(svg: str, title: str) -> str:
    """Return the panels of a chart's drawing as an SVG file without words, cut to one shape."""
    panels = [[float(corner) for corner in found] for found in _PANEL.findall(svg)]
    left, right = min(p[0] for p in panels) - _MARGIN, max(p[2] for p in panels) + _MARGIN
    top, bottom = min(p[3] for p in panels) - _MARGIN, max(p[1] for p in panels) + _MARGIN
    across, down = right - left, bottom - top
    fit = "slice" if across / down < WIDTH / HEIGHT else "meet"  # a high drawing loses its foot
    root = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{WIDTH}" height="{HEIGHT}" preserveAspectRatio="xMidYMin {fit}"'
        f' viewBox="{left:g} {top:g} {across:g} {down:g}"><title>{escape(title)}</title>'
    )
    for line, grey in ((style.INK, _GREY), (style.MUTED, _GREY), (style.GRID, f"{_GREY}50")):
        svg = svg.replace(line, grey)
    return rounded(_ROOT.sub(root, _WORDS.sub("", svg), count=1))


def _insert(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.format != "html":
        return
    pages = {app.builder.get_relative_uri(docname, page): page for page in CHARTS}
    lists = [n for n in doctree.findall(nodes.container) if "chapter-list" in n["classes"]]
    for item in (item for block in lists for item in block.findall(nodes.list_item)):
        link = next(iter(item.findall(nodes.reference)), None)
        page = pages.get(str(link.get("refuri"))) if link is not None else None
        content = page and downloads.content(app.env, page, CHARTS[page], KIND)
        if page and content:
            name = f"{downloads.FOLDER}/{CHARTS[page]}.{KIND}"
            digest = hashlib.sha256(content).hexdigest()[:8]
            title = _TITLE.search(content.decode())
            picture = (
                f'<img class="thumb" src="{"../" * docname.count("/")}{name}?v={digest}" '
                f'alt="Chart: {escape(unescape(title[1] if title else ""))}" '
                f'width="{WIDTH}" height="{HEIGHT}" loading="lazy">'
            )
            item.insert(0, nodes.raw("", picture, format="html"))


def setup(app: Sphinx) -> None:
    """Set the pictures as the landing page is written, when all chapters have been read."""
    app.connect("doctree-resolved", _insert)
