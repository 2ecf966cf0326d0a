"""The landing page's pictures, and the cards of terms."""

from __future__ import annotations

from typing import Any

from book_helpers import Book
from lxml import etree

import strikes2024
from claimbook.thumbnails import HEIGHT, WIDTH, thumbnail
from strikes2024 import charts


def with_thumbnail(book: Book) -> set[str]:
    """The pages whose front matter names a chart."""
    pages = {page: (book.root / f"{page}.md").read_text("utf-8") for page in book.docnames}
    return {page for page, text in pages.items() if "\nthumbnail: " in text.split("\n---\n")[0]}


def test_each_chapter_of_the_story_has_its_picture(book: Book) -> None:
    tree = book.tree("index")
    items = tree.cssselect(".chapter-list li")
    linked = [item.cssselect("a")[0].get("href").removesuffix(".html") for item in items]
    assert set(linked) == with_thumbnail(book)
    for item, page in zip(items, linked, strict=True):
        (picture,) = item.cssselect("img.thumb")
        path = book.html / picture.get("src").partition("?")[0]
        assert path.stat().st_size < 80_000
        root = etree.parse(path).getroot()
        assert (root.get("width"), root.get("height")) == (str(WIDTH), str(HEIGHT))
        title = picture.get("alt").removeprefix("Chart: ")
        shown = book.tree(page).cssselect("figure.chart .chart-title")
        heads = {head.text_content().removesuffix("#").strip() for head in shown}
        assert title in heads, page


def test_six_cards_hold_a_figure_what_others_say_and_the_way_to_its_chapter(book: Book) -> None:
    cards = book.tree("index").cssselect(".key-figures li")
    assert len(cards) == 6
    for card in cards:
        question, figure, text, way = card.cssselect("p")
        assert question.text_content().endswith("?")
        (own,) = figure.cssselect("strong > a.datum")
        assert own.text_content() == figure.text_content()
        others = {a.text_content() for a in text.cssselect("a.claim, a.tally, a.calc")}
        assert others - {own.text_content()}
        (link,) = way.cssselect("a")
        assert link.get("href").partition(".html")[0] in with_thumbnail(book)


def test_notes_in_the_margin_lead_to_the_glossary_and_add_to_it(book: Book) -> None:
    entries = " ".join(
        book.tree("chapters/glossary").cssselect("article")[0].text_content().split()
    )
    for page in with_thumbnail(book):
        notes = book.tree(page).cssselect("aside.margin")
        assert len(notes) >= 3, page
        for note in notes:
            assert note.cssselect("strong > a.term"), page
            said = " ".join(note.text_content().split()).partition(": ")[2]
            assert said
            assert said not in entries


def test_a_picture_holds_marks_and_no_words() -> None:
    chart = charts.reactions_matrix(strikes2024.load())
    drawing = chart.svg()
    colours = {"ink": "#1f2933", "muted": "#5b6673", "grid": "#d5dae1", "surface": "#ffffff"}
    payload: Any = {"svg": {"wide": drawing}, "title": "A & B", "colours": colours}
    root = etree.fromstring(thumbnail(payload).encode())
    kinds = [etree.QName(element).localname for element in root.iter() if element.tag]
    assert "text" not in kinds
    assert kinds.count("path") == drawing.count("<path")
    assert root.findtext("{*}title") == "A & B"


def test_a_term_shows_its_entry_in_the_glossary(book: Book) -> None:
    seen = set()
    for page in with_thumbnail(book):
        links = book.tree(page).cssselect("a.term")
        assert links, f"{page} links no term"
        for link in links:
            anchor = link.get("href").partition("#")[2]
            title, text = link.get("data-card").split("\n")
            entry = book.tree("chapters/glossary").get_element_by_id(anchor)
            words = " ".join(entry.text_content().split())
            assert words.startswith(title)
            assert " ".join(text.split()) in words
            seen.add(anchor)
    assert len(seen) >= 8
