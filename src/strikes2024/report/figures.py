"""Figures that the prose needs and that no single claim gives: counts, spans, sums, lags.

Each entry of :data:`FIGURES` computes a text from the tables, says how, and names the page of the
record where its parts stand. A chapter writes the entry's name; the book sets the text, so that
no figure is typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from strikes2024 import schema
from strikes2024.analysis import (
    ADVERSARIES,
    audit_summary,
    chance_of_at_most,
    claim_line,
    contradictions,
    latest,
    median_lag,
    official_line,
    phase_ratios,
    rate_ratio,
    read_twice,
    record_by_source_kind,
    responses,
    single_source,
)
from strikes2024.campaign import (
    BAGHDAD,
    COUNTER,
    FEBRUARY,
    KILLED_SUM,
    MONITOR,
    TOWER_22,
    WINTER,
    Answer,
    answer_to,
    campaign_checks,
    campaign_dispersion,
    campaign_harm,
    campaign_rates,
    campaign_start,
    count_scores,
    country_rates,
    fall_in_week,
    killed_estimate,
    salvo_index,
    start_of,
    strikes_before_after,
    toll_conflict,
    tolls,
)
from strikes2024.wording import day, join, month, number, reach, slug, span

if TYPE_CHECKING:
    from collections.abc import Callable

    from strikes2024.tables import Tables

__all__ = ["FIGURES", "Figure", "country_anchor"]


@dataclass(frozen=True)
class Figure:
    """A computed figure: how to get its text, how that is computed, and where its parts are.

    ``page`` is a chapter and an anchor in it, as in ``strikes#chart-killed-total``, or finds them
    in the tables, for a row whose id depends on them.
    """

    text: Callable[[Tables], str]
    how: str
    page: str | Callable[[Tables], str]

    def place(self, t: Tables) -> str:
        """Chapter and anchor of the figure's parts.

        Parameters
        ----------
        t
            The record.

        Returns
        -------
        str
            As in ``strikes#chart-killed-total``.
        """
        return self.page if isinstance(self.page, str) else self.page(t)


_PHASES_PAGE, _PREDICTED = "aftermath#chart-attack-phases", "methods#table-predictions"
_CHAIN, _REACTIONS = "prior_incidents#chart-chain", "reactions#chart-reactions-matrix"
_OTHERS = "methods#table-crosschecks"
_RANGE = "Lowest to highest exact figure among all claimants’ latest current figures"
TOWER = "From Tower 22"
PAUSE = "After the announced pause"
STRIKES = "From the strikes of 2 February"
QUIET = "From the strike of 7 February"
LATER = "From the first later attack"


# Many figures are cells of one table. Tables are worked out once for each record, and here alone:
# whoever changes a record in a notebook asks the functions themselves.
_once = lru_cache(maxsize=8)
_rates, _weeks, _spread = _once(campaign_rates), _once(country_rates), _once(campaign_dispersion)
_surroundings, _falls = _once(strikes_before_after), _once(fall_in_week)
_checks, _scores = _once(campaign_checks), _once(count_scores)
_harms, _tolls = _once(campaign_harm), _once(toll_conflict)
_audits = _once(
    lambda t: {
        str(name): _outcomes(audit_summary(rows, t.sources).iloc[-1])
        for name, rows in [("", _by_row(t.audit)), *t.audit.groupby("selection")]
    }
)


def _by_row(audit: pd.DataFrame) -> pd.DataFrame:
    """Return each row of the record once, with the gravest outcome of its readings."""
    order = ["not_reached", "confirmed", "detail", "wrong"]
    grave = audit["outcome"].astype("string").map(order.index)
    return audit.loc[grave.sort_values().index].drop_duplicates(["table", "row_id"], keep="last")


def _package() -> schema.Package:
    return schema.read_package(schema.data_dir())


def _stated(t: Tables, claim: str) -> pd.Timestamp:
    day: pd.Timestamp = t.claims.set_index("claim_id")["stated"][claim]
    return day


def _attacks(t: Tables) -> pd.DataFrame:
    e = t.events
    return e[(e["kind"] == "attack_on_us_forces") & (e["start"] >= campaign_start(t))]


def _prior(t: Tables) -> pd.DataFrame:
    e = t.events
    return e[(e["start"] < campaign_start(t)) & (e["kind"] != "campaign")]


def _us_answers(t: Tables) -> pd.Series:
    ties = responses(t.events, t.links)
    return ties.loc[ties["from_kind"].isin(["us_strike", "assassination"]), "lag_days"]


def _answer(slug: str, how: str) -> Figure:
    """Answer a headline question as the page of reconciled figures does."""
    return Figure(lambda t: str(answer_to(t, slug)), how, f"reconciliation#headline-{slug}")


def _killed(country: str) -> Figure:
    """Lowest and highest among the latest figures of all claimants, as the headline has it."""
    return _answer(f"killed-{country.lower()}", _RANGE)


def _killed_baghdad(t: Tables) -> str:
    found = latest(claim_line(t.claims, BAGHDAD, "killed", victims=ADVERSARIES))
    return str(Answer.of(found))


def _on_strikes(t: Tables) -> pd.DataFrame:
    """Statements of parties on the strikes; a crowd or unnamed critics are no party."""
    kinds = t.actors.set_index("actor_id")["kind"]
    rows = t.reactions[t.reactions["event"].isin([FEBRUARY, BAGHDAD])]
    return rows[rows["actor"].map(kinds) != "unnamed"]


def _abroad(t: Tables, *stances: str) -> pd.Series:
    rows = _on_strikes(t)
    rows = rows[rows["stance"].isin(stances) & (rows["bloc"] != "us_domestic")]
    return rows["actor"].drop_duplicates()


def _backers_abroad(t: Tables) -> str:
    names = t.actors.set_index("actor_id")["name"]
    return ", ".join(sorted(names[_abroad(t, "supports")]))


def _parties(*stances: str) -> Figure:
    """Parties outside the US that took a stance towards the strikes, each counted once."""
    read = join((f"“{stance.replace('_', ' ')}”" for stance in stances), "or")
    return Figure(
        lambda t: number(len(_abroad(t, *stances))),
        f"Parties outside the US with a statement on the strikes that we read as {read}",
        _REACTIONS,
    )


def _congress(t: Tables) -> pd.DataFrame:
    rows = t.reactions[(t.reactions["actor"] == "us-congress") & (t.reactions["event"] == FEBRUARY)]
    return rows.drop_duplicates("speaker")


def _behind(party: str) -> Figure:
    """Members of a party in Congress who supported the strikes, of those recorded."""

    def text(t: Tables) -> str:
        rows = _congress(t)
        rows = rows[rows["role"].str.contains(f"({party})", regex=False)]
        return f"{number(int((rows['stance'] == 'supports').sum()))} of {number(len(rows))}"

    return Figure(
        text,
        "Members whose statement on the strikes we read as support, of those in the record",
        _REACTIONS,
    )


def _killed_sum(rule: str) -> Callable[[Tables], str]:
    """Write the sum of those killed by one rule, as in the table of sensitivity."""

    def text(t: Tables) -> str:
        found = killed_estimate(t, rule)
        return str(Answer(found.low, found.high, found.open_ended))

    return text


def _truce_rise(t: Tables) -> str:
    line = official_line(t.tallies, COUNTER).set_index("as_of")["count"]
    before = line[line.index < pd.Timestamp("2023-11-25")].iloc[-1]
    return number(int(line[line.index <= pd.Timestamp("2023-12-01")].iloc[-1] - before))


def _us_strikes_before(t: Tables) -> str:
    own = (t.events["kind"] == "us_strike") & (t.events["start"] >= campaign_start(t))
    return number(int((own & (t.events["start"] < start_of(t, FEBRUARY))).sum()))


def _phase(t: Tables, name: str, claimant: str = COUNTER, column: str = "total") -> Any:
    return _rates(t, claimant, column).set_index("phase").loc[name]


def _attacks_in(name: str, claimant: str = COUNTER, column: str = "total") -> Figure:
    def text(t: Tables) -> str:
        row = _phase(t, name, claimant, column)
        return reach(row["fewest"], row["most"])

    how = "Fewest and most attacks consistent with all statements of the count"
    return Figure(text, how, _PHASES_PAGE)


def _numbers(low: float, high: Any, digits: int) -> str:
    """Write two ends as one number where they are written alike; "or more" without an upper."""
    if pd.isna(high):
        return f"{low:.{digits}f} or more"
    ends = [f"{end:.{digits}f}" for end in (low, high)]
    return "–".join(dict.fromkeys(ends))


def _rate_in(name: str, ends: tuple[str, str], digits: int = 1) -> Figure:
    def text(t: Tables) -> str:
        row = _phase(t, name)
        return _numbers(row[ends[0]], row[ends[1]], digits)

    chance = ends == ("low", "high")
    kind = (
        "Exact 95 % Poisson interval of attacks a day, widened for salvos"
        if chance
        else "Attacks a day, for the fewest and the most consistent with all statements"
    )
    return Figure(text, f"{kind}, phase “{name}”", _PHASES_PAGE)


def _in_country(t: Tables, country: str, day: str) -> Any:
    """The interval of a country's count that holds a day."""
    rates = _weeks(t)
    rates = rates[(rates["country"] == country) & (rates["end"] >= pd.Timestamp(day))]
    return rates.iloc[0]


def country_anchor(row: Any) -> str:
    """Return the id of a row of :func:`~strikes2024.campaign.country_rates`."""
    return f"rate-{row.country}-{row.end:%Y-%m-%d}"


_AUTUMN, _MIDWINTER = "2023-11-01", "2024-01-15"


def _week_in(country: str, day: str) -> Figure:
    return Figure(
        lambda t: _numbers(
            _in_country(t, country, day)["rate_low"], _in_country(t, country, day)["rate_high"], 1
        ),
        f"Attacks a week in {country.capitalize()}, according to US counts by country",
        lambda t: f"methods#{country_anchor(_in_country(t, country, day))}",
    )


def _winter_ratio(country: str) -> Figure:
    def text(t: Tables) -> str:
        late, early = (_in_country(t, country, day) for day in (_MIDWINTER, _AUTUMN))
        spread = salvo_index(t)
        low = rate_ratio(late["fewest"], late["days"], early["most"], early["days"],
                         dispersion=spread)[1]  # fmt: skip
        high = rate_ratio(late["most"], late["days"], early["fewest"], early["days"],
                          dispersion=spread)[2]  # fmt: skip
        return f"{low:.2f}–{high:.2f}"

    how = "Exact 95 % interval of the ratio of the two rates, widened for salvos"
    return Figure(
        text, how, lambda t: f"methods#{country_anchor(_in_country(t, country, _MIDWINTER))}"
    )


def _quiet_share(t: Tables) -> str:
    ratios = phase_ratios(_rates(t, COUNTER, "total"), WINTER, dispersion=salvo_index(t))
    high = ratios.set_index("phase")["high"][QUIET]
    return f"{high * 100:.0f} %"


def _held(t: Tables) -> str:
    row: Any = _scores(t).set_index("method").loc["conditional"]
    return f"{int(row['held'])} of {int(row['closed'])}"


def _held_share(t: Tables) -> str:
    row: Any = _scores(t).set_index("method").loc["conditional"]
    return f"{_percent(row['low'])} to {_percent(row['high'])} per cent"


def _score(t: Tables, *, ours: bool) -> str:
    scores = _scores(t).set_index("method")["score"]
    return f"{scores['conditional'] if ours else scores.drop('conditional').min():.1f}"


def _around(column: str) -> Figure:
    """Dated attacks around the earlier US strikes, before or after."""
    return Figure(
        lambda t: number(int(_surroundings(t)[column].iloc[-1])),
        "Dated attacks in the seven days before or after each earlier US strike, added up",
        "aftermath#the-fall-was-real-its-cause-is-not-known",
    )


def _around_ratio(t: Tables) -> str:
    row = _surroundings(t).iloc[-1]
    return f"{row['ratio']:.2f} ({row['low']:.2f}–{row['high']:.2f})"


def _fall(t: Tables) -> str:
    low, high = _falls(t)
    return f"{_percent(low)} to {_percent(high)} per cent"


def _none_in_quiet(t: Tables) -> str:
    """Chance of no attack in the quiet phase at a tenth of the pace of the winter."""
    winter, quiet = _phase(t, WINTER), _phase(t, QUIET)
    tenth = float(winter["rate_low"]) * int(quiet["days"]) / 10
    return f"{100 * chance_of_at_most(0, tenth, salvo_index(t)):.2f} per cent"


def _none_in_pause(t: Tables) -> str:
    """Chance of no attack in the days of the pause at the pace of the winter."""
    winter, pause = _phase(t, WINTER), _phase(t, PAUSE)
    mean = float(winter["rate_low"]) * int(pause["days"])
    return f"{100 * chance_of_at_most(0, mean, salvo_index(t)):.0f} per cent"


def _dated_share(name: str) -> Figure:
    """Attacks of a phase that a US statement confirms by date, beside all that were counted."""

    def text(t: Tables) -> str:
        row = _phase(t, name)
        return f"{row['confirmed']} of {reach(row['fewest'], row['most'])}"

    how = (
        "Attacks dated here and confirmed by a US statement, out of the range of the official count"
    )
    return Figure(text, how, _PHASES_PAGE)


def _harm(period: int) -> Figure:
    """US personnel wounded per counted attack, with its interval."""

    def text(t: Tables) -> str:
        row = _harms(t).iloc[period]
        return f"{row['per_attack']:.1f} ({row['low']:.1f}–{row['high']:.1f})"

    how = "Wounded per counted attack, with a 95 % interval that allows for batches"
    return Figure(text, how, "aftermath#table-harm")


def _deadly(period: int, column: str) -> Figure:
    return Figure(
        lambda t: number(int(_harms(t)[column].iloc[period])),
        "Counted attacks, and those that killed US personnel by an official’s word",
        "aftermath#table-harm",
    )


def _salvos(t: Tables, ends: tuple[str, ...]) -> str:
    row = _spread(t).iloc[0]
    return "–".join(f"{row[end]:.1f}" for end in ends)


def _lag_interval(t: Tables) -> str:
    row = median_lag(_us_answers(t)).iloc[0]
    return span(row["low"], row["high"])


def _contested(t: Tables) -> str:
    sums = contradictions(t.claims)[["things", "contradicted"]].sum()
    return f"{number(int(sums['contradicted']))} of {number(int(sums['things']))}"


def _checked(t: Tables, *, agreeing: bool, independent: bool = True) -> str:
    checks = _checks(t)
    checks = checks[checks["independent"] == independent]
    return number(int((checks["verdict"] == "agrees").sum()) if agreeing else len(checks))


def _rows(table: str, page: str) -> Figure:
    return Figure(
        lambda t: number(len(getattr(t, table))), f"Number of rows of the table {table}", page
    )


def _outcomes(row: Any) -> dict[str, str]:
    """Write the outcomes of second readings."""
    return {c: number(row[c]) if row[c] else "none" for c in ("errors", "wrong")} | {
        "read": number(row["cited"] + row["other"]),
        "rate": f"{_percent(row['rate'])} per cent",
    }


def _second_reading(outcome: str, how: str, selection: str = "") -> Figure:
    return Figure(lambda t: _audits(t)[selection][outcome], how, _AUDIT_PAGE)


def _of(count: Any, of: int) -> str:
    """Write a count beside what it is a part of: ``27 of 296``."""
    return f"{number(int(count))} of {number(of)}"


def _us_on_official_pages(t: Tables) -> str:
    """Figures of the US side that were read on an official page, of all of its figures."""
    kinds = record_by_source_kind(t.claims, t.actors, t.sources)
    ours = kinds[kinds["side"] == "us"]
    own = ours.loc[ours["kind"] == "official", "claims"]
    return _of(own.sum(), int(ours["claims"].sum()))


def _measure(name: str) -> Figure:
    """One of the measures of :func:`~strikes2024.analysis.single_source`."""

    def text(t: Tables) -> str:
        row: Any = single_source(t.claims).set_index("measure").loc[name]
        return _of(row["count"], int(row["of"]))

    return Figure(text, f"Number of {name}, of all", "methods#table-quality")


def _read_twice(t: Tables) -> str:
    return _of(len(read_twice(t.audit, "claims")), len(t.claims))


def _attacks_counted(t: Tables, *, confirmed: bool = False) -> str:
    """Dated attacks up to the day of the last official count before the lull."""
    dated = _attacks(t)
    dated = dated[dated["start"] <= t.tallies.set_index("tally_id")["as_of"][LAST_COUNT]]
    return number(int((dated["us_confirmed"] == "yes").sum()) if confirmed else len(dated))


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


ADMITTED = "feb-2-killed-us-dod-2025-07-15"
_AUDIT_PAGE = "methods#what-a-second-reading-found"
ADMITTED_2020 = "us-strikes-2020-03-12-killed-coalition-2020-09-01"
MISSILES, INJURED = (
    "iranian-strike-2020-01-08-al-asad",
    "iranian-strike-2020-01-08-al-asad-wounded-us-dod-2020-02-10",
)
LAST_COUNT = "us-dod-2024-02-13"
AL_OMAR = "attack-2024-02-05-al-omar"
_ANSWERS = "For US strikes that someone called a response to a single event, in local days"


def _war_powers(t: Tables) -> Any:
    """The highest count of letters to Congress on the use of force."""
    letters = t.claims[t.claims["metric"] == "war_powers_letters"]
    return letters.nlargest(1, "low").iloc[0]


FIGURES: dict[str, Figure] = {
    "n-claims": _rows("claims", "ledger"),
    "n-events": _rows("events", "events"),
    "n-actors": _rows("actors", "actors"),
    "n-sources": _rows("sources", "sources"),
    "n-reactions": _rows("reactions", "reactions"),
    "n-interval-counts": Figure(
        lambda t: number(len(t.interval_counts)),
        "Counts of attacks over an interval of days",
        "ledger#counts-of-attacks-over-an-interval",
    ),
    "n-people": Figure(
        lambda t: number(len(t.people)),
        "People named by a publication: the dead and commanders",
        "people",
    ),
    "n-tallies": Figure(
        lambda t: number(int(t.tallies["place"].isna().sum())),
        "Number of cumulative counts, excluding their splits by base",
        "ledger#cumulative-counts-of-attacks",
    ),
    "n-opened": Figure(
        lambda t: number(int(t.sources["opened"].sum())),
        "Publications that we read directly",
        "sources",
    ),
    "n-languages": Figure(
        lambda t: number(t.sources["language"].nunique()),
        "Languages of the publications",
        "sources",
    ),
    "n-attacks": Figure(
        lambda t: number(len(_attacks(t))),
        "Dated attacks on US forces since 17 October 2023 in the table of events",
        "events",
    ),
    "n-attacks-counted": Figure(
        _attacks_counted,
        "Dated attacks on US forces from 17 October 2023 to 13 February 2024",
        "events",
    ),
    "n-attacks-confirmed": Figure(
        lambda t: _attacks_counted(t, confirmed=True),
        "Those of them that a US statement confirms",
        "events",
    ),
    "last-attack": Figure(
        lambda t: month(_attacks(t)["start"].max()),
        "Month of the last dated attack on US forces in the table of events",
        "events",
    ),
    "n-us-strikes-before": Figure(
        _us_strikes_before,
        "US strikes in the table of events from 17 October 2023 until 3 February 2024",
        "events",
    ),
    "days-to-answer": Figure(
        lambda t: number((start_of(t, FEBRUARY) - start_of(t, TOWER_22)).days),
        "Difference of the two local dates",
        f"events#event-{FEBRUARY}",
    ),
    "truce-rise": Figure(
        _truce_rise,
        "Rise of the US Department of Defense’s count during the truce",
        "ledger#cumulative-counts-of-attacks",
    ),
    "killed-sum": Figure(
        _killed_sum("all"),
        "Sum for Syria, Iraq and Baghdad: " + _RANGE[0].lower() + _RANGE[1:],
        "strikes#chart-killed-total",
    ),
    "tower-22-wounded-span": _answer("tower-22-wounded", _RANGE),
    "attacks-before": _answer(
        "attacks-before", "Fewest and most attacks that all statements of the count allow together"
    ),
    "syria-killed-span": _killed("Syria"),
    "iraq-killed-span": _killed("Iraq"),
    "baghdad-killed-span": Figure(_killed_baghdad, _RANGE, "strikes#chart-killed-total"),
    "n-responses": Figure(
        lambda t: number(len(responses(t.events, t.links))),
        "Events that somebody called the response to a single earlier one",
        _CHAIN,
    ),
    "n-us-answers": Figure(
        lambda t: number(len(_us_answers(t))),
        "US strikes that someone called a response to a single event",
        _CHAIN,
    ),
    "us-answer-median": Figure(
        lambda t: number(float(_us_answers(t).median())), "Median. " + _ANSWERS, _CHAIN
    ),
    "n-us-answers-fast": Figure(
        lambda t: number(int((_us_answers(t) <= _us_answers(t).median()).sum())),
        "Of these strikes, those that came within the median number of days",
        _CHAIN,
    ),
    "us-answer-span": Figure(
        lambda t: span(int(_us_answers(t).min()), int(_us_answers(t).max())),
        "Shortest to longest. " + _ANSWERS,
        _CHAIN,
    ),
    "us-answer-interval": Figure(
        _lag_interval,
        "Exact 95 % interval of the median, between two of the sorted lags. " + _ANSWERS,
        _CHAIN,
    ),
    "killed-nearest": Figure(
        _killed_sum("nearest"),
        "Sum of the most direct claimants’ latest figures for Syria, Iraq and Baghdad",
        f"methods#sensitivity-{slug(KILLED_SUM)}",
    ),
    "n-contested": Figure(
        _contested,
        "Quantities counted by two or more claimants whose latest figures cannot both be right",
        "ledger",
    ),
    "n-checks": Figure(
        lambda t: _checked(t, agreeing=False),
        "Other trackers’ figures computed from this record, except sums of their own parts",
        _OTHERS,
    ),
    "n-checks-agree": Figure(
        lambda t: _checked(t, agreeing=True),
        "Of these, figures whose range overlaps ours",
        _OTHERS,
    ),
    "n-checks-added": Figure(
        lambda t: _checked(t, agreeing=False, independent=False),
        "Published figures reproduced by adding up the same publication’s parts",
        _OTHERS,
    ),
    "iraq-autumn": _week_in("iraq", _AUTUMN),
    "iraq-winter": _week_in("iraq", _MIDWINTER),
    "iraq-ratio": _winter_ratio("iraq"),
    "syria-autumn": _week_in("syria", _AUTUMN),
    "syria-winter": _week_in("syria", _MIDWINTER),
    "syria-ratio": _winter_ratio("syria"),
    "winter-rate": _rate_in(WINTER, ("rate_low", "rate_high")),
    "winter-interval": _rate_in(WINTER, ("low", "high")),
    "tower-attacks": _attacks_in(TOWER),
    "pause-attacks": _attacks_in(PAUSE),
    "pause-interval": _rate_in(PAUSE, ("low", "high")),
    "strikes-attacks": _attacks_in(STRIKES),
    "quiet-attacks": _attacks_in(QUIET),
    "quiet-days": Figure(
        lambda t: number(int(_phase(t, QUIET)["days"])),
        "Days of the phase, both ends counted",
        _PHASES_PAGE,
    ),
    "quiet-share": Figure(
        _quiet_share,
        "Upper end of the exact 95 % interval of the ratio of the two rates",
        _PHASES_PAGE,
    ),
    "quiet-monitor": _attacks_in(QUIET, MONITOR, "syria"),
    "later-attacks": _attacks_in(LATER),
    "around-before": _around("before"),
    "around-after": _around("after"),
    "around-ratio": Figure(
        _around_ratio,
        "Ratio of the two sums, with its exact 95 % interval, widened for salvos",
        "aftermath#the-fall-was-real-its-cause-is-not-known",
    ),
    "fall-chance": Figure(
        _fall,
        "Posterior of one change of pace, for the fewest and most attacks in each phase",
        _PHASES_PAGE,
    ),
    "power-quiet": Figure(
        _none_in_quiet,
        "Negative binomial probability at a tenth of the winter’s rate",
        _PHASES_PAGE,
    ),
    "power-pause": Figure(
        _none_in_pause, "Negative binomial probability at the winter’s rate", _PHASES_PAGE
    ),
    "harm-before": _harm(0),
    "harm-after": _harm(1),
    "deadly-before": _deadly(0, "deadly"),
    "attacks-harm-before": _deadly(0, "attacks"),
    "attacks-harm-after": _deadly(1, "attacks"),
    "n-tolls": Figure(
        lambda t: number(tolls(t)["statement_id"].nunique()),
        "Latest figures of all claimants for those killed, parts included",
        "reconciliation#table-toll-conflicts",
    ),
    "n-tolls-wrong": Figure(
        lambda t: number(_tolls(t).size),
        "Fewest figures to set aside so that all others can hold, by an integer program",
        "reconciliation#table-toll-conflicts",
    ),
    "dated-autumn": _dated_share("After the first US strikes"),
    "dated-winter": _dated_share(WINTER),
    "n-held": Figure(
        _held,
        "Closed official totals inside 90 % intervals predicted from the totals of other days",
        _PREDICTED,
    ),
    "held-share": Figure(
        _held_share, "Exact 95 % Clopper–Pearson interval of the share inside", _PREDICTED
    ),
    "held-score": Figure(
        lambda t: _score(t, ours=True),
        "Mean interval score over the closed totals, in attacks",
        "methods#prediction-conditional",
    ),
    "rival-score": Figure(
        lambda t: _score(t, ours=False),
        "Mean interval score of the best of the simple alternatives",
        "methods#prediction-conditional",
    ),
    "salvo-index": Figure(
        lambda t: _salvos(t, ("index",)),
        "Variance over mean of the daily number of dated attacks within phases, up to Tower 22",
        _PREDICTED,
    ),
    "salvo-interval": Figure(
        lambda t: _salvos(t, ("low", "high")),
        "95 % interval of the index, from resampling the days",
        _PREDICTED,
    ),
    "n-congress": Figure(
        lambda t: number(len(_congress(t))),
        "Members of the US Congress with a recorded statement on the strikes",
        _REACTIONS,
    ),
    "democrats-behind": _behind("D"),
    "republicans-behind": _behind("R"),
    "n-against": _parties("condemns", "vows_response"),
    "backed-abroad": Figure(
        _backers_abroad,
        "Parties outside the US with a statement on the strikes that we read as “supports”",
        _REACTIONS,
    ),
    "n-understood": _parties("understands"),
    "tower-22-hour": Figure(
        lambda t: f"{t.events.set_index('event_id').loc[TOWER_22]['local_time']} local time",
        "According to a blog that quotes the Army’s investigation",
        f"events#event-{TOWER_22}",
    ),
    "al-omar-named": Figure(
        lambda t: number(
            len(t.people.query("event == @AL_OMAR and named_by == 'sdf' and fate == 'killed'"))
        ),
        "Dead of the attack on al-Omar whom the Syrian Democratic Forces named",
        "people",
    ),
    "baghdad-hour": Figure(
        lambda t: str(t.events.set_index("event_id")["local_time"][BAGHDAD]),
        "Local time of the event",
        f"events#event-{BAGHDAD}",
    ),
    "civilian-admission": Figure(
        lambda t: month(_stated(t, ADMITTED)), "Month of the statement", f"ledger#claim-{ADMITTED}"
    ),
    "civilian-admission-lag": Figure(
        lambda t: number((_stated(t, ADMITTED) - start_of(t, FEBRUARY)).days // 30),
        "Days from the strikes to the statement, divided by 30, rounded down",
        f"ledger#claim-{ADMITTED}",
    ),
    "missiles-lag": Figure(
        lambda t: number((_stated(t, INJURED) - start_of(t, MISSILES)).days),
        "Days from the Iranian missiles to the Pentagon’s count of brain injuries",
        f"ledger#claim-{INJURED}",
    ),
    "karbala-admission": Figure(
        lambda t: month(_stated(t, ADMITTED_2020)),
        "Month of the statement",
        f"ledger#claim-{ADMITTED_2020}",
    ),
    "us-on-official-pages": Figure(
        _us_on_official_pages,
        "Figures that US bodies and officials gave and that were read on an official page",
        "methods#chart-record",
    ),
    "at-second-hand": _measure("claims through another publication"),
    "in-one-publication": _measure("claims read in one publication"),
    "read-twice": Figure(_read_twice, "Claims that were read a second time, of all", _AUDIT_PAGE),
    "n-war-powers": Figure(
        lambda t: number(float(_war_powers(t)["low"])),
        "Lawfare’s count of the letters",
        lambda t: f"ledger#claim-{_war_powers(t)['claim_id']}",
    ),
    "audit-read": _second_reading("read", "Rows of which a text was found in any round"),
    "audit-errors": _second_reading("errors", "Rows that differed from the text in any round"),
    "audit-wrong": _second_reading("wrong", "Rows that differed in more than a detail"),
    "audit-last-read": _second_reading(
        "read", "Rows of the last random sample of which a text was found", "last"
    ),
    "audit-last-errors": _second_reading(
        "errors", "Rows of the last random sample that differed from the text", "last"
    ),
    "audit-last-wrong": _second_reading(
        "wrong", "Rows of the last random sample that differed in more than a detail", "last"
    ),
    "audit-last-rate": _second_reading(
        "rate", "Share of rows of the last random sample that differed", "last"
    ),
    "data-version": Figure(
        lambda _: _package().version, "Version given in the data’s descriptor", "downloads"
    ),
    "data-date": Figure(
        lambda _: day(pd.Timestamp(_package().descriptor["created"])),
        "Date of this version of the data, from the descriptor",
        "downloads",
    ),
    "first-prior-year": Figure(
        lambda t: str(_prior(t)["start"].min().year),
        "Year of the earliest incident in the table of events",
        "events",
    ),
}
