"""Print the rows that a second reader checks: a stratified sample, the same at every call.

The rule: every pair of a row and a source that it names (claims, tallies, events, reactions,
attributions, measures) falls into the stratum of the source's kind. Within a stratum the pairs are
ranked by the SHA-256 of "seed:table:row:source", and the first ``PER_KIND`` are drawn, fewer where
a kind has fewer. A hash keeps a draw stable: a new row moves the others by one place at most.

Usage: ``python tools/draw_audit.py [data directory]``
"""

from __future__ import annotations

import csv
import sys
from hashlib import sha256
from pathlib import Path

SEED = "2024-02-02"
PER_KIND = 10
TABLES = {
    "claims": "claim_id",
    "tallies": "tally_id",
    "events": "event_id",
    "reactions": "reaction_id",
    "attributions": "attribution_id",
    "measures": "measure_id",
}


def rows(directory: Path, table: str) -> list[dict[str, str]]:
    """Give the rows of one table as texts."""
    with (directory / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def draw(directory: Path) -> list[tuple[str, str, str, str]]:
    """Draw the sample: kind, table, row, source; sorted by kind, then by rank."""
    kinds = {row["source_id"]: row["kind"] for row in rows(directory, "sources")}
    strata: dict[str, list[tuple[str, str, str, str]]] = {}
    for table, key in TABLES.items():
        for row in rows(directory, table):
            named = row.get("source") or row.get("sources", "")
            for source in filter(None, named.split(";")):
                rank = sha256(f"{SEED}:{table}:{row[key]}:{source}".encode()).hexdigest()
                strata.setdefault(kinds[source], []).append((rank, table, row[key], source))
    return [
        (kind, table, row_id, source)
        for kind in sorted(strata)
        for _, table, row_id, source in sorted(strata[kind])[:PER_KIND]
    ]


if __name__ == "__main__":
    csv.writer(sys.stdout).writerows(
        draw(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1] / "data"))
    )
