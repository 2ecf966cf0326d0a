"""The chart object: one drawing with its finding, its data, its words and its sources."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from strikes2024.charts import style
from strikes2024.frames import each
from strikes2024.text import day

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

__all__ = ["MIME", "Chart", "Citation", "cite"]

MIME = "application/vnd.strikes2024.chart+json"
PLOTLY_MIME = "application/vnd.plotly.v1+json"
TWIN_MARK = "strikes2024_chart"


@dataclass(frozen=True)
class Citation:
    """A publication as a caption names it."""

    source_id: str
    label: str
    url: str | None


def cite(sources: pd.DataFrame, ids: Iterable[str]) -> tuple[Citation, ...]:
    """Citations for source ids (doubles dropped), in order of publication.

    Raises ``KeyError`` for an id that is not in ``sources``.
    """
    rows = sources.set_index("source_id")
    found = rows.loc[sorted(set(ids))]
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
    its columns in ``labels``. Exactly one of ``figure`` (Plotly, interactive) and ``draw``
    (Matplotlib, static: takes the width in inches) is given.

    In JupyterLab a chart shows itself; the book reads :data:`MIME` and makes a ``<figure>``.
    """

    slug: str
    title: str
    subtitle: str
    alt: str
    frame: pd.DataFrame
    sources: tuple[Citation, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    figure: go.Figure | None = None
    draw: Callable[[float], Figure] | None = None

    def __post_init__(self) -> None:
        if (self.figure is None) == (self.draw is None):
            raise ValueError(f"chart {self.slug}: give either a Plotly figure or a draw function")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.slug):
            raise ValueError(f"chart slug {self.slug!r}: expected words joined by hyphens")

    def table(self) -> pd.DataFrame:
        """The drawn data as text: dates as ISO days, whole numbers without decimals."""
        return pd.DataFrame({c: _as_text(self.frame[c]) for c in self.frame.columns})

    def svg(self, width: float = style.WIDE) -> str:
        """The static drawing as SVG markup, ``width`` inches wide."""
        if self.draw is None:
            raise ValueError(f"chart {self.slug} is interactive and has no static drawing")
        with style.matplotlib_style():
            figure = self.draw(width)
            buffer = io.StringIO()
            figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        markup = buffer.getvalue()
        return markup[markup.index("<svg") :]

    def payload(self) -> dict[str, Any]:
        """Everything the book needs to set the figure, as plain JSON values."""
        table = self.table()
        return {
            "slug": self.slug,
            "title": self.title,
            "subtitle": self.subtitle,
            "alt": self.alt,
            "note": self.note,
            "kind": "svg" if self.figure is None else "plotly",
            "figure": None if self.figure is None else json.loads(self.figure.to_json()),
            "svg": None
            if self.draw is None
            else {"wide": self.svg(style.WIDE), "narrow": self.svg(style.NARROW)},
            "height": 0 if self.figure is None else int(self.figure.layout.height),
            "sources": [{"id": c.source_id, "label": c.label, "url": c.url} for c in self.sources],
            "columns": [{"name": c, "label": self.labels.get(c, c)} for c in table.columns],
            "rows": table.to_numpy().tolist(),
        }

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """Offer the chart to the book and, beside it, a plain drawing to JupyterLab."""
        data: dict[str, Any] = {
            MIME: self.payload(),
            "text/plain": f"{self.title}\n{self.subtitle}\n{self.alt}",
        }
        if self.figure is None:
            data["image/svg+xml"] = self.svg()
            return data, {}
        data[PLOTLY_MIME] = json.loads(self.figure.to_json())
        # The mark tells the book that nothing is lost when it passes over this twin.
        return data, {TWIN_MARK: True}


def _as_text(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column):
        text = column.dt.strftime("%Y-%m-%d")
    elif pd.api.types.is_float_dtype(column):
        text = column.map(lambda x: f"{x:.6g}", na_action="ignore")
    else:
        text = column.astype("string")
    filled: pd.Series = text.astype("string").fillna("")
    return filled
