"""Charts of rival and growing figures: who said how many, when."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from strikes2024 import campaign
from strikes2024.analysis import ADVERSARIES, add_estimates, claim_line, estimate_line
from strikes2024.campaign import headlines, questions
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import range_rows, spans
from strikes2024.charts.words import WORDS, Words
from strikes2024.tables import Tables
from strikes2024.verdicts import numbered
from strikes2024.wording import capital, join, number, quantity, short_day, short_names

_ERROR: Final = {True: " (reporting error)", False: ""}


def _speakers(t: Tables) -> dict[str, str]:
    """Return claimants' names at the head of a row; the press writes its own as it likes."""
    press = set(t.actors.loc[t.actors["kind"] == "media", "actor_id"])
    names = short_names(t.actors)
    return {key: name if key in press else capital(name) for key, name in names.items()}


def _figures(t: Tables, line: pd.DataFrame, what: str) -> pd.DataFrame:
    """Claims with a number, as rows of :func:`range_rows`; each claimant's figure once."""
    line = demand(numbered(line), what)
    names = t.actors.set_index("actor_id")["name"]
    rows = line.assign(
        who=line["claimant"].map(_speakers(t)),
        # A figure that replaces an earlier one is known to be later.
        undated=(line["stated_basis"] == "not_before") & line["supersedes"].isna(),
        figure=list(map(quantity, line["low"], line["high"], line["qualifier"])),
        low=line["low"].fillna(line["high"]),
        open=line["qualifier"].isin(["at_least", "more_than"]),
        country=line["country"].fillna("").str.replace(";", " and "),
        claimant_id=line["claimant"],
        claimant=line["claimant"].map(names),
    ).sort_values(["undated", "stated", "low"], kind="stable")
    rows = rows.drop_duplicates(["claimant", "country", "metric", "figure"], ignore_index=True)
    refs = "claim:" + rows["claim_id"].astype("string")
    return rows.assign(text=rows["figure"], date=rows["stated"].map(short_day), refs=refs)


def _refs(claims: pd.DataFrame) -> str:
    return ";".join("claim:" + claims["claim_id"])


def _killed(t: Tables, country: str | None = None) -> pd.DataFrame:
    """Figures for the people killed on 3 February, in all countries or in one."""
    line = claim_line(
        t.claims, campaign.FEBRUARY, "killed", victims=ADVERSARIES, country=country, errors="ignore"
    )
    return _figures(t, line, "count of those killed on 3 February")


@chart_function(campaign.TOWER_22)
def tower22_wounded(t: Tables) -> Chart:
    """How the reported number of wounded at Tower 22 grew, statement by statement."""
    line = claim_line(t.claims, campaign.TOWER_22, "wounded", errors="ignore")
    rows = _figures(t, line, "claim on the wounded at Tower 22")
    attack = campaign.start_of(t, campaign.TOWER_22)
    own = rows["claimant_id"].map(t.actors.set_index("actor_id")["side"]) == "us"
    wrong = rows["status"] == "carrier_error"
    official, rest = (
        demand(rows[side & ~wrong].sort_values("low"), f"claim on the wounded by {whose}")
        for side, whose in ((own, "US officials"), (~own, "others"))
    )
    low, high, peak = official.iloc[0], official.iloc[-1], rest.iloc[-1]
    theirs = " to ".join(dict.fromkeys([low.figure, high.figure]))
    words = Words("tower-22-wounded", attack=attack, theirs=theirs, peak=peak)
    dated = (rows["stated"].dt.year > attack.year) | rows["undated"]  # "or later" needs its year
    stated = [short_day(when, year=year) for when, year in zip(rows["stated"], dated, strict=True)]
    rows = rows.assign(
        row=stated + rows["undated"].map({True: " or later, ", False: ", "}) + rows["who"]
        + wrong.map(_ERROR),
        group=own.map({True: words["own"], False: words["others"]}),
        strong=rows["low"].eq(own.map({True: high.low, False: peak.low})) & ~wrong, own=own,
    ).sort_values(["own", "stated"], ascending=[False, True], kind="stable")  # fmt: skip
    return Chart.of(words, rows, range_rows)


@chart_function(campaign.FEBRUARY)
def killed_syria(t: Tables) -> Chart:
    """How the count of those killed in Syria on 3 February grew."""
    rows = _killed(t, "Syria")
    rows = demand(rows[~rows["undated"]], "dated claim on those killed in Syria")
    own = rows["claimant_id"] == campaign.MONITOR
    monitor = demand(rows[own], "dated claim of the monitor on Syria")
    night = campaign.start_of(t, campaign.FEBRUARY)
    words = Words("killed-syria", first=monitor.iloc[0], last=monitor.iloc[-1], night=night)
    day_of = ["claimant", "date"]
    rows = rows.assign(figure=rows["figure"] + rows["status"].eq("carrier_error").map(_ERROR))
    # One mark for "13" and "at least 13": the plain figure names it.
    plain = rows.sort_values("open", kind="stable").drop_duplicates([*day_of, "low"]).sort_index()
    figures = plain.groupby(day_of)["figure"].agg(", ".join).rename("figures")
    figures = rows.join(figures, on=day_of)["figures"]
    rows = rows.assign(
        row=rows["date"].where(own, rows["date"] + ", " + rows["who"]),
        text=figures.mask(rows.duplicated(day_of, keep="last"), ""),
        group=own.map({True: words["own"], False: words["others"]}),
        strong=own,
    ).sort_values("strong", ascending=False, kind="stable")
    sources = [*rows.loc[own, "source"], *rows["source"]]
    return Chart.of(words, rows, range_rows, source_ids=sources)


def _by_country(t: Tables, places: dict[str, str]) -> pd.DataFrame:
    """All figures as rows, of each claimant the latest with a text; ``places`` are headings."""
    rows = _killed(t)
    for country in places:
        demand(rows[rows["country"] == country], f"count of those killed in {country}")
    keys = ["country", "claimant", "undated"]
    rows = rows[rows["country"].isin(list(places))]
    rows = rows.sort_values("status", key=lambda s: s != "carrier_error", kind="stable")
    final = ~rows.duplicated(keys, keep="last")
    when = rows["date"].mask(rows["undated"], "undated")
    wrong = rows["status"].eq("carrier_error").map({True: ", reporting error", False: ""})
    counts = final & ~rows["undated"] & (rows["status"] == "stands")
    # A floor below an exact figure lowers nothing.
    exact = rows["low"].where(counts & ~rows["open"]).groupby(rows["country"]).transform("max")
    return rows.assign(
        row=rows["who"] + " (" + when + wrong + ")",
        group=rows["country"].map(places),
        text=rows["figure"].where(final, ""),
        strong=counts
        & ~(rows["open"] & (rows["low"] < exact))
        & ~rows["country"].str.contains(" and "),  # no range is made of these
        at=rows["country"].map(list(places).index),
        ends=rows["low"].where(final).groupby([rows[k] for k in keys]).transform("max"),
    ).sort_values(["at", "ends", *keys], kind="stable")


@chart_function(campaign.FEBRUARY)
def killed_range(t: Tables) -> Chart:
    """All claims of people killed on 3 February: by country, a row a claimant."""
    words = Words(
        "killed-claims",
        iraq=headlines.answer_to(t, "killed-iraq"),
        syria=headlines.answer_to(t, "killed-syria"),
        night=campaign.start_of(t, campaign.FEBRUARY),
    )
    return Chart.of(words, _by_country(t, words["places"]), range_rows)


def _sums(t: Tables, own: str, rules: Mapping[str, str]) -> pd.DataFrame:
    """The parts of the total and their sum: Wikipedia's, and by each rule of belief."""
    read, names = questions.parts_of_total(t), _speakers(t)
    rows: list[tuple[str, str, float, float, bool, str]] = []
    for _, _, place in campaign.PARTS:
        part = demand(read[read["part"] == place], f"part of the total: {place}")
        whose = join(names[who] for who in dict.fromkeys(part["claimant"]))
        floor = bool(part["qualifier"].isin(["at_least", "more_than"]).any())
        low, high = part["low"].min(), part["high"].max()
        rows.append((own, f"{place}: {whose}", low, high, floor, _refs(part)))
    refs = ";".join(row[5] for row in rows)
    rows.append((own, "Sum", sum(row[2] for row in rows), sum(row[3] for row in rows), False, refs))
    for rule, group in rules.items():
        lines = [(place, claim_line(t.claims, event, "killed", victims=ADVERSARIES,
                                    country=country, errors="ignore"))
                 for event, country, place in campaign.PARTS]  # fmt: skip
        found = [(place, estimate_line(line, t.actors, t.sources, rule)) for place, line in lines]
        behind = [_refs(line) for _, line in lines]
        found.append(("Sum", add_estimates(estimate for _, estimate in found)))
        behind.append(";".join(behind))
        for (place, e), refs in zip(found, behind, strict=True):
            rows.append((group, place, e.low, e.high, e.open_ended, refs))
    frame = pd.DataFrame(rows, columns=["rule", "place", "low", "high", "open", "refs"])
    return demand(frame[frame["low"].notna()], "count of those killed for each place")


@chart_function(campaign.TOTAL)
def killed_total(t: Tables) -> Chart:
    """What adds up to Wikipedia's total: its own parts, and the ranges of all parts."""
    claims = t.claims.set_index("claim_id")
    published: Any = claims.loc[campaign.TOTAL]
    about = t.events.set_index("event_id").loc[published["event"], "title"]
    total = quantity(published["low"], published["high"], str(published["qualifier"]))
    words = Words("killed-total", total=total, about=about)
    frame = _sums(t, words["own"], words["rules"])
    behind = frame["refs"].str.replace("claim:", "").str.split(";").explode()
    drawn = frame.assign(
        group=frame["rule"], row=frame["place"], strong=frame["place"] == "Sum",
        text=spans(frame),
    )  # fmt: skip
    added = drawn["open"] & (drawn["group"] == drawn["group"].iloc[0])
    drawn["text"] += [f", added as {number(low)}" * own
                      for low, own in zip(drawn["low"], added, strict=True)]  # fmt: skip
    words.fields["spread"] = drawn.loc[drawn["strong"], "text"].iloc[1]
    sources = [published["source"], *claims.loc[list(behind), "source"]]
    return Chart.of(words, drawn, range_rows, source_ids=sources)


_UNITS: Final = WORDS["charts"]["targets"]["counted"]
_FIRST, _REPEATED, _OTHER = ("targets_struck", "munitions_used"), "airstrikes", "Other counts"


def _counted(t: Tables) -> tuple[pd.DataFrame, dict[float, str]]:
    """Figures of what was struck or used, in groups, and the group of each repeated number."""
    lines = [claim_line(t.claims, campaign.FEBRUARY, metric, errors="ignore") for metric in _UNITS]
    rows = _figures(t, pd.concat(lines, ignore_index=True), "count of targets")
    rows["metric"] = rows["metric"].astype("string")
    rows = rows[(rows["country"] == "Iraq and Syria") | (rows["metric"] != "facilities_struck")]
    named = {}
    for first in _FIRST:
        own = demand(rows[rows["metric"] == first], f"count of {_UNITS[first]}").iloc[0]
        echo = rows[(rows["metric"] == _REPEATED) & (rows["low"] == own.low)]
        demand(echo, f"count of {_UNITS[_REPEATED]} that repeats {own.figure} {_UNITS[first]}")
        what = f"{number(own.low)} or more {_UNITS[first]}"
        named[own.low] = f"{what}; also given as {number(own.low)} {_UNITS[_REPEATED]}"
    same = rows["metric"].isin([*_FIRST, _REPEATED])
    group = rows["low"].map(named).where(same, None).fillna(_OTHER)
    who = rows["who"] + rows["status"].eq("carrier_error").map(_ERROR)
    return rows.assign(who=who, group=group, order=rows["metric"].map(list(_UNITS).index)), named


@chart_function(campaign.FEBRUARY)
def targets(t: Tables) -> Chart:
    """What was counted, and how figures changed their unit; agreeing sources share a row."""
    rows, named = _counted(t)
    merged = rows.groupby(["group", "order", "country", "low", "figure"], sort=False).agg(
        row=("who", lambda who: join(dict.fromkeys(who))),
        open=("open", "any"), metric=("metric", "first"), refs=("refs", ";".join),
    ).reset_index()  # fmt: skip
    where = merged["country"].map({"Iraq": " in Iraq", "Syria": " in Syria"}).fillna("")
    drawn = merged.assign(
        high=merged["low"],
        strong=(merged["metric"] == _REPEATED) & (merged["group"] != _OTHER),
        text=merged["figure"] + " " + merged["metric"].map(_UNITS) + where,
        at=merged["group"].map([*named.values(), _OTHER].index),
    ).sort_values(["at", "order", "low"], ascending=[True, True, False], kind="stable")
    us = rows[rows["metric"].isin(_FIRST)].drop_duplicates("metric")
    words = Words(
        "targets",
        counted=join(us["figure"] + " " + us["metric"].map(_UNITS)),
        numbers=join(map(number, named)),
        night=campaign.start_of(t, campaign.FEBRUARY),
    )
    return Chart.of(words, drawn, range_rows, rows)
