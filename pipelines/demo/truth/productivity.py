"""The truth of mart_team_productivity, day by day: what a team sells per head, how often it talks, what it costs.

Of real teams and of people whom the company has hired; what nobody sold is nobody's productivity.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from pipelines.demo import company
from pipelines.demo.calendar import AS_OF
from pipelines.demo.plans import Plan, plans
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.collaboration import ALL, FEW, People
from pipelines.demo.truth.credit import Teams
from pipelines.demo.truth.deals import business_day
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.times import FIRST, LAST, first_day, last_day, month_of, month_text
from pipelines.demo.truth.touches import WEEK, minute_of, replies_of

NAME = "commission_cost_with_base_pay"
Key = tuple[str, str, int]  # rep, team, month
Part = tuple[int | None, int | None]


@dataclass
class Team:
    """A team in a month. `ends` counts heads on the first and on the last day, `paid` is fixed and variable pay."""

    net: int = 0
    ends: int = 0
    days: int = 0
    touches: int = 0
    reps: set[str] = field(default_factory=set)
    salaried: set[str] = field(default_factory=set)
    paid: int | None = 0
    paid_net: int = 0


Months = dict[tuple[str, int], Team]


def base_pay_of(facts: Facts) -> dict[Key, int | None]:
    """Base pay by rep, team of the day and month: a part for each day of a plan, rounded once; none without a rate."""
    people, given = People(facts), [one for one in plans(facts.world.scale) if one.base_pay is not None]
    sums: dict[Key, int] = defaultdict(int)
    unknown: set[Key] = set()
    for month in range(FIRST, LAST + 1):
        rates = {one.currency: facts.rates.known_in(one.currency, month) for one in given}
        for number in range(first_day(month), min(last_day(month), AS_OF) + 1):
            for rep in (one for one in people.versions if people.is_employed(one, number)):
                version = people.version(rep, number)
                for part in _holding(given, version.plan, number):
                    key, rate = (rep, version.team, month), rates[part.currency]
                    sums[key] += (part.base_pay or 0) * (rate or 0)
                    unknown |= {key} if rate is None else set()
    return {
        key: None if key in unknown else n.half_away(total, n.RATE * _days_of(key[2]))
        for key, total in sums.items()
    }


def _days_of(month: int) -> int:
    return last_day(month) - first_day(month) + 1


def _holding(given: list[Plan], plan: str | None, number: int) -> list[Plan]:
    """The components of a plan that hold on a day."""
    return [
        one
        for one in given
        if one.plan == plan and one.first <= number and (one.last is None or number <= one.last)
    ]


def _two_way(facts: Facts) -> list[tuple[str, int]]:
    """Rep and day of each touch by a person to which the other side had a part."""
    found, replies = [], replies_of(facts)
    columns = ("id", "system", "at", "rep", "kind", "direction", "maker", "connected")
    for frame in (facts.world.activities, facts.world.crm.talks):
        for row in frame.select(columns).iter_rows(named=True):
            at = minute_of(row["system"], row["at"])
            held = row["kind"] in ("meeting", "visit") or (row["kind"] == "call" and bool(row["connected"]))
            answers = replies.get(row["id"], []) if row["direction"] == "outbound" else []
            if row["maker"] == "person" and (held or any(at <= one <= at + WEEK for one in answers)):
                found.append((row["rep"], business_day(at)))
    return found


def team_months(facts: Facts) -> Months:
    """All teams and the company, all months."""
    found: Months = {
        (team, month): Team() for month in range(FIRST, LAST + 1) for team in (*company.LEAF_TEAMS, ALL)
    }
    hired, teams = {one.code for one in company.reps()}, Teams()
    for rep, number in _two_way(facts):
        if rep in hired:
            for each in _both(found, teams.on(rep, number), month_of(number)):
                each.touches += 1
    _add_days(found, People(facts))
    _add_money(found, facts, hired)
    return found


def _both(found: Months, team: str, month: int) -> list[Team]:
    """The team and the company; neither outside the months of the truth."""
    return [found[name, month] for name in (team, ALL)] if FIRST <= month <= LAST else []


def _add_money(found: Months, facts: Facts, hired: set[str]) -> None:
    nets: dict[Key, int] = defaultdict(int)
    for one in facts.credited:
        if one.rep in hired:
            nets[one.rep, one.team, month_of(one.day)] += one.net
    for key, net in nets.items():
        for each in _both(found, *key[1:]):
            each.net += net
    earned: dict[Key, int] = defaultdict(int)
    for row in facts.earned:
        earned[row.rep, row.team, month_of(row.day)] += row.amount
    for key, fixed in base_pay_of(facts).items():
        for each in _both(found, *key[1:]):
            each.salaried.add(key[0])
            each.paid = None if fixed is None or each.paid is None else each.paid + fixed + earned[key]
            each.paid_net += nets[key]


def _add_days(found: Months, people: People) -> None:
    for month in range(FIRST, LAST + 1):
        last = min(last_day(month), AS_OF)
        for number in range(first_day(month), last + 1):
            for member in people.there(number):
                for each in (found[member.team, month], found[ALL, month]):
                    each.days += 1
                    each.ends += (number == first_day(month)) + (number == last)
                    each.reps.add(member.code)


def hidden_in(found: Months, month: int) -> set[str]:
    """Which teams of a month may not show their pay: few people, or the fewest beside too few hidden ones."""
    groups = {team: found[team, month].salaried for team in (*company.LEAF_TEAMS, ALL)}
    hidden = {team for team, reps in groups.items() if len(reps) < FEW}
    told = set().union(*(groups[team] for team in hidden - {ALL}))
    shown = sorted((len(groups[team]), team) for team in groups.keys() - hidden - {ALL})
    return hidden | {shown[0][1]} if 0 < len(told) < FEW and shown else hidden


def _pay(one: Team, is_hidden: bool) -> tuple[str, Part]:
    """The status of pay with base pay, and its parts where they may be told."""
    if is_hidden or one.paid is None:
        return ("suppressed" if is_hidden else "no_data"), (None, None)
    return "ok", (one.paid, one.paid_net)


def _values(one: Team, is_hidden: bool) -> dict[str, Any]:
    status, (pay_status, pay) = "low_n" if len(one.reps) < FEW else "ok", _pay(one, is_hidden)
    heads, touches, days = one.ends * n.UNIT // 2, one.touches * n.UNIT, one.days * n.UNIT
    return {
        "active_rep_count": len(one.reps),
        "net_revenue_per_head": n.money(n.average(one.net, heads)),
        "net_revenue_per_head_numerator": n.money(one.net),
        "net_revenue_per_head_denominator": n.money(heads),
        "two_way_touches_per_day": n.money(n.average(touches, days)),
        "two_way_touches_per_day_numerator": n.money(touches),
        "two_way_touches_per_day_denominator": n.money(days),
        "base_pay_rep_count": len(one.salaried) if pay_status == "ok" else None,
        **parts(NAME, *pay),
        f"{NAME}_status": pay_status,
        "productivity_status": status,
        "touch_status": status,
    }


def productivity_rows(found: Months) -> list[dict[str, Any]]:
    """All rows, by month and team."""
    return [
        {
            "key": {"team_code": team, "fiscal_month": month_text(month)},
            "values": _values(one, team in hidden_in(found, month)),
        }
        for (team, month), one in found.items()
    ]


def company_parts(found: Months, month: int) -> dict[tuple[str, str], Part]:
    """What the company's row says, for the executive overview."""
    one = found[ALL, month]
    return {
        ("K94", "main"): (one.net, one.ends * n.UNIT // 2),
        ("K94", "touches"): (one.touches * n.UNIT, one.days * n.UNIT),
        ("K67", "with_base_pay"): _pay(one, ALL in hidden_in(found, month))[1],
    }
