"""What axe-core finds on a page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What alone may differ between light and dark.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]

# Drawings are left out: each is one picture with a description to a screen reader (test_html.py),
# and the contrast of their colours is computed from the palette (tests/unit/test_charts.py).
SCOPE = {"exclude": [[".chart-svg"], [".chart-live .svg-container"]]}

# Of a table's rows four stay: the others are written by the same few lines, and with hundreds of
# them a page would take axe minutes.
SHORTEN = """() => {
    for (const body of document.querySelectorAll("tbody"))
        [...body.rows].slice(4).forEach((row) => row.remove());
}"""
RUN = "([scope, rules]) => axe.run(scope, { runOnly: rules, resultTypes: ['violations'] })"


def axe_faults(page: Page, rules: list[str]) -> list[str]:
    """Return what axe finds: rule, element, reason. Changes the page: most rows of tables go."""
    page.evaluate(SHORTEN)
    page.evaluate(AXE_SCRIPT)
    found: dict[str, Any] = page.evaluate(RUN, [SCOPE, rules])
    return [
        f"{fault['id']}: {node['target']}: {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
