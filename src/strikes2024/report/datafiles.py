"""The data in every format, with metadata and checksums, written into the built site.

What catalogues and search engines read is in ``templates/metadata/``, a template a document.
Nothing is typed twice: title, licence, version, fields and keys come from the descriptor, sizes and
checksums from the files.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from claimbook.addresses import page_url
from strikes2024.cite import citation
from strikes2024.export import FORMATS, export
from strikes2024.report.markup import filled
from strikes2024.report.record import tables
from strikes2024.schema import Package, read_package
from strikes2024.wording import capital

FOLDER = "downloads/data"
SUMS = "SHA256SUMS"
METADATA = "strikes2024.metadata.json"
CROISSANT = "croissant.json"
CRATE = "ro-crate-metadata.json"
PAGE = "chapters/downloads"


@dataclass(frozen=True)
class File:
    """A file to download, or one in an archive, and what it is in a few words.

    ``rows`` is None where it holds no rows of the data.
    """

    path: Path | zipfile.Path
    what: str = ""
    rows: int | None = None

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.path.read_bytes())

    @property
    def sha256(self) -> str:
        """SHA-256 in hexadecimal digits."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def files(folder: Path) -> Iterator[File]:
    """Name the files in their folder of the built site, in the order in which they are offered."""
    record = tables()
    total = sum(len(record[name]) for name in record)
    rows = {
        "flat": len(record.claims),
        "geojson": len(record.events),
        "ged": int((record.events["kind"] != "campaign").sum()),
    }
    for name, form in FORMATS.items():
        path = folder / (form.default + ".zip" * form.folder)
        yield File(path, capital(form.what) + ".", rows.get(name, total))
    yield File(folder / METADATA, "Titles and descriptions for Datasette.")
    yield File(folder / CROISSANT, "Description of the CSV archive in Croissant.")
    yield File(folder / CRATE, "Description of these files as an RO-Crate.")


def make(app: Sphinx, *_event: object) -> None:
    """Write the files, unless they are there: the engine empties a site of other data or code."""
    folder = Path(app.outdir) / FOLDER
    sums = folder / SUMS
    if app.builder.format != "html" or sums.is_file():
        return
    wanted = list(files(folder))
    for name, file in zip(FORMATS, wanted, strict=False):
        export(name, folder / file.path.name, force=True)
    package, csv = read_package(), folder / wanted[0].path.name
    croissant = described(
        "croissant",
        package,
        archive=wanted[0],
        tables=[File(zipfile.Path(csv, table.path)) for table in package.tables.values()],
        cite_as=citation("bibtex"),
        url=page_url(app.config, PAGE),
    )
    write_json(folder / CROISSANT, croissant)
    write_json(folder / CRATE, described("ro-crate", package, files=wanted[:-1]))
    lines = [f"{file.sha256}  {file.path.name}\n" for file in wanted]
    sums.write_text("".join(lines), encoding="utf-8")


def described(kind: str, package: Package, **values: Any) -> dict[str, Any]:
    """Return what machines read about a data set.

    Parameters
    ----------
    kind
        The template.
    package
        The descriptor.
    **values
        What else the template names.
    """
    document = filled(f"metadata/{kind}.json", package=package, stated=package.descriptor, **values)
    found: dict[str, Any] = json.loads(document)
    return found


def write_json(path: Path, content: object) -> None:
    """Write a value as a JSON file."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
