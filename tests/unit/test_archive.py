"""Copies in the web archive: asked for politely, noted at once, gone on with after a stop."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from test_tools import tool

HEADER = ["source_id", "published", "url", "archive_url", "archived_at"]
ROWS = [
    ["dated", "2024-02-03", "https://news.example/a", "", ""],
    ["gone", "2024-02-04", "https://news.example/gone", "", ""],
    ["undated", "", "https://news.example/b?x=1&y=2", "", ""],
    ["known", "", "https://news.example/c", "https://web.archive.org/web/1/c", "2024-02-05"],
    ["nowhere", "2024-02-03", "", "", ""],
    ["redirected", "", "https://news.example/moved", "", ""],
]


class Archive:
    """A stand-in for the service; ``busy`` answers 503 that many times first."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.busy = 0
        self.broken = ""
        archive = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = parse_qs(urlsplit(self.path).query)
                address, day = query["url"][0], query.get("timestamp", [""])[0]
                if archive.busy or archive.broken == address:
                    archive.busy -= not archive.broken
                    self.send_response(500 if archive.broken else 503)
                    self.send_header("Retry-After", "0")
                    self.end_headers()
                    return
                archive.asked.append((address, day))
                closest = {
                    "available": True,
                    "url": f"http://web.archive.org/web/20240206/{address}",
                    "timestamp": "20240206101112",
                    "status": "302" if "moved" in address else "200",
                }
                found = {} if "gone" in address else {"closest": closest}
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps({"archived_snapshots": found}).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/available"


@pytest.fixture
def archive() -> Iterator[Archive]:
    made = Archive()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with (tmp_path / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *ROWS])
    return tmp_path


def run(data: Path, archive: Archive, *more: str) -> int:
    options = ["--data", str(data), "--state", str(data / "state"), "--pause", "0"]
    code: int = tool("archive").main([*options, "--service", archive.address, *more])
    return code


def table(data: Path) -> dict[str, dict[str, str]]:
    with (data / "sources.csv").open(encoding="utf-8", newline="") as file:
        return {row["source_id"]: row for row in csv.DictReader(file)}


def test_copies_nearest_the_day_are_noted(data: Path, archive: Archive, capsys) -> None:
    archive.busy = 2
    assert run(data, archive) == 0
    assert archive.asked == [
        ("https://news.example/a", "20240203"),
        ("https://news.example/gone", "20240204"),
        ("https://news.example/b?x=1&y=2", ""),
        ("https://news.example/moved", ""),
    ]
    rows = table(data)
    assert rows["dated"]["archive_url"].startswith("https://web.archive.org/web/")
    assert rows["dated"]["archived_at"] == "2024-02-06"
    assert not rows["gone"]["archive_url"]
    assert not rows["redirected"]["archive_url"]
    assert rows["known"]["archived_at"] == "2024-02-05"
    said = capsys.readouterr().out
    assert "2 of 4: gone: no copy" in said
    assert said.endswith("4 asked, 2 copies found\n")


def test_a_stopped_run_goes_on_where_it_was(data: Path, archive: Archive, capsys) -> None:
    archive.broken = "https://news.example/b?x=1&y=2"
    assert run(data, archive) == 1
    assert "run the command again" in capsys.readouterr().err
    assert table(data)["dated"]["archive_url"]
    archive.broken = ""
    archive.asked.clear()
    assert run(data, archive) == 0
    assert [address for address, _ in archive.asked] == [
        "https://news.example/b?x=1&y=2",
        "https://news.example/moved",
    ]
    archive.asked.clear()
    assert run(data, archive) == 0
    assert archive.asked == []
    assert run(data, archive, "--again") == 0
    assert len(archive.asked) == 2


def test_without_a_network_one_sentence_says_so(data: Path, archive: Archive, capsys) -> None:
    archive.address = "http://127.0.0.1:9/available"
    assert run(data, archive) == 1
    assert "is there a network?" in capsys.readouterr().err
    assert (data / "sources.csv").read_text(encoding="utf-8").count("\n") == len(ROWS) + 1
