"""The theme's pages with less to fetch: one style sheet, and only scripts that a page uses.

The theme sends an icon script of 1.5 MB, an icon font, Bootstrap's script and the search index with
every page. The report has a dozen icons of its own (``icons.css``), no tooltips or menus that need
Bootstrap, and searches on the search page. ``templates/`` holds what differs from the theme's own
templates; `Lightener` chooses what a page loads.

``404.html`` is what a web server shows in place of a page that does not exist. It is shown under
any address, so links relative to its own place would lead nowhere: `rooted` writes them from the
root of the site (the path of ``html_baseurl``, if that is set).
"""

import posixpath
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

from claimbook.fingerprint import fingerprint
from claimbook.mend import patched
from claimbook.static import BUNDLE, ENGINE, FIRST_FONTS, FOLDER, SCRIPTS, address

_BOOK = Path(__file__).parent
STYLE = "_static/style.css"

# What the theme links by hand, in front of the sheets and behind the scripts that Sphinx lists.
_FIRST_STYLES = ("_static/basic.css", "_static/styles/pydata-sphinx-theme.css")
_LAST_SCRIPTS = ("_static/scripts/pydata-sphinx-theme.js",)

# A script of the left is of use only on a page that has the words of the right in it.
_USED_WITH = {f"_static/{FOLDER}/{name}": words for name, words in SCRIPTS.items()} | dict.fromkeys(
    ("_static/clipboard.min.js", "_static/copybutton.js"), 'class="highlight'
)

# Of Sphinx's own search, which claimbook.search replaces.
_MARKER = "_static/sphinx_highlight.js"

# What Sphinx and the theme copy beside their own files and no page loads.
_UNUSED = (
    "language_data.js",
    "searchtools.js",
    "sphinx_highlight.js",
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
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NOTICE = re.compile(r"/\*!.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_EMPTY = re.compile(r"@(?:media|supports)[^{}]*\{\s*\}")
_BRACKETS = re.compile(r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")  # up to three levels deep
_SELECTOR = re.compile(rf"(?:[^,()]|{_BRACKETS.pattern})+")
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_ADDRESS = re.compile(r'(\s(?:href|src|action|data-content_root)=")(?![a-z]+:|[#/])(?:\./)?([^"]*)')
_FILE = re.compile(r"url\(\s*[\"']?(?!data:|#)([^\"')]+)[\"']?\s*\)")


def setup(app: Sphinx) -> None:
    """Put the report's templates before the theme's, and choose the assets of each page."""
    app.add_config_value("claimbook_assets", "", "html", frozenset({str}))
    app.connect("config-inited", _configure)
    # After the theme and all extensions have added what they add.
    lightener = Lightener()
    app.connect("html-page-context", lightener.page, priority=900)
    app.connect("build-finished", lightener.finish, priority=900)


def one_sheet(sheets: dict[str, str], out: Path) -> str:
    """Join style sheets, by name, into one, without the rules of the icon font.

    The files that a sheet of another folder loads get their address, with a checksum, as seen from
    the folder of the joined sheet.

    Parameters
    ----------
    sheets
        Text of each sheet by its path in the site.
    out
        The folder of the built site.

    Raises
    ------
    FileNotFoundError
        A sheet of another folder loads a file that is not in the built site.
    """
    parts = []
    for name, text in sheets.items():
        bare = _ICON_FONT.sub("", text).replace("\ufeff", "").replace('@charset "UTF-8";', "")
        parts.append(_moved(bare, name, out) if "/" in name.removeprefix("_static/") else bare)
    return "\n".join(parts)


def _moved(text: str, sheet: str, out: Path) -> str:
    def moved(found: re.Match[str]) -> str:
        name = posixpath.join(posixpath.dirname(sheet), found[1])
        return f'url("{address(out, posixpath.normpath(name)).removeprefix("_static/")}")'

    return _FILE.sub(moved, text)


def rooted(html: str, root: str) -> str:
    """Write relative addresses from ``root``, which begins and ends with a slash."""
    return _ADDRESS.sub(lambda found: f"{found[1]}{root}{found[2]}", html)


def prune(sheet: str, words: set[str]) -> str:
    r"""Drop the selectors of a style sheet that name a class not among the words.

    Parameters
    ----------
    sheet
        CSS. What stands in brackets, as in ``:not(.x)``, is not looked at.
    words
        Classes of all pages, and words of scripts that may set others.

    Returns
    -------
    str
        CSS. Licence notices stay, other comments go. Of a theme and its Bootstrap nine tenths go.

    Examples
    --------
    >>> prune("/*! licence */.a,.b:not(.c){top:0}.d{top:0}", {"b"})
    '/*! licence */\n.b:not(.c){top:0}'
    """

    def rule(match: re.Match[str]) -> str:
        selectors = _SELECTOR.findall(match[1])
        kept = [s for s in selectors if words.issuperset(_CLASS.findall(_BRACKETS.sub("", s)))]
        return f"{','.join(kept)}{{{match[2]}}}" if kept else ""

    notices = [m[0] for m in _NOTICE.finditer(sheet)]
    bare = _RULE.sub(rule, _COMMENT.sub("", sheet))
    return "\n".join([*dict.fromkeys(notices), _EMPTY.sub("", bare)])


class Lightener:
    """Chooses the assets of each page as it is written, and tidies up after the last."""

    def __init__(self) -> None:
        self._sheets: list[str] = []

    def page(
        self, app: Sphinx, _name: str, _template: str, context: dict[str, Any], _doctree: Any
    ) -> None:
        """Replace the page's lists of styles and scripts; ``layout.html`` writes them."""
        out = Path(app.outdir)
        body = context["body"] = patched(str(context.get("body", "")))
        # Scripts without a file set options for parts of the theme that are not in use.
        scripts = [str(js.filename) for js in context["script_files"] if js.filename]
        used = [s for s in scripts if s != _MARKER and _USED_WITH.get(s, "") in body]
        context["page_scripts"] = [address(out, name) for name in (*used, *_LAST_SCRIPTS)]
        context["page_fonts"] = " ".join(address(out, name) for name in FIRST_FONTS)
        context["style_sheet"] = f"{STYLE}?v="
        self._sheets = [*_FIRST_STYLES, *(str(css.filename) for css in context["css_files"])]

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        """Remove what no page loads, write the joined style sheet and its checksum into the pages.

        Not before the end: what the sheet must hold depends on all pages, and myst-nb copies its
        own part last of all.
        """
        if exception is not None or not self._sheets:  # no page was written: all is in place
            return
        out = Path(app.outdir)
        for pattern in _UNUSED:
            for path in list((out / "_static").glob(pattern)):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
        sheet = one_sheet({n: (out / n).read_text(encoding="utf-8") for n in self._sheets}, out)
        written = (path for path in out.rglob("*.html") if "_static" not in path.parts)
        pages = {path: path.read_text(encoding="utf-8") for path in written}
        (out / STYLE).write_text(prune(sheet, _words(out, pages.values())), encoding="utf-8")
        link = re.compile(rf"{re.escape(STYLE)}\?v=\w*")
        checked = address(out, STYLE)
        lost = out / "404.html"
        pages[lost] = rooted(pages[lost], f"{urlsplit(app.config.html_baseurl).path.rstrip('/')}/")
        for path, text in pages.items():
            path.write_text(link.sub(checked, text), encoding="utf-8")


def _words(out: Path, pages: Iterable[str]) -> set[str]:
    """Return the classes of all pages, and all words of the scripts, which may set others."""
    words: set[str] = set()
    for page in pages:
        for classes in set(re.findall(r'\bclass="([^"]*)"', page)):
            words.update(classes.split())
    for script in (out / "_static").rglob("*.js"):
        if script.name not in {BUNDLE, *ENGINE}:
            words.update(re.findall(r"[\w-]+", script.read_text(encoding="utf-8")))
    return words


def _configure(app: Sphinx, config: Config) -> None:
    config.templates_path.insert(0, str(_BOOK / "templates"))
    pages = {"search": "search.html", "404": "404.html"}
    config.html_additional_pages = config.html_additional_pages | pages
    # What the 404 page leads to: page and anchor of each.
    named = {name: page.split("#") for name, page in config.claimbook_pages.items()}
    config.html_context = config.html_context | {"book_pages": named}
    # Pages name their assets by checksum: when one of the engine or of a package that brings some
    # changes, all are written anew.
    config.claimbook_assets = fingerprint(
        Path(app.srcdir), data=str(_BOOK), lock=config.claimbook_lock
    )
