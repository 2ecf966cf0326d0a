"""What the README tells people to type works as it stands there."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import duckdb
import pytest

from strikes2024.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
FOREIGN = ROOT / "tests" / "unit" / "foreign"


def lines(start: str) -> list[str]:
    """Commands of the blocks without a language, less their comments."""
    found = [line.split("  #")[0].strip() for kind, text in BLOCKS if not kind
             for line in text.splitlines()]  # fmt: skip
    return [line for line in found if line.startswith(start)]


def test_every_command_of_make_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", README)) | {
        line.split()[1] for line in lines("make ")
    }
    assert {"book", "test", "check"} <= named
    assert named <= targets


def test_every_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    """In the order of the README: commands, SQL and Python, with a file of GED for one's own."""
    monkeypatch.chdir(tmp_path)
    own = {"annual.csv": "ged.csv", "candidate.csv": "ged_candidate.csv", "GEDEvent.csv": "ged.csv"}
    for name, found in own.items():
        shutil.copy(FOREIGN / found, tmp_path / name)
    ran: list[str] = []
    names: dict[str, object] = {}
    for kind, text in BLOCKS:
        if kind == "python":
            exec(compile(text, "README.md", "exec"), names)
            ran.append(kind)
        for line in [] if kind else text.splitlines():
            if line.startswith("python -m strikes2024 "):
                assert main(shlex.split(line)[3:]) == 0, line
                ran.append("command")
            elif line.startswith("duckdb -c "):
                assert duckdb.sql(shlex.split(line)[2]).fetchall()
                ran.append("sql")
    assert {"python", "command", "sql"} <= set(ran)
    capsys.readouterr()


@pytest.mark.parametrize("command", re.findall(r"^\| `(\w+)[ `]", README, re.MULTILINE))
def test_every_command_listed_is_known(command: str, capsys) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    assert f"strikes2024 {command}" in capsys.readouterr().out
