"""Write docs/mutation.md from the last `make mutants`: the score of each module, what survived.

A mutant is found when a test failed or ran without end. One that passed all tests, that no test
reached or that was not tried is not found; the share is of all mutants.
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
SKIPPED = 34

HEAD = """# Mutation score

Written by `make mutants`, which makes one small change at a time to the code of the tables and of
the analysis and runs the tests that reach it. {day}.

| Module | Changes | Noticed | Share |
|---|---|---|---|
"""
LEFT = """
{hung} of the changes noticed made a test run without end. Not noticed by any test:
"""


def score(codes: dict[str, int | None]) -> tuple[int, int, list[str]]:
    """Return how many mutants were found, how many there are, and the names of the others."""
    codes = {name: code for name, code in codes.items() if code != SKIPPED}
    left = sorted(name for name, code in codes.items() if code not in FOUND)
    return len(codes) - len(left), len(codes), left


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


def report(folder: Path, day: str) -> tuple[str, int]:
    """Return the page, and how many mutants there are under ``folder``."""
    table, survivors, found, whole, hung = "", "", 0, 0, 0
    for path in sorted(folder.rglob("*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        if not codes:
            continue
        hits, all_, left = score(codes)
        found, whole = found + hits, whole + all_
        hung += sum(code in HUNG for code in codes.values())
        module = path.name.removesuffix(".py.meta")
        table += f"| {module} | {all_} | {hits} | {hits / all_:.1%} |\n"
        untried = sum(codes[name] in (None, 2) for name in left)
        if untried:
            survivors += f"\n- {module}: {untried} were not tried"
            left = [name for name in left if codes[name] not in (None, 2)]
        code = path.with_suffix("").read_text(encoding="utf-8") if left else ""
        survivors += "".join(f"\n- {module}, {one}" for one in changes(code, left))
    if whole:
        table += f"| all | {whole} | {found} | {found / whole:.1%} |\n"
    return HEAD.format(day=day) + table + LEFT.format(hung=hung) + survivors + "\n", whole


def main(folder: Path, page: Path) -> int:
    """Write the page and print its table; return 1 where there are no mutants."""
    text, whole = report(folder, f"{datetime.now(UTC):%Y-%m-%d}")
    if not whole:
        print("There are no mutants: run `make mutants`", file=sys.stderr)
        return 1
    page.write_text(text, encoding="utf-8")
    print("\n".join(line for line in text.splitlines() if line.startswith("|")))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path("mutants"), Path("docs/mutation.md")))
