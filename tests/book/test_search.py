"""Readers find places, actors and events under any of their names, and a way on from a dead end."""

from __future__ import annotations

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from book_helpers import Book, Watch
from playwright.sync_api import Browser, Page, expect

import strikes2024
from claimbook.notfound import rooted


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
        ("Attack on Tower 22", "events.html#event-tower-22-attack"),
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


def test_every_name_of_places_actors_and_people_is_in_the_index(book: Book) -> None:
    script = (book.html / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(script.removeprefix("Search.setIndex(").removesuffix(")"))
    for table, kind in (("places", "place"), ("actors", "actor"), ("people", "person")):
        at = index["docnames"].index(f"chapters/{table}")
        rows = getattr(strikes2024, table)()
        for key, name, more in rows[[rows.columns[0], "name", "aliases"]].itertuples(index=False):
            for spelling in (name, *(more.split(";") if isinstance(more, str) else ())):
                found = index["indexentries"][spelling.lower()]
                assert [at, f"{kind}-{key}", True] in found, spelling


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
