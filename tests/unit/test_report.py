"""What the report sets: computed figures lead to the rows that hold them."""

from __future__ import annotations

import lxml.html
import pytest

import strikes2024
from strikes2024.report.figures import FIGURES
from strikes2024.report.summaries import SUMMARIES, summary


@pytest.fixture(scope="module")
def record() -> strikes2024.Tables:
    return strikes2024.load()


@pytest.fixture(scope="module")
def rows(record) -> dict[str, str]:
    """The text of each row of the computed tables, by its id."""
    return {
        row.get("id"): " ".join(row.text_content().split())
        for name in SUMMARIES
        for row in lxml.html.fromstring(summary(name, record)).cssselect("tbody tr")
    }


@pytest.mark.parametrize("country", ["iraq", "syria"])
@pytest.mark.parametrize("season", ["autumn", "winter"])
def test_the_rate_of_a_country_leads_to_its_own_row(record, rows, country, season) -> None:
    figure = FIGURES[f"{country}-{season}"]
    row = rows[figure.place(record).partition("#")[2]]
    assert row.startswith(country.capitalize())
    assert figure.words(record) in row


def test_the_sum_of_those_killed_leads_to_its_row(record, rows) -> None:
    figure = FIGURES["killed-nearest"]
    row = rows[figure.place(record).partition("#")[2]]
    assert row.startswith("How many were killed in all")
    assert figure.words(record) in row


def test_ids_of_rows_come_from_their_content(record, rows) -> None:
    assert not [anchor for anchor in rows if anchor.rpartition("-")[2] in {"0", "1", "2"}]
    assert all(f'id="table-{name}"' in summary(name, record) for name in SUMMARIES)
