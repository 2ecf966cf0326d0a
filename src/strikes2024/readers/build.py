"""Pieces of a foreign file as tables: what all layouts have in common."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from strikes2024 import schema
from strikes2024.readers.cells import Piece
from strikes2024.readers.layout import Layout, Options
from strikes2024.readers.survey import Survey
from strikes2024.tables import NAMES, Tables, converted, typed_column
from strikes2024.wording import slug

# Columns that these tables have beyond the package's own, by table.
SIDES = ("side_a_ids", "side_b_ids")
_ADMIN = ("admin2", "admin3")
SHARED = ("sources", "actors", "places")  # of these every piece brings the same rows again


class Assembler:
    """Makes tables of the frames of one reading, piece by piece."""

    def __init__(
        self, layout: Layout, options: Options, found: Survey, paths: Sequence[Path]
    ) -> None:
        self.layout, self.options, self.found, self.paths = layout, options, found, paths
        taken = {*schema.read_package().table("events").columns, *SIDES}
        self.publisher = {
            name: f"{layout.name}_{name}" if name in taken else name for name in found.columns
        }
        self.kinds: dict[str, None] = {}
        self.descriptor = self._descriptor()
        self.package = schema.package_of(self.descriptor)

    def _descriptor(self) -> dict[str, Any]:
        """Describe the same tables, with the publisher's columns and the publisher's name.

        There is no licence: it is the publisher's to give.
        """
        layout = self.layout
        raw = deepcopy(dict(schema.read_package().descriptor))
        for name in ("licenses", "created", "keywords", "version", "description", "name"):
            raw.pop(name, None)
        files = ", ".join(path.name for path in self.paths)
        raw |= {
            "title": f"{layout.dataset}: events read from {files}",
            "contributors": [{"title": layout.publisher, "role": "author"}],
            "homepage": layout.url,
            "citation": dict(layout.citation),
            "layout": layout.name,
        }
        fields = {item["name"]: item["schema"]["fields"] for item in raw["resources"]}
        fields["places"] += [
            {"name": name, "title": f"Unit of level {name[-1]}", "type": "string"}
            for name in _ADMIN
        ]
        actors = {"delimiter": ";", "reference": {"resource": "actors", "field": "actor_id"}}
        fields["events"] += [
            {"name": name, "title": f"Side {name[5].upper()}", "type": "string", "list": actors,
             "description": "Actors on this side, as the publisher names them."}
            for name in SIDES
        ]  # fmt: skip
        fields["events"] += [
            {
                "name": name,
                "title": self.found.columns[column],
                "type": self.found.types.get(column) or "string",
                "description": f"As it came in a file of {layout.title}.",
                "publisher": True,
            }
            for column, name in self.publisher.items()
        ]
        return raw

    def named_kinds(self) -> None:
        """Put the kinds of events that were met into the descriptor."""
        (events,) = [r for r in self.descriptor["resources"] if r["name"] == "events"]
        (kind,) = [f for f in events["schema"]["fields"] if f["name"] == "kind"]
        kind["constraints"]["enum"] = list(
            dict.fromkeys([*kind["constraints"]["enum"], *self.kinds])
        )

    def note(self) -> str:
        """Say which files were read, and what was changed or left out in reading."""
        files = ", ".join(path.name for path in self.paths)
        return ". ".join([f"Read from {files}", *self.found.notices()])

    def tables(self, piece: Piece, frame: Mapping[str, Any]) -> Tables:
        """Make all tables, typed, from a frame with one row an event (see :meth:`columns`)."""
        columns = self.columns(piece, frame)
        tables = {name: self._conform(name, columns.get(name, {})) for name in NAMES}
        return Tables(**tables)

    def columns(
        self, piece: Piece, frame: Mapping[str, Any]
    ) -> dict[str, Mapping[str, Sequence[Any]]]:
        """Make the columns of events, claims, places, actors and sources, as Python's values.

        A column that is not given is blank. Those of the publisher are the texts that came in.

        ``frame`` has lists of equal length: ``key``, ``label``, ``start``, ``end``,
        ``date_precision``, ``title``, ``summary``, ``country``, ``place``, ``admin1`` to
        ``admin3``, ``lat``, ``lon``, ``precision`` (``area`` where the position stands for a whole
        unit), ``note``, ``low``, ``best``, ``high``, ``claim_note``, ``civilians``, and ``sides``
        (two lists of names with the kinds of actors).
        """
        kept = self._kept(piece, frame)
        frame = {name: [column[at] for at in kept] for name, column in frame.items()}
        publisher = {
            self.publisher[name]: [cell or None for cell in map(column.__getitem__, kept)]
            for name, column in piece.columns.items()
            if name in self.publisher
        }
        prefix = self.layout.prefix
        places, place_ids = self._places(frame)
        actors, sides = self._actors(frame)
        events = {
            "event_id": [f"{prefix}-{key}" for key in frame["key"]],
            "kind": [self._kind(label) for label in frame["label"]],
            "places": place_ids,
            "countries": [country.replace(";", ",") for country in frame["country"]],
            "sources": [prefix] * len(kept),
            **dict(zip(SIDES, sides, strict=True)),
            **{
                name: frame[name]
                for name in ("start", "end", "date_precision", "title", "summary", "note")
            },
            **publisher,
        }
        self.named_kinds()
        return {
            "events": events,
            "claims": self._claims(frame, events),
            "places": places,
            "actors": actors,
            "sources": self.source_columns(),
        }

    def _kept(self, piece: Piece, frame: Mapping[str, Any]) -> list[int]:
        """Choose the sound rows of the countries and days asked for."""
        countries, first, last = self.options.countries, self.options.start, self.options.end
        return [
            at
            for at, (country, start, end) in enumerate(
                zip(frame["country"], frame["start"], frame["end"], strict=True)
            )
            if at not in piece.faults
            and (countries is None or country in countries)
            and (first is None or end >= first.date())
            and (last is None or start <= last.date())
        ]

    def _kind(self, label: str | None) -> str:
        kind = self.options.kinds.get(label or "") or (
            _id_part(label, "_") if label else "unspecified"
        )
        self.kinds[kind] = None
        return kind

    def _conform(self, name: str, columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
        """Make a table of the form described; columns not given are missing throughout."""
        blank = [None] * len(next(iter(columns.values()), ()))
        return pd.DataFrame(
            {
                field.name: (converted if field.publisher else typed_column)(
                    field, list(columns.get(field.name, blank))
                )
                for field in self.package.table(name).fields
            }
        )

    def _places(self, frame: Mapping[str, list[Any]]) -> tuple[dict[str, list[Any]], list[str]]:
        """Each place once, and the place of each row.

        The same name at the same spot has the same id in every piece.
        """
        parts = ("place", "admin1", *_ADMIN, "country", "lat", "lon", "precision")
        spots = list(zip(*(frame[name] for name in parts), strict=True))
        ids = {spot: f"{self.layout.prefix}-place-{_digest(spot)}" for spot in dict.fromkeys(spots)}
        found: dict[str, list[Any]] = {
            name: [] for name in ("place_id", "name", "admin1", *_ADMIN, "country", "lat", "lon",
                                  "precision", "note")
        }  # fmt: skip
        for spot, key in ids.items():
            *names, lat, lon, precision = spot
            note = None
            whole = None not in (lat, lon)
            if whole and precision == "area":
                note = f"Coordinates of a whole unit: {lat:g}, {lon:g}"
            point = (lat, lon, precision) if whole and not note else (None, None, None)
            for column, value in zip(found.values(), (key, *names, *point, note), strict=True):
                column.append(value)
        size = len(ids)
        found |= {"kind": ["other"] * size, "source": [self.layout.prefix] * size}
        return found, [ids[spot] for spot in spots]

    def _actors(
        self, frame: Mapping[str, list[Any]]
    ) -> tuple[dict[str, list[Any]], tuple[list[Any], list[Any]]]:
        """Each actor once, after the publisher; and the actors on either side of each row."""
        layout = self.layout
        kinds: dict[str, str] = {}
        sides: tuple[list[Any], list[Any]] = ([], [])
        for row in frame["sides"]:
            for side, actors in zip(sides, row, strict=True):
                for name, kind in actors:
                    kinds.setdefault(name, kind)
                side.append(";".join(_actor_id(layout.prefix, name) for name, _ in actors) or None)
        names = list(kinds)
        size = len(names) + 1
        return {
            "actor_id": [layout.claimant, *(_actor_id(layout.prefix, name) for name in names)],
            "name": [layout.publisher, *names],
            "kind": ["organisation", *kinds.values()],
            "side": ["monitor", *["other"] * len(names)],
            "description": [layout.dataset, *[f"An actor in {layout.title}"] * len(names)],
            "source": [layout.prefix] * size,
        }, sides

    def _claims(
        self, frame: Mapping[str, list[Any]], events: Mapping[str, list[Any]]
    ) -> dict[str, list[Any]]:
        """A claim a figure of people killed, and one for the civilians among them."""
        layout, published = self.layout, self.options.stated
        stated = frame["end"]
        if published is not None:
            stated = [max(published.date(), end) for end in stated]
        size = len(stated)
        rows: dict[str, list[Any]] = {
            "claim_id": [f"{event}-killed" for event in events["event_id"]],
            "event": events["event_id"],
            "place": events["places"],
            "metric": ["killed"] * size,
            "unit": ["persons"] * size,
            "victims": ["all_groups"] * size,
            "country": events["countries"],
            "scope": ["whole"] * size,
            "low": frame["low"],
            "high": frame["high"],
            "best": frame["best"],
            "qualifier": [
                "exactly" if low == high else "range"
                for low, high in zip(frame["low"], frame["high"], strict=True)
            ],
            "claimant": [layout.claimant] * size,
            "as_of": frame["end"],
            "stated": stated,
            "stated_basis": ["not_before" if published is None else "published"] * size,
            "source": [layout.prefix] * size,
            "status": ["stands"] * size,
            "note": frame["claim_note"],
        }
        civilians = frame["civilians"]
        part = rows | {
            "claim_id": [f"{claim}-civilians" for claim in rows["claim_id"]],
            "victims": ["civilians"] * size, "scope": ["part"] * size, "low": civilians,
            "high": civilians, "best": civilians, "qualifier": ["exactly"] * size,
            "note": [None] * size,
        }  # fmt: skip
        order = [
            (at, source)
            for at in range(size)
            for source, wanted in ((rows, frame["low"][at] is not None), (part, civilians[at]))
            if wanted
        ]
        return {name: [source[name][at] for at, source in order] for name in rows}

    def source(self) -> pd.DataFrame:
        """The files as the one publication that every row rests on."""
        return self._conform("sources", self.source_columns())

    def source_columns(self) -> dict[str, list[Any]]:
        """The columns of :meth:`source`."""
        layout = self.layout
        return {
            "source_id": [layout.prefix], "publisher": [layout.publisher],
            "title": [layout.dataset], "url": [layout.url], "published": [self.options.stated],
            "language": ["en"], "kind": ["dataset"], "opened": [True], "note": [self.note()],
        }  # fmt: skip


def _id_part(text: str, mark: str) -> str:
    return slug(text, mark) or "other"


@lru_cache(maxsize=100_000)
def _actor_id(prefix: str, name: str) -> str:
    """Return an id that can be read, and that no other name has."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{prefix}-{_id_part(name, '-')[:40].strip('-')}-{digest}"


def _digest(parts: Iterable[object]) -> str:
    text = "|".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def join(pieces: Iterable[Tables]) -> Tables:
    """Join pieces into one.

    Parameters
    ----------
    pieces
        Tables of one reading, in order: the last piece knows all kinds of events.
    """
    parts = list(pieces)
    joined = {}
    for name in NAMES:
        frames = [part[name] for part in parts]
        if name == "events":  # the last piece knows all kinds
            kinds = frames[-1]["kind"].cat.categories
            frames = [
                frame.assign(kind=frame["kind"].cat.set_categories(kinds)) for frame in frames
            ]
        frame = pd.concat(frames, ignore_index=True)
        if name in SHARED:
            frame = frame.drop_duplicates(frame.columns[0], ignore_index=True)
        joined[name] = frame
    return Tables(**joined)
