"""Readers find places, actors and events under any of their names, and a way on from a dead end."""

from __future__ import annotations

import functools
import http.server
import json
import re
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from book_helpers import Book, Watch
from playwright.sync_api import Browser, Page, expect

import strikes2024
from claimbook.theme import rooted


class _LikeTheSample(http.server.SimpleHTTPRequestHandler):
    """Answers a wrong address with the page that ``docs/nginx.conf`` names."""

    def send_error(self, code: int, *_: Any, **__: Any) -> None:
        with open(f"{self.directory}/404.html", "rb") as page:  # noqa: PTH123
            text = page.read()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def server(book: Book) -> Iterator[str]:
    handler = functools.partial(_LikeTheSample, directory=str(book.html))
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_address[1]}/"
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("al-Qaim", "places.html#place-al-qaim"),
        ("Al Qaim", "places.html#place-al-qaim"),
        ("Qaim", "places.html#place-al-qaim"),
        ("القائم", "places.html#place-al-qaim"),
        ("البوكمال", "places.html#place-abu-kamal"),
        ("Kataib Hezbollah", "actors.html#actor-kataib-hezbollah"),
        ("Kata'ib Hezbollah", "actors.html#actor-kataib-hezbollah"),
        ("Kata’ib Hezbollah", "actors.html#actor-kataib-hezbollah"),
        ("Hashd al-Shaabi", "actors.html#actor-pmf"),
        ("كتائب حزب الله", "actors.html#actor-kataib-hezbollah"),
        ("كَتَائِب حِزْب اللّٰه", "actors.html#actor-kataib-hezbollah"),  # with all vowels
        ("المرصد السوري لحقوق الانسان", "actors.html#actor-sohr"),  # without the hamza
        ("Drone attack on Tower 22", "events.html#event-tower-22-attack"),
        ("Tower 22 drone attack", "events.html#event-tower-22-attack"),
        ("Operation Martyr Soleimani", "events.html#event-iranian-strike-2020-01-08-al-asad"),
    ],
)
def test_a_name_in_any_spelling_leads_to_its_row(
    words: str, target: str, page: Page, server: str, book: Book
) -> None:
    page.goto(f"{server}search.html?q={quote(words)}")
    first = page.locator("#search-results ul.search li a").first
    expect(first).to_have_attribute("href", f"chapters/{target}")
    docname, _, anchor = f"chapters/{target}".partition(".html#")
    assert book.tree(docname).get_element_by_id(anchor).tag == "tr"


@pytest.mark.parametrize(
    ("first", "second"),
    [("54–55", "54-55"), ("1,000", "1000"), ("Tower22", "tower 22"), ("34 SOHR", "SOHR 34")],
)
def test_a_figure_is_found_in_either_spelling(
    first: str, second: str, page: Page, server: str
) -> None:
    seen = []
    for words in (first, second):
        page.goto(f"{server}search.html?q={quote(words)}")
        said = page.locator("#search-results [role=status]").inner_text()
        seen.append(int(said.split(" ")[0].replace(",", "")))
        assert "result" in said
    assert seen[0] == seen[1] > 0


def test_a_number_is_whole_and_a_snippet_is_a_sentence_of_the_page(
    page: Page, server: str, book: Book
) -> None:
    page.goto(f"{server}search.html?q=54-55")
    for item in page.locator("#search-results li").all():
        assert re.search(r"(?<!\d)54[–-]55(?!\d)", item.inner_text())
    page.goto(f"{server}search.html?q=warned+drone")
    seen = 0
    for item in page.locator("#search-results li:has(p)").all()[:12]:
        address = item.locator("a").get_attribute("href")
        assert address
        if "#chart-" in address:  # what a drawing shows stands in its description
            continue
        docname = address.partition(".html")[0]
        text = " ".join(book.tree(docname).text_content().split())
        snippet = " ".join(item.locator("p").inner_text().split())
        parts = snippet.split("; ")
        assert all(part in text for part in parts), snippet
        if len(parts) == 1:
            assert re.search(r"[.!?…:][”’)]*$", snippet), snippet
            assert re.match(r"[“‘(]?[A-Z0-9]", snippet), snippet
            seen += 1
    assert seen > 2
    assert page.locator("#search-results mark").count() > 0


def test_words_that_are_nowhere_are_said_to_be_nowhere(page: Page, server: str) -> None:
    page.goto(f"{server}search.html?q=zeppelin+xylophone")
    assert "Nothing found" in page.locator("#search-results [role=status]").inner_text()
    page.goto(f"{server}search.html?q=Tower+22+xylophone")
    assert "most of them" in page.locator("#search-results [role=status]").inner_text()
    assert page.locator("#search-results li").count() > 0


def test_every_name_of_places_actors_people_and_events_is_in_the_index(book: Book) -> None:
    script = (book.html / "searchindex.js").read_text(encoding="utf-8")
    pages, parts = json.loads(script.removeprefix("claimbookIndex=").removesuffix(";\n"))
    found = {(pages[p][0], anchor): (heading, *names) for p, anchor, heading, _, names, _ in parts}
    for table, kind, title in (
        ("places", "place", "name"),
        ("actors", "actor", "name"),
        ("people", "person", "name"),
        ("events", "event", "title"),
    ):
        rows = getattr(strikes2024, table)()
        for key, name, more in rows[[rows.columns[0], title, "aliases"]].itertuples(index=False):
            for spelling in (name, *(more.split(";") if isinstance(more, str) else ())):
                assert spelling in found[f"chapters/{table}.html", f"{kind}-{key}"]


def test_the_index_leads_to_places_that_are_there(book: Book) -> None:
    script = (book.html / "searchindex.js").read_text(encoding="utf-8")
    pages, parts = json.loads(script.removeprefix("claimbookIndex=").removesuffix(";\n"))
    assert {address.removesuffix(".html") for address, _ in pages} == set(book.docnames)
    for number, (address, title) in enumerate(pages):
        assert title
        ids = set(book.tree(address.removesuffix(".html")).xpath("//@id"))
        own = [part for part in parts if part[0] == number]
        assert {part[1] for part in own} - {""} <= ids
        text = json.dumps(own, ensure_ascii=False)
        for fault in ("Show code cell source", "<span", "Link to this", "Back to top"):
            assert fault not in text


def test_a_wrong_address_deep_in_the_site_shows_a_whole_page(page: Page, server: str) -> None:
    page = page.context.new_page()
    watch = Watch(server)
    watch.attach(page)
    answer = page.goto(f"{server}chapters/no/such/page.html")
    assert answer is not None
    assert answer.status == 404
    assert page.locator("h1").inner_text() == "Page not found"
    assert page.locator("h1").evaluate("e => getComputedStyle(e).fontFamily").count("Report Serif")
    # The wrong address itself is the one failure there is.
    assert [f for f in watch.failed if "no/such/page" not in f] == []
    assert watch.foreign == []
    page.fill("#notfound-q", "Qaim")
    page.locator(".notfound-search button").click()
    page.wait_for_url(f"{server}search.html?q=Qaim")


def test_links_of_that_page_all_lead_somewhere(book: Book) -> None:
    tree = book.tree("404")
    for element in tree.cssselect("[href], [src], [action]"):
        address = element.get("href") or element.get("src") or element.get("action")
        if address.startswith(("http", "#", "data:")):
            continue
        assert address.startswith("/"), address
        path = address.partition("?")[0].partition("#")[0].lstrip("/") or "index.html"
        assert (book.html / path).is_file(), address


def test_the_sample_server_names_that_page(book: Book) -> None:
    text = (book.root / "docs" / "nginx.conf").read_text(encoding="utf-8")
    assert "error_page 404 /404.html;" in text
    assert "location = /404.html" in text


def test_addresses_are_written_from_the_root() -> None:
    page = '<a href="chapters/a.html#b"><img src="./c.png"><a href="#d"><a href="https://e/f">'
    rooted_page = '<a href="/r/chapters/a.html#b"><img src="/r/c.png"><a href="#d">'
    assert rooted(page, "/r/") == f'{rooted_page}<a href="https://e/f">'
    assert rooted(rooted_page, "/r/") == rooted_page
