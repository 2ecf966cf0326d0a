"""The addresses of the book and of its repository: set once, absent where they are empty."""

from __future__ import annotations

import importlib.util
from email.message import Message
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from claimbook.addresses import take_repository
from strikes2024 import cite

ROOT = Path(__file__).resolve().parents[2]
BOOK, SOURCE = "https://book.example/report/", "https://code.example/report"


def urls(folder: Path, book: str, source: str) -> dict[str, str]:
    """Return the URLs that the build hook gives to the package."""
    spec = importlib.util.spec_from_file_location("hook", ROOT / "tools" / "hatch_build.py")
    assert spec
    assert spec.loader
    hook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hook)
    config = {"html": {"baseurl": book}, "repository": {"url": source}}
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    metadata: dict[str, dict[str, str]] = {}
    hook.AddressHook(str(folder), {}).update(metadata)
    return metadata["urls"]


def test_the_package_takes_its_urls_from_the_books_configuration(tmp_path: Path) -> None:
    assert urls(tmp_path, BOOK, SOURCE) == {"Homepage": BOOK, "Repository": SOURCE}
    assert urls(tmp_path, "", "") == {}
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert {"baseurl"} <= set(config["html"])
    assert {"url"} <= set(config["repository"])


@pytest.mark.parametrize(("button", "told"), [(False, {}), (True, {"repository_url": SOURCE})])
def test_the_theme_hears_of_a_repository_for_its_buttons_alone(
    button: bool, told: dict[str, str]
) -> None:
    options: dict[str, Any] = {"repository_url": SOURCE, "use_repository_button": button}
    config = SimpleNamespace(html_theme_options=options, claimbook_repository="")
    take_repository(None, config)  # type: ignore[arg-type]
    assert config.claimbook_repository == SOURCE
    assert options == {"use_repository_button": button} | told


@pytest.mark.parametrize(
    ("stated", "address"),
    [
        ([f"Homepage, {BOOK}", f"Repository, {SOURCE}"], BOOK),
        ([f"Repository, {SOURCE}"], SOURCE),
        ([], ""),
    ],
)
def test_a_citation_names_the_address_where_one_is_set(
    stated: list[str], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = Message()
    for line in stated:
        metadata["Project-URL"] = line
    monkeypatch.setattr(cite.metadata, "metadata", lambda _: metadata)
    assert cite.address() == address
    assert cite.citation().endswith(address or ".")
    assert (f"url     = {{{address}}}" in cite.citation("bibtex")) == bool(address)
