"""Each page with code as a notebook to download: ``downloads/notebooks/NAME.ipynb``.

The text of a page has references and directives that only the book can set. In the notebook a
reference leads to its row in the published book, where that has an address (``html_baseurl``), or
else to the publication; what its card says is its title. Notes in the margin are quoted. What a
directive makes of the data, its report writes for notebooks with :func:`add_writer`.
"""

import json
import posixpath
import re
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path, PurePosixPath
from textwrap import dedent, indent
from typing import Any

from docutils import nodes
from markupsafe import Markup
from nbformat import NotebookNode
from sphinx.application import Sphinx

from claimbook.addresses import page_url, repository
from claimbook.execute import read_notebook
from claimbook.references import UnknownKeyError, kinds_of
from claimbook.terms import definitions

FOLDER = "downloads/notebooks"
Writer = Callable[[Sphinx, nodes.document, str], str]
"""Writes what a directive shows as Markdown, given application, document and name of a page."""

_FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,}|:{3,}|~{3,})(?:\{(?P<name>[\w:-]+)\} *(?P<argument>.*))?"
)
_OPTION = re.compile(r"^:(?P<name>[\w-]+):(?P<value>.*)$")
# What MyST reads as its own: targets, comments, attributes of the next block, breaks of cells.
_MARKS = re.compile(r"^(?:\([^()\n]+\)=|%.*|\{[.#][^{}\n]*\}|\+\+\+.*)[ \t]*\n?", re.MULTILINE)
_ROLE = re.compile(r"(?<!`)\{[\w:-]+\}`(?P<text>[^`<]+?)(?:\s*<[^`>]*>)?`")
_INLINE = re.compile(
    r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]"
    r"\((?P<target>[^()\s]*)(?:\s+\"(?P<title>[^\"]*)\")?\)(?:\{[.#][^{}]*\})?",
    re.DOTALL,
)
_OUTWARD = ("https:", "http:", "mailto:")
_QUOTED = {"margin", "sidebar"}
_NOTES = {"attention", "caution", "danger", "error", "hint", "important", "note", "seealso", "tip",
          "warning"}  # fmt: skip
_TITLED = {"admonition", "dropdown", "topic", "card", "tab-item", "grid-item-card"}
_LISTINGS = {"code", "code-block", "sourcecode"}
_SILENT = {"toctree", "tableofcontents", "index"}
_FOREIGN = {"eval-rst", "raw"}


def add_writer(app: Sphinx, directive: str, writer: Writer) -> None:
    """Say what stands in a notebook for a directive that makes its content from the data.

    Parameters
    ----------
    app
        The application.
    directive
        The directive's name.
    writer
        Writes what the directive shows as Markdown, given application, document and page.
    """
    _writers(app)[directive] = writer


def _writers(app: Sphinx) -> dict[str, Writer]:
    found: dict[str, Writer] = vars(app).setdefault("claimbook_writers", {})
    return found


def offered(app: Sphinx, docname: str) -> str | None:
    """Return the path of a page's notebook in the site, or None where there is none.

    Parameters
    ----------
    app
        The application.
    docname
        The page.
    """
    name = PurePosixPath(docname).name
    return f"{FOLDER}/{name}.ipynb" if _cells(app, docname) else None


def _cells(app: Sphinx, docname: str) -> NotebookNode | None:
    """Return a page as myst-nb reads it, or None where it has no code."""
    return read_notebook(app.env, docname) if docname in app.env.found_docs else None


class Text:
    """The text of one page, as a notebook shows it."""

    def __init__(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        self._app, self._doctree, self._docname = app, doctree, docname
        self._kinds = kinds_of(app)
        self._glossary = app.config.claimbook_pages.get("glossary", "")
        env: Any = app.env
        known = self._glossary in env.found_docs
        self._terms = definitions(env.get_doctree(self._glossary)) if known else {}

    def plain(self, markdown: str) -> str:
        """Return Markdown in which nothing is left that only the book can set."""
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._blocks(markdown))).strip("\n")

    def _blocks(self, markdown: str) -> Iterator[str]:
        lines, prose = iter(markdown.split("\n")), []
        for line in lines:
            opened = _FENCE.match(line)
            if not opened:
                prose.append(line)
                continue
            yield self._inline("\n".join(prose))
            prose = []
            body = []
            for inner in lines:
                mark = inner.strip()
                if mark.startswith(opened["fence"]) and not mark.strip(mark[0]):
                    break
                body.append(inner)
            else:
                mark = opened["fence"]
            if opened["name"]:
                text = dedent("\n".join(body))
                shown = self._directive(opened["name"], opened["argument"].strip(), text)
                yield indent(f"\n{shown}\n", opened["indent"])
            else:
                yield "\n".join([line, *body, f"{opened['indent']}{mark}"])
        yield self._inline("\n".join(prose))

    def _directive(self, name: str, argument: str, body: str) -> str:
        if name in self._app_writers:
            return self._app_writers[name](self._app, self._doctree, self._docname)
        options, content = _split(body)
        if name in _LISTINGS:
            return f"```{argument}\n{content}\n```"
        if name in _SILENT:
            return ""
        if name in {"image", "figure"}:
            return f"*{options.get('alt', 'Picture')}*\n\n{self.plain(content)}"
        title = argument if name in _TITLED | _QUOTED else ""
        if name in _NOTES:
            title, content = name.capitalize(), f"{argument}\n{content}"
        if name in _FOREIGN or not content.strip():
            return self._pointer()
        text = self.plain(content)
        whole = f"**{self._inline(title)}**\n\n{text}" if title else text
        return indent(whole, "> ", lambda _: True) if name in _QUOTED else whole

    @property
    def _app_writers(self) -> dict[str, Writer]:
        return _writers(self._app)

    def _pointer(self) -> str:
        """Say where a list or table is that the notebook does not have."""
        title = self._app.env.titles[self._docname].astext()
        return f"*See the page {self._linked(title, page_url(self._app.config, self._docname))}.*"

    def _inline(self, text: str) -> str:
        bare = _ROLE.sub(lambda role: role["text"], _MARKS.sub("", text))
        return _INLINE.sub(self._reference, bare)

    def _reference(self, found: re.Match[str]) -> str:
        if found["code"]:
            return found[0]
        text, target = found["text"], found["target"]
        if target.startswith(_OUTWARD):
            return f"{found['image']}[{text}]({target})"
        if found["image"]:
            return f"*{text}*"
        kind, _, key = target.partition(":")
        if kind in self._kinds:
            return self._datum(kind, key, text)
        return self._page(text, *target.partition("#")[::2])

    def _datum(self, name: str, key: str, text: str) -> str:
        """Return a value of the data: the row is one click away, the card its title."""
        kind = self._kinds[name]
        try:
            kind.texts(key)
            card = kind.card(key, " ".join(text.split()))  # a name may run over two lines
            place, sources = kind.place(key), kind.sources(key)
        except UnknownKeyError:  # the build has warned of it
            return text
        address = page_url(self._app.config, place[0]) if place else ""
        if address and place:
            address += f"#{place[1]}" if place[1] else ""
        elif "cite" in self._kinds:
            address = next(filter(None, map(self._kinds["cite"].address, sources)), "")
        return self._linked(text, address, "; ".join(card))

    def _page(self, text: str, page: str, anchor: str) -> str:
        docname = self._docname
        if page:
            path = posixpath.join(posixpath.dirname(docname), page)
            docname = posixpath.normpath(path).removesuffix(".md")
        if docname not in self._app.env.found_docs:
            return text
        address = page_url(self._app.config, docname)
        if address and anchor:
            address += f"#{anchor}"
        title = ": ".join(self._terms[anchor]) if self._is_term(docname, anchor) else ""
        return self._linked(text, address, title)

    def _is_term(self, docname: str, anchor: str) -> bool:
        return docname == self._glossary and anchor in self._terms

    @staticmethod
    def _linked(text: str, address: str, title: str = "") -> str:
        hover = " ".join(escape(title).split())
        if address:
            where = re.sub(r"[()\s<>]", lambda char: f"%{ord(char[0]):02X}", address)
            return f'[{text}]({where} "{hover}")' if hover else f"[{text}]({where})"
        return f'<abbr title="{hover}">{text}</abbr>' if hover else text


def _split(body: str) -> tuple[dict[str, str], str]:
    """Return the options of a directive and its content."""
    lines, options = body.strip("\n").split("\n"), {}
    while lines and (option := _OPTION.match(lines[0])):
        options[option["name"]] = option["value"].strip()
        lines = lines[1:]
    return options, "\n".join(lines).strip("\n")


def notebook(page: NotebookNode, name: str, text: Callable[[str], str], start: list[dict[str, Any]]
             ) -> dict[str, Any]:  # fmt: skip
    """Return a page, as myst-nb reads it, as a notebook (format 4.5) that stands alone.

    Parameters
    ----------
    page
        The page's cells.
    name
        Makes the ids of the cells, the same in every build.
    text
        Makes Markdown of the page's text.
    start
        Cells before those of the page.
    """
    cells = list(start)
    for cell in page.cells:
        if cell["cell_type"] == "code":
            cells.append(_cell("code", cell["source"]))
        elif shown := text(cell["source"]):
            cells.append(_cell("markdown", shown))
    for number, made in enumerate(cells):
        made["id"] = f"{name}-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _cell(kind: str, source: str, **metadata: Any) -> dict[str, Any]:
    code: dict[str, Any] = {"execution_count": None, "outputs": []}
    code = code if kind == "code" else {}
    return {"cell_type": kind, "metadata": metadata, "source": source, **code}


def _start(app: Sphinx, docname: str) -> list[dict[str, Any]]:
    """Return what comes before the page: whence it is, and a check for what it needs."""
    config = app.config
    title, address = str(config.html_title), page_url(config, docname)
    note = config.claimbook_notebook_note.format(
        title=f"[{title}]({address})" if address else title
    )
    cells = [_cell("markdown", f"*{note}*")]
    if config.claimbook_notebook_modules:
        where = repository(config)
        install = config.claimbook_notebook_install.format(
            repository=f" ({where})" if where else ""
        )
        code = (
            "# What this notebook needs; the package brings its data along.\n"
            f"try:\n    import {', '.join(config.claimbook_notebook_modules)}\n"
            "except ModuleNotFoundError as error:\n"
            f"    how = {install!r}\n"
            '    raise ModuleNotFoundError(f"{error}. {how}") from None'
        )
        cells.append(_cell("code", code, jupyter={"source_hidden": True}))
    return cells


def _offer(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the notebook of a page that has code, and link to it at the page's end."""
    env: Any = app.env
    page = _cells(app, docname) if app.builder.format == "html" else None
    if page is None:
        return
    path = f"{FOLDER}/{PurePosixPath(docname).name}.ipynb"
    made = notebook(page, Path(path).stem, Text(app, doctree, docname).plain, _start(app, docname))
    target = Path(app.outdir) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    up = "../" * app.builder.get_target_uri(docname).count("/")
    about, _, anchor = app.config.claimbook_pages.get("running", "").partition("#")
    how = ""
    if about in env.found_docs:
        where = app.builder.get_relative_uri(docname, about)
        how = Markup(' (<a href="{}#{}">how to run it</a>)').format(where, anchor)
    link = Markup('<a href="{}{}" download>Download this page as a notebook</a>').format(up, path)
    html = Markup('<p class="notebook-link">{}{}</p>').format(link, how)
    next(iter(doctree.findall(nodes.section))).append(nodes.raw("", html, format="html"))


def _name_notebook(
    app: Sphinx, docname: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """Tell the page's buttons of the notebook."""
    context["page_notebook"] = offered(app, docname)


def setup(app: Sphinx) -> None:
    """Make the notebooks as pages are written."""
    app.connect("doctree-resolved", _offer)
    app.connect("html-page-context", _name_notebook)
