"""The second reading: its sample, its sums, its intervals."""

import csv
import importlib.util
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import strikes2024
from strikes2024.analysis import audit_faults, audit_summary, binomial_interval, read_twice
from strikes2024.report.figures import _by_row
from strikes2024.report.pages import remarks
from strikes2024.report.record import rows
from strikes2024.report.references import KINDS

ROOT = Path(__file__).resolve().parents[2]
SOURCES = pd.DataFrame({"source_id": ["n", "m", "w"], "kind": ["news", "news", "wire"]})


def _audit(*rows: tuple[str, str, str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["source", "outcome", "text", "fault"]).assign(
        table="claims", row_id=[f"row-{n}" for n in range(len(rows))]
    )


MIXED = _audit(
    ("n", "confirmed", "cited", None),
    ("m", "detail", "cited", "day;place"),
    ("n", "wrong", "other", "day"),
    ("n", "not_reached", None, None),
    ("w", "not_reached", None, None),
)


def test_known_intervals() -> None:
    assert binomial_interval(0, 10) == pytest.approx((0, 1 - 0.025**0.1))
    assert binomial_interval(10, 10) == pytest.approx((0.025**0.1, 1))
    assert binomial_interval(3, 11) == pytest.approx((0.0602, 0.6097), abs=1e-4)
    assert binomial_interval(0, 0) == (0, 1)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_interval_is_that_of_the_exact_test(pair: tuple[int, int]) -> None:
    count, of = pair
    low, high = binomial_interval(count, of)
    assert 0 <= low <= count / of <= high <= 1
    if count:
        assert stats.binom.sf(count - 1, of, low) == pytest.approx(0.025, rel=1e-6)
    if count < of:
        assert stats.binom.cdf(count, of, high) == pytest.approx(0.025, rel=1e-6)


@pytest.mark.parametrize(("count", "of"), [(-1, 3), (4, 3)])
def test_no_share(count: int, of: int) -> None:
    with pytest.raises(ValueError, match=f"{count} of {of} is no share"):
        binomial_interval(count, of)


def test_a_row_read_twice_counts_once_with_its_gravest_outcome() -> None:
    kinds = ["confirmed", "detail", "wrong", "not_reached"]  # as in the descriptor
    for first, second, kept in (
        ("not_reached", "confirmed", "confirmed"),
        ("detail", "not_reached", "detail"),
        ("wrong", "detail", "wrong"),
    ):
        twice = _audit(("n", first, None, None), ("n", second, None, None)).assign(row_id="row")
        twice["outcome"] = pd.Categorical(twice["outcome"], kinds)
        assert _by_row(twice)["outcome"].tolist() == [kept]


def test_unreached_rows_are_no_part_of_the_rate() -> None:
    table = audit_summary(MIXED, SOURCES).set_index("kind")
    news, wire, both = (table.loc[kind] for kind in ("news", "wire", "all kinds"))
    assert (news["rows"], news["cited"], news["other"]) == (4, 2, 1)
    assert (news["errors"], news["wrong"]) == (2, 1)
    assert news["rate"] == pytest.approx(2 / 3)
    assert (wire["cited"], wire["other"]) == (0, 0)
    assert pd.isna(wire["rate"])
    assert (wire["low"], wire["high"]) == (0, 1)
    assert (both["rows"], both["errors"]) == (5, 2)


def test_a_row_with_two_faults_counts_under_both() -> None:
    table = audit_faults(MIXED)
    assert list(table["fault"]) == ["day", "place"]
    assert list(table["errors"]) == [2, 1]
    assert list(table["wrong"]) == [1, 0]
    assert list(table["rate"]) == pytest.approx([2 / 3, 1 / 3])
    assert audit_faults(_audit()).empty


def test_what_was_not_reached_was_not_read_twice() -> None:
    again = pd.concat([MIXED, MIXED.iloc[[2]].assign(text="cited")])
    assert read_twice(MIXED, "claims").to_numpy().tolist() == [
        ["row-0", "cited"], ["row-1", "cited"], ["row-2", "other"],
    ]  # fmt: skip
    assert read_twice(again, "claims")["text"].tolist() == ["cited"] * 3
    assert read_twice(MIXED, "tallies").empty


def test_card_and_ledger_say_what_was_read_twice() -> None:
    readings = read_twice(strikes2024.audit(), "claims").set_index("row_id")["text"]
    claims = rows("claims")
    card = KINDS["claim"].card
    for text, words in (("cited", "Read twice"), ("other", "Read twice, the second time in")):
        key = next(key for key in claims if readings.get(key) == text)
        assert any(line.startswith(words) for line in card(key, ""))
        assert words in remarks("claims", claims[key])
    unread = next(key for key in claims if key not in readings)
    assert not any("Read twice" in line for line in card(unread, ""))
    assert "Read twice" not in remarks("claims", claims[unread])


def test_summary_of_no_rows() -> None:
    table = audit_summary(_audit(), SOURCES)
    assert list(table["kind"]) == ["all kinds"]
    assert table.loc[0, "rows"] == 0


def test_the_sheet_holds_rows_of_each_kind_of_source() -> None:
    record = strikes2024.load()
    lot = record.audit[record.audit["round"] == 1]
    kinds = lot["source"].map(record.sources.set_index("source_id")["kind"])
    cited = pd.concat([record.claims["source"], record.tallies["source"]])
    used = record.sources.set_index("source_id").loc[cited.unique(), "kind"].unique()
    assert set(used) <= set(kinds)
    # Ten of each were drawn; some sources have turned out to be of another kind.
    assert (kinds.astype("string").value_counts() >= 5).all()


def test_a_row_that_was_read_has_its_address_or_says_why_not() -> None:
    audit = strikes2024.audit()
    bare = audit[audit["text"].notna() & audit["url"].isna()]
    assert bare["note"].str.contains("no address").all()
    assert audit.loc[audit["outcome"] == "not_reached", "url"].isna().all()


def test_the_draw_is_the_same_each_time_and_even_over_kinds(small) -> None:
    spec = importlib.util.spec_from_file_location("draw_audit", ROOT / "tools" / "draw_audit.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    directory = small.write()
    drawn = tool.draw(directory)
    assert drawn == tool.draw(directory)
    with (directory / "sources.csv").open(encoding="utf-8", newline="") as file:
        kinds = {row["source_id"]: row["kind"] for row in csv.DictReader(file)}
    assert all(kinds[source] == kind for kind, _, _, source in drawn)
    counts = pd.Series([kind for kind, *_ in drawn]).value_counts()
    assert (counts <= tool.PER_KIND).all()
    # Events are drawn by each of their sources.
    assert {source for _, table, _, source in drawn if table == "events"} <= set(kinds)
