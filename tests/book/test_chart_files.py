"""Charts on two pages, and charts that move, in a build of two pages."""

import io
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

CONF = """
import re
from claimbook import downloads

def setup(app):
    downloads.setup(app)
    app.connect("doctree-read", read)

def read(app, doctree):
    for slug in re.findall(r"chart-(\\w+)", doctree.astext()):
        downloads.charts(app.env, app.env.docname)[slug] = {"csv": app.env.docname.encode()}
"""


@pytest.fixture
def build(tmp_path: Path):
    (tmp_path / "conf.py").write_text(CONF)

    def built(index: str, other: str) -> tuple[str, dict[str, str]]:
        """Warnings, and which page each file in the built site comes from."""
        for name, text in (("index", index), ("other", other)):
            heading = ":orphan:\n\nPage\n====\n\n"
            page = tmp_path / f"{name}.rst"
            if not page.exists() or page.read_text() != heading + text:
                page.write_text(heading + text)
        warnings = io.StringIO()
        out = tmp_path / "out"
        with docutils_namespace():
            Sphinx(tmp_path, tmp_path, out, tmp_path / "trees", "html", {"html_theme": "basic"},
                   status=None, warning=warnings).build()  # fmt: skip
        files = (out / "downloads" / "charts").iterdir()
        return warnings.getvalue(), {path.stem: path.read_text() for path in files}

    return built


def test_a_chart_on_two_pages_is_named_with_both(build) -> None:
    assert build("chart-one", "chart-two") == ("", {"one": "index", "two": "other"})
    warnings, _ = build("chart-one", "chart-one")
    assert warnings.count("\n") == 1
    assert "other" in warnings
    assert "chart 'one' is on this page and on index too" in warnings


def test_charts_may_change_places_and_go(build) -> None:
    build("chart-one", "chart-two chart-three")
    assert build("chart-two", "chart-one") == ("", {"one": "other", "two": "index"})
