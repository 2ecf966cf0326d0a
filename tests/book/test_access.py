"""Every page as axe-core sees it, under the sample server's policy, in light and dark, wide and
narrow; and what axe cannot see: the keyboard, less motion, what a page keeps.

One visit to a page serves them all: to open and draw it costs more than any single check.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from book_helpers import BESIDE, Book, Watch, draw_all, toc_docnames
from playwright.sync_api import Browser, BrowserContext, Page

PAGES = [*toc_docnames(Path(__file__).resolve().parents[2]), *BESIDE]
ASKED = {"search": "?q=Tower"}  # so that the page has results to look at

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What alone may differ between light and dark.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]

# Drawings are left out: each is one picture with a description to a screen reader (test_html.py),
# and the contrast of their colours is reckoned from the palette (tests/unit/test_charts.py).
SCOPE = {"exclude": [[".chart-svg"], [".chart-live .svg-container"]]}

# All that is folded away is opened. Of a table's rows four stay: the others are written by the same
# few lines, and with hundreds of them a page would take axe minutes.
PREPARE = """() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    for (const body of document.querySelectorAll("tbody"))
        [...body.rows].slice(4).forEach((row) => row.remove());
}"""
SET_THEME = """async theme => {
    document.documentElement.dataset.mode = theme;
    document.documentElement.dataset.theme = theme;
    for (let frame = 0; frame < 2; frame++)
        await new Promise((done) => requestAnimationFrame(done));
}"""
RUN = "([scope, rules]) => axe.run(scope, { runOnly: rules, resultTypes: ['violations'] })"


def faults(page: Page, rules: list[str]) -> list[str]:
    """What axe finds: rule, element, reason."""
    found: dict[str, Any] = page.evaluate(RUN, [SCOPE, rules])
    return [
        f"{fault['id']}: {node['target']}: {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("docname", PAGES)
def test_page_is_open_to_all_and_sealed(docname: str, site: str, browser: Browser) -> None:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce", color_scheme="light"
    )
    context.set_default_timeout(60_000)
    page, watch = context.new_page(), Watch(site)
    watch.attach(page)
    page.goto(f"{site}{docname}.html{ASKED.get(docname, '')}", wait_until="networkidle")
    if docname in ASKED:
        page.wait_for_selector("#search-results li")
    draw_all(page)
    # No request elsewhere, nothing refused by the policy, no word on the console.
    watch.check()
    assert context.cookies() == []
    # The theme's choice of light or dark, and nothing else, is kept, on the reader's own machine.
    # After a search its words are too, until the page that is opened next has marked them.
    kept = {"mode", "theme"} | ({"sphinx_highlight_terms"} if docname in ASKED else set())
    assert set(page.evaluate("Object.keys(localStorage)")) <= kept
    assert page.evaluate("Object.keys(sessionStorage)") == []
    assert page.evaluate("document.getAnimations().filter(a => a.playState === 'running')") == []

    page.evaluate(PREPARE)
    page.evaluate(AXE_SCRIPT)
    found = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        # The theme makes a stop for the keyboard of what must now be scrolled, a moment later.
        page.wait_for_timeout(800)
        for theme, rules in (("light", RULES), ("dark", COLOUR_RULES)):
            page.evaluate(SET_THEME, theme)
            found += [f"{width} px, {theme}: {fault}" for fault in faults(page, rules)]
    context.close()
    assert found == [], "\n".join(found)


def test_axe_would_find_a_fault(site: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{site}search.html")
    page.evaluate(AXE_SCRIPT)
    page.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("beforeend",
            '<p style="color:#999;background:#fff">pale</p><button></button>')"""
    )
    rules = {fault.split(":")[0] for fault in faults(page, RULES)}
    assert {"color-contrast", "button-name"} <= rules


def test_the_policy_would_stop_a_foreign_script(site: str, context: BrowserContext) -> None:
    page, watch = context.new_page(), Watch(site)
    watch.attach(page)
    page.goto(f"{site}search.html")
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.stranger = true";
            document.head.append(script);
            // Later, when it is the page that runs it: the browser lets its debugger do more.
            setTimeout(() => {
                window.evaluated = "tried";
                window.evaluated = Function("return 'done'")();
            });
        }"""
    )
    page.wait_for_function("window.evaluated")
    assert page.evaluate("[window.stranger, window.evaluated]") == [None, "tried"]
    with pytest.raises(AssertionError, match="Content Security Policy"):
        watch.check()


def test_the_first_tab_leads_past_the_menu(site: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{site}chapters/tower22.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")


def test_headings_go_down_one_step_at_a_time(book: Book) -> None:
    for docname in book.pages:
        levels = [
            int(heading.tag[1])
            for heading in book.tree(docname).xpath("//main//*[self::h1 or self::h2 or self::h3"
                                                    " or self::h4 or self::h5 or self::h6]")
            if not heading.xpath("ancestor::*[contains(@class, 'onlyprint')]")
        ]  # fmt: skip
        assert levels[:1] == [1], docname
        assert all(b <= a + 1 for a, b in itertools.pairwise(levels)), docname


def test_tables_and_buttons_of_charts_are_reached_by_keyboard(
    site: str, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(f"{site}chapters/tower22.html")
    figure = page.locator("figure.chart").first
    summary = figure.locator("details.chart-data > summary")
    summary.focus()
    page.keyboard.press("Enter")
    seen = set()
    for _ in range(6):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.className || document.activeElement.text"))
    assert {"CSV", "SVG", "PNG", "table-scroll"} <= seen
    region = figure.locator(".table-scroll")
    region.focus()
    page.keyboard.press("End")
    page.wait_for_function("e => e.scrollTop > 0", arg=region.element_handle())
