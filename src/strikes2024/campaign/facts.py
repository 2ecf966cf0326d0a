"""The facts of ``campaign.toml``, under the names that the code uses."""

import tomllib
from datetime import date
from importlib.resources import files
from typing import Any, Final

_FACTS: Final[dict[str, Any]] = tomllib.loads(
    (files("strikes2024.campaign") / "campaign.toml").read_text(encoding="utf-8")
)

CAMPAIGN: Final[str] = _FACTS["events"]["campaign"]
TOWER_22: Final[str] = _FACTS["events"]["tower_22"]
FEBRUARY: Final[str] = _FACTS["events"]["february"]
BAGHDAD: Final[str] = _FACTS["events"]["baghdad"]
STRIKES: Final = (FEBRUARY, BAGHDAD)
COUNTER: Final[str] = _FACTS["claimants"]["counter"]
MONITOR: Final[str] = _FACTS["claimants"]["monitor"]
# Who speaks for the counter's one list of attacks, from which day.
SPEAKERS: Final[tuple[str, ...]] = tuple(_FACTS["claimants"]["speakers"])
SPEAKERS_SINCE: Final[date] = _FACTS["claimants"]["speakers_since"]
TOTAL: Final[str] = _FACTS["total"]["claim"]
# Event, country and name of each part of the total.
PARTS: Final[tuple[tuple[str, str, str], ...]] = tuple(
    (part["event"], part["country"], part["name"]) for part in _FACTS["total"]["parts"]
)
# Name of a phase, and the row that dates its beginning: table, id.
PHASES: Final[tuple[tuple[str, str, str], ...]] = tuple(
    (phase["name"], phase["table"], phase["row"]) for phase in _FACTS["phases"]
)
# By the name of the phase in which it begins.
PERIODS: Final[dict[str, str]] = {
    phase["name"]: phase["period"] for phase in _FACTS["phases"] if "period" in phase
}
WINTER: Final[str] = _FACTS["reference"]["phase"]
CROSSCHECKS: Final[dict[str, dict[str, Any]]] = _FACTS["crosschecks"]
HEADLINES: Final[list[dict[str, Any]]] = _FACTS["headlines"]
