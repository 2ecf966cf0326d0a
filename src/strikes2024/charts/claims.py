"""Charts of rival and growing figures: who said how many, when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from strikes2024.analysis import (
    ADVERSARIES,
    add_ranges,
    bounds,
    claim_line,
    killed_by_strikes,
    latest,
)
from strikes2024.campaign import (
    BAGHDAD,
    CAMPAIGN,
    FEBRUARY,
    MONITOR,
    PARTS,
    TOTAL,
    TOWER_22,
    answer_to,
    killed_estimate,
    parts_of_total,
)
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import range_rows, stacked_rows
from strikes2024.frames import each, find
from strikes2024.wording import capital, day, join, number, quantity, span

if TYPE_CHECKING:
    from strikes2024.tables import Tables

__all__ = [
    "killed_by_us_strikes", "killed_range", "killed_syria", "killed_total", "short_names",
    "targets", "tower22_wounded",
]  # fmt: skip

_COLUMNS: Final = [
    "claimant", "stated", "as_of", "figure", "low", "high", "status", "source", "claim_id",
]  # fmt: skip


def short_names(actors: pd.DataFrame, limit: int = 24) -> dict[str, str]:
    """Names by actor id; one longer than ``limit`` by its first one-word alias or to a comma."""
    names = {}
    for row in each(actors):
        aliases = [] if pd.isna(row.aliases) else str(row.aliases).split(";")
        brief = [a for a in aliases if a.isascii() and a.isalpha()]
        use = row.name.removesuffix(", unnamed")
        if len(use) > limit:
            use = (brief or [row.name.partition(",")[0]])[0]
        names[str(row.actor_id)] = str(use).replace("US Department of Defense", "Pentagon")
    return names


def _figures(t: Tables, line: pd.DataFrame, what: str, *, undated: bool = False) -> pd.DataFrame:
    """Claims with a number, as rows of :func:`range_rows`; each claimant's figure once."""
    line = line[line["low"].notna() | line["high"].notna()]
    rows = line.assign(
        who=line["claimant"].map(short_names(t.actors)),
        side=line["claimant"].map(t.actors.set_index("actor_id")["side"].astype("string")),
        undated=line["stated_basis"] == "not_before",
        figure=[quantity(r.low, r.high, str(r.qualifier)) for r in each(line)],
        low=line["low"].fillna(line["high"]),
        open=line["qualifier"].isin(["at_least", "more_than"]),
        country=line["country"].fillna("").str.replace(";", " and "),
    )
    rows = rows if undated else rows[~rows["undated"]]
    rows = demand(rows, what).sort_values(["undated", "stated", "low"], kind="stable")
    rows = rows.drop_duplicates(["claimant", "country", "metric", "figure"]).reset_index(drop=True)
    said = [" (undated)" if r.undated else f", {r.stated.day} {r.stated:%b}" for r in each(rows)]
    names = rows["claimant"].map(t.actors.set_index("actor_id")["name"])
    return rows.assign(
        row=rows["who"].map(capital) + said, text=rows["figure"], claimant_id=rows["claimant"],
        claimant=names,
    )  # fmt: skip


@chart_function()
def tower22_wounded(t: Tables) -> Chart:
    """How the reported number of wounded at Tower 22 grew, statement by statement."""
    line = claim_line(t.claims, TOWER_22, "wounded", errors="ignore")
    rows = _figures(t, line, "dated claim on the wounded at Tower 22")
    rows = rows.assign(
        row=[f"{r.row} {r.stated:%Y}" for r in each(rows)],
        strong=rows["low"] >= rows["low"].cummax(),
    )
    first, peak = rows.iloc[0], rows.sort_values("low", ascending=False, kind="stable").iloc[0]
    return Chart(
        slug="tower-22-wounded",
        title=f"Tower 22: {first.figure} wounded on the first day, {peak.figure} in "
        f"{day(peak.stated).split(' ', 1)[1]}",
        subtitle="US service members reported wounded, in order of statement; an arrow means “at "
        "least” or “more than”, bold marks each new highest figure",
        frame=rows[_COLUMNS],
        source_ids=rows["source"],
        note="Undated publications and counts of a single service or unit are left out.",
        picture=lambda width: range_rows(rows, width, unit="wounded", stems=True),
    )


@chart_function()
def killed_syria(t: Tables) -> Chart:
    """How the count of those killed in Syria on 3 February grew."""
    line = claim_line(
        t.claims, FEBRUARY, "killed", victims=ADVERSARIES, country="Syria", errors="ignore"
    )
    rows = _figures(t, line, "dated claim on those killed in Syria")
    own = rows["claimant_id"] == MONITOR
    monitor = demand(rows[own], "dated claim of the monitor on Syria")
    first, last = monitor.iloc[0], monitor.iloc[-1]
    rows = rows.assign(
        group=own.map({True: "The Observatory’s own count", False: "Other sources"}),
        strong=own,
    ).sort_values("group", ascending=False, kind="stable")
    return Chart(
        slug="killed-syria",
        title=f"Syria: the Observatory’s count of those killed rose from {first.figure} to "
        f"{last.figure} in {(last.stated - first.stated).days} days",
        subtitle="People killed in Syria by the strikes of 3 February (local day), in order of "
        "statement; an arrow means “at least”",
        frame=rows[_COLUMNS],
        source_ids=[*rows.loc[own, "source"], *rows["source"]],
        note="The Observatory is the Syrian Observatory for Human Rights (SOHR), in Britain. "
        "Undated publications are left out.",
        picture=lambda width: range_rows(rows, width, unit="people killed"),
    )


@chart_function()
def killed_range(t: Tables) -> Chart:
    """All claims of people killed on 3 February: one row a country, lowest and highest named."""
    line = claim_line(t.claims, FEBRUARY, "killed", victims=ADVERSARIES, errors="ignore")
    rows = _figures(t, line, "count of those killed on 3 February", undated=True)
    places = {"Syria": "Syria", "Iraq": "Iraq", "Iraq and Syria": "Both countries together"}
    parts = []
    for country, name in places.items():
        part = demand(rows[rows["country"] == country], f"count of those killed in {country}")
        ends = {part["low"].astype(float).idxmax(), part["low"].astype(float).idxmin()}
        newest = part[~part["undated"]].index[-1]
        far = part.loc[newest, "low"] not in set(part.loc[list(ends), "low"])
        named = part.index.isin([*ends, *([newest] if far else [])])
        label = [
            f"{r.figure}: {r.row}" if n else "" for r, n in zip(each(part), named, strict=True)
        ]
        parts.append(part.assign(row=name, text=label))
    drawn = pd.concat(parts)
    return Chart(
        slug="killed-claims",
        title=f"Sources nearly agree on those killed in Iraq ({answer_to(t, 'killed-iraq')} by "
        f"their latest figures) and not in Syria ({answer_to(t, 'killed-syria')})",
        subtitle="Every whole-country figure for those killed on 3 February, a mark each; lowest, "
        "highest and latest are named, an arrow means “at least” or “more than”",
        alt="Each figure: " + "; ".join(
            f"{r.country}, {r.claimant}, {r.figure}" for r in each(drawn)
        ) + ". Named in the picture:",
        frame=drawn[["country", *_COLUMNS[:2], *_COLUMNS[3:6], "victims", *_COLUMNS[7:]]],
        source_ids=drawn["source"],
        note="Claimants do not always count the same people: the Popular Mobilization Forces count "
        "their own members, the Observatory counts fighters.",
        picture=lambda width: range_rows(drawn, width, unit="people killed"),
    )  # fmt: skip


# The bodies nearest to each count: the monitor and the government in Syria, the Popular
# Mobilization Forces and the government in Iraq, the Pentagon, militia officials and the ministry
# source for the strike in Baghdad.
_COUNTERS: Final = {
    (FEBRUARY, "Syria"): (MONITOR, "syria"),
    (FEBRUARY, "Iraq"): ("pmf", "iraq", "iraqi-security-sources"),
    (BAGHDAD, "Iraq"): ("us-dod", "militia-officials", "iraqi-security-sources"),
}
_BELIEVED: Final = ("Wikipedia’s own parts", "Those nearest to each count", "Every claimant")
_DOUBT: Final = "up to the highest figures"


def _part(t: Tables, event: str, country: str, *, near: bool) -> tuple[float, float]:
    """Lowest and highest of the latest figures of those nearest to a count, or of all."""
    line = claim_line(
        t.claims, event, "killed", victims=ADVERSARIES, country=country, errors="ignore"
    )
    if near:
        own = line["claimant"].isin(_COUNTERS[event, country])
        line = line[own & (line["stated_basis"] != "not_before")]
    counted = line[line["low"].notna() | line["high"].notna()]
    demand(counted, f"count of those killed in {country} ({event})")
    return bounds(latest(line))


@chart_function(TOTAL)
def killed_total(t: Tables) -> Chart:
    """What adds up to Wikipedia's total: its own parts, and the ranges of all parts."""
    read = parts_of_total(t)
    rows = []
    for event, country, place in PARTS:
        own = demand(read[read["part"] == place], f"part of the total: {place}")
        ranges = (
            bounds(own), _part(t, event, country, near=True), _part(t, event, country, near=False)
        )  # fmt: skip
        rows += [(rule, place, *ends) for rule, ends in zip(_BELIEVED, ranges, strict=True)]
    parts = pd.DataFrame(rows, columns=["rule", "place", "low", "high"])
    sums: dict[str, tuple[float, float]] = {
        str(rule): add_ranges(zip(part["low"], part["high"], strict=True))
        for rule, part in parts.groupby("rule", sort=False)
    }
    total = pd.DataFrame([(r, "Sum", *sums[r]) for r in _BELIEVED], columns=parts.columns)
    bars = [(r.rule, r.place, r.low) for r in each(parts)]
    bars += [(rule, _DOUBT, high - low) for rule, (low, high) in sums.items()]
    drawn = pd.DataFrame(bars, columns=["row", "part", "value"])
    more = dict.fromkeys(_BELIEVED, "") | {
        _BELIEVED[2]: " or more" if killed_estimate(t, "all").open_ended else ""
    }
    published = find(t.claims, TOTAL)
    tones = ("us", "iraq", "iran_aligned")
    colours = {p: style.SIDE_COLOURS[s] for (_, _, p), s in zip(PARTS, tones, strict=True)}
    spread = span(*sums[_BELIEVED[2]]) + more[_BELIEVED[2]]
    return Chart(
        slug="killed-total",
        title=f"Killed in all: Wikipedia’s "
        f"{quantity(published.low, published.high, str(published.qualifier))} adds figures "
        f"from different sources; adding each claimant’s latest figures gives {spread}",
        subtitle="People killed by the US strikes of 2–7 February: the lowest figure for each "
        "place, then what the highest figures would add",
        frame=pd.concat([parts, total], ignore_index=True),
        labels={"rule": "Whose figures", "place": "Part"},
        source_ids=[published["source"], *t.claims.set_index("claim_id").loc[read["claim_id"],
                                                                              "source"]],
        note="Low figures are added to low, high to high, so the range is as wide as it can "
        "be. An open figure (“at least”) enters with its lower bound.",
        picture=lambda width: stacked_rows(
            drawn, width, colours={**colours, _DOUBT: style.SIDE_COLOURS["press"]},
            texts={rule: span(*ends) + more[rule] for rule, ends in sums.items()},
        ),
    )  # fmt: skip


_UNITS: Final = {
    "targets_struck": "Targets struck",
    "targets_destroyed": "Targets destroyed or damaged",
    "munitions_used": "Munitions used",
    "airstrikes": "“Air strikes”",
    "facilities_struck": "Facilities struck",
    "sites_struck": "Sites struck",
}


@chart_function()
def targets(t: Tables) -> Chart:
    """What was counted: targets, munitions, strikes, facilities, sites; agreeing sources merged."""
    lines = [claim_line(t.claims, FEBRUARY, metric, errors="ignore") for metric in _UNITS]
    rows = _figures(t, pd.concat(lines, ignore_index=True), "count of targets", undated=True)
    rows = rows.assign(group=rows["metric"].astype("string").map(_UNITS))
    order = {unit: i for i, unit in enumerate(_UNITS.values())}
    merged: list[dict[str, Any]] = []
    keys = ["group", "country", "low"]
    for (unit, country, low), same in rows.groupby(keys, sort=False):
        who = join(dict.fromkeys(same["who"].map(capital)))
        where = f", {country} alone" if country in ("Iraq", "Syria") else ""
        merged.append({
            "group": unit, "row": f"{who}{where}", "low": low, "high": low,
            "text": same["figure"].iloc[0], "open": bool(same["open"].any()),
            "side": same["side"].iloc[0], "at": order[str(unit)],
        })  # fmt: skip
    drawn = pd.DataFrame(merged).sort_values(["at", "low"], ascending=[True, False], kind="stable")
    odd = drawn[drawn["group"] == "“Air strikes”"]
    struck = demand(rows[rows["metric"] == "targets_struck"], "count of targets struck").iloc[0]
    used = demand(rows[rows["metric"] == "munitions_used"], "count of munitions").iloc[0]
    twice = join([number(v) for v in sorted(odd["low"]) if v >= struck["low"]])
    return Chart(
        slug="targets",
        title=f"{capital(struck.figure)} targets and {used.figure} munitions turned into {twice} "
        "“air strikes” when others repeated the figures",
        subtitle="Figures for the strikes of 2–3 February by what is counted; sources that agree "
        "share a row, an arrow means “more than” or “at least”",
        frame=rows[["group", "country", *_COLUMNS[:2], *_COLUMNS[3:6], *_COLUMNS[7:]]],
        labels={"group": "Counted", "country": "Where"},
        source_ids=rows["source"],
        note="A target (or aim point), a munition, a facility, a site and a strike are different "
        "things; sources seldom say which they mean.",
        picture=lambda width: range_rows(drawn, width, stems=True),
    )


@chart_function(CAMPAIGN)
def killed_by_us_strikes(t: Tables) -> Chart:
    """Killed on the other side by each US strike of the campaign, lowest to highest claim."""
    frame = killed_by_strikes(t.events, t.claims)
    frame = frame[frame["start"] >= find(t.events, CAMPAIGN)["start"]].reset_index(drop=True)
    known = demand(frame[frame["low"].notna()], "US strike with a count of those killed")
    top = known.loc[known["high"].astype(float).idxmax()]
    main = frame["event"] == top["event"]
    rows = frame.assign(
        row=[f"{r.start.day}\u00a0{r.start:%b\u00a0%Y}: {r.title}" for r in each(frame)],
        text=[
            "" if pd.isna(r.low) else span(r.low, r.high) + " or more" * bool(r.open_ended)
            for r in each(frame)
        ],
        open=frame["open_ended"],
        side=main.map({True: "us", False: "press"}),
        strong=main,
    )
    c = t.claims
    used = c[c["event"].isin(known["event"]) & (c["metric"] == "killed")]
    used = used.sort_values("event", key=lambda e: e != top["event"], kind="stable")
    return Chart(
        slug="killed-by-us-strikes",
        title=f"{day(top['start'])}: {span(top['low'], top['high'])} killed by the latest figures, "
        "the highest claimed death toll of any US strike since October 2023",
        subtitle="People killed on the other side by each US strike since October 2023, lowest to "
        "highest of the claimants’ latest figures",
        frame=frame,
        source_ids=used["source"],
        note="Militants, members of the PMF and people whom claimants do not distinguish; figures "
        "for civilians alone are left out. “No figure” does not mean that nobody died. Where one "
        "strike hit two countries, their ranges are added.",
        picture=lambda width: range_rows(rows, width, unit="people killed"),
    )  # fmt: skip
