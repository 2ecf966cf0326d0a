"""`make lab`: notebooks are brought up to date, and a reader's work stays."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("lab_tool", ROOT / "tools" / "lab.py")
lab = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(lab)


def write(path: Path, source: str, *, ran: bool = False) -> None:
    cell = nbformat.v4.new_code_cell(source)
    if ran:
        cell.outputs = [nbformat.v4.new_output("stream", text="3\n")]
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)


def source(path: Path) -> str:
    return nbformat.read(path, as_version=4).cells[0].source


@pytest.fixture
def offered(tmp_path: Path) -> Path:
    folder = tmp_path / "offered"
    folder.mkdir()
    write(folder / "a.ipynb", "1 + 2")
    assert lab.refresh(folder, tmp_path / "lab") == []
    assert source(tmp_path / "lab" / "a.ipynb") == "1 + 2"
    return folder


def test_a_notebook_that_was_only_run_is_brought_up_to_date(offered: Path, tmp_path: Path) -> None:
    mine = tmp_path / "lab" / "a.ipynb"
    write(mine, "1 + 2", ran=True)
    assert lab.refresh(offered, mine.parent) == []
    assert nbformat.read(mine, as_version=4).cells[0].outputs  # nothing new: results stay
    write(offered / "a.ipynb", "1 + 3")
    assert lab.refresh(offered, mine.parent) == []
    assert source(mine) == "1 + 3"


def test_a_changed_notebook_stays_until_it_is_deleted(offered: Path, tmp_path: Path) -> None:
    mine = tmp_path / "lab" / "a.ipynb"
    write(mine, "1 + 4")
    write(offered / "a.ipynb", "1 + 3")
    for _ in range(2):
        assert lab.refresh(offered, mine.parent) == ["a.ipynb"]
        assert source(mine) == "1 + 4"
    mine.unlink()
    assert lab.refresh(offered, mine.parent) == []
    assert source(mine) == "1 + 3"


def test_a_file_that_is_no_notebook_stays(offered: Path, tmp_path: Path) -> None:
    mine = tmp_path / "lab" / "a.ipynb"
    mine.write_text("mine", encoding="utf-8")
    assert lab.refresh(offered, mine.parent) == ["a.ipynb"]
    assert mine.read_text(encoding="utf-8") == "mine"
