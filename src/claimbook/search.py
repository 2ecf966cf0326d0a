"""The search of the book: an index of its sentences and rows, made from the built pages.

Sphinx's own search knows words, not text: it drops numbers, splits ``54–55``, and shows a stretch
of each page cut at a letter. Here the index is the text itself, in entries: each section with its
sentences, each row of the record with its cells, each chart with its description. A row may have
other names in its attribute ``data-names``, joined by ``;``. ``search.js`` looks through all of it
as a reader's eye would, whatever the spelling, and shows whole sentences.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, Final

import lxml.html
from lxml.html.defs import block_tags
from sphinx.application import Sphinx

INDEX: Final = "searchindex.js"

# What is no text of the page: tools, code, and what stands elsewhere in the book too.
_SKIPPED: Final = (
    "script, style, svg, noscript, form, button, input, textarea, nav, pre, .headerlink, "
    ".cell_input, .notebook-link, .record-tools, .query-console, .time-slider, .chart-data, "
    ".chart-sources, .chart-foot, .sources-used, .chapter-list, .toctree-wrapper, .onlyprint, "
    ".cell-label, .hide, .dataframe, .field-list"
)
_BLOCKS: Final = block_tags | {
    "figcaption", "summary", "section", "aside", "details", "figure", "article",
}  # fmt: skip
_HEADINGS: Final = ("h1", "h2", "h3", "h4")
_SHORT_NAME: Final = 25
# The end of a sentence, except after a title, an initial or another abbreviation.
_END: Final = re.compile(
    r"(?<!\b[A-Z]\.)(?<!\b(?:Dr|Lt|Mr|Ms|St|vs)\.)"
    r"(?<!\b(?:Col|Gen|Maj|Mrs|Sgt|Spc|Jan|Feb|Aug|Oct|Nov|Dec|e\.g|i\.e)\.)"
    r"(?<=[.!?…])([”’)\]]*)\s+(?=[“‘(\[]*[^\W_a-z])"
)


@dataclass
class Entry:
    """A part of a page that can be found: a section, a row, a chart, a term.

    ``row`` is 1 for a row or chart.
    """

    anchor: str
    heading: str
    lines: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    row: int = 0


def sentences(text: str) -> list[str]:
    """Split a text into sentences.

    >>> sentences("The U.S. struck at 4 p.m. (midnight there). Gen. Roe said: “No.” Then 3.5 h.")
    ['The U.S. struck at 4 p.m. (midnight there).', 'Gen. Roe said: “No.”', 'Then 3.5 h.']
    """
    return [part for part in _END.sub("\\1\n", " ".join(text.split())).split("\n") if part]


def entries(article: Any) -> list[Entry]:
    """Return the entries of a page's article, in order, a section before what it holds.

    Parameters
    ----------
    article
        An lxml element; changed: what is no text is removed.
    """
    for part in article.cssselect(_SKIPPED):
        part.drop_tree()
    found: list[Entry] = []
    _walk(article, Entry("", ""), found)
    return [entry for entry in found if entry.heading or entry.lines]


def _walk(element: Any, entry: Entry, found: list[Entry]) -> None:
    """Put the text below an element into an entry, or into entries of their own."""
    for child in element.iterchildren("*"):
        anchor = child.get("id") or ""
        if child.tag == "section":
            heads = list(child.iterchildren(*_HEADINGS))
            title = _text(heads[0]) if heads else ""
            found.append(Entry(anchor if title else entry.anchor, title))
            _walk(child, found[-1], found)
        elif child.tag in _HEADINGS:
            continue
        elif child.tag == "figure" and "chart" in child.classes:
            found.append(_chart(child, anchor))
        elif child.tag == "tr":
            _row(child, anchor, entry, found)
        elif child.tag == "dt" and anchor:
            found.append(Entry(anchor, _text(child)))
            entry = found[-1]
        elif any(below.tag in _BLOCKS for below in child.iterdescendants()):
            _walk(child, entry, found)
        else:
            entry.lines += sentences(_text(child))


def _chart(figure: Any, anchor: str) -> Entry:
    (title,) = figure.find_class("chart-title")
    words = (*figure.find_class("chart-subtitle"), *figure.find_class("chart-note"))
    lines = [line for part in words for line in sentences(_text(part))]
    drawn = "; ".join(figure.xpath(".//*[@role='img']/@aria-label"))
    return Entry(anchor, _text(title), lines + drawn.split("; "), row=1)


def _row(row: Any, anchor: str, entry: Entry, found: list[Entry]) -> None:
    """Make an entry of a row that has an address; another row is a line of the section."""
    lines = [line for cell in row.iterchildren("th", "td") for line in _lines(cell)]
    if row.getparent().tag == "thead" or not lines:
        return
    if not anchor:
        entry.lines.append("; ".join(lines))
        return
    # A figure alone names nothing: what it counts follows.
    counted = len(lines[0]) < _SHORT_NAME and any(char.isdigit() for char in lines[0])
    heading = lines[0]
    if counted and len(lines) > 1:
        heading += (" " if lines[1][0].islower() else ": ") + lines[1]
    names = [name for name in row.get("data-names", "").split(";") if name not in ("", heading)]
    found.append(Entry(anchor, heading, lines[1 + counted :], names, row=1))


def _lines(cell: Any) -> Iterator[str]:
    for part in cell.iterdescendants("br", *_BLOCKS):
        part.tail = "\n" + (part.tail or "")
    for line in cell.text_content().split("\n"):
        text = " ".join(line.split())
        if text:
            yield text


def _text(element: Any) -> str:
    return " ".join(element.text_content().split())


def _page(app: Sphinx, docname: str) -> list[Entry]:
    """Return the entries of a page; a page without any is found by its name."""
    path = Path(app.builder.get_outfilename(docname))  # type: ignore[attr-defined]
    tree = lxml.html.fromstring(path.read_text(encoding="utf-8"))
    return entries(next(tree.iter("article"))) or [Entry("", docname)]


def _write(app: Sphinx, exception: Exception | None) -> None:
    """Write the index: pages with their titles, and the entries of each."""
    if exception is not None or app.builder.format != "html":
        return
    pages: list[list[str]] = []
    parts: list[list[Any]] = []
    order = list(app.env.collect_relations())  # that of the book; pages outside of it come last
    for docname in (*order, *sorted(app.env.found_docs - set(order))):
        found = _page(app, docname)
        pages.append([app.builder.get_target_uri(docname), found[0].heading])
        parts += [[len(pages) - 1, *astuple(entry)] for entry in found]
    text = json.dumps([pages, parts], ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / INDEX).write_text(f"claimbookIndex={text};\n", encoding="utf-8")


def _replace(app: Sphinx) -> None:
    vars(app.builder)["search"] = False  # instead of the class’s own


def setup(app: Sphinx) -> None:
    """Make the search page, and its index when all pages are written."""
    app.connect("builder-inited", _replace)
    app.connect("build-finished", _write)
