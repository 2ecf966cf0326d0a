"""A change in data or code reaches the pages; without one nothing is executed again."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from plotly.offline import get_plotlyjs_version

from claimbook.fingerprint import fingerprint, prune
from claimbook.static import ENGINE

CONFIG = """
title: Tiny
only_build_toc_files: true
execute:
  execute_notebooks: cache
  raise_on_error: true
sphinx:
  recursive_update: true
  config:
    extensions: [sphinx_togglebutton, sphinx_copybutton, myst_nb, jupyter_book, sphinx_comments,
                 sphinx_external_toc, sphinx_design, sphinx_book_theme,
                 claimbook]
    use_jupyterbook_latex: false
    nb_ipywidgets_js: {}
    html_theme_options: {article_header_end: [page-tools.html], navbar_persistent: []}
    html_context: {default_mode: auto}
"""
Tree = tuple[Path, list[Path]]
PAGE = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
  display_name: Python 3
---
# Tiny

```{code-cell} ipython3
import time
print("value", open("data/t.csv").read(), "made", time.time_ns(), "end")
```
"""


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    package = tmp_path / "src" / "strikes2024"
    package.mkdir(parents=True)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "t.csv").write_text("1")
    (package / "tables.py").write_text("A = 1")
    (package / "facts.toml").write_text("a = 1")
    (package / "table.html").write_text("<table>")
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/book.txt").write_text("pandas==1")
    return tmp_path, [package]


@pytest.mark.parametrize(
    "name",
    ["data/t.csv", "requirements/book.txt", *(f"src/strikes2024/{name}" for name in
     ("tables.py", "facts.toml", "table.html"))],
)  # fmt: skip
def test_each_kind_of_input_changes_the_fingerprint(tree: Tree, name: str) -> None:
    lock = "requirements/book.txt"
    before = fingerprint(*tree, lock=lock)
    assert fingerprint(*tree, lock=lock) == before
    (tree[0] / name).write_text("2")
    assert fingerprint(*tree, lock=lock) != before


def test_a_new_and_a_renamed_table_change_the_fingerprint(tree: Tree) -> None:
    seen = {fingerprint(*tree)}
    (tree[0] / "data" / "u.csv").write_text("1")
    seen.add(fingerprint(*tree))
    (tree[0] / "data" / "u.csv").rename(tree[0] / "data" / "v.csv")
    seen.add(fingerprint(*tree))
    assert len(seen) == 3


def test_bytecode_and_hidden_files_do_not(tree: Tree) -> None:
    before = fingerprint(*tree)
    (tree[1][0] / "__pycache__").mkdir()
    (tree[1][0] / "__pycache__" / "x.py").write_text("")
    (tree[0] / "data" / ".swp").write_text("")
    assert fingerprint(*tree) == before


def test_old_caches_are_pruned(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    prune(tmp_path, "new")
    assert [p.name for p in tmp_path.iterdir()] == ["new"]
    prune(tmp_path / "missing", "new")


def test_a_changed_table_changes_the_page_and_nothing_else_does(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    table = tmp_path / "data" / "t.csv"
    table.write_text("one")
    (tmp_path / "_config.yml").write_text(CONFIG)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (tmp_path / "index.md").write_text(PAGE)

    def built() -> str:
        made = subprocess.run(
            [str(Path(sys.executable).with_name("jupyter-book")), "build", ".", "-W", "-n"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stdout + made.stderr
        page = (tmp_path / "_build" / "html" / "index.html").read_text(encoding="utf-8")
        output = re.search(r"value \w+ made \d+ end", page)
        assert output
        return output[0]

    first = built()
    assert "value one" in first
    assert built() == first
    # Read again, with the same code and data: the executed cells come from the cache.
    (tmp_path / "index.md").write_text(PAGE + "\nA sentence more.\n")
    assert built() == first
    left = tmp_path / "_build" / "html" / "left.html"
    left.write_text("of another book")
    table.write_text("two")
    assert "value two" in built()
    assert not left.exists()
    assert len(list((tmp_path / "_build" / ".jupyter_cache").iterdir())) == 1


def test_the_search_keeps_the_index_of_pages_that_are_not_written_anew(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text(CONFIG)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: a\nchapters:\n- file: b\n")
    row = '<table><tr id="t" data-names="Al-Tanf"><th>al-Tanf</th></tr></table>'
    (tmp_path / "b.md").write_text(f"# B\n\n```{{raw}} html\n{row}\n```\n")
    command = [sys.executable, "-m", "claimbook.build", str(tmp_path), str(tmp_path / "to")]
    indexes = []
    for words in ("First.", "Second.", "First."):
        (tmp_path / "a.md").write_text(f"# A\n\n{words}\n")
        subprocess.run(command, check=True, capture_output=True)
        indexes.append((tmp_path / "to" / "html" / "searchindex.js").read_text())
    assert '"Al-Tanf"' in indexes[0]
    assert '"Al-Tanf"' in indexes[1]
    assert indexes[2] == indexes[0]


def test_the_bundle_is_the_one_for_the_locked_plotly(root: Path) -> None:
    assets = root / "src" / "claimbook" / "assets"
    notice = (assets / "NOTICE.txt").read_text(encoding="utf-8")
    bundle = (assets / "plotly-basic.min.js").read_bytes()
    stated = re.search(r"version: (\S+)", notice)
    assert stated
    assert stated[1] == get_plotlyjs_version()
    assert f"v{stated[1]}".encode() in bundle[:200]
    assert hashlib.sha256(bundle).hexdigest() in notice
    assert f"plotly=={version('plotly')} " in (root / "requirements/test.txt").read_text()


def test_sqlite_is_the_release_that_the_notice_names(root: Path) -> None:
    assets = root / "src" / "claimbook" / "assets"
    notice = (assets / "NOTICE.txt").read_text(encoding="utf-8")
    listed = {name: digest for digest, name in re.findall(r"sha256: +(\w{64}) +(\S+)", notice)}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in assets.glob("sql-*")
    }
    assert listed == found
    assert set(found) == set(ENGINE)
    assert "MIT" in (assets / "LICENSE.sqljs.txt").read_text(encoding="utf-8")


def test_locked_files_name_no_place_and_a_hash_for_each_package(root: Path) -> None:
    for file in (root / "requirements").glob("*.txt"):
        lock = file.read_text(encoding="utf-8")
        assert not re.search(r"://|^-|file:", lock, re.MULTILINE), file.name
        for requirement in re.split(r"\n(?=\S)", lock.strip()):
            assert "--hash=sha256:" in requirement, file.name
