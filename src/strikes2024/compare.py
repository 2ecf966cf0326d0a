"""What changed from one version of the data to another: rows added, removed and changed.

Rows are matched by primary key and compared as text, cell by cell, so that any two data
directories with a descriptor can be compared, whatever their columns.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

import pandas as pd

from strikes2024 import schema
from strikes2024.schema import Table, fault_error
from strikes2024.wording import shorten

_STEPS = ("none", "patch", "minor", "major")


@dataclass(frozen=True)
class TableChange:
    """What changed in one table; rows are named by their key.

    ``changed`` gives for each key the columns that differ, with the old and the new text.
    """

    table: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    new_columns: tuple[str, ...] = ()
    lost_columns: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changed."""
        columns = self.new_columns or self.lost_columns
        return bool(self.added or self.removed or self.changed or columns)


@dataclass(frozen=True)
class Comparison:
    """What changed between two versions, table by table."""

    old_version: str
    new_version: str
    tables: tuple[TableChange, ...]
    new_tables: tuple[str, ...]
    lost_tables: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether no row, column or table differs."""
        return not (self.tables or self.new_tables or self.lost_tables)

    @property
    def step(self) -> str:
        """The least step of the version that fits: ``major``, ``minor``, ``patch``, ``none``.

        A table or column that is gone breaks code that reads it (major); a new one, or a row
        added or removed, is a change of content (minor); changed cells are corrections (patch).
        """
        if self.lost_tables or any(change.lost_columns for change in self.tables):
            return "major"
        rows = any(c.added or c.removed or c.new_columns for c in self.tables)
        if self.new_tables or rows:
            return "minor"
        return "none" if self.same else "patch"

    @property
    def version_fits(self) -> bool:
        """Whether the new version number rises by at least :attr:`step`."""
        return _STEPS.index(_step(self.old_version, self.new_version)) >= _STEPS.index(self.step)

    def __str__(self) -> str:
        """Write the changes as an entry for a changelog, in Markdown."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        versions = f" {self.new_version} (from {self.old_version})" if self.old_version else ""
        yield f"## Data{versions}"
        yield ""
        if self.same:
            yield "No table, column or row differs."
            return
        for word, names in (("New", self.new_tables), ("Removed", self.lost_tables)):
            yield from (f"- {word} table `{name}`." for name in names)
        for change in self.tables:
            yield from _table_lines(change)
        if self.old_version and not self.version_fits:
            yield ""
            yield (
                f"The version should take a {self.step} step at least; it goes from "
                f"{self.old_version} to {self.new_version}."
            )


def _table_lines(change: TableChange) -> Iterator[str]:
    rows = {"added": change.added, "removed": change.removed, "changed": change.changed}
    parts = ", ".join(f"{len(keys)} {word}" for word, keys in rows.items() if keys)
    yield f"- `{change.table}`: {parts or 'columns differ'}"
    for word, names in (("new", change.new_columns), ("removed", change.lost_columns)):
        yield from (f"  - {word} column `{name}`" for name in names)
    for word in ("added", "removed"):
        yield from (f"  - {word} `{key}`" for key in rows[word])
    for key, cells in change.changed.items():
        pairs = "; ".join(
            f"{name}: {_shown(old)} → {_shown(new)}" for name, (old, new) in cells.items()
        )
        yield f"  - changed `{key}`: {pairs}"


def _shown(text: str) -> str:
    return shorten(" ".join(text.split()), 60) or "(blank)"


def _step(old: str, new: str) -> str:
    """Which part of a version number rises from one to the other."""
    form = re.compile(r"(\d+)\.(\d+)\.(\d+)")
    matches = form.match(old), form.match(new)
    if not all(matches):
        return "none" if old == new else "major"
    before, after = (tuple(map(int, match.groups())) for match in matches if match)
    rises = (word for n, word in enumerate(_STEPS[:0:-1], 1) if after[:n] > before[:n])
    return next(rises, "none")


def compare(old: str | os.PathLike[str], new: str | os.PathLike[str]) -> Comparison:
    """Compare two versions of the data.

    Parameters
    ----------
    old, new
        Data directories, each with a descriptor.

    Returns
    -------
    Comparison
        What was added, removed and changed; as text, an entry for a changelog.

    Raises
    ------
    DataError
        A directory cannot be read, or a table has no primary key or has one twice, so that its
        rows cannot be matched.

    Examples
    --------
    >>> import strikes2024
    >>> here = strikes2024.data_dir()
    >>> compare(here, here).same
    True
    """
    roots = Path(old), Path(new)
    before, after = (schema.read_package(root) for root in roots)
    changes = [
        _compare_table(name, _texts(roots[0], before.table(name)), _texts(roots[1], table))
        for name, table in after.tables.items()
        if name in before.tables
    ]
    return Comparison(
        before.version,
        after.version,
        tuple(change for change in changes if change),
        tuple(name for name in after.tables if name not in before.tables),
        tuple(name for name in before.tables if name not in after.tables),
    )


def _texts(root: Path, table: Table) -> pd.DataFrame:
    """Read a table as text, under its primary key."""
    if not table.primary_key:
        expected = f"expected a primary key of table {table.name}; it has none"
        raise schema.DataError(f"{root}: {expected}")
    text = partial(pd.DataFrame, columns=list(table.columns), dtype="string")
    frame = pd.concat(map(text, chain([[]], schema.sound_blocks(root, table))))
    keys = frame[list(table.primary_key)].itertuples(index=False)
    frame.index = pd.Index([", ".join(key) for key in keys], dtype="string")
    twice = frame.index.duplicated()
    if twice.any():
        at = int(twice.argmax())
        found, expected = str(frame.index[at]), "a value that no other row has"
        fault = schema.Fault(table.path, at + 2, table.primary_key[0], found, expected)
        raise fault_error(root, fault)
    return frame


def _compare_table(name: str, old: pd.DataFrame, new: pd.DataFrame) -> TableChange:
    columns = new.columns[new.columns.isin(old.columns)]
    both = new.index[new.index.isin(old.index)]
    pairs = (frame.loc[both, columns].itertuples(name=None) for frame in (old, new))
    changed: dict[str, dict[str, tuple[str, str]]] = {}
    for was, now in zip(*pairs, strict=True):
        if was != now:
            cells = zip(columns, was[1:], now[1:], strict=True)
            changed[was[0]] = {column: (one, two) for column, one, two in cells if one != two}
    return TableChange(
        name,
        tuple(new.index[~new.index.isin(old.index)]),
        tuple(old.index[~old.index.isin(new.index)]),
        changed,
        tuple(new.columns[~new.columns.isin(old.columns)]),
        tuple(old.columns[~old.columns.isin(new.columns)]),
    )
