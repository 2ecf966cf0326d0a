"""What a Binder service installs is there to be installed."""

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINDER = ROOT / ".binder"


def test_extras_and_python_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    script = (BINDER / "postBuild").read_text(encoding="utf-8")
    extras = re.findall(r"\.\[(\w+)\]", script)
    assert extras
    assert set(extras) <= set(project["optional-dependencies"])
    version = (BINDER / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    assert f"Programming Language :: Python :: {version}" in project["classifiers"]


def test_the_script_can_be_run() -> None:
    script = BINDER / "postBuild"
    assert script.stat().st_mode & 0o100
    subprocess.run(["sh", "-n", script], check=True)
