"""Estimates, sentences, answers and ladders: whole answers from a handful of rows."""

import math

import pandas as pd
from unit_helpers import D, assert_table, record, refuses, rows

from strikes2024.analysis import (
    Estimate,
    add_estimates,
    add_ranges,
    bounds,
    claim_line,
    estimate,
    estimate_line,
    explain,
    independent,
    ladders,
    latest,
    median_lag,
    responses,
    sensitivity,
)

SOURCES = rows(
    "sources",
    {"source_id": "news", "kind": "news", "publisher": "The News"},
    {"source_id": "box", "kind": "encyclopedia", "publisher": "The Box"},
    {"source_id": "wire", "kind": "wire", "publisher": "The Wire"},
)
ACTORS = rows(
    "actors",
    {"actor_id": "us", "kind": "state", "side": "us", "name": "the US"},
    {"actor_id": "sohr", "kind": "ngo", "side": "monitor", "name": "SOHR"},
    {"actor_id": "ap", "kind": "media", "side": "press", "name": "AP"},
    {"actor_id": "wiki", "kind": "media", "side": "encyclopedia"},
    {"actor_id": "firm", "kind": "company", "side": "other"},
    {"actor_id": "iri", "kind": "umbrella", "side": "iraq"},
)


def said(key: str, claimant: str, low: str = "", high: str = "", **more: str) -> dict[str, str]:
    return {"claim_id": key, "claimant": claimant, "low": low, "high": high} | more


CLAIMS = rows(
    "claims",
    said("old", "sohr", "13", "13", status="superseded"),
    said("new", "sohr", "23", "25", stated="2024-02-05"),
    said("floor", "us", "40", qualifier="more_than", stated="2024-02-04"),
    said("top", "iri", "", "16", stated="2024-02-05", as_of="2024-02-04", source="wire"),
    said("vague", "iri", "50", "50", stated="2024-02-09", stated_basis="not_before"),
    said("echo", "ap", "13", "13"),
    said("own", "firm", "37", "37", stated="2024-02-06", source="wire"),
    said("box", "wiki", "35", "35", source="box"),
    said("boxed", "us", "39", "39", source="box", stated="2024-02-07"),
    said("lost", "stranger", "44", "44", stated="2024-02-02"),
    said("some", "ap", stated="2024-02-08"),
    said("part", "ap", "1", "1", scope="part"),
    said("hurt", "ap", "1", "1", metric="wounded"),
    said("iraq", "ap", "1", "1", country="Iraq"),
    said("other", "ap", "1", "1", event="f"),
    said("civ", "ap", "1", "1", victims="civilians"),
)
LINE = claim_line(CLAIMS, "e", "killed", victims=iter(["militants"]), country="Syria")
ORDER = ["lost", "box", "echo", "old", "floor", "new", "top", "own", "boxed", "some", "vague"]


def test_claims_on_one_thing_in_the_order_of_statement() -> None:
    assert LINE["claim_id"].tolist() == ORDER
    assert list(LINE) == list(CLAIMS)
    assert list(LINE.index) == list(range(11))
    every = claim_line(CLAIMS, "e", "killed")["claim_id"]
    assert set(every) == {*ORDER, "iraq", "civ"}
    early = rows("claims", said("b", "us", "1"), said("a", "us", "1"),
                 said("z", "us", "1", as_of="2024-02-01"))  # fmt: skip
    assert claim_line(early, "e", "killed")["claim_id"].tolist() == ["z", "a", "b"]


def test_the_last_word_of_each() -> None:
    found = latest(LINE)
    assert found["claim_id"].tolist() == ["lost", "box", "new", "top", "own", "boxed", "some"]
    assert list(found) == list(LINE)
    ties = rows(
        "claims",
        said("b", "us", "2"), said("a", "us", "1"), said("c", "us", "3", as_of="2024-02-02"),
        said("y", "ap", "5", stated="2024-02-01"), said("x", "ap", "4", stated="2024-01-30"),
    )  # fmt: skip
    assert latest(ties)["claim_id"].tolist() == ["y", "b"]


def test_who_speaks_for_himself() -> None:
    kept = independent(LINE, ACTORS, SOURCES)
    assert kept.dtype == bool
    assert LINE["claim_id"][~kept].tolist() == ["box", "echo", "boxed"]
    # Given by a party on that day or before, by the press, by a company or a stranger alike.
    echoes = rows(
        "claims",
        said("first", "sohr", "7", "7", stated="2024-02-04"),
        said("same-day", "ap", "7", "7", stated="2024-02-04"),
        said("before", "ap", "7", "7", stated="2024-02-03"),
        said("firm", "firm", "7", "7", stated="2024-02-05"),
        said("lost", "stranger", "7", "7", stated="2024-02-05"),
        said("range", "ap", "7", "8", stated="2024-02-05"),
        said("again", "us", "7", "7", stated="2024-02-05"),
        said("unread", "sohr", "9", "9", source="nowhere"),
        said("boxed", "iri", "6", "6", source="box"),
        said("of-box", "ap", "6", "6", stated="2024-02-09"),
    )
    kept = independent(echoes.set_index(pd.Index(range(10, 20))), ACTORS, SOURCES)
    assert kept.tolist() == [True, False, True, False, False, True, True, True, True, False]
    assert kept.index.tolist() == list(range(10, 20))


def test_one_figure_by_each_rule() -> None:
    """Parties: 40 or more, 23 to 25, up to 16; the firm and the stranger stand for themselves."""
    nearest = Estimate(16, 16, 40, ("floor", "new", "top"), "nearest", open_ended=True)
    alone = Estimate(16, 23, 44, ("floor", "lost", "new", "own", "top"), "independent")
    every = Estimate(16, 35, 44, ("box", "boxed", "lost", "new", "own", "top"), "all")
    assert estimate_line(LINE, ACTORS, SOURCES) == nearest
    assert estimate_line(LINE, ACTORS, SOURCES, "independent") == alone
    assert estimate_line(LINE, ACTORS, SOURCES, "all") == every
    assert add_estimates([nearest, every, every]) == Estimate(
        48, 86, 128, nearest.claims + 2 * every.claims, "nearest + all", open_ended=True
    )
    assert bounds(LINE) == (13, 50)
    chosen = {"victims": ["civilians"], "country": "Syria", "rule": "all"}
    assert estimate(CLAIMS, ACTORS, SOURCES, "e", "killed", **chosen) == Estimate(
        1, 1, 1, ("civ",), "all"
    )
    assert estimate(CLAIMS, ACTORS, SOURCES, "e", "killed", country="Iraq").claims == ("iraq",)
    none = LINE[LINE["claim_id"] == "some"]
    heads = (
        "figure:words rule:words low:float64 best:float64 high:float64 open_ended:bool claims:int64"
    )
    found = sensitivity({"none": none, "x": LINE}, ACTORS, SOURCES)
    assert_table(
        found,
        heads,
        ("x", "nearest", 16, 16, 40, True, 3),
        ("x", "independent", 16, 23, 44, False, 5),
        ("x", "all", 16, 35, 44, False, 6),
    )
    assert list(sensitivity({}, ACTORS, SOURCES)) == list(found)


def test_what_cannot_be_estimated_is_named() -> None:
    with refuses("there is no rule 'mean'; expected one of nearest, independent, all"):
        estimate_line(LINE, ACTORS, SOURCES, "mean")
    with refuses("no claim gives a number"):
        bounds(LINE[LINE["claim_id"] == "some"])
    for add in (add_estimates, add_ranges):
        with refuses("there is nothing to add up"):
            add([])


def test_the_encyclopedia_counts_where_nobody_else_does() -> None:
    boxed = rows("claims", said("a", "us", "39", "39", source="box"), said("b", "wiki", "3", "3"),
                 said("c", "us", status="superseded"))  # fmt: skip
    assert estimate_line(boxed, ACTORS, SOURCES).claims == ("b",)
    assert estimate_line(boxed.iloc[[0, 2]], ACTORS, SOURCES).claims == ("a",)
    unread = rows("claims", said("a", "us", "1", "1", source="nowhere"))
    assert estimate_line(unread, ACTORS, SOURCES).claims == ("a",)


def test_claims_in_sentences() -> None:
    claims = rows(
        "claims",
        said("z", "us", "1", "1", place="base", country="", as_of="2024-02-02"),
        said("b", "sohr", "34", qualifier="at_least", speaker="Rami", cited_via="wire",
             status="superseded"),
        said("c", "stranger", "2", "3", source="lost", country="Iraq;Syria", scope="part",
             status="corrected", stated_basis="not_before", victims=""),
        said("d", "us", qualifier="some", metric="targets_struck", unit="targets", place="town",
             status="carrier_error", cited_via="news"),
        said("f", "us", "5", "5", metric="brain_injuries", country="", place="nowhere",
             cited_via="gone"),
        said("g", "us", "2", "2", metric="us_strikes", unit="rounds", country=""),
        said("h", "us", "7", qualifier="about", metric="casualties"),
        said("i", "us", "21", "21", victims="us_contractors"),
        said("j", "us", "1", qualifier="at_least", victims="iraqi_security"),
        said("k", "us", qualifier="some"),
        said("other", "us", "1", "1", event="f"),
    )  # fmt: skip
    places = rows(
        "places",
        {"place_id": "base", "name": "Al-Tanf", "kind": "us_base"},
        {"place_id": "town", "name": "Al-Qaim", "kind": "town"},
    )
    events = rows("events", {"event_id": "e"}, {"event_id": "bare"})
    tables = record(events=events, claims=claims, actors=ACTORS, sources=SOURCES, places=places)
    found = explain(tables, "e")
    on = "On 3 February 2024 the US spoke of"
    wanted = [
        ("z", "killed", f"{on} 1 militant killed at Al-Tanf, as of 2 February 2024 (The News)."),
        ("b", "killed", ("On 3 February 2024 SOHR (Rami) spoke of at least 34 militants killed in "
         "Syria (The News, citing The Wire). The claimant later gave another figure.")),
        ("c", "killed", ("On or after 3 February 2024 stranger spoke of 2–3 people killed in Iraq "
         "and Syria, part of a larger count (lost). The claimant later corrected the figure.")),
        ("d", "targets_struck", (f"{on} an unstated number of targets struck in Al-Qaim "
         "(The News). The publication seems to have garbled what the claimant said.")),
        ("f", "brain_injuries", (f"{on} 5 brain injuries among militants at nowhere (The News, "
         "citing gone).")),
        ("g", "us_strikes", f"{on} 2 rounds (US strikes) (The News)."),
        ("h", "casualties", f"{on} about 7 casualties among militants in Syria (The News)."),
        ("i", "killed", f"{on} 21 US contractors killed in Syria (The News)."),
        ("j", "killed", (f"{on} at least 1 member of Iraq’s security forces killed in Syria "
         "(The News).")),
        ("k", "killed", f"{on} an unstated number of militants killed in Syria (The News)."),
    ]  # fmt: skip
    day = D("2024-02-03")
    heads = "claim_id:text metric:category stated:day sentence:text"
    assert_table(found, heads, *((key, metric, day, words) for key, metric, words in wanted))
    assert_table(explain(tables, "bare"), heads)
    with refuses("\"there is no event 'x'\"", KeyError):
        explain(tables, "x")


EVENTS = rows(
    "events",
    {"event_id": "t22", "kind": "attack_on_us_forces", "start": "2024-01-28", "title": "Tower"},
    {"event_id": "feb", "title": "Strikes"},
    {"event_id": "back", "kind": "attack_on_us_forces", "title": "Answer"},
    {"event_id": "old", "start": "2019-12-29", "title": "Old"},
    {"event_id": "older", "kind": "attack_on_us_forces", "start": "2019-12-27", "title": "Older"},
    {"event_id": "two", "kind": "attack_on_us_forces", "start": "2024-01-30", "title": "Two"},
    {"event_id": "all", "kind": "campaign", "start": "2023-10-17"},
)


def tie(key: str, later: str, earlier: str, **more: str) -> dict[str, str]:
    return {"link_id": key, "from_event": later, "to_event": earlier} | more


LINKS = rows(
    "links",
    tie("b", "feb", "t22", stated_by="press", source="wire"),
    tie("a", "feb", "t22"),
    tie("c", "feb", "two"),
    tie("d", "back", "feb", stated_by="iri"),
    tie("e", "old", "older"),
    tie("f", "feb", "all"),
    tie("g", "all", "t22"),
    tie("h", "t22", "older", relation="followed_in_time"),
    tie("i", "feb", "unknown"),
)


def test_stated_answers() -> None:
    assert_table(
        responses(EVENTS, LINKS),
        "from_event:text from_title:text from_kind:category from_start:day to_event:text"
        " to_title:text to_kind:category to_start:day lag_days:Int64 stated_by:text source:text",
        ("old", "Old", "us_strike", "2019-12-29", "older", "Older", "attack_on_us_forces",
         "2019-12-27", 2, "us", "news"),
        ("back", "Answer", "attack_on_us_forces", "2024-02-03", "feb", "Strikes", "us_strike",
         "2024-02-03", 0, "iri", "news"),
        ("feb", "Strikes", "us_strike", "2024-02-03", "t22", "Tower", "attack_on_us_forces",
         "2024-01-28", 6, "us", "news"),
        ("feb", "Strikes", "us_strike", "2024-02-03", "two", "Two", "attack_on_us_forces",
         "2024-01-30", 4, "us", "news"),
    )  # fmt: skip


def test_ladders_of_answers() -> None:
    """Two episodes; an answer of the same day stands after what it answers."""
    claims = rows(
        "claims",
        said("a", "us", "3", "3", event="t22", victims="us_service_members"),
        said("b", "sohr", "30", "34", event="feb"),
        said("c", "us", "1", "2", event="feb", victims="us_personnel"),
    )
    heads = (
        "episode:int64 rung:int64 event:text start:day title:text kind:category answers:text"
        " lag_days:Int64 us_low:Float64 us_high:Float64 other_low:Float64 other_high:Float64"
    )
    na, attack = pd.NA, "attack_on_us_forces"
    assert_table(
        ladders(EVENTS, LINKS, claims),
        heads,
        (1, 1, "older", "2019-12-27", "Older", attack, na, na, na, na, na, na),
        (1, 2, "old", "2019-12-29", "Old", "us_strike", "older", 2, na, na, na, na),
        (2, 1, "t22", "2024-01-28", "Tower", attack, na, na, 3, 3, na, na),
        (2, 2, "two", "2024-01-30", "Two", attack, na, na, na, na, na, na),
        (2, 3, "feb", "2024-02-03", "Strikes", "us_strike", "t22;two", 4, 1, 2, 30, 34),
        (2, 4, "back", "2024-02-03", "Answer", attack, "feb", 0, na, na, na, na),
    )
    bare = ladders(EVENTS, LINKS.iloc[:0], claims)
    assert (len(bare), list(bare)) == (0, [head.split(":")[0] for head in heads.split()])


def test_the_median_lag() -> None:
    heads = "n:int64 median:float64 low:float64 high:float64"
    assert_table(median_lag(pd.Series([4, 1, 3, pd.NA, 2], dtype="Int64")), heads,
                 (4, 2.5, math.nan, math.nan))  # fmt: skip
    assert_table(median_lag(pd.Series([], dtype="Int64")), heads, (0, *[math.nan] * 3))
    five = pd.Series([0, 10, 20, 30, 40], dtype="Int64")
    # Both ends are missed with a chance of 6.25 %, the three in the middle with 37.5 %.
    assert_table(median_lag(five), heads, (5, 20, math.nan, math.nan))
    assert_table(median_lag(five, 0.9), heads, (5, 20, 0, 40))
    assert_table(median_lag(five, 0.5), heads, (5, 20, 10, 30))
