"""Parquet: a file a table, with the titles and descriptions of the columns in its schema."""

from collections.abc import Callable
from pathlib import Path

from strikes2024.schema import import_extra, read_package
from strikes2024.tables import table


def write(root: Path, target: Path, progress: Callable[[str], None]) -> None:
    """Write one file a table, typed as the frames are (listed values as dictionaries)."""
    pa = import_extra("pyarrow", "parquet", "export")
    parquet = import_extra("pyarrow.parquet", "parquet", "export")
    package = read_package(root)
    for spec in package.tables.values():
        frame = table(spec.name, root)
        data = pa.Table.from_pandas(frame, preserve_index=False)
        described = [
            data.schema.field(field.name).with_metadata(
                {"title": field.title, "description": field.description}
            )
            for field in spec.fields
        ]
        about = {"title": spec.title, "description": spec.description,
                 "version": package.version}  # fmt: skip
        metadata = {**(data.schema.metadata or {}), **about}
        data = data.cast(pa.schema(described, metadata=metadata))
        parquet.write_table(data, target / f"{spec.name}.parquet")
        progress(f"{spec.name}.parquet: {len(frame)} rows")
