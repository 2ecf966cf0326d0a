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
# them a page would take axe minutes. What is left out need not be walked through.
SHORTEN = """() => {
    for (const body of document.querySelectorAll("tbody"))
        [...body.rows].slice(4).forEach((row) => row.remove());
    for (const drawing of document.querySelectorAll(".chart-svg svg, .chart-live .svg-container"))
        drawing.replaceChildren();
    scrollTo({ top: 0, behavior: "instant" });  // nothing lies under the bar at the top
}"""
# To find colours takes axe a millisecond for each text. Texts of the same classes and attributes
# within the same have the same colours: of such parts of a page two stay.
ONE_LOOK = """() => {
    const look = (e) => `${e.tagName} ${e.getAttribute("class")} ${e.getAttribute("style")} ` +
        e.getAttributeNames();
    const seen = {};
    const thin = (parent, path) => {
        for (const e of [...parent.children]) {
            const here = path + "/" + look(e);
            const parts = [...new Set([...e.querySelectorAll("*")].map(look))].sort();
            const kind = here + parts;
            seen[kind] = (seen[kind] || 0) + 1;
            if (seen[kind] > 2) e.remove();
            else thin(e, here);
        }
    };
    thin(document.body, "");
}"""
RUN = """([scope, run, without]) => axe.run(scope, {
    runOnly: run,
    rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
    resultTypes: ["violations"],
})"""


def axe_faults(page: Page, rules: list[str], within: str = "body") -> list[str]:
    """Return what axe finds: rule, element, reason. Changes the page: most that repeats goes."""
    scope = {"include": [[within]], **SCOPE}
    page.evaluate(SHORTEN)
    page.evaluate(AXE_SCRIPT)
    runs = [] if rules is COLOUR_RULES else [page.evaluate(RUN, [scope, rules, COLOUR_RULES])]
    page.evaluate(ONE_LOOK)
    runs.append(page.evaluate(RUN, [scope, COLOUR_RULES, []]))
    found: list[Any] = [fault for run in runs for fault in run["violations"]]
    return [
        f"{fault['id']}: {node['target']}: {node['failureSummary']}"
        for fault in found
        for node in fault["nodes"]
    ]
