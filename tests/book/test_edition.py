"""The print edition: whole, numbered, in true size, and sealed in itself."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from book_helpers import Book
from pypdf import PdfReader

from claimbook.edition import CLAIMS, PUBLICATIONS, destinations, runs
from strikes2024.report.edition import main, plan
from strikes2024.report.references import KINDS

NAME, CHAPTERS = plan().name, plan().chapters
KEY_FIGURES = (
    ("claim", "tower-22-killed-centcom-2024-01-28"),
    ("claim", "tower-22-wounded-business-insider-2025-04-02"),
    ("claim", "feb-2-targets-struck-centcom-2024-02-02"),
    ("claim", "feb-2-casualties-us-dod-2024-02-08"),
    ("calc", "killed-sum"),
)


@pytest.fixture(scope="module")
def path(book: Book, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pdf")
    command = [sys.executable, "-m", "strikes2024.report.edition", str(book.html), str(folder)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert made.returncode == 0, made.stderr
    assert [path.name for path in folder.iterdir()] == [NAME]
    return folder / NAME


@pytest.fixture(scope="module")
def pdf(path: Path) -> PdfReader:
    return PdfReader(path)


@pytest.fixture(scope="module")
def texts(pdf: PdfReader) -> list[str]:
    """What each page says, without ligatures."""
    read = (page.extract_text() for page in pdf.pages)
    return [" ".join(unicodedata.normalize("NFKC", text).split()) for text in read]


def chapter_titles(book: Book) -> list[str]:
    heads = [book.tree(page).cssselect("article h1")[0].text_content() for page in CHAPTERS[1:]]
    return ["Summary", *(head.removesuffix("#").strip() for head in heads), CLAIMS, PUBLICATIONS]


def test_the_outline_has_every_chapter_with_its_sections(book: Book, pdf: PdfReader) -> None:
    top = [item for item in pdf.outline if not isinstance(item, list)]
    assert [item["/Title"] for item in top] == chapter_titles(book)
    assert sum(isinstance(item, list) for item in pdf.outline) >= len(CHAPTERS)


def test_the_contents_give_the_page_on_which_a_chapter_begins(
    book: Book, pdf: PdfReader, texts: list[str]
) -> None:
    starts = [pdf.get_destination_page_number(i) for i in pdf.outline if not isinstance(i, list)]
    contents = " ".join(texts[1 : starts[0]])
    for title, start in zip(chapter_titles(book), starts, strict=True):
        assert title in texts[start]
        assert re.search(rf"{re.escape(title)} ?{start + 1}\b", contents), title


def test_no_page_is_blank_and_each_has_its_number(texts: list[str]) -> None:
    for number, text in enumerate(texts[1:], 2):
        assert len(text) > 150, number
        assert re.search(rf"\b{number}\b", text[:90]), text[:90]


def test_a_chart_leaves_no_page_before_it_mostly_white(path: Path) -> None:
    """Unless a chapter ends there: text moves up before a chart that needs the next page."""
    ends, heads = [], []
    for page in pypdfium2.PdfDocument(path):
        width, height = page.get_size()
        # The running head: a chapter's pages share it.
        head = page.get_textpage().get_text_bounded(0, height * 0.93, width * 0.8, height)
        heads.append(head.strip())
        drawn = page.render(scale=0.25, grayscale=True).to_pil()
        body = drawn.crop((0, drawn.height // 12, drawn.width, drawn.height * 11 // 12))
        box = body.point(lambda value: 255 * (value < 200)).getbbox()
        ends.append(box[3] / body.height if box else 0)
    going_on = [n for n, (one, two) in enumerate(itertools.pairwise(heads)) if one == two]
    assert len(going_on) > 30
    assert {n + 1: ends[n] for n in going_on if ends[n] < 0.45} == {}


def test_text_is_set_in_its_true_size(pdf: PdfReader, texts: list[str]) -> None:
    """A table wider than the page would make Chromium shrink every page."""
    sizes: Counter[float] = Counter()

    def note(text: str, cm: Any, matrix: Any, _font: Any, size: float) -> None:
        sizes[round(abs(matrix[3] * cm[3]) * size, 1)] += len(text.strip())

    first = next(n for n, text in enumerate(texts) if "Key points" in text)
    pdf.pages[first].extract_text(visitor_text=note)
    ((size, _),) = sizes.most_common(1)
    assert 10 < size < 11, sizes


def test_key_figures_charts_and_sources_are_in_it(pdf: PdfReader, texts: list[str]) -> None:
    whole = " ".join(texts)
    for kind, key in KEY_FIGURES:
        assert KINDS[kind].texts(key)[0] in whole
    assert whole.count("Sources: ") > 15
    assert "Data and downloads" not in whole
    drawn = [page for page in pdf.pages if len(page.get_contents().get_data()) > 100_000]
    assert len(drawn) >= 10, "charts are drawn as lines and marks"


def test_links_lead_into_the_document_or_to_a_publication(pdf: PdfReader) -> None:
    places = set(pdf.named_destinations)
    inside = outside = 0
    for page in pdf.pages:
        for note in page.get("/Annots", ()):
            link = note.get_object()
            if "/Dest" in link:
                assert str(link["/Dest"]).removeprefix("/") in {p.removeprefix("/") for p in places}
                inside += 1
            else:
                assert re.match("https?://", link["/A"]["/URI"]), link["/A"]
                outside += 1
    assert inside > 2000
    assert outside > 200


def test_it_says_what_it_is_and_not_when_it_was_printed(pdf: PdfReader, path: Path) -> None:
    assert pdf.metadata is not None
    assert pdf.metadata.title
    assert pdf.metadata.author
    assert str(pdf.metadata["/CreationDate"]).endswith("000000Z")
    assert pdf.root_object["/Lang"] == "en"
    assert destinations(path).keys() >= {"index--", "sources--"}


def test_without_a_book_one_sentence_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), str(tmp_path / "out")]) == 1
    assert "run `make book` first" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_numbers_in_a_row_are_drawn_together() -> None:
    assert runs([1, 2, 3, 5, 8, 9]) == [[1, 3], [5], [8], [9]]
    assert runs([]) == []
