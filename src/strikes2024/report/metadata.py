"""The report's metadata: data version under each page, schema.org data set."""

import hashlib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

import strikes2024
from claimbook.addresses import page_url, root_url
from strikes2024.report import datafiles
from strikes2024.report.markup import filled
from strikes2024.report.record import tables
from strikes2024.schema import read_package

DATA_PAGES = frozenset(
    f"chapters/{name}"
    for name in ("methods", "ledger", "start", "query", "dictionary", "downloads", "own_events")
)


def data_digest(folder: Path) -> str:
    """SHA-256 over the tables and the descriptor: ``cat *.csv datapackage.json | sha256sum``.

    Parameters
    ----------
    folder
        The data directory.

    Returns
    -------
    str
        Hexadecimal digits; the same for the same data on every machine.
    """
    paths = [*sorted(folder.glob("*.csv")), folder / "datapackage.json"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def _describe_data(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Describe the data set on each page about the data."""
    if doctree is None or pagename not in DATA_PAGES or app.builder.format != "html":
        return
    record, folder = tables(), Path(app.outdir) / datafiles.FOLDER
    dataset = datafiles.described(
        "dataset",
        read_package(),
        files=[file for file in datafiles.files(folder) if file.rows is not None],
        folder=f"{root_url(app.config, pagename)}{datafiles.FOLDER}/",
        url=page_url(app.config, datafiles.PAGE),
        first=record.claims["as_of"].min(),
        last=record.claims["as_of"].max(),
        countries=sorted(record.places["country"].dropna().unique()),
    )
    croissant = f"{'../' * pagename.count('/')}{datafiles.FOLDER}/{datafiles.CROISSANT}"
    tags = filled("dataset.html", dataset=dataset, croissant=croissant)
    context["metatags"] = f"{context.get('metatags', '')}\n{tags}"


def _configure(_app: Sphinx, config: Any) -> None:
    """Name the data under each page: by version and checksum, so that equal builds are equal."""
    described = read_package()
    digest = data_digest(strikes2024.data_dir())[:16]
    config.version = strikes2024.__version__
    config.html_theme_options["extra_footer"] = (
        f'<p class="build-stamp">Data version {described.version}, SHA-256 {digest}</p>'
    )
    raw = described.descriptor
    config.claimbook_citation = {
        "authors": [person["title"] for person in raw["contributors"]],
        "title": config.html_title,
        "version": described.version,
        "date": raw["created"][:10],
        "licence": raw["licenses"][0]["name"],
        "licence_url": raw["licenses"][0]["path"],
        "key": raw["name"],
    }


def setup(app: Sphinx) -> None:
    """Hand the metadata to the engine."""
    app.connect("config-inited", _configure)
    app.connect("html-page-context", _describe_data, priority=600)
