"""HTML from templates, the engine's and a report's; what is text in them is escaped."""

import calendar
import json
import re
from collections.abc import Callable
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

_MONTH = "|".join(calendar.month_name[1:])
_NUMBER = r"\d[\d,.]*(?:–\d[\d,.]*)?"
_DATE = rf"(?:{_NUMBER}[ \u00a0])?(?:{_MONTH})\b(?:[ \u00a0]\d{{4}}\b)?"
_UNIT = r"[ \u00a0](?:minutes?|hours?)\b"
_WHOLE = (
    rf"\b{_DATE}(?:(?:[ \u00a0]– | to |–){_DATE})?|{_NUMBER}{_UNIT}"
    rf"|\d[\d,.]*–\d[\d,.]*|\bal-\w+"
)
_NAME = rf"\b[A-Z][a-z]+ (?:\d+\b(?!–|[ \u00a0](?:{_MONTH})|{_UNIT})|(?!{_MONTH})[A-Z][a-z]+)"
_UNBROKEN: Final = {False: re.compile(_WHOLE), True: re.compile(f"{_WHOLE}|{_NAME}")}


def script_json(value: Any) -> Markup:
    """Write a value as JSON that cannot end the script element it stands in."""
    text = json.dumps(finite(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704 (JSON without < and &)


def finite(value: Any) -> Any:
    """Replace NaN and infinities, which JSON does not have, with None, at any depth."""
    return json.loads(json.dumps(value), parse_constant=lambda _: None)


def templates(package: str, **names: Any) -> Callable[..., Markup]:
    """Return a function that fills the templates of a package, in its folder ``templates``.

    It takes the name of one and the values in it; one that is missing is an error. In HTML, values
    are escaped where they are not markup.

    Parameters
    ----------
    package
        Its name.
    **names
        What every template may use.
    """
    found = Environment(
        loader=PackageLoader(package),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= names | {"script_json": script_json}

    def filled(template: str, **values: Any) -> Markup:
        return Markup(found.get_template(template).render(values))  # noqa: S704 (escaped there)

    return filled


filled = templates("claimbook")


def unbroken(text: str, *, heading: bool = True) -> Markup:
    """Return text as markup that keeps ranges, dates, times and names in al- on one line.

    In a heading, two words of a name stay together, or a word and its number.

    >>> str(unbroken("The floods of 5–9 June 2020"))
    'The floods of <span class="unbroken">5–9 June 2020</span>'
    >>> str(unbroken("The road to al-Andalus"))
    'The road to <span class="unbroken">al-Andalus</span>'
    >>> str(unbroken("In May 2020 at Gate 12"))
    'In <span class="unbroken">May 2020</span> at <span class="unbroken">Gate 12</span>'
    """
    marked = _UNBROKEN[heading].sub(r'<span class="unbroken">\g<0></span>', str(escape(text)))
    return Markup(marked)  # noqa: S704 (escaped above)
