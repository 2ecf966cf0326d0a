"""The commands beside the book: audit, licences, score of mutants, tools from Debian."""

import importlib.util
import json
import re
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import strikes2024

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
    assert lines[0] == "b 2: X-1, patched in 3"
    lines, code = report([good, unknown])
    assert code == 1
    assert "Not known to the advisory service: c" in lines
    none = "None of the 2 packages could be looked up: is the advisory service within reach?"
    assert report([unknown, unknown]) == ([none], 1)


def test_the_licence_of_every_locked_package_is_listed():
    licences = tool("licences")
    pinned = licences.pinned((ROOT / "requirements/test.txt").read_text(encoding="utf-8"))
    assert len(pinned) > 100
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (\S+) \| (\S+) \| (.+) \|$", page, re.MULTILINE)[1:]
    assert [row[:2] for row in listed] == [row[:2] for row in pinned], "run `make licences`"
    stated = {name: words for name, _, words in listed}
    for name, _, only in pinned:
        here = licences.licence(name)
        assert here in ("", stated[name]) or only, "run `make licences`"
        assert "unknown" not in stated[name].lower()


def test_metadata_of_the_repository_agree_with_their_one_place(tmp_path):
    """CITATION.cff and what is made from it; descriptor, package and addresses behind it."""
    files = tool("metadata").files
    for name, text in files(ROOT).items():
        assert (ROOT / name).read_text(encoding="utf-8") == text, "run `make metadata`"
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    raw = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert cff["version"] == strikes2024.__version__
    assert str(cff["date-released"]) == raw["created"][:10]
    data = cff["preferred-citation"]
    assert (data["version"], str(data["year"])) == (raw["version"], raw["created"][:4])
    assert [each["name"] for each in data["authors"]] == [
        each["title"] for each in raw["contributors"]
    ]
    assert data["license"] == raw["licenses"][0]["name"]
    assert cff["keywords"] == raw["keywords"]

    for name in ("CITATION.cff", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    book, source = "https://book.example/", "https://code.example/x"
    config = {"html": {"baseurl": book}, "repository": {"url": source}}
    (tmp_path / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    made = files(tmp_path)
    assert yaml.safe_load(made["CITATION.cff"])["repository-code"] == source
    assert json.loads(made["codemeta.json"])["url"] == book
    related = json.loads(made[".zenodo.json"])["related_identifiers"]
    assert {each["identifier"] for each in related} == {book, source}


def locked(name: str) -> dict[str, tuple[set[str], set[str]]]:
    """Extras and versions of each package in a file of requirements/."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    lines = re.findall(r"^([\w.-]+)(?:\[([\w,.-]+)\])?==(\S+)", text, re.MULTILINE)
    found: dict[str, tuple[set[str], set[str]]] = {}
    for package, extras, version in lines:
        seen = found.setdefault(canonicalize_name(package), (set(), set()))
        seen[0].update(filter(None, extras.split(",")))
        seen[1].add(version)
    return found


@pytest.mark.parametrize("name", ["book.txt", "tools.txt", "croissant.txt", "installer.txt"])
def test_locked_files_agree_with_that_of_the_tests(name):
    everything, part = locked("test.txt"), locked(name)
    shared = part.keys() & everything.keys()
    assert all(part[package][1] <= everything[package][1] for package in shared)
    apart = {"tools.txt": {"mutmut", "pip-audit"}, "croissant.txt": {"mlcroissant"}}
    assert apart.get(name, set()) <= part.keys()
    assert name in apart or shared == part.keys()


def test_a_package_asked_for_with_an_extra_is_locked_with_it():
    """Otherwise pip up to 23 refuses the whole file once a newer release of that package is out."""
    extras = {name: more for name, (more, _) in locked("test.txt").items()}
    wanted = []
    for package in extras:
        try:
            requires = metadata.requires(package) or []
        except metadata.PackageNotFoundError:
            continue  # for another Python or system
        for requirement in map(Requirement, requires):
            marker = requirement.marker
            here = [{"extra": extra} for extra in ("", *extras[package])]
            if requirement.extras and (marker is None or any(map(marker.evaluate, here))):
                wanted.append((canonicalize_name(requirement.name), requirement.extras))
    assert ("coverage", {"toml"}) in wanted
    assert [(name, more) for name, more in wanted if not more <= extras.get(name, set())] == []


def test_the_score_of_mutants_counts_what_was_tried(tmp_path, capsys):
    mutants = tool("mutants")
    page = tmp_path / "mutation.md"
    assert mutants.main(tmp_path, page) == 1
    assert not page.exists()
    codes = {"m.x_f__mutmut_1": 1, "m.x_f__mutmut_2": 0, "m.x_g__mutmut_1": 33,
             "m.x_g__mutmut_2": None, "m.x_g__mutmut_3": 36, "m.x_g__mutmut_4": 34}  # fmt: skip
    assert mutants.score(codes)[:2] == (2, 4)
    (tmp_path / "m.py.meta").write_text(json.dumps({"exit_code_by_key": codes}))
    (tmp_path / "m.py").write_text(
        "def x_f__mutmut_orig(a):\n    return a  # type: ignore # mutmut generated\n"
        "def x_f__mutmut_2(a):\n    return None  # type: ignore # mutmut generated\n"
        "def x_g__mutmut_orig():\n    x = 1\n    y = 2\n"
        "def x_g__mutmut_1():\n    x = 1\n    y = 3\n"
    )
    assert mutants.main(tmp_path, page) == 0
    assert "| m | 6 | 4 | 2 | 50.0% |\n| all | 6 | 4 | 2 | 50.0% |" in capsys.readouterr().out
    text = page.read_text()
    assert "1 of the changes noticed made a test run without end" in text
    assert text.endswith("\n- m, `f`: `return a` → `return None`\n- m, `g`: `y = 2` → `y = 3`\n")


class Machine:
    """A PATH on which nothing is but what is put there; ``apt-get`` and ``sudo`` only keep notes.

    What ``apt-get install`` names appears as commands, by the names of their packages.
    """

    def __init__(self, folder, *, user="0"):
        self.folder, self.log = folder, folder / "log"
        folder.mkdir()
        self.log.touch()
        (folder / "env").symlink_to(shutil.which("env"))
        self.put("id", f"echo {user}")

    def put(self, name, script="true"):
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def put_apt(self, *brought):
        made = "".join(
            f'printf "#!/bin/sh\\n" > {self.folder}/{name}; /bin/chmod +x {self.folder}/{name}\n'
            for name in brought
        )
        self.put("apt-get", f'echo "apt-get $*" >> {self.log}\n[ $1 = update ] || {{ :\n{made}}}')

    def ensure(self, *commands):
        done = subprocess.run(
            ["/bin/sh", ROOT / "tools" / "ensure_tools.sh", *commands],
            env={"PATH": str(self.folder)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr, self.log.read_text().splitlines()


ALL = ("chromium", "npm", "java")
PACKAGES = "chromium libatomic1 npm default-jre-headless"
INSTALL = f"apt-get install -y -qq --no-install-recommends {PACKAGES}"


def test_tools_that_are_there_are_left_alone(tmp_path):
    machine = Machine(tmp_path / "bin")
    machine.put_apt()
    for name in ALL:
        machine.put(name)
    assert machine.ensure(*ALL) == (0, "", "", [])


def test_chromium_alone_is_not_enough(tmp_path):
    machine = Machine(tmp_path / "bin")
    machine.put_apt()
    machine.put("chromium")
    machine.put("dpkg-query", "[ $2 != libatomic1 ]")
    assert machine.ensure("chromium")[3][1] == INSTALL.replace(PACKAGES, "libatomic1")
    machine.put("dpkg-query")
    assert machine.ensure("chromium")[1] == ""


def test_missing_tools_are_installed_from_debians_packages(tmp_path):
    machine = Machine(tmp_path / "bin")
    machine.put_apt(*ALL)
    said = f"Installing {PACKAGES} ...\n"
    assert machine.ensure(*ALL) == (0, said, "", ["apt-get update -qq", INSTALL])
    assert machine.ensure(*ALL)[1] == ""


def test_only_what_is_missing_is_installed_and_through_sudo_where_it_must_be(tmp_path):
    machine = Machine(tmp_path / "bin", user="1000")
    machine.put("npm")
    machine.put_apt("java")
    machine.put("sudo", f'echo "sudo $1" >> {machine.log}\nexec "$@"')
    code, _, _, log = machine.ensure("npm", "java")
    assert code == 0
    assert log == [
        "sudo apt-get",
        "apt-get update -qq",
        "sudo env",
        "apt-get install -y -qq --no-install-recommends default-jre-headless",
    ]


@pytest.mark.parametrize(
    ("has", "words"),
    [
        ([], f"Not on PATH, and no apt-get to install them with: install {PACKAGES}"),
        (["apt"], f"Missing; as root, run: apt-get update && apt-get install -y {PACKAGES}"),
        (["apt", "sudo"], "chromium was installed, but is not on PATH."),
    ],
)
def test_what_cannot_be_installed_is_said_in_one_line(tmp_path, has, words):
    machine = Machine(tmp_path / "bin", user="1000")
    if "apt" in has:
        machine.put_apt()
    if "sudo" in has:
        machine.put("sudo", 'exec "$@"')
    code, _, said, _ = machine.ensure(*ALL)
    assert code == 1
    assert said.startswith(words)
    assert len(said.splitlines()) == 1
