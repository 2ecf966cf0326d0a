"""The chapters: no typed figures, words as the data say, short quotations."""

import re
from pathlib import Path

import pandas as pd
import pytest

import strikes2024
from claimbook.references import UnknownKeyError, update
from strikes2024.report import references
from strikes2024.report.figures import FIGURES

KINDS = references.KINDS
LINK = re.compile(rf"\[[^\]]*\]\((?P<kind>{'|'.join(KINDS)}):(?P<key>[^)\s]*)\)")
ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = [ROOT / "index.md", *sorted((ROOT / "chapters").glob("*.md"))]

# What may stand in digits, and why.
ALLOWED = {
    r"2–[37] February( 2024)?": "the name of the strikes",
    r"4–5 February": "a night",
    r"\b\d{1,2} (January|February)\b( 2024)?": "a day that names an event, or that texts dispute",
    r"\b(19|20)\d\d\b(–\d\d)?": "a year",
    r"\b202\d–\d\d\b": "years",
    r"Tower 22|B-1B|K-1|Shahed 136|718th|Article 51": "a proper name, of an article of the Charter",
    r"bzip2|UTF-8|UTF-16|Windows-1252|180th meridian": "names of formats, of a line on the globe",
    r"54–55": "the figure that a section is about, in its heading",
    r"UTC\+3|\b\d\d:\d\d\b": "a time zone or an hour that the text explains",
    r"CC BY 4\.0|Garwood\s+1936|Wilenski\s+1940|Melander\s+2013|\b404\b": "a licence or a method",
}
NUMBER = (
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|"
    r"fifty|hundred|thousand)\b"
)
NUMBER_WORDS = re.compile(
    rf"{NUMBER}[^.;]{{0,20}}\b(killed|dead|wounded|attacks|targets|munitions)\b", re.IGNORECASE
)
# “two days”, “a week later”, “within a day”; not “attacks a week”, “on the same day”.
UNIT = r"(?:minute|hour|day|night|week|month|year)s?"
SPAN = re.compile(
    rf"{NUMBER}\s+{UNIT}\b"
    rf"|\b(?:an?|one|few|several)\s+{UNIT}\s+(?:later|earlier|before|after|ago|on)\b"
    rf"|\b(?:within|for|after|about|almost|nearly|over|than)\s+(?:an?|one|few)\s+{UNIT}\b",
    re.IGNORECASE,
)


def prose(path: Path) -> str:
    """The text of a chapter without front matter, code, references, link targets and directives."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    text = LINK.sub("", text)
    text = re.sub(r"`[^`]*`", "", text)
    return re.sub(r"\]\([^)]*\)", "]", text)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_no_figure_is_typed(path: Path) -> None:
    text = prose(path)
    for pattern in ALLOWED:
        text = re.sub(pattern, "", text)
    typed = [
        f"{number}: {line.strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(r"\d", line)
    ]
    assert not typed


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_no_count_is_spelt_out(path: Path) -> None:
    assert not NUMBER_WORDS.search(prose(path))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_no_span_of_time_is_typed(path: Path) -> None:
    assert not SPAN.findall(" ".join(prose(path).split()))


@pytest.mark.parametrize("said", ["Two days later it", "a week after", "within\na day"])
def test_the_search_for_spans_finds_them(said: str) -> None:
    assert SPAN.search(" ".join(said.split()))
    assert not SPAN.search("1.5 attacks a day; on the same day; the next morning")


def test_the_search_for_typed_figures_finds_one(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# T\n\nIt killed 35 people. [36](claim:a)\n", encoding="utf-8")
    assert "35 people" in prose(page)
    assert "36" not in prose(page)


def test_the_lede_can_be_quoted_whole() -> None:
    lede = (ROOT / "index.md").read_text(encoding="utf-8").split("\n# ")[1].split("```\n\n")[1]
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", lede.split("\n\n")[0]).split()
    assert 40 < len(words) <= 80


def test_the_places_that_background_calls_hit_most_often_are() -> None:
    events = strikes2024.events()
    since, until = pd.Timestamp("2023-10-17"), pd.Timestamp("2024-02-13")
    attacks = events[
        (events["kind"] == "attack_on_us_forces") & events["start"].between(since, until)
    ]
    places = attacks["places"].str.split(";").explode().value_counts()
    assert set(places.index[:3]) == {"al-asad", "al-omar", "conoco"}


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_the_words_are_those_of_the_data(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert update(text, KINDS) == text, "run `make words`"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_the_first_mention_of_an_actor_leads_to_its_row(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    linked = {link["key"] for link in LINK.finditer(text) if link["kind"] == "actor"}
    # Whoever has a row as an actor and one as a person may be linked to either.
    named_people = {link["key"] for link in LINK.finditer(text) if link["kind"] == "person"}
    people = strikes2024.load().people
    linked |= set(people.loc[people["person_id"].isin(named_people), "actor"].dropna())
    plain = re.sub(r"^[#|].*$|“[^”]*”", "", prose(path), flags=re.MULTILINE)
    actors = strikes2024.actors()
    named = actors[actors["kind"] != "state"]
    missing = []
    # Longer names first: “Kataib Hezbollah” is no mention of Hezbollah.
    for row in sorted(named.itertuples(), key=lambda row: -len(row.name)):
        plain, mentions = re.subn(rf"(?<![\w-]){re.escape(row.name)}(?![\w-])", "", plain)
        if mentions and row.actor_id not in linked:
            missing.append(row.name)
    assert not missing


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_nothing_stands_in_quotation_marks_but_a_recorded_phrase(path: Path) -> None:
    for quoted in re.findall(r"“([^”]+)”", prose(path)):
        assert len(quoted.split()) <= 8


def test_recorded_phrases_are_short_and_have_a_speaker_and_a_source() -> None:
    rows = strikes2024.reactions()
    rows = rows[rows["phrase"].notna()]
    assert (rows["phrase"].str.split().str.len() <= 8).all()
    assert rows["actor"].notna().all()
    assert rows["source"].notna().all()


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_key_is_named(kind: str) -> None:
    with pytest.raises(UnknownKeyError, match="no-such-thing"):
        KINDS[kind].texts("no-such-thing")


def test_a_near_miss_is_pointed_out() -> None:
    with pytest.raises(UnknownKeyError, match="did you mean tower-22-killed-centcom"):
        KINDS["claim"].texts("tower-22-killed-centcom-2024-01-29")


def test_a_count_over_some_days_can_be_cited() -> None:
    counts = strikes2024.load().interval_counts.set_index("count_id")
    none = counts.index[counts["high"] == 0][0]
    some = counts.index[counts["qualifier"] == "at_least"][0]
    for text in (f"[none](interval:{none})", f"[no](interval:{none})"):
        assert update(text, KINDS) == text
    renewed = f"[at least {counts.loc[some, 'low']}](interval:{some})"
    assert update(f"[7](interval:{some})", KINDS) == renewed
    who, days, publisher = KINDS["interval"].card(none, "none")[:3]
    assert str(counts.loc[none, "stated"].year) in who
    assert days.startswith("Attacks of ")
    assert publisher.startswith("Published by ")
    assert KINDS["interval"].place(none) == ("chapters/ledger", f"count-{none}")


def test_words_renew_a_stale_figure() -> None:
    stale = "killed [999](claim:tower-22-killed-centcom-2024-01-28) soldiers"
    assert update(stale, KINDS) == "killed [3](claim:tower-22-killed-centcom-2024-01-28) soldiers"


def test_a_name_may_be_an_alias_and_nothing_else() -> None:
    for text in ("[SOHR](actor:sohr)", "[Syrian Observatory for Human Rights](actor:sohr)"):
        assert update(text, KINDS) == text
    wrong = "[The Observatory of Syria](actor:sohr)"
    assert update(wrong, KINDS) == "[Syrian Observatory for Human Rights](actor:sohr)"


def test_main_names_file_and_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    page.write_text("[](claim:nothing-here)", encoding="utf-8")
    assert references.main([str(page)]) == 1
    message = capsys.readouterr().err
    assert "page.md" in message
    assert "nothing-here" in message
    assert page.read_text(encoding="utf-8") == "[](claim:nothing-here)"


def test_every_computed_figure_is_used_and_says_how_it_is_made() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in CHAPTERS)
    used = {link["key"] for link in LINK.finditer(text) if link["kind"] == "calc"}
    assert used == set(FIGURES)
    assert all(figure["how"] and figure["page"] for figure in FIGURES.values())


def test_rows_that_a_mark_leads_to_are_there() -> None:
    """A count of one country alone has a place too, although no sentence can quote its total."""
    tallies = strikes2024.load().tallies
    part = tallies.loc[tallies["total"].isna(), "tally_id"].iloc[0]
    assert KINDS["tally"].place(part) == ("chapters/ledger", f"tally-{part}")
    for kind in ("claim", "tally", "interval", "event", "actor", "person"):
        with pytest.raises(UnknownKeyError, match="no-such-thing"):
            KINDS[kind].place("no-such-thing")
