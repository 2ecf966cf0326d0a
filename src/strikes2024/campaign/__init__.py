"""This campaign: the facts of ``campaign.toml``, and what the official count allows over any days.

``questions`` are those that the analysis is asked, ``headlines`` the figures that lead the report.
"""

import tomllib
from datetime import date
from importlib.resources import files
from typing import Any, Final

import pandas as pd

from strikes2024 import analysis
from strikes2024.tables import Tables

FACTS: Final[dict[str, Any]] = tomllib.loads(
    (files("strikes2024.campaign") / "campaign.toml").read_text(encoding="utf-8")
)

CAMPAIGN: Final[str] = FACTS["events"]["campaign"]
TOWER_22: Final[str] = FACTS["events"]["tower_22"]
FEBRUARY: Final[str] = FACTS["events"]["february"]
BAGHDAD: Final[str] = FACTS["events"]["baghdad"]
STRIKES: Final = (FEBRUARY, BAGHDAD)
COUNTER: Final[str] = FACTS["claimants"]["counter"]
MONITOR: Final[str] = FACTS["claimants"]["monitor"]
# Who speaks for the counter's one list of attacks, from which day.
SPEAKERS: Final[tuple[str, ...]] = tuple(FACTS["claimants"]["speakers"])
SPEAKERS_SINCE: Final[date] = FACTS["claimants"]["speakers_since"]
TOTAL: Final[str] = FACTS["total"]["claim"]
# Event, country and name of each part of the total.
PARTS: Final[tuple[tuple[str, str, str], ...]] = tuple(
    (part["event"], part["country"], part["name"]) for part in FACTS["total"]["parts"]
)
# Name of a phase, and the row that dates its beginning: table, id.
PHASES: Final[tuple[tuple[str, str, str], ...]] = tuple(
    (phase["name"], phase["table"], phase["row"]) for phase in FACTS["phases"]
)
# By the name of the phase in which it begins.
PERIODS: Final[dict[str, str]] = {
    phase["name"]: phase["period"] for phase in FACTS["phases"] if "period" in phase
}
WINTER: Final[str] = FACTS["reference"]["phase"]
CROSSCHECKS: Final[dict[str, dict[str, Any]]] = FACTS["crosschecks"]

_GAVE_WAY: dict[bytes, tuple[str, ...]] = {}


def start_of(t: Tables, event: str) -> pd.Timestamp:
    """The first day of an event.

    Parameters
    ----------
    t
        The record.
    event
        Its id.

    Returns
    -------
    pandas.Timestamp
        A local day.

    Raises
    ------
    KeyError
        The record has no such event.
    """
    start: pd.Timestamp = t.events.set_index("event_id")["start"][event]
    return start


def campaign_start(t: Tables) -> pd.Timestamp:
    """The first day of the campaign of attacks on US forces; see :func:`start_of`."""
    return start_of(t, CAMPAIGN)


def campaign_statements(
    t: Tables, claimant: str = COUNTER, column: str = "total", *, split: bool = False
) -> pd.DataFrame:
    """All statements of one count as constraints; the official one has several speakers.

    Parameters
    ----------
    t
        The record.
    claimant, column
        Whose count, and of which country; by default the official one of all.
    split
        Keep a number for one country as a part of the whole, so that two of them can contradict
        each other; without, it is a floor for the whole, which is much faster to bound.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`~strikes2024.analysis.counter_statements`.
    """
    official = claimant == COUNTER
    return analysis.counter_statements(
        t.tallies,
        SPEAKERS if official else (claimant,),
        intervals=t.interval_counts,
        claims=t.claims,
        events=t.events if official else None,
        since=pd.Timestamp(SPEAKERS_SINCE) if official else None,
        whole=column,
        split=split,
    )


def _left_out(t: Tables, claimant: str, column: str) -> tuple[str, ...]:
    """The statements that give way, found once for each set of statements."""
    statements = campaign_statements(t, claimant, column, split=True)
    key = pd.util.hash_pandas_object(statements, index=False).to_numpy().tobytes()
    if key not in _GAVE_WAY:
        _GAVE_WAY[key] = analysis.give_way(statements)
    return _GAVE_WAY[key]


def campaign_conflict(t: Tables) -> analysis.Conflict:
    """Statements of the official count that cannot all hold, and which of them give way.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    Conflict
        As :func:`~strikes2024.analysis.conflict` returns it.
    """
    return analysis.conflict(campaign_statements(t, split=True))


def count_bounds(
    t: Tables,
    intervals: pd.DataFrame,
    claimant: str = COUNTER,
    column: str = "total",
    *,
    part: str = "",
) -> pd.DataFrame:
    """Fewest and most attacks over intervals of days that all statements of a count allow.

    Parameters
    ----------
    t
        The record.
    intervals
        ``start`` and ``end``: days of the claimant's calendar, both included, or moments.
    claimant, column
        Whose count, and of which country; by default the official one of all.
    part
        A country whose share of that count is asked for.

    Returns
    -------
    pandas.DataFrame
        The columns of ``intervals`` with ``fewest`` and ``most`` (Int64, attacks; missing where
        nothing limits them).

    Notes
    -----
    Method: :func:`~strikes2024.analysis.interval_bounds`. Where statements cannot all hold, the
    fewest give way, rather those of others than the counter's own and rather older ones;
    :func:`campaign_conflict` shows them.

    Examples
    --------
    >>> import pandas as pd
    >>> import strikes2024
    >>> from strikes2024.campaign import count_bounds
    >>> week = pd.DataFrame({"start": pd.to_datetime(["2024-01-22"]),
    ...                      "end": pd.to_datetime(["2024-01-28"])})
    >>> found = count_bounds(strikes2024.load(), week)
    >>> bool((found["fewest"] <= found["most"]).all())
    True
    """
    statements = campaign_statements(t, claimant, column, split=bool(part))
    kept = analysis.without(statements, _left_out(t, claimant, column))
    return analysis.interval_bounds(kept, intervals, part=part)


def campaign_band(t: Tables, until: pd.Timestamp) -> pd.DataFrame:
    """Fewest and most attacks since the first that all official statements allow by each day.

    Parameters
    ----------
    t
        The record.
    until
        The last day.

    Returns
    -------
    pandas.DataFrame
        ``day``, ``fewest``, ``most`` (Int64; missing where nothing limits it), one row a day.
    """
    start = campaign_start(t)
    days = pd.DataFrame({"end": pd.date_range(start, until, freq="D").astype("datetime64[us]")})
    found = count_bounds(t, days.assign(start=start))
    return found.rename(columns={"end": "day"})[["day", "fewest", "most"]]


def tolls(t: Tables) -> pd.DataFrame:
    """Everybody's latest figures for those killed by the strikes, as constraints.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`~strikes2024.analysis.toll_statements`.

    Raises
    ------
    KeyError
        The record has no row for the total.
    """
    total = t.claims.set_index("claim_id").loc[TOTAL, "event"]
    events = [total, *(event for event, _, _ in PARTS)]
    return analysis.toll_statements(t.claims, t.events[t.events["event_id"].isin(events)])


def toll_conflict(t: Tables) -> analysis.Conflict:
    """Figures for those killed that cannot all hold, and the fewest that must be wrong.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    Conflict
        As :func:`~strikes2024.analysis.conflict` returns it.
    """
    countries = sorted({country for _, country, _ in PARTS})
    return analysis.conflict(tolls(t), parts=countries)
