"""The report's own questions, put to the functions of :mod:`strikes2024.analysis`.

Which claimant, which events, which phases: what the functions leave to their caller is settled
here once, so that charts, figures in the text and tables agree.
"""

from functools import partial

import numpy as np
import pandas as pd

from strikes2024 import analysis, campaign
from strikes2024.analysis import crosschecks
from strikes2024.analysis.casualties import US_SIDE
from strikes2024.campaign.headlines import HEADLINES
from strikes2024.tables import COUNTRIES, Tables
from strikes2024.verdicts import numbered, ranges

_DAY, _HALF_A_DAY = pd.Timedelta(days=1), pd.Timedelta(hours=12)


def campaign_attacks(t: Tables) -> pd.DataFrame:
    """Dated attacks on US forces since the campaign began.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    pandas.DataFrame
        Rows of ``events``.
    """
    start = campaign.campaign_start(t)
    attacks: pd.DataFrame = t.events[
        (t.events["kind"] == "attack_on_us_forces") & (t.events["start"] >= start)
    ]
    return attacks


def campaign_phases(
    t: Tables, claimant: str = campaign.COUNTER, column: str = "total"
) -> pd.DataFrame:
    """Phases from the first attack to the claimant's last count, by the breakpoints known.

    Parameters
    ----------
    t
        The record.
    claimant, column
        Whose count, and of which country; by default the official one of all.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`~strikes2024.analysis.phases`.
    """
    last = analysis.official_line(t.tallies, claimant, column)["as_of"].max()
    known = [phase for phase in campaign.PHASES if phase[2] in set(t[phase[1]].iloc[:, 0])]
    starts = analysis.breakpoints(t, known)
    return analysis.phases(starts[starts["start"] <= last], last)


def campaign_rates(
    t: Tables, claimant: str = campaign.COUNTER, column: str = "total"
) -> pd.DataFrame:
    """Attacks a day by phase, with the dated attacks of each phase beside the count.

    Parameters
    ----------
    t
        The record.
    claimant, column
        Whose count, and of which country; by default the official one of all.

    Returns
    -------
    pandas.DataFrame
        The columns of the phases, those of :func:`~strikes2024.analysis.dated_in` and of
        :func:`~strikes2024.analysis.interval_rates`; intervals allow for salvos.

    Examples
    --------
    >>> import strikes2024
    >>> from strikes2024.campaign.questions import campaign_rates
    >>> rates = campaign_rates(strikes2024.load())
    >>> bool((rates["fewest"] <= rates["most"]).all())
    True
    """
    intervals = analysis.dated_in(t.events, campaign_phases(t, claimant, column))
    return _rates(t, intervals, intervals["end"].max(), claimant=claimant, column=column)


def campaign_periods(t: Tables) -> pd.DataFrame:
    """Attacks a day in the official count by main period, each of one phase or of several.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    pandas.DataFrame
        The columns of the phases and of :func:`~strikes2024.analysis.interval_rates`.
    """
    every = campaign_phases(t)
    first = every[every["phase"].isin(list(campaign.PERIODS))].reset_index(drop=True)
    starts = first.assign(phase=first["phase"].map(campaign.PERIODS))
    last = every["end"].max()
    return _rates(t, analysis.phases(starts, last), last)


def _rates(
    t: Tables, intervals: pd.DataFrame, day: pd.Timestamp, *, unit_days: int = 1, **whose: str
) -> pd.DataFrame:
    """Rates over intervals, which from a day on end with a total, in the course of their day."""
    noon = intervals["end"] + _HALF_A_DAY * (intervals["end"] >= day).astype(int)
    found = campaign.count_bounds(t, intervals[["start"]].assign(end=noon), **whose)
    known = intervals.assign(fewest=found["fewest"], most=found["most"])
    return analysis.interval_rates(known, dispersion=salvo_index(t), unit_days=unit_days)


def earlier_tolls(t: Tables, kinds: list[str]) -> pd.DataFrame:
    """People killed in each event before the campaign: lowest and highest of the latest claims.

    Parameters
    ----------
    t
        The record.
    kinds
        Of the events.

    Returns
    -------
    pandas.DataFrame
        ``event``, ``start``, ``title``, ``kind``, ``low``, ``high`` (persons), ``claims`` (how many
        count), ``open`` (whether the upper end is a floor), by ``start``; events in which nobody is
        said to have died are left out.

    Notes
    -----
    Victims whom a claimant counts apart, such as civilians, are no rivals of the whole: they count
    only where nobody counts militants, members of the PMF or people of no named group.
    """
    before = t.events["start"] < campaign.campaign_start(t)
    early = t.events[before & t.events["kind"].isin(kinds)]
    killed = numbered(t.claims[(t.claims["metric"] == "killed") & (t.claims["scope"] == "whole")])
    line = analysis.latest(killed, by=("event", "claimant"))
    whole = line["victims"].isin(analysis.ADVERSARIES)
    line = line[whole | ~line["event"].isin(line.loc[whole, "event"])]
    found = ranges(line, ["event"]).query("high > 0").rename(columns={"open_ended": "open"})
    about = early[["event_id", "start", "title", "kind"]].rename(columns={"event_id": "event"})
    return about.merge(found, on="event").sort_values("start")


def strikes_before_after(t: Tables) -> pd.DataFrame:
    """Dated attacks in the seven days before and after each earlier US strike of the campaign.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`~strikes2024.analysis.before_after`; the last row is the sum.
    """
    first = campaign.start_of(t, campaign.FEBRUARY)
    before = t.events["start"].between(campaign.campaign_start(t), first - _DAY)
    own = (t.events["kind"] == "us_strike") & before
    days = campaign_attacks(t)["start"]
    return analysis.before_after(days, t.events.loc[own, "start"], dispersion=salvo_index(t))


def fall_in_week(t: Tables) -> tuple[float, float]:
    """How likely the fall of the pace lies between the strikes of February.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    tuple of float
        Lowest and highest probability, 0 to 1.

    Notes
    -----
    Method: the posterior of :func:`~strikes2024.analysis.change_point` from the winter on, for the
    fewest and for the most attacks that the statements allow in each phase.
    """
    rates = campaign_rates(t)
    names = rates["phase"].tolist()
    events = t.events.set_index("event_id")
    first, last = events["us_date"][campaign.FEBRUARY], events["start"][campaign.BAGHDAD]
    rows = rates.iloc[names.index(campaign.WINTER) : -1]
    found = []
    for column in ("fewest", "most"):
        table = analysis.change_point(rows, column)
        inside = table["day"].between(first, last)
        found.append(float(table.loc[inside, "chance"].sum()))
    return min(found), max(found)


def campaign_harm(t: Tables) -> pd.DataFrame:
    """US personnel wounded and killed per counted attack, before the lull and after it.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    pandas.DataFrame
        ``start``, ``end`` (days), ``attacks``, ``deadly`` (attacks that killed US personnel),
        ``killed``, ``wounded`` (Int64) and the columns of
        :func:`~strikes2024.analysis.harm_per_attack` for the wounded; ``share_low`` and
        ``share_high`` (0 to 1) are the exact limits for the share of deadly attacks.

    Notes
    -----
    The first period ends with the counter's last total that comes with the wounded, the second
    with its last total; the third is both. The wounded of the second are those that it gave for
    single attacks.
    """
    totals = analysis.standing_counts(t.tallies, campaign.COUNTER, "total")
    totals = totals[totals["qualifier"] == "exactly"]
    first, last = totals[totals["injured"].notna()].iloc[-1], totals.iloc[-1]
    attacks = campaign_attacks(t)
    own = t.claims[
        t.claims["event"].isin(attacks["event_id"])
        & t.claims["victims"].isin(US_SIDE)
        & t.claims["claimant"].isin(campaign.SPEAKERS)
        & (t.claims["scope"] == "whole")
        & (t.claims["status"] == "stands")
    ]
    late = own["event"].map(attacks.set_index("event_id")["start"]) > first["as_of"]
    # Service members and contractors are also counted together: the highest is all of them.
    ours = own[late & (own["claimant"] == campaign.COUNTER)]
    highest = ours.groupby(["metric", "event"], observed=True)["low"].max()
    after = highest.groupby("metric", observed=False).sum()
    batches = own[own["metric"] == "wounded"].groupby("event")["low"].max().dropna()
    killing = (own["metric"] == "killed") & (own["low"] > 0)
    counts = {
        "attacks": (first["total"], last["total"] - first["total"]),
        "deadly": [own.loc[killing & when, "event"].nunique() for when in (~late, late)],
        "killed": (first["killed"], after["killed"]),
        "wounded": (first["injured"], after["wounded"]),
    }
    start, ends = campaign.campaign_start(t), [first["as_of"], last["as_of"], last["as_of"]]
    days = {"start": [start, ends[0] + _DAY, start], "end": ends}
    sums = {name: pd.array([*two, sum(two)], dtype="Int64") for name, two in counts.items()}
    periods = pd.DataFrame(days | sums)
    limits = np.vectorize(analysis.binomial_interval, otypes=[float, float])
    low, high = limits(periods["deadly"], periods["attacks"])
    table = analysis.harm_per_attack(periods, batches.astype(float))
    return table.assign(share_low=low, share_high=high)


def salvo_index(t: Tables) -> float:
    """By how much intervals are widened for attacks that come in salvos.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    float
        Variance over mean of daily attacks (:func:`campaign_dispersion`), at least 1.
    """
    return max(1.0, float(campaign_dispersion(t)["index"].iloc[0]))


def campaign_checks(t: Tables) -> pd.DataFrame:
    """Other trackers' figures beside ours, by the checks of ``campaign.toml``.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`~strikes2024.analysis.crosscheck`, and ``independent`` (boolean):
        false where ours only adds up the parts that the same publication gives.
    """
    checks = {}
    for name, fact in campaign.CROSSCHECKS.items():
        measure = partial(getattr(crosschecks, fact["measure"]), **fact["given"])
        checks[name] = crosschecks.Check(measure, fact["how"], fact["why"])
    found = analysis.crosscheck(t, checks)
    measures = found["check_id"].map(lambda name: campaign.CROSSCHECKS[name]["measure"])
    return found.assign(independent=~measures.isin(["sum_by_base", "sum_of_claims"]))


def country_rates(t: Tables) -> pd.DataFrame:
    """Attacks a week in Iraq and in Syria before, in and after the truce, by the US count.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    pandas.DataFrame
        ``country`` (a column of ``tallies``), ``start``, ``end``, ``days`` and the columns of
        :func:`~strikes2024.analysis.interval_rates`, per week.

    Notes
    -----
    The third period ends with the first count by country after Tower 22, the last one with the
    last.
    """
    starts = campaign_phases(t).set_index("phase")["start"]
    winter = starts[campaign.WINTER]
    truce = starts[starts < winter].max()
    split = analysis.standing_counts(t.tallies, campaign.COUNTER, "iraq")
    tower = campaign.start_of(t, campaign.TOWER_22)
    later = split.loc[split["as_of"] >= tower, "as_of"]
    ends = pd.Series([truce - _DAY, winter - _DAY, later.min(), later.max()])
    ends = ends.dropna().drop_duplicates()
    begins = pd.DataFrame({"phase": "", "start": [starts.iloc[0], *(ends.iloc[:-1] + _DAY)]})
    asked = analysis.phases(begins.astype({"start": "datetime64[us]"}), ends.iloc[-1])
    asked = asked.drop(columns="phase")
    parts = {
        country: _rates(t, asked, tower, unit_days=7, part=COUNTRIES[country])
        for country in ("iraq", "syria")
    }
    return pd.concat(parts, names=["country"]).reset_index("country").reset_index(drop=True)


def campaign_dispersion(t: Tables) -> pd.DataFrame:
    """How far the dated attacks came in salvos, up to Tower 22, when most of them are known.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    pandas.DataFrame
        The row of :func:`~strikes2024.analysis.dispersion`.
    """
    intervals = campaign_phases(t)
    tower = campaign.start_of(t, campaign.TOWER_22)
    return analysis.dispersion(campaign_attacks(t)["start"], intervals[intervals["end"] < tower])


def count_scores(t: Tables) -> pd.DataFrame:
    """How well the official counts predict each other, beside simple rivals.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`~strikes2024.analysis.prediction_scores`.
    """
    return analysis.prediction_scores(t.tallies, campaign.SPEAKERS)


def headline_sensitivity(t: Tables) -> pd.DataFrame:
    """Every rule applied to every headline figure that claims answer.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`~strikes2024.analysis.sensitivity`. A sum is added up from the
        estimates of its parts.
    """
    found = []
    for headline in HEADLINES:
        if headline.counts:
            continue
        parts = {str(name): part for name, part in headline.claims(t).groupby("part")}
        rules = analysis.sensitivity(parts, t.actors, t.sources).groupby("rule", sort=False)
        ends = rules[["low", "best", "high", "claims"]].sum()
        ends = ends.assign(open_ended=rules["open_ended"].any(), figure=headline.question)
        found.append(ends.reset_index())
    table = pd.concat(found, ignore_index=True)
    return table[["figure", "rule", "low", "best", "high", "open_ended", "claims"]]


def parts_of_total(t: Tables) -> pd.DataFrame:
    """What Wikipedia's total of killed is put together from, and whose figures these are.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    pandas.DataFrame
        ``part``, ``claimant`` (actor id), ``metric``, ``low``, ``high`` (persons), ``qualifier``,
        ``claim_id``; lows and highs by part add up to the total.

    Raises
    ------
    KeyError
        The record has no row for the total.

    Notes
    -----
    Takes the whole figures for killed and buried that stand in the same publication as the total,
    for each of the three parts.
    """
    total = t.claims.set_index("claim_id").loc[campaign.TOTAL]
    c = t.claims
    read = c[(c["source"] == total["source"]) & (c["scope"] == "whole")]
    read = read[read["metric"].isin(["killed", "buried"])]
    found = [
        read[(read["event"] == event) & (read["country"] == country)].assign(part=part)
        for event, country, part in campaign.PARTS
    ]
    table: pd.DataFrame = pd.concat(found, ignore_index=True)
    high = table["high"].fillna(table["low"])
    columns = ["part", "claimant", "metric", "low", "high", "qualifier", "claim_id"]
    return table.assign(high=high).loc[:, columns]
