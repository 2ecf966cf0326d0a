"""Charts of rival and growing figures: who said how many, when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from strikes2024.analysis import ADVERSARIES, bounds, claim_line, latest
from strikes2024.campaign import (
    BAGHDAD,
    FEBRUARY,
    PARTS,
    TOTAL,
    TOWER_22,
    answer_to,
    killed_estimate,
    parts_of_total,
)
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, cite, demand
from strikes2024.frames import each, find, highest
from strikes2024.wording import capital, day, join, number, quantity, shorten

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from strikes2024.tables import Tables

__all__ = ["killed_iraq", "killed_range", "killed_syria", "killed_total", "tower22_wounded"]

_LABELS = {
    "claimant": "Claimant",
    "stated": "Stated",
    "as_of": "As of",
    "figure": "Figure",
    "low": "Low",
    "high": "High",
    "status": "Status",
    "source": "Source",
    "claim_id": "Claim",
}


def _with_words(t: Tables, line: pd.DataFrame) -> pd.DataFrame:
    """Claims with the claimant's name and side, the figure in words and one number to draw."""
    actors = t.actors.set_index("actor_id")
    undated = line["stated_basis"] == "not_before"
    figure = [quantity(r.low, r.high, str(r.qualifier)) for r in each(line)]
    return line.assign(
        name=line["claimant"].map(actors["name"]),
        short=line["claimant"].map(short_names(t.actors)),
        brief=line["claimant"].map(short_names(t.actors, limit=18)),
        undated=undated,
        side=line["claimant"].map(actors["side"].astype("string")),
        figure=figure,
        value=line["low"].fillna(line["high"]).astype(float),
        open_ended=line["qualifier"].isin(["at_least", "more_than"]),
    )


def short_names(actors: pd.DataFrame, limit: int = 30) -> dict[str, str]:
    """Names by actor id; one longer than ``limit`` by its first one-word alias or to a comma."""
    names = {}
    for row in each(actors):
        aliases = [] if pd.isna(row.aliases) else str(row.aliases).split(";")
        brief = [a for a in aliases if a.isascii() and a.isalpha()]
        long = len(row.name) > limit
        use = (brief or [row.name.partition(",")[0]])[0] if long else row.name
        names[str(row.actor_id)] = str(use)
    return names


def evolution(
    t: Tables,
    line: pd.DataFrame,
    *,
    unit: str,
    label: Mapping[str, str],
    split: pd.Timestamp | None = None,
    height: int = 440,
) -> tuple[Any, pd.DataFrame]:
    """Claim-evolution plot: x = day of statement, y = figure, a step line a claimant.

    ``line`` are claims on one thing; ``label`` names the claimants to be written into the
    drawing, each with the place of its name beside the mark; ``split`` parts the time axis
    into two panels, so that a long tail does not press the first days together. Returns the
    Plotly figure and the frame that it draws.
    """
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    rows = _with_words(t, line)
    rows = rows[rows["value"].notna() & (rows["stated_basis"] != "not_before")]
    brief = short_names(t.actors, limit=16)
    panels = (
        [rows] if split is None else [rows[rows["stated"] < split], rows[rows["stated"] >= split]]
    )
    if split is None:
        figure = go.Figure()
    else:
        figure = make_subplots(
            cols=2, shared_yaxes=True, column_widths=[0.62, 0.38], horizontal_spacing=0.03
        )
    for panel, part in enumerate(panels, start=1):
        where = {} if split is None else {"row": 1, "col": panel}
        for claimant, points in part.groupby("claimant", observed=True, sort=False):
            points = points.sort_values(["stated", "value"])
            side = points["side"].iloc[0]
            slips = points["status"] == "carrier_error"
            symbols = [
                f"{style.SIDE_MARKS[side][1]}-open" if hollow else style.SIDE_MARKS[side][1]
                for hollow in points["open_ended"] | slips
            ]
            last = panel == len(panels) or claimant not in set(panels[-1]["claimant"])
            text = [""] * len(points)
            if claimant in label and last:
                text[-1] = f" {brief[str(claimant)]}"
            figure.add_trace(
                go.Scatter(
                    x=points["stated"],
                    y=points["value"],
                    mode="lines+markers+text",
                    line={"shape": "hv", "width": 2, "color": style.SIDE_COLOURS[side]},
                    marker={
                        "symbol": symbols,
                        "size": 10,
                        "color": style.SIDE_COLOURS[side],
                        "line": {"width": 2, "color": style.SIDE_COLOURS[side]},
                    },
                    text=text,
                    textposition=label.get(str(claimant), "top left"),
                    cliponaxis=False,
                    name=str(points["name"].iloc[0]),
                    customdata=points[["name", "figure"]].astype(str).to_numpy().tolist(),
                    hovertemplate=f"%{{customdata[0]}}: %{{customdata[1]}} {unit}"
                    "<br>stated %{x|%-d %B %Y}<extra></extra>",
                ),
                **where,
            )
    layout = style.plotly_layout(height)
    xaxis, yaxis = layout.pop("xaxis"), layout.pop("yaxis")
    figure.update_layout(**layout)
    figure.update_xaxes(**xaxis, tickformat="%-d %b<br>%Y", tickangle=0, nticks=5)
    if split is not None:
        figure.update_xaxes(tickformat="%b<br>%Y", nticks=3, col=2)
    figure.update_yaxes(**yaxis)
    figure.update_yaxes(title_text=unit, col=1 if split is not None else None)
    frame = rows.assign(claimant=rows["name"])[
        ["claimant", "stated", "as_of", "figure", "low", "high", "status", "source", "claim_id"]
    ].reset_index(drop=True)
    return figure, frame


def _growth_alt(frame: pd.DataFrame, what: str) -> str:
    """Alternative text for an evolution plot: every figure with claimant and day."""
    parts = [f"{r.claimant}, {day(r.stated)}: {r.figure}" for r in each(frame)]
    return f"Step lines by claimant of {what}, by day of statement. " + "; ".join(parts) + "."


@chart_function()
def tower22_wounded(t: Tables) -> Chart:
    """How the reported number of wounded at Tower 22 grew, claimant by claimant."""
    line = claim_line(t.claims, TOWER_22, "wounded", errors="ignore")
    figure, frame = evolution(
        t,
        line,
        unit="wounded",
        split=pd.Timestamp("2024-03-01"),
        label={
            "centcom": "bottom right",
            "us-dod": "bottom center",
            "guardian": "top right",
            "us-army": "top left",
            "us-national-guard": "top left",
        },
    )
    first = demand(frame, "dated claim on the wounded at Tower 22").iloc[0]
    peak = highest(frame, frame["low"].fillna(frame["high"]))
    return Chart(
        slug="tower-22-wounded",
        title=f"Tower 22: from {first.figure} wounded on the first day to {peak.figure} "
        f"in {day(peak.stated).split(' ', 1)[1]}",
        subtitle="Wounded US service members, by day of statement; hollow marks are "
        "“at least” or “more than”. The right panel covers later statements on another scale.",
        alt=_growth_alt(frame, "the number wounded at Tower 22"),
        frame=frame,
        labels=_LABELS,
        sources=cite(t.sources, line["source"]),
        note="A step holds until the same claimant speaks again. Undated publications are "
        "left out; counts of one service or unit are left out, since they are parts.",
        figure=figure,
    )


@chart_function()
def killed_syria(t: Tables) -> Chart:
    """How the count of those killed in Syria on 3 February grew."""
    line = claim_line(
        t.claims, FEBRUARY, "killed", victims=ADVERSARIES, country="Syria", errors="ignore"
    )
    figure, frame = evolution(t, line, unit="killed", label={"sohr": "top left"})
    standing = latest(line[line["claimant"] == "sohr"])
    sohr = demand(standing, "standing claim of sohr on Syria").iloc[-1]
    own = frame[frame["claim_id"].isin(line.loc[line["claimant"] == "sohr", "claim_id"])]
    span = (sohr.stated - own.iloc[0].stated).days
    return Chart(
        slug="killed-syria",
        title=f"Killed in Syria: SOHR’s count rose from {own.iloc[0].figure} to "
        f"{quantity(sohr.low, sohr.high, str(sohr.qualifier))} in {span} days",
        subtitle="People killed in Syria by the strikes of 3 February (local day), by day of "
        "statement; hollow marks are “at least”.",
        alt=_growth_alt(frame, "people killed in Syria by the US strikes"),
        frame=frame,
        labels=_LABELS,
        sources=cite(t.sources, line["source"]),
        note="Syria’s defence ministry says that civilians and soldiers died and gives no "
        "number, so it has no mark here. Undated publications are left out.",
        figure=figure,
    )


@chart_function()
def killed_iraq(t: Tables) -> Chart:
    """How the figures for those killed in Iraq on 3 February moved."""
    line = claim_line(
        t.claims, FEBRUARY, "killed", victims=ADVERSARIES, country="Iraq", errors="ignore"
    )
    demand(line[line["low"].notna() | line["high"].notna()], "count of those killed in Iraq")
    label = {"pmf": "bottom left", "iraqi-security-sources": "top right"}
    figure, frame = evolution(t, line, unit="killed", label=label, height=360)
    low, high = bounds(line)
    figure.update_yaxes(range=[0, high * 1.2], dtick=5)  # room for a name above the highest mark
    days = (frame["stated"].max() - frame["stated"].min()).days
    return Chart(
        slug="killed-iraq",
        title=f"Killed in Iraq: {frame['claimant'].nunique()} claimants within {days} days, all "
        f"between {number(low)} and {number(high)}",
        subtitle="People killed in Iraq by the strikes of 3 February (local day), by day of "
        "statement; hollow marks are “at least”.",
        alt=_growth_alt(frame, "people killed in Iraq by the US strikes"),
        frame=frame,
        labels=_LABELS,
        sources=cite(t.sources, line["source"]),
        note="Claimants agree on the number and not on whom it counts: the Popular Mobilization "
        "Forces count their own members, the government says that civilians are among the dead. "
        "Undated publications are left out.",
        figure=figure,
    )


def _range_plot(
    rows: pd.DataFrame, width: float, panels: Sequence[tuple[str, str]], unit: str
) -> Figure:
    """Dots and bars for claims, a panel a country cell; open claims end in an arrow."""
    from matplotlib.figure import Figure

    narrow = width < 5
    sizes = [max(1, int((rows["country"] == key).sum())) for key, _ in panels]
    figure = Figure(
        figsize=(width, 0.29 * sum(sizes) + 0.55 * len(panels) + 0.5), layout="constrained"
    )
    axes = figure.subplots(
        len(panels), 1, sharex=True, squeeze=False, gridspec_kw={"height_ratios": sizes}
    )[:, 0]
    top = float(rows["value"].max()) * (2.15 if narrow else 1.34)
    for axis, (key, title) in zip(axes, panels, strict=True):
        part = rows[rows["country"] == key].reset_index(drop=True)
        for y, row in part.iterrows():
            colour = style.SIDE_COLOURS[row["side"]]
            mark = style.SIDE_MARKS[row["side"]][0]
            low = float(row["value"])
            high = low if pd.isna(row["high"]) else float(row["high"])
            if high > low:
                axis.plot([low, high], [y, y], color=colour, linewidth=3, solid_capstyle="butt")
            if row["open_ended"]:
                axis.annotate(
                    "",
                    (low + top * (0.085 if narrow else 0.045), y),
                    (low, y),
                    arrowprops={"arrowstyle": "->", "color": colour, "lw": 1.5},
                )
            hollow = bool(row["open_ended"]) or row["status"] == "carrier_error"
            axis.plot(
                low,
                y,
                mark,
                color=colour,
                markersize=6.5,
                markerfacecolor="none" if hollow else colour,
                markeredgewidth=1.5,
            )
            axis.text(
                max(low, high) + top * (0.11 if narrow else 0.06),
                y,
                row["figure"],
                va="center",
                fontsize=9,
            )
        names = [
            f"{shorten(r.brief, 22) if narrow else shorten(r.short, 44)}, "
            + ("undated" if r.undated else day(r.stated, year=False))
            for r in each(part)
        ]
        axis.set_yticks(range(len(part)), names, fontsize=8 if narrow else 9)
        axis.set_ylim(len(part) - 0.4, -0.6)
        axis.set_xlim(0, top)
        axis.grid(axis="x")
        axis.tick_params(axis="y", length=0)
        axis.set_title(capital(title))
    axes[-1].set_xlabel(unit)
    return figure


@chart_function()
def killed_range(t: Tables) -> Chart:
    """All claims of people killed on 2–3 February, by country, in order of statement."""
    line = claim_line(t.claims, FEBRUARY, "killed", victims=ADVERSARIES, errors="ignore")
    line = line[line["low"].notna() | line["high"].notna()]
    rows = _with_words(t, line)
    rows = rows.drop_duplicates(["claimant", "country", "figure"], keep="first")
    rows = rows.sort_values("undated", kind="stable")  # undated pages come last
    panels = [("Syria", "Syria"), ("Iraq", "Iraq"), ("Iraq;Syria", "both countries")]
    for key, name in panels:
        demand(rows[rows["country"] == key], f"count of those killed in {name}")
    frame = rows.assign(claimant=rows["name"], country=rows["country"].str.replace(";", ", "))[
        ["country", "claimant", "stated", "figure", "low", "high", "victims", "source", "claim_id"]
    ].reset_index(drop=True)
    return Chart(
        slug="killed-claims",
        title=f"{len(rows)} figures for those killed on 3 February; everybody’s latest give "
        f"{answer_to(t, 'killed-syria')} in Syria and {answer_to(t, 'killed-iraq')} in Iraq",
        subtitle="Whole-country figures in order of statement, killed; arrows mark “at least” "
        "and “more than”. Each figure is drawn once for each claimant.",
        alt="Dots by claimant, in order of statement. "
        + "; ".join(f"{r.country}: {r.claimant}, {r.figure}" for r in each(frame))
        + ".",
        frame=frame,
        labels={**_LABELS, "country": "Country", "victims": "Who is counted"},
        sources=cite(t.sources, rows["source"]),
        note="Colour and shape show who speaks: " + _legend(rows["side"].unique()) + ".",
        draw=lambda width: _range_plot(rows, width, panels, "people killed"),
    )


_MARK_WORDS = {
    "circle": "disc",
    "square": "square",
    "cross": "cross",
    "triangle-down": "triangle down",
    "triangle-up": "triangle",
    "triangle-left": "triangle left",
    "hexagon": "hexagon",
    "diamond": "diamond",
    "pentagon": "pentagon",
    "star": "star",
}


_COMMON = {"monitor", "press", "encyclopedia", "other"}  # sides whose name is no proper noun


def _legend(sides: Iterable[str]) -> str:
    return join(
        f"{style.SIDE_NAMES[s].lower() if s in _COMMON else style.SIDE_NAMES[s]} "
        f"({_MARK_WORDS[style.SIDE_MARKS[s][1]]})"
        for s in sides
    )


@chart_function(TOTAL)
def killed_total(t: Tables) -> Chart:
    """What adds up to the encyclopedia's total: its own parts, and the ranges of all parts."""
    from strikes2024.analysis import add_ranges, bounds

    def one(
        event: str, country: str, claimants: Iterable[str] | None = None
    ) -> tuple[float, float]:
        line = claim_line(
            t.claims, event, "killed", victims=ADVERSARIES, country=country, errors="ignore"
        )
        if claimants is not None:
            dated = line["stated_basis"] != "not_before"
            line = line[line["claimant"].isin(list(claimants)) & dated]
        counted = line[line["low"].notna() | line["high"].notna()]
        demand(counted, f"count of those killed in {country} ({event})")
        return bounds(latest(line))

    read = parts_of_total(t)
    for _event, _country, part in PARTS:
        demand(read[read["part"] == part], f"part of the total: {part}")
    rows = []
    for rule, label in (
        ("encyclopedia", "Parts in the encyclopedia"),
        ("official", "Latest of the main counters"),
        ("all", "Latest of every claimant"),
    ):
        for event, country, place in PARTS:
            if rule == "encyclopedia":
                low, high = bounds(read[read["part"] == place])
            elif rule == "official":
                low, high = one(event, country, _COUNTERS[event, country])
            else:
                low, high = one(event, country)
            rows.append({"rule": label, "place": place, "low": low, "high": high})
    frame = pd.DataFrame(rows)
    totals = {
        rule: add_ranges(zip(part["low"], part["high"], strict=True))
        for rule, part in frame.groupby("rule", sort=False)
    }
    frame = pd.concat(
        [
            frame,
            pd.DataFrame(
                [
                    {"rule": r, "place": "Sum", "low": lo, "high": hi}
                    for r, (lo, hi) in totals.items()
                ]
            ),
        ],
        ignore_index=True,
    )
    published = find(t.claims, TOTAL)
    names = t.actors.set_index("actor_id")["name"]
    whose = "; ".join(
        f"{part}: {join([f'{number(r.low)} ({names[r.claimant]})' for r in each(rows)], 'or')}"
        for part, rows in read.groupby("part", sort=False)
    )
    own = totals["Parts in the encyclopedia"]
    spread = totals["Latest of every claimant"]
    more = " or more" if killed_estimate(t, "all").open_ended else ""
    return Chart(
        slug="killed-total",
        title=f"{quantity(published.low, published.high, str(published.qualifier))} killed is a "
        f"sum of parts; the claimants’ latest figures together allow "
        f"{number(spread[0])} to {number(spread[1])}{more}",
        subtitle="People killed by the US strikes of 2–7 February, low and high, by the claims "
        "that are added",
        alt="Ranges by rule. "
        + "; ".join(
            f"{r.rule}, {r.place}: {number(r.low)} to {number(r.high)}" for r in each(frame)
        )
        + f". The encyclopedia’s own parts give {number(own[0])} to {number(own[1])}.",
        frame=frame,
        labels={"rule": "Claims added", "place": "Part", "low": "Low", "high": "High"},
        sources=cite(t.sources, [published["source"]]),
        note="Sums of ranges are outer bounds: lows with lows, highs with highs. An open claim "
        f"(“at least”) enters with its lower bound. The encyclopedia’s parts: {whose}.",
        draw=lambda width: _sum_plot(frame, width),
    )


# The bodies nearest to each count: the monitor and the government in Syria, the Popular
# Mobilization Forces and the government in Iraq, the Pentagon,
# militia officials and the ministry source for the strike in Baghdad.
_COUNTERS = {
    (FEBRUARY, "Syria"): ("sohr", "syria"),
    (FEBRUARY, "Iraq"): ("pmf", "iraq", "iraqi-security-sources"),
    (BAGHDAD, "Iraq"): ("us-dod", "militia-officials", "iraqi-security-sources"),
}


def _sum_plot(frame: pd.DataFrame, width: float) -> Figure:
    from matplotlib.figure import Figure

    narrow = width < 5
    rules = list(frame["rule"].unique())
    figure = Figure(figsize=(width, 4.0), layout="constrained")
    axes = figure.subplots(len(rules), 1, sharex=True)
    top = float(frame["high"].max()) * 1.22
    for axis, rule in zip(axes, rules, strict=True):
        part = frame[frame["rule"] == rule].reset_index(drop=True)
        for y, row in part.iterrows():
            total = row["place"] == "Sum"
            colour = style.MUTED if total else style.SIDE_COLOURS["us"]
            axis.barh(y, row["low"], color=colour, height=0.55)
            axis.barh(
                y, row["high"] - row["low"], left=row["low"], height=0.55, color=colour, alpha=0.35
            )
            words = (
                number(row["low"])
                if row["low"] == row["high"]
                else f"{number(row['low'])}–{number(row['high'])}"
            )
            axis.text(
                row["high"] + top * 0.012,
                y,
                words,
                va="center",
                fontweight="bold" if total else "normal",
            )
        axis.set_yticks(range(len(part)), part["place"], fontsize=8 if narrow else 9)
        axis.set_ylim(len(part) - 0.5, -0.5)
        axis.set_xlim(0, top)
        axis.tick_params(axis="y", length=0)
        axis.set_title(rule)
    axes[-1].set_xlabel(
        "killed; faint: low to high"
        if narrow
        else "people killed; the faint part lies between low and high"
    )
    return figure
