"""The charts look as they did when a person last looked at them."""

from __future__ import annotations

from pathlib import Path

import pytest
from book_helpers import Book, toc_docnames
from PIL import Image, ImageChops
from playwright.sync_api import Browser
from screens import FOLDER, MODES, THUMB, sheet, thumbnails

# Mean difference, of 255, in the spot of eight by eight pixels that differs most. Another version
# of the browser or of a font smooths letters otherwise; a lost line or label differs by more.
NEAR = 30
SPOT = 8
DOCNAMES = toc_docnames(Path(__file__).resolve().parents[2])


def difference(one: Image.Image, other: Image.Image) -> int:
    """How far two pictures are apart where they differ most.

    The second may lie a pixel higher or lower: an edge of a drawing may fall on half a pixel.
    """
    return min(_gap(one, ImageChops.offset(other, 0, step)) for step in (-1, 0, 1))


def _gap(one: Image.Image, other: Image.Image) -> int:
    gap = ImageChops.difference(one, other).convert("L")
    spots = (max(1, gap.width // SPOT), max(1, gap.height // SPOT))
    return int(gap.resize(spots, Image.Resampling.BOX).getextrema()[1])


@pytest.mark.parametrize("docname", DOCNAMES)
def test_charts_look_as_they_did(docname: str, site: str, book: Book, browser: Browser) -> None:
    pictures = thumbnails(browser, site, docname)
    assert set(pictures) == charts(book, docname)
    wrong = strange(pictures)
    if wrong:  # a busy machine may give a picture of a half-set page; a change is there twice
        wrong &= strange(thumbnails(browser, site, docname))
    assert sorted(wrong) == []


def test_no_picture_is_of_a_chart_that_is_gone(book: Book) -> None:
    present = set().union(*(charts(book, docname) for docname in book.docnames))
    assert {path.stem for path in FOLDER.glob("*.png")} == present


def charts(book: Book, docname: str) -> set[str]:
    """Return the ids of the charts of a page."""
    return {chart.get("id") for chart in book.tree(docname).cssselect("figure.chart")}


def strange(pictures: dict[str, list[Image.Image]]) -> set[str]:
    """Name the charts and modes that do not look as they did."""
    odd = set()
    for name, thumbs in pictures.items():
        path = FOLDER / f"{name}.png"
        if not path.exists():
            odd.add(f"{name}: no picture; run `make screens` and look at it")
            continue
        known, now = Image.open(path).convert("RGB"), sheet(thumbs)
        if abs(known.height - now.height) > 3:
            odd.add(f"{name}: another height than {known.height}")
            continue
        now = now.resize(known.size)
        for place, mode in enumerate(MODES):
            box = (place * THUMB, 0, (place + 1) * THUMB, known.height)
            if difference(known.crop(box), now.crop(box)) > NEAR:
                odd.add(f"{name}, {mode}: looks different")
    return odd


@pytest.mark.parametrize("change", ["blank", "other theme"])
def test_a_lost_drawing_is_far(change: str) -> None:
    for path in FOLDER.glob("*.png"):
        known = Image.open(path).convert("RGB")
        first = known.crop((0, 0, THUMB, known.height))
        other = Image.new("RGB", first.size, "white")
        if change == "other theme":
            other = known.crop((THUMB, 0, 2 * THUMB, known.height))
        assert difference(first, other) > NEAR, path.name
