"""The command line: ``python -m strikes2024 COMMAND``, or ``strikes2024 COMMAND``."""

import argparse
import gc
import inspect
import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from strikes2024 import DataError, __version__, data_dir
from strikes2024.arguments import ArgumentError
from strikes2024.cite import STYLES, citation
from strikes2024.compare import compare
from strikes2024.describe import describe_columns, describe_tables
from strikes2024.export import FORMATS, export
from strikes2024.readers import LAYOUTS, ReadOptions, write_tables
from strikes2024.schema import MissingExtraError, did_you_mean
from strikes2024.validation import validate

_FORM = argparse.RawDescriptionHelpFormatter


def _validate(args: argparse.Namespace) -> int:
    """Check a data directory: the form of its files, the schema and the sense of its rows.

    The schema: types, listed values, keys. The sense: sums, dates, ranges, references.
    Each fault is one line on standard output, and a last line sums up:
      claims.csv row 17: field high: value 3: expected a number not below low (5)
    Rows count as in a spreadsheet: the header is row 1.
    A directory or descriptor that cannot be read is one line on standard error.

    Exit codes: 0 no fault, 1 faults or unreadable data, 2 wrong usage or Frictionless missing.

    examples:
      strikes2024 validate            the data of the installed package or the checkout
      strikes2024 validate my/data    another directory with a datapackage.json of the same tables
    """
    report = validate(args.dir or args.data)
    print(report)
    return int(not report.ok)


def _export(args: argparse.Namespace) -> None:
    """Write the data in another format.

    Nothing is overwritten without --force, and a file appears only when it is whole.

    formats:
    {formats}

    csv and parquet are folders; a name in .zip packs them into one file. parquet and xlsx need
    pip install 'strikes2024[export]'. In csv, flat, ged and xlsx, text that a spreadsheet would run
    as a formula is made harmless (a ' in front in CSV, marked as text in Excel).

    Exit codes: 0 written, 1 unreadable data or a target that exists, 2 wrong usage or a package of
    the extra missing.

    examples:
      strikes2024 export csv                             the folder strikes2024-csv
      strikes2024 export sqlite -o my.db                 then: datasette my.db -m my.metadata.json
      strikes2024 export parquet -o tables.zip --force   one archive, in place of an older one
      strikes2024 export ged --data my/data              another directory of the same tables
    """
    shared = {"data_dir": args.data, "force": args.force, "progress": args.progress}
    print(export(args.format, args.output, **shared))


def _describe(args: argparse.Namespace) -> None:
    """Say what the tables hold: rows, columns, the first and the last day in them.

    With the name of a table: each of its columns, its type, how many cells are filled, how many
    different values.

    Exit codes: 0 done, 1 unreadable data or an unknown table, 2 wrong usage.

    examples:
      strikes2024 describe
      strikes2024 describe claims
      strikes2024 describe --data my/data
    """
    if args.table is None:
        frame = describe_tables(args.data)
    else:
        frame = describe_columns(args.table, args.data).drop(columns="description")
    words = frame.select_dtypes(exclude="number").astype("string").fillna("")
    frame[words.columns] = words.apply(lambda cells: cells.str.ljust(cells.str.len().max()))
    first = frame.columns[0]
    print(frame.set_index(first).rename_axis(index=None, columns=first).to_string(na_rep=""))


def _cite(args: argparse.Namespace) -> None:
    """Say how to cite the data, as text, in BibTeX or in RIS.

    Exit codes: 0 done, 1 unreadable data, 2 wrong usage.

    examples:
      strikes2024 cite
      strikes2024 cite bibtex >> references.bib
    """
    print(citation(args.style, args.data))


def _compare(args: argparse.Namespace) -> None:
    """Compare two versions of the data, each a directory with a datapackage.json.

    Tables, columns and rows added, removed and changed, as an entry for a changelog. Says too where
    the version number rises by less than the changes ask for: a table or column gone is a major
    step, one added or rows added or removed a minor one, changed cells a patch.

    Exit codes: 0 compared, 1 unreadable data, 2 wrong usage.

    example:
      strikes2024 compare strikes2024-0.1.0/data data
    """
    print(compare(args.old, args.new or args.data or data_dir()))


def _read(args: argparse.Namespace) -> None:
    """Read files of UCDP GED or ACLED that you have, and write them as a data directory.

    It has the same tables, so that every command, the joins, the analysis and the charts that are
    not about this campaign serve your events and figures. Every column of the publisher is kept in
    the table of events.

    CSV in any of the usual forms, Excel workbooks (pip install 'strikes2024[export]') and JSON are
    read, packed (gzip, zip) or not. What has one meaning is read, and what was changed is said at
    the end and in the table of sources. What has several meanings ends the reading with row, field,
    value and the option that decides; with --rejects such rows go to a file instead.
    Of an event in several files the one named last counts.

    Nothing is overwritten without --force, and the directory appears only when it is whole. Text
    that a spreadsheet would run as a formula gets a ' in front.

    Exit codes: 0 written, 1 a file that does not fit or a target that exists, 2 wrong usage.

    examples:
      strikes2024 read ged GEDEvent.csv --to mydata
      strikes2024 read ged GEDEvent.csv --to iraq --country Iraq --start 2024-01-01 --end 2024-03-31
      strikes2024 read ged annual.csv candidate.csv --to mydata --rejects unread.csv
      strikes2024 read acled acled.csv --to mydata --kind "Air/drone strike=us_strike"
      strikes2024 read acled acled.csv --to mydata --date-format %d/%m/%Y --encoding cp1252
    then:
      strikes2024 describe --data mydata
      strikes2024 export xlsx --data mydata
    """
    options: dict[str, Any] = {name: getattr(args, name) for name in ReadOptions.__annotations__}
    options |= {"kinds": dict(args.kinds), "columns": dict(args.columns)}
    options |= {"force": args.force, "progress": args.progress}
    print(write_tables(args.layout, args.file, args.to, **options))


class _Parser(argparse.ArgumentParser):
    """A parser that guesses which command was meant."""

    def error(self, message: str) -> NoReturn:
        found = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        if found:
            message += did_you_mean(found[1], re.findall(r"[a-z]+", found[2]))
        super().error(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="strikes2024",
        description="Tables on the US strikes of 2-7 February 2024 in Iraq and Syria.",
        epilog="examples:\n  strikes2024 describe\n  strikes2024 export xlsx\n"
        "  strikes2024 validate\n\nHelp on a command: strikes2024 COMMAND --help",
        formatter_class=_FORM,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    formats = "\n".join(f"  {each.name:8} {each.what}" for each in FORMATS.values())

    where = "data directory (default: the package's)"
    data = _Parser(add_help=False)
    data.add_argument("--data", metavar="DIR", type=Path, help=where)
    writing = _Parser(add_help=False)
    writing.add_argument("--force", action="store_true", help="replace what is there")
    writing.add_argument("--quiet", dest="progress", action="store_const", const=None,
                         default=partial(print, file=sys.stderr),
                         help="say nothing while at work")  # fmt: skip

    def command(
        run: Callable[[argparse.Namespace], int | None], brief: str, *shared: _Parser
    ) -> argparse.ArgumentParser:
        """Add a command: its docstring is its help, the examples in it come last."""
        text = (inspect.getdoc(run) or "").replace("{formats}", formats)
        what, *examples = re.split(r"^(examples?:)", text, maxsplit=1, flags=re.MULTILINE)
        made = commands.add_parser(
            run.__name__.removeprefix("_"),
            help=brief, description=what, epilog="".join(examples), parents=shared,
            formatter_class=_FORM,
        )  # fmt: skip
        made.set_defaults(run=run)
        return made

    made = command(_validate, "check the data", data)
    made.add_argument("dir", metavar="DIR", nargs="?", type=Path, help=where)
    made = command(_export, "write the data in another format", data, writing)
    made.add_argument("format", metavar="FORMAT", choices=FORMATS, help=", ".join(FORMATS))
    made.add_argument(
        "-o", "--output", metavar="PATH", type=Path,
        help="where to (default: a name of its own, here)",
    )  # fmt: skip
    made = command(_read, "make tables of a file of UCDP GED or ACLED", writing)
    made.add_argument("layout", metavar="LAYOUT", choices=LAYOUTS, help=" or ".join(LAYOUTS))
    made.add_argument("file", metavar="FILE", type=Path, nargs="+", help="the file, or several")
    made.add_argument("--to", metavar="DIR", type=Path, required=True, help="directory to make")
    made.add_argument("--country", metavar="NAME", dest="countries", action="append",
                      help="keep it (repeatable)")  # fmt: skip
    made.add_argument("--start", metavar="DAY", help="keep events on this day or later")
    made.add_argument("--end", metavar="DAY", help="keep events on this day or earlier")
    made.add_argument("--stated", metavar="DAY", help="day of the file's publication")
    made.add_argument("--kind", dest="kinds", **_pair("LABEL=KIND"),
                      help="kind of events by the file's own label (repeatable)")  # fmt: skip
    made.add_argument("--rejects", metavar="FILE", type=Path,
                      help="put rows that cannot be read here, and go on")  # fmt: skip
    made.add_argument("--encoding", metavar="NAME", help="of the file, such as cp1252")
    made.add_argument("--date-format", metavar="FORMAT",
                      help="of its dates, such as %%d/%%m/%%Y; or excel")  # fmt: skip
    made.add_argument("--decimal", metavar="MARK", help="of its numbers: . or ,")
    made.add_argument("--column", dest="columns", **_pair("NAME=HEADER"),
                      help="header of a column that has another name (repeatable)")  # fmt: skip
    made = command(_describe, "say what the tables hold", data)
    made.add_argument("table", metavar="TABLE", nargs="?", help="a table, for its columns")
    made = command(_cite, "say how to cite the data", data)
    made.add_argument(
        "style", metavar="STYLE", nargs="?", choices=STYLES, default="text",
        help="text (default), bibtex or ris",
    )  # fmt: skip
    made = command(_compare, "say what changed between two versions of the data", data)
    made.add_argument("old", metavar="OLD", type=Path, help="data directory of the older version")
    made.add_argument("new", metavar="NEW", type=Path, nargs="?",
                      help="the newer version (default: the package's data)")  # fmt: skip
    return parser


def _pair(form: str) -> dict[str, Any]:
    def read(word: str) -> tuple[str, str]:
        name, _, value = word.rpartition("=")
        if not name or not value:
            raise argparse.ArgumentTypeError(f"{word!r}: expected {form}")
        return name, value

    return {"metavar": form, "type": read, "action": "append", "default": []}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # for terminals without Arabic
    gc.set_threshold(100_000)  # rows are many small lists, and none of them is part of a cycle
    args = _parser().parse_args(argv)
    try:
        code: int = args.run(args) or 0
        sys.stdout.flush()
    except (MissingExtraError, DataError) as error:
        print(f"strikes2024: {error}", file=sys.stderr)
        return 2 if isinstance(error, (MissingExtraError, ArgumentError)) else 1
    except KeyboardInterrupt:
        print("strikes2024: stopped; nothing half written is left", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
