"""Attack rates from cumulative counts.

The official counts are totals "so far", each with a date. Between two of them the number of
attacks is known but not their days (the data are interval-censored). The rate over such a
stretch is the rise divided by the days; its interval is the exact Poisson one (Garwood 1936,
as in ``scipy.stats.chi2``). Assumption: within a stretch attacks come singly at an even rate.
They often came in salvos, so the true uncertainty is somewhat wider than the interval says.
"""

from __future__ import annotations

import pandas as pd

from strikes2024.frames import each

__all__ = ["attack_rates", "attacks_by_month", "increments", "poisson_interval"]


def poisson_interval(count: int, level: float = 0.95) -> tuple[float, float]:
    """Exact two-sided interval for the mean of a Poisson count (Garwood 1936).

    Raises ``ValueError`` for a negative count or a level outside (0, 1).
    """
    from scipy.stats import chi2  # here, so that the tables load without SciPy

    if count < 0 or not 0 < level < 1:
        raise ValueError(f"count {count} and level {level}: need count >= 0 and 0 < level < 1")
    tail = (1 - level) / 2
    low = chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    return float(low), float(chi2.ppf(1 - tail, 2 * count + 2) / 2)


def official_line(tallies: pd.DataFrame, claimant: str, column: str = "total") -> pd.DataFrame:
    """One claimant's cumulative count: its highest standing figure of each day.

    Rows by base, claims by armed groups and rows with another status than ``stands`` are left
    out; so is a figure below an earlier one (a lagging statement adds nothing to the count).

    Returns ``as_of`` (date), ``count`` (Int64), ``tally_id``, ascending and never falling.
    """
    rows = tallies[
        (tallies["claimant"] == claimant)
        & (tallies["status"] == "stands")
        & (tallies["counts"] == "attacks")
        & tallies["place"].isna()
        & tallies[column].notna()
    ]
    rows = rows.sort_values(["as_of", column]).drop_duplicates("as_of", keep="last")
    rows = rows[rows[column] == rows[column].cummax()]
    line = rows[["as_of", column, "tally_id"]].rename(columns={column: "count"})
    return line.reset_index(drop=True)


def increments(tallies: pd.DataFrame, claimant: str, column: str = "total") -> pd.DataFrame:
    """Rises of one claimant's cumulative count between its statements.

    Returns one row a stretch: ``start`` and ``end`` (dates; the first stretch starts on
    ``counted_from``), ``days`` (Int64), ``attacks`` (Int64), ``tally_id`` of the later count.
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


def attacks_by_month(events: pd.DataFrame) -> pd.DataFrame:
    """Dated attacks on US forces by month and by whether a US statement counts them.

    Counts rows of ``events`` of kind ``attack_on_us_forces``; the record names fewer attacks
    than the totals count, so this is a floor. Returns ``month`` (first day), ``confirmed``,
    ``unconfirmed``, ``all`` (Int64), with months without an attack filled with zeros between
    the first and the last.
    """
    attacks = events[events["kind"] == "attack_on_us_forces"]
    month = attacks["start"].dt.to_period("M").dt.to_timestamp()
    confirmed = (attacks["us_confirmed"] == "yes").fillna(False).astype(bool)
    table = pd.crosstab(month, confirmed).reindex(columns=[True, False], fill_value=0)
    months = pd.date_range(month.min(), month.max(), freq="MS")
    table = table.reindex(months, fill_value=0)
    return pd.DataFrame(
        {
            "month": months,
            "confirmed": table[True].to_numpy(),
            "unconfirmed": table[False].to_numpy(),
            "all": table.sum(axis=1).to_numpy(),
        }
    ).astype({"confirmed": "Int64", "unconfirmed": "Int64", "all": "Int64"})
