"""The values of foreign files as tables: what all layouts have in common."""

import hashlib
from collections.abc import Iterable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pandas as pd

from strikes2024 import schema
from strikes2024.readers.layout import CLAIM, FIELDS, Layout
from strikes2024.readers.survey import Survey
from strikes2024.tables import NAMES, Tables, typed_column
from strikes2024.wording import slug


def publisher_columns(layout: Layout, names: Iterable[str]) -> dict[str, str]:
    """Say what the publisher's columns are called among those of ``events``."""
    own = {field["name"] for field in FIELDS["events"]}
    taken = own.union(schema.read_package().table("events").columns)
    return {name: f"{layout.name}_{name}" if name in taken else name for name in names}


def describe(
    layout: Layout, paths: Sequence[Path], survey: Survey, kinds: Iterable[str]
) -> dict[str, Any]:
    """Describe the same tables, with the publisher's columns and the publisher's name.

    There is no licence: it is the publisher's to give.

    Parameters
    ----------
    layout
        The form of the files.
    paths
        The files.
    survey
        What they hold.
    kinds
        The kinds of events in them.
    """
    raw = deepcopy(dict(schema.read_package().descriptor))
    for name in ("licenses", "created", "keywords", "version", "description", "name"):
        raw.pop(name, None)
    names = ", ".join(path.name for path in paths)
    raw |= {
        "title": f"{layout.source['title']}: events read from {names}",
        "contributors": [{"title": layout.source["publisher"], "role": "author"}],
        "homepage": layout.source["url"],
        "citation": dict(layout.citation),
        "layout": layout.name,
    }
    fields = {item["name"]: item["schema"]["fields"] for item in raw["resources"]}
    for table, own in FIELDS.items():
        fields[table] += own
    fields["events"] += [
        {
            "name": name,
            "title": survey.columns[column],
            "type": survey.types[column],
            "description": f"As it came in a file of {layout.title}.",
            "publisher": True,
        }
        for column, name in publisher_columns(layout, survey.columns).items()
    ]
    (kind,) = [field for field in fields["events"] if field["name"] == "kind"]
    kind["constraints"]["enum"] = list(dict.fromkeys([*kind["constraints"]["enum"], *kinds]))
    return raw


def make_tables(
    layout: Layout,
    package: schema.Package,
    values: pd.DataFrame,
    text: pd.DataFrame,
    *,
    stated: pd.Timestamp | None,
    note: str,
) -> Tables:
    """Make all tables, typed; a column that is not given is blank.

    Parameters
    ----------
    layout
        The form of the files.
    package
        The tables to make.
    values
        One row an event: ``key``, ``kind``, ``start``, ``end``, ``date_precision``, ``title``,
        ``summary``, ``country``, ``place``, ``admin1`` to ``admin3``, ``lat``, ``lon``,
        ``precision`` (``area`` where the position stands for a whole unit), ``note``, ``low``,
        ``best``, ``high``, ``claim_note``, ``civilians``, ``side_a`` and ``side_b`` (names with the
        kinds of actors).
    text
        The publisher's cells of the same rows.
    stated
        The day of publication, if it is known.
    note
        What was changed in reading.
    """
    prefix, values = layout.prefix, values.reset_index(drop=True)
    places, place_ids = _places(prefix, values)
    actors, sides = _actors(layout, values[["side_a", "side_b"]])
    own = ["kind", "start", "end", "date_precision", "title", "summary", "note"]
    events = values[own].assign(
        event_id=f"{prefix}-" + values["key"],
        places=place_ids,
        countries=values["country"].str.replace(";", ","),
        sources=prefix,
        side_a_ids=sides["side_a"],
        side_b_ids=sides["side_b"],
    )
    source = {**layout.source, "published": stated, "note": note}
    found = {
        "events": events,
        "claims": _claims(layout, values, events, stated),
        "places": places,
        "actors": actors,
        "sources": pd.DataFrame([source], dtype=object),
    }
    nothing = pd.DataFrame()
    text = text.rename(columns=publisher_columns(layout, map(str, text)))
    return Tables(
        **{name: _typed(package.table(name), found.get(name, nothing), text) for name in NAMES}
    )


def _typed(table: schema.Table, frame: pd.DataFrame, text: pd.DataFrame) -> pd.DataFrame:
    columns = {}
    for field in table.fields:
        values: Any = [None] * len(frame)
        if field.publisher:
            values = text[field.name].mask(text[field.name] == "")
        elif field.name in frame:
            values = frame[field.name]
        columns[field.name] = typed_column(field, values)
    return pd.DataFrame(columns)


def _places(prefix: str, values: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Each place once, and the place of each row.

    The same name at the same spot has the same id in every file.
    """
    parts = ["place", "admin1", "admin2", "admin3", "country", "lat", "lon", "precision"]
    cells = values[parts].astype(object)
    spots = list(cells.where(cells.notna(), None).itertuples(index=False, name=None))
    ids = {spot: f"{prefix}-place-{_digest(spot)}" for spot in dict.fromkeys(spots)}
    rows = []
    for spot, key in ids.items():
        *names, lat, lon, precision = spot
        point, note = (lat, lon, precision), None
        if None in (lat, lon):
            point = (None, None, None)
        elif precision == "area":
            point, note = (None, None, None), f"Coordinates of a whole unit: {lat:g}, {lon:g}"
        rows.append((key, *names, *point, note, "other", prefix))
    columns = ["place_id", "name", *parts[1:], "note", "kind", "source"]
    return pd.DataFrame(rows, columns=columns, dtype=object), [ids[spot] for spot in spots]


def _actors(layout: Layout, sides: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each actor once, after the publisher; and the actors on either side of each row."""
    kinds = {name: kind for side in sides for group in sides[side].unique() for name, kind in group}
    own = {name: _actor_id(layout.prefix, name) for name in kinds}
    ids = sides.map(lambda group: ";".join(own[name] for name, _ in group) or None)
    about = f"An actor in {layout.title}"
    rows = [
        {"actor_id": own[name], "name": name, "kind": kind, "side": "other", "description": about}
        for name, kind in kinds.items()
    ]
    return pd.DataFrame([layout.claimant, *rows]).assign(source=layout.prefix), ids


def _claims(
    layout: Layout, values: pd.DataFrame, events: pd.DataFrame, stated: pd.Timestamp | None
) -> pd.DataFrame:
    """A claim a figure of people killed, and one for the civilians among them."""
    exact = values["low"] == values["high"]
    whole = values[["low", "best", "high"]].assign(
        **CLAIM,
        claim_id=events["event_id"] + "-killed",
        event=events["event_id"],
        place=events["places"],
        country=events["countries"],
        qualifier=exact.map({True: "exactly", False: "range"}),
        claimant=layout.claimant["actor_id"],
        as_of=values["end"],
        stated=values["end"].mask(values["end"] < (stated or pd.Timestamp.min), stated),
        stated_basis="not_before" if stated is None else "published",
        source=layout.prefix,
        note=values["claim_note"],
    )
    civilians = values["civilians"]
    part = whole.assign(
        claim_id=whole["claim_id"] + "-civilians", victims="civilians", scope="part",
        low=civilians, high=civilians, best=civilians, qualifier="exactly", note=None,
    )  # fmt: skip
    claims = pd.concat([whole[values["low"].notna()], part[civilians > 0]])
    return claims.sort_index(kind="stable")


def _actor_id(prefix: str, name: str) -> str:
    """Return an id that can be read, and that no other name has."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{prefix}-{(slug(name, '-') or 'other')[:40].strip('-')}-{digest}"


def _digest(parts: Iterable[object]) -> str:
    text = "|".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
