"""What was known when: the headline figures as the record stood on each day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from strikes2024.analysis import History
from strikes2024.campaign.headlines import HEADLINES, RULE, Headline
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, cite, demand
from strikes2024.frames import each
from strikes2024.wording import day

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from strikes2024.tables import Tables

__all__ = ["known_when"]

_TURN = pd.Timestamp("2024-03-01")


def _days(t: Tables, entered: dict[str, pd.Series]) -> list[pd.Timestamp]:
    """The days on which a claim on a headline figure entered, from the first event on."""
    ids = {i for headline in HEADLINES for i in headline.claims(t)["claim_id"]}
    found = {
        name: set(entered[name][t[name][key].isin(ids)])
        for name, key in (("claims", "claim_id"), ("tallies", "tally_id"))
    }
    first = min(found["claims"], default=pd.Timestamp.min)
    return sorted({day for days in found.values() for day in days if day >= first})


def states(t: Tables) -> pd.DataFrame:
    """Each headline figure on each day on which one of them changed.

    Returns ``figure`` (the name of the headline), ``day``, ``low``, ``high`` (Float64; the bounds
    of the claims that count, missing where none gives a number), ``words``, ``claimants`` (Int64),
    in order of the headlines and days.
    """
    rows = []
    history = History(t)
    days = demand(_days(t, history.entries), "dated claim on a headline figure")
    for headline in HEADLINES:
        whole = headline.claims(t)
        state, last = {}, None
        for when in days:
            now = history.line_as_of(whole, when)
            if last is None or not now["status"].equals(last["status"]):
                known = history.as_of(when) if headline.counts else t
                state, last = _state(known, headline, now), now
            rows.append({"figure": headline.name, "day": when, **state})
    return pd.DataFrame(rows).astype({"low": "Float64", "high": "Float64", "claimants": "Int64"})


def _state(t: Tables, headline: Headline, line: pd.DataFrame) -> dict[str, Any]:
    """What the claims known on a day say together."""
    kept = headline.counted(line)
    answer = headline.answer(t, kept)
    claimants = kept["claimant"].nunique()
    ends = {"low": answer.low, "high": answer.high}
    return ends | {"words": str(answer), "claimants": claimants}


@chart_function()
def known_when(t: Tables) -> Chart:
    """The headline figures day by day, with a slider that turns the record back."""
    frame = states(t).reset_index(drop=True)
    last = frame["day"].max()

    def draw(width: float) -> Figure:
        from matplotlib.figure import Figure

        end = max(last, _TURN) + pd.Timedelta(days=20)
        figure = Figure(figsize=(width, 0.82 * len(HEADLINES) + 0.5), layout="constrained")
        grid = figure.subplots(len(HEADLINES), 2, sharex="col", width_ratios=(0.68, 0.32))
        for (left, right), (name, rows) in zip(
            grid, frame.groupby("figure", sort=False), strict=True
        ):
            left.set_title(str(name), fontsize=9)
            rows = rows[rows["low"].notna()]
            if rows.empty:
                continue
            for axis in (left, right):
                _band(axis, rows, end, style.SIDE_COLOURS["us"])
                axis.set_ylim(0, 1.5 * float(rows["high"].max()))
                axis.spines["left"].set_visible(False)
                axis.set_yticks([])
                axis.grid(axis="x")
            left.set_xlim(frame["day"].min(), pd.Timestamp("2024-02-26"))
            right.set_xlim(_TURN, end)
            right.set_title(rows["words"].iloc[-1], fontsize=9, loc="right")
            first = rows.iloc[0]
            if first["day"] < _TURN:
                left.annotate(
                    first["words"],
                    (first["day"], 1.48 * float(rows["high"].max())),
                    va="top",
                    fontsize=8,
                    color=style.MUTED,
                )
        style.date_axis(grid[-1][0], most=4 if width < 5 else 6)
        style.date_axis(grid[-1][1], most=3)
        return figure

    first = frame[frame["low"].notna()].groupby("figure", sort=False).first()
    final = frame.groupby("figure", sort=False).last()
    moved = int((first["words"] != final.loc[first.index, "words"]).sum())
    rows = pd.concat([h.claims(t)[["source"]] for h in HEADLINES])
    board = frame.assign(day=frame["day"].dt.strftime("%Y-%m-%d")).pivot_table(
        index="figure", columns="day", values="words", aggfunc="first", sort=False
    )
    return Chart(
        slug="known-when",
        title=f"{moved} of {len(final)} headline figures are no longer what they were when first "
        "given",
        subtitle="Range of the claims that count, as the record stood on each day; in each "
        f"strip the first range, above it that of {day(last)}. The right panels are on another "
        "scale of time",
        alt="Strips, one for each headline figure. "
        + "; ".join(
            f"{name}: " + ", ".join(f"{day(r.day)} {r.words}" for r in each(_changes(part)))
            for name, part in frame.groupby("figure", sort=False)
        )
        + ".",
        frame=frame,
        labels={
            "figure": "Figure",
            "day": "As known on",
            "low": "Low",
            "high": "High",
            "words": "Range",
            "claimants": "Claimants",
        },
        sources=cite(t.sources, rows["source"]),
        note=f"{RULE} A claim counts from the day on which it was said; an undated publication "
        "counts once a dated one carries it.",
        draw=draw,
        board=board,
    )


def _changes(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["words"] != rows["words"].shift()]


def _band(axis: Any, rows: pd.DataFrame, end: pd.Timestamp, colour: str) -> None:
    days = [*rows["day"], end]
    low, high = ([*rows[c].astype(float), float(rows[c].iloc[-1])] for c in ("low", "high"))
    axis.fill_between(days, low, high, step="post", color=colour, alpha=0.3, linewidth=0)
    axis.step(days, low, where="post", color=colour, linewidth=1.4)
    axis.step(days, high, where="post", color=colour, linewidth=1.4)
