"""Deaths and injuries: on each side, by event, per attack, and as the reported counts grew."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from strikes2024 import arguments
from strikes2024.analysis.rates import poisson_interval
from strikes2024.tables import split
from strikes2024.verdicts import ADVERSARIES, latest, ranges

_SERIES = {
    "brain_injuries": "Brain injuries", "casualties": "Killed and injured", "wounded": "Injured",
}  # fmt: skip
US_SIDE = ("us_service_members", "us_personnel", "us_contractors", "coalition_personnel")


def _latest_ranges(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Ranges of the claimants' latest figures for each key and country."""
    keys = [*keys, "country"]
    return ranges(latest(_counted_apart(rows, keys[:-1]), by=("claimant", *keys)), keys)


def _counted_apart(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Keep figures over several countries from standing beside figures for each of them.

    They are dropped where every one of these countries is counted apart. Where one is not, all
    figures of the group are taken to be on the same deaths.
    """
    rows = rows.assign(country=rows["country"].astype("string").fillna(""))
    several, group = rows["country"].str.contains(";"), rows.groupby(keys).ngroup()
    each = pd.DataFrame({"group": group, "several": several, "country": split(rows["country"])})
    each = each.explode("country")
    together = each.groupby(["group", "country"], dropna=False)["several"].transform("all")
    mixed = group.isin(each.loc[together, "group"])
    return rows.assign(country=rows["country"].mask(mixed, ""))[~several | mixed]


def deaths_by_event(claims: pd.DataFrame) -> pd.DataFrame:
    """People killed in each event on the US side and on others, as ranges over claimants.

    Parameters
    ----------
    claims
        The table of that name.

    Returns
    -------
    pandas.DataFrame
        ``event``, ``us_low``, ``us_high``, ``other_low``, ``other_high`` (Float64, persons), one
        row for each event with a claim. A missing value means that nobody gave a figure, not that
        nobody died.

    Notes
    -----
    The US side are US and coalition personnel and contractors. Others are those of
    :data:`~strikes2024.analysis.ADVERSARIES`, whom claimants count together; where nobody counts
    these, whoever else is counted (civilians, say, or forces of the state). The range runs from
    the lowest to the highest of the claimants' latest whole figures; figures for different
    countries are added (outer bounds).

    Method: own; ranges over claimants, added as in :func:`add_ranges`. Assumes that whole
    figures of one side and country count the same people.
    """
    rows = claims[
        (claims["metric"] == "killed") & (claims["scope"] == "whole") & claims["event"].notna()
    ]
    adversary = rows["victims"].isin(ADVERSARIES)
    rows = rows.assign(side=rows["victims"].isin(US_SIDE).map({True: "us", False: "other"}))
    led = rows["event"].isin(rows.loc[adversary, "event"])
    rows = rows[(rows["side"] == "us") | adversary | ~led]
    found = _latest_ranges(rows, ["event", "side"])
    sums = found.pivot_table(["low", "high"], "event", "side", aggfunc="sum")
    columns = [(end, side) for side in ("us", "other") for end in ("low", "high")]
    table = sums.reindex(columns=columns).astype("Float64")
    return table.set_axis([f"{side}_{end}" for end, side in columns], axis=1).reset_index()


def killed_by_strikes(events: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """People counted as killed on the other side by each US strike, as ranges over claimants.

    Parameters
    ----------
    events, claims
        The tables of that name.

    Returns
    -------
    pandas.DataFrame
        ``event``, ``start`` (local day), ``title``, ``low``, ``high`` (Float64, persons),
        ``claims`` (Int64, figures that count), ``open_ended`` (boolean: the upper end is itself a
        floor), by ``start``. Strikes for which nobody gave a number are kept, with missing ends.

    Notes
    -----
    Figures for any of :data:`~strikes2024.analysis.ADVERSARIES` count, since claimants do not
    keep them apart; those for civilians alone are left out. Countries of one event are added up, as
    in :func:`deaths_by_event`.

    Method: own; ranges over claimants. Assumes that whole figures of one country count the same
    people.
    """
    strikes = events[events["kind"].isin(["us_strike", "assassination"])]
    rows = claims[
        claims["event"].isin(strikes["event_id"])
        & (claims["metric"] == "killed")
        & (claims["scope"] == "whole")
        & claims["victims"].isin(ADVERSARIES)
    ]
    sums = dict.fromkeys(("low", "high", "claims"), "sum") | {"open_ended": "any"}
    counted = _latest_ranges(rows, ["event"]).groupby("event").agg(sums)
    found = strikes[["event_id", "start", "title"]].rename(columns={"event_id": "event"})
    found = found.merge(counted, how="left", on="event").astype({"open_ended": "boolean"})
    found = found.fillna({"claims": 0, "open_ended": False})
    return found.sort_values(["start", "event"]).reset_index(drop=True)


def reported_casualties(
    tallies: pd.DataFrame, claims: pd.DataFrame, event: str, claimants: Iterable[str]
) -> pd.DataFrame:
    """How the reported number of US killed and wounded of a campaign grew.

    Parameters
    ----------
    tallies, claims
        The tables of that name.
    event
        The campaign.
    claimants
        Whose standing counts (whole, not by base) and whole claims on ``event`` are taken.

    Returns
    -------
    pandas.DataFrame
        ``series`` (Injured, Killed, Brain injuries, Killed and injured), ``as_of``, ``stated``
        (days of the claimant), ``figure`` (Int64, persons), ``source``, ``row`` (tally or claim
        id), each figure of a series and day once, sorted by series, ``as_of`` and figure.

    Notes
    -----
    Method: a selection, no model. Assumes that the claimants count one campaign by one
    definition.
    """
    who = arguments.several(claimants, "claimants")
    own = tallies[
        tallies["claimant"].isin(who) & (tallies["status"] == "stands") & tallies["place"].isna()
    ]
    whole = claims[
        (claims["event"] == event) & claims["claimant"].isin(who) & (claims["scope"] == "whole")
    ]
    columns = ["series", "as_of", "stated", "figure", "source", "row"]
    counted = own.rename(columns={"injured": "Injured", "killed": "Killed", "tally_id": "row"})
    counted = counted.melt(columns[1:3] + columns[4:], ["Injured", "Killed"], "series", "figure")
    said = whole.rename(columns={"low": "figure", "claim_id": "row"})
    said = said.assign(series=said["metric"].astype("string").map(_SERIES)).dropna(subset="series")
    table = pd.concat([part.astype({"figure": "Int64"})[columns] for part in (counted, said)])
    table = table.dropna(subset="figure").sort_values(["series", "as_of", "figure", "row"])
    return table.drop_duplicates(["series", "as_of", "figure"]).reset_index(drop=True)


def harm_per_attack(
    periods: pd.DataFrame, batches: pd.Series, *, column: str = "wounded", level: float = 0.95
) -> pd.DataFrame:
    """People harmed per counted attack, with an interval that allows for their coming in batches.

    Parameters
    ----------
    periods
        ``attacks`` and ``column``: how many attacks were counted in each period, and how many
        people they harmed.
    batches
        How many people single attacks harmed, for those of which it is known.
    column
        The column of ``periods`` that counts people.
    level
        Probability that an interval holds.

    Returns
    -------
    pandas.DataFrame
        The columns of ``periods`` with ``per_attack``, ``low`` and ``high`` (people per attack).

    Raises
    ------
    ValueError
        Where a period has no attack.

    Notes
    -----
    Method: a compound Poisson sum has the variance of a Poisson count times the mean of the squared
    batches over the mean batch; :func:`~strikes2024.analysis.poisson_interval` takes that as its
    dispersion. Assumes that batches of all periods come from one distribution, and that those
    known are like the others.

    Examples
    --------
    >>> import pandas as pd
    >>> from strikes2024.analysis import harm_per_attack
    >>> periods = pd.DataFrame({"attacks": [100, 40], "wounded": [60, 12]})
    >>> harm_per_attack(periods, pd.Series([1, 5, 20]))["per_attack"].tolist()
    [0.6, 0.3]
    """
    if (periods["attacks"] <= 0).any():
        raise ValueError("a period has no attack: expected at least one in each")
    sizes = batches[batches > 0].astype(float)
    dispersion = max(1.0, float((sizes**2).sum() / sizes.sum())) if len(sizes) else 1.0
    attacks, harmed = periods["attacks"].astype(float), periods[column].astype(float)
    limits = np.vectorize(poisson_interval, otypes=[float, float])
    low, high = limits(harmed, level, dispersion)
    return periods.assign(per_attack=harmed / attacks, low=low / attacks, high=high / attacks)
