"""What the live edition takes of a release, and how it sets the cells of a page."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from claimbook.live import (
    LiveError,
    engine,
    official,
    packages_of,
    pins,
    unpacked,
    with_cells,
)

CONTENT = {"pyodide.js": b"code", "numpy.whl": b"wheel"}
WANTED = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENT.items()}


def folder(path: Path, content: dict[str, bytes]) -> Path:
    for name, text in content.items():
        (path / "pyodide").mkdir(parents=True, exist_ok=True)
        (path / "pyodide" / name).write_bytes(text)
    return path


def zipped(path: Path, content: dict[str, bytes]) -> Path:
    with ZipFile(path, "w") as archive:
        for name, text in content.items():
            archive.writestr(f"pyodide/{name}", text)
    return path


def tarred(path: Path, content: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:bz2") as archive:
        for name, text in content.items():
            info = tarfile.TarInfo(f"pyodide/{name}")
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text))
    return path


@pytest.mark.parametrize("make", [folder, zipped, tarred])
def test_a_release_is_a_directory_or_an_archive(tmp_path: Path, make: Any) -> None:
    release = make(tmp_path / "release", CONTENT)
    assert official([unpacked(release, tmp_path / "work")], WANTED, "1") == CONTENT


def test_another_file_of_the_name_is_passed_over(tmp_path: Path) -> None:
    wrong = folder(tmp_path / "a", {"pyodide.js": b"other"})
    assert official([wrong, folder(tmp_path / "d", CONTENT)], WANTED, "1") == CONTENT


def test_a_wrong_file_is_named_with_both_checksums_and_the_way_out(tmp_path: Path) -> None:
    place = folder(tmp_path / "d", CONTENT | {"numpy.whl": b"changed"})
    found = hashlib.sha256(b"changed").hexdigest()
    with pytest.raises(LiveError) as error:
        official([place], WANTED, "0.1")
    said = str(error.value)
    assert f"numpy.whl: expected SHA-256 {WANTED['numpy.whl']}, found {found} in {place}/" in said
    assert "official release of Pyodide 0.1" in said
    assert "make live PYODIDE=" in said


def test_a_missing_file_or_place_is_named(tmp_path: Path) -> None:
    place = folder(tmp_path / "d", {"pyodide.js": b"code"})
    with pytest.raises(LiveError, match=r"numpy\.whl: expected .* found no such file in"):
        official([place], WANTED, "0.1")
    with pytest.raises(LiveError, match=r"nowhere: expected a directory or an archive"):
        unpacked(tmp_path / "nowhere", tmp_path)
    (tmp_path / "broken.zip").write_bytes(b"PK")
    with pytest.raises(LiveError, match=r"broken\.zip: expected a directory or an archive"):
        unpacked(tmp_path / "broken.zip", tmp_path / "work")


def test_packages_come_with_what_they_depend_on() -> None:
    lock = {
        "info": {"version": "0.1"},
        "packages": {"a": {"depends": ["B_b"]}, "b-b": {"depends": []}, "c": {"depends": []}},
    }
    assert sorted(packages_of(lock, ["A"])) == ["a", "b-b"]
    with pytest.raises(LiveError, match=r"packages of Pyodide 0\.1, found 'scippy'"):
        packages_of(lock, ["scippy"])


def test_the_pinned_files_are_those_that_the_worker_loads(root: Path) -> None:
    assert set(pins(root / "requirements" / "pyodide.sha256")) == {
        "pyodide-lock.json", "pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm",
        "python_stdlib.zip",
    }  # fmt: skip


SOURCE = """# A page

```{code-cell}
:tags: [remove-cell]
a = "</script>"
```

```{code-cell}
:tags: [hide-input]
a
```
"""
PAGE = (
    "<head></head><article><h1>A page</h1>\n"
    '<div class="cell tag_hide-input docutils container">'
    '<div class="cell_input docutils container">a</div></div>\n</article>'
)
LOADED = {"up": "../", "style": "live.css", "scripts": ["live.js"]}


def test_cells_have_numbers_and_those_left_out_come_back() -> None:
    page = with_cells(PAGE, SOURCE, "p", LOADED)
    assert page.index('data-cell="0"') < page.index('data-cell="1"')
    assert page.count("data-cell=") == 2
    assert page.startswith(
        '<head><link rel="stylesheet" href="../live.css">\n<script defer src="../'
    )
    data = page.partition('id="live-cells">')[2].partition("</script>")[0]
    assert json.loads(data) == {"cells": ['a = "</script>"', "a"], "name": "p"}


def test_a_page_of_another_state_is_refused() -> None:
    with pytest.raises(LiveError, match="p: expected 1 code cells on the page, found 0"):
        with_cells("<head></head><article></article>", SOURCE, "p", LOADED)


SHOW = """
import sys
from claimbook.kernel import Session
told = []
Session(lambda *said: told.append(said), lambda source: None, None).run([sys.argv[1]], 0)
print("".join(content for _, kind, content in told if kind in ("html", "error")))
"""


def test_the_engine_needs_nothing_but_what_it_brings(root: Path, tmp_path: Path) -> None:
    package = root / "src" / "claimbook"
    own = {
        f"claimbook/{path.relative_to(package).as_posix()}": path.read_bytes()
        for path in package.rglob("*")
        if path.is_file()
    }
    for name, content in engine(own).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    # Without the packages that are installed here.
    lines = f"import sys; sys.path.append({str(tmp_path)!r})\n{SHOW}"
    shown = subprocess.run(
        [sys.executable, "-I", "-S", "-c", lines, "'<' + 'b>'"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "<pre" in shown.stdout
    assert "&#39;&lt;b&gt;&#39;\n</pre>" in shown.stdout
