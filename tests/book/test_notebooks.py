"""The notebooks that pages offer: whole, readable, and able to run with the package alone."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from book_helpers import Book
from nbclient import NotebookClient

from strikes2024.book.notebooks import FOLDER, plain


def offered(book: Book) -> dict[str, Path]:
    """Notebooks by page, as the pages link them."""
    return {
        docname: (book.path(docname).parent / link.get("href")).resolve()
        for docname in book.docnames
        for link in book.tree(docname).cssselect(".notebook-link a[download]")
    }


def test_every_page_with_code_offers_a_notebook(book: Book) -> None:
    with_code = {
        docname
        for docname in book.docnames
        if "```{code-cell}" in (book.root / f"{docname}.md").read_text(encoding="utf-8")
    }
    assert set(offered(book)) == with_code
    for path in offered(book).values():
        nbformat.validate(nbformat.read(path, as_version=4))


def test_text_in_a_notebook_has_neither_references_nor_directives(book: Book) -> None:
    for path in offered(book).values():
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
        for mark in ("](claim:", "](calc:", "](actor:", ".md)", "```{", ":::"):
            assert mark not in text, (path.name, mark)


@pytest.mark.parametrize("name", ["tower22", "start"])
def test_a_downloaded_notebook_runs(name: str, book: Book, tmp_path: Path) -> None:
    notebook = nbformat.read(book.html / FOLDER / f"{name}.ipynb", as_version=4)
    client = NotebookClient(
        notebook,
        timeout=60,
        resources={"metadata": {"path": str(tmp_path)}},
        extra_arguments=["--log-level=ERROR"],
    )
    client.execute()
    shown = [out for cell in notebook.cells for out in cell.get("outputs", ())]
    assert {out["output_type"] for out in shown} == {"execute_result"}


def test_hints_name_cells_worth_changing(book: Book) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in offered(book).values())
    assert text.count("# Change ") >= 3


def test_words_of_a_reference_stay_and_its_address_goes() -> None:
    page = "It killed [3](claim:x) in [a place](events.md), [see](https://example.org)."
    assert plain(page) == "It killed 3 in a place, [see](https://example.org)."


def test_a_box_keeps_its_title_and_points() -> None:
    page = ":::{admonition} Key points\n:class: key-points\n\n- One.\n:::\n"
    assert plain(page) == "**Key points**\n\n- One.\n\n"
    assert "sources-used" not in plain("```{sources-used}\n```\n")
