"""The part on the data: dictionary, diagram, downloads, notebook."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path

import lxml.etree
import pandas as pd
import pytest
from book_helpers import Book, open_in_theme
from playwright.sync_api import BrowserContext

import strikes2024
from strikes2024.report.datafiles import FOLDER, SUMS
from strikes2024.report.diagram import diagram, references
from strikes2024.schema import data_dir, read_package

DICTIONARY, DOWNLOADS, START = "chapters/dictionary", "chapters/downloads", "chapters/start"


@pytest.fixture(scope="module")
def package():
    return read_package(data_dir())


def test_the_dictionary_has_every_column_and_every_value(book: Book, package) -> None:
    tree = book.tree(DICTIONARY)
    for table in package.tables.values():
        section = tree.get_element_by_id(f"table-{table.name}")
        assert f"key {table.primary_key[0]}" in section.text_content()
        for field in table.fields:
            row = tree.get_element_by_id(f"field-{table.name}-{field.name}")
            assert row.cssselect("th[scope=row] code")[0].text == field.name
            text = row.text_content()
            assert field.description.replace("`", "") in text
            assert ("never blank" in text) == field.required
            assert set(field.enum) <= {code.text for code in row.cssselect("code")}
            if field.reference:
                assert row.cssselect(f'a[href="#table-{field.reference.table}"]')


def test_the_diagram_has_every_table_and_reference(book: Book, package) -> None:
    ties = references(package)
    rows = dict.fromkeys(ties, 1)
    drawn = diagram(package, rows)
    assert drawn == diagram(package, rows)
    (tree,) = lxml.etree.fromstring(drawn)  # the drawing, in a frame that scrolls
    label = tree.get("aria-label")
    arrows = tree.findall(".//{*}path[@class='tie']")
    wanted = [
        (name, other)
        for name, others in ties.items()
        for other in others
        if other not in (name, "sources")
    ]
    assert len(arrows) == len(wanted) > 10
    assert len(tree.findall(".//{*}rect")) == len(ties)
    assert all(f"{name} refers to {', '.join(others)}" in label
               for name, others in ties.items() if others)  # fmt: skip
    boxes = {(box.get("x"), box.get("y")) for box in tree.findall(".//{*}rect")}
    assert len(boxes) == len(ties)
    on_page = book.tree(DICTIONARY).cssselect("svg.table-diagram")[0]
    assert on_page.get("aria-label") == label


def test_every_download_is_there_with_its_checksum(book: Book) -> None:
    folder = book.html / FOLDER
    listed = {}
    for line in (folder / SUMS).read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ")
        listed[name] = digest
    rows = book.tree(DOWNLOADS).cssselect("table.record tbody tr")
    for row in rows:
        link = row.cssselect("th a")[0]
        path = (book.path(DOWNLOADS).parent / link.get("href")).resolve()
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert row.cssselect("td code")[-1].text == digest == listed.pop(path.name)
        assert f"{path.stat().st_size / 1024:,.0f} kB" in row.text_content()
    assert listed == {}
    assert {path.name for path in folder.iterdir()} == {
        SUMS, *(row.cssselect("th a")[0].text for row in rows),
    }  # fmt: skip


def test_the_downloads_hold_the_data(book: Book) -> None:
    folder: Path = book.html / FOLDER
    record = strikes2024.load()
    with sqlite3.connect(folder / "strikes2024.db") as base:
        count = base.execute("SELECT count(*) FROM claims").fetchone()[0]
    base.close()
    assert count == len(record.claims)
    assert len(pd.read_csv(folder / "strikes2024-flat.csv")) == len(record.claims)
    sheets = pd.read_excel(folder / "strikes2024.xlsx", sheet_name=["flat", "events"])
    assert len(sheets["events"]) == len(record.events)


def test_croissant_is_valid_and_every_row_streams(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the reader of Croissant's own makers, out of the archive that the site offers."""
    # It unpacks an archive once and for all, by its name; the folder is chosen at the import.
    monkeypatch.setenv("CROISSANT_CACHE", str(tmp_path))
    import mlcroissant

    described = mlcroissant.Dataset(jsonld=book.html / FOLDER / "croissant.json")
    issues = described.metadata.ctx.issues
    assert (issues.errors, issues.warnings) == (set(), set())
    record = strikes2024.load()
    assert {found.id for found in described.metadata.record_sets} == set(record)
    for name in record:
        rows = pd.DataFrame(described.records(name))
        key = f"{name}/{record[name].columns[0]}"
        assert [cell.decode() for cell in rows[key]] == record[name].iloc[:, 0].tolist()


def test_the_crate_holds_every_file(book: Book) -> None:
    folder = book.html / FOLDER
    graph = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    by_id = {each["@id"]: each for each in graph}
    assert by_id["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    parts = {part["@id"] for part in by_id["./"]["hasPart"]}
    assert parts == {path.name for path in folder.iterdir()} - {SUMS, "ro-crate-metadata.json"}
    for name in parts:
        assert by_id[name]["sha256"] == hashlib.sha256((folder / name).read_bytes()).hexdigest()
    assert by_id["./"]["license"]["@id"] in by_id
    assert all(each["@id"] in by_id for each in by_id["./"]["creator"])


def test_the_page_names_version_and_citation(book: Book, package) -> None:
    text = " ".join(book.tree(DOWNLOADS).text_content().split())
    assert f"Data version {package.version}" in text
    assert "@misc{strikes2024-data-" in text


def test_the_notebook_answers_five_questions_with_a_table_each(book: Book) -> None:
    sections = book.tree(START).cssselect("section section")
    answered = [s for s in sections if s.cssselect("table.dataframe tbody tr")]
    questions = [s.cssselect("h2")[0].text_content().rstrip("#") for s in answered]
    assert len(questions) == 5
    assert all(question.endswith("?") for question in questions)


def test_a_box_leads_to_its_table(site: str, context: BrowserContext) -> None:
    page = context.new_page()
    open_in_theme(page, f"{site}{DICTIONARY}.html", "dark")
    page.locator('.table-diagram a[href="#table-claims"]').click()
    assert page.url.endswith("#table-claims")
    assert page.locator("#table-claims h2").is_visible()
