"""``404.html``, the page that a web server shows in place of one that does not exist.

It is shown under any address, so links relative to its own place would lead nowhere: they are
written from the root of the site (the path of ``html_baseurl``, if that is set).
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

from claimbook.theme import NOT_FOUND

_ADDRESS = re.compile(r'(\s(?:href|src|action|data-content_root)=")(?![a-z]+:|[#/])(?:\./)?([^"]*)')


def rooted(html: str, root: str) -> str:
    """Write relative addresses from ``root``, which begins and ends with a slash."""
    return _ADDRESS.sub(lambda found: f"{found[1]}{root}{found[2]}", html)


def _configure(_app: Sphinx, config: Config) -> None:
    """Tell the page which pages the book names: page and anchor of each."""
    named = {name: page.split("#") for name, page in config.claimbook_pages.items()}
    config.html_context = config.html_context | {"book_pages": named}


def _finish(app: Sphinx, exception: Exception | None) -> None:
    path = Path(app.outdir) / f"{NOT_FOUND}.html"
    if exception is None and path.is_file():
        root = urlsplit(app.config.html_baseurl).path.strip("/")
        html = path.read_text(encoding="utf-8")
        path.write_text(rooted(html, f"/{root}/" if root else "/"), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Root the page's addresses when the theme has written the last of them."""
    app.connect("config-inited", _configure)
    app.connect("build-finished", _finish, priority=950)
