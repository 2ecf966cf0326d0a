"""Numbers, ranges, qualifiers and dates in words, the same way everywhere."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

import pandas as pd

WORDS: dict[str, dict[str, Any]] = tomllib.loads(
    (files("strikes2024") / "words.toml").read_text(encoding="utf-8")
)


def spell(key: str) -> str:
    """Write a key of the tables in words.

    >>> spell("us_service_members")
    'US service members'
    """
    text = " ".join(WORDS["capitals"].get(word, word) for word in key.split("_"))
    return re.sub(r"\bal (\w)", lambda found: f"al-{found[1].upper()}", text)


def people(victims: str) -> tuple[str, str]:
    """Call a group of victims: one of them, and several.

    >>> people("civilians"), people("all_groups")
    (('civilian', 'civilians'), ('person', 'people'))
    """
    several = spell(victims)
    one = several.removesuffix("s")
    if victims in WORDS["people"]:
        one, several = WORDS["people"][victims]
    return ("person", "people") if one == several else (one, several)


def capital(text: str) -> str:
    """Begin with a capital and leave the rest as it is.

    >>> capital("statement by US officials")
    'Statement by US officials'
    """
    return text[:1].upper() + text[1:]


def number(value: float) -> str:
    """Write a number with thousands separators and no needless decimals.

    Raises
    ------
    ValueError
        The number is missing.

    Examples
    --------
    >>> number(15000), number(2.5)
    ('15,000', '2.5')
    """
    if pd.isna(value):
        raise ValueError("there is no number to write")
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def span(low: float, high: float) -> str:
    """Write a closed range, or one number where both ends agree.

    >>> span(54, 55), span(3, 3)
    ('54–55', '3')
    """
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def reach(low: float, high: Any) -> str:
    """Write a range that may have no upper end: ``54–55``, ``7``, ``13 or more``."""
    return f"{number(low)} or more" if pd.isna(high) else span(low, high)


def decimals(low: float, high: Any, digits: int = 1) -> str:
    """Write a range of rates, with one number where both ends are written alike.

    >>> decimals(2.61, 3.04), decimals(0.004, 0.001, 2), decimals(1.5, None)
    ('2.6–3.0', '0.00', '1.5 or more')
    """
    if pd.isna(high):
        return f"{low:.{digits}f} or more"
    return "–".join(dict.fromkeys(f"{end:.{digits}f}" for end in (low, high)))


def quantity(low: float | None, high: float | None, qualifier: str) -> str:
    """Write a claim's figure as its claimant hedged it.

    Parameters
    ----------
    low, high
        Columns of ``claims`` and ``tallies``; a missing number is ``None`` or ``pandas.NA``.
    qualifier
        The column of that name. A claim without a number (``some``) reads "an unstated number".

    Examples
    --------
    >>> quantity(35, None, "at_least"), quantity(54, 55, "range"), quantity(None, 3, "up_to")
    ('at least 35', '54–55', 'up to 3')
    """
    given = [x for x in (low, high) if x is not None and not pd.isna(x)]
    if not given:
        return "an unstated number"
    if qualifier == "up_to":
        return f"up to {number(given[-1])}"
    text = span(given[0], given[-1])
    return f"{spell(qualifier)} {text}" if qualifier in {"about", "at_least", "more_than"} else text


def day(date: pd.Timestamp, *, weekday: bool = False, year: bool = True) -> str:
    """Write a date, with ``weekday`` in front where it matters.

    >>> day(pd.Timestamp("2024-01-28"), weekday=True)
    'Sunday 28 January 2024'
    """
    words = f"{date.day} {date:%B}"
    if weekday:
        words = f"{date:%A} {words}"
    return f"{words} {date:%Y}" if year else words


def short_day(date: pd.Timestamp, *, year: bool = False) -> str:
    """Write a date as charts do, on one line.

    >>> short_day(pd.Timestamp("2024-01-28")).replace("\u00a0", " ")
    '28 Jan'
    """
    return f"{date.day}\u00a0{date:%b}" + f"\u00a0{date:%Y}" * year


def month(date: pd.Timestamp) -> str:
    """Write a month.

    >>> month(pd.Timestamp("2024-01-28"))
    'January 2024'
    """
    return f"{date:%B %Y}"


def period(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """Write an interval of days without saying a month or year twice.

    >>> period(pd.Timestamp("2024-02-02"), pd.Timestamp("2024-02-07"))
    '2–7 February 2024'
    """
    if start == end:
        return day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day(end)}"
    # No line begins with the dash.
    return f"{day(start, year=start.year != end.year)}\u00a0– {day(end)}"


def join(parts: Iterable[str], last: str = "and") -> str:
    """Write a list.

    >>> join(["SOHR", "Airwars", "UCDP"])
    'SOHR, Airwars and UCDP'
    """
    items = list(parts)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def shorten(text: str, limit: int) -> str:
    """Cut a text to ``limit`` characters, the last of them an ellipsis where something is cut.

    >>> shorten("Islamic Resistance in Iraq", 10)
    'Islamic R…'
    """
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def slug(text: str, mark: str = "-") -> str:
    """Write a text as an id: words in small ASCII letters joined by ``mark``.

    >>> slug("After the truce, 2023"), slug("Señor – Señora", "_")
    ('after-the-truce-2023', 'senor_senora')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return mark.join(re.findall("[a-z0-9]+", plain.lower()))


def short_names(actors: pd.DataFrame) -> dict[str, str]:
    """Return names by actor id: one of over 24 letters by its first one-word alias or to a comma.

    Parameters
    ----------
    actors
        The table of that name.
    """
    names = {}
    for key, name, aliases in actors[["actor_id", "name", "aliases"]].itertuples(index=False):
        others = [] if pd.isna(aliases) else aliases.split(";")
        use = name.removesuffix(", unnamed")
        if len(use) > 24:
            brief = (other for other in others if other.isascii() and other.isalpha())
            use = next(brief, name.partition(",")[0])
        names[key] = use.replace("US Department of Defense", "Pentagon")
    return names
