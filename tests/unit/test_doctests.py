"""The examples in docstrings say what happens."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = (
    "claimbook.edition",
    "strikes2024",
    "strikes2024.cite",
    "strikes2024.compare",
    "strikes2024.describe",
    "strikes2024.joins",
    "strikes2024.report.markup",
    "strikes2024.schema",
    "strikes2024.tables",
    "strikes2024.validation.schema",
    "strikes2024.wording",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    module = importlib.import_module(name)
    result = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert result.attempted
    assert not result.failed
