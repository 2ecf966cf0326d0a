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


def measured(low: Any, high: Any, qualifier: str, unit: str) -> str:
    """Write a figure, with its unit where it is a measure: ``about 400 km``, ``at least 35``.

    Parameters
    ----------
    low, high
        The ends of a claim; missing where it has none.
    qualifier
        How the claimant hedged the figure.
    unit
        What is counted or measured.
    """
    text = quantity(low, high, qualifier)
    return f"{text}\u00a0{unit}" if unit in _UNITS else text


def readings(audit: pd.DataFrame, table: str) -> dict[str, str]:
    """Return, by id, which rows of a table were read a second time, and in which text."""
    return {
        str(row.row_id): WORDS["readings"][str(row.text)]
        for row in read_twice(audit, table).itertuples(index=False)
    }


def sentences(*notes: str) -> str:
    """Join notes, those that are not empty, as sentences."""
    return ". ".join(capital(note) for note in notes if note)
