"""A name for the state of data, code and locked packages, and the cache that goes by it.

jupyter-cache looks at the code cells of a chapter alone. A chapter whose cells stay the same
while a table or the package changes would keep its old output. So the cache lies in a folder
named after the fingerprint, and the fingerprint is a configuration value on which every page
depends: after any change all pages are read and executed anew, and without one none is.
"""

import hashlib
import shutil
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

CACHE_FOLDER = ".jupyter_cache"
# Of a package, what cells may show: code, and the facts, templates and fonts that it reads.
_RUN = {".html", ".json", ".py", ".toml", ".ttf", ".txt"}


def fingerprint(
    root: Path, packages: Iterable[Path] = (), data: str = "data", lock: str = ""
) -> str:
    """Return a SHA-256 over all that executed cells depend on, and the Python version.

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
    code = (path for package in packages for path in _files(package) if path.suffix in _RUN)
    for path in (*_files(root / data), *code, *([root / lock] if lock else [])):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"\n{path} {content}".encode())
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    """List the files under a folder in a fixed order, without hidden ones and bytecode."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(p.startswith((".", "__pycache__")) for p in path.relative_to(folder).parts)
    ]


def prune(folder: Path, keep: str) -> None:
    """Delete the folders in a folder, but for the one of the name ``keep``."""
    for path in folder.glob("*"):
        if path.name != keep:
            shutil.rmtree(path)


def setup(app: Sphinx) -> None:
    """Register the fingerprint as a configuration value that outdates every page."""
    app.add_config_value("claimbook_fingerprint", "", "env", frozenset({str}))
    app.connect("config-inited", _set_cache)
    app.connect("build-finished", _prune_cache)


def _set_cache(app: Sphinx, config: Config) -> None:
    specs = [find_spec(name) for name in ("claimbook", *config.claimbook_packages)]
    packages = [Path(spec.origin).parent for spec in specs if spec and spec.origin]
    lock = config.claimbook_lock
    config.claimbook_fingerprint = fingerprint(Path(app.srcdir), packages, lock=lock)
    made = Path(app.outdir)
    cache = made.parent / CACHE_FOLDER / config.claimbook_fingerprint
    # All is made anew: a file that no page has any more must not stay. Nothing is deleted from a
    # folder in which Sphinx has built nothing.
    if not cache.is_dir() and (made / ".buildinfo").is_file():
        shutil.rmtree(made)
        made.mkdir()
    config.nb_execution_cache_path = str(cache)


def _prune_cache(app: Sphinx, exception: Exception | None) -> None:
    if exception is None:
        prune(Path(app.outdir).parent / CACHE_FOLDER, app.config.claimbook_fingerprint)
