"""Foreign files at full size: time and memory of every command, beside pandas' own.

The file is invented row by row in GED's 49 columns, about 570 bytes a row, with one row in seventy
whose low lies above best, as in the real one. Each command runs in a process of its own. The bars:
``read`` takes at most three times what pandas takes to read the file as text and to write it
again, ``validate`` at most 20 seconds with 100,000 rows, no command more than 1.2 GB; with as many
rows as GED 25.1 has, reading, loading and the exports to Parquet, SQLite, GED and GeoJSON stay
under 2 GB.

    python benchmarks/size.py [ROWS]        100,000 by default; 386,000 is the size of GED 25.1
"""

import csv
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from strikes2024.export.ged_file import COLUMNS

PANDAS = "import pandas as pd; pd.read_csv('ged.csv', dtype=str).to_csv('again.csv', index=False)"
CLI = "from strikes2024.__main__ import main; assert main({}) == 0"
LOAD = "import strikes2024; strikes2024.load('own')"
DUCKDB = """
import duckdb
print(duckdb.sql("SELECT country, date_trunc('month', start) AS month, sum(best) AS killed "
                 "FROM 'parquet/events.parquet' GROUP BY ALL ORDER BY ALL").fetchone())
"""
FULL = 386_000  # rows of GED 25.1


def make(path: Path, rows: int) -> None:
    """Write an invented GED file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for n in range(rows):
            best = 1 + n % 9
            low, high = (best + 1, best) if n % 70 == 0 else (best // 2, best + n % 4)
            day = f"{1989 + n % 36}-{1 + n % 12:02}-{1 + n % 28:02}"
            place, country = n % 9000, n % 120
            row = {
                "id": n, "relid": f"XLD-{n % 36}-{n}", "year": day[:4], "active_year": n % 2,
                "code_status": "Clear", "type_of_violence": 1 + n % 3, "conflict_dset_id": n % 300,
                "conflict_new_id": 300 + n % 300, "conflict_name": f"Country {country}: Government",
                "dyad_dset_id": n % 900, "dyad_new_id": 700 + n % 900,
                "dyad_name": f"Government of Country {country} - Front {n % 900}",
                "side_a_dset_id": country, "side_a_new_id": country,
                "side_a": f"Government of Country {country}", "side_b_dset_id": n % 900,
                "side_b_new_id": n % 900, "side_b": f"Front {n % 900}",
                "number_of_sources": 1 + n % 4,
                "source_article": f'"Agency {n % 50},{day},Clashes near town {place}, {n}"',
                "source_office": f"Agency {n % 50}", "source_date": day,
                "source_headline": f"Clashes reported near town {place} by officials, number {n}",
                "source_original": "police, residents", "where_prec": 1 + n % 7,
                "where_coordinates": f"Town {place}", "adm_1": f"Province {n % 400}",
                "where_description": f"a village some way from town {place}, on the road of {n}",
                "adm_2": f"District {n % 3000}", "latitude": round(place / 100 - 40, 6),
                "longitude": round(place / 50 - 90, 6), "priogrid_gid": 100_000 + place,
                "geom_wkt": f"POINT ({place / 50 - 90:.6f} {place / 100 - 40:.6f})",
                "country": f"Country {country}", "country_id": country, "region": f"Region {n % 5}",
                "event_clarity": 1 + n % 2, "date_prec": 1 + n % 5,
                "date_start": f"{day} 00:00:00.000",
                "date_end": f"{day} 00:00:00.000", "deaths_a": best // 3, "deaths_b": best // 3,
                "deaths_civilians": n % 2, "deaths_unknown": 0, "best": best, "high": high,
                "low": low, "gwnoa": country, "gwnob": "",
            }  # fmt: skip
            writer.writerow([row[name] for name in COLUMNS])


PEAK = """
import resource
used = resource.getrusage(resource.RUSAGE_SELF)
print("peak", used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)
"""


def run(code: str, folder: str) -> tuple[float, float, int]:
    """Run Python code in a process of its own; return seconds, those of CPU, and the peak in MB."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code + PEAK], cwd=folder, capture_output=True,
                          text=True, check=False)  # fmt: skip
    taken = time.perf_counter() - start
    if done.returncode or "peak" not in done.stdout:
        raise SystemExit(done.stderr[-2000:] or done.stdout[-2000:])
    cpu, peak = done.stdout.split()[-2:]
    return taken, float(cpu), int(peak)


def main() -> None:
    """Print a line for each command."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    formats = ("parquet", "sqlite", "ged", "geojson")
    if rows < FULL:
        formats = (*formats, "csv", "flat", "json", "xlsx")
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder) / "ged.csv", rows)
        print(f"{rows:,} rows, {(Path(folder) / 'ged.csv').stat().st_size / 1e6:.0f} MB")
        commands = {"pandas": PANDAS, "read": CLI.format(["read", "ged", "ged.csv", "--to", "own"])}
        commands |= {"load": LOAD}
        if rows < FULL:
            commands |= {"validate": CLI.format(["validate", "own"])}
            commands |= {"describe": CLI.format(["describe", "--data", "own"])}
        commands |= {
            f"export {name}": CLI.format(["export", name, "--data", "own", "-o", name])
            for name in formats
        }
        commands |= {"DuckDB": DUCKDB}
        for name, code in commands.items():
            if len(sys.argv) > 2 and not any(word in name for word in sys.argv[2:]):
                continue
            seconds, cpu, peak = run(code, folder)
            print(f"{name:16} {seconds:7.1f} s ({cpu:5.1f} CPU) {peak:6,} MB", flush=True)
    print(f"{'this process':16} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:8,} MB")


if __name__ == "__main__":
    main()
