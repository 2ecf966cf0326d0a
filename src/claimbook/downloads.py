"""The charts as files of the built site: their tables as CSV, their drawings as SVG and PNG."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

FOLDER = "downloads/charts"
_LOGGER = logging.getLogger(__name__)
# Page → slug → kind of file → content.
_Store = dict[str, dict[str, dict[str, bytes]]]


def register(env: "BuildEnvironment", slug: str, files: dict[str, bytes]) -> dict[str, str]:
    """Keep a chart's files until the site is written.

    Parameters
    ----------
    env
        Sphinx's environment, which holds them with their page, so that they are there for pages
        that Sphinx does not read again.
    slug
        The chart.
    files
        Contents by kind: ``csv``, ``svg``, ``png``.

    Returns
    -------
    dict of str to str
        Addresses by kind, seen from the site's root.
    """
    store = _store(env)
    store.setdefault(env.docname, {})[slug] = files
    return {kind: f"{FOLDER}/{slug}.{kind}" for kind in files}


def content(env: "BuildEnvironment", docname: str, slug: str, kind: str) -> bytes | None:
    """A file that a page registered.

    Parameters
    ----------
    env
        Sphinx's environment.
    docname, slug, kind
        Page, chart and kind of file.

    Returns
    -------
    bytes or None
        None where the page has no such file.
    """
    return _store(env).get(docname, {}).get(slug, {}).get(kind)


def setup(app: "Sphinx") -> None:
    """Write the files when the pages are written."""
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("env-check-consistency", _check)
    app.connect("build-finished", _write)


def _store(env: "BuildEnvironment") -> _Store:
    store: _Store = vars(env).setdefault("claimbook_charts", {})
    return store


def _purge(_app: "Sphinx", env: "BuildEnvironment", docname: str) -> None:
    _store(env).pop(docname, None)


def _merge(
    _app: "Sphinx", env: "BuildEnvironment", docnames: Iterable[str], other: "BuildEnvironment"
) -> None:
    for docname in docnames:
        if docname in _store(other):
            _store(env)[docname] = _store(other)[docname]


def _check(_app: "Sphinx", env: "BuildEnvironment") -> None:
    """Warn of a chart on two pages, once all pages are read: charts may move between them."""
    seen: dict[str, str] = {}
    for docname, slugs in sorted(_store(env).items()):
        for slug in slugs:
            if slug in seen:
                _LOGGER.warning(
                    "chart %r is on this page and on %s too: give one another slug",
                    slug,
                    seen[slug],
                    location=docname,
                )
            seen[slug] = docname


def _write(app: "Sphinx", exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {
        f"{slug}.{kind}": content
        for page in _store(app.env).values()
        for slug, files in page.items()
        for kind, content in files.items()
    }
    for path in folder.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (folder / name).write_bytes(content)
