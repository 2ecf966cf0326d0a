"""Charts of attacks on US forces over time, and of those they hurt."""

from typing import Any, Final

import pandas as pd

from strikes2024 import campaign
from strikes2024.analysis import attacks_by_month, official_line, standing_counts
from strikes2024.campaign import questions
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, demand, per_interval
from strikes2024.charts.forms import KeyDate, bars, over_time, range_rows
from strikes2024.charts.words import Words
from strikes2024.tables import Tables, main_sources
from strikes2024.wording import day, number, period, quantity, reach

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
    words = Words("attacks-cumulative", more=more, grew=grew, baghdad=baghdad, last=last,
                  begin=campaign.campaign_start(t))  # fmt: skip
    marked = [KeyDate(calm, words["truce"], calm_end), KeyDate(baghdad, words["baghdad"], last)]
    drawn = pd.concat([sohr, us])
    frame = drawn.merge(band.assign(series="US count"), how="left")
    sources = t.tallies.set_index("tally_id").loc[drawn["tally_id"], "source"].iloc[::-1]
    return Chart.of(words, drawn, over_time, frame, sources, marked=marked, band=band,
                    joined=["SOHR, Syria alone"])  # fmt: skip


@chart_function(campaign.TOWER_22, _WITHOUT)
def casualties_us(t: Tables) -> Chart:
    """US personnel injured in the campaign by each count of the Pentagon, with Tower 22 or not."""
    hurt = standing_counts(t.tallies, campaign.COUNTER, "injured")
    hurt = hurt.rename(columns={"as_of": "when", "injured": "value"})
    hurt = hurt.drop_duplicates(["when", "value"])
    tower, clash = campaign.start_of(t, campaign.TOWER_22), hurt["tally_id"] == _WITHOUT
    after = (hurt["when"] >= tower) & ~clash
    new = demand(hurt[after], "count of the injured with Tower 22")
    hurt = hurt.assign(figure=list(map(quantity, hurt["value"], hurt["value"], hurt["qualifier"])))
    old, last = demand(hurt[clash], "count without Tower 22").iloc[0], hurt.loc[new.index[-1]]
    words = Words("casualties-us", old=old, last=last, later=(last["when"] - old["when"]).days,
                  begin=campaign.campaign_start(t), tower=tower)  # fmt: skip
    series = after.map({True: words["with"], False: words["without"]})
    text = hurt["figure"] + " " + series
    hover = text + " on " + hurt["when"].map(lambda when: day(when, year=False))
    # Two counts of one day nearly hide each other: a label names both.
    twice = hurt["figure"].groupby(hurt["when"]).transform(" and ".join)
    twice = twice.where(hurt.duplicated("when"), "")
    drawn = hurt.assign(
        series=series, colour=after.map({True: style.MAIN, False: style.REST}), hover=hover,
        text=text.where(after | clash, twice), refs="tally:" + hurt["tally_id"],
    )  # fmt: skip
    marked = [KeyDate(tower, words["tower"])]
    return Chart.of(words, drawn, over_time, None, hurt["source"].iloc[::-1], marked=marked)


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
    words = Words(
        "attacks-before-after",
        before=f"{before.min()} to {before.max()}",
        after=f"{after.min()} to {after.max()}",
        period=period(begin, end - _DAY),
        turn=turn,
        early=attacks["start"].between(turn.replace(day=1), turn - _DAY).sum(),
    )
    marked = [KeyDate(turn, words["strikes"])]
    return Chart.of(words, drawn, bars, frame, main_sources(attacks["sources"]), marked=marked)


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
    attacks = questions.campaign_attacks(t)
    attacks = attacks[attacks["start"].between(quiet["start"], quiet["end"])]
    others = number(int(attacks["us_confirmed"].ne("yes").sum()))
    totals = official_line(t.tallies, campaign.COUNTER, "total")
    early = totals["as_of"] < quiet["start"]
    words = Words(
        "attack-phases",
        rate=rates[2], winter=winter, winter_attacks=reach(winter["fewest"], winter["most"]),
        quiet=quiet, quiet_attacks=reach(quiet["fewest"], quiet["most"]), quiet_rate=rates[4],
        others=others, hit=frame["start"].iloc[3],
        old=demand(totals[early], "total before the strike in Baghdad").iloc[-1],
        new=demand(totals[~early], "total after the strike in Baghdad").iloc[0],
        last=t.interval_counts.set_index("count_id")["start"][_NONE_SINCE] - _DAY,
    )  # fmt: skip
    rates[4] = words["quiet" if others == "0" else "quiet_others"]
    rows = frame.assign(
        row=frame["phase"] + "\n" + list(map(period, frame["start"], frame["end"])),
        inner_low=frame["rate_low"], inner_high=frame["rate_high"],
        text=rates, strong=frame["start"].isin([winter["start"], quiet["start"]]),
    )  # fmt: skip
    return Chart.of(words, rows, range_rows, source_ids=counts["source"].iloc[::-1])
