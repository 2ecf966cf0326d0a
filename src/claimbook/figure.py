"""A chart's payload as HTML: the drawing, its caption, its table, and its files.

Text work alone, without Sphinx: the book is made with it, and so is what a reader's own code draws
in the page (:mod:`claimbook.kernel`).
"""

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from markupsafe import Markup

from claimbook import svg
from claimbook.markup import filled, finite, script_json, unbroken
from claimbook.payload import ChartPayload, SourceRef

MIME = "application/vnd.claimbook.chart+json"
TABLE_MIME = "application/vnd.claimbook.table+json"
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

Href = Callable[[SourceRef], str | None]
RowsHref = Callable[[Sequence[str]], str]


def figure_html(
    chart: ChartPayload, *, files: Mapping[str, str], href: Href, rows: RowsHref = lambda _refs: ""
) -> str:
    """Return the whole ``<figure>`` of a chart.

    Parameters
    ----------
    chart
        The payload.
    files
        Addresses of the chart's files by kind (csv, svg, png), seen from the page.
    href
        Gives the address for a source, or None if there is no page to link to.
    rows
        Gives the address for references to the rows behind a mark, or "" where there is none.
    """
    slug, colours = chart["slug"], chart["colours"]
    if not _SLUG.fullmatch(slug):  # it becomes part of ids and file names
        raise ValueError(f"chart slug {slug!r} is not of lower-case words joined by '-'")
    for field in ("title", "alt"):
        if not chart[field].strip():
            raise ValueError(f"chart {slug!r} has no {field}")
    drawn = []
    for width, markup in (("wide", chart["svg"]["wide"]), ("narrow", chart["svg"]["narrow"])):
        shown = svg.inline(svg.themed(markup, colours), f"{slug}-{width}")
        drawn.append((width, svg.shape(markup), Markup(shown)))  # noqa: S704 (checked by inline)
    return filled(
        "figure.html",
        chart=chart,
        slider=chart["time_slider"],
        date=date.fromisoformat,
        json=partial(json.dumps, ensure_ascii=False),
        drawn=drawn,
        figure=None if chart["kind"] == "svg" else _live(chart, rows, colours),
        rows=finite(chart["rows"]),
        files=files,
        href=href,
        unbroken=unbroken,
    )


def linkers(
    place: Callable[[str], tuple[str, str] | None], address: Callable[[str], str]
) -> tuple[Href, RowsHref]:
    """Return what links the sources of charts, and the rows behind a mark.

    A source is a row of the kind ``cite``, or is linked itself where it has no row. Of the pages
    with rows behind a mark, the one with most of them shows these alone.

    Parameters
    ----------
    place
        Gives page and anchor of a reference (``kind:key``), or None where there is no row.
    address
        Gives the address of a page.

    Examples
    --------
    >>> places = {"claim:a": ("ledger", "a"), "event:b": ("list", "b"), "claim:c": ("ledger", "c")}
    >>> href, rows = linkers(places.get, str.upper)
    >>> rows(["claim:a", "event:b", "claim:c"])
    'LEDGER?rows=a,c'
    """

    def href(source: SourceRef) -> str | None:
        found = place(f"cite:{source['id']}")
        return f"{address(found[0])}#{found[1]}" if found else source["url"]

    def rows(refs: Sequence[str]) -> str:
        anchors: dict[str, list[str]] = {}
        for page, anchor in filter(None, map(place, refs)):
            anchors.setdefault(page, []).append(anchor)
        if not anchors:
            return ""
        most = max(anchors, key=lambda page: len(anchors[page]))
        return f"{address(most)}?rows={','.join(anchors[most])}"

    return href, rows


def _live(chart: ChartPayload, rows: RowsHref, colours: Mapping[str, str]) -> Markup:
    """Return what the script draws over the static drawing, with addresses of rows, as JSON."""
    figure = chart["figure"]
    if figure is None:
        raise ValueError(f"chart {chart['slug']!r} has no figure")
    traces = [dict(trace) for trace in figure["data"]]
    for trace in traces:
        if "customdata" in trace:
            trace["customdata"] = [rows(refs) for refs in trace["customdata"]]
    text = svg.themed(script_json({**figure, "data": traces}), colours)
    return Markup(text)  # noqa: S704 (JSON without < and &)


def chart_files(chart: ChartPayload) -> dict[str, bytes]:
    """Return a chart's files to download, by their kind: its data, and its drawing twice."""
    files = chart["files"]
    texts = {kind: files[kind].encode() for kind in ("csv", "svg")}
    return texts | {"png": base64.b64decode(files["png"])}
