"""What a layout is, and what a reader may be asked for."""

import codecs
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, TypeAlias, TypedDict

import pandas as pd  # the reference looks types up

from strikes2024.arguments import ArgumentError, day, several
from strikes2024.readers.cells import EXCEL, Piece
from strikes2024.schema import did_you_mean

FORMS: dict[str, dict[str, Any]] = tomllib.loads(
    (files("strikes2024.readers") / "layouts.toml").read_text(encoding="utf-8")
)
# Fields that the tables have beyond the package's own; what claims have in common; how files begin
# that are not read.
FIELDS, CLAIM, REFUSED = (FORMS.pop(name) for name in ("fields", "claim", "refused"))
# Columns by which a file of each layout is known.
MARKS = {name: set(form["required"]) for name, form in FORMS.items()}
_KIND = re.compile("[a-z0-9]+(_[a-z0-9]+)*")


@dataclass(frozen=True)
class Layout:
    """The form of one publisher's files, and who the publisher is.

    ``source`` and ``claimant`` are rows of ``sources`` and ``actors``. Events of a day before
    ``first_year`` are counted in a note. ``citation`` is how to cite their article, by style.
    ``required`` columns must be there; ``wanted`` are all that are read, in addition to which every
    column is kept as it came. ``aliases`` are other names of a column, ``codes`` the words for its
    codes; ``labels`` the columns of which the first that is filled names the kind of an event;
    ``actors`` those in which the rows of one event may differ.

    Of an event, ``dates`` hold the first and the last day, ``precision`` says how exact day and
    position are, ``sides`` are the actors of its title, the first of ``places`` that is filled is
    where it was, ``point`` has the position as WKT, and ``columns`` names what becomes which column
    of the tables as it is. A key is of the form ``key_form``, in words ``key_words``.

    ``figures`` turns a piece into the columns that each layout makes in its own way, with one value
    an event: ``low``, ``best``, ``high``, ``claim_note``, ``civilians``, ``side_a`` and ``side_b``
    (names with the kinds of actors).
    """

    name: str
    title: str
    first_year: int
    source: Mapping[str, Any]
    claimant: Mapping[str, str]
    citation: Mapping[str, str]
    key: str
    key_form: str
    key_words: str
    required: Sequence[str]
    optional: Sequence[str]
    aliases: Mapping[str, Sequence[str]]
    labels: Sequence[str]
    codes: Mapping[str, Mapping[str, str]]
    dates: Sequence[str]
    precision: Sequence[str]
    sides: Sequence[str]
    places: Sequence[str]
    point: str
    columns: Mapping[str, str]
    actors: Sequence[str]
    figures: Callable[[Piece], Mapping[str, Any]]

    @property
    def prefix(self) -> str:
        """The id of the source, with which all ids begin."""
        return str(self.source["source_id"])

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


Options: TypeAlias = Mapping[str, Any]  # those of ReadOptions that were given, checked


def checked(layout: Layout, given: Mapping[str, Any]) -> Options:
    """Check the options as a caller gives them; those that are None are left out.

    Raises :class:`strikes2024.arguments.ArgumentError` for whatever has no meaning.
    """
    several(given, "options", ReadOptions.__annotations__)
    options = {name: value for name, value in given.items() if value is not None}
    for name in {"stated", "start", "end"} & set(options):
        options[name] = day(options[name], name)
    if "countries" in options:
        options["countries"] = several(options["countries"], "countries")
        if not options["countries"]:
            raise ArgumentError("countries: expected one or more; found none")
    for label, kind in options.get("kinds", {}).items():
        if not _KIND.fullmatch(kind):
            raise ArgumentError(f"kinds: {label}: {kind!r}: expected a kind like_this")
    several(options.get("columns", ()), "columns", layout.wanted, f" in {layout.title}")
    start, end = options.get("start", pd.Timestamp.min), options.get("end", pd.Timestamp.max)
    if end < start:
        raise ArgumentError(f"end ({end:%Y-%m-%d}) is before start ({start:%Y-%m-%d})")
    if options.get("decimal", ".") not in {".", ","}:
        raise ArgumentError(f"decimal: {options['decimal']!r}: expected '.' or ','")
    form = str(options.get("date_format", EXCEL))
    if form != EXCEL and not all(re.search(f"%[{part}]", form) for part in ("dj", "mbBj", "yY")):
        expected = "a format with day, month and year, such as %d/%m/%Y"
        raise ArgumentError(f"date_format: {form!r}: expected {expected}")
    encoding = options.get("encoding", "utf-8")
    try:
        codecs.lookup(encoding)
    except LookupError:
        guess = did_you_mean(encoding, ("cp1252", "latin-1", "utf-8", "utf-16"))
        raise ArgumentError(f"there is no encoding {encoding!r}{guess}") from None
    return options
