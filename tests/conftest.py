"""What all tests share."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from xdist.scheduler import LoadScopeScheduling

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


# What takes minutes starts first, so that no process waits for another in the end.
LONGEST = ["test_survives", "test_visits", "test_edition", "test_notebooks", "test_charts"]


class ByFile(LoadScopeScheduling):
    """Send whole files to a process, as tests of a file share what is costly; visits by page."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        page = test.partition("[")[2].rpartition("-")[0].rpartition("-")[0]
        return f"{file}[{page}]" if file.endswith("test_visits.py") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Schedule in the order of the collection: it has the longest files first."""
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the built book and what draws its inputs; put the longest files first."""
    for item in items:
        if item.path.parent.name == "book":
            item.add_marker("book")
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("fuzz")
    stats = ROOT / "mutmut-stats.json"
    if MUTANTS and stats.is_file():  # the quickest tests first, as the first to fail ends it
        took = json.loads(stats.read_text(encoding="utf-8"))["duration_by_test"]
        items.sort(key=lambda item: took.get(item.nodeid, 0.0))
        return
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))
