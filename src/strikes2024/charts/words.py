"""The words of the charts, from ``words.toml``, filled with what the data say."""

import tomllib
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from string import Formatter
from typing import Any, Final

from strikes2024.wording import day, month, number, short_day

WORDS: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    (files("strikes2024.charts") / "words.toml").read_text(encoding="utf-8")
)
_FORMS: Final[dict[str, Callable[[Any], str]]] = {
    "day": day, "day_month": partial(day, year=False), "short_day": short_day, "month": month,
    "number": number,
}  # fmt: skip


class _Fields(Formatter):
    """The fields of :meth:`str.format`, which may name a form too: ``{first.stated:day}``."""

    def format_field(self, value: Any, format_spec: str) -> str:
        return _FORMS[format_spec](value) if format_spec in _FORMS else format(value, format_spec)


class Words:
    """The words of one chart.

    Parameters
    ----------
    slug
        Its table in ``words.toml``.
    **fields
        What the fields in the words are filled with.

    Raises
    ------
    LookupError
        A word is asked for that the table lacks, or that has a field without a value.
    """

    def __init__(self, slug: str, **fields: object) -> None:
        self.slug, self.texts, self.fields = slug, WORDS["charts"][slug], fields

    def __getitem__(self, name: str) -> Any:
        try:
            return self._filled(self.texts[name])
        except (LookupError, AttributeError) as error:
            place = f"words.toml, charts.{self.slug}, {name}"
            raise LookupError(f"{place}: nothing for {error}") from None

    def _filled(self, words: Any) -> Any:
        if isinstance(words, dict):
            return {key: self._filled(text) for key, text in words.items()}
        return _Fields().vformat(words, (), self.fields)
