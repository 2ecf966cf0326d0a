"""The engine alone makes a book of other data: three claims, one chapter, no record of ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import lxml.html
import pytest

CONFIG = """
title: Tiny
author: Somebody
only_build_toc_files: true
execute: {execute_notebooks: cache, raise_on_error: true}
sphinx:
  recursive_update: true
  config:
    extensions: [sphinx_copybutton, myst_nb, jupyter_book, sphinx_comments, sphinx_external_toc,
                 sphinx_design, sphinx_book_theme, claimbook, tiny_report]
    use_jupyterbook_latex: false
    nb_ipywidgets_js: {}
    html_theme_options: {article_header_end: [page-tools.html], navbar_persistent: []}
    html_context: {default_mode: auto}
"""
CLAIMS = """claim_id,text,claimant,source
bees-monitor,at least 30,Bee Monitor,monitor-2024
bees-council,25,Town council,council-2024
bees-press,about 40,Local paper,paper-2024
"""
REPORT = """
import csv
import sys
from pathlib import Path

from claimbook.references import Kind, UnknownKeyError, add_kinds, used_sources

with (Path(__file__).parent / "data" / "claims.csv").open(encoding="utf-8") as file:
    ROWS = {row["claim_id"]: row for row in csv.DictReader(file)}


class Claim(Kind):
    name = "claim"

    def texts(self, key):
        if key not in ROWS:
            raise UnknownKeyError("claim", key, ROWS)
        return (ROWS[key]["text"],)

    def place(self, key):
        return "index", "claims"

    def card(self, key, text):
        return [ROWS[key]["claimant"]]

    def sources(self, key):
        return [ROWS[key]["source"]]


def check(app, exception):
    if exception:
        return
    foreign = [name for name in sys.modules if name.split(".")[0] == "strikes2024"]
    assert not foreign, foreign
    used = used_sources(app.env, "index")
    assert used == {row["source"] for row in ROWS.values()}, used


def setup(app):
    add_kinds(app, Claim())
    app.connect("build-finished", check)
"""
PAGE = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
  display_name: Python 3
thumbnail: hives
---
# Tiny

The monitor counted [at least 30](claim:bees-monitor) hives, the council [25](claim:bees-council),
the paper [{press}](claim:bees-press).

```{{code-cell}} ipython3
import csv
from IPython.display import display

rows = [[r["claimant"], r["text"]] for r in csv.DictReader(open("data/claims.csv"))]
svg = '<svg viewBox="0 0 2 1"><path d="M 0 0 L 2 1" style="stroke: #111111"/></svg>'
display({{
    "application/vnd.claimbook.chart+json": {{
        "slug": "hives", "title": "Three counts of hives", "subtitle": "", "note": "",
        "alt": "Three dots", "kind": "svg", "figure": None, "time_slider": None,
        "svg": {{"wide": svg, "narrow": svg}},
        "files": {{"csv": open("data/claims.csv").read(), "svg": svg, "png": ""}},
        "sources": [{{"id": "monitor-2024", "label": "Bee Monitor", "url": "https://example.org"}}],
        "columns": ["Who", "Hives"],
        "rows": rows,
        "colours": {{"ink": "#111111", "muted": "#222222", "grid": "#333333",
                    "surface": "#444444"}},
    }},
    "text/plain": "Three counts of hives",
}}, raw=True)
```

## Claims
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "claims.csv").write_text(CLAIMS)
    (tmp_path / "tiny_report.py").write_text(REPORT)
    (tmp_path / "_config.yml").write_text(CONFIG)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    return tmp_path


def build(book: Path, press: str) -> subprocess.CompletedProcess[str]:
    (book / "index.md").write_text(PAGE.format(press=press))
    return subprocess.run(
        [sys.executable, "-m", "claimbook.build", str(book), str(book / "_build")],
        env=os.environ | {"PYTHONPATH": f"{book}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_book_of_other_data(book: Path) -> None:
    made = build(book, "about 40")
    assert made.returncode == 0, made.stdout + made.stderr
    page = lxml.html.parse(book / "_build" / "html" / "index.html").getroot()
    links = page.cssselect("a.datum.claim")
    assert [link.text for link in links] == ["at least 30", "25", "about 40"]
    assert links[0].get("data-card") == "Bee Monitor"
    assert links[0].get("data-more") == "More"
    assert all(link.get("href") == "#claims" for link in links)
    (figure,) = page.cssselect("figure.chart")
    assert figure.get("id") == "chart-hives"
    assert "var(--chart-ink" in lxml.html.tostring(figure, encoding="unicode")
    assert figure.cssselect("figcaption a")[0].get("href") == "https://example.org"
    assert (book / "_build/html/downloads/charts/hives.csv").read_text() == CLAIMS
    assert (book / "_build/html/downloads/notebooks/index.ipynb").is_file()

    said = "".join(page.xpath("//script[@type='application/ld+json']/text()"))
    assert '"headline":"Tiny"' in said
    assert "license" not in said  # nobody named one
    lost = lxml.html.parse(book / "_build" / "html" / "404.html").getroot()
    assert lost.xpath("//article//li/a/@href") == ["/index.html"]

    stale = build(book, "about 50")
    assert stale.returncode != 0
    assert "the chapter says 'about 50', the data say 'about 40'" in stale.stderr
