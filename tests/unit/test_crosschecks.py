"""The figures put beside other trackers', each worked by hand from a handful of rows."""

from types import SimpleNamespace

import pandas as pd
import pytest

from strikes2024.analysis import crosschecks as checks


def frame(columns, *rows):
    return pd.DataFrame([dict(zip(columns.split(), row, strict=True)) for row in rows])


def day(text):
    return pd.Timestamp(text)


EVENTS = frame(
    "event_id kind start us_date",
    ("before", "us_strike", day("2023-10-18"), pd.NaT),
    ("first", "us_strike", day("2023-10-19"), pd.NaT),
    ("night", "us_strike", day("2024-02-01"), day("2024-01-31")),
    ("last", "us_strike", day("2024-01-05"), pd.NaT),
    ("raid", "israeli_strike", day("2024-01-02"), pd.NaT),
    ("february", "us_strike", day("2024-02-02"), day("2024-02-02")),
    ("attack", "attack_on_us_forces", day("2024-01-20"), pd.NaT),
)


def strikes(first, last):
    return checks.strikes(SimpleNamespace(events=EVENTS), (first, last))


def test_strikes_are_counted_by_the_us_date_with_both_ends():
    assert strikes("2024-01-31", "2024-02-01") == (1.0, 1.0)
    assert strikes("2023-10-18", "2023-10-19") == (2.0, 2.0)
    assert strikes("2024-01-02", "2024-01-02") == (0.0, 0.0)


def test_claimed_attacks_are_those_a_group_owns_up_to_in_the_days():
    rows = frame(
        "event actor claimant stance",
        ("attack", "iri", "iri", "claims"),
        ("attack", "iri", "centcom", "claims"),
        ("first", "iri", "iri", "denies"),
        ("last", "iri", "iri", "claims"),
        ("night", "hezbollah", "hezbollah", "claims"),
        ("raid", "iri", "us-dod", "claims"),
    )
    tables = SimpleNamespace(events=EVENTS, attributions=rows)
    claimed = checks.claimed_attacks
    assert claimed(tables, "iri", ("2024-01-05", "2024-01-20")) == (2.0, 2.0)
    assert claimed(tables, "iri", ("2024-01-06", "2024-01-20")) == (1.0, 1.0)
    assert claimed(tables, "iri", ("2024-01-01", "2024-01-19")) == (1.0, 1.0)
    assert claimed(tables, "nobody", ("2023-01-01", "2025-01-01")) == (0.0, 0.0)


def test_killed_after_one_observer_adds_its_whole_standing_claims_of_the_strikes():
    columns = "event claimant metric scope status low high"
    good = ("first", "sohr", "killed", "whole", "stands", 4, 6)
    rows = frame(
        columns,
        good,
        ("last", "sohr", "killed", "whole", "stands", 3, pd.NA),
        ("before", "sohr", "killed", "whole", "stands", 100, 100),
        ("february", "sohr", "killed", "whole", "stands", 200, 200),
        ("raid", "sohr", "killed", "whole", "stands", 400, 400),
        ("first", "other", *good[2:]),
        ("first", "sohr", "wounded", *good[3:]),
        ("first", "sohr", "killed", "part", "stands", 4, 6),
        ("first", "sohr", "killed", "whole", "superseded", 4, 6),
    )
    tables = SimpleNamespace(events=EVENTS, claims=rows)
    killed = checks.killed_by_strikes
    assert killed(tables, "sohr", ("2023-10-19", "2024-01-05")) == (7.0, 9.0)
    assert killed(tables, "sohr", ("2023-10-19", "2024-01-04")) == (4.0, 6.0)


def test_parts_of_a_tally_and_of_claims_are_added_up():
    tallies = frame("part_of total", ("a", 3), ("a", 4), ("b", 50), (None, 99))
    tables = SimpleNamespace(tallies=tallies)
    assert checks.sum_by_base(tables, "a") == (7.0, 7.0)
    with pytest.raises(LookupError, match="none-such"):
        checks.sum_by_base(tables, "none-such")
    claims = frame("claim_id low high", ("x", 1, 2), ("y", 3, 5), ("z", 70, 80))
    assert checks.sum_of_claims(SimpleNamespace(claims=claims), ("x", "y")) == (4.0, 7.0)


def test_each_check_looks_at_what_its_figure_is_about():
    """The ranges on the real record that a reader of the methods page sees."""
    from strikes2024 import load
    from strikes2024.campaign import CROSSCHECKS
    from strikes2024.campaign.questions import campaign_checks

    found = campaign_checks(load()).set_index("check_id")
    assert set(found.index) == set(CROSSCHECKS)
    for name, check in CROSSCHECKS.items():
        assert check["how"][0].isupper()
        assert len(check["why"]) > 10
        assert found.loc[name, "how"] == check["how"]
        assert found.loc[name, "ours_low"] <= found.loc[name, "ours_high"]


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        ((3, 4), (5, 6), "ours is lower"),
        ((3, 5), (5, 6), "agrees"),
        ((6, 9), (5, 6), "agrees"),
        ((7, 9), (5, 6), "ours is higher"),
        ((7, 9), (5, None), "agrees"),
        ((3, 4), (5, None), "ours is lower"),
    ],
)
def test_ranges_agree_where_they_meet(ours, theirs, verdict):
    columns = "check_id figure publisher url period unit low high"
    row = ("mine", "F", "P", "https://example.org", "2024", "persons", *theirs)
    published = frame(columns, ("other", *row[1:]), row)
    found = checks.crosscheck(
        SimpleNamespace(published_figures=published),
        {"mine": checks.Check(lambda _: ours, "how", "why")},
    )
    assert found.to_dict("records")[0] | {"theirs_high": None} == {
        "check_id": "mine", "figure": "F", "publisher": "P", "url": "https://example.org",
        "period": "2024", "unit": "persons", "theirs_low": theirs[0], "theirs_high": None,
        "ours_low": ours[0], "ours_high": ours[1], "verdict": verdict,
        "difference": {"ours is lower": -1, "agrees": 0, "ours is higher": 1}[verdict],
        "how": "how", "why": "why",
    }  # fmt: skip
    assert list(found.index) == [0]
    assert found["theirs_high"].fillna(-1).tolist() == [theirs[1] or -1]


def test_a_check_without_its_rows_is_left_out():
    def missing(_):
        raise LookupError("no row")

    published = frame(
        "check_id figure publisher url period unit low high",
        ("mine", "F", "P", "https://example.org", "2024", "persons", 1, 2),
    )
    made = checks.crosscheck(
        SimpleNamespace(published_figures=published), {"mine": checks.Check(missing, "h", "w")}
    )
    assert made.empty
    assert list(made) == [
        "check_id", "figure", "publisher", "url", "period", "unit", "theirs_low", "theirs_high",
        "ours_low", "ours_high", "verdict", "difference", "how", "why",
    ]  # fmt: skip
