"""Arguments of public calls, checked before they can give a silent wrong answer."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date

import numpy as np
import pandas as pd

from strikes2024.schema import DataError, did_you_mean

_ISO = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class ArgumentError(DataError, ValueError):
    """An argument that has no meaning, or more than one; the message says what was expected."""


def day(value: str | date, name: str) -> pd.Timestamp:
    """Read a day.

    Parameters
    ----------
    value
        ``YYYY-MM-DD``, a date or a timestamp, whose zone does not count.
    name
        What the argument is called, for the message.

    Returns
    -------
    pandas.Timestamp
        Without a zone.

    Raises
    ------
    ArgumentError
        It is anything else, or missing: ``05/08/2024`` has two meanings, and of the number 20240805
        pandas makes a moment of 1970.

    Examples
    --------
    >>> day("2020-06-05", "start")
    Timestamp('2020-06-05 00:00:00')
    """
    if _ISO.match(value) if isinstance(value, str) else isinstance(value, (date, np.datetime64)):
        with suppress(TypeError, ValueError):
            found = pd.Timestamp(value).tz_localize(None)
            if str(found) != "NaT":
                return found
    raise ArgumentError(f"{name} {value!r}: expected a day, such as '2024-02-03'")


def listed(column: pd.Series) -> list[str] | None:
    """List the values that a column may hold, where its type says so."""
    dtype = column.dtype
    return list(dtype.categories) if isinstance(dtype, pd.CategoricalDtype) else None


def several(
    values: Iterable[str], name: str, known: Iterable[str] | None = None, where: str = ""
) -> tuple[str, ...]:
    """Read a list of words.

    Parameters
    ----------
    values
        The words.
    name
        What the argument is called, for the message.
    known
        The words that there are; None for any.
    where
        What knows them, for the message.

    Returns
    -------
    tuple of str
        The words, in their order.

    Raises
    ------
    ArgumentError
        It is a single text, whose letters would be taken for words, or a word is not known.

    Examples
    --------
    >>> several(["killed"], "metric", ["killed", "wounded"])
    ('killed',)
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ArgumentError(f"{name}: expected a list, such as [{values!r}]; found {values!r}")
    words = tuple(values)
    if known is None:
        return words
    listed = list(dict.fromkeys(known))
    for word in words:
        if word not in listed:
            shown = ", ".join(map(str, listed[:20])) + (", …" if len(listed) > 20 else "")
            hint = did_you_mean(str(word), listed) or f"; there are {shown or 'none'}"
            raise ArgumentError(f"{name}: there is no {word!r}{where}{hint}")
    return words
