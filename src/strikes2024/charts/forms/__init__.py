"""The grammar of charts: the few shapes in which this report shows its data.

A form takes a tidy frame and a width in inches and returns a :class:`Picture`, which Plotly and
Matplotlib draw alike. A wide picture is for a page and for paper, a narrow one for a phone. One
placer (:func:`place`) keeps labels clear of each other.
"""

from strikes2024.charts.forms.dated import KeyDate, bars, over_time
from strikes2024.charts.forms.flat import flat
from strikes2024.charts.forms.maps import point_map
from strikes2024.charts.forms.matplot import to_matplotlib
from strikes2024.charts.forms.picture import Dot, Picture, stacked, with_texts
from strikes2024.charts.forms.plot import to_plotly
from strikes2024.charts.forms.rows import grid, range_rows, spans, stacked_rows
from strikes2024.charts.forms.timeline import timeline

__all__ = [
    "Dot", "KeyDate", "Picture", "bars", "flat", "grid", "over_time", "point_map",
    "range_rows", "spans", "stacked", "stacked_rows", "timeline", "to_matplotlib", "to_plotly",
    "with_texts",
]  # fmt: skip
