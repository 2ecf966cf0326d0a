"""Forms over time: bars, and dated figures that a line joins or a band holds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from strikes2024.charts import style
from strikes2024.charts.forms import picture as pic
from strikes2024.charts.forms.labels import apart
from strikes2024.wording import day, period


@dataclass(frozen=True)
class KeyDate:
    """A day, marked by a dotted line, or with an ``end`` days in grey; its label stands above."""

    when: pd.Timestamp
    label: str
    end: pd.Timestamp | None = None

    @property
    def middle(self) -> float:
        """Where its label would stand, in days."""
        return (pic.days(self.when) + pic.days(self.end or self.when)) / 2

    def drawn(self, most: float) -> pic.Mark:
        """Return its mark in a panel from zero to ``most``."""
        at = pic.days(self.when)
        if self.end is None:
            return pic.Line(((at, 0), (at, most)), width=1.0, dash=(1.5, 2.0), yields=True)
        return pic.Box(at, pic.days(self.end), 0, most, alpha=0.16)


def over_time(
    frame: pd.DataFrame,
    width: float,
    *,
    unit: str,
    marked: Sequence[KeyDate] = (),
    joined: Collection[str] = (),
    band: pd.DataFrame | None = None,
) -> pic.Picture:
    """Draw a dot for each dated figure; a line may join those of a series, or a band hold them.

    Parameters
    ----------
    frame
        ``series``, ``when``, ``value``, ``colour``, ``hover`` (what a dot says), ``text`` (its
        label above to the left, or ""; one that a key date would cross stands left of its line,
        one that another dot is next to below to the right),
        ``refs`` (the rows behind it).
    width
        In inches.
    unit
        What the figures count.
    marked
        Key dates, in order of time.
    joined
        Series whose dots straight lines join.
    band
        The lowest and the highest that is possible: ``when``, ``fewest``, ``most``.
    """
    data = frame.assign(at=frame["when"].map(pic.days))
    first, last = data["at"].min(), data["at"].max()
    spare = (last - first) * 0.03
    top = float(data["value"].max()) * 1.15
    picture = pic.Picture(width * 72, 0.0)
    panel = _panel(picture, 220, (first - spare, last + spare), top, unit, marked, top)
    if band is not None:
        x = band["when"].map(pic.days)
        ring = (*zip(x, band["most"], strict=True),
                *zip(x[::-1], band["fewest"][::-1], strict=True))  # fmt: skip
        panel.add(pic.Area((ring,), style.MAIN, 0.35), pic.Line((*ring, ring[0]), style.MAIN, 0.8))
    for _, rows in data[data["series"].isin(joined)].groupby("series"):
        path = tuple(zip(rows["at"], rows["value"], strict=True))
        panel.add(pic.Line(path, rows["colour"].iloc[0], 2.0))
    lines, beside = [panel.at(d.middle, 0)[0] for d in marked if d.end is None], None
    dots = [panel.at(x, y) for x, y in zip(data["at"], data["value"], strict=True)]
    for row, (dot, y) in zip(data.to_dict("records"), dots, strict=True):
        panel.add(pic.Dot(row["at"], row["value"], row["colour"], hover=row["hover"],
                          refs=pic.refs_of([row["refs"]])))  # fmt: skip
        if row["text"]:
            long = pic.measure(row["text"])
            crossed = [at for at in lines if dot - 8 - long < at < dot]
            end = min(crossed) - 4 if crossed else dot + 4
            up = 11 if not crossed or row["value"] == beside else 0
            beside = row["value"] if crossed else None
            label = pic.Text(row["at"], row["value"], row["text"], dx=end - dot, dy=-up,
                             align="right", leader=dot - end > 12)  # fmt: skip
            if not crossed and any(
                0 < x - dot < 20 and abs(other - y + up) < 8 for x, other in dots
            ):
                label = replace(label, dx=-4.0, dy=11.0, align="left", leader=False)
            panel.add(label)
    picture.descriptions = data["hover"].tolist()
    return picture


def bars(
    frame: pd.DataFrame,
    width: float,
    *,
    unit: str = "",
    height: float = 150.0,
    marked: Sequence[KeyDate] = (),
) -> pic.Picture:
    """Draw a bar for each interval of days, in one panel or in several of the same scale.

    Parameters
    ----------
    frame
        ``start``, ``end`` (the day after the last), ``value``. May have ``panel`` (what its bars
        count), ``text`` (a number above the bar), ``colour``, ``refs`` (the rows behind it).
    width
        In inches.
    unit
        What the bars count, where there is one panel.
    height
        Of the panel with the highest bar, in points; others are lower, as their bars are.
    marked
        Key dates, in order of time; their labels stand above the first panel.
    """
    data = frame.assign(panel=frame.get("panel", unit), text=frame.get("text", ""),
                        colour=frame.get("colour", style.MAIN))  # fmt: skip
    first = data["start"].min().to_period("M").start_time  # whole months, so that each has a name
    span = pic.days(first), pic.days((data["end"].max() + pd.offsets.MonthBegin(0)).normalize())
    top = float(data["value"].max()) * 1.15 or 1.0
    picture = pic.Picture(width * 72, 0.0)
    for title, part in data.groupby("panel", sort=False):
        most = max(float(part["value"].max()) * 1.15, top * 34 / height)
        panel = _panel(picture, height * most / top, span, most, str(title), marked, top)
        for row in part[part["value"] > 0].to_dict("records"):
            x0, x1 = pic.days(row["start"]), pic.days(row["end"])
            gap = 0.09 * (x1 - x0)
            last = row["end"] - pd.Timedelta(days=1)
            hover = f"{period(row['start'], last)}: {row['value']:g}"
            bar = x0 + gap, x1 - gap, 0, float(row["value"])
            refs = pic.refs_of([row.get("refs")])
            panel.add(pic.Box(*bar, row["colour"], hover=hover, refs=refs))
        sides = part.assign(before=part["value"].shift(fill_value=0),
                            after=part["value"].shift(-1, fill_value=0))  # fmt: skip
        for row in sides[sides["text"] != ""].to_dict("records"):
            x0, x1 = pic.days(row["start"]), pic.days(row["end"])
            at: float = (x0 + x1) / 2
            align: pic.Align = "center"
            if panel.at(x1, 0)[0] - panel.at(x0, 0)[0] < pic.measure(row["text"]):
                # Wider than its bar: a number stands clear of the higher bar beside it.
                at, align = (x1, "right") if row["after"] > row["before"] else (x0, "left")
            panel.add(pic.Text(at, row["value"], row["text"], dy=-7, align=align))
        ticks = [tick for tick in panel.xticks if tick[0] < span[1]]
        panel.xticks = [(at, "") for at, _ in ticks]  # marks between months or years, names inside
        panel.add(*(pic.Text(_middle(at, text, span[1]), 0, text, align="center",
                             dy=5.2 + (text.count("\n") + 1) * pic.LINE / 2)
                    for at, text in ticks))  # fmt: skip
    picture.descriptions = [
        f"{row['panel']}, " * ("panel" in frame) + f"{day(row['start'])}: {row['value']:,.0f}"
        for row in data[data["value"] != 0].to_dict("records")
    ]
    return picture


def _middle(at: float, text: str, last: float) -> float:
    """Return the middle of the month or the year that a tick at its first day names."""
    long = 365.0 if text.isdigit() else 30.0 if text[0].isalpha() else 0.0
    return (at + min(at + long, last)) / 2


def _panel(
    picture: pic.Picture,
    height: float,
    x: tuple[float, float],
    most: float,
    title: str,
    marked: Sequence[KeyDate],
    top: float,
) -> pic.Panel:
    """Add a panel over time, from zero to ``most``, below what it counts."""
    points, first = picture.width, not picture.panels
    text = pic.wrap(title, points - 2 * pic.EDGE)
    tall = (text.count("\n") + 1) * pic.LINE
    upper = picture.height + 8 + tall + (pic.LINE + 2) * bool(first and marked)
    left = max(pic.measure(n) for _, n in pic.number_ticks(0, top, 5)) + pic.EDGE + 8
    ticks = pic.number_ticks(0, most, 5 if height > 90 else 2)
    panel = pic.Panel(
        left, upper, points - 12, upper + height, x, (0.0, most), ygrid=True,
        yticks=ticks if len(ticks) > 1 else [],  # a zero alone is no scale
        xticks=pic.time_ticks(*x, int(points / 34)),
    )  # fmt: skip
    panel.add(pic.Text(x[0], most, text, dx=pic.EDGE - left,
                        dy=picture.height + 2 + tall / 2 - upper, colour=style.MUTED))  # fmt: skip
    panel.add(*(mark.drawn(most) for mark in marked))
    wanted = [panel.at(mark.middle, 0)[0] for mark in marked]
    sizes = [pic.measure(mark.label) + 12 for mark in marked]
    for i, at in enumerate(apart(wanted, sizes, 0, points) if first else ()):
        panel.add(pic.Text(marked[i].middle, most, marked[i].label, dx=at - wanted[i], dy=-7,
                            align="center"))  # fmt: skip
    picture.panels.append(panel)
    picture.height = panel.bottom + 9 + 2 * pic.LINE
    return panel
