"""How bounds and conflicts grow with the number of statements: seconds of the processor.

Bounds: totals, floors and counts over a few days of one counter, over a hundred intervals, with as
many days as statements; the bar is a slope of 1.3 on logarithmic scales over the larger sizes.
Conflicts: the same statements with one in fifty made false; the fewest that must give way are found
exactly, and the bar is a minute. ``--largest 10000`` cuts the sizes down.
"""

import argparse
import sys
import time

import numpy as np
import pandas as pd

from strikes2024.analysis import give_way, interval_bounds, without

BOUNDS = (10**3, 10**4, 10**5)
CONFLICTS = (100, 300, 1000)
DAY = pd.Timestamp("1900-01-01")


def statements(rows: int, false: int = 0) -> pd.DataFrame:
    """True statements on a count that rises now and then, some of them made false."""
    rng = np.random.default_rng(1)
    count = np.concatenate([[0], np.cumsum(rng.poisson(0.5, rows))])
    kind = rng.integers(0, 3, rows)
    last = rng.integers(1, rows + 1, rows)
    first = np.where(kind == 2, np.maximum(last - rng.integers(1, 9, rows), 0), 0)
    number = count[last] - count[first]
    wrong = rng.choice(rows, false, replace=False)
    number[wrong] += rng.integers(3, 9, false)
    low = pd.array(np.where(kind == 1, np.maximum(number - 2, 0), number), dtype="Int64")
    high = pd.Series(pd.array(number, dtype="Int64")).mask(kind == 1)
    return pd.DataFrame(
        {
            "statement_id": [f"s{at}" for at in range(rows)],
            "start": (DAY + pd.to_timedelta(first, "D")).as_unit("us"),
            "end": (DAY + pd.to_timedelta(last - 1, "D")).as_unit("us"),
            "part": "",
            "low": low,
            "high": high,
        }
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Time bounds and conflicts by statements.")
    parser.add_argument("--largest", type=int, default=BOUNDS[-1], help="most statements")
    largest = parser.parse_args().largest
    missed, times = False, {}
    for rows in (rows for rows in BOUNDS if rows <= largest):
        said = statements(rows)
        start = DAY + pd.to_timedelta(np.linspace(0, rows - 40, 100).astype(int), "D")
        asked = pd.DataFrame({"start": start, "end": start + pd.Timedelta(days=30)})
        began = time.process_time()
        interval_bounds(said, asked.astype("datetime64[us]"))
        times[rows] = time.process_time() - began
        print(f"bounds    {rows:>9,}: {times[rows]:8.2f} s")
    if len(times) > 2:
        (small, short), (large, long) = list(times.items())[-2:]
        slope = np.log(long / short) / np.log(large / small)
        missed = slope > 1.3
        print(f"slope {slope:.2f} (bar: 1.3)")
    for rows in (rows for rows in CONFLICTS if rows <= largest):
        said = statements(rows, rows // 50)
        began = time.process_time()
        gone = give_way(said)
        took = time.process_time() - began
        interval_bounds(without(said, gone), said[["start", "end"]].iloc[:1])
        missed |= took > 60
        print(f"conflicts {rows:>9,}: {took:8.2f} s, {len(gone)} give way")
    sys.exit(int(missed))


if __name__ == "__main__":
    main()
