"""What machines read about the data: schema.org, Croissant and RO-Crate, all from the descriptor.

Each function takes the descriptor (``datapackage.json``, as :func:`strikes2024.schema.read_package`
gives it) and files that lie somewhere, and returns a dictionary to be written as JSON. Nothing is
typed twice: title, licence, authors, version, fields and keys come from the descriptor, sizes and
checksums from the files.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path, PurePath
from typing import Any

from strikes2024.schema import DESCRIPTOR, Field, Package, Table

# https://docs.mlcommons.org/croissant/docs/croissant-spec-1.0.html#appendix-1
_CROISSANT = "http://mlcommons.org/croissant/1.0"
_CONTEXT: dict[str, Any] = json.loads(
    (resources.files("strikes2024") / "croissant-context.json").read_text(encoding="utf-8")
)
_TYPES = {"string": "Text", "datetime": "DateTime", "number": "Float"}  # others alike
_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".db": "application/vnd.sqlite3",
    ".geojson": "application/geo+json",
    ".gz": "application/gzip",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".whl": "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


@dataclass(frozen=True)
class Distribution:
    """A file in which the data can be had, and what it is in a few words."""

    path: Path
    what: str

    @property
    def media_type(self) -> str:
        """Media type by the ending of the name."""
        return _MEDIA_TYPES.get(self.path.suffix, "application/octet-stream")

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size

    @property
    def sha256(self) -> str:
        """SHA-256 in hexadecimal digits."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def _common(package: Package) -> dict[str, Any]:
    """Return what all kinds of metadata say of a data set; what the descriptor lacks is left out.

    Dates are days (``YYYY-MM-DD``).
    """
    raw: Mapping[str, Any] = package.descriptor
    licences = [item["path"] for item in raw.get("licenses", []) if "path" in item]
    people = [{"@type": "Organization", "name": p["title"]} for p in raw.get("contributors", [])]
    found = {
        "name": package.title,
        "description": raw.get("description"),
        "version": package.version,
        "license": licences[0] if licences else None,
        "creator": people,
        "datePublished": str(raw.get("created", ""))[:10],
        "keywords": raw.get("keywords"),
    }
    return {key: value for key, value in found.items() if value}


def dataset(
    package: Package,
    distributions: Iterable[Distribution] = (),
    *,
    folder: str = "",
    url: str = "",
    period: str = "",
    places: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the schema.org ``Dataset``.

    Parameters
    ----------
    package
        The descriptor.
    distributions
        Files in which the data can be had.
    folder
        Address of their folder, with its last slash; empty = that of the page.
    url
        Address of the page about the data.
    period
        Days that the data cover, as ``YYYY-MM-DD/YYYY-MM-DD``.
    places
        Names of countries.
    """
    files = [
        {
            "@type": "DataDownload",
            "name": file.what,
            "contentUrl": f"{folder}{file.path.name}",
            "encodingFormat": file.media_type,
            "contentSize": f"{file.size} B",
            "sha256": file.sha256,
        }
        for file in distributions
    ]
    found = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        **_common(package),
        "isAccessibleForFree": True,
        "url": url,
        "temporalCoverage": period,
        "spatialCoverage": [{"@type": "Country", "name": place} for place in places],
        "variableMeasured": [table.title for table in package.tables.values()],
        "distribution": files,
    }
    return {key: value for key, value in found.items() if value}


def croissant(package: Package, csv: Path, *, cite_as: str = "", url: str = "") -> dict[str, Any]:
    """Return the Croissant 1.0 description of the tables as CSV files.

    A cell with several values stays one text; the description of its field names the delimiter.

    Parameters
    ----------
    package
        The descriptor.
    csv
        The files: a folder, or a zip archive of one. The description is meant to lie in the
        folder, or beside the archive.
    cite_as
        How to cite the data.
    url
        Address of the page about the data; without it, the name of the archive or of the
        descriptor stands there, since Croissant asks for one.
    """
    tables = list(package.tables.values())
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": _CROISSANT,
        **_common(package),
        **({"citeAs": cite_as} if cite_as else {}),
        "url": url or (csv.name if csv.suffix == ".zip" else DESCRIPTOR),
        "distribution": _file_objects(tables, csv),
        "recordSet": [_record_set(table) for table in tables],
    }


def _file_objects(tables: Sequence[Table], csv: Path) -> list[dict[str, Any]]:
    if csv.suffix != ".zip":
        return [_file_object(table.path, (csv / table.path).read_bytes()) for table in tables]
    with zipfile.ZipFile(csv) as archive:
        packed = [_file_object(table.path, archive.read(table.path)) for table in tables]
    within = {"containedIn": {"@id": csv.name}}
    return [_file_object(csv.name, csv.read_bytes()), *(file | within for file in packed)]


def _file_object(name: str, content: bytes) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{len(content)} B",
        "encodingFormat": _MEDIA_TYPES[PurePath(name).suffix],
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _record_set(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description or table.title,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.primary_key],
        "field": [_field(table, field) for field in table.fields],
    }


def _field(table: Table, field: Field) -> dict[str, Any]:
    # Croissant's own `references` makes its reader join the tables, and fail where they are many.
    key = field.reference
    note = f" Key of {key.table}.{key.field}." if key else ""
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{field.name}",
        "name": field.name,
        "description": (field.description or field.title) + note,
        "dataType": f"sc:{_TYPES.get(field.type, field.type.capitalize())}",
        "source": {"fileObject": {"@id": table.path}, "extract": {"column": field.name}},
    }


def ro_crate(package: Package, distributions: Sequence[Distribution]) -> dict[str, Any]:
    """The RO-Crate 1.1 description of a folder that holds some files.

    Parameters
    ----------
    package
        The descriptor.
    distributions
        The files.

    Returns
    -------
    dict
        To be written into that folder as ``ro-crate-metadata.json``.
    """
    common = _common(package)
    people = [
        {"@id": f"#{person['name'].replace(' ', '-')}", **person} for person in common["creator"]
    ]
    stated = package.descriptor["licenses"][0]
    licence = {"@id": stated["path"], "@type": "CreativeWork", "name": stated["title"]}
    root = {
        "@id": "./",
        "@type": "Dataset",
        **common,
        "creator": [{"@id": person["@id"]} for person in people],
        "license": {"@id": licence["@id"]},
        "hasPart": [{"@id": file.path.name} for file in distributions],
    }
    files = [
        {
            "@id": file.path.name,
            "@type": "File",
            "name": file.what,
            "encodingFormat": file.media_type,
            "contentSize": str(file.size),
            "sha256": file.sha256,
        }
        for file in distributions
    ]
    head = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [head, root, *people, licence, *files],
    }
