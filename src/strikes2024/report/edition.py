"""The print edition of this report: ``python -m strikes2024.report.edition SITE FOLDER``.

``make pdf`` runs it; :mod:`claimbook.edition` sets the pages.
"""

import sys
from pathlib import Path

import pandas as pd

import strikes2024
from claimbook.edition import EditionError, Plan, make
from strikes2024.report.references import LEDGER, SOURCES
from strikes2024.schema import read_package
from strikes2024.wording import day

_LINE = (
    "The incidents before, the attack on Tower 22, the strikes, the reactions and what came after, "
    "each figure with its claimant, day and publication"
)


def plan() -> Plan:
    """Return what the edition holds, by the data as they are."""
    described = read_package()
    author, version = described.descriptor["contributors"][0]["title"], described.version
    made = pd.Timestamp(described.descriptor["created"][:10])
    claims = len(strikes2024.claims())
    return Plan(
        name="strikes2024.pdf",
        chapters=(
            "index",
            "chapters/background",
            "chapters/prior_incidents",
            "chapters/tower22",
            "chapters/strikes",
            "chapters/reactions",
            "chapters/aftermath",
            "chapters/methods",
            "chapters/reconciliation",
            "chapters/glossary",
            "chapters/about",
        ),
        titles={"index": "Summary"},
        ledger=LEDGER,
        sources=SOURCES,
        author=author,
        subject=f"Print edition, data version {version}",
        date=made.date(),
        cover=(
            _LINE,
            author,
            f"Print edition. Data version {version}, {day(made)}, with {claims} claims",
            "Text, charts and data CC BY 4.0, code MIT",
        ),
        contents_note="The whole ledger, the lists of events and actors, the data and the "
        "notebooks are in the web edition and the repository. Small raised numbers are those of "
        "the list of publications. Dotted underlines lead to a claim.",
        unlisted=frozenset(
            {"What the data cannot show", "Further reading", "Sources of this chapter"}
        ),
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
