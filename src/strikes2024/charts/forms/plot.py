"""Give a picture to Plotly: the same marks and labels, which then answer a pointer."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

from strikes2024.charts import style
from strikes2024.charts.forms import picture as pic
from strikes2024.charts.forms.flat import Plain, flat

_PIXELS: Final = 96 / 72  # in a point


def to_plotly(wide: pic.Picture, narrow: pic.Picture | None = None) -> dict[str, Any]:
    """Return the picture as a figure of plotly.js, in plain JSON values; its axes count points.

    Parameters
    ----------
    wide
        The picture.
    narrow
        The same for a phone: its layout stands in ``layout.meta["narrow"]``, and the places of its
        dots in ``layout.meta["places"]``, one entry for each trace.
    """
    marks = flat(wide)
    layout = _layout(wide, marks)
    if narrow is not None:
        smaller = flat(narrow)
        layout["meta"] = {"narrow": _layout(narrow, smaller), "places": [_places(_dots(smaller))]}
    return {"data": [_trace(_dots(marks))], "layout": layout}


def _layout(picture: pic.Picture, marks: Sequence[Plain]) -> dict[str, Any]:
    return {
        "width": round(picture.width * _PIXELS, 2),
        "height": round(picture.height * _PIXELS, 2),
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "xaxis": {"range": [0, picture.width], "visible": False},
        "yaxis": {"range": [picture.height, 0], "visible": False},
        "font": {"family": style.PLOTLY_FONT, "size": 12},
        "hoverlabel": {"align": "left", "font": {"family": style.PLOTLY_FONT, "size": 13}},
        "showlegend": False,
        "dragmode": False,
        "template": {
            "layout": {
                "annotationdefaults": {"showarrow": False, "yanchor": "middle"},
                "shapedefaults": {"type": "path", "layer": "below"},
            }
        },
        "shapes": [_shape(mark) for mark in marks if isinstance(mark, pic.Line | pic.Area)],
        "annotations": [_note(mark) for mark in marks if isinstance(mark, pic.Text)],
    }


def _shape(mark: pic.Line | pic.Area) -> dict[str, Any]:
    if isinstance(mark, pic.Area):
        rings = "".join(f"{_path(ring)}Z" for ring in mark.rings)
        return {
            "path": rings, "fillcolor": mark.fill, "opacity": mark.alpha, "line": {"width": 0},
        }  # fmt: skip
    dash = ",".join(f"{length * _PIXELS:g}px" for length in mark.dash) or "solid"
    line = {"color": mark.colour, "width": round(mark.width * _PIXELS, 2), "dash": dash}
    return {"path": _path(mark.points), "opacity": mark.alpha, "line": line}


def _path(points: Iterable[pic.Point]) -> str:
    """Return a line in the language of SVG, broken at points that are no number."""
    steps, pen = "", "M"
    for x, y in points:
        if math.isnan(x):
            pen = "M"
        else:
            steps += f"{pen}{x:.1f},{y:.1f}"
            pen = "L"
    return steps


def _note(label: pic.Text) -> dict[str, Any]:
    return {
        "x": round(label.x, 1),
        "y": round(label.y, 1),
        "text": f"<b>{label.text}</b>" if label.bold else label.text,
        "xanchor": label.align,
        "font": {"size": label.size * _PIXELS, "color": label.colour},
    }


def _dots(marks: Iterable[Plain]) -> list[pic.Dot]:
    return [mark for mark in marks if isinstance(mark, pic.Dot)]


def _places(dots: Iterable[pic.Dot]) -> dict[str, list[float]]:
    return {"x": [round(dot.x, 1) for dot in dots], "y": [round(dot.y, 1) for dot in dots]}


def _trace(dots: Sequence[pic.Dot]) -> dict[str, Any]:
    """Return all dots as one trace; ``customdata`` are the rows of the record behind each."""
    return {
        "type": "scatter",
        "mode": "markers",
        **_places(dots),
        "marker": {
            "symbol": [("diamond" if d.diamond else "circle") + "-open" * d.hollow for d in dots],
            "size": [d.size * _PIXELS for d in dots],
            "color": [d.colour for d in dots],
            "opacity": [d.alpha for d in dots],
            "line": {
                "width": [(1.4 if d.hollow else 0.8) * _PIXELS for d in dots],
                "color": style.GROUND,
            },
        },
        "text": [d.hover.replace("\n", "<br>") for d in dots],
        "customdata": [list(d.refs) for d in dots],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
    }
