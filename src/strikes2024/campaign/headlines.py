"""The headline figures: all claims on each, the rule applied, the result.

A headline is reconciled in the open: every claim stands in order of time with the reason why it
counts or does not, and the result is the range of the figures that count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from strikes2024.analysis import ADVERSARIES, bounds, claim_line, latest, open_above
from strikes2024.campaign import facts
from strikes2024.wording import span

if TYPE_CHECKING:
    from collections.abc import Callable

    from strikes2024.tables import Tables

__all__ = ["HEADLINES", "RULE", "Headline", "counted", "in_words", "reconcile"]

RULE = (
    "The latest standing figure of each claimant counts; the result runs from the lowest to the "
    "highest closed one of them. An open figure (“at least”) is a floor: it lowers nothing, and "
    "above all closed ones it makes the result “or more”. Figures that their claimant replaced, "
    "reporting errors and claims without a number do not count."
)


@dataclass(frozen=True)
class Headline:
    """A headline figure: its name, question, unit and the claims that answer it."""

    slug: str
    name: str
    question: str
    unit: str
    claims: Callable[[Tables], pd.DataFrame]


def _claims(
    event: str, metric: str, country: str | None = None, *, fighters: bool = False
) -> Callable[[Tables], pd.DataFrame]:
    victims = ADVERSARIES if fighters else None
    return lambda t: claim_line(
        t.claims, event, metric, victims=victims, country=country, errors="ignore"
    )


def _counts(first: str, last: str) -> Callable[[Tables], pd.DataFrame]:
    """Cumulative counts of attacks that describe one of these days."""

    def claims(t: Tables) -> pd.DataFrame:
        rows = t.tallies[t.tallies["total"].notna() & t.tallies["place"].isna()]
        near = rows["as_of"].between(pd.Timestamp(first), pd.Timestamp(last))
        rows = rows[near & (rows["counts"] == "attacks")]
        total = rows["total"].astype("Float64")
        exact = rows["qualifier"].isin(["exactly", "about"])
        rows = rows.assign(claim_id=rows["tally_id"], low=total, high=total.where(exact))
        return rows.sort_values(["stated", "as_of"])

    return claims


HEADLINES: Final = tuple(
    Headline(
        fact["slug"],
        fact["name"],
        fact["question"],
        fact["unit"],
        _claims(**fact["claims"]) if "claims" in fact else _counts(*fact["counts"]),
    )
    for fact in facts.HEADLINES
)


def counted(line: pd.DataFrame) -> pd.DataFrame:
    """Return the claims that count: of each claimant the latest standing one, if it has a number.

    ``line`` are claims on one thing (columns ``claimant``, ``status``, ``stated``, ``as_of``,
    ``claim_id``, ``low``, ``high``).
    """
    found = latest(line)
    return found[found["low"].notna() | found["high"].notna()]


def in_words(claims: pd.DataFrame) -> str:
    """Write the range of the claims that count; "or more" where the highest of them is open."""
    if claims.empty:
        return "no number given"
    return f"{span(*bounds(claims))}{' or more' if open_above(claims) else ''}"


def reconcile(t: Tables, headline: Headline) -> tuple[pd.DataFrame, str]:
    """All claims on a headline with a verdict each, and the result in words.

    Returns the claims in order of statement with the column ``counts_because`` (text: "counts",
    or why not), and the range of those that count.
    """
    line = headline.claims(t)
    kept = counted(line)
    reasons = {
        "superseded": "replaced by the same claimant",
        "corrected": "corrected by the same claimant",
        "carrier_error": "reporting error by the publication",
    }

    def verdict(index: object, status: str) -> str:
        if index in kept.index:
            return "counts"
        return reasons.get(status, "the same claimant gave a later figure, or no number")

    verdicts = [verdict(i, str(s)) for i, s in zip(line.index, line["status"], strict=True)]
    return line.assign(counts_because=verdicts), in_words(kept)
