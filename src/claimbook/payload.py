"""What a chart hands to the book: the content of its MIME type."""

from typing import Any, Literal, TypedDict


class SourceRef(TypedDict):
    """A source named in a caption."""

    id: str
    label: str
    url: str | None


class TimeSlider(TypedDict):
    """A table of texts by day; the days are ISO dates in order.

    Each row is one thing: its ``name``, and as ``texts`` what was known of it on each day.
    """

    days: list[str]
    rows: list[dict[str, Any]]


class ChartPayload(TypedDict):
    """A chart in all that a page needs of it."""

    slug: str
    title: str
    subtitle: str
    alt: str
    kind: Literal["plotly", "svg"]
    figure: dict[str, Any] | None
    svg: dict[str, str]  # the same drawing for a wide and a narrow screen
    files: dict[str, str]  # that stand alone: csv of the table, svg, and png in base64
    time_slider: TimeSlider | None
    sources: list[SourceRef]
    note: str
    columns: list[str]  # of the table, as readers see them
    rows: list[list[Any]]
    colours: dict[str, str]  # of ink, muted, grid, surface
