"""The record about itself: where its figures come from and how late they were said."""

from __future__ import annotations

import pandas as pd

__all__ = ["record_by_source_kind", "stated_delay"]


def record_by_source_kind(
    claims: pd.DataFrame, actors: pd.DataFrame, sources: pd.DataFrame
) -> pd.DataFrame:
    """Claims by the claimant's side and the kind of publication that carried them.

    Returns ``side``, ``kind``, ``claims`` (Int64), one row for each pair that occurs.
    """
    sides = actors.set_index("actor_id")["side"].astype("string")
    kinds = sources.set_index("source_id")["kind"].astype("string")
    pairs = pd.DataFrame(
        {"side": claims["claimant"].map(sides), "kind": claims["source"].map(kinds)}
    )
    table = pairs.value_counts().rename("claims").reset_index()
    return table.astype({"claims": "Int64"}).sort_values(["side", "kind"]).reset_index(drop=True)


def stated_delay(claims: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Days from an event's start to each claim about it.

    Claims whose day of statement is only a lower limit (``not_before``) are left out.
    Returns ``claim_id``, ``event``, ``delay_days`` (Int64).
    """
    dated = claims[claims["event"].notna() & (claims["stated_basis"] != "not_before")]
    start = dated["event"].map(events.set_index("event_id")["start"])
    delay = (dated["stated"] - start).dt.days.astype("Int64")
    return pd.DataFrame(
        {"claim_id": dated["claim_id"], "event": dated["event"], "delay_days": delay}
    ).reset_index(drop=True)
