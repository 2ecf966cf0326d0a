"""What runs outside the plain book: `make test-live`, with more to fetch than `make test`."""

from __future__ import annotations

from browsing import browser, context

__all__ = ["browser", "context"]
