"""Ask the advisory service that pip-audit uses for known faults of the packages in lock files.

    python tools/audit.py LOCKFILE...

Exit code 0 only where each package was looked up and none has a known fault.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def report(answers: list[dict[str, Any]]) -> tuple[list[str], int]:
    """Return the lines to print on pip-audit's answers, and the exit code."""
    faults = [
        f"{one['name']} {one['version']}: {fault['id']}, patched in "
        f"{', '.join(fault['fix_versions']) or 'no version yet'}"
        for one in answers
        for fault in one.get("vulns", [])
    ]
    unasked = [one["name"] for one in answers if "skip_reason" in one]
    if len(unasked) == len(answers):
        none = f"None of the {len(answers)} packages could be looked up"
        return [f"{none}: is the advisory service within reach?"], 1
    lines = list(dict.fromkeys(faults))
    if unasked:
        lines.append(f"Not known to the advisory service: {', '.join(unasked)}")
    lines.append(f"{len(answers) - len(unasked)} packages looked up, {len(set(faults))} faults")
    return lines, int(bool(faults or unasked))


def main(locks: list[str]) -> int:
    """Run pip-audit over each lock file."""
    program = Path(sys.executable).with_name("pip-audit")
    answers: dict[tuple[str, str], dict[str, Any]] = {}
    for lock in locks:
        options = ["--disable-pip", "--require-hashes", "--progress-spinner", "off"]
        asked = subprocess.run(
            [program, *options, "--format", "json", "-r", lock],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        try:
            found = json.loads(asked.stdout)["dependencies"]
        except ValueError:
            # pip-audit's own last line says what is wrong, as a rule that it reached nobody.
            last = (asked.stderr.strip().splitlines() or ["pip-audit gave no answer"])[-1]
            print(f"The audit could not be made: {last}", file=sys.stderr)
            return 1
        answers |= {(one["name"], one.get("version", "")): one for one in found}
    lines, code = report(list(answers.values()))
    print("\n".join(lines), file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
