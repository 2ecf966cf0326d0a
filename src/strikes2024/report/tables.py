"""Computed tables: one function a table, the record in, its rows out, a :class:`Table` of them.

A cell of a chapter calls one, as in ``tables.parts(record)``. The table shows itself in JupyterLab
and, with links to the rows that it rests on, in the book. Every row has an id from its content.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from strikes2024 import analysis, campaign
from strikes2024.report.figures import country_anchor
from strikes2024.report.markup import Row, filled, joined, link, stack, table
from strikes2024.report.rows import WORDS, hedged, listed, measured, plain, readings, sentences
from strikes2024.report.table import Table, computed, names, publications, with_sources
from strikes2024.tables import Tables
from strikes2024.wording import (
    capital,
    day,
    decimals,
    month,
    number,
    period,
    reach,
    slug,
    span,
    spell,
)


def _range(low: Any, high: Any) -> str:
    return "no figure" if pd.isna(low) else reach(low, high)


def _percent(share: float) -> str:
    return f"{share * 100:.0f}\u00a0%"


def _days(published: str) -> str:
    """Write the days of a published figure, such as ``2023-10-07/2023-12``, in words."""
    ends = published.split("/")
    if len(ends) == 2 and all(len(end) == 10 for end in ends):
        return period(pd.Timestamp(ends[0]), pd.Timestamp(ends[1]))
    write = {7: month, 10: day}
    return " to ".join(
        write[len(end)](pd.Timestamp(end)) if len(end) in write else end for end in ends
    )


def _verdict(row: Any) -> str:
    by = f" by {number(abs(row.difference))}" if row.difference else ""
    least = " at least" if by and (pd.isna(row.theirs_high) or row.ours_low < row.ours_high) else ""
    return f"{row.verdict}{least}{by}" if by else row.verdict


@computed("crosschecks")
def crosschecks(t: Tables) -> Iterator[Row]:
    """Figures of other trackers beside this record's."""
    for row in plain(campaign.campaign_checks(t).query("independent")):
        figure = f"{row.figure} ({_days(row.period)})"
        cells = [
            stack(link(row.url, row.publisher, rel="noreferrer"), figure),
            stack(_range(row.theirs_low, row.theirs_high), row.unit),
            stack(_range(row.ours_low, row.ours_high), _verdict(row)),
            stack(row.how, row.why),
        ]
        yield Row(f"check-{row.check_id}", cells)


@computed("sensitivity")
def sensitivity(t: Tables) -> Iterator[Row]:
    """Headline figures on which three rules differ."""
    for figure, part in campaign.headline_sensitivity(t).groupby("figure", sort=False):
        if len(part[["low", "high", "open_ended"]].drop_duplicates()) == 1:
            continue
        by_rule = {row.rule: row for row in plain(part)}
        cells = [str(figure)]
        for found in (by_rule[rule] for rule in analysis.RULES):
            more = " or more" if found.open_ended else ""
            claims = "1 claim" if found.claims == 1 else f"{found.claims} claims"
            cells.append(
                stack(span(found.low, found.high) + more, f"best {number(found.best)}, {claims}")
            )
        yield Row(f"sensitivity-{slug(str(figure))}", cells)


@computed("phases", reference=lambda _t: campaign.WINTER)
def phases(t: Tables) -> Iterator[Row]:
    """Attacks on US forces by phase, and each rate against that of the reference phase."""
    frame = campaign.campaign_rates(t)
    compared = analysis.phase_ratios(frame, campaign.WINTER, dispersion=campaign.salvo_index(t))
    ratios = {row.phase: decimals(row.low, row.high, 2) for row in plain(compared)}
    for row in plain(frame):
        counted = f"{_range(row.fewest, row.most)} counted by the US"
        cells = [
            stack(row.phase, period(row.start, row.end)),
            stack(counted, f"{row.dated} dated in this record"),
            decimals(row.low, row.high, 2),
            ratios.get(row.phase, "1"),
        ]
        yield Row(f"phase-{slug(row.phase)}", cells)


@computed("countries")
def countries(t: Tables) -> Iterator[Row]:
    """Attacks on US forces a week in each country that the US count distinguishes."""
    for row in plain(campaign.country_rates(t)):
        cells = [
            stack(row.country.capitalize(), period(row.start, row.end)),
            _range(row.fewest, row.most),
            decimals(row.rate_low, row.rate_high),
            decimals(row.low, row.high),
        ]
        yield Row(country_anchor(row), cells)


@computed("conflicts")
def conflicts(t: Tables) -> Iterator[Row]:
    """Statements of the official count that cannot all hold, and which of them are left out."""
    found, statements = campaign.campaign_conflict(t), campaign.campaign_statements(t, split=True)
    return _clashes(t, "conflict", found.clashes, statements, "attacks", found.gives_way)


@computed("toll-conflicts")
def toll_conflicts(t: Tables) -> Iterator[Row]:
    """Latest figures for those killed by the strikes that cannot all hold."""
    clashes = campaign.toll_conflict(t).clashes
    return _clashes(t, "toll-conflict", clashes, campaign.tolls(t), "killed")


def _clashes(
    t: Tables,
    name: str,
    clashes: Iterable[Sequence[str]],
    statements: pd.DataFrame,
    unit: str,
    left_out: Collection[str] = (),
) -> Iterator[Row]:
    """Sets of statements of which at least one must be wrong, with what each says."""
    by_id = {row.statement_id: row for row in plain(statements.drop_duplicates("statement_id"))}
    claims = {row.claim_id: row for row in plain(t.claims)}
    for at, clash in enumerate(clashes, 1):
        lines = []
        for key in clash:
            row, own = by_id[key], claims.get(key)
            days = period(row.start.normalize(), row.end.normalize())
            ends = reach(row.low or 0, row.high)
            words = f"{hedged(own) if own else ends} {unit}"
            words += f" in {row.part}" if row.part else ""
            words += f" (read as {ends})" if own and own.qualifier == "about" else ""
            words += f", {days}"
            words += " (left out)" if key in left_out else ""
            lines.append(Markup("{}: {}").format(_statement(t, key), words))
        cells = [str(at), joined(lines, Markup("<br>"))]
        yield Row(f"{name}-{'-and-'.join(map(slug, clash))}", cells)


def _statement(t: Tables, key: str) -> Markup:
    """Say who made a statement and when, or which attack it is, with a link to its row."""
    row = key.split(":")[0]
    claimants = names(t)
    for kind, rows in (("tally", t.tallies), ("claim", t.claims), ("count", t.interval_counts)):
        for statement in plain(rows[rows.iloc[:, 0] == row]):
            who = f"{claimants[statement.claimant]} ({day(statement.stated)})"
            return link(f"ledger.html#{kind}-{row}", who)
    for event in plain(t.events[t.events["event_id"] == row]):
        return link(f"events.html#event-{row}", event.title)
    return Markup("{}").format(row)


@computed("predictions")
def predictions(t: Tables) -> Iterator[Row]:
    """Exact official totals predicted from the others, by the method used and its alternatives."""
    for row in plain(campaign.count_scores(t)):
        share = f"{_percent(row.low)} to {_percent(row.high)}"
        inside = stack(f"{row.held} of {row.closed}", share)
        cells = [WORDS["methods"][row.method], inside, f"{row.width:.1f}", f"{row.score:.1f}"]
        yield Row(f"prediction-{slug(row.method)}", cells)


@computed("harm")
def harm(t: Tables) -> Iterator[Row]:
    """US personnel wounded and killed per counted attack, before the lull and after it."""
    for row in plain(campaign.campaign_harm(t)):
        killed = f"{row.killed} killed" if row.killed else "none reported killed"
        shares = f"{100 * row.share_low:.1f} to {100 * row.share_high:.1f}\u00a0%"
        cells = [
            stack(period(row.start, row.end), f"{row.attacks} attacks"),
            stack(killed, f"{row.deadly} deadly: {shares}"),
            number(row.wounded),
            stack(f"{row.per_attack:.1f}", f"{row.low:.1f} to {row.high:.1f}"),
        ]
        yield Row(f"harm-{row.start:%Y-%m-%d}-{row.end:%Y-%m-%d}", cells)


@computed("parts")
def parts(t: Tables) -> Iterator[Row]:
    """What Wikipedia's total of those killed is a sum of, and whose figures these are."""
    actors = names(t)
    frame = campaign.parts_of_total(t).merge(t.claims[["claim_id", "speaker", "source"]])
    teller = t.claims.set_index("claim_id")["claimant"].get(campaign.TOTAL)
    for row in plain(frame):
        said = stack(link(f"ledger.html#claim-{row.claim_id}", hedged(row)), row.metric)
        whose = "none named" if row.claimant == teller else actors[row.claimant]
        if row.speaker:
            whose = stack(row.speaker, f"in this record under: {whose}")
        yield Row(f"part-{row.claim_id}", [row.part, said, whose], sources=[row.source])


@computed("quality")
def quality(t: Tables) -> Iterator[Row]:
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
    for measure, count, of, share in found:
        cells = [measure, f"{number(count)} of {number(of)}", _percent(share)]
        yield Row(f"quality-{slug(measure)}", cells)


@computed("contradictions")
def contradictions(t: Tables) -> Iterator[Row]:
    """Events with more than one figure on which two claimants cannot both be right."""
    events = {event.event_id: event for event in plain(t.events)}
    for row in plain(analysis.contradictions(t.claims).query("contradicted > 1")):
        cells = [_event(events[row.event]), number(row.contradicted), number(row.things)]
        yield Row(f"contradicted-{row.event}", cells)


def _event(event: Any) -> Markup:
    return stack(link(f"events.html#event-{event.event_id}", event.title), day(event.start))


@computed("delays")
def delays(t: Tables) -> Iterator[Row]:
    """Days from an event to a claim about it, by the side of the claimant."""
    for row in plain(analysis.delay_by_side(t.claims, t.events, t.actors)):
        middle = f"{row.quarter:.0f} to {row.three_quarters:.0f}"
        cells = [WORDS["sides"][row.side], number(row.median), middle, number(row.claims)]
        yield Row(f"delay-{row.side}", cells)


@computed("audit")
def audit(t: Tables) -> Iterator[Row]:
    """Rows read a second time and those that had a fault, round by round."""
    for (name, selection), rows in t.audit.groupby(["round", "selection"], observed=True):
        row = plain(analysis.audit_summary(rows, t.sources))[-1]
        share = _percent(row.rate)
        if selection == "random":
            share += f" ({_percent(row.low)} to {_percent(row.high)})"
        read = f"{row.cited + row.other} of {row.rows}"
        cells = [WORDS["rounds"][str(name)], read, number(row.errors), share, number(row.wrong)]
        yield Row(f"audit-{name}", cells)


@computed("faults", readings=lambda t: number(int(t.audit["text"].notna().sum())))
def faults(t: Tables) -> Iterator[Row]:
    """Faults that the second reading found, by kind, in the checks that Methods describes."""
    for row in plain(analysis.audit_faults(t.audit)):
        rate = f"{100 * row.rate:.1f}"
        cells = [WORDS["faults"][row.fault], number(row.errors), number(row.wrong), rate]
        yield Row(f"fault-{row.fault}", cells)


def reconciliation(t: Tables) -> Table:
    """For each headline figure every claim, whether it counts, and the result."""
    actors, words = names(t), WORDS["tables"]["reconciliation"]
    sections, listed_above = [], set[str]()
    for headline in campaign.HEADLINES:
        line, result = campaign.reconcile(t, headline)
        key = "tally" if "tally_id" in line else "claim"
        rows = []
        for row in plain(line[~line["claim_id"].isin(listed_above)]):
            part = row.part if headline.parts else ""
            part = f"up to {day(row.as_of)}" if headline.counts else part
            undated = "not before " if row.stated_basis == "not_before" else ""
            anchor = f"{key}-{row.claim_id}"
            cells = [
                stack(link(f"ledger.html#{anchor}", hedged(row)), part),
                stack(actors[row.claimant], f"{undated}{day(row.stated)}"),
                row.counts_because,
                publications(t, [row.source]),
            ]
            rows.append(Row(f"{headline.slug}-{anchor}", cells))
        listed_above.update(line["claim_id"])
        shown = table(headline.question, words["heads"], rows)
        sections.append(filled("headline.html", headline=headline, result=str(result), table=shown))
    return with_sources(t, "reconciliation", words["title"], joined(sections, "\n"))


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


@computed("timeline")
def milestones(t: Tables) -> Iterator[Row]:
    """Milestones, and measures of governments and groups, in order of time."""
    actors = names(t)
    read = readings(t.audit, "milestones") | readings(t.audit, "measures")
    for row in sorted([*plain(t.milestones), *plain(t.measures)], key=lambda row: row.date):
        if "milestone_id" in row._fields:
            kind = "milestone"
            cells = [stack(row.title, when(row.date, row.date_precision)), row.summary]
        else:
            kind = "measure"
            cells = [
                stack(f"{actors[row.actor]}: {spell(row.kind)}", day(row.date)),
                stack(row.detail or "", actors.get(row.target, row.target)),
            ]
        found = publications(t, [row.source, *listed(row.also_in)])
        remarks = stack(found, sentences(row.note, read.get(row[0])))
        yield Row(f"{kind}-{row[0]}", [*cells, remarks])


def _figure(row: Any, actors: dict[str, str]) -> Markup:
    return link(f"ledger.html#claim-{row.claim_id}", measured(row)) + f" ({actors[row.claimant]})"


@computed("aircraft")
def aircraft(t: Tables) -> Iterator[Row]:
    """Aircraft and weapons of each US strike, and how many, as publications name them."""
    actors = names(t)
    counted = t.claims["metric"].isin(_AIRCRAFT) & (t.claims["status"] == "stands")
    claims = plain(t.claims[counted])
    strikes = t.events[t.events["kind"].isin(_US_STRIKES)].sort_values("start")
    for event in plain(strikes):
        own = [claim for claim in claims if claim.event == event.event_id]
        figures = [
            escape(f"{capital(spell(claim.metric))}: ") + _figure(claim, actors) for claim in own
        ]
        cells = [
            _event(event),
            capital(event.weapon_detail or ""),
            joined(figures, Markup("<br>\n")) or "no number found",
        ]
        sources = [*(claim.source for claim in own), *listed(event.sources)]
        if own or event.weapon_detail:
            yield Row(f"aircraft-{event.event_id}", cells, sources=sources)


@computed("distances")
def distances(t: Tables) -> Iterator[Row]:
    """Lengths that somebody gave, each in the unit in which it was given."""
    actors = names(t)
    about = dict(zip(t.events["event_id"], t.events["title"], strict=True))
    about |= dict(zip(t.places["place_id"], t.places["name"], strict=True))
    lengths = t.claims[t.claims["unit"].isin(_LENGTHS)].sort_values(["metric", "claim_id"])
    for row in plain(lengths):
        what = about.get(row.event or row.place, "")
        cells = [
            f"{what}: {spell(row.metric)}",
            _figure(row, actors),
            stack(publications(t, [row.source]), row.note),
        ]
        yield Row(f"distance-{row.claim_id}", cells)
