"""Every chart on the real data: it draws, says what it draws, and hides nothing."""

import base64
import csv
import io
import json
import math
import re
import unittest
import warnings
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path
from string import Formatter
from typing import Any

import lxml.html
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from PIL import Image

import strikes2024
from strikes2024 import charts
from strikes2024.campaign import campaign_band
from strikes2024.campaign.headlines import HEADLINES, reconcile
from strikes2024.charts import Chart, style
from strikes2024.charts.chart import MIME
from strikes2024.charts.forms import to_plotly
from strikes2024.charts.forms.labels import Rect, rect
from strikes2024.charts.forms.picture import SIZE, Area, Box, Dot, Line, Picture, Text
from strikes2024.charts.words import WORDS as CHART_WORDS
from strikes2024.charts.words import Words
from strikes2024.cite import cite
from strikes2024.report.rows import WORDS

FUNCTIONS = sorted(set(charts.__all__) - {"Chart", "GENERAL"})


@pytest.fixture(scope="module")
def record() -> strikes2024.Tables:
    return strikes2024.load()


@pytest.fixture(scope="module")
def drawn(record) -> dict[str, Chart]:
    return {name: getattr(charts, name)(record) for name in FUNCTIONS}


@pytest.fixture(scope="module")
def payloads(drawn) -> dict[str, Any]:
    # Matplotlib warns of a letter that a font lacks, and logs where it takes another font.
    with warnings.catch_warnings(), unittest.TestCase().assertNoLogs("matplotlib", "WARNING"):
        warnings.simplefilter("error")
        return {
            name: json.loads(json.dumps(chart.payload(), allow_nan=False))
            for name, chart in drawn.items()
        }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_words_and_data(drawn, name) -> None:
    chart = drawn[name]
    assert chart.title
    assert len(chart.title) <= 160
    assert chart.subtitle
    assert chart.note
    assert len(chart.frame) >= 3
    assert chart.sources
    assert "nan" not in (chart.title + chart.subtitle + chart.description).lower().replace(
        "finance", ""
    )
    assert "<NA>" not in chart.description


def texts_in(words: Any) -> list[str]:
    """All texts of a table of words.toml and of the tables in it."""
    if isinstance(words, dict):
        return [text for part in words.values() for text in texts_in(part)]
    return [words] if isinstance(words, str) else []  # columns of the data are in a list


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_chart_has_its_words_and_a_value_for_each_field_alone(
    record, drawn, name, monkeypatch
) -> None:
    made: list[Words] = []
    begin = Words.__init__

    def noted(self: Words, slug: str, **values: object) -> None:
        begin(self, slug, **values)
        made.append(self)

    monkeypatch.setattr(Words, "__init__", noted)
    getattr(charts, name)(record)
    assert {words.slug for words in made} == {drawn[name].slug}
    texts = texts_in(CHART_WORDS["charts"][drawn[name].slug])
    fields = {re.split(r"[.\[]", field)[0] for text in texts
              for _, field, _, _ in Formatter().parse(text) if field}  # fmt: skip
    assert {value for words in made for value in words.fields} == fields
    assert not re.search("[{}]", _texts(drawn[name]))


def test_no_word_of_the_charts_is_unused(drawn) -> None:
    code = "".join(p.read_text("utf-8") for p in Path(charts.__file__).parent.glob("*.py"))
    assert set(CHART_WORDS["charts"]) == {chart.slug for chart in drawn.values()}
    for chart in drawn.values():
        own = CHART_WORDS["charts"][chart.slug]
        assert set(own.get("columns", {})) <= set(chart.frame)
        assert [word for word in own if f'"{word}"' not in code] == []
    assert set(CHART_WORDS["columns"]) <= {c for chart in drawn.values() for c in chart.frame}


def test_a_field_without_a_value_is_named() -> None:
    with pytest.raises(LookupError, match=r"words\.toml, charts\.night, title: .* 'minutes'"):
        Words("night", hours=3)["title"]
    with pytest.raises(LookupError, match=r"charts\.night, nothing: nothing for 'nothing'"):
        Words("night")["nothing"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_payload_is_plain_json_with_the_drawn_data(drawn, payloads, name) -> None:
    payload = payloads[name]
    assert len(payload["rows"]) == len(drawn[name].frame)
    head, *rows = csv.reader(io.StringIO(payload["files"]["csv"]))
    assert head == list(drawn[name].frame.columns)
    assert len(rows) == len(payload["rows"])
    assert payload["kind"] in ("plotly", "svg")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_picture_asks_for_another_font(payloads, name) -> None:
    payload = payloads[name]
    for drawing in payload["svg"].values():
        families = set(re.findall(r"font(?:-family|: [^;\"]*?px)(?:: | )('[^;\"]*)", drawing))
        assert families == {f"'{style.FONT}', 'Report Arabic'"}
    assert "<text" not in payload["files"]["svg"]
    asked = re.findall(r'"family": "([^"]*)"', json.dumps(payload["figure"]))
    assert set(asked) <= {style.PLOTLY_FONT}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_description_holds_the_figures_drawn(drawn, name) -> None:
    chart = drawn[name]
    for column in ("figure", "words", "title"):
        if column in chart.frame and name != "known_when":
            said = chart.description
            missing = [w for w in chart.frame[column].astype(str) if w not in said]
            assert missing == []
    numbers = chart.frame.select_dtypes("number").drop(columns=["lat", "lon"], errors="ignore")
    drawn_numbers = {f"{x:.0f}" for x in numbers.to_numpy(dtype=float).ravel() if x == x}
    told = set(re.findall(r"\d+", chart.description.replace(",", "")))
    assert len(drawn_numbers & told) >= len(drawn_numbers) / 4


def test_the_time_slider_agrees_with_the_reconciled_figures(record, drawn) -> None:
    table = drawn["known_when"].time_slider
    for headline in HEADLINES:
        assert table.loc[headline.name].iloc[-1] == reconcile(record, headline)[1]


def test_slugs_are_unique(drawn) -> None:
    slugs = [chart.slug for chart in drawn.values()]
    assert len(set(slugs)) == len(slugs)


def test_each_mark_of_a_live_chart_names_rows_of_the_record(record, drawn) -> None:
    tables = {"claim": "claims", "tally": "tallies", "event": "events"}
    ids = {kind: set(record[name].iloc[:, 0]) for kind, name in tables.items()}
    live = [chart for chart in drawn.values() if chart.live]
    assert len(live) > 2
    for chart in live:
        (trace,) = to_plotly(chart.picture(style.WIDE))["data"]
        assert len(trace["customdata"]) == len(trace["x"])
        for refs in trace["customdata"]:
            assert len(refs) > 0, chart.slug
            pairs = [ref.split(":") for ref in refs]
            assert all(key in ids[kind] for kind, key in pairs), chart.slug


def test_plotly_takes_what_it_is_given_wide_and_narrow(drawn, payloads) -> None:
    """The live drawing has the marks, words and places of the static one, on a phone too."""
    for name, chart in drawn.items():
        if chart.live:
            figure = payloads[name]["figure"]
            go.Figure(figure)  # raises where a property is unknown
            wide, narrow = (to_plotly(chart.picture(w)) for w in (style.WIDE, style.NARROW))
            layout = figure["layout"]
            assert layout["meta"]["narrow"] == narrow["layout"]
            (own,), (small,), (place,) = wide["data"], narrow["data"], layout["meta"]["places"]
            assert figure["data"] == [own]
            assert place == {"x": small["x"], "y": small["y"]}
            assert small["text"] == own["text"]
            with style.matplotlib_style():
                static = chart.drawing().axes[0].texts
            said = [re.sub("</?b>", "", note["text"]) for note in layout["annotations"]]
            assert said == [text.get_text() for text in static]


def test_the_rows_behind_a_bar_are_as_many_as_it_counts(drawn) -> None:
    for name in ("timeline", "attacks_before_after"):
        (trace,) = to_plotly(drawn[name].picture(style.WIDE))["data"]
        said = [int(text.rsplit(" ", 1)[1]) for text in trace["text"]]
        assert said == [len(refs) for refs in trace["customdata"]]


def test_both_libraries_draw(payloads) -> None:
    kinds = {payload["kind"] for payload in payloads.values()}
    assert kinds == {"plotly", "svg"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_static_drawings_are_the_same_every_time(drawn, payloads, name) -> None:
    assert drawn[name].svg(style.NARROW) == payloads[name]["svg"]["narrow"]
    for markup in payloads[name]["svg"].values():
        assert ET.fromstring(markup).tag.endswith("svg")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_files_stand_alone(payloads, name) -> None:
    files = payloads[name]["files"]
    words = " ".join(" ".join(ET.fromstring(files["svg"]).itertext()).split())
    for text in (payloads[name]["title"], payloads[name]["subtitle"], "Sources:", "CC-BY-4.0"):
        assert " ".join(text.split()) in words
    # No line of words runs beyond the edge.
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(files["png"]))).convert("RGB"))
    edges = np.concatenate([pixels[:, :4].reshape(-1, 3), pixels[:, -4:].reshape(-1, 3)])
    assert (edges == edges[0]).all()


@pytest.mark.parametrize("name", ["killed_range", "known_when", "places_struck"])
def test_a_chart_shows_itself_in_a_notebook(drawn, payloads, name) -> None:
    chart, payload = drawn[name], payloads[name]
    bundle = chart._repr_mimebundle_()
    assert set(bundle) == {MIME, "text/html", "text/plain"}
    figure = lxml.html.fromstring(bundle["text/html"])
    assert figure.cssselect(".chart-title")[0].text == chart.title
    assert figure.cssselect(".chart-subtitle")[0].text == chart.subtitle
    links = {a.text: a.get("href") for a in figure.cssselect(".chart-sources a")}
    assert links == {s.label: s.url for s in chart.sources if s.url}
    heads = [th.text for th in figure.cssselect(".chart-data thead th")]
    assert heads == payload["columns"]
    assert len(figure.cssselect(".chart-data tbody tr")) == len(chart.frame)
    texts = {title.text for title in figure.cssselect("circle title")}
    assert len(texts) > 3

    # The drawing is the picture alone, in letters that need no font.
    (image,) = figure.cssselect("img")
    assert image.get("alt") == chart.description
    kind, _, content = image.get("src").partition(",")
    assert kind == "data:image/svg+xml;base64"
    root = ET.fromstring(base64.b64decode(content))
    width, height = map(float, root.get("viewBox").split()[2:])
    picture = chart.picture(style.WIDE)
    assert (width, height) == pytest.approx((picture.width, picture.height), rel=1e-4)
    assert not root.findall(".//{*}text")


def test_a_chart_needs_rows() -> None:
    with pytest.raises(ValueError, match="no rows to draw"):
        Chart("x", "t", pd.DataFrame(), lambda width: Picture(72 * width, 60))


def test_main_sources_come_first_in_files(drawn, payloads) -> None:
    chart = drawn["killed_total"]
    assert chart.sources[0].source_id == "wikipedia-2024-us-strikes"
    words = " ".join(ET.fromstring(payloads["killed_total"]["files"]["svg"]).itertext())
    assert f"Sources: {chart.sources[0].label}" in words
    assert "Chart “killed-total”" in words


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
def test_labels_keep_clear_of_each_other(drawn, name, width) -> None:
    """No two texts of a picture share more than a sliver, and none leaves it."""
    picture = drawn[name].picture(width)
    page = Rect(-1, -1, picture.width + 1, picture.height + 1)
    texts = [
        (mark.text, rect(panel, mark))
        for panel in picture.panels
        for mark in panel.marks
        if isinstance(mark, Text) and mark.text.strip("• ")
    ]
    odd = [text for text, room in texts if room.outside(page) > 4]
    for i, (text, room) in enumerate(texts):
        odd += [f"{text} | {b}" for b, other in texts[:i] if room.shared(other) > 30]
    assert odd == []


def test_an_unknown_source_is_an_error(record) -> None:
    with pytest.raises(KeyError):
        cite(record.sources, ["no-such-source"])


def test_every_whole_claim_of_killed_is_in_the_range_plot(record, drawn) -> None:
    shown = set(drawn["killed_range"].frame["figure"])
    c = record.claims
    rows = c[(c["event"] == "us-strikes-2024-02-02") & (c["metric"] == "killed")
             & (c["scope"] == "whole") & c["low"].notna()
             & c["victims"].isin(["militants", "all_groups", "pmf_members"])
             & c["country"].isin(["Iraq", "Syria", "Iraq;Syria"])]  # fmt: skip
    words = {strikes2024.wording.quantity(r.low, r.high, r.qualifier) for r in rows.itertuples()}
    assert words == shown


def marks(chart: Chart, kind: type) -> list[Any]:
    panels = chart.picture(style.WIDE).panels
    return [mark for panel in panels for mark in panel.marks if isinstance(mark, kind)]


def test_titles_count_what_the_picture_sets_off(drawn) -> None:
    soon = [dot for dot in marks(drawn["chain"], Dot) if dot.colour == style.MAIN]
    assert f"{len(soon)} came within" in drawn["chain"].title
    on_map = [m for m in drawn["places_struck"].picture(style.WIDE).panels[0].marks
              if isinstance(m, Dot) and m.colour == style.SIDE_COLOURS["us"]]  # fmt: skip
    filled = len([dot for dot in on_map if not dot.hollow]) - 1  # Baghdad
    assert f"The Pentagon named {filled} places" in drawn["places_struck"].title


def test_the_us_count_is_a_band_and_that_of_sohr_a_line(record, drawn) -> None:
    chart = drawn["attacks_cumulative"]
    last = chart.frame.groupby("series")["when"].max()["US count"]
    band = campaign_band(record, last)
    assert (band["fewest"] <= band["most"]).all()
    assert band["fewest"].is_monotonic_increasing
    (area,) = marks(chart, Area)
    assert {y for _, y in area.rings[0]} <= {*band["fewest"], *band["most"]}
    (line,) = (mark for mark in marks(chart, Line) if mark.width == 2)
    assert len(line.points) == chart.frame["fewest"].isna().sum()
    us = chart.frame.dropna()
    assert (us["value"] <= us["most"]).all()


def test_no_line_joins_counts_of_injured_that_clash(drawn) -> None:
    chart = drawn["casualties_us"]
    assert all(mark.dash for mark in marks(chart, Line))  # key dates
    dots = [(dot.colour, dot.y) for dot in marks(chart, Dot)]
    assert len(dots) == len(chart.frame)
    assert (style.REST, 80) in dots
    assert (style.MAIN, 80) in dots


def test_a_floor_below_an_exact_figure_is_not_set_off(drawn) -> None:
    bold = [m.text for m in marks(drawn["killed_range"], Text) if m.bold and m.size == SIZE]
    assert {"16", "34", "37"} <= set(bold)
    assert not any(text.startswith("at least") for text in bold)


def test_54_to_55_comes_out_of_the_encyclopedias_own_parts(drawn) -> None:
    frame = drawn["killed_total"].frame
    own = frame[frame["rule"].str.startswith("Wikipedia’s") & (frame["place"] == "Sum")]
    assert own[["low", "high"]].to_numpy().tolist() == [[54, 55]]


def _texts(chart: Chart, width: float = style.WIDE) -> str:
    """All that a chart says with its picture."""
    picture = chart.picture(width)
    said = [mark.text for panel in picture.panels for mark in panel.marks if isinstance(mark, Text)]
    said += [label for panel in picture.panels for _, label in panel.yticks]
    return " ".join([chart.title, chart.subtitle, chart.note, *said]).replace("\n", " ")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_a_chart_says_holds_on_light_and_dark_grounds(drawn, name) -> None:
    shades = r"\b(pale|paler|dark|darker|light|lighter|faint|fainter)\b[:;,]"
    assert not re.findall(shades, _texts(drawn[name]).lower())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_dot_is_as_strong_as_its_colour(drawn, name) -> None:
    assert all(dot.alpha >= 0.8 for dot in marks(drawn[name], Dot))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_abbreviated_names_are_spelled_out(record, drawn, name) -> None:
    ids = {"SOHR": "sohr", "PMF": "pmf", "NSC": "us-nsc", "IRGC": "irgc"}
    names = record.actors.set_index("actor_id")["name"]
    said = _texts(drawn[name])
    used = [short for short in ids if re.search(rf"\b{short}\b", said)]
    known = said.replace("Syrian Observatory (", "Syrian Observatory for Human Rights (")
    assert [short for short in used if names[ids[short]] not in known] == []


@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
def test_no_figure_is_crossed_by_the_day_of_tower_22(drawn, width) -> None:
    (panel,) = drawn["casualties_us"].picture(width).panels
    (line,) = (m for m in panel.marks if isinstance(m, Line) and m.dash)
    at = panel.at(*line.points[0])[0]
    rooms = [rect(panel, m) for m in panel.marks if isinstance(m, Text) and " Tower 22" in m.text]
    figures = [room for room in rooms if room.top > panel.top]
    assert len(figures) == 4
    assert not [room for room in figures if room.left < at < room.right]


def test_baghdad_has_a_mark_of_its_own_and_the_press_its_own_name(drawn) -> None:
    dots = marks(drawn["places_struck"], Dot)
    assert [dot.hover for dot in dots if dot.diamond] == ["Baghdad, 7 February"]
    assert "dpa (" in _texts(drawn["killed_range"])


def test_the_wounded_of_tower_22_are_all_there(record, drawn) -> None:
    chart = drawn["tower22_wounded"]
    highest = chart.frame.loc[chart.frame["low"].idxmax(), "figure"]
    assert f"up to {highest} (" in chart.title
    blue = [dot.x for dot in marks(chart, Dot) if dot.colour == style.MAIN]
    assert blue == [50, chart.frame["low"].max()]


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("side", style.SIDE_COLOURS)
@pytest.mark.parametrize("ground", [style.GROUND, "#14181e"])
def test_colours_stand_out_on_both_grounds(side, ground) -> None:
    assert contrast(style.SIDE_COLOURS[side], ground) >= 3


@pytest.mark.parametrize("name", FUNCTIONS)
def test_numbers_in_bars_are_legible(drawn, name) -> None:
    colours = {mark.colour for mark in marks(drawn[name], Box)}
    if any(text.colour == style.ON_COLOUR for text in marks(drawn[name], Text)):
        assert min(contrast(colour, style.ON_COLOUR) for colour in colours) >= 4.5


def test_marks_that_stand_for_two_figures_say_so_once(drawn) -> None:
    (syria,), (hurt,) = (
        drawn[name].picture(style.WIDE).panels for name in ("killed_syria", "casualties_us")
    )
    assert "13, 18, 23" in {mark.text for mark in syria.marks if isinstance(mark, Text)}
    assert "45 and 46" in {mark.text for mark in hurt.marks if isinstance(mark, Text)}


@pytest.mark.parametrize("name", ["killed_range", "killed_syria", "places_struck"])
@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
def test_no_dot_covers_another(drawn, name, width) -> None:
    """Half a point may be shared: rings and dots keep an outline between them."""
    panel = drawn[name].picture(width).panels[0]
    dots = [(panel.at(mark.x, mark.y), mark) for mark in panel.marks if isinstance(mark, Dot)]
    for (a, one), (b, other) in combinations(dots, 2):
        assert math.dist(a, b) >= (one.size + other.size) / 2 + 0.5, (one.hover, other.hover)


def test_every_number_stands_next_to_its_mark(drawn) -> None:
    for width in (style.WIDE, style.NARROW):
        (panel,) = drawn["killed_range"].picture(width).panels
        dots = [panel.at(mark.x, mark.y) for mark in panel.marks if isinstance(mark, Dot)]
        rooms = {mark.text: rect(panel, mark) for mark in panel.marks if isinstance(mark, Text)}
        for text in ("17", "34", "37", "about 30", "about 40"):
            room = rooms[text]
            x, _ = min(dots, key=lambda dot, room=room: room.away(*dot))
            value = panel.x[0] + (x - panel.left) / (panel.right - panel.left) * panel.x[1]
            assert round(value) == int(text.rsplit(" ", maxsplit=1)[-1])


def test_a_file_names_each_publisher_once(drawn) -> None:
    for chart in drawn.values():
        sources = next(line for line in chart._small_print() if line.startswith("Sources: "))
        named = sources.removeprefix("Sources: ").partition("; all ")[0].split("; ")
        publishers = [re.split(r" \(|, | via ", label)[0] for label in named]
        assert len(set(publishers)) == len(publishers)


def test_every_side_has_a_colour_and_a_name(record) -> None:
    sides = set(record.actors["side"].cat.categories)
    assert sides == set(style.SIDE_COLOURS) == set(WORDS["sides"])
