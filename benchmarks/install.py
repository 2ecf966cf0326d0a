"""Time to install the locked packages: uv, as ``make install`` uses it, against pip alone.

python benchmarks/install.py

Both install the same file of hashes into a new environment, without a cache, one after the other;
the time of uv takes in installing uv itself. Fails above 0.4 of pip's time. Needs a registry.
The result goes into `docs/benchmarks.md`.
"""

from __future__ import annotations

import datetime as dt
import ensurepip
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BAR = 0.4
HASHED = ["--require-hashes", "--only-binary", ":all:", "-r"]
LOCK = ROOT / "requirements" / "test.txt"
PAGE = ROOT / "docs" / "benchmarks.md"
HEADING = "## Installation"


def with_pip(python: Path) -> None:
    """Install the packages as pip alone would."""
    run(python, "-m", "pip", "install", "--no-cache-dir", *HASHED, LOCK)


def with_uv(python: Path) -> None:
    """Install uv with pip, and the packages with uv."""
    installer = ROOT / "requirements" / "installer.txt"
    run(python, "-m", "pip", "install", "--no-cache-dir", "--no-deps", *HASHED, installer)
    run(python.parent / "uv", "pip", "install", "--no-cache", "--python", python, *HASHED, LOCK)


def run(*command: str | Path) -> None:
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([*command], check=True, capture_output=True, env=environment)


def section(took: dict[str, float]) -> str:
    """Write the section of the page."""
    machine = (
        f"{dt.datetime.now(dt.UTC).date()}; {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} processors; Python {platform.python_version()}; "
        f"pip {ensurepip.version()}, uv {version('uv')}."
    )
    ratio = took["uv"] / took["pip"]
    value = f"{took['uv']:.1f} s against {took['pip']:.1f} s"
    bar = f"at most {BAR} of pip: {ratio:.2f}"
    met = "yes" if ratio <= BAR else "**no**"
    packages = len(re.findall(r"^\w.*==", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    return "\n".join([
        HEADING, "",
        f"Written by `benchmarks/install.py`: the {packages} packages of `requirements/test.txt`",
        "in a new environment, without a cache.", "", machine, "",
        "| Measured | Value | Bar | Met |", "|---|---|---|---|",
        f"| uv, itself installed too, against pip | {value} | {bar} | {met} |", "",
    ])  # fmt: skip


def write(section: str) -> None:
    """Put the section in place of the one that is there, or before the others."""
    page = PAGE.read_text(encoding="utf-8")
    page = re.sub(rf"^{HEADING}$.*?(?=^## |\Z)", "", page, flags=re.DOTALL | re.MULTILINE)
    first, mark, others = page.partition("\n## ")
    PAGE.write_text(f"{first.rstrip()}\n\n{section}{mark}{others}", encoding="utf-8")


def main() -> int:
    took = {}
    for name, install in (("pip", with_pip), ("uv", with_uv)):
        with tempfile.TemporaryDirectory() as folder:
            run(sys.executable, "-m", "venv", folder)
            start = time.perf_counter()
            install(Path(folder) / "bin" / "python")
            took[name] = time.perf_counter() - start
        print(f"{name}: {took[name]:.1f} s")
    ratio = took["uv"] / took["pip"]
    print(f"uv takes {ratio:.2f} of pip's time (bar: {BAR})")
    write(section(took))
    return int(ratio > BAR)


if __name__ == "__main__":
    sys.exit(main())
