"""The report's charts: one function a chart, tables in, :class:`Chart` out.

Most are about particular rows of this record, which their titles and notes are written for; given
other tables they say in one sentence what is missing. Those that :data:`GENERAL` names draw any
tables, such as ``strikes2024.readers`` makes of other data sets' files.
"""

from strikes2024.charts.attacks import (
    attack_phases,
    attacks_before_after,
    attacks_cumulative,
    casualties_us,
)
from strikes2024.charts.chart import Chart
from strikes2024.charts.claims import (
    killed_range,
    killed_syria,
    killed_total,
    targets,
    tower22_wounded,
)
from strikes2024.charts.days import last_minutes, night, ten_days
from strikes2024.charts.general import deadliest_events, events_by_month, events_map
from strikes2024.charts.known import known_when
from strikes2024.charts.maps import places_before_after, places_struck
from strikes2024.charts.parties import network, reactions_matrix
from strikes2024.charts.prior import chain, killed_by_us_strikes, prior_casualties, timeline

# Charts of any tables, whatever campaign they are about.
GENERAL = ("deadliest_events", "events_by_month", "events_map")

__all__ = [
    "GENERAL", "Chart", "attack_phases", "attacks_before_after", "attacks_cumulative",
    "casualties_us", "chain", "deadliest_events", "events_by_month", "events_map",
    "killed_by_us_strikes", "killed_range", "killed_syria", "killed_total", "known_when",
    "last_minutes", "network", "night", "places_before_after", "places_struck", "prior_casualties",
    "reactions_matrix", "targets", "ten_days", "timeline", "tower22_wounded",
]  # fmt: skip
