"""The live edition: the built book with Python in it, so that readers run and edit its cells.

``python -m claimbook.live ROOT BOOK TARGET WHEEL RELEASE...`` is what ``make live`` runs.
It copies the built book, gives each code cell its number, and adds the script of the page
(``live.js``), the worker (``live-worker.js``) and what runs there: Pyodide and its packages, the
pure packages of the environment that cells use, and the project's own wheel, data included. The
book itself stays as it is.

Files of Pyodide come from a release: directories or archives that hold them. None is taken whose
SHA-256 is not the official one: ``requirements/pyodide.sha256`` has those of Pyodide's own files
and of its lock file, which in turn has those of all packages.
"""

import hashlib
import io
import json
import re
import shutil
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup
from myst_nb.core.read import read_myst_markdown_notebook
from packaging.utils import canonicalize_name
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from claimbook.markup import filled
from claimbook.static import FOLDER, address

HOME = "_static/python"  # what the worker loads; live-worker.js knows it
LOCK = "pyodide-lock.json"
ENGINE_NEEDS = ("jinja2", "markupsafe")  # of what the engine imports
_CODE = "{code-cell}"
_CELL = re.compile(r'(?=<div class="cell (?:[\w-]+ )*docutils container">)')
_ROW = re.compile(r'<tr\b[^>]*\sid="([^"]+)"')
_PIN = re.compile(r"([0-9a-f]{64})  (\S+)")
_NOT_RUN = {".c", ".css", ".dll", ".js", ".map", ".pyc", ".pyd", ".pyi", ".so"}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


class LiveError(Exception):
    """Why there is no live edition, and the way out."""


# ---- A release of Pyodide ----


def pins(path: Path) -> dict[str, str]:
    """Return the SHA-256 of files by name, from a list such as ``sha256sum`` writes it."""
    return {name: digest for digest, name in _PIN.findall(path.read_text(encoding="utf-8"))}


def official(places: Sequence[Path], wanted: Mapping[str, str], version: str) -> dict[str, bytes]:
    """Return the content of files by name, each with the SHA-256 that is wanted.

    Parameters
    ----------
    places
        Directories, searched in this order and at any depth.
    wanted
        SHA-256 by name of the file.
    version
        Of Pyodide, for the message.

    Raises
    ------
    LiveError
        A file is missing or another one.
    """
    found: dict[str, bytes] = {}
    for name, expected in wanted.items():
        paths = [path for place in places for path in sorted(place.rglob(name))]
        digests = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in paths}
        if expected not in digests:
            others = ", ".join(f"{digest} in {path}" for digest, path in digests.items())
            raise LiveError(
                f"{name}: expected SHA-256 {expected}, found "
                + (others or f"no such file in {', '.join(map(str, places))}")
                + f"\nOnly files of the official release of Pyodide {version} are used: name a"
                " directory or an archive that holds it, make live PYODIDE=…, or name none, to have"
                " the files from npm and PyPI."
            )
        found[name] = digests[expected].read_bytes()
    return found


def unpacked(place: Path, folder: Path) -> Path:
    """Return the directory that a release is, or into which its archive is unpacked.

    Raises
    ------
    LiveError
        It is neither, or broken.
    """
    target = folder / place.name
    try:
        if zipfile.is_zipfile(place):
            shutil.unpack_archive(place, target, "zip")
        elif not place.is_dir():
            shutil.unpack_archive(place, target, "tar", filter="data")
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise LiveError(
            f"{place}: expected a directory or an archive (zip, wheel, tar) that can be read whole,"
            f" found {error}"
        ) from error
    return place if place.is_dir() else target


def packages_of(lock: Mapping[str, Any], names: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Return the packages of Pyodide's lock file with these names, and all that they depend on.

    Parameters
    ----------
    lock
        The content of ``pyodide-lock.json``.
    names
        What cells import.

    Raises
    ------
    LiveError
        The release has no package of a name.
    """
    found: dict[str, Mapping[str, Any]] = {}
    waiting = [canonicalize_name(name) for name in names]
    for name in waiting:  # grows
        if name not in lock["packages"]:
            raise LiveError(
                f"claimbook_live, release: expected packages of Pyodide {lock['info']['version']},"
                f" found {name!r}"
            )
        if name not in found:
            found[name] = lock["packages"][name]
            waiting += [canonicalize_name(other) for other in found[name]["depends"]]
    return found


# ---- Packages of the environment, and the project's own ----


def _installed(name: str) -> dict[str, bytes]:
    """Return the files of an installed package, by path.

    Without what only other machines run: compiled modules, for which these packages have a
    replacement in Python, and scripts for other pages.
    """
    return {
        path.as_posix(): Path(str(path.locate())).read_bytes()
        for path in distribution(name).files or []
        if ".." not in path.parts and path.suffix not in _NOT_RUN
    }


def engine(own: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what runs cells in the worker, by path: it has to stand on the standard library alone.

    Parameters
    ----------
    own
        Files of this package.
    """
    found = {name: code for name, code in own.items() if name.endswith((".py", ".html"))}
    for name in ENGINE_NEEDS:
        found |= _installed(name)
    return found


def _archive(content: Mapping[str, bytes]) -> bytes:
    """Pack files, so that the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(content):
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


# ---- Pages ----


def with_cells(page: str, text: str, name: str, assets: Mapping[str, Any]) -> str:
    """Return a page whose code cells have numbers, with their code as data, and more in its head.

    A cell that the book leaves out is set before the next one, folded away.

    Parameters
    ----------
    page
        The built page.
    text
        Its source, a text notebook.
    name
        Of the page.
    assets
        What the page loads: values of ``live-head.html``.
    """
    cells = [c for c in read_myst_markdown_notebook(text).cells if c["cell_type"] == "code"]
    left_out = ["remove-cell" in cell["metadata"].get("tags", []) for cell in cells]
    body, end, foot = page.rpartition("</article>")
    whole, *shown = _CELL.split(body)
    if len(shown) != left_out.count(False):
        raise LiveError(
            f"{name}: expected {left_out.count(False)} code cells on the page, found {len(shown)};"
            " build the book anew"
        )
    for number, (cell, out) in enumerate(zip(cells, left_out, strict=True)):
        if out:
            code = highlight(cell["source"], PythonLexer(), HtmlFormatter(nowrap=True))
            hidden = filled("live-cell.html", number=number, code=Markup(code))  # noqa: S704
            whole += str(hidden)
        else:
            whole += shown.pop(0).replace("<div", f'<div data-cell="{number}"', 1)
    sources = [cell["source"] for cell in cells]
    head = filled("live-head.html", cells=sources, name=name, **assets)
    return f"{whole}{end}{foot}".replace("</head>", f"{head}</head>", 1)


# ---- All of it ----


def make(root: Path, book: Path, target: Path, wheel: Path, release: Sequence[Path]) -> int:
    """Make the live edition of a built book; return the number of its pages with cells.

    Parameters
    ----------
    root
        The folder with ``_config.yml``.
    book
        The built book.
    target
        The folder of the live edition, replaced once all is made.
    wheel
        The project's wheel, this package in it.
    release
        Where files of Pyodide are.
    """
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]
    with tempfile.TemporaryDirectory() as work:
        places = [unpacked(place, Path(work)) for place in release]
        content, settings = _runtime(root, config["claimbook_live"], wheel, places)
    fresh = target.with_name(f".{target.name}-fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(book, fresh)
    settings["rows"] = {
        page.relative_to(fresh).with_suffix("").as_posix(): _ROW.findall(text)
        for page in sorted(fresh.rglob("*.html"))
        if "record-tools" in (text := page.read_text(encoding="utf-8"))
    }
    content["live.json"] = json.dumps(settings, ensure_ascii=False).encode()
    (fresh / HOME).mkdir(parents=True)
    for name, part in content.items():
        (fresh / HOME / name).write_bytes(part)
    count = _pages(fresh)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return count


def _runtime(
    root: Path, live: Mapping[str, Any], wheel: Path, places: Sequence[Path]
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the files that the worker loads, by name, and what it has to know of them."""
    pinned = root / live["pins"]
    core = pins(pinned)
    version = pinned.read_text(encoding="utf-8").split()[2].rstrip(":")
    content = official(places, core, version)
    size = sum(map(len, content.values()))
    theirs = packages_of(json.loads(content[LOCK]), live["release"])
    content |= official(places, {p["file_name"]: p["sha256"] for p in theirs.values()}, version)
    libraries = {name for name, p in theirs.items() if p["package_type"] == "shared_library"}
    listed = {
        name: {
            "file": package["file_name"],
            "size": len(content[package["file_name"]]),
            "imports": [] if name in libraries else package["imports"],
            "needs": sorted(libraries.intersection(map(canonicalize_name, package["depends"]))),
        }
        for name, package in theirs.items()
    }
    with zipfile.ZipFile(wheel) as packed:
        own = {name: packed.read(name) for name in packed.namelist()}
    files_of_engine = {name: own.pop(name) for name in list(own) if name.startswith(f"{FOLDER}/")}
    content["engine.zip"] = _archive(engine(files_of_engine))
    ours = {wheel.name.partition("-")[0]: own}
    ours |= {name: _installed(name) for name in live["environment"]}
    for name, parts in ours.items():
        file = f"{name}.zip"
        content[file] = _archive(parts)
        listed[name] = {"file": file, "size": len(content[file]), "imports": [name], "needs": []}
    lines = [*(f"{p['name']} {p['version']}" for p in theirs.values()), *ours, *ENGINE_NEEDS]
    notice = filled("live-notice.txt", version=version, core=core, packages=sorted(lines))
    content["NOTICE.txt"] = notice.encode()
    return content, {"packages": listed, "size": size}


def _pages(site: Path) -> int:
    """Set the cells of all pages; return how many pages have any."""
    for name in ("live.css", "live.js", "live-worker.js"):
        asset = Path(__file__).parent / "assets" / name
        shutil.copyfile(asset, site / "_static" / FOLDER / name)
    count = 0
    for source in sorted((site / "_sources").rglob("*.md")):
        text = source.read_text(encoding="utf-8")
        if _CODE not in text:
            continue
        name = source.relative_to(site / "_sources").with_suffix("").as_posix()
        path = site / f"{name}.html"
        page = path.read_text(encoding="utf-8")
        # What draws charts and moves sliders is on those pages alone that the book needs it on.
        wanted = [n for n in ("charts.js", "time-slider.js") if f"{FOLDER}/{n}" not in page]
        style, *scripts = (
            address(site, f"_static/{FOLDER}/{n}") for n in ("live.css", *wanted, "live.js")
        )
        loaded = {"up": "../" * name.count("/"), "style": style, "scripts": scripts}
        path.write_text(with_cells(page, text, name, loaded), encoding="utf-8")
        count += 1
    return count


def main(arguments: Sequence[str]) -> int:
    """Make what the command line names, in the order of the module's description."""
    root, book, target, wheel, *release = map(Path, arguments)
    try:
        pages = make(root, book, target, wheel, release)
    except LiveError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{target}: {pages} pages with cells to run")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
