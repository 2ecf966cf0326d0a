"""From claims to estimates, rates and response times: frames in, frames out.

Every function takes tables with the columns of :mod:`strikes2024.tables` (any campaign's rows
will do) and returns a new frame or a small frozen value; none reads a file or keeps state. Each
names its assumptions, and the source of its method, in its docstring.
"""

from strikes2024.analysis.asof import History, as_of, entry_days
from strikes2024.analysis.audit import (
    audit_faults,
    audit_summary,
    binomial_interval,
    read_twice,
)
from strikes2024.analysis.casualties import (
    deaths_by_event,
    harm_per_attack,
    killed_by_strikes,
    reported_casualties,
)
from strikes2024.analysis.changes import before_after, chance_of_at_most, change_point
from strikes2024.analysis.constraints import (
    Conflict,
    conflict,
    give_way,
    interval_bounds,
    without,
)
from strikes2024.analysis.crosschecks import crosscheck
from strikes2024.analysis.estimates import (
    RULES,
    Estimate,
    add_estimates,
    add_ranges,
    bounds,
    claim_line,
    estimate,
    estimate_line,
    independent,
    open_above,
    sensitivity,
)
from strikes2024.analysis.explain import explain
from strikes2024.analysis.phases import (
    breakpoints,
    dated_in,
    phase_ratios,
    phases,
)
from strikes2024.analysis.predict import leave_one_out, predict_total, prediction_scores
from strikes2024.analysis.quality import (
    contradictions,
    date_precision,
    delay_by_side,
    record_by_source_kind,
    single_source,
    stated_delay,
)
from strikes2024.analysis.rates import (
    attack_rates,
    attacks_by_month,
    dispersion,
    interval_rates,
    official_line,
    poisson_interval,
    rate_ratio,
    rates_by_country,
    standing_counts,
)
from strikes2024.analysis.responses import ladders, median_lag, responses
from strikes2024.analysis.statements import counter_statements, toll_statements
from strikes2024.verdicts import ADVERSARIES, killed_by_event, latest

__all__ = [
    "ADVERSARIES", "RULES", "Conflict", "Estimate", "History", "add_estimates", "add_ranges",
    "as_of", "attack_rates", "attacks_by_month", "audit_faults", "audit_summary", "before_after",
    "binomial_interval", "bounds", "breakpoints", "chance_of_at_most", "change_point", "claim_line",
    "conflict", "contradictions", "counter_statements", "crosscheck", "date_precision", "dated_in",
    "deaths_by_event", "delay_by_side", "dispersion", "entry_days", "estimate", "estimate_line",
    "explain", "give_way", "harm_per_attack", "independent", "interval_bounds", "interval_rates",
    "killed_by_event", "killed_by_strikes", "ladders", "latest", "leave_one_out", "median_lag",
    "official_line", "open_above", "phase_ratios", "phases", "poisson_interval", "predict_total",
    "prediction_scores", "rate_ratio", "rates_by_country", "read_twice", "record_by_source_kind",
    "reported_casualties", "responses", "sensitivity", "single_source", "standing_counts",
    "stated_delay", "toll_statements", "without",
]  # fmt: skip
