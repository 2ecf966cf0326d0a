"""Words on a row of the record, as the pages and the tables of the book write them."""

import tomllib
from importlib.resources import files
from typing import Any, Final

import pandas as pd

from strikes2024.analysis import read_twice
from strikes2024.wording import capital, quantity

WORDS: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    (files("strikes2024.report") / "words.toml").read_text(encoding="utf-8")
)
# Units that a reader needs beside the figure; the others are plain from what is counted.
_UNITS: Final = {"km", "miles", "hours", "minutes", "days", "USD", "barrels"}


def plain(frame: pd.DataFrame) -> list[Any]:
    """Return the rows of a table as named tuples, quick to read; a missing cell is None."""
    cells = frame.astype(object)
    return list(cells.where(cells.notna(), None).itertuples(index=False))


def listed(cell: str | None) -> list[str]:
    """Return the values of a cell that holds several; none where it is missing."""
    return cell.split(";") if cell else []


def hedged(row: Any) -> str:
    """Write the figure of a claim or count as its claimant hedged it: ``at least 35``."""
    return quantity(row.low, row.high, row.qualifier)


def measured(row: Any) -> str:
    """Write the figure of a claim, with its unit where it is a measure: ``about 400 km``."""
    return hedged(row) + (f"\u00a0{row.unit}" if row.unit in _UNITS else "")


def percent(share: float) -> str:
    r"""Write a share in per cent.

    >>> percent(0.625)
    '62\xa0%'
    """
    return f"{share * 100:.0f}\u00a0%"


def readings(audit: pd.DataFrame, table: str) -> dict[str, str]:
    """Return, by id, which rows of a table were read a second time, and in which text."""
    return {row.row_id: WORDS["readings"][row.text] for row in plain(read_twice(audit, table))}


def sentences(*notes: str | None) -> str:
    """Join notes, those that are not empty, as sentences."""
    return ". ".join(capital(note) for note in notes if note)
