"""What the tests of the built book share."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lxml.html
import yaml
from playwright.sync_api import Page

BESIDE = ("search", "404")


@dataclass(frozen=True)
class Book:
    """The built site."""

    root: Path
    html: Path
    docnames: tuple[str, ...]

    @property
    def pages(self) -> tuple[str, ...]:
        """Every page: the chapters, and the two that no table of contents names."""
        return (*self.docnames, *BESIDE)

    @property
    def with_charts(self) -> tuple[str, ...]:
        """The pages that have a chart."""
        return tuple(d for d in self.docnames if self.tree(d).cssselect("figure.chart"))

    def path(self, docname: str) -> Path:
        return self.html / f"{docname}.html"

    @functools.cache  # noqa: B019 - one book per session
    def tree(self, docname: str) -> Any:
        return lxml.html.fromstring(self.path(docname).read_text(encoding="utf-8"))


@dataclass
class Watch:
    """What went wrong while pages were open."""

    origin: str
    foreign: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        page.on("request", lambda r: None if self._own(r.url) else self.foreign.append(r.url))
        page.on(
            "response",
            lambda r: self.failed.append(f"{r.status} {r.url}") if r.status >= 400 else None,
        )
        page.on("requestfailed", lambda r: self.failed.append(f"{r.failure} {r.url}"))
        page.on("pageerror", lambda e: self.console.append(f"{page.url}: {e}"))
        page.on(
            "console",
            lambda m: (
                self.console.append(f"{page.url}: {m.type}: {m.text}")
                if m.type in {"error", "warning"}
                else None
            ),
        )

    def _own(self, url: str) -> bool:
        return url.startswith((self.origin, "data:", "blob:"))

    def problems(self) -> list[str]:
        return [f"elsewhere: {url}" for url in self.foreign] + self.failed + self.console

    def check(self) -> None:
        assert not self.problems(), "\n".join(self.problems())


def toc_docnames(root: Path) -> tuple[str, ...]:
    """All pages named in the table of contents, in its order."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            found.extend(str(node[key]) for key in ("root", "file") if key in node)
            node = list(node.values())
        if isinstance(node, list):
            for item in node:
                walk(item)

    walk(yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8")))
    return tuple(found)


def policy(root: Path, path: str = "/") -> str:
    """The Content-Security-Policy of the sample server, for an address of the site."""
    text = (root / "docs" / "nginx.conf").read_text(encoding="utf-8")
    own = re.search(
        rf'location = {re.escape(path)} {{[^}}]*Content-Security-Policy "([^"]+)"', text
    )
    found = own or re.search(r'set \$csp "([^"]+)"', text)
    assert found
    return found[1]


def open_in_theme(page: Page, url: str, theme: str) -> None:
    """Open a page as a reader who chose light or dark."""
    page.add_init_script(
        f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}');"
    )
    page.goto(url, wait_until="load")


def draw_all(page: Page) -> None:
    """Turn to each chart, as a reader with a keyboard does, and wait until it is drawn."""
    for chart in page.locator("figure.chart-plotly .chart-drawing").all():
        chart.focus()
        page.wait_for_function(
            "e => e.dataset.drawn !== undefined", arg=chart.element_handle(), timeout=20_000
        )
        chart.blur()
