"""A chart's payload as HTML: the drawing, its caption, its table, and its data as CSV.

Text work alone, without Sphinx: the book is made with it, and so is what a reader's own code draws
in the page (:mod:`claimbook.kernel`).
"""

import base64
import calendar
import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from claimbook import svg
from claimbook.payload import ChartPayload, SourceRef, TimeSlider

MIME = "application/vnd.claimbook.chart+json"
TABLE_MIME = "application/vnd.claimbook.table+json"
FEW_SOURCES = 5  # more than these are folded away, or they would bury the chart
_MONTH = "|".join(calendar.month_name[1:])
_UNBROKEN = re.compile(rf"\d[\d,.]*(?:–\d[\d,.]*)?[ \u00a0](?:{_MONTH})\b|\d[\d,.]*–\d[\d,.]*")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")

Href = Callable[[SourceRef], str | None]
RowsHref = Callable[[Sequence[str]], str]


def checked_slug(chart: ChartPayload) -> str:
    """Return the slug; it becomes part of ids and file names, so only a plain one will do."""
    slug = chart["slug"]
    if not _SLUG.fullmatch(slug):
        raise ValueError(f"chart slug {slug!r} is not of lower-case words joined by '-'")
    return slug


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
    slug = checked_slug(chart)
    for field in ("title", "alt"):
        if not chart[field].strip():
            raise ValueError(f"chart {slug!r} has no {field}")
    kind = chart["kind"]
    parts = [
        (
            f'<figure class="chart chart-{kind}" id="chart-{slug}"'
            f' aria-labelledby="chart-{slug}-title">'
        ),
        (
            f'<p class="chart-title" id="chart-{slug}-title">{unbroken(escape(chart["title"]))}'
            f' <a class="headerlink" href="#chart-{slug}" title="Link to this chart">#</a></p>'
        ),
    ]
    if chart["subtitle"]:
        parts.append(f'<p class="chart-subtitle">{unbroken(escape(chart["subtitle"]))}</p>')
    if chart["time_slider"]:
        parts.append(_time_slider(chart["time_slider"], slug))
    parts.append(_drawing(chart, rows))
    # The caption must be the last of a figure's parts, so the table is in it.
    table = _table(chart, files)
    parts.append(f"<figcaption>{_caption(chart, href)}\n{table}</figcaption>")
    parts.append("</figure>")
    return "\n".join(parts)


def unbroken(text: str) -> str:
    """Keep ranges, and a day with its month, on one line.

    >>> unbroken("The strikes of 2–7 February 2024")
    'The strikes of <span class="unbroken">2–7 February</span> 2024'
    """
    return _UNBROKEN.sub(r'<span class="unbroken">\g<0></span>', text)


def rows_href(places: Iterable[tuple[str, str]], address: Callable[[str], str]) -> str:
    """Return the address of the page with most of some rows that shows these alone.

    Parameters
    ----------
    places
        Page and anchor of each row.
    address
        Gives the address of a page.

    Returns
    -------
    str
        "" where there is no row.

    Examples
    --------
    >>> rows_href([("ledger", "claim-a"), ("events", "event-b"), ("ledger", "claim-c")], str.upper)
    'LEDGER?rows=claim-a,claim-c'
    """
    anchors: dict[str, list[str]] = {}
    for page, anchor in places:
        anchors.setdefault(page, []).append(anchor)
    if not anchors:
        return ""
    most = max(anchors, key=lambda page: len(anchors[page]))
    return f"{address(most)}?rows={','.join(anchors[most])}"


def script_json(value: Any) -> str:
    """Write a value as JSON that cannot end the script element it stands in."""
    text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _drawing(chart: ChartPayload, rows: RowsHref) -> str:
    """Return the static drawing and, for an interactive chart, what the script draws over it."""
    slug, colours = chart["slug"], {str(k): v for k, v in chart["colours"].items()}
    inner = "".join(
        f'<div class="chart-svg chart-svg-{width}" style="--shape: {svg.shape(markup)}">'
        f"{svg.inline(svg.themed(markup, colours), f'{slug}-{width}')}</div>"
        for width, markup in (("wide", chart["svg"]["wide"]), ("narrow", chart["svg"]["narrow"]))
    )
    label = f'role="img" aria-label="{escape(chart["alt"])}"'
    if chart["kind"] == "svg":
        return f'<div class="chart-drawing" {label}>{inner}</div>'
    figure = chart["figure"]
    if figure is None:
        raise ValueError(f"chart {slug!r} has no figure")
    # The words that describe the picture are the static drawing's; the live one's are read one by
    # one, as the reader goes from mark to mark.
    figure_text = svg.themed(script_json(_with_addresses(figure, rows)), colours)
    return (
        f'<div class="chart-drawing" role="group" aria-label="Chart: {escape(chart["title"])}"'
        f' aria-describedby="chart-{slug}-hint">'
        f'<div class="chart-static" {label}>{inner}</div><div class="chart-live"></div></div>\n'
        # The script fills both: how to use the chart, and what the mark says that is chosen.
        f'<div class="chart-foot"><p class="chart-hint" id="chart-{slug}-hint"></p>'
        '<p class="chart-said" role="status"></p></div>\n'
        f'<script type="application/json" class="chart-figure">{figure_text}</script>'
    )


def _with_addresses(figure: Mapping[str, Any], rows: RowsHref) -> dict[str, Any]:
    """Replace the references in the ``customdata`` of all marks by the address of their rows."""
    traces = [
        {**trace, "customdata": [rows(refs) for refs in trace["customdata"]]}
        if "customdata" in trace
        else trace
        for trace in figure["data"]
    ]
    return {**figure, "data": traces}


def _time_slider(slider: TimeSlider, slug: str) -> str:
    """Return the table of the slider's last day, with controls that the script brings to life.

    The slider goes to any day from the first to the last: a text holds until the next.
    """
    rows = "\n".join(
        f'<tr data-texts="{escape(json.dumps(row["texts"], ensure_ascii=False))}">'
        f'<th scope="row">{escape(row["name"])}</th><td>{escape(row["texts"][-1])}</td></tr>'
        for row in slider["rows"]
    )
    days = slider["days"]
    first, end = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    last, said = (end - first).days, f"{end.day} {end:%B %Y}"
    buttons = [
        f'<button type="button" data-go="{go}">{text}</button>'
        for go, text in (
            ("change-before", "Change before"),
            ("day-before", "Day before"),
            ("day-after", "Day after"),
            ("change-after", "Next change"),
        )
    ]
    return (
        f'<div class="time-slider" data-days="{escape(json.dumps(days))}">\n'
        f'<p class="time-slider-day"><label for="chart-{slug}-day">As known on</label>'
        f' <output for="chart-{slug}-day">{said}</output></p>\n'
        '<div class="time-slider-controls" hidden>\n'
        f'<input type="range" id="chart-{slug}-day" min="0" max="{last}" value="{last}"'
        f' aria-valuetext="{said}">\n'
        f'<label>Go to <input type="date" min="{days[0]}" max="{days[-1]}" value="{days[-1]}">'
        f"</label>\n{' '.join(buttons)}</div>\n"
        f"<table><tbody>\n{rows}\n</tbody></table></div>\n"
    )


def _caption(chart: ChartPayload, href: Href) -> str:
    parts = []
    if chart["note"]:
        parts.append(f'<span class="chart-note">{escape(chart["note"])}</span>')
    if chart["sources"]:
        parts.append(_sources(chart["sources"], href))
    return " ".join(parts)


def _sources(sources: list[SourceRef], href: Href) -> str:
    links = "; ".join(_link(source, href) for source in sources)
    if len(sources) <= FEW_SOURCES:
        label = "Source" if len(sources) == 1 else "Sources"
        return f'<span class="chart-sources">{label}: {links}.</span>'
    summary = f"<summary>{len(sources)} sources</summary>"
    return f'<details class="chart-sources">{summary}{links}.</details>'


def _link(source: SourceRef, href: Href) -> str:
    address = href(source)
    label = escape(source["label"])
    return f'<a href="{escape(address)}">{label}</a>' if address else label


def _table(chart: ChartPayload, files: Mapping[str, str]) -> str:
    slug, title = chart["slug"], escape(chart["title"])
    head = " ".join(f'<th scope="col">{escape(c["label"])}</th>' for c in chart["columns"])
    body = "\n".join(
        # White space between cells: the search shows a row as running text.
        "<tr>" + " ".join(_cell(value, i == 0) for i, value in enumerate(row)) + "</tr>"
        for row in chart["rows"]
    )
    count = len(chart["rows"])
    links = ", ".join(
        f'<a href="{escape(address)}" download>{kind.upper()}</a>'
        for kind, address in files.items()
    )
    return (
        f'<details class="chart-data" id="chart-{slug}-data">'
        "<summary>Data and downloads</summary>\n"
        f'<p class="chart-download">{count} {"row" if count == 1 else "rows"}. '
        f"Download: {links}</p>\n"
        f'<div class="table-scroll" role="region" aria-label="Data: {title}" tabindex="0">\n'
        f'<table class="chart-table"><caption>{title}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>\n</div>\n</details>"
    )


def _cell(value: Any, is_head: bool) -> str:
    value = _finite(value)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is None:
        text = ""
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, float):
        text = f"{value:.6g}"
    else:
        text = escape(str(value))
    if is_head:
        return f'<th scope="row">{text}</th>'
    return f'<td class="number">{text}</td>' if number else f"<td>{text}</td>"


def _finite(value: Any) -> Any:
    """Replace NaN and infinities, which JSON does not have, with None, at any depth."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value


def chart_files(chart: ChartPayload) -> dict[str, bytes]:
    """Return a chart's files to download, by their kind: its data, and its drawing twice."""
    names = [column["name"] for column in chart["columns"]]
    return {
        "csv": to_csv(names, _finite(chart["rows"])).encode(),
        "svg": chart["files"]["svg"].encode(),
        "png": base64.b64decode(chart["files"]["png"]),
    }


def to_csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Write a header and rows as CSV text; a missing value is an empty field.

    Text that a spreadsheet would run as a formula gets a ``'`` in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([[_field(value) for value in row] for row in rows])
    return out.getvalue()


def _field(value: Any) -> Any:
    if value is None:
        return ""
    # Text that begins so would be run as a formula (the list of OWASP's advice on CSV injection).
    runs = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    return f"'{value}" if runs and not _NUMBER.fullmatch(value) else value
