"""What the chapter on reactions says of several parties at once is true of each."""

import pytest

import strikes2024

STRIKES = ["us-strikes-2024-02-02", "us-strikes-2024-02-07"]
NAMED = {
    "condemns": ["iraq", "syria", "iran", "russia", "china", "cuba", "oman", "iraq-parliament",
                 "hezbollah", "hamas", "pij", "houthis", "state-administration-coalition"],
    "supports": ["uk"],
    "understands": ["poland"],
    "neutral_restraint": ["eu", "switzerland", "china"],
    "concerned": ["belgium", "oman", "un"],
    "vows_response": ["nujaba", "kss", "iri"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("stance", "party"), [(stance, party) for stance in NAMED for party in NAMED[stance]]
)
def test_a_party_that_the_chapter_names_took_that_stance(stance: str, party: str) -> None:
    rows = strikes2024.reactions()
    own = rows[(rows["actor"] == party) & rows["event"].isin(STRIKES)]
    assert stance in set(own["stance"])


def test_no_other_ally_backed_the_strikes() -> None:
    rows = strikes2024.reactions()
    rows = rows[rows["event"].isin(STRIKES) & (rows["bloc"] != "us_domestic")]
    assert set(rows.loc[rows["stance"] == "supports", "actor"]) == set(NAMED["supports"])


def test_the_president_of_iran_spoke_before_the_strikes() -> None:
    record = strikes2024.load()
    spoken = record.reactions.set_index("reaction_id").loc["2024-02-02-iran-tower-22", "date"]
    assert spoken < record.events.set_index("event_id").loc[STRIKES[0], "start"]


def test_no_statement_of_kataib_hezbollah_on_the_first_strikes() -> None:
    rows = strikes2024.reactions()
    own = rows[rows["actor"] == "kataib-hezbollah"]
    assert STRIKES[0] not in set(own["event"])


def test_no_other_strike_of_the_campaign_was_as_deadly() -> None:
    from strikes2024 import charts

    frame = charts.killed_by_us_strikes(strikes2024.load()).frame.set_index("event")
    others = frame.drop(STRIKES[0])
    assert others["high"].max() < frame.loc[STRIKES[0], "low"]
