"""The headline figures: all claims on each, the rule applied, the result.

A headline is reconciled in the open: every claim stands in order of time with the reason why it
counts or does not, and the result is the range of the figures that count.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import pandas as pd

from strikes2024 import analysis, campaign
from strikes2024.tables import Tables
from strikes2024.verdicts import latest_figures, ranges
from strikes2024.wording import WORDS, span


@dataclass(frozen=True)
class Answer:
    """The range of the figures that count; no ends where nobody gives a number."""

    low: float | None = None
    high: float | None = None
    open_ended: bool = False

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return "no number given"
        return span(self.low, self.high) + (" or more" if self.open_ended else "")


@dataclass(frozen=True)
class Headline:
    """A headline figure: its name, question and unit, and how claims answer it.

    ``thing`` are the arguments of :func:`~strikes2024.analysis.claim_line`, which with ``fighters``
    gets their groups as victims; ``parts`` the names of the parts of a sum; ``counts`` the first
    and last day of the cumulative counts that are shown, and the day until which attacks are
    counted.
    """

    slug: str
    name: str
    question: str
    unit: str
    thing: dict[str, Any] = field(default_factory=dict)
    fighters: bool = False
    parts: Sequence[str] = ()
    counts: dict[str, str] = field(default_factory=dict)

    def claims(self, t: Tables) -> pd.DataFrame:
        """All claims that bear on the question, in the order in which they were stated.

        Parameters
        ----------
        t
            The record.

        Returns
        -------
        pandas.DataFrame
            The columns of ``claims``, or of ``tallies`` with those that claims have, and ``part``:
            which part of a sum, missing for claims on the whole; blank where nothing is added up.
        """
        if self.counts:
            return _shown_counts(t, self.counts["first"], self.counts["last"])
        victims = analysis.ADVERSARIES if self.fighters else None
        about = partial(analysis.claim_line, t.claims, victims=victims, errors="ignore")
        found = [about(**self.thing).assign(part=None if self.parts else "")]
        found += [
            about(event, "killed", country=country).assign(part=name)
            for event, country, name in campaign.PARTS
            if name in self.parts
        ]
        line = pd.concat(found).astype({"part": "string"})
        return line.sort_values(["stated", "as_of", "claim_id"], ignore_index=True)

    def counted(self, line: pd.DataFrame) -> pd.DataFrame:
        """The claims that count: of each claimant the latest standing one with a number.

        Parameters
        ----------
        line
            All claims, as :meth:`claims` gives them.

        Returns
        -------
        pandas.DataFrame
            Some of these rows.
        """
        if self.counts:
            official = line["claimant"].isin(campaign.SPEAKERS)
            return line[official & (line["status"] == "stands")]
        # A total, of which the parts are added, has no part.
        return latest_figures(line[line["part"].notna()], ("part", "claimant"))

    def answer(self, t: Tables, kept: pd.DataFrame) -> Answer:
        """What the claims that count amount to.

        Parameters
        ----------
        t
            The record.
        kept
            The claims that count, as :meth:`counted` gives them.

        Returns
        -------
        Answer
            Without ends where no claim counts.
        """
        if kept.empty:
            return Answer()
        if self.counts:
            until = pd.Timestamp(self.counts["until"])
            asked = pd.DataFrame({"start": [campaign.campaign_start(t)], "end": [until]})
            row = campaign.count_bounds(t, asked).iloc[0]
            opened = pd.isna(row["most"])
            high = row["fewest"] if opened else row["most"]
            return Answer(float(row["fewest"]), float(high), opened)
        if self._lacks_a_part(set(kept["part"])):
            return Answer()
        parts = ranges(kept, ["part"])
        low, high = float(parts["low"].sum()), float(parts["high"].sum())
        return Answer(low, high, bool(parts["open_ended"].any()))

    def _lacks_a_part(self, counted: set[str]) -> bool:
        """Whether a sum has one part of an event and not the others: it would be too low.

        An event of which no part is counted may not have happened yet.
        """
        events = {name: event for event, _, name in campaign.PARTS if name in self.parts}
        begun = {event for name, event in events.items() if name in counted}
        return any(event in begun and name not in counted for name, event in events.items())


def _shown_counts(t: Tables, first: str, last: str) -> pd.DataFrame:
    """Cumulative counts of attacks that describe one of these days."""
    rows = t.tallies[t.tallies["total"].notna() & t.tallies["place"].isna()]
    near = rows["as_of"].between(pd.Timestamp(first), pd.Timestamp(last))
    rows = rows[near & (rows["counts"] == "attacks")]
    total = rows["total"].astype("Float64")
    exact = rows["qualifier"].isin(["exactly", "about"])
    rows = rows.assign(claim_id=rows["tally_id"], low=total, high=total.where(exact))
    return rows.sort_values(["stated", "as_of", "tally_id"])


HEADLINES: Final = tuple(Headline(**fact) for fact in campaign.FACTS["headlines"])


def answer_to(t: Tables, slug: str) -> Answer:
    """Answer one headline question from today's record.

    Parameters
    ----------
    t
        The record.
    slug
        The slug of a headline in ``campaign.toml``.

    Returns
    -------
    Answer
        The range, which :class:`str` writes out: ``30–37``, ``47–57 or more``.

    Examples
    --------
    >>> import strikes2024
    >>> from strikes2024.campaign.headlines import answer_to
    >>> str(answer_to(strikes2024.load(), "killed-iraq"))
    '16–17'
    """
    headline = next(one for one in HEADLINES if one.slug == slug)
    return headline.answer(t, headline.counted(headline.claims(t)))


def killed_in(t: Tables, event: str, country: str | None = None) -> Answer:
    """Range of the claimants' latest figures for the fighters killed in an event.

    Parameters
    ----------
    t
        The record.
    event
        Its id.
    country
        Where, if the event has several.
    """
    thing = {"event": event, "metric": "killed", "country": country}
    headline = Headline("", "", "", "", thing, fighters=True)
    return headline.answer(t, headline.counted(headline.claims(t)))


def reconcile(t: Tables, headline: Headline) -> tuple[pd.DataFrame, str]:
    """All claims on a headline with a verdict each, and the result in words.

    Parameters
    ----------
    t
        The record.
    headline
        One of :data:`HEADLINES`.

    Returns
    -------
    line : pandas.DataFrame
        The claims in order of statement with the column ``counts_because`` (text: "counts", or why
        not).
    result : str
        The range of those that count.

    Examples
    --------
    >>> import strikes2024
    >>> from strikes2024.campaign.headlines import HEADLINES, reconcile
    >>> line, result = reconcile(strikes2024.load(), HEADLINES[0])
    >>> bool((line["counts_because"] == "counts").any())
    True
    """
    line = headline.claims(t)
    kept = headline.counted(line)
    words: dict[str, str] = WORDS["verdicts"]

    def verdict(row: pd.Series) -> str:
        if row.name in kept.index:
            return "limits the result" if headline.counts else "counts"
        if row["status"] in words:
            return words[row["status"]]
        if headline.counts:
            return "not a statement of the official count"
        if pd.isna(row["part"]):
            return "a total; the ranges of the places are added instead"
        if pd.isna(row["low"]) and pd.isna(row["high"]):
            return "gives no number"
        if row["stated_basis"] == "not_before":
            return "undated; another claim of the same claimant counts"
        return words["superseded"]

    verdicts = [verdict(row) for _, row in line.iterrows()]
    return line.assign(counts_because=verdicts), str(headline.answer(t, kept))


def headline_states(t: Tables) -> pd.DataFrame:
    """Each headline figure on each day on which a claim about one of them became known.

    Parameters
    ----------
    t
        The record.

    Returns
    -------
    pandas.DataFrame
        ``figure`` (the name of the headline), ``day``, ``low``, ``high`` (Float64; the bounds of
        the claims that count, missing where none gives a number), ``words``, ``claimants`` (Int64),
        in order of the headlines and days.

    Examples
    --------
    >>> import strikes2024
    >>> from strikes2024.campaign.headlines import HEADLINES, headline_states
    >>> states = headline_states(strikes2024.load())
    >>> states["figure"].nunique() == len(HEADLINES)
    True
    """
    rows = []
    history = analysis.History(t)
    ids = {i for headline in HEADLINES for i in headline.claims(t)["claim_id"]}
    claims, tallies = (
        set(history.entries[name][t[name][key].isin(ids)])
        for name, key in (("claims", "claim_id"), ("tallies", "tally_id"))
    )
    first = min(claims, default=pd.Timestamp.min)  # the day of the first event
    days = sorted(when for when in claims | tallies if when >= first)
    for headline in HEADLINES:
        whole = headline.claims(t)
        state: tuple[Any, ...] = ()
        last = None
        for when in days:
            now = history.line_as_of(whole, when)
            if last is None or not now["status"].equals(last):
                known = history.as_of(when) if headline.counts else t
                kept, last = headline.counted(now), now["status"]
                found = headline.answer(known, kept)
                state = (found.low, found.high, str(found), kept["claimant"].nunique())
            rows.append((headline.name, when, *state))
    columns = ["figure", "day", "low", "high", "words", "claimants"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"low": "Float64", "high": "Float64", "claimants": "Int64"})
