"""Charts of attacks on US forces over time, and of those they hurt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from strikes2024.analysis import (
    attacks_by_month,
    interval_rates,
    official_line,
    reported_casualties,
    standing_counts,
)
from strikes2024.campaign import (
    BAGHDAD,
    CAMPAIGN,
    COUNTER,
    FEBRUARY,
    MONITOR,
    PHASES,
    TOWER_22,
    WINTER,
    campaign_band,
    campaign_phases,
    campaign_start,
    count_bounds,
    salvo_index,
    start_of,
)
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, demand, refs_by
from strikes2024.charts.forms import KeyDate, bars, lines, range_rows
from strikes2024.wording import day, number, period, reach, short_day

if TYPE_CHECKING:
    from strikes2024.tables import Tables

__all__ = ["attack_phases", "attacks_before_after", "attacks_cumulative", "casualties_us"]

_TRUCE: Final = ("2023-11-24-gaza-truce", "2023-12-01-gaza-truce-ends")
_WITHOUT: Final = "us-dod-2024-01-29"  # this count of the injured leaves out Tower 22
_NONE_SINCE: Final = "us-dod-2024-02-05-2024-02-13"  # no attack in the US count in these days
_WINTER, _SPRING = pd.Timestamp("2024-02-29"), pd.Timestamp("2024-04-30")
_DAY: Final = pd.Timedelta(days=1)
_US, _GREY = style.SIDE_COLOURS["us"], style.SIDE_COLOURS["press"]


def _total(t: Tables, claimant: str, column: str, side: str, name: str) -> pd.DataFrame:
    """One claimant's totals until the spring of 2024; the last one has the name of the line."""
    line = official_line(t.tallies, claimant, column)
    line = demand(line[line["as_of"] <= _SPRING], f"count of attacks by {claimant} ({column})")
    texts = [""] * (len(line) - 1) + [f"{name}: {line['count'].iloc[-1]}"]
    line = line.rename(columns={"as_of": "when", "count": "value"})
    refs = "tally:" + line["tally_id"].astype("string")
    return line.assign(
        line=name, colour=style.SIDE_COLOURS[side], text=texts, strong=True, refs=refs
    )


def _stood(line: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> list[str]:
    """Return the last total before an interval and the last one in it."""
    before = demand(line[line["when"] < start], f"count of attacks before {day(start)}")
    return [str(rows["value"].iloc[-1]) for rows in (before, line[line["when"] <= end])]


@chart_function(CAMPAIGN, FEBRUARY, *_TRUCE)
def attacks_cumulative(t: Tables) -> Chart:
    """Cumulative attacks on US forces as US officials counted them, and SOHR in Syria."""
    us = _total(t, COUNTER, "total", "us", "US count")
    frame = pd.concat([us, _total(t, MONITOR, "syria", "monitor", "SOHR, Syria alone")])
    calm, calm_end = t.milestones.set_index("milestone_id")["date"][list(_TRUCE)]
    strikes, last = start_of(t, FEBRUARY), us["when"].iloc[-1]
    truce, spring = _stood(us, calm, calm_end), _stood(us, strikes, last)
    band = campaign_band(t, last).rename(columns={"day": "when", "fewest": "low", "most": "high"})
    band = band[band["when"] >= us["when"].iloc[0]].dropna()
    marked = [
        KeyDate(calm, f"truce in Gaza: US {' to '.join(truce)}", calm_end),
        KeyDate(strikes, f"from the US strikes: US {' to '.join(spring)}", last),
    ]
    return Chart(
        slug="attacks-cumulative",
        title=f"In two periods the US count of attacks hardly rose: from {' to '.join(truce)} "
        f"during the truce in Gaza, and from {' to '.join(spring)} between the US strikes and "
        f"{day(last)}",
        subtitle=f"Attacks on US forces in Iraq, Syria and Jordan since {day(campaign_start(t))}, "
        "added up, by who counted them",
        frame=frame.merge(band.assign(line=us["line"].iloc[0]), how="left")[
            ["line", "when", "value", "low", "high", "tally_id"]
        ],
        labels={
            "line": "Count",
            "value": "Attacks",
            "tally_id": "Tally",
            "low": "Fewest possible",
            "high": "Most possible",
        },
        source_ids=t.tallies.set_index("tally_id").loc[frame["tally_id"], "source"].iloc[::-1],
        note="Each dot is a total on the day that it describes. The US gave no exact total for "
        "most days; the band shows the fewest and the most attacks that fit all its statements. A "
        "line joins the totals of the Syrian Observatory (SOHR).",
        picture=lambda width: lines(
            frame,
            width,
            unit=f"Attacks on US forces since {day(campaign_start(t))}, added up; pale steps: "
            "as many as all US statements allow",
            marked=marked,
            bands={"US count": band},
        ),
    )


@chart_function(FEBRUARY)
def attacks_before_after(t: Tables) -> Chart:
    """Dated attacks by month, before and after the strikes."""
    begin, turn = campaign_start(t), start_of(t, FEBRUARY)
    events = t.events[t.events["start"] >= begin]
    attacks = demand(events[events["kind"] == "attack_on_us_forces"], "attack on US forces")
    end = attacks["start"].max() + _DAY
    frame = attacks_by_month(events)
    first, following = frame["month"], frame["month"] + pd.offsets.MonthBegin(1)
    before = demand(frame.loc[(first >= begin) & (following <= turn), "all"], "month before")
    after = demand(frame.loc[(first > turn) & (following <= end), "all"], "month after")
    edges = pd.DatetimeIndex(sorted({begin, *first[first > begin], turn, end}))
    at = edges.searchsorted(attacks["start"].to_numpy(), side="right") - 1
    part = pd.Series(edges[at], attacks.index)
    drawn = pd.DataFrame({"start": edges[:-1], "end": edges[1:]})
    drawn["value"] = drawn["start"].map(part.value_counts()).fillna(0).astype(int)
    drawn = drawn.assign(
        text=drawn["value"].astype(str), colour=[_GREY if d < turn else _US for d in edges[:-1]],
        refs=drawn["start"].map(refs_by("event", attacks["event_id"], part)),
    )  # fmt: skip
    marked = [KeyDate(turn, f"{short_day(turn)}: US strikes")]
    unit = "Dated attacks a month, whoever reported them; narrow: part of a month"
    return Chart(
        slug="attacks-before-after",
        title=f"{before.min()} to {before.max()} recorded attacks a month before the strikes, "
        f"{after.min()} to {after.max()} a month after February",
        subtitle=f"Dated attacks on US forces, {period(begin, end - _DAY)}; blue since the strikes",
        frame=frame,
        labels={"month": "Month", "confirmed": "Counted by the US",
                "unconfirmed": "No US statement, or denied", "all": "All dated attacks"},
        source_ids=attacks["sources"].str.split(";").str[0],
        note="Only attacks that this record can date and name: not all of those in the "
        "official totals, and some that the US did not count.",
        picture=lambda width: bars(drawn, width, marked=marked, unit=unit),
    )  # fmt: skip


PHASE_ROWS: Final = tuple(row for _phase, _table, row in PHASES)
_PERIODS: Final = ("Until the truce in Gaza", "In the truce", "After the truce",
                   "Tower 22 to Baghdad", "After the strike in Baghdad",
                   "Once attacks resumed")  # fmt: skip


def _periods(t: Tables) -> pd.DataFrame:
    """Rates of the official count in a few periods, each named by what it follows."""
    phases = campaign_phases(t)
    winter = int(demand(phases.index[phases["phase"] == WINTER], f"phase “{WINTER}”")[0])
    late = phases.index[phases["start"] >= start_of(t, BAGHDAD)]
    demand(late, "count after the strike in Baghdad")
    start = phases.loc[[0, winter - 1, winter, winter + 1, *late], "start"]
    end = (start - _DAY).shift(-1, fill_value=phases["end"].max())
    asked = pd.DataFrame({"phase": _PERIODS[: len(start)], "start": start, "end": end})
    asked = asked.reset_index(drop=True)
    # The last total was given in the course of its day.
    noon = asked["end"] + _DAY / 2 * (asked.index == len(asked) - 1).astype(int)
    found = count_bounds(t, asked.assign(end=noon))
    days = ((asked["end"] - asked["start"]).dt.days + 1).astype("Int64")
    known = asked.assign(days=days, fewest=found["fewest"], most=found["most"])
    return interval_rates(known, dispersion=salvo_index(t))


def _rate(low: float, high: Any) -> str:
    """Write attacks a day, in hundredths where they are few."""
    a, b = (f"{v:.2f}" if 0 < v < 0.095 else f"{v:.1f}" if v else "0" for v in (low, high))
    return f"{a} or more" if pd.isna(high) else a if a == b else f"{a}–{b}"


@chart_function(*PHASE_ROWS, _NONE_SINCE)
def attack_phases(t: Tables) -> Chart:
    """Attacks a day in the official count by period: what fits the statements, and chance."""
    counts = demand(standing_counts(t.tallies, COUNTER, "total"), f"attacks counted by {COUNTER}")
    frame = _periods(t)
    rates = list(map(_rate, frame["rate_low"], frame["rate_high"]))
    winter, quiet = frame.iloc[2], frame.iloc[4]
    none = reach(quiet["fewest"], quiet["most"])
    rows = frame.assign(
        row=frame["phase"] + "\n" + list(map(period, frame["start"], frame["end"])),
        inner_low=frame["rate_low"], inner_high=frame["rate_high"],
        text=[*rates[:4], f"{rates[4]}, for {quiet['days']} days", *rates[5:]],
        strong=frame["start"].isin([winter["start"], quiet["start"]]),
    )  # fmt: skip
    totals = official_line(t.tallies, COUNTER, "total")
    early = totals["as_of"] < quiet["start"]
    old = demand(totals[early], "total before the strike in Baghdad").iloc[-1]
    new = demand(totals[~early], "total after the strike in Baghdad").iloc[0]
    last = t.interval_counts.set_index("count_id")["start"][_NONE_SINCE] - _DAY
    return Chart(
        slug="attack-phases",
        title=f"The US counted {rates[2]} attacks a day between the truce and Tower 22, and "
        f"{none} in the {quiet['days']} days from {day(quiet['start'])}",
        subtitle="Attacks on US forces in all countries together, as US officials counted them",
        frame=frame[["phase", "start", "end", "days", "fewest", "most", "rate_low", "rate_high",
                     "low", "high"]],
        labels={"phase": "Period", "rate_low": "A day, fewest", "rate_high": "A day, most"},
        source_ids=counts["source"].iloc[::-1],
        note=f"Between the truce and Tower 22: {reach(winter['fewest'], winter['most'])} attacks "
        f"in {winter['days']} days. The US total went from {old['count']} "
        f"({day(old['as_of'], year=False)}) to {new['count']} ({day(new['as_of'], year=False)}), "
        f"yet the Pentagon dates its last attack to {day(last, year=False)}; one may have been "
        "added late. Attacks that only others counted are left out.",
        picture=lambda width: range_rows(
            rows, width,
            unit="Attacks a day in the US count, by US days (by these, Tower 22 was hit on "
            f"{short_day(frame['start'].iloc[3])}); dark: what its statements allow; pale: with "
            "the margin for chance (95\u00a0%)",
        ),
    )  # fmt: skip


@chart_function(CAMPAIGN, TOWER_22, BAGHDAD, _WITHOUT)
def casualties_us(t: Tables) -> Chart:
    """US personnel reported injured in the campaign, before and after Tower 22."""
    frame = reported_casualties(t.tallies, t.claims, CAMPAIGN, (COUNTER, "us-officials"))
    frame = frame[frame["as_of"] <= _WINTER]
    hurt = demand(frame[frame["series"] == "Injured"], "count of the injured").sort_values("as_of")
    rising = hurt[hurt["figure"] >= hurt["figure"].cummax()].drop_duplicates("figure")
    tower, begin = start_of(t, TOWER_22), day(campaign_start(t))
    early = (rising["as_of"] < tower) | (rising["row"] == _WITHOUT)
    old = demand(rising[early], "count of the injured before Tower 22").iloc[-1]
    new = demand(rising[~early], "count of the injured after Tower 22").iloc[-1]
    texts = rising["figure"].astype("string") + " by " + rising["as_of"].map(short_day)
    texts = texts.mask(early, "").mask(rising.index == old.name, texts + ", without Tower 22")
    drawn = pd.DataFrame({
        "line": "Injured", "when": rising["as_of"], "value": rising["figure"], "text": texts,
        "colour": style.SIDE_COLOURS["iran_aligned"],
        "refs": rising["row"].isin(t.claims["claim_id"]).map({True: "claim:", False: "tally:"})
        + rising["row"].astype("string"),
    })  # fmt: skip
    return Chart(
        slug="casualties-us",
        title=f"US personnel counted as injured: {number(old['figure'])} on "
        f"{day(old['as_of'], year=False)}, leaving out Tower 22; {number(new['figure'])} on "
        f"{day(new['as_of'], year=False)}",
        subtitle="Counts by the Pentagon and US officials, by the day that each describes",
        frame=rising,
        labels={"series": "Series", "figure": "Persons", "row": "Row"},
        source_ids=[*hurt["source"].iloc[::-1], *frame["source"]],
        note=f"{number(frame.loc[frame['series'] == 'Killed', 'figure'].max())} were killed, all "
        "at Tower 22. Counts that fell below an earlier one are left out.",
        picture=lambda width: lines(
            drawn, width, unit=f"US personnel counted as injured since {begin}, added up; brain "
            "injuries are often found weeks after an attack",
            marked=[KeyDate(tower, "from Tower 22", new["as_of"])],
        ),
    )  # fmt: skip
