"""The command line: ``python -m strikes2024 COMMAND``, or ``strikes2024 COMMAND``."""

from __future__ import annotations

import argparse
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from strikes2024 import DataError, __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_FORM = argparse.RawDescriptionHelpFormatter

_VALIDATE = """\
Check a data directory: the form of its files, the schema (types, listed values, keys), and the
sense of its rows (sums, dates, ranges, references).

Each fault is one line on standard output, and a last line sums up:
  claims.csv row 17: field high: value 3: expected a number not below low (5)
Rows count as in a spreadsheet: the header is row 1.
A directory or descriptor that cannot be read is one line on standard error.

Exit codes: 0 no fault, 1 faults or unreadable data, 2 wrong usage or Frictionless missing.
"""
_VALIDATE_EXAMPLES = """\
examples:
  strikes2024 validate            the data of the installed package or the checkout
  strikes2024 validate my/data    another directory with a datapackage.json of the same tables
"""


def _validate(args: argparse.Namespace) -> int:
    from strikes2024.validate import MissingExtraError, validate

    try:
        report = validate(args.dir)
    except MissingExtraError as error:
        print(f"strikes2024: {error}", file=sys.stderr)
        return 2
    print(report)
    return 0 if report.ok else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="strikes2024",
        description="Tables on the US strikes of 2-7 February 2024 in Iraq and Syria.",
        epilog="example:\n  strikes2024 validate\n\nHelp on a command: strikes2024 COMMAND --help",
        formatter_class=_FORM,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    command = commands.add_parser(
        "validate",
        help="check the data",
        description=_VALIDATE,
        epilog=_VALIDATE_EXAMPLES,
        formatter_class=_FORM,
    )
    command.add_argument(
        "dir", metavar="DIR", nargs="?", type=Path, help="data directory (default: the package's)"
    )
    command.set_defaults(run=_validate)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # for terminals without Arabic
    args = _parser().parse_args(argv)
    try:
        code: int = args.run(args)
        sys.stdout.flush()
    except DataError as error:
        print(f"strikes2024: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
