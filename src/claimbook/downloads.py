"""The charts as files of the built site: their tables as CSV, their drawings as SVG and PNG."""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

FOLDER = "downloads/charts"
_LOGGER = logging.getLogger(__name__)
# Slug → kind of file → content.
_Charts = dict[str, dict[str, bytes]]


def register(env: BuildEnvironment, slug: str, files: dict[str, bytes]) -> dict[str, str]:
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
    _charts(env, env.docname)[slug] = files
    return {kind: f"{FOLDER}/{slug}.{kind}" for kind in files}


def content(env: BuildEnvironment, docname: str, slug: str, kind: str) -> bytes | None:
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
    return _charts(env, docname).get(slug, {}).get(kind)


def setup(app: Sphinx) -> None:
    """Write the files when the pages are written."""
    app.connect("env-check-consistency", _check)
    app.connect("build-finished", _write)


def _charts(env: BuildEnvironment, docname: str) -> _Charts:
    """Return the charts of a page; Sphinx forgets what it holds of a page that is read again."""
    charts: _Charts = env.metadata[docname].setdefault("claimbook_charts", {})
    return charts


def _check(_app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of a chart on two pages, once all pages are read: charts may move between them."""
    seen: dict[str, str] = {}
    for docname in sorted(env.found_docs):
        for slug in _charts(env, docname):
            if slug in seen:
                _LOGGER.warning(
                    "chart %r is on this page and on %s too: give one another slug",
                    slug,
                    seen[slug],
                    location=docname,
                )
            seen[slug] = docname


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {
        f"{slug}.{kind}": content
        for docname in app.env.found_docs
        for slug, files in _charts(app.env, docname).items()
        for kind, content in files.items()
    }
    for path in folder.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (folder / name).write_bytes(content)
