"""List the built book's links to other sites, with where they stand; check them when asked.

    python tools/links.py _build/html            lists them
    python tools/links.py _build/html --check    asks each address once, with pauses

The check is for a machine with a network; the project's tests and builds never run it.
"""

from __future__ import annotations

import argparse
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import lxml.html

AGENT = "Mozilla/5.0 (compatible; link check of a report; one request a page)"
# Answers that say the page is there though not for a program, or not now.
GUARDED = {401, 403, 405, 406, 429, 451, 503}


def links(html: Path) -> dict[str, list[str]]:
    """Return each address on another site, and the pages (with the nearest id) it stands on.

    Links to copies in a web archive are left out: they are there for the day when the page is gone.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(html.rglob("*.html")):
        tree = lxml.html.parse(path).getroot()
        page = path.relative_to(html).as_posix()
        for link in tree.iter("a"):
            address = (link.get("href") or "").split("#")[0]
            archived = "archived" in link.get("class", "").split()
            if archived or urlsplit(address).scheme not in {"http", "https"}:
                continue
            near = link.xpath("ancestor-or-self::*[@id][1]/@id")
            place = f"{page}#{near[0]}" if near else page
            if place not in found.setdefault(address, []):
                found[address].append(place)
    return dict(sorted(found.items()))


def kinds(html: Path) -> dict[str, str]:
    """Return the kind of source behind each address in a row that names one (``data-kind``)."""
    found: dict[str, str] = {}
    for path in sorted(html.rglob("*.html")):
        for row in lxml.html.parse(path).getroot().xpath("//tr[@data-kind]"):
            for link in row.iter("a"):
                found.setdefault((link.get("href") or "").split("#")[0], row.get("data-kind"))
    return found


def answer(address: str, timeout: float) -> str:
    """Ask for an address; return "ok", "guarded (CODE)" or what is wrong."""
    # What an address must not hold is written as %XX; what is so written already stays.
    request = urllib.request.Request(
        quote(address, safe="%/:?&=+,;@!$'()*~#[]-._"), headers={"User-Agent": AGENT}
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout):
            return "ok"
    except urllib.error.HTTPError as error:
        return f"guarded ({error.code})" if error.code in GUARDED else f"broken ({error.code})"
    except (OSError, ValueError) as error:
        return f"no answer ({getattr(error, 'reason', error)})"


def check(
    addresses: list[str],
    *,
    timeout: float,
    pause: float,
    limit: float,
    ask: Callable[[str, float], str] = answer,
) -> Iterator[tuple[str, str]]:
    """Yield each address with its answer; one at a time, the same host at most every ``pause``.

    Stops after ``limit`` seconds; the rest is "not asked".
    """
    end = time.monotonic() + limit
    last: dict[str, float] = {}
    for address in addresses:
        host = urlsplit(address).netloc
        wait = last.get(host, -pause) + pause - time.monotonic() if host in last else 0.0
        if time.monotonic() + max(wait, 0.0) >= end:
            yield address, "not asked"
            continue
        time.sleep(max(wait, 0.0))
        yield address, ask(address, timeout)
        last[host] = time.monotonic()


def main(arguments: list[str]) -> int:
    """Run the command; return 0, or 1 where an address is broken or nobody answers."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("html", type=Path, help="folder of the built book")
    parser.add_argument("--check", action="store_true", help="ask each address once")
    parser.add_argument("--timeout", type=float, default=15, help="seconds for one answer")
    parser.add_argument("--pause", type=float, default=2, help="seconds between two of one host")
    parser.add_argument("--limit", type=float, default=3600, help="seconds for all")
    options = parser.parse_args(arguments)
    if not (options.html / "index.html").is_file():
        print(f"{options.html} holds no built book: run `make book` first", file=sys.stderr)
        return 1
    found = links(options.html)
    if not options.check:
        for address, places in found.items():
            print(f"{address}\n    {', '.join(places[:3])}{' …' if places[3:] else ''}")
        print(f"{len(found)} addresses; none was asked (CHECK=1 asks them)")
        return 0
    kind_of = kinds(options.html)
    by_kind: dict[str, Counter[str]] = {}
    answers: Counter[str] = Counter()
    for address, said in check(
        list(found), timeout=options.timeout, pause=options.pause, limit=options.limit
    ):
        result = said.split(" (")[0]
        answers[result] += 1
        by_kind.setdefault(kind_of.get(address, "no source"), Counter())[result] += 1
        if result != "ok":
            print(f"{said}: {address}\n    {', '.join(found[address][:3])}", flush=True)
        if sum(answers.values()) == answers["no answer"] == 10:
            print("The first ten gave no answer: is there a network?", file=sys.stderr)
            return 1
    for kind, counted in sorted(by_kind.items()):
        print(f"{kind}: {_counts(counted)}")
    print(_counts(answers))
    return int(bool(answers["broken"] or answers["no answer"]))


def _counts(results: Counter[str]) -> str:
    return ", ".join(f"{count} {result}" for result, count in sorted(results.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
