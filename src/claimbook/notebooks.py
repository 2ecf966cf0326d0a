"""Each page with code as a notebook to download: ``downloads/notebooks/NAME.ipynb``.

The text of a page has references and directives that only the book can set. In the notebook a
reference leads to its row in the published book, where that has an address (``html_baseurl``), or
else to the publication; what its card says is its title. Notes in the margin are quoted. What a
directive makes of the data, its report writes as Markdown when the event :data:`EVENT` asks for it.
"""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path, PurePosixPath
from textwrap import dedent, indent
from typing import Any

import nbformat
from docutils import nodes
from nbformat import NotebookNode, v4
from sphinx.application import Sphinx
from sphinx.util import docname_join

from claimbook.addresses import page_url
from claimbook.execute import read_notebook
from claimbook.markup import filled
from claimbook.references import UnknownKeyError, kinds_of
from claimbook.terms import definitions

FOLDER = "downloads/notebooks"
# Asks, with the name of a directive and of a page, for what the directive shows there as Markdown.
EVENT = "claimbook-notebook"

# What MyST alone reads, or may not be changed, in the order in which it is looked for.
_PARTS = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,}|:{3,})\{(?P<directive>[\w:-]+)\} *(?P<argument>.*)\n"
    r"(?P<options>(?: *:[\w-]+:.*\n)*)(?P<body>(?:.*\n)*?) *(?P=fence) *$"
    # Code, in blocks and in sentences.
    r"|(?P<code>(?P<ticks>`+)(?!`)(?s:.*?)(?<!`)(?P=ticks)(?!`))"
    # Targets, comments, and attributes of the next block.
    r"|(?P<mark>^(?:\([^()\n]+\)=|%.*|\{[.#][^{}\n]*\})[ \t]*\n?)"
    r"|\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\((?P<target>[^()\s]*)\)(?:\{[.#][^{}]*\})?",
    re.MULTILINE,
)
_OUTWARD = ("https:", "http:", "mailto:")
# Directives that only say how their content looks.
_UNTITLED = {"div", "margin"}


class Text:
    """The text of one page, as a notebook shows it."""

    def __init__(self, app: Sphinx, docname: str) -> None:
        self._app, self._docname = app, docname
        self._kinds = kinds_of(app)
        self._glossary = app.config.claimbook_pages.get("glossary", "")
        env: Any = app.env
        known = self._glossary in env.found_docs
        self._terms = definitions(env.get_doctree(self._glossary)) if known else {}

    def plain(self, markdown: str) -> str:
        """Return Markdown in which nothing is left that only the book can set."""
        return re.sub(r"\n{3,}", "\n\n", _PARTS.sub(self._part, markdown)).strip("\n")

    def _part(self, found: re.Match[str]) -> str:
        if found["directive"]:
            shown = self._directive(found["directive"], found["argument"], dedent(found["body"]))
            return indent(f"\n{shown}\n", found["indent"])
        if found["code"] or found["mark"]:
            return found["code"] or ""
        text, target = found["text"], found["target"]
        if target.startswith(_OUTWARD):
            return f"[{text}]({target})"
        kind, _, key = target.partition(":")
        if kind in self._kinds:
            return self._datum(kind, key, text)
        return self._page(text, *target.partition("#")[::2])

    def _directive(self, name: str, argument: str, body: str) -> str:
        written: str | None = self._app.emit_firstresult(EVENT, name, self._docname)
        if written is not None:
            return written
        text = self.plain(body)
        if not text:  # a list or table that the notebook does not have
            title = self._app.env.titles[self._docname].astext()
            page = self._linked(title, page_url(self._app.config, self._docname))
            return f"*See the page {page}.*"
        if name not in _UNTITLED:
            text = f"**{self.plain(argument or name.capitalize())}**\n\n{text}"
        return indent(text, "> ", lambda _: True) if name == "margin" else text

    def _datum(self, name: str, key: str, text: str) -> str:
        """Return a value of the data: the row is one click away, the card its title."""
        kind = self._kinds[name]
        try:
            kind.texts(key)
            card = kind.card(key, " ".join(text.split()))  # a name may run over two lines
            place, sources = kind.place(key), kind.sources(key)
        except UnknownKeyError:  # the build has warned of it
            return text
        address = page_url(self._app.config, *place) if place else ""
        if not address and "cite" in self._kinds:
            address = next(filter(None, map(self._kinds["cite"].address, sources)), "")
        return self._linked(text, address, "; ".join(card))

    def _page(self, text: str, page: str, anchor: str) -> str:
        docname = self._docname
        if page:
            docname = docname_join(docname, page.removesuffix(".md"))
        if docname not in self._app.env.found_docs:
            return text
        term = self._terms.get(anchor, ()) if docname == self._glossary else ()
        address = page_url(self._app.config, docname, anchor)
        return self._linked(text, address, ": ".join(term))

    @staticmethod
    def _linked(text: str, address: str, title: str = "") -> str:
        hover = " ".join(escape(title).split())
        if address:
            where = re.sub(r"[()\s<>]", lambda char: f"%{ord(char[0]):02X}", address)
            return f'[{text}]({where} "{hover}")' if hover else f"[{text}]({where})"
        return f'<abbr title="{hover}">{text}</abbr>' if hover else text


def _start(app: Sphinx, docname: str) -> Iterator[NotebookNode]:
    """Yield what comes before the page: whence it is, and a check for what it needs."""
    config = app.config
    title, address = str(config.html_title), page_url(config, docname)
    note = config.claimbook_notebook_note.format(
        title=f"[{title}]({address})" if address else title
    )
    yield v4.new_markdown_cell(f"*{note}*")
    if config.claimbook_notebook_check:
        where = config.claimbook_repository
        code = config.claimbook_notebook_check.replace("{repository}", where and f" ({where})")
        yield v4.new_code_cell(code.strip(), metadata={"jupyter": {"source_hidden": True}})


def _notebook(app: Sphinx, docname: str, page: NotebookNode) -> str:
    """Write a page, as myst-nb reads it, as a notebook that stands alone."""
    text, cells = Text(app, docname), list(_start(app, docname))
    for cell in page.cells:
        if cell["cell_type"] == "code":
            cells.append(v4.new_code_cell(cell["source"]))
        elif shown := text.plain(cell["source"]):
            cells.append(v4.new_markdown_cell(shown))
    for number, made in enumerate(cells):  # the same in every build
        made["id"] = f"{PurePosixPath(docname).name}-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = v4.new_notebook(cells=cells, metadata=metadata)
    return str(nbformat.writes(notebook, split_lines=False)) + "\n"


def _offer(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the notebook of a page that has code, and link to it at the page's end."""
    env: Any = app.env
    page = read_notebook(env, docname) if app.builder.format == "html" else None
    if page is None:
        return
    path = f"{FOLDER}/{PurePosixPath(docname).name}.ipynb"
    target = Path(app.outdir) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(_notebook(app, docname, page), encoding="utf-8")
    env.metadata[docname]["notebook"] = path  # for the page's buttons
    about, _, anchor = app.config.claimbook_pages.get("running", "").partition("#")
    how = about in env.found_docs and f"{app.builder.get_relative_uri(docname, about)}#{anchor}"
    html = filled("notebook-link.html", address="../" * docname.count("/") + path, how=how)
    next(iter(doctree.findall(nodes.section))).append(nodes.raw("", html, format="html"))


def setup(app: Sphinx) -> None:
    """Make the notebooks as pages are written."""
    app.add_event(EVENT)
    app.connect("doctree-resolved", _offer)
