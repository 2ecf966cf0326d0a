"""A small, faultless data directory that a test can break in one place."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from strikes2024 import tables

DESCRIPTOR = Path(__file__).parents[2] / "data" / "datapackage.json"

_FIGURE = {"source": "src-a", "status": "stands", "stated_basis": "published"}
_CLAIM = _FIGURE | {
    "event": "attack", "metric": "wounded", "unit": "persons", "scope": "whole",
    "qualifier": "exactly", "claimant": "centcom",
}  # fmt: skip
_TALLY = _FIGURE | {
    "claimant": "pentagon", "counts": "attacks", "counted_from": "2023-10-17",
    "qualifier": "exactly",
}  # fmt: skip

ROWS: dict[str, list[dict[str, str]]] = {
    "sources": [
        {"source_id": "src-a", "publisher": "A", "title": "On A", "published": "2024-01-29",
         "url": "https://example.org/a", "language": "en", "kind": "official", "opened": "true"},
        {"source_id": "src-b", "publisher": "B", "title": "On B", "language": "ar",
         "kind": "wire", "opened": "false"},
    ],
    "actors": [
        {"actor_id": "centcom", "name": "CENTCOM", "aliases": "US Central Command;القيادة",
         "kind": "state_force", "side": "us", "part_of": "pentagon", "description": "Command.",
         "source": "src-a"},
        {"actor_id": "pentagon", "name": "Pentagon", "kind": "state", "side": "us",
         "description": "Department.", "source": "src-a"},
    ],
    "places": [
        {"place_id": "al-asad", "name": "Al-Asad", "country": "Iraq", "lat": "33.8",
         "lon": "42.4", "precision": "approx", "kind": "us_base", "source": "src-a"},
        {"place_id": "al-tanf", "name": "Al-Tanf", "country": "Syria", "kind": "us_base",
         "source": "src-a"},
    ],
    "events": [
        {"event_id": "answer", "kind": "us_strike", "start": "2024-02-03", "end": "2024-02-03",
         "us_date": "2024-02-02", "date_precision": "day", "title": "Strikes", "summary": "S.",
         "countries": "Iraq;Syria", "sources": "src-a;src-b"},
        {"event_id": "attack", "kind": "attack_on_us_forces", "start": "2024-01-28",
         "end": "2024-01-28", "date_precision": "day", "local_time": "05:30",
         "title": "Attack", "summary": "A.", "countries": "Jordan", "weapon": "drone",
         "us_confirmed": "yes",
         "sources": "src-a"},
    ],
    "attributions": [
        {"attribution_id": "att", "event": "attack", "actor": "centcom",
         "claimant": "pentagon", "stance": "accuses", "source": "src-a"},
    ],
    "links": [
        {"link_id": "link", "from_event": "answer", "to_event": "attack",
         "relation": "in_answer_to", "stated_by": "pentagon", "source": "src-a"},
    ],
    "steps": [
        {"step_id": "step", "event": "answer", "date": "2024-02-03", "local_time": "00:30",
         "utc": "2024-02-02T21:30Z", "kind": "deed", "title": "Strikes begin", "what": "W.",
         "actors": "centcom;pentagon", "claims": "claim-b", "source": "src-a"},
    ],
    "claims": [
        _CLAIM | {"claim_id": "claim-a", "low": "25", "high": "25", "as_of": "2024-01-28",
                  "stated": "2024-01-28", "status": "superseded"},
        _CLAIM | {"claim_id": "claim-b", "low": "34", "qualifier": "at_least",
                  "as_of": "2024-01-28", "stated": "2024-01-29", "supersedes": "claim-a"},
        _CLAIM | {"claim_id": "claim-c", "event": "", "place": "al-tanf", "low": "1.5",
                  "high": "2", "qualifier": "range", "as_of": "2024-01-28",
                  "stated": "2024-01-29"},
    ],
    "tallies": [
        _TALLY | {"tally_id": "tally-a", "as_of": "2024-01-20", "stated": "2024-01-22",
                  "total": "140", "iraq": "57", "syria": "83"},
        _TALLY | {"tally_id": "tally-a-asad", "as_of": "2024-01-20", "stated": "2024-01-22",
                  "total": "50", "place": "al-asad", "part_of": "tally-a"},
        _TALLY | {"tally_id": "tally-b", "as_of": "2024-01-28", "stated": "2024-01-29",
                  "total": "165", "iraq": "66", "syria": "98", "jordan": "1"},
        _TALLY | {"tally_id": "tally-c", "as_of": "2024-02-04", "stated": "2024-02-05",
                  "total": "168"},
    ],
    "interval_counts": [
        {"count_id": "count-a", "claimant": "pentagon", "start": "2024-01-30",
         "end": "2024-02-02", "first_day": "whole", "low": "0", "high": "0",
         "qualifier": "exactly", "stated": "2024-02-02", "stated_basis": "said",
         "source": "src-a", "status": "stands"},
    ],
    "definitions": [
        {"definition_id": "def", "claimant": "pentagon", "term": "attack", "text": "T.",
         "source": "src-a"},
    ],
    "people": [
        {"person_id": "per", "name": "N", "aliases": "M", "role": "Sergeant", "age": "30",
         "fate": "killed", "event": "attack", "named_by": "pentagon", "named_as": "own_side",
         "stated": "2024-01-29", "stated_basis": "said", "source": "src-a"},
    ],
    "reactions": [
        {"reaction_id": "rea", "date": "2024-02-03", "date_basis": "given", "event": "answer",
         "actor": "pentagon", "bloc": "us_domestic", "stance": "supports", "gist": "G.",
         "phrase": "we do not seek war", "source": "src-a"},
    ],
    "measures": [
        {"measure_id": "mea", "date": "2024-02-02", "actor": "pentagon", "kind": "sanctions",
         "source": "src-a"},
    ],
    "milestones": [
        {"milestone_id": "mil", "date": "2023-10-17", "date_precision": "day", "title": "T",
         "summary": "S.", "source": "src-a"},
    ],
    "published_figures": [
        {"check_id": "che", "figure": "F", "low": "3", "high": "5", "unit": "persons",
         "period": "2024-01-28", "publisher": "P", "url": "https://example.org/p",
         "reproduce": "R."},
    ],
    "audit": [
        {"audit_id": "aud", "round": "1", "selection": "random", "table": "claims",
         "row_id": "claim-a", "fields": "figure", "source": "src-a", "checked": "2026-11-21",
         "reader": "second reader", "text": "cited", "url": "https://example.org/a",
         "outcome": "confirmed"},
    ],
}  # fmt: skip


class SmallData:
    """A data directory in ``root``: change ``rows``, then ``write``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.descriptor: dict[str, Any] = json.loads(DESCRIPTOR.read_text(encoding="utf-8"))
        self.rows = {name: [dict(row) for row in rows] for name, rows in ROWS.items()}

    def columns(self, table: str) -> list[str]:
        schemas = {item["name"]: item["schema"] for item in self.descriptor["resources"]}
        return [field["name"] for field in schemas[table]["fields"]]

    def write(self) -> Path:
        self.root.mkdir(exist_ok=True)
        shutil.copy(DESCRIPTOR, self.root)
        for table, rows in self.rows.items():
            with (self.root / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                columns = self.columns(table)
                writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        return self.root

    def change(self, table: str, row: int, /, **cells: str) -> Path:
        """Change cells of one row (numbered as in the file, from 2), and write."""
        self.rows[table][row - 2] |= cells
        return self.write()

    def add(self, table: str, like: int, /, **cells: str) -> Path:
        """Add a row like another one (numbered as in the file) at the end, and write."""
        self.rows[table].append(self.rows[table][like - 2] | cells)
        return self.write()


@pytest.fixture
def small(tmp_path: Path) -> SmallData:
    data = SmallData(tmp_path / "data")
    data.write()
    return data


@pytest.fixture(scope="session", autouse=True)
def _nothing_parsed() -> None:
    """Read each file anew: before a mutant, the process has read them with the true code."""
    tables._parsed.cache_clear()
