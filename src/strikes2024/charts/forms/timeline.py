"""The form of a timeline: events down a line of time, in two columns."""

from typing import Any, Final

import pandas as pd

from strikes2024.charts import style
from strikes2024.charts.forms import picture as pic
from strikes2024.charts.forms.labels import apart

_BESIDE: Final = 20.0  # from the line to the texts beside it
_STEP: Final = 5.0  # least space between two texts
_ALIGN: Final[dict[int, pic.Align]] = {-1: "right", 1: "left"}  # left and right of the line


def timeline(
    frame: pd.DataFrame, width: float, *, lanes: tuple[str, str], height: float
) -> pic.Picture:
    """Draw events down a line of time, each with its time and text; earlier ones are higher.

    Parameters
    ----------
    frame
        In order of time: ``when``, ``label`` (the day or hour as written), ``lane`` (one of
        ``lanes``), ``text``, ``detail`` (written below the text, or ""), ``strong`` (bold) and
        ``side``. May have ``refs`` (the rows behind it).
    width
        In inches.
    lanes
        The columns left and right of the line. On a phone both stand right of it, distinguished by
        colour and heading.
    height
        Of the line, in points, unless the texts need more.
    """
    points = width * 72
    two = points >= 360
    stamp = max(pic.measure(label, bold=True) for label in frame["label"]) + 8
    middle = points / 2 if two else stamp + pic.EDGE + 6
    room = (points / 2 - stamp - 22 if two else points - middle - 28) - pic.EDGE
    texts = zip(frame["text"], frame["strong"], strict=True)
    data = frame.assign(
        at=frame["when"].map(pic.days),
        colour=frame["side"].map(style.SIDE_COLOURS),
        away=frame["lane"].map(lambda lane: -1 if two and lane == lanes[0] else 1),
        text=[pic.wrap(text, room, bold=strong) for text, strong in texts],
        detail=[pic.wrap(detail, room) for detail in frame["detail"]],
    )
    lines = data["text"].str.count("\n") + 1
    below = (data["detail"].str.count("\n") + 1) * (data["detail"] != "")
    data["half"], data["tall"] = lines * pic.LINE / 2, (lines + below) * pic.LINE
    data["size"] = data["tall"] + _STEP
    data["hover"] = data["label"] + ": " + frame["text"]
    data["hover"] += (" (" + frame["detail"] + ")").where(frame["detail"] != "", "")
    tall = max(height, float(data.groupby("away")["size"].sum().max())) + pic.LINE
    head = 20.0 if two else 34.0
    foot = head + tall
    panel = pic.Panel(0, 0, points, 0, (0, points), (0, 0), axis=False)
    for i, lane in enumerate(lanes):
        colour = next(iter(data.loc[data["lane"] == lane, "colour"]), style.INK)
        away = -1 if two and i == 0 else 1
        x, y = middle + away * _BESIDE, 8.0 if two else 8.0 + i * 14
        swatch = pic.Box(x - away * 11, x - away * 5, y - 3, y + 3, colour)
        panel.add(swatch, pic.Text(x, y, lane, align=_ALIGN[away], bold=True))
    panel.add(pic.Line(((middle, head), (middle, foot)), style.MUTED, 1.6))
    begin, bottom = data["at"].min(), foot
    data["y"] = (data["at"] - begin) / max(data["at"].max() - begin, 1e-6) * (tall - pic.LINE)
    data["y"] += head + pic.LINE / 2
    for _, own in data.sort_values(["at", "strong"]).groupby("away"):  # what is strong on top
        wanted = own["y"] + (own["size"] - pic.LINE) / 2
        end = foot + own["tall"].iloc[-1]
        tops = apart([*wanted], [*own["size"]], head, end) - own["size"] / 2
        for row in own.assign(top=tops).to_dict("records"):
            _draw(panel, row, middle, stamp if two else 0.0)
        bottom = max(bottom, float((tops + own["tall"]).max()))
    panel.bottom, panel.y = 4 + bottom, (4 + bottom, 0)
    return pic.Picture(points, 4 + bottom, [panel], data["hover"].tolist())


def _draw(panel: pic.Panel, row: dict[Any, Any], middle: float, stamp: float) -> None:
    """Add dot, leader, time and texts; the time stands beside the text where it has room there."""
    away, top, half, strong = row["away"], row["top"], row["half"], row["strong"]
    first, align, beside = top + pic.LINE / 2, _ALIGN[away], middle + away * _BESIDE
    x = beside + away * stamp
    panel.add(
        pic.Line(((middle, row["y"]), (middle + away * 17, first)), style.MUTED, 0.7),
        pic.Dot(middle + away * 2 * bool(stamp), row["y"], row["colour"], size=11 if strong else 8,
                hover=row["hover"], refs=pic.refs_of([row.get("refs")])),
        pic.Text(x, top + half, row["text"], align=align, bold=strong),
        pic.Text(beside if stamp else middle - 8, first, row["label"],
                 align=align if stamp else "right", bold=True),
    )  # fmt: skip
    if row["detail"]:
        y = top + half + row["tall"] / 2
        panel.add(pic.Text(x, y, row["detail"], align=align, colour=style.MUTED))
