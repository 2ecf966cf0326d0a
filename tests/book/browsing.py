"""A built site, served over loopback under the sample server's policy, and a browser to open it in.

Fixtures for the tests of the book and of its live edition: their ``conftest.py`` import them.
"""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from book_helpers import policy
from playwright.sync_api import Browser, BrowserContext, sync_playwright

__all__ = ["CHROMIUM_FLAGS", "browser", "context", "serve"]

# Without these the browser itself calls home now and then, which is no fault of a page.
CHROMIUM_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, root: Path, **options: Any) -> None:
        self.root = root
        super().__init__(*args, **options)

    def end_headers(self) -> None:
        path = self.path.partition("?")[0]
        self.send_header("Content-Security-Policy", policy(self.root, path))
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@contextmanager
def serve(folder: Path, root: Path) -> Iterator[str]:
    """Serve a built site; the address ends with a slash. ``root`` has ``docs/nginx.conf``."""
    handler = functools.partial(_Quiet, directory=str(folder), root=root)
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
