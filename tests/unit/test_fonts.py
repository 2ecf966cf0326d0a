"""Pictures are set in the fonts that come with the report, and in no others."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import matplotlib as mpl
import pytest
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure

from strikes2024.charts import outlines, style
from strikes2024.charts.outlines import outlined


def test_a_missing_font_file_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "FONT_FILES", tmp_path)
    style._register_fonts.cache_clear()
    with pytest.raises(FileNotFoundError, match=r"sans\.ttf"), style.matplotlib_style():
        pass


DRAW = """
import hashlib, strikes2024
from strikes2024 import charts
tables = strikes2024.load()
for draw in (charts.places_map, charts.attacks_cumulative):
    for name, content in draw(tables).pictures().items():
        print(name, hashlib.sha256(content).hexdigest())
"""


@pytest.mark.pictures
def test_pictures_are_the_same_bytes_whatever_fonts_a_machine_has(tmp_path: Path) -> None:
    """With no font at all, and with another one of the same name."""
    for name in ("none", "other"):
        (tmp_path / name / ".fonts").mkdir(parents=True)
    nothing = tmp_path / "nothing.conf"
    nothing.write_text("<fontconfig></fontconfig>")
    font = TTFont(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf")
    for number in (1, 4, 16):
        font["name"].setName(style.FONT, number, 3, 1, 0x409)
    font.save(tmp_path / "other" / ".fonts" / "other.ttf")

    def drawn(home: str) -> list[str]:
        folder = tmp_path / home
        env = {
            "HOME": str(folder),
            "MPLCONFIGDIR": str(folder / "matplotlib"),
            "FONTCONFIG_FILE": str(nothing),
        }
        done = subprocess.run(
            [sys.executable, "-c", DRAW],
            env=os.environ | env, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert "findfont" not in done.stderr
        return done.stdout.splitlines()

    bare = drawn("none")
    assert len(bare) == 6
    assert drawn("other") == bare


def test_outlines_stand_where_the_text_stood() -> None:
    text = partial('<svg xmlns:xlink=""><text {} font-size="10" x="5" y="7">{}</text></svg>'.format)
    face = f'font-family="{style.FONT}"'
    width = {}
    for anchor in ("start", "middle", "end"):
        made = outlined(text(f'{face} text-anchor="{anchor}" fill="#123456"', "AVA &amp; 1"))
        assert made.count("<use") == 5
        assert made.count("<path") == 4  # A is drawn once
        assert 'fill="#123456"' in made
        left, up = re.search(r"translate\((\S+) (\S+)\)", made).groups()
        assert float(up) == 7
        width[anchor] = 5 - float(left)
    assert width["start"] == 0
    assert width["end"] == pytest.approx(2 * width["middle"], abs=0.01)
    assert 25 < width["end"] < 45  # points, for seven letters of ten points
    turned = outlined(text(f'{face} transform="rotate(-90 5 7)"', "A"))
    assert 'transform="rotate(-90 5 7) translate(5 7) scale(' in turned
    bold = outlined(text(f'{face} font-weight="700"', "A"))
    assert bold.replace(" ", "") != outlined(text(face, "A")).replace(" ", "")


def test_names_in_arabic_have_letters_that_join() -> None:
    text = f'<text font-family="{style.FONT}" font-size="9">\u0628\u0628\u0628</text>'
    made = outlined(f"<svg>{text}</svg>")
    assert made.count("<path") == 3  # first, middle and last form of one letter


def test_outlines_do_not_depend_on_what_was_drawn_before() -> None:
    """Matplotlib has one font for all that draw with it, and leaves it at their size."""
    svg = f'<svg><text font-family="{style.FONT}" font-size="9">{{}}</text></svg>'
    first = outlined(svg.format("AVQg 12"))
    with style.matplotlib_style():
        figure = Figure(dpi=160)
        figure.text(0.3, 0.4, "AVQg 12", rotation=33, fontsize=7)
        figure.savefig(io.BytesIO())
    for cached in (outlines._line, outlines._outline):
        cached.cache_clear()
    outlines._font("sans.ttf")[1].clear()
    assert outlined(svg.format("AVQg 12")) == first
