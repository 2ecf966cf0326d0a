"""The same book from another place, under conditions that hurt, and after a build that was stopped.

One build serves all of it, since each costs a minute: it runs from a checkout whose path has spaces
and letters beyond ASCII and into which nothing may be written, in another time zone and locale,
with another seed for the order of sets, and without a network; it is killed once, then run twice at
the same time; and what comes out is compared with the book of this checkout, byte by byte.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from book_helpers import Book

pytestmark = pytest.mark.survival

# Imported by each Python that the build starts: no connection but to this machine.
GUARD = """
import os, pathlib, socket

def _refuse(*args, _real, _where):
    if _where(args).startswith(("127.", "::1", "localhost")) or not _where(args):
        return _real(*args)
    with pathlib.Path(os.environ["CALLS"]).open("a") as file:
        file.write(_where(args) + "\\n")
    raise OSError("no network")

_connect, _lookup = socket.socket.connect, socket.getaddrinfo
socket.socket.connect = lambda self, address: _refuse(
    self, address, _real=_connect,
    _where=lambda a: a[1][0] if isinstance(a[1], tuple) else "",
)
socket.getaddrinfo = lambda host, *rest, **named: _refuse(
    host, _real=lambda h: _lookup(h, *rest, **named), _where=lambda a: str(a[0] or ""),
)
"""


@pytest.fixture(scope="module")
def elsewhere(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A fresh clone, with what is not committed yet, which cannot be written.

    Root may write all the same; so the test looks afterwards that nobody has.
    """

    def git(*words: str | Path) -> list[str]:
        command = ["git", "-C", root, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return list(filter(None, done.stdout.split("\0")))

    checkout = tmp_path_factory.mktemp("Täglicher Bericht – عربي") / "a clone"
    git("clone", "--quiet", "--depth", "1", root.as_uri(), checkout)
    fresh = git("ls-files", "-z", "--others", "--exclude-standard")
    for name in [*git("diff", "-z", "--name-only", "--no-renames", "HEAD"), *fresh]:
        target = checkout / name
        if (root / name).is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, target)
        else:
            target.unlink()
    folders = [checkout, *(path for path in checkout.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    yield checkout
    # The environment keeps the bytecode of every place that its Pythons ran.
    shutil.rmtree(f"{root}/.venv/bytecode{checkout}", ignore_errors=True)
    for folder in folders:
        folder.chmod(0o755)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def start(root: Path, elsewhere: Path, tmp_path_factory: pytest.TempPathFactory):
    """Start a build of the copy; all builds have one target, which is the second value."""
    work = tmp_path_factory.mktemp("work")
    (work / "guard").mkdir()
    (work / "guard" / "sitecustomize.py").write_text(GUARD)
    target, venv = work / "out put", root / ".venv"
    # Only what a build needs: nothing of this machine's user, and no word of the network.
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(work),
        "PYTHONPATH": f"{elsewhere / 'src'}:{work / 'guard'}",
        "CALLS": str(work / "calls"),
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "4321",
    }
    # The packages are there: make must not install them anew over those of this checkout.
    stamps = [f"-o{venv}/.book-installed", f"-o{venv}/.project-installed"]
    command = ["make", *stamps, "book", f"VENV={venv}", f"BUILD={target}"]

    def run() -> subprocess.Popen[str]:
        return subprocess.Popen(
            command, cwd=elsewhere, env=env, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    return run, target


def test_a_build_elsewhere_killed_and_doubled_gives_the_same_book(
    book: Book, elsewhere: Path, start
) -> None:
    run, target = start
    before = contents(elsewhere)

    # Killed while it writes pages: there is nothing that passes for a book.
    killed = run()
    deadline = time.monotonic() + 900
    while not (target / ".draft/_build/html/chapters/about.html").is_file():  # the first
        assert killed.poll() is None, killed.communicate()[0][-3000:]
        assert time.monotonic() < deadline, "no page was written"
        time.sleep(0.05)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert not (target / "html").exists()

    # Two at once: one waits for the other, and both tell of a whole book.
    both = [run(), run()]
    said = [build.communicate(timeout=900)[0] for build in both]
    assert [build.returncode for build in both] == [0, 0], "\n".join(text[-3000:] for text in said)
    assert not list(target.glob(".fresh")) + list(target.glob(".old"))

    made, ours = contents(target / "html"), contents(book.html)
    assert sorted(made) == sorted(ours)
    assert [name for name in ours if made[name] != ours[name]] == []
    assert contents(elsewhere) == before, "the build wrote into its checkout"
    calls = target.parent / "calls"
    assert not calls.exists(), calls.read_text()


def test_a_failed_build_leaves_the_last_book(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (source / "_config.yml").write_text("title: Tiny\nexecute: {execute_notebooks: 'off'}\n")
    page = source / "index.md"
    command = [sys.executable, "-m", "claimbook.build", str(source), str(target)]
    page.write_text("# Tiny\n\nThe first.\n")
    subprocess.run(command, check=True, capture_output=True)
    whole = contents(target / "html")
    page.write_text("# Tiny\n\nThe second, with a [link](nowhere.md#at-all).\n")
    for _ in range(2):  # nor does the warning go unheard the second time
        failed = subprocess.run(command, check=False, capture_output=True, text=True)
        assert failed.returncode != 0
        assert "nowhere" in failed.stdout + failed.stderr
        assert contents(target / "html") == whole
    page.write_text("# Tiny\n\nThe third.\n")
    subprocess.run(command, check=True, capture_output=True)
    assert b"The third." in contents(target / "html")["index.html"]
