"""One question, one answer: on the built pages, on cards and in the files that they offer."""

import csv
import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from book_helpers import Book
from unit_helpers import read_json

import strikes2024
from strikes2024 import schema
from strikes2024.campaign import FEBRUARY, TOWER_22
from strikes2024.campaign.headlines import HEADLINES, answer_to
from strikes2024.tables import NAMES

KEY_FIGURES = {
    "How many were wounded at Tower 22?": "tower-22-wounded",
    "How many were killed in Syria?": "killed-syria",
    "How many were killed in Iraq, excluding Baghdad?": "killed-iraq",
    "How many did the strikes kill in all?": "killed-total",
}


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    record = strikes2024.load()
    return {headline.slug: str(answer_to(record, headline.slug)) for headline in HEADLINES}


def test_the_landing_page_answers_as_the_reconciliation_does(book: Book, answers) -> None:
    found = {}
    for item in book.tree("index").cssselect(".key-figures li"):
        question, answer = item.cssselect("p")[0], item.cssselect("strong")[0]
        found[question.text_content().strip()] = answer.text_content().strip()
    for question, slug in KEY_FIGURES.items():
        assert found[question] == answers[slug], question


def test_the_reconciled_results_are_the_answers(book: Book, answers) -> None:
    made = book.tree("chapters/reconciliation")
    for slug, answer in answers.items():
        result = made.cssselect(f"#headline-{slug} > p")[0].text_content()
        assert re.match(rf"Result: {re.escape(answer)} ", result), slug


def test_every_figure_in_the_text_shows_the_answer(book: Book, answers) -> None:
    """In whatever chapter: a link to the reconciled figure carries its answer."""
    seen = set()
    for docname in book.docnames:
        for slug, answer in answers.items():
            for link in book.tree(docname).cssselect(f'a.calc[href$="#headline-{slug}"]'):
                assert link.text_content().strip() == answer, (docname, slug)
                assert "Computed from the data" in link.get("data-card")
                seen.add(slug)
    assert seen >= {"killed-syria", "killed-iraq", "tower-22-wounded", "attacks-before"}
    total = {
        link.text_content().strip()
        for docname in book.docnames
        for link in book.tree(docname).cssselect('a.calc[data-card*="Sum for Syria, Iraq"]')
        if "lowest to highest" in link.get("data-card")
    }
    assert total == {answers["killed-total"]}


def test_the_rule_of_all_claimants_in_methods_gives_the_answers(book: Book, answers) -> None:
    made = book.tree("chapters/methods")
    rows = {row.cssselect("th")[0].text_content().strip(): row
            for row in made.cssselect("#table-sensitivity tbody tr")}  # fmt: skip
    shown = [headline for headline in HEADLINES if headline.question in rows]
    # Methods says in words on which the rules differ.
    assert {headline.slug for headline in shown} == {
        "tower-22-wounded", "killed-syria", "killed-both", "killed-total"
    }  # fmt: skip
    for headline in shown:
        last = rows[headline.question].cssselect("td")[-1].text_content()
        said = last.removeprefix("All claimants: ").partition("best")[0].strip()
        assert said == answers[headline.slug]


def test_the_offered_files_give_the_answers(book: Book, answers) -> None:
    """The last state of what was known when, as CSV."""
    path = book.html / "downloads" / "charts" / "known-when.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        last = {row["figure"]: row["words"] for row in csv.DictReader(file)}
    for headline in HEADLINES:
        assert last[headline.name] == answers[headline.slug]


def _from_csv(archive: Path, folder: Path) -> strikes2024.Tables:
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    return strikes2024.load(folder)


def _from_sqlite(path: Path, folder: Path) -> strikes2024.Tables:
    """Read the tables as an object in the form of the JSON export, and that as it is read."""
    package = schema.read_package(schema.data_dir())
    tables = {}
    with closing(sqlite3.connect(path)) as base:
        base.row_factory = sqlite3.Row
        for name in NAMES:
            fields = package.table(name).fields
            lists = {field.name: field.delimiter for field in fields if field.delimiter}
            truths = {field.name for field in fields if field.type == "boolean"}
            tables[name] = rows = [dict(row) for row in base.execute(f"SELECT * FROM {name}")]
            for row in rows:
                row.update({key: (row[key] or "").split(by) for key, by in lists.items()})
                row.update({key: bool(row[key]) for key in truths if row[key] is not None})
    (folder / "from-sqlite.json").write_text(json.dumps({"tables": tables}), encoding="utf-8")
    return read_json(folder / "from-sqlite.json")


_AS_TEXT: dict[str, Callable[[Any], str]] = {
    "boolean": lambda cell: str(cell).lower(),
    "date": lambda cell: f"{pd.Timestamp(cell):%Y-%m-%d}",
    "datetime": lambda cell: f"{pd.Timestamp(cell):%Y-%m-%dT%H:%MZ}",
}


def _from_frames(frames: Mapping[str, pd.DataFrame], folder: Path) -> strikes2024.Tables:
    """Write frames as CSV files in the form of the data beside the descriptor, and read these."""
    for name, table in schema.read_package(schema.data_dir()).tables.items():
        frame = frames[name].astype(object)
        for field in table.fields:
            if field.type in _AS_TEXT:
                cells = frame[field.name].replace("", None)
                frame[field.name] = cells.map(_AS_TEXT[field.type], na_action="ignore")
        frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    shutil.copy(schema.data_dir() / "datapackage.json", folder)
    return strikes2024.load(folder)


def _from_parquet(archive: Path, folder: Path) -> strikes2024.Tables:
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    return _from_frames({n: pd.read_parquet(folder / f"{n}.parquet") for n in NAMES}, folder)


def _from_xlsx(path: Path, folder: Path) -> strikes2024.Tables:
    sheets = pd.read_excel(path, sheet_name=[*NAMES], dtype="string", keep_default_na=False)
    return _from_frames(sheets, folder)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("strikes2024-csv.zip", _from_csv),
        ("strikes2024.json", lambda path, _: read_json(path)),
        ("strikes2024.db", _from_sqlite),
        ("strikes2024-parquet.zip", _from_parquet),
        ("strikes2024.xlsx", _from_xlsx),
    ],
)
def test_the_exports_give_the_answers(
    book: Book, answers, tmp_path, name: str, read: Callable[[Path, Path], strikes2024.Tables]
) -> None:
    """Whoever asks the tables of an offered export gets the answers of the book."""
    record = read(book.html / "downloads" / "data" / name, tmp_path)
    assert {slug: str(answer_to(record, slug)) for slug in answers} == answers


def test_the_file_of_deaths_gives_no_other_answer(book: Book) -> None:
    """Deaths in the columns of GED: those of Tower 22; none where only the countries have them."""
    with (book.html / "downloads/data/strikes2024-ged.csv").open(encoding="utf-8-sig") as file:
        deaths = {row["relid"]: (row["low"], row["best"], row["high"])
                  for row in csv.DictReader(file)}  # fmt: skip
    assert deaths[TOWER_22] == ("3", "3", "3")
    assert deaths[FEBRUARY] == ("", "", "")
