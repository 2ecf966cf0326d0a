"""A chart as a notebook shows it: finding, drawing, sources and data as one piece of HTML.

The drawing is the one of the book and stands in the output itself: nothing is loaded, no script
runs, and a notebook that JupyterLab does not trust yet shows it as well. What a mark says appears
when the pointer rests on it.
"""

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pandas as pd
from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from strikes2024.charts import style
from strikes2024.charts.forms import Dot, Picture, flat
from strikes2024.wording import day

if TYPE_CHECKING:
    from strikes2024.charts.chart import Chart


_TEMPLATES: Final = Environment(
    loader=PackageLoader("strikes2024.charts"), autoescape=True, trim_blocks=True
)
_REACH: Final = 6.0  # points around a mark's middle at which its text appears, at least


def to_html(chart: "Chart") -> str:
    """Return a chart as HTML for a notebook."""
    picture = chart.picture(style.WIDE)
    slider = chart.time_slider
    return _TEMPLATES.get_template("chart.html").render(
        chart=chart,
        drawing=base64.b64encode(chart.svg(letters="path").encode()).decode(),
        ground=style.GROUND,
        picture=picture,
        spots=list(_spots(picture)),
        days=[] if slider is None else [day(pd.Timestamp(str(c))) for c in slider.columns],
        known={} if slider is None else dict(slider.iloc[:, -1]),
        table=Markup(chart.labelled().to_html(index=False, border=0)),  # noqa: S704 - pandas escapes
    )


def _spots(picture: Picture) -> Iterator[tuple[float, float, float, str]]:
    """Yield the middle of each mark that has something to say, how far it reaches, and the text."""
    for mark in flat(picture):
        if isinstance(mark, Dot) and mark.hover:
            yield round(mark.x, 1), round(mark.y, 1), max(mark.size / 2 + 2, _REACH), mark.hover
