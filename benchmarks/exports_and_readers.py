"""How reading a file in GED's layout grows with its rows, and how long each export takes.

The file is made up, row by row. It is walked through in pieces, then written as a data directory,
each in a process of its own; the slope is the exponent of a power law fitted to the times (about 1
means linear), and the peak of memory must not grow with the file.
"""

import csv
import math
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from strikes2024.export import FORMATS, export
from strikes2024.export.ged_file import COLUMNS

SIZES = (10**4, 10**5, 10**6)
RUN = """
import resource, sys, time
from strikes2024.readers import iter_ged, write_tables
start = time.perf_counter()
if sys.argv[2] == "walk":
    sum(len(piece.events) for piece in iter_ged(sys.argv[1]))
else:
    write_tables("ged", sys.argv[1], sys.argv[1] + "-tables", force=True)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(time.perf_counter() - start, peak)
"""


def make(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for number in range(rows):
            day = f"2024-{1 + number % 12:02}-{1 + number % 28:02}"
            writer.writerow(
                {
                    "id": number, "type_of_violence": 1 + number % 3, "side_a": "Side A",
                    "side_b": f"Side {number % 40}", "where_prec": 1 + number % 7,
                    "where_coordinates": f"Town {number % 900}",
                    "latitude": 10 + number % 900 / 100, "longitude": 44.5, "country": "Xland",
                    "date_prec": 1, "date_start": day, "date_end": day,
                    "low": number % 5, "best": number % 5 + 1, "high": number % 5 + 2,
                    "deaths_civilians": number % 2, "source_headline": "A headline of some words",
                }
            )  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ged.csv"
        times: dict[str, list[float]] = {"walk": [], "write": []}
        for size in SIZES:
            make(path, size)
            for way, seconds in times.items():
                run = [sys.executable, "-c", RUN, str(path), way]
                done = subprocess.run(run, capture_output=True, text=True, check=True)
                taken, peak = done.stdout.split()
                seconds.append(float(taken))
                print(f"{way:6} {size:>9,} rows: {seconds[-1]:7.2f} s, peak {peak} MB")
        for way, seconds in times.items():
            growth = math.log(seconds[-1] / seconds[0]) / math.log(SIZES[-1] / SIZES[0])
            print(f"{way:6} slope {growth:.2f}")
        print("export (own data)")
        for name in FORMATS:
            start = time.perf_counter()
            export(name, Path(folder) / name)
            print(f"  {name:8} {time.perf_counter() - start:6.2f} s")
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"  peak of all exports {used} MB")


if __name__ == "__main__":
    main()
