"""What was known when: the record as it stood at the end of one day.

Every row has an *entry day*, the first day on which it is certain to have been there; a row is in
the record of a day if it entered on or before it. A cell that tells of a later row is rewound.
"""

import datetime as dt
from collections.abc import Iterator
from typing import TypeAlias

import pandas as pd

from strikes2024 import arguments, schema
from strikes2024.schema import Field, Reference
from strikes2024.tables import NAMES, Tables, split

Day: TypeAlias = str | dt.date | pd.Timestamp

# What two rows must share to be about one thing.
_SUBJECT = {
    "claims": ["event", "place", "actor", "metric", "victims", "country"],
    "tallies": ["counts", "place", "as_of"],
}
_KEYS = {"claims": "claim_id", "tallies": "tally_id"}
_STATEMENTS = ("claims", "tallies", "interval_counts", "people")
_NAMES_ONLY = ("actors", "places", "definitions")


def as_of(tables: Tables, date: Day) -> Tables:
    """Every table as the record stood at the end of a day.

    Parameters
    ----------
    tables
        The whole record.
    date
        A calendar day. The day of a statement is that of its speaker.

    Returns
    -------
    Tables
        All tables with the rows that were there, in their order and with their index labels.

    Raises
    ------
    ValueError
        ``date`` is no day.

    Notes
    -----
    Method: a snapshot in transaction time of a table with two clocks (Snodgrass 1999). Assumes
    that the days of statement and publication in the tables are right. Whoever asks for many days
    makes one :class:`History`.

    Which rows are there:

    - ``claims``, ``tallies``: stated on or before the day. Where ``stated_basis`` is
      ``not_before``, ``stated`` is only the earliest day possible; such a row waits until it is
      safe: until a dated publication carries it (``also_in``) or a row that is itself safe
      supersedes it, else until the closing day. A running count is safe as well once the same
      claimant's count for the same or a later day is, since nobody goes back to a smaller one.
      The *closing day* is the last day that any dated row bears; by then all rows are there.
    - ``interval_counts``, ``people``: stated on or before the day; those with a ``stated`` that is
      only the earliest day possible, from a dated publication of them, else from the closing day.
    - ``events``: begun, on the local day or on the US day if that is earlier; an event whose day
      is not known exactly, from the end of its span. An ``end`` after the day is set to the day.
    - ``attributions``, ``reactions``: said on or before the day; undated ones from the day of
      their publication, else from the closing day.
    - ``links``: from the publication that states the tie; ties that nobody states are the
      compilers' ordering and enter with their events.
    - ``steps``, ``measures``, ``milestones``: dated on or before the day; a milestone known by
      month or year from the end of it. A step of kind ``finding`` waits for its publication.
    - ``published_figures``: from the day of the publication with the same address, else from the
      closing day.
    - ``sources``: published on or before the day, and those (undated, or printed later) on which
      a row that is there rests, so that no row loses its source.
    - ``audit``: a check of the finished record, there on the closing day.
    - ``actors``, ``places``, ``definitions`` are names and meanings, and are kept whole; their
      ``source`` is blank where it was printed later.

    No row about an event enters before the event. Which cells are rewound:

    - ``status``: a figure replaced or corrected later *stands*. It turns ``superseded`` or
      ``corrected`` when the row that supersedes it enters or, where none is named, the next
      standing figure for the same thing, whoever gave it. ``carrier_error`` shows only beside
      what the claimant did say, so it holds from the day on which a sound row of the same
      claimant for the same thing is there too; where there is none the slip shows in the row
      itself, and it holds from the start.
    - A reference to a row that is not there yet is blank, or left out of its list.

    Free text (summaries, notes) is not rewound: it may mention what came later.

    Examples
    --------
    >>> import strikes2024
    >>> from strikes2024.analysis import as_of
    >>> record = strikes2024.load()
    >>> day = record.claims["stated"].median()
    >>> bool((as_of(record, day).tallies["stated"] <= day).all())
    True
    """
    return History(tables).as_of(date)


class History:
    """Tables with the days on which their rows and cells entered: worked out once for all days.

    ``entries`` are the :func:`entry_days` of the ``tables``.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.entries = entry_days(tables)
        self._status = {
            name: _status_since(name, tables[name], self.entries[name]) for name in _KEYS
        }

        self._references = [
            (name, field, self.entries[target.table].set_axis(tables[target.table][target.field]))
            for name, field, target in _references(tables)
            if target.table not in _NAMES_ONLY
        ]

    def line_as_of(self, line: pd.DataFrame, date: Day) -> pd.DataFrame:
        """Some rows of ``claims`` or ``tallies`` as they stood: far less work than all tables.

        Parameters
        ----------
        line
            Any selection of rows of one of the two, known by their ids.
        date
            A calendar day.

        Returns
        -------
        pandas.DataFrame
            Those that were there at the end of ``date``, in their order, with the ``status`` of
            that day. Other cells stay as they are.

        Raises
        ------
        ValueError
            ``date`` is no day.
        """
        day = _day(date)
        name = "tallies" if "tally_id" in line else "claims"
        key = _KEYS[name]
        place = pd.Index(self.tables[name][key]).get_indexer(line[key])
        there = self.entries[name].to_numpy()[place] <= day
        later = self._status[name].to_numpy()[place] > day
        found: pd.DataFrame = line.assign(status=line["status"].mask(later, "stands"))[there]
        return found

    def as_of(self, date: Day) -> Tables:
        """Every table as the record stood at the end of a day, by the rules of :func:`as_of`.

        Parameters
        ----------
        date
            A calendar day.

        Returns
        -------
        Tables
            As :func:`as_of` returns them.

        Raises
        ------
        ValueError
            ``date`` is no day.
        """
        day = _day(date)
        there = {name: (self.entries[name] <= day).to_numpy() for name in NAMES}
        found = {name: self.tables[name][there[name]].copy() for name in NAMES}
        for name, since in self._status.items():
            later = (since > day)[there[name]]
            found[name]["status"] = found[name]["status"].mask(later, "stands")
        ends = found["events"]["end"]
        found["events"]["end"] = ends.mask(ends > day, day)
        for name, field, since in self._references:
            cells = found[name][field.name]
            if field.delimiter is None:
                known = (since.reindex(cells) <= day).to_numpy()
                found[name][field.name] = cells.where(known)
            elif cells.notna().any():
                there_now = set(since.index[since <= day])
                found[name][field.name] = _trimmed(cells, there_now, field.delimiter)
        return Tables(**found)


def entry_days(tables: Tables) -> dict[str, pd.Series]:
    """The first day on which each row is certain to be in the record, as :func:`as_of` has it.

    Parameters
    ----------
    tables
        The whole record.

    Returns
    -------
    dict of str to pandas.Series
        For each table its days (``datetime64[us]``, never missing, with the index of the table).
        Names and meanings enter before every day.

    Notes
    -----
    Method: as in :func:`as_of`. Assumes what it assumes.

    Examples
    --------
    >>> import strikes2024
    >>> from strikes2024.analysis import entry_days
    >>> bool(entry_days(strikes2024.load())["claims"].notna().all())
    True
    """
    published = _dates(tables.sources, "source_id", "published")
    begun = _begun(tables.events)
    known: dict[str, pd.Series] = {
        "events": begun,
        **{name: _said(tables[name], published) for name in _STATEMENTS},
        "attributions": _printed(tables.attributions, "stated", published),
        "reactions": _printed(tables.reactions, "date", published),
        "links": _looked_up(tables.links["source"], published),
        "steps": tables.steps["date"].where(
            tables.steps["kind"] != "finding", _looked_up(tables.steps["source"], published)
        ),
        "measures": tables.measures["date"],
        "milestones": _end_of_span(tables.milestones),
        "published_figures": _looked_up(
            tables.published_figures["url"], _dates(tables.sources, "url", "published")
        ),
        "sources": tables.sources["published"],
    }
    dated = [*known.values(), *(tables[name]["stated"] for name in _STATEMENTS)]
    closing = pd.concat([days.dropna() for days in dated]).max()
    start = pd.Series(begun.to_numpy(), index=tables.events["event_id"])
    unstated = tables.links["stated_by"].isna()
    known["links"] = known["links"].mask(unstated, _looked_up(tables.links["from_event"], start))
    # A check of the finished record; its own date lies after the story and must not move the end.
    known["audit"] = pd.Series(closing, index=tables.audit.index)
    known = {name: days.fillna(closing) for name, days in known.items()}
    for name, field, reference in _references(tables):
        if reference.table == "events":
            known[name] = _later(known[name], _looked_up(tables[name][field.name], start))
    undated = tables.tallies["stated_basis"].isin(["not_before"])
    safe = _with_later_counts(tables.tallies, known["tallies"])
    known["tallies"] = known["tallies"].mask(undated, safe)
    for name, key in _KEYS.items():
        known[name] = _with_successors(tables[name], key, known[name])
    for name in _NAMES_ONLY:
        known[name] = pd.Series(pd.Timestamp.min, index=tables[name].index)
    known["sources"] = _with_rows(tables, known)
    return {name: known[name].astype("datetime64[us]") for name in NAMES}


def _day(date: Day) -> pd.Timestamp:
    found = arguments.day(date, "date")
    if getattr(date, "tzinfo", None) is not None:
        raise ValueError(f"date {date!r}: expected a day without a time zone")
    return found.normalize()


def _dates(frame: pd.DataFrame, key: str, column: str) -> pd.Series:
    """The earliest date for each key, for ``Series.map``."""
    return frame.dropna(subset=[key]).groupby(key)[column].min()


def _looked_up(keys: pd.Series, days: pd.Series) -> pd.Series:
    """The day of each key; missing where there is none (``map`` fails where no key has one)."""
    return pd.Series(days.reindex(keys).to_numpy(), index=keys.index)


def _later(days: pd.Series, others: pd.Series) -> pd.Series:
    return days.where(~(others > days), others)


def _earlier(days: pd.Series, others: pd.Series) -> pd.Series:
    return days.where(~(others < days), others)


def _begun(events: pd.DataFrame) -> pd.Series:
    exact = events["date_precision"] == "day"
    return _earlier(events["start"], events["us_date"]).where(exact, events["end"])


def _end_of_span(milestones: pd.DataFrame) -> pd.Series:
    days = milestones["date"]
    for precision, period in (("month", "M"), ("year", "Y")):
        ends = days.dt.to_period(period).dt.end_time.dt.normalize()
        days = days.mask(milestones["date_precision"].isin([precision]), ends)
    return days


def _said(frame: pd.DataFrame, published: pd.Series) -> pd.Series:
    """The day stated; for an undated statement that of the first dated publication of it."""
    undated = frame["stated_basis"] == "not_before"
    carriers = _looked_up(split(frame.loc[undated, "also_in"]).explode(), published)
    carried = carriers.groupby(level=0).min().reindex(frame.index)
    own = _looked_up(frame["source"], published)
    return frame["stated"].mask(undated, _earlier(own.fillna(carried), carried))


def _printed(frame: pd.DataFrame, column: str, published: pd.Series) -> pd.Series:
    return frame[column].fillna(_looked_up(frame["source"], published))


def _with_successors(frame: pd.DataFrame, key: str, days: pd.Series) -> pd.Series:
    """Let a row enter at the latest with the row that supersedes it."""
    for _ in range(len(frame)):  # as often as the longest chain has rows
        moved = _earlier(days, _looked_up(frame[key], days.groupby(frame["supersedes"]).min()))
        if moved.equals(days):
            break
        days = moved
    return days


def _with_later_counts(tallies: pd.DataFrame, days: pd.Series) -> pd.Series:
    """Let a count enter at the latest with the claimant's next count (same or later ``as_of``)."""
    line = ["claimant", "counts", "counted_from"]
    rows = tallies.assign(day=days).sort_values("as_of", ascending=False)
    rows["first"] = rows.groupby(line, observed=True)["day"].cummin()
    same_day = rows.groupby([*line, "as_of"], observed=True)["first"].transform("min")
    return same_day.reindex(tallies.index)


def _with_rows(tables: Tables, known: dict[str, pd.Series]) -> pd.Series:
    """Let a source enter at the latest with the first dated row that rests on it."""
    rests = [
        pd.DataFrame({"source": tables[name]["source"], "day": known[name]})
        for name in NAMES
        if "source" in tables[name] and name not in _NAMES_ONLY
    ]
    first = _dates(pd.concat(rests), "source", "day")
    first = _looked_up(tables.sources["source_id"], first)
    return _earlier(known["sources"], first)


def _status_since(name: str, frame: pd.DataFrame, entry: pd.Series) -> pd.Series:
    """The day from which each row has the status that the file gives it."""
    key, subject = _KEYS[name], _SUBJECT[name]
    successor = frame["supersedes"].rename("old").to_frame().assign(day=entry)
    named = _looked_up(frame[key], _dates(successor, "old", "day"))
    following = _next_standing(frame, entry, subject)
    sound = frame["status"] != "carrier_error"
    spoken = entry.where(sound).groupby(_groups(frame, ["claimant", *subject])).transform("min")
    replaced = frame["status"].isin(["superseded", "corrected"])
    since = entry.mask(replaced, named.fillna(following)).mask(~sound, spoken)
    return _later(entry, since)


def _groups(frame: pd.DataFrame, columns: list[str]) -> pd.Series:
    """A number for each group of rows that agree in ``columns``, blanks included."""
    return frame.groupby(columns, dropna=False, observed=True).ngroup()


def _next_standing(frame: pd.DataFrame, entry: pd.Series, subject: list[str]) -> pd.Series:
    """The day on which the next standing row for the same thing enters, after that of each row."""
    keys = [_groups(frame, subject), entry]
    per_day = entry.where(frame["status"] == "stands").groupby(keys).min()
    following = per_day.groupby(level=0).shift(-1).groupby(level=0).bfill()
    return following.reindex(pd.MultiIndex.from_arrays(keys)).set_axis(frame.index)


def _references(tables: Tables) -> Iterator[tuple[str, Field, Reference]]:
    """Columns whose cells name rows: their table, their field and what it refers to."""
    package = schema.read_package()
    for name in NAMES:
        for field in package.table(name).fields:
            # A table of one's own may lack a column.
            if field.reference and field.name in tables[name]:
                yield name, field, field.reference


def _trimmed(column: pd.Series, there: set[str], delimiter: str) -> pd.Series:
    kept = [
        delimiter.join(part for part in parts if part in there) or None
        for parts in split(column, delimiter)
    ]
    return pd.Series(kept, index=column.index, dtype=column.dtype)
