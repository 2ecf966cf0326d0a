"""What machines read: description, social card and schema.org data on each page.

Addresses in the metadata are relative to the page, since the book does not know where it will be
published; with ``html_baseurl`` set, they become absolute.
"""

from __future__ import annotations

import hashlib
import json
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

import strikes2024
from claimbook.render import script_json
from strikes2024.report.labels import tables

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DATA_PAGE = "chapters/methods"
IMAGE = "_static/strikes2024/social.png"
_TAG = re.compile(r"<[^>]+>")


def setup(app: Sphinx) -> None:
    """Add the metadata to each page and draw the social card."""
    app.connect("config-inited", _stamp)
    app.connect("html-page-context", _describe)
    app.connect("env-before-read-docs", _draw_card)


def data_digest(folder: Path) -> str:
    """Return a SHA-256 over the names and contents of the descriptor and the tables."""
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.csv"), folder / "datapackage.json"]):
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _stamp(_app: Sphinx, config: Any) -> None:
    """Name the data under each page: by version and checksum, so that equal builds are equal."""
    folder = strikes2024.data_dir()
    version = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["version"]
    config.html_theme_options["extra_footer"] = (
        f'<p class="build-stamp">Data version {version}, SHA-256 {data_digest(folder)[:16]}</p>'
    )


def description(doctree: nodes.document, limit: int = 200) -> str:
    """Return the first paragraph of a page as plain text, cut at a word."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(_TAG.sub("", plain_text(paragraph)).split())
        if len(text) > 40:
            return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"
    return ""


def plain_text(node: nodes.Node) -> str:
    """Return the words of a node; of what is set as HTML, the text that stands for it."""
    if isinstance(node, nodes.raw):
        return str(node.get("text", ""))
    if isinstance(node, nodes.Text):
        return node.astext()
    return "".join(plain_text(child) for child in node.children)


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


def article(title: str, text: str, config: Any) -> dict[str, Any]:
    """Return the schema.org ``Report`` for one page."""
    return {
        "@context": "https://schema.org",
        "@type": "Report",
        "headline": title,
        "description": text,
        "inLanguage": "en",
        "author": {"@type": "Organization", "name": str(config.author)},
        "isPartOf": {"@type": "Book", "name": str(config.html_title)},
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "version": strikes2024.__version__,
    }


def _describe(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: Any
) -> None:
    if doctree is None:
        return
    title = _TAG.sub("", str(context.get("title", "")))
    text = description(doctree)
    image = "../" * pagename.count("/") + IMAGE
    if app.config.html_baseurl:
        image = f"{app.config.html_baseurl.rstrip('/')}/{IMAGE}"
    named = {"description": text, "twitter:card": "summary_large_image"}
    properties = {
        "og:type": "article",
        "og:title": title,
        "og:description": text,
        "og:image": image,
        "og:image:alt": f"{app.config.html_title}, in white letters",
        "og:locale": "en",
    }
    tags = [f'<meta name="{k}" content="{escape(v)}">' for k, v in named.items() if v]
    tags += [f'<meta property="{k}" content="{escape(v)}">' for k, v in properties.items() if v]
    found = [article(title, text, app.config)]
    if pagename == DATA_PAGE:
        path = strikes2024.data_dir() / "datapackage.json"
        found.append(dataset(json.loads(path.read_text(encoding="utf-8"))))
    tags += [f'<script type="application/ld+json">{script_json(item)}</script>' for item in found]
    context["metatags"] = context.get("metatags", "") + "\n" + "\n".join(tags)


def _draw_card(app: Sphinx, _env: Any, docnames: list[str]) -> None:
    """Draw the picture that a link to the report shows: 1200 × 630 pixels."""
    target = Path(app.outdir) / IMAGE
    # With other data or code all pages are read anew; to draw is a third of a build without change.
    if app.builder.format != "html" or (target.is_file() and not docnames):
        return
    from matplotlib.figure import Figure

    from strikes2024.charts import style

    with style.matplotlib_style():
        figure = Figure(figsize=(12, 6.3), dpi=100, facecolor=style.DARK_GROUND)
        title = "The US strikes of\n2–7 February 2024\nin Iraq and Syria"
        figure.text(0.07, 0.84, title, color=style.GROUND, fontsize=46, va="top", linespacing=1.25)
        line = f"{len(tables().claims)} claims, each with claimant, date and source"
        figure.text(0.07, 0.14, line, color="#9fb3c8", fontsize=20)
        target.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(target, metadata={"Software": None}, facecolor=style.DARK_GROUND)
