"""Whether touches were followed by a deal (K20): mart_touch_conversion, and its months for mart_rep_scorecard."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from pipelines.demo.calendar import AS_OF
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.adoption import monday_of, week_text
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.credit import Teams
from pipelines.demo.truth.deals import business_day
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.times import date_of, month_of, month_text
from pipelines.demo.truth.touches import minute_of

NAME = "activity_conversion"
FOLLOWED_DAYS, FEW = 30, 5
Touch = tuple[int, int, str, str]  # day, moment, rep, kind
Followed = tuple[str, Touch]  # party, and a touch of it
Cohort = tuple[str, str, str, int]  # rep, team, kind, Monday


@dataclass
class Parties:
    """Customers and leads of one cohort: touched, with a deal credited to the touch, with any deal soon after it."""

    touched: set[str] = field(default_factory=set)
    converted: set[str] = field(default_factory=set)
    followed: set[str] = field(default_factory=set)


def _human(facts: Facts) -> dict[str, list[Touch]]:
    """Touches by a person, by the other party, in order of time."""
    found: dict[str, list[Touch]] = defaultdict(list)
    master_of = facts.sales.master_of
    columns = ("system", "at", "rep", "kind", "maker", "account", "lead")
    talks = facts.world.crm.talks
    for frame in (facts.world.activities, talks):
        known = [name for name in columns if name in frame.columns]
        for row in frame.select(known).iter_rows(named=True):
            if row["maker"] == "person":
                account = row["account"]
                party = f"lead {row['lead']}" if account is None else master_of[account]
                moment = minute_of(row["system"], row["at"])
                found[party].append((business_day(moment), moment, row["rep"], row["kind"]))
    return {party: sorted(touches) for party, touches in found.items()}


def _after(facts: Facts, touches: dict[str, list[Touch]]) -> tuple[set[Followed], set[Followed]]:
    """The last touch before each deal, if it was not long before; and every touch not long before a deal."""
    credited, followed = set(), set()
    for deal in facts.deals:
        own = touches.get(deal.customer, [])
        before = own[: bisect_right([touch[0] for touch in own], deal.created)]
        late = {(deal.customer, touch) for touch in before if deal.created - touch[0] <= FOLLOWED_DAYS}
        followed |= late
        if late:
            credited.add((deal.customer, before[-1]))
    return credited, followed


def cohorts_of(facts: Facts) -> dict[Cohort, Parties]:
    """What every rep touched in every way and week."""
    touches, teams = _human(facts), Teams()
    credited, followed = _after(facts, touches)
    found: dict[Cohort, Parties] = defaultdict(Parties)
    for party, own in touches.items():
        for touch in own:
            on, _, rep, kind = touch
            one = found[rep, teams.on(rep, on), kind, monday_of(on)]
            one.touched.add(party)
            if (party, touch) in credited:
                one.converted.add(party)
            if (party, touch) in followed:
                one.followed.add(party)
    return found


def _is_mature(monday: int) -> bool:
    return monday + 6 + FOLLOWED_DAYS <= AS_OF


def touch_values(cohorts: dict[Cohort, Parties]) -> dict[tuple[str, str, int], dict[str, Any]]:
    """By rep, team and month of the week's Monday: parties touched, and those with a deal after it."""
    sums: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for (rep, team, _, monday), one in cohorts.items():
        if _is_mature(monday):
            month = sums[rep, team, month_of(monday)]
            month[0] += len(one.converted)
            month[1] += len(one.touched)
    return {key: parts(NAME, a * n.UNIT, b * n.UNIT) for key, (a, b) in sums.items()}


def touch_rows(cohorts: dict[Cohort, Parties]) -> list[dict[str, Any]]:
    """All rows of mart_touch_conversion."""
    found = []
    for cohort in sorted(cohorts):
        rep, team, kind, monday = cohort
        key = {"rep_code": rep, "team_code": team, "activity_type": kind, "cohort_week": week_text(monday)}
        found.append({"key": key, "values": _values(cohorts[cohort], monday)})
    return found


def _values(one: Parties, monday: int) -> dict[str, Any]:
    is_mature, touched = _is_mature(monday), len(one.touched)
    counted = (len(one.converted) * n.UNIT, touched * n.UNIT) if is_mature else (None, None)
    return {
        "week_start_date": date_of(monday).isoformat(),
        "fiscal_month": month_text(month_of(monday)),
        "is_mature": is_mature,
        "touched_count": touched,
        "converted_count": len(one.converted),
        "followed_count_memo": len(one.followed),
        **parts(NAME, *counted),
        "activity_conversion_status": ("low_n" if touched < FEW else "ok") if is_mature else "immature",
    }
