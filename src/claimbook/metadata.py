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
        text = " ".join(_TAG.sub("", plain_text(paragraph)).split())
        if len(text) > 40:
            return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"
    return ""


def plain_text(node: nodes.Node) -> str:
    """Return the words of a node, without what is set as HTML."""
    if isinstance(node, nodes.raw):
        return ""
    if isinstance(node, nodes.Text):
        return node.astext()
    return "".join(plain_text(child) for child in node.children)


def article(kind: str, title: str, text: str, config: Any, url: str) -> dict[str, Any]:
    """The schema.org record for one page.

    Parameters
    ----------
    kind
        ``Report`` for the first page, else ``Article``.
    title, text
        Heading and first words.
    config
        Sphinx's configuration.
    url
        Address of the published page, or ``""``.

    Returns
    -------
    dict
        To be written as JSON-LD.
    """
    licence = config.claimbook_citation.get("licence_url")
    found = {
        "@context": "https://schema.org",
        "@type": kind,
        "headline": title,
        "description": text,
        "inLanguage": "en",
        "author": {"@type": "Organization", "name": str(config.author)},
        "isPartOf": {"@type": "Book", "name": str(config.html_title)},
        "license": licence,
        "version": str(config.version),
        "url": url,
    }
    return {name: value for name, value in found.items() if value}


def _image(config: Any, pagename: str) -> dict[str, str]:
    """Return address and words of the picture that a link to the book shows, if it has one."""
    if not config.claimbook_image:
        return {"url": "", "alt": ""}
    path, words = config.claimbook_image["path"], config.claimbook_image["alt"]
    base = str(config.html_baseurl).rstrip("/")
    return {"url": f"{base}/{path}" if base else "../" * pagename.count("/") + path, "alt": words}


def _describe(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: Any
) -> None:
    if doctree is None:
        return
    title = _TAG.sub("", str(context.get("title", "")))
    text, url = description(doctree), page_url(app.config, pagename)
    kind = "Report" if pagename == app.config.root_doc else "Article"
    scripts = {"data": script_json(article(kind, title, text, app.config, url))}
    if app.config.claimbook_citation:
        # What ``cite.js`` makes citations of.
        context["citation"] = True
        scripts["citation"] = script_json(app.config.claimbook_citation | {"url": url})
    tags = filled(
        "meta.html",
        version=app.config.version,
        title=title,
        text=text,
        url=url,
        image=_image(app.config, pagename),
        scripts={name: Markup(script) for name, script in scripts.items()},  # noqa: S704 (JSON)
    )
    context["metatags"] = context.get("metatags", "") + "\n" + str(tags)
