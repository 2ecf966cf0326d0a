"""The command that checks links to other sites, against a server on this machine alone."""

import http.server
import importlib.util
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("links_tool", ROOT / "tools" / "links.py")
links_tool = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(links_tool)


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response({"/gone": 404, "/shy": 403}.get(self.path, 200))
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    made = http.server.HTTPServer(("127.0.0.1", 0), Server)
    made.asked = []
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def html(tmp_path, server):
    base = f"http://127.0.0.1:{server.server_port}"
    (tmp_path / "index.html").write_text(
        f'<meta charset="utf-8"><p id="a"><a href="{base}/here#part">1</a><a href="b.html">2</a>'
        f'<a href="{base}/gone">3</a><a href="mailto:x@example.org">4</a></p>'
    )
    (tmp_path / "b.html").write_text(
        f'<meta charset="utf-8"><ul><li id="c"><a href="{base}/here">1</a></li></ul>'
        f'<table><tr data-kind="wire agency"><td><a href="{base}/here">1</a>'
        f'<a class="archived" href="{base}/web/{base}/here">copy</a></td></tr></table>'
        f'<a href="{base}/shy">2</a>'
        f'<a href="{base}/“quoted” 100%25">3</a>'
    )
    return tmp_path


def test_links_are_listed_with_their_places_and_nothing_is_asked(html, server, capsys):
    assert links_tool.main([str(html)]) == 0
    out = capsys.readouterr().out
    assert "/here\n    b.html#c, b.html, index.html#a\n" in out
    assert "4 addresses; none was asked" in out
    assert "mailto" not in out
    assert server.asked == []


def test_answers_are_told_apart(html, server, capsys):
    assert links_tool.main([str(html), "--check", "--pause", "0"]) == 1
    out = capsys.readouterr().out
    assert f"broken (404): http://127.0.0.1:{server.server_port}/gone\n    index.html#a\n" in out
    assert "guarded (403)" in out
    assert out.endswith(
        "no source: 1 broken, 1 guarded, 1 ok\nwire agency: 1 ok\n1 broken, 1 guarded, 2 ok\n"
    )
    assert len(server.asked) == 4
    assert "/%E2%80%9Cquoted%E2%80%9D%20100%25" in server.asked


def test_without_a_network_it_says_so(html, tmp_path, capsys, monkeypatch):
    page = "".join(f'<a href="https://example.org/{n}">x</a>' for n in range(30))
    (html / "index.html").write_text(page)
    asked = []
    monkeypatch.setattr(links_tool.check, "__kwdefaults__", {
        "ask": lambda address, _: asked.append(address) or "no answer (no network)",
    })  # fmt: skip
    assert links_tool.main([str(html), "--check", "--pause", "0"]) == 1
    assert capsys.readouterr().err == "The first ten gave no answer: is there a network?\n"
    assert len(asked) == 10


def test_one_host_is_asked_with_pauses_and_an_end(monkeypatch):
    clock, slept = [0.0], []
    monkeypatch.setattr(links_tool.time, "monotonic", lambda: clock[0])

    def sleep(seconds):
        slept.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr(links_tool.time, "sleep", sleep)
    addresses = ["https://a/1", "https://a/2", "https://b/1", "https://a/3", "https://a/4"]
    said = list(links_tool.check(addresses, timeout=1, pause=2, limit=5, ask=lambda *_: "ok"))
    assert slept == [0, 2, 0, 2]
    assert said == [*((a, "ok") for a in addresses[:4]), ("https://a/4", "not asked")]


def test_a_folder_without_a_book_is_refused(tmp_path, capsys):
    assert links_tool.main([str(tmp_path)]) == 1
    assert "run `make book` first" in capsys.readouterr().err
