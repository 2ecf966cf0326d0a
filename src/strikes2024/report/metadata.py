"""The report's metadata: data version under each page, schema.org data set, social card."""

import hashlib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

import strikes2024
from claimbook.addresses import page_url
from claimbook.figure import script_json
from strikes2024 import metadata
from strikes2024.charts import style
from strikes2024.report import datafiles
from strikes2024.report.record import tables
from strikes2024.schema import read_package

DATA_PAGES = frozenset(
    f"chapters/{name}"
    for name in ("methods", "ledger", "start", "query", "dictionary", "downloads", "own_events")
)
IMAGE = "_static/claimbook/social.png"


def data_digest(folder: Path) -> str:
    """SHA-256 over the names and contents of the descriptor and the tables.

    Parameters
    ----------
    folder
        The data directory.

    Returns
    -------
    str
        Hexadecimal digits; the same for the same data on every machine.
    """
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.csv"), folder / "datapackage.json"]):
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def dataset(app: Sphinx, docname: str) -> dict[str, Any]:
    """Return the schema.org ``Dataset``, with addresses as seen from a page."""
    record = tables()
    first, last = record.claims["as_of"].min(), record.claims["as_of"].max()
    base = str(app.config.html_baseurl or "").rstrip("/")
    root = f"{base}/" if base else "../" * docname.count("/")
    files = [file for file in datafiles.files(Path(app.outdir)) if file.rows is not None]
    return metadata.dataset(
        read_package(),
        files,
        folder=f"{root}{datafiles.FOLDER}/",
        url=page_url(app.config, datafiles.PAGE),
        period=f"{first:%Y-%m-%d}/{last:%Y-%m-%d}",
        places=sorted(record.places["country"].dropna().unique()),
    )


def _describe_data(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Describe the data set on each page about the data."""
    if doctree is None or pagename not in DATA_PAGES or app.builder.format != "html":
        return
    up = "../" * pagename.count("/")
    context["metatags"] = (
        context.get("metatags", "")
        + f'\n<script type="application/ld+json">{script_json(dataset(app, pagename))}</script>'
        + '\n<link rel="alternate" type="application/ld+json" title="Croissant" '
        + f'href="{up}{datafiles.FOLDER}/{datafiles.CROISSANT}">'
    )


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
    config.claimbook_image = {"path": IMAGE, "alt": f"{config.html_title}, in white letters"}


def _draw_card(app: Sphinx, _env: Any, docnames: list[str]) -> None:
    """Draw the picture that a link to the report shows: 1200 × 630 pixels."""
    target = Path(app.outdir) / IMAGE
    # With other data or code all pages are read anew; to draw is a third of a build without change.
    if app.builder.format != "html" or (target.is_file() and not docnames):
        return
    from matplotlib.figure import Figure

    with style.matplotlib_style():
        figure = Figure(figsize=(12, 6.3), dpi=100, facecolor=style.DARK_GROUND)
        title = "The US strikes of\n2–7 February 2024\nin Iraq and Syria"
        figure.text(
            0.07, 0.84, title, color=style.GROUND, fontsize=50, va="top", linespacing=1.2,
            fontfamily=style.HEADING_FONT,
        )  # fmt: skip
        line = f"{len(tables().claims)} claims, each with claimant, date and source"
        figure.text(0.07, 0.14, line, color="#9fb3c8", fontsize=20)
        target.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(target, metadata={"Software": None}, facecolor=style.DARK_GROUND)


def setup(app: Sphinx) -> None:
    """Hand the metadata to the engine and draw the social card."""
    app.connect("config-inited", _configure)
    app.connect("env-before-read-docs", _draw_card)
    app.connect("html-page-context", _describe_data, priority=600)
