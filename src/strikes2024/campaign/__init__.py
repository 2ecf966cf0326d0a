"""This campaign: its headline figures, and what the analysis is asked about it."""

from strikes2024.campaign.questions import (
    CAMPAIGN,
    COUNTER,
    ENCYCLOPEDIA,
    KILLED_SUM,
    MONITOR,
    PARTS,
    WINTER,
    campaign_attacks,
    campaign_dispersion,
    campaign_phases,
    campaign_rates,
    country_rates,
    headline_sensitivity,
    killed_estimate,
    parts_of_total,
    predicted_counts,
)

__all__ = [
    "CAMPAIGN",
    "COUNTER",
    "ENCYCLOPEDIA",
    "KILLED_SUM",
    "MONITOR",
    "PARTS",
    "WINTER",
    "campaign_attacks",
    "campaign_dispersion",
    "campaign_phases",
    "campaign_rates",
    "country_rates",
    "headline_sensitivity",
    "killed_estimate",
    "parts_of_total",
    "predicted_counts",
]
