"""Cards for terms: a link to the glossary shows the first words of its entry."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from docutils import nodes

from claimbook.metadata import plain_text

if TYPE_CHECKING:
    from sphinx.application import Sphinx

GLOSSARY = "chapters/glossary"


def definitions(glossary: nodes.document) -> dict[str, tuple[str, str]]:
    """Return title and first paragraph of each entry, by its id."""
    found = {}
    for section in glossary.findall(nodes.section):
        first = next((n for n in section.children if isinstance(n, nodes.paragraph)), None)
        if first is not None:
            title = section.next_node(nodes.title)
            text = " ".join(plain_text(first).split())
            for name in section["ids"]:
                found[name] = (title.astext() if title else "", text)
    return found


def _set(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    env: Any = app.env
    if app.builder.format != "html" or GLOSSARY not in env.found_docs or docname == GLOSSARY:
        return
    page = app.builder.get_relative_uri(docname, GLOSSARY)
    links = [
        link
        for link in doctree.findall(nodes.reference)
        if str(link.get("refuri", "")).startswith(f"{page}#")
    ]
    entries = definitions(env.get_doctree(GLOSSARY)) if links else {}
    for link in links:
        title, text = entries.get(link["refuri"].partition("#")[2], ("", ""))
        if text:
            html = (
                f'<a class="datum term" href="{escape(link["refuri"])}" title="{escape(title)}"'
                f' data-card="{escape(title)}\n{escape(text)}">{escape(link.astext())}</a>'
            )
            link.replace_self(nodes.raw("", html, format="html"))


def setup(app: Sphinx) -> None:
    """Put the cards on as pages are written."""
    app.connect("doctree-resolved", _set)
