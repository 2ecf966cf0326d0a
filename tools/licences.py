"""Write the list of the locked packages with their licences, as the packages state them.

python tools/licences.py LOCKFILE OUTPUT
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

PINNED = re.compile(
    r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)\s*(?:;\s*(.*?))?\s*\\?$", re.MULTILINE
)

HEAD = """# Licences of the packages that the project is built and tested with

Written by `make licences` from what the packages in `requirements/test.txt` say of themselves. The
data module needs pandas and what pandas needs; all others serve the book, the exports or the tests.
The built book carries plotly.js (MIT) and no other of them. Its fonts are parts of four families
under the SIL Open Font License 1.1, made by `tools/fonts.py`: Source Sans, Source Serif and Source
Code Pro (Adobe), and IBM Plex Sans Arabic (IBM).

| Package | Version | Licence |
|---|---|---|
"""


def pinned(lock: str) -> list[tuple[str, str, str]]:
    """Return name, version and condition of each package in the text of a lock file."""
    return [(m[1], m[2], m[3] or "") for m in PINNED.finditer(lock)]


def licence(name: str) -> str:
    """Return the licence that an installed package states, or "" where it is not installed."""
    try:
        stated = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    classes = [c for c in stated.get_all("Classifier") or [] if c.startswith("License ::")]
    short = (stated.get("License") or "").strip().splitlines()[:1]
    return (
        stated.get("License-Expression")
        or ", ".join(c.rsplit(" :: ", 1)[-1] for c in classes)
        or (short[0] if short and len(short[0]) < 60 else "")
        or _first_line(name)
    )


def _first_line(name: str) -> str:
    """Return the first line of the licence's own text: its title, as a rule."""
    for file in metadata.files(name) or []:
        if file.name.upper().startswith("LICEN") and (text := file.read_text().strip()):
            return text.splitlines()[0].strip()
    return "unknown"


def table(lock: str) -> str:
    """Return the whole page."""
    rows = [
        f"| {name} | {version} | {licence(name) or f'not for this system ({only})'} |\n"
        for name, version, only in pinned(lock)
    ]
    return HEAD + "".join(rows)


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(table(Path(sys.argv[1]).read_text("utf-8")), encoding="utf-8")
