"""Write docs/mutation.md from the last `make mutants`: the score of each module, what survived.

A mutant is found when a test failed or ran without end; one that passed all tests, or that no test
reached, is not. The share is of all that were tried, so a whole run's is of all there are.
"""

from __future__ import annotations

import ast
import difflib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

# mutmut's exit codes: a test failed; a change that hangs is found too.
HUNG = {24, 36, 152, 255, -24}
FOUND = {1, 3, 37, -9, -11, *HUNG}
STOPPED, SKIPPED = 2, 34

HEAD = """# Mutation score

Written by `make mutants`, which makes one small change at a time to the code of the tables and of
the analysis and runs the tests that reach it. {day}.

| Module | Changes | Tried | Noticed | Share of those tried |
|---|---|---|---|---|
"""
LEFT = """
{hung} of the changes noticed made a test run without end. Not noticed by any test:
"""


def score(codes: dict[str, int | None]) -> tuple[int, int, list[str]]:
    """Return how many mutants were found, how many were tried, and the names of the others."""
    tried = {name: code for name, code in codes.items() if code not in (None, STOPPED, SKIPPED)}
    left = sorted(name for name, code in tried.items() if code not in FOUND)
    return len(tried) - len(left), len(tried), left


def changes(code: str, names: list[str]) -> list[str]:
    """Return what each mutant changes in its function, as ``function: old → new``."""
    bodies = {
        node.name: [line.split("  # type: ignore # mutmut")[0] for line in lines]
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.FunctionDef)
        and (lines := code.splitlines()[node.lineno : node.end_lineno])
    }
    found = []
    for name in (name.rpartition(".")[2] for name in names):
        function, _, _ = name.partition("__mutmut_")
        lines = list(
            difflib.ndiff(bodies.get(f"{function}__mutmut_orig", []), bodies.get(name, []))
        )
        old, new = (
            " ".join(line[2:].strip() for line in lines if line[0] == mark) for mark in "-+"
        )
        found.append(f"`{function.removeprefix('x_')}`: `{old}` → `{new}`")
    return found


def row(name: str, whole: int, tried: int, found: int) -> str:
    """Return a line of the table."""
    share = f"{found / tried:.1%}" if tried else "–"
    return f"| {name} | {whole} | {tried} | {found} | {share} |\n"


def report(folder: Path, day: str) -> tuple[str, int]:
    """Return the page, and how many mutants under ``folder`` were tried."""
    table, survivors, hung = "", "", 0
    sums = [0, 0, 0]
    for path in sorted(folder.rglob("*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        if not codes:
            continue
        found, tried, left = score(codes)
        counts = len(codes), tried, found
        sums = [one + more for one, more in zip(sums, counts, strict=True)]
        hung += sum(code in HUNG for code in codes.values())
        module = path.name.removesuffix(".py.meta")
        table += row(module, *counts)
        code = path.with_suffix("").read_text(encoding="utf-8") if left else ""
        survivors += "".join(f"\n- {module}, {one}" for one in changes(code, left))
    table += row("all", *sums)
    return HEAD.format(day=day) + table + LEFT.format(hung=hung) + survivors + "\n", sums[1]


def main(folder: Path, page: Path) -> int:
    """Write the page and print its table; return 1 where nothing was tried."""
    text, tried = report(folder, f"{datetime.now(UTC):%Y-%m-%d}")
    if not tried:
        print("No mutant was tried: run `make mutants`", file=sys.stderr)
        return 1
    page.write_text(text, encoding="utf-8")
    print("\n".join(line for line in text.splitlines() if line.startswith("|")))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path("mutants"), Path("docs/mutation.md")))
