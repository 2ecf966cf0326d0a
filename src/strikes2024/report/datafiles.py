"""The data in every format, with metadata and checksums, written into the built site."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sphinx.application import Sphinx

from claimbook.addresses import page_url
from strikes2024.cite import citation
from strikes2024.export import FORMATS, Source, write
from strikes2024.metadata import Distribution, croissant, ro_crate
from strikes2024.report.record import tables
from strikes2024.schema import data_dir
from strikes2024.wording import capital

FOLDER = "downloads/data"
SUMS = "SHA256SUMS"
METADATA = "strikes2024.metadata.json"
CROISSANT = "croissant.json"
CRATE = "ro-crate-metadata.json"
PAGE = "chapters/downloads"


@dataclass(frozen=True)
class File(Distribution):
    """A file to download; ``rows`` is None where it holds no rows of the data."""

    rows: int | None


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
    yield File(folder / CROISSANT, "Description of the CSV archive in Croissant.", None)
    yield File(folder / CRATE, "Description of these files as an RO-Crate.", None)


def make(app: Sphinx, *_event: object) -> None:
    """Write the files, unless they are there: the engine empties a site of other data or code."""
    outdir = Path(app.outdir)
    sums = outdir / FOLDER / SUMS
    if app.builder.format != "html" or sums.is_file():
        return
    wanted = list(files(outdir))
    source = Source(data_dir())
    for form, file in zip(FORMATS.values(), wanted, strict=False):
        write(source, form, file.path, force=True)
    folder = outdir / FOLDER
    csv = folder / (FORMATS["csv"].default + ".zip")
    described = croissant(
        source.package, csv, cite_as=citation("bibtex"), url=page_url(app.config, PAGE)
    )
    _write_json(folder / CROISSANT, described)
    parts = [file for file in wanted if file.path.name != CRATE]
    _write_json(folder / CRATE, ro_crate(source.package, parts))
    lines = [f"{file.sha256}  {file.path.name}\n" for file in wanted]
    sums.write_text("".join(lines), encoding="utf-8")


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
