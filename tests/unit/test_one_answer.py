"""One question has one answer: text, reconciled headlines, rules, charts agree."""

import pytest

import strikes2024
from strikes2024 import charts
from strikes2024.campaign import count_bounds
from strikes2024.campaign.headlines import HEADLINES, headline_states, reconcile
from strikes2024.campaign.questions import campaign_rates, headline_sensitivity
from strikes2024.report import figures
from strikes2024.wording import reach, span


@pytest.fixture(scope="module")
def record() -> strikes2024.Tables:
    return strikes2024.load()


@pytest.mark.parametrize(
    ("slug", "figure"), [("killed-syria", "syria-killed-span"), ("killed-iraq", "iraq-killed-span")]
)
def test_the_text_and_the_reconciled_headline(record, slug: str, figure: str) -> None:
    headline = next(h for h in HEADLINES if h.slug == slug)
    assert figures.figure(record, figure) == reconcile(record, headline)[1]


def test_the_rule_of_all_claimants_gives_the_same_range_as_the_headline(record) -> None:
    rules = headline_sensitivity(record)
    rules = rules[rules["rule"] == "all"].set_index("figure")
    for headline in HEADLINES:
        if headline.question not in rules.index:
            continue
        row = rules.loc[headline.question]
        words = span(row["low"], row["high"]) + (" or more" if row["open_ended"] else "")
        assert words == reconcile(record, headline)[1], headline.slug
        assert row["low"] <= row["best"] <= row["high"]


def test_those_killed_in_all(record) -> None:
    words = figures.figure(record, "killed-sum")
    rules = headline_sensitivity(record).set_index(["figure", "rule"])
    row = rules.loc[(HEADLINES[4].question, "all")]
    assert words == span(row["low"], row["high"]) + (" or more" if row["open_ended"] else "")
    frame = charts.killed_total(record).frame
    drawn = frame[(frame["place"] == "Sum") & frame["rule"].str.startswith("Each claimant")].iloc[0]
    assert (drawn["low"], drawn["high"]) == (row["low"], row["high"])


def test_the_last_state_of_what_was_known_is_the_headline(record) -> None:
    last = headline_states(record).groupby("figure").last()["words"]
    for headline in HEADLINES:
        assert last[headline.name] == reconcile(record, headline)[1], headline.slug


def test_attacks_in_a_phase(record) -> None:
    rates = campaign_rates(record).iloc[:-1]
    found = count_bounds(record, rates[["start", "end"]])
    assert found["fewest"].tolist() == rates["fewest"].tolist()
    assert found["most"].tolist() == rates["most"].tolist()
    quiet = rates.set_index("phase").loc["From the strike of 7 February"]
    assert figures.figure(record, "quiet-attacks") == reach(quiet["fewest"], quiet["most"])


def test_the_killed_of_the_ten_days(record) -> None:
    told = " ".join(charts.ten_days(record).frame["detail"])
    for figure, words in (
        ("iraq-killed-span", "{} killed in Iraq"),
        ("syria-killed-span", "{} in Syria"),
        ("baghdad-killed-span", "{} killed"),
    ):
        assert words.format(figures.figure(record, figure)) in told
