"""The live edition: the built book with Python in it, so that readers run and edit its cells.

``python -m claimbook.live ROOT BOOK TARGET --wheel WHEEL RELEASE...`` is what ``make live`` runs.
It copies the built book, gives each code cell its number, and adds the script of the page
(``live.js``), the worker (``live-worker.js``) and what runs there: Pyodide and its packages, the
pure packages of the environment that cells use, and the project's own wheel, data included. The
book itself stays as it is.

Files of Pyodide come from a release: directories or archives that hold them. None is taken whose
SHA-256 is not the official one: ``requirements/pyodide.sha256`` has those of Pyodide's own files
and of its lock file, which in turn has those of all packages.
"""

import argparse
import hashlib
import io
import json
import posixpath
import re
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from markupsafe import Markup
from myst_nb.core.read import read_myst_markdown_notebook
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from claimbook.figure import script_json
from claimbook.markup import filled
from claimbook.static import FOLDER

HOME = "_static/python"  # what the worker loads; live-worker.js knows it
LOCK = "pyodide-lock.json"
ENGINE = "engine.zip"
ENGINE_NEEDS = ("jinja2",)  # of what the engine imports
SETTINGS = "live.json"
_CODE = "{code-cell}"
_CELL = re.compile(r'<div class="cell (?:[\w-]+ )*docutils container">')
_ROW = re.compile(r'<tr\b[^>]*\sid="([^"]+)"')
_PIN = re.compile(r"([0-9a-f]{64})  (\S+)")
_NOT_RUN = {".c", ".css", ".dll", ".js", ".map", ".pyc", ".pyd", ".pyi", ".so"}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_NOTICE = """\
Python in the page: Pyodide {version} ({core}), unchanged, under the Mozilla Public License 2.0.
Each package beside it has its own licence inside the file, in its folder *.dist-info:

{packages}
"""


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
        Directories and archives, searched in this order and at any depth.
    wanted
        SHA-256 by name of the file.
    version
        Of Pyodide, for the message.

    Raises
    ------
    LiveError
        A place is not there, or a file is missing or another one.
    """
    found: dict[str, bytes] = {}
    others: dict[str, tuple[str, str]] = {}
    for place in places:
        for name, content in _contents(place, wanted.keys() - found.keys()):
            digest = hashlib.sha256(content).hexdigest()
            if digest == wanted[name]:
                found[name] = content
            else:
                others.setdefault(name, (str(place), digest))
    faults = []
    for name in sorted(wanted.keys() - found.keys(), key=lambda name: (name not in others, name)):
        everywhere = ", ".join(map(str, places))
        where, digest = others.get(name, (everywhere, "no such file"))
        faults.append(f"{name}: expected SHA-256 {wanted[name]}, found {digest} in {where}")
    if faults:
        more = f"\n(and {len(faults) - 1} more files)" if len(faults) > 1 else ""
        raise LiveError(
            f"{faults[0]}{more}\nOnly files of the official release of Pyodide {version} are used:"
            " name a directory or an archive that holds it, make live PYODIDE=…, or name none, to"
            " have the files from npm and PyPI."
        )
    return found


def _contents(place: Path, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield those files of a directory or an archive that have one of the names."""
    names = frozenset(names)
    try:
        if place.is_dir():
            for path in sorted(place.rglob("*")):
                if path.name in names and path.is_file():
                    yield path.name, path.read_bytes()
        elif zipfile.is_zipfile(place):
            with zipfile.ZipFile(place) as packed:
                for member in packed.namelist():
                    if posixpath.basename(member) in names:
                        yield posixpath.basename(member), packed.read(member)
        else:
            with tarfile.open(place) as tar:
                for part in tar:
                    content = tar.extractfile(part)
                    if posixpath.basename(part.name) in names and content:
                        yield posixpath.basename(part.name), content.read()
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise LiveError(
            f"{place}: expected a directory or an archive (zip, wheel, tar) that can be read whole,"
            f" found {error}"
        ) from error


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
    known, version = lock["packages"], lock["info"]["version"]
    found: dict[str, Mapping[str, Any]] = {}
    waiting = [canonicalize_name(name) for name in names]
    while waiting:
        name = waiting.pop(0)
        if name not in known:
            raise LiveError(
                f"claimbook_live, release: expected packages of Pyodide {version}, found {name!r}"
            )
        if name not in found:
            found[name] = known[name]
            waiting += [canonicalize_name(other) for other in known[name]["depends"]]
    return found


# ---- Packages of the environment, and the project's own ----


def _environment(names: Iterable[str], but: Iterable[str]) -> dict[str, dict[str, bytes]]:
    """Return the files of installed packages, and of what they need, by name of the package.

    Without what only other machines run: compiled modules, for which these packages have a
    replacement in Python, and scripts for other pages.
    """
    found: dict[str, dict[str, bytes]] = {}
    waiting, done = [canonicalize_name(name) for name in names], set(but)
    while waiting:
        name = waiting.pop(0)
        if name in done:
            continue
        done.add(name)
        installed = distribution(name)
        found[name] = {
            path.as_posix(): Path(str(path.locate())).read_bytes()
            for path in installed.files or []
            if ".." not in path.parts and path.suffix not in _NOT_RUN
        }
        for text in installed.requires or []:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(canonicalize_name(requirement.name))
    return found


def engine(own: Mapping[str, bytes], needed: Mapping[str, Mapping[str, bytes]]) -> dict[str, bytes]:
    """Return what runs cells in the worker, by path: it has to stand on the standard library alone.

    Parameters
    ----------
    own
        Files of this package.
    needed
        Files of the packages that it needs, by name of the package.
    """
    found = {name: code for name, code in own.items() if name.endswith((".py", ".html"))}
    return found | {name: code for parts in needed.values() for name, code in parts.items()}


def _archive(content: Mapping[str, bytes]) -> bytes:
    """Pack files, so that the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(content):
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _modules(content: Iterable[str]) -> list[str]:
    """Return the names under which the files of a package are imported."""
    tops = {PurePosixPath(name).parts[0] for name in content}
    return sorted(top.removesuffix(".py") for top in tops if not top.endswith(".dist-info"))


# ---- Pages ----


def with_cells(
    page: str, text: str, name: str, values: Mapping[str, Any], assets: Mapping[str, Any]
) -> str:
    """Return a page whose code cells have numbers, with their code as data, and more in its head.

    A cell that the book leaves out is set before the next one, folded away.

    Parameters
    ----------
    page
        The built page.
    text
        Its source, a text notebook.
    name
        Of the page, for the message.
    values
        What else the script is told.
    assets
        What the page loads: values of ``live-head.html``.
    """
    cells = [c for c in read_myst_markdown_notebook(text).cells if c["cell_type"] == "code"]
    left_out = ["remove-cell" in cell["metadata"].get("tags", []) for cell in cells]
    places = list(_CELL.finditer(page))
    if len(places) != left_out.count(False):
        raise LiveError(
            f"{name}: expected {left_out.count(False)} code cells on the page, found {len(places)};"
            " build the book anew"
        )
    parts, at, seen = [], 0, 0
    for number, (cell, out) in enumerate(zip(cells, left_out, strict=True)):
        place = places[seen] if seen < len(places) else None
        start = place.start() if place else page.rindex("</article>")
        parts.append(page[at:start])
        at = start
        if out:
            code = highlight(cell["source"], PythonLexer(), HtmlFormatter(nowrap=True))
            parts.append(filled("live-cell.html", number=number, code=Markup(code)))  # noqa: S704
        else:
            parts.append(f'<div data-cell="{number}"')
            at += len("<div")
            seen += 1
    whole = "".join([*parts, page[at:]])
    data = Markup(script_json({"cells": [c["source"] for c in cells], **values}))  # noqa: S704
    head = filled("live-head.html", cells=data, **assets)
    return whole.replace("</head>", f"{head}</head>", 1)


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
    content, settings = _runtime(root, config, wheel, release)
    fresh = target.with_name(f".{target.name}-fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(book, fresh)
    home = fresh / HOME
    home.mkdir(parents=True)
    for name, part in content.items():
        (home / name).write_bytes(part)
    sources = config["claimbook_pages"]["sources"]
    listed = (fresh / f"{sources}.html").read_text(encoding="utf-8")
    settings["sources"] = re.findall(r'\sid="source-([^"]+)"', listed)
    settings["rows"] = {
        page.relative_to(fresh).with_suffix("").as_posix(): _ROW.findall(text)
        for page in sorted(fresh.rglob("*.html"))
        if "record-tools" in (text := page.read_text(encoding="utf-8"))
    }
    (home / SETTINGS).write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
    count = _pages(fresh, sources)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return count


def _runtime(
    root: Path, config: Mapping[str, Any], wheel: Path, release: Sequence[Path]
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the files that the worker loads, by name, and what it has to know of them."""
    live = config["claimbook_live"]
    pinned = root / live["pins"]
    core = pins(pinned)
    version = re.search(r"Pyodide (\S+\d)", pinned.read_text(encoding="utf-8"))
    name = version[1] if version else "?"
    content = official(release, core, name)
    lock = json.loads(content[LOCK])
    theirs = packages_of(lock, live["release"])
    content |= official(release, {p["file_name"]: p["sha256"] for p in theirs.values()}, name)
    listed = {
        key: {
            "file": package["file_name"],
            "size": len(content[package["file_name"]]),
            "imports": package["imports"] if package["package_type"] != "shared_library" else [],
            "needs": [
                other
                for other in map(canonicalize_name, package["depends"])
                if theirs[other]["package_type"] == "shared_library"
            ],
        }
        for key, package in theirs.items()
    }
    with zipfile.ZipFile(wheel) as packed:
        own = {name: packed.read(name) for name in packed.namelist()}
    files_of_engine = {n: own.pop(n) for n in list(own) if n.startswith(f"{FOLDER}/")}
    needed = _environment(ENGINE_NEEDS, theirs)
    content[ENGINE] = _archive(engine(files_of_engine, needed))
    others = _environment(live["environment"], theirs.keys() | needed)
    ours = {wheel.name.partition("-")[0]: own, **others}
    for key, parts in ours.items():
        content[f"{key}.zip"] = _archive(parts)
        listed[key] = {
            "file": f"{key}.zip",
            "size": len(content[f"{key}.zip"]),
            "imports": _modules(parts),
            "needs": [],
        }
    lines = [*(f"{p['name']} {p['version']}" for p in theirs.values()), *ours, *needed]
    notice = _NOTICE.format(version=name, core=", ".join(core), packages="\n".join(sorted(lines)))
    size = sum(len(content[file]) for file in core)
    return content | {"NOTICE.txt": notice.encode()}, {"packages": listed, "size": size}


def _pages(site: Path, sources: str) -> int:
    """Set the cells of all pages; return how many pages have any."""
    assets = files("claimbook") / "assets"
    names = ("live.css", "live.js", "live-worker.js")
    static = site / "_static" / FOLDER
    for name in names:
        (static / name).write_bytes((assets / name).read_bytes())

    def asset(name: str) -> str:
        digest = hashlib.sha256((static / name).read_bytes()).hexdigest()[:8]
        return f"_static/{FOLDER}/{name}?v={digest}"

    count = 0
    for source in sorted((site / "_sources").rglob("*.md")):
        text = source.read_text(encoding="utf-8")
        if _CODE not in text:
            continue
        name = source.relative_to(site / "_sources").with_suffix("").as_posix()
        path = site / f"{name}.html"
        page = path.read_text(encoding="utf-8")
        up = "../" * name.count("/")
        # What draws charts and moves sliders is on those pages alone that the book needs it on.
        wanted = [n for n in ("charts.js", "time-slider.js") if f"{FOLDER}/{n}" not in page]
        loaded = {
            "up": up,
            "style": asset("live.css"),
            "scripts": list(map(asset, (*wanted, "live.js"))),
        }
        here = posixpath.relpath(f"{sources}.html", posixpath.dirname(name) or ".")
        values = {"sources": here, "name": name}
        path.write_text(with_cells(page, text, name, values, loaded), encoding="utf-8")
        count += 1
    return count


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m claimbook.live", description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("book", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--wheel", type=Path, required=True)
    parser.add_argument("release", type=Path, nargs="+")
    given = parser.parse_args(arguments)
    try:
        pages = make(given.root, given.book, given.target, given.wheel, given.release)
    except LiveError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{given.target}: {pages} pages with cells to run")
    return 0


if __name__ == "__main__":
    sys.exit(main())
