"""One figure from several claims: the latest word of each claimant, and what these span."""

from collections.abc import Iterable

import pandas as pd

# Groups of victims that claimants do not distinguish when they count whom the US strikes killed:
# one says "militants", another "members of the PMF", a third just "people".
ADVERSARIES = ("militants", "pmf_members", "all_groups")


def latest(line: pd.DataFrame, by: Iterable[str] = ("claimant",)) -> pd.DataFrame:
    """Select the last standing claim of each claimant.

    Reporting errors and figures that their claimant replaced are left out. A statement whose
    day is only a lower limit (``not_before``) gives way to any dated one.

    Parameters
    ----------
    line
        Rows of ``claims``.
    by
        Columns whose values each keep one row, such as event and claimant.

    Returns
    -------
    pandas.DataFrame
        The rows kept, one for each value of ``by``; to lack a value is one of its own.

    Notes
    -----
    Method: the rule "latest report of each source", as conflict-event coders apply it before they
    set bounds. Assumes that a claimant’s later figure replaces its earlier one.

    Examples
    --------
    >>> import strikes2024
    >>> from strikes2024.analysis import latest
    >>> bool(latest(strikes2024.claims())["claimant"].is_unique)
    True
    """
    standing = line[line["status"] == "stands"]
    dated = standing["stated_basis"] != "not_before"
    order = ["dated", "stated", "as_of", "claim_id"]
    ordered = standing.assign(dated=dated).sort_values(order).drop(columns="dated")
    return ordered.groupby(list(by), dropna=False, observed=True).tail(1)


def numbered(line: pd.DataFrame) -> pd.DataFrame:
    """Leave out claims that give no number."""
    return line[line["low"].notna() | line["high"].notna()]


def latest_figures(line: pd.DataFrame, by: Iterable[str] = ("claimant",)) -> pd.DataFrame:
    """Select the last standing claim of each claimant, where it gives a number.

    Parameters
    ----------
    line, by
        As for :func:`latest`.

    Returns
    -------
    pandas.DataFrame
        The rows kept. A claimant whose last word has no number has none.
    """
    return numbered(latest(line, by))


def ranges(claims: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Lowest and highest of all figures of each key, and how many give one.

    Open figures ("at least") are floors: they raise the upper end and lower nothing.

    Parameters
    ----------
    claims
        Claims that count the same people where their keys are the same.
    keys
        The columns that say so.

    Returns
    -------
    pandas.DataFrame
        ``low``, ``high`` (Float64), ``claims`` (Int64), ``open_ended`` (boolean: the upper end is
        itself a floor), by the keys.
    """
    counted = numbered(claims)
    closed = counted["high"].notna()
    low = counted["low"].fillna(counted["high"])
    ends = counted[keys].assign(
        low=low.where(closed), high=counted["high"], floor=low, opened=low.mask(closed)
    )
    grouped = ends.groupby(keys)
    found = grouped[["high", "floor", "opened"]].max()
    high = found[["high", "floor"]].max(axis=1)
    return pd.DataFrame(
        {
            "low": grouped["low"].min().fillna(found["floor"]).astype("Float64"),
            "high": high.astype("Float64"),
            "claims": grouped.size().astype("Int64"),
            "open_ended": (found["opened"] >= high).fillna(False).astype("boolean"),
        }
    )


def killed_by_event(claims: pd.DataFrame) -> pd.DataFrame:
    """People killed in each event as three numbers, where all claims count the same people.

    Low and high span the latest closed figures; an open one ("at least") is a floor, which raises
    the upper end and lowers nothing. Best is the lowest of the claimants' own best figures, or of
    their lower ends. An event whose claims count different places or groups of victims is left
    out, since these cannot be added safely.

    Parameters
    ----------
    claims
        The table of that name.

    Returns
    -------
    pandas.DataFrame
        ``event``, ``low``, ``best``, ``high`` (Int64, persons), ``open_ended`` (boolean: the
        upper end is itself a floor), one row for each event.

    Notes
    -----
    Method: ranges over claimants. Assumes that militants, members of the PMF and people of
    no named group are one group, as claimants do not distinguish them.

    Examples
    --------
    >>> import strikes2024
    >>> from strikes2024.analysis import killed_by_event
    >>> deaths = killed_by_event(strikes2024.claims())
    >>> bool((deaths["low"] <= deaths["high"]).all())
    True
    """
    rows = claims[(claims["metric"] == "killed") & (claims["scope"] == "whole")]
    line = latest_figures(rows[rows["event"].notna()], by=("event", "claimant"))
    victims = line["victims"].astype("string").replace(dict.fromkeys(ADVERSARIES, "all"))
    thing = victims.fillna("") + " in " + line["country"].astype("string").fillna("")
    best = line["best"].fillna(line["low"]).fillna(line["high"]).where(line["high"].notna())
    table = ranges(line, ["event"])
    table["best"] = best.groupby(line["event"]).min().fillna(table["low"])
    things = thing.groupby(line["event"]).nunique()
    table = table[things == 1].reset_index()
    table = table[["event", "low", "best", "high", "open_ended"]]
    return table.astype(dict.fromkeys(("low", "best", "high"), "Int64"))
