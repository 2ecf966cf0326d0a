"""A name for the state of data, code and locked packages, and the cache that goes by it.

jupyter-cache looks at the code cells of a chapter alone. A chapter whose cells stay the same
while a table or the package changes would keep its old output. So the cache lies in a folder
named after the fingerprint, and the fingerprint is a configuration value on which every page
depends: after any change all pages are read and executed anew, and without one none is.
"""

import hashlib
import shutil
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

CACHE_FOLDER = ".jupyter_cache"
_OWN = Path(__file__).resolve().parent
# Of a package, what cells may show: code, and the facts, templates and fonts that it reads.
_RUN = {".html", ".py", ".toml", ".ttf"}


def inputs(
    root: Path, packages: Iterable[Path], data: str, lock: str
) -> Iterator[tuple[str, Path]]:
    """The files that executed cells depend on.

    Parameters
    ----------
    root
        The folder with ``_config.yml``.
    packages
        The folders of the packages whose code the cells run.
    data
        The folder of the data, seen from ``root``.
    lock
        The lock file, seen from ``root``; "" for none.

    Yields
    ------
    tuple
        A name that does not depend on the machine, and the path.
    """
    folder = root / data
    for path in _files(folder):
        yield f"data/{path.relative_to(folder).as_posix()}", path
    for package in packages:
        for path in _files(package):
            if path.suffix in _RUN:
                yield f"src/{package.name}/{path.relative_to(package).as_posix()}", path
    if lock and (root / lock).is_file():
        yield lock, root / lock


def fingerprint(
    root: Path, packages: Iterable[Path] = (), data: str = "data", lock: str = ""
) -> str:
    """Return a SHA-256 over the names and contents of all inputs, and the Python version.

    Parameters
    ----------
    root
        The folder with ``_config.yml``, data and lock file.
    packages
        The folders of the packages whose code the cells run.
    data
        The folder of the data, seen from ``root``.
    lock
        The lock file, seen from ``root``; "" for none.
    """
    digest = hashlib.sha256(f"python {sys.version_info[:2]}".encode())
    for name, path in inputs(root, packages, data, lock):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"\n{name} {content}".encode())
    return digest.hexdigest()


def prune(folder: Path, keep: str = "") -> list[Path]:
    """Delete what is in a folder, but for one entry.

    Parameters
    ----------
    folder
        Where to delete.
    keep
        The name of the entry that stays; "" for none.

    Returns
    -------
    list of Path
        What was deleted.
    """
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    old = [path for path in there if path.name != keep]
    for path in old:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return old


def of_book(app: Sphinx, config: Config) -> str:
    """Return the fingerprint of the book that is being built, by its configuration."""
    specs = [find_spec(name) for name in config.claimbook_packages]
    packages = [Path(spec.origin).parent for spec in specs if spec and spec.origin]
    root = Path(app.srcdir)
    return fingerprint(root, [_OWN, *packages], config.claimbook_data, config.claimbook_lock)


def setup(app: Sphinx) -> None:
    """Register the fingerprint as a configuration value that outdates every page."""
    app.add_config_value("claimbook_fingerprint", "", "env", frozenset({str}))
    # Before what depends on it: execution begins as soon as the name is known.
    app.connect("config-inited", _set_cache, priority=100)
    app.connect("build-finished", _prune_cache)


def _files(folder: Path) -> Iterable[Path]:
    """List the files under a folder in a fixed order, without hidden ones and bytecode."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not _is_hidden(path.relative_to(folder)))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def _cache_root(app: Sphinx) -> Path:
    return Path(app.outdir).parent / CACHE_FOLDER


def cache_folder(app: Sphinx, name: str) -> Path:
    """Return where the executed cells of the state with that fingerprint are kept.

    Parameters
    ----------
    app
        The application.
    name
        The fingerprint.
    """
    return _cache_root(app) / name[:16]


def _set_cache(app: Sphinx, config: Config) -> None:
    name = of_book(app, config)
    config.claimbook_fingerprint = name
    made = Path(app.outdir)
    # All is made anew: a file that no page has any more must not stay. Nothing is deleted from a
    # folder in which Sphinx has built nothing.
    if not cache_folder(app, name).is_dir() and (made / ".buildinfo").is_file():
        prune(made)
    config.nb_execution_cache_path = str(cache_folder(app, name))


def _prune_cache(app: Sphinx, exception: Exception | None) -> None:
    if exception is None:
        prune(_cache_root(app), app.config.claimbook_fingerprint[:16])
