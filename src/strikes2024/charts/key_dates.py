"""The days that the report turns on, marked the same way in every chart over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from strikes2024.campaign import BAGHDAD, CAMPAIGN, FEBRUARY, TOWER_22
from strikes2024.charts.forms import KeyDate, Shade
from strikes2024.frames import find

if TYPE_CHECKING:
    from strikes2024.tables import Tables

__all__ = ["KEY_DATES", "PAUSE", "TEN_DAYS", "TRUCE", "ten_days", "truce"]

# The rows that date them.
PAUSE = "2024-01-30-kataib-hezbollah-suspension-of-attacks"
TEN_DAYS = (TOWER_22, PAUSE, FEBRUARY, BAGHDAD)
TRUCE = ("2023-11-24-gaza-truce", "2023-12-01-gaza-truce-ends")
KEY_DATES = (CAMPAIGN, *TEN_DAYS, *TRUCE)


def ten_days(t: Tables) -> list[KeyDate]:
    """From the attack on Tower 22 to the strike in Baghdad."""
    tower, pause, strikes, baghdad = TEN_DAYS
    return [
        KeyDate(find(t.events, tower).start, "Tower 22"),
        KeyDate(find(t.measures, pause).date, "pause announced"),
        KeyDate(find(t.events, strikes).start, "US strikes"),
        KeyDate(find(t.events, baghdad).start, "Baghdad"),
    ]


def truce(t: Tables) -> Shade:
    """The truce in Gaza, from the milestones."""
    dates: pd.Series = t.milestones.set_index("milestone_id")["date"]
    return Shade(dates[TRUCE[0]], dates[TRUCE[1]], "truce in Gaza")
