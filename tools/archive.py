"""Look for a copy of each publication in the Wayback Machine and note it in data/sources.csv.

    python tools/archive.py               asks for every source that has no copy noted
    python tools/archive.py --again       asks again for those that had none

One question at a time, with a pause; a busy archive is waited for. What is found is written at
once, so that a stopped run goes on where it was. The copy nearest the day of publication is taken,
if the archive received the page as it was (status 200).
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

SERVICE = "https://archive.org/wayback/available"
AGENT = "strikes2024 archive check (one request at a time)"
NONE = "archive-none.txt"  # addresses of which the archive had no copy, a line each
_BUSY = {429, 502, 503, 504}


class ArchiveError(Exception):
    """The archive cannot be asked."""


def ask(service: str, address: str, day: str, *, pause: float, tries: int = 5) -> dict[str, str]:
    """Return ``url`` and ``timestamp`` of the copy nearest to a day; empty where there is none."""
    query = {"url": address} | ({"timestamp": day.replace("-", "")} if day else {})
    request = urllib.request.Request(f"{service}?{urlencode(query)}", headers={"User-Agent": AGENT})
    for attempt in range(tries):
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                found = json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code not in _BUSY or attempt == tries - 1:
                raise ArchiveError(f"{service} answered {error.code} to {address}") from error
            wait = error.headers.get("Retry-After", "")
            time.sleep(float(wait) if wait.isdigit() else pause * 2 ** (attempt + 1))
            continue
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise ArchiveError(
                f"{service} cannot be read ({reason}): is there a network?"
            ) from error
        closest = found.get("archived_snapshots", {}).get("closest", {})
        whole = closest.get("available") and str(closest.get("status")) == "200"
        return {key: closest[key] for key in ("url", "timestamp")} if whole else {}
    return {}


def fill(
    sources: Path, state: Path, *, service: str, pause: float, again: bool = False
) -> tuple[int, int]:
    """Ask for every source without a copy; return how many were found, and how many were asked."""
    with sources.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    none = state / NONE
    if again:
        none.unlink(missing_ok=True)
    missing = set(none.read_text(encoding="utf-8").split()) if none.is_file() else set()
    waiting = [
        row for row in rows
        if row["url"] and not row["archive_url"] and row["url"] not in missing
    ]  # fmt: skip
    found = 0
    for number, row in enumerate(waiting, start=1):
        if number > 1:
            time.sleep(pause)
        copy = ask(service, row["url"], row["published"], pause=pause)
        if copy:
            stamp = copy["timestamp"]
            row["archive_url"] = copy["url"].replace("http://", "https://", 1)
            row["archived_at"] = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}"
            _write(sources, rows)
            found += 1
        else:
            state.mkdir(parents=True, exist_ok=True)
            with none.open("a", encoding="utf-8") as file:
                file.write(f"{row['url']}\n")
        said = row["archived_at"] if copy else "no copy"
        print(f"{number} of {len(waiting)}: {row['source_id']}: {said}", flush=True)
    return found, len(waiting)


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    """Write the table beside itself and rename it, so that a stop leaves it whole."""
    draft = path.with_suffix(".csv.part")
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    draft.replace(path)


def main(arguments: list[str]) -> int:
    """Run the command; return 0, or 1 where the archive cannot be asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"), help="directory of the tables")
    parser.add_argument("--state", type=Path, default=Path("_build"),
                        help="directory for the list of what has no copy")  # fmt: skip
    parser.add_argument("--service", default=SERVICE, help="address of the archive's service")
    parser.add_argument("--pause", type=float, default=2, help="seconds between two questions")
    parser.add_argument("--again", action="store_true", help="ask again for what had no copy")
    options = parser.parse_args(arguments)
    try:
        found, asked = fill(
            options.data / "sources.csv", options.state, service=options.service,
            pause=options.pause, again=options.again,
        )  # fmt: skip
    except ArchiveError as error:
        print(
            f"{error}\nWhat was found is written; run the command again to go on.", file=sys.stderr
        )
        return 1
    except KeyboardInterrupt:
        print("Stopped; run the command again to go on.", file=sys.stderr)
        return 130
    print(f"{asked} asked, {found} copies found")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
