"""Who answered what, and after how many days."""

from __future__ import annotations

import pandas as pd

__all__ = ["responses"]


def responses(events: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Stated answers (``links`` of relation ``in_answer_to``) with their lag in local days.

    A lag of 0 means the same local day. A tie is somebody's statement, not a proof of motive;
    campaigns are left out, since an answer to a whole campaign has no lag. Where several
    sources state one tie, the first row is kept.

    Returns ``from_event``, ``from_title``, ``from_kind``, ``from_start``, ``to_event``,
    ``to_title``, ``to_kind``, ``to_start``, ``lag_days`` (Int64), ``stated_by``, ``source``,
    sorted by ``from_start``.
    """
    ties = links[links["relation"] == "in_answer_to"]
    ties = ties.drop_duplicates(["from_event", "to_event"])
    names = events[["event_id", "title", "kind", "start"]]
    for side in ("from", "to"):
        ties = ties.merge(
            names.add_prefix(f"{side}_"),
            left_on=f"{side}_event",
            right_on=f"{side}_event_id",
            how="inner",
        )
    ties = ties[(ties["from_kind"] != "campaign") & (ties["to_kind"] != "campaign")]
    ties = ties.assign(lag_days=(ties["from_start"] - ties["to_start"]).dt.days.astype("Int64"))
    columns = [
        "from_event",
        "from_title",
        "from_kind",
        "from_start",
        "to_event",
        "to_title",
        "to_kind",
        "to_start",
        "lag_days",
        "stated_by",
        "source",
    ]
    return ties[columns].sort_values(["from_start", "from_event"]).reset_index(drop=True)
