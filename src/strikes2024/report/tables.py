"""Computed tables: one function a table, the record in, a :class:`Table` out.

A cell of a chapter calls one, as in ``tables.parts(record)``. The table shows itself in JupyterLab
and, with links to the rows that it rests on, in the book. Every row has an id from its content.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from strikes2024 import analysis, campaign
from strikes2024.report.figures import country_anchor
from strikes2024.report.markup import Row, joined, link, stack, table
from strikes2024.report.rows import WORDS, hedged, listed, measured, plain, readings, sentences
from strikes2024.report.table import Table, make_table, names, publications, with_sources
from strikes2024.tables import Tables
from strikes2024.wording import (
    capital,
    day,
    decimals,
    month,
    number,
    period,
    reach,
    short_names,
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


def crosschecks(t: Tables) -> Table:
    """Figures of other trackers beside this record's."""

    def shown(row: Any) -> Row:
        figure = f"{row.figure} ({_days(row.period)})"
        cells = [
            stack(link(row.url, row.publisher, rel="noreferrer"), figure),
            stack(_range(row.theirs_low, row.theirs_high), row.unit),
            stack(_range(row.ours_low, row.ours_high), _verdict(row)),
            stack(row.how, row.why),
        ]
        return Row(f"check-{row.check_id}", cells)

    return make_table(t, "crosschecks", shown, campaign.campaign_checks(t))


def sensitivity(t: Tables) -> Table:
    """Headline figures by three rules."""
    frame = campaign.headline_sensitivity(t)
    rows = []
    for figure, part in frame.groupby("figure", sort=False):
        by_rule: Any = part.set_index("rule")
        cells = [str(figure)]
        for rule in analysis.RULES:
            found = by_rule.loc[rule]
            more = " or more" if found["open_ended"] else ""
            claims = "1 claim" if found["claims"] == 1 else f"{found['claims']} claims"
            best = f"best {number(found['best'])}, {claims}"
            cells.append(stack(span(found["low"], found["high"]) + more, best))
        rows.append(Row(f"sensitivity-{slug(str(figure))}", cells))
    return make_table(t, "sensitivity", rows, frame)


def phases(t: Tables) -> Table:
    """Attacks on US forces by phase, and each rate against that of the reference phase."""
    frame = campaign.campaign_rates(t)
    ratios = analysis.phase_ratios(
        frame, campaign.WINTER, dispersion=campaign.salvo_index(t)
    ).set_index("phase")

    def shown(row: Any) -> Row:
        counted = f"{_range(row.fewest, row.most)} counted by the US"
        rate = decimals(row.low, row.high, 2)
        ratio = "1"
        if row.phase in ratios.index:
            low, high = ratios.loc[row.phase, ["low", "high"]]
            ratio = decimals(low, high, 2)
        when = stack(row.phase, period(row.start, row.end))
        cells = [when, stack(counted, f"{row.dated} dated in this record"), rate, ratio]
        return Row(f"phase-{slug(row.phase)}", cells)

    return make_table(t, "phases", shown, frame, reference=campaign.WINTER)


def countries(t: Tables) -> Table:
    """Attacks on US forces a week in each country that the US count distinguishes."""

    def shown(row: Any) -> Row:
        cells = [
            stack(row.country.capitalize(), period(row.start, row.end)),
            _range(row.fewest, row.most),
            decimals(row.rate_low, row.rate_high),
            decimals(row.low, row.high),
        ]
        return Row(country_anchor(row), cells)

    return make_table(t, "countries", shown, campaign.country_rates(t))


def conflicts(t: Tables) -> Table:
    """Statements of the official count that cannot all hold, and which of them are left out."""
    found, statements = campaign.campaign_conflict(t), campaign.campaign_statements(t, split=True)
    return _clashes(t, "conflicts", found.clashes, statements, "attacks", found.gives_way)


def toll_conflicts(t: Tables) -> Table:
    """Latest figures for those killed by the strikes that cannot all hold."""
    clashes = campaign.toll_conflict(t).clashes
    return _clashes(t, "toll-conflicts", clashes, campaign.tolls(t), "killed")


def _clashes(
    t: Tables,
    name: str,
    clashes: Iterable[Sequence[str]],
    statements: pd.DataFrame,
    unit: str,
    left_out: Collection[str] = (),
) -> Table:
    """Sets of statements of which at least one must be wrong, with what each says."""
    by_id = {row.statement_id: row for row in plain(statements.drop_duplicates("statement_id"))}
    rows, frames = [], []
    for at, clash in enumerate(clashes, 1):
        lines = []
        for key in clash:
            row = by_id[key]
            days = period(row.start.normalize(), row.end.normalize())
            words = f"{days}: {reach(row.low or 0, row.high)} {unit}"
            words += f" in {row.part}" if row.part else ""
            words += " (left out)" if key in left_out else ""
            lines.append(stack(_statement(t, key), words))
            frames.append({"conflict": at, "statement": key, "says": words})
        cells = [str(at), joined(lines, Markup("<br>"))]
        rows.append(Row(f"{name.removesuffix('s')}-{'-and-'.join(map(slug, clash))}", cells))
    return make_table(t, name, rows, pd.DataFrame(frames))


def _statement(t: Tables, key: str) -> Markup:
    """Say who made a statement and when, or which attack it is, with a link to its row."""
    row = key.split(":")[0]
    short = short_names(t.actors)
    for kind, rows in (("tally", t.tallies), ("claim", t.claims), ("count", t.interval_counts)):
        for statement in plain(rows[rows.iloc[:, 0] == row]):
            who = f"{capital(short[statement.claimant])}, {day(statement.stated)}"
            return link(f"ledger.html#{kind}-{row}", who)
    for event in plain(t.events[t.events["event_id"] == row]):
        return link(f"events.html#event-{row}", event.title)
    return Markup("{}").format(row)


def predictions(t: Tables) -> Table:
    """Exact official totals predicted from the others, by the method used and its alternatives."""

    def shown(row: Any) -> Row:
        share = f"{_percent(row.low)} to {_percent(row.high)}"
        inside = stack(f"{row.held} of {row.closed}", share)
        cells = [WORDS["methods"][row.method], inside, f"{row.width:.1f}", f"{row.score:.1f}"]
        return Row(f"prediction-{slug(row.method)}", cells)

    return make_table(t, "predictions", shown, campaign.count_scores(t))


def harm(t: Tables) -> Table:
    """US personnel wounded and killed per counted attack, before the lull and after it."""

    def shown(row: Any) -> Row:
        killed = f"{row.killed} killed" if row.killed else "none reported killed"
        shares = f"{100 * row.share_low:.1f} to {100 * row.share_high:.1f}\u00a0%"
        cells = [
            stack(period(row.start, row.end), f"{row.attacks} attacks"),
            stack(killed, f"{row.deadly} deadly: {shares}"),
            number(row.wounded),
            stack(f"{row.per_attack:.1f}", f"{row.low:.1f} to {row.high:.1f}"),
        ]
        return Row(f"harm-{row.start:%Y-%m-%d}-{row.end:%Y-%m-%d}", cells)

    return make_table(t, "harm", shown, campaign.campaign_harm(t))


def parts(t: Tables) -> Table:
    """What Wikipedia's total of those killed is a sum of, and whose figures these are."""
    actors = names(t)
    frame = campaign.parts_of_total(t).merge(t.claims[["claim_id", "speaker"]])

    def shown(row: Any) -> Row:
        said = stack(link(f"ledger.html#claim-{row.claim_id}", hedged(row)), row.metric)
        whose = actors[row.claimant]
        if row.speaker:
            whose = stack(row.speaker, f"in this record under: {whose}")
        return Row(f"part-{row.claim_id}", [row.part, said, whose])

    sources = t.claims.loc[t.claims["claim_id"].isin(frame["claim_id"]), "source"]
    return make_table(t, "parts", shown, frame, sources)


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

    def shown(row: Any) -> Row:
        cells = [row.measure, f"{number(row.count)} of {number(row.of)}", _percent(row.share)]
        return Row(f"quality-{slug(row.measure)}", cells)

    frame = pd.DataFrame(found, columns=["measure", "count", "of", "share"])
    return make_table(t, "quality", shown, frame)


def contradictions(t: Tables) -> Table:
    """Events with more than one figure on which two claimants cannot both be right."""
    frame = analysis.contradictions(t.claims).query("contradicted > 1")
    events = {event.event_id: event for event in plain(t.events)}

    def shown(row: Any) -> Row:
        cells = [_event(events[row.event]), number(row.contradicted), number(row.things)]
        return Row(f"contradicted-{row.event}", cells)

    return make_table(t, "contradictions", shown, frame)


def _event(event: Any) -> Markup:
    return stack(link(f"events.html#event-{event.event_id}", event.title), day(event.start))


def delays(t: Tables) -> Table:
    """Days from an event to a claim about it, by the side of the claimant."""

    def shown(row: Any) -> Row:
        middle = f"{row.quarter:.0f} to {row.three_quarters:.0f}"
        cells = [WORDS["sides"][row.side], number(row.median), middle, number(row.claims)]
        return Row(f"delay-{row.side}", cells)

    frame = analysis.delay_by_side(t.claims, t.events, t.actors)
    return make_table(t, "delays", shown, frame)


def audit(t: Tables) -> Table:
    """Rows read a second time and those that had a fault, round by round."""
    rounds = dict(list(t.audit.groupby(t.audit["selection"].astype("string"))))
    totals = {name: analysis.audit_summary(rounds[name], t.sources).iloc[[-1]]
              for name in WORDS["rounds"] if name in rounds}  # fmt: skip
    frame = pd.concat(totals, names=["selection"]).reset_index("selection").drop(columns="kind")

    def shown(row: Any) -> Row:
        share, what = _percent(row.rate), WORDS["rounds"][row.selection]
        if "drawn at random" in what:
            share += f" ({_percent(row.low)} to {_percent(row.high)})"
        read = f"{row.cited + row.other} of {row.rows}"
        cells = [what, read, number(row.errors), share, number(row.wrong)]
        return Row(f"audit-{row.selection}", cells)

    return make_table(t, "audit", shown, frame)


def faults(t: Tables) -> Table:
    """Faults that the second reading found, by kind, in the checks that Methods describes."""

    def shown(row: Any) -> Row:
        rate = f"{100 * row.rate:.1f}"
        cells = [WORDS["faults"][row.fault], number(row.errors), number(row.wrong), rate]
        return Row(f"fault-{row.fault}", cells)

    read = number(int(t.audit["text"].notna().sum()))
    return make_table(t, "faults", shown, analysis.audit_faults(t.audit), readings=read)


def reconciliation(t: Tables) -> Table:
    """For each headline figure every claim, whether it counts, and the result."""
    actors, words = names(t), WORDS["tables"]["reconciliation"]
    sections, frames = [], []
    for headline in campaign.HEADLINES:
        line, result = campaign.reconcile(t, headline)
        key = "tally" if "tally_id" in line else "claim"
        rows = []
        for row in plain(line):
            part = row.part if headline.parts else ""
            undated = "not before " if row.stated_basis == "not_before" else ""
            anchor = f"{key}-{row.claim_id}"
            cells = [
                stack(link(f"ledger.html#{anchor}", hedged(row)), part),
                stack(actors[row.claimant], f"{undated}{day(row.stated)}"),
                row.counts_because,
                publications(t, [row.source]),
            ]
            rows.append(Row(f"{headline.slug}-{anchor}", cells))
        section = Markup(
            '<section id="headline-{}"><h3>{}</h3>\n<p>Result: {} {}.</p>\n{}</section>\n'
        )
        body = table(headline.question, words["heads"], rows)
        sections.append(
            section.format(headline.slug, headline.question, result, headline.unit, body)
        )
        frames.append(line.assign(figure=headline.name, result=result))
    columns = ["figure", "claim_id", "claimant", "stated", "low", "high", "counts_because",
               "result", "source"]  # fmt: skip
    frame = pd.concat([part[columns] for part in frames], ignore_index=True)
    html = joined(sections, "")
    return with_sources(t, "reconciliation", words["title"], html, frame, frame["source"])


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
    actors = names(t)
    read = readings(t.audit, "milestones") | readings(t.audit, "measures")
    rows, shown = [], []
    for row in sorted([*plain(t.milestones), *plain(t.measures)], key=lambda row: row.date):
        if "milestone_id" in row._fields:
            kind, text = "milestone", row.summary
            cells = [stack(row.title, when(row.date, row.date_precision)), text]
        else:
            kind, text = "measure", row.detail
            cells = [
                stack(f"{actors[row.actor]}: {spell(row.kind)}", day(row.date)),
                stack(text or "", actors.get(row.target, row.target)),
            ]
        found = publications(t, [row.source, *listed(row.also_in)])
        remarks = stack(found, sentences(row.note, read.get(row[0])))
        rows.append(Row(f"{kind}-{row[0]}", [*cells, remarks]))
        shown.append((row[0], row.date, text, row.source))
    frame = pd.DataFrame(shown, columns=["id", "date", "text", "source"])
    return make_table(t, "timeline", rows, frame)


def _figure(row: Any, actors: dict[str, str]) -> Markup:
    return link(f"ledger.html#claim-{row.claim_id}", measured(row)) + f" ({actors[row.claimant]})"


def aircraft(t: Tables) -> Table:
    """Aircraft and weapons of each US strike, and how many, as publications name them."""
    actors = names(t)
    claims = t.claims[t.claims["metric"].isin(_AIRCRAFT) & (t.claims["status"] == "stands")]
    strikes = t.events[t.events["kind"].isin(_US_STRIKES)]
    shown = strikes["weapon_detail"].notna() | strikes["event_id"].isin(claims["event"])
    frame = strikes.loc[shown, ["event_id", "title", "start", "weapon_detail"]].sort_values("start")

    def row(event: Any) -> Row:
        own = claims[(claims["event"] == event.event_id).fillna(False)]
        figures = [
            escape(f"{capital(spell(claim.metric))}: ") + _figure(claim, actors)
            for claim in plain(own)
        ]
        cells = [
            _event(event),
            capital(event.weapon_detail or ""),
            Markup("<br>\n").join(figures) or "no number found",
        ]
        return Row(f"aircraft-{event.event_id}", cells)

    ids = strikes.loc[shown, "sources"].str.split(";").explode()
    used = [*claims.loc[claims["event"].isin(frame["event_id"]), "source"], *ids]
    return make_table(t, "aircraft", row, frame, used)


def distances(t: Tables) -> Table:
    """Lengths that somebody gave, each in the unit in which it was given."""
    actors = names(t)
    about = dict(zip(t.events["event_id"], t.events["title"], strict=True))
    about |= dict(zip(t.places["place_id"], t.places["name"], strict=True))
    columns = ["claim_id", "event", "place", "metric", "qualifier", "low", "high", "unit",
               "claimant", "source", "note"]  # fmt: skip
    frame = t.claims.loc[t.claims["unit"].isin(_LENGTHS), columns]
    frame = frame.sort_values(["metric", "claim_id"])

    def shown(row: Any) -> Row:
        what = about.get(row.event or row.place, "")
        cells = [
            f"{what}: {spell(row.metric)}",
            _figure(row, actors),
            stack(publications(t, [row.source]), row.note),
        ]
        return Row(f"distance-{row.claim_id}", cells)

    return make_table(t, "distances", shown, frame)
