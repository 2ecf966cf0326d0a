"""Joins that people want, ready: claims in words, events with places and actors, attacks by day.

Every function takes :class:`~strikes2024.tables.Tables` (the package's own data where none are
given) and returns a new frame under a 0, 1, 2, … index.
"""

from collections.abc import Iterable

import pandas as pd

from strikes2024.arguments import day, listed, several
from strikes2024.tables import Tables, explode, load
from strikes2024.wording import quantity, spell

_EVENT = ["event_id", "title", "kind", "start", "end", "date_precision"]


def claims_full(tables: Tables | None = None) -> pd.DataFrame:
    """Claims with their event, claimant and source in words.

    Parameters
    ----------
    tables
        As :func:`load` gives them; by default the package's own data.

    Returns
    -------
    pandas.DataFrame
        One row a claim, as in the file: the columns of :func:`claims`, and ``event_title``,
        ``event_start``, ``event_kind`` (missing where a claim is about no event),
        ``claimant_name``, ``claimant_side``, ``claimant_kind``, ``source_publisher``,
        ``source_title``, ``source_url``, ``source_kind`` and ``source_published``.

    Raises
    ------
    DataError
        The package's own data cannot be read.
    pandas.errors.MergeError
        A key stands twice in one of the tables.

    Examples
    --------
    >>> full = claims_full()
    >>> us = full[full["claimant_side"] == "us"]
    >>> bool(us["event_title"].notna().any())
    True
    """
    tables = tables or load()
    full = tables.claims
    for column, other, key, wanted in (
        ("event", tables.events, "event_id", ["title", "start", "kind"]),
        ("claimant", tables.actors, "actor_id", ["name", "side", "kind"]),
        ("source", tables.sources, "source_id", ["publisher", "title", "url", "kind", "published"]),
    ):
        joined = other.set_index(key)[wanted].add_prefix(f"{column}_")
        full = full.join(joined, on=column, validate="many_to_one")
    return full


def events_places(tables: Tables | None = None) -> pd.DataFrame:
    """Events with the places hit or aimed at.

    Parameters
    ----------
    tables
        As :func:`load` gives them; by default the package's own data.

    Returns
    -------
    pandas.DataFrame
        One row for each event and place: ``event_id``, ``title``, ``kind``, ``start``, ``end``
        (local days), ``date_precision``, ``place_id``, ``place_name``, ``place_kind``,
        ``country``, ``admin1``, ``lat``, ``lon`` (WGS 84, decimal degrees) and ``precision``.
        An event without a place has one row, with the columns of the place missing; a place may
        have no coordinates.

    Raises
    ------
    DataError
        The package's own data cannot be read.
    pandas.errors.MergeError
        A key stands twice in ``places``.

    Examples
    --------
    >>> events_places()["place_name"].value_counts().index[0]
    'Conoco gas field'
    """
    tables = tables or load()
    pairs = explode(tables.events[[*_EVENT, "places"]], "places")
    pairs = pairs.rename(columns={"places": "place_id"})
    wanted = ["place_id", "name", "kind", "country", "admin1", "lat", "lon", "precision"]
    places = tables.places[wanted].rename(columns={"name": "place_name", "kind": "place_kind"})
    return pairs.merge(places, on="place_id", how="left", validate="many_to_one")


def events_actors(tables: Tables | None = None) -> pd.DataFrame:
    """Events with everyone named in them.

    Parameters
    ----------
    tables
        As :func:`load` gives them; by default the package's own data.

    Returns
    -------
    pandas.DataFrame
        One row for each event, actor and statement about the actor, sorted by ``start``:
        ``event_id``, ``title``, ``kind``, ``start``, ``end`` (local days), ``date_precision``,
        ``role``, ``actor_id``, ``actor_name``, ``actor_kind``, ``actor_side``, and for
        attributions ``stance`` (a denial is one too), ``claimant`` and ``claimant_name``, else
        missing.

    Raises
    ------
    DataError
        The package's own data cannot be read.
    pandas.errors.MergeError
        A key stands twice in ``events`` or ``actors``.

    Notes
    -----
    Values of ``role``: ``target``, hit or aimed at; ``attributed``, somebody said whether this
    actor did it; ``side_a`` and ``side_b``, on this side, in tables that
    :mod:`strikes2024.readers` makes.

    Examples
    --------
    >>> actors = events_actors()
    >>> sorted(actors["role"].unique())
    ['attributed', 'target']
    """
    tables = tables or load()
    roles = {"targets": "target", "side_a_ids": "side_a", "side_b_ids": "side_b"}
    named = [
        explode(tables.events[["event_id", column]], column)
        .dropna()
        .rename(columns={column: "actor_id"})
        .assign(role=role)
        for column, role in roles.items()
        if column in tables.events
    ]
    attributed = tables.attributions[["event", "actor", "stance", "claimant"]]
    attributed = attributed.rename(columns={"event": "event_id", "actor": "actor_id"})
    pairs = pd.concat([*named, attributed.assign(role="attributed")], ignore_index=True)
    actors = tables.actors.set_index("actor_id")[["name", "kind", "side"]].add_prefix("actor_")
    full = tables.events[_EVENT].merge(pairs, on="event_id", validate="one_to_many")
    full = full.join(actors, on="actor_id", validate="many_to_one")
    full["claimant_name"] = full["claimant"].map(actors["actor_name"]).astype("string")
    full = full.astype({"role": "category", "claimant": "string"})
    columns = [*_EVENT, "role", "actor_id", "actor_name", "actor_kind", "actor_side"]
    full = full[[*columns, "stance", "claimant", "claimant_name"]]
    return full.sort_values(["start", "event_id"], kind="stable", ignore_index=True)


def events_full(tables: Tables | None = None) -> pd.DataFrame:
    """Events in words: for a spreadsheet or a map.

    Parameters
    ----------
    tables
        As :func:`load` gives them; by default the package's own data.

    Returns
    -------
    pandas.DataFrame
        One row an event, as in the file: the columns of :func:`events`, and ``place_names``,
        ``target_names``, ``attributed_to`` (names separated by ``"; "``), and ``lat``, ``lon``
        (WGS 84, decimal degrees), ``precision`` of the first place that has coordinates.

    Raises
    ------
    DataError
        The package's own data cannot be read.
    pandas.errors.MergeError
        A key stands twice in one of the tables.

    Notes
    -----
    ``attributed_to`` lists whoever is said to have done it, by any claimant; an actor about whom
    there are only denials is not listed.

    Examples
    --------
    >>> events = events_full().set_index("event_id")
    >>> events.loc["tower-22-attack", "place_names"]
    'Tower 22'
    """
    tables = tables or load()
    places, actors = events_places(tables), events_actors(tables)
    accused = (actors["role"] == "attributed") & (actors["stance"] != "denies").fillna(False)
    texts = {
        "place_names": _listed(places, "place_name"),
        "target_names": _listed(actors[actors["role"] == "target"], "actor_name"),
        "attributed_to": _listed(actors[accused], "actor_name"),
    }
    full = tables.events.copy()  # the tables stay as they were given
    for column, text in texts.items():
        full[column] = full["event_id"].map(text).astype("string")
    spots = places[places["lat"].notna() & places["lon"].notna()].drop_duplicates("event_id")
    spots = spots.set_index("event_id")[["lat", "lon", "precision"]]
    return full.join(spots, on="event_id", validate="one_to_one")


def _listed(frame: pd.DataFrame, column: str) -> pd.Series:
    """Join the names in one column for each event, each name once."""
    given = frame[frame[column].notna()].drop_duplicates(["event_id", column])
    return given.groupby("event_id", sort=False)[column].agg("; ".join)


def attacks_per_day(
    tables: Tables | None = None,
    *,
    kinds: Iterable[str] = ("attack_on_us_forces",),
    start: str | pd.Timestamp | None = None,
    end: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Count dated events of some kinds by local day (UTC+3).

    Parameters
    ----------
    tables
        As :func:`load` gives them; by default the package's own data.
    kinds
        Kinds of events to count, as in the column ``kind``.
    start, end
        First and last day, ``YYYY-MM-DD``; by default those of the first and the last event.

    Returns
    -------
    pandas.DataFrame
        ``date``, ``attacks`` and ``us_confirmed`` (how many of them a US statement counts), one
        row a day, with zero where there is none.

    Raises
    ------
    DataError
        The package's own data cannot be read.
    ValueError
        ``end`` is before ``start``, no event can have one of ``kinds``, or a day is not written
        ``YYYY-MM-DD``.

    Notes
    -----
    Events whose day is not known exactly are left out. A zero means that the record names no
    attack, not that somebody said there was none; official totals are higher than the list of
    dated attacks (see :func:`tallies`).

    Examples
    --------
    >>> days = attacks_per_day(start="2024-01-28", end="2024-01-30")
    >>> days["date"].dt.day.tolist()
    [28, 29, 30]
    """
    events = (tables or load()).events
    chosen = several(kinds, "kinds", listed(events["kind"]))
    dated = events[events["kind"].isin(chosen) & (events["date_precision"] == "day")]
    first = dated["start"].min() if start is None else day(start, "start")
    last = dated["start"].max() if end is None else day(end, "end")
    if pd.isna(first) or pd.isna(last):
        days = pd.DatetimeIndex([], dtype="datetime64[us]")
    elif last < first:
        raise ValueError(f"end ({last:%Y-%m-%d}) is before start ({first:%Y-%m-%d})")
    else:
        days = pd.date_range(first, last).as_unit("us")
    confirmed = dated[(dated["us_confirmed"] == "yes").fillna(False)]
    counts = {"attacks": dated["start"], "us_confirmed": confirmed["start"]}
    by_day = {name: starts.value_counts() for name, starts in counts.items()}
    frame = pd.DataFrame(by_day, index=days).fillna(0).astype("Int64")
    return frame.rename_axis("date").reset_index()


def flat(tables: Tables | None = None) -> pd.DataFrame:
    """The claims as one table in plain words, for a spreadsheet.

    Parameters
    ----------
    tables
        As :func:`load` gives them; by default the package's own data.

    Returns
    -------
    pandas.DataFrame
        One row a claim, sorted by event and day of statement: ``event``, ``event_date``,
        ``where``, ``lat``, ``lon`` (WGS 84, decimal degrees), ``what``, ``whom``, ``figure``
        (words, with the hedge), ``low``, ``high``, ``unit``, ``claimant``, ``speaker``,
        ``as_of``, ``stated``, ``status``, ``publisher``, ``publication``, ``url``, ``note`` and
        ``claim_id``, by which a row is found in the record's pages.

    Raises
    ------
    DataError
        The package's own data cannot be read.
    pandas.errors.MergeError
        A key stands twice in one of the tables.

    Notes
    -----
    ``lat`` and ``lon`` are those of the claim's own place, or of its event's first one.

    Examples
    --------
    >>> claims = flat().set_index("claim_id")
    >>> claims.loc["tower-22-killed-centcom-2024-01-28", ["figure", "what"]].tolist()
    ['3', 'killed']
    """
    tables = tables or load()
    full = claims_full(tables)
    places = tables.places.set_index("place_id")
    spots = events_full(tables).set_index("event_id")[["place_names", "lat", "lon"]]
    own = full["place"].map(places["name"]).astype("string")
    where = own.fillna(full["event"].map(spots["place_names"]).astype("string"))
    words = [
        quantity(low, high, str(qualifier))
        for low, high, qualifier in zip(full["low"], full["high"], full["qualifier"], strict=True)
    ]
    table = pd.DataFrame(
        {
            "event": full["event_title"],
            "event_date": full["event_start"],
            "where": where.fillna(full["country"].str.replace(";", "; ")),
            **{
                axis: full["place"].map(places[axis]).fillna(full["event"].map(spots[axis]))
                for axis in ("lat", "lon")
            },
            "what": full["metric"].map(spell, na_action="ignore").astype("string"),
            "whom": full["victims"].map(spell, na_action="ignore").astype("string"),
            "figure": pd.Series(words, dtype="string"),
            "low": full["low"],
            "high": full["high"],
            "unit": full["unit"].astype("string"),
            "claimant": full["claimant_name"],
            "speaker": full["speaker"],
            "as_of": full["as_of"],
            "stated": full["stated"],
            "status": full["status"].astype("string").str.replace("_", " "),
            "publisher": full["source_publisher"],
            "publication": full["source_title"],
            "url": full["source_url"],
            "note": full["note"],
            "claim_id": full["claim_id"],
        }
    )
    order = ["event_date", "event", "stated", "claim_id"]
    return table.sort_values(order, kind="stable", ignore_index=True)
