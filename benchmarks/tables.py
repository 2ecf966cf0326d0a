"""Time to import the package and load every table, against importing pandas alone.

Each measurement starts a fresh interpreter; the median of several runs counts. Only the ratio
means anything: it is taken in one run on one machine.
"""

import statistics
import subprocess
import sys
import time

RUNS = 9
BAR = 1.3
SCRIPTS = {
    "import pandas": "import pandas",
    "import strikes2024": "import strikes2024",
    "load all tables": "import strikes2024; strikes2024.load()",
}


def seconds(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def main() -> int:
    times: dict[str, list[float]] = {name: [] for name in SCRIPTS}
    for _ in range(RUNS):  # in turn, so that a busy moment of the machine meets all alike
        for name, code in SCRIPTS.items():
            times[name].append(seconds(code))
    medians = {name: statistics.median(values) for name, values in times.items()}
    base = medians["import pandas"]
    for name, value in medians.items():
        print(f"{name:20} {value:6.2f} s   {value / base:5.2f} × pandas   (bar: {BAR})")
    return int(max(medians.values()) > BAR * base)


if __name__ == "__main__":
    sys.exit(main())
