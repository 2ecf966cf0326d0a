"""Time from the click on "Run" to the output of a first cell in the live edition.

python benchmarks/live.py

Makes the live edition (`make live`) and opens pages of it in headless Chromium, each time with an
empty cache, from this machine: the network is no part of the times, the megabytes say what it adds.
Fails where a pandas cell takes more than 15 seconds. The result goes into `docs/benchmarks.md`.
"""

from __future__ import annotations

import datetime as dt
import functools
import http.server
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
HEADING = "## Python in the page"
BAR = 15.0  # seconds
# What is shown, page, the code that the cell begins with.
CELLS = (
    ("A table of pandas", "chapters/methods", "import strikes2024"),
    ("A computed table, with SciPy", "chapters/checks", "tables.audit"),
    ("A chart, with Matplotlib", "chapters/tower22", "charts."),
)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def measure(browser: Browser, address: str, code: str) -> tuple[float, float, float]:
    """Return seconds to the first and to a second run of a cell, and megabytes loaded for it."""
    context = browser.new_context()
    context.set_default_timeout(300_000)
    sizes: list[int] = []
    context.on("response", lambda r: sizes.append(int(r.headers.get("content-length", 0))))
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    sizes.clear()
    number = page.evaluate(
        "code => JSON.parse(document.getElementById('live-cells').textContent)"
        ".cells.findIndex(cell => cell.startsWith(code))",
        code,
    )
    took = []
    for _ in range(2):
        start = time.perf_counter()
        page.locator(f"[data-cell='{number}'] button").first.click()
        page.wait_for_selector(f"[data-cell='{number}'][data-run-state=done]")
        took.append(time.perf_counter() - start)
    context.close()
    return took[0], took[1], sum(sizes) / 1e6


def main() -> int:
    subprocess.run(["make", "live"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    handler = functools.partial(Quiet, directory=str(ROOT / "_build" / "live"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site = f"http://127.0.0.1:{server.server_address[1]}"
    lines, missed = [], False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), chromium_sandbox=False
        )
        version = browser.version
        for name, docname, code in CELLS:
            runs = [measure(browser, f"{site}/{docname}.html", code) for _ in range(3)]
            first, again, megabytes = (min(values) for values in zip(*runs, strict=True))
            barred = name == CELLS[0][0]
            met = first <= BAR or not barred
            missed |= not met
            bar = f"at most {BAR:.0f} s | {'yes' if met else '**no**'}" if barred else " | "
            lines.append(f"| {name} | {first:.1f} s | {again:.1f} s | {megabytes:.0f} | {bar} |")
            print(lines[-1], flush=True)
        browser.close()
    server.shutdown()
    machine = (
        f"{dt.datetime.now(dt.UTC).date()}; {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} processors; Chromium {version}."
    )
    text = "\n".join([
        HEADING, "",
        "Written by `benchmarks/live.py`: from the click to the output, best of 3, with an empty",
        "cache and no network; megabytes as they are before compression.", "",
        machine, "",
        "| First cell of a page | First run | Again | MB | Bar | Met |",
        "|---|---|---|---|---|---|", *lines, "",
    ])  # fmt: skip
    before, _, after = PAGE.read_text(encoding="utf-8").partition(HEADING)
    others = "".join(after.partition("\n## ")[1:])
    PAGE.write_text(f"{before.rstrip()}\n\n{text}{others}".rstrip() + "\n", encoding="utf-8")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
