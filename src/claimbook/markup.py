"""The engine's HTML templates; what is text in them is escaped."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

_TEMPLATES = Environment(
    loader=PackageLoader("claimbook"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def filled(template: str, **values: Any) -> Markup:
    """Return a template filled with values, which are escaped where they are not markup.

    Raises
    ------
    jinja2.UndefinedError
        A value that the template names is missing.
    """
    return Markup(_TEMPLATES.get_template(template).render(values))  # noqa: S704
