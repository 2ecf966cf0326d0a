"""What all tests share."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import Phase, settings

# How long an example takes depends on what else the machine does; benchmarks measure speed.
# The same examples on every machine: a test that fails fails for everybody.
settings.register_profile("untimed", deadline=None, derandomize=True)
# `make mutants` runs tests thousands of times: a change is seen in the first examples or in an
# exact test, and nobody looks at the example.
settings.register_profile(
    "mutants", deadline=None, max_examples=4, database=None, derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
MUTANTS = "MUTANT_UNDER_TEST" in os.environ
settings.load_profile("mutants" if MUTANTS else "untimed")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the repository."""
    return ROOT


# Whole files go to one of two processes, and these take minutes: they start first, so that neither
# process waits for the other in the end.
LONGEST = ["test_survives", "test_screens", "test_pages", "test_access", "test_charts"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; before a mutant the quickest tests, as the first to fail ends it."""
    stats = ROOT / "mutmut-stats.json"
    if MUTANTS and stats.is_file():
        took = json.loads(stats.read_text(encoding="utf-8"))["duration_by_test"]
        items.sort(key=lambda item: took.get(item.nodeid, 0.0))
        return
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))
