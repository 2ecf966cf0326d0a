"""Cards for terms: a link to the glossary shows the first words of its entry."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from claimbook.references import datum


def definitions(glossary: nodes.document) -> dict[str, tuple[str, str]]:
    """The entries of a glossary.

    Parameters
    ----------
    glossary
        The page, a section an entry.

    Returns
    -------
    dict of str to tuple
        Title and first paragraph by the ids of the entry.
    """
    found = {}
    for section in glossary.findall(nodes.section):
        first = next((n for n in section.children if isinstance(n, nodes.paragraph)), None)
        if first is not None:
            title = section.next_node(nodes.title)
            text = " ".join(first.astext().split())
            for name in section["ids"]:
                found[name] = (title.astext() if title else "", text)
    return found


def _set(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    env: Any = app.env
    glossary = app.config.claimbook_pages.get("glossary", "")
    if app.builder.format != "html" or glossary not in env.found_docs or docname == glossary:
        return
    page = app.builder.get_relative_uri(docname, glossary)
    links = [
        link
        for link in doctree.findall(nodes.reference)
        if str(link.get("refuri", "")).startswith(f"{page}#")
    ]
    entries = definitions(env.get_doctree(glossary)) if links else {}
    for link in links:
        anchor = link["refuri"].partition("#")[2]
        if anchor in entries:
            term, place = link.astext(), {"page": glossary, "anchor": anchor}
            about = {"kind": "term", "card": list(entries[anchor]), "more": "Glossary"}
            link.replace_self(datum(term, term, **about, **place))


def setup(app: Sphinx) -> None:
    """Put the cards on as pages are written."""
    app.connect("doctree-resolved", _set)
