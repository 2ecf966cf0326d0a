"""Where the book and its repository are, and who makes it: each set once in the configuration.

The addresses are ``html.baseurl`` and ``repository.url`` of Jupyter Book's ``_config.yml``, the
rest is ``claimbook_imprint``. Any of them may be empty: then the page that shows them says so.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


def repository(config: Any) -> str:
    """Return the address of the repository, or ``""``."""
    return str(config.claimbook_repository)


def page_url(config: Any, docname: str, anchor: str = "") -> str:
    """Return the address of a page of the published book, or a place on it, or ``""``."""
    base = str(config.html_baseurl or "").rstrip("/")
    return f"{base}/{docname}.html{'#' if anchor else ''}{anchor}" if base else ""


def _either(things: list[str]) -> str:
    *others, last = things
    return f"{', '.join(others)} or {last}" if others else last


UNNAMED = "This copy gives no address for"


class Addresses(SphinxDirective):
    """``{addresses}``: where the book and its repository are, and where to report an error."""

    def run(self) -> list[nodes.Node]:
        """Return one paragraph."""
        source = repository(self.config)
        said, missing = [], []
        for words, url, unset in (
            ("The published report", str(self.config.html_baseurl or ""), "the published report"),
            ("Its repository", source, "its repository"),
            ("To report an error", source and f"{source}/issues/new/choose", "reports of errors"),
        ):
            if url:
                said.append(f"{words}: <{url}>.")
            else:
                missing.append(unset)
        if missing:
            said.append(f"{UNNAMED} {_either(missing)}.")
        return self.parse_text_to_nodes(" ".join(said))


UNDECLARED = "This copy does not say"


class Imprint(SphinxDirective):
    """``{imprint}``: who makes the book, how to reach them, where its source is, who pays."""

    def run(self) -> list[nodes.Node]:
        """Return a definition list of the settings, and a sentence on those that are empty."""
        stated: dict[str, str] = self.config.claimbook_imprint
        entries, missing = nodes.definition_list(), []
        for term, unsaid, value in (
            ("Makers", "who the makers are", stated.get("makers", "")),
            ("Contact", "how to reach them", stated.get("contact", "")),
            ("Source", "where the source code is", repository(self.config)),
            ("Funding", "who pays for the report", stated.get("funding", "")),
            ("Interests", "what interests the makers have", stated.get("interests", "")),
        ):
            if not value:
                missing.append(unsaid)
                continue
            shown: nodes.Node = nodes.Text(value)
            if value.startswith(("https://", "http://", "mailto:")):
                shown = nodes.reference("", value.removeprefix("mailto:"), refuri=value)
            body = nodes.definition("", nodes.paragraph("", "", shown))
            entries += nodes.definition_list_item("", nodes.term("", term), body)
        if missing:
            sentence = nodes.paragraph("", f"{UNDECLARED} {_either(missing)}.")
            return [entries, sentence] if len(entries) else [sentence]
        return [entries]


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
