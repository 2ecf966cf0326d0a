"""The report's charts: one function a chart, tables in, :class:`Chart` out.

Most are about particular rows of this record, which their titles and notes are written for; given
other tables they say in one sentence what is missing. Those that :data:`GENERAL` names draw any
tables, such as ``strikes2024.readers`` makes of other data sets' files.
"""

from strikes2024.charts.actors import network
from strikes2024.charts.aftermath import attack_phases, counts_predicted, killed_by_us_strikes
from strikes2024.charts.as_known import known_when
from strikes2024.charts.attacks import (
    attacks_before_after,
    attacks_cumulative,
    attacks_per_day,
    casualties_us,
)
from strikes2024.charts.chart import Chart
from strikes2024.charts.claims import (
    killed_iraq,
    killed_range,
    killed_syria,
    killed_total,
    tower22_wounded,
)
from strikes2024.charts.days import last_minutes, night, ten_days
from strikes2024.charts.general import deadliest_events, events_by_month, events_map
from strikes2024.charts.maps import attacks_by_place_and_month, places_map
from strikes2024.charts.prior import chain, prior_casualties
from strikes2024.charts.reactions import reactions_by_day, reactions_matrix
from strikes2024.charts.record import record
from strikes2024.charts.strikes import hours, targets
from strikes2024.charts.struck import places_struck
from strikes2024.charts.timeline import timeline

# Charts of any tables, whatever campaign they are about.
GENERAL = ("deadliest_events", "events_by_month", "events_map", "record")

__all__ = [
    "GENERAL",
    "Chart",
    "attack_phases",
    "attacks_before_after",
    "attacks_by_place_and_month",
    "attacks_cumulative",
    "attacks_per_day",
    "casualties_us",
    "chain",
    "counts_predicted",
    "deadliest_events",
    "events_by_month",
    "events_map",
    "hours",
    "killed_by_us_strikes",
    "killed_iraq",
    "killed_range",
    "killed_syria",
    "killed_total",
    "known_when",
    "last_minutes",
    "network",
    "night",
    "places_map",
    "places_struck",
    "prior_casualties",
    "reactions_by_day",
    "reactions_matrix",
    "record",
    "targets",
    "ten_days",
    "timeline",
    "tower22_wounded",
]
