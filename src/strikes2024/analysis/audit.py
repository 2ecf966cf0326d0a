"""The second reading: which rows were read twice, and how often one differs from its text."""

import numpy as np
import pandas as pd

from strikes2024.tables import explode

ALL = "all kinds"


def binomial_interval(count: float, of: float, level: float = 0.95) -> tuple[float, float]:
    """Exact interval for a share.

    Parameters
    ----------
    count, of
        How many, out of how many; fractions where counts stand for fewer independent ones.
    level
        Its coverage is at least this.

    Returns
    -------
    tuple of float
        Low and high, from 0 to 1. With nothing drawn every share is possible: (0, 1).

    Raises
    ------
    ValueError
        ``count`` does not lie between 0 and ``of``.

    Notes
    -----
    Method: Clopper and Pearson (1934), by ``scipy.special.betaincinv``. Assumes independent
    draws with one share.

    Examples
    --------
    >>> from strikes2024.analysis import binomial_interval
    >>> low, high = binomial_interval(0, 10)
    >>> low, round(high, 3)
    (0.0, 0.308)
    """
    from scipy.special import betaincinv  # here, so that the module loads without SciPy

    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no share")
    tail = (1 - level) / 2
    low = float(betaincinv(count, of - count + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, of - count, 1 - tail)) if count < of else 1.0
    return low, high


def audit_summary(audit: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Outcomes of the second reading by kind of source, and over all kinds in the last row.

    Parameters
    ----------
    audit, sources
        The tables of that name, or rows of them.

    Returns
    -------
    pandas.DataFrame
        ``kind``, ``rows``, ``cited`` (read in the publication that the row cites), ``other`` (read
        in another text of the statement), ``errors``, ``wrong`` (errors in more than a detail; all
        Int64), ``rate`` (errors to rows read, 0 to 1; missing where none was read), ``low``,
        ``high`` (its exact 95 % interval, see :func:`binomial_interval`).

    Notes
    -----
    A row counts as an error where a text was read and does not bear it out, in a detail or at all,
    whether it was corrected since or not. Rows whose text was not found are no part of the rate. In
    a sample that takes each kind alike, not in proportion to its size, the last row is the rate of
    the sample and no estimate for the record.

    Method: counts; the interval is exact. Assumes that rows were drawn by lot within a kind.

    Examples
    --------
    >>> import strikes2024
    >>> from strikes2024.analysis import audit_summary
    >>> t = strikes2024.load()
    >>> audit_summary(t.audit, t.sources)["kind"].iloc[-1]
    'all kinds'
    """
    kinds = audit["source"].map(sources.set_index("source_id")["kind"].astype("string"))
    outcome, text = audit["outcome"].astype("string"), audit["text"].astype("string")
    flags = pd.DataFrame(
        {
            "kind": kinds,
            "rows": True,
            "cited": text.eq("cited").fillna(False),
            "other": text.eq("other").fillna(False),
            "errors": outcome.isin(["detail", "wrong"]),
            "wrong": outcome == "wrong",
        }
    )
    counts = flags.groupby("kind").sum().astype("Int64")
    counts.loc[ALL] = counts.sum()
    table = counts.reset_index().astype({"kind": "string"})
    read = table["cited"] + table["other"]
    low, high = np.vectorize(binomial_interval, otypes=[float, float])(table["errors"], read)
    rate = (table["errors"] / read.replace(0, pd.NA)).astype("Float64")
    return table.assign(rate=rate, low=low, high=high)


def audit_faults(audit: pd.DataFrame) -> pd.DataFrame:
    """How often each kind of fault was found, the most frequent first.

    Parameters
    ----------
    audit
        The table of that name, or rows of it.

    Returns
    -------
    pandas.DataFrame
        ``fault``, ``errors``, ``wrong`` (rows with more than a detail off; Int64), ``rate``
        (errors to rows read, 0 to 1).

    Notes
    -----
    A row with two kinds of fault counts under both.

    Method: counts. Assumes nothing beyond the rows: the rate is that of the rows read.
    """
    kinds = explode(audit, "fault").dropna(subset="fault")
    kinds = kinds.assign(errors=True, wrong=kinds["outcome"] == "wrong")
    table = kinds.groupby("fault")[["errors", "wrong"]].sum().astype("Int64")
    table = table.sort_values("errors", ascending=False, kind="stable").reset_index()
    read = audit["text"].notna().sum()
    return table.assign(rate=(table["errors"] / read).astype("Float64"))


def read_twice(audit: pd.DataFrame, table: str) -> pd.DataFrame:
    """Rows of a table that were read a second time, and the text that was read.

    Parameters
    ----------
    audit
        The table of that name, or rows of it.
    table
        The name of a table, such as ``claims``.

    Returns
    -------
    pandas.DataFrame
        ``row_id``, ``text`` (``cited`` or ``other``), in the order of the ids. Rows whose text was
        not found are left out. A row that was read more than once is given with the publication
        that it cites, if that is among the texts.

    Notes
    -----
    Method: a look-up. Assumes nothing.
    """
    own = audit.loc[(audit["table"] == table) & audit["text"].notna(), ["row_id", "text"]]
    own = own.astype("string").sort_values(["row_id", "text"])
    return own.drop_duplicates("row_id").reset_index(drop=True)
