"""What a chart hands to the book: the content of its MIME type."""

from typing import Any, Literal, TypedDict


class SourceRef(TypedDict):
    """A source named in a caption."""

    id: str
    label: str
    url: str | None


class Column(TypedDict):
    """A column of the chart's table: its name in the CSV file and its heading on the page."""

    name: str
    label: str


class SvgPair(TypedDict):
    """The same drawing for a wide and for a narrow screen."""

    wide: str
    narrow: str


class Files(TypedDict):
    """The chart as files that stand alone: SVG markup, and a PNG in base64."""

    svg: str
    png: str


class TimeSliderRow(TypedDict):
    """One thing, and what was known of it on each of the slider's days."""

    name: str
    texts: list[str]


class TimeSlider(TypedDict):
    """A table of texts by day; the days are ISO dates in order."""

    days: list[str]
    rows: list[TimeSliderRow]


class ChartPayload(TypedDict):
    """A chart in all that a page needs of it."""

    slug: str
    title: str
    subtitle: str
    alt: str
    kind: Literal["plotly", "svg"]
    figure: dict[str, Any] | None
    svg: SvgPair
    files: Files
    time_slider: TimeSlider | None
    sources: list[SourceRef]
    note: str
    columns: list[Column]
    rows: list[list[Any]]
    colours: dict[str, str]  # of ink, muted, grid, surface
