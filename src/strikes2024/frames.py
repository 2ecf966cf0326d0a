"""Small helpers for walking through frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

__all__ = ["each", "find", "highest"]


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """Walk through the rows as named tuples, one attribute a column."""
    return iter(frame.itertuples(index=False))


def find(frame: pd.DataFrame, key: str) -> Any:
    """Return the row whose first column, the id, is ``key``; ``KeyError`` where there is none."""
    return frame.set_index(frame.columns[0]).loc[key]


def highest(frame: pd.DataFrame, values: pd.Series) -> Any:
    """Return the row of ``frame`` at which ``values`` (same index) is highest."""
    return frame.loc[values.astype(float).idxmax()]  # type: ignore[call-overload]
