"""The forms of charts: labels keep clear of each other, both libraries draw the same."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strikes2024.charts import style
from strikes2024.charts.forms import (
    KeyDate,
    flat,
    over_time,
    range_rows,
    timeline,
    to_matplotlib,
    to_plotly,
)
from strikes2024.charts.forms.labels import apart, place, rect
from strikes2024.charts.forms.picture import (
    Box,
    Dot,
    Grid,
    Line,
    Panel,
    Picture,
    Text,
    measure,
    number_ticks,
    time_ticks,
    wrap,
)
from strikes2024.charts.words import WORDS

SIZES = st.floats(1, 30)


@given(st.lists(st.tuples(st.floats(0, 400), SIZES), min_size=1, max_size=12))
def test_things_moved_apart_do_not_overlap_and_keep_their_order(things) -> None:
    things.sort()
    wanted, sizes = zip(*things, strict=True)
    places = apart(wanted, sizes, 0, 400)
    for i in range(1, len(places)):
        assert places[i] - places[i - 1] >= (sizes[i] + sizes[i - 1]) / 2 - 1e-6
    if sum(sizes) <= 400:
        assert places[0] >= sizes[0] / 2 - 1e-6
        assert places[-1] <= 400 - sizes[-1] / 2 + 1e-6


@given(st.lists(st.tuples(st.floats(0.1, 0.9), st.floats(0.1, 0.9)), max_size=6))
def test_no_label_covers_another(points) -> None:
    panel = Panel(0, 0, 540, 300, (0, 1), (0, 1))
    panel.add(*(Dot(x, y, style.INK) for x, y in points))
    place(panel, [Text(x, y, f"place {i}") for i, (x, y) in enumerate(points)])
    rooms = [rect(panel, mark) for mark in panel.marks if isinstance(mark, Text)]
    assert all(a.shared(b) < 1 for i, a in enumerate(rooms) for b in rooms[:i])


def test_a_label_hides_no_point_where_three_lines_meet_and_its_leader_no_dot() -> None:
    panel = Panel(0, 0, 300, 300, (0, 300), (300, 0))
    ways = (((150, 140), (x, y)) for x, y in ((0, 0), (300, 0), (150, 0)))
    panel.add(*(Line(way, yields=True) for way in ways))
    panel.add(Dot(150, 150, style.INK), Dot(160, 150, style.INK))
    place(panel, [Text(150, 150, "one"), Text(160, 150, "other")])
    for label in (mark for mark in panel.marks if isinstance(mark, Text)):
        assert rect(panel, label).away(150, 140) > 0
        assert not (label.leader and label.dy == 0 and (label.x == 150) == (label.dx > 0))


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 10)), max_size=8))
def test_the_grid_makes_way_for_words_and_for_nothing_else(places) -> None:
    panel = Panel(0, 0, 540, 300, (0, 10), (0, 10), xticks=[(2, "2"), (5, "5")], xgrid=True)
    panel.add(*(Text(x, y, "some words") for x, y in places))
    rooms = [rect(panel, mark) for mark in panel.marks if isinstance(mark, Text)]
    (grid,) = (mark for mark in flat(Picture(540, 300, [panel])) if isinstance(mark, Grid))
    for x, _ in panel.xticks:
        across = panel.at(x, 0)[0]
        pieces = [sorted((a[1], b[1])) for a, b in pairwise(grid.points)
                  if a[0] == b[0] == pytest.approx(across)]  # fmt: skip
        for down in (n + 0.37 for n in range(300)):
            hidden = any(r.left < across < r.right and r.top < down < r.bottom for r in rooms)
            assert hidden != any(top <= down <= bottom for top, bottom in pieces)


@given(st.text("abc de", max_size=60), st.floats(20, 200))
def test_wrapped_lines_are_no_wider_than_asked(text, width) -> None:
    for line in wrap(text, width).split("\n"):
        assert measure(line) <= width or " " not in line.strip()


@given(st.floats(0, 1000), st.floats(0.1, 1000), st.integers(2, 8))
def test_ticks_are_few_and_inside(low, length, most) -> None:
    ticks = number_ticks(low, low + length, most)
    assert len(ticks) <= most + 1
    assert all(low - 1e-6 <= at <= low + length + 1e-6 for at, _ in ticks)


@pytest.mark.filterwarnings("error")
@given(st.datetimes(pd.Timestamp("1950-01-01"), pd.Timestamp("2050-01-01")),
       st.integers(90, 30_000), st.integers(6, 16))  # fmt: skip
def test_ticks_of_time_are_few_inside_and_say_their_year(start, length, most) -> None:
    low = (start - pd.Timestamp(0)) / pd.Timedelta(days=1)
    ticks = time_ticks(low, low + length, most)
    assert 1 < len(ticks) <= most
    assert all(low <= at <= low + length for at, _ in ticks)
    assert (pd.Timestamp(0) + pd.Timedelta(days=ticks[0][0])).strftime("%Y") in ticks[0][1]


@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
def test_or_more_is_an_arrow_in_both_libraries(width) -> None:
    rows = pd.DataFrame(
        [
            {"row": "a floor", "low": 10, "high": None, "text": "at least 10", "open": True},
            {"row": "closed", "low": 34, "high": 34, "text": "34", "open": False},
            {"row": "silent", "low": None, "high": None, "text": "", "open": None},
        ]
    )
    picture = range_rows(rows, width, unit="people")
    assert picture.descriptions == ["a floor: at least 10", "closed: 34", "silent: no figure"]
    (arrow,) = (mark for mark in flat(picture) if isinstance(mark, Line) and mark.width == 1.4)
    path = f"M{arrow.points[0][0]:.1f},"
    assert any(shape["path"].startswith(path) for shape in to_plotly(picture)["layout"]["shapes"])
    with style.matplotlib_style():
        texts = {text.get_text() for text in to_matplotlib(picture).axes[0].texts}
    assert {"at least 10", "34", "no figure", "a floor", "people"} <= texts


def test_days_in_grey_have_their_label_above_their_middle() -> None:
    first, last = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-01")
    rows = pd.DataFrame({"series": "a", "when": [first, last], "value": [1, 9], "text": ["", "b"],
                         "colour": style.MAIN, "hover": ["one", "nine"], "refs": None})  # fmt: skip
    calm = KeyDate(first + pd.Timedelta(days=10), "calm", first + pd.Timedelta(days=20))
    (panel,) = over_time(rows, style.WIDE, unit="people", marked=[calm]).panels
    (box,) = (mark for mark in panel.marks if isinstance(mark, Box))
    (label,) = (mark for mark in panel.marks if isinstance(mark, Text) and mark.text == "calm")
    assert box.x0 < box.x1
    assert label.x == pytest.approx((box.x0 + box.x1) / 2)
    assert rect(panel, label).bottom <= panel.top
    assert [mark.points for mark in panel.marks if isinstance(mark, Line)] == []


EVENT = st.fixed_dictionaries(
    {
        "when": st.datetimes(pd.Timestamp("2024-01-28"), pd.Timestamp("2024-02-07")),
        "label": st.sampled_from(["28 Jan 05:53", "3 Feb"]),
        "lane": st.sampled_from(["here", "there"]),
        "text": st.sampled_from(["a drone hits the post", "words " * 14]),
        "detail": st.sampled_from(["", "what is known of it"]),
        "side": st.just("us"),
        "strong": st.booleans(),
    }
)


@given(st.lists(EVENT, min_size=1, max_size=12), st.sampled_from([style.WIDE, style.NARROW]))
def test_no_text_of_a_timeline_covers_another_or_leaves_the_picture(events, width) -> None:
    picture = timeline(pd.DataFrame(events), width, lanes=("here", "there"), height=300)
    (panel,) = picture.panels
    rooms = [rect(panel, mark) for mark in panel.marks if isinstance(mark, Text)]
    assert all(a.shared(b) < 1 for i, a in enumerate(rooms) for b in rooms[:i])
    assert all(r.left > 0 and r.right < picture.width for r in rooms)
    assert all(r.top > -1 and r.bottom < picture.height + 1 for r in rooms)
    assert len(picture.descriptions) == len(events)


def test_the_chart_of_the_guide_is_drawn(monkeypatch) -> None:
    guide = (Path(__file__).resolve().parents[2] / "ARCHITECTURE.md").read_text(encoding="utf-8")
    words, code = (
        guide.partition(f"```{kind}\n")[2].partition("```")[0] for kind in ("toml", "python")
    )
    assert code.count("\n") <= 34
    for slug, texts in tomllib.loads(words)["charts"].items():
        monkeypatch.setitem(WORDS["charts"], slug, texts)
    found: dict[str, Any] = {}
    exec(compile(code, "ARCHITECTURE.md", "exec"), found)
    chart = found["chart"]
    assert chart.svg(style.NARROW).startswith("<svg")
    assert chart.sources
