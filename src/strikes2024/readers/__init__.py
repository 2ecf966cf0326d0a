"""Bring your own events: UCDP GED and ACLED files as the same tables, for another campaign.

>>> from strikes2024.readers import read_ged, write_tables
>>> tables = read_ged("GEDEvent.csv", countries=["Mali"], start="2020-01-01")
>>> tables.events, tables.claims                      # typed as those of strikes2024.load()
>>> write_tables("ged", "GEDEvent.csv", "mydata")     # a directory for strikes2024.load("mydata")

Each dataset's figure becomes a claim: of people killed, by the dataset, so that
``strikes2024.analysis`` and the joins work on it. ``events`` has every column of the publisher
beside the package's own. The files are those that their publishers give out; this package ships
none of them. Where the tables of all events would not fit into memory, :func:`iter_ged` and
:func:`iter_acled` give them a piece at a time.

What has one meaning is read, and counted in the note of ``sources``; what has several is refused
with row, field and value and the option that decides. See :class:`ReadOptions`.
"""

from strikes2024.readers.acled import iter_acled, read_acled
from strikes2024.readers.ged import iter_ged, read_ged
from strikes2024.readers.layout import ReadOptions
from strikes2024.readers.write import LAYOUTS, write_tables

__all__ = [
    "LAYOUTS",
    "ReadOptions",
    "iter_acled",
    "iter_ged",
    "read_acled",
    "read_ged",
    "write_tables",
]
