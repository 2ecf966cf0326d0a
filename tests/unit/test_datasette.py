"""The SQLite file in Datasette, in this process: titles, licence, and keys that are links."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import lxml.html
import pytest
from datasette.app import Datasette

from strikes2024 import claims, events, sources
from strikes2024.export import export

PAGES = ("/strikes2024", "/strikes2024/claims?claim_id={claim}", "/strikes2024/events_places")
CLAIM = "tower-22-wounded-centcom-2024-01-28-2"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Text and links of some pages, as Datasette serves them with the metadata shipped."""
    path = export("sqlite", tmp_path_factory.mktemp("base") / "strikes2024.db")
    metadata = json.loads(path.with_suffix(".metadata.json").read_text(encoding="utf-8"))

    async def served():
        site = Datasette(files=[str(path)], metadata=metadata)
        await site.invoke_startup()
        answers = [await site.client.get(page.format(claim=CLAIM)) for page in PAGES]
        rows = await site.client.get("/strikes2024/claims.json?_shape=array&_labels=on&_size=1")
        return answers, rows.json()

    # In a thread of its own: the browser tests may have left a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        answers, rows = pool.submit(asyncio.run, served()).result()
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    trees = [lxml.html.fromstring(answer.text) for answer in answers]
    return [(" ".join(t.text_content().split()), t) for t in trees], rows


def test_the_base_has_titles_and_a_licence(pages):
    (base, _), (table, _), _ = pages[0]
    assert "Creative Commons Attribution 4.0" in base
    assert "claims" in base
    assert "One figure, stated by one party." in table


def test_a_key_is_a_link_that_bears_the_name_of_its_row(pages):
    _, (_, tree), (_, pairs) = pages[0]
    claim = claims().set_index("claim_id").loc[CLAIM]
    for column, frame, key, label in (
        ("event", events(), "event_id", "title"),
        ("source", sources(), "source_id", "title"),
    ):
        (link,) = tree.cssselect(f"td.col-{column} a")
        assert link.get("href") == f"/strikes2024/{column}s/{claim[column]}"
        assert link.text == frame.set_index(key).loc[claim[column], label]
    assert pairs.cssselect("td.col-places a[href^='/strikes2024/places/']")


def test_the_labels_are_in_its_json_too(pages):
    row = pages[1][0]
    assert row["claimant"]["label"]
    assert row["claimant"]["value"] in set(claims()["claimant"])


def test_columns_are_described(pages):
    _, (_, tree), _ = pages[0]
    assert tree.cssselect("th.col-stated")[0].get("data-column-description")
