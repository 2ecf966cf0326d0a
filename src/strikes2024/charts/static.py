"""Draw our Plotly figures with Matplotlib: for paper, for files, and before scripts have run.

Knows what our charts use: scatter traces on one row of panels, vertical lines and bands,
annotations. Anything else is an error, so that no part of a drawing is lost without a sign.
Sizes in Plotly are CSS pixels at the width of the book's text; here they become points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from strikes2024.charts import style

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

__all__ = ["from_plotly"]

_POINTS: Final = 0.75
_DAY: Final = 86_400_000  # milliseconds, as Plotly counts steps of time
_PIXELS_PER_INCH: Final = 96.0
_MARKS: Final = {plotly: mpl for mpl, plotly in style.SIDE_MARKS.values()} | {
    "line-ns": "|",
    "x": "X",
}
_DASHES: Final = {"solid": "-", "dash": "--", "dot": ":", "dashdot": "-."}
_ACROSS: Final = {"left": "right", "center": "center", "right": "left"}
_ALONG: Final = {"top": "bottom", "middle": "center", "bottom": "top"}


def from_plotly(figure: go.Figure, width: float) -> Figure:
    """Return the same drawing as a Matplotlib figure, ``width`` inches wide.

    A narrow one follows the overrides in ``layout.meta["narrow"]``, as the page does on a phone.
    Raises ``ValueError`` for a kind of trace or shape that it does not know.
    """
    from matplotlib.figure import Figure

    layout = figure.layout.to_plotly_json()
    if width < 5:
        layout = _merged(layout, (layout.get("meta") or {}).get("narrow") or {})
    names = sorted(key for key in layout if re.fullmatch(r"xaxis\d*", key)) or ["xaxis"]
    shares = [high - low for low, high in (layout[n].get("domain") or (0, 1) for n in names)]
    drawn = Figure(figsize=(width, float(layout["height"]) / _PIXELS_PER_INCH))
    drawn.set_layout_engine("constrained", h_pad=0.12)  # room for a label above the highest mark
    axes = drawn.subplots(1, len(names), sharey=True, squeeze=False, width_ratios=shares)[0]
    panels = {name.replace("axis", ""): axis for name, axis in zip(names, axes, strict=True)}
    for trace in figure.data:
        _trace(panels[trace.xaxis or "x"], trace)
    for shape in layout.get("shapes") or ():
        _shape(panels[shape.get("xref", "x")], shape)
    ticks = 4 if width < 5 else 7
    for name, share, axis in zip(names, shares, axes, strict=True):
        _x_axis(axis, layout[name], max(2, round(ticks * share)))
    _y_axis(axes[0], layout["yaxis"])
    for note in layout.get("annotations") or ():
        _annotation(panels, note)
    return drawn


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(base)
    for key, value in over.items():
        inner = out.get(key)
        both = isinstance(value, Mapping) and isinstance(inner, Mapping)
        out[key] = _merged(inner, value) if both else value  # type: ignore[arg-type]
    return out


def _words(text: str) -> str:
    return re.sub(r"<[^>]+>", "", text.replace("<br>", "\n"))


def _value(value: Any) -> Any:
    """Read a place on an axis: a date as a timestamp, a number as it is."""
    return value if isinstance(value, int | float) else pd.Timestamp(value)


def _many(value: Any, count: int) -> list[Any]:
    given = [value] if value is None or isinstance(value, str | int | float) else list(value)
    return list(islice(cycle(given), count))


def _trace(axis: Any, trace: Any) -> None:
    if trace.type != "scatter":
        raise ValueError(f"no static drawing for a trace of type {trace.type!r}")
    x, y = [_value(v) for v in trace.x], list(trace.y)
    mode = trace.mode or "lines"
    clip = trace.cliponaxis is not False
    if "lines" in mode:
        axis.plot(
            x,
            y,
            drawstyle="steps-post" if trace.line.shape == "hv" else "default",
            linestyle=_DASHES[trace.line.dash or "solid"],
            linewidth=(trace.line.width or 2) * _POINTS,
            color=trace.line.color,
            clip_on=clip,
        )
    if "markers" in mode:
        _marks(axis, trace.marker, x, y, clip)
    if "text" in mode:
        places = _many(trace.textposition or "middle center", len(x))
        for left, up, text, place in zip(x, y, _many(trace.text, len(x)), places, strict=True):
            if text and text.strip():
                _text(axis, text.strip(), (left, up), place, trace.textfont.color or style.INK)


def _marks(axis: Any, marker: Any, x: list[Any], y: list[Any], clip: bool) -> None:
    symbols, colours = _many(marker.symbol or "circle", len(x)), _many(marker.color, len(x))
    for left, up, symbol, colour in zip(x, y, symbols, colours, strict=True):
        hollow = symbol.endswith("-open")
        mark = _MARKS[symbol.removesuffix("-open")]
        line = marker.line.color or colour
        axis.plot(
            [left],
            [up],
            linestyle="none",
            marker=mark,
            markersize=(marker.size or 6) * _POINTS,
            markerfacecolor="none" if hollow else colour,
            markeredgecolor=line if hollow or mark == "|" else colour,
            markeredgewidth=(marker.line.width or 1) * _POINTS,
            alpha=marker.opacity,
            clip_on=clip,
            zorder=3,
        )


def _text(axis: Any, text: str, at: tuple[Any, Any], place: str, colour: str) -> None:
    up, across = place.split()
    shift = ({"left": -5, "center": 0, "right": 5}[across], {"top": 5, "bottom": -5}.get(up, 0))
    axis.annotate(
        _words(text),
        at,
        xytext=shift,
        textcoords="offset points",
        ha=_ACROSS[across],
        va=_ALONG[up],
        color=colour,
        annotation_clip=False,
    ).set_in_layout(False)  # a long label must not press the panel together


def _shape(axis: Any, shape: Mapping[str, Any]) -> None:
    if shape["type"] == "line" and shape["x0"] == shape["x1"]:
        line = shape.get("line") or {}
        axis.axvline(
            _value(shape["x0"]),
            color=line.get("color", style.MUTED),
            linewidth=line.get("width", 1) * _POINTS,
            linestyle=_DASHES[line.get("dash", "solid")],
        )
    elif shape["type"] == "rect":
        axis.axvspan(
            _value(shape["x0"]),
            _value(shape["x1"]),
            color=shape.get("fillcolor"),
            alpha=shape.get("opacity"),
            linewidth=0,
        )
    else:
        raise ValueError(f"no static drawing for a shape like {shape['type']!r}")


def _x_axis(axis: Any, spec: Mapping[str, Any], ticks: int) -> None:
    from matplotlib import dates

    kit: Any = dates  # its classes carry no types
    if spec.get("range"):
        axis.set_xlim(*(_value(v) for v in spec["range"]))
    step, form = spec.get("dtick"), spec.get("tickformat")
    if step in ("M12", "M24"):
        axis.xaxis.set_major_locator(kit.YearLocator(int(step[1:]) // 12))
        axis.xaxis.set_major_formatter(kit.DateFormatter("%Y"))
    elif form and isinstance(step, int | float):
        axis.xaxis.set_major_locator(kit.DayLocator(interval=round(step / _DAY)))
        axis.xaxis.set_major_formatter(kit.DateFormatter(_words(form)))
    elif form:
        style.date_axis(axis, most=min(ticks, spec.get("nticks") or ticks))
    if spec.get("showgrid"):
        axis.grid(axis="x")


def _y_axis(axis: Any, spec: Mapping[str, Any]) -> None:
    from matplotlib.ticker import MultipleLocator

    if spec.get("range"):
        axis.set_ylim(*spec["range"])
    elif spec.get("rangemode") == "tozero":
        axis.set_ylim(bottom=0)
    if spec.get("dtick"):
        axis.yaxis.set_major_locator(MultipleLocator(spec["dtick"]))
    if spec.get("tickvals") is not None:
        axis.set_yticks(list(spec["tickvals"]), [_words(w) for w in spec["ticktext"]])
        axis.tick_params(axis="y", length=0)
    if spec.get("showgrid"):
        for panel in axis.figure.axes:
            panel.grid(axis="y")
    axis.set_ylabel(_words((spec.get("title") or {}).get("text") or ""))


def _annotation(panels: Mapping[str, Any], note: Mapping[str, Any]) -> None:
    axis = panels[note.get("xref", "x") if note.get("xref") in panels else "x"]
    data, frame = axis.transData, axis.transAxes
    from matplotlib.transforms import blended_transform_factory

    x, y = _value(note["x"]), note["y"]
    across = frame if note.get("xref") == "paper" else data
    along = frame if note.get("yref") in ("paper", "y domain") else data
    if across is data and not isinstance(x, int | float):
        x = axis.convert_xunits(x)
    font = note.get("font") or {}
    axis.annotate(
        _words(note["text"]),
        (x, y),
        xycoords=blended_transform_factory(across, along),
        xytext=(note.get("xshift", 0) * _POINTS, note.get("yshift", 0) * _POINTS),
        textcoords="offset points",
        ha=note.get("xanchor", "center"),
        va={"middle": "center"}.get(note.get("yanchor", "middle"), note.get("yanchor", "center")),
        color=font.get("color", style.INK),
        fontsize=font.get("size", 13) * _POINTS,
        annotation_clip=False,
    )
