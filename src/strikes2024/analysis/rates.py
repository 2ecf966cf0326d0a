"""Attack rates from cumulative counts.

The official counts are totals "so far", each with a date. Between two of them the number of
attacks is known but not their days (the data are interval-censored), and often only within a range.
A rate therefore has two kinds of doubt: what the statements leave open, and the chance in the
arrival of attacks. :func:`interval_rates` gives both. The second is the exact Poisson interval
(Garwood 1936, by ``scipy.special.gammaincinv``), widened for attacks that come in salvos by
their dispersion, which :func:`dispersion` measures.

Days are those of the counts, US Eastern for US statements; an attack after midnight local time
may be counted on the day before.
"""

import math

import numpy as np
import pandas as pd

from strikes2024.analysis.audit import binomial_interval
from strikes2024.analysis.constraints import give_way, interval_bounds, without
from strikes2024.analysis.statements import counter_statements, standing_totals
from strikes2024.tables import COUNTRIES

_CLOSED = ("exactly", "about")
_DAY = pd.Timedelta(days=1)
_RESAMPLES = 2000  # how often days are drawn anew for the interval of an index of dispersion


def poisson_interval(
    count: float, level: float = 0.95, dispersion: float = 1.0
) -> tuple[float, float]:
    """Exact two-sided interval for the mean of a Poisson count.

    Parameters
    ----------
    count
        How many were counted.
    level
        Probability that the interval holds, between 0 and 1.
    dispersion
        Variance of the count over its mean; above 1 it widens the interval.

    Returns
    -------
    tuple of float
        Low and high.

    Raises
    ------
    ValueError
        The count is negative, the level not between 0 and 1 or the dispersion not above 0.

    Notes
    -----
    Method: Garwood (1936); with a dispersion the interval of ``count / dispersion``, times
    ``dispersion`` (quasi-Poisson, Wedderburn 1974). Assumes counts that are Poisson, but for the
    dispersion.

    Examples
    --------
    >>> from strikes2024.analysis import poisson_interval
    >>> low, high = poisson_interval(0)
    >>> low, round(high, 2)
    (0.0, 3.69)
    """
    # Here, so that the tables load without SciPy. Garwood's quantiles of chi-squared are those of
    # the gamma distribution, without the cost of scipy.stats.
    from scipy.special import gammaincinv

    if count < 0 or not 0 < level < 1:
        raise ValueError(f"count {count} and level {level}: need count >= 0 and 0 < level < 1")
    if not dispersion > 0:
        raise ValueError(f"dispersion {dispersion}: need a number above 0")
    tail = (1 - level) / 2
    salvos = count / dispersion
    low = gammaincinv(salvos, tail) if count else 0.0
    high = gammaincinv(salvos + 1, 1 - tail)
    return float(low) * dispersion, float(high) * dispersion


def standing_counts(tallies: pd.DataFrame, claimant: str, column: str) -> pd.DataFrame:
    """One claimant's standing counts of attacks over whole countries, by ``as_of``.

    Parameters
    ----------
    tallies
        The table of that name.
    claimant
        The id of an actor.
    column
        ``total``, or a country.

    Returns
    -------
    pandas.DataFrame
        The columns of ``tallies``. Rows by base, claims by armed groups and rows with another
        status than ``stands`` are left out.

    Notes
    -----
    Method: a selection, no model. Assumes that a standing row is the claimant’s word.
    """
    rows = standing_totals(tallies, [claimant])
    return rows[rows[column].notna()].sort_values(["as_of", column, "tally_id"])


def official_line(tallies: pd.DataFrame, claimant: str, column: str = "total") -> pd.DataFrame:
    """One claimant's cumulative count: its highest standing figure of each day.

    Parameters
    ----------
    tallies, claimant, column
        As for :func:`standing_counts`.

    Returns
    -------
    pandas.DataFrame
        ``as_of`` (a day of the claimant's calendar), ``count`` (Int64), ``tally_id``, ascending and
        never falling.

    Notes
    -----
    A figure below an earlier one is left out: a lagging statement adds nothing to the count.

    Method: the running maximum. Assumes that a cumulative count never falls.
    """
    rows = standing_counts(tallies, claimant, column).drop_duplicates("as_of", keep="last")
    rows = rows[rows[column] == rows[column].cummax()]
    line = rows[["as_of", column, "tally_id"]].rename(columns={column: "count"})
    return line.reset_index(drop=True)


def interval_rates(
    intervals: pd.DataFrame, *, level: float = 0.95, dispersion: float = 1.0, unit_days: int = 1
) -> pd.DataFrame:
    """Rates over intervals in which the number of events is known within a range.

    Parameters
    ----------
    intervals
        ``days``, ``fewest`` and ``most``, as
        :func:`~strikes2024.analysis.constraints.interval_bounds` gives the last two.
    level
        Probability of the chance part.
    dispersion
        Variance of a count over its mean; above 1 for salvos.
    unit_days
        1 for a rate a day, 7 for one a week.

    Returns
    -------
    pandas.DataFrame
        The columns of ``intervals``, and per unit of time: ``rate_low`` and ``rate_high``, the
        rates of the fewest and the most, and ``low`` and ``high``, the lower limit for the fewest
        and the upper limit for the most. What has no upper end is missing.

    Notes
    -----
    Method: identified range and Garwood's limits at its ends. Assumes an even rate within an
    interval.
    """
    days = intervals["days"].astype(float) / unit_days
    fewest, most = intervals["fewest"].astype(float), intervals["most"].astype(float)
    limits = np.vectorize(poisson_interval, otypes=[float, float])
    low, _ = limits(fewest, level, dispersion)
    _, high = limits(most, level, dispersion)
    return intervals.assign(
        rate_low=fewest / days, rate_high=most / days, low=low / days, high=high / days
    )


def attack_rates(
    tallies: pd.DataFrame,
    claimant: str,
    column: str = "total",
    *,
    min_days: int = 5,
    dispersion: float = 1.0,
    unit_days: int = 1,
) -> pd.DataFrame:
    """Attack rates between closed totals of one claimant.

    Parameters
    ----------
    tallies, claimant, column
        As for :func:`standing_counts`.
    min_days
        The shortest interval, since a rate over a day or two says little.
    dispersion
        Variance of the number of attacks over its mean, above 1 for salvos.
    unit_days
        Rates are per so many days: 1 for attacks a day, 7 for attacks a week.

    Returns
    -------
    pandas.DataFrame
        ``start``, ``end`` (first and last day), ``days`` (Int64), ``fewest``, ``most`` (Int64),
        ``rate_low``, ``rate_high``, ``low``, ``high`` (attacks per ``unit_days``).

    Notes
    -----
    An interval runs from one closed total ("exactly", "about") to the next at least ``min_days``
    later. Open totals ("at least") are floors and begin or end no interval. Each total is taken to
    speak for its whole day.

    Method: bounds from all totals, then :func:`interval_rates`. Assumes an even rate within an
    interval.
    """
    rows = standing_counts(tallies, claimant, column)
    line = official_line(tallies, claimant, column)
    closed = set(rows.loc[rows["qualifier"].isin(_CLOSED), "tally_id"])
    ends = line.loc[line["tally_id"].isin(closed), "as_of"]
    spans = []
    # Where rows differ by their first day, the usual one counts.
    since = rows["counted_from"].mode().min()
    start = since
    for end in ends:
        if (end - start).days + 1 >= min_days:
            spans.append((start, end))
            start = end + _DAY
    found = pd.DataFrame(spans, columns=["start", "end"]).astype("datetime64[us]")
    days = ((found["end"] - found["start"]).dt.days + 1).astype("Int64")
    # A closed total below an earlier one lags behind: it is no limit.
    current = rows[rows["tally_id"].isin(line["tally_id"]) | ~rows["qualifier"].isin(_CLOSED)]
    statements = counter_statements(
        current,
        [claimant],
        since=since if len(rows) else None,
        whole=column,
        split=False,
        whole_days=True,
    )
    known = interval_bounds(without(statements, give_way(statements)), found.assign(days=days))
    return interval_rates(known, dispersion=dispersion, unit_days=unit_days)


def rates_by_country(
    tallies: pd.DataFrame,
    claimant: str,
    *,
    min_days: int = 7,
    dispersion: float = 1.0,
    unit_days: int = 1,
) -> pd.DataFrame:
    """:func:`attack_rates` for all countries together and for each that the claimant splits off.

    Parameters
    ----------
    tallies, claimant, min_days, dispersion, unit_days
        As for :func:`attack_rates`.

    Returns
    -------
    pandas.DataFrame
        ``country`` (the column counted, first ``total``) and the columns of :func:`attack_rates`.

    Notes
    -----
    Method: that of :func:`attack_rates`. Assumes, beside its assumptions, that the countries’
    counts are of one kind.
    """
    parts = {
        column: attack_rates(
            tallies, claimant, column, min_days=min_days, dispersion=dispersion, unit_days=unit_days
        )
        for column in ("total", *COUNTRIES)
    }
    return pd.concat(parts, names=["country"]).reset_index("country").reset_index(drop=True)


def rate_ratio(
    count: float,
    days: float,
    other: float,
    other_days: float,
    level: float = 0.95,
    dispersion: float = 1.0,
) -> tuple[float, float, float, float]:
    """Ratio of two Poisson rates with its exact conditional interval and p-value.

    Parameters
    ----------
    count, days
        Events of the first rate, and the days in which they were counted.
    other, other_days
        The same for the second.
    level
        Probability that the interval holds.
    dispersion
        Variance of the counts over their mean; above 1 it allows for salvos.

    Returns
    -------
    tuple of float
        Ratio, low, high, p-value. The ratio is missing (NaN) where both counts are zero and
        infinite where only the second is.

    Raises
    ------
    ValueError
        A count is negative, or days are not above zero.

    Notes
    -----
    Given both counts together, the first is binomial with a share that depends on the ratio
    alone; the interval is that of :func:`~strikes2024.analysis.binomial_interval`, the p-value
    tests that both rates are the same (Przyborowski and Wilenski 1940, by
    ``scipy.stats.binomtest``). With a ``dispersion`` both counts are divided by it, and the p-value
    is twice the smaller tail.

    Method: conditional binomial. Assumes two independent Poisson counts, but for the dispersion.

    Examples
    --------
    >>> from strikes2024.analysis import rate_ratio
    >>> ratio, low, high, p_value = rate_ratio(2, 10, 8, 10)
    >>> ratio, low < ratio < high
    (0.25, True)
    """
    from scipy.special import betainc
    from scipy.stats import binomtest

    if min(count, other) < 0 or not min(days, other_days) > 0:
        raise ValueError(f"counts {count}, {other} over {days}, {other_days} days: need >= 0, > 0")
    if count + other == 0:
        return math.nan, 0.0, math.inf, 1.0
    here, there = count / dispersion, other / dispersion
    low, high = binomial_interval(here, here + there, level)
    even = days / (days + other_days)
    if dispersion == 1:
        p_value = float(binomtest(round(count), round(count + other), even).pvalue)
    else:
        many = float(betainc(here, there + 1, even)) if count else 1.0
        few = 1 - float(betainc(here + 1, there, even)) if other else 1.0
        p_value = min(1.0, 2 * min(many, few))

    def ratio(part: float) -> float:
        return math.inf if part >= 1 else part / (1 - part) * other_days / days

    return ratio(count / (count + other)), ratio(low), ratio(high), p_value


def dispersion(days: pd.Series, intervals: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Whether events come one by one or in salvos: variance of daily counts over their mean.

    Parameters
    ----------
    days
        The days of single events.
    intervals
        ``start`` and ``end`` (both days included). Within an interval the rate is taken as even, so
        that its change from one interval to the next does not pass for clustering. Intervals of one
        day or without an event say nothing and are left out.
    level
        Probability that the interval of the index holds.

    Returns
    -------
    pandas.DataFrame
        One row: ``days``, ``events``, ``index``, ``low``, ``high``, ``p_value`` (of a Poisson
        process being that uneven); the last four are missing where nothing is left.

    Notes
    -----
    Method: Pearson's statistic over its degrees of freedom, 1 for a Poisson process; its interval
    by a bootstrap over the days of each interval (Efron 1979, percentiles, always the same draws),
    since the chi-squared interval is too narrow for counts in salvos; the p-value by Fisher's
    dispersion test. Assumes that all events of the intervals are dated, and days that do not
    depend on each other.

    Examples
    --------
    >>> import pandas as pd
    >>> from strikes2024.analysis import dispersion
    >>> days = pd.to_datetime(pd.Series(["2020-06-01"] * 3 + ["2020-06-04"] * 3))
    >>> week = pd.DataFrame({"start": pd.to_datetime(["2020-06-01"]),
    ...                      "end": pd.to_datetime(["2020-06-07"])})
    >>> round(float(dispersion(days, week)["index"].iloc[0]), 2)
    2.5
    """
    from scipy.stats import chi2

    per_day = days.dt.normalize().value_counts().sort_index()
    draw = np.random.default_rng(0)
    statistic, freedom, events, total_days = 0.0, 0, 0, 0
    drawn, drawn_freedom = np.zeros(_RESAMPLES), np.zeros(_RESAMPLES)
    for start, end in intervals[["start", "end"]].itertuples(index=False):
        length = (end - start).days + 1
        inside = per_day.loc[start:end].to_numpy(dtype=float)
        if length < 2 or not inside.sum():
            continue
        counts = np.concatenate([inside, np.zeros(length - len(inside))])
        statistic += float(counts.var() / counts.mean()) * length
        freedom += length - 1
        events += int(counts.sum())
        total_days += length
        # How often each number of events a day is drawn says all that is needed.
        kinds, often = np.unique(counts, return_counts=True)
        anew = draw.multinomial(length, often / length, size=_RESAMPLES) / length
        mean = anew @ kinds
        variance = anew @ kinds**2 - mean**2
        known = mean > 0
        drawn[known] += length * variance[known] / mean[known]
        drawn_freedom[known] += length - 1
    index, low, high, p_value = (math.nan,) * 4
    if freedom:
        some = drawn_freedom > 0
        tails = [(1 - level) / 2, (1 + level) / 2]
        low, high = np.quantile(drawn[some] / drawn_freedom[some], tails)
        index, p_value = statistic / freedom, float(chi2.sf(statistic, freedom))
    row = (total_days, events, index, float(low), float(high), p_value)
    return pd.DataFrame([row], columns=["days", "events", "index", "low", "high", "p_value"])


def attacks_by_month(events: pd.DataFrame) -> pd.DataFrame:
    """Dated attacks on US forces by month and by whether a US statement counts them.

    Parameters
    ----------
    events
        The table of that name.

    Returns
    -------
    pandas.DataFrame
        ``month`` (first day), ``confirmed``, ``unconfirmed``, ``all`` (Int64), with months without
        an attack filled with zeros between the first and the last.

    Notes
    -----
    The record names fewer attacks than the totals count, so this is a floor.

    Method: a count. Assumes that the first day of an event gives its month.
    """
    attacks = events[events["kind"] == "attack_on_us_forces"]
    confirmed = attacks["us_confirmed"].isin(["yes"])
    flags = pd.DataFrame({"confirmed": confirmed, "unconfirmed": ~confirmed, "all": True})
    by_month = flags.set_index(attacks["start"]).resample("MS").sum().astype("Int64")
    return by_month.rename_axis("month").reset_index().astype({"month": "datetime64[us]"})
