"""Whether touches of customers and leads were followed by a deal (K20), for mart_rep_scorecard."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import Any

from pipelines.demo.calendar import AS_OF
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.credit import Teams
from pipelines.demo.truth.deals import business_day
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.times import month_of
from pipelines.demo.truth.touches import minute_of

FOLLOWED_DAYS = 30
Touch = tuple[int, int, str, str]  # day, moment, rep, kind
Cohort = tuple[str, str, str, int]  # rep, team, kind, Monday


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


def _credited(facts: Facts, touches: dict[str, list[Touch]]) -> set[tuple[str, Touch]]:
    """The last touch before each deal, if it was not long before."""
    found = set()
    for deal in facts.deals:
        own = touches.get(deal.customer, [])
        place = bisect_right([touch[0] for touch in own], deal.created)
        if place and deal.created - own[place - 1][0] <= FOLLOWED_DAYS:
            found.add((deal.customer, own[place - 1]))
    return found


def touch_values(facts: Facts) -> dict[tuple[str, str, int], dict[str, Any]]:
    """By rep, team and month of the week's Monday: parties touched, and those with a deal after it."""
    touches, teams = _human(facts), Teams()
    credited = _credited(facts, touches)
    touched: dict[Cohort, set[str]] = defaultdict(set)
    followed: dict[Cohort, set[str]] = defaultdict(set)
    for party, own in touches.items():
        for touch in own:
            on, _, rep, kind = touch
            cohort = (rep, teams.on(rep, on), kind, on - (on + 3) % 7)
            touched[cohort].add(party)
            if (party, touch) in credited:
                followed[cohort].add(party)
    sums: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for cohort, parties in touched.items():
        rep, team, _, monday = cohort
        if monday + 6 + FOLLOWED_DAYS <= AS_OF:
            one = sums[rep, team, month_of(monday)]
            one[0] += len(followed[cohort])
            one[1] += len(parties)
    return {key: parts("activity_conversion", a * n.UNIT, b * n.UNIT) for key, (a, b) in sums.items()}
