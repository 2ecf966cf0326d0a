"""The package's own data."""

import json
import re
import subprocess
import sys

import pandas as pd
import pytest

import strikes2024
from strikes2024.schema import data_dir, read_package
from strikes2024.tables import NAMES

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@pytest.fixture(scope="module")
def tables():
    return strikes2024.load()


def test_validate_finds_no_fault():
    from strikes2024.validation import validate

    report = validate()
    assert report.ok, f"\n{report}"


@pytest.mark.parametrize("name", NAMES)
def test_tables_have_rows_with_slugs_as_ids(tables, name):
    (key,) = read_package(data_dir()).table(name).primary_key
    ids = tables[name][key]
    assert len(ids) > 0
    assert ids.is_unique
    assert [each for each in ids if not SLUG.fullmatch(each)] == []


def test_every_source_is_used(tables):
    used = set()
    for table in read_package(data_dir()).tables.values():
        for field in table.fields:
            if field.reference and field.reference.table == "sources":
                used |= set(
                    strikes2024.explode(tables[table.name], field.name)[field.name].dropna()
                )
    assert set(tables.sources["source_id"]) - used == set()
    assert used - set(tables.sources["source_id"]) == set()


def test_events_carry_no_figure(tables):
    numeric = [
        column for column in tables.events if pd.api.types.is_numeric_dtype(tables.events[column])
    ]
    assert numeric == []


def test_claims_full_has_a_name_for_each_claimant_and_source(tables):
    full = strikes2024.claims_full()
    assert full["claim_id"].equals(tables.claims["claim_id"])
    for column in ("claimant_name", "claimant_side", "source_publisher", "source_kind"):
        assert full[column].notna().all(), column
    about_event = full["event"].notna()
    assert (
        full.loc[about_event, ["event_title", "event_start", "event_kind"]].notna().all(axis=None)
    )


def test_a_known_figure_is_found_as_it_was_stated(tables):
    """Three US soldiers were killed at Tower 22: said on the day, by the US."""
    killed = tables.claims.query("metric == 'killed' and victims == 'us_service_members'")
    day = killed[(killed["stated"] >= "2024-01-28") & (killed["stated"] <= "2024-01-29")]
    assert ((day["low"] == 3) & (day["high"] == 3)).any()


def test_frictionless_as_an_outside_tool_finds_no_fault(root):
    """The descriptor and the files alone, without any code of this package."""
    done = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", "data/datapackage.json", "--json"],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert report["valid"] is True
    assert {task["name"] for task in report["tasks"]} == set(NAMES)
    assert report["stats"]["errors"] == 0


def test_the_data_have_a_semantic_version_and_a_day():
    raw = read_package(data_dir()).descriptor
    assert re.fullmatch(r"\d+\.\d+\.\d+", raw["version"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", raw["created"])


def test_the_tables_are_plain_text_without_what_spreadsheets_add(root):
    for path in (root / "data").glob("*.csv"):
        data = path.read_bytes()
        assert b"\r" not in data, path.name
        assert not data.startswith(b"\xef\xbb\xbf"), path.name
