"""A citation of the report, of a chart and of a row, one click from where the reader stands."""

from __future__ import annotations

import json
import re

import pytest
from book_helpers import Book
from playwright.sync_api import BrowserContext, Page, Route

import strikes2024
from strikes2024.schema import read_package

ROW = "claim-feb-2-killed-sohr-2024-02-21"


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def forms(page: Page) -> dict[str, str]:
    sections = page.locator(".cite-dialog section").all()
    return {s.locator("h3").inner_text(): s.locator("pre").inner_text() for s in sections}


@pytest.mark.parametrize(
    ("address", "button", "kind", "anchor"),
    [
        ("chapters/strikes.html", "figure.chart .cite-button", "FIGURE", "chart-"),
        ("chapters/ledger.html", f"#{ROW} .cite-button", "DATA", ROW),
        ("index.html", ".article-header-buttons .cite-button", "DATA", ""),
    ],
)
def test_a_click_gives_a_citation_in_three_forms(
    site: str, page: Page, address: str, button: str, kind: str, anchor: str
) -> None:
    package = read_package(strikes2024.data_dir())
    author = package.descriptor["contributors"][0]["title"]
    day = package.descriptor["created"][:10]
    page.goto(f"{site}{address}")
    place = page.locator(button).first
    place.scroll_into_view_if_needed()
    place.click()
    made = forms(page)
    url = f"{site}{address}" + (f"#{anchor}" if anchor else "")
    for text in made.values():
        assert author in text
        assert package.version in text
        assert url in text
    assert day in made["Text"]
    assert re.match(r"@misc\{[\w.-]+,\n", made["BibTeX"])
    assert made["BibTeX"].count("{") == made["BibTeX"].count("}")
    lines = made["RIS"].splitlines()
    assert lines[0] == f"TY  - {kind}"
    assert lines[-1].strip() == "ER  -"
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", f"{line} ") for line in lines)
    assert f"DA  - {day.replace('-', '/')}" in lines
    page.keyboard.press("Escape")
    page.locator(".cite-dialog").wait_for(state="detached")


def test_a_row_is_cited_by_what_it_says(site: str, page: Page) -> None:
    page.goto(f"{site}chapters/ledger.html#{ROW}")
    page.locator(f"#{ROW} .cite-button").focus()
    page.keyboard.press("Enter")
    text = forms(page)["Text"]
    assert "34" in text
    assert "killed" in text
    assert "Syrian Observatory for Human Rights" in text


def test_the_page_carries_what_a_citation_names(book: Book) -> None:
    package = read_package(strikes2024.data_dir())
    found = json.loads(book.tree("index").get_element_by_id("citation-data").text)
    assert found["version"] == package.version
    assert found["url"] == ""  # no address is set


def published(context: BrowserContext, book: Book, site: str, latest: str) -> Page:
    """Open a page of a book that lies under its version, beside ``versions.json``."""
    own = strikes2024.__version__
    listed = [{"version": v, "date": "2030-01-02", "path": f"{v}/"} for v in (own, latest)]
    asked = json.dumps({"latest": latest, "versions": listed})
    prefix = f"{site}{own}/"

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(prefix).split("?")[0]
        route.fulfill(path=book.html / name)

    context.route(f"{prefix}**", answer)
    context.route(f"{site}versions.json", lambda route: route.fulfill(body=asked))
    page = context.new_page()
    page.goto(f"{prefix}chapters/about.html", wait_until="networkidle")
    return page


def test_a_reader_of_an_older_version_is_told_of_the_newest(
    book: Book, site: str, context: BrowserContext
) -> None:
    note = published(context, book, site, "99.0.0").locator(".newer-version")
    assert "version 99.0.0 of 2030-01-02" in note.inner_text()
    assert note.locator("a").get_attribute("href") == "/99.0.0/index.html"


def test_a_reader_of_the_newest_version_is_told_nothing(
    book: Book, site: str, context: BrowserContext
) -> None:
    page = published(context, book, site, strikes2024.__version__)
    assert not page.locator(".newer-version").count()
