"""What machines read: description, picture and schema.org data on each page.

Addresses in the metadata are relative to the page, since the book does not know where it will be
published; with ``html_baseurl`` set, they become absolute.
"""

import re
from textwrap import shorten
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from claimbook.addresses import page_url, root_url
from claimbook.markup import filled

_TAG = re.compile(r"<[^>]+>")


def setup(app: Sphinx) -> None:
    """Add the metadata to each page."""
    app.connect("html-page-context", _describe)


def description(doctree: nodes.document, limit: int = 202) -> str:
    """Return the first paragraph of a page as plain text, cut at a word."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = shorten(_TAG.sub("", paragraph.astext()), limit, placeholder=" …")
        if len(text) > 40:
            return text
    return ""


def _describe(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: Any
) -> None:
    if doctree is None:
        return
    config = app.config
    context["citation"] = bool(config.claimbook_citation)
    tags = filled(
        "meta.html",
        config=config,
        kind="Report" if pagename == config.root_doc else "Article",
        title=_TAG.sub("", str(context.get("title", ""))),
        text=description(doctree),
        url=page_url(config, pagename),
        root=root_url(config, pagename),
    )
    context["metatags"] = context.get("metatags", "") + "\n" + str(tags)
