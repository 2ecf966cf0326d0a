"""Charts of the record itself: through whom it speaks, and what was known when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from strikes2024.analysis import History, record_by_source_kind
from strikes2024.campaign.headlines import HEADLINES, Headline
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import grid, stacked_rows
from strikes2024.charts.general import nothing
from strikes2024.wording import day, number

if TYPE_CHECKING:
    from strikes2024.tables import Tables

__all__ = ["KINDS", "known_when", "record", "states"]

KINDS: Final = {
    "official": "official page",
    "wire": "news agency",
    "news": "news",
    "ngo": "monitor, NGO",
    "think_tank": "think tank",
    "encyclopedia": "encyclopedia",
    "party_media": "party media",
    "aggregator": "aggregator or copy",
    "dataset": "data set",
}
# Which publications are a side's own; all else is second-hand.
_OWN: Final = {
    "press": {"news", "wire"}, "monitor": {"ngo", "think_tank"}, "encyclopedia": {"encyclopedia"},
    "iran_aligned": {"official", "party_media"},
}  # fmt: skip
_OWN_PAGES, _PRESS, _ELSEWHERE = "own publications", "the press", "elsewhere"
_ROUTES: Final = {
    _OWN_PAGES: style.SIDE_COLOURS["us"],
    _PRESS: style.SIDE_COLOURS["press"],
    _ELSEWHERE: style.SIDE_COLOURS["iraq"],
}
_WATCHERS: Final = ("press", "monitor", "encyclopedia", "other")


_FIRST, _NOW = "At the end of the first day", "As it stands today, and since when"


def _finding(pairs: pd.DataFrame) -> str:
    """Say through whom the claims reached the record."""
    total = int(pairs["claims"].sum())
    us = pairs[pairs["side"] == "us"]
    if len(us):
        read = us.groupby("part")["claims"].sum() / us["claims"].sum()
        own, press = (f"{100 * read.get(part, 0):.0f} %" for part in (_OWN_PAGES, _PRESS))
        return (
            f"{own} of the claims by US bodies were read in their own publications, {press} in "
            "the press"
        )
    kinds = pairs.groupby("kind", observed=True)["claims"].sum()
    kind, most = KINDS[str(kinds.idxmax())], int(kinds.max())
    if most == total:
        return f"All {number(total)} claims come from one kind of publication: {kind}"
    return f"{most / total * 100:.0f} % of the {number(total)} claims come from: {kind}"


@chart_function()
def record(t: Tables) -> Chart:
    """Claims by the side of the claimant and the kind of publication that carried them."""
    if t.claims.empty:
        events = len(demand(t.events, "event or claim"))
        return nothing("record", "The tables hold no claim", events, "events")
    pairs = record_by_source_kind(t.claims, t.actors, t.sources)
    kinds = pairs["kind"].astype("string")
    sides = pairs["side"].astype("string")
    pairs["part"] = [
        _OWN_PAGES if kind in _OWN.get(side, {"official"})
        else _PRESS if kind in _OWN["press"] else _ELSEWHERE
        for side, kind in zip(sides, kinds, strict=True)
    ]  # fmt: skip
    drawn = pairs.assign(row=sides.map(style.SIDE_NAMES), value=pairs["claims"].astype(int))
    sums = drawn.groupby("row")["value"].sum()
    own_sums = drawn[drawn["part"] == _OWN_PAGES].groupby("row")["value"].sum().reindex(sums.index)
    shares = (100 * own_sums / sums).fillna(0)
    watchers = sides.isin(_WATCHERS)
    drawn["group"] = watchers.map({
        False: "Claims by states, armed groups and the UN",
        True: "Claims by the press, monitors and others",
    })  # fmt: skip
    drawn = drawn.assign(
        late=watchers, sum=drawn["row"].map(sums),
        row=[f"{name} ({shares[name]:.0f}\u00a0%)" for name in drawn["row"]],
    ).sort_values(["late", "sum"], ascending=[True, False], kind="stable")  # fmt: skip
    frame = pairs.assign(side=sides.map(style.SIDE_NAMES), kind=kinds.map(KINDS))[
        ["side", "kind", "claims"]
    ]
    return Chart(
        slug="record",
        title=_finding(pairs),
        alt="Claims by side and publication: "
        + "; ".join(frame["side"] + ", " + frame["kind"] + ": " + frame["claims"].astype(str))
        + ". In the picture:",
        subtitle=f"{number(int(sums.sum()))} claims by side of the claimant and kind of "
        "publication in which they were read",
        frame=frame,
        labels={"side": "Claimant’s side", "kind": "Publication"},
        source_ids=t.claims["source"],
        note="Every claim counts once, by the publication that was read. A claimant’s own "
        "publication is an official page of a state or body, a group’s party media, or the "
        "newspaper, monitor or encyclopedia that makes the claim.",
        picture=lambda width: stacked_rows(
            drawn,
            width,
            colours=_ROUTES,
            unit="Claims in the record by who made them and where they were read; in brackets the "
            "share in the claimants’ own publications",
        ),
    )


def states(t: Tables) -> pd.DataFrame:
    """Each headline figure on each day on which one of them changed.

    Returns ``figure`` (the name of the headline), ``day``, ``low``, ``high`` (Float64; the bounds
    of the claims that count, missing where none gives a number), ``words``, ``claimants`` (Int64),
    in order of the headlines and days.
    """
    rows = []
    history = History(t)
    ids = {i for headline in HEADLINES for i in headline.claims(t)["claim_id"]}
    claims, tallies = (
        set(history.entries[name][t[name][key].isin(ids)])
        for name, key in (("claims", "claim_id"), ("tallies", "tally_id"))
    )
    first = min(claims, default=pd.Timestamp.min)  # the day of the first event
    days = sorted(when for when in claims | tallies if when >= first)
    demand(days, "dated claim on a headline figure")
    for headline in HEADLINES:
        whole = headline.claims(t)
        state, last = {}, None
        for when in days:
            now = history.line_as_of(whole, when)
            if last is None or not now["status"].equals(last["status"]):
                known = history.as_of(when) if headline.counts else t
                state, last = _state(known, headline, now), now
            rows.append({"figure": headline.name, "day": when, **state})
    return pd.DataFrame(rows).astype({"low": "Float64", "high": "Float64", "claimants": "Int64"})


def _state(t: Tables, headline: Headline, line: pd.DataFrame) -> dict[str, Any]:
    """What the claims known on a day say together."""
    kept = headline.counted(line)
    answer = headline.answer(t, kept)
    claimants = kept["claimant"].nunique()
    return {
        "low": answer.low, "high": answer.high, "words": str(answer), "claimants": claimants
    }  # fmt: skip


def _then_and_now(known: pd.DataFrame) -> pd.DataFrame:
    """Each figure on its first day and as it stands, as cells of :func:`grid`."""
    figures = known.groupby("figure", sort=False)
    first, final = figures.first(), figures.last()
    same = known[known["words"] == known["figure"].map(final["words"])]
    since = same.groupby("figure", sort=False)["day"].first()
    table = pd.DataFrame({"then": first["words"], "first": first["day"], "now": final["words"],
                          "since": since, "moved": first["words"] != final["words"]})  # fmt: skip
    table = table.sort_values("moved", ascending=False, kind="stable").reset_index()
    heads = {new: f"{'Changed' if new else 'Unchanged'}: {(table['moved'] == new).sum()} of "
             f"{len(table)}" for new in (True, False)}  # fmt: skip
    return pd.DataFrame([
        {"row": row["figure"], "column": column, "text": f"{row[words]} ({day(row[when])})",
         "strong": row["moved"] and column == _NOW, "group": heads[row["moved"]],
         "moved": row["moved"]}
        for row in table.to_dict("records")
        for column, words, when in ((_FIRST, "then", "first"), (_NOW, "now", "since"))
    ])  # fmt: skip


@chart_function()
def known_when(t: Tables) -> Chart:
    """The headline figures on their first day and today, with a slider that goes back."""
    frame = states(t)
    cells = _then_and_now(demand(frame[frame["low"].notna()], "headline figure with a number"))
    moved = cells.loc[cells["column"] == _NOW, "moved"]
    table = frame.assign(day=frame["day"].dt.strftime("%Y-%m-%d")).pivot_table(
        index="figure", columns="day", values="words", aggfunc="first", sort=False
    )
    return Chart(
        slug="known-when",
        title=f"{number(int(moved.sum())).capitalize()} of {len(moved)} headline figures are no "
        "longer what they were at the end of their first day",
        subtitle="The range of the claims that count, with the date from which it has stood",
        frame=frame,
        labels={"figure": "Figure", "day": "As known on", "words": "Range",
                "claimants": "Claimants"},
        source_ids=pd.concat([h.claims(t)["source"] for h in HEADLINES]),
        note="A claim counts from the day on which it was made; a claim in an undated "
        "publication, from the day on which a dated one repeats it.",
        picture=lambda width: grid(
            cells, width, columns=[_FIRST, _NOW], unit="Headline figures of this report"
        ),
        time_slider=table,
    )  # fmt: skip
