"""All claims on an event in plain sentences."""

from typing import Any

import pandas as pd

from strikes2024.tables import Tables
from strikes2024.wording import WORDS, day, join, people, quantity, spell

_SITES = ("us_base", "embassy", "militia_site", "other")


def explain(tables: Tables, event: str) -> pd.DataFrame:
    r"""Every claim on an event as a sentence that names claimant, day and publication.

    Parameters
    ----------
    tables
        The record.
    event
        The id of an event.

    Returns
    -------
    pandas.DataFrame
        ``claim_id``, ``metric``, ``stated`` and ``sentence``, one row a claim, in the order of the
        statements; no row where nobody gave a figure.

    Raises
    ------
    KeyError
        There is no such event.

    Notes
    -----
    Parts, replaced figures and reporting errors are named as such, and nothing is weighed.

    Method: a sentence a row, no model. Assumes nothing beyond the row.

    Examples
    --------
    >>> import strikes2024
    >>> from strikes2024.analysis import explain
    >>> t = strikes2024.load()
    >>> said = explain(t, t.claims["event"].dropna().iloc[0])
    >>> bool(said["stated"].is_monotonic_increasing)
    True
    """
    if not (tables.events["event_id"] == event).any():
        raise KeyError(f"there is no event {event!r}")
    claims = tables.claims[tables.claims["event"] == event]
    claims = claims.sort_values(["stated", "as_of", "claim_id"]).reset_index(drop=True)
    actors = tables.actors.set_index("actor_id")["name"]
    sources = tables.sources.set_index("source_id")["publisher"]
    places = tables.places.set_index("place_id")[["name", "kind"]]
    sentences = [_sentence(row, actors, sources, places) for row in claims.itertuples(index=False)]
    found = claims[["claim_id", "metric", "stated"]]
    return found.assign(sentence=pd.Series(sentences, index=claims.index, dtype="string"))


def _sentence(row: Any, actors: pd.Series, sources: pd.Series, places: pd.DataFrame) -> str:
    who = str(actors.get(row.claimant, row.claimant))
    if pd.notna(row.speaker):
        who += f" ({row.speaker})"
    when = f"{'On or after' if row.stated_basis == 'not_before' else 'On'} {day(row.stated)}"
    source = str(sources.get(row.source, row.source))
    via = None if pd.isna(row.cited_via) else str(sources.get(row.cited_via, row.cited_via))
    if via not in (None, source):
        source += f", citing {via}"
    words = [f"{when} {who} spoke of {_figure(row)}{_where(row, places)}"]
    if row.as_of != row.stated:
        words.append(f", as of {day(row.as_of)}")
    if row.scope == "part":
        words.append(", part of a larger count")
    status = WORDS["statuses"].get(str(row.status))
    return f"{''.join(words)} ({source})." + (f" {status}" if status else "")


def _figure(row: Any) -> str:
    amount = quantity(row.low, row.high, str(row.qualifier))
    metric = spell(str(row.metric))
    unit = str(row.unit)
    amount += " of" if amount == "an unstated number" else ""
    if unit != "persons":
        return f"{amount} {metric}" if unit in metric else f"{amount} {unit} ({metric})"
    one, many = people(str(row.victims))
    if row.metric in ("casualties", "brain_injuries"):
        return f"{amount} {metric} among {many}"
    return f"{amount} {one if amount.endswith(' 1') or amount == '1' else many} {metric}"


def _where(row: Any, places: pd.DataFrame) -> str:
    if pd.notna(row.place):
        if row.place not in places.index:
            return f" at {row.place}"
        place = places.loc[row.place]
        return f" {'at' if place['kind'] in _SITES else 'in'} {place['name']}"
    return f" in {join(str(row.country).split(';'))}" if pd.notna(row.country) else ""
