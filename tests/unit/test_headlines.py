import pytest

import strikes2024
from strikes2024.campaign.headlines import HEADLINES, Answer, reconcile


@pytest.fixture(scope="module")
def record() -> strikes2024.Tables:
    return strikes2024.load()


@pytest.mark.parametrize("headline", HEADLINES, ids=lambda h: h.slug)
def test_every_claim_has_a_verdict_and_one_of_each_claimant_counts(record, headline) -> None:
    line, result = reconcile(record, headline)
    assert len(line)
    assert line["counts_because"].notna().all()
    counted = line[line["counts_because"] == "counts"]
    if not headline.counts:  # there every statement bounds the answer
        thing = ["part", "claimant"] if headline.parts else ["claimant"]
        assert not counted.duplicated(thing).any()
    assert (counted["status"] == "stands").all()
    assert line["stated"].is_monotonic_increasing
    assert result


def test_results_worked_by_hand(record) -> None:
    """Read off the claims: "at least 18" is a floor; closed ones run from about 30 to 37."""
    results = {h.slug: reconcile(record, h)[1] for h in HEADLINES}
    assert results["killed-syria"] == "30–37"
    assert results["killed-iraq"] == "16–17"
    assert results["killed-both"] == "46–54"
    assert results["killed-total"] == "47–57 or more"
    assert results["targets"] == "85 or more"
    assert results["tower-22-wounded"].endswith("100 or more")


def test_a_replaced_figure_does_not_count(record) -> None:
    line, _ = reconcile(record, HEADLINES[0])
    first = line[line["claim_id"] == "tower-22-wounded-centcom-2024-01-28"].iloc[0]
    assert first["counts_because"] == "replaced by a later claim of the same claimant"


def test_a_sum_that_lacks_a_part_of_one_strike_has_no_answer(record) -> None:
    both = next(h for h in HEADLINES if h.slug == "killed-both")
    kept = both.counted(both.claims(record))
    one = kept[kept["part"] == "Syria, 3 Feb"]
    assert len(one)
    assert both.answer(record, kept) != Answer()
    assert both.answer(record, one) == Answer()
