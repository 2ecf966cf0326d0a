"""Open the report's notebooks in JupyterLab: ``python tools/lab.py BUILD [OPTION…]``.

The notebooks are those that the built book offers for download, copied into ``BUILD/lab``. A
notebook whose text or code a reader has changed stays as it is. Further options go to JupyterLab.
"""

import json
import os
import shutil
import sys
from pathlib import Path

import nbformat

# What was copied the last time, to tell a reader's changes from ours.
PRISTINE = ".offered"
# Nothing is asked of other sites: no news, no look for newer versions or for extensions.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}
QUIET = ["--LabApp.extension_manager=readonly", "--LanguageServerManager.autodetect=False"]


def refresh(offered: Path, folder: Path) -> list[str]:
    """Copy notebooks into a folder; return the names of those that a reader has changed."""
    pristine = folder / PRISTINE
    pristine.mkdir(parents=True, exist_ok=True)
    kept = []
    for path in sorted(offered.glob("*.ipynb")):
        mine, last = folder / path.name, pristine / path.name
        if mine.is_file() and not (last.is_file() and _cells(mine) == _cells(last)):
            if _cells(mine) != _cells(path):
                kept.append(path.name)
        elif not mine.is_file() or _cells(mine) != _cells(path):  # else its outputs stay
            shutil.copyfile(path, mine)
        shutil.copyfile(path, last)
    return kept


def _cells(path: Path) -> list[tuple[str, str]] | None:
    """Return kind and text of each cell; None for what is no notebook."""
    try:
        cells = nbformat.read(path, as_version=4).cells
    except (nbformat.reader.NotJSONError, nbformat.ValidationError):
        return None
    return [(cell.cell_type, cell.source) for cell in cells]


def main(build: Path, options: list[str]) -> None:
    """Copy the notebooks and become JupyterLab."""
    folder = build / "lab"
    for name in refresh(build / "html" / "downloads" / "notebooks", folder):
        print(f"{folder / name} has your changes and stays; delete it to have it anew.")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # as in a container
        options = ["--allow-root", *options]
    settings = folder / PRISTINE / "settings"
    settings.mkdir(exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    where = [
        f"--ServerApp.root_dir={folder.resolve()}",
        f"--LabApp.app_settings_dir={settings.resolve()}",
        "--LabApp.default_url=/lab/tree/index.ipynb",
    ]
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *where, *QUIET, *options])


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Usage: lab.py BUILD [OPTION...]    options as those of jupyter lab")
    main(Path(sys.argv[1]), sys.argv[2:])
