"""Where the book and its repository are, and who makes it: each set once in the configuration.

The addresses are ``html.baseurl`` and ``repository.url`` of Jupyter Book's ``_config.yml``, the
rest is ``claimbook_imprint``. Any of them may be empty: then the page that shows them says so.
"""

from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from claimbook.markup import filled


def page_url(config: Any, docname: str, anchor: str = "") -> str:
    """Return the address of a page of the published book, or a place on it, or ``""``."""
    base = str(config.html_baseurl or "").rstrip("/")
    return f"{base}/{docname}.html{'#' if anchor else ''}{anchor}" if base else ""


class _Stated(SphinxDirective):
    """A definition list of what is set, and a sentence on what is not."""

    unset: ClassVar[str]

    def stated(self) -> list[tuple[str, str, str]]:
        """Return what may be set: a term, the same within a sentence, and the text or address."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        html = filled("stated.html", unset=self.unset, stated=self.stated())
        return [nodes.raw("", html, format="html")]


class Addresses(_Stated):
    """``{addresses}``: where the book and its repository are, and where to report an error."""

    unset = "This copy gives no address for"

    def stated(self) -> list[tuple[str, str, str]]:
        source: str = self.config.claimbook_repository
        return [
            ("The published report", "the published report", str(self.config.html_baseurl or "")),
            ("Its repository", "its repository", source),
            ("To report an error", "reports of errors", source and f"{source}/issues/new/choose"),
        ]


class Imprint(_Stated):
    """``{imprint}``: who makes the book, how to reach them, where its source is, who pays."""

    unset = "This copy does not say"

    def stated(self) -> list[tuple[str, str, str]]:
        stated = self.config.claimbook_imprint
        return [
            ("Makers", "who the makers are", stated.get("makers", "")),
            ("Contact", "how to reach them", stated.get("contact", "")),
            ("Source", "where the source code is", self.config.claimbook_repository),
            ("Funding", "who pays for the report", stated.get("funding", "")),
            ("Interests", "what interests the makers have", stated.get("interests", "")),
        ]


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
    app.add_directive("addresses", Addresses)
    app.add_directive("imprint", Imprint)
