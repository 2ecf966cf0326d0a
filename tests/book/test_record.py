"""Figures in the text, their cards, and the pages of the record that they lead to."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from book_helpers import Book
from playwright.sync_api import Browser, BrowserContext, Page

import strikes2024
from strikes2024.export import FORMATS
from strikes2024.wording import day, quantity

CHAPTER = "chapters/strikes"
FIRST = 'a.datum.claim[href$="#claim-feb-2-killed-sohr-2024-02-21"]'


@pytest.fixture(scope="module")
def record() -> strikes2024.Tables:
    return strikes2024.load()


def anchors(book: Book, docname: str) -> set[str]:
    return set(book.tree(docname).xpath("//@id"))


@pytest.mark.parametrize(
    ("docname", "prefix", "table"),
    [
        ("chapters/ledger", "claim", "claims"),
        ("chapters/ledger", "tally", "tallies"),
        ("chapters/sources", "source", "sources"),
        ("chapters/actors", "actor", "actors"),
        ("chapters/events", "event", "events"),
        ("chapters/places", "place", "places"),
        ("chapters/people", "person", "people"),
        ("chapters/statements", "reaction", "reactions"),
        ("chapters/timeline", "milestone", "milestones"),
        ("chapters/timeline", "measure", "measures"),
        ("chapters/ledger", "count", "interval_counts"),
    ],
)
def test_every_row_has_its_anchor(book: Book, record, docname, prefix, table) -> None:
    frame = getattr(record, table)
    wanted = {f"{prefix}-{key}" for key in frame[frame.columns[0]]}
    assert wanted <= anchors(book, docname)


def test_a_figure_says_what_its_claim_says(book: Book, record) -> None:
    claims = record.claims.set_index("claim_id")
    publishers = record.sources.set_index("source_id")["publisher"]
    names = record.actors.set_index("actor_id")["name"]
    seen = 0
    for docname in book.docnames:
        for link in book.tree(docname).cssselect("a.datum.claim"):
            row = claims.loc[link.get("href").split("#claim-")[1]]
            words = quantity(row["low"], row["high"], str(row["qualifier"]))
            number = quantity(row["low"], row["high"], "exactly")
            assert link.text in (words, number)
            card = link.get("data-card")
            assert names[row["claimant"]] in card
            assert day(row["as_of"]) in card
            assert publishers[row["source"]] in card
            if pd.notna(row["cited_via"]):
                assert f"citing {publishers[row['cited_via']]}" in card
            assert names[row["claimant"]] in link.get("title")
            seen += 1
    assert seen > 60


def test_a_card_names_who_differs(book: Book) -> None:
    link = book.tree(CHAPTER).cssselect(FIRST)[0]
    assert "Others: " in link.get("data-card")
    assert "Syrian Arab Republic 37" in link.get("data-card")


def open_chapter(context: BrowserContext, site: str) -> Page:
    page = context.new_page()
    page.goto(f"{site}{CHAPTER}.html")
    return page


def test_the_card_opens_by_keyboard_and_closes_with_escape(
    site: str, context: BrowserContext
) -> None:
    page = open_chapter(context, site)
    page.locator(FIRST).first.focus()
    card = page.locator("#figure-card")
    assert card.is_visible()
    assert "Syrian Observatory for Human Rights" in card.inner_text()
    assert page.locator(FIRST).first.get_attribute("aria-describedby") == "figure-card"
    page.keyboard.press("Escape")
    assert not card.is_visible()


def test_the_card_opens_on_hover_and_the_link_leads_to_the_row(
    site: str, context: BrowserContext
) -> None:
    page = open_chapter(context, site)
    link = page.locator(FIRST).first
    link.hover()
    assert page.locator("#figure-card").is_visible()
    link.click()
    page.wait_for_url("**/ledger.html#claim-feb-2-killed-sohr-2024-02-21")
    row = page.locator("#claim-feb-2-killed-sohr-2024-02-21")
    row.wait_for()
    assert "34" in row.inner_text()


def test_the_first_tap_opens_the_card_and_its_link_leads_on(site: str, browser: Browser) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = open_chapter(phone, site)
    link = page.locator(FIRST).first
    link.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    link.tap()
    card = page.locator("#figure-card")
    assert card.is_visible()
    assert page.url.endswith(f"{CHAPTER}.html")
    box = card.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    card.locator("a").tap()
    page.wait_for_url("**/ledger.html#claim-*")
    phone.close()


def test_without_scripts_link_and_title_remain(site: str, browser: Browser) -> None:
    plain = browser.new_context(java_script_enabled=False)
    page = open_chapter(plain, site)
    link = page.locator(FIRST).first
    assert "Syrian Observatory" in (link.get_attribute("title") or "")
    link.click()
    page.wait_for_url("**/ledger.html#claim-feb-2-killed-sohr-2024-02-21")
    plain.close()


@pytest.fixture
def ledger(site: str, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(f"{site}chapters/ledger.html")
    return page


def found(page: Page) -> int:
    """Rows found, by what the page says."""
    said = page.locator(".record-filter [role=status]").inner_text()
    return int(said.split(" of ")[0].replace(",", ""))


def test_the_ledger_is_searched_by_words_however_they_are_typed(ledger: Page, record) -> None:
    rows = len(record.claims) + len(record.tallies) + len(record.interval_counts)
    assert found(ledger) == rows
    words = ledger.locator(".record-filter input")
    words.fill("54–55")
    printed = found(ledger)
    assert 0 < printed < rows
    for typed, other in (
        ("54-55", "54–55"),
        ("Tower22", "tower 22"),
        ("Deir ez Zor", "deir EZ-Zor"),
    ):
        words.fill(other)
        count = found(ledger)
        words.fill(typed)
        assert found(ledger) == count > 0
    words.fill("34 SOHR")
    assert ledger.locator("#claim-feb-2-killed-sohr-2024-02-21").is_visible()
    words.fill("no such words anywhere")
    said = ledger.locator(".record-filter [role=status]").inner_text()
    assert said.startswith(f"0 of {rows:,} ")
    assert "nothing fits" in said
    assert not ledger.locator(".bd-article section section h2:visible").count()


def test_filters_say_what_they_leave_and_come_back_from_the_address(ledger: Page, record) -> None:
    claimant = ledger.locator("select[name=claimant]")
    airwars = int((record.claims["claimant"] == "airwars").sum())
    claimant.select_option(label=f"Airwars ({airwars})")
    assert found(ledger) == airwars == ledger.locator(".table-record tr[id]:visible").count()
    metric = ledger.locator("select[name=metric]")
    left = [o for o in metric.locator("option").all_inner_texts() if not o.endswith("(0)")]
    counts = [int(option.rsplit("(", 1)[1][:-1]) for option in left if "(" in option]
    assert sum(counts) == airwars
    ledger.locator("select[name=sort]").select_option("figure:down")
    rows = "[...document.querySelectorAll('.table-record tr[id]')]"
    ids = f"{rows}.filter(row => !row.hidden).map(row => row.id)"
    before = ledger.evaluate(ids)
    ledger.reload()
    assert found(ledger) == airwars
    assert ledger.evaluate(ids) == before
    ledger.goto(ledger.url.split("?")[0] + "#claim-tower-22-killed-centcom-2024-01-28")
    ledger.locator("#claim-tower-22-killed-centcom-2024-01-28").wait_for(state="visible")


def test_paper_repeats_the_heads_as_text_and_has_no_form(ledger: Page) -> None:
    ledger.emulate_media(media="print")
    heads = ledger.locator("article .table-record th .sort")
    # A button is painted on the first sheet only.
    assert set(heads.evaluate_all("all => all.map(e => getComputedStyle(e).display)")) == {
        "contents"
    }
    assert not ledger.locator(".record-tools").is_visible()
    ledger.emulate_media(media="screen")


def test_a_head_sorts_by_number_and_by_date(site: str, ledger: Page, record) -> None:
    table = ledger.locator(".table-record").first
    table.locator(".sort[data-head=figure]").click()
    assert table.locator("th[aria-sort=ascending]").count() == 1
    heads = table.locator("tbody th").all_inner_texts()
    first = [float(re.search(r"[\d,.]+", head)[0].replace(",", "")) for head in heads if head]
    assert first == sorted(first)
    ledger.goto(f"{site}chapters/events.html?sort=date%3Adown")
    last = ledger.locator(".table-record tbody tr").first.get_attribute("id")
    starts = record.events.set_index("event_id")["start"]
    assert starts[last.removeprefix("event-")] >= starts.quantile(0.95)


def test_the_rows_found_download_with_their_sources(ledger: Page, tmp_path: Path) -> None:
    ledger.locator(".record-filter input").fill("Tower22 wounded")
    with ledger.expect_download() as waited:
        ledger.locator(".record-buttons button", has_text="CSV").click()
    path = tmp_path / "rows.csv"
    waited.value.save_as(path)
    rows = pd.read_csv(path, encoding="utf-8-sig")
    assert len(rows) == found(ledger) > 1
    assert rows["id"].is_unique
    assert rows["links"].str.contains("sources.html#source-").all()
    assert rows["Publication"].notna().all()


def test_a_phone_shows_the_first_rows_until_asked(site: str, browser: Browser, record) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 800})
    page = phone.new_page()
    page.goto(f"{site}chapters/sources.html")
    rows = page.locator(".table-record tbody tr")
    shown = "rows => rows.filter(row => getComputedStyle(row).display != 'none').length"
    assert rows.evaluate_all(shown) == 6
    page.locator(".record-more").click()
    assert rows.evaluate_all(shown) == len(record.sources)
    last = record.reactions.iloc[-1, 0]
    page.goto(f"{site}chapters/statements.html#reaction-{last}")
    page.locator(f"#reaction-{last}").wait_for(state="visible")
    phone.close()


def test_a_source_lists_the_figures_that_rest_on_it(book: Book, record) -> None:
    row = book.tree("chapters/sources").get_element_by_id("source-tass-2024-02-03-explainer")
    links = [a.get("href") for a in row.cssselect("details a")]
    claims = record.claims
    own = claims["source"] == "tass-2024-02-03-explainer"
    wanted = {f"ledger.html#claim-{key}" for key in claims.loc[own, "claim_id"]}
    assert wanted <= set(links)


def structured(book: Book, docname: str) -> list[dict[str, object]]:
    nodes = book.tree(docname).xpath('//script[@type="application/ld+json"]/text()')
    return [json.loads(text) for text in nodes]


def test_every_page_describes_itself(book: Book) -> None:
    for docname in book.docnames:
        tree = book.tree(docname)
        description = tree.xpath('//meta[@name="description"]/@content')
        assert len(description) == 1
        assert len(description[0]) > 40
        assert tree.xpath('//meta[@property="og:title"]/@content')
        image = tree.xpath('//meta[@property="og:image"]/@content')[0]
        assert (book.path(docname).parent / image).resolve().is_file()
        kind = "Report" if docname == "index" else "Article"
        assert structured(book, docname)[0]["@type"] == kind


@pytest.mark.parametrize("docname", ["methods", "downloads", "ledger"])
def test_pages_about_the_data_describe_the_data_set(book: Book, docname: str) -> None:
    page = f"chapters/{docname}"
    found = {item["@type"]: item for item in structured(book, page)}["Dataset"]
    assert found["version"] == strikes2024.schema.read_package(strikes2024.data_dir()).version
    assert "creativecommons" in found["license"]
    first, last = found["temporalCoverage"].split("/")
    assert first < "2024-02-02" < last
    assert {"Iraq", "Jordan", "Syria"} <= {place["name"] for place in found["spatialCoverage"]}
    assert len(found["distribution"]) == len(FORMATS)
    for file in found["distribution"]:
        path = (book.path(page).parent / file["contentUrl"]).resolve()
        assert file["contentSize"] == f"{path.stat().st_size} B"
        assert file["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert "/" in file["encodingFormat"]
        assert file["encodingFormat"] != "application/octet-stream"


CONF = """
extensions = ["myst_nb", "strikes2024.report"]
root_doc = "index"
nb_execution_mode = "off"
"""


def test_wrong_references_fail_the_build_with_file_and_line(tmp_path: Path) -> None:
    wrong = {
        "[](claim:no-such-claim)": "unknown claims id 'no-such-claim'",
        "[](cite:no-such-source)": "unknown sources id 'no-such-source'",
        "[](actor:nobody)": "unknown actors id 'nobody'",
        "[](event:never)": "unknown events id 'never'",
        "[999](claim:tower-22-killed-centcom-2024-01-28)": (
            "the chapter says '999', the data say '3'"
        ),
    }
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    (tmp_path / "index.md").write_text("\n\n".join(["# Page", *wrong, ""]), encoding="utf-8")
    build = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", ".", "out"]
    made = subprocess.run(build, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert made.returncode != 0
    warnings = made.stderr.splitlines()
    for line, message in enumerate(wrong.values()):
        place = f"index.md:{3 + 2 * line}:"
        assert any(place in warning and message in warning for warning in warnings), made.stderr
