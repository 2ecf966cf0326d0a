"""Each page with code as a notebook to download: ``downloads/notebooks/NAME.ipynb``.

The text of a page has references and directives that only the book can set. In the notebook the
words of a reference stand alone, so that a sentence reads as it does on the page.
"""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from docutils import nodes
from myst_nb.core.read import create_nb_reader

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from sphinx.application import Sphinx

FOLDER = "downloads/notebooks"

_CODE = "{code-cell}"
_NAMED_BOX = re.compile(r"^:::\{admonition\} (.+)\n(?::\w+:.*\n)*((?s:.*?))^:::$", re.MULTILINE)
_DIRECTIVE = re.compile(r"^(```|:::)\{[\w-]+\}(?s:.*?)^\1$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:)[^)]*\)")


def plain(markdown: str) -> str:
    """Return text of a page as a notebook shows it, without what only the book can set."""
    text = _NAMED_BOX.sub(r"**\1**\n\2", markdown)
    text = _DIRECTIVE.sub("*(A list or table of the built report stands here.)*", text)
    return _LINK.sub(r"\1", text)


def notebook(page: NotebookNode, name: str, note: str) -> dict[str, Any]:
    """Return a page, as myst-nb reads it, as a notebook (format 4.5) that stands alone.

    ``name`` makes the ids of the cells, the same in every build; ``note`` is its first line.
    """
    cells: list[dict[str, Any]] = [_cell("markdown", f"*{note}*")]
    for cell in page.cells:
        if cell["cell_type"] == "code":
            cells.append(_cell("code", cell["source"], execution_count=None, outputs=[]))
        elif cell["source"].strip():
            cells.append(_cell("markdown", plain(cell["source"])))
    for number, made in enumerate(cells):
        made["id"] = f"{name}-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _cell(kind: str, source: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source, **more}


def _offer(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the notebook of a page that has code, and link to it at the page's end."""
    if app.builder.format != "html":
        return
    env: Any = app.env
    source = Path(env.doc2path(docname))
    text = source.read_text(encoding="utf-8")
    reader = create_nb_reader(str(source), env.myst_config, env.mystnb_config, text)
    if reader is None or _CODE not in text:
        return
    name = PurePosixPath(docname).name
    target = Path(app.outdir) / FOLDER / f"{name}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    note = app.config.claimbook_notebook_note.format(title=app.config.html_title)
    made = notebook(reader.read(text), name, note)
    target.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    up = "../" * app.builder.get_target_uri(docname).count("/")
    about = app.config.claimbook_pages.get("about", "")
    how = ""
    if about in env.found_docs:
        page = app.builder.get_relative_uri(docname, about)
        how = f' (<a href="{page}#run-it-again">how to run it</a>)'
    html = (
        f'<p class="notebook-link"><a href="{up}{FOLDER}/{name}.ipynb" download>'
        f"Download this page as a notebook</a>{how}</p>"
    )
    next(iter(doctree.findall(nodes.section))).append(nodes.raw("", html, format="html"))


def setup(app: Sphinx) -> None:
    """Make the notebooks as pages are written."""
    app.connect("doctree-resolved", _offer)
