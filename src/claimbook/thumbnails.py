"""A small picture of each chapter, cut from the chapter's own chart, for the landing page.

A chapter names the chart by its slug in its front matter, ``thumbnail: some-chart``: one that is
still clear when it is small and has no words. The list in ``:::{div} chapter-list`` stays plain
Markdown; an item whose first link leads to such a chapter gets the picture. It has no ground, and
colours that can be seen on light and dark.
"""

import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from claimbook import downloads
from claimbook.payload import ChartPayload
from claimbook.static import address
from claimbook.svg import BOX, ROOT, rounded

WIDTH, HEIGHT = 320, 200
KIND = "thumb.svg"
_GREY = "#808a96"  # seen on light and on dark ground alike
_WORDS = re.compile(r"<text\b.*?</text>", re.DOTALL)
_TITLE = re.compile(r"<title>(.*?)</title>")


def chosen(document: nodes.document) -> str | None:
    """Return the slug that a page's front matter names, as the page is read."""
    fields = {name.astext(): body.astext() for name, body in document.findall(nodes.field)}
    return fields.get("thumbnail")


def thumbnail(chart: ChartPayload) -> str:
    """A chart's drawing as a small picture without words.

    Parameters
    ----------
    chart
        The chart; its wide drawing is taken.

    Returns
    -------
    str
        An SVG file, 320 by 200 pixels.
    """
    svg = chart["svg"]["wide"]
    box = BOX.search(svg)
    across, down = map(float, box.groups()) if box else (WIDTH, HEIGHT)
    fit = "slice" if across / down < WIDTH / HEIGHT else "meet"  # a high drawing loses its foot
    root = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{WIDTH}" height="{HEIGHT}" preserveAspectRatio="xMidYMin {fit}"'
        f' viewBox="0 0 {across:g} {down:g}"><title>{escape(chart["title"])}</title>'
    )
    for name, grey in (("ink", _GREY), ("muted", _GREY), ("grid", f"{_GREY}50")):
        svg = svg.replace(chart["colours"][name], grey)
    return rounded(ROOT.sub(root, _WORDS.sub("", svg), count=1))


def _insert(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.format != "html":
        return
    pictures = {
        app.builder.get_relative_uri(docname, page): downloads.path(slug, KIND)
        for page in app.env.found_docs
        for slug, files in downloads.charts(app.env, page).items()
        if KIND in files
    }
    site, up = Path(app.outdir), "../" * docname.count("/")
    lists = [n for n in doctree.findall(nodes.container) if "chapter-list" in n["classes"]]
    for item in (item for block in lists for item in block.findall(nodes.list_item)):
        link = item.next_node(nodes.reference)
        path = pictures.get(link.get("refuri", "")) if link else None
        if path:
            # The title of the drawing is markup already.
            (title,) = _TITLE.findall((site / path).read_text(encoding="utf-8"))
            html = (
                f'<img class="thumb" src="{up}{address(site, path)}" alt="Chart: {title}"'
                f' width="{WIDTH}" height="{HEIGHT}" loading="lazy">'
            )
            item.insert(0, nodes.raw("", html, format="html"))


def setup(app: Sphinx) -> None:
    """Set the pictures as the landing page is written, when all chapters have been read."""
    app.connect("doctree-resolved", _insert)
