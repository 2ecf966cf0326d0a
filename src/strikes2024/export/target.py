"""A place to write to that holds all or nothing."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from strikes2024.schema import DataError

_OURS = {".csv", ".json", ".md", ".parquet"}  # what the folders written here hold
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # zip knows no earlier day; a fixed one keeps the bytes the same


def already_exists_error(path: Path) -> DataError:
    """Return the error for a path that is taken."""
    return DataError(f"{path} exists: use --force (or force=True) to replace it")


@contextmanager
def atomic_write(path: Path, *, force: bool = False, folder: bool = False) -> Iterator[Path]:
    """Give a path to write to; rename it to ``path`` at the end, or remove it after any error.

    Parameters
    ----------
    path
        What there is to be in the end.
    force
        Replace what is there.
    folder
        The path given is an empty folder; a ``path`` in ``.zip`` becomes an archive of it.

    Yields
    ------
    pathlib.Path
        Where to write, beside ``path``.

    Raises
    ------
    strikes2024.DataError
        ``path`` exists and ``force`` is not set; it is a folder that a file should replace, or the
        other way round; it is a folder that holds other things than tables; or it cannot be
        written.
    """
    archive = folder and path.suffix == ".zip"
    if path.exists() or path.is_symlink():
        if not force:
            raise already_exists_error(path)
        if path.is_dir() != (folder and not archive):
            what = "folder" if path.is_dir() else "file"
            raise DataError(f"{path} is a {what} of another kind than asked for: remove it first")
        # A folder that holds more than an export does may be dear to someone.
        for file in sorted(path.iterdir()) if path.is_dir() else ():
            if file.is_dir() or file.suffix not in _OURS:
                raise DataError(f"{path} holds {file.name}, which no export wrote: remove it first")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as work:
            draft = Path(work, "files" if folder else path.name)
            if folder:
                draft.mkdir()
            yield draft
            if archive:
                draft = zipped(draft, Path(work, path.name))
            _place(draft, path, Path(work, "old"))
    except OSError as error:
        raise DataError(f"{path} cannot be written ({error.strerror or error})") from error


def _place(draft: Path, path: Path, aside: Path) -> None:
    """Rename the draft; a folder in its way is put aside."""
    if path.is_dir() and not path.is_symlink():
        old = path.rename(aside)
        try:
            draft.rename(path)
        except OSError:
            old.rename(path)
            raise
    else:
        draft.replace(path)


def zipped(folder: Path, target: Path, within: str = "") -> Path:
    """Pack the files below a folder, in the order of their paths and without their times.

    Parameters
    ----------
    folder
        Where the files are.
    target
        The archive to make.
    within
        The folder that they come to lie in when they are unpacked, with its last slash.

    Returns
    -------
    pathlib.Path
        ``target``.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{within}{file.relative_to(folder).as_posix()}", _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.file_size = file.stat().st_size
            with file.open("rb") as content, archive.open(entry, "w") as packed:
                shutil.copyfileobj(content, packed, 1 << 20)
    return target
