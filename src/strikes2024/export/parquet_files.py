"""Parquet: a file a table, with the titles and descriptions of the columns in its schema."""

from collections.abc import Callable
from pathlib import Path

from strikes2024.export.source import Source


def write(source: Source, target: Path, progress: Callable[[str], None]) -> None:
    """Write one file a table, typed as the frames are (listed values as dictionaries)."""
    import pyarrow as pa
    from pyarrow import parquet

    for table in source.package.tables.values():
        frame = source.table(table.name)
        data = pa.Table.from_pandas(frame, preserve_index=False)
        described = [
            data.schema.field(field.name).with_metadata(
                {"title": field.title, "description": field.description}
            )
            for field in table.fields
        ]
        about = {"title": table.title, "description": table.description,
                 "version": source.package.version}  # fmt: skip
        metadata = {**(data.schema.metadata or {}), **about}
        data = data.cast(pa.schema(described, metadata=metadata))
        parquet.write_table(data, target / f"{table.name}.parquet")
        progress(f"{table.name}.parquet: {len(frame)} rows")
