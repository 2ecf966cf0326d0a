"""The plan of the house: which room may use which, and where no fact of the campaign stands."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"
# From the ground up: a room uses those on floors below, and its own.
FLOORS = (
    {"arguments", "schema", "wording"},
    {"tables"},
    {
        "",
        "joins",
        "cite",
        "describe",
        "compare",
        "validation",
        "verdicts",
    },  # "" is the package itself
    {"export"},
    {"readers"},
    {"analysis"},
    {"campaign"},
    {"charts"},
    {"report"},
    {"__main__"},
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
# Rooms that serve any campaign and any book, with what they ship: code, styles, scripts, templates.
GENERIC = ("claimbook", "strikes2024/analysis", "strikes2024/readers", "strikes2024/export",
           "strikes2024/charts/forms")  # fmt: skip
FOREIGN = {"plotly-basic.min.js", "sql-wasm-browser.js"}
# Ids, days, claimants, places and names of this campaign. What the columns and codes of the record
# are called, such as ``us_strike``, is its form and no fact.
FACTS = re.compile(
    r"(?:us|attack)-(?:strikes|campaign)|tower.?22|[\"'](?:us-dod|centcom|sohr|pmf|iri)[\"']"
    r"|20(?:23-?1[0-2]|24-?0[1-4])|(?:January|February|March|October) 202[34]|2–7|2-7 Feb"
    r"|\b(?:iraq|syria|jordan|iran|baghdad|gaza|euphrates|tigris)"
    r"|\b(?:PMF|SDF|SOHR|CENTCOM|pentagon|kataib|houthi|wikipedia|biden|ryder)\b",
    re.IGNORECASE,
)


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def room(module: str) -> str:
    """``strikes2024.charts.style`` is in ``charts``; the package itself is in ""."""
    return module.split(".")[1] if "." in module else ""


def imported(path: Path) -> set[str]:
    """Every module that a file imports, at its top or in a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{path}: a relative import"
            subs = [node.module + "." + alias.name for alias in node.names]
            modules = [s for s in subs if (SRC / s.replace(".", "/")).with_suffix(".py").is_file()]
            packages = [s for s in subs if (SRC / s.replace(".", "/")).is_dir()]
            own = len(modules) + len(packages) < len(subs)
            found |= {*modules, *packages, *([node.module] if own else [])}
    return found


def test_every_room_has_a_floor() -> None:
    rooms = {p.stem for p in (SRC / "strikes2024").glob("*.py")} - {"__init__"}
    rooms |= {p.parent.name for p in (SRC / "strikes2024").glob("*/__init__.py")}
    assert rooms == set(FLOOR) - {""}


@pytest.mark.parametrize("path", modules(SRC / "strikes2024"), ids=lambda p: p.stem)
def test_no_module_imports_from_a_floor_above(path: Path) -> None:
    own = ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")
    for module in imported(path):
        if module == "claimbook" or module.startswith("claimbook."):
            assert room(own) == "report", f"{own} imports {module}"
        elif module.split(".")[0] == "strikes2024":
            assert FLOOR[room(module)] <= FLOOR[room(own)] or not room(module), (own, module)


@pytest.mark.parametrize("path", modules(SRC / "claimbook"), ids=lambda p: p.stem)
def test_the_engine_knows_no_report(path: Path) -> None:
    assert not [m for m in imported(path) if m.split(".")[0] == "strikes2024"]
    assert "strikes2024" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("room", GENERIC)
def test_no_fact_of_the_campaign_stands_in_generic_code(room: str) -> None:
    kinds = {".py", ".js", ".css", ".html", ".toml"}
    files = [p for p in (SRC / room).rglob("*") if p.suffix in kinds and p.name not in FOREIGN]
    assert files
    found = {p.name: FACTS.findall(p.read_text(encoding="utf-8")) for p in files}
    assert not {name: facts for name, facts in found.items() if facts}


def test_the_facts_name_rows_of_the_data() -> None:
    import strikes2024

    record = strikes2024.load()
    ids = {key for name in record for key in record[name].iloc[:, 0]}
    facts = tomllib.loads((SRC / "strikes2024/campaign/campaign.toml").read_text("utf-8"))
    claimants = facts["claimants"]
    rows = [claimants["counter"], claimants["monitor"], *claimants["speakers"]]
    rows += [*facts["events"].values(), facts["total"]["claim"]]
    rows += [part["event"] for part in facts["total"]["parts"]]
    rows += [phase["row"] for phase in facts["phases"]]
    rows += list(facts["crosschecks"])
    rows += [h["claims"]["event"] for h in facts["headlines"] if "claims" in h]
    assert set(rows) <= ids


def test_the_guide_names_what_is_there() -> None:
    root = SRC.parent
    guide = (root / "ARCHITECTURE.md").read_text(encoding="utf-8")
    names = set(re.findall(r"`(analysis|charts|tables)\.(\w+)", guide))
    names -= {("charts", "wounded_iraq")}  # the example that the guide writes
    assert names
    for module, name in names:
        assert hasattr(import_module(f"strikes2024.{module}"), name), f"{module}.{name}"
    homes = (root.glob("*"), SRC.rglob("*"), (root / "data").glob("*"), (root / "tests").rglob("*"))
    there = [path.as_posix() for home in homes for path in home]
    for path in re.findall(r"`([\w/.-]+\.(?:csv|css|js|json|md|py|toml|html))`", guide):
        assert any(one.endswith(f"/{path}") for one in there), path
