"""The HTML of a chart, without Sphinx."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import lxml.html
import nbformat
import pytest
from nbformat import v4

from claimbook import svg
from claimbook.figure import MIME, TABLE_MIME, figure_html
from claimbook.markup import script_json

MPL = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="460pt" height="345pt" viewBox="0 0 460 345"
 xmlns="http://www.w3.org/2000/svg" version="1.1">
 <metadata><rdf:RDF>made by</rdf:RDF></metadata>
 <defs><style type="text/css">*{stroke-linejoin: round}</style>
 <clipPath id="p1"><rect x="0" y="0" width="10" height="10"/></clipPath></defs>
 <g id="figure_1" clip-path="url(#p1)"><use xlink:href="#m1" x="1"/></g><path id="m1" d="M0 0"/>
</svg>"""


def chart(**changes: Any) -> Any:
    return {
        "slug": "killed-by-claimant",
        "title": "At least <16> & more",
        "subtitle": "",
        "alt": 'A "range" plot of the killed',
        "kind": "plotly",
        "figure": {"data": [{"type": "bar", "y": [1, float("nan")]}], "layout": {}},
        "time_slider": None,
        "svg": {"wide": MPL, "narrow": MPL},
        "files": {"csv": "who,n\n", "svg": MPL, "png": ""},
        "sources": [{"id": "ap-1", "label": "AP & co", "url": "https://example.org/?a=1&b=2"}],
        "note": "Ranges are <given>.",
        "columns": ["Who", "Killed"],
        "colours": {"ink": "#111111", "muted": "#222222", "grid": "#333333", "surface": "#444444"},
        "rows": [["<b>Iraq</b>", 16], ["Syria", None], ["Other", float("nan")]],
    } | changes


def html(**changes: Any) -> str:
    files = {"csv": "../x.csv", "svg": "../x.svg", "png": "../x.png"}
    return figure_html(chart(**changes), files=files, href=lambda s: f"#source-{s['id']}")


def test_texts_are_escaped_and_read_back() -> None:
    tree = lxml.html.fragment_fromstring(html())
    assert tree.get("id") == "chart-killed-by-claimant"
    assert tree.cssselect(".chart-title")[0].text == "At least <16> & more "
    assert tree.cssselect("[role=img]")[0].get("aria-label") == 'A "range" plot of the killed'
    assert tree.cssselect("tbody th")[0].text_content() == "<b>Iraq</b>"
    assert tree.cssselect("figcaption a")[0].get("href") == "#source-ap-1"
    assert [td.text_content() for td in tree.cssselect("tbody td")] == ["16", "", ""]


def test_a_zero_is_shown_and_a_gap_is_not_a_zero() -> None:
    tree = lxml.html.fragment_fromstring(html(rows=[["a", 0], ["b", None]]))
    assert [td.text_content() for td in tree.cssselect("tbody td")] == ["0", ""]


@pytest.mark.parametrize("text", ["</script><b>", "<!-- <script>", "a&b", "\u2028"])
def test_a_figure_cannot_leave_its_script_element(text: str) -> None:
    written = script_json({"x": [text]})
    assert not re.search("[<>&\u2028]", written)
    assert json.loads(written) == {"x": [text]}


def test_json_of_a_figure_has_no_nan() -> None:
    tree = lxml.html.fragment_fromstring(html())
    figure = json.loads(tree.cssselect("script.chart-figure")[0].text)
    assert figure["data"][0]["y"] == [1, None]


@pytest.mark.parametrize(
    "changes",
    [{"slug": "Bad slug"}, {"alt": " "}, {"title": ""}, {"figure": None}],
)
def test_an_unfit_chart_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="chart"):
        html(**changes)


def test_twin_drawings_share_no_id_and_no_rule() -> None:
    text = html(kind="svg", figure=None)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert "*{" not in re.sub(r"#[\w-]+ \*\{", "", text)
    assert "chart-svg-narrow" in text


def test_an_inlined_drawing_keeps_its_references() -> None:
    out = svg.inline(MPL, "a-light")
    assert "<?xml" not in out
    assert "metadata" not in out
    assert "url(#a-light-p1)" in out
    assert 'xlink:href="#a-light-m1"' in out
    root = re.search(r"<svg[^>]*>", out)
    assert root
    assert 'viewBox="0 0 460 345"' in root[0]
    assert "460pt" not in root[0]
    assert 'aria-hidden="true"' in root[0]


def test_a_drawing_is_left_without_what_draws_nothing() -> None:
    given = """<svg viewBox="0 0 9 9"><g id="a">
 <g id="b"/><path style="fill: none"/>
 <g clip-path="url(#c)"><g id="d"><path d="M 0 0"/></g></g>
</g><defs><clipPath id="c"/></defs></svg>"""
    assert svg.lighter(given) == (
        '<svg viewBox="0 0 9 9"><g clip-path="url(#c)"><path d="M 0 0"/></g>'
        '<defs><clipPath id="c"/></defs></svg>'
    )


def test_one_row_is_counted_as_one() -> None:
    assert "1 row." in html(rows=[["a", 1]])


def test_every_kind_of_file_is_offered() -> None:
    tree = lxml.html.fragment_fromstring(html())
    links = {a.text: a.get("href") for a in tree.cssselect(".chart-download a")}
    assert links == {"CSV": "../x.csv", "SVG": "../x.svg", "PNG": "../x.png"}


def test_an_interactive_chart_has_its_static_drawing_beneath() -> None:
    tree = lxml.html.fragment_fromstring(html())
    assert len(tree.cssselect(".chart-drawing .chart-static svg")) == 2
    assert tree.cssselect(".chart-drawing .chart-live")


def test_no_line_breaks_inside_a_range_or_a_date() -> None:
    tree = lxml.html.fragment_fromstring(html(title="From 2–7 February, 10–57 killed"))
    spans = [span.text for span in tree.cssselect(".chart-title .unbroken")]
    assert spans == ["2–7 February", "10–57"]
    assert "2–7 February, 10–57 killed" in tree.cssselect(".chart-title")[0].text_content()


def test_a_drawing_follows_the_theme() -> None:
    out = svg.themed(
        '<svg><path style="fill: #1f2933; stroke: #2e7ebb"/></svg>', {"ink": "#1f2933"}
    )
    assert "fill: var(--chart-ink, #1f2933)" in out
    assert "stroke: #2e7ebb" in out


def test_a_book_without_the_engine_shows_what_a_notebook_does(tmp_path: Path) -> None:
    """Whoever has the package draws its charts in a book of their own, with stock settings."""
    cells = []
    for mime, content in ((MIME, chart()), (TABLE_MIME, {"html": "<b>1</b>", "sources": []})):
        data = {mime: content, "text/html": "<i>as in a notebook</i>", "text/plain": "text"}
        shown = v4.new_output("display_data", json.loads(json.dumps(data)))
        cells.append(v4.new_code_cell("1", outputs=[shown], id=f"cell-{len(cells)}"))
    about = {"language_info": {"name": "python", "pygments_lexer": "python"}}
    title = v4.new_markdown_cell("# Book", id="title")
    book = v4.new_notebook(cells=[title, *cells], metadata=about)
    nbformat.write(book, tmp_path / "index.ipynb")
    (tmp_path / "conf.py").write_text("extensions = ['myst_nb']\nnb_execution_mode = 'off'\n")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", str(tmp_path), str(tmp_path / "html")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = lxml.html.parse(tmp_path / "html" / "index.html").getroot()
    assert [i.text for i in page.cssselect(".output i")] == ["as in a notebook"] * 2
