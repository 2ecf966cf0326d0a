"""Charts of days and hours: the ten days, the night of the strikes, the last minutes before."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from strikes2024.campaign import BAGHDAD, FEBRUARY, STRIKES, TOWER_22
from strikes2024.campaign.headlines import killed_in
from strikes2024.charts.chart import Chart, chart_function
from strikes2024.charts.forms import range_rows, timeline
from strikes2024.charts.words import WORDS, Words
from strikes2024.tables import Tables
from strikes2024.wording import join, period, quantity, short_day

# What the charts show, by ids of events and steps, with the column, text or account of each.
_TEN_DAYS: Final = WORDS["charts"]["ten-days"]["lanes"]
_NIGHT: Final = WORDS["charts"]["night"]["steps"]
_LAST_MINUTES: Final = WORDS["charts"]["last-minutes"]["accounts"]
_REGION, _ABROAD = _LANES = tuple(dict.fromkeys(_TEN_DAYS.values()))
_BEGIN: Final = "feb-2-2024-02-03-strikes-begin"
_FIRES: Final = "feb-2-2024-02-03-al-qaim-explosions"
_AWAY: Final = pd.Timedelta(hours=8)  # Washington's clock is behind by so much in winter
_HIT: Final = "tower-22-2024-01-28-drone-hits"
# Figures that stand in the drawings.
_DEAD: Final = "tower-22-killed-centcom-2024-01-28"
_TARGETS: Final = "feb-2-targets-struck-centcom-2024-02-02"
_STRUCK: Final = "feb-2-strike-duration-us-nsc-2024-02-02"
_BURNED: Final = "feb-2-explosions-duration-local-residents-2024-02-03"
_WARNED: Final = "tower-22-warning-time-us-army-2024-01-28"
_RADAR: Final = "tower-22-radar-time-us-army-2024-01-28"


def _happened(t: Tables, lanes: Mapping[str, str]) -> pd.DataFrame:
    """Steps and events, by their ids, in order of time; where no hour is known, spread by day."""
    events = t.events.rename(columns={"event_id": "id", "start": "date", "targets": "actors"})
    events = events.assign(source=events["sources"].str.split(";").str[0])
    rows = pd.concat([t.steps.rename(columns={"step_id": "id"}), events]).set_index("id")
    rows = rows.loc[list(lanes), ["date", "local_time", "title", "actors", "source"]].reset_index()
    known = rows["local_time"].notna()
    unknown = rows[~known].groupby("date").cumcount() + 1
    share = unknown / (rows["date"].map(rows.loc[~known, "date"].value_counts()) + 1)
    hour = pd.to_timedelta(rows["local_time"].astype("string") + ":00")
    ids = rows["actors"].str.split(";")
    names = dict(zip(t.actors["actor_id"], t.actors["name"], strict=True))
    return rows.assign(
        when=rows["date"] + hour.fillna(share * pd.Timedelta(days=1)), hollow=~known,
        text=rows["title"], lane=rows["id"].map(lanes),
        who=[join(str(names.get(a, a)) for a in who) for who in ids],
    ).sort_values("when", kind="stable", ignore_index=True)  # fmt: skip


def _figures(t: Tables, *ids: str) -> list[str]:
    claims = t.claims.set_index("claim_id").loc[list(ids)]
    return list(map(quantity, claims["low"], claims["high"], claims["qualifier"]))


@chart_function(*_TEN_DAYS, _DEAD, _TARGETS)
def ten_days(t: Tables) -> Chart:
    """Draw the ten days from the attack on Tower 22 to the strike in Baghdad."""
    rows = _happened(t, _TEN_DAYS)
    dead, targets = _figures(t, _DEAD, _TARGETS)
    when = rows.set_index("id")["date"]
    words = Words(
        "ten-days", dead=dead, targets=targets, iraq=killed_in(t, FEBRUARY, "Iraq"),
        syria=killed_in(t, FEBRUARY, "Syria"), baghdad=killed_in(t, BAGHDAD),
        days=[when[event] for event in (TOWER_22, *STRIKES)],
        period=period(when[TOWER_22], when[BAGHDAD]),
    )  # fmt: skip
    details = words["details"]
    rows = rows.assign(
        label=rows["date"].map(short_day) + (" " + rows["local_time"]).fillna(""),
        side=rows["lane"].map({_REGION: "iran_aligned", _ABROAD: "us"}),
        detail=rows["id"].map(details).fillna(""), strong=rows["id"].isin(list(details)),
    )  # fmt: skip
    return Chart.of(words, rows, timeline, lanes=_LANES, height=400)


@chart_function(*_NIGHT, _STRUCK, _BURNED)
def night(t: Tables) -> Chart:
    """Draw the night of the strikes hour by hour, with Washington's hours."""
    rows = _happened(t, dict.fromkeys(_NIGHT, ""))
    minutes, hours = _figures(t, _STRUCK, _BURNED)
    highest = t.claims.set_index("claim_id")["high"]
    begin = rows.loc[rows["id"] == _BEGIN, "when"].iloc[0]
    words = Words("night", minutes=minutes, hours=hours,
                  period=period(begin - pd.Timedelta(days=1), begin))  # fmt: skip
    details = words["details"]
    rows["when"] = rows["when"].mask(rows["id"] == _FIRES, begin)
    lasted = {_BEGIN: highest[_STRUCK] / 60, _FIRES: highest[_BURNED]}
    low = (rows["when"] - begin) / pd.Timedelta(hours=1)
    rows = rows.assign(
        row=rows["id"].map(_NIGHT), low=low, high=low + rows["id"].map(lasted).fillna(0.0),
        detail=rows["id"].map(details).fillna(""), strong=rows["id"].isin(list(lasted)),
        text=rows["id"].map(details).fillna(rows["local_time"]),
    ).sort_values("low", kind="stable")  # fmt: skip
    clocks = [(h, begin + pd.Timedelta(hours=h)) for h in (-4, -2, 0, 2, 4)]
    ticks = [(h, f"{at:%H:%M}\n{at - _AWAY:%H:%M}") for h, at in clocks]
    ticks[-1] = (ticks[-1][0], ticks[-1][1].replace("\n", " local\n") + " in DC")
    return Chart.of(words, rows, range_rows, ticks=ticks)


@chart_function(*_LAST_MINUTES, _DEAD, _WARNED, _RADAR)
def last_minutes(t: Tables) -> Chart:
    """Draw the last ninety minutes at Tower 22, with the account that each step rests on."""
    rows = _happened(t, _LAST_MINUTES)
    hit = rows.loc[rows["id"] == _HIT, "when"].iloc[0]
    warned, radar, dead = _figures(t, _WARNED, _RADAR, _DEAD)
    words = Words("last-minutes", warned=warned, radar=radar, dead=dead, hit=hit)
    lasted, details = words["before"], words["before"] | words["details"]
    before = ((rows["when"] - hit) / pd.Timedelta(minutes=1)).round().mask(rows["hollow"])
    rows = rows.assign(
        row=rows["id"].map(words["steps"]), group=rows["lane"], low=before,
        high=before.mask(rows["id"].isin(list(lasted)), 0.0), strong=rows["id"].isin(list(lasted)),
        text=rows["id"].map(details).fillna("at " + rows["local_time"]),
        detail=rows["id"].map(details).fillna(""),
    )  # fmt: skip
    ticks = [(-90, "90 min"), (-60, "60 min"), (-30, "30 min"), (0, "hit")]
    return Chart.of(words, rows, range_rows, ticks=ticks)
