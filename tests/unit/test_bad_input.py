"""Input that is broken or means harm: refused in one clear line, or carried safely."""

import re
from types import SimpleNamespace

import lxml.html
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from unit_helpers import forget_the_record

import strikes2024
from claimbook.figure import figure_html
from strikes2024 import DataError, charts
from strikes2024.report import pages
from strikes2024.report.markup import inline
from strikes2024.schema import data_dir, read_blocks, read_package
from strikes2024.validation import validate

MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


@pytest.mark.parametrize(
    ("table", "cells", "line"),
    [
        ("claims", {"low": "1,000"}, "field low: value 1,000: expected a number"),
        ("tallies", {"total": "1,400"}, "field total: value 1,400: expected a whole number"),
        ("claims", {"low": "25 "}, "field low: value '25 ': expected no blank at either end"),
        ("claims", {"stated": "2024-02-30"}, "value 2024-02-30: expected a date (YYYY-MM-DD)"),
        ("places", {"lat": "33,8"}, "field lat: value 33,8: expected a number"),
        ("places", {"lat": "3.38", "lon": "4.24"}, "expected a number from 29.0 to 37.5, in Iraq"),
        ("sources", {"url": "javascript:alert(1)"}, "begins with https:// or http://"),
    ],
)
def test_a_bad_cell_is_named(small, table, cells, line):
    found = str(validate(small.change(table, 2, **cells))).splitlines()
    assert any(line in each and each.startswith(f"{table}.csv row 2") for each in found), found


def test_a_field_beyond_all_measure(small):
    small.change("claims", 2, note="x" * 200_000)
    # Whichever limit is met first: that of the csv module, or this package's own.
    refusal = r"claims\.csv row 2: .*expected (a row in CSV form \(field larger|at most 131,072)"
    assert re.match(refusal, str(validate(small.root)))
    with pytest.raises(DataError, match=refusal):
        strikes2024.claims(small.root)


def test_a_formula_or_markup_is_text_like_any_other(small):
    small.rows["claims"][0]["note"] = "=cmd|' /C calc'!A0"
    small.rows["claims"][1]["note"] = MARKUP
    assert validate(small.write()).ok
    assert strikes2024.claims(small.root)["note"][1] == MARKUP


@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.data())
def test_a_file_with_some_bytes_changed_is_read_or_refused_in_one_line(small, data):
    small.write()
    path = small.root / "claims.csv"
    good = path.read_bytes()
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 12)))
    path.write_bytes(good[:start] + data.draw(st.binary(max_size=6)) + good[end:])
    message = ""
    try:
        strikes2024.claims(small.root)
    except DataError as error:
        message = str(error)
    assert "\n" not in message
    assert not message or message.startswith("claims.csv")


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_any_bytes_at_all_give_rows_or_faults(small, content):
    (small.root / "links.csv").write_bytes(content)
    blocks = list(read_blocks(small.root, read_package(small.root).table("links")))
    faults = [fault for _, found in blocks for fault in found]
    assert faults or all(len(row) == 7 for rows, _ in blocks for row in rows)
    assert all("\n" not in str(fault) for fault in faults)


@pytest.fixture(scope="module")
def evil():
    """The own tables with markup in every cell of free text."""
    tables = strikes2024.load()
    package = read_package(data_dir())
    for name in tables:
        for field in package.table(name).fields:
            rules = {"pattern", "enum"} & set(field.constraints)
            free = field.type == "string" and field.format == "default"
            if free and not rules and not field.reference and field.name not in _KNOWN:
                frame = tables[name]
                cells = frame[field.name]
                frame[field.name] = (cells + MARKUP).astype("string")
    return tables


# Free text that code reads as more than words.
_KNOWN = {"country", "countries", "local_time", "period", "aliases"}


@pytest.fixture
def evil_book(evil, monkeypatch):
    monkeypatch.setattr(strikes2024, "load", lambda: evil)
    forget_the_record()
    yield evil
    forget_the_record()


def harmless(html):
    """Assert that markup from the data has stayed text."""
    tree = lxml.html.fromstring(f"<div>{html}</div>")
    assert not [s for s in tree.iter("script") if s.get("type") != "application/json"]
    assert not tree.cssselect("[onerror], [onload], [onclick], img[src=x]")
    assert not [a for a in tree.cssselect("a[href]") if a.get("href").startswith("javascript")]
    return tree.text_content()


@pytest.mark.parametrize(
    "name", ["ledger", "tally-ledger", "source-list", "actor-list", "event-list"]
)
def test_markup_in_the_data_stays_text_on_the_pages(evil_book, name):
    directive = pages.Ledger if name == "ledger" else pages.Listing
    nodes = directive.run(SimpleNamespace(name=name))
    html = "".join(raw.astext() for node in nodes for raw in node.findall(pages.nodes.raw))
    assert "alert(1)" in harmless(html)


def test_markup_in_a_description_stays_text_in_the_dictionary():
    assert "alert(1)" in harmless(inline(f"`a` {MARKUP}"))


@pytest.mark.parametrize(
    "name",
    ["known_when", "tower22_wounded", "killed_range", "reactions_matrix", "attacks_cumulative"],
)
def test_markup_in_the_data_stays_text_in_charts(evil, name):
    payload = getattr(charts, name)(evil).payload()
    files = {kind: f"x.{kind}" for kind in ("csv", "svg", "png")}
    harmless(figure_html(payload, files=files, href=lambda source: source["url"]))


def test_a_formula_is_harmless_in_the_table_of_a_chart():
    cells = {"a": ["=1+1", "@x", "-x"], "b": [-1, None, 2], "c": ["-17.6", "+3", ""]}
    frame = pd.DataFrame(cells)
    chart = charts.Chart("a", "A", frame, picture=charts.known_when(strikes2024.load()).picture)
    text = chart.files()["csv"].decode()
    assert text == "a,b,c\n'=1+1,-1,-17.6\n'@x,,+3\n'-x,2,\n"
