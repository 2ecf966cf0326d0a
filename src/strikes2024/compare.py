"""What changed from one version of the data to another: rows added, removed and changed.

Rows are matched by primary key and compared as text, cell by cell, so that any two data
directories with a descriptor can be compared, whatever their columns.
"""

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from strikes2024 import schema
from strikes2024.schema import Package, Table, fault_error

_Rows = dict[tuple[str, ...], list[str]]
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
            for name in names:
                yield f"- {word} table `{name}`."
        for change in self.tables:
            yield from _table_lines(change)
        if self.old_version and not self.version_fits:
            yield ""
            yield (
                f"The version should take a {self.step} step at least; it goes from "
                f"{self.old_version} to {self.new_version}."
            )


def _table_lines(change: TableChange) -> Iterator[str]:
    counts = (
        (len(change.added), "added"),
        (len(change.removed), "removed"),
        (len(change.changed), "changed"),
    )
    parts = ", ".join(f"{number} {word}" for number, word in counts if number)
    yield f"- `{change.table}`: {parts or 'columns differ'}"
    for word, names in (("new", change.new_columns), ("removed", change.lost_columns)):
        for name in names:
            yield f"  - {word} column `{name}`"
    for word, keys in (("added", change.added), ("removed", change.removed)):
        for key in keys:
            yield f"  - {word} `{key}`"
    for key, cells in change.changed.items():
        pairs = "; ".join(
            f"{name}: {_shown(old)} → {_shown(new)}" for name, (old, new) in cells.items()
        )
        yield f"  - changed `{key}`: {pairs}"


def _shown(text: str) -> str:
    one_line = " ".join(text.split())
    return (one_line if len(one_line) <= 60 else one_line[:59] + "…") or "(blank)"


def _step(old: str, new: str) -> str:
    """Which part of a version number rises from one to the other."""
    form = re.compile(r"(\d+)\.(\d+)\.(\d+)")
    before, after = form.match(old), form.match(new)
    if not before or not after:
        return "none" if old == new else "major"
    numbers = [tuple(map(int, match.groups())) for match in (before, after)]
    if numbers[1] <= numbers[0]:
        return "none"
    place = next(i for i in range(3) if numbers[0][i] != numbers[1][i])
    return ("major", "minor", "patch")[place]


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
    old, new = Path(old), Path(new)
    packages = schema.read_package(old), schema.read_package(new)
    names = [list(package.tables) for package in packages]
    both = [name for name in names[1] if name in names[0]]
    changes = [
        _compare_table(_rows(old, packages[0], name), _rows(new, packages[1], name), packages, name)
        for name in both
    ]
    return Comparison(
        packages[0].version,
        packages[1].version,
        tuple(change for change in changes if change),
        tuple(name for name in names[1] if name not in names[0]),
        tuple(name for name in names[0] if name not in names[1]),
    )


def _rows(root: Path, package: Package, name: str) -> _Rows:
    table = package.table(name)
    lines: list[list[str]] = []
    for block in schema.sound_blocks(root, table):
        # Most cells repeat those of other rows: one string serves all of them.
        lines += [list(map(sys.intern, line)) for line in block]
    if not table.primary_key:
        raise schema.DataError(f"{root}: expected a primary key of table {name}; it has none")
    places = [list(table.columns).index(part) for part in table.primary_key]
    keys = [tuple(line[place] for place in places) for line in lines]
    twice = [key for key, number in Counter(keys).items() if number > 1]
    if twice:
        raise fault_error(root, _doubled(table, keys, twice[0]))
    return dict(zip(keys, lines, strict=True))


def _doubled(table: Table, keys: list[tuple[str, ...]], key: tuple[str, ...]) -> schema.Fault:
    row = len(keys) - 1 - keys[::-1].index(key) + 2
    shown = ", ".join(key)
    expected = "a value that no other row has"
    return schema.Fault(table.path, row, table.primary_key[0], shown, expected)


def _compare_table(
    old: _Rows, new: _Rows, packages: tuple[Package, Package], name: str
) -> TableChange:
    before, after = (list(package.table(name).columns) for package in packages)
    shared = [(c, before.index(c), after.index(c)) for c in after if c in before]
    changed = {}
    for key, row in new.items():
        if key in old:
            was = old[key]
            cells = {c: (was[i], row[j]) for c, i, j in shared if was[i] != row[j]}
            if cells:
                changed[", ".join(key)] = cells
    return TableChange(
        name,
        tuple(", ".join(key) for key in new if key not in old),
        tuple(", ".join(key) for key in old if key not in new),
        changed,
        tuple(column for column in after if column not in before),
        tuple(column for column in before if column not in after),
    )
