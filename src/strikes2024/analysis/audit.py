"""The second reading of a sample: how often a row differs from the publication it cites."""

from __future__ import annotations

import pandas as pd

from strikes2024.frames import each

__all__ = ["audit_summary", "binomial_interval"]

_READ = ("agrees", "differs", "corrected")
ALL = "all kinds"


def binomial_interval(count: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """Exact interval for a share, from Clopper and Pearson (1934): low and high, 0 to 1.

    Its coverage is at least ``level``. With nothing drawn every share is possible: (0, 1).
    Raises ``ValueError`` unless ``0 <= count <= of``.

    Method: Clopper and Pearson. Assumes independent draws with one share.
    """
    from scipy.stats import beta  # here, so that the module loads without SciPy

    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no share")
    tail = (1 - level) / 2
    low = float(beta.ppf(tail, count, of - count + 1)) if count else 0.0
    high = float(beta.ppf(1 - tail, count + 1, of - count)) if count < of else 1.0
    return low, high


def audit_summary(audit: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Outcomes of the second reading by kind of source, and over all kinds in the last row.

    A row counts as an error where its source was read and does not bear it out, whether it was
    mended since (``corrected``) or not (``differs``). Rows whose source was not found are no part
    of the rate, even where a second publication of the statement agrees.

    The kinds were sampled alike, not in proportion to their size, so the last row is the rate
    of the sample and no estimate for the record.

    Method: counts; the interval is exact. Assumes that rows were drawn by lot within a kind.

    Returns ``kind``, ``sampled``, ``reached``, ``agrees``, ``errors``, ``second_carrier``
    (Int64), ``rate`` (0 to 1; missing where no source was reached), ``low``, ``high`` (its exact
    95 % interval, see :func:`binomial_interval`).
    """
    kinds = audit["source"].map(sources.set_index("source_id")["kind"].astype("string"))
    outcome = audit["outcome"].astype("string")
    flags = pd.DataFrame(
        {
            "kind": kinds,
            "sampled": True,
            "reached": outcome.isin(_READ),
            "agrees": outcome == "agrees",
            "errors": outcome.isin(["differs", "corrected"]),
            "second_carrier": outcome == "second_carrier_agrees",
        }
    )
    counts = flags.groupby("kind").sum().reset_index()
    total = flags.drop(columns="kind").sum().to_frame().T.assign(kind=ALL)
    table = pd.concat([counts, total[counts.columns]], ignore_index=True)
    table = table.astype({"kind": "string"} | dict.fromkeys(counts.columns[1:], "Int64"))
    ends = [binomial_interval(row.errors, row.reached) for row in each(table)]
    return table.assign(
        rate=(table["errors"] / table["reached"].replace(0, pd.NA)).astype("Float64"),
        low=[low for low, _ in ends],
        high=[high for _, high in ends],
    )
