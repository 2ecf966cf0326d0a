"""The addresses of the published book and of its repository, each set once in the configuration.

``html.baseurl`` and ``repository.url`` of Jupyter Book's ``_config.yml``. Either may be empty: then
nothing links there, and the page that asks for both says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["Addresses", "page_url", "repository", "setup"]


def repository(config: Any) -> str:
    """Return the address of the repository, or ``""``."""
    return str(config.html_theme_options.get("repository_url", "")).rstrip("/")


def page_url(config: Any, docname: str) -> str:
    """Return the address of a page of the published book, or ``""``."""
    base = str(config.html_baseurl or "").rstrip("/")
    return f"{base}/{docname}.html" if base else ""


class Addresses(SphinxDirective):
    """``{addresses}``: where the book and its repository are, and where to report an error."""

    def run(self) -> list[nodes.Node]:
        """Return one paragraph."""
        paragraph = nodes.paragraph()
        source = repository(self.config)
        for words, url, unset in (
            ("The published report", str(self.config.html_baseurl or ""), "a published edition"),
            ("Its repository", source, "a repository"),
            ("To report an error", source and f"{source}/issues/new/choose", ""),
        ):
            if url:
                link = nodes.reference(url, url, refuri=url)
                paragraph += [nodes.Text(f"{words}: "), link, nodes.Text(". ")]
            elif unset:
                paragraph += nodes.Text(f"The address of {unset} is not set for this copy. ")
        return [paragraph]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("addresses", Addresses)
