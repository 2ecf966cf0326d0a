"""Where the book and its repository are, and who makes it: each set once in the configuration.

The addresses are ``html.baseurl`` and ``repository.url`` of Jupyter Book's ``_config.yml``, the
rest is ``claimbook_imprint``. Any of them may be empty: then the page that shows them says so.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from claimbook.markup import filled


def page_url(config: Any, docname: str, anchor: str = "") -> str:
    """Return the address of a page of the published book, or a place on it, or ``""``."""
    if not config.html_baseurl:
        return ""
    return f"{root_url(config, docname)}{docname}.html{'#' if anchor else ''}{anchor}"


def root_url(config: Any, docname: str) -> str:
    """Return the address of the site's root: whole where the book has one, else from a page."""
    base = str(config.html_baseurl or "").rstrip("/")
    return f"{base}/" if base else "../" * docname.count("/")


class Stated(SphinxDirective):
    """``{addresses}`` and ``{imprint}``: what is set of a book, and a sentence on what is not.

    The templates of the same names say what may be set.
    """

    def run(self) -> list[nodes.Node]:
        html = filled(f"{self.name}.html", config=self.config)
        return [nodes.raw("", html, format="html")]


# The buttons of the theme that lead to the repository.
_BUTTONS = ("use_repository_button", "use_issues_button", "use_edit_page_button")


def take_repository(_app: Sphinx, config: Any) -> None:
    """Keep the repository's address; the theme hears of it only where its buttons are wanted.

    It stops the build at a host other than the three that it knows.
    """
    options = config.html_theme_options
    config.claimbook_repository = str(options.get("repository_url", "")).rstrip("/")
    if not any(options.get(button) for button in _BUTTONS):
        options.pop("repository_url", None)


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_config_value("claimbook_repository", "", "env")
    app.connect("config-inited", take_repository)
    for name in ("addresses", "imprint"):
        app.add_directive(name, Stated)
