"""The notebooks that pages offer: whole, readable, and able to run with the package alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html import escape
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from book_helpers import Book
from docutils import nodes
from docutils.utils import new_document
from nbclient import NotebookClient

from claimbook.notebooks import Text
from claimbook.references import Kind, UnknownKeyError


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
        for mark in ("](claim:", "](calc:", "](actor:", ".md)", "```{", ":::", "stands here"):
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


BOOK_ADDRESS = "https://book.example/report"
CARD = "The “Observatory” &amp; others; as of 2 May"


class Claim(Kind):
    name = "claim"

    def texts(self, key: str) -> tuple[str, ...]:
        if key == "unknown":
            raise UnknownKeyError("claim", key, [])
        return ("3",)

    def place(self, key: str) -> tuple[str, str]:
        return "chapters/ledger", f"claim-{key}"

    def card(self, key: str, text: str) -> list[str]:  # noqa: ARG002
        return ["The “Observatory” & others", "as of 2 May"]

    def sources(self, key: str) -> list[str]:
        return [key]


class Cite(Kind):
    name = "cite"

    def address(self, key: str) -> str | None:
        return {"online": "https://example.org/a_(b)"}.get(key)


def text(address: str = "") -> Text:
    """A page of a book that has been published at an address, or nowhere."""
    config = SimpleNamespace(html_baseurl=address, claimbook_pages={"glossary": "chapters/terms"})
    entry = nodes.section(
        "", nodes.title("", "TBI"), nodes.paragraph("", "An injury."), ids=["tbi"]
    )
    glossary = new_document("terms")
    glossary += entry
    env = SimpleNamespace(
        found_docs={"chapters/a", "chapters/terms", "index"},
        get_doctree=lambda _: glossary,
        titles={"chapters/a": nodes.title("", "A chapter")},
    )

    def written(_event: str, directive: str, docname: str) -> str | None:
        return f"- used in {docname}" if directive == "used" else None

    app = SimpleNamespace(config=config, env=env, emit_firstresult=written)
    app.claimbook_kinds = {"claim": Claim(), "cite": Cite()}
    return Text(app, "chapters/a")


@pytest.mark.parametrize(
    ("page", "at_home", "published"),
    [
        (
            "[3](claim:x)",
            f'<abbr title="{CARD}">3</abbr>',
            f'[3]({BOOK_ADDRESS}/chapters/ledger.html#claim-x "{CARD}")',
        ),
        (
            "[3](claim:online)",
            f'[3](https://example.org/a_%28b%29 "{CARD}")',
            f'[3]({BOOK_ADDRESS}/chapters/ledger.html#claim-online "{CARD}")',
        ),
        ("[3](claim:unknown)", "3", "3"),
        (
            "**[TBI](terms.md#tbi)**",
            '**<abbr title="TBI: An injury.">TBI</abbr>**',
            f'**[TBI]({BOOK_ADDRESS}/chapters/terms.html#tbi "TBI: An injury.")**',
        ),
        ("[home](../index.md)", "home", f"[home]({BOOK_ADDRESS}/index.html)"),
        ("[here](#part)", "here", f"[here]({BOOK_ADDRESS}/chapters/a.html#part)"),
        ("[no page](none.md)", *["no page"] * 2),
        *[(kept, kept, kept) for kept in (
            "[see](https://example.org)", "`[3](claim:x)` and ``[3](claim:`x`) ``", "<https://a.example>",
            "```python\n[3](claim:x)\n:::{margin}\n```", "1. One\n   - two",
        )],
        ("(target)=\n# Head\n\n% a comment\n{.wide}\n[a](none.md){.b}", *["# Head\n\na"] * 2),
        (":::{margin}\n**A** term\n:::", *["> **A** term"] * 2),
        (":::{admonition} Key points\n:class: key-points\n\n- One.\n:::",
         *["**Key points**\n\n- One."] * 2),
        ("::::{div} wide\n:::{note}\nAs it is.\n:::\n::::", *["**Note**\n\nAs it is."] * 2),
        ("- a\n\n  ```{tip} Try\n  it.\n  ```\n- b",
         *["- a\n\n  **Try**\n\n  it.\n\n- b"] * 2),
        ("```{used}\n```", *["- used in chapters/a"] * 2),
        ("```{other} name\n:flag:\n```", "*See the page A chapter.*",
         f"*See the page [A chapter]({BOOK_ADDRESS}/chapters/a.html).*"),
    ],
)  # fmt: skip
def test_what_only_the_book_can_set_becomes_plain_markdown(
    page: str, at_home: str, published: str
) -> None:
    assert text().plain(page) == at_home
    assert text(f"{BOOK_ADDRESS}/").plain(page) == published


@pytest.mark.parametrize("missing", ["strikes2024", "matplotlib"])
def test_a_notebook_says_what_it_lacks_and_how_to_get_it(book: Book, missing: str) -> None:
    (path,) = {path for name, path in offered(book).items() if name.endswith("/strikes")}
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    first = next(cell["source"] for cell in cells if cell["cell_type"] == "code")
    code = f"import sys\nsys.modules[{missing!r}] = None\n{first}"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 1
    *_, last = done.stderr.splitlines()
    assert missing in last
    assert last.endswith('pip install ".[charts]"')


def test_figures_and_sources_have_their_words_in_a_notebook(book: Book) -> None:
    (path,) = {path for name, path in offered(book).items() if name.endswith("/tower22")}
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    page = book.tree("chapters/tower22")
    text = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    claimants = [link.get("title") for link in page.cssselect("a.datum.claim")]
    assert len(claimants) > 20
    assert all(escape(claimant) in text for claimant in claimants)
    assert text.count("> **") == len(page.cssselect("aside.margin"))
    listed = [item.text_content() for item in page.cssselect(".sources-used li")]
    assert text.rpartition("# Sources of this chapter")[2].count("\n- ") == len(listed) > 20
