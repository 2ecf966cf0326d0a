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
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).parent / "screens"
THUMB = 120  # pixels across: enough to see what moved, too few to see how letters are smoothed


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


MODES = (
    Mode(1280, "light"),
    Mode(1280, "dark"),
    Mode(390, "light"),
    Mode(390, "dark"),
    Mode(1280, "light", scripts=False),
    Mode(1280, "light", media="print"),
)


def thumbnails(browser: Browser, site: str, docname: str) -> dict[str, list[Image.Image]]:
    """Each chart of a page in each mode, by the id of its figure."""
    found: dict[str, list[Image.Image]] = {}
    for mode in MODES:
        for name, picture in _shots(browser, f"{site}{docname}.html", mode):
            height = max(1, round(picture.height * THUMB / picture.width))
            found.setdefault(name, []).append(picture.resize((THUMB, height), Image.Resampling.BOX))
    return found


def _shots(browser: Browser, url: str, mode: Mode) -> Iterator[tuple[str, Image.Image]]:
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
    for figure in page.locator("figure.chart").all():
        drawing = figure.locator(".chart-drawing")
        png = drawing.screenshot(animations="disabled", style=BARE)
        yield str(figure.get_attribute("id")), Image.open(io.BytesIO(png)).convert("RGB")
    context.close()


def sheet(thumbs: list[Image.Image]) -> Image.Image:
    """All thumbnails of one chart side by side, from the top."""
    height = max(thumb.height for thumb in thumbs)
    canvas = Image.new("RGB", (THUMB * len(thumbs), height), "#808080")
    for place, thumb in enumerate(thumbs):
        canvas.paste(thumb, (place * THUMB, 0))
    return canvas


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
        for docname in book.docnames:
            site = f"{book.html.as_uri()}/"
            for name, thumbs in thumbnails(browser, site, docname).items():
                sheet(thumbs).quantize(256).save(FOLDER / f"{name}.png", optimize=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[2]))
