"""Draw a picture with Plotly: the same marks and labels, which then answer a pointer."""

from __future__ import annotations

import math
from dataclasses import replace
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from strikes2024.charts import style
from strikes2024.charts.forms import picture as pic
from strikes2024.charts.forms.labels import cleared

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

__all__ = ["framed", "to_plotly"]

_PIXELS: Final = 96 / 72  # in a point
_WORDS: Final = 540.0  # how wide a figure's words may run, in points


def to_plotly(wide: pic.Picture, narrow: pic.Picture | None = None) -> go.Figure:
    """Return the picture as a figure.

    Parameters
    ----------
    wide
        The picture.
    narrow
        The same for a phone: its labels, ticks and margins stand in ``layout.meta["narrow"]``,
        and, where its marks stand elsewhere, their places in ``layout.meta["places"]``, one entry
        for each trace.
    """
    import plotly.graph_objects as go

    wide, narrow = _cleared(wide), narrow and _cleared(narrow)
    layout = _layout(wide)
    traces = _all_traces(wide)
    if narrow is not None:
        layout["meta"] = {"narrow": _layout(narrow)}
        places, own = _places(_all_traces(narrow)), _places(traces)
        if places != own:
            layout["meta"]["places"] = places
    return go.Figure([go.Scatter(**trace) for trace in traces], layout)


def _cleared(picture: pic.Picture) -> pic.Picture:
    return replace(picture, panels=[cleared(panel) for panel in picture.panels])


def _all_traces(picture: pic.Picture) -> list[dict[str, Any]]:
    keys = ["" if number == 0 else str(number + 1) for number in range(len(picture.panels))]
    return [
        {**trace, "xaxis": f"x{key}", "yaxis": f"y{key}"}
        for key, panel in zip(keys, picture.panels, strict=True)
        for trace in _traces(panel)
    ]


def _places(traces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"x": trace["x"], "y": trace["y"]} for trace in traces]


def framed(figure: go.Figure, title: str, subtitle: str, small_print: Sequence[str]) -> go.Figure:
    """Return a figure between its words, in house style, for wherever it stands alone.

    Parameters
    ----------
    figure
        The figure, as :func:`to_plotly` makes it.
    title, subtitle
        Words above the drawing.
    small_print
        Lines below it.
    """
    above, below = ([pic.wrap(text, _WORDS, size) for text in texts]
                    for texts, size in (((title, subtitle), 13), (small_print, 8.5)))  # fmt: skip
    lines = [text.count("\n") + 1 for text in (*above, *below)]
    top, bottom = 24 * sum(lines[:2]) + 16, 15 * sum(lines[2:]) + 44
    axis = {"gridcolor": style.GRID, "linecolor": style.MUTED, "tickcolor": style.MUTED}
    figure.update_layout(
        template={"layout": {"xaxis": axis, "yaxis": axis}},
        paper_bgcolor=style.GROUND,
        plot_bgcolor=style.GROUND,
        font_color=style.INK,
        title={
            "text": _lines(above[0]),
            "subtitle": {"text": _lines(above[1]), "font": {"color": style.MUTED, "size": 14}},
            "font": {"family": f"{style.HEADING_FONT}, Georgia, serif", "size": 19},
            "x": 0, "xref": "paper", "yref": "container", "y": 1, "yanchor": "top",
            "pad": {"t": 12},
        },
        margin={"l": 16, "r": 16, "t": top, "b": bottom},
        width=figure.layout.width + 32,
        height=figure.layout.height + top + bottom,
    )  # fmt: skip
    figure.add_annotation(
        text="<br>".join(map(_lines, below)), x=0, y=0, yshift=-36, xref="paper", yref="paper",
        xanchor="left", yanchor="top", align="left", showarrow=False,
        font={"size": 11, "color": style.MUTED},
    )  # fmt: skip
    return figure


def _lines(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def _value(panel: pic.Panel, x: float) -> Any:
    if math.isnan(x):
        return None
    if not panel.time:
        return x
    return (pd.Timestamp(0) + pd.Timedelta(days=x)).round("min").strftime("%Y-%m-%d %H:%M")


def _layout(picture: pic.Picture) -> dict[str, Any]:
    layout: dict[str, Any] = {
        "width": round(picture.width * _PIXELS, 2),
        "height": round(picture.height * _PIXELS, 2),
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "font": {"family": style.PLOTLY_FONT, "size": 12},
        "hoverlabel": {"align": "left", "font": {"family": style.PLOTLY_FONT, "size": 13}},
        "showlegend": False,
        "dragmode": False,
        "annotations": [],
        "shapes": [],
    }
    for number, panel in enumerate(picture.panels, start=1):
        key = "" if number == 1 else str(number)
        layout[f"xaxis{key}"] = {
            "domain": [panel.left / picture.width, panel.right / picture.width],
            "range": [_value(panel, end) for end in panel.x],
            "type": "date" if panel.time else "linear",
            "tickvals": [_value(panel, at) for at, _ in panel.xticks],
            "ticktext": [text.replace("\n", "<br>") for _, text in panel.xticks],
            "anchor": f"y{key}",
            **_axis(line=panel.axis),
        }
        layout[f"yaxis{key}"] = {
            "domain": [1 - panel.bottom / picture.height, 1 - panel.top / picture.height],
            "range": list(panel.y),
            "tickvals": [at for at, _ in panel.yticks],
            "ticktext": [text.replace("\n", "<br>") for _, text in panel.yticks],
            "anchor": f"x{key}",
            "ticklabelstandoff": 5,
            **_axis(line=False),
        }
        for mark in panel.marks:
            match mark:
                case pic.Words() | pic.Arrow():
                    layout["annotations"].append(_note(picture, panel, mark, key))
                case pic.Box():
                    layout["shapes"].append(_box(panel, mark, key))
                case pic.Grid():
                    layout["shapes"].append(_grid(panel, mark, key))
                case _:
                    pass
    return layout


def _axis(*, line: bool) -> dict[str, Any]:
    return {
        "showgrid": False,
        "showline": line,
        "ticks": "outside" if line else "",
        "zeroline": False,
        "automargin": False,
        "tickangle": 0,
        "tickfont": {"size": 12},
    }


def _note(
    picture: pic.Picture, panel: pic.Panel, mark: pic.Words | pic.Arrow, key: str
) -> dict[str, Any]:
    place = {"x": _value(panel, mark.x), "y": mark.y, "xref": f"x{key}", "yref": f"y{key}"}
    if not min(panel.y) <= mark.y <= max(panel.y):  # Plotly hides what is off the scale
        _, down = panel.at(mark.x, mark.y)
        place |= {"y": 1 - down / picture.height, "yref": "paper"}
    dx, dy = mark.dx * _PIXELS, mark.dy * _PIXELS
    if isinstance(mark, pic.Arrow):
        return {
            **place, "text": "", "showarrow": True, "arrowhead": 2, "arrowwidth": 1.8,
            "arrowcolor": mark.colour, "xshift": dx, "yshift": -dy, "ax": -dx, "ay": -dy,
        }  # fmt: skip
    text = mark.text.replace("\n", "<br>")
    note = {
        **place,
        "text": f"<b>{text}</b>" if mark.bold else text,
        "align": mark.align,
        "xanchor": mark.align,
        "yanchor": "middle",
        "font": {"size": mark.size * _PIXELS, "color": mark.colour},
    }
    if mark.leader:
        return note | {
            "showarrow": True, "arrowhead": 0, "arrowwidth": 0.8, "arrowcolor": style.MUTED,
            "ax": dx, "ay": dy, "standoff": 0, "borderpad": 0,
        }  # fmt: skip
    return note | {"showarrow": False, "xshift": dx, "yshift": -dy}


def _fill(colour: str) -> str:
    return "rgba(0,0,0,0)" if colour == "none" else colour


def _box(panel: pic.Panel, box: pic.Box, key: str) -> dict[str, Any]:
    return {
        "type": "rect", "xref": f"x{key}", "yref": f"y{key}", "layer": "between",
        "x0": _value(panel, box.x0), "x1": _value(panel, box.x1), "y0": box.y0, "y1": box.y1,
        "fillcolor": box.colour, "opacity": box.alpha, "line": {"width": 0},
    }  # fmt: skip


def _grid(panel: pic.Panel, grid: pic.Grid, key: str) -> dict[str, Any]:
    steps = [
        f"{'M' if math.isnan(before[0]) else 'L'}{_value(panel, x)},{y:.6g}".replace(" ", "_")
        for before, (x, y) in pairwise(grid.points) if not math.isnan(x)
    ]  # fmt: skip
    return {
        "type": "path", "xref": f"x{key}", "yref": f"y{key}", "layer": "below",
        "path": "".join(steps), "line": {"color": grid.colour, "width": grid.width * _PIXELS},
    }  # fmt: skip


def _traces(panel: pic.Panel) -> list[dict[str, Any]]:
    """Return lines and outlines one by one, then all dots together; bars answer at their ends."""
    traces: list[dict[str, Any]] = []
    dots: list[pic.Dot] = []
    for mark in panel.marks:
        match mark:
            case pic.Line() if not isinstance(mark, pic.Grid):
                traces.append(
                    {
                        "mode": "lines",
                        "x": [_value(panel, x) for x, _ in mark.points],
                        "y": [None if math.isnan(y) else y for _, y in mark.points],
                        "line": {
                            "color": mark.colour,
                            "width": mark.width * _PIXELS,
                            "dash": ",".join(f"{d * _PIXELS:g}px" for d in mark.dash) or "solid",
                        },
                        "opacity": mark.alpha,
                        "hoverinfo": "skip",
                        "cliponaxis": False,
                    }
                )
            case pic.Area():
                traces += [
                    {
                        "mode": "lines", "fill": "toself", "hoverinfo": "skip",
                        "x": [_value(panel, x) for x, _ in ring], "y": [y for _, y in ring],
                        "fillcolor": _fill(mark.fill), "opacity": mark.alpha,
                        "line": {"color": _fill(mark.edge), "width": mark.width * _PIXELS},
                    }
                    for ring in mark.rings
                ]  # fmt: skip
            case pic.Dot():
                dots.append(mark)
            case pic.Box() if mark.hover:
                middle = (mark.x0 + mark.x1) / 2
                top = max(mark.y0, mark.y1)
                dots.append(
                    pic.Dot(middle, top, mark.colour, alpha=0, hover=mark.hover, refs=mark.refs)
                )
            case _:
                pass
    if dots:
        traces.append(_dots(panel, dots))
    return traces


def _dots(panel: pic.Panel, dots: list[pic.Dot]) -> dict[str, Any]:
    """Return all dots as one trace; ``customdata`` are the rows of the record behind each."""
    return {
        "mode": "markers",
        "x": [_value(panel, d.x) for d in dots],
        "y": [d.y for d in dots],
        "marker": {
            "symbol": ["circle-open" if d.hollow else "circle" for d in dots],
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
