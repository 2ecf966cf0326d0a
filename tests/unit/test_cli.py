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
    assert run(capsys, "validate", small.root) == (
        0, "OK: 17 tables, 26 rows, no fault\n", "",
    )  # fmt: skip


def test_faults(small, capsys):
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
    monkeypatch.chdir(small.root.parent)
    assert run(capsys, "validate", "data")[0] == 0
    monkeypatch.chdir(small.root)
    assert run(capsys, "validate", ".")[0] == 0


BROKEN = {
    "no directory": (
        lambda root: root / "nowhere",
        "nowhere/datapackage.json cannot be read (No such file or directory)",
    ),
    "a file": (
        lambda root: root / "claims.csv",
        "claims.csv/datapackage.json cannot be read (Not a directory)",
    ),
    "no descriptor": (
        lambda root: (root / "datapackage.json").unlink() or root,
        "datapackage.json cannot be read (No such file or directory): expected a Data Package",
    ),
    "broken descriptor": (
        lambda root: (root / "datapackage.json").write_text('{"resources": [') and root,
        "for each table (Expecting value: line 1 column 16 (char 15))",
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
        2, "", "strikes2024: validate needs frictionless: pip install 'strikes2024[validate]'\n",
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
    small.change("actors", 2, aliases="القيادة;القيادة")
    done = python("-m", "strikes2024", "validate", small.root, capture_output=True,
                  env={"PYTHONIOENCODING": "ascii"})  # fmt: skip
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.startswith(b"actors.csv row 2: field aliases: value \\u0627")


def test_a_reader_that_stops_early(small):
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


def test_export_says_what_it_writes(small, tmp_path, capsys):
    target = tmp_path / "out.json"
    code, out, err = run(capsys, "export", "json", "-o", target, "--data", small.root)
    assert (code, out) == (0, f"{target}\n")
    assert "claims: 3 rows" in err
    assert run(capsys, "export", "json", "-o", target, "--data", small.root) == (
        1, "", f"strikes2024: {target} exists: use --force (or force=True) to replace it\n",
    )  # fmt: skip
    forced = ["export", "json", "--force", "--quiet", "-o", target, "--data", small.root]
    assert run(capsys, *forced) == (0, f"{target}\n", "")


def test_export_goes_to_a_name_of_its_own(small, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "export", "flat", "--quiet", "--data", small.root)[:2] == (
        0, "strikes2024-flat.csv\n",
    )  # fmt: skip
    assert (tmp_path / "strikes2024-flat.csv").is_file()


def test_a_missing_package_of_the_extra(small, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "export", "parquet", "--data", small.root) == (
        2, "", "strikes2024: parquet needs pyarrow: pip install 'strikes2024[export]'\n",
    )  # fmt: skip


def test_export_of_broken_data(small, tmp_path, capsys):
    (small.root / "claims.csv").write_text("")
    code, out, err = run(capsys, "export", "json", "-o", tmp_path / "x", "--data", small.root)
    assert (code, out) == (1, "")
    assert "claims.csv: expected a header row; the file is empty" in err.splitlines()[-1]
    assert not list(tmp_path.glob("x*"))


def test_export_that_is_stopped(small, tmp_path, capsys, monkeypatch):
    def stop(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("strikes2024.export.json_file.write", stop)
    code, _, err = run(capsys, "export", "json", "-o", tmp_path / "x", "--data", small.root)
    assert (code, err) == (130, "strikes2024: stopped; nothing half written is left\n")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["exprt", "csv"], "did you mean 'export'?"),
        (["export", "sqlit"], "did you mean 'sqlite'?"),
        (["cite", "bibtx"], "did you mean 'bibtex'"),
    ],
)
def test_did_you_mean(capsys, args, hint):
    with pytest.raises(SystemExit) as stop:
        main(args)
    assert stop.value.code == 2
    assert hint in capsys.readouterr().err


def test_describe(small, capsys):
    code, out, _ = run(capsys, "describe", "--data", small.root)
    assert code == 0
    lines = out.splitlines()
    assert lines[0].split() == ["table", "title", "rows", "columns", "first", "last"]
    claims = next(line for line in lines if line.startswith("claims"))
    assert claims.split() == ["claims", "Claims", "3", "26", "2024-01-28", "2024-01-29"]
    code, out, _ = run(capsys, "describe", "claims", "--data", small.root)
    assert code == 0
    assert "claim_id" in out
    assert run(capsys, "describe", "claim", "--data", small.root)[2].startswith(
        "strikes2024: there is no table 'claim'; did you mean 'claims'?"
    )


def test_cite(small, capsys):
    code, out, _ = run(capsys, "cite", "--data", small.root)
    assert code == 0
    assert f"(Python package strikes2024 {__version__})" in out
    assert run(capsys, "cite", "bibtex")[1].startswith("@misc{strikes2024-data-")


def test_compare(small, tmp_path, capsys):
    assert run(capsys, "compare", small.root, small.root)[0] == 0
    code, out, err = run(capsys, "compare", small.root, tmp_path / "none")
    assert (code, out) == (1, "")
    assert "none/datapackage.json cannot be read (No such file or directory)" in err


@pytest.mark.parametrize("command", ["validate", "export", "describe", "cite", "compare", "read"])
def test_each_command_shows_examples_and_exit_codes(capsys, command):
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert f"strikes2024 {command}" in text.split("example", 1)[1]
    assert "Exit codes" in text
    assert max(map(len, text.splitlines())) <= 100


def test_commands_run_where_python_drops_docstrings():
    done = python("-OO", "-m", "strikes2024", "cite", capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "US strikes of 2–7 February 2024" in done.stdout
