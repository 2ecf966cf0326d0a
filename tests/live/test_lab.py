"""`make lab`: every notebook in a real JupyterLab, opened as a reader does, and run whole."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from book_helpers import Watch
from playwright.sync_api import BrowserContext, Page

HTML = Path(__file__).resolve().parents[2] / "_build" / "html"  # `make test-live` builds it
NOTEBOOKS = sorted(path.stem for path in (HTML / "downloads" / "notebooks").glob("*.ipynb"))
TOKEN = "reader"
SECONDS = 240.0  # for the longest notebook on a busy machine


def asked(address: str, method: str = "GET") -> Any:
    """What the server's interface answers."""
    headers = {"Authorization": f"token {TOKEN}"}
    request = urllib.request.Request(address, method=method, headers=headers)
    for _ in range(4):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            if error.code not in (400, 404, 500):  # a notebook is read while it is being saved
                raise
            time.sleep(1)
    raise AssertionError(f"{address}: no answer")


@pytest.fixture(scope="module")
def lab(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the JupyterLab that `make lab` starts, with no settings of whoever runs this."""
    assert NOTEBOOKS, "There is no built book: run `make book`"
    build = tmp_path_factory.mktemp("build")
    (build / "html").symlink_to(HTML)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "--no-browser",
        f"--port={port}",
        f"--IdentityProvider.token={TOKEN}",
        "--ip=127.0.0.1",
    ]
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR",
             "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")  # fmt: skip
    log = build / "lab.log"
    with log.open("w") as written:
        server = subprocess.Popen(
            [sys.executable, root / "tools" / "lab.py", build, *options],
            env=os.environ | {name: str(build / "jupyter" / name) for name in names},
            stdout=written,
            stderr=written,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                asked(f"{address}/api/status")
                break
            except OSError:
                assert server.poll() is None, log.read_text()
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def page(context: BrowserContext, lab: str) -> Iterator[Page]:
    page = context.new_page()
    watch = Watch(f"{lab}/")
    watch.attach(page)
    yield page
    assert watch.foreign == []
    page.close()
    for session in asked(f"{lab}/api/sessions"):
        asked(f"{lab}/api/sessions/{session['id']}", "DELETE")


def open_and_run(page: Page, lab: str, name: str) -> None:
    """Open a notebook by a double click in the list of files, and run all its cells."""
    page.goto(f"{lab}/lab?reset&token={TOKEN}", timeout=60_000)
    page.locator(f'.jp-DirListing-item[title^="Name: {name}.ipynb"]').dblclick(timeout=60_000)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    code: list[dict[str, Any]] = []
    end = time.monotonic() + SECONDS
    while not code or any(cell["execution_count"] is None for cell in code):
        outputs = [output for cell in code for output in cell["outputs"]]
        assert not [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"]
        assert time.monotonic() < end, "not done in time"
        time.sleep(1)
        page.keyboard.press("Control+s")
        cells = asked(f"{lab}/api/contents/{name}.ipynb")["content"]["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
    # Cells out of sight are drawn when there is time.
    page.wait_for_function(
        "(count) => document.querySelectorAll('.jp-Notebook .jp-Cell').length === count",
        arg=len(cells),
        timeout=60_000,
    )


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_shows_in_jupyterlab_what_its_page_shows(
    page: Page, lab: str, name: str
) -> None:
    open_and_run(page, lab, name)
    shown = lxml.html.fromstring(page.locator(".jp-Notebook").inner_html())
    path = next(path for path in (HTML / f"{name}.html", HTML / f"chapters/{name}.html")
                if path.is_file())  # fmt: skip
    chapter = lxml.html.parse(path).getroot()

    # Charts: finding, subtitle, drawing with its description, note, all sources with addresses.
    charts = {chart.get("id"): chart for chart in shown.cssselect("figure.report-chart")}
    inside = chapter.cssselect("figure.chart")
    assert list(charts) == [chart.get("id") for chart in inside]
    for there in inside:
        here = charts[there.get("id")]
        assert words(there.cssselect(".chart-title")[0]).removesuffix(" #") == words(
            here.cssselect(".chart-title")[0]
        )
        for part in (".chart-subtitle", ".chart-note"):
            assert list(map(words, here.cssselect(part))) == list(map(words, there.cssselect(part)))
        (image,) = here.cssselect("img")
        described = there.cssselect('[role="img"]')[0].get("aria-label")
        assert " ".join(image.get("alt").split()) == " ".join(described.split())
        links = here.cssselect(".chart-sources a")
        assert all(link.get("href").startswith("http") for link in links)
        labels = [words(link) for link in there.cssselect(".chart-sources a")]
        assert {words(link) for link in links} <= set(labels)
        assert all(label in words(here.cssselect(".chart-sources")[0]) for label in labels)
    drawn = page.locator("figure.report-chart img").evaluate_all(
        "(images) => images.map((image) => image.complete && image.naturalWidth > 0)"
    )
    assert drawn == [True] * len(inside)

    # Tables: caption, the same rows, whence they come.
    titles = [words(caption) for caption in chapter.cssselect(".cell_output table.record caption")]
    tables = shown.cssselect("figure.report-table")
    assert [words(c) for table in tables for c in table.cssselect("caption")] == titles
    assert all("CC BY 4.0" in words(table.cssselect(".table-credit")[0]) for table in tables)

    # Text: figures say whose they are, notes are quoted, nothing is left that only the book sets.
    text = shown.cssselect(".jp-MarkdownOutput")
    said = {t.get("title") for part in text for t in part.cssselect("a[title], abbr[title]")}
    for link in chapter.cssselect("a.datum[title]"):
        assert any(title.startswith(" ".join(link.get("title").split())) for title in said)
    quoted = [words(quote) for part in text for quote in part.cssselect("blockquote")]
    assert quoted == [words(note) for note in chapter.cssselect("aside.margin")]
    whole = " ".join(map(words, text))
    assert not [mark for mark in ("{", ":::", "```", "](", "stands here") if mark in whole]
    assert not re.search(r"\bclaim:\w", whole)
