"""The groups: who backs them, and what they belong to."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from strikes2024.charts.chart import Chart, chart_function
from strikes2024.charts.forms import grid
from strikes2024.tables import Tables
from strikes2024.wording import number

__all__ = ["network"]

# The groups, and the bodies that count as Iran's, as the umbrella, as the Iraqi state's.
_GROUPS: Final = ("kataib-hezbollah", "nujaba", "kss", "aah", "badr", "liwa-al-tufuf",
                  "liwa-fatemiyoun", "hezbollah")  # fmt: skip
_COLUMNS: Final = {
    "Backed by Iran": ("iran", "irgc", "quds-force"),
    "In the Islamic Resistance in Iraq": ("iri",),
    "In the Iraqi state’s PMF": ("pmf",),
}


@chart_function(*_GROUPS)
def network(t: Tables) -> Chart:
    """Groups named in the report with their ties of membership and backing."""
    actors = t.actors.set_index("actor_id")
    rows = []
    for actor in _GROUPS:
        row: Any = actors.loc[actor]
        others = {
            o for c in ("backed_by", "part_of") if pd.notna(row[c]) for o in row[c].split(";")
        }
        for column, bodies in _COLUMNS.items():
            body = next((b for b in bodies if b in others), None)
            if body:
                name = str(actors.loc[body, "name"]).replace("Islamic Revolutionary Guard Corps",
                                                             "IRGC")  # fmt: skip
                text = f"by the {name}" if body in ("irgc", "quds-force") else ""
                home = row["country"]
                name = row["name"] + f" ({home})" * (home != "Iraq")
                rows.append((name, column, text, row["source"]))
    frame = pd.DataFrame(rows, columns=["row", "column", "text", "source"])
    iran, umbrella, state = _COLUMNS
    ties = frame.groupby("row", sort=False)["column"].agg(set)
    double = {name for name, columns in ties.items() if {iran, state} <= columns}
    both = len(double)
    frame = frame.assign(
        group=[f"{number(both).capitalize()} groups backed by Iran and part of Iraq’s state forces"
               if name in double else "Others: not named as both"
               for name in frame["row"]]
    )  # fmt: skip
    unit = "Ties that the cited publications name; blank: none named. PMF: Popular Mobilization "
    unit += "Forces, part of the state’s forces"
    return Chart(
        slug="network",
        title=f"{number(both)} groups belong to the PMF, a part of Iraq’s state forces, and are "
        "also backed by Iran",
        subtitle="Groups named in this report: backing and membership as the cited publication "
        "says",
        frame=frame[["row", "column", "text", "source"]].replace({"text": {"": "yes"}}),
        labels={"row": "Group", "column": "Tie", "text": "How"},
        source_ids=frame["source"],
        note="PMF: Popular Mobilization Forces; IRGC: Islamic Revolutionary Guard Corps. Iran says "
        "that it supports these groups and denies directing them. Which groups act under the name "
        f"{umbrella.removeprefix('In the ')} is known only in part.",
        picture=lambda width: grid(frame, width, columns=list(_COLUMNS), unit=unit),
    )
