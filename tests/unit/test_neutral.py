"""Neutral words, one name for one thing, and a voice for whoever is accused.

What may be said is set out in `CONTRIBUTING.md`: neutral terms, groups under their own names, and
whatever is contested with the name of the one who says it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import strikes2024

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "index.md", *sorted((ROOT / "chapters").glob("*.md"))]
CHARTS = sorted((ROOT / "src" / "strikes2024" / "charts").glob("*.[pt]*"))  # and words.toml

# Texts in the compilers' own words. Aliases, phrases and titles of publications are others' words.
OWN_WORDS = {
    "actors": ["name", "description"],
    "places": ["name", "note"],
    "events": ["title", "summary", "weapon_detail", "damage", "note"],
    "attributions": ["note"],
    "links": ["note"],
    "steps": ["title", "what", "note"],
    "claims": ["note"],
    "tallies": ["note"],
    "interval_counts": ["note"],
    "people": ["role", "unit", "note"],
    "definitions": ["text"],
    "reactions": ["gist", "note"],
    "measures": ["detail", "note"],
    "milestones": ["title", "summary", "note"],
    "published_figures": ["figure", "reproduce"],
}

LOADED = re.compile(
    r"\b(terror\w*|regimes?|martyr\w*|thugs?|prox(y|ies)|eliminat\w*|neutrali[sz]\w*|brutal\w*|"
    r"heinous|coward\w*|unprovoked|aggress\w*|massacre\w*|extremis\w*|jihadis\w*|atroci\w*|"
    r"slaughter\w*|murder\w*|savage\w*|barbaric|criminals?|crimes?|puppets?|zionist\w*|occupiers?|"
    r"occupation|evil|surgical\w*|tragic\w*|tragedy|vicious|fanatic\w*|collateral|reckless\w*|"
    r"blatant\w*|so-called|cynical\w*|rebels?|freedom fighters?|bloodthirsty|blood-?bath)\b",
    re.IGNORECASE,
)
# Where a loaded word may stand outside quotation marks, and why.
ALLOWED = {
    r"[Ll]isted \S+ groups as foreign terrorist organisations": "a legal listing",
    r"[Cc]ounter-terrorism service": "the name of a service",
    r"Global Terrorism Trends and Analysis Center": "the name of an institution",
    r"(listed|lists \S+ \S+ \S+ \S+ \S+ \S+|listed the group|lists the group) as (a |global )?"
    r"(foreign )?terrorists?( organisation| group)?": "a legal listing by a state that is named",
    r"(as|be listed as) a (foreign )?terrorist (organisation|group)": "a legal listing",
    r"accuses Iran of backing terrorism": "an accusation, with the accuser",
    r"in their fight against terrorism": "reported speech of Syria’s defence ministry",
    r"In a report on the criminal case": "a kind of court case",
}
# A gist reports what its speaker said: it may hold his words if a verb of saying leads.
SAYING = re.compile(r"(Calls|Says|Asks|Wants|Blames|Condemns|Accuses|Demands|Speaks)\b")

# Forbidden spelling: the one in use.
SPELLINGS = {
    r"Kata['’`]ib|Kataeb|Kataibs|Kata'eb": "Kataib",
    r"Hi[sz]b[aou]l+ah\b|Hezbolah\b|Hezbullah": "Hezbollah",
    r"\bHezbollah Brigades": "Kataib Hezbollah",
    r"[Nn]ujab['’]?a['’]a|\bNujaba Movement|\bal-Nojaba": "al-Nujaba",
    r"\bPMU\b|\bHas[h]?[de]d al|\bHashd\b|Popular Mobili[sz]ation Units": "PMF",
    r"Popular Mobilisation": "Popular Mobilization Forces",
    r"\b[Aa]l[- ]Qa['’]im|\bAl Qaim|\b[Aa]l-Ka['’]?im": "al-Qaim",
    r"Al-?[Bb]u ?[Kk]amal|Bou?kamal|Abu Kemal": "Abu Kamal",
    r"Deir (al|el|ez|az|Al)[- ][Zz]ou?r(?<!ez-Zor)|Dayr|Deir Ezzor(?! 24)": "Deir ez-Zor",
    r"A[iy]n al-Ass?ad|\bal-Assad Air|Ayn al": "al-Asad",
    r"\bIrbil|\bArbil|\bHewler": "Erbil",
    r"Kon[ie]co|Coneco|Conico": "Conoco",
    r"Rme[il]+an|Rumeilan|Rumalyn(?! Landing Zone)": "Rumaylan",
    r"Fatimiy\w+|Fatemiyun": "Fatemiyoun",
    r"\bQods\b": "Quds",
    r"Sulei?mani|Suleymani|Sulaimani": "Soleimani",
    r"\bAnsarallah|\bAnsarullah|\bHuthi": "Houthis",
    r"\bDaesh\b|\bISIL\b|\bISIS\b": "Islamic State",
}
# Where another spelling may stand, and why.
OTHER_SPELLINGS = {
    r"Rumalyn Landing Zone": "the US name of the base, given beside the usual one",
    r"Ain al-Asad": "the full name of the base, in the list of places",
    r"Coalition against Daesh|[Cc]oalition [a-z-]+ Daesh": "the coalition’s own name",
}


def _unquoted(text: str) -> str:
    return re.sub(r"“[^”]*”|\"[^\"\n]*\"", "", text)


def _page(path: Path) -> str:
    """The prose of a page without front matter, code, link targets and quotations."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"\[[^\]]*\]\((quote|cite):[^)]*\)", "", text)  # other people's words
    text = re.sub(r"\]\([^)]*\)|`[^`]*`|\{[a-z]+\}", "", text)
    return " ".join(_unquoted(text).split())


def _literals(path: Path) -> str:
    """The texts between double quotes in a module of charts: titles, subtitles, notes."""
    return "\n".join(re.findall(r'"((?:[^"\\\n]|\\.)+)"', path.read_text(encoding="utf-8")))


def _cells() -> Iterator[tuple[str, str]]:
    tables = strikes2024.load()
    for name, columns in OWN_WORDS.items():
        frame = tables[name]
        for column in columns:
            if column not in frame:
                continue
            texts = frame[column].dropna().astype("string")
            for row, text in texts.items():
                yield f"{name}.{column} {frame.iloc[int(str(row)), 0]}", str(text)


def _loaded(text: str) -> list[str]:
    for pattern in ALLOWED:
        text = re.sub(pattern, "", text)
    return [match.group() for match in LOADED.finditer(_unquoted(text))]


def _misspelt(text: str) -> list[str]:
    for pattern in OTHER_SPELLINGS:
        text = re.sub(pattern, "", text)
    return [
        f"{match.group()} for {usual}"
        for pattern, usual in SPELLINGS.items()
        for match in re.finditer(pattern, _unquoted(text))
    ]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_no_loaded_word_on_a_page(path: Path) -> None:
    assert _loaded(_page(path)) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_one_spelling_on_the_pages(path: Path) -> None:
    # The glossary says how else a name is written.
    other = ["Kata’ib for Kataib", "Hizballah for Hezbollah", "Hashd for PMF"]
    found = _misspelt(_page(path))
    assert [x for x in found if path.stem != "glossary" or x not in other] == []


@pytest.mark.parametrize("path", CHARTS, ids=lambda p: p.stem)
def test_charts_use_neutral_words_and_one_spelling(path: Path) -> None:
    text = _literals(path)
    assert _loaded(text) + _misspelt(text) == []


def test_no_loaded_word_in_the_data() -> None:
    found = {
        where: words
        for where, text in _cells()
        if (words := _loaded(text))
        and not (where.startswith("reactions.gist") and SAYING.match(text))
    }
    assert found == {}


def test_one_spelling_in_the_data() -> None:
    assert {where: words for where, text in _cells() if (words := _misspelt(text))} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The regime's proxies were eliminated", ["regime", "proxies", "eliminated"]),
        ("An unprovoked act of terrorism", ["unprovoked", "terrorism"]),
        ("He spoke of “blatant aggression” again", []),
        ("The counter-terrorism service says so", []),
    ],
)
def test_the_search_for_loaded_words(text: str, found: list[str]) -> None:
    assert _loaded(text) == found


@pytest.mark.parametrize(
    "text", ["Kata'ib Hezbollah", "the PMU", "Al-Qa’im", "Deir el-Zour", "ISIS"]
)
def test_the_search_for_other_spellings(text: str) -> None:
    assert _misspelt(text)


def test_every_exception_is_needed() -> None:
    everything = "\n".join([*map(_page, PAGES), *(text for _, text in _cells())])
    unused = [p for p in [*ALLOWED, *OTHER_SPELLINGS] if not re.search(p, everything)]
    assert unused == []


@pytest.mark.parametrize(
    "event", ["tower-22-attack", "us-strikes-2024-02-02", "us-strikes-2024-02-07"]
)
def test_whoever_is_accused_is_heard_or_the_silence_is_noted(event: str) -> None:
    record = strikes2024.load()
    said = record.attributions[record.attributions["event"] == event]
    heard = set(said["claimant"])
    heard |= set(record.reactions.loc[record.reactions["event"] == event, "actor"])
    heard |= set(record.claims.loc[record.claims["event"] == event, "claimant"])
    accused = said[said["stance"].isin(["accuses", "attributes_as_likely"])]
    silent = accused[~accused["actor"].isin(heard)]
    noted = silent["note"].str.contains("No statement|no single body").fillna(False)
    assert list(silent.loc[~noted, "attribution_id"]) == []
