"""Print the score of the last `make mutants` for each module, and what survived.

A mutant counts as found when a test failed or ran without end; one that no test reached, or that
passed them all, survived. Those that were not tried yet are told apart.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

# mutmut's exit codes: a test failed; a change that hangs is found too.
FOUND = {1, 3, 24, 36, 37, 152, 255, -9, -11, -24}


def score(codes: dict[str, int | None]) -> tuple[int, int, list[str]]:
    """Return how many mutants were found, how many were tried, and the names of the survivors."""
    tried = {name: code for name, code in codes.items() if code not in (None, 2, 34)}
    survivors = sorted(name for name, code in tried.items() if code not in FOUND)
    return len(tried) - len(survivors), len(tried), survivors


def main(folder: Path) -> int:
    """Print a line for each module and one for all; return 1 where nothing was tried."""
    found = tried = waiting = 0
    left: list[str] = []
    for path in sorted(folder.rglob("*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        if not codes:
            continue
        hits, all_, survivors = score(codes)
        found, tried, waiting = found + hits, tried + all_, waiting + len(codes) - all_
        left += survivors
        part = f"{hits / all_:.0%}" if all_ else "-"
        print(f"{path.name.removesuffix('.meta'):20} {part:>5}  {hits} of {all_} tried,"
              f" {len(codes)} in all")  # fmt: skip
    if not tried:
        print("No mutant was tried: run `make mutants`", file=sys.stderr)
        return 1
    print(f"{'all':20} {found / tried:>5.0%}  {found} of {tried} tried, {waiting} not tried")
    print("\n".join(["Survivors (mutmut show NAME):", *left]))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path("mutants")))
