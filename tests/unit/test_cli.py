"""The command line: exit codes, where its lines go, and no traceback for broken input."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import strikes2024
from strikes2024 import __version__
from strikes2024.__main__ import main


def run(capsys, *args):
    code = main([str(arg) for arg in args])
    out, err = capsys.readouterr()
    return code, out, err


def test_no_fault(small, capsys):
    pytest.importorskip("frictionless")
    assert run(capsys, "validate", small.root) == (
        0, "OK: 14 tables, 23 rows, no fault\n", "",
    )  # fmt: skip


def test_faults(small, capsys):
    pytest.importorskip("frictionless")
    small.change("claims", 4, low="5", high="3")
    assert run(capsys, "validate", small.root) == (
        1,
        (
            "claims.csv row 4: field high: value 3: expected a number not below low (5)\n"
            "1 fault in 1 file\n"
        ),
        "",
    )


def test_a_relative_directory(small, capsys, monkeypatch):
    pytest.importorskip("frictionless")
    monkeypatch.chdir(small.root.parent)
    assert run(capsys, "validate", "data")[0] == 0
    monkeypatch.chdir(small.root)
    assert run(capsys, "validate", ".")[0] == 0


BROKEN = {
    "no directory": (lambda root: root / "nowhere", "nowhere does not exist: expected a directory"),
    "a file": (lambda root: root / "claims.csv", "claims.csv is a file: expected a directory"),
    "no descriptor": (
        lambda root: (root / "datapackage.json").unlink() or root,
        "datapackage.json cannot be read (No such file or directory): expected a Data Package",
    ),
    "broken descriptor": (
        lambda root: (root / "datapackage.json").write_text('{"resources": [') and root,
        "datapackage.json: line 1 column 16: expected JSON (Expecting value)",
    ),
    "another descriptor": (
        lambda root: (root / "datapackage.json").write_text('{"resources": []}') and root,
        "datapackage.json: expected the table sources; found none",
    ),
    "missing file": (
        lambda root: (root / "claims.csv").unlink() or root,
        "claims.csv: expected a readable file (No such file or directory)",
    ),
    "empty file": (
        lambda root: (root / "claims.csv").write_bytes(b"") or root,
        "claims.csv: expected a header row; the file is empty",
    ),
    "wrong encoding": (
        lambda root: (root / "claims.csv").write_bytes("é\n".encode("latin-1")) and root,
        "claims.csv row 1: value \\xe9: expected UTF-8 text",
    ),
    "a directory for a file": (
        lambda root: (root / "claims.csv").unlink() or (root / "claims.csv").mkdir() or root,
        "claims.csv: expected a readable file (Is a directory)",
    ),
    "ragged rows": (
        lambda root: (root / "milestones.csv").open("a").write("mil-2,2023-10-18\n") and root,
        "milestones.csv row 3: expected 8 cells, one a column; found 2",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_input(small, capsys, case):
    pytest.importorskip("frictionless")
    break_it, message = BROKEN[case]
    code, out, err = run(capsys, "validate", break_it(small.root))
    assert code == 1
    assert message in out + err
    assert "Traceback" not in out + err
    # Nothing but lines of faults on one stream, nothing but one error on the other.
    assert (err.count("\n"), out) == (1, "") or not err


def test_frictionless_is_missing(small, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "frictionless", None)
    assert run(capsys, "validate", small.root) == (
        2, "", "strikes2024: validate needs Frictionless: pip install 'strikes2024[validate]'\n",
    )  # fmt: skip


@pytest.mark.parametrize("args", [[], ["valdate"], ["validate", "a", "b"], ["validate", "--fast"]])
def test_wrong_usage(capsys, args):
    with pytest.raises(SystemExit) as stop:
        main(args)
    assert stop.value.code == 2
    assert "usage: strikes2024" in capsys.readouterr().err


def test_help_and_version(capsys):
    for args, words in (
        (["--help"], ["strikes2024 validate", "COMMAND --help"]),
        (["validate", "--help"], ["examples:", "my/data", "standard output", "Exit codes"]),
        (["--version"], [f"strikes2024 {__version__}"]),
    ):
        with pytest.raises(SystemExit) as stop:
            main(args)
        assert stop.value.code == 0
        text = capsys.readouterr().out
        assert all(word in text for word in words)
        assert max(map(len, text.splitlines())) <= 100


def python(*args, **kwargs):
    environment = os.environ | {"PYTHONPATH": str(Path(strikes2024.__file__).parents[1])}
    return subprocess.run(
        [sys.executable, *args], env=environment | kwargs.pop("env", {}), check=False, **kwargs
    )


def test_as_a_module_on_a_terminal_without_arabic(small):
    pytest.importorskip("frictionless")
    small.change("actors", 2, aliases="القيادة;القيادة")
    done = python("-m", "strikes2024", "validate", small.root, capture_output=True,
                  env={"PYTHONIOENCODING": "ascii"})  # fmt: skip
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.startswith(b"actors.csv row 2: field aliases: value \\u0627")


def test_a_reader_that_stops_early(small):
    pytest.importorskip("frictionless")
    small.rows["definitions"] = [
        small.rows["definitions"][0] | {"definition_id": f"def-{number:03}", "text": " T."}
        for number in range(900)
    ]
    small.write()
    command = f"'{sys.executable}' -m strikes2024 validate '{small.root}' | head -1"
    environment = os.environ | {"PYTHONPATH": str(Path(strikes2024.__file__).parents[1])}
    done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, check=False)
    assert done.stdout.startswith(b"definitions.csv row 2: ")
    assert done.stderr == b""
