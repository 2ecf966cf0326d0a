"""The network of groups: who belongs to what, and who is said to back whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, cite
from strikes2024.frames import each

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from strikes2024.tables import Tables

__all__ = ["network"]

# Places by hand (x 0–10, y 0–6): the same drawing in every build, wide and narrow.
_WIDE = {
    "iran": (1.2, 5.6),
    "irgc": (2.0, 4.6),
    "quds-force": (2.3, 3.4),
    "liwa-fatemiyoun": (1.5, 1.9),
    "hezbollah": (0.3, 0.8),
    "iri": (5.1, 5.3),
    "kataib-hezbollah": (4.0, 3.9),
    "nujaba": (6.3, 3.9),
    "kss": (5.1, 2.6),
    "aah": (5.1, 1.5),
    "badr": (5.1, 0.4),
    "iraq": (8.9, 5.6),
    "iraq-armed-forces": (8.9, 4.6),
    "pmf": (8.9, 3.4),
    "liwa-al-tufuf": (8.9, 1.9),
}
_NARROW = {
    "iran": (1.6, 8.6),
    "irgc": (1.6, 7.6),
    "quds-force": (1.9, 6.5),
    "liwa-fatemiyoun": (1.9, 0.9),
    "hezbollah": (0.9, 0.0),
    "iri": (4.9, 6.9),
    "kataib-hezbollah": (3.4, 4.9),
    "nujaba": (6.4, 4.2),
    "kss": (3.8, 3.2),
    "aah": (5.6, 2.2),
    "badr": (6.6, 1.1),
    "iraq": (8.4, 8.6),
    "iraq-armed-forces": (8.2, 7.6),
    "pmf": (8.6, 6.4),
    "liwa-al-tufuf": (8.3, 0.2),
}


@chart_function(*_WIDE)
def network(t: Tables) -> Chart:
    """Groups named in the report with their ties of membership and backing."""
    actors = t.actors.set_index("actor_id")
    rows = []
    for actor in _WIDE:
        for column, tie in (("part_of", "belongs to"), ("backed_by", "is backed by")):
            value: Any = actors[column][actor]
            others = str(value).split(";") if pd.notna(value) else []
            source = actors.loc[actor, "source"]
            rows += [(actor, tie, other, source) for other in others if other in _WIDE]
    ties = pd.DataFrame(rows, columns=["actor", "tie", "other", "source"])
    names = actors["name"]
    frame = ties.assign(actor=ties["actor"].map(names), other=ties["other"].map(names))
    both = set(ties.loc[ties["other"] == "pmf", "actor"]) & set(
        ties.loc[ties["tie"].eq("is backed by"), "actor"]
    )

    def draw(width: float) -> Figure:
        from matplotlib.figure import Figure

        narrow = width < 5
        spots = _NARROW if narrow else _WIDE
        figure = Figure(figsize=(width, 5.4 if narrow else 4.6), layout="constrained")
        axis = figure.subplots()
        for tie in each(ties):
            (x0, y0), (x1, y1) = spots[tie.actor], spots[tie.other]
            member = tie.tie == "belongs to"
            axis.annotate(
                "",
                (x1, y1),
                (x0, y0),
                arrowprops={
                    "arrowstyle": "-|>",
                    "shrinkA": 16,
                    "shrinkB": 16,
                    "lw": 1.3,
                    "color": style.SIDE_COLOURS["iraq" if member else "iran"],
                    "linestyle": "solid" if member else (0, (4, 2.5)),
                    "connectionstyle": f"arc3,rad={0.0 if member else 0.08}",
                },
            )
        for actor, (x, y) in spots.items():
            side = str(actors.loc[actor, "side"])
            name = str(names[actor]).replace("Islamic Revolutionary Guard Corps", "IRGC")
            name = (
                name.replace("Popular Mobilization Forces", "PMF")
                .replace("Islamic Republic of ", "")
                .replace("Government of ", "")
                .replace("Harakat Hezbollah", "Harakat")
            )
            axis.text(
                x,
                y,
                name,
                ha="center",
                va="center",
                fontsize=7.5 if narrow else 9,
                bbox={
                    "boxstyle": "round,pad=0.35",
                    "facecolor": style.GROUND,
                    "edgecolor": style.SIDE_COLOURS[side],
                    "linewidth": 1.6,
                },
            )
        axis.set_xlim(-0.4, 10.4)
        axis.set_ylim(*((-0.5, 9.1) if narrow else (0.1, 6.1)))
        axis.set_axis_off()
        return figure

    return Chart(
        slug="network",
        title=f"{len(both)} groups stand in the Iraqi state’s PMF and are also said to be backed "
        "by Iran",
        subtitle="Solid lines: belongs to; dashed lines: is backed by, as the cited publication "
        "says; the arrow points to the larger body or the backer",
        alt="Network. " + "; ".join(f"{r.actor} {r.tie} {r.other}" for r in each(frame)) + ".",
        frame=frame,
        labels={"actor": "Actor", "tie": "Tie", "other": "Other actor", "source": "Source"},
        sources=cite(t.sources, ties["source"]),
        note="Iran says that it supports these groups and denies directing them. Which groups act "
        "under the name Islamic Resistance in Iraq is known only in part.",
        draw=draw,
    )
