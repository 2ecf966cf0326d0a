"""Small pictures of each chart as readers meet it: wide and narrow, light and dark, bare, on paper.

``make screens`` takes them anew into the folder of the same name; whoever does so looks at each
one before it is committed. The tests compare the present book with them.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from book_helpers import Book, draw_all, open_in_theme, toc_docnames
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Locator, Page, sync_playwright

FOLDER = Path(__file__).parent / "screens"
THUMB = 120  # pixels across: enough to see what moved, too few to see how letters are smoothed

# Mean difference, of 255, in the spot of eight by eight pixels that differs most. Another version
# of the browser smooths letters otherwise; a lost line or label differs by more.
NEAR = 25
SPOT = 8

# The bar at the top of the theme stays in sight and would lie over tall drawings; a drawing that
# is laid out only as it comes into sight moves the picture.
BARE = """
.bd-header-article, .skip-link { visibility: hidden !important }
.chart-drawing .chart-svg, .table-record { content-visibility: visible !important }
"""


@dataclass(frozen=True)
class Mode:
    """One way of meeting a chart."""

    width: int
    theme: str
    scripts: bool = True
    media: str = "screen"


WIDE, DARK, PHONE, DARK_PHONE, BARE_PAGE, PAPER = MODES = (
    Mode(1280, "light"),
    Mode(1280, "dark"),
    Mode(390, "light"),
    Mode(390, "dark"),
    Mode(1280, "light", scripts=False),
    Mode(1280, "light", media="print"),
)


# Text above a drawing decides on which part of a pixel it begins; a picture begins on a whole one.
ON_A_PIXEL = """e => {
    e.style.cssText += 'position: relative; top: 0';
    const top = e.getBoundingClientRect().top + scrollY;
    e.style.top = Math.ceil(top) - top + 'px';
}"""


def thumbnail(figure: Locator) -> Image.Image:
    """Take a small picture of a chart."""
    drawing = figure.locator(".chart-drawing")
    drawing.evaluate(ON_A_PIXEL)
    png = drawing.screenshot(animations="disabled", style=BARE)
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    height = max(1, round(picture.height * THUMB / picture.width))
    return picture.resize((THUMB, height), Image.Resampling.BOX)


def charts_of(page: Page) -> Iterator[tuple[str, Locator]]:
    """Yield the id and the figure of each chart of a page."""
    for figure in page.locator("figure.chart").all():
        yield str(figure.get_attribute("id")), figure


def unlike(page: Page, mode: Mode) -> list[str]:
    """Name the charts of an open page that do not look as in the committed pictures."""
    odd = []
    for name, figure in charts_of(page):
        fault = _fault(name, mode, thumbnail(figure))
        if fault:  # a busy machine may give a picture of a half-set page; a change is there twice
            page.wait_for_timeout(500)
            fault = _fault(name, mode, thumbnail(figure))
        if fault:
            odd.append(f"{name}, {mode}: {fault}")
    return odd


def _fault(name: str, mode: Mode, now: Image.Image) -> str:
    path = FOLDER / f"{name}.png"
    if not path.exists():
        return "no picture; run `make screens` and look at it"
    with Image.open(path) as opened:
        place = MODES.index(mode) * THUMB
        known = opened.convert("RGB").crop((place, 0, place + THUMB, opened.height))
    canvas = Image.new("RGB", known.size, "#808080")
    canvas.paste(now, (0, 0))
    # The sheet is as high as its highest picture.
    if now.height > known.height + 3:
        return f"higher than {known.height}"
    return "looks different" if difference(known, canvas) > NEAR else ""


def difference(one: Image.Image, other: Image.Image) -> int:
    """How far two pictures are apart where they differ most.

    The second may lie a pixel higher or lower: an edge of a drawing may fall on half a pixel.
    """
    return min(_gap(one, ImageChops.offset(other, 0, step)) for step in (-1, 0, 1))


def _gap(one: Image.Image, other: Image.Image) -> int:
    gap = ImageChops.difference(one, other).convert("L")
    spots = (max(1, gap.width // SPOT), max(1, gap.height // SPOT))
    return int(gap.resize(spots, Image.Resampling.BOX).getextrema()[1])


def sheet(thumbs: list[Image.Image]) -> Image.Image:
    """All thumbnails of one chart side by side, from the top."""
    height = max(thumb.height for thumb in thumbs)
    canvas = Image.new("RGB", (THUMB * len(thumbs), height), "#808080")
    for place, thumb in enumerate(thumbs):
        canvas.paste(thumb, (place * THUMB, 0))
    return canvas


def _thumbnails(browser: Browser, url: str, mode: Mode) -> Iterator[tuple[str, Image.Image]]:
    context = browser.new_context(
        viewport={"width": mode.width, "height": 900},
        color_scheme="dark" if mode.theme == "dark" else "light",
        java_script_enabled=mode.scripts,
        reduced_motion="reduce",
    )
    page = context.new_page()
    if mode.scripts:
        open_in_theme(page, url, mode.theme)
        draw_all(page)
    else:
        page.goto(url)
    page.emulate_media(media="print" if mode.media == "print" else "screen")
    for name, figure in charts_of(page):
        yield name, thumbnail(figure)
    context.close()


def main(root: Path) -> int:
    """Take all pictures anew from the built book."""
    book = Book(root=root, html=root / "_build" / "html", docnames=toc_docnames(root))
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), chromium_sandbox=False, args=["--disable-gpu"]
        )
        for docname in book.with_charts:
            taken: dict[str, list[Image.Image]] = {}
            for mode in MODES:
                for name, thumb in _thumbnails(browser, book.path(docname).as_uri(), mode):
                    taken.setdefault(name, []).append(thumb)
            for name, thumbs in taken.items():
                sheet(thumbs).quantize(256).save(FOLDER / f"{name}.png", optimize=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[2]))
