"""Building and reading the report, against the same chapters built the stock way.

The stock book is made in a temporary folder: `jupyter-book build` with its own settings, Plotly
charts shown by Plotly's `notebook` renderer, the others as pictures; the report's roles become
plain text and its tables of the record are left out, which only makes the stock book lighter. All
is measured in one run, so that the ratios mean something on any machine. The results go to
`docs/benchmarks.md`.

Chromium is needed. Lighthouse comes from npm into `_build/lighthouse`, nginx and wrk from Debian;
what is missing is named in the table and not measured.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import http.server
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
BOOK = Path(sys.executable).with_name("jupyter-book")
LIGHTHOUSE = "lighthouse@12.8.2"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
PHONE = {"width": 412, "height": 823}

SOURCES = (
    "_config.yml",
    "_toc.yml",
    "_static",
    "chapters",
    "data",
    "index.md",
    "requirements/book.txt",
)
STOCK_CONFIG = """title: Stock
only_build_toc_files: true
execute:
  execute_notebooks: cache
  timeout: 120
"""
# Runs with the first cell: a chart shows itself as its library would.
STOCK_CELL = """
import io
import plotly.graph_objects as go
import plotly.io
from IPython.display import Image, display
from strikes2024 import charts
from strikes2024.charts.forms import to_plotly
from strikes2024.report.table import Table

plotly.io.renderers.default = "notebook"

def _show(self):
    if self.live:
        go.Figure(to_plotly(self.picture(7.2))).show()
        return
    out = io.BytesIO()
    self.drawing(7.2).savefig(out, format="png", dpi=100)
    display(Image(out.getvalue()))

charts.Chart._ipython_display_ = _show
Table._repr_mimebundle_ = lambda self, **_: {"text/html": self.html}
"""
FIRST_CELL = re.compile(
    r"^(?:record = load\(\)|from strikes2024\.readers import .*)\n", re.MULTILINE
)


@dataclass
class Row:
    """One line of the result: what was measured, the bar, and whether it is met."""

    what: str
    value: str
    bar: str
    met: bool | None = None  # None: not measured


def copy_sources(folder: Path) -> None:
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / name)


def make_stock(folder: Path) -> None:
    """Write the same chapters for a plain Jupyter Book."""
    copy_sources(folder)
    shutil.rmtree(folder / "data")
    (folder / "_config.yml").write_text(STOCK_CONFIG, encoding="utf-8")
    for path in [folder / "index.md", *(folder / "chapters").glob("*.md")]:
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"\[([^\]]*)\]\((?!https?:)[a-z]+:[^)]*\)", r"\1", text)
        text = re.sub(r"^```\{(?!code-cell)[^\n]*\n(?:.*\n)*?```$", "", text, flags=re.MULTILINE)
        text = FIRST_CELL.sub(lambda line: line[0] + STOCK_CELL, text, count=1)
        path.write_text(text, encoding="utf-8")


def build(folder: Path, *, stock: bool = False) -> float:
    """Build a book, ours as ``make book`` does; return the seconds it took."""
    driver = ROOT / "src" / "claimbook" / "build.py"
    own = [sys.executable, "-P", str(driver), ".", "_build"]
    command = [str(BOOK), "build", "."] if stock else own
    start = time.perf_counter()
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if made.returncode:
        sys.exit(f"the book in {folder} was not built:\n{made.stdout[-2000:]}{made.stderr[-2000:]}")
    return seconds


def cold(folder: Path, *, stock: bool = False) -> float:
    shutil.rmtree(folder / "_build", ignore_errors=True)
    return build(folder, stock=stock)


def pages_of(html: Path) -> dict[str, str]:
    """Return the checksum of each page."""
    return {
        p.relative_to(html).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in html.rglob("*.html")
        if "_static" not in p.parts
    }


def measure_builds(ours: Path, stock: Path) -> list[Row]:
    # In turn, and the best of each: a machine that others use too is slower for minutes at a time.
    pairs = [(cold(ours), cold(stock, stock=True)) for _ in range(2)]
    own, other = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    again = min(build(ours) for _ in range(3))
    before = pages_of(ours / "_build" / "html")
    chapter = ours / "chapters" / "tower22.md"
    chapter.write_text(chapter.read_text(encoding="utf-8") + "\nA sentence more.\n")
    prose = build(ours)
    after = pages_of(ours / "_build" / "html")
    changed = sorted(name for name in after if after[name] != before.get(name))
    return [
        Row("Cold build, all chapters executed (best of 2)",
            f"{own:.1f} s against {other:.1f} s",
            f"at most 0.6 of stock: {own / other:.2f}", own <= 0.6 * other),
        Row("Build, nothing changed (best of 3)", f"{again:.1f} s", "at most 3 s", again <= 3),
        Row("Build, prose of one chapter changed", f"{prose:.1f} s; changed: {', '.join(changed)}",
            "that page alone", changed == ["chapters/tower22.html"]),
    ]  # fmt: skip


class _Compressing(http.server.SimpleHTTPRequestHandler):
    """Files with gzip, as any web server sends them."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        kind = self.guess_type(str(path))
        self.send_response(200)
        body = path.read_bytes()
        if kind.startswith("text/") or kind.endswith(("javascript", "json", "svg+xml")):
            kind += "; charset=utf-8"
            body = gzip.compress(body, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=31536000")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = partial(_Compressing, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def scroll_through(page: Page) -> None:
    page.evaluate(
        """async () => {
            for (let y = 0; y < document.documentElement.scrollHeight; y += 400) {
                window.scrollTo({ top: y, behavior: "instant" });
                await new Promise((done) => setTimeout(done, 60));
            }
        }"""
    )
    page.wait_for_timeout(2000)


def weight(browser: Browser, site: str, name: str) -> int:
    """Return the bytes that a first visit takes from the site, to the page's end."""
    context = browser.new_context(viewport=PHONE)
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.route(lambda url: not url.startswith(site), lambda route: route.abort())
    session = context.new_cdp_session(page)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.enable")
    page.goto(site + name, wait_until="load")
    scroll_through(page)
    context.close()
    return int(sum(sizes))


LAYOUT_SHIFT = """() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
}"""


def layout_shift(browser: Browser, site: str, name: str) -> float:
    """Return the sum of all layout shifts while the page opens and is scrolled through."""
    worst = 0.0
    for size in (PHONE, {"width": 1280, "height": 900}):
        context = browser.new_context(viewport=size)
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.add_init_script(f"({LAYOUT_SHIFT})()")
        page.goto(site + name, wait_until="load")
        scroll_through(page)
        worst = max(worst, float(page.evaluate("window.shift")))
        context.close()
    return worst


FIRST_CHART = """() => new Promise((done) => {
    const drawn = ".chart-static svg path, .main-svg .plot, .main-svg .xy";
    const look = () => document.querySelector(drawn)
        ? done(performance.now()) : requestAnimationFrame(look);
    look();
})"""


def first_chart(browser: Browser, site: str, address: str) -> float:
    """Return the milliseconds to a page's first picture with a processor four times slower.

    Ours stands in the page as a drawing; of the stock book's, Plotly makes it.
    """
    found = []
    for _ in range(3):
        context = browser.new_context(viewport=PHONE)
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.route(lambda url: not url.startswith(site), lambda route: route.abort())
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto(site + address, wait_until="commit")
        found.append(float(page.evaluate(FIRST_CHART)))
        context.close()
    return statistics.median(found)


def charts_on(html: Path) -> dict[str, list[str]]:
    """Return the ids of the interactive charts of each page."""
    return {
        name: re.findall(
            r'class="chart chart-plotly" id="([^"]+)"', (html / name).read_text(encoding="utf-8")
        )
        for name in sorted(pages_of(html))
    }


def measure_reading(ours: Path, stock: Path) -> list[Row]:
    charts = charts_on(ours)
    with sync_playwright() as playwright, served(ours) as site, served(stock) as other:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        own = {name: weight(browser, site, name) for name in charts}
        theirs = {name: weight(browser, other, name) for name in charts if charts[name]}
        heaviest = max(theirs, key=lambda name: theirs[name])
        top = theirs[heaviest]
        with_charts = max(own[name] for name in charts if charts[name])
        without = max(own[name] for name in charts if not charts[name])
        page = max((n for n in charts if charts[n]), key=lambda n: own[n])
        ours_ms = first_chart(browser, site, f"{page}#{charts[page][0]}")
        stock_ms = first_chart(browser, other, page)
        shift = max(layout_shift(browser, site, name) for name in charts if charts[name])
        browser.close()
    return [
        Row("Heaviest page with charts before Plotly is asked for, gzip",
            f"{with_charts / 1e3:.0f} kB against {top / 1e3:.0f} kB",
            f"at most 0.12 of stock: {with_charts / top:.2f}", with_charts <= 0.12 * top),
        Row("Heaviest page without interactive charts, gzip", f"{without / 1e3:.0f} kB",
            f"at most 0.25 of stock’s heaviest: {without / top:.2f}", without <= 0.25 * top),
        Row("First picture drawn, processor slowed 4 times",
            f"{ours_ms:.0f} ms against {stock_ms:.0f} ms",
            f"at most 0.2 of stock: {ours_ms / stock_ms:.2f}", ours_ms <= 0.2 * stock_ms),
        Row("Layout shift, worst page with charts", f"{shift:.3f}", "below 0.05", shift < 0.05),
    ]  # fmt: skip


def lighthouse() -> Path | None:
    """Return Lighthouse, installed from npm if need be, or None without npm."""
    folder = ROOT / "_build" / "lighthouse"
    program = folder / "node_modules" / ".bin" / "lighthouse"
    npm = shutil.which("npm")
    if not program.is_file() and npm:
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), LIGHTHOUSE]
        subprocess.run(command, capture_output=True, check=False)
    return program if program.is_file() else None


def scores(program: Path, address: str) -> dict[str, int]:
    """Return Lighthouse's scores, out of 100, for a slow phone."""
    command = [
        str(program), address, "--quiet", "--output=json",
        "--only-categories=performance,accessibility,best-practices",
        f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
    ]  # fmt: skip
    env = os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}
    made = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
    found = json.loads(made.stdout)["categories"]
    return {name: round(100 * found[name]["score"]) for name in found}


def measure_lighthouse(html: Path) -> list[Row]:
    program = lighthouse()
    if program is None:
        return [Row("Lighthouse", "not measured: npm is missing", "≥ 95, 100, 100")]
    lowest: dict[str, tuple[int, str]] = {}
    with served(html) as site:
        for name in sorted(pages_of(html)):
            found = scores(program, site + name)
            if found["performance"] < 95:  # one run swings by several points: the median of three
                more = [scores(program, site + name)["performance"] for _ in range(2)]
                found["performance"] = int(statistics.median([found["performance"], *more]))
            for key, score in found.items():
                lowest[key] = min(lowest.get(key, (101, "")), (score, name))
    bars = {"performance": 95, "accessibility": 100, "best-practices": 100}
    return [
        Row(f"Lighthouse {key}, lowest of all pages", f"{lowest[key][0]} ({lowest[key][1]})",
            f"at least {bar}", lowest[key][0] >= bar)
        for key, bar in bars.items()
    ]  # fmt: skip


def measure_server(html: Path) -> list[Row]:
    nginx, wrk = shutil.which("nginx"), shutil.which("wrk")
    what = "nginx with docs/nginx.conf, 64 connections for 5 s"
    if not nginx or not wrk:
        missing = " and ".join(n for n, p in (("nginx", nginx), ("wrk", wrk)) if not p)
        return [Row(what, f"not measured: {missing} missing", "no failed request")]
    for path in html.rglob("*"):
        if path.suffix in {".html", ".css", ".js", ".svg", ".csv"}:
            Path(f"{path}.gz").write_bytes(gzip.compress(path.read_bytes(), 9))
    with tempfile.TemporaryDirectory() as folder:
        text = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
        text = text.replace("listen 80;", "listen 127.0.0.1:8097;")
        text = text.replace("/srv/report", str(html))
        conf = Path(folder) / "nginx.conf"
        head = f"pid {folder}/pid;\nerror_log {folder}/error.log;\ndaemon off;\nevents {{}}\n"
        if os.geteuid() == 0:
            head = f"user root;\n{head}"  # the temporary folder is closed to other users
        types = "include /etc/nginx/mime.types;\naccess_log off;\n"
        conf.write_text(f"{head}http {{\n{types}{text}\n}}\n", encoding="utf-8")
        server = subprocess.Popen([nginx, "-p", folder, "-c", str(conf)])
        try:
            time.sleep(1)
            made = subprocess.run(
                [wrk, "-t2", "-c64", "-d5s", "--latency", "-H", "Accept-Encoding: gzip",
                 "http://127.0.0.1:8097/chapters/strikes.html"],
                capture_output=True, text=True, check=True,
            ).stdout  # fmt: skip
        finally:
            server.terminate()
            server.wait()
    rate = re.search(r"Requests/sec:\s*([\d.]+)", made)
    slow = re.search(r"99%\s+(\S+)", made)
    failed = "Non-2xx" in made or "Socket errors" in made
    value = f"{float(rate[1]):.0f} pages a second, 99 % within {slow[1]}" if rate and slow else made
    return [Row(what, value, "no failed request", not failed)]


def page_text(rows: list[Row]) -> str:
    names = ("jupyter-book", "sphinx", "myst-nb", "sphinx-book-theme", "plotly", "pandas")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    chromium = shutil.which("chromium") or "chromium"
    browser = subprocess.run([chromium, "--version"], capture_output=True, text=True, check=False)
    verdict = {True: "yes", False: "**no**", None: "not measured"}
    machine = (
        f"{dt.datetime.now(dt.UTC).date()}; {platform.system()} {platform.machine()},"
        f" {os.cpu_count()} processors; Python {platform.python_version()};"
        f" {browser.stdout.strip().split(' built')[0]}; {versions}."
    )
    lines = [
        "# Benchmarks",
        "",
        "Written by `benchmarks/book.py` (`make bench`). Times hold for one machine; the ratios to",
        "the stock way, taken in the same run, are what counts.",
        "",
        machine,
        "",
        "| Measured | Value | Bar | Met |",
        "|---|---|---|---|",
        *(f"| {row.what} | {row.value} | {row.bar} | {verdict[row.met]} |" for row in rows),
        "",
        "The cold build does more than the stock one: it draws each chart a second time for paper",
        "and for readers without scripts, writes files of each, the exports of the data and the",
        "notebooks.",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    # Both books find compiled modules, as they do under make.
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / ".venv" / "bytecode"))
    rows: list[Row] = []
    page = ROOT / "docs" / "benchmarks.md"
    mark = "\n## "  # a section that another script writes
    others = "".join(page.read_text(encoding="utf-8").partition(mark)[1:])

    def add(found: list[Row]) -> None:
        rows.extend(found)
        for row in found:
            print(f"{row.what}: {row.value} ({row.bar})", flush=True)
        page.write_text(page_text(rows) + others, encoding="utf-8")

    with tempfile.TemporaryDirectory() as temporary:
        ours, stock = Path(temporary) / "ours", Path(temporary) / "stock"
        copy_sources(ours)
        make_stock(stock)
        add(measure_builds(ours, stock))
        html = ours / "_build" / "html"
        add(measure_reading(html, stock / "_build" / "html"))
        add(measure_server(html))
        add(measure_lighthouse(html))
    return int(any(row.met is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
