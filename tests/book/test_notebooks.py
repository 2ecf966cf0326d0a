"""The notebooks that pages offer: whole, readable, and able to run with the package alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from book_helpers import Book
from nbclient import NotebookClient

from claimbook.notebooks import plain


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


@pytest.fixture(scope="module")
def fresh(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Jupyter path with one kernel: a new environment with the wheel, and what it names alone."""
    folder = tmp_path_factory.mktemp("fresh")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, root]
    subprocess.run(build, check=True, capture_output=True)
    # The versions of the lock file, so that the test says the same on every day.
    lock = (root / "requirements/test.txt").read_text(encoding="utf-8")
    locked = re.findall(r"^[\w.-]+==[^\\\n]+", lock, re.MULTILINE)
    (folder / "locked.txt").write_text("\n".join(locked), encoding="utf-8")
    (wheel,) = folder.glob("*.whl")
    uv = [sys.executable, "-m", "uv", "--quiet"]
    subprocess.run([*uv, "venv", "--python", sys.executable, folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    wanted = [f"{wheel}[charts]", "ipykernel", "--constraint", folder / "locked.txt"]
    subprocess.run([*uv, "pip", "install", "--python", python, *wanted], check=True)
    kernel = folder / "kernels" / "fresh"
    kernel.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "fresh", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    return folder


def test_every_downloaded_notebook_runs_in_a_fresh_environment(
    book: Book, fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_PATH", str(fresh))
    # Neither the project's folder nor its packages may help.
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))

    paths = sorted(set(offered(book).values()))
    assert len(paths) >= 9
    # One after the other in one kernel, which forgets all names in between.
    one = nbformat.v4.new_notebook()
    for path in paths:
        cells = nbformat.read(path, as_version=4).cells
        one.cells.append(nbformat.v4.new_code_cell("%reset -f", metadata={"from": path.name}))
        one.cells.extend(cell for cell in cells if cell["cell_type"] == "code")
    one.cells.append(nbformat.v4.new_code_cell("import strikes2024; print(strikes2024.__file__)"))
    client = NotebookClient(
        one,
        timeout=120,
        kernel_name="fresh",
        resources={"metadata": {"path": str(tmp_path)}},
        extra_arguments=["--log-level=ERROR"],
    )
    client.execute()
    *cells, last = one.cells
    assert last["outputs"][0]["text"].startswith(str(fresh / "venv"))
    shown: dict[str, list[str]] = {}
    name = ""
    for cell in cells:
        name = cell["metadata"].get("from", name)
        kinds = [out.get("name", out["output_type"]) for out in cell["outputs"]]
        shown.setdefault(name, []).extend(kinds)
    assert set(shown) == {path.name for path in paths}
    for name, kinds in shown.items():
        assert set(kinds) <= {"execute_result", "stdout"}, name
        assert "execute_result" in kinds, name


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
