"""The chart object: one drawing with its finding, its data, its texts and its sources."""

import base64
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import dataclass, replace
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import pandas as pd
from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from strikes2024.charts import style
from strikes2024.charts.forms import Dot, Picture, flat, to_matplotlib, to_plotly, with_texts
from strikes2024.charts.words import WORDS, Words
from strikes2024.cite import Citation, address, citation, cite
from strikes2024.export.source import escape_formula
from strikes2024.tables import Tables
from strikes2024.wording import day

if TYPE_CHECKING:
    from matplotlib.figure import Figure


Rows = TypeVar("Rows", bound=Sized)

MIME = "application/vnd.claimbook.chart+json"
_NAMED = 8  # sources in a file
_PUBLISHER = re.compile(r" \(| via |, ")  # a label begins with it
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What is finer in an outline than anybody sees.
_OUTLINE = re.compile(r"(?<=\sd=\")[^\"]+")
_TENTHS = re.compile(r"(\d\.\d)\d+")
_TEMPLATES = Environment(
    loader=PackageLoader("strikes2024.charts"), autoescape=True, trim_blocks=True
)


class NothingToDrawError(ValueError):
    """The tables lack rows that a chart is about."""


def demand(rows: Rows, what: str) -> Rows:
    """Return ``rows``; raise :class:`NothingToDrawError` where there are none of ``what``."""
    if len(rows) == 0:
        raise NothingToDrawError(f"no {what}")
    return rows


def refs_by(kind: str, ids: pd.Series, by: Any) -> pd.Series:
    """Return references to rows of the record, by their ids, joined for each group."""
    refs: pd.Series = f"{kind}:" + ids.astype("string")
    return refs.groupby(by, observed=True).agg(";".join)


def per_interval(events: pd.DataFrame, edges: pd.DatetimeIndex) -> pd.DataFrame:
    """Count events by intervals of days, as bars of :func:`~strikes2024.charts.forms.bars`.

    Parameters
    ----------
    events
        ``event_id`` and ``start``.
    edges
        Where each interval begins, and the end of the last one.
    """
    interval = pd.cut(events["start"], edges, right=False)
    refs = refs_by("event", events["event_id"], interval)
    counts = pd.DataFrame({"value": interval.value_counts(sort=False), "refs": refs})
    return counts.reset_index(drop=True).assign(start=edges[:-1], end=edges[1:])


@dataclass(frozen=True)
class Chart:
    """A finished chart.

    ``title`` states the finding, ``subtitle`` says what is drawn, in which unit and period;
    ``frame`` is the data as drawn; columns are called by their names or as ``words.toml`` says.
    ``picture`` takes a width in inches and returns what a form of :mod:`strikes2024.charts.forms`
    draws; what a blind reader needs is ``alt`` with the form's list of what is drawn. A chart whose
    marks name their rows is ``live``. The sources of ``source_ids`` are named in this order, main
    sources first. A ``time_slider`` is a table of texts, rows by names and columns by ISO days in
    order: the book shows its last day and a slider that goes back.

    In JupyterLab a chart shows itself with finding, sources and data, as HTML; the book reads
    :data:`MIME` and makes a ``<figure>``.
    """

    slug: str
    title: str
    frame: pd.DataFrame
    picture: Callable[[float], Picture]
    subtitle: str = ""
    source_ids: Iterable[Any] = ()
    alt: str = ""
    note: str = ""
    time_slider: pd.DataFrame | None = None
    credit: str = ""  # whose chart it is and how to cite it
    sources: tuple[Citation, ...] = ()  # chart_function looks them up

    def __post_init__(self) -> None:
        object.__setattr__(self, "picture", cache(self.picture))  # placing labels takes its time
        object.__setattr__(self, "credit", self.credit or _credit(self.slug))
        if self.frame.empty:
            raise NothingToDrawError("no rows to draw")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.slug):
            raise ValueError(f"chart slug {self.slug!r}: expected words joined by hyphens")

    @classmethod
    def of(
        cls,
        words: Words,
        rows: pd.DataFrame,
        form: Callable[..., Picture],
        frame: pd.DataFrame | None = None,
        source_ids: Iterable[Any] | None = None,
        **options: Any,
    ) -> "Chart":
        """Return a chart of the book.

        Parameters
        ----------
        words
            Its texts, and as ``data`` the columns that its table has, if not all.
        rows
            What the form draws.
        form
            A function of :mod:`strikes2024.charts.forms`.
        frame
            The data, where they are not the rows.
        source_ids
            The sources, where they are not those in the column ``source`` of the data.
        **options
            What else the form is given; ``unit`` is among the words.
        """
        data = rows if frame is None else frame
        texts = {name: words[name] for name in ("title", "subtitle", "note", "alt", "unit")
                 if name in words.texts}  # fmt: skip
        if "unit" in texts:
            options["unit"] = texts.pop("unit")
        return cls(
            words.slug,
            frame=data[words.texts.get("data", list(data))].reset_index(drop=True),
            picture=lambda width: form(rows, width, **options),
            source_ids=data["source"] if source_ids is None else source_ids,
            **texts,
        )

    @property
    def description(self) -> str:
        """What the picture shows, in words."""
        drawn = "; ".join(self.picture(style.WIDE).descriptions)
        return " ".join(part for part in (self.alt, drawn) if part).removesuffix(".") + "."

    @property
    def live(self) -> bool:
        """Whether marks lead to their rows: in the book, such a chart answers a pointer."""
        marks = (mark for panel in self.picture(style.WIDE).panels for mark in panel.marks)
        return any(getattr(mark, "refs", ()) for mark in marks)

    def table(self) -> pd.DataFrame:
        """The drawn data as text: dates as ISO days, whole numbers without decimals."""
        text = self.frame.to_csv(index=False, date_format="%Y-%m-%d", float_format="%.6g")
        return pd.read_csv(io.StringIO(text), dtype="string", keep_default_na=False)

    def labelled(self) -> pd.DataFrame:
        """Return :meth:`table` with the headings that readers see."""
        plain = {name: str(name).replace("_", " ").capitalize() for name in self.frame}
        own = WORDS["charts"].get(self.slug, {}).get("columns", {})
        return self.table().rename(columns=plain | WORDS["columns"] | own)

    def drawing(self, width: float = style.WIDE) -> "Figure":
        """Return the static drawing, ``width`` inches wide, as a Matplotlib figure."""
        return to_matplotlib(self.picture(width))

    def svg(self, width: float = style.WIDE, letters: str = "none") -> str:
        """Return the static drawing as SVG markup; ``letters`` are text or, as "path", outlines."""
        with style.matplotlib_style(letters):
            return _svg(self.drawing(width))

    def files(self) -> dict[str, bytes]:
        """Return the chart as files that stand alone, by their kind: ``csv``, ``svg`` and ``png``.

        In the table, text that a spreadsheet would run as a formula gets a ``'`` in front. Above
        the drawing are title and subtitle, below it note, sources, address and licence, so that
        whoever sees a file without the book knows what is drawn and who says so. Letters are
        outlines: other programs lack our fonts.
        """
        small_print = self._small_print()
        whole = with_texts(self.picture(style.WIDE), self.title, self.subtitle, small_print)
        with style.matplotlib_style(letters="path"):
            figure = to_matplotlib(whole)
            figure.set_facecolor(style.GROUND)
            metadata = {"Title": self.title, "Description": " ".join([self.subtitle, *small_print])}
            svg = _svg(figure, facecolor=style.GROUND, metadata=metadata)
            png = io.BytesIO()
            figure.savefig(png, format="png", dpi=160, facecolor=style.GROUND)
        data = self.table().map(escape_formula).to_csv(index=False, lineterminator="\n")
        return {"csv": data.encode(), "svg": svg.encode(), "png": png.getvalue()}

    def _small_print(self) -> list[str]:
        named: dict[str, str] = {}  # each publisher once, whoever carried it and whenever
        for source in self.sources:
            named.setdefault(_PUBLISHER.split(source.label)[0], source.label)
        labels, every = list(named.values())[:_NAMED], len(self.sources)
        more = f"; all {every} are listed with the chart" if every > len(labels) else ""
        sources = f"Sources: {'; '.join(labels)}{more}." if labels else ""
        return [line for line in (self.note, sources, self.credit) if line]

    def payload(self) -> dict[str, Any]:
        """Everything the book needs to set the figure, as plain JSON values."""
        table, files = self.table(), self.files()
        wide, narrow = self.picture(style.WIDE), self.picture(style.NARROW)
        slider = self.time_slider
        return {
            "slug": self.slug,
            "title": self.title,
            "subtitle": self.subtitle,
            "alt": self.description,
            "note": self.note,
            "kind": "plotly" if self.live else "svg",
            "figure": to_plotly(wide, narrow) if self.live else None,
            "svg": {"wide": self.svg(style.WIDE), "narrow": self.svg(style.NARROW)},
            "time_slider": None
            if slider is None
            else {
                "days": list(slider.columns),
                "rows": [{"name": name, "texts": cells} for name, *cells in slider.itertuples()],
            },
            "files": {kind: files[kind].decode() for kind in ("csv", "svg")}
            | {"png": base64.b64encode(files["png"]).decode()},
            "sources": [{"id": c.source_id, "label": c.label, "url": c.url} for c in self.sources],
            "columns": list(self.labelled()),
            "rows": table.to_numpy().tolist(),
            "colours": dict(style.THEME),
        }

    def _html(self) -> str:
        """Return finding, drawing, sources and data as one piece of HTML for a notebook.

        The drawing stands in the output itself: nothing is loaded, no script runs, and a notebook
        that JupyterLab does not trust yet shows it as well. What a mark says appears when the
        pointer rests on it.
        """
        picture, slider = self.picture(style.WIDE), self.time_slider
        return _TEMPLATES.get_template("chart.html").render(
            chart=self,
            drawing=base64.b64encode(self.svg(letters="path").encode()).decode(),
            ground=style.GROUND,
            picture=picture,
            dots=[mark for mark in flat(picture) if isinstance(mark, Dot) and mark.hover],
            last_day="" if slider is None else day(pd.Timestamp(slider.columns[-1])),
            known={} if slider is None else dict(slider.iloc[:, -1]),
            table=Markup(self.labelled().to_html(index=False, border=0)),  # noqa: S704 - pandas escapes
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        """Offer the chart to the book and, beside it, to JupyterLab."""
        payload = self.payload()
        return {
            MIME: payload,
            "text/html": self._html(),
            "text/plain": f"{self.title}\n{self.subtitle}\n{payload['alt']}",
        }


_Function: TypeAlias = Callable[[Tables], Chart]


def chart_function(*ids: str) -> Callable[[_Function], _Function]:
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

    def decorate(function: _Function) -> _Function:
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
            used = dict.fromkeys(key for key in chart.source_ids if pd.notna(key))
            cited = {c.source_id: c for c in cite(t.sources, used)}
            found = tuple(cited[key] for key in used) or chart.sources
            chart = replace(chart, sources=found, source_ids=())
            if (t.sources["kind"] == "dataset").all():  # somebody else's data, theirs to license
                return replace(chart, credit="Chart: strikes2024. The data are their publisher’s.")
            return chart

        return made

    return decorate


@cache
def _credit(slug: str) -> str:
    """Say whose chart this is, where it stands and how to cite it."""
    site = address().rstrip("/")
    where = f" ({site}/downloads/charts/{slug}.svg)" if site else ""
    return f"Chart “{slug}”{where} of {citation()}"


def _svg(figure: "Figure", metadata: Mapping[str, str] | None = None, **options: Any) -> str:
    buffer = io.StringIO()
    about = {"Date": None, "Creator": None, **(metadata or {})}
    figure.savefig(buffer, format="svg", metadata=about, **options)
    markup = _NO_XML.sub("\ufffd", buffer.getvalue())
    markup = _OUTLINE.sub(lambda outline: _TENTHS.sub(r"\1", outline[0]), markup)
    return markup[markup.index("<svg") :]
