"""From claims to estimates, rates and response times: frames in, frames out.

Every function takes tables with the columns of :mod:`strikes2024.tables` (any campaign's rows
will do) and returns a new frame; none reads a file or keeps state.
"""

from strikes2024.analysis.asof import as_of, entry_days
from strikes2024.analysis.estimates import (
    ADVERSARIES,
    add_ranges,
    bounds,
    claim_line,
    latest,
)
from strikes2024.analysis.quality import record_by_source_kind, stated_delay
from strikes2024.analysis.rates import attack_rates, attacks_by_month, increments, poisson_interval
from strikes2024.analysis.responses import responses

__all__ = [
    "ADVERSARIES",
    "add_ranges",
    "as_of",
    "attack_rates",
    "attacks_by_month",
    "bounds",
    "claim_line",
    "entry_days",
    "increments",
    "latest",
    "poisson_interval",
    "record_by_source_kind",
    "responses",
    "stated_delay",
]
