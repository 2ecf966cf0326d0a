"""Foreign files at full size: time and memory of every command, beside pandas' own.

The file is invented row by row in GED's 49 columns, about 570 bytes a row, with one row in seventy
whose low lies above best, as in the real one. Each command runs in a process of its own. The bars:
with 100,000 rows ``read`` takes at most three times what pandas takes to read the file as text and
to write it again in the same run, ``validate`` at most 20 seconds, no command more than 1.2 GB;
with as many rows as GED 25.1 has, reading, loading and the exports to Parquet, SQLite, GED and
GeoJSON stay under 2 GB. Times are those of the processor: others at work on the machine stretch the
clock's. The results go into `docs/benchmarks.md`; the exit code is 1 where a bar is missed.

    python benchmarks/size.py [PART OF A NAME ...]      such as: read pandas
"""

import csv
import datetime as dt
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from strikes2024.export.ged_file import COLUMNS

PANDAS = "import pandas as pd; pd.read_csv('ged.csv', dtype=str).to_csv('again.csv', index=False)"
CLI = "from strikes2024.__main__ import main; assert main({}) == 0"
LOAD = "import strikes2024; strikes2024.load('own')"
DUCKDB = """
import duckdb
print(duckdb.sql("SELECT country, date_trunc('month', start) AS month, sum(best) AS killed "
                 "FROM 'parquet/events.parquet' GROUP BY ALL ORDER BY ALL").limit(1).fetchall())
"""
ROWS, FULL = 100_000, 386_000  # the latter as in GED 25.1
MEGABYTES = {ROWS: 1200, FULL: 2000}
RATIO, SECONDS = 3, 20  # of `read` to pandas; of `validate`
FORMATS = {ROWS: ("parquet", "sqlite", "ged", "geojson", "csv", "flat", "json", "xlsx"),
           FULL: ("parquet", "sqlite", "ged", "geojson")}  # fmt: skip
HEADING = "## Foreign files at full size"
PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


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


class Run(NamedTuple):
    """What a command took: seconds by the clock, those of the processor, and the peak in MB."""

    rows: int
    name: str
    clock: float
    seconds: float
    peak: int


def run(rows: int, name: str, code: str, folder: str) -> Run:
    """Run Python code in a process of its own."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code + PEAK], cwd=folder, capture_output=True,
                          text=True, check=False)  # fmt: skip
    taken = time.perf_counter() - start
    if done.returncode or "peak" not in done.stdout:
        raise SystemExit(done.stderr[-2000:] or done.stdout[-2000:])
    seconds, peak = done.stdout.split()[-2:]
    return Run(rows, name, taken, float(seconds), int(peak))


def commands(rows: int) -> dict[str, str]:
    """Return the code of each command, by its name."""
    found = {"pandas": PANDAS, "read": CLI.format(["read", "ged", "ged.csv", "--to", "own"])}
    found |= {"load": LOAD}
    if rows < FULL:
        found |= {"validate": CLI.format(["validate", "own"])}
        found |= {"describe": CLI.format(["describe", "--data", "own"])}
        found |= {"compare": CLI.format(["compare", "own", "own"])}
    found |= {
        f"export {name}": CLI.format(["export", name, "--data", "own", "-o", name])
        for name in FORMATS[rows]
    }
    return found | {"DuckDB": DUCKDB}


def bars(one: Run, pandas: Run) -> list[tuple[str, bool]]:
    """Return the bars of a run, each with whether it was met."""
    most = MEGABYTES[one.rows]
    found = [(f"at most {most:,} MB", one.peak <= most)]
    if one.name == "read" and one.rows == ROWS:
        ratio = one.seconds / pandas.seconds
        found.append((f"at most {RATIO} times pandas: {ratio:.1f}", ratio <= RATIO))
    if one.name == "validate":
        found.append((f"at most {SECONDS} s", one.seconds <= SECONDS))
    return [] if one.name == "pandas" else found


def section(lines: list[str]) -> str:
    """Write the section of the page."""
    names = ("pandas", "pyarrow", "duckdb", "frictionless")
    machine = (
        f"{dt.datetime.now(dt.UTC).date()}; {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} processors; Python {platform.python_version()}; "
        f"{', '.join(f'{name} {version(name)}' for name in names)}."
    )
    return "\n".join([
        HEADING, "",
        "Written by `benchmarks/size.py`: an invented file in GED's columns, each command in a",
        "process of its own. Seconds are those of the processor; the peak is of resident memory.",
        "`pandas` reads the file as text and writes it again.", "", machine, "",
        "| Rows | Command | Seconds | Peak, MB | Bar | Met |", "|---|---|---|---|---|---|",
        *lines, "",
    ])  # fmt: skip


def main() -> int:
    """Run the commands; return 1 where a bar was missed."""
    wanted = sys.argv[1:]
    lines, missed = [], False
    for rows in (ROWS, FULL):
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder) / "ged.csv", rows)
            pandas = None
            for name, code in commands(rows).items():
                if wanted and not any(word in name for word in wanted):
                    continue
                one = run(rows, name, code, folder)
                pandas = pandas or one
                found = bars(one, pandas)
                met = all(fine for _, fine in found)
                missed |= not met
                bar = "; ".join(text for text, _ in found)
                verdict = ("yes" if met else "**no**") if found else ""
                lines.append(
                    f"| {rows:,} | {name} | {one.seconds:.1f} | {one.peak:,} | {bar} | {verdict} |"
                )
                print(f"{rows:,} {name:15} {one.clock:6.1f} s ({one.seconds:5.1f} CPU) "
                      f"{one.peak:6,} MB {bar} {verdict}", flush=True)  # fmt: skip
    if not wanted:
        before, _, after = PAGE.read_text(encoding="utf-8").partition(HEADING)
        others = "".join(after.partition("\n## ")[1:])
        page = f"{before.rstrip()}\n\n{section(lines)}{others}"
        PAGE.write_text(page.rstrip() + "\n", encoding="utf-8")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
