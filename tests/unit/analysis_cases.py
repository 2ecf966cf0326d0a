"""Made tables of any size, and a call of each function of the analysis with them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from strikes2024 import Tables, analysis
from strikes2024.analysis.crosschecks import Check

DAY = pd.Timestamp("2020-01-01")
SPAN = 2000  # days


def days(rng: np.random.Generator, rows: int) -> pd.Series:
    return pd.Series(DAY + pd.to_timedelta(rng.integers(0, SPAN, rows), "D")).dt.as_unit("us")


def ids(name: str, rows: int) -> pd.Series:
    return pd.Series([f"{name}{at}" for at in range(rows)], dtype="string")


def pick(rng: np.random.Generator, options: list[object], rows: int) -> pd.Series:
    return pd.Series(np.array(options, dtype=object)[rng.integers(0, len(options), rows)])


def some(rng: np.random.Generator, keys: pd.Series, share: float = 1.0) -> pd.Series:
    """Keys drawn with repetition, and blanks in the place of those beyond the share."""
    drawn = keys.sample(len(keys), replace=True, random_state=1).reset_index(drop=True)
    return drawn.where(pd.Series(rng.random(len(keys)) < share)).astype("string")


def empty(*columns: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="string") for name in columns})


def tables(rows: int) -> Tables:
    """All tables, each with so many rows but for the few actors and places."""
    rng = np.random.default_rng(1)
    sources, event = ids("s", rows), ids("e", rows)
    actors = ids("a", 50)
    start = days(rng, rows)
    who = partial(pick, rng, list(actors))
    stated = days(rng, rows)
    low = pd.Series(rng.integers(0, 100, rows)).astype("Float64")
    claim, tally = ids("c", rows), ids("t", rows)
    older = claim.shift(1).where(pd.Series(np.arange(rows) % 5 == 0))
    counts = pd.Series(np.sort(rng.integers(0, 10 * rows, rows))).astype("Int64")
    counted = pd.Series(DAY + pd.to_timedelta(np.arange(rows) % SPAN, "D")).sort_values()
    basis = ["published", "said", "not_before"]
    said = {"stated": stated, "stated_basis": pick(rng, basis, rows), "source": some(rng, sources)}
    blank = pd.Series(pd.NA, index=range(rows), dtype="string")
    return Tables(
        sources=pd.DataFrame(
            {"source_id": sources, "publisher": sources, "published": days(rng, rows),
             "url": sources, "kind": pick(rng, ["news", "official", "encyclopedia"], rows)}
        ),
        actors=pd.DataFrame(
            {"actor_id": actors, "name": actors, "kind": pick(rng, ["state", "ngo", "media"], 50),
             "side": pick(rng, ["us", "monitor", "press"], 50), "source": sources.iloc[:50]}
        ),
        places=pd.DataFrame({"place_id": ids("p", 9), "name": ids("p", 9), "kind": "us_base",
                             "source": sources.iloc[:9]}),
        events=pd.DataFrame(
            {"event_id": event, "title": event, "start": start, "end": start, "us_date": start,
             "date_precision": "day", "sources": some(rng, sources),
             "kind": pick(rng, ["attack_on_us_forces", "us_strike"], rows),
             "us_confirmed": pick(rng, ["yes", "no"], rows)}
        ),
        attributions=pd.DataFrame({"attribution_id": ids("b", rows), "event": some(rng, event),
                                   "actor": who(rows), "claimant": who(rows), "stance": "claims",
                                   "stated": stated, "source": some(rng, sources)}),
        links=pd.DataFrame({"link_id": ids("l", rows), "from_event": some(rng, event),
                            "to_event": some(rng, event), "relation": "in_answer_to",
                            "stated_by": who(rows), "source": some(rng, sources)}),
        steps=empty("step_id", "event", "kind", "claims", "source").assign(date=start.iloc[:0]),
        claims=pd.DataFrame(
            {"claim_id": claim, "event": some(rng, event, 0.9), "place": blank, "actor": blank,
             "metric": pick(rng, ["killed", "wounded"], rows), "unit": "persons",
             "victims": pick(rng, ["militants", "us_personnel"], rows),
             "country": pick(rng, ["Iraq", "Syria", "Iraq;Syria"], rows), "scope": "whole",
             "low": low, "best": pd.NA, "high": low, "qualifier": "exactly", "claimant": who(rows),
             "speaker": blank, "as_of": stated, **said, "also_in": some(rng, sources, 0.2),
             "cited_via": some(rng, sources, 0.3), "status": pick(rng, ["stands"] * 9
             + ["superseded"], rows), "supersedes": older}
        ),
        tallies=pd.DataFrame(
            {"tally_id": tally, "claimant": "dod", "counts": "attacks", "counted_from": DAY,
             "as_of": counted.to_numpy(), "place": blank, "total": counts, "iraq": counts,
             "syria": counts, "jordan": counts, "injured": counts, "killed": counts,
             "qualifier": "exactly", **said, "also_in": blank, "status": "stands",
             "supersedes": blank, "part_of": blank}
        ),
        interval_counts=empty("count_id", "stated_basis", "source", "also_in").assign(
            stated=start.iloc[:0]
        ),
        definitions=empty("definition_id", "source"),
        people=empty("person_id", "event", "stated_basis", "source", "also_in").assign(
            stated=start.iloc[:0]
        ),
        reactions=empty("reaction_id", "event", "source").assign(date=start.iloc[:0]),
        measures=empty("measure_id", "source").assign(date=start.iloc[:0]),
        milestones=empty("milestone_id", "date_precision", "source").assign(date=start.iloc[:0]),
        published_figures=pd.DataFrame(
            {"check_id": ["check"], "figure": "f", "publisher": "p", "url": "u", "period": "2022",
             "unit": "attacks", "low": 1.0, "high": 2.0}
        ),
        audit=pd.DataFrame(
            {"audit_id": ids("a", rows), "table": "claims", "row_id": claim,
             "source": some(rng, sources), "checked": DAY,
             "outcome": pick(rng, ["confirmed", "detail", "wrong"], rows),
             "text": pick(rng, ["cited", "other"], rows),
             "fault": pick(rng, ["day", "day;place", None], rows)}
        ),
    )  # fmt: skip


def line(t: Tables) -> pd.DataFrame:
    """The claims as if all were on one thing."""
    return t.claims.assign(event="e", metric="killed", country="Syria")


def intervals() -> pd.DataFrame:
    """Phases of twenty days each."""
    start = pd.date_range(DAY, periods=SPAN // 20, freq="20D")
    starts = pd.DataFrame({"phase": start.strftime("%F"), "start": start.as_unit("us")})
    return analysis.phases(starts, DAY + pd.Timedelta(days=SPAN))


def bounded(t: Tables) -> pd.DataFrame:
    """Phases with the attacks that all totals allow."""
    said = analysis.counter_statements(t.tallies, ["dod"], split=False, whole_days=True)
    return analysis.interval_bounds(said, intervals())


def attacks(t: Tables) -> pd.Series:
    return t.events["start"]


def estimates(t: Tables) -> list[analysis.Estimate]:
    numbers = t.claims["low"].astype(float)
    return [analysis.Estimate(n, n, n, (), "all") for n in numbers]


def starts_of(t: Tables) -> tuple[tuple[str, str, str], ...]:
    return tuple(("x", "events", key) for key in t.events["event_id"].iloc[:20])


def total(t: Tables) -> tuple[float, float]:
    found = analysis.predict_total(t.tallies, "2022-06-01", "dod")
    return found.low, found.high


CHECKS = {"check": Check(total, "how", "why")}
A = analysis
CASES: dict[str, Callable[[Tables], object]] = {
    "as_of": lambda t: A.as_of(t, "2022-06-01"),
    "toll_statements": lambda t: A.toll_statements(t.claims, t.events, victims=["militants"]),
    "counter_statements": lambda t: A.counter_statements(t.tallies, ["dod"]),
    "interval_bounds": bounded,
    "entry_days": A.entry_days,
    "claim_line": lambda t: A.claim_line(line(t), "e", "killed", country="Syria"),
    "latest": lambda t: A.latest(t.claims),
    "bounds": lambda t: A.bounds(t.claims),
    "add_ranges": lambda t: A.add_ranges(zip(t.claims["low"], t.claims["high"], strict=True)),
    "estimate": lambda t: A.estimate(line(t), t.actors, t.sources, "e", "killed"),
    "estimate_line": lambda t: A.estimate_line(t.claims, t.actors, t.sources, "all"),
    "independent": lambda t: A.independent(t.claims, t.actors, t.sources),
    "sensitivity": lambda t: A.sensitivity({"x": t.claims}, t.actors, t.sources),
    "add_estimates": lambda t: A.add_estimates(estimates(t)),
    "explain": lambda t: A.explain(t, "e1"),
    "deaths_by_event": lambda t: A.deaths_by_event(t.claims),
    "killed_by_event": lambda t: A.killed_by_event(t.claims),
    "killed_by_strikes": lambda t: A.killed_by_strikes(t.events, t.claims),
    "reported_casualties": lambda t: A.reported_casualties(t.tallies, t.claims, "e1", ["dod"]),
    "standing_counts": lambda t: A.standing_counts(t.tallies, "dod", "total"),
    "official_line": lambda t: A.official_line(t.tallies, "dod"),
    "attack_rates": lambda t: A.attack_rates(t.tallies, "dod"),
    "rates_by_country": lambda t: A.rates_by_country(t.tallies, "dod"),
    "attacks_by_month": lambda t: A.attacks_by_month(t.events),
    "dispersion": lambda t: A.dispersion(attacks(t), intervals()),
    "breakpoints": lambda t: A.breakpoints(t, starts_of(t)),
    "interval_rates": lambda t: A.interval_rates(bounded(t)),
    "phase_ratios": lambda t: A.phase_ratios(bounded(t)),
    "dated_in": lambda t: A.dated_in(t.events, intervals()),
    "predict_total": lambda t: A.predict_total(t.tallies, "2022-06-01", "dod"),
    "leave_one_out": lambda t: A.leave_one_out(t.tallies, "dod"),
    "responses": lambda t: A.responses(t.events, t.links),
    "ladders": lambda t: A.ladders(t.events, t.links, t.claims),
    "median_lag": lambda t: A.median_lag(attacks(t).dt.day),
    "read_twice": lambda t: A.read_twice(t.audit, "claims"),
    "record_by_source_kind": lambda t: A.record_by_source_kind(t.claims, t.actors, t.sources),
    "stated_delay": lambda t: A.stated_delay(t.claims, t.events),
    "delay_by_side": lambda t: A.delay_by_side(t.claims, t.events, t.actors),
    "single_source": lambda t: A.single_source(t.claims),
    "contradictions": lambda t: A.contradictions(t.claims),
    "date_precision": lambda t: A.date_precision(t.events, t.claims),
    "audit_faults": lambda t: A.audit_faults(t.audit),
    "audit_summary": lambda t: A.audit_summary(t.audit, t.sources),
    "crosscheck": lambda t: A.crosscheck(t, CHECKS),
}
# The work of these does not grow with the table: they take two numbers or a handful of rows.
NOT_MEASURED = {
    "before_after",
    "binomial_interval",
    "chance_of_at_most",
    "change_point",
    "conflict",
    "give_way",
    "harm_per_attack",
    "open_above",
    "phases",
    "poisson_interval",
    "prediction_scores",
    "rate_ratio",
    "without",
}
