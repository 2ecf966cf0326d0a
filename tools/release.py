"""Put a release together: everything to archive, with checksums, and the site with all versions.

    python tools/release.py BUILD DIST

BUILD holds the built book (``html``) and its print edition (``pdf``), DIST the wheel and the source
archive. The release goes to ``DIST/release``: wheel, source archive, the book as a zip archive, the
print edition, the data in every format, a manifest (``ro-crate-metadata.json``) and SHA256SUMS. The
book also goes to ``DIST/site/VERSION``, beside the versions that are there, with ``versions.json``
that tells readers of an older one of the newest. Two clones of one commit give the same bytes.

A version that was released does not change: other content under its number is refused.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import strikes2024
from strikes2024.export.target import zipped
from strikes2024.report.datafiles import CRATE, File, described, write_json
from strikes2024.schema import Package, read_package

DATA = "downloads/data"  # in the built book
VERSIONS = "versions.json"
_OWN = {"SHA256SUMS", CRATE}  # made anew for the whole release
_FIRST_PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<meta http-equiv="refresh" content="0; url={version}/index.html">
<p><a href="{version}/index.html">{title}, version {version}</a></p>
</html>
"""


class ReleaseError(Exception):
    """The release cannot be made; the message says why."""


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file below a folder, by its path in it."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def parts(build: Path, dist: Path, version: str) -> Iterator[tuple[Path, str]]:
    """Yield each file of the release that lies ready, and what it is."""
    wheels = sorted(dist.glob(f"*-{version}-*.whl"))
    sources = sorted(dist.glob(f"*-{version}.tar.gz"))
    printed = sorted((build / "pdf").glob("*.pdf"))
    for found, what, command in (
        (wheels, "Python package with the data", "package"),
        (sources, "Source archive of report, data and code", "package"),
        (printed, "Print edition", "pdf"),
    ):
        if len(found) != 1:
            raise ReleaseError(f"{what.lower()}: {len(found)} files found; run `make {command}`")
        yield found[0], what
    graph = json.loads((build / "html" / DATA / CRATE).read_text("utf-8"))
    names = {part["@id"]: part.get("name", "") for part in graph["@graph"]}
    for path in sorted((build / "html" / DATA).iterdir()):
        if path.name not in _OWN:
            yield path, names[path.name].rstrip(".")


def make(build: Path, dist: Path, version: str, package: Package) -> Path:
    """Fill ``release``; return it."""
    target = dist / "release"
    with tempfile.TemporaryDirectory(dir=dist) as work:
        draft = Path(work) / "release"
        draft.mkdir()
        book = draft / f"strikes2024-book-{version}.zip"
        zipped(build / "html", book, within=f"{book.stem}/")
        files = [File(book, "The report as a web site")]
        for path, what in parts(build, dist, version):
            shutil.copyfile(path, draft / path.name)
            files.append(File(draft / path.name, what))
        write_json(draft / CRATE, described("ro-crate", package, files=files))
        lines = [f"{digest}  {name}\n" for name, digest in digests(draft).items()]
        (draft / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
    return target


def publish(html: Path, site: Path, version: str, package: Package) -> None:
    """Put the book under its version and tell the others of it."""
    place = site / version
    if place.exists() and digests(place) != digests(html):
        raise ReleaseError(
            f"{place} holds another book: version {version} was released before; "
            "raise `__version__` in src/strikes2024/__init__.py and `version` in CITATION.cff"
        )
    if not place.exists():
        site.mkdir(parents=True, exist_ok=True)
        shutil.copytree(html, place)
    listed = site / VERSIONS
    known = json.loads(listed.read_text(encoding="utf-8"))["versions"] if listed.is_file() else []
    this = {
        "version": version,
        "data_version": package.version,
        "date": str(package.descriptor.get("created", ""))[:10],
        "path": f"{version}/",
    }
    known = [each for each in known if each["version"] != version] + [this]
    known.sort(key=lambda each: [int(number) for number in each["version"].split(".")])
    latest = known[-1]["version"]
    text = json.dumps({"latest": latest, "versions": known}, indent=1)
    listed.write_text(f"{text}\n", encoding="utf-8")
    first = _FIRST_PAGE.format(title=package.title, version=latest)
    (site / "index.html").write_text(first, encoding="utf-8")


def changed(root: Path) -> str:
    """Return what git calls changed, or nothing where git does not know the folder."""
    command = ["git", "-C", str(root), "status", "--porcelain"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def main(arguments: list[str]) -> int:
    """Run the command; return 0, or 1 where there is no release."""
    if len(arguments) != 2:
        print("Usage: release.py BUILD DIST", file=sys.stderr)
        return 2
    build, dist = map(Path, arguments)
    version, package = strikes2024.__version__, read_package(strikes2024.data_dir())
    try:
        if files := changed(Path(__file__).parent):
            raise ReleaseError(f"these files are not committed, so nobody else has them:\n{files}")
        release = make(build, dist, version, package)
        publish(build / "html", dist / "site", version, package)
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{release}: {len(digests(release))} files; {dist / 'site'}: version {version}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
