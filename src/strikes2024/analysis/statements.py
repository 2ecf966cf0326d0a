"""What one counter said, as constraints for :mod:`strikes2024.analysis.constraints`.

Four tables speak of the same count: cumulative totals (``tallies``), counts over an interval
(``interval_counts``, and claims with a ``period_start``), and dated attacks that the counter
confirms. Here each becomes rows with a first and a last day, a fewest and a most.
"""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from strikes2024.tables import COUNTRIES
from strikes2024.verdicts import ADVERSARIES, latest

_DAY, _HALF = pd.Timedelta(days=1), pd.Timedelta(hours=12)
_OPEN = ("at_least", "more_than", "some")
# In days, more than any two statements lie apart: added to the weight of the counter's own.
_OWN_WORDS = 1_000_000
_COLUMNS = ["statement_id", "start", "end", "part", "low", "high", "distinct", "weight"]


def limits(low: pd.Series, high: pd.Series, qualifier: pd.Series) -> pd.DataFrame:
    """Fewest and most that a figure allows, by its hedge.

    Parameters
    ----------
    low, high, qualifier
        Columns of ``claims``, with one index.

    Returns
    -------
    pandas.DataFrame
        ``low``, ``high`` (Int64; missing where there is no limit).

    Notes
    -----
    "At least" and "more than" set no upper limit, "up to" no lower one but zero. "About" is a
    rounded number: half of the ten or five to which it seems to be rounded either way, and one
    either way for other numbers. A figure with two ends keeps them.

    Method: own reading of hedges. Assumes that "exactly" is exact.

    Examples
    --------
    >>> import pandas as pd
    >>> from strikes2024.analysis.statements import limits
    >>> given = pd.Series([35, 160], dtype="Int64")
    >>> limits(given, given, pd.Series(["at_least", "about"]))
       low  high
    0   35  <NA>
    1  155   165
    """
    fewest = low.fillna(high).astype("Int64")
    most = high.fillna(low).astype("Int64")
    hedge = qualifier.astype("string")
    rounded = (hedge == "about") & (fewest == most)
    slack = pd.Series(1, index=low.index, dtype="Int64")
    slack = (
        slack.mask(fewest % 5 == 0, 2).mask(fewest % 10 == 0, 5).where(rounded & (fewest > 0), 0)
    )
    fewest = (fewest - slack).clip(lower=0) + (hedge == "more_than").astype("Int64")
    fewest = fewest.mask(hedge == "up_to", 0)
    return pd.DataFrame({"low": fewest, "high": (most + slack).mask(hedge.isin(_OPEN))})


def counter_statements(
    tallies: pd.DataFrame,
    claimants: Sequence[str],
    *,
    intervals: pd.DataFrame | None = None,
    claims: pd.DataFrame | None = None,
    events: pd.DataFrame | None = None,
    since: pd.Timestamp | None = None,
    whole: str = "total",
    split: bool = True,
    whole_days: bool = False,
) -> pd.DataFrame:
    """Everything that one counter said of attacks, one constraint a row.

    Parameters
    ----------
    tallies
        Cumulative counts. Counts by base, claims by armed groups and rows that do not stand are
        left out.
    claimants
        Who speaks for the counter, the counter itself first; what any of them says binds the one
        count.
    intervals
        Rows of ``interval_counts``.
    claims
        Claims on attacks over a period (metric ``attacks``, with ``period_start``).
    events
        Dated attacks. Those that a US statement counts (``us_confirmed``) on a day given as
        such are floors, each of its own. An attack without a ``us_date`` counts on its local
        day or the day before.
    since
        The first day of the counter's list. Totals said to run from an earlier day, or from the
        day after, run from this one: nothing was listed before, and publications differ by a day.
    whole
        The column of ``tallies`` that is the whole: ``total``, or a country for a counter of one
        country.
    split
        Whether to keep counts by country, as parts of the whole.
    whole_days
        Whether a statement made on the last day that it covers speaks for all of that day.
        By default it covers that day up to one moment, the same for all statements of the day;
        of several totals for one day, each has its own moment, the lower before the higher.

    Returns
    -------
    pandas.DataFrame
        The columns that :mod:`strikes2024.analysis.constraints` describes. ``weight`` is the day
        on which the statement was made, so that a later word outweighs an earlier one; the
        counter's own words outweigh those of others.

    Notes
    -----
    Method: own reading of the tables. Assumes that all claimants keep one list of attacks.
    """
    columns = {whole: ""}
    if whole == "total":
        names = {part: part for part in ("", *COUNTRIES.values())}
        columns |= {column: part for column, part in COUNTRIES.items() if column in tallies}
    else:
        names = {COUNTRIES[whole]: ""}
    if since is not None:
        first = tallies["counted_from"]
        same = first <= since + _DAY
        tallies = tallies.assign(counted_from=first.mask(same, since))
    totals, moments = _totals(tallies, claimants, columns, whole_days=whole_days)
    found = [totals]
    single = None if whole_days else moments[moments == 1].index
    if intervals is not None and len(intervals):
        found.append(_counts(intervals, claimants, "count_id", names, single))
    if claims is not None:
        rows = claims[(claims["metric"] == "attacks") & claims["period_start"].notna()]
        rows = rows[rows["place"].isna()].rename(columns={"period_start": "start", "as_of": "end"})
        found.append(_counts(rows, claimants, "claim_id", names, single))
    if events is not None:
        found.append(_dated(events, names))
    table = pd.concat([part for part in found if len(part)] or found[:1])
    if not split:
        # A floor for a part is one for the whole; its ceiling says nothing of the whole.
        parted = table["part"] != ""
        table = table.assign(part="", high=table["high"].mask(parted))
    return _that_limit(table)


def toll_statements(
    claims: pd.DataFrame,
    events: pd.DataFrame,
    *,
    victims: Collection[str] = ADVERSARIES,
    metric: str = "killed",
) -> pd.DataFrame:
    """Claims on people killed as constraints: countries are parts, several together the whole.

    Parameters
    ----------
    claims
        Claims; those on other metrics and victims are left out.
    events
        The events to count, with ``start`` and ``end``. A series of events holds the others.
    victims
        Groups of victims that claimants do not keep apart.
    metric
        What is counted.

    Returns
    -------
    pandas.DataFrame
        The columns that :mod:`strikes2024.analysis.constraints` describes, one row for the latest
        standing figure of each claimant on each event and country. A figure for a part of a country
        (a place, a force) is a floor for the country. ``weight`` is the day of the statement.

    Notes
    -----
    Method: own reading of the table, as in :func:`counter_statements`. Assumes that all these
    figures are on the same deaths, so that two of them can contradict each other.

    Examples
    --------
    >>> import strikes2024
    >>> from strikes2024.analysis import toll_statements
    >>> t = strikes2024.load()
    >>> said = toll_statements(t.claims, t.events[t.events["kind"] == "us_strike"])
    >>> bool(said["statement_id"].isin(t.claims["claim_id"]).all())
    True
    """
    own = claims[(claims["metric"] == metric) & claims["victims"].isin(list(victims))]
    own = own[own["event"].isin(events["event_id"])]
    country = own["country"].astype("string").fillna("")
    own = own.assign(country=country)
    whole = latest(own[own["scope"] == "whole"], by=("event", "country", "claimant"))
    part = own[(own["scope"] == "part") & (own["status"] == "stands")]
    part = part[~part["country"].str.contains(";")]
    found = pd.concat([whole, part], ignore_index=True)
    ends = limits(found["low"], found["high"], found["qualifier"])
    ends["high"] = ends["high"].mask(found["scope"] == "part")
    days = events.set_index("event_id")[["start", "end"]]
    found = found.assign(statement_id=found["claim_id"])
    start, end = found["event"].map(days["start"]), found["event"].map(days["end"])
    country = found["country"].mask(found["country"].str.contains(";"), "")
    return _that_limit(_rows(found, start, end.fillna(start), ends, country))


def _that_limit(table: pd.DataFrame) -> pd.DataFrame:
    """Statements that set a limit, in order of their days."""
    table = table[table["low"].fillna(0).gt(0) | table["high"].notna()]
    return table[_COLUMNS].sort_values(["start", "end", "statement_id"]).reset_index(drop=True)


def _rows(
    frame: pd.DataFrame,
    start: pd.Series,
    end: pd.Series,
    ends: pd.DataFrame,
    part: pd.Series,
    counter: str | None = None,
) -> pd.DataFrame:
    weight = frame["stated"].astype("datetime64[s]").astype("int64") // 86_400
    if counter:
        weight = weight.where(frame["claimant"] != counter, weight + _OWN_WORDS)
    return pd.DataFrame(
        {
            "statement_id": frame["statement_id"].astype("string"),
            "start": start,
            "end": end,
            "part": part.astype("string"),
            "low": ends["low"].astype("Int64"),
            "high": ends["high"].astype("Int64"),
            "distinct": False,
            "weight": weight.astype("float64"),
        }
    )


def _loose(rows: pd.DataFrame, late: pd.Series, early: pd.Series) -> pd.DataFrame:
    """Rows whose upper limit holds from a day later or to a day earlier, in two rows each."""
    loose = (late | early) & rows["high"].notna()
    floors = rows.assign(high=rows["high"].mask(loose))
    ceilings = rows[loose].assign(low=pd.Series(pd.NA, index=rows.index, dtype="Int64"))
    ceilings = ceilings.assign(
        start=ceilings["start"] + _DAY * late[loose].astype(int),
        end=ceilings["end"].dt.normalize() - _DAY * early[loose].astype(int),
    )
    ceilings = ceilings[ceilings["start"] <= ceilings["end"]]
    return pd.concat([floors, ceilings], ignore_index=True) if len(ceilings) else floors


def _totals(
    tallies: pd.DataFrame,
    claimants: Sequence[str],
    columns: Mapping[str, str],
    *,
    whole_days: bool,
) -> tuple[pd.DataFrame, pd.Series]:
    """Totals as constraints, and how many moments each day has."""
    kept = tallies[
        tallies["claimant"].isin(list(claimants))
        & (tallies["status"] == "stands")
        & (tallies["counts"] == "attacks")
        & tallies["place"].isna()
    ]
    on_last_day = kept["stated"] <= kept["as_of"]
    whole = next(iter(columns))
    closed = kept[on_last_day & ~kept["qualifier"].isin(_OPEN) & kept[whole].notna()]
    # Totals in order of size: a count never falls, so the lower was given before the higher.
    order = closed.groupby("as_of")[whole].rank("dense")
    moments = order.groupby(closed["as_of"]).max()
    moment = _HALF + _HALF * (order - 1) / kept["as_of"].map(moments)
    parts = []
    for column, part in columns.items():
        own = kept[kept[column].notna()]
        suffix = f":{part.lower()}" if part else ""
        own = own.assign(statement_id=own["tally_id"].astype("string") + suffix)
        ends = limits(own[column], own[column], own["qualifier"])
        end, early = own["as_of"], pd.Series(False, index=own.index)
        if whole_days:
            highest = ends["low"].groupby(own["as_of"]).transform("max")
            early = (ends["high"] < highest).fillna(False).astype(bool)
        else:
            end = end + moment.reindex(own.index).fillna(pd.Timedelta(0)).dt.round("s")
            # Without a total of its own, a split has no moment of its own.
            early = on_last_day[own.index] & ~own.index.isin(moment.index)
        country = pd.Series(part, index=own.index)
        rows = _rows(own, own["counted_from"], end, ends, country, next(iter(claimants), None))
        parts.append(_loose(rows, pd.Series(False, index=own.index), early))
    filled = [part for part in parts if len(part)]
    return pd.concat(filled or parts[:1], ignore_index=True), moments


def _counts(
    frame: pd.DataFrame,
    claimants: Sequence[str],
    key: str,
    names: Mapping[str, str],
    single: pd.Index | None,
) -> pd.DataFrame:
    """Counts over an interval; ``single`` are the days with one moment, None for whole days."""
    own = frame[frame["claimant"].isin(list(claimants)) & (frame["status"] == "stands")]
    country = own["country"].astype("string").fillna("")
    own = own.assign(country=country, statement_id=own[key])
    wanted = country.isin(list(names)) | (country.str.contains(";") & ("" in names))
    own = own[wanted].reset_index(drop=True)
    several = own["country"].str.contains(";")
    ends = limits(own["low"], own["high"], own["qualifier"])
    # Some countries together are less than the whole: a floor for it.
    ends["high"] = ends["high"].mask(several)
    part = own["country"].mask(several, "").map(dict(names))
    late = pd.Series(False, index=own.index)
    if "first_day" in own:
        late = own["first_day"] == "part"
    end, early = own["end"], pd.Series(False, index=own.index)
    if single is not None:
        on_last_day = own["stated"] <= own["end"]
        shared = on_last_day & own["end"].isin(single)
        end, early = end + _HALF * shared.astype(int), on_last_day & ~shared
    rows = _rows(own, own["start"], end, ends, part, next(iter(claimants), None))
    return _loose(rows, late, early)


def _dated(events: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    own = events[
        (events["kind"] == "attack_on_us_forces")
        & events["us_confirmed"].isin(["yes"])
        & (events["date_precision"] == "day")
    ].reset_index(drop=True)
    country = own["countries"].astype("string").fillna("")
    part = country.where(country.isin(list(names)))
    own, part = own[part.notna()].reset_index(drop=True), part.dropna().reset_index(drop=True)
    known = own["us_date"].notna()
    start = own["us_date"].where(known, own["start"] - _DAY)
    end = own["us_date"].where(known, own["start"])
    one = pd.Series(1, index=own.index)
    ends = pd.DataFrame({"low": one, "high": pd.array([pd.NA] * len(own), dtype="Int64")})
    own = own.assign(statement_id=own["event_id"], stated=own["start"])
    return _rows(own, start, end, ends, part.map(dict(names))).assign(distinct=True)
