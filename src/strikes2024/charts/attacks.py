"""Charts of attacks on US forces over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from strikes2024.analysis import attacks_by_month, official_line, standing_counts
from strikes2024.campaign import (
    COUNTER,
    FEBRUARY,
    PHASES,
    campaign_periods,
    campaign_start,
    start_of,
)
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, demand, refs_by
from strikes2024.charts.forms import KeyDate, bars, range_rows
from strikes2024.wording import day, period, reach, short_day

if TYPE_CHECKING:
    from strikes2024.tables import Tables

__all__ = ["attack_phases", "attacks_before_after"]

_NONE_SINCE: Final = "us-dod-2024-02-05-2024-02-13"  # no attack in the US count in these days
_DAY: Final = pd.Timedelta(days=1)


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
        text=drawn["value"].astype(str),
        colour=(drawn["start"] < turn).map({True: style.REST, False: style.MAIN}),
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
        labels={"confirmed": "Counted by the US", "unconfirmed": "No US statement, or denied",
                "all": "All dated attacks"},
        source_ids=attacks["sources"].str.split(";").str[0],
        note="Only attacks that this record can date and name: not all of those in the "
        "official totals, and some that the US did not count.",
        picture=lambda width: bars(drawn, width, marked=marked, unit=unit),
    )  # fmt: skip


PHASE_ROWS: Final = tuple(row for _phase, _table, row in PHASES)


def _rate(low: float, high: Any) -> str:
    """Write attacks a day, in hundredths where they are few."""
    a, b = (f"{v:.2f}" if 0 < v < 0.095 else f"{v:.1f}" if v else "0" for v in (low, high))
    return f"{a} or more" if pd.isna(high) else a if a == b else f"{a}–{b}"


@chart_function(*PHASE_ROWS, _NONE_SINCE)
def attack_phases(t: Tables) -> Chart:
    """Attacks a day in the official count by period: what fits the statements, and chance."""
    counts = demand(standing_counts(t.tallies, COUNTER, "total"), f"attacks counted by {COUNTER}")
    frame = campaign_periods(t)
    demand(frame.iloc[4:], "count after the strike in Baghdad")
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
