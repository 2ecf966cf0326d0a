"""Every cell of every page, run in the page: what it shows is what the book shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from book_helpers import Book, Watch
from live_helpers import ended, press, shown
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
WITH_CELLS = sorted(
    path.relative_to(ROOT).with_suffix("").as_posix()
    for path in [ROOT / "index.md", *(ROOT / "chapters").glob("*.md")]
    if "```{code-cell}" in path.read_text(encoding="utf-8")
)
# Of all statements that clash, some are listed that explain how many must give way: which, depends
# on the solver, and so on the version of SciPy.
SOLVER = ("tables.conflicts", "tables.toll_conflicts")


@pytest.mark.parametrize("docname", WITH_CELLS)
def test_cells_show_what_the_book_shows(
    browser: Browser, site: str, live: Book, docname: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(120_000)
    page, watch = context.new_page(), Watch(site)
    watch.attach(page)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))  # the worker's too
    page.goto(f"{site}{docname}.html")
    source = (live.root / f"{docname}.md").read_text(encoding="utf-8")
    cells = page.locator("[data-cell]").all()
    assert len(cells) == source.count("```{code-cell}")
    built = [shown(cell) for cell in cells]
    for cell, wanted in zip(cells, built, strict=True):
        press(cell)
        assert ended(page, cell) == "done", cell.inner_text()
        found = shown(cell)
        if any(call in cell.locator("textarea").input_value() for call in SOLVER):
            assert found is not None
            assert wanted is not None
            assert found["titles"] == wanted["titles"]
        else:
            assert found == wanted
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []
    watch.check()
    context.close()
