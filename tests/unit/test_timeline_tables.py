"""The tables of the timeline page: dates as precise as known, figures with their unit."""

import lxml.html
import pandas as pd
import pytest

import strikes2024
from strikes2024.report import tables
from strikes2024.report.rows import measured, plain
from strikes2024.report.table import Table


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        ("day", "4 May 2018"),
        ("approx", "about 4 May 2018"),
        ("month", "May 2018"),
        ("year", "2018"),
    ],
)
def test_a_date_is_as_precise_as_it_is_known(precision: str, words: str) -> None:
    assert tables.when(pd.Timestamp("2018-05-04"), precision) == words


def test_a_measure_has_its_unit_and_a_count_has_none() -> None:
    columns = ["low", "high", "qualifier", "unit"]
    rows = [(400, 400, "about", "km"), (35, pd.NA, "at_least", "persons")]
    far, dead = plain(pd.DataFrame(rows, columns=columns))
    assert measured(far) == "about 400\u00a0km"
    assert measured(dead) == "at least 35"


@pytest.fixture(scope="module")
def record() -> strikes2024.Tables:
    return strikes2024.load()


def rows_of(table: Table) -> dict[str, lxml.html.HtmlElement]:
    found = lxml.html.fromstring(table.html).cssselect("tbody tr")
    assert len({row.get("id") for row in found}) == len(found) > 0
    return {row.get("id"): row for row in found}


def test_every_milestone_and_measure_is_on_the_timeline_in_order(record) -> None:
    rows = rows_of(tables.milestones(record))
    assert len(rows) == len(record.milestones) + len(record.measures)
    dates = pd.concat(
        [
            record.milestones.set_index("milestone-" + record.milestones["milestone_id"])["date"],
            record.measures.set_index("measure-" + record.measures["measure_id"])["date"],
        ]
    )
    assert dates.loc[list(rows)].is_monotonic_increasing


def test_every_length_is_shown_with_its_unit_and_leads_to_the_ledger(record) -> None:
    lengths = record.claims[record.claims["unit"].isin(["km", "miles"])].set_index("claim_id")
    rows = rows_of(tables.distances(record))
    assert len(rows) == len(lengths)
    for anchor, row in rows.items():
        key = anchor.removeprefix("distance-")
        figure, publication = row.cssselect("a")
        assert figure.get("href") == f"ledger.html#claim-{key}"
        assert figure.text.endswith(f"\u00a0{lengths.loc[key, 'unit']}")
        assert publication.get("href") == f"sources.html#source-{lengths.loc[key, 'source']}"


def test_a_strike_with_a_number_of_aircraft_shows_who_gave_it(record) -> None:
    table = tables.aircraft(record)
    rows = rows_of(table)
    counted = record.claims[record.claims["metric"].isin(["aircraft", "bombers"])]
    named = {source.source_id for source in table.sources}
    for claim in counted[counted["status"] == "stands"].itertuples():
        links = [link.get("href") for link in rows[f"aircraft-{claim.event}"].cssselect("a")]
        assert f"ledger.html#claim-{claim.claim_id}" in links
        assert claim.source in named
