"""What a layout is, and what a reader may be asked for."""

import codecs
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Self, TypedDict

import pandas as pd  # the reference looks types up

from strikes2024.arguments import ArgumentError, day, several
from strikes2024.readers.cells import EXCEL, Piece
from strikes2024.schema import did_you_mean
from strikes2024.wording import slug

_FORMS: dict[str, dict[str, Any]] = tomllib.loads(
    (files("strikes2024.readers") / "layouts.toml").read_text(encoding="utf-8")
)
# Fields that the tables have beyond the package's own; what claims have in common; how files begin
# that are not read.
FIELDS, CLAIM, REFUSED = (_FORMS.pop(name) for name in ("fields", "claim", "refused"))
# Columns by which a file of each layout is known.
MARKS = {name: set(form["required"]) for name, form in _FORMS.items()}
_KIND = re.compile("[a-z0-9]+(_[a-z0-9]+)*")


@dataclass(frozen=True)
class Layout:
    """The form of one publisher's files, and who the publisher is.

    ``source`` and ``claimant`` are rows of ``sources`` and ``actors``.
    ``citation`` is how to cite their article, by style. ``required`` columns must be
    there; ``wanted`` are all that are read, in addition to which every column is kept as it
    came. ``aliases`` are other names of a column, ``codes`` the words for its codes; ``labels`` the
    columns of which the first that is filled names the kind of an event; ``actors`` those in
    which the rows of one event may differ. ``frame`` turns a piece
    into columns with one value an event: ``key``, ``label``, ``start``, ``end``,
    ``date_precision``, ``title``, ``summary``, ``country``, ``place``, ``admin1`` to ``admin3``,
    ``lat``, ``lon``, ``precision`` (``area`` where the position stands for a whole unit), ``note``,
    ``low``, ``best``, ``high``, ``claim_note``, ``civilians``, ``side_a`` and ``side_b`` (names
    with the kinds of actors).
    """

    name: str
    title: str
    source: Mapping[str, Any]
    claimant: Mapping[str, str]
    citation: Mapping[str, str]
    key: str
    required: Sequence[str]
    optional: Sequence[str]
    aliases: Mapping[str, Sequence[str]]
    labels: Sequence[str]
    codes: Mapping[str, Mapping[str, str]]
    dates: Sequence[str]
    actors: Sequence[str]
    frame: Callable[[Piece], Mapping[str, Any]]

    @classmethod
    def of(cls, name: str, frame: Callable[[Piece], Mapping[str, Any]]) -> Self:
        """Return the layout of that name in ``layouts.toml``."""
        return cls(name, frame=frame, **_FORMS[name])

    @property
    def prefix(self) -> str:
        """The id of the source, with which all ids begin."""
        return str(self.source["source_id"])

    @property
    def words(self) -> Mapping[str, str]:
        """The words for the codes of kinds of events; empty where the file has words itself."""
        return self.codes.get(self.labels[0], {})

    @property
    def wanted(self) -> tuple[str, ...]:
        """All columns that are read."""
        return (*self.required, *self.optional)


class ReadOptions(TypedDict, total=False):
    """What every reader takes.

    Parameters
    ----------
    kinds
        ``kind`` of events by the file's own label: UCDP's type of violence (``"state-based"``,
        ``"non-state"``, ``"one-sided"``), ACLED's sub-event type (``"Air/drone strike"``). Others
        become a kind of their own (``state_based``, ``air_drone_strike``).
    stated
        Day on which the file was published.
    countries
        Keep events in these countries, written as in the file.
    start, end
        Keep events that end on this day or later, that start on this day or earlier.
    encoding
        Of a file that is neither UTF-8 nor UTF-16, such as ``"cp1252"``.
    date_format
        Of dates with more than one meaning, as ``strptime`` takes it: ``"%d/%m/%Y"``; ``"excel"``
        for the numbers of days that a spreadsheet keeps (44000 is 18 June 2020).
    decimal
        ``"."`` or ``","``, where the file leaves it open.
    columns
        Headers of columns that the file calls by a name of its own, by the layout's name:
        ``{"best": "deaths_best"}``.
    rejects
        A file to make, for rows that cannot be read, with the reason of each. Without it the first
        such row ends the reading.
    """

    kinds: Mapping[str, str] | None
    stated: str | pd.Timestamp | None
    countries: Iterable[str] | None
    start: str | pd.Timestamp | None
    end: str | pd.Timestamp | None
    encoding: str | None
    date_format: str | None
    decimal: str | None
    columns: Mapping[str, str] | None
    rejects: str | os.PathLike[str] | None


@dataclass(frozen=True)
class Options:
    """The options of :class:`ReadOptions`, checked."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    stated: pd.Timestamp | None = None
    countries: tuple[str, ...] | None = None
    start: pd.Timestamp | None = None
    end: pd.Timestamp | None = None
    encoding: str | None = None
    date_format: str | None = None
    decimal: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    rejects: str | os.PathLike[str] | None = None

    @classmethod
    def make(cls, layout: Layout, given: Mapping[str, Any]) -> Self:
        """Check the options as a caller gives them.

        Raises :class:`strikes2024.arguments.ArgumentError` for whatever has no meaning.
        """
        several(given, "options", ReadOptions.__annotations__)
        values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        for name in {"stated", "start", "end"} & set(values):
            values[name] = day(values[name], name)
        if "countries" in values:
            values["countries"] = several(values["countries"], "countries")
            if not values["countries"]:
                raise ArgumentError("countries: expected one or more; found none")
        own = cls(**values)
        for label, kind in own.kinds.items():
            if not _KIND.fullmatch(kind):
                raise ArgumentError(f"kinds: {label}: {kind!r}: expected a kind like_this")
        several(own.columns, "columns", layout.wanted, f" in {layout.title}")
        if own.start is not None and own.end is not None and own.end < own.start:
            raise ArgumentError(f"end ({own.end:%Y-%m-%d}) is before start ({own.start:%Y-%m-%d})")
        if own.decimal not in {None, ".", ","}:
            raise ArgumentError(f"decimal: {own.decimal!r}: expected '.' or ','")
        if own.date_format not in {None, EXCEL} and not all(
            re.search(f"%[{part}]", str(own.date_format)) for part in ("dj", "mbBj", "yY")
        ):
            expected = "a format with day, month and year, such as %d/%m/%Y"
            raise ArgumentError(f"date_format: {own.date_format!r}: expected {expected}")
        try:
            codecs.lookup(own.encoding or "utf-8")
        except LookupError:
            guess = did_you_mean(str(own.encoding), ("cp1252", "latin-1", "utf-8", "utf-16"))
            raise ArgumentError(f"there is no encoding {own.encoding!r}{guess}") from None
        return own

    def kind(self, label: str) -> str:
        """Return the kind of an event by the file's own label."""
        if not label:
            return "unspecified"
        return self.kinds.get(label) or slug(label, "_") or "other"
