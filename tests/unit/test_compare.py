"""What changed between two versions; how to cite; what the tables hold."""

import json
import shutil

import pytest

import strikes2024
from strikes2024 import DataError
from strikes2024.cite import citation
from strikes2024.compare import compare
from strikes2024.describe import describe_columns, describe_tables


@pytest.fixture
def old(small, tmp_path):
    return shutil.copytree(small.root, tmp_path / "old")


def set_version(root, version):
    path = root / "datapackage.json"
    raw = json.loads(path.read_text(encoding="utf-8")) | {"version": version}
    path.write_text(json.dumps(raw), encoding="utf-8")


def test_the_same_data(small, old):
    found = compare(old, small.root)
    assert (found.same, found.step, found.version_fits) == (True, "none", True)
    assert "No table, column or row differs." in str(found)


def test_rows_added_removed_and_changed(small, old):
    small.rows["claims"][0]["low"] = "26"
    small.rows["claims"][1]["note"] = "Read again"
    small.rows["definitions"] = []
    small.rows["sources"].append(small.rows["sources"][0] | {"source_id": "src-c"})
    small.write()
    set_version(small.root, "0.1.1")
    set_version(old, "0.1.0")
    found = compare(old, small.root)
    assert str(found).splitlines() == [
        "## Data 0.1.1 (from 0.1.0)",
        "",
        "- `sources`: 1 added",
        "  - added `src-c`",
        "- `claims`: 2 changed",
        "  - changed `claim-a`: low: 25 → 26",
        "  - changed `claim-b`: note: (blank) → Read again",
        "- `definitions`: 1 removed",
        "  - removed `def`",
        "",
        "The version should take a minor step at least; it goes from 0.1.0 to 0.1.1.",
    ]
    back = compare(small.root, old).changes
    assert back.loc[back["change"] == "removed", ["table", "name"]].to_numpy().tolist() == [
        ["sources", "src-c"]
    ]
    assert back[back["column"] == "low"].iloc[0].tolist() == [
        "claims", "changed", "claim-a", "low", "26", "25",
    ]  # fmt: skip


def drop_column(root):
    path = root / "datapackage.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    links = next(item for item in raw["resources"] if item["name"] == "links")
    links["schema"]["fields"].pop()
    path.write_text(json.dumps(raw), encoding="utf-8")
    lines = (root / "links.csv").read_text(encoding="utf-8").splitlines()
    text = "".join(line.rsplit(",", 1)[0] + "\n" for line in lines)
    (root / "links.csv").write_text(text, encoding="utf-8")


def test_a_column_that_is_gone_or_new(small, old):
    drop_column(small.root)
    found = compare(old, small.root)
    assert (found.step, found.changes["name"].tolist()) == ("major", ["note"])
    assert "  - removed column `note`" in str(found)
    back = compare(small.root, old)
    assert (back.step, back.changes["name"].tolist()) == ("minor", ["note"])


@pytest.mark.parametrize(
    ("old_version", "new_version", "fits"),
    [("0.1.0", "0.1.1", True), ("0.1.0", "0.2.0", True), ("1.9.3", "2.0.0", True),
     ("0.1.0", "0.1.0", False), ("0.2.0", "0.1.9", False), ("0.1.0", "next", True)],
)  # fmt: skip
def test_a_correction_needs_a_patch(small, old, old_version, new_version, fits):
    small.change("claims", 2, low="26")
    set_version(old, old_version)
    set_version(small.root, new_version)
    found = compare(old, small.root)
    assert found.step == "patch"
    assert found.version_fits == fits


def test_a_key_given_twice_and_a_broken_file(small, old):
    small.rows["links"].append(dict(small.rows["links"][0]))
    with pytest.raises(DataError, match=r"links\.csv row 3: field link_id: value link: expected a"):
        compare(old, small.write())
    (small.root / "links.csv").write_bytes(b"")
    with pytest.raises(DataError, match=r"links\.csv: expected a header row; the file is empty"):
        compare(old, small.root)


def test_citations_name_both_versions(root):
    data = json.loads((root / "data" / "datapackage.json").read_text(encoding="utf-8"))
    for style in ("text", "bibtex"):
        words = citation(style)
        assert f"strikes2024 {strikes2024.__version__}" in words
        assert data["version"] in words
        assert data["created"][:4] in words
    assert citation("bibtex").count("{") == citation("bibtex").count("}")
    ris = [line.split("  - ", 1) for line in citation("ris").splitlines()]
    assert ris[0] == ["TY", "DATA"]
    assert ["ET", data["version"]] in ris
    assert ["DA", data["created"][:10].replace("-", "/")] in ris
    assert ris[-1][0] == "ER"
    with pytest.raises(ValueError, match="no style 'bibtx'; did you mean 'bibtex'"):
        citation("bibtx")


def test_marks_of_tex_are_escaped(small):
    path = small.root / "datapackage.json"
    path.write_text(json.dumps(small.descriptor | {"title": "50% of A_B & C"}), encoding="utf-8")
    assert r"50\% of A\_B \& C" in citation("bibtex", small.root)


def test_describe(small):
    tables = describe_tables(small.root).set_index("table")
    assert tables.loc["claims", ["rows", "columns"]].tolist() == [3, 26]
    assert tables.loc["claims", "first"].isoformat() == "2024-01-28T00:00:00"
    assert tables.loc["actors", ["first", "last"]].isna().all()
    columns = describe_columns("claims", small.root).set_index("column")
    assert columns.loc["high", ["type", "filled", "distinct"]].tolist() == ["number", 2, 2]
    assert columns.loc["also_in", "type"] == "list of sources, separated by ;"
    assert columns.loc["source", "type"] == "key of sources"
    with pytest.raises(DataError, match="did you mean 'claims'"):
        describe_columns("claim", small.root)


def test_the_citation_file_carries_both_versions(root):
    text = (root / "CITATION.cff").read_text(encoding="utf-8")
    data = json.loads((root / "data" / "datapackage.json").read_text(encoding="utf-8"))
    import yaml

    cff = yaml.safe_load(text)
    assert cff["version"] == strikes2024.__version__
    assert cff["preferred-citation"]["version"] == data["version"]
    assert cff["preferred-citation"]["title"] == cff["title"]
    assert str(cff["date-released"]) == data["created"][:10]
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert f"data version {data['version']}" in " ".join(readme.split())
