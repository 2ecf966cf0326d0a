"""What a page loads, and the parts of the theme that work without what was left out."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from book_helpers import Book, open_in_theme
from playwright.sync_api import Browser, BrowserContext, Page

from claimbook.mend import patched
from claimbook.theme import STYLE, one_sheet, prune

CHAPTER = "chapters/tower22"
LISTED = ("search",)


def test_the_icon_font_is_left_out_and_nothing_else(tmp_path: Path) -> None:
    sheet = (
        '@font-face{font-family:Font Awesome\\ 6 Free;src:url(a.woff2) format("woff2")}'
        '.fa,.fas{font-weight:900}.fa-bars:before{content:"\\f0c9"}'
        "#top .fa-arrow-up{margin:0}.fa-sr-only,.sr-only{width:1px}.fact{color:red}"
    )
    kept = "#top .fa-arrow-up{margin:0}.fa-sr-only,.sr-only{width:1px}.fact{color:red}"
    sheets = {"_static/styles/a.css": sheet, "_static/b.css": "p{}"}
    assert one_sheet(sheets, tmp_path) == f"{kept}\np{{}}"


def test_what_a_sheet_loads_is_found_from_the_joined_one(tmp_path: Path) -> None:
    sheet = "a{background:url(data:x)} p{src:url('../dot.png') format('x')}"
    with pytest.raises(FileNotFoundError, match=r"_static/dot\.png"):
        one_sheet({"_static/styles/a.css": sheet}, tmp_path)
    (tmp_path / "_static" / "styles").mkdir(parents=True)
    (tmp_path / "_static" / "dot.png").write_bytes(b"dot")
    digest = hashlib.sha256(b"dot").hexdigest()[:8]
    moved = f"""a{{background:url(data:x)}} p{{src:url("dot.png?v={digest}") format('x')}}"""
    assert one_sheet({"_static/styles/a.css": sheet}, tmp_path) == moved


def test_what_no_page_can_match_is_dropped() -> None:
    sheet = (
        "/*! Licence of x.y */ /* .other */ p,.used a,.gone b{a:b} .gone{c:d}"
        ' .used:not(.gone,:is(.lost)){e:f} @media print{.gone{g:h}} a{background:url("a.b")}'
        "@media screen{.used.gone,.used{i:j}}"
    )
    kept = (
        "/*! Licence of x.y */ p,.used a{a:b} .used:not(.gone,:is(.lost)){e:f}"
        ' a{background:url("a.b")} @media screen{.used{i:j}}'
    )
    assert prune(sheet, {"used"}).replace("\n", "").replace(" ", "") == kept.replace(" ", "")


def test_pages_have_one_sheet_and_every_icon_in_it(book: Book) -> None:
    sheet = (book.html / STYLE).read_text(encoding="utf-8")
    assert "fontawesome" not in sheet
    for docname in (*book.docnames, *LISTED):
        tree = book.tree(docname)
        sheets = [s.get("href").split("?")[0] for s in tree.cssselect("link[rel=stylesheet]")]
        found = [(book.path(docname).parent / sheet).resolve() for sheet in sheets]
        assert found == [(book.html / STYLE).resolve()]
        for icon in tree.cssselect(".fa-solid, .fas"):
            names = set(icon.get("class").split()) - {"fa-solid", "fas", "fa-lg", "theme-switch"}
            assert len(names) == 1
            assert re.search(rf"\.{names.pop()}\b[^{{}}]*{{\s*--icon:", sheet), icon.get("class")


INLINE = "//script[not(@src) and (not(@type) or @type='text/javascript')]"


def test_one_script_is_in_the_text_of_a_page_and_no_handler(book: Book) -> None:
    (mode,) = book.tree("index").xpath(INLINE)
    for docname in (*book.docnames, *LISTED):
        tree = book.tree(docname)
        assert [s.text for s in tree.xpath(INLINE)] == [mode.text], docname
        assert tree.xpath("//@*[starts-with(name(), 'on')]") == [], docname
        for script in tree.xpath("//script[@src]"):
            assert "defer" in script.attrib, script.get("src")
            assert "?v=" in script.get("src") or docname == "search"


def test_the_sample_server_allows_that_script_alone(book: Book) -> None:
    text = (book.root / "docs" / "nginx.conf").read_text(encoding="utf-8")
    (mode,) = book.tree("index").xpath(INLINE)
    digest = base64.b64encode(hashlib.sha256(mode.text.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in text


def test_the_site_holds_no_icon_font_and_no_source_maps(book: Book) -> None:
    static = book.html / "_static"
    assert not list(static.rglob("*.map"))
    assert not list(static.rglob("*ontawesome*"))
    assert not list(static.rglob("bootstrap*"))


@pytest.fixture(params=["phone", "desktop"])
def page(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Page]:
    phone = request.param == "phone"
    size = {"width": 390, "height": 800} if phone else {"width": 1280, "height": 900}
    context = browser.new_context(viewport=size, has_touch=phone, color_scheme="light")
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(f"{site}{CHAPTER}.html")
    yield page
    context.close()


def press(page: Page, selector: str) -> None:
    """Use a button by keyboard."""
    page.locator(selector).focus()
    page.keyboard.press("Enter")


def test_the_theme_switch_goes_round_and_is_remembered(page: Page) -> None:
    seen = []
    for _ in range(3):
        press(page, ".theme-switch-button")
        seen.append(page.locator("html").get_attribute("data-mode"))
        assert page.locator(".theme-switch:visible").count() == 1
    assert sorted(filter(None, seen)) == ["auto", "dark", "light"]
    press(page, ".theme-switch-button")
    mode = page.locator("html").get_attribute("data-mode")
    page.reload()
    assert page.locator("html").get_attribute("data-mode") == mode


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_visit_is_in_the_readers_colours_at_once(
    browser: Browser, site: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.route("**/*.js*", lambda route: route.abort())  # what runs is in the page itself
    page.goto(f"{site}chapters/tower22.html", wait_until="load")
    assert page.locator("html").get_attribute("data-theme") == scheme
    assert page.locator("html").get_attribute("data-mode") == "auto"
    context.close()


def test_the_search_opens_by_keyboard_and_finds(page: Page) -> None:
    page.keyboard.press("Control+k")
    assert page.locator("#pst-search-dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#pst-search-dialog").is_visible()
    page.locator(".search-button__button:visible").first.click()
    page.keyboard.type("drone")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=drone")
    result = page.locator("#search-results ul.search li a").first
    result.wait_for()
    assert page.locator("#search-results mark").count() > 0
    result.click()
    page.wait_for_url(lambda url: "search.html" not in url)
    assert page.locator(":target").is_visible()


def test_the_sidebar_opens_and_closes(page: Page) -> None:
    links = page.locator(".bd-links a").last
    wide = (page.viewport_size or {})["width"] > 992
    assert links.is_visible() == wide
    press(page, ".primary-toggle")
    links.wait_for(state="hidden" if wide else "visible")
    if wide:
        press(page, ".primary-toggle")
        links.wait_for(state="visible")
    else:
        page.keyboard.press("Escape")
        links.wait_for(state="hidden")
        page.locator(".secondary-toggle").tap()
        page.locator("#pst-page-toc-nav a").first.wait_for(state="visible")


PRINTED = """() => ({
    paper: getComputedStyle(document.body).backgroundColor,
    heading: getComputedStyle(document.querySelector('h2')).color,
    code: [...document.querySelectorAll('.cell > details.hide')].some((part) => part.offsetHeight),
    sources: [...document.querySelectorAll('details.chart-sources, details.sources-used')]
        .every((fold) => fold.open && fold.lastElementChild.offsetHeight > 0),
    theme: document.documentElement.dataset.theme,
})"""


def test_paper_is_white_without_code_and_with_the_sources(page: Page) -> None:
    open_in_theme(page, page.url, "dark")
    before = page.evaluate(PRINTED)
    page.emulate_media(media="print")
    page.wait_for_selector("html[data-theme=light]")
    printed = page.evaluate(PRINTED)
    assert printed["paper"] == "rgb(255, 255, 255)"
    assert printed["heading"] == "rgb(0, 0, 0)"
    assert printed["sources"]
    assert not printed["code"]
    page.emulate_media(media="screen")
    page.wait_for_selector("html[data-theme=dark]")
    assert page.evaluate(PRINTED) == before


def test_the_page_is_printed_and_its_source_fetched(page: Page, book: Book) -> None:
    page.evaluate("window.print = () => { window.printed = true }")
    press(page, ".print-button")
    assert page.evaluate("window.printed")
    menu = page.locator(".download-menu")
    press(page, ".download-menu > summary")
    notebook, source = menu.locator("a").all()  # in this order
    with page.expect_download() as download:
        notebook.click()
    name = CHAPTER.rpartition("/")[2]
    assert download.value.suggested_filename == f"{name}.ipynb"
    with page.expect_download() as download:
        source.click()
    text = download.value.path().read_text(encoding="utf-8")
    assert text == (book.root / f"{CHAPTER}.md").read_text(encoding="utf-8")
    page.keyboard.press("Escape")
    assert not source.is_visible()


@pytest.mark.parametrize("page", ["phone"], indirect=True)  # the theme has it on phones alone
def test_one_goes_back_to_the_top(page: Page) -> None:
    top = page.locator("#pst-back-to-top")
    assert not top.is_visible()
    page.evaluate("window.scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
    page.wait_for_function(
        """() => {
            window.scrollBy({ top: -20, behavior: "instant" });
            return document.getElementById("pst-back-to-top").checkVisibility();
        }"""
    )
    top.click()
    page.wait_for_function("window.scrollY === 0")


def test_what_others_write_against_the_rules_is_mended() -> None:
    body = (
        '<summary aria-label="Toggle hidden content">\n<p class="collapsed admonition-title">Show'
        '</p>\n</summary><div class="output text_html"><div>\n<style scoped>\n.a{}\n</style>\n'
        '<table border="1" class="dataframe"><tr><th></th><th>a</th></tr></table></div></div>'
        '<div class="highlight"><pre>x</pre></div>'
    )
    assert patched(body) == (
        '<summary>\n<span class="collapsed admonition-title">Show</span>\n</summary>'
        '<div class="output text_html" tabindex="0" role="group" aria-label="Table"><div>\n'
        '<table class="dataframe"><tr><td></td><th>a</th></tr></table></div></div>'
        '<div class="highlight"><pre tabindex="0" role="group" aria-label="Code or its output">'
        "x</pre></div>"
    )
    assert patched(patched(body)) == patched(body)


def test_no_line_of_a_heading_ends_within_a_range() -> None:
    link = '<a class="headerlink" href="#al-qaim">#</a>'
    assert patched(f"<h1>Strikes of 2–7 February &amp; after{link}</h1>") == (
        f'<h1>Strikes of <span class="unbroken">2–7 February</span> &amp; after{link}</h1>'
    )
    linked = f'<h2><a href="#al-qaim">al-Qaim</a>{link}</h2>'
    assert patched(linked) == linked


SHIFTS = """() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
}"""


@pytest.mark.parametrize("name", ["prior_incidents", "actors"])
def test_nothing_moves_as_a_page_arrives(context: BrowserContext, site: str, name: str) -> None:
    page = context.new_page()
    page.add_init_script(f"({SHIFTS})()")
    slow = {"offline": False, "latency": 20, "downloadThroughput": 2e5, "uploadThroughput": 2e5}
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    page.goto(f"{site}chapters/{name}.html", wait_until="load")
    page.wait_for_timeout(500)
    assert page.evaluate("window.shift") < 0.05
