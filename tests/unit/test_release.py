"""A release: the same bytes twice, nothing released changes, older versions point to the newest."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from test_tools import tool

import strikes2024
from strikes2024.schema import read_package

release = tool("release")
PACKAGE = read_package(strikes2024.data_dir())


@pytest.fixture
def built(tmp_path: Path) -> tuple[Path, Path]:
    """A book, its print edition, wheel and source archive, as small as can be."""
    build, dist = tmp_path / "build", tmp_path / "dist"
    data = build / "html" / "downloads" / "data"
    data.mkdir(parents=True)
    (build / "html" / "index.html").write_text("<p>one</p>")
    (data / "a.csv").write_text("x\n")
    (data / "SHA256SUMS").write_text("")
    crate = {"@graph": [{"@id": "a.csv", "name": "A table."}]}
    (data / "ro-crate-metadata.json").write_text(json.dumps(crate))
    (build / "pdf").mkdir()
    (build / "pdf" / "book.pdf").write_bytes(b"%PDF")
    dist.mkdir()
    (dist / "strikes2024-1.0.0-py3-none-any.whl").write_bytes(b"wheel")
    (dist / "strikes2024-1.0.0.tar.gz").write_bytes(b"source")
    return build, dist


def test_a_release_holds_everything_with_checksums_and_comes_out_the_same(built) -> None:
    build, dist = built
    folder = release.make(build, dist, "1.0.0", PACKAGE)
    first = release.digests(folder)
    assert set(first) == {
        "SHA256SUMS", "a.csv", "book.pdf", "ro-crate-metadata.json", "strikes2024-1.0.0.tar.gz",
        "strikes2024-1.0.0-py3-none-any.whl", "strikes2024-book-1.0.0.zip",
    }  # fmt: skip
    sums = dict(
        reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines()
    )
    assert sums == {name: digest for name, digest in first.items() if name != "SHA256SUMS"}
    graph = json.loads((folder / "ro-crate-metadata.json").read_text())["@graph"]
    described = {part["@id"]: part for part in graph}
    assert described["a.csv"]["name"] == "A table"
    assert described["book.pdf"]["sha256"] == hashlib.sha256(b"%PDF").hexdigest()
    with zipfile.ZipFile(folder / "strikes2024-book-1.0.0.zip") as book:
        assert book.read("strikes2024-book-1.0.0/index.html") == b"<p>one</p>"
    for path in build.rglob("*.html"):
        path.touch()  # a later time makes no other release
    assert release.digests(release.make(build, dist, "1.0.0", PACKAGE)) == first


def test_what_is_missing_is_named_and_nothing_is_written(built) -> None:
    build, dist = built
    shutil.rmtree(build / "pdf")
    with pytest.raises(release.ReleaseError, match="print edition: 0 files found; run `make pdf`"):
        release.make(build, dist, "1.0.0", PACKAGE)
    assert sorted(path.suffix for path in dist.iterdir()) == [".gz", ".whl"]


def test_a_released_version_keeps_its_book(built) -> None:
    build, dist = built
    html, site = build / "html", dist / "site"
    for version in ("0.10.0", "0.9.0", "0.9.0"):
        release.publish(html, site, version, PACKAGE)
    listed = json.loads((site / "versions.json").read_text())
    assert listed["latest"] == "0.10.0"
    assert [each["version"] for each in listed["versions"]] == ["0.9.0", "0.10.0"]
    assert {each["data_version"] for each in listed["versions"]} == {PACKAGE.version}
    assert "url=0.10.0/index.html" in (site / "index.html").read_text()
    (html / "index.html").write_text("<p>two</p>")
    with pytest.raises(release.ReleaseError, match=r"0\.9\.0 was released before; raise"):
        release.publish(html, site, "0.9.0", PACKAGE)
    assert (site / "0.9.0" / "index.html").read_text() == "<p>one</p>"
