"""Time to install the locked packages: uv, as ``make install`` uses it, against pip alone.

python benchmarks/install.py

Both install the same file of hashes into a new environment, without a cache, one after the other;
the time of uv takes in installing uv itself. Fails above 0.4 of pip's time. Needs a registry.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BAR = 0.4
HASHED = ["--require-hashes", "--only-binary", ":all:", "-r"]
LOCK = ROOT / "requirements" / "test.txt"


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
    return int(ratio > BAR)


if __name__ == "__main__":
    sys.exit(main())
