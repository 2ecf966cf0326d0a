"""The words that each reference puts into a sentence, from the data alone.

A chapter writes ``[at least 35](claim:<claim-id>)``: the words for whoever reads the chapter as a
notebook, the id for the book. The book sets what the data say and refuses to be built where the
two differ; ``python -m strikes2024.report.labels FILE…`` writes the present words into chapters.
"""

from __future__ import annotations

import difflib
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

import strikes2024
from strikes2024.report.figures import FIGURES
from strikes2024.wording import day, quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from strikes2024.tables import Tables

__all__ = ["KINDS", "LINK", "UnknownKeyError", "find", "row_index", "tables", "update", "words"]


class UnknownKeyError(LookupError):
    """A reference names something that the data do not hold."""

    def __init__(self, what: str, key: str, known: Iterable[Any]) -> None:
        near = difflib.get_close_matches(key, [str(k) for k in known], n=3, cutoff=0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        super().__init__(f"unknown {what} {key!r}{hint}")


@cache
def tables() -> Tables:
    """Return the data, read once a build."""
    return strikes2024.load()


@cache
def row_index(table: str) -> pd.DataFrame:
    """Return a table with its id as index; its cells are plain objects, quick to read by row."""
    frame: pd.DataFrame = getattr(tables(), table)
    return frame.astype(object).set_index(frame.columns[0])


def find(table: str, key: str) -> Any:
    """Return a row by id; :class:`UnknownKeyError` where there is none."""
    rows = row_index(table)
    if key not in rows.index:
        raise UnknownKeyError(f"{table} id", key, rows.index)
    return rows.loc[key]


def _claim(key: str) -> str:
    key, _, form = key.partition(":")
    row = find("claims", key)
    hedge = "exactly" if form == "number" else str(row["qualifier"])
    return quantity(row["low"], row["high"], hedge)


def _tally(key: str) -> str:
    key, _, column = key.partition(":")
    row = find("tallies", key)
    column = column or "total"
    if column not in row.index or pd.isna(row[column]):
        raise UnknownKeyError(f"figure in tally {key}", column, row.dropna().index)
    hedge = str(row["qualifier"]) if column == "total" else "exactly"
    return quantity(row[column], row[column], hedge)


def _calc(key: str) -> str:
    if key not in FIGURES:
        raise UnknownKeyError("figure", key, FIGURES)
    return FIGURES[key].words(tables())


_DATED = {
    "events": "start",
    "milestones": "date",
    "measures": "date",
    "steps": "date",
    "reactions": "date",
    "claims": "stated",
    "tallies": "as_of",
}


def _day(key: str) -> str:
    key, _, form = key.partition(":")
    for table, column in _DATED.items():
        rows = row_index(table)
        if key in rows.index:
            date: Any = rows.loc[key, {"us": "us_date", "end": "end"}.get(form, column)]
            if pd.notna(date):
                return day(date, weekday=form == "weekday", year=form not in ("short", "end"))
    raise UnknownKeyError("dated row", key, [k for name in _DATED for k in row_index(name).index])


def _quote(key: str) -> str:
    row = find("reactions", key)
    if pd.isna(row["phrase"]):
        raise UnknownKeyError("quotation in reaction", key, [])
    return f"“{row['phrase']}”"


def _names(table: str, key: str) -> tuple[str, ...]:
    row = find(table, key)
    aliases = () if pd.isna(row["aliases"]) else str(row["aliases"]).split(";")
    return (str(row["name"]), *aliases)


_WORDS: dict[str, Callable[[str], str]] = {
    "claim": _claim,
    "tally": _tally,
    "calc": _calc,
    "day": _day,
    "quote": _quote,
    "cite": lambda key: str(find("sources", key)["publisher"]),
    "event": lambda key: str(find("events", key)["title"]),
}
_NAMED = {"actor": "actors", "person": "people"}
KINDS = (*_WORDS, *_NAMED)
LINK = re.compile(r"\[(?P<said>[^\]]*)\]\((?P<kind>" + "|".join(KINDS) + r"):(?P<key>[^)\s]*)\)")


@cache
def words(kind: str, key: str) -> tuple[str, ...]:
    """Return what a reference may say, the usual words first.

    Only a name has several forms. Raises :class:`UnknownKeyError` where the data lack the key.
    """
    return _names(_NAMED[kind], key) if kind in _NAMED else (_WORDS[kind](key),)


def update(text: str) -> str:
    """Write the present words into every reference of a chapter."""

    def renew(link: re.Match[str]) -> str:
        accepted = words(link["kind"], link["key"])
        said = " ".join(link["said"].split())
        return link[0] if said in accepted else f"[{accepted[0]}]({link['kind']}:{link['key']})"

    return LINK.sub(renew, text)


def main(names: list[str]) -> int:
    """Renew the words in the chapters named; say which were changed."""
    for name in names:
        path = Path(name)
        old = path.read_text(encoding="utf-8")
        try:
            new = update(old)
        except UnknownKeyError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 1
        if new != old:
            path.write_text(new, encoding="utf-8")
            print(f"{name}: words renewed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
