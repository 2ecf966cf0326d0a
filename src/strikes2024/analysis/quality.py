"""The record about itself: where its figures come from, how late, how far apart they lie."""

import pandas as pd

from strikes2024.verdicts import latest_figures

_SUBJECT = ["event", "place", "actor", "metric", "victims", "country"]


def record_by_source_kind(
    claims: pd.DataFrame, actors: pd.DataFrame, sources: pd.DataFrame
) -> pd.DataFrame:
    """Claims by the claimant's side and the kind of publication in which they were read.

    Parameters
    ----------
    claims, actors, sources
        The tables of that name.

    Returns
    -------
    pandas.DataFrame
        ``side``, ``kind``, ``claims`` (Int64), one row for each pair that occurs.

    Notes
    -----
    Method: a cross-table, no model. Assumes that the publication read stands for the statement.
    """
    sides = actors.set_index("actor_id")["side"].astype("string")
    kinds = sources.set_index("source_id")["kind"].astype("string")
    pairs = pd.DataFrame(
        {"side": claims["claimant"].map(sides), "kind": claims["source"].map(kinds)}
    )
    table = pairs.value_counts().rename("claims").reset_index()
    return table.astype({"claims": "Int64"}).sort_values(["side", "kind"]).reset_index(drop=True)


def stated_delay(claims: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Days from an event's start to each claim about it.

    Parameters
    ----------
    claims, events
        The tables of that name.

    Returns
    -------
    pandas.DataFrame
        ``claim_id``, ``event``, ``delay_days`` (Int64). Claims whose day of statement is only a
        lower limit (``not_before``) are left out.

    Notes
    -----
    Method: a difference of days. Assumes that local and US days count alike.
    """
    dated = claims[claims["event"].notna() & (claims["stated_basis"] != "not_before")]
    start = dated["event"].map(events.set_index("event_id")["start"])
    delay = (dated["stated"] - start).dt.days.astype("Int64")
    return dated[["claim_id", "event"]].assign(delay_days=delay).reset_index(drop=True)


def delay_by_side(claims: pd.DataFrame, events: pd.DataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    """How late each side speaks: quartiles of :func:`stated_delay`.

    Parameters
    ----------
    claims, events, actors
        The tables of that name.

    Returns
    -------
    pandas.DataFrame
        ``side``, ``claims`` (Int64), ``quarter``, ``median``, ``three_quarters`` (days), by median.
        A delay below zero is a US day one before the local one.

    Notes
    -----
    Claims on campaigns are left out, since a campaign's start says little about when a figure
    could be known.

    Method: quartiles by linear interpolation. Assumes that a claimant speaks for its side.
    """
    single = events[events["kind"] != "campaign"]
    delays = stated_delay(claims[claims["event"].isin(single["event_id"])], single)
    claimant = delays["claim_id"].map(claims.set_index("claim_id")["claimant"])
    side = claimant.map(actors.set_index("actor_id")["side"].astype("string"))
    grouped = delays["delay_days"].astype(float).groupby(side.rename("side"))
    quartiles = {
        "claims": grouped.size().astype("Int64"),
        "quarter": grouped.quantile(0.25),
        "median": grouped.median(),
        "three_quarters": grouped.quantile(0.75),
    }
    table = pd.DataFrame(quartiles).reset_index()
    return table.sort_values(["median", "side"]).reset_index(drop=True)


def single_source(claims: pd.DataFrame) -> pd.DataFrame:
    """How much of the record rests on a single source.

    Parameters
    ----------
    claims
        The table of that name.

    Returns
    -------
    pandas.DataFrame
        ``measure``, ``count``, ``of`` (Int64), and ``share`` (0 to 1; missing for an empty table).

    Notes
    -----
    Three measures: claims read in one publication only; things (event, place or actor, metric,
    victims, country) that one claimant alone gives a figure for; claims whose publication
    itself names another (``cited_via``) as its source.

    Method: counts, no model. Assumes that no publication of a statement was overlooked.
    """
    groups = claims.groupby(_SUBJECT, dropna=False, observed=True)["claimant"].nunique()
    rows = [
        ("claims read in one publication", int(claims["also_in"].isna().sum()), len(claims)),
        ("things that one claimant alone counts", int((groups == 1).sum()), len(groups)),
        ("claims through another publication", int(claims["cited_via"].notna().sum()), len(claims)),
    ]
    table = pd.DataFrame(rows, columns=["measure", "count", "of"])
    table = table.astype({"count": "Int64", "of": "Int64"})
    return table.assign(share=(table["count"] / table["of"].replace(0, pd.NA)).astype("Float64"))


def contradictions(claims: pd.DataFrame) -> pd.DataFrame:
    """Things on which two claimants' latest figures cannot both be right, by event.

    Parameters
    ----------
    claims
        The table of that name.

    Returns
    -------
    pandas.DataFrame
        ``event``, ``things`` (with figures of two claimants or more), ``contradicted`` (Int64), for
        each event with at least one such thing, most contradicted first.

    Notes
    -----
    A thing is one metric for one event, group of victims and country. Each claimant's latest
    standing figure is an interval, open upwards for "at least" and "more than", from zero for
    "up to"; a thing is contradicted where two such intervals do not meet. Rounded figures
    ("about") count as given, so some contradictions are only a matter of rounding.

    Method: intervals that do not meet. Assumes that claimants mean the same thing by one
    metric.
    """
    whole = claims[(claims["scope"] == "whole") & claims["event"].notna()]
    thing = ["event", "metric", "victims", "country"]
    counted = latest_figures(whole, by=("claimant", *thing))
    grouped = counted.groupby(thing, dropna=False, observed=True)
    table = pd.DataFrame(
        {
            "claimants": grouped.size(),
            # An open end never lies beyond another's.
            "apart": grouped["low"].max() > grouped["high"].min(),
        }
    )
    table = table[table["claimants"] > 1]
    by_event = table.groupby("event")["apart"].agg(things="size", contradicted="sum")
    found = by_event.astype("Int64").reset_index()
    order = ["contradicted", "things", "event"]
    return found.sort_values(order, ascending=[False, False, True]).reset_index(drop=True)


def date_precision(events: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """How well the days are known: of events, and of the statements of claims.

    Parameters
    ----------
    events, claims
        The tables of that name.

    Returns
    -------
    pandas.DataFrame
        ``what`` (``event`` or ``statement``), ``precision`` (``date_precision`` of events,
        ``stated_basis`` of claims), ``rows`` (Int64), ``share`` (Float64, 0 to 1, of its kind).

    Notes
    -----
    Method: counts, no model. Assumes that the precision given is right.
    """
    columns = {"event": events["date_precision"], "statement": claims["stated_basis"]}
    parts = []
    for what, column in columns.items():
        counts = column.astype("string").value_counts().rename_axis("precision")
        part = counts.reset_index(name="rows")
        parts.append(part.assign(what=what, share=part["rows"] / max(1, len(column))))
    table = pd.concat(parts).astype({"rows": "Int64", "share": "Float64"})
    order = table.sort_values(["what", "rows", "precision"], ascending=[True, False, True])
    return order[["what", "precision", "rows", "share"]].reset_index(drop=True)
