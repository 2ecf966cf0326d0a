"""Attack rates from cumulative counts.

The official counts are totals "so far", each with a date. Between two of them the number of
attacks is known but not their days (the data are interval-censored). The rate over such a
stretch is the rise divided by the days; its interval is the exact Poisson one (Garwood 1936,
by ``scipy.special.gammaincinv``). Assumption: within a stretch attacks come singly at an even rate.
They often came in salvos, so the true uncertainty is somewhat wider than the interval says;
:func:`dispersion` measures by how much.

Days are those of the counts, US Eastern for US statements; an attack after midnight local time
may be counted on the day before.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd

from strikes2024.frames import each

__all__ = [
    "attack_rates",
    "attacks_by_month",
    "count_bounds",
    "dispersion",
    "increments",
    "official_line",
    "poisson_interval",
    "rate_ratio",
    "rates_by_country",
    "standing_counts",
]

_OPEN = ("at_least", "more_than")


def poisson_interval(
    count: float, level: float = 0.95, dispersion: float = 1.0
) -> tuple[float, float]:
    """Exact two-sided interval for the mean of a Poisson count (Garwood 1936).

    ``dispersion`` above 1 widens it for counts whose variance is that multiple of their mean:
    the interval of ``count / dispersion``, times ``dispersion`` (quasi-Poisson). Raises
    ``ValueError`` for a negative count, a level outside (0, 1) or a dispersion not above 0.

    Method: Garwood; quasi-Poisson after Wedderburn (1974). Assumes counts that are Poisson, but
    for the dispersion.
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

    Rows by base, claims by armed groups and rows with another status than ``stands`` are left
    out. Returns the columns of ``tallies``.

    Method: a selection, no model. Assumes that a standing row is the claimant’s word.
    """
    rows = tallies[
        (tallies["claimant"] == claimant)
        & (tallies["status"] == "stands")
        & (tallies["counts"] == "attacks")
        & tallies["place"].isna()
        & tallies[column].notna()
    ]
    return rows.sort_values(["as_of", column, "tally_id"])


def official_line(tallies: pd.DataFrame, claimant: str, column: str = "total") -> pd.DataFrame:
    """One claimant's cumulative count: its highest standing figure of each day.

    Rows by base, claims by armed groups and rows with another status than ``stands`` are left
    out; so is a figure below an earlier one (a lagging statement adds nothing to the count).

    Method: the running maximum. Assumes that a cumulative count never falls.

    Returns ``as_of`` (date), ``count`` (Int64), ``tally_id``, ascending and never falling.
    """
    rows = standing_counts(tallies, claimant, column).drop_duplicates("as_of", keep="last")
    rows = rows[rows[column] == rows[column].cummax()]
    line = rows[["as_of", column, "tally_id"]].rename(columns={column: "count"})
    return line.reset_index(drop=True)


def _origin(tallies: pd.DataFrame, claimant: str, column: str) -> pd.Timestamp:
    """The day before the first day counted, on which the count was zero."""
    rows = standing_counts(tallies, claimant, column)
    first: pd.Timestamp = rows["counted_from"].iloc[0]
    return first - pd.Timedelta(days=1)


def increments(tallies: pd.DataFrame, claimant: str, column: str = "total") -> pd.DataFrame:
    """Rises of one claimant's cumulative count between its statements.

    Method: differences of the running maximum. Assumes a count of zero before ``counted_from``.

    Returns one row a stretch: ``start`` and ``end`` (the days of the counts on either side; for
    the first stretch ``start`` is the day before ``counted_from``), ``days`` (Int64),
    ``attacks`` (Int64), ``tally_id`` of the later count.
    """
    line = official_line(tallies, claimant, column)
    if line.empty:
        return pd.DataFrame(columns=["start", "end", "days", "attacks", "tally_id"])
    origins = tallies.set_index("tally_id")["counted_from"]
    origin = origins[line["tally_id"].iloc[0]]
    # The count starts with the first day counted, so the first stretch includes it.
    start = line["as_of"].shift(fill_value=origin - pd.Timedelta(days=1))
    return pd.DataFrame(
        {
            "start": start,
            "end": line["as_of"],
            "days": (line["as_of"] - start).dt.days.astype("Int64"),
            "attacks": line["count"].diff().fillna(line["count"]).astype("Int64"),
            "tally_id": line["tally_id"],
        }
    )


def attack_rates(
    tallies: pd.DataFrame, claimant: str, column: str = "total", min_days: int = 5
) -> pd.DataFrame:
    """Attacks per day between statements, with exact 95 % Poisson intervals.

    Stretches shorter than ``min_days`` are joined to the next, since a rate over a day or two
    says little. Returns ``start``, ``end``, ``days``, ``attacks``, ``rate``, ``low``, ``high``
    (attacks per day).

    Method: Garwood (1936), as in :func:`poisson_interval`. Assumes attacks that come singly, at
    an even rate within a stretch.
    """
    rows: list[dict[str, object]] = []
    start: pd.Timestamp | None = None
    attacks = 0
    for step in each(increments(tallies, claimant, column)):
        start = step.start if start is None else start
        attacks += int(step.attacks)
        days = (step.end - start).days
        if days < min_days:
            continue
        low, high = poisson_interval(attacks)
        rows.append(
            {
                "start": start,
                "end": step.end,
                "days": days,
                "attacks": attacks,
                "rate": attacks / days,
                "low": low / days,
                "high": high / days,
            }
        )
        start, attacks = None, 0
    columns = ["start", "end", "days", "attacks", "rate", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def rates_by_country(
    tallies: pd.DataFrame, claimant: str, *, min_days: int = 7, unit_days: int = 1
) -> pd.DataFrame:
    """:func:`attack_rates` for all countries together and for each that the claimant splits off.

    ``unit_days`` is 1 for attacks per day, 7 for attacks per week. Returns ``country``
    (``total``, ``iraq``, ``syria``, ``jordan``) and the columns of :func:`attack_rates`, where
    ``rate``, ``low`` and ``high`` are per ``unit_days``.

    Method and assumptions are those of :func:`attack_rates`. Assumes that the countries’ counts
    are of one kind.
    """
    parts = []
    for column in ("total", "iraq", "syria", "jordan"):
        part = attack_rates(tallies, claimant, column, min_days)
        part[["rate", "low", "high"]] = part[["rate", "low", "high"]] * unit_days
        parts.append(part.assign(country=column))
    filled = [part for part in parts if len(part)] or parts[:1]
    table = pd.concat(filled, ignore_index=True)
    return table[["country", *(name for name in table.columns if name != "country")]]


def count_bounds(
    tallies: pd.DataFrame, claimant: str, days: Iterable[pd.Timestamp], column: str = "total"
) -> pd.DataFrame:
    """What one claimant's counts say of its total at the end of given days.

    A count never falls, so the total of a day is no lower than any count for it or an earlier
    day, and no higher than any count for it or a later one. Hedges are kept: "at least" and
    "more than" bound from below only. Where counts contradict each other the higher one wins,
    as in :func:`official_line`. ``best`` runs evenly between the counts on either side.

    Method: bounds of a monotone function between known points. Assumes that the count never
    falls.

    Returns ``day``, ``low``, ``best``, ``high`` (attacks; ``high`` is missing after the last
    closed count, ``best`` too after the last count), one row a day in the order given. Days
    before the first day counted are zero.
    """
    line = official_line(tallies, claimant, column)
    asked = pd.DataFrame({"day": pd.to_datetime(pd.Series(list(days)))})
    asked["day"] = asked["day"].astype("datetime64[us]")
    if line.empty:
        return asked.assign(low=0.0, best=math.nan, high=math.nan)
    origin = _origin(tallies, claimant, column)
    known = pd.DataFrame(
        {
            "day": [origin, *line["as_of"]],
            "count": [0.0, *line["count"].astype(float)],
            "open": [
                False,
                *line["tally_id"].map(tallies.set_index("tally_id")["qualifier"]).isin(_OPEN),
            ],
        }
    ).astype({"day": "datetime64[us]"})
    asked = asked.assign(at=range(len(asked))).sort_values("day")
    before = pd.merge_asof(asked, known[["day", "count"]].assign(d0=known["day"]), on="day")
    after = pd.merge_asof(
        asked, known[["day", "count"]].assign(d1=known["day"]), on="day", direction="forward"
    )
    closed = pd.merge_asof(
        asked, known.loc[~known["open"], ["day", "count"]], on="day", direction="forward"
    )
    low = before["count"].fillna(0.0)
    span = (after["d1"] - before["d0"]).dt.days
    share = ((asked["day"].reset_index(drop=True) - before["d0"]).dt.days / span).fillna(0.0)
    best = low + (after["count"] - low) * share
    early = before["count"].isna()
    found = pd.DataFrame(
        {
            "day": before["day"],
            "low": low,
            "best": best.mask(early, 0.0),
            "high": closed["count"].mask(early, 0.0),
            "at": before["at"],
        }
    )
    return found.sort_values("at").drop(columns="at").reset_index(drop=True)


def rate_ratio(
    count: int, days: float, other: int, other_days: float, level: float = 0.95
) -> tuple[float, float, float, float]:
    """Ratio of two Poisson rates with its exact conditional interval and p-value.

    Given both counts together, the first is binomial with a share that depends on the ratio
    alone; the interval is Clopper and Pearson's (1934, by ``scipy.special.betaincinv``), the
    p-value tests that both rates are the same (Przyborowski and Wilenski 1940, by
    ``scipy.stats.binomtest``).

    Assumes two independent Poisson counts.

    Returns ratio, low, high, p-value. The ratio is missing (NaN) where both counts are zero and
    infinite where only the second is. Raises ``ValueError`` for negative counts or days not
    above zero.
    """
    from scipy.special import betaincinv
    from scipy.stats import binomtest

    if min(count, other) < 0 or not min(days, other_days) > 0:
        raise ValueError(f"counts {count}, {other} over {days}, {other_days} days: need >= 0, > 0")
    if count + other == 0:
        return math.nan, 0.0, math.inf, 1.0
    even = binomtest(count, count + other, days / (days + other_days))
    tail = (1 - level) / 2
    low = float(betaincinv(count, other + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, other, 1 - tail)) if other else 1.0

    def ratio(part: float) -> float:
        return math.inf if part >= 1 else part / (1 - part) * other_days / days

    return ratio(count / (count + other)), ratio(low), ratio(high), float(even.pvalue)


def dispersion(days: pd.Series, stretches: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Whether events come one by one or in salvos: variance of daily counts over their mean.

    ``days`` are the days of single events; ``stretches`` has ``start`` and ``end`` (both days
    included). Within a stretch the rate is taken as even, so that its change from one stretch
    to the next does not pass for clustering. The index is Pearson's statistic over its degrees
    of freedom, 1 for a Poisson process; its interval takes the statistic as chi-squared
    (Fisher's dispersion test), which is rough where a stretch has few events. Stretches of one
    day or without an event tell nothing and are left out.

    Method: Fisher’s test, as said. Assumes that all events of the stretches are dated.

    Returns one row: ``days``, ``events``, ``index``, ``low``, ``high``, ``p_value`` (of a
    Poisson process being that uneven); the last four are missing where nothing is left.
    """
    from scipy.stats import chi2

    at = days.dt.normalize()
    statistic, freedom, events, total_days = 0.0, 0, 0, 0
    per_day = at.value_counts().sort_index()
    for stretch in each(stretches):
        length = (stretch.end - stretch.start).days + 1
        inside = per_day.loc[stretch.start : stretch.end]
        count = int(inside.sum())
        if length < 2 or count == 0:
            continue
        mean = count / length
        squares = float(((inside - mean) ** 2).sum()) + (length - len(inside)) * mean**2
        statistic += squares / mean
        freedom += length - 1
        events += count
        total_days += length
    if not freedom:
        gone = math.nan
        row = {"days": 0, "events": 0, "index": gone, "low": gone, "high": gone, "p_value": gone}
        return pd.DataFrame([row])
    tail = (1 - level) / 2
    return pd.DataFrame(
        [
            {
                "days": total_days,
                "events": events,
                "index": statistic / freedom,
                "low": statistic / float(chi2.ppf(1 - tail, freedom)),
                "high": statistic / float(chi2.ppf(tail, freedom)),
                "p_value": float(chi2.sf(statistic, freedom)),
            }
        ]
    )


def attacks_by_month(events: pd.DataFrame) -> pd.DataFrame:
    """Dated attacks on US forces by month and by whether a US statement counts them.

    Counts rows of ``events`` of kind ``attack_on_us_forces``; the record names fewer attacks
    than the totals count, so this is a floor. Returns ``month`` (first day), ``confirmed``,
    ``unconfirmed``, ``all`` (Int64), with months without an attack filled with zeros between
    the first and the last.

    Method: a count. Assumes that the first day of an event gives its month.
    """
    attacks = events[events["kind"] == "attack_on_us_forces"]
    month = attacks["start"].dt.to_period("M").dt.to_timestamp()
    confirmed = attacks["us_confirmed"].isin(["yes"])
    table = pd.crosstab(month, confirmed).reindex(columns=[True, False], fill_value=0)
    months = pd.date_range(month.min(), month.max(), freq="MS") if len(month) else month.iloc[:0]
    table = table.reindex(months, fill_value=0)
    return pd.DataFrame(
        {
            "month": months,
            "confirmed": table[True].to_numpy(),
            "unconfirmed": table[False].to_numpy(),
            "all": table.sum(axis=1).to_numpy(),
        }
    ).astype({"confirmed": "Int64", "unconfirmed": "Int64", "all": "Int64"})
