"""The built book, served over loopback, and a real browser to open it in."""

from __future__ import annotations

import fcntl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from book_helpers import Book, toc_docnames
from browsing import browser, context, serve

__all__ = ["browser", "context"]


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


@pytest.fixture(scope="session")
def site(book: Book) -> Iterator[str]:
    """Address of the book, with a slash at its end, under the sample server's strict policy."""
    with serve(book.html, book.root) as address:
        yield address
