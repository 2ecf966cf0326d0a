"""The days that the report turns on, marked the same way in every chart over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from strikes2024.campaign import BAGHDAD, CAMPAIGN, FEBRUARY, TOWER_22
from strikes2024.charts import style
from strikes2024.frames import find
from strikes2024.wording import day

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from strikes2024.tables import Tables

__all__ = [
    "KEY_DATES",
    "TEN_DAYS",
    "Turn",
    "mark_matplotlib",
    "mark_plotly",
    "ten_days",
    "turning_days",
]

# The rows that date them.
PAUSE = "2024-01-30-kataib-hezbollah-suspension-of-attacks"
TEN_DAYS = (TOWER_22, PAUSE, FEBRUARY, BAGHDAD)
KEY_DATES = ("2023-10-07-hamas-attack-on-israel", CAMPAIGN, *TEN_DAYS)
_RISE: Final = 13  # pixels between the labels of days that lie close together


@dataclass(frozen=True)
class Turn:
    """A day to be marked, with a word for it; labels rise with the level, earlier days higher."""

    when: pd.Timestamp
    word: str
    level: int


def ten_days(t: Tables) -> list[Turn]:
    """From the attack on Tower 22 to the strike in Baghdad."""
    tower, pause, strikes, baghdad = TEN_DAYS
    return [
        Turn(find(t.events, tower).start, "Tower 22", 3),
        Turn(find(t.measures, pause).date, "pause announced", 2),
        Turn(find(t.events, strikes).start, "strikes", 1),
        Turn(find(t.events, baghdad).start, "Baghdad", 0),
    ]


def turning_days(t: Tables) -> list[Turn]:
    """The same, after the attack of Hamas and the first attacks on US forces."""
    return [
        Turn(find(t.milestones, KEY_DATES[0]).date, "Hamas attack", 5),
        Turn(find(t.events, KEY_DATES[1]).start, "first attacks", 4),
        *ten_days(t),
    ]


def _label(turn: Turn) -> str:
    return f"{day(turn.when, year=False)}: {turn.word}"


def mark_plotly(figure: go.Figure, turns: list[Turn]) -> None:
    """Draw a dotted line for each day; the words stand above the drawing, in steps.

    Words of early days run to the right of their line, those of late days to the left.
    """
    middle = turns[0].when + (turns[-1].when - turns[0].when) / 2
    for turn in turns:
        figure.add_vline(x=turn.when, line={"color": style.MUTED, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=turn.when,
            y=1,
            yref="paper",
            yshift=turn.level * _RISE,
            text=_label(turn),
            showarrow=False,
            xanchor="left" if turn.when < middle else "right",
            yanchor="bottom",
            font={"size": 11},
        )
    top = 28 + _RISE * max(turn.level for turn in turns)
    figure.update_layout(margin={"t": top})


def mark_matplotlib(axis: Any, turns: list[Turn]) -> None:
    """The same for a Matplotlib time axis."""
    middle = turns[0].when + (turns[-1].when - turns[0].when) / 2
    for turn in turns:
        axis.axvline(turn.when, color=style.MUTED, linewidth=0.8, linestyle=(0, (1, 2)))
        axis.annotate(
            _label(turn),
            (axis.convert_xunits(turn.when), 1),
            xycoords=axis.get_xaxis_transform(),
            xytext=(0, 2 + turn.level * _RISE * 0.75),
            textcoords="offset points",
            ha="left" if turn.when < middle else "right",
            fontsize=8.25,
        )
