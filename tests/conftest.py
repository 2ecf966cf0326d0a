"""What all tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes depends on what else the machine does; benchmarks measure speed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the repository."""
    return ROOT
