"""The chart object: one drawing with its finding, its data, its words and its sources."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from strikes2024.charts import style
from strikes2024.charts.forms import to_matplotlib, to_plotly
from strikes2024.charts.outlines import outlined
from strikes2024.charts.standalone import as_png, as_svg, lines_around
from strikes2024.frames import each
from strikes2024.wording import day

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

    from strikes2024.charts.forms import Picture
    from strikes2024.tables import Tables

__all__ = [
    "LABELS",
    "MIME",
    "Chart",
    "Citation",
    "NothingToDrawError",
    "chart_function",
    "cite",
    "demand",
]

Rows = TypeVar("Rows", bound=Sized)

MIME = "application/vnd.claimbook.chart+json"
PLOTLY_MIME = "application/vnd.plotly.v1+json"
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FALLBACK_MARK = "claimbook_chart"
# What the usual columns of a chart's data are called.
LABELS: Mapping[str, str] = {
    "as_of": "As of", "claim_id": "Claim", "claimant": "Claimant", "claims": "Claims",
    "country": "Country", "date": "Date", "days": "Days", "end": "To", "event": "Event",
    "fewest": "Fewest", "figure": "Figure", "high": "High", "kind": "Kind", "lat": "Latitude",
    "lon": "Longitude", "low": "Low", "most": "Most", "name": "Name", "place": "Place",
    "precision": "Precision", "source": "Source", "start": "From", "stated": "Stated",
    "status": "Status", "text": "Text", "title": "Title", "victims": "Who is counted",
    "when": "When",
}  # fmt: skip


class NothingToDrawError(ValueError):
    """The tables lack rows that a chart is about."""


def demand(rows: Rows, what: str) -> Rows:
    """Return ``rows``; raise :class:`NothingToDrawError` where there are none of ``what``."""
    if len(rows) == 0:
        raise NothingToDrawError(f"no {what}")
    return rows


def chart_function(
    *ids: str,
) -> Callable[[Callable[[Tables], Chart]], Callable[[Tables], Chart]]:
    """Mark a function that makes a chart, and name the rows that it is about.

    Parameters
    ----------
    *ids
        Ids of rows, of whatever table, without which there is nothing to draw.

    Notes
    -----
    Where a row is missing (a record as of an early day, somebody else's data), whoever asked for
    the chart learns which chart and which row, as a :class:`NothingToDrawError`. What else a chart
    cannot do without, it says itself with :func:`demand`. Any other error is a fault of the code
    and goes through.
    """

    def decorate(function: Callable[[Tables], Chart]) -> Callable[[Tables], Chart]:
        @wraps(function)
        def made(t: Tables) -> Chart:
            there = {key for name in t for key in t[name].iloc[:, 0]} if ids else set()
            try:
                for missing in (key for key in ids if key not in there):
                    raise NothingToDrawError(f"no row {missing!r}")
                chart = function(t)
            except NothingToDrawError as error:
                raise NothingToDrawError(
                    f"{function.__name__} cannot be drawn from these tables: {error}"
                ) from None
            if chart.source_ids:
                cited = cite(t.sources, chart.source_ids)
                chart = replace(chart, sources=cited, source_ids=())
            if (t.sources["kind"] == "dataset").all():  # somebody else's data, theirs to license
                return replace(chart, credit="Chart: strikes2024. The data are their publisher’s.")
            return chart

        return made

    return decorate


@dataclass(frozen=True)
class Citation:
    """A publication as a caption names it."""

    source_id: str
    label: str
    url: str | None


def cite(sources: pd.DataFrame, ids: Iterable[Any]) -> tuple[Citation, ...]:
    """Citations for source ids (doubles and blanks dropped), in order of publication.

    Raises ``KeyError`` for an id that is not in ``sources``.
    """
    rows = sources.set_index("source_id")
    found = rows.loc[sorted({i for i in ids if pd.notna(i)})]
    found = found.sort_values("published", kind="stable")
    return tuple(
        Citation(
            str(i),
            f"{row.publisher}, {day(row.published)}" if pd.notna(row.published) else row.publisher,
            None if pd.isna(row.url) else str(row.url),
        )
        for i, row in zip(found.index, each(found), strict=True)
    )


@dataclass(frozen=True)
class Chart:
    """A finished chart.

    ``title`` states the finding, ``subtitle`` says what is drawn, in which unit and period;
    ``alt`` is what a blind reader needs; ``frame`` is the data as drawn, with the labels of
    its columns in ``labels`` (usual columns have theirs in :data:`LABELS`). ``picture`` takes a
    width in inches and returns what a form of :mod:`strikes2024.charts.forms` draws; its list of
    what is drawn is added to ``alt``, and a ``live`` one is a Plotly figure on the page too.
    :func:`chart_function` looks ``source_ids`` up. A ``board`` is a table of words, rows by names
    and columns by ISO days in order: the book shows its last day and a slider that goes back.

    In JupyterLab a chart shows itself; the book reads :data:`MIME` and makes a ``<figure>``.
    """

    slug: str
    title: str
    subtitle: str
    alt: str = ""
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    sources: tuple[Citation, ...] = ()
    source_ids: Iterable[Any] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    figure: go.Figure | None = None
    draw: Callable[[float], Figure] | None = None
    picture: Callable[[float], Picture] | None = None
    live: bool = False
    board: pd.DataFrame | None = None
    credit: str = "Chart and data: strikes2024, CC BY 4.0."

    def __post_init__(self) -> None:
        if self.frame.empty:
            raise NothingToDrawError("no rows to draw")
        if self.picture is not None:
            wide = self.picture(style.WIDE)
            told = f"{self.alt} " if self.alt else ""
            object.__setattr__(self, "alt", f"{told}{'; '.join(wide.told)}.")
            narrow, draw = self.picture(style.NARROW), self.picture
            if self.live:
                object.__setattr__(self, "figure", to_plotly(wide, narrow))
            object.__setattr__(self, "draw", lambda width: to_matplotlib(draw(width)))
            object.__setattr__(self, "picture", None)
        if self.figure is None and self.draw is None:
            raise ValueError(f"chart {self.slug}: give a Plotly figure or a draw function")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.slug):
            raise ValueError(f"chart slug {self.slug!r}: expected words joined by hyphens")

    def table(self) -> pd.DataFrame:
        """The drawn data as text: dates as ISO days, whole numbers without decimals."""
        return pd.DataFrame({c: _as_text(self.frame[c]) for c in self.frame.columns})

    def drawing(self, width: float = style.WIDE) -> Figure:
        """Return the static drawing, ``width`` inches wide, as a Matplotlib figure."""
        if self.draw is not None:
            return self.draw(width)
        from strikes2024.charts.static import from_plotly

        return from_plotly(self.figure, width)

    def svg(self, width: float = style.WIDE) -> str:
        """Return the static drawing as SVG markup, ``width`` inches wide."""
        with style.matplotlib_style():
            return _svg(_laid_out(self.drawing(width)))

    def pictures(self) -> dict[str, bytes]:
        """Return the wide drawing as SVG markup, and the chart as files that stand alone.

        In the files ``svg`` and ``png``, above the drawing are title and subtitle, below it note
        and sources, so that whoever sees one alone knows what is drawn, in which unit, and who
        says so. ``wide`` is the drawing without them. The figure is laid out once, and set as
        SVG once: drawing is what takes time.
        """
        with style.matplotlib_style():
            figure = _laid_out(self.drawing(style.WIDE))
            wide = _svg(figure)
            lines = lines_around(
                self.title, self.subtitle, self._small_print(), figure.get_figheight() * 72
            )
            png = as_png(figure, lines)
        return {"wide": wide.encode(), "svg": as_svg(wide, lines).encode(), "png": png}

    def _small_print(self, most: int = 6) -> list[str]:
        labels = [source.label for source in self.sources]
        more = f"; {len(labels) - most} more" if len(labels) > most else ""
        sources = f"Sources: {'; '.join(labels[:most])}{more}." if labels else ""
        return [line for line in [self.note, sources, self.credit] if line]

    def payload(self) -> dict[str, Any]:
        """Everything the book needs to set the figure, as plain JSON values."""
        table, pictures = self.table(), self.pictures()
        return {
            "slug": self.slug,
            "title": self.title,
            "subtitle": self.subtitle,
            "alt": self.alt,
            "note": self.note,
            "kind": "svg" if self.figure is None else "plotly",
            "figure": None if self.figure is None else json.loads(self.figure.to_json()),
            "svg": {"wide": pictures["wide"].decode(), "narrow": self.svg(style.NARROW)},
            "board": None
            if self.board is None
            else {
                "days": [str(column) for column in self.board.columns],
                "rows": [
                    {"name": str(name), "words": [str(cell) for cell in cells]}
                    for name, cells in zip(self.board.index, self.board.to_numpy(), strict=True)
                ],
            },
            "files": {
                "svg": pictures["svg"].decode(),
                "png": base64.b64encode(pictures["png"]).decode(),
            },
            "sources": [{"id": c.source_id, "label": c.label, "url": c.url} for c in self.sources],
            "columns": [
                {"name": c, "label": self.labels.get(c, LABELS.get(c, c))} for c in table.columns
            ],
            "rows": table.to_numpy().tolist(),
            "colours": {
                "ink": style.INK,
                "muted": style.MUTED,
                "grid": style.GRID,
                "surface": style.GROUND,
            },
        }

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """Offer the chart to the book and, beside it, a plain drawing to JupyterLab."""
        payload = self.payload()
        data: dict[str, Any] = {
            MIME: payload,
            "text/plain": f"{self.title}\n{self.subtitle}\n{self.alt}",
        }
        if self.figure is None:
            data["image/svg+xml"] = outlined(payload["svg"]["wide"])  # JupyterLab lacks our fonts
            return data, {}
        data[PLOTLY_MIME] = payload["figure"]
        # The mark tells the book that nothing is lost when it passes over this fallback.
        return data, {FALLBACK_MARK: True}


def _laid_out(figure: Figure) -> Figure:
    """Give each part its final place; Matplotlib would do so twice more with each file it writes.

    Without an engine it also writes a file in one pass; with one it draws each time for nothing.
    """
    engine = figure.get_layout_engine()
    if engine is not None:
        figure.set_dpi(72)  # as SVG counts
        engine.execute(figure)
        figure.set_layout_engine(None)
    return figure


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    markup = _NO_XML.sub("\ufffd", buffer.getvalue())
    return markup[markup.index("<svg") :]


def _as_text(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column):
        text = column.dt.strftime("%Y-%m-%d")
    elif pd.api.types.is_float_dtype(column):
        text = column.map(lambda x: f"{x:.6g}", na_action="ignore")
    else:
        text = column.astype("string")
    filled: pd.Series = text.astype("string").fillna("")
    return filled
