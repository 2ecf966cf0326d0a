"""What the report sets: computed figures lead to the rows that hold them."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import Any

import lxml.html
import pytest

import strikes2024
from strikes2024.report import table, tables
from strikes2024.report.figures import FIGURES, figure

# The functions of the module that make a table of the record.
TABLES = {
    name: made
    for name, made in vars(tables).items()
    if inspect.isfunction(made)
    and made.__module__ == tables.__name__
    and name[0] != "_"
    and inspect.signature(made).return_annotation is table.Table
}
BOOK = "https://book.example/report"


@pytest.fixture(scope="module")
def record() -> strikes2024.Tables:
    return strikes2024.load()


@pytest.fixture(scope="module")
def made(record) -> dict[str, Any]:
    """The computed tables, by name."""
    assert len(TABLES) == 18
    return {name: make(record) for name, make in TABLES.items()}


@pytest.fixture(scope="module")
def rows(made) -> dict[str, str]:
    """The text of each row of the computed tables, by its id."""
    return {
        row.get("id"): " ".join(row.text_content().split())
        for table in made.values()
        for row in lxml.html.fromstring(f"<div>{table.html}</div>").cssselect("tbody tr")
    }


@pytest.mark.parametrize("country", ["iraq", "syria"])
@pytest.mark.parametrize("season", ["autumn", "winter"])
def test_the_rate_of_a_country_leads_to_its_own_row(record, rows, country, season) -> None:
    name = f"{country}-{season}"
    row = rows[figure(record, name, "page").partition("#")[2]]
    assert row.startswith(country.capitalize())
    assert figure(record, name) in row


def test_the_sum_of_those_killed_leads_to_its_row(record, rows) -> None:
    row = rows[figure(record, "killed-nearest", "page").partition("#")[2]]
    assert row.startswith("How many were killed in all")
    assert figure(record, "killed-nearest") in row


def test_figures_lead_to_rows_that_are_there(record) -> None:
    there = {f"claim-{key}" for key in record.claims["claim_id"]}
    there |= {f"event-{key}" for key in record.events["event_id"]}
    anchors = {figure(record, name, "page").partition("#")[2] for name in FIGURES}
    named = {anchor for anchor in anchors if anchor.startswith(("claim-", "event-"))}
    assert len(named) > 3
    assert named <= there


def test_ids_of_rows_come_from_their_content(made, rows) -> None:
    computed = {"rate", "phase", "sensitivity", "quality", "delay"}
    found = [anchor for anchor in rows if anchor.partition("-")[0] in computed]
    assert len(found) > 20
    assert not [anchor for anchor in found if anchor.rpartition("-")[2] in {"0", "1", "2"}]
    single = [table for name, table in made.items() if name != "reconciliation"]
    assert all(f'id="table-{table.slug}"' in table.html for table in single)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_heads_labels_and_no_gaps(made, name: str) -> None:
    assert len(made[name].frame) >= 3
    html = lxml.html.fromstring(f"<div>{made[name].html}</div>")
    for part in html.cssselect("table"):
        heads = [head.text for head in part.cssselect("thead th[scope=col]")]
        assert part.cssselect("caption")[0].text
        for row in part.cssselect("tbody tr"):
            assert len(row.cssselect("th[scope=row]")) == 1
            assert len(row) == len(heads)
            assert not {"nan", "<NA>", "None"} & set(row.text_content().split())
    ids = html.xpath("//tr/@id")
    assert len(set(ids)) == len(ids) >= 3


def ids_of(made_table: table.Table, prefix: str) -> list[str]:
    """What the ids of its rows say after a prefix."""
    ids = lxml.html.fromstring(made_table.html).xpath("//tbody/tr/@id")
    return [key.removeprefix(prefix) for key in ids]


def shown(made_table: table.Table) -> lxml.html.HtmlElement:
    """What JupyterLab shows of a table."""
    bundle = made_table._repr_mimebundle_()
    assert bundle[table.MIME]["html"] == made_table.html
    title, *lines = bundle["text/plain"].splitlines()
    assert title == made_table.title
    assert len(lines) == made_table.html.count("<tr")
    return lxml.html.fromstring(bundle["text/html"])


@pytest.mark.parametrize("name", TABLES)
def test_a_table_shows_itself_in_a_notebook_without_links_that_lead_nowhere(made, name) -> None:
    html = shown(made[name])
    assert all(link.get("href").startswith("http") for link in html.cssselect("a"))
    assert html.get("aria-label") == made[name].title
    assert "CC BY 4.0" in html.cssselect(".table-credit")[0].text
    assert not html.cssselect(".cell-label")
    inside = lxml.html.fromstring(f"<div>{made[name].html}</div>")
    assert len(html.cssselect("tr")) == len(inside.cssselect("tr"))


def test_a_table_names_its_sources_in_a_notebook(record, made) -> None:
    named = " ".join(shown(made["parts"]).cssselect(".table-sources")[0].itertext())
    used = record.claims.set_index("claim_id").loc[ids_of(made["parts"], "part-"), "source"]
    for publisher in record.sources.set_index("source_id").loc[used, "publisher"]:
        assert publisher in named
    publication = shown(made["distances"]).cssselect("tbody td:last-child a")[0]
    assert publication.get("href") in set(record.sources["url"].dropna())


def test_rows_lead_to_the_published_book_once_it_has_an_address(made, monkeypatch) -> None:
    monkeypatch.setattr(table, "book_address", lambda: BOOK)
    links = [link.get("href") for link in shown(made["parts"]).cssselect("tbody a")]
    claims = ids_of(made["parts"], "part-")
    assert links == [f"{BOOK}/chapters/ledger.html#claim-{claim}" for claim in claims]


def test_tables_need_no_sphinx() -> None:
    code = (
        "import sys\nfrom strikes2024.report import tables\n"
        "sys.exit(' '.join(m for m in sys.modules if m in ('sphinx', 'docutils')) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
