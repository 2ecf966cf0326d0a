"""Pick claims for one figure, and turn them into low, best and high by a named rule.

No rule is the right one: each says what it trusts. :func:`sensitivity` shows how far an answer
depends on the choice.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from strikes2024.arguments import listed, several
from strikes2024.verdicts import latest_figures, ranges
from strikes2024.wording import WORDS

# How far a claimant is from the thing counted: 0 acts, suffers or counts on the spot; 1 passes on
# what others say, as these kinds do; 2 compiles what was passed on.
_SECOND_HAND = ("media", "company", "person")
_CARRIERS = {"press": 1, "encyclopedia": 2}  # by side, whatever their kind


def claim_line(
    claims: pd.DataFrame,
    event: str,
    metric: str,
    *,
    victims: Iterable[str] | None = None,
    country: str | None = None,
    errors: Literal["raise", "ignore"] = "raise",
) -> pd.DataFrame:
    """All whole-figure claims on one thing, in the order in which they were stated.

    Parameters
    ----------
    claims
        The table of that name.
    event, metric
        What is counted.
    victims
        Groups of victims; by default all.
    country
        The whole ``country`` cell, so that ``"Mali"`` leaves out a figure for ``"Mali;Niger"``; by
        default any.
    errors
        With ``"ignore"`` the line is empty where nothing fits, as the record of an early day needs.

    Returns
    -------
    pandas.DataFrame
        The columns of ``claims``, sorted by ``stated``, then ``as_of``, then ``claim_id``. Rows
        with ``scope == "part"`` are left out, since a part must never stand beside a whole; claims
        without a number are kept.

    Raises
    ------
    ValueError
        No claim can have this metric or group of victims, or none is about the event or the
        country.

    Notes
    -----
    Method: a selection, no model. Assumes that event, metric, victims and country name one
    thing.

    Examples
    --------
    >>> import strikes2024
    >>> from strikes2024.analysis import claim_line
    >>> claims = strikes2024.claims()
    >>> event = claims.loc[claims["metric"] == "killed", "event"].iloc[0]
    >>> line = claim_line(claims, event, "killed")
    >>> bool(line["stated"].is_monotonic_increasing)
    True
    """
    several([metric], "metric", listed(claims["metric"]))
    named = None if victims is None else several(victims, "victims", listed(claims["victims"]))
    if errors != "ignore":
        several([event], "event", claims["event"].dropna(), " in the claims")
        if country is not None:
            several([country], "country", claims["country"].dropna(), " in the claims")
    keep = (claims["event"] == event) & (claims["metric"] == metric) & (claims["scope"] == "whole")
    if named is not None:
        keep &= claims["victims"].isin(named)
    if country is not None:
        keep &= claims["country"] == country
    order = ["stated", "as_of", "claim_id"]
    return claims[keep].sort_values(order).reset_index(drop=True)


def _ends(line: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Both ends of each claim as numbers; an open end counts with the number given."""
    return line["low"].fillna(line["high"]), line["high"].fillna(line["low"])


def _bests(line: pd.DataFrame) -> pd.Series:
    """The claimants' own best figures; where they publish none, the lower end."""
    low = _ends(line)[0]
    return line["best"].fillna(low) if "best" in line else low


def bounds(line: pd.DataFrame) -> tuple[float, float]:
    """Lowest and highest number in a set of claims, with open ones as floors.

    Parameters
    ----------
    line
        Claims on one thing.

    Returns
    -------
    tuple of float
        Low and high.

    Raises
    ------
    ValueError
        No claim gives a number.

    Notes
    -----
    Closed claims span the range. An open one ("at least 10") does not contradict a higher figure,
    so it lowers nothing; above all closed ones it becomes the upper end, and :func:`open_above`
    is true. Open claims alone give the highest floor at both ends.

    Method: the hull of the closed intervals, and the highest floor. Assumes that the claims are on
    one thing.
    """
    found = ranges(line.assign(thing=""), ["thing"])
    if found.empty:
        raise ValueError("no claim gives a number")
    return float(found["low"].iloc[0]), float(found["high"].iloc[0])


def open_above(line: pd.DataFrame) -> bool:
    """Whether the upper end of :func:`bounds` is itself a floor ("or more").

    Parameters
    ----------
    line
        Claims on one thing.

    Returns
    -------
    bool
        True where no closed claim lies above the highest open one.

    Notes
    -----
    Method: a comparison. Assumes what :func:`bounds` assumes.
    """
    return bool(ranges(line.assign(thing=""), ["thing"])["open_ended"].any())


def add_ranges(parts: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Sum of ranges: lows with lows, highs with highs.

    Parameters
    ----------
    parts
        Low and high of each.

    Returns
    -------
    tuple of float
        An outer bound: it holds whatever the dependence between the parts.

    Raises
    ------
    ValueError
        There is no part.

    Notes
    -----
    Method: interval addition (Moore 1966). Assumes parts that do not overlap, and nothing on
    their dependence.

    Examples
    --------
    >>> from strikes2024.analysis import add_ranges
    >>> add_ranges([(16, 17), (29, 30)])
    (45.0, 47.0)
    """
    items = list(parts)
    if not items:
        raise ValueError("there is nothing to add up")
    return float(sum(low for low, _ in items)), float(sum(high for _, high in items))


@dataclass(frozen=True)
class Estimate:
    """A figure by a named rule, in the unit of its claims; ``low <= best <= high``.

    ``claims`` are the ids of the claims used; ``open_ended`` says that the highest of them is
    itself a lower bound ("more than 100"), so that nobody has put an upper end to the figure.
    """

    low: float
    best: float
    high: float
    claims: tuple[str, ...]
    rule: str
    open_ended: bool = False


def _distance(line: pd.DataFrame, actors: pd.DataFrame) -> pd.Series:
    """Steps between claimant and thing counted, by the kind and the side of the claimant."""
    who = actors.set_index("actor_id")
    kind = line["claimant"].map(who["kind"].astype("string"))
    side = line["claimant"].map(who["side"].astype("string")).map(_CARRIERS)
    second_hand = kind.isna() | kind.isin(_SECOND_HAND)
    return side.fillna(second_hand.astype(int)).astype(int)


def _carried_by(line: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """The kind of publication in which each claim was read."""
    return line["source"].map(sources.set_index("source_id")["kind"].astype("string"))


def independent(line: pd.DataFrame, actors: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """Which claims of a line stand on their own.

    Parameters
    ----------
    line
        Claims on one thing.
    actors, sources
        The tables of that name.

    Returns
    -------
    pandas.Series
        A boolean for each row of ``line``.

    Notes
    -----
    Left out as repeated from elsewhere: what an encyclopedia says; what is read only in an
    encyclopedia while the same claimant is on record elsewhere; a figure of the press that some
    party, official or monitor gave on that day or before, whether it still stands or not. A
    press figure that nobody else gave counts as the outlet's own, though its origin may be
    hidden.

    Method: own rule. Assumes that who prints a figure later than a party that gave it has it from
    there.
    """
    distance = _distance(line, actors)
    boxed = _carried_by(line, sources).isin(["encyclopedia"])
    second_hand = boxed & line["claimant"].isin(line.loc[~boxed, "claimant"])
    low, high = _ends(line)
    given = pd.DataFrame({"low": low, "high": high, "stated": line["stated"]})
    direct = given[(distance == 0) & ~second_hand]
    first = direct.groupby(["low", "high"])["stated"].min().rename("first").reset_index()
    repeated = given.merge(first, how="left", on=["low", "high"])["first"].to_numpy()
    repeats = (distance == 1).to_numpy() & (given["stated"].to_numpy() >= repeated)
    kept = (distance < 2) & ~second_hand & ~pd.Series(repeats, index=line.index)
    return kept.astype(bool)


def _nearest(line: pd.DataFrame, actors: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    own = line[~_carried_by(line, sources).isin(["encyclopedia"])]
    counted = latest_figures(own if len(latest_figures(own)) else line)
    distance = _distance(counted, actors)
    nearest: pd.DataFrame = counted[distance == distance.min()]
    return nearest


def _unrepeated(line: pd.DataFrame, actors: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    return latest_figures(line[independent(line, actors, sources)])


def _everyone(line: pd.DataFrame, _actors: pd.DataFrame, _sources: pd.DataFrame) -> pd.DataFrame:
    return latest_figures(line)


def _last_said(counted: pd.DataFrame) -> float:
    """The figure stated last; the lower one where several were stated on that day."""
    last = counted[counted["stated"] == counted["stated"].max()]
    return float(_bests(last).min())


def _middle(counted: pd.DataFrame) -> float:
    """The middle figure; the lower of the two middle ones where their number is even."""
    return float(_bests(counted).astype(float).quantile(0.5, interpolation="lower"))


@dataclass(frozen=True)
class Rule:
    """Which claims of a line count, which number is best among them, and both in words."""

    choose: Callable[[pd.DataFrame, pd.DataFrame, pd.DataFrame], pd.DataFrame]
    best: Callable[[pd.DataFrame], float]
    words: str


RULES: Mapping[str, Rule] = {
    "nearest": Rule(_nearest, _last_said, WORDS["rules"]["nearest"]),
    "independent": Rule(_unrepeated, _middle, WORDS["rules"]["independent"]),
    "all": Rule(_everyone, _middle, WORDS["rules"]["all"]),
}


def estimate_line(
    line: pd.DataFrame, actors: pd.DataFrame, sources: pd.DataFrame, rule: str = "nearest"
) -> Estimate:
    """Low, best and high of one figure from its claims.

    Parameters
    ----------
    line
        Claims on one thing, as :func:`claim_line` gives them. Claims on victims or places that
        differ must be kept apart by the caller.
    actors, sources
        The tables of that name.
    rule
        A key of :data:`RULES`.

    Returns
    -------
    Estimate
        Low and high are those of :func:`bounds`; the best figure is one of the closed ones, where
        there are any.

    Raises
    ------
    ValueError
        There is no such rule, or no claim gives a number.

    Notes
    -----
    Three numbers, of which the best rests on the reports held most reliable, are what the Uppsala
    Conflict Data Program publishes for an event (Sundberg and Melander 2013); "nearest" is a simple
    rule in that manner, in which directness stands in for reliability, and a reader may well
    dispute that.

    Method: own rules, in the manner said. Assumes that the claims are on one thing.
    """
    if rule not in RULES:
        raise ValueError(f"there is no rule {rule!r}; expected one of {', '.join(RULES)}")
    counted = RULES[rule].choose(line, actors, sources)
    low, high = bounds(counted)
    ids = tuple(sorted(counted["claim_id"]))
    # A floor is no best figure, unless there is nothing else: then the highest one is.
    closed = counted[counted["high"].notna()]
    best = RULES[rule].best(closed) if len(closed) else low
    best = min(max(best, low), high)
    return Estimate(low, best, high, ids, rule, open_above(counted))


def estimate(
    claims: pd.DataFrame,
    actors: pd.DataFrame,
    sources: pd.DataFrame,
    event: str,
    metric: str,
    *,
    victims: Iterable[str] | None = None,
    country: str | None = None,
    rule: str = "nearest",
) -> Estimate:
    """Low, best and high of one event's figure: :func:`claim_line`, then :func:`estimate_line`.

    Parameters
    ----------
    claims, actors, sources
        The tables of that name.
    event, metric, victims, country
        The thing, as for :func:`claim_line`.
    rule
        A key of :data:`RULES`.

    Returns
    -------
    Estimate
        As :func:`estimate_line` returns it.

    Raises
    ------
    ValueError
        As for both.

    Notes
    -----
    Method: as there. Assumes that event, metric, victims and country name one thing.

    Examples
    --------
    >>> import strikes2024
    >>> from strikes2024.analysis import estimate
    >>> t = strikes2024.load()
    >>> event = t.claims.loc[t.claims["metric"] == "killed", "event"].iloc[0]
    >>> found = estimate(t.claims, t.actors, t.sources, event, "killed")
    >>> found.low <= found.best <= found.high
    True
    """
    line = claim_line(claims, event, metric, victims=victims, country=country)
    return estimate_line(line, actors, sources, rule)


def add_estimates(parts: Iterable[Estimate]) -> Estimate:
    """Sum of estimates: lows, bests and highs each added up.

    Parameters
    ----------
    parts
        Estimates of things that do not overlap.

    Returns
    -------
    Estimate
        Low and high are outer bounds, which hold whatever the dependence between the parts.

    Raises
    ------
    ValueError
        There is no part.

    Notes
    -----
    Method: interval addition, as in :func:`add_ranges`. Assumes parts that do not overlap.
    """
    items = list(parts)
    low, high = add_ranges((part.low, part.high) for part in items)
    return Estimate(
        low,
        float(sum(part.best for part in items)),
        high,
        tuple(claim for part in items for claim in part.claims),
        " + ".join(dict.fromkeys(part.rule for part in items)),
        any(part.open_ended for part in items),
    )


def sensitivity(
    lines: Mapping[str, pd.DataFrame], actors: pd.DataFrame, sources: pd.DataFrame
) -> pd.DataFrame:
    """Every rule applied to every figure: how far the answer depends on the rule.

    Parameters
    ----------
    lines
        Claims by the name of the figure that they are about.
    actors, sources
        The tables of that name.

    Returns
    -------
    pandas.DataFrame
        ``figure``, ``rule``, ``low``, ``best``, ``high``, ``open_ended``, ``claims`` (how many
        count), one row for each figure and rule. A figure for which no claim gives a number is left
        out.

    Notes
    -----
    Method: :func:`estimate_line` with each rule. Assumes that each set of claims is on one
    thing.
    """
    rows = []
    for name, line in lines.items():
        for rule in RULES:
            try:
                found = estimate_line(line, actors, sources, rule)
            except ValueError:
                continue
            ends = found.low, found.best, found.high
            rows.append((name, rule, *ends, found.open_ended, len(found.claims)))
    columns = ["figure", "rule", "low", "best", "high", "open_ended", "claims"]
    return pd.DataFrame(rows, columns=columns)
