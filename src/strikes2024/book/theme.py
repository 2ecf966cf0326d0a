"""The theme's pages with less to fetch: one style sheet, and only scripts that a page uses.

The theme sends an icon script of 1.5 MB, an icon font, Bootstrap's script and the search index with
every page. The report has a dozen icons of its own (``icons.css``), no tooltips or menus that need
Bootstrap, and searches on the search page. ``templates/`` holds what differs from the theme's own
templates; `Lightener` chooses what a page loads.
"""

import hashlib
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.errors import ExtensionError

from strikes2024.book.fingerprint import LOCK_FILE

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

_BOOK = Path(__file__).parent
_TEMPLATES = _BOOK / "templates"
STYLE = "_static/style.css"

# As the theme sets them; before the page is drawn, or a dark page would be white at first.
MODE_SCRIPT = (
    'for(const k of["mode","theme"])document.documentElement.dataset[k]='
    'localStorage.getItem(k)||"auto";'
)

# What the theme links by hand, in front of the sheets and behind the scripts that Sphinx lists.
_FIRST_STYLES = ("_static/basic.css", "_static/styles/pydata-sphinx-theme.css")
_LAST_SCRIPTS = ("_static/scripts/pydata-sphinx-theme.js",)

# A script of the left is of use only on a page that has the words of the right in it.
_USED_WITH = {
    "_static/clipboard.min.js": 'class="highlight',
    "_static/copybutton.js": 'class="highlight',
    "_static/strikes2024/cards.js": "data-card=",
    "_static/strikes2024/charts.js": "chart-drawing",
    "_static/strikes2024/ledger.js": "ledger-tools",
}

# What the theme copies beside its own files and no page loads.
_UNUSED = (
    "**/*.map",
    "**/*webpack-macros.html",
    "images",
    "locales",
    "scripts/bootstrap.js*",
    "scripts/fontawesome.js*",
    "vendor",
)

_ICON_FONT = re.compile(
    r"@font-face\{[^{}]*Font Awesome[^{}]*\}"
    r"|(?<=[{}/])(?:\.fa(?:[brs]|-[\w-]+)?(?::[\w-]+)?,?)+\{[^{}]*\}"
    r"|/\*!\s*\* Font Awesome.*?\*/",
    re.DOTALL,
)
_FILE = re.compile(r"url\(\s*[\"']?(?!data:|#)([^\"')]+)")


def setup(app: "Sphinx") -> None:
    """Put the report's templates before the theme's, and choose the assets of each page."""
    app.add_config_value("strikes2024_assets", "", "html", frozenset({str}))
    app.connect("config-inited", _configure)
    # After the theme and all extensions have added what they add.
    lightener = Lightener()
    app.connect("html-page-context", lightener.page, priority=900)
    app.connect("build-finished", lightener.finish, priority=900)


def one_sheet(sheets: dict[str, str]) -> str:
    """Join style sheets, by name, into one, without the rules of the icon font.

    Raises:
        ExtensionError: A sheet of another folder loads a file; its address would become wrong.
    """
    parts = []
    for name, text in sheets.items():
        bare = _ICON_FONT.sub("", text).replace("\ufeff", "").replace('@charset "UTF-8";', "")
        if "/" in name.removeprefix("_static/") and (found := _FILE.search(bare)):
            raise ExtensionError(f"{name} loads {found[1]}, which the joined style sheet cannot")
        parts.append(bare)
    return "\n".join(parts)


class Lightener:
    """Chooses the assets of each page as it is written, and tidies up after the last."""

    def __init__(self) -> None:
        self._sheets: list[str] = []

    def page(
        self, app: "Sphinx", _name: str, _template: str, context: dict[str, Any], _doctree: Any
    ) -> None:
        """Replace the page's lists of styles and scripts; ``layout.html`` writes them."""
        out = Path(app.outdir)
        body = str(context.get("body", ""))
        # Scripts without a file set options for parts of the theme that are not in use.
        scripts = [str(js.filename) for js in context["script_files"] if js.filename]
        used = [name for name in scripts if _USED_WITH.get(name, "") in body]
        context["theme_mode_script"] = MODE_SCRIPT
        context["page_scripts"] = [_address(out, name) for name in (*used, *_LAST_SCRIPTS)]
        context["style_sheet"] = f"{STYLE}?v={app.config.strikes2024_assets[:8]}"
        self._sheets = [*_FIRST_STYLES, *(str(css.filename) for css in context["css_files"])]

    def finish(self, app: "Sphinx", exception: Exception | None) -> None:
        """Write the joined style sheet and remove what no page loads.

        Not before the end: myst-nb copies its sheet last of all.
        """
        if exception is not None or not self._sheets:  # no page was written: all is in place
            return
        out = Path(app.outdir)
        sheet = one_sheet({n: (out / n).read_text(encoding="utf-8") for n in self._sheets})
        (out / STYLE).write_text(sheet, encoding="utf-8")
        for pattern in _UNUSED:
            for path in list((out / "_static").glob(pattern)):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()


def _address(out: Path, name: str) -> str:
    """Add a checksum, so that a server may let browsers keep the file for good."""
    return f"{name}?v={hashlib.sha256((out / name).read_bytes()).hexdigest()[:8]}"


def _configure(app: "Sphinx", config: "Config") -> None:
    config.templates_path.insert(0, str(_TEMPLATES))
    # Pages name their assets by checksum: when an asset changes, all are written anew.
    digest = hashlib.sha256()
    files = [Path(app.srcdir) / LOCK_FILE, *(_BOOK / "assets").iterdir(), *_TEMPLATES.iterdir()]
    for path in sorted(path for path in files if path.is_file()):
        digest.update(path.read_bytes())
    config.strikes2024_assets = digest.hexdigest()
