"""The wheel: data inside, pandas the only dependency."""

import email
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import strikes2024

READ = """
import sys
sys.path.insert(0, sys.argv[1])
import strikes2024
print(strikes2024.data_dir())
print(len(strikes2024.claims()))
from strikes2024.__main__ import main
print(main(["export", "sqlite", "--quiet"]), main(["describe"]), main(["cite"]))
"""


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    made = subprocess.run(build, cwd=root, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return next(out.glob("*.whl"))


def test_the_installed_package_reads_its_own_data(wheel: Path, tmp_path: Path) -> None:
    folder = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(folder)
    run = [sys.executable, "-c", READ, str(folder)]
    read = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True)
    where, claims, database = read.stdout.split("\n")[:3]
    assert (tmp_path / database).is_file()
    assert read.stdout.rstrip().endswith("0 0 0")
    assert Path(where) == folder / "strikes2024" / "data"
    assert int(claims) == len(strikes2024.claims())


def test_pandas_is_the_only_dependency(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
    meta = email.message_from_bytes(archive.read(name))
    needed = [r for r in meta.get_all("Requires-Dist") or [] if "extra ==" not in r]
    assert len(needed) == 1
    assert needed[0].startswith("pandas")


def test_types_and_licences_are_shipped(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "strikes2024/py.typed" in names
    assert "strikes2024/data/datapackage.json" in names
    assert any(name.endswith("/LICENSE") for name in names)
