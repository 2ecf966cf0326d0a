"""Phases between breakpoints, and the ratios of the rates in them.

A phase lies between two breakpoints whose dates stand in the tables. How many attacks fall
into one is known within a range
(:func:`~strikes2024.analysis.constraints.interval_bounds`); the interval of a ratio covers that
range and the chance in the arrival of attacks.
"""

from collections.abc import Iterable

import pandas as pd

from strikes2024.analysis.rates import rate_ratio
from strikes2024.tables import Tables

_DAY = pd.Timedelta(days=1)


def breakpoints(tables: Tables, dated_by: Iterable[tuple[str, str, str]]) -> pd.DataFrame:
    """The dates at which phases begin, read from rows of the tables.

    Parameters
    ----------
    tables
        The record.
    dated_by
        For each phase its name, and the row that dates its beginning: table, id.

    Returns
    -------
    pandas.DataFrame
        ``phase``, ``start``, ``table``, ``row``, in order of time.

    Raises
    ------
    KeyError
        A row is not there.

    Notes
    -----
    An event counts with its US day where the table has one, since the official counts are kept
    by US days.

    Method: a look-up. Assumes that one day divides two phases.
    """
    rows = []
    for phase, table, key in dated_by:
        frame = tables[table]
        row = frame.set_index(frame.columns[0]).loc[key]
        start = row["start"] if table == "events" else row["date"]
        if table == "events" and pd.notna(row["us_date"]):
            start = row["us_date"]
        rows.append({"phase": phase, "start": start, "table": table, "row": key})
    found = pd.DataFrame(rows).astype({"start": "datetime64[us]"})  # pandas 2 would take ns
    return found.sort_values("start").reset_index(drop=True)


def phases(starts: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """Phases between breakpoints: each ends on the day before the next begins.

    Parameters
    ----------
    starts
        ``phase`` and ``start``, ascending, as :func:`breakpoints` gives them.
    until
        The last day of the last phase.

    Returns
    -------
    pandas.DataFrame
        ``phase``, ``start``, ``end`` (days, both included), ``days`` (Int64).

    Raises
    ------
    ValueError
        ``until`` lies before the last breakpoint.

    Notes
    -----
    Method: own. Assumes that a phase begins with the day of its breakpoint.
    """
    if until < starts["start"].max():
        raise ValueError(f"until {until:%Y-%m-%d}: expected a day not before the last breakpoint")
    end = starts["start"].shift(-1) - _DAY
    found = starts[["phase", "start"]].assign(end=end.fillna(until).astype("datetime64[us]"))
    days = (found["end"] - found["start"]).dt.days + 1
    return found.assign(days=days.astype("Int64"))


def phase_ratios(
    rates: pd.DataFrame, base: str | None = None, *, level: float = 0.95, dispersion: float = 1.0
) -> pd.DataFrame:
    """Each phase's rate over that of another, with an exact conditional interval.

    Parameters
    ----------
    rates
        ``phase``, ``days``, ``fewest`` and ``most`` attacks.
    base
        The phase to compare all others with; by default each is compared with the one before it.
    level
        Probability that an interval holds.
    dispersion
        Variance of the number of attacks over its mean, above 1 for salvos.

    Returns
    -------
    pandas.DataFrame
        ``phase``, ``base``, ``low``, ``high``. Phases without an upper bound are left out.

    Raises
    ------
    ValueError
        There is no such base.

    Notes
    -----
    The interval runs from the lower limit for the fewest attacks here and the most there, to the
    upper limit for the most here and the fewest there: it holds for any true division of the
    attacks between the phases. A ratio compares two intervals of time; it says nothing about why
    they differ.

    Method: :func:`~strikes2024.analysis.rate_ratio` at the extremes. Assumes an even rate
    within a phase.
    """
    known = rates[rates["most"].notna()]
    names = known["phase"].tolist()
    if base is not None and base not in names:
        raise ValueError(f"there is no phase {base!r} with a known count")
    rows = []
    for at, name in enumerate(names):
        other = at - 1 if base is None else names.index(base)
        if other < 0 or other == at:
            continue
        low, high = ratio_limits(known.iloc[at], known.iloc[other], level, dispersion)
        rows.append({"phase": name, "base": names[other], "low": low, "high": high})
    return pd.DataFrame(rows, columns=["phase", "base", "low", "high"])


def ratio_limits(
    here: pd.Series, there: pd.Series, level: float = 0.95, dispersion: float = 1.0
) -> tuple[float, float]:
    """Limits for the ratio of two rates whose counts are known within a range.

    Parameters
    ----------
    here, there
        ``days``, ``fewest`` and ``most`` of the rate and of the one that it is compared with.
    level, dispersion
        As for :func:`phase_ratios`.

    Returns
    -------
    tuple of float
        The lower limit for the fewest here and the most there, the upper one for the reverse.

    Notes
    -----
    Method: :func:`~strikes2024.analysis.rate_ratio`. Assumes even rates.
    """
    least = rate_ratio(
        here["fewest"], here["days"], there["most"], there["days"], level, dispersion
    )
    most = rate_ratio(here["most"], here["days"], there["fewest"], there["days"], level, dispersion)
    return least[1], most[2]


def dated_in(events: pd.DataFrame, intervals: pd.DataFrame) -> pd.DataFrame:
    """Dated attacks on US forces that begin in each phase, by local day.

    Parameters
    ----------
    events
        The table of that name.
    intervals
        ``phase``, ``start`` and ``end`` (days, both included), which must not overlap.

    Returns
    -------
    pandas.DataFrame
        The columns of ``intervals`` with ``dated`` and ``confirmed`` (of these, counted by a US
        statement), both Int64.

    Notes
    -----
    The record can date fewer attacks than the totals count, so these are floors.

    Method: a count. Assumes that local days and the days of the phases may be a day apart.
    """
    attacks = events[events["kind"] == "attack_on_us_forces"]
    spans = pd.IntervalIndex.from_arrays(intervals["start"], intervals["end"], closed="both")
    place = spans.get_indexer(attacks["start"].dt.normalize())
    flags = pd.DataFrame({"dated": True, "confirmed": attacks["us_confirmed"].isin(["yes"])})
    counts = flags.groupby(place).sum().reindex(range(len(intervals)), fill_value=0)
    return intervals.join(counts.set_axis(intervals.index).astype("Int64"))
