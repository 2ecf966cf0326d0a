"""Facts read out of the two texts that the report grew from, each asserted on the data.

One is an explainer by TASS of 3 February 2024, the other a later, undated state of Wikipedia's
article. ``founding_facts.csv`` lists the facts: the text, what it says, and the fields that one row
of a table must have; a claim must also rest on that text. Where the texts disagree, both facts are
in the list.
"""

import csv
from pathlib import Path

import pandas as pd
import pytest

import strikes2024

with (Path(__file__).parent / "founding_facts.csv").open(encoding="utf-8", newline="") as file:
    FACTS = list(csv.DictReader(file))
TASS, WIKI = "tass-2024-02-03-explainer", "wikipedia-2024-us-strikes"


@pytest.fixture(scope="module")
def record() -> strikes2024.Tables:
    return strikes2024.load()


def rows_with(frame: pd.DataFrame, fields: str) -> pd.DataFrame:
    keep = pd.Series(True, index=frame.index)
    for field in fields.split("|"):
        name, _, value = field.partition("=")
        column = frame[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            keep &= column == pd.Timestamp(value)
        elif pd.api.types.is_numeric_dtype(column):
            keep &= (column == float(value)).fillna(False)
        else:
            keep &= (column.astype("string") == value).fillna(False)
    return frame[keep]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact['table']}: {fact['says']}")
def test_a_fact_of_the_founding_texts_is_recorded(record, fact) -> None:
    found = rows_with(record[fact["table"]], fact["fields"])
    if fact["table"] == "claims":
        also = found["also_in"].fillna("").str.split(";")
        found = found[(found["source"] == fact["text"]) | also.map(lambda ids: fact["text"] in ids)]
    assert len(found), f"{fact['says']}: no row of {fact['table']} with {fact['fields']}"


def test_tass_names_two_days_for_tower_22(record) -> None:
    event = record.events.set_index("event_id").loc["tower-22-attack"]
    assert "27 January" in event["note"]
    assert "TASS" in event["note"]


def test_three_tolls_for_syria_stand_side_by_side(record) -> None:
    claims = record.claims
    own = (claims["event"] == "us-strikes-2024-02-02") & (claims["metric"] == "killed")
    low = claims.loc[own & claims["source"].isin([TASS, WIKI]), "low"].dropna()
    assert {10, 18, 35} <= set(low.astype(int))
