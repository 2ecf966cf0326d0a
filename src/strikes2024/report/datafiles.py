"""The data in every format, written into the built site with a list of checksums."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from strikes2024.export import FORMATS, Source, write
from strikes2024.report.record import tables
from strikes2024.schema import data_dir
from strikes2024.wording import capital

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

__all__ = ["FOLDER", "File", "files", "make"]

FOLDER = "downloads/data"
SUMS = "SHA256SUMS"
_STAMP = "data-files"
METADATA = "strikes2024.metadata.json"


@dataclass(frozen=True)
class File:
    """A file to download; ``rows`` is None where it holds no rows of the data."""

    path: Path
    what: str
    rows: int | None

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal digits."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def files(outdir: Path) -> Iterator[File]:
    """Name the files in the built site, in the order in which they are offered."""
    record = tables()
    total = sum(len(record[name]) for name in record)
    rows = {
        "flat": len(record.claims),
        "geojson": len(record.events),
        "ged": int((record.events["kind"] != "campaign").sum()),
    }
    folder = outdir / FOLDER
    for name, form in FORMATS.items():
        path = folder / (form.default + ".zip" * form.folder)
        yield File(path, capital(form.what) + ".", rows.get(name, total))
    yield File(folder / METADATA, "Titles and descriptions for Datasette.", None)


def make(app: Sphinx, *_event: object) -> None:
    """Write the files, unless they are there and data, code and packages are the same."""
    if app.builder.format != "html":
        return
    outdir, stamp = Path(app.outdir), Path(app.doctreedir) / _STAMP
    state = str(app.config.claimbook_fingerprint)
    wanted = [file.path for file in files(outdir)]
    sums = outdir / FOLDER / SUMS
    if (
        stamp.is_file()
        and stamp.read_text() == state
        and all(path.is_file() for path in [*wanted, sums])
    ):
        return
    source = Source.read(data_dir())
    for form, path in zip(FORMATS.values(), wanted, strict=False):
        write(source, form, path, force=True)
    lines = [f"{file.digest}  {file.path.name}\n" for file in files(outdir)]
    sums.write_text("".join(lines), encoding="utf-8")
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state)
