"""What one counter said, as constraints for :mod:`strikes2024.analysis.constraints`.

Four tables speak of the same count: cumulative totals (``tallies``), counts over an interval
(``interval_counts``, and claims with a ``period_start``), and dated attacks that the counter
confirms. Here each becomes rows with a first and a last day, a fewest and a most.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

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
    columns, names = {whole: ""}, {COUNTRIES.get(whole, ""): ""}
    if whole == "total":
        columns |= {column: part for column, part in COUNTRIES.items() if column in tallies}
        names |= {part: part for part in COUNTRIES.values()}
    if since is not None:
        first = tallies["counted_from"]
        tallies = tallies.assign(counted_from=first.mask(first <= since + _DAY, since))
    totals, single = _totals(standing_totals(tallies, claimants), columns, whole_days)
    found = [totals]
    if intervals is not None:
        rows = intervals.rename(columns={"count_id": "statement_id"})
        found.append(_counts(rows, claimants, names, single))
    if claims is not None:
        rows = claims[(claims["metric"] == "attacks") & claims["period_start"].notna()]
        rows = rows[rows["place"].isna()].assign(first_day="")
        own = {"claim_id": "statement_id", "period_start": "start", "as_of": "end"}
        found.append(_counts(rows.rename(columns=own), claimants, names, single))
    if events is not None:
        found.append(_dated(events, names))
    figures = pd.concat([frame for frame in found if len(frame)] or found[:1])
    if not split:
        # A floor for a part is one for the whole; its ceiling says nothing of the whole.
        figures = figures.assign(part="", high=figures["high"].mask(figures["part"] != ""))
    return _constraints(figures, next(iter(claimants), ""))


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
    own = own.assign(country=own["country"].astype("string").fillna(""))
    whole = latest(own[own["scope"] == "whole"], by=("event", "country", "claimant"))
    part = own[(own["scope"] == "part") & (own["status"] == "stands")]
    part = part[~part["country"].str.contains(";")]
    found = pd.concat([whole, part])
    ends = limits(found["low"], found["high"], found["qualifier"])
    days = events.set_index("event_id")[["start", "end"]]
    start, end = found["event"].map(days["start"]), found["event"].map(days["end"])
    figures = _figures(
        found,
        statement_id=found["claim_id"],
        start=start,
        end=end.fillna(start),
        part=found["country"].mask(found["country"].str.contains(";"), ""),
        low=ends["low"],
        high=ends["high"].mask(found["scope"] == "part"),
    )
    return _constraints(figures)


def standing_totals(tallies: pd.DataFrame, claimants: Collection[str]) -> pd.DataFrame:
    """Rows of ``tallies`` that stand and count attacks, but for those by base.

    Parameters
    ----------
    tallies
        The table of that name.
    claimants
        Who gave them.
    """
    return tallies[
        tallies["claimant"].isin(list(claimants))
        & (tallies["status"] == "stands")
        & (tallies["counts"] == "attacks")
        & tallies["place"].isna()
    ]


def _figures(frame: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    """What :func:`_constraints` needs: its columns, who spoke, and which limits are loose.

    Rows of no ``part`` that is asked for are left out.

    ``late`` and ``early`` say that the upper limit holds from a day later, or to a day earlier.
    """
    flags = dict.fromkeys(("late", "early", "distinct"), False)
    figures = frame.assign(**flags | columns).astype(dict.fromkeys(flags, bool))
    return figures.dropna(subset="part")[[*_COLUMNS[:-1], "claimant", "stated", "late", "early"]]


def _constraints(figures: pd.DataFrame, counter: str = "") -> pd.DataFrame:
    """Figures that set a limit as constraints, in order of their days."""
    weight = figures["stated"].astype("datetime64[s]").astype("int64") // 86_400
    weight += _OWN_WORDS * figures["claimant"].isin([counter])
    figures = figures.assign(weight=weight.astype("float64"))
    loose = (figures["late"] | figures["early"]) & figures["high"].notna()
    floors = figures.assign(high=figures["high"].mask(loose))
    ceilings = figures.assign(low=figures["low"].mask(loose))[loose]
    ceilings["start"] += _DAY * ceilings["late"].astype(int)
    ceilings["end"] = ceilings["end"].dt.normalize() - _DAY * ceilings["early"].astype(int)
    ceilings = ceilings[ceilings["start"] <= ceilings["end"]]
    table = pd.concat([floors, ceilings]) if len(ceilings) else floors
    table = table[table["low"].gt(0) | table["high"].notna()][_COLUMNS]
    types = {"statement_id": "string", "part": "string", "low": "Int64", "high": "Int64"}
    return table.astype(types).sort_values(["start", "end", "statement_id"], ignore_index=True)


def _totals(
    kept: pd.DataFrame, columns: Mapping[str, str], whole_days: bool
) -> tuple[pd.DataFrame, pd.Series | None]:
    """Totals as figures, and the days with one moment; None for whole days."""
    whole = next(iter(columns))
    on_last_day = kept["stated"] <= kept["as_of"]
    closed = kept[on_last_day & ~kept["qualifier"].isin(_OPEN) & kept[whole].notna()]
    # Totals in order of size: a count never falls, so the lower was given before the higher.
    order = closed.groupby("as_of")[whole].rank("dense")
    moments = order.groupby(closed["as_of"]).transform("max")
    moment = (_HALF + _HALF * (order - 1) / moments).reindex(kept.index).fillna(pd.Timedelta(0))
    parts = []
    for column, part in columns.items():
        own = kept[kept[column].notna()]
        ends = limits(own[column], own[column], own["qualifier"])
        if whole_days:
            early = ends["high"] < ends["low"].groupby(own["as_of"]).transform("max")
        else:  # Without a total of its own, a split has no moment of its own.
            early = on_last_day[own.index] & ~own.index.isin(closed.index)
        suffix = f":{part.lower()}" if part else ""
        parts.append(
            _figures(
                own,
                statement_id=own["tally_id"].astype("string") + suffix,
                start=own["counted_from"],
                end=own["as_of"] if whole_days else own["as_of"] + moment.dt.round("s"),
                part=part,
                low=ends["low"],
                high=ends["high"],
                early=early.fillna(False),
            )
        )
    return pd.concat(parts), None if whole_days else closed["as_of"][moments == 1]


def _counts(
    frame: pd.DataFrame,
    claimants: Sequence[str],
    names: Mapping[str, str],
    single: pd.Series | None,
) -> pd.DataFrame:
    """Counts over an interval as figures; ``single`` as :func:`_totals` gives it."""
    own = frame[frame["claimant"].isin(list(claimants)) & (frame["status"] == "stands")]
    country = own["country"].astype("string").fillna("")
    several = country.str.contains(";")
    ends = limits(own["low"], own["high"], own["qualifier"])
    end, early = own["end"], pd.Series(False, index=own.index)
    if single is not None:
        on_last_day = own["stated"] <= end
        shared = on_last_day & end.isin(single)
        end, early = end + _HALF * shared.astype(int), on_last_day & ~shared
    return _figures(
        own,
        end=end,
        part=country.mask(several, "").map(dict(names)),
        low=ends["low"],
        # Some countries together are less than the whole: a floor for it.
        high=ends["high"].mask(several),
        late=own["first_day"].isin(["part"]),
        early=early,
    )


def _dated(events: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    own = events[
        (events["kind"] == "attack_on_us_forces")
        & events["us_confirmed"].isin(["yes"])
        & (events["date_precision"] == "day")
    ]
    return _figures(
        own,
        statement_id=own["event_id"],
        start=own["us_date"].fillna(own["start"] - _DAY),
        end=own["us_date"].fillna(own["start"]),
        part=own["countries"].astype("string").fillna("").map(dict(names)),
        low=1,
        high=pd.array([pd.NA] * len(own), dtype="Int64"),
        claimant="",
        stated=own["start"],
        distinct=True,
    )
