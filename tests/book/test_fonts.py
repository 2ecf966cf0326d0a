"""Pages are set in the fonts that come with them, whatever a reader's machine has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from book_helpers import Book
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser, Page

# Latin, Arabic and Cyrillic; code; charts of both kinds.
PAGES = ("index", "chapters/strikes", "chapters/methods", "chapters/places", "404", "search")
KILOBYTES = 120
HEADINGS = "h1, h2, h3, h4, .chart-title, .key-figures strong, .chapter-list li p > a"
CODE = "pre, code, kbd, samp"


def ranges(family: str, weight: str, root: Path) -> set[int]:
    """The letters for which a page loads the files of a face."""
    sheet = (root / "src" / "claimbook" / "assets" / "fonts.css").read_text(encoding="utf-8")
    found: set[int] = set()
    for rule in re.findall(r"@font-face \{(.*?)\}", sheet, re.DOTALL):
        if f'"{family}"' in rule and f"font-weight: {weight}" in rule and "italic" not in rule:
            for first, last in re.findall(r"U\+(\w+)(?:-(\w+))?", rule):
                found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


def letters(name: str, root: Path) -> set[int]:
    """The letters that a font for pictures has; the files for pages are cut from the same."""
    folder = root / "src" / "strikes2024" / "charts" / "assets" / "fonts"
    return set(TTFont(folder / f"{name}.ttf").getBestCmap())


def lacking(text: str, has: set[int]) -> set[str]:
    # Ends of lines, joiners and marks of direction draw nothing.
    drawn = {c for c in text if not c.isspace()} - set("\u200c\u200d\u200e\u200f")
    return {c for c in drawn if ord(c) not in has}


def test_our_fonts_have_every_letter_of_the_book(book: Book) -> None:
    root = book.root
    text = ranges("Report Sans", "400", root) & (letters("sans", root) | letters("arabic", root))
    bold = ranges("Report Sans", "600 900", root) & (
        letters("sans-bold", root) | letters("arabic", root)
    )
    heading = ranges("Report Serif", "400 900", root) & letters("heading", root)
    code = ranges("Report Mono", "400 900", root)
    for docname in book.pages:
        tree = deepcopy(book.tree(docname))  # other tests read it too
        for script in tree.xpath("//script[not(@type='application/json')] | //style"):
            script.text = None
        whole = tree.text_content() + "".join(tree.xpath("//@title | //@placeholder | //@value"))
        assert lacking(whole, text & bold) == set(), docname
        for selector, has in ((HEADINGS, heading), (CODE, code)):
            part = "".join(element.text_content() for element in tree.cssselect(selector))
            assert lacking(part, has) == set(), f"{docname}: {selector}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("docname", PAGES)
def test_a_page_shows_no_font_of_the_machine(docname: str, site: str, page: Page) -> None:
    sizes: dict[str, int] = {}
    page.on(
        "response",
        lambda r: (
            sizes.update({r.url: len(r.body())}) if r.request.resource_type == "font" else None
        ),
    )
    page.goto(f"{site}{docname}.html", wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    tools = page.context.new_cdp_session(page)
    tools.send("DOM.enable")
    tools.send("CSS.enable")
    tools.send("DOM.getDocument")
    found = tools.send("DOM.performSearch", {"query": "//body//*[normalize-space(text())]"})
    nodes = tools.send(
        "DOM.getSearchResults",
        {"searchId": found["searchId"], "fromIndex": 0, "toIndex": found["resultCount"]},
    )["nodeIds"]
    ours, strange = set(), set()
    for node in nodes:
        for font in tools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]:
            (ours if font["isCustomFont"] else strange).add(font["familyName"])
    assert strange == set()
    assert {"Report Sans", "Report Serif"} <= ours
    assert any("/sans.woff2" in url for url in sizes)
    assert sum(sizes.values()) < KILOBYTES * 1000, sizes
