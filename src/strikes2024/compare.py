"""What changed from one version of the data to another: rows added, removed and changed.

Rows are matched by primary key and compared as text, cell by cell, so that any two data
directories with a descriptor can be compared, whatever their columns.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path

import pandas as pd

from strikes2024 import schema
from strikes2024.schema import Table, fault_error
from strikes2024.wording import capital, shorten

# Steps of a version number, the greatest first, and what asks for each. A table or column that is
# gone breaks code that reads it; a new one, or a row added or removed, is a change of content;
# changed cells are corrections.
_STEPS = {
    "major": {"removed table", "removed column"},
    "minor": {"new table", "new column", "added", "removed"},
    "patch": {"changed"},
    "none": set[str](),
}
_VERSION = r"(\d+)\.(\d+)\.(\d+)"


@dataclass(frozen=True)
class Comparison:
    """What changed between two versions.

    ``changes`` has a row for each table, column or row that is new or gone, and for each cell that
    differs: ``table``, ``change`` ("new table", "removed table", "new column", "removed column",
    "added", "removed" or "changed"), ``name`` (of the column, or the key of the row), ``column``,
    ``old`` and ``new`` (of a cell, else blank).
    """

    old_version: str
    new_version: str
    changes: pd.DataFrame

    @property
    def same(self) -> bool:
        """Whether no row, column or table differs."""
        return self.changes.empty

    @property
    def step(self) -> str:
        """The least step of the version that fits: ``major``, ``minor``, ``patch``, ``none``."""
        found = set(self.changes["change"])
        return next((step for step, changes in _STEPS.items() if found & changes), "none")

    @property
    def version_fits(self) -> bool:
        """Whether the new version number rises by at least :attr:`step`."""
        steps = list(_STEPS)
        return steps.index(_step(self.old_version, self.new_version)) <= steps.index(self.step)

    def __str__(self) -> str:
        """Write the changes as an entry for a changelog, in Markdown."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        versions = f" {self.new_version} (from {self.old_version})" if self.old_version else ""
        yield f"## Data{versions}\n"
        if self.same:
            yield "No table, column or row differs."
        whole = self.changes["change"].isin(["new table", "removed table"])
        for row in self.changes[whole].itertuples():
            yield f"- {capital(str(row.change))} `{row.table}`."
        for table, changes in self.changes[~whole].groupby("table", sort=False):
            names = changes.groupby("change")["name"].nunique()
            rows = [word for word in ("added", "removed", "changed") if word in names]
            parts = ", ".join(f"{names[word]} {word}" for word in rows)
            yield f"- `{table}`: {parts or 'columns differ'}"
            lines = changes.itertuples(index=False)
            for (change, name), cells in groupby(lines, attrgetter("change", "name")):
                pairs = "; ".join(
                    f"{cell.column}: {_shown(cell.old)} → {_shown(cell.new)}" for cell in cells
                )
                yield f"  - {change} `{name}`" + (f": {pairs}" if change == "changed" else "")
        if self.old_version and not self.version_fits:
            least = f"The version should take a {self.step} step at least"
            yield f"\n{least}; it goes from {self.old_version} to {self.new_version}."


def _shown(cell: object) -> str:
    return shorten(" ".join(str(cell).split()), 60) or "(blank)"


def _step(old: str, new: str) -> str:
    """Which part of a version number rises from one to the other."""
    before, after = re.match(_VERSION, old), re.match(_VERSION, new)
    if not (before and after):
        return "none" if old == new else "major"
    was, now = (tuple(map(int, match.groups())) for match in (before, after))
    return next((step for n, step in enumerate(_STEPS, 1) if now[:n] > was[:n]), "none")


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
    changes: list[tuple[str, ...]] = []
    for change, some, others in (
        ("new table", after.tables, before.tables),
        ("removed table", before.tables, after.tables),
    ):
        changes += [(name, change, "", "", "", "") for name in some if name not in others]
    for name, table in after.tables.items():
        if name in before.tables:
            texts = _texts(roots[0], before.table(name)), _texts(roots[1], table)
            changes += [(name, *change) for change in _differences(*texts)]
    columns = ["table", "change", "name", "column", "old", "new"]
    frame = pd.DataFrame(changes, columns=columns, dtype="string")
    return Comparison(before.version, after.version, frame)


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


def _differences(old: pd.DataFrame, new: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    for change, some, others in (
        ("new column", new.columns, old.columns),
        ("removed column", old.columns, new.columns),
        ("added", new.index, old.index),
        ("removed", old.index, new.index),
    ):
        yield from ((change, name, "", "", "") for name in some.difference(others, sort=False))
    columns = new.columns.intersection(old.columns, sort=False)
    both = new.index.intersection(old.index, sort=False)
    was, now = (frame.loc[both, columns] for frame in (old, new))
    changed = (was != now).any(axis=1)
    for key, *cells in zip(both[changed], was[changed].values, now[changed].values, strict=True):
        for column, before, after in zip(columns, *cells, strict=True):
            if before != after:
                yield "changed", key, column, before, after
