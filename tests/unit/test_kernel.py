"""Cells run as in the live edition, in this Python."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pandas as pd
import pytest

from claimbook.kernel import MOST_TEXT, Fetcher, Session, needed


class Told:
    """A session that notes what it tells."""

    def __init__(self) -> None:
        self.told: list[tuple[int, str, str]] = []
        self.session = Session(
            lambda *message: self.told.append(message), lambda s: s["url"], lambda _refs: ""
        )

    def run(self, *cells: str, number: int = -1) -> list[tuple[int, str, str]]:
        self.told.clear()
        self.session.run(cells, range(len(cells))[number])
        return self.told

    def of(self, kind: str) -> str:
        return "".join(content for _, found, content in self.told if found == kind)


def test_a_cell_prints_and_shows_its_last_line() -> None:
    told = Told()
    assert told.run("print('a')\nx = 1\nx + 1") == [
        (0, "state", "running"),
        (0, "text", "a\n"),
        (0, "html", told.of("html")),
        (0, "state", "done"),
    ]
    assert ">2\n</pre>" in told.of("html")
    for silent in ("1;", "None", "y = 3", "", "# nothing"):
        told.run(silent)
        assert told.of("html") == "", silent


def test_what_a_cell_needs_runs_first_and_once() -> None:
    told = Told()
    cells = ("import math\nprint('one')", "print('two')", "r = math.pi", "r > 3")
    told.run(*cells)
    assert told.of("text") == "one\n"
    assert [m[0] for m in told.told if m[1:] == ("state", "done")] == [0, 2, 3]
    told.run(*cells)
    assert [m[0] for m in told.told if m[1:] == ("state", "done")] == [3]
    told.run(*cells[:2], "r = 1", cells[3])  # edited since
    assert "False" in told.of("html")
    told.session.reset()
    told.run(*cells)
    assert told.of("text") == "one\n"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["a = {}", "a['x'] = 1", "a"], [0, 1]),
        (["n = 0", "n += 1", "n"], [0, 1]),
        (["def f(): pass", "class C: pass", "f(C)"], [0, 1]),
        (["not python", "a = 1", "a"], [1]),
        (["import a.b", "b = 2", "a"], [0]),
        (["a = 1", "a ="], []),
    ],
)
def test_needed(cells: list[str], expected: list[int]) -> None:
    assert needed(cells, len(cells) - 1) == expected


def test_an_error_reads_as_python_writes_it() -> None:
    told = Told()
    told.run("", "def f():\n    return 1 / 0\nf()")
    lines = told.of("error").splitlines()
    assert lines[:3] == [
        "Traceback (most recent call last):",
        '  File "<cell 2>", line 3, in <module>',
        "    f()",
    ]
    assert lines[-1] == "ZeroDivisionError: division by zero"
    assert told.told[-1] == (1, "state", "failed")
    told.run("for")
    assert told.of("error").startswith('  File "<cell 1>", line 1\n    for\n')
    assert "ast.py" not in told.of("error")
    told.run("raise SystemExit(3)")
    assert told.told[-1] == (0, "state", "failed")


def test_a_cell_whose_needs_fail_says_so() -> None:
    told = Told()
    told.run("a = 1 / 0", "a")
    assert (1, "error", "Not run: cell 1, which it needs, failed.") in told.told
    assert told.told[-1] == (1, "state", "failed")


def test_an_endless_print_is_cut() -> None:
    told = Told()
    told.run(f"for _ in range(3): print('x' * {MOST_TEXT})")
    assert len(told.of("text")) < MOST_TEXT + 100
    assert told.of("text").endswith("[The rest is left out.]\n")


def test_a_table_is_the_book_s() -> None:
    told = Told()
    told.session.names["frame"] = pd.DataFrame({"a": ["<b>"]})
    told.run("frame")
    html = told.of("html")
    assert 'class="output text_html" tabindex="0" role="group" aria-label="Table"' in html
    assert "&lt;b&gt;" in html
    assert "<style" not in html


def test_display_shows_in_order() -> None:
    told = Told()
    told.run("print('a')\ndisplay('b')\nprint('c')")
    assert [kind for _, kind, _ in told.told] == ["state", "text", "html", "text", "state"]


def test_a_package_is_fetched_when_it_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, packed = tmp_path / "site", tmp_path / "packed"
    folder.mkdir()
    packed.mkdir()
    for name, parts in {"p.zip": {"fetched_p/__init__.py": "V = 1"}, "l.zip": {"l.so": ""}}.items():
        with ZipFile(packed / name, "w") as archive:
            for part, text in parts.items():
                archive.writestr(part, text)
    packages: dict[str, dict[str, Any]] = {
        "p": {"file": "p.zip", "size": 12e5, "imports": ["fetched_p"], "needs": ["l"]},
        "l": {"file": "l.zip", "size": 1, "imports": [], "needs": []},
    }
    fetched: list[str] = []
    linked: list[str] = []
    said: list[str] = []

    def fetch(name: str) -> str:
        fetched.append(name)
        return str(packed / name)

    monkeypatch.syspath_prepend(str(folder))
    host = SimpleNamespace(fetch=fetch, link=linked.append, progress=said.append)
    finder = Fetcher(packages, folder, host)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, finder])
    told = Told()
    told.run("import json")
    assert fetched == []
    told.run("import fetched_p\nfetched_p.V")
    assert fetched == ["l.zip", "p.zip"]
    assert linked == [str(folder / "l.so")]
    assert "Loading p (1.2 MB) …" in said
    told.run("import fetched_q")
    assert "No module named 'fetched_q'" in told.of("error")
