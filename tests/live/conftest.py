"""What runs outside the plain book: `make test-live`, with more to fetch than `make test`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from book_helpers import Book, toc_docnames
from browsing import browser, context, serve

__all__ = ["browser", "context"]


@pytest.fixture(scope="session")
def live(root: Path) -> Book:
    """The live edition, as `make live` has made it."""
    made = root / "_build" / "live"
    assert made.is_dir(), "run `make live`"
    return Book(root=root, html=made, docnames=toc_docnames(root))


@pytest.fixture(scope="session")
def site(live: Book) -> Iterator[str]:
    """Address of the live edition, with a slash at its end, under the sample server's policy."""
    with serve(live.html, live.root) as address:
        yield address
