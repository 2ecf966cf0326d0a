"""What no visit sees: that its checks would find a fault; the keyboard; less motion."""

from __future__ import annotations

import itertools

import pytest
from axe import RULES, axe_faults
from book_helpers import Book, Watch
from playwright.sync_api import BrowserContext


def test_axe_would_find_a_fault(site: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{site}search.html")
    page.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("beforeend",
            '<p style="color:#999;background:#fff">pale</p><button></button>')"""
    )
    rules = {fault.split(":")[0] for fault in axe_faults(page, RULES)}
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
    page.goto(f"{site}chapters/background.html")
    figure = page.locator("#chart-map-before-after")  # its table is longer than its box
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
