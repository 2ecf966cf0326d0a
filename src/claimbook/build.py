"""Build the book beside the one that is there, and put it in its place when it is whole.

``python -P src/claimbook/build.py SOURCE TARGET`` is what ``make book`` runs. Sphinx writes
into ``TARGET/.draft``; ``TARGET/html`` is replaced only by a whole book built without a warning, so
a build that fails or is stopped leaves the last whole book as it was. Builds of one target wait for
each other. Nothing is written into the source folder, which may be read-only.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

DRAFT = ".draft"
# Jupyter Book, in a process that lives for seconds and makes millions of objects, nearly all of
# which it needs to the end: not looking for garbage, then and at the end, saves a tenth of them.
# The module that is hidden prepares checks of addresses for jsonschema, which nothing here asks
# for and which take a second.
_JUPYTER_BOOK = """
import atexit, gc, sys
sys.modules["rfc3987_syntax"] = None
from jupyter_book.cli.main import main
gc.disable()
atexit.register(gc.freeze)
sys.exit(main())
"""


def build(source: Path, target: Path) -> int:
    """Build a book, and publish it where it is whole.

    Parameters
    ----------
    source
        The folder with ``_config.yml``; nothing is written there.
    target
        The folder whose ``html`` is replaced.

    Returns
    -------
    int
        Jupyter Book's exit code; 0 = the book is whole and in its place.
    """
    target.mkdir(parents=True, exist_ok=True)
    draft = target / DRAFT
    # Present only while the draft is the whole book. Sphinx repeats no warning for a page that it
    # does not read again, and a stopped build leaves a mixture of old and new pages: so anything
    # else is thrown away first. Executed cells stay.
    whole = draft / "whole"
    made = draft / "_build"
    with (target / ".lock").open("w") as lock:
        # Wait until no other build has it; the system frees it when a build dies.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.is_file():
            for folder in (made / "html", made / ".doctrees"):
                shutil.rmtree(folder, ignore_errors=True)
        whole.unlink(missing_ok=True)
        options = ["--path-output", str(draft), "-W", "-n", "--keep-going"]
        command = [sys.executable, "-P", "-c", _JUPYTER_BOOK, "build", str(source), *options]
        # The order of sets follows the seed, and some libraries number their ids in that order.
        environment = os.environ | {"PYTHONHASHSEED": "0"}
        if not sys.pycache_prefix:  # bytecode would be written beside the sources
            environment["PYTHONDONTWRITEBYTECODE"] = "1"
        done = subprocess.run(command, check=False, env=environment)  # noqa: S603
        if done.returncode == 0:
            whole.touch()
            _publish(made / "html", target)
    return done.returncode


def _publish(made: Path, target: Path) -> None:
    """Replace ``target/html`` by a copy of the new book: by renaming, so at no time by a part."""
    fresh, old, html = target / ".fresh", target / ".old", target / "html"
    for rest in (fresh, old):
        shutil.rmtree(rest, ignore_errors=True)
    # What Sphinx notes for its own next build depends on the place, and is of no use to a reader.
    shutil.copytree(made, fresh, ignore=shutil.ignore_patterns(".buildinfo"))
    if html.exists():
        html.rename(old)
    fresh.rename(html)
    shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("Usage: build.py SOURCE TARGET")
    sys.exit(build(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
