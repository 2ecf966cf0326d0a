"""Charts of attacks on US forces over time, and of those they hurt."""

from typing import Any, Final

import pandas as pd

from strikes2024 import campaign
from strikes2024.analysis import attacks_by_month, official_line, standing_counts
from strikes2024.campaign import questions
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, demand, per_interval
from strikes2024.charts.forms import KeyDate, bars, over_time, range_rows
from strikes2024.tables import Tables, main_sources
from strikes2024.wording import day, month, number, period, quantity, reach, short_day

_NONE_SINCE: Final = "us-dod-2024-02-05-2024-02-13"  # no attack in the US count in these days
_WITHOUT: Final = "us-dod-2024-01-29"  # this count of the injured leaves out Tower 22
_TRUCE: Final = ("2023-11-24-gaza-truce", "2023-12-01-gaza-truce-ends")
_SPRING: Final = pd.Timestamp("2024-04-30")
_DAY: Final = pd.Timedelta(days=1)


def _totals(t: Tables, claimant: str, column: str, series: str, colour: str) -> pd.DataFrame:
    """One claimant's totals until the spring of 2024, the last of them named."""
    line = official_line(t.tallies, claimant, column)
    line = demand(line[line["as_of"] <= _SPRING], f"count of attacks by {claimant} ({column})")
    line = line.rename(columns={"as_of": "when", "count": "value"})
    text = f"{series}: " + line["value"].astype("string")
    return line.assign(
        series=series, colour=colour, hover=line["when"].map(day) + ", " + text,
        text=text.where(line.index == line.index[-1], ""), refs="tally:" + line["tally_id"],
    )  # fmt: skip


@chart_function(campaign.BAGHDAD, *_TRUCE)
def attacks_cumulative(t: Tables) -> Chart:
    """Attacks on US forces as US officials counted them, and in Syria as SOHR did, added up."""
    us = _totals(t, campaign.COUNTER, "total", "US count", style.MAIN)
    sohr = _totals(t, campaign.MONITOR, "syria", "SOHR, Syria alone", style.SIDE_COLOURS["monitor"])
    calm, calm_end = t.milestones.set_index("milestone_id")["date"][list(_TRUCE)]
    baghdad, last = campaign.start_of(t, campaign.BAGHDAD), us["when"].iloc[-1]
    periods = questions.campaign_periods(t)
    since = [demand(periods[periods["start"] == start], f"count of attacks from {day(start)}")
             for start in (calm, baghdad)]  # fmt: skip
    few = [reach(row["fewest"].iloc[0], row["most"].iloc[0]) for row in since]
    more, grew = ([text.format(n) if n != "0" else none for n in few]
                  for text, none in (("{} more", "none"), ("by {}", "not at all")))  # fmt: skip
    band = campaign.campaign_band(t, last).rename(columns={"day": "when"})
    band = band[band["when"] >= us["when"].iloc[0]]
    drawn = pd.concat([sohr, us])
    marked = [KeyDate(calm, f"truce in Gaza: {more[0]} (US)", calm_end),
              KeyDate(baghdad, f"from {short_day(baghdad)}: {more[1]} (US)", last)]  # fmt: skip
    return Chart(
        slug="attacks-cumulative",
        title=f"The US count of attacks all but stood still twice: it rose {grew[0]} during the "
        f"truce in Gaza and {grew[1]} from the strike in Baghdad to {day(last)}",
        subtitle="Attacks on US forces in Iraq, Syria and Jordan since "
        f"{day(campaign.campaign_start(t))}, added up, by who counted them",
        frame=drawn.merge(band.assign(series="US count"), how="left")[
            ["series", "when", "value", "fewest", "most", "tally_id"]
        ],
        source_ids=t.tallies.set_index("tally_id").loc[drawn["tally_id"], "source"].iloc[::-1],
        picture=lambda width: over_time(
            drawn, width, marked=marked, joined=["SOHR, Syria alone"], band=band,
            unit="Attacks added up; dots: totals as published; band: all numbers that the "
            "US statements allow",
        ),
    )  # fmt: skip


@chart_function(campaign.TOWER_22, _WITHOUT)
def casualties_us(t: Tables) -> Chart:
    """US personnel injured in the campaign by each count of the Pentagon, with Tower 22 or not."""
    hurt = standing_counts(t.tallies, campaign.COUNTER, "injured")
    hurt = hurt.rename(columns={"as_of": "when", "injured": "value"})
    hurt = hurt.drop_duplicates(["when", "value"])
    tower, clash = campaign.start_of(t, campaign.TOWER_22), hurt["tally_id"] == _WITHOUT
    after = (hurt["when"] >= tower) & ~clash
    new = demand(hurt[after], "count of the injured with Tower 22")
    counts = list(map(quantity, hurt["value"], hurt["value"], hurt["qualifier"]))
    hurt = hurt.assign(figure=counts)
    series = after.map({True: "with Tower 22", False: "without Tower 22"})
    text = hurt["figure"] + " " + series
    hover = text + " on " + hurt["when"].map(lambda when: day(when, year=False))
    # Two counts of one day nearly hide each other: a label names both.
    twice = hurt["figure"].groupby(hurt["when"]).transform(" and ".join)
    twice = twice.where(hurt.duplicated("when"), "")
    drawn = hurt.assign(
        series=series, colour=after.map({True: style.MAIN, False: style.REST}), hover=hover,
        text=text.where(after | clash, twice), refs="tally:" + hurt["tally_id"],
    )  # fmt: skip
    old, last = demand(hurt[clash], "count without Tower 22").iloc[0], hurt.loc[new.index[-1]]
    return Chart(
        slug="casualties-us",
        title="The Pentagon’s count of injured US personnel went from "
        f"{old['figure']} without Tower 22 ({day(old['when'], year=False)}) to {last['figure']} "
        f"with it, {(last['when'] - old['when']).days} days later",
        frame=drawn[["series", "when", "qualifier", "value", "tally_id"]],
        source_ids=hurt["source"].iloc[::-1],
        picture=lambda width: over_time(
            drawn, width, marked=[KeyDate(tower, f"{short_day(tower)}: Tower 22")],
            unit="US personnel counted as injured since "
            f"{day(campaign.campaign_start(t))}, added up",
        ),
    )  # fmt: skip


@chart_function(campaign.FEBRUARY)
def attacks_before_after(t: Tables) -> Chart:
    """Dated attacks by month, before and after the strikes."""
    begin, turn = campaign.campaign_start(t), campaign.start_of(t, campaign.FEBRUARY)
    events = t.events[t.events["start"] >= begin]
    attacks = demand(events[events["kind"] == "attack_on_us_forces"], "attack on US forces")
    end = attacks["start"].max() + _DAY
    frame = attacks_by_month(events)
    first, following = frame["month"], frame["month"] + pd.offsets.MonthBegin(1)
    before = demand(frame.loc[(first >= begin) & (following <= turn), "all"], "month before")
    after = demand(frame.loc[(first > turn) & (following <= end), "all"], "month after")
    edges = pd.DatetimeIndex([begin, *first[first > begin], end])
    drawn = per_interval(attacks, edges).assign(
        text=lambda bars: bars["value"].astype(str),
        colour=lambda bars: (bars["end"] <= turn).map({True: style.REST, False: style.MAIN}),
    )
    early = int(attacks["start"].between(turn.replace(day=1), turn - _DAY).sum())
    marked = [KeyDate(turn, f"{short_day(turn)}: US strikes")]
    unit = "Dated attacks a month, whoever reported them; narrow: part of a month"
    return Chart(
        slug="attacks-before-after",
        title=f"{before.min()} to {before.max()} recorded attacks in each full month before the "
        f"strikes, {after.min()} to {after.max()} in each full month after February",
        subtitle=f"Dated attacks on US forces, {period(begin, end - _DAY)}; blue: "
        f"{month(turn)} and later; {early} of that month came before the strikes",
        frame=frame,
        source_ids=main_sources(attacks["sources"]),
        picture=lambda width: bars(drawn, width, marked=marked, unit=unit),
    )  # fmt: skip


def _rate(low: float, high: Any) -> str:
    """Write attacks a day, in hundredths where they are few."""
    a, b = (f"{v:.2f}" if 0 < v < 0.095 else f"{v:.1f}" if v else "0" for v in (low, high))
    return f"{a} or more" if pd.isna(high) else a if a == b else f"{a}–{b}"


@chart_function(*(row for _, _, row in campaign.PHASES), _NONE_SINCE)
def attack_phases(t: Tables) -> Chart:
    """Attacks a day in the official count by period: what fits the statements, and chance."""
    counts = standing_counts(t.tallies, campaign.COUNTER, "total")
    demand(counts, f"attacks counted by {campaign.COUNTER}")
    frame = questions.campaign_periods(t)
    demand(frame.iloc[4:], "count after the strike in Baghdad")
    rates = list(map(_rate, frame["rate_low"], frame["rate_high"]))
    winter, quiet = frame.iloc[2], frame.iloc[4]
    none = reach(quiet["fewest"], quiet["most"])
    attacks = questions.campaign_attacks(t)
    attacks = attacks[attacks["start"].between(quiet["start"], quiet["end"])]
    others = number(int(attacks["us_confirmed"].ne("yes").sum()))
    also = f" (others recorded {others})" * (others != "0")
    rows = frame.assign(
        row=frame["phase"] + "\n" + list(map(period, frame["start"], frame["end"])),
        inner_low=frame["rate_low"], inner_high=frame["rate_high"],
        text=[*rates[:4], f"{rates[4]}, for {quiet['days']} days{also}", *rates[5:]],
        strong=frame["start"].isin([winter["start"], quiet["start"]]),
    )  # fmt: skip
    totals = official_line(t.tallies, campaign.COUNTER, "total")
    early = totals["as_of"] < quiet["start"]
    old = demand(totals[early], "total before the strike in Baghdad").iloc[-1]
    new = demand(totals[~early], "total after the strike in Baghdad").iloc[0]
    last = t.interval_counts.set_index("count_id")["start"][_NONE_SINCE] - _DAY
    return Chart(
        slug="attack-phases",
        title=f"The US counted {rates[2]} attacks a day between the truce and Tower 22, and "
        f"{none} in the {quiet['days']} days from {day(quiet['start'])}",
        frame=frame[["phase", "start", "end", "days", "fewest", "most", "rate_low", "rate_high",
                     "low", "high"]],
        source_ids=counts["source"].iloc[::-1],
        note=f"Between the truce and Tower 22: {reach(winter['fewest'], winter['most'])} attacks "
        f"in {winter['days']} days. The US total was {old['count']} on "
        f"{day(old['as_of'], year=False)} and {new['count']} on {day(new['as_of'], year=False)}, "
        f"although the Pentagon dates its last attack to {day(last, year=False)}; one may have "
        "been added late. Attacks that only others counted are left out.",
        picture=lambda width: range_rows(
            rows, width,
            unit="Attacks a day in the US count, by US days (by these, Tower 22 was hit on "
            f"{short_day(frame['start'].iloc[3])}); thick: what its statements allow; thin: with "
            "the margin for chance (95\u00a0%); blue: the two periods of the title",
        ),
    )  # fmt: skip
