"""Figures that the prose needs and that no single claim gives: counts, spans, sums, lags.

``figures.toml`` lists them: for each the function of this module that computes it, what that is
given, how the card says that it is computed, and the page of the record where its parts stand. A
chapter writes the figure's name; the book sets the text, so that no figure is typed.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, TypeAlias

import pandas as pd

from strikes2024 import analysis, campaign
from strikes2024.analysis.phases import ratio_limits
from strikes2024.schema import read_package
from strikes2024.tables import Tables
from strikes2024.wording import day, decimals, month, number, reach, span

Found: TypeAlias = str | float


@dataclass(frozen=True)
class Figure:
    """A computed figure: how that is done, where its parts are, by what, of what.

    ``page`` is a chapter and, after ``#``, the anchor of a row in it. Where the row depends on the
    data, ``{row}`` stands for it, and the function ``row`` finds it. That function and ``by`` are
    of this module; both get ``given``.
    """

    how: str
    page: str
    by: str
    given: Mapping[str, Any] = field(default_factory=dict)
    row: str = ""

    def text(self, t: Tables) -> str:
        """Write the figure.

        Parameters
        ----------
        t
            The record.
        """
        found: Found = globals()[self.by](t, **self.given)
        return found if isinstance(found, str) else number(found)

    def place(self, t: Tables) -> str:
        """Chapter and anchor of the figure's parts.

        Parameters
        ----------
        t
            The record.
        """
        return self.page.format(row=self.row and globals()[self.row](t, **self.given))


PAUSE = "After the announced pause"
QUIET = "From the strike of 7 February"


@lru_cache(maxsize=64)
def _once(work: Callable[..., Any], *given: Any) -> Any:
    """Work out a table once for each record, since many figures are cells of one.

    Whoever changes a record in a notebook asks the functions themselves.
    """
    return work(*given)


def _audits(t: Tables) -> dict[int, Any]:
    """Return what each round of second readings found; at 0 what all did."""
    rounds = [(0, _by_row(t.audit)), *t.audit.groupby("round")]
    return {name: analysis.audit_summary(rows, t.sources).iloc[-1] for name, rows in rounds}


def _by_row(audit: pd.DataFrame) -> pd.DataFrame:
    """Return each row of the record once, with the gravest outcome of its readings."""
    order = ["not_reached", "confirmed", "detail", "wrong"]
    grave = audit["outcome"].astype("string").map(order.index)
    return audit.loc[grave.sort_values().index].drop_duplicates(["table", "row_id"], keep="last")


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def _of(count: float, of: float) -> str:
    """Write a count beside what it is a part of: ``27 of 296``."""
    return f"{number(count)} of {number(of)}"


# The size of the record


def count(t: Tables, table: str, where: str = "", distinct: str = "") -> int:
    """Count rows of a table, or distinct values of a column in them.

    Parameters
    ----------
    t
        The record.
    table
        The table.
    where
        Which rows, as an expression of pandas; "" for all.
    distinct
        The column whose values are counted; "" for rows.
    """
    rows = t[table].query(where) if where else t[table]
    return rows[distinct].nunique() if distinct else len(rows)


def data_version(_t: Tables) -> str:
    """Return the version of the data."""
    return read_package().version


def data_date(_t: Tables) -> str:
    """Return the day of this version."""
    return day(pd.Timestamp(read_package().descriptor["created"]))


# Events and statements


def dated_attacks(t: Tables, until: str = "", *, confirmed: bool = False) -> int:
    """Count dated attacks, up to the day of a cumulative count or to the last."""
    dated = campaign.campaign_attacks(t)
    if until:
        dated = dated[dated["start"] <= t.tallies.set_index("tally_id")["as_of"][until]]
    return int((dated["us_confirmed"] == "yes").sum()) if confirmed else len(dated)


def last_attack(t: Tables) -> str:
    """Return the month of the last dated attack."""
    return month(campaign.campaign_attacks(t)["start"].max())


def first_year(t: Tables) -> str:
    """Return the year of the earliest incident before the campaign."""
    e = t.events
    early = e[(e["start"] < campaign.campaign_start(t)) & (e["kind"] != "campaign")]
    return str(early["start"].min().year)


def us_strikes_before(t: Tables) -> int:
    """Count the US strikes of the campaign before those of February."""
    own = (t.events["kind"] == "us_strike") & (t.events["start"] >= campaign.campaign_start(t))
    return int((own & (t.events["start"] < campaign.start_of(t, campaign.FEBRUARY))).sum())


def days_to_answer(t: Tables) -> int:
    """Count the days from Tower 22 to the strikes."""
    return (campaign.start_of(t, campaign.FEBRUARY) - campaign.start_of(t, campaign.TOWER_22)).days


def hour(t: Tables, event: str, zone: str = "") -> str:
    """Return the local time of an event."""
    return str(t.events.set_index("event_id")["local_time"][event]) + zone


def _stated(t: Tables, claim: str) -> pd.Timestamp:
    stated: pd.Timestamp = t.claims.set_index("claim_id")["stated"][claim]
    return stated


def statement_month(t: Tables, claim: str) -> str:
    """Return the month in which a claim was stated."""
    return month(_stated(t, claim))


def statement_lag(t: Tables, event: str, claim: str, days: int = 1) -> int:
    """Count the days, or spans of several, from an event to a claim."""
    return (_stated(t, claim) - campaign.start_of(t, event)).days // days


def response_count(t: Tables) -> int:
    """Count the events that somebody called the response to a single earlier one."""
    return len(analysis.responses(t.events, t.links))


def us_responses(t: Tables, measure: str) -> Found:
    """Measure how many days after its cause a US strike came that was called a response."""
    ties = analysis.responses(t.events, t.links)
    lags = ties.loc[ties["from_kind"].isin(["us_strike", "assassination"]), "lag_days"]
    limits = analysis.median_lag(lags).iloc[0]
    measures: dict[str, Found] = {
        "count": len(lags),
        "median": lags.median(),
        "fast": int((lags <= lags.median()).sum()),
        "span": span(lags.min(), lags.max()),
        "interval": span(limits["low"], limits["high"]),
    }
    return measures[measure]


def _abroad(t: Tables, stances: list[str]) -> pd.Series:
    """Parties outside the US that took a stance towards the strikes, each counted once.

    A crowd or unnamed critics are no party.
    """
    kinds = t.actors.set_index("actor_id")["kind"]
    rows = t.reactions[t.reactions["event"].isin([campaign.FEBRUARY, campaign.BAGHDAD])]
    rows = rows[(rows["actor"].map(kinds) != "unnamed") & (rows["bloc"] != "us_domestic")]
    return rows.loc[rows["stance"].isin(stances), "actor"].drop_duplicates()


def parties_abroad(t: Tables, stances: list[str]) -> int:
    """Count the parties outside the US that took a stance towards the strikes."""
    return len(_abroad(t, stances))


def backers_abroad(t: Tables) -> str:
    """Name the parties outside the US that supported the strikes."""
    names = t.actors.set_index("actor_id")["name"]
    return ", ".join(sorted(names[_abroad(t, ["supports"])]))


def members_behind(t: Tables, party: str) -> str:
    """Count a party's members of Congress who supported the strikes, of those recorded."""
    own = (t.reactions["actor"] == "us-congress") & (t.reactions["event"] == campaign.FEBRUARY)
    rows = t.reactions[own].drop_duplicates("speaker")
    rows = rows[rows["role"].str.contains(f"({party})", regex=False)]
    return _of((rows["stance"] == "supports").sum(), len(rows))


# Headline figures


def headline(t: Tables, slug: str) -> str:
    """Answer a headline question as the page of reconciled figures does."""
    return str(campaign.answer_to(t, slug))


def killed_baghdad(t: Tables) -> str:
    """Return the range of those killed in Baghdad."""
    return str(campaign.killed_in(t, campaign.BAGHDAD))


def killed_sum(t: Tables, rule: str) -> str:
    """Write the sum of those killed by one rule, as in the table of sensitivity."""
    found = campaign.killed_estimate(t, rule)
    return str(campaign.Answer(found.low, found.high, found.open_ended))


def toll_count(t: Tables) -> int:
    """Count the latest figures for those killed."""
    return campaign.tolls(t)["statement_id"].nunique()


def wrong_tolls(t: Tables) -> int:
    """Count the fewest of them that must be wrong."""
    return int(_once(campaign.toll_conflict, t).size)


# The pace of attacks


def _phase(t: Tables, name: str, claimant: str = campaign.COUNTER, column: str = "total") -> Any:
    return _once(campaign.campaign_rates, t, claimant, column).set_index("phase").loc[name]


def attacks_in(
    t: Tables, phase: str, claimant: str = campaign.COUNTER, column: str = "total"
) -> str:
    """Return the fewest and the most attacks in a phase."""
    row = _phase(t, phase, claimant, column)
    return reach(row["fewest"], row["most"])


def rate_in(t: Tables, phase: str, ends: tuple[str, str]) -> str:
    """Return a range of the daily rate in a phase."""
    low, high = _phase(t, phase)[list(ends)]
    return decimals(low, high)


def days_in(t: Tables, phase: str) -> int:
    """Count the days of a phase."""
    return int(_phase(t, phase)["days"])


def dated_share(t: Tables, phase: str) -> str:
    """Attacks of a phase that a US statement confirms by date, beside all that were counted."""
    return f"{_phase(t, phase)['confirmed']} of {attacks_in(t, phase)}"


def truce_rise(t: Tables) -> int:
    """Return the rise of the official count during the truce."""
    line = analysis.official_line(t.tallies, campaign.COUNTER).set_index("as_of")["count"]
    before = line[line.index < pd.Timestamp("2023-11-25")].iloc[-1]
    return int(line[line.index <= pd.Timestamp("2023-12-01")].iloc[-1] - before)


def quiet_share(t: Tables) -> str:
    """Return the highest ratio of the rate after the last strike to that of the winter."""
    ratios = analysis.phase_ratios(
        _once(campaign.campaign_rates, t, campaign.COUNTER, "total"),
        campaign.WINTER,
        dispersion=campaign.salvo_index(t),
    )
    high = ratios.set_index("phase")["high"][QUIET]
    return f"{_percent(high)} %"


def none_in_quiet(t: Tables) -> str:
    """Chance of no attack in the quiet phase at a tenth of the pace of the winter."""
    mean = float(_phase(t, campaign.WINTER)["rate_low"]) * days_in(t, QUIET) / 10
    return f"{100 * analysis.chance_of_at_most(0, mean, campaign.salvo_index(t)):.2f} per cent"


def none_in_pause(t: Tables) -> str:
    """Chance of no attack in the days of the pause at the pace of the winter."""
    mean = float(_phase(t, campaign.WINTER)["rate_low"]) * days_in(t, PAUSE)
    return f"{_percent(analysis.chance_of_at_most(0, mean, campaign.salvo_index(t)))} per cent"


def fall(t: Tables) -> str:
    """Return the chance that the pace fell in the week of the strikes."""
    low, high = _once(campaign.fall_in_week, t)
    return f"{_percent(low)} to {_percent(high)} per cent"


def around_strikes(t: Tables, column: str) -> int:
    """Dated attacks around the earlier US strikes, before or after."""
    return int(_once(campaign.strikes_before_after, t)[column].iloc[-1])


def around_ratio(t: Tables) -> str:
    """Return the ratio of those after to those before, with its interval."""
    row = _once(campaign.strikes_before_after, t).iloc[-1]
    return f"{row['ratio']:.2f} ({decimals(row['low'], row['high'], 2)})"


def salvos(t: Tables, ends: list[str]) -> str:
    """Return how far attacks came in salvos, or the interval of that."""
    return "–".join(f"{end:.1f}" for end in _once(campaign.campaign_dispersion, t).iloc[0][ends])


def harm(t: Tables, period: int) -> str:
    """US personnel wounded per counted attack, with its interval."""
    row = _once(campaign.campaign_harm, t).iloc[period]
    return f"{row['per_attack']:.1f} ({decimals(row['low'], row['high'])})"


def harm_attacks(t: Tables, period: int, column: str) -> int:
    """Counted attacks, or deadly ones, in the same period."""
    return int(_once(campaign.campaign_harm, t)[column].iloc[period])


# The pace by country


def _in_country(t: Tables, country: str, on: str) -> Any:
    """The interval of a country's count that holds a day."""
    rates = _once(campaign.country_rates, t)
    return rates[(rates["country"] == country) & (rates["end"] >= pd.Timestamp(on))].iloc[0]


def country_anchor(row: Any) -> str:
    """Return the id of a row of :func:`~strikes2024.campaign.country_rates`."""
    return f"rate-{row.country}-{row.end:%Y-%m-%d}"


def country_row(t: Tables, country: str, on: str, **_other: str) -> str:
    """Return the id of the row of the interval that holds a day."""
    return country_anchor(_in_country(t, country, on))


def country_week(t: Tables, country: str, on: str) -> str:
    """Return the weekly rate in the interval that holds a day."""
    row = _in_country(t, country, on)
    return decimals(row["rate_low"], row["rate_high"])


def country_ratio(t: Tables, country: str, on: str, before: str) -> str:
    """Return the ratio of the rates of two intervals, each named by a day in it."""
    late, early = (_in_country(t, country, moment) for moment in (on, before))
    low, high = ratio_limits(late, early, dispersion=campaign.salvo_index(t))
    return decimals(low, high, 2)


# The quality of the record


def contested(t: Tables) -> str:
    """Count the quantities on which two claimants cannot both be right."""
    sums = analysis.contradictions(t.claims)[["things", "contradicted"]].sum()
    return _of(sums["contradicted"], sums["things"])


def checks(t: Tables, *, agreeing: bool = False, independent: bool = True) -> int:
    """Count the other trackers' figures that were computed from this record."""
    found = _once(campaign.campaign_checks, t)
    found = found[found["independent"] == independent]
    return int((found["verdict"] == "agrees").sum()) if agreeing else len(found)


def left_out(t: Tables) -> str:
    """Count the official statements that give way, of all that bear on the count."""
    statements = campaign.campaign_statements(t, split=True)["statement_id"]
    return _of(_once(campaign.campaign_conflict, t).size, statements.nunique())


def predictions(t: Tables, measure: str) -> str:
    """Measure how well the official counts predict each other."""
    scores = _once(campaign.count_scores, t).set_index("method")
    own: Any = scores.loc["conditional"]
    measures = {
        "held": f"{int(own['held'])} of {int(own['closed'])}",
        "share": f"{_percent(own['low'])} to {_percent(own['high'])} per cent",
        "score": f"{own['score']:.1f}",
        "rival": f"{scores['score'].drop('conditional').min():.1f}",
    }
    return measures[measure]


def us_on_official_pages(t: Tables) -> str:
    """Figures of the US side that were read on an official page, of all of its figures."""
    kinds = analysis.record_by_source_kind(t.claims, t.actors, t.sources)
    ours = kinds[kinds["side"] == "us"]
    return _of(ours.loc[ours["kind"] == "official", "claims"].sum(), ours["claims"].sum())


def sources_of_claims(t: Tables, measure: str) -> str:
    """One of the measures of :func:`~strikes2024.analysis.single_source`."""
    row: Any = analysis.single_source(t.claims).set_index("measure").loc[measure]
    return _of(row["count"], row["of"])


def read_twice(t: Tables) -> str:
    """Count the claims that were read a second time."""
    return _of(len(analysis.read_twice(t.audit, "claims")), len(t.claims))


def checkable(t: Tables) -> int:
    """Count the rows of all tables of which rows were read a second time."""
    return sum(len(t[name]) for name in t.audit["table"].unique())


def second_reading(t: Tables, measure: str, before: int | None = None) -> str:
    """Return an outcome of all second readings, or of a round ``before`` the last random one."""
    last = t.audit.loc[t.audit["selection"] == "random", "round"].max()
    row = _once(_audits, t)[0 if before is None else last - before]
    if measure == "rate":
        return f"{_percent(row['rate'])} per cent"
    if measure == "interval":
        return f"{_percent(row['low'])} to {_percent(row['high'])} per cent"
    found = row["cited"] + row["other"] if measure == "read" else row[measure]
    return number(found) if found else "none"


FIGURES: Final = {
    name: Figure(**words)
    for name, words in tomllib.loads(
        (files("strikes2024.report") / "figures.toml").read_text(encoding="utf-8")
    ).items()
}
