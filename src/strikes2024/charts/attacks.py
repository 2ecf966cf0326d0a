"""Charts of attacks on US forces over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from strikes2024.analysis import (
    attacks_by_month,
    official_line,
    reported_casualties,
)
from strikes2024.campaign import CAMPAIGN, COUNTER, FEBRUARY, MONITOR, campaign_start, truce_rates
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, cite, demand
from strikes2024.charts.key_dates import (
    KEY_DATES,
    PAUSE,
    mark_matplotlib,
    mark_plotly,
    ten_days,
    turning_days,
)
from strikes2024.frames import each, find, highest
from strikes2024.wording import day, month, number, reach

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from strikes2024.tables import Tables

__all__ = ["attacks_before_after", "attacks_cumulative", "attacks_per_day", "casualties_us"]

TRUCE = ("2023-11-24-gaza-truce", "2023-12-01-gaza-truce-ends")


def truce(t: Tables) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of the Gaza truce, from the milestones."""
    dates = t.milestones.set_index("milestone_id")["date"]
    return dates[TRUCE[0]], dates[TRUCE[1]]


def us_strike_days(t: Tables) -> pd.DataFrame:
    """US strikes of the campaign against Iran-aligned groups, by local day."""
    start: pd.Timestamp = find(t.events, CAMPAIGN).start
    strikes = t.events[(t.events["kind"] == "us_strike") & (t.events["start"] >= start)]
    days: pd.DataFrame = strikes[["event_id", "title", "start"]].sort_values("start")
    return days


_SERIES = (
    (COUNTER, "total", "US officials: all", "us", "solid"),
    (COUNTER, "syria", "US officials: Syria", "us", "dash"),
    (COUNTER, "iraq", "US officials: Iraq", "us", "dot"),
    (MONITOR, "syria", "SOHR: Syria", "monitor", "solid"),
)
# Days right of the last count: a name beside the end of its line crosses nothing there.
_ROOM = pd.Timedelta(days=20)


def _told(points: pd.DataFrame) -> pd.DataFrame:
    """Every third point and the last: enough for a listener to follow a line."""
    return pd.concat([points.iloc[:-1:3], points.iloc[-1:]])


@chart_function(*KEY_DATES, *TRUCE)
def attacks_cumulative(t: Tables) -> Chart:
    """Cumulative attacks on US forces as US officials and SOHR counted them."""
    import plotly.graph_objects as go

    begin = find(t.events, CAMPAIGN).start
    end = pd.Timestamp("2024-03-01")
    turns = turning_days(t)
    figure = go.Figure()
    frames = []
    for claimant, column, name, side, dash in _SERIES:
        line = official_line(t.tallies, claimant, column)
        line = demand(line[line["as_of"] <= end], f"count of attacks by {claimant} ({column})")
        frames.append(line.assign(series=name))
        figure.add_trace(
            go.Scatter(
                x=line["as_of"],
                y=line["count"].astype(int),
                name=name,
                mode="lines+markers",
                cliponaxis=False,
                line={"shape": "hv", "width": 2.2, "dash": dash, "color": style.SIDE_COLOURS[side]},
                marker={
                    "size": 6,
                    "symbol": style.SIDE_MARKS[side][1],
                    "color": style.SIDE_COLOURS[side],
                },
                hovertemplate=f"{name}: %{{y}} by %{{x|%-d %B %Y}}<extra></extra>",
            )
        )
        last, monitor = line.iloc[-1], side == "monitor"
        figure.add_annotation(
            x=end + _ROOM if monitor else max(last["as_of"], turns[-1].when),
            y=int(last["count"]),
            text=name.replace("US officials", "US"),
            showarrow=False,
            xanchor="right" if monitor else "left",
            xshift=0 if monitor else 8,
            yanchor="bottom" if monitor else "middle",
            yshift=3 if monitor else 0,
            font={"color": style.SIDE_COLOURS[side], "size": 12},
        )
    start, stop = truce(t)
    figure.add_vrect(x0=start, x1=stop, fillcolor=style.MUTED, opacity=0.16, line_width=0)
    figure.add_annotation(
        x=stop,
        y=20,
        text=" truce in Gaza",
        showarrow=False,
        xanchor="left",
        yanchor="middle",
        font={"size": 11},
    )
    strikes = us_strike_days(t)
    strikes = strikes[strikes["start"] <= end]
    figure.add_trace(
        go.Scatter(
            x=strikes["start"],
            y=[0] * len(strikes),
            mode="markers",
            name="US strikes",
            marker={
                "symbol": "line-ns",
                "size": 16,
                "line": {"width": 2, "color": style.SIDE_COLOURS["us"]},
            },
            customdata=[[s] for s in strikes["title"]],
            cliponaxis=False,
            hovertemplate="%{customdata[0]}, %{x|%-d %B %Y}<extra></extra>",
        )
    )
    figure.update_layout(**style.plotly_layout(500))
    mark_plotly(figure, turns)
    figure.update_xaxes(
        range=[turns[0].when - pd.Timedelta(days=3), end + _ROOM], tickformat="%-d %b<br>%Y"
    )
    figure.update_yaxes(title_text="attacks since the count began")
    frame = pd.concat(frames, ignore_index=True)[["series", "as_of", "count", "tally_id"]]
    total = frame[frame["series"] == _SERIES[0][2]]
    sohr = frame[frame["series"] == _SERIES[3][2]]
    used = t.tallies[t.tallies["tally_id"].isin(frame["tally_id"])]
    since = used.loc[used["claimant"] == MONITOR, "counted_from"].min()
    return Chart(
        slug="attacks-cumulative",
        title=f"US officials counted {number(total['count'].iloc[-1])} attacks by "
        f"{day(total['as_of'].iloc[-1])}; SOHR counted {number(sohr['count'].iloc[-1])} in Syria "
        f"alone by {day(sohr['as_of'].iloc[-1])}",
        subtitle="Attacks on US forces in Iraq, Syria and Jordan counted since "
        f"{day(begin)}, by claimant; ticks on the axis are US strikes",
        alt="Rising step lines, every third point told. "
        + "; ".join(
            f"{name}: "
            + ", ".join(f"{r['count']} by {day(r['as_of'])}" for _, r in _told(points).iterrows())
            for name, points in frame.groupby("series", sort=False)
        )
        + ".",
        frame=frame,
        labels={"series": "Count", "as_of": "As of", "count": "Attacks", "tally_id": "Tally"},
        sources=cite(
            t.sources,
            [*used["source"], *(t.milestones.set_index("milestone_id").loc[list(TRUCE), "source"])],
        ),
        note="Figures are drawn on the day they describe; between two statements the true path is "
        "unknown. “US” is the count of the US Department of Defense. SOHR counts attacks "
        f"on coalition bases in Syria from {day(since)}. Splits that do not add up are left out.",
        figure=figure,
    )


@chart_function(*KEY_DATES, *TRUCE)
def attacks_per_day(t: Tables) -> Chart:
    """Attacks per day between closed official totals: what they allow, and the chance."""
    turns = turning_days(t)
    frame = truce_rates(t)
    frame = frame[frame["end"] <= pd.Timestamp("2024-03-01")].reset_index(drop=True)
    demand(frame, f"two closed counts of attacks by {COUNTER}")
    start, stop = truce(t)
    inside = frame[(frame["end"] >= start) & (frame["start"] <= stop)]
    quiet = demand(inside, "count of attacks in the truce").iloc[0]
    peak = highest(frame, frame["rate_low"])

    def draw(width: float) -> Figure:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(width, 3.7 if width > 5 else 3.4), layout="constrained")
        axis: Any = figure.subplots()
        axis.axvspan(start, stop, color=style.MUTED, alpha=0.16, linewidth=0)
        for row in each(frame):
            axis.fill_between(
                [row.start, row.end],
                row.low,
                row.high,
                color=style.SIDE_COLOURS["us"],
                alpha=0.28,
                linewidth=0,
            )
            axis.fill_between(
                [row.start, row.end],
                row.rate_low - 0.03,
                row.rate_high + 0.03,
                color=style.SIDE_COLOURS["us"],
                linewidth=0,
            )
        axis.text(start, axis.get_ylim()[1], " truce", va="top", fontsize=8.5)
        style.date_axis(axis, most=5 if width < 5 else 7)
        mark_matplotlib(axis, turns)
        axis.set_ylim(bottom=0)
        axis.grid(axis="y")
        axis.set_ylabel("attacks per day")
        return figure

    return Chart(
        slug="attacks-per-day",
        title=f"The US counted {reach(quiet['fewest'], quiet['most'])} attacks in the "
        f"{quiet['days']} days from {day(quiet['start'])}, around the truce in Gaza, and up to "
        f"{peak['rate_low']:.1f} a day at other times",
        subtitle="Attacks per day on US forces between closed totals of the US Department of "
        "Defense: dark, what they allow; light, the chance besides (95 %)",
        alt="Steps with bands. "
        + "; ".join(
            f"{day(r.start, year=False)} to {day(r.end)}: {r.rate_low:.1f} to "
            f"{r.rate_high:.1f} a day ({r.low:.1f} to {r.high:.1f})"
            for r in each(frame)
        )
        + ".",
        frame=frame,
        labels={
            "start": "From",
            "end": "To",
            "days": "Days",
            "fewest": "Fewest",
            "most": "Most",
            "rate_low": "Per day, fewest",
            "rate_high": "Per day, most",
            "low": "Low",
            "high": "High",
        },
        sources=cite(
            t.sources,
            t.tallies.loc[
                (t.tallies["claimant"] == COUNTER)
                & (t.tallies["status"] == "stands")
                & t.tallies["total"].notna(),
                "source",
            ],
        ),
        note="Intervals run from one closed total (“exactly”, “about”) to the next; those under "
        "five days are joined, but none across the turn of a phase. “At least” sets a floor and "
        "ends no interval. The light bands allow for salvos.",
        draw=draw,
    )


@chart_function(FEBRUARY, PAUSE)
def attacks_before_after(t: Tables) -> Chart:
    """Dated attacks by month, before and after the strikes, beside SOHR's monthly counts."""
    events = t.events[t.events["start"] >= pd.Timestamp("2023-10-01")]
    demand(events[events["kind"] == "attack_on_us_forces"], "attack on US forces")
    months = attacks_by_month(events)
    c = t.claims
    monthly = c[
        (c["claimant"] == MONITOR)
        & (c["metric"] == "attacks")
        & (c["country"] == "Syria")
        & c["place"].isna()
        & c["period_start"].notna()
    ]
    monthly = monthly[(monthly["as_of"] - monthly["period_start"]).dt.days < 32]
    by_month = monthly.assign(month=monthly["period_start"].dt.to_period("M").dt.to_timestamp())
    sohr = by_month.drop_duplicates("month").set_index("month")["low"]
    frame = months.assign(sohr_syria=months["month"].map(sohr).astype("Int64"))
    begun = campaign_start(t)
    turn = find(t.events, FEBRUARY).start
    pause = find(t.measures, PAUSE).date
    before = frame[frame["month"] < turn.to_period("M").to_timestamp()]["all"]
    after = demand(frame[frame["month"] > turn]["all"], "attack in the months after the strikes")
    demand(before, "attack in the months before the strikes")

    def draw(width: float) -> Figure:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(width, 3.6), layout="constrained")
        axis = figure.subplots()
        x = range(len(frame))
        yes, no = frame["confirmed"].astype(float), frame["unconfirmed"].astype(float)
        axis.bar(x, yes, color=style.SIDE_COLOURS["us"], width=0.72, label="counted by the US")
        axis.bar(
            x,
            no,
            bottom=yes,
            width=0.72,
            facecolor="none",
            hatch="////",
            edgecolor=style.SIDE_COLOURS["us"],
            label="no US statement, or denied",
        )
        has = frame["sohr_syria"].notna()
        axis.plot(
            [i for i in x if has[i]],
            frame.loc[has, "sohr_syria"].astype(float),
            "D",
            color=style.SIDE_COLOURS["monitor"],
            markersize=7,
            label="SOHR, Syria alone",
        )
        where = float(next(i for i in x if frame["month"][i] > turn)) - 1.46
        axis.axvline(where, color=style.INK, linewidth=1, linestyle=(0, (2, 2)))
        axis.text(where + 0.1, axis.get_ylim()[1], "strikes of 2–3 Feb", va="top", fontsize=8.5)
        step = 1 if width > 5 else 3
        axis.set_xticks(
            list(x)[::step],
            [
                f"{m:%b}\n{m:%Y}" if m.month in (1, 10) or step > 1 else f"{m:%b}"
                for m in frame["month"]
            ][::step],
        )
        axis.grid(axis="y")
        axis.set_ylabel("attacks")
        axis.legend(loc="upper right", bbox_to_anchor=(1, 0.9), fontsize=8.5)
        return figure

    return Chart(
        slug="attacks-before-after",
        title=f"From {number(before.min())}–{number(before.max())} recorded attacks a month before "
        f"the strikes to {number(after.min())}–{number(after.max())} after February",
        subtitle=f"Dated attacks on US forces in this record, {month(frame['month'].iloc[0])} to "
        f"{month(frame['month'].iloc[-1])}; diamonds: SOHR’s monthly count for Syria",
        alt="Bars by month: "
        + "; ".join(
            f"{month(r.month)} {r.all} ({r.confirmed} counted by the US)"
            + ("" if pd.isna(r.sohr_syria) else f", SOHR {r.sohr_syria} in Syria")
            for r in each(frame)
        )
        + ".",
        frame=frame,
        labels={
            "month": "Month",
            "confirmed": "Counted by the US",
            "unconfirmed": "No US statement, or denied",
            "all": "All dated attacks",
            "sohr_syria": "SOHR, Syria",
        },
        sources=cite(t.sources, monthly["source"]),
        note="The bars count the attacks that this record can date and name, which is fewer than "
        "the official totals; their sources stand with each event in the data. "
        f"{month(begun)} begins with {day(begun, year=False)}, so its bar is about half a month. "
        "Kataib Hezbollah "
        f"had announced a pause on {day(pause, year=False)}, before the strikes, and talks went "
        "on: the order in time does not show a cause.",
        draw=draw,
    )


@chart_function(*KEY_DATES)
def casualties_us(t: Tables) -> Chart:
    """US casualties of the campaign as reported: injured, brain injuries, killed, over time."""
    import plotly.graph_objects as go

    frame = reported_casualties(t.tallies, t.claims, CAMPAIGN, (COUNTER, "us-officials"))
    frame = frame[frame["as_of"] <= pd.Timestamp("2024-03-01")]
    shapes = {
        "Injured": ("circle", "us"),
        "Killed": ("x", "iran_aligned"),
        "Brain injuries": ("diamond", "encyclopedia"),
        "Killed and injured": ("square", "monitor"),
    }
    figure = go.Figure()
    for series, points in frame.groupby("series", sort=False):
        symbol, side = shapes[str(series)]
        figure.add_trace(
            go.Scatter(
                x=points["as_of"],
                y=points["figure"],
                mode="lines+markers",
                name=str(series),
                line={"shape": "hv", "width": 2, "color": style.SIDE_COLOURS[side]},
                marker={"symbol": symbol, "size": 9, "color": style.SIDE_COLOURS[side]},
                hovertemplate=f"{series}: %{{y}} as of %{{x|%-d %B %Y}}<extra></extra>",
                cliponaxis=False,
            )
        )
        # The long line has room for its name amid it, the late figures left of the marked days.
        long = len(points) > 5
        spot = points.iloc[len(points) // 2 if long else -1]
        figure.add_annotation(
            x=spot["as_of"] if long else min(spot["as_of"], ten_days(t)[0].when),
            y=int(spot["figure"]),
            text=str(series),
            showarrow=False,
            xanchor="right",
            xshift=0 if long else -5,
            yanchor="bottom",
            yshift=6 if long else -4,
            font={"color": style.SIDE_COLOURS[side]},
        )
    figure.update_layout(**style.plotly_layout(470))
    mark_plotly(figure, turning_days(t))
    figure.update_xaxes(tickformat="%-d %b<br>%Y", nticks=6)
    figure.update_yaxes(title_text="US personnel since mid-October 2023")
    first = demand(frame[frame["series"] == "Injured"], "count of the injured").iloc[0]
    both = demand(frame[frame["series"] == "Killed and injured"], "count of killed and injured")
    last = highest(both, both["figure"])
    return Chart(
        slug="casualties-us",
        title=f"US casualties by the official count: {first.figure} injured by "
        f"{day(first.as_of)}, {last.figure} killed and injured by {day(last.as_of)}",
        subtitle="US personnel reported killed and injured in attacks since mid-October 2023, by "
        "the day that each figure describes",
        alt="Step lines. "
        + "; ".join(f"{r.series}, {day(r.as_of)}: {r.figure}" for r in each(frame))
        + ".",
        frame=frame,
        labels={
            "series": "Series",
            "as_of": "As of",
            "stated": "Stated",
            "figure": "Persons",
            "source": "Source",
            "row": "Row",
        },
        sources=cite(t.sources, frame["source"]),
        note="Statements of the US Department of Defense and of unnamed US officials; they do not "
        "always say whether contractors are counted. Brain injuries are often found days or weeks "
        "after a blast, so a count can grow without a new attack.",
        figure=figure,
    )
