"""Ship the tables inside the wheel.

In the repository they lie in ``data/`` at the top, for all to see; in an installed package they
must lie inside it. An editable install reads them where they are: a copy in the environment
would soon be an old one.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataHook(BuildHookInterface[Any]):
    """Add ``data/`` to a wheel as ``strikes2024/data``."""

    PLUGIN_NAME = "data"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name what goes into the wheel beside the package itself."""
        if version != "editable":
            build_data["force_include"]["data"] = "strikes2024/data"
