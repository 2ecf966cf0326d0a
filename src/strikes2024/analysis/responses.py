"""Who answered what, and after how many days."""

import math

import pandas as pd

from strikes2024.analysis.casualties import deaths_by_event


def responses(events: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Stated answers (``links`` of relation ``in_answer_to``) with their lag in local days.

    Parameters
    ----------
    events, links
        The tables of that name.

    Returns
    -------
    pandas.DataFrame
        ``from_event``, ``from_title``, ``from_kind``, ``from_start``, ``to_event``, ``to_title``,
        ``to_kind``, ``to_start``, ``lag_days`` (Int64; 0 means the same local day), ``stated_by``,
        ``source``, sorted by ``from_start``.

    Notes
    -----
    A tie is somebody's statement, not a proof of motive; campaigns are left out, since an answer to
    a whole campaign has no lag. Where several sources state one tie, the row whose ``link_id``
    comes first is kept.

    Method: a selection and a difference of days. Assumes that who states a tie is right about
    it.
    """
    ties = links[links["relation"] == "in_answer_to"]
    ties = ties.sort_values("link_id").drop_duplicates(["from_event", "to_event"])
    names = events.set_index("event_id")[["title", "kind", "start"]]
    for side in ("from", "to"):
        ties = ties.join(names.add_prefix(f"{side}_"), on=f"{side}_event", how="inner")
    ties = ties[(ties["from_kind"] != "campaign") & (ties["to_kind"] != "campaign")]
    ties = ties.assign(lag_days=(ties["from_start"] - ties["to_start"]).dt.days.astype("Int64"))
    ends = [f"{side}_{what}" for side in ("from", "to") for what in ("event", *names)]
    columns = [*ends, "lag_days", "stated_by", "source"]
    order = ["from_start", "from_event", "to_event"]
    return ties[columns].sort_values(order).reset_index(drop=True)


def ladders(events: pd.DataFrame, links: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """The ladders of escalation: events joined by responses that somebody named, rung by rung.

    Parameters
    ----------
    events, links, claims
        The tables of that name.

    Returns
    -------
    pandas.DataFrame
        ``episode`` (1, 2, … by its first day), ``rung``, ``event``, ``start``, ``title``,
        ``kind``, ``answers`` (event ids joined by ``;``, blank for the first), ``lag_days`` (Int64,
        to the latest of them), and the deaths of :func:`~strikes2024.analysis.deaths_by_event`
        (``us_low``, ``us_high``, ``other_low``, ``other_high``).

    Notes
    -----
    An episode is a set of events that answers join, directly or through others. Order in time
    inside an episode is not by itself an answer: ``answers`` names what each rung was said to
    answer.

    Method: connected components of the graph of :func:`responses`, by ``scipy.sparse.csgraph``.
    Assumes that such responses tie events into one episode.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ties = responses(events, links)
    known = pd.Index(pd.unique(pd.concat([ties["from_event"], ties["to_event"]])))
    later, earlier = known.get_indexer(ties["from_event"]), known.get_indexer(ties["to_event"])
    size = len(known)
    edges = coo_array(([1] * len(ties), (later, earlier)), shape=(size, size))
    _, label = connected_components(edges, directed=False)
    rungs = events.set_index("event_id").loc[known, ["start", "title", "kind"]]
    rungs = rungs.assign(label=label).rename_axis("event").reset_index()
    rungs = rungs.sort_values(["start", "event"])
    rungs["episode"] = pd.factorize(rungs["label"])[0] + 1
    answers = ties.groupby("from_event").agg(
        answers=("to_event", ";".join), lag_days=("lag_days", "min")
    )
    rungs = rungs.join(answers.astype({"answers": "string", "lag_days": "Int64"}), on="event")
    rungs["same_day"] = rungs["lag_days"].isin([0])  # after what it answers
    rungs = rungs.sort_values(["episode", "start", "same_day", "event"])
    rungs["rung"] = rungs.groupby("episode").cumcount() + 1
    found = rungs.merge(deaths_by_event(claims), on="event", how="left")
    first = ["episode", "rung", "event", "start", "title", "kind", "answers", "lag_days"]
    columns = [*first, "us_low", "us_high", "other_low", "other_high"]
    table: pd.DataFrame = found[columns].reset_index(drop=True)
    return table


def median_lag(lags: pd.Series, level: float = 0.95) -> pd.DataFrame:
    """The median lag with an exact interval between two of the ordered lags.

    Parameters
    ----------
    lags
        How long each answer took, in any unit.
    level
        The interval covers the median of all cases like these with at least this probability.

    Returns
    -------
    pandas.DataFrame
        One row: ``n``, ``median``, ``low``, ``high`` (in the unit of ``lags``). The ends are
        missing where even the shortest and the longest lag do not reach the level.

    Notes
    -----
    The interval holds whatever the distribution. It takes the cases as independent, which exchanges
    between the same parties are not, and cannot make up for cases that nobody reported.

    Method: order statistics (Thompson 1936). Assumes independent cases.

    Examples
    --------
    >>> import pandas as pd
    >>> from strikes2024.analysis import median_lag
    >>> median_lag(pd.Series([1, 2, 2, 3, 5, 8, 9])).iloc[0].tolist()
    [7.0, 3.0, 1.0, 9.0]
    """
    import numpy as np
    from scipy.stats import binom

    values = np.sort(lags.dropna().to_numpy(dtype=float))
    gone = math.nan
    middle = float(np.median(values)) if len(values) else gone
    row = {"n": len(values), "median": middle, "low": gone, "high": gone}
    tail = binom.cdf(np.arange(len(values)), len(values), 0.5)
    inside = int((tail <= (1 - level) / 2).sum())
    if inside:
        row |= {"low": float(values[inside - 1]), "high": float(values[-inside])}
    return pd.DataFrame([row])
