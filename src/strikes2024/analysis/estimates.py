"""Pick claims for one figure, and turn them into bounds by a named rule."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

__all__ = ["ADVERSARIES", "add_ranges", "bounds", "claim_line", "latest"]

# Groups of victims that claimants do not keep apart when they count whom the US strikes killed:
# one says "militants", another "members of the PMF", a third just "people".
ADVERSARIES = ("militants", "pmf_members", "all_groups")


def claim_line(
    claims: pd.DataFrame,
    event: str,
    metric: str,
    *,
    victims: Iterable[str] | None = None,
    country: str | None = None,
) -> pd.DataFrame:
    """All whole-figure claims on one thing, in the order in which they were stated.

    Rows with ``scope == "part"`` are left out, since a part must never stand beside a whole;
    claims without a number are kept. ``country`` matches the whole ``country`` cell, so
    ``"Iraq"`` leaves out a figure for ``"Iraq;Syria"``.

    Returns the columns of ``claims``, sorted by ``stated``, then ``as_of``, then ``claim_id``.
    """
    keep = (claims["event"] == event) & (claims["metric"] == metric) & (claims["scope"] == "whole")
    if victims is not None:
        keep &= claims["victims"].isin(list(victims))
    if country is not None:
        keep &= claims["country"] == country
    order = ["stated", "as_of", "claim_id"]
    return claims[keep.fillna(False)].sort_values(order).reset_index(drop=True)


def latest(line: pd.DataFrame) -> pd.DataFrame:
    """The last standing claim of each claimant: one row a claimant.

    Slips of carriers and figures that their claimant replaced are left out. Method: the rule
    "latest report of each source", as conflict-event coders apply it before they set bounds.
    """
    standing = line[line["status"] == "stands"]
    order = ["stated", "as_of", "claim_id"]
    return standing.sort_values(order).groupby("claimant", observed=True, sort=False).tail(1)


def bounds(line: pd.DataFrame) -> tuple[float, float]:
    """Lowest and highest number in a set of claims (the rule "range of all").

    An open claim ("at least 35") counts with its lower bound on both ends: nothing is known of
    its upper end. Raises ``ValueError`` where no claim gives a number.
    """
    low = line["low"].fillna(line["high"])
    high = line["high"].fillna(line["low"])
    if low.notna().sum() == 0:
        raise ValueError("no claim gives a number")
    return float(low.min()), float(high.max())


def add_ranges(parts: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Sum of ranges: lows with lows, highs with highs.

    The result is an outer bound: it holds whatever the dependence between the parts.
    """
    lows, highs = zip(*parts, strict=True)
    return float(sum(lows)), float(sum(highs))
