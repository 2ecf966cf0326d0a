"""Figures that the prose needs and that no single claim gives: counts, spans, sums, lags.

Each entry of :data:`FIGURES` computes a text from the tables; ``figures.toml`` says how, and names
the page of the record where its parts stand. A chapter writes the entry's name; the book sets the
text, so that no figure is typed.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pandas as pd

from strikes2024.analysis import (
    audit_summary,
    chance_of_at_most,
    contradictions,
    median_lag,
    official_line,
    phase_ratios,
    read_twice,
    record_by_source_kind,
    responses,
    single_source,
)
from strikes2024.analysis.phases import ratio_limits
from strikes2024.campaign import (
    BAGHDAD,
    COUNTER,
    FEBRUARY,
    MONITOR,
    TOWER_22,
    WINTER,
    Answer,
    answer_to,
    campaign_attacks,
    campaign_checks,
    campaign_dispersion,
    campaign_harm,
    campaign_rates,
    campaign_start,
    count_scores,
    country_rates,
    fall_in_week,
    killed_estimate,
    killed_in,
    salvo_index,
    start_of,
    strikes_before_after,
    toll_conflict,
    tolls,
)
from strikes2024.schema import read_package
from strikes2024.tables import Tables
from strikes2024.wording import day, decimals, month, number, reach, span


@dataclass(frozen=True)
class Figure:
    """A computed figure: how to get its text, how that is computed, and where its parts are.

    ``page`` is a chapter and, after ``#``, the anchor of a row in it. Where the row depends on the
    data, ``{row}`` stands for it, and ``row`` finds it.
    """

    text: Callable[[Tables], str]
    how: str
    page: str
    row: Callable[[Tables], str] | None = None

    def place(self, t: Tables) -> str:
        """Chapter and anchor of the figure's parts.

        Parameters
        ----------
        t
            The record.
        """
        return self.page.format(row=self.row(t)) if self.row else self.page


TOWER = "From Tower 22"
PAUSE = "After the announced pause"
STRIKES = "From the strikes of 2 February"
TRUCE = "Truce in Gaza"
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


def _event(t: Tables, event: str) -> Any:
    return t.events.set_index("event_id").loc[event]


def _stated(t: Tables, claim: str) -> pd.Timestamp:
    day: pd.Timestamp = t.claims.set_index("claim_id")["stated"][claim]
    return day


def _prior(t: Tables) -> pd.DataFrame:
    e = t.events
    return e[(e["start"] < campaign_start(t)) & (e["kind"] != "campaign")]


def _us_answers(t: Tables) -> pd.Series:
    ties = responses(t.events, t.links)
    return ties.loc[ties["from_kind"].isin(["us_strike", "assassination"]), "lag_days"]


def _answer(t: Tables, slug: str) -> str:
    """Answer a headline question as the page of reconciled figures does."""
    return str(answer_to(t, slug))


def _on_strikes(t: Tables) -> pd.DataFrame:
    """Statements of parties on the strikes; a crowd or unnamed critics are no party."""
    kinds = t.actors.set_index("actor_id")["kind"]
    rows = t.reactions[t.reactions["event"].isin([FEBRUARY, BAGHDAD])]
    return rows[rows["actor"].map(kinds) != "unnamed"]


def _abroad(t: Tables, *stances: str) -> pd.Series:
    """Parties outside the US that took a stance towards the strikes, each counted once."""
    rows = _on_strikes(t)
    rows = rows[rows["stance"].isin(stances) & (rows["bloc"] != "us_domestic")]
    return rows["actor"].drop_duplicates()


def _backers_abroad(t: Tables) -> str:
    names = t.actors.set_index("actor_id")["name"]
    return ", ".join(sorted(names[_abroad(t, "supports")]))


def _congress(t: Tables) -> pd.DataFrame:
    rows = t.reactions[(t.reactions["actor"] == "us-congress") & (t.reactions["event"] == FEBRUARY)]
    return rows.drop_duplicates("speaker")


def _behind(t: Tables, party: str) -> str:
    """Members of a party in Congress who supported the strikes, of those recorded."""
    rows = _congress(t)
    rows = rows[rows["role"].str.contains(f"({party})", regex=False)]
    return f"{number(int((rows['stance'] == 'supports').sum()))} of {number(len(rows))}"


def _killed_sum(t: Tables, rule: str) -> str:
    """Write the sum of those killed by one rule, as in the table of sensitivity."""
    found = killed_estimate(t, rule)
    return str(Answer(found.low, found.high, found.open_ended))


def _truce_rise(t: Tables) -> str:
    line = official_line(t.tallies, COUNTER).set_index("as_of")["count"]
    before = line[line.index < pd.Timestamp("2023-11-25")].iloc[-1]
    return number(int(line[line.index <= pd.Timestamp("2023-12-01")].iloc[-1] - before))


def _us_strikes_before(t: Tables) -> str:
    own = (t.events["kind"] == "us_strike") & (t.events["start"] >= campaign_start(t))
    return number(int((own & (t.events["start"] < start_of(t, FEBRUARY))).sum()))


def _phase(t: Tables, name: str, claimant: str = COUNTER, column: str = "total") -> Any:
    return _rates(t, claimant, column).set_index("phase").loc[name]


def _attacks_in(t: Tables, name: str, claimant: str = COUNTER, column: str = "total") -> str:
    row = _phase(t, name, claimant, column)
    return reach(row["fewest"], row["most"])


def _rate_in(t: Tables, name: str, ends: tuple[str, str]) -> str:
    row = _phase(t, name)
    return decimals(row[ends[0]], row[ends[1]])


def _in_country(t: Tables, country: str, day: str) -> Any:
    """The interval of a country's count that holds a day."""
    rates = _weeks(t)
    rates = rates[(rates["country"] == country) & (rates["end"] >= pd.Timestamp(day))]
    return rates.iloc[0]


def country_anchor(row: Any) -> str:
    """Return the id of a row of :func:`~strikes2024.campaign.country_rates`."""
    return f"rate-{row.country}-{row.end:%Y-%m-%d}"


_AUTUMN, _MIDWINTER = "2023-11-01", "2024-01-15"


def _week_in(t: Tables, country: str, day: str) -> str:
    row = _in_country(t, country, day)
    return decimals(row["rate_low"], row["rate_high"])


def _winter_ratio(t: Tables, country: str) -> str:
    late, early = (_in_country(t, country, day) for day in (_MIDWINTER, _AUTUMN))
    low, high = ratio_limits(late, early, dispersion=salvo_index(t))
    return decimals(low, high, 2)


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


def _around(t: Tables, column: str) -> str:
    """Dated attacks around the earlier US strikes, before or after."""
    return number(int(_surroundings(t)[column].iloc[-1]))


def _around_ratio(t: Tables) -> str:
    row = _surroundings(t).iloc[-1]
    return f"{row['ratio']:.2f} ({decimals(row['low'], row['high'], 2)})"


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


def _dated_share(t: Tables, name: str) -> str:
    """Attacks of a phase that a US statement confirms by date, beside all that were counted."""
    row = _phase(t, name)
    return f"{row['confirmed']} of {reach(row['fewest'], row['most'])}"


def _harm(t: Tables, period: int) -> str:
    """US personnel wounded per counted attack, with its interval."""
    row = _harms(t).iloc[period]
    return f"{row['per_attack']:.1f} ({decimals(row['low'], row['high'])})"


def _deadly(t: Tables, period: int, column: str) -> str:
    return number(int(_harms(t)[column].iloc[period]))


def _salvos(t: Tables, *ends: str) -> str:
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


def _outcomes(row: Any) -> dict[str, str]:
    """Write the outcomes of second readings."""
    return {c: number(row[c]) if row[c] else "none" for c in ("errors", "wrong")} | {
        "read": number(row["cited"] + row["other"]),
        "rate": f"{_percent(row['rate'])} per cent",
    }


def _of(count: Any, of: int) -> str:
    """Write a count beside what it is a part of: ``27 of 296``."""
    return f"{number(int(count))} of {number(of)}"


def _us_on_official_pages(t: Tables) -> str:
    """Figures of the US side that were read on an official page, of all of its figures."""
    kinds = record_by_source_kind(t.claims, t.actors, t.sources)
    ours = kinds[kinds["side"] == "us"]
    own = ours.loc[ours["kind"] == "official", "claims"]
    return _of(own.sum(), int(ours["claims"].sum()))


def _measure(t: Tables, name: str) -> str:
    """One of the measures of :func:`~strikes2024.analysis.single_source`."""
    row: Any = single_source(t.claims).set_index("measure").loc[name]
    return _of(row["count"], int(row["of"]))


def _attacks_counted(t: Tables, *, confirmed: bool = False) -> str:
    """Dated attacks up to the day of the last official count before the lull."""
    dated = campaign_attacks(t)
    dated = dated[dated["start"] <= t.tallies.set_index("tally_id")["as_of"][LAST_COUNT]]
    return number(int((dated["us_confirmed"] == "yes").sum()) if confirmed else len(dated))


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


ADMITTED = "feb-2-killed-us-dod-2025-07-15"
ADMITTED_2020 = "us-strikes-2020-03-12-killed-coalition-2020-09-01"
MISSILES, INJURED = (
    "iranian-strike-2020-01-08-al-asad",
    "iranian-strike-2020-01-08-al-asad-wounded-us-dod-2020-02-21",
)
LAST_COUNT = "us-dod-2024-02-13"
AL_OMAR = "attack-2024-02-05-al-omar"


def _war_powers(t: Tables) -> Any:
    """The highest count of letters to Congress on the use of force."""
    letters = t.claims[t.claims["metric"] == "war_powers_letters"]
    return letters.nlargest(1, "low").iloc[0]


_TEXTS: dict[str, Callable[[Tables], str]] = {
    "n-claims": lambda t: number(len(t.claims)),
    "n-events": lambda t: number(len(t.events)),
    "n-actors": lambda t: number(len(t.actors)),
    "n-sources": lambda t: number(len(t.sources)),
    "n-reactions": lambda t: number(len(t.reactions)),
    "n-interval-counts": lambda t: number(len(t.interval_counts)),
    "n-people": lambda t: number(len(t.people)),
    "n-tallies": lambda t: number(int(t.tallies["place"].isna().sum())),
    "n-opened": lambda t: number(int(t.sources["opened"].sum())),
    "n-languages": lambda t: number(t.sources["language"].nunique()),
    "n-attacks": lambda t: number(len(campaign_attacks(t))),
    "n-attacks-counted": _attacks_counted,
    "n-attacks-confirmed": lambda t: _attacks_counted(t, confirmed=True),
    "last-attack": lambda t: month(campaign_attacks(t)["start"].max()),
    "n-us-strikes-before": _us_strikes_before,
    "days-to-answer": lambda t: number((start_of(t, FEBRUARY) - start_of(t, TOWER_22)).days),
    "truce-attacks": lambda t: _attacks_in(t, TRUCE),
    "truce-rise": _truce_rise,
    "killed-sum": lambda t: _killed_sum(t, "all"),
    "tower-22-wounded-span": lambda t: _answer(t, "tower-22-wounded"),
    "attacks-before": lambda t: _answer(t, "attacks-before"),
    "syria-killed-span": lambda t: _answer(t, "killed-syria"),
    "iraq-killed-span": lambda t: _answer(t, "killed-iraq"),
    "baghdad-killed-span": lambda t: str(killed_in(t, BAGHDAD)),
    "n-responses": lambda t: number(len(responses(t.events, t.links))),
    "n-us-answers": lambda t: number(len(_us_answers(t))),
    "us-answer-median": lambda t: number(float(_us_answers(t).median())),
    "n-us-answers-fast": lambda t: number(int((_us_answers(t) <= _us_answers(t).median()).sum())),
    "us-answer-span": lambda t: span(int(_us_answers(t).min()), int(_us_answers(t).max())),
    "us-answer-interval": _lag_interval,
    "killed-nearest": lambda t: _killed_sum(t, "nearest"),
    "n-contested": _contested,
    "n-checks": lambda t: _checked(t, agreeing=False),
    "n-checks-agree": lambda t: _checked(t, agreeing=True),
    "n-checks-added": lambda t: _checked(t, agreeing=False, independent=False),
    "iraq-autumn": lambda t: _week_in(t, "iraq", _AUTUMN),
    "iraq-winter": lambda t: _week_in(t, "iraq", _MIDWINTER),
    "iraq-ratio": lambda t: _winter_ratio(t, "iraq"),
    "syria-autumn": lambda t: _week_in(t, "syria", _AUTUMN),
    "syria-winter": lambda t: _week_in(t, "syria", _MIDWINTER),
    "syria-ratio": lambda t: _winter_ratio(t, "syria"),
    "winter-rate": lambda t: _rate_in(t, WINTER, ("rate_low", "rate_high")),
    "winter-interval": lambda t: _rate_in(t, WINTER, ("low", "high")),
    "tower-attacks": lambda t: _attacks_in(t, TOWER),
    "pause-attacks": lambda t: _attacks_in(t, PAUSE),
    "pause-interval": lambda t: _rate_in(t, PAUSE, ("low", "high")),
    "strikes-attacks": lambda t: _attacks_in(t, STRIKES),
    "quiet-attacks": lambda t: _attacks_in(t, QUIET),
    "quiet-days": lambda t: number(int(_phase(t, QUIET)["days"])),
    "quiet-share": _quiet_share,
    "quiet-monitor": lambda t: _attacks_in(t, QUIET, MONITOR, "syria"),
    "later-attacks": lambda t: _attacks_in(t, LATER),
    "around-before": lambda t: _around(t, "before"),
    "around-after": lambda t: _around(t, "after"),
    "around-ratio": _around_ratio,
    "fall-chance": _fall,
    "power-quiet": _none_in_quiet,
    "power-pause": _none_in_pause,
    "harm-before": lambda t: _harm(t, 0),
    "harm-after": lambda t: _harm(t, 1),
    "deadly-before": lambda t: _deadly(t, 0, "deadly"),
    "attacks-harm-before": lambda t: _deadly(t, 0, "attacks"),
    "attacks-harm-after": lambda t: _deadly(t, 1, "attacks"),
    "n-tolls": lambda t: number(tolls(t)["statement_id"].nunique()),
    "n-tolls-wrong": lambda t: number(_tolls(t).size),
    "dated-autumn": lambda t: _dated_share(t, "After the first US strikes"),
    "dated-winter": lambda t: _dated_share(t, WINTER),
    "n-held": _held,
    "held-share": _held_share,
    "held-score": lambda t: _score(t, ours=True),
    "rival-score": lambda t: _score(t, ours=False),
    "salvo-index": lambda t: _salvos(t, "index"),
    "salvo-interval": lambda t: _salvos(t, "low", "high"),
    "n-congress": lambda t: number(len(_congress(t))),
    "democrats-behind": lambda t: _behind(t, "D"),
    "republicans-behind": lambda t: _behind(t, "R"),
    "n-against": lambda t: number(len(_abroad(t, "condemns", "vows_response"))),
    "backed-abroad": _backers_abroad,
    "n-understood": lambda t: number(len(_abroad(t, "understands"))),
    "tower-22-hour": lambda t: f"{_event(t, TOWER_22)['local_time']} local time",
    "al-omar-named": lambda t: number(
        len(t.people.query("event == @AL_OMAR and named_by == 'sdf' and fate == 'killed'"))
    ),
    "baghdad-hour": lambda t: str(_event(t, BAGHDAD)["local_time"]),
    "civilian-admission": lambda t: month(_stated(t, ADMITTED)),
    "civilian-admission-lag": lambda t: number(
        (_stated(t, ADMITTED) - start_of(t, FEBRUARY)).days // 30
    ),
    "missiles-lag": lambda t: number((_stated(t, INJURED) - start_of(t, MISSILES)).days),
    "karbala-admission": lambda t: month(_stated(t, ADMITTED_2020)),
    "us-on-official-pages": _us_on_official_pages,
    "at-second-hand": lambda t: _measure(t, "claims through another publication"),
    "in-one-publication": lambda t: _measure(t, "claims read in one publication"),
    "read-twice": lambda t: _of(len(read_twice(t.audit, "claims")), len(t.claims)),
    "n-war-powers": lambda t: number(float(_war_powers(t)["low"])),
    "audit-read": lambda t: _audits(t)[""]["read"],
    "audit-errors": lambda t: _audits(t)[""]["errors"],
    "audit-wrong": lambda t: _audits(t)[""]["wrong"],
    "audit-last-read": lambda t: _audits(t)["newest"]["read"],
    "audit-last-errors": lambda t: _audits(t)["newest"]["errors"],
    "audit-last-wrong": lambda t: _audits(t)["newest"]["wrong"],
    "audit-last-rate": lambda t: _audits(t)["newest"]["rate"],
    "audit-before-rate": lambda t: _audits(t)["fifth"]["rate"],
    "data-version": lambda _: read_package().version,
    "data-date": lambda _: day(pd.Timestamp(read_package().descriptor["created"])),
    "first-prior-year": lambda t: str(_prior(t)["start"].min().year),
}
_WORDS: dict[str, dict[str, str]] = tomllib.loads(
    (files("strikes2024.report") / "figures.toml").read_text(encoding="utf-8")
)
# The rows of figures whose row depends on the data.
_ROWS: dict[str, Callable[[Tables], str]] = {
    "iraq-autumn": lambda t: country_anchor(_in_country(t, "iraq", _AUTUMN)),
    "iraq-winter": lambda t: country_anchor(_in_country(t, "iraq", _MIDWINTER)),
    "iraq-ratio": lambda t: country_anchor(_in_country(t, "iraq", _MIDWINTER)),
    "syria-autumn": lambda t: country_anchor(_in_country(t, "syria", _AUTUMN)),
    "syria-winter": lambda t: country_anchor(_in_country(t, "syria", _MIDWINTER)),
    "syria-ratio": lambda t: country_anchor(_in_country(t, "syria", _MIDWINTER)),
    "n-war-powers": lambda t: f"claim-{_war_powers(t)['claim_id']}",
}
FIGURES = {
    name: Figure(_TEXTS[name], **words, row=_ROWS.get(name)) for name, words in _WORDS.items()
}
