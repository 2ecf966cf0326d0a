"""The page of people: who was killed or in command, according to whom, event by event."""

from typing import Any

import pandas as pd
from docutils import nodes
from markupsafe import Markup, escape
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from strikes2024.report.markup import Row, listed, optional, small, stack
from strikes2024.report.pages import all_names, listing, remarks, source_links
from strikes2024.report.record import actor_names, row_index, tables
from strikes2024.report.rows import WORDS
from strikes2024.wording import capital, day

_HEADS = ("Name, other names", "Role, unit, age", "Fate", "Named by", "Publications, remarks")


def named_by(row: Any) -> str:
    """Who made the name public, and when: ``PMF (Medical directorate), 3 February 2024``."""
    who = actor_names()[row.named_by]
    if pd.notna(row.speaker):
        who += f" ({row.speaker})"
    return f"{who}, {'not before ' if row.stated_basis == 'not_before' else ''}{day(row.stated)}"


def _cells(row: Any) -> list[str]:
    name = escape(row.name)
    if pd.notna(row.name_ar):
        name += Markup('<br>\n<span lang="ar" dir="rtl">{}</span>').format(row.name_ar)
    unit = "" if pd.isna(row.unit) else row.unit
    age = "" if pd.isna(row.age) else f"aged {row.age}"
    return [
        name + small(", ".join(listed(row.aliases))),
        stack(row.role, "; ".join(filter(None, (unit, age)))),
        capital(WORDS["fates"][row.fate]),
        named_by(row),
        stack(
            source_links(row.source, row.also_in),
            remarks("people", row.person_id, optional(row.note)),
        ),
    ]


def _row(row: Any) -> Row:
    names = [*all_names(row.name, row.aliases), *listed(row.name_ar)]
    return Row(f"person-{row.person_id}", _cells(row), names=names)


class PeopleList(SphinxDirective):
    """``{people-list}``: those whom a publication names, a section an event, in order of time."""

    def run(self) -> list[nodes.Node]:
        events = row_index("events")
        people = tables().people.assign(day=lambda t: t["event"].map(events["start"]))
        people = people.sort_values(["day", "event", "fate", "name"])
        found: list[nodes.Node] = []
        for key, group in people.groupby("event", sort=False):
            event: Any = events.loc[key]
            title = f"{event['title']}, {day(event['start'])}"
            section = nodes.section(ids=[f"people-{key}"])
            section += nodes.title("", title)
            section += listing(title, _HEADS, map(_row, group.itertuples(index=False)))
            found.append(section)
        return found


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("people-list", PeopleList)
