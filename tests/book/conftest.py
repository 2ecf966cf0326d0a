"""The built book, served over loopback, and a real browser to open it in."""

from __future__ import annotations

import fcntl
import functools
import http.server
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from book_helpers import Book, policy, toc_docnames
from playwright.sync_api import Browser, BrowserContext, sync_playwright

# Without these the browser itself calls home now and then, which is no fault of a page.
CHROMIUM_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def book(root: Path, testrun_uid: str, tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The book as `make book` builds it; quick when it is up to date.

    The tests run in several processes: the first to come builds, the others wait for it.
    """
    built = tmp_path_factory.getbasetemp().parent / f"built-{testrun_uid}"
    with built.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.stat().st_size:
            made = subprocess.run(
                ["make", "book"], cwd=root, capture_output=True, text=True, check=False
            )
            report = f"make book failed:\n{made.stdout[-3000:]}\n{made.stderr[-3000:]}"
            assert made.returncode == 0, report
            lock.write("whole")
    return Book(root=root, html=root / "_build" / "html", docnames=toc_docnames(root))


class _Quiet(http.server.SimpleHTTPRequestHandler):
    root = Path()

    def end_headers(self) -> None:
        path = self.path.partition("?")[0]
        self.send_header("Content-Security-Policy", policy(self.root, path))
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="session")
def site(book: Book) -> Iterator[str]:
    """Address of the book, with a slash at its end, under the sample server's strict policy."""
    _Quiet.root = book.root
    handler = functools.partial(_Quiet, directory=str(book.html))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    assert executable, "Chromium is missing: run `make browser`"
    with sync_playwright() as playwright:
        # Playwright gives each run a profile folder of its own.
        browser = playwright.chromium.launch(
            executable_path=executable, chromium_sandbox=False, args=CHROMIUM_FLAGS
        )
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
    yield context
    context.close()
