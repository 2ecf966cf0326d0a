"""What the tests of the live edition share."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page

# What a cell shows, as far as a reader notices it: text, charts with their data, words in drawings,
# descriptions. Files of a chart are data of the page where a cell has made them.
SHOWN = """cell => {
    const output = cell.querySelector(":scope > .cell_output");
    if (!output) return null;
    const copy = output.cloneNode(true);
    const all = (selector, read) => [...copy.querySelectorAll(selector)].map(read);
    const shown = {
        charts: all("script.chart-figure", (script) => script.textContent),
        titles: all(".chart-title, .chart-subtitle, caption", (e) => e.textContent),
        drawings: all(".chart-svg svg", (svg) =>
            [...svg.querySelectorAll("text")].map((text) => text.textContent.trim()).sort()),
        links: all("a[href]:not([download])", (a) => a.getAttribute("href")),
        alt: all("[role=img], .chart-drawing", (e) => e.getAttribute("aria-label")),
    };
    copy.querySelectorAll("script, svg, button").forEach((part) => part.remove());
    return { ...shown, text: copy.textContent };
}"""
ENDED = "cell => ['done', 'failed'].includes(cell.dataset.runState)"


def shown(cell: Locator) -> dict[str, Any] | None:
    found: dict[str, Any] | None = cell.evaluate(SHOWN)
    if found:
        found["text"] = " ".join(found["text"].split())
        found["charts"] = [json.loads(text) for text in found["charts"]]
    return found


def press(cell: Locator, name: str = "Run") -> None:
    cell.get_by_role("button", name=name).click()


def ended(page: Page, cell: Locator) -> str | None:
    """Wait until a cell has run, and return how it ended."""
    page.wait_for_function(ENDED, arg=cell.element_handle())
    return cell.get_attribute("data-run-state")
