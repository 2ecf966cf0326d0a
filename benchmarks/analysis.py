"""How the analysis functions grow with the number of rows: seconds for each size, and the slope.

The slope is the exponent of a power law fitted to the times; about 1 means linear.
"""

import time

import numpy as np
import pandas as pd

from strikes2024.analysis import attacks_by_month, claim_line, increments, latest

SIZES = (10**3, 10**4, 10**5, 10**6)


def claims(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "claim_id": np.arange(rows).astype(str),
            "event": "e",
            "metric": "killed",
            "scope": "whole",
            "status": "stands",
            "claimant": rng.integers(0, 50, rows).astype(str),
            "stated": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 400, rows), "D"),
            "as_of": pd.Timestamp("2024-01-01"),
            "low": rng.integers(0, 100, rows),
        }
    )


def tallies(rows: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "tally_id": np.arange(rows).astype(str),
            "claimant": "c",
            "counts": "attacks",
            "status": "stands",
            "place": pd.Series(pd.NA, index=range(rows), dtype="string"),
            "counted_from": pd.Timestamp("2023-10-17"),
            "as_of": pd.Timestamp("2023-10-17") + pd.to_timedelta(np.arange(rows) % 5000, "D"),
            "total": np.sort(np.random.default_rng(1).integers(0, 10**6, rows)),
        }
    )


def events(rows: int) -> pd.DataFrame:
    day = pd.to_timedelta(np.random.default_rng(1).integers(0, 2000, rows), "D")
    return pd.DataFrame(
        {
            "kind": "attack_on_us_forces",
            "start": pd.Timestamp("2020-01-01") + day,
            "us_confirmed": pd.Series("yes", index=range(rows), dtype="string"),
        }
    )


CASES = {
    "claim_line + latest": (claims, lambda f: latest(claim_line(f, "e", "killed"))),
    "increments": (tallies, lambda f: increments(f, "c")),
    "attacks_by_month": (events, attacks_by_month),
}


def main() -> None:
    for name, (make, run) in CASES.items():
        times = []
        for size in SIZES:
            frame = make(size)
            start = time.perf_counter()
            run(frame)
            times.append(time.perf_counter() - start)
        slope = np.polyfit(np.log(SIZES[1:]), np.log(times[1:]), 1)[0]
        row = "  ".join(f"{s:>9,}: {t:7.3f} s" for s, t in zip(SIZES, times, strict=True))
        print(f"{name:20} {row}   slope {slope:.2f}")


if __name__ == "__main__":
    main()
