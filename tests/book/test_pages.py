"""Every page of the built book in a real browser."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from axe import RULES, axe_faults
from book_helpers import Book, draw_all, open_in_theme, toc_docnames
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from strikes2024.report.edition import plan

ROOT = Path(__file__).resolve().parents[2]
DOCNAMES = toc_docnames(ROOT)


def test_book_has_charts(book: Book) -> None:
    trees = [book.tree(docname) for docname in book.docnames]
    assert sum(len(tree.cssselect("figure.chart")) for tree in trees) > 0
    assert sum(len(tree.cssselect("figure.chart-plotly")) for tree in trees) > 0


def with_chart(book: Book) -> str:
    return next(d for d in book.docnames if book.tree(d).cssselect("figure.chart-plotly"))


def test_charts_follow_the_theme_live(site: str, book: Book, context: BrowserContext) -> None:
    page = context.new_page()
    open_in_theme(page, f"{site}{with_chart(book)}.html", "light")
    draw_all(page)
    # The ink of labels; not every chart has a title or a legend, but each has some text.
    label = page.locator("figure.chart-plotly .main-svg text").first
    before = label.evaluate("e => getComputedStyle(e).fill")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(
        "b => getComputedStyle(document.querySelector("
        "'figure.chart-plotly .main-svg text')).fill !== b",
        arg=before,
    )


def test_library_is_fetched_only_for_charts(site: str, book: Book, context: BrowserContext) -> None:
    plain = [d for d in book.docnames if not book.tree(d).cssselect("figure.chart-plotly")]
    assert plain, "every page has a chart: this test needs another page"
    page = context.new_page()
    loaded: list[str] = []
    page.on("request", lambda r: loaded.append(r.url))
    page.goto(f"{site}{plain[0]}.html", wait_until="networkidle")
    assert not [url for url in loaded if "plotly" in url]
    page.goto(f"{site}{with_chart(book)}.html", wait_until="networkidle")
    draw_all(page)
    assert len([url for url in loaded if "plotly" in url]) == 1


SIGNS = {
    "pointing": lambda drawing: drawing.hover(),
    "tapping": lambda drawing: drawing.tap(),
    "focus": lambda drawing: drawing.focus(),
}


@pytest.mark.parametrize("sign", SIGNS)
def test_a_chart_comes_to_life_when_the_reader_turns_to_it(
    site: str, book: Book, browser: Browser, sign: str
) -> None:
    """Until then the library is not asked for, however far the reader scrolls."""
    context = browser.new_context(has_touch=sign == "tapping")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}{with_chart(book)}.html", wait_until="networkidle")
    page.mouse.wheel(0, 20)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(300)
    assert not [url for url in asked if "plotly" in url]
    first = page.locator("figure.chart-plotly .chart-drawing").first
    first.scroll_into_view_if_needed()
    SIGNS[sign](first)
    page.wait_for_function("e => e.dataset.drawn === 'true'", arg=first.element_handle())
    context.close()


def first_chart(page: Page, address: str) -> Locator:
    page.goto(address)
    first = page.locator("figure.chart-plotly").first
    first.locator(".chart-drawing").focus()
    drawn = first.locator(".chart-drawing[data-drawn=true]")
    drawn.wait_for()
    return first


def test_the_keyboard_goes_from_mark_to_mark_and_on_to_the_rows(
    site: str, book: Book, context: BrowserContext
) -> None:
    page = context.new_page()
    first = first_chart(page, f"{site}{with_chart(book)}.html")
    assert "arrow keys and Enter" in first.locator(".chart-hint").inner_text()
    said = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
        said.append(first.locator(".chart-said").text_content())
    assert said[0]
    assert said[0] == said[2] != said[1]
    assert first.locator(".hoverlayer text").count() > 0
    link = first.locator(".chart-said a").get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url("**?rows=*")
    rows = page.locator(".table-record tbody tr[id]:visible").evaluate_all("r => r.map(e => e.id)")
    assert sorted(rows) == sorted(link.split("?rows=")[1].split(","))  # type: ignore[union-attr]
    said_there = page.locator(".record-filter [role=status]").inner_text()
    assert said_there.startswith(f"{len(rows)} of ")
    assert "behind a mark of a chart" in said_there
    page.locator(".record-filter button[type=reset]").click()
    page.wait_for_url(lambda url: "?" not in url)
    assert page.locator(".table-record tbody tr[id]:visible").count() > len(rows)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_chosen_mark_has_no_fault(
    site: str, book: Book, context: BrowserContext, width: int
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    first = first_chart(page, f"{site}{with_chart(book)}.html")
    page.keyboard.press("ArrowRight")
    assert first.locator(".chart-said a").inner_text().startswith("See its")
    assert axe_faults(page, RULES, f"#{first.get_attribute('id')}") == []


def test_a_click_on_a_mark_leads_to_its_rows_and_a_tap_to_a_link(
    site: str, book: Book, browser: Browser
) -> None:
    where = """e => {
        const trace = e.data.findIndex(({mode}) => mode === "markers");
        const [axes, point] = [e._fullLayout, e._fullData[trace]];
        const box = e.getBoundingClientRect();
        const scale = box.width / e.offsetWidth;
        const at = (axis, value) => (axis._offset + axis.d2p(value)) * scale;
        return [box.left + at(axes.xaxis, point.x[0]), box.top + at(axes.yaxis, point.y[0])];
    }"""
    for touch in (False, True):
        context = browser.new_context(has_touch=touch)
        page = context.new_page()
        first = first_chart(page, f"{site}{with_chart(book)}.html")
        first.scroll_into_view_if_needed()
        at = first.locator(".chart-live").evaluate(where)
        if touch:
            page.touchscreen.tap(*at)
            first.locator(".chart-said a").tap()
        else:
            page.mouse.click(*at)
        page.wait_for_url("**?rows=*")
        context.close()


def test_without_javascript_pictures_and_tables_remain(
    site: str, book: Book, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}{with_chart(book)}.html")
    for figure in page.locator("figure.chart").all():
        drawing = figure.locator(".chart-drawing svg").locator("visible=true")
        assert drawing.count() == 1
        assert drawing.bounding_box()["width"] > 300  # type: ignore[index]
    figure = page.locator("figure.chart-plotly").first
    figure.locator("details.chart-data > summary").click()
    assert figure.locator("table.chart-table").is_visible()
    context.close()


def test_paper_has_the_static_drawings_in_ink_on_white(
    site: str, book: Book, context: BrowserContext
) -> None:
    page = context.new_page()
    open_in_theme(page, f"{site}{with_chart(book)}.html", "dark")
    draw_all(page)
    page.emulate_media(media="print")
    figure = page.locator("figure.chart-plotly").first
    assert figure.locator(".chart-static svg").locator("visible=true").count() == 1
    assert not figure.locator(".chart-live").is_visible()
    ink = figure.locator(".chart-static text").first.evaluate("e => getComputedStyle(e).fill")
    assert ink == "rgb(34, 39, 46)"


@pytest.mark.parametrize("docname", plan().chapters)
def test_a_chapter_on_paper_has_no_code(docname: str, site: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{site}{docname}.html")
    page.emulate_media(media="print")
    assert page.locator("article div.highlight").locator("visible=true").count() == 0


def test_the_live_drawing_takes_the_room_of_the_static_one(
    site: str, book: Book, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(f"{site}{with_chart(book)}.html")
    drawing = page.locator("figure.chart-plotly .chart-drawing").first
    height = page.evaluate("document.documentElement.scrollHeight")
    draw_all(page)
    assert page.evaluate("document.documentElement.scrollHeight") == height
    room = drawing.bounding_box()
    assert drawing.locator(".chart-live .main-svg").first.bounding_box() == pytest.approx(
        room, abs=1
    )


# Where each text of a drawing stands, first and last letter: what a reader would see move.
_LETTERS = """(drawing, part) => [...drawing.querySelectorAll(part + " text")]
    .filter((e) => e.textContent.trim() && e.checkVisibility() && !e.closest(".hoverlayer"))
    .flatMap((e) => e.querySelectorAll("tspan.line").length
        ? [...e.querySelectorAll("tspan.line")] : [e])
    .map((e) => [e.textContent.trim(), e.getBoundingClientRect()])
    .map(([text, box]) => [text, box.left, box.right, (box.top + box.bottom) / 2])"""


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_when_a_drawing_comes_to_life(
    site: str, book: Book, context: BrowserContext, width: int
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}chapters/strikes.html")
    for drawing in page.locator("figure.chart-plotly .chart-drawing").all():
        drawing.scroll_into_view_if_needed()
        still = drawing.evaluate(_LETTERS, ".chart-svg")
        assert len(still) > 10
        drawing.focus()
        page.wait_for_function("e => e.dataset.drawn === 'true'", arg=drawing.element_handle())
        live = drawing.evaluate(_LETTERS, ".chart-live")
        assert [text for text, *_ in sorted(live)] == [text for text, *_ in sorted(still)]
        for (text, *there), (_, *here) in zip(sorted(still), sorted(live), strict=True):
            assert here == pytest.approx(there, abs=4), text


def test_the_time_slider_shows_an_earlier_day(site: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{site}chapters/reconciliation.html")
    table = page.locator(".time-slider")
    cell = table.locator("tr", has_text="Wounded at Tower 22").locator("td")
    today = cell.inner_text()
    slider = table.locator("input[type=range]")
    slider.focus()
    page.keyboard.press("Home")
    assert table.locator("output").inner_text() == "28 January 2024"
    assert slider.get_attribute("aria-valuetext") == "28 January 2024"
    assert cell.inner_text() != today
    assert table.locator("tr", has_text="Killed in Syria").inner_text().endswith("no number given")
    page.keyboard.press("End")
    assert cell.inner_text() == today


def test_the_time_slider_goes_to_any_day(site: str, book: Book, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{site}chapters/reconciliation.html")
    slider = page.locator(".time-slider")
    cells = "rows => rows.map(row => row.querySelector('td').textContent)"
    days = json.loads(
        book.tree("chapters/reconciliation").cssselect(".time-slider")[0].get("data-days")
    )
    known = [
        json.loads(row.get("data-texts"))
        for row in book.tree("chapters/reconciliation").cssselect(".time-slider tr")
    ]
    for typed, said in (("2024-03-10", "10 March 2024"), ("2024-02-09", "9 February 2024")):
        slider.locator("input[type=date]").fill(typed)
        assert slider.locator("output").inner_text() == said
        last = max(i for i, day in enumerate(days) if day <= typed)
        assert slider.locator("tr").evaluate_all(cells) == [texts[last] for texts in known]
    slider.locator("input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    assert slider.locator("output").inner_text() == "10 February 2024"
    slider.get_by_role("button", name="Day before").click()
    assert slider.locator("input[type=date]").input_value() == "2024-02-09"
    slider.get_by_role("button", name="Next change").click()
    assert slider.locator("input[type=date]").input_value() == min(d for d in days if d > typed)
    slider.locator("input[type=date]").fill("2019-01-01")  # before anything was said
    slider.locator("input[type=range]").focus()
    assert slider.locator("input[type=date]").input_value() == days[0]


def test_files_of_each_chart_can_be_fetched(site: str, book: Book, context: BrowserContext) -> None:
    for docname in book.docnames:
        for link in book.tree(docname).cssselect(".chart-download a"):
            target = (book.path(docname).parent / link.get("href")).resolve()
            response = context.request.get(f"{site}{target.relative_to(book.html).as_posix()}")
            assert response.ok, target
            start = {"CSV": None, "SVG": b"<svg", "PNG": b"\x89PNG"}[link.text]
            assert response.body().startswith(start) if start else b"\n" in response.body()


def test_the_table_on_the_page_is_the_csv(book: Book) -> None:
    seen = 0
    for docname in book.docnames:
        for figure in book.tree(docname).cssselect("figure.chart"):
            link = figure.cssselect(".chart-download a")[0].get("href")
            with (book.path(docname).parent / link).open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))[1:]
            cells = [
                [cell.text_content() for cell in row.cssselect("th, td")]
                for row in figure.cssselect(".chart-table tbody tr")
            ]
            assert cells == rows, figure.get("id")
            seen += 1
    assert seen >= 17
