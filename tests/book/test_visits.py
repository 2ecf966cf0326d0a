"""Each page at each width in light and dark: one visit collects all that is asked of it.

To open a page and draw its charts costs more than any single check, so a visit makes them all, and
the tests ask what it found.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe import COLOUR_RULES, RULES, axe_faults
from book_helpers import BESIDE, Book, Watch, draw_all, open_in_theme, toc_docnames
from PIL import Image
from playwright.sync_api import Browser, Page
from screens import (
    BARE_PAGE,
    DARK,
    DARK_PHONE,
    FOLDER,
    NEAR,
    PAPER,
    PHONE,
    THUMB,
    WIDE,
    Mode,
    difference,
    unlike,
)  # fmt: skip

PAGES = [*toc_docnames(Path(__file__).resolve().parents[2]), *BESIDE]
ASKED = {"search": "?q=Tower"}  # so that the page has results to look at

MARKS = """e => Array.from(e.querySelectorAll(
    '.main-svg .trace, .main-svg .bars path, .main-svg .scatterlayer path, .main-svg .slice'
)).filter(m => m.getBBox().width + m.getBBox().height > 0).length"""
LETTERS = """() => [...document.querySelectorAll('figure.chart')].flatMap(figure => {
    const svg = [...figure.querySelectorAll('.chart-svg svg')].find(
        s => s.getBoundingClientRect().width > 0);
    if (!svg) return [];
    const room = svg.getBoundingClientRect();
    const scale = room.width / svg.viewBox.baseVal.width;
    return [...svg.querySelectorAll('text')].map(text => {
        const box = text.getBoundingClientRect();
        return {
            figure: figure.id, text: text.textContent,
            size: parseFloat(getComputedStyle(text).fontSize) * scale,
            inside: box.left > room.left - 3 && box.right < room.right + 3
                && box.top > room.top - 3 && box.bottom < room.bottom + 3,
        };
    });
})"""
FONTS_LOADED = "[...document.fonts].some(font => font.status === 'loaded')"
TOO_WIDE = """() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return Array.from(document.querySelectorAll("body *"))
        .filter(e => e.getBoundingClientRect().right > width + 1 &&
                     !e.closest(".table-scroll, pre, .bd-sidebar-primary"))
        .slice(0, 8).map(e => e.tagName + "." + e.className);
}"""


@dataclass(frozen=True)
class Found:
    """What a visit found: faults of the page, and charts that look other than they did."""

    faults: list[str]
    unlike: list[str]


Visit = Callable[[str, Mode], Found]


@pytest.fixture(scope="module")
def visit(request: pytest.FixtureRequest, site: str, book: Book, browser: Browser) -> Visit:
    """Visit a page, once for all tests; without pictures where no test asks for them."""
    pictures = any(item.get_closest_marker("pictures") for item in request.session.items)

    @functools.cache
    def visit(docname: str, mode: Mode) -> Found:
        # Dark on a phone, a page is opened from a folder, as an offline reader does.
        folder = mode is DARK_PHONE and docname not in BESIDE
        origin = f"{book.html.as_uri()}/" if folder else site
        context = browser.new_context(
            viewport={"width": mode.width, "height": 900},
            color_scheme="dark" if mode.theme == "dark" else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(60_000)
        page, watch = context.new_page(), Watch(origin)
        watch.attach(page)
        open_in_theme(page, f"{origin}{docname}.html{ASKED.get(docname, '')}", mode.theme)
        if docname in ASKED:
            page.wait_for_selector("#search-results li")
        faults, odd = letters(page), []
        draw_all(page)
        if docname in book.docnames:
            faults += undrawn(page, book, docname)
            odd += unlike(page, mode) if pictures else []
            if mode is WIDE and pictures:
                page.emulate_media(media="print")
                odd += unlike(page, PAPER)
                page.emulate_media(media="screen")
        faults += [f"cookie: {cookie}" for cookie in context.cookies()]
        faults += kept(page)
        faults += [f"wider than the window: {name}" for name in page.evaluate(TOO_WIDE)]
        faults += axe_faults(page, RULES if mode.theme == "light" else COLOUR_RULES)
        faults += [] if page.evaluate(FONTS_LOADED) else ["no font is loaded"]
        context.close()
        return Found(faults + watch.problems(), odd)

    return visit


EVERY_VISIT = [
    pytest.param(docname, mode, id=f"{docname}-{mode.width}-{mode.theme}")
    for docname in PAGES
    for mode in (WIDE, DARK, PHONE, DARK_PHONE)
]


@pytest.mark.parametrize(("docname", "mode"), EVERY_VISIT)
def test_a_page_has_no_fault(docname: str, mode: Mode, visit: Visit) -> None:
    found = visit(docname, mode).faults
    assert found == [], "\n".join(found)


@pytest.mark.pictures
@pytest.mark.parametrize(("docname", "mode"), EVERY_VISIT)
def test_charts_look_as_they_did(docname: str, mode: Mode, visit: Visit) -> None:
    assert visit(docname, mode).unlike == []


def letters(page: Page) -> list[str]:
    """Find letters in drawings that are too small, or cut off."""
    found = page.evaluate(LETTERS)
    small = [f"{x['figure']}: {x['text']!r} is {x['size']:.1f} px" for x in found if x["size"] < 9]
    return small + [f"{x['figure']}: {x['text']!r} is cut" for x in found if not x["inside"]]


def undrawn(page: Page, book: Book, docname: str) -> list[str]:
    """Find charts of a page that are written and not drawn."""
    written = len(book.tree(docname).cssselect("figure.chart-plotly"))
    drawn = page.locator('figure.chart-plotly .chart-drawing[data-drawn="true"]').all()
    found = [f"{written} charts, {len(drawn)} drawn"] if len(drawn) != written else []
    found += [
        f"no marks: {drawing.get_attribute('aria-label')}"
        for drawing in drawn
        if not drawing.evaluate(MARKS) or drawing.evaluate("e => e.clientWidth") <= 300
    ]
    found += [
        f"not one drawing: {figure.get_attribute('id')}"
        for figure in page.locator("figure.chart-svg").all()
        if figure.locator(".chart-drawing .chart-svg").locator("visible=true").count() != 1
    ]
    return found


def kept(page: Page) -> list[str]:
    """Find what a page keeps on the reader's machine beyond the theme's choice of light or dark."""
    local = set(page.evaluate("Object.keys(localStorage)")) - {"mode", "theme"}
    session = page.evaluate("Object.keys(sessionStorage)")
    moving = page.evaluate("document.getAnimations().filter(a => a.playState === 'running').length")
    return [f"keeps {key}" for key in [*local, *session]] + ["animation runs"] * moving


@pytest.mark.pictures
def test_without_scripts_pages_have_their_charts(site: str, book: Book, bare: Page) -> None:
    odd = []
    for docname in book.with_charts:
        bare.goto(f"{site}{docname}.html")
        odd += unlike(bare, BARE_PAGE)
    assert odd == []


@pytest.fixture(scope="module")
def bare(browser: Browser) -> Iterator[Page]:
    """A page in a browser that runs no scripts."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, java_script_enabled=False, color_scheme="light"
    )
    yield context.new_page()
    context.close()


@pytest.mark.pictures
def test_each_chart_has_its_pictures_and_no_picture_is_left(book: Book) -> None:
    present = {
        chart.get("id")
        for docname in book.with_charts
        for chart in book.tree(docname).cssselect("figure.chart")
    }
    assert len(present) > 15
    assert {path.stem for path in FOLDER.glob("*.png")} == present


@pytest.mark.parametrize("change", ["blank", "other theme"])
def test_a_lost_drawing_is_far(change: str) -> None:
    for path in FOLDER.glob("*.png"):
        known = Image.open(path).convert("RGB")
        first = known.crop((0, 0, THUMB, known.height))
        other = Image.new("RGB", first.size, "white")
        if change == "other theme":
            other = known.crop((THUMB, 0, 2 * THUMB, known.height))
        assert difference(first, other) > NEAR, path.name
