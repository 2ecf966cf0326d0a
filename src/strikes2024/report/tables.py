"""Computed tables: one function a table, the record in, its rows out, a :class:`Table` of them.

A cell of a chapter calls one, as in ``tables.parts(record)``. The table shows itself in JupyterLab
and, with links to the rows that it rests on, in the book. Every row has an id from its content.
"""

from collections.abc import Collection, Iterable, Sequence

import pandas as pd
from markupsafe import Markup

from strikes2024 import analysis, campaign
from strikes2024.campaign import headlines, questions
from strikes2024.report.figures import country_anchor
from strikes2024.report.markup import filled
from strikes2024.report.rows import WORDS, listed, plain, readings
from strikes2024.report.table import Table, computed, names, table_html, with_sources
from strikes2024.tables import Tables
from strikes2024.wording import day, month, period


def crosschecks(t: Tables) -> Table:
    """Figures of other trackers beside this record's."""
    found = questions.campaign_checks(t).query("independent")
    return computed(t, "crosschecks", plain(found), days=_days)


def _days(published: str) -> str:
    """Write the days of a published figure, such as ``2023-10-07/2023-12``, in words."""
    ends = published.split("/")
    if len(ends) == 2 and all(len(end) == 10 for end in ends):
        return period(pd.Timestamp(ends[0]), pd.Timestamp(ends[1]))
    write = {7: month, 10: day}
    return " to ".join(
        write[len(end)](pd.Timestamp(end)) if len(end) in write else end for end in ends
    )


def sensitivity(t: Tables) -> Table:
    """Headline figures on which three rules differ."""
    figures = questions.headline_sensitivity(t).groupby("figure", sort=False)
    differing = [
        (str(figure), {row.rule: row for row in plain(part)})
        for figure, part in figures
        if len(part[["low", "high", "open_ended"]].drop_duplicates()) > 1
    ]
    return computed(t, "sensitivity", differing, rules=analysis.RULES)


def phases(t: Tables) -> Table:
    """Attacks on US forces by phase, and each rate against that of the reference phase."""
    frame = questions.campaign_rates(t)
    compared = analysis.phase_ratios(frame, campaign.WINTER, dispersion=questions.salvo_index(t))
    ratios = {row.phase: row for row in plain(compared)}
    return computed(t, "phases", plain(frame), ratios=ratios, reference=campaign.WINTER)


def countries(t: Tables) -> Table:
    """Attacks on US forces a week in each country that the US count distinguishes."""
    rates = plain(questions.country_rates(t))
    return computed(t, "countries", rates, anchor_of=country_anchor)


def conflicts(t: Tables) -> Table:
    """Statements of the official count that cannot all hold, and which of them are left out."""
    found, statements = campaign.campaign_conflict(t), campaign.campaign_statements(t, split=True)
    return _clashes(t, "conflict", found.clashes, statements, "attacks", found.gives_way)


def toll_conflicts(t: Tables) -> Table:
    """Latest figures for those killed by the strikes that cannot all hold."""
    clashes = campaign.toll_conflict(t).clashes
    return _clashes(t, "toll-conflict", clashes, campaign.tolls(t), "killed")


def _clashes(
    t: Tables,
    prefix: str,
    clashes: Iterable[Sequence[str]],
    statements: pd.DataFrame,
    unit: str,
    left_out: Collection[str] = (),
) -> Table:
    """Sets of statements of which at least one must be wrong, with what each says."""
    first = statements.drop_duplicates("statement_id")
    return computed(
        t,
        f"{prefix}s",
        clashes,
        prefix=prefix,
        statements={row.statement_id: row for row in plain(first)},
        claims={row.claim_id: row for row in plain(t.claims)},
        rows_of=_rows(t),
        unit=unit,
        left_out=left_out,
    )


def _rows(t: Tables) -> dict[str, tuple[str, str]]:
    """By id of a statement or an attack: where its row is, and who made it when or its title."""
    claimants = names(t)
    found = {
        row.event_id: (f"events.html#event-{row.event_id}", row.title) for row in plain(t.events)
    }
    for kind, frame in (("count", t.interval_counts), ("claim", t.claims), ("tally", t.tallies)):
        for row in plain(frame):
            who = f"{claimants[row.claimant]} ({day(row.stated)})"
            found[row[0]] = (f"ledger.html#{kind}-{row[0]}", who)
    return found


def predictions(t: Tables) -> Table:
    """Exact official totals predicted from the others, by the method used and its alternatives."""
    return computed(t, "predictions", plain(questions.count_scores(t)))


def harm(t: Tables) -> Table:
    """US personnel wounded and killed per counted attack, before the lull and after it."""
    return computed(t, "harm", plain(questions.campaign_harm(t)))


def parts(t: Tables) -> Table:
    """What Wikipedia's total of those killed is a sum of, and whose figures these are."""
    frame = questions.parts_of_total(t).merge(t.claims[["claim_id", "speaker", "source"]])
    teller = t.claims.set_index("claim_id")["claimant"].get(campaign.TOTAL)
    return computed(t, "parts", plain(frame), frame["source"], teller=teller)


def quality(t: Tables) -> Table:
    """How much of the record rests on one publication or claimant, and how well it is dated."""
    sizes = {"event": len(t.events), "statement": len(t.claims)}
    found = [
        (WORDS["measures"][row.measure], row.count, row.of, row.share)
        for row in plain(analysis.single_source(t.claims))
    ]
    found += [
        (WORDS["precision"][row.what][row.precision], row.rows, sizes[row.what], row.share)
        for row in plain(analysis.date_precision(t.events, t.claims))
    ]
    return computed(t, "quality", found)


def contradictions(t: Tables) -> Table:
    """Events with more than one figure on which two claimants cannot both be right."""
    events = {event.event_id: event for event in plain(t.events)}
    found = analysis.contradictions(t.claims).query("contradicted > 1")
    return computed(t, "contradictions", plain(found), events=events)


def delays(t: Tables) -> Table:
    """Days from an event to a claim about it, by the side of the claimant."""
    found = analysis.delay_by_side(t.claims, t.events, t.actors)
    return computed(t, "delays", plain(found))


def audit(t: Tables) -> Table:
    """Rows read a second time and those that had a fault, round by round."""
    rounds = [
        (*key, plain(analysis.audit_summary(rows, t.sources))[-1])
        for key, rows in t.audit.groupby(["round", "selection"], observed=True)
    ]
    return computed(t, "audit", rounds)


def faults(t: Tables) -> Table:
    """Faults that the second reading found, by kind, in the checks that Methods describes."""
    found = plain(analysis.audit_faults(t.audit))
    return computed(t, "faults", found, readings=f"{t.audit['text'].notna().sum():,}")


def reconciliation(t: Tables) -> Table:
    """For each headline figure every claim, whether it counts, and the result."""
    sections, listed_above = [], set[str]()
    for headline in headlines.HEADLINES:
        line, result = headlines.reconcile(t, headline)
        rows = plain(line[~line["claim_id"].isin(listed_above)])
        listed_above.update(line["claim_id"])
        kind = "tally" if "tally_id" in line else "claim"
        shown = table_html(
            t, "reconciliation", headline.question, rows, headline=headline, kind=kind
        )
        sections.append(filled("headline.html", headline=headline, result=str(result), table=shown))
    title = WORDS["tables"]["reconciliation"]["title"]
    return with_sources(t, "reconciliation", title, Markup("\n").join(sections))


# The page of the timeline: milestones and measures, aircraft of the strikes, distances.
_US_STRIKES = ("us_strike", "assassination")
_AIRCRAFT = ("aircraft", "bombers")
_LENGTHS = ("km", "miles")


def when(date: pd.Timestamp, precision: str) -> str:
    """Write a date as precisely as it is known: ``2018``, ``December 2017``, ``about 3 May``.

    Parameters
    ----------
    date
        A day of the span.
    precision
        ``day``, ``approx``, ``month`` or ``year``.
    """
    if precision == "year":
        return f"{date.year}"
    if precision == "month":
        return month(date)
    return ("about " if precision == "approx" else "") + day(date)


def milestones(t: Tables) -> Table:
    """Milestones, and measures of governments and groups, in order of time."""
    rows = sorted([*plain(t.milestones), *plain(t.measures)], key=lambda row: row.date)
    read = readings(t.audit, "milestones") | readings(t.audit, "measures")
    return computed(t, "timeline", rows, read=read, when=when)


def aircraft(t: Tables) -> Table:
    """Aircraft and weapons of each US strike, and how many, as publications name them."""
    counted = t.claims["metric"].isin(_AIRCRAFT) & (t.claims["status"] == "stands")
    claims = plain(t.claims[counted])
    strikes = t.events[t.events["kind"].isin(_US_STRIKES)].sort_values("start")
    rows, sources = [], []
    for event in plain(strikes):
        own = [claim for claim in claims if claim.event == event.event_id]
        if own or event.weapon_detail:
            rows.append((event, own))
            sources += [*(claim.source for claim in own), *listed(event.sources)]
    return computed(t, "aircraft", rows, sources)


def distances(t: Tables) -> Table:
    """Lengths that somebody gave, each in the unit in which it was given."""
    about = dict(zip(t.events["event_id"], t.events["title"], strict=True))
    about |= dict(zip(t.places["place_id"], t.places["name"], strict=True))
    lengths = t.claims[t.claims["unit"].isin(_LENGTHS)].sort_values(["metric", "claim_id"])
    return computed(t, "distances", plain(lengths), about=about)
