"""Pictures are set in the fonts that come with the report, and in no others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from fontTools.ttLib import TTFont

from strikes2024.charts import style


def test_a_missing_font_file_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "FONT_FILES", tmp_path)
    style._register_fonts.cache_clear()
    with pytest.raises(FileNotFoundError, match=r"sans\.ttf"), style.matplotlib_style():
        pass


DRAW = """
import hashlib, strikes2024
from strikes2024 import charts
tables = strikes2024.load()
for draw in (charts.places_before_after, charts.attack_phases):
    for name, content in draw(tables).files().items():
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
    assert [line.split()[0] for line in bare] == ["csv", "svg", "png"] * 2
    assert drawn("other") == bare
