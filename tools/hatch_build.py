"""Ship the tables inside the wheel, and the project's addresses in its metadata.

In the repository the tables lie in ``data/`` at the top, for all to see; in an installed package
they must lie inside it. An editable install reads them where they are: a copy in the environment
would soon be an old one.

The addresses of the book and of the repository are set in one place, ``_config.yml``; where they
are empty the package names none.
"""

from pathlib import Path
from typing import Any

import yaml
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface


class DataHook(BuildHookInterface[Any]):
    """Add ``data/`` to a wheel as ``strikes2024/data``."""

    PLUGIN_NAME = "data"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name what goes into the wheel beside the package itself."""
        if version != "editable":
            build_data["force_include"]["data"] = "strikes2024/data"


class AddressHook(MetadataHookInterface):
    """Set the project's URLs from the book's configuration."""

    PLUGIN_NAME = "addresses"

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the URLs that are set."""
        config = yaml.safe_load((Path(self.root) / "_config.yml").read_text(encoding="utf-8"))
        addresses = {
            "Homepage": config["html"]["baseurl"],
            "Repository": config["repository"]["url"],
        }
        metadata["urls"] = {name: url for name, url in addresses.items() if url}
