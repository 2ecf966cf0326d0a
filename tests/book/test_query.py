"""The page for queries: SQLite in the page, on the file that the downloads offer."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe import RULES, axe_faults
from book_helpers import Book, Watch, policy
from playwright.sync_api import Browser, BrowserContext, Page

from claimbook.query import questions
from strikes2024.report.dictionary import PLACES

QUERY = "chapters/query"
LAZY = ("query-worker.js", "sql-wasm", ".db")
LINKS = "[...document.querySelectorAll('.query-result td a')].map(a => [a.textContent, a.href])"


@pytest.fixture(scope="module")
def asked(root: Path) -> list[Any]:
    text = (root / f"{QUERY}.md").read_text(encoding="utf-8")
    content = re.search(r"```{query}\n(.*?)```", text, re.DOTALL)
    assert content
    return questions(content[1])


@pytest.fixture(scope="module")
def page(site: str, browser: Browser) -> Iterator[Page]:
    """The page, opened once, as loading takes longer than a query; under the strict policy."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    page, watch = context.new_page(), Watch(site)
    watch.attach(page)
    page.goto(f"{site}{QUERY}.html")
    yield page
    context.close()
    watch.check()


def ask(page: Page, sql: str) -> str:
    """Type a query, run it by keyboard, and return what the page says of it."""
    page.fill("#query-sql", sql)
    page.keyboard.press("Control+Enter")
    return settled(page)


def settled(page: Page) -> str:
    page.wait_for_selector(".query-console[data-run-state=done]")
    return page.locator(".query-ask [role=status]").inner_text()


def fault(page: Page) -> str:
    return page.locator(".query-ask [role=alert]").inner_text()


def known(book: Book, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return columns and rows as Python's sqlite3 has them."""
    with closing(sqlite3.connect(book.html / "downloads/data/strikes2024.db")) as base:
        cursor = base.execute(sql)
        return [column[0] for column in cursor.description], cursor.fetchall()


def written(value: Any) -> str:
    """Write a number as a browser does: 16, not 16.0."""
    whole = isinstance(value, float) and value.is_integer()
    return "" if value is None else str(int(value) if whole else value)


def downloaded(page: Page) -> list[list[str]]:
    with page.expect_download() as download:
        page.locator("a.query-csv").click()
    assert download.value.suggested_filename == "strikes2024-query.csv"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text)))


def test_nothing_is_loaded_before_a_query_and_no_other_origin_is_asked(
    site: str, context: BrowserContext
) -> None:
    page, watch = context.new_page(), Watch(site)
    watch.attach(page)
    loaded: list[str] = []
    context.on("request", lambda request: loaded.append(urlsplit(request.url).path))
    page.goto(f"{site}{QUERY}.html", wait_until="networkidle")
    page.locator("#query-sql").focus()
    page.wait_for_timeout(300)
    assert not [path for path in loaded if any(word in path for word in LAZY)]
    page.get_by_role("button", name="Run query").click()
    assert "rows" in settled(page)
    assert {path.rpartition("/")[2] for path in loaded if any(word in path for word in LAZY)} == {
        "query-worker.js", "sql-wasm-browser.js", "sql-wasm-browser.wasm", "strikes2024.db",
    }  # fmt: skip
    watch.check()


def test_questions_give_what_sqlite_gives(book: Book, page: Page, asked: list[Any]) -> None:
    links = page.locator(".query-questions a")
    assert links.all_inner_texts() == [question.text for question in asked]
    assert len(asked) >= 8
    for link, question in zip(links.all(), asked, strict=True):
        link.click()
        columns, rows = known(book, question.sql)
        said = settled(page)
        assert rows, question.text
        assert said.startswith(f"{len(rows)} row"), (question.text, said, fault(page))
        assert page.input_value("#query-sql") == question.sql
        assert page.locator(".query-result thead th").all_inner_texts() == columns
        cells = page.evaluate(
            """[...document.querySelectorAll(".query-result tbody tr")].map(
                row => [...row.cells].map(cell => cell.textContent))"""
        )
        wanted = [[written(v) if v is not None else "NULL" for v in row] for row in rows]
        assert cells == wanted, question.text
        assert downloaded(page) == [columns, *[[written(v) for v in row] for row in rows]]


def test_keys_lead_to_their_rows(book: Book, page: Page) -> None:
    said = ask(
        page,
        "SELECT claim_id AS a, source, event, claimant, place, metric FROM claims"
        " WHERE place IS NOT NULL AND event IS NOT NULL LIMIT 5;",
    )
    assert said.startswith("5 rows")
    links = page.evaluate(LINKS)
    assert len(links) == 25  # all but the metric
    for key, address in links:
        parts = urlsplit(address)
        docname = parts.path.lstrip("/").removesuffix(".html")
        assert parts.fragment.endswith(key)
        assert book.tree(docname).get_element_by_id(parts.fragment) is not None
    ask(page, "SELECT event_id, sources FROM events WHERE sources LIKE '%;%' LIMIT 1")
    assert len(page.evaluate(LINKS)) > 2


def test_every_table_with_a_place_has_its_rows_there(book: Book) -> None:
    for table, (docname, anchor) in PLACES.items():
        key = known(book, f"SELECT * FROM {table} LIMIT 1")[1][0][0]
        assert book.tree(docname).get_element_by_id(anchor + key) is not None, table


@pytest.mark.parametrize(
    ("sql", "message", "way_out"),
    [
        ("SELECT * FROM claim", "no such table: claim", "Did you mean claims?"),
        ("SELECT claimants FROM claims", "no such column: claimants", "Did you mean claimant?"),
        ("SELECT publisher FROM claims", "no such column: publisher", "a column of sources"),
        ("SELECT x9 FROM links", "no such column: x9", "The columns of links are link_id,"),
        ("SELECT *\nFORM claims", 'near "FORM": syntax error', "line 2"),
        ("SELECT * FORM claims", 'near "FORM": syntax error', "Did you mean FROM?"),
        ("SELECT coutn(*) FROM claims", "no such function: coutn", "count"),
        ("SELECT (1", "incomplete input", "ends too early"),
        ("  ", "There is no query.", "choose a question"),
    ],
)
def test_an_error_is_told_with_the_way_out(
    page: Page, sql: str, message: str, way_out: str
) -> None:
    assert ask(page, sql) == ""
    assert message in fault(page)
    assert way_out in fault(page)
    assert page.get_attribute("#query-sql", "aria-invalid") == "true"
    assert page.locator(".query-result table").count() == 0
    assert ask(page, "SELECT 1").startswith("1 row in")
    assert fault(page) == ""


def test_a_long_result_is_cut_with_a_note_and_whole_as_csv(book: Book, page: Page) -> None:
    said = ask(page, "SELECT source_id FROM sources ORDER BY 1")
    rows = known(book, "SELECT source_id FROM sources ORDER BY 1")[1]
    assert said.startswith(f"{len(rows):,} rows in")
    assert said.endswith("The first 200 are shown; the CSV has all.")
    assert page.locator(".query-result tbody tr").count() == 200
    assert downloaded(page) == [["source_id"], *[list(row) for row in rows]]


def test_an_endless_query_ends(page: Page) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT "
    assert ask(page, f"{endless} i FROM n").startswith("More than 50,000 rows; stopped")
    page.fill("#query-sql", f"{endless} max(i) FROM n")
    page.get_by_role("button", name="Run query").click()
    stop = page.get_by_role("button", name="Stop")
    stop.focus()
    page.keyboard.press("Enter")
    assert settled(page) == "Stopped."
    assert not stop.is_visible()
    assert page.evaluate("document.activeElement.name") == "run"
    assert ask(page, "SELECT 1").startswith("1 row in")


def test_a_query_changes_nothing_for_the_next(book: Book, page: Page) -> None:
    assert ask(page, "DELETE FROM claims").startswith("Done in")
    ask(page, "CREATE TABLE t AS SELECT 1 AS a; SELECT a FROM t; SELECT count(*) FROM claims")
    count = known(book, "SELECT count(*) FROM claims")[1][0][0]
    assert page.locator(".query-result td").all_inner_texts() == [str(count)]


def test_text_of_a_query_is_harmless(page: Page) -> None:
    ask(page, "SELECT '<img src=x onerror=alert(1)>' AS \"<b>\", '=1+1' AS f, 'a\"b,c' AS q")
    assert page.locator(".query-result :is(img, b)").count() == 0
    assert downloaded(page)[1] == ["<img src=x onerror=alert(1)>", "'=1+1", 'a"b,c']


def test_the_address_holds_the_query_and_brings_it_back(
    site: str, page: Page, context: BrowserContext
) -> None:
    first, second = "SELECT 'é & + #' AS a;\n-- 100 %", "SELECT 2 AS b"
    ask(page, first)
    ask(page, second)
    page.go_back()
    page.locator(".query-result th", has_text="a").wait_for()
    assert page.input_value("#query-sql") == first
    assert parse_qs(urlsplit(page.url).query) == {"sql": [first]}
    shared = page.get_by_role("link", name="Link to this query").evaluate("a => a.href")
    assert shared == page.url
    other = context.new_page()
    other.goto(shared)
    assert settled(other).startswith("1 row in")
    assert other.input_value("#query-sql") == first
    assert other.locator(".query-result td").all_inner_texts() == ["é & + #"]


def test_the_tables_are_described(book: Book) -> None:
    tables = [r[0] for r in known(book, "SELECT name FROM sqlite_master WHERE type = 'table'")[1]]
    section = book.tree(QUERY).cssselect(".query-tables")[0]
    names = {code.text for code in section.cssselect("summary code, dt code")}
    for table in tables:
        columns = [r[1] for r in known(book, f"PRAGMA table_info({table})")[1]]
        assert {table, *columns} <= {*names, *(c.text for c in section.cssselect("dd code"))}


def test_from_a_folder_the_page_says_what_it_needs(book: Book, context: BrowserContext) -> None:
    page = context.new_page()
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(book.path(QUERY).as_uri())
    assert "need a web server" in fault(page)
    page.get_by_role("button", name="Run query").click()
    assert "python3 -m http.server" in fault(page)
    assert not [address for address in loaded if any(word in address for word in LAZY)]


def test_without_javascript_the_page_says_what_to_do(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}{QUERY}.html")
    assert not page.locator("#query-sql").is_visible()
    text = page.locator("main").inner_text()
    assert "This form needs JavaScript" in text
    assert "sqlite3 -box strikes2024.db" in text
    assert "WHERE event = 'us-strikes-2024-02-02'" in text
    assert page.locator('a[download][href$="strikes2024.db"]').is_visible()
    context.close()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_a_result_and_an_error_have_no_fault_that_axe_finds(
    site: str, browser: Browser, width: int, theme: Any
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=theme)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{site}{QUERY}.html")
    page.locator(".query-questions a").first.click()
    settled(page)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.activeElement.className") == "table-scroll"
    assert axe_faults(page, RULES, ".query-console") == []
    ask(page, "SELECT * FROM claim")
    assert axe_faults(page, RULES, ".query-ask") == []
    context.close()


def test_webassembly_is_allowed_for_workers_alone(book: Book) -> None:
    allowed = "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
    for name in ("query", "live"):  # the latter in the live edition alone
        policy_of_worker = policy(book.root, f"/_static/claimbook/{name}-worker.js")
        assert policy_of_worker == f"default-src 'none'; {allowed}"
    assert (book.html / "_static/claimbook/query-worker.js").is_file()
    assert "unsafe-eval" not in policy(book.root)
    assert (book.root / "docs/nginx.conf").read_text("utf-8").count("unsafe-eval") == 2


def test_a_query_begins_with_its_question() -> None:
    found = questions("-- Who?\nSELECT 1;\n\n--  When? \nSELECT 2;\n")
    assert [(q.text, q.sql) for q in found] == [
        ("Who?", "-- Who?\nSELECT 1;"), ("When?", "--  When? \nSELECT 2;"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="begins with a question"):
        questions("SELECT 1")
