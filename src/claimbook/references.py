"""References: values from the data in the middle of a sentence, written as links.

A chapter writes ``[at least 35](claim:some-id)``: the text for whoever reads it as a notebook, the
kind and key for the book. The text must be what the data say; other text, or an unknown key, is a
warning that names file and line. A report says which kinds there are: for each one subclass of
:class:`Kind`, handed over by :func:`add_kinds` in its ``setup``.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

_LOGGER = logging.getLogger(__name__)
_SHORT = 12  # letters that stay on one line, such as “3 February” or “0.57–1.79”
_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<kind>[a-z]+):(?P<key>[^)\s]*)\)")


class UnknownKeyError(LookupError):
    """A reference names something that the data do not hold."""

    def __init__(self, what: str, key: str, known: Iterable[Any]) -> None:
        near = difflib.get_close_matches(key, [str(k) for k in known], n=3, cutoff=0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        super().__init__(f"unknown {what} {key!r}{hint}")


class Kind:
    """One kind of reference: finds a row, and says how it is set in a sentence."""

    name: str
    more: str = "More"  # what the link at the end of a card is called

    def texts(self, key: str) -> tuple[str, ...]:
        """Return what a reference may say.

        Parameters
        ----------
        key
            What stands behind the kind in the link, as in ``claim:key``.

        Returns
        -------
        tuple of str
            The usual text first; a name may have several.

        Raises
        ------
        UnknownKeyError
            The data lack the key.
        """
        raise NotImplementedError

    def place(self, key: str) -> tuple[str, str] | None:  # noqa: ARG002
        """Where the row is.

        Parameters
        ----------
        key
            What stands behind the kind in the link.

        Returns
        -------
        tuple of str or None
            Page, as Sphinx names it, and anchor; None where there is nothing to link to.

        Raises
        ------
        UnknownKeyError
            The data lack the key.
        """
        return None

    def card(self, key: str, text: str) -> list[str]:  # noqa: ARG002
        """What is shown on hover or focus.

        Parameters
        ----------
        key
            What stands behind the kind in the link.
        text
            What the reference says.

        Returns
        -------
        list of str
            Lines; none for no card.
        """
        return []

    def sources(self, key: str) -> list[str]:  # noqa: ARG002
        """What the value rests on.

        Parameters
        ----------
        key
            What stands behind the kind in the link.

        Returns
        -------
        list of str
            Ids of sources.
        """
        return []

    def address(self, key: str) -> str | None:  # noqa: ARG002
        """Return the web address of what is referred to itself, where it has one."""
        return None


class datum(nodes.Inline, nodes.TextElement):  # noqa: N801 (docutils names nodes so)
    """A value in a sentence: a link to ``page`` and ``anchor`` with a ``card``, or text alone.

    ``more`` is what the card calls the link.
    """


def _visit(self: Any, node: datum) -> None:
    """Write the opening tag."""
    kind = escape(node["kind"])
    card: list[str] = node.get("card", [])
    if len(node.astext()) <= _SHORT:
        kind += " unbroken"
    if "page" not in node:
        self.body.append(f'<span class="datum {kind}">')
        return
    target = self.builder.get_relative_uri(self.builder.current_docname, node["page"])
    target += f"#{node['anchor']}" if node["anchor"] else ""
    self.body.append(
        f'<a class="datum {kind}" href="{escape(target)}" title="{escape("; ".join(card[:1]))}"'
        f' data-card="{escape(chr(10).join(card))}" data-more="{escape(node["more"])}">'
    )


def _depart(self: Any, node: datum) -> None:
    self.body.append("</a>" if "page" in node else "</span>")


def add_kinds(app: Sphinx, *kinds: Kind) -> None:
    """Let chapters use kinds of reference; a report calls it in its ``setup``.

    Parameters
    ----------
    app
        The Sphinx application, with ``claimbook`` set up.
    *kinds
        One object a kind; a later one of the same name takes its place.
    """
    kinds_of(app).update({kind.name: kind for kind in kinds})


def kinds_of(app: Sphinx) -> dict[str, Kind]:
    """The kinds of reference that are registered.

    Parameters
    ----------
    app
        The Sphinx application.

    Returns
    -------
    dict of str to Kind
        By name; the same object at each call, so that it can be added to.
    """
    found: dict[str, Kind] = vars(app).setdefault("claimbook_kinds", {})
    return found


def used_sources(env: Any, docname: str) -> set[str]:
    """Source ids that the references of a page have used so far.

    Parameters
    ----------
    env
        Sphinx's environment.
    docname
        The page.

    Returns
    -------
    set of str
        The same object at each call, so that it can be added to.
    """
    found: set[str] = env.metadata[docname].setdefault("claimbook_sources", set())
    return found


def update(text: str, kinds: Mapping[str, Kind]) -> str:
    """Write what the data say into every reference of a chapter.

    Parameters
    ----------
    text
        The chapter as Markdown.
    kinds
        Kinds of reference by name; links of other schemes stay as they are.

    Returns
    -------
    str
        The chapter with the usual text in each reference whose own text the data do not accept.

    Raises
    ------
    UnknownKeyError
        A reference names something that the data do not hold.
    """

    def renew(link: re.Match[str]) -> str:
        if link["kind"] not in kinds:
            return link[0]
        accepted = kinds[link["kind"]].texts(link["key"])
        written = " ".join(link["text"].split())
        return link[0] if written in accepted else f"[{accepted[0]}]({link['kind']}:{link['key']})"

    return _LINK.sub(renew, text)


class References(SphinxTransform):
    """Set what the data say in place of each link whose scheme is a kind of reference."""

    default_priority = 300

    def apply(self, **_options: Any) -> None:
        kinds = kinds_of(self.app)
        for link in list(self.document.findall(nodes.reference)):
            kind, _, key = str(link.get("refuri", "")).partition(":")
            if kind in kinds:
                link.replace_self(self._shown(kinds[kind], key, link))

    def _shown(self, kind: Kind, key: str, link: nodes.reference) -> nodes.Node:
        written = " ".join(link.astext().split())
        try:
            accepted = kind.texts(key)
        except UnknownKeyError as error:
            _LOGGER.warning("%s", error, location=link)
            return nodes.Text(written or key)
        if written not in accepted:
            _LOGGER.warning(
                "the chapter says %r, the data say %r; run `make words`",
                written,
                accepted[0],
                location=link,
            )
        text = written if written in accepted else accepted[0]
        used_sources(self.env, self.env.docname).update(kind.sources(key))
        card = kind.card(key, text)
        node = datum(
            key, text, kind=kind.name, card=card, more=kind.more, support_smartquotes=False
        )
        place = kind.place(key)
        if place:
            node["page"], node["anchor"] = place
        return node


def _add_schemes(app: Sphinx, config: Config) -> None:
    """Let MyST pass our links on as they are; it looks for a page behind unknown schemes."""
    config.myst_url_schemes = [*config.myst_url_schemes, *kinds_of(app)]


def setup(app: Sphinx) -> None:
    """Register the node and the transform."""
    app.add_node(datum, html=(_visit, _depart))
    app.add_transform(References)
    app.connect("config-inited", _add_schemes)
