"""A chart as a notebook shows it: finding, drawing, sources and data as one piece of HTML.

The drawing is the one of the book and stands in the output itself: nothing is loaded, no script
runs, and a notebook that JupyterLab does not trust yet shows it as well. What a mark says appears
when the pointer rests on it.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final

import pandas as pd
from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from strikes2024.charts import style
from strikes2024.charts.forms import Box, Dot
from strikes2024.wording import day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strikes2024.charts.chart import Chart, Citation
    from strikes2024.charts.forms import Picture

__all__ = ["cited", "to_html"]

_TEMPLATES: Final = Environment(
    loader=PackageLoader("strikes2024.charts"), autoescape=True, trim_blocks=True
)
_ROOT: Final = re.compile(r"<svg\b[^>]*>")
_SIZE: Final = re.compile(r'\s(?:width|height|viewBox)="[^"]*"')
_REACH: Final = 6.0  # points around a mark's middle at which its text appears, at least


def to_html(chart: Chart, file: str, place: tuple[float, float], credit: str) -> str:
    """Return a chart as HTML for a notebook.

    Parameters
    ----------
    chart
        The chart.
    file
        Its drawing between its words, as SVG.
    place
        Where in the file the drawing itself begins, in points from the upper left.
    credit
        Whose chart it is, and how to cite it.
    """
    picture = chart.picture(style.WIDE)
    slider = chart.time_slider
    return _TEMPLATES.get_template("chart.html").render(
        chart=chart,
        drawing=base64.b64encode(_window(file, place, picture).encode()).decode(),
        ground=style.GROUND,
        width=picture.width,
        height=picture.height,
        spots=list(_spots(picture)),
        days=[] if slider is None else [day(pd.Timestamp(str(c))) for c in slider.columns],
        known={} if slider is None else dict(slider.iloc[:, -1]),
        sources=[cited(source) for source in chart.sources],
        rows=len(chart.frame),
        table=Markup(chart.labelled().to_html(index=False, border=0)),  # noqa: S704 - pandas escapes
        credit=credit,
    )


def cited(source: Citation) -> Markup:
    """Return a source as a link, where it has an address."""
    if source.url is None:
        return Markup("{}").format(source.label)
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(source.url, source.label)


def _window(file: str, place: tuple[float, float], picture: Picture) -> str:
    """Return the file as a window upon a part of it: HTML has the words around."""
    box = f'viewBox="{place[0]:g} {place[1]:g} {picture.width:g} {picture.height:g}"'
    return _ROOT.sub(lambda root: f"{_SIZE.sub('', root[0])[:-1]} {box}>", file, count=1)


def _spots(picture: Picture) -> Iterator[tuple[float, float, float, str]]:
    """Yield the middle of each mark that has something to say, how far it reaches, and the text."""
    for panel in picture.panels:
        for mark in panel.marks:
            match mark:
                case Dot(hover=text) if text:
                    x, y, reach = *panel.at(mark.x, mark.y), mark.size / 2 + 2
                case Box(hover=text) if text:
                    x, y = panel.at((mark.x0 + mark.x1) / 2, max(mark.y0, mark.y1))
                    reach = _REACH
                case _:
                    continue
            yield round(x, 1), round(y, 1), round(max(reach, _REACH), 1), text
