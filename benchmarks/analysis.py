"""How the analysis functions grow with the number of rows: seconds for each size, and the slope.

The slope is the exponent of a power law fitted to the times of all sizes but the first; about 1
means linear. Times are of the processor, so that a busy machine does not blur them. Each function
gets tables with that many rows. ``--largest 10000`` cuts the sizes down, ``--only rates`` runs the
functions with that word in their name.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "unit"))

from analysis_cases import CASES, tables

SIZES = (10**3, 10**4, 10**5, 10**6)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the analysis functions by table size.")
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="largest number of rows")
    parser.add_argument("--only", default="", help="functions with this word in their name")
    given = parser.parse_args()
    sizes = [size for size in SIZES if size <= given.largest] or [given.largest]
    times: dict[str, list[float]] = {name: [] for name in CASES if given.only in name}
    for size in sizes:
        made = tables(size)
        for name, seconds in times.items():
            start = time.process_time()
            CASES[name](made)
            seconds.append(time.process_time() - start)
    for name, seconds in times.items():
        row = "  ".join(f"{s:>9,}: {t:7.3f} s" for s, t in zip(sizes, seconds, strict=True))
        last = slice(1 if len(sizes) > 2 else 0, None)
        slope = ""
        if len(sizes) > 1:
            fitted = np.polyfit(np.log(sizes[last]), np.log(seconds[last]), 1)[0]
            slope = f"   slope {fitted:.2f}"
        print(f"{name:22} {row}{slope}")


if __name__ == "__main__":
    main()
