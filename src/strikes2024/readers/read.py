"""From files to tables: what all layouts have in common."""

import csv
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from strikes2024 import schema
from strikes2024.arguments import ArgumentError, several
from strikes2024.export.source import escape_formula
from strikes2024.export.target import atomic_write
from strikes2024.readers.cells import Piece
from strikes2024.readers.layout import CLAIM, FIELDS, Layout, checked
from strikes2024.readers.survey import REJECT, Survey
from strikes2024.tables import NAMES, Tables, typed_column
from strikes2024.wording import slug

Paths: TypeAlias = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


class Reading:
    """One reading of some files, as tables.

    ``values`` has a row for each event asked for, with what is made of its
    cells; ``descriptor`` describes the tables to make of them.

    Raises :class:`strikes2024.DataError` for whatever cannot be read.
    """

    def __init__(
        self, layout: Layout, path: Paths, given: Mapping[str, Any], *, force: bool = False
    ) -> None:
        self.layout = layout
        self.options = checked(layout, given)
        if isinstance(path, (str, os.PathLike)):
            path = [path]
        self.paths = list(map(Path, path))
        if not self.paths:
            raise ArgumentError("path: expected a file, or several")
        self.names = ", ".join(path.name for path in self.paths)
        self.survey = Survey(self.paths, layout, self.options)
        values = pd.concat([self._sound(piece) for piece in self.survey.pieces()])
        self.values = self._asked_for(values)
        self.survey.text = self.survey.text.loc[self.values.index]
        if self.survey.rejects:
            self._write_rejects(Path(self.options["rejects"]), force=force)
        self.values["kind"] = self.values["label"].fillna("").map(self._kind)
        self.publisher = _publisher_columns(layout, self.survey.columns)
        self.descriptor = self._describe()
        self.package = schema.package_of(self.descriptor)

    def _kind(self, label: str) -> str:
        """Return the kind of an event by the file's own label."""
        if not label:
            return "unspecified"
        return self.options.get("kinds", {}).get(label) or slug(label, "_") or "other"

    def _sound(self, piece: Piece) -> pd.DataFrame:
        """Read the rows of a file without a fault, and put the others aside."""
        frame = _frame(self.layout, piece)
        for at in sorted(piece.faults):
            self.survey.reject(piece.faults[at], piece.cells.loc[at, :].to_dict())
        return frame.drop(index=list(piece.faults))

    def _asked_for(self, values: pd.DataFrame) -> pd.DataFrame:
        """Take the events of the countries and days asked for; refuse options that fit no event."""
        options = self.options
        codes = self.layout.codes.get(self.layout.labels[0], {})
        labels = [*codes.values(), *sorted(values["label"].dropna().unique())]
        several(options.get("kinds", ()), "kinds", labels, " in the files")
        if countries := options.get("countries"):
            several(countries, "countries", sorted(values["country"].unique()), " in the files")
            values = values[values["country"].isin(countries)]
        start: pd.Timestamp = options.get("start", pd.Timestamp.min)
        end: pd.Timestamp = options.get("end", pd.Timestamp.max)
        return values[(values["end"] >= start) & (values["start"] <= end)]

    def _write_rejects(self, path: Path, *, force: bool) -> None:
        rejects = self.survey.rejects
        self.survey.notes[f"{{n}} that cannot be read: see {path}"] += len(rejects)
        own = [f"{REJECT}file", f"{REJECT}row", f"{REJECT}reason"]
        with (
            atomic_write(path, force=force) as draft,
            draft.open("w", encoding="utf-8", errors="backslashreplace", newline="") as out,
        ):
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow([*own, *self.survey.columns.values()])
            order = [str(file) for file in self.paths]
            rejects.sort(key=lambda reject: (order.index(reject[0].file), reject[0].row or 0))
            for fault, cells in rejects:
                where = [fault.file, fault.row, str(fault).split(": ", 1)[1]]
                if isinstance(cells, Mapping):
                    cells = [cells.get(name, "") for name in self.survey.columns]
                writer.writerow([*where, *map(escape_formula, cells)])

    def _describe(self) -> dict[str, Any]:
        """Describe the same tables, with the publisher's columns and the publisher's name.

        There is no licence: it is the publisher's to give.
        """
        raw = {
            "title": f"{self.layout.source['title']}: events read from {self.names}",
            "contributors": [{"title": self.layout.source["publisher"], "role": "author"}],
            "homepage": self.layout.source["url"],
            "citation": dict(self.layout.citation),
            "layout": self.layout.name,
            "resources": deepcopy(schema.read_package().descriptor["resources"]),
        }
        fields = {item["name"]: item["schema"]["fields"] for item in raw["resources"]}
        for table, own in FIELDS.items():
            fields[table] += own
        fields["events"] += [
            {
                "name": name,
                "title": self.survey.columns[column],
                "type": self.survey.types[column],
                "description": f"As it came in a file of {self.layout.title}.",
                "publisher": True,
            }
            for column, name in self.publisher.items()
        ]
        (kind,) = [field["constraints"] for field in fields["events"] if field["name"] == "kind"]
        kind["enum"] = list(dict.fromkeys([*kind["enum"], *self.values["kind"]]))
        return raw

    def tables(self, rows: slice = slice(None)) -> Tables:
        """Make all tables, typed, of all events or of some of them."""
        layout, prefix, stated = self.layout, self.layout.prefix, self.options.get("stated")
        values = self.values[rows].reset_index(drop=True)
        text = self.survey.text[rows].rename(columns=self.publisher)
        note = ". ".join([f"Read from {self.names}", *self.survey.notices()])
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
        return Tables(**{
            name: _typed(self.package.table(name), found.get(name, nothing), text) for name in NAMES
        })  # fmt: skip

    def pieces(self, rows: object) -> Iterator[Tables]:
        """Make the tables of so many events at a time; where there is none, empty ones."""
        if not isinstance(rows, int) or rows < 1:
            raise ArgumentError(f"rows: expected a whole number from 1; found {rows!r}")
        for start in range(0, max(1, len(self.values)), rows):
            yield self.tables(slice(start, start + rows))


def _frame(layout: Layout, piece: Piece) -> pd.DataFrame:
    """Read the cells of a piece as columns with one value an event."""
    days = [piece.day(name) for name in layout.dates]
    start, end = days[0], days[-1]
    piece.check(layout.dates[-1], ~(end < start), f"a day not before {layout.dates[0]}")
    piece.check_years(layout.dates[0], "year", *days)
    early = f"{{n}} of a day before {layout.first_year}, with which the dataset begins"
    piece.notes[early] += int((start.dt.year < layout.first_year).sum())
    figures = layout.figures(piece)
    lat, lon = piece.positions(layout.point)
    place = piece.first_of(*layout.places)
    title = piece.titles(layout.sides, place)
    label, *_ = layout.labels
    coded = label in layout.codes
    precision = [piece.code(name, layout.codes).fillna("approx") for name in layout.precision]
    text = {name: piece.text(column) for name, column in layout.columns.items()}
    values = {
        **text,
        # Below zero are the ids that this package gives to events of its own.
        "key": piece.key(layout.key, layout.key_form, layout.key_words).str.replace("-", "own-"),
        "label": piece.code(label, layout.codes) if coded else piece.first_of(*layout.labels),
        "start": start,
        "end": end,
        "date_precision": precision[0],
        "title": title,
        "summary": text["summary"].fillna(title),
        "country": piece.given("country"),
        "place": place,
        "lat": lat,
        "lon": lon,
        "precision": precision[1],
        "claim_note": piece.text(""),
        "civilians": piece.count(""),
        **figures,
    }
    return pd.DataFrame(values, piece.cells.index)


def _publisher_columns(layout: Layout, names: Iterable[str]) -> dict[str, str]:
    """Say what the publisher's columns are called among those of ``events``."""
    own = {field["name"] for field in FIELDS["events"]}
    taken = own.union(schema.read_package().table("events").columns)
    return {name: f"{layout.name}_{name}" if name in taken else name for name in names}


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
    places = pd.DataFrame(list(ids), columns=parts, dtype=object).rename(columns={"place": "name"})
    known = places["lat"].notna() & places["lon"].notna()
    area = known & (places["precision"] == "area")
    wide = places.loc[area, ["lat", "lon"]].itertuples(name=None)
    notes = {at: f"Coordinates of a whole unit: {lat:g}, {lon:g}" for at, lat, lon in wide}
    places.loc[~known | area, ["lat", "lon", "precision"]] = None
    places["place_id"], places["note"] = list(ids.values()), pd.Series(notes, dtype=object)
    return places.assign(kind="other", source=prefix), [ids[spot] for spot in spots]


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
        low=civilians, high=civilians, best=civilians, qualifier="exactly",
        note=pd.Series(None, whole.index, whole["note"].dtype),
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
