"""Charts of what came after the strikes, and of how far the counts can be trusted."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import pandas as pd

from strikes2024.analysis import killed_by_strikes, standing_counts
from strikes2024.campaign import (
    CAMPAIGN,
    COUNTER,
    MONITOR,
    PHASES,
    TOWER_22,
    WINTER,
    campaign_rates,
    predicted_counts,
)
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, cite, demand
from strikes2024.frames import each, find
from strikes2024.wording import day, period, reach, span

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from strikes2024.tables import Tables

__all__ = ["attack_phases", "counts_predicted", "killed_by_us_strikes"]

_SERIES = (
    (COUNTER, "total", "US officials, all countries", "us"),
    (MONITOR, "syria", "SOHR, Syria alone", "monitor"),
)
PHASE_ROWS = tuple(row for _phase, _table, row in PHASES)
_AFTER = "From the strike of 7 February"
_NARROW = 0.1  # attacks a day; a range no wider is drawn as one mark
_WIDEST = 5.0  # attacks a day; longer intervals end in an arrow


def _rate(value: float) -> str:
    return f"{value:.2f}" if 0 < value < 0.095 else f"{value:.1f}"


def _rates(low: float, high: Any) -> str:
    if pd.isna(high):
        return f"{_rate(low)} or more"
    return "–".join(dict.fromkeys(_rate(end) for end in (low, high)))


@chart_function(*PHASE_ROWS)
def attack_phases(t: Tables) -> Chart:
    """Attacks a day by phase: what the statements allow, and the chance; two counts."""
    frames = []
    for claimant, column, name, side in _SERIES:
        demand(standing_counts(t.tallies, claimant, column), f"count of attacks by {claimant}")
        rates = campaign_rates(t, claimant, column)
        frames.append(rates.assign(series=name, side=side))
    rows = pd.concat(frames, ignore_index=True)
    for phase in (WINTER, _AFTER):
        demand(frames[0][frames[0]["phase"] == phase], f"count for the phase “{phase}”")
    winter, after = find(frames[0], WINTER), find(frames[0], _AFTER)
    phases = list(frames[0]["phase"])
    days = {r.phase: period(r.start, r.end) for r in each(frames[0])}
    columns = [
        "series", "phase", "start", "end", "days", "fewest", "most", "rate_low", "rate_high",
        "low", "high",
        "dated", "confirmed",
    ]  # fmt: skip
    used = pd.concat([standing_counts(t.tallies, c, column) for c, column, _, _ in _SERIES])

    def draw(width: float) -> Figure:
        from matplotlib.figure import Figure

        narrow = width < 5
        figure = Figure(figsize=(width, 0.62 * len(phases) + 0.9), layout="constrained")
        axis: Any = figure.subplots()
        for row in each(rows):
            y = phases.index(row.phase) + (-0.16 if row.side == "us" else 0.16)
            colour, mark = style.SIDE_COLOURS[row.side], style.SIDE_MARKS[row.side][0]
            ends = {"low": row.low, "high": row.high, "from": row.rate_low, "to": row.rate_high}
            at = {k: _WIDEST if pd.isna(v) else min(float(v), _WIDEST) for k, v in ends.items()}
            axis.plot([at["low"], at["high"]], [y, y], color=colour, linewidth=3, alpha=0.35)
            axis.plot([at["from"], at["to"]], [y, y], color=colour, linewidth=5.5,
                      solid_capstyle="butt")  # fmt: skip
            if pd.isna(row.high) or row.high > _WIDEST:
                axis.plot(_WIDEST, y, ">", color=colour, markersize=5, clip_on=False)
            if at["to"] - at["from"] < _NARROW:  # the statements fix the number
                axis.plot(at["from"], y, mark, color=colour, markersize=7)
        labels = [phase if narrow else f"{phase}\n{days[phase]}" for phase in phases]
        axis.set_yticks(range(len(phases)), labels, fontsize=7.5 if narrow else 8.5)
        axis.set_ylim(len(phases) - 0.4, -0.6)
        axis.set_xlim(0, _WIDEST)
        axis.tick_params(axis="y", length=0)
        axis.grid(axis="x")
        axis.set_xlabel("attacks per day")
        return figure

    words = [
        f"{r.series}, {r.phase} ({period(r.start, r.end)}): {_rates(r.rate_low, r.rate_high)} a "
        f"day, with chance {_rates(r.low, r.high)}"
        for r in each(rows)
    ]
    return Chart(
        slug="attack-phases",
        title=f"The US counted {_rates(winter['rate_low'], winter['rate_high'])} attacks a day in "
        f"the winter and {reach(after['fewest'], after['most'])} in the {after['days']} days "
        f"from {day(after['start'])}",
        subtitle="Attacks per day by phase, by US officials’ count and SOHR’s count for Syria: "
        "dark, what their statements allow; light, the chance besides (95 %)",
        alt="Bars in two tones. " + "; ".join(words) + ".",
        frame=rows[columns],
        labels={
            "series": "Count", "phase": "Phase", "start": "From", "end": "To", "days": "Days",
            "fewest": "Fewest attacks", "most": "Most attacks", "rate_low": "Per day, fewest",
            "rate_high": "Per day, most",
            "low": "Low", "high": "High", "dated": "Dated attacks",
            "confirmed": "Of these, counted by the US",
        },
        sources=cite(t.sources, used["source"]),
        note="Dark: everything that all statements of the count allow together, totals, floors, "
        "counts since a day and confirmed dated attacks. Light: the exact Poisson interval at "
        "both ends, wider for salvos. A single mark stands where the statements fix the number; "
        "an arrow, where a bar goes on. The last phase of each count ends with its last "
        "statement. Phases begin on days that the tables give, by US date.",
        draw=draw,
    )  # fmt: skip


@chart_function(TOWER_22)
def counts_predicted(t: Tables) -> Chart:
    """Every official count predicted from the others, and whether it fell inside."""
    frame = demand(predicted_counts(t), f"count of attacks by {COUNTER}")
    held = frame["held"].astype(bool)
    closed = frame[frame["closed"]]
    miss = frame.assign(off=(frame["count"].astype(float) - frame["best"]))
    outside = miss[~held]
    farthest = ""
    if len(outside):
        off = outside.iloc[int(outside["off"].abs().argmax())]
        farthest = f"The farthest off is that of {day(off['as_of'])}. "

    def draw(width: float) -> Figure:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(width, 3.6), layout="constrained")
        axis: Any = figure.subplots()
        colour = style.SIDE_COLOURS["us"]
        for row, inside in zip(each(miss), held, strict=True):
            ends = [row.low - row.best, row.high - row.best]
            axis.plot([row.as_of] * 2, ends, color=colour, linewidth=3, alpha=0.4)
            axis.plot(
                row.as_of,
                row.off,
                "o" if inside else "X",
                color=colour if inside else style.SIDE_COLOURS["iran"],
                markerfacecolor=None if row.closed else "none",
                markersize=5 if inside else 8,
            )
        axis.axhline(0, color=style.MUTED, linewidth=0.8)
        axis.grid(axis="y")
        axis.set_ylabel("attacks, from what was predicted")
        _months(axis)
        return figure

    return Chart(
        slug="counts-predicted",
        title=f"{int(closed['held'].sum())} of {len(closed)} closed official counts lie where the "
        "others put them, within 90 % intervals",
        subtitle="Each count by US officials, left out and predicted from their counts of other "
        "days; hollow: “at least”, crosses lie outside",
        alt="Dots against bars. "
        + "; ".join(
            f"{day(r.as_of)}: {r.count} against {span(r.low, r.high)}"
            + ("" if r.held else ", outside")
            for r in each(frame.rename(columns={"count": "counted"}).assign(count=frame["count"]))
        )
        + ".",
        frame=frame,
        labels={
            "tally_id": "Tally", "as_of": "As of", "count": "Count", "qualifier": "Hedge",
            "closed": "Closed", "low": "Low", "best": "Predicted", "high": "High",
            "held": "Inside", "score": "Interval score",
        },
        sources=cite(t.sources, t.tallies.set_index("tally_id").loc[frame["tally_id"], "source"]),
        note="Each interval is the chance of the count given all totals of other days, open ones "
        f"included, and allows for salvos. {farthest}An open total (“at least”) fails only if the "
        "interval ends below it, so it does not count towards the share.",
        draw=draw,
    )  # fmt: skip


def _months(axis: Any) -> None:
    from matplotlib import dates

    kit: Any = dates  # its classes carry no types
    locator = kit.AutoDateLocator(minticks=3, maxticks=7)
    axis.xaxis.set_major_locator(locator)
    axis.xaxis.set_major_formatter(kit.ConciseDateFormatter(locator))


def _or_more(row: Any) -> str:
    return span(row.low, row.high) + (" or more" if row.open_ended else "")


@chart_function(CAMPAIGN)
def killed_by_us_strikes(t: Tables) -> Chart:
    """Killed on the other side by each US strike of the campaign, lowest to highest claim."""
    begin = find(t.events, CAMPAIGN)["start"]
    frame = killed_by_strikes(t.events, t.claims)
    frame = frame[frame["start"] >= begin].reset_index(drop=True)
    known = demand(frame[frame["low"].notna()], "US strike with a count of those killed")
    top = known.loc[known["high"].astype(float).idxmax()]
    others = known.drop(index=[top.name])
    c = t.claims
    used = c[c["event"].isin(known["event"]) & (c["metric"] == "killed")]

    def draw(width: float) -> Figure:
        from matplotlib.figure import Figure

        narrow = width < 5
        figure = Figure(figsize=(width, 0.32 * len(frame) + 0.8), layout="constrained")
        axis: Any = figure.subplots()
        limit = float(known["high"].max()) * (1.35 if narrow else 1.25)
        colour = style.SIDE_COLOURS["us"]
        for y, row in enumerate(each(frame)):
            if pd.isna(row.low):
                axis.text(limit * 0.01, y, "no figure", va="center", fontsize=8.5)
                continue
            axis.plot([row.low, row.high], [y, y], color=colour, linewidth=4, alpha=0.5)
            axis.plot([row.low, row.high], [y, y], "o", color=colour, markersize=5)
            axis.annotate(
                _or_more(row),
                (float(row.high), y),
                xytext=(7, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
            )
        labels = [
            f"{r.start:%-d %b %Y}"
            if narrow
            else fill(f"{r.title}, {r.start:%-d\u00a0%b\u00a0%Y}", 56)
            for r in each(frame)
        ]
        axis.set_yticks(range(len(frame)), labels, fontsize=8 if narrow else 8.5)
        axis.set_ylim(len(frame) - 0.4, -0.6)
        axis.set_xlim(0, limit)
        axis.tick_params(axis="y", length=0)
        axis.grid(axis="x")
        axis.set_xlabel("killed, low to high")
        return figure

    return Chart(
        slug="killed-by-us-strikes",
        title=f"{day(top['start'])}: {span(top['low'], top['high'])} killed, more than in all "
        f"other US strikes since October 2023 together "
        f"({span(float(others['low'].sum()), float(others['high'].sum()))}"
        f"{' or more' if others['open_ended'].any() else ''})"
        if top["low"] > others["high"].sum()
        else f"Of {len(frame)} US strikes, that of {day(top['start'])} has the highest claims: "
        f"{span(top['low'], top['high'])} killed",
        subtitle="People killed on the other side by each US strike since October 2023, lowest to "
        "highest of the claimants’ latest figures",
        alt="Ranges. "
        + "; ".join(
            f"{r.title}, {day(r.start)}: "
            + ("no figure" if pd.isna(r.low) else f"{_or_more(r)} ({r.claims} figures)")
            for r in each(frame)
        )
        + ".",
        frame=frame,
        labels={
            "event": "Event", "start": "Date", "title": "Title", "low": "Low", "high": "High",
            "claims": "Figures", "open_ended": "Or more",
        },
        sources=cite(t.sources, used["source"]),
        note="Militants, members of the PMF and people not told apart; figures for civilians alone "
        "are left out. Only strikes that the US acknowledged. A strike without a figure is not one "
        "without deaths. Where one strike hit two countries, their ranges are added. “Or more” "
        "means that the highest figure is itself a lower bound.",
        draw=draw,
    )  # fmt: skip
