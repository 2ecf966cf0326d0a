"""The print edition of this report: ``python -m strikes2024.report.edition SITE FOLDER``.

``make pdf`` runs it; :mod:`claimbook.edition` sets the pages.
"""

import sys
from pathlib import Path

import pandas as pd

import strikes2024
from claimbook.edition import EditionError, Plan, make
from strikes2024.report.rows import WORDS
from strikes2024.schema import read_package
from strikes2024.wording import day


def plan() -> Plan:
    """Return what the edition holds, by the data as they are."""
    words, described = WORDS["edition"], read_package()
    made = pd.Timestamp(described.descriptor["created"][:10])
    facts = {
        "author": described.descriptor["contributors"][0]["title"],
        "version": described.version,
        "day": day(made),
        "claims": len(strikes2024.claims()),
    }
    return Plan(
        **words | {"cover": [line.format(**facts) for line in words["cover"]]},
        author=facts["author"],
        subject=f"Print edition, data version {described.version}",
        date=made.date(),
    )


def main(names: list[str]) -> int:
    """Make the edition of the built book in the first folder into the second."""
    site, folder = (Path(name) for name in names)
    wanted = plan()
    try:
        pages = make(site, folder, wanted)
    except EditionError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{folder / wanted.name}: {pages} pages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
