"""Any text in a cell: it stays text on the pages, in the drawings and in spreadsheets."""

import csv
from types import SimpleNamespace

import lxml.etree
import lxml.html
import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from unit_helpers import forget_the_record

import strikes2024
from claimbook.figure import figure_html
from strikes2024 import Tables, charts
from strikes2024.export import export
from strikes2024.export.source import escape_formula
from strikes2024.report import pages

# What markup, formulas and mathematics are made of, among any other characters.
TEXT = st.text(
    st.one_of(st.sampled_from("<>&\"'=+-@$\\{}[]()`_^%;:/"), st.characters(codec="utf-8")),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip() == text and text.isprintable())
EVIL = (
    "</script><script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>", "$\\frac{1}{0}$",
    "=cmd|' /C calc'!A0", "<!--", "]]>", "&lt;b&gt;", "{{7*7}}", "javascript:alert(1)", "$x$ $",
)  # fmt: skip
few = settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate],
               suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip


def also(function):
    """Try the texts that mean harm beside those that hypothesis finds."""
    for text in EVIL:
        function = example(text=text)(function)
    return function


def with_text(small, text: str) -> Tables:
    """The small tables with a text in each cell that is free text."""
    tables = strikes2024.load(small.root)
    for name, columns in {
        "events": ["title", "summary", "note", "damage", "weapon_detail"],
        "claims": ["note", "speaker"],
        "sources": ["title", "publisher", "author", "note"],
        "actors": ["name", "description"],
        "places": ["name", "admin1", "note"],
        "tallies": ["note"],
        "interval_counts": ["note", "speaker"],
        "people": ["name", "role", "unit", "note"],
    }.items():
        for column in columns:
            tables[name][column] = text
            tables[name][column] = tables[name][column].astype("string")
    return tables


def texts(tree: lxml.html.HtmlElement) -> str:
    return " ".join(tree.text_content().split())


def harmless(html: str) -> lxml.html.HtmlElement:
    tree = lxml.html.fromstring(f"<div>{html}</div>")
    assert not [s for s in tree.iter("script") if s.get("type") != "application/json"]
    assert not [s for s in tree.iter("img") if s.get("src") == "x"]
    for element in tree.iter():
        if isinstance(element.tag, str):
            assert not [name for name in element.attrib if name.startswith("on")]
            assert not (element.get("href") or "").lower().startswith("javascript")
    return tree


@pytest.fixture
def book(monkeypatch):
    """Let the pages of the book show other tables."""

    def show(tables: Tables) -> None:
        monkeypatch.setattr(strikes2024, "load", lambda: tables)
        forget_the_record()

    yield show
    forget_the_record()


@pytest.mark.parametrize(
    "name", ["ledger", "tally-ledger", "source-list", "actor-list", "event-list"]
)
@few
@also
@given(text=TEXT)
def test_any_text_stays_text_on_the_pages(small, book, name, text) -> None:
    load = strikes2024.load
    try:
        book(with_text(small, text))
        directive = pages.Ledger if name == "ledger" else pages.Listing
        found = directive.run(SimpleNamespace(name=name))
    finally:
        strikes2024.load = load
    html = "".join(raw.astext() for node in found for raw in node.findall(pages.nodes.raw))
    assert " ".join(text.split()) in texts(harmless(html))


@settings(few, max_examples=3)
@example(text="</script><script>alert(1)</script>")
@example(text="$\\frac{1}{0}$")
@given(text=TEXT)
def test_any_text_stays_text_in_charts(small, text) -> None:
    tables = with_text(small, text)
    tables.places["lat"] = tables.places["lat"].fillna(33)
    tables.places["lon"] = tables.places["lon"].fillna(44)
    tables.events["places"] = tables.events["places"].fillna("al-asad")
    tables.claims["metric"] = "killed"
    for name in ("deadliest_events", "events_map"):  # the two that draw words from cells
        chart = getattr(charts, name)(tables)
        payload = chart.payload()
        for drawing in (payload["svg"]["narrow"], payload["files"]["svg"]):
            root = lxml.etree.fromstring(drawing.encode())  # sound XML, or an error
            assert not root.findall(".//{*}script")
        tree = harmless(figure_html(payload, files=dict.fromkeys(("csv", "svg", "png"), "x"),
                                    href=lambda source: f"#{source['id']}"))  # fmt: skip
        shown = " ".join(text.split())
        assert shown in texts(tree)
        rows = [[str(cell) for cell in row] for row in payload["rows"]]
        back = list(csv.reader(payload["files"]["csv"].splitlines()))[1:]
        assert back == [[escape_formula(cell) for cell in row] for row in rows]


@settings(few, max_examples=5)
@example(text="=cmd|' /C calc'!A0")
@example(text="-1+2")
@given(text=TEXT)
def test_any_text_is_no_formula_in_a_spreadsheet(small, tmp_path, text) -> None:
    small.rows["claims"][0]["note"] = small.rows["events"][1]["title"] = text
    small.rows["sources"][0]["publisher"] = text
    root = small.write()
    for name in ("flat", "ged", "csv"):
        path = export(name, tmp_path / name, data_dir=root, force=True)
        for file in path.glob("*.csv") if path.is_dir() else [path]:
            cells = [c for r in csv.reader(file.open(encoding="utf-8-sig", newline="")) for c in r]
            assert not [c for c in cells if c[:1] in "=@\t\r" and c]
            assert not [c for c in cells if c[:1] in "+-" and c and not _is_number(c)]
            assert escape_formula(text) in cells or file.name not in {"claims.csv", "flat"}
    book = openpyxl.load_workbook(export("xlsx", tmp_path / "x.xlsx", data_dir=root, force=True))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
