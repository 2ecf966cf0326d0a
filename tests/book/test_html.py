"""The built HTML as text: links, anchors, ids and the addresses of what a page loads."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from book_helpers import Book

from strikes2024.report.metadata import data_digest

LOADED = [
    ("script", "src"),
    ("img", "src"),
    ("source", "src"),
    ("iframe", "src"),
    ("object", "data"),
    ("link[rel~=stylesheet]", "href"),
    ("link[rel~=preload]", "href"),
    ("link[rel~=icon]", "href"),
    ("link[rel~=manifest]", "href"),
]


def test_pages_are_valid_html(book: Book) -> None:
    checker = book.root / ".venv/web/node_modules/vnu-jar/build/dist/vnu.jar"
    assert checker.is_file(), "the Nu HTML checker is missing: run `make checker`"
    pages = [str(book.path(docname)) for docname in book.pages]
    checked = subprocess.run(
        ["java", "-jar", str(checker), "--errors-only", *pages],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr[-4000:]


def test_every_page_of_the_toc_exists(book: Book) -> None:
    for docname in book.docnames:
        assert book.path(docname).is_file(), docname
        text = " ".join(
            book.tree(docname).cssselect("article.bd-article")[0].text_content().split()
        )
        assert len(text) > 100, f"{docname} is all but empty"


def test_no_page_is_left_from_an_older_book(book: Book) -> None:
    built = {p.relative_to(book.html).with_suffix("").as_posix() for p in book.html.rglob("*.html")}
    built = {name for name in built if not name.startswith("_static/")}
    assert built == set(book.pages), "run `make clean`"


def test_pages_load_nothing_from_elsewhere(book: Book) -> None:
    foreign = [
        f"{docname}: {value}"
        for docname in book.pages
        for selector, attribute in LOADED
        for element in book.tree(docname).cssselect(selector)
        if urlsplit(value := element.get(attribute, "")).netloc
    ]
    assert foreign == []


def test_no_page_names_a_script_host(book: Book) -> None:
    for docname in book.pages:
        text = book.path(docname).read_text(encoding="utf-8").lower()
        for word in ("unpkg.com", "jsdelivr", "cdnjs", "mathjax", "require.min.js", "thebe"):
            assert word not in text, f"{docname} names {word}"


def test_no_id_is_given_twice(book: Book) -> None:
    for docname in book.pages:
        counts = Counter(e.get("id") for e in book.tree(docname).cssselect("[id]"))
        assert {name: n for name, n in counts.items() if n > 1} == {}, docname


def links(book: Book) -> Iterator[tuple[str, str]]:
    for docname in (*book.docnames, "search"):
        for element in book.tree(docname).cssselect("a[href]"):
            parts = urlsplit(element.get("href"))
            if not parts.scheme and not parts.netloc:
                yield docname, element.get("href")


def test_every_internal_link_and_anchor_leads_somewhere(book: Book) -> None:
    ids: dict[Path, set[str]] = {}
    broken = []
    for docname, href in links(book):
        parts = urlsplit(href)
        here = book.path(docname)
        target = (here.parent / unquote(parts.path)).resolve() if parts.path else here.resolve()
        if not target.is_file():
            broken.append(f"{docname}: {href}")
            continue
        if parts.fragment and target.suffix == ".html":
            if target not in ids:
                name = target.relative_to(book.html.resolve()).with_suffix("").as_posix()
                ids[target] = {e.get("id") for e in book.tree(name).cssselect("[id]")}
            if unquote(parts.fragment) not in ids[target]:
                broken.append(f"{docname}: {href}")
    assert sorted(set(broken)) == []


def test_pages_say_their_language_title_and_gist(book: Book) -> None:
    titles, described = [], []
    for docname in book.pages:
        tree = book.tree(docname)
        assert tree.get("lang") == "en"
        assert len(tree.xpath("//main//h1[not(ancestor::*[contains(@class, 'onlyprint')])]")) == 1
        titles.append(tree.findtext(".//title"))
        found = [e.get("content") for e in tree.cssselect("meta[name=description]")]
        assert len(found) == 1, docname
        assert 40 < len(found[0]) <= 202, docname
        described.append(found[0])
    assert len(set(titles)) == len(titles)
    assert len(set(described)) == len(described)


def test_pages_name_the_data_they_were_built_from(book: Book) -> None:
    version = json.loads((book.root / "data" / "datapackage.json").read_text("utf-8"))["version"]
    digest = data_digest(book.root / "data")[:16]
    for docname in book.pages:
        stamps = book.tree(docname).cssselect(".build-stamp")
        assert [s.text for s in stamps] == [f"Data version {version}, SHA-256 {digest}"], docname


def test_every_picture_and_chart_is_described(book: Book) -> None:
    for docname in book.docnames:
        tree = book.tree(docname)
        for image in tree.cssselect("article img"):
            assert (image.get("alt") or "").strip(), f"{docname}: {image.get('src')}"
        for drawing in tree.cssselect("figure.chart .chart-drawing"):
            drawing = drawing.xpath("descendant-or-self::*[@role='img']")[0]
            assert len(drawing.get("aria-label")) > 20, f"{docname}: {drawing.get('aria-label')!r}"
        for figure in tree.cssselect("figure.chart"):
            assert figure.cssselect("table.chart-table tbody tr"), f"{docname}: {figure.get('id')}"
            assert figure.cssselect("table.chart-table thead th[scope=col]")


def test_wide_tables_can_be_scrolled_by_keyboard(book: Book) -> None:
    for docname in book.docnames:
        for wrapper in book.tree(docname).cssselect(".table-scroll"):
            assert wrapper.get("tabindex") == "0"
            assert wrapper.get("aria-label")


IMPRINT = {"Makers", "Contact", "Source", "Funding", "Interests"}


def test_addresses_are_set_in_one_place_or_said_to_be_missing(book: Book) -> None:
    config = yaml.safe_load((book.root / "_config.yml").read_text(encoding="utf-8"))
    base, source = config["html"]["baseurl"], config["repository"]["url"]
    text = book.tree("chapters/about").text_content()
    for address, thing in ((base, "the published report"), (source, "its repository")):
        unnamed = text.partition("This copy gives no address for")[2].partition(".")[0]
        assert (thing in unnamed) == (not address)
        assert address in text
    stated = config["sphinx"]["config"]["claimbook_imprint"]
    terms = {
        term.text_content(): body.text_content().strip()
        for term, body in zip(
            book.tree("chapters/about").cssselect("article dt"),
            book.tree("chapters/about").cssselect("article dd"),
            strict=True,
        )
        if term.text_content() in IMPRINT
    }
    assert len(terms) + [*stated.values(), source].count("") == len(stated) + 1
    assert all(terms.values())
    undeclared = text.partition("This copy does not say")[2].partition(".")[0]
    unsaid = re.split(", | or ", undeclared) if undeclared else []
    assert len(unsaid) == len(stated) + 1 - len(terms)
    for docname in book.docnames:
        shown = book.tree(docname).cssselect('meta[property="og:url"]')
        assert [tag.get("content") for tag in shown] == (
            [f"{base.rstrip('/')}/{docname}.html"] if base else []
        )
