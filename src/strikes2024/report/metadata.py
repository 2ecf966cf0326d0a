"""What the book says of itself: data version under each page, schema.org record, social card."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import strikes2024
from strikes2024.charts import style
from strikes2024.report.record import tables

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["data_digest", "dataset", "setup"]

DATA_PAGE = "chapters/methods"
IMAGE = "_static/claimbook/social.png"


def package() -> dict[str, Any]:
    """Return the descriptor of the data package."""
    path = strikes2024.data_dir() / "datapackage.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def data_digest(folder: Path) -> str:
    """Return a SHA-256 over the names and contents of the descriptor and the tables."""
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.csv"), folder / "datapackage.json"]):
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def dataset(package: dict[str, Any]) -> dict[str, Any]:
    """Return the schema.org ``Dataset`` for the data package's descriptor."""
    claims = tables().claims
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": package["title"],
        "description": package["description"],
        "version": package["version"],
        "license": package["licenses"][0]["path"],
        "creator": {"@type": "Organization", "name": package["contributors"][0]["title"]},
        "keywords": package["keywords"],
        "isAccessibleForFree": True,
        "temporalCoverage": f"{claims['as_of'].min():%Y-%m-%d}/{claims['as_of'].max():%Y-%m-%d}",
        "spatialCoverage": ["Iraq", "Syria", "Jordan"],
        "variableMeasured": [resource["title"] for resource in package["resources"]],
    }


def _configure(_app: Sphinx, config: Any) -> None:
    """Name the data under each page: by version and checksum, so that equal builds are equal."""
    described = package()
    digest = data_digest(strikes2024.data_dir())[:16]
    config.version = strikes2024.__version__
    config.html_theme_options["extra_footer"] = (
        f'<p class="build-stamp">Data version {described["version"]}, SHA-256 {digest}</p>'
    )
    config.claimbook_dataset = {"page": DATA_PAGE, "record": dataset(described)}
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
