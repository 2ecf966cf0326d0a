"""The commands beside the book: audit of packages, list of licences, score of mutants."""

import importlib.util
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tool(name):
    spec = importlib.util.spec_from_file_location(f"{name}_tool", ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_audit_fails_unless_every_package_was_looked_up():
    report = tool("audit").report
    good = {"name": "a", "version": "1", "vulns": []}
    bad = {"name": "b", "version": "2", "vulns": [{"id": "X-1", "fix_versions": ["3"]}]}
    unknown = {"name": "c", "skip_reason": "not found"}
    assert report([good]) == (["1 packages looked up, 0 faults"], 0)
    lines, code = report([good, bad])
    assert code == 1
    assert lines[0] == "b 2: X-1, mended in 3"
    lines, code = report([good, unknown])
    assert code == 1
    assert "Not known to the advisory service: c" in lines
    lines, code = report([unknown])
    assert code == 1
    assert lines[0] == "No package could be looked up: is the advisory service within reach?"


def test_the_licence_of_every_locked_package_is_listed():
    licences = tool("licences")
    pinned = licences.pinned((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert len(pinned) > 100
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (\S+) \| (\S+) \| (.+) \|$", page, re.MULTILINE)[1:]
    assert [row[:2] for row in listed] == [row[:2] for row in pinned], "run `make licences`"
    stated = {name: words for name, _, words in listed}
    for name, _, only in pinned:
        here = licences.licence(name)
        assert here in ("", stated[name]) or only, "run `make licences`"
        assert "unknown" not in stated[name].lower()


def test_both_lock_files_agree():
    pinned = tool("licences").pinned
    main = {n: v for n, v, _ in pinned((ROOT / "requirements.lock").read_text(encoding="utf-8"))}
    more = {n: v for n, v, _ in pinned((ROOT / "tools/optional.lock").read_text(encoding="utf-8"))}
    assert {"mutmut", "pip-audit"} <= set(more)
    assert {n: v for n, v in more.items() if n in main} == {n: main[n] for n in more if n in main}


def test_the_score_of_mutants_counts_what_was_tried(tmp_path, capsys):
    codes = {"m.a": 1, "m.b": 0, "m.c": 33, "m.d": None, "m.e": 36, "m.f": 34}
    assert tool("mutants").score(codes) == (2, 4, ["m.b", "m.c"])
    assert tool("mutants").main(tmp_path) == 1
    (tmp_path / "m.py.meta").write_text(f'{{"exit_code_by_key": {json.dumps(codes)}}}')
    assert tool("mutants").main(tmp_path) == 0
    assert "50%  2 of 4 tried, 2 not tried" in capsys.readouterr().out
