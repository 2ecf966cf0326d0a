"""Charts of attacks on US forces over time, and of those they hurt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
    campaign_rates,
    campaign_start,
    count_bounds,
    salvo_index,
    truce_rates,
)
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import KeyDate, Shade, bars, range_rows, step_lines
from strikes2024.charts.key_dates import KEY_DATES, PAUSE, TEN_DAYS, ten_days, truce
from strikes2024.frames import each, find
from strikes2024.wording import day, month, number, period, reach

if TYPE_CHECKING:
    from strikes2024.tables import Tables

__all__ = [
    "attack_phases", "attacks_before_after", "attacks_cumulative", "attacks_per_day",
    "casualties_us",
]  # fmt: skip

_END: Final = pd.Timestamp("2024-03-01")
_DAY: Final = pd.Timedelta(days=1)
_US, _GREY = style.SIDE_COLOURS["us"], style.SIDE_COLOURS["press"]


@chart_function(*KEY_DATES)
def attacks_cumulative(t: Tables) -> Chart:
    """Cumulative attacks on US forces as US officials counted them, and SOHR in Syria."""
    strikes = find(t.events, FEBRUARY).start
    lines = []
    for claimant, column, name, side in (
        (COUNTER, "total", "US count", "us"),
        (MONITOR, "syria", "SOHR, Syria only", "monitor"),
    ):
        line = official_line(t.tallies, claimant, column)
        line = demand(line[line["as_of"] <= _END], f"count of attacks by {claimant} ({column})")
        line = line.rename(columns={"as_of": "when", "count": "value"}).reset_index(drop=True)
        turn = line.loc[line["when"] < strikes, "when"].idxmax()
        text = {len(line) // 2: name, turn: f"{line['value'][turn]:,}"}
        text[len(line) - 1] = f"{line['value'].iloc[-1]:,}"
        texts = [text.get(i, "") for i in range(len(line))]
        lines.append(line.assign(line=name, side=side, text=texts))
    frame = pd.concat(lines, ignore_index=True)
    us, sohr = (part.iloc[-1] for _, part in frame.groupby("side", sort=False))
    earlier = frame[(frame["side"] == us["side"]) & (frame["when"] < strikes)].iloc[-1]
    used = t.tallies.set_index("tally_id").loc[frame["tally_id"], "source"]
    marked: list[KeyDate | Shade] = [
        truce(t),
        *ten_days(t)[:1],
        Shade(strikes, _END, "after the strikes"),
    ]
    return Chart(
        slug="attacks-cumulative",
        title=f"The US had counted {number(earlier['value'])} attacks by {day(earlier['when'])} "
        f"and {number(us['value'])} by {day(us['when'])}, after its strikes",
        subtitle=f"Attacks on US forces in Iraq, Syria and Jordan since {day(campaign_start(t))}, "
        "added up, by claimant",
        frame=frame[["line", "when", "value", "tally_id"]],
        labels={"line": "Count", "value": "Attacks", "tally_id": "Tally"},
        source_ids=used.iloc[::-1],
        note=f"SOHR had counted {number(sohr['value'])} in Syria by {day(sohr['when'])}. Figures "
        "stand on the day they describe; between two statements the true path is unknown.",
        picture=lambda width: step_lines(
            frame, width, unit="attacks since the count began", end=_END, marked=marked
        ),
        live=True,
    )


@chart_function(*KEY_DATES)
def attacks_per_day(t: Tables) -> Chart:
    """Attacks a day between closed official totals: the fewest and the most that fit them."""
    frame = truce_rates(t)
    frame = frame[frame["end"] <= _END].reset_index(drop=True)
    demand(frame, f"two closed counts of attacks by {COUNTER}")
    calm = truce(t)
    inside = frame["end"].ge(calm.when) & frame["start"].lt(calm.end)
    quiet, last = demand(frame[inside], "count of attacks in the truce").iloc[0], frame.iloc[-1]
    rest = frame[~inside].iloc[:-1]["rate_low"]
    span = {"start": frame["start"], "end": frame["end"] + _DAY}
    sure = pd.DataFrame({**span, "part": "counted", "value": frame["rate_low"]})
    maybe = frame["rate_high"] - frame["rate_low"]
    drawn = pd.concat([sure, pd.DataFrame({**span, "part": "possibly more", "value": maybe})])
    counts = standing_counts(t.tallies, COUNTER, "total")
    marked: list[KeyDate | Shade] = [calm, *ten_days(t)]
    return Chart(
        slug="attacks-per-day",
        title=f"The US counted {reach(quiet['fewest'], quiet['most'])} "
        f"{'attack' if quiet['most'] == 1 else 'attacks'} in the {quiet['days']} days "
        f"of the truce and {reach(last['fewest'], last['most'])} in the {last['days']} days from "
        f"{day(last['start'], year=False)}, otherwise {rest.min():.1f} to {rest.max():.0f} a day",
        subtitle="Attacks a day on US forces between the totals that the US Department of Defense "
        "gave as exact",
        frame=frame,
        labels={"rate_low": "Per day, fewest", "rate_high": "Per day, most"},
        source_ids=counts["source"].iloc[::-1],
        note="Intervals run from one closed total (“exactly”, “about”) to the next; those under "
        "five days are joined, but never across two phases. The data table adds the uncertainty "
        "from chance.",
        picture=lambda width: bars(
            drawn, width, unit="attacks a day", marked=marked,
            colours={"counted": _US, "possibly more": _US + "59"},
        ),
    )  # fmt: skip


@chart_function(FEBRUARY, PAUSE)
def attacks_before_after(t: Tables) -> Chart:
    """Dated attacks by month, before and after the strikes."""
    events = t.events[t.events["start"] >= campaign_start(t).to_period("M").to_timestamp()]
    demand(events[events["kind"] == "attack_on_us_forces"], "attack on US forces")
    frame = attacks_by_month(events)
    turn = find(t.events, FEBRUARY).start
    first = turn.to_period("M").to_timestamp()
    before = demand(frame.loc[frame["month"] < first, "all"], "attack before the strikes")
    after = demand(frame.loc[frame["month"] > first, "all"], "attack after the strikes")
    drawn = pd.DataFrame({
        "start": frame["month"],
        "end": frame["month"] + pd.offsets.MonthBegin(1),
        "value": frame["all"].astype(float),
        "text": frame["all"].astype(str),
        "colour": [_GREY if m < first else _US for m in frame["month"]],
    })  # fmt: skip
    sources = events.loc[events["kind"] == "attack_on_us_forces", "sources"].str.split(";").str[0]
    return Chart(
        slug="attacks-before-after",
        title=f"{before.min()} to {before.max()} recorded attacks a month before the strikes, "
        f"{after.min()} to {after.max()} a month after February",
        subtitle=f"Dated attacks on US forces in this record, {month(frame['month'].iloc[0])} to "
        f"{month(frame['month'].iloc[-1])}; blue from the month of the strikes. October begins "
        f"on {day(events['start'].min(), year=False)}",
        frame=frame,
        labels={"month": "Month", "confirmed": "Counted by the US",
                "unconfirmed": "No US statement, or denied", "all": "All dated attacks"},
        source_ids=sources,
        note="Only attacks that this record can date and name, fewer than the official totals. "
        f"Kataib Hezbollah announced a pause on {day(find(t.measures, PAUSE).date, year=False)}, "
        "before the strikes: the order in time does not show a cause.",
        picture=lambda width: bars(drawn, width, unit="attacks a month", marked=ten_days(t)[2:3]),
    )  # fmt: skip


PHASE_ROWS = tuple(row for _phase, _table, row in PHASES)
_WIDEST: Final = 4.0  # attacks a day; longer intervals end in an arrow


def _rate(value: float) -> str:
    return f"{value:.2f}" if 0 < value < 0.095 else f"{value:.1f}" if value else "0"


def _periods(t: Tables) -> pd.DataFrame:
    """Five periods of the official count with their rates, each named by what it follows."""
    rates = campaign_rates(t).set_index("phase")
    starts = {name: rates.loc[name, "start"] for name in rates.index}
    ten = {event: find(t.events, event).start for event in (TOWER_22, BAGHDAD)}
    winter = demand(rates[rates.index == WINTER], f"count for the phase “{WINTER}”")["start"].iloc[
        0
    ]
    pause = max(start for start in starts.values() if start < winter)
    after = rates[rates["start"] >= ten[BAGHDAD]]
    demand(after, "count after the strike in Baghdad")
    tower = min(start for start in starts.values() if start > winter)
    turns = [
        rates["start"].iloc[0],
        pause,
        winter,
        tower,
        *after["start"],
        rates["end"].max() + _DAY,
    ]
    names = ["Until the truce in Gaza", "In the truce", "After the truce", "Tower 22 to Baghdad",
             "After the strike in Baghdad", "From the next counted attack"]  # fmt: skip
    asked = pd.DataFrame({"start": turns[:-1], "end": [turn - _DAY for turn in turns[1:]]})
    asked = asked.astype("datetime64[us]").assign(phase=names[: len(asked)])
    noon = asked["end"] + _DAY / 2 * (asked["end"] == asked["end"].max()).astype(int)
    found = count_bounds(t, asked.assign(end=noon))
    days = ((asked["end"] - asked["start"]).dt.days + 1).astype("Int64")
    known = asked.assign(days=days, fewest=found["fewest"], most=found["most"])
    return interval_rates(known, dispersion=salvo_index(t))


@chart_function(*PHASE_ROWS)
def attack_phases(t: Tables) -> Chart:
    """Attacks a day in the official count by period: what fits the statements, and chance."""
    counts = demand(standing_counts(t.tallies, COUNTER, "total"), f"attacks counted by {COUNTER}")
    frame = _periods(t)
    rates = [(_rate(r.rate_low), "" if pd.isna(r.rate_high) else _rate(r.rate_high))
             for r in each(frame)]  # fmt: skip
    words = [f"{a} or more" if not b else a if a == b else f"{a}–{b}" for a, b in rates]
    rows = frame.assign(
        row=[f"{r.phase}: {period(r.start, r.end)}" for r in each(frame)],
        inner_low=frame["rate_low"], inner_high=frame["rate_high"], text=words,
    )  # fmt: skip
    winter, after = frame.iloc[2], frame.iloc[4]
    return Chart(
        slug="attack-phases",
        title=f"The US counted {words[2]} attacks a day between the truce and Tower 22, and "
        f"{reach(after['fewest'], after['most'])} in the {after['days']} days from "
        f"{day(after['start'])}",
        subtitle="Attacks a day in the US count, all countries. Dark: the range consistent with "
        "its statements; light: the added margin for chance (95 %)",
        frame=frame[["phase", "start", "end", "days", "fewest", "most", "rate_low", "rate_high",
                     "low", "high"]],
        labels={"phase": "Period", "rate_low": "A day, fewest", "rate_high": "A day, most"},
        source_ids=counts["source"].iloc[::-1],
        note=f"Between the truce and Tower 22 {reach(winter['fewest'], winter['most'])} attacks in "
        f"{winter['days']} days. The margin for chance is wide where days are few.",
        picture=lambda width: range_rows(rows, width, unit="attacks a day", top=_WIDEST),
    )  # fmt: skip


@chart_function(*TEN_DAYS)
def casualties_us(t: Tables) -> Chart:
    """US personnel reported injured in the campaign, before and after Tower 22."""
    frame = reported_casualties(t.tallies, t.claims, CAMPAIGN, (COUNTER, "us-officials"))
    frame = frame[frame["as_of"] <= _END]
    hurt = demand(frame[frame["series"] == "Injured"], "count of the injured").sort_values("as_of")
    rising = hurt[hurt["figure"] >= hurt["figure"].cummax()].drop_duplicates("figure")
    tower = find(t.events, TOWER_22).start
    late = rising["as_of"] >= tower
    ends = {rising[~late].index[-1:].tolist()[0] if (~late).any() else -1, *rising[late].index}
    drawn = pd.DataFrame({
        "line": late.map({True: "after Tower 22", False: "before Tower 22"}),
        "when": rising["as_of"],
        "value": rising["figure"].astype(float),
        "colour": late.map({True: style.SIDE_COLOURS["iran_aligned"], False: _GREY}),
        "text": [f"{r.figure} by {r.as_of.day} {r.as_of:%b}" if i in ends else ""
                 for i, r in zip(rising.index, each(rising), strict=True)],
    })  # fmt: skip
    demand(drawn[late], "count of the injured after Tower 22")
    old, new = drawn[~late].iloc[-1], drawn.iloc[-1]
    dead = frame[frame["series"] == "Killed"]["figure"].max()
    return Chart(
        slug="casualties-us",
        title=f"US personnel counted as injured rose from {number(old['value'])} before Tower 22 "
        f"to {number(new['value'])} two weeks after it",
        subtitle="US personnel reported injured in attacks since mid-October 2023, by the day that "
        "each figure describes",
        frame=rising,
        labels={"series": "Series", "figure": "Persons", "row": "Row"},
        source_ids=[*hurt["source"].iloc[::-1], *frame["source"]],
        note=f"{number(dead)} were killed, all at Tower 22. Counts that fell below an earlier one "
        "are left out. Brain injuries are often found days or weeks after a blast, so a "
        "count can grow without a new attack.",
        picture=lambda width: step_lines(
            drawn, width, unit="US personnel injured", marked=ten_days(t)[:1]
        ),
        live=True,
    )
