"""The charts as files of the built site: their tables as CSV, their drawings as SVG and PNG."""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

FOLDER = "downloads/charts"
_LOGGER = logging.getLogger(__name__)


def path(slug: str, kind: str) -> str:
    """Return the path of a chart's file of a kind (csv, svg, png), seen from the site's root."""
    return f"{FOLDER}/{slug}.{kind}"


def charts(env: BuildEnvironment, docname: str) -> dict[str, dict[str, bytes]]:
    """Return the files of a page's charts by slug and kind: the same object at each call.

    Sphinx's environment holds them with their page, so that they are there for pages that Sphinx
    does not read again; it forgets what it holds of a page that is read again.
    """
    found: dict[str, dict[str, bytes]] = env.metadata[docname].setdefault("claimbook_charts", {})
    return found


def setup(app: Sphinx) -> None:
    """Write the files once all pages are read."""
    app.connect("env-updated", _write)


def _write(app: Sphinx, env: BuildEnvironment) -> None:
    """Write the files of all charts, and warn of a chart on two pages: charts may move."""
    if app.builder.format != "html":
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    pages: dict[str, str] = {}
    wanted: dict[Path, bytes] = {}
    for docname in sorted(env.found_docs):
        for slug, files in charts(env, docname).items():
            if slug in pages:
                said = "chart %r is on this page and on %s too: give one another slug"
                _LOGGER.warning(said, slug, pages[slug], location=docname)
            pages[slug] = docname
            wanted |= {folder / f"{slug}.{kind}": content for kind, content in files.items()}
    for old in set(folder.iterdir()) - set(wanted):
        old.unlink()
    for file, content in wanted.items():
        file.write_bytes(content)
