"""Time to import the package and load every table, against importing pandas alone.

Each measurement starts a fresh interpreter; the median of several runs counts. Only the ratio
means anything: it is taken in one run on one machine.
"""

import statistics
import subprocess
import sys
import time

RUNS = 7
SCRIPTS = {
    "import pandas": "import pandas",
    "import strikes2024": "import strikes2024",
    "load all tables": "import strikes2024; strikes2024.load()",
}


def seconds(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def main() -> None:
    times = {name: statistics.median(seconds(code) for _ in range(RUNS))
             for name, code in SCRIPTS.items()}  # fmt: skip
    base = times["import pandas"]
    for name, value in times.items():
        print(f"{name:20} {value:6.2f} s   {value / base:5.2f} × pandas")


if __name__ == "__main__":
    main()
