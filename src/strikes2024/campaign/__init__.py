"""This campaign: its facts (``campaign.toml``), headline figures, what the analysis is asked."""

from strikes2024.campaign.counts import (
    campaign_band,
    campaign_conflict,
    campaign_start,
    campaign_statements,
    count_bounds,
    start_of,
    toll_conflict,
    tolls,
)
from strikes2024.campaign.facts import (
    BAGHDAD,
    CAMPAIGN,
    COUNTER,
    CROSSCHECKS,
    FEBRUARY,
    MONITOR,
    PARTS,
    PHASES,
    SPEAKERS,
    SPEAKERS_SINCE,
    STRIKES,
    TOTAL,
    TOWER_22,
    WINTER,
)
from strikes2024.campaign.headlines import (
    HEADLINES,
    Answer,
    Headline,
    answer_to,
    headline_states,
    killed_in,
    reconcile,
)
from strikes2024.campaign.questions import (
    KILLED_SUM,
    campaign_attacks,
    campaign_checks,
    campaign_dispersion,
    campaign_harm,
    campaign_periods,
    campaign_phases,
    campaign_rates,
    count_scores,
    country_rates,
    earlier_tolls,
    fall_in_week,
    headline_sensitivity,
    killed_estimate,
    parts_of_total,
    salvo_index,
    strikes_before_after,
)

__all__ = [
    "BAGHDAD", "CAMPAIGN", "COUNTER", "CROSSCHECKS", "FEBRUARY", "HEADLINES", "KILLED_SUM",
    "MONITOR", "PARTS", "PHASES", "SPEAKERS", "SPEAKERS_SINCE", "STRIKES", "TOTAL", "TOWER_22",
    "WINTER", "Answer", "Headline", "answer_to", "campaign_attacks", "campaign_band",
    "campaign_checks", "campaign_conflict", "campaign_dispersion", "campaign_harm",
    "campaign_periods", "campaign_phases", "campaign_rates", "campaign_start",
    "campaign_statements", "count_bounds", "count_scores", "country_rates", "earlier_tolls",
    "fall_in_week", "headline_sensitivity", "headline_states", "killed_estimate", "killed_in",
    "parts_of_total", "reconcile", "salvo_index", "start_of", "strikes_before_after",
    "toll_conflict", "tolls",
]  # fmt: skip
