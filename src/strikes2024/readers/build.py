"""Pieces of a foreign file as tables: what GED and ACLED have in common."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING

import pandas as pd

from strikes2024 import schema
from strikes2024.schema import DataError
from strikes2024.tables import NAMES, Tables, typed

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Dataset", "Options", "assemble", "join", "slug"]


@dataclass(frozen=True)
class Dataset:
    """Who counted: the claimant and the source of every row of a file."""

    prefix: str
    claimant: str
    name: str
    title: str


@dataclass(frozen=True)
class Options:
    """What to keep of a file, and how to name it.

    ``kinds`` gives the ``kind`` of events by the file's own label; other labels become a kind of
    their own. ``stated`` is the day on which the file was published; without it the day of the
    event is taken, as the earliest possible (``stated_basis`` ``not_before``).
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    stated: pd.Timestamp | None = None
    countries: frozenset[str] | None = None
    start: pd.Timestamp | None = None
    end: pd.Timestamp | None = None

    @classmethod
    def make(
        cls,
        kinds: Mapping[str, str] | None,
        stated: str | pd.Timestamp | None,
        countries: Iterable[str] | None,
        start: str | pd.Timestamp | None,
        end: str | pd.Timestamp | None,
    ) -> Options:
        """Read the options as a caller gives them. Raises ``ValueError`` for no date."""
        days = [None if day is None else pd.Timestamp(day) for day in (stated, start, end)]
        kept = None if countries is None else frozenset(countries)
        return cls(dict(kinds or {}), days[0], kept, days[1], days[2])

    def keep(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the countries and days asked for."""
        good = pd.Series(True, index=frame.index)
        if self.countries is not None:
            good &= frame["country"].isin(list(self.countries))
        if self.start is not None:
            good &= frame["end"] >= self.start
        if self.end is not None:
            good &= frame["start"] <= self.end
        return frame[good].reset_index(drop=True)


def slug(text: str, mark: str = "_") -> str:
    """Write text in lower-case ASCII words joined by ``mark``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", mark, plain).strip(mark) or "other"


def assemble(frame: pd.DataFrame, data: Dataset, options: Options, file: Path) -> Tables:
    """Make all tables from a frame with one row an event.

    ``frame`` has ``key``, ``label``, ``start``, ``end``, ``date_precision``, ``title``,
    ``summary``, ``country``, ``place``, ``admin1``, ``lat``, ``lon``, ``precision``,
    ``place_note``, ``note``, ``low``, ``high``, ``claim_note`` and ``civilians``.
    """
    frame = options.keep(frame)
    places = _places(frame, data)
    kinds = {label: options.kinds.get(label, slug(label)) for label in frame["label"].unique()}
    events = _conform(
        "events",
        {
            "event_id": data.prefix + "-" + frame["key"],
            "kind": frame["label"].map(kinds),
            "places": places["place_id"],
            "countries": frame["country"].str.replace(";", ",", regex=False),
            "sources": _same(data.prefix, frame),
            **{
                name: frame[name]
                for name in ("start", "end", "date_precision", "title", "summary", "note")
            },
        },
    )
    tables = {name: _conform(name, {}) for name in NAMES}
    tables["events"] = events
    tables["claims"] = _claims(frame, events, data, options)
    tables["places"] = _conform("places", _columns(places.drop_duplicates("place_id")))
    tables |= _speaker(data, file)
    return Tables(**tables)


def _same(text: str, frame: pd.DataFrame) -> pd.Series:
    return pd.Series(text, index=frame.index, dtype="string")


def _conform(name: str, columns: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Make a table of the package's form; columns not given are missing throughout.

    The column ``kind`` of events takes further values; everywhere else the listed ones stand.
    """
    package = schema.read_package(schema.data_dir())
    empty = typed(package.table(name), [], schema.data_dir())
    index = next(iter(columns.values())).index if columns else empty.index
    frame = {}
    for column, dtype in empty.dtypes.items():
        values = columns.get(str(column))
        if values is None:  # missing cells of the right type: many times faster than a cast
            frame[str(column)] = empty[str(column)].reindex(index)
            continue
        if (name, column) == ("events", "kind"):
            known = list(empty["kind"].cat.categories)
            more = sorted(set(values.dropna()) - set(known))
            dtype = pd.CategoricalDtype([*known, *more])
        frame[str(column)] = values.astype(dtype)
    return pd.DataFrame(frame).reset_index(drop=True)


def _columns(frame: pd.DataFrame) -> dict[str, pd.Series]:
    return {str(name): frame[name] for name in frame.columns}


def _places(frame: pd.DataFrame, data: Dataset) -> pd.DataFrame:
    """The place of each row; the same name at the same spot has the same id in every piece."""
    parts = ["place", "admin1", "country", "lat", "lon", "precision"]
    codes, unique = pd.factorize(pd.MultiIndex.from_frame(frame[parts].astype("string").fillna("")))
    digests = [hashlib.sha256("|".join(spot).encode()).hexdigest()[:12] for spot in unique]
    ids = pd.Series([f"{data.prefix}-place-{digests[code]}" for code in codes], dtype="string")
    return pd.DataFrame(
        {
            "place_id": ids,
            "name": frame["place"],
            "country": frame["country"],
            "admin1": frame["admin1"],
            "lat": frame["lat"],
            "lon": frame["lon"],
            "precision": frame["precision"],
            "kind": _same("other", frame),
            "source": _same(data.prefix, frame),
            "note": frame["place_note"],
        }
    )


def _claims(
    frame: pd.DataFrame, events: pd.DataFrame, data: Dataset, options: Options
) -> pd.DataFrame:
    """A claim a figure of people killed, and one for the civilians among them."""
    stated = events["end"]
    if options.stated is not None:
        stated = pd.Series(options.stated, index=frame.index).astype("datetime64[us]")
        stated = stated.where(stated >= events["end"], events["end"])
    whole = pd.DataFrame(
        {
            "claim_id": events["event_id"] + "-killed",
            "event": events["event_id"],
            "place": events["places"],
            "metric": "killed",
            "unit": "persons",
            "victims": "all_groups",
            "country": events["countries"],
            "scope": "whole",
            "low": frame["low"],
            "high": frame["high"],
            "qualifier": (frame["low"] == frame["high"]).map({True: "exactly", False: "range"}),
            "claimant": data.claimant,
            "as_of": events["end"],
            "stated": stated,
            "stated_basis": "not_before" if options.stated is None else "published",
            "source": data.prefix,
            "status": "stands",
            "note": frame["claim_note"],
        }
    )
    civilians = frame["civilians"]
    part = whole.assign(
        claim_id=whole["claim_id"] + "-civilians", victims="civilians", scope="part",
        low=civilians, high=civilians, qualifier="exactly", note=None,
    )  # fmt: skip
    rows = pd.concat([whole[frame["low"].notna()], part[(civilians > 0).fillna(False)]])
    rows = rows.sort_index(kind="stable").reset_index(drop=True)
    return _conform("claims", _columns(rows))


def _speaker(data: Dataset, file: Path) -> dict[str, pd.DataFrame]:
    rows: dict[str, dict[str, object]] = {
        "sources": {
            "source_id": data.prefix, "publisher": data.name, "title": data.title,
            "language": "en", "kind": "dataset", "opened": True, "note": f"File {file.name}",
        },
        "actors": {
            "actor_id": data.claimant, "name": data.name, "kind": "organisation",
            "side": "monitor", "description": data.title,
            "source": data.prefix,
        },
    }  # fmt: skip
    return {
        name: _conform(name, {key: pd.Series([value]) for key, value in row.items()})
        for name, row in rows.items()
    }


def join(pieces: Iterable[Tables], file: Path) -> Tables:
    """Join pieces into one. Raises :class:`strikes2024.DataError` where an event stands twice."""
    parts = list(pieces)
    joined = {}
    for name in NAMES:
        frames = [part[name] for part in parts]
        frame = reduce(_append, [pd.concat(frames, ignore_index=True)], frames[0].iloc[:0])
        if name in {"sources", "actors", "places"}:
            frame = frame.drop_duplicates(frame.columns[0], ignore_index=True)
        joined[name] = frame
    ids = joined["events"]["event_id"]
    if not ids.is_unique:
        key = ids[ids.duplicated()].iloc[0]
        raise DataError(f"{file}: expected each event once; found {key} twice")
    return Tables(**joined)


def _append(empty: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Give the kinds of events, which may differ from piece to piece, one list of categories."""
    if "event_id" in frame and not isinstance(frame["kind"].dtype, pd.CategoricalDtype):
        known = list(empty["kind"].cat.categories)
        more = sorted(set(frame["kind"].dropna()) - set(known))
        frame["kind"] = frame["kind"].astype(pd.CategoricalDtype([*known, *more]))
    return frame
