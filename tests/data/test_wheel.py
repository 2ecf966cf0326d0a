"""The wheel: data inside, pandas the only dependency."""

import email
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import strikes2024

# As if pandas, and what it needs itself, were all that is installed.
READ = """
import sys
class Missing:
    names = {"scipy", "pyarrow", "plotly", "matplotlib", "openpyxl", "frictionless", "sphinx"}
    def find_spec(self, name, *_):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
sys.path.insert(0, sys.argv[1])
import strikes2024
from strikes2024.analysis import as_of, estimate
from strikes2024.readers import write_tables
print(strikes2024.data_dir())
print(len(strikes2024.claims()))
from strikes2024.__main__ import main
print(main(["export", "sqlite", "--quiet"]), main(["describe"]), main(["cite"]))
known = as_of(strikes2024.load(), "2024-02-05")
estimate(known.claims, known.actors, known.sources, "tower-22-attack", "wounded")
write_tables("ged", sys.argv[2], "own")
print(len(strikes2024.events("own")))
"""
# A row in the columns of UCDP GED that its reader needs.
GED = """\
id,type_of_violence,side_a,side_b,where_prec,where_coordinates,latitude,longitude,country,\
date_prec,date_start,date_end,best,high,low,adm_1
7,1,X,Y,1,A town,33.5,44.2,Xland,1,2024-03-01,2024-03-02,5,8,4,North
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
    (tmp_path / "ged.csv").write_text(GED)
    run = [sys.executable, "-c", READ, str(folder), "ged.csv"]
    read = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True)
    where, claims, database = read.stdout.split("\n")[:3]
    assert (tmp_path / database).is_file()
    assert read.stdout.rstrip().endswith("0 0 0\n1")
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
    assert "strikes2024/charts/assets/fonts/LICENSE.txt" in names
    assert "claimbook/assets/fonts/LICENSE.txt" in names
