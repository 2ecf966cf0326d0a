"""Figures that the prose needs and that no single claim gives: counts, spans, sums, lags.

``figures.toml`` lists them: for each how the card says that it is computed, the page of the record
where its parts stand, and its text, a template over the record. A chapter writes the figure's name;
the book sets the text, so that no figure is typed. What takes more than a template can say clearly
is a function here.
"""

import tomllib
from collections.abc import Callable
from functools import lru_cache, partial
from importlib.resources import files
from inspect import getmembers, isfunction
from numbers import Real
from typing import Any, Final

import pandas as pd
from jinja2 import Environment, StrictUndefined

from strikes2024 import analysis, campaign, wording
from strikes2024.analysis.phases import ratio_limits
from strikes2024.campaign import headlines, questions
from strikes2024.schema import read_package
from strikes2024.tables import Tables
from strikes2024.wording import decimals, number, reach


@lru_cache(maxsize=64)
def _once(work: Callable[..., Any], *given: Any, **options: Any) -> Any:
    """Work out a table once for each record, since many figures are cells of one.

    Whoever changes a record in a notebook asks the functions themselves.
    """
    return work(*given, **options)


def figure(t: Tables, name: str, part: str = "text") -> str:
    """Write a computed figure.

    Parameters
    ----------
    t
        The record.
    name
        The figure's.
    part
        ``text``, or ``page``: a chapter and, after ``#``, the anchor of the row with its parts.
    """
    return _TEMPLATES.from_string(FIGURES[name][part]).render(t=t)


def _of(count: float, of: float) -> str:
    """Write a count beside what it is a part of: ``27 of 296``."""
    return f"{number(count)} of {number(of)}"


def percents(*shares: float) -> str:
    """Write a share, or its two ends: ``4 to 10 per cent``."""
    return " to ".join(f"{100 * share:.0f}" for share in shares) + " per cent"


def ends(write: Callable[[float, float], str], row: Any, what: str = "") -> str:
    """Write the range of a row, or that of a rate in it."""
    return write(row[f"{what}low"], row[f"{what}high"])


def with_interval(row: Any, column: str, digits: int) -> str:
    """Write a number of a row with its interval: ``0.9 (0.5–1.4)``."""
    return f"{row[column]:.{digits}f} ({decimals(row['low'], row['high'], digits)})"


# Events and statements


def dated_attacks(t: Tables, until: str = "") -> pd.DataFrame:
    """Return dated attacks, up to the day of a cumulative count or to the last."""
    dated = questions.campaign_attacks(t)
    if until:
        dated = dated[dated["start"] <= t.tallies.set_index("tally_id")["as_of"][until]]
    return dated


def stated(t: Tables, claim: str) -> pd.Timestamp:
    """Return the day on which a claim was stated."""
    day: pd.Timestamp = t.claims.set_index("claim_id")["stated"][claim]
    return day


def us_lags(t: Tables) -> pd.Series:
    """Return how many days after its cause each US strike came that was called a response."""
    ties = analysis.responses(t.events, t.links)
    return ties.loc[ties["from_kind"].isin(["us_strike", "assassination"]), "lag_days"]


def abroad(t: Tables, *stances: str) -> list[str]:
    """Names of the parties outside the US that took a stance towards the strikes, each once.

    A crowd or unnamed critics are no party.
    """
    actors = t.actors.set_index("actor_id")
    rows = t.reactions[t.reactions["event"].isin([campaign.FEBRUARY, campaign.BAGHDAD])]
    rows = rows[(rows["actor"].map(actors["kind"]) != "unnamed") & (rows["bloc"] != "us_domestic")]
    took = rows.loc[rows["stance"].isin(stances), "actor"].unique()
    return list(actors["name"][took])


def members_behind(t: Tables, party: str) -> str:
    """Count a party's members of Congress who supported the strikes, of those recorded."""
    own = (t.reactions["actor"] == "us-congress") & (t.reactions["event"] == campaign.FEBRUARY)
    rows = t.reactions[own].drop_duplicates("speaker")
    rows = rows[rows["role"].str.contains(f"({party})", regex=False)]
    return _of((rows["stance"] == "supports").sum(), len(rows))


def killed_sum(t: Tables, rule: str) -> headlines.Answer:
    """Return the sum of those killed by one rule, as in the table of sensitivity."""
    total = next(one for one in headlines.HEADLINES if one.slug == "killed-total")
    table = _once(questions.headline_sensitivity, t).set_index(["figure", "rule"])
    found = table.loc[(total.question, rule)]
    return headlines.Answer(found["low"], found["high"], found["open_ended"])


# The pace of attacks


def phase(t: Tables, name: str, claimant: str = campaign.COUNTER, column: str = "total") -> Any:
    """Return a phase, with the attacks that a claimant counted in it and their rate."""
    return _once(questions.campaign_rates, t, claimant, column).set_index("phase").loc[name]


def attacks_in(t: Tables, *given: str) -> str:
    """Return the fewest and the most attacks in a phase."""
    row = phase(t, *given)
    return reach(row["fewest"], row["most"])


def none_in(t: Tables, name: str, pace: float = 1) -> float:
    """Chance, in per cent, of no attack in a phase at the pace of the winter or a part of it."""
    mean = pace * float(phase(t, campaign.WINTER)["rate_low"]) * phase(t, name)["days"]
    return 100 * analysis.chance_of_at_most(0, mean, questions.salvo_index(t))


# The pace by country


def in_country(t: Tables, country: str, on: str) -> Any:
    """Return the interval of a country's count that holds a day."""
    rates = _once(questions.country_rates, t)
    return rates[(rates["country"] == country) & (rates["end"] >= pd.Timestamp(on))].iloc[0]


def country_anchor(row: Any) -> str:
    """Return the id of a row of :func:`~strikes2024.campaign.country_rates`."""
    return f"rate-{row.country}-{row.end:%Y-%m-%d}"


def country_ratio(t: Tables, country: str, on: str, before: str) -> str:
    """Return the ratio of the rates of two intervals, each named by a day in it."""
    late, early = (in_country(t, country, moment) for moment in (on, before))
    low, high = ratio_limits(late, early, dispersion=questions.salvo_index(t))
    return decimals(low, high, 2)


# The quality of the record


def scores(t: Tables, method: str) -> Any:
    """Return how well a method predicts official counts from each other."""
    return _once(questions.count_scores, t).set_index("method").loc[method]


def sources_of_claims(t: Tables, measure: str) -> str:
    """One of the measures of :func:`~strikes2024.analysis.single_source`."""
    row: Any = analysis.single_source(t.claims).set_index("measure").loc[measure]
    return _of(row["count"], row["of"])


def checkable(t: Tables) -> int:
    """Count the rows of all tables of which rows were read a second time."""
    return sum(len(t[name]) for name in t.audit["table"].unique())


def _by_row(audit: pd.DataFrame) -> pd.DataFrame:
    """Return each row of the record once, with the gravest outcome of its readings."""
    order = ["not_reached", "confirmed", "detail", "wrong"]
    grave = audit["outcome"].astype("string").map(order.index)
    return audit.loc[grave.sort_values().index].drop_duplicates(["table", "row_id"], keep="last")


def readings(t: Tables, before: int | None = None) -> Any:
    """Return what all second readings found, or a round ``before`` the last random one."""
    last = t.audit.loc[t.audit["selection"] == "random", "round"].max()
    rows = _by_row(t.audit) if before is None else t.audit[t.audit["round"] == last - before]
    return analysis.audit_summary(rows, t.sources).iloc[-1]


_TEMPLATES = Environment(  # noqa: S701 (text, which the book escapes)
    undefined=StrictUndefined,
    finalize=lambda found: number(float(found)) if isinstance(found, Real) else found,
)
_TEMPLATES.globals |= (
    vars(campaign)
    | {
        name: partial(_once, work)
        for room in (campaign, headlines, questions)
        for name, work in getmembers(room, isfunction)
    }
    | dict(getmembers(wording, isfunction))
    | {"package": read_package()}
    | globals()
)
FIGURES: Final[dict[str, dict[str, str]]] = tomllib.loads(
    (files("strikes2024.report") / "figures.toml").read_text(encoding="utf-8")
)
