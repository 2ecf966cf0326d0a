"""Style and script for the pages.

``report.css`` and the scripts are small and go on every page; so do the fonts that a page has
letters for (``tools/fonts.py`` makes them). The drawing library is a
megabyte: it is copied beside them, and ``charts.js`` fetches it once a chart comes into view. So is
SQLite, which ``query-worker.js`` fetches once a reader asks a query.
"""

import hashlib
import shutil
from pathlib import Path

from sphinx.application import Sphinx

FOLDER = "claimbook"
BUNDLE = "plotly-basic.min.js"
ENGINE = ("sql-wasm-browser.js", "sql-wasm-browser.wasm")
_STYLES = ("fonts.css", "icons.css", "report.css")
# Each script, and the words of a page on which alone it is of use; "" for any page.
SCRIPTS = {
    "text.js": "record-tools",
    "charts.js": "chart-drawing",
    "time-slider.js": "time-slider",
    "cards.js": "data-card=",
    "cite.js": "",
    "records.js": "record-tools",
    "page.js": "",
    "query.js": "query-console",
    "versions.js": "",
}
# What a page shows first: its text and its heading.
FIRST_FONTS = tuple(
    f"_static/{FOLDER}/fonts/{name}.woff2" for name in ("sans", "sans-bold", "heading")
)
# Of the print edition and the live one: no part of the book.
_ELSEWHERE = ("edition", "fonts-paper", "live", "paper")


def setup(app: Sphinx) -> None:
    """Put style and script on every page, and copy all assets into the built site."""
    for name in _STYLES:
        # After the theme's own sheets, which have priorities up to 900.
        app.add_css_file(f"{FOLDER}/{name}", priority=950)
    for name in SCRIPTS:
        app.add_js_file(f"{FOLDER}/{name}", loading_method="defer")
    # Before the pages are written: Sphinx adds a checksum of each asset to its address.
    app.connect("builder-inited", _copy)


def address(site: Path, name: str) -> str:
    """Add a checksum to a file's path in the site: a server may let browsers keep it for good."""
    return f"{name}?v={hashlib.sha256((site / name).read_bytes()).hexdigest()[:8]}"


def _copy(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / FOLDER
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    assets = Path(__file__).parent / "assets"
    # Contents alone: the next build could not remove what is copied from a read-only folder.
    for path in (*assets.glob("*.*"), *assets.glob("fonts/*")):
        if not path.name.startswith(_ELSEWHERE):
            shutil.copyfile(path, target / path.relative_to(assets))
