"""The tables in other formats: one call, ``export("sqlite", "strikes2024.db")``.

Nothing is overwritten unless asked, and what is half written never stands under the name asked
for: each format is written beside it and renamed when it is whole. The same data give the same
bytes. Text that a spreadsheet would run as a formula is made harmless in every format that
spreadsheets open.
"""

import importlib
import os
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pandas.errors import MergeError

from strikes2024 import schema
from strikes2024.export.target import already_exists_error, atomic_write
from strikes2024.schema import DataError

__all__ = ["FORMATS", "Format", "export", "write"]


@dataclass(frozen=True)
class Format:
    """A format: its module here, the name written by default, and what it is.

    ``folder`` says that it is a folder of files, or a zip archive of them where the name ends in
    ``.zip``; ``columns`` are those that it always has.
    """

    name: str
    module: str
    default: str
    what: str
    folder: bool = False
    columns: Sequence[str] = ()


_FORMS = (files("strikes2024.export") / "formats.toml").read_text(encoding="utf-8")
FORMATS = {name: Format(name, **form) for name, form in tomllib.loads(_FORMS).items()}


def export(
    name: str,
    target: str | os.PathLike[str] | None = None,
    *,
    data_dir: str | os.PathLike[str] | None = None,
    force: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """Write the data in one of :data:`FORMATS`; return the path written.

    Parameters
    ----------
    name
        The format.
    target
        Where to; by default a name of the format's own in the working directory. A name
        in ``.zip`` packs a format of several files into one.
    data_dir
        Another directory of the same tables; by default the package's own data.
    force
        Replace what is there.
    progress
        Called with a line for each table as it is written.

    Returns
    -------
    pathlib.Path
        What was written: a file, or a directory for a format of several files.

    Raises
    ------
    DataError
        The format is unknown, the data cannot be read or do not fit it, or ``target`` exists and
        ``force`` is not given. In all cases nothing is written.
    MissingExtraError
        A package of the extra ``export`` is needed.
    """
    if name not in FORMATS:
        raise DataError(schema.unknown("format", name, FORMATS))
    form = FORMATS[name]
    path = Path(form.default if target is None else target)
    root = schema.data_dir() if data_dir is None else Path(data_dir)
    write(root, form, path, force=force, progress=progress)
    return path


def write(
    root: Path,
    form: Format,
    path: Path,
    *,
    force: bool = False,
    progress: Callable[[str], None] | None = None,
) -> None:
    """Write a directory of tables, as :func:`export` does and with the same errors.

    Parameters
    ----------
    root
        The directory.
    form
        One of :data:`FORMATS`.
    path
        Where to.
    force
        Whether to replace what is there.
    progress
        Called with a line a table.
    """
    writer = importlib.import_module(f"strikes2024.export.{form.module}")
    beside = writer.beside(root, path) if hasattr(writer, "beside") else None
    if beside and beside[0].exists() and not force:
        raise already_exists_error(beside[0])
    with atomic_write(path, force=force, folder=form.folder) as draft:
        try:
            writer.write(root, draft, progress or (lambda _line: None))
        except MergeError as error:
            raise DataError(
                f"{form.name} joins the tables of {root}, and a key stands twice in one of "
                "them: run `strikes2024 validate` to see which"
            ) from error
    if beside:
        with atomic_write(beside[0], force=force) as draft:
            draft.write_text(beside[1], encoding="utf-8")
