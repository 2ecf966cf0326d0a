"""What machines read: description, picture and schema.org data on each page.

Addresses in the metadata are relative to the page, since the book does not know where it will be
published; with ``html_baseurl`` set, they become absolute.
"""

import re
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx

from claimbook.addresses import page_url
from claimbook.figure import script_json
from claimbook.markup import filled

_TAG = re.compile(r"<[^>]+>")


def setup(app: Sphinx) -> None:
    """Add the metadata to each page."""
    app.connect("html-page-context", _describe)


def description(doctree: nodes.document, limit: int = 200) -> str:
    """Return the first paragraph of a page as plain text, cut at a word."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(_TAG.sub("", paragraph.astext()).split())
        if len(text) > 40:
            return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"
    return ""


def _describe(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: Any
) -> None:
    if doctree is None:
        return
    config = app.config
    title = _TAG.sub("", str(context.get("title", "")))
    text, url = description(doctree), page_url(config, pagename)
    article = {
        "@context": "https://schema.org",
        "@type": "Report" if pagename == config.root_doc else "Article",
        "headline": title,
        "description": text,
        "inLanguage": "en",
        "author": {"@type": "Organization", "name": str(config.author)},
        "isPartOf": {"@type": "Book", "name": str(config.html_title)},
        "license": config.claimbook_citation.get("licence_url"),
        "version": str(config.version),
        "url": url,
    }
    scripts = {"data": script_json({name: value for name, value in article.items() if value})}
    if config.claimbook_citation:
        # What ``cite.js`` makes citations of.
        context["citation"] = True
        scripts["citation"] = script_json(config.claimbook_citation | {"url": url})
    base = str(config.html_baseurl).rstrip("/")
    tags = filled(
        "meta.html",
        version=config.version,
        title=title,
        text=text,
        url=url,
        image=config.claimbook_image,
        root=f"{base}/" if base else "../" * pagename.count("/"),
        scripts={name: Markup(script) for name, script in scripts.items()},  # noqa: S704 (JSON)
    )
    context["metatags"] = context.get("metatags", "") + "\n" + str(tags)
