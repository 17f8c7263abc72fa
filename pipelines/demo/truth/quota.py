"""The truth of mart_quota_attainment: every quota, what was credited in its interval, and what stands below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.demo import company
from pipelines.demo.calendar import AS_OF
from pipelines.demo.people import Quota
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.rep import reported, stays_of
from pipelines.demo.truth.sales import Return, entries
from pipelines.demo.truth.standing import standing
from pipelines.demo.truth.times import Rates, date_of

PARENT_TEAM = {team.code: team.parent for team in company.TEAMS}
PARENT_CHANNEL = {channel.code: channel.parent for channel in company.CHANNELS}


@dataclass(frozen=True)
class Sold:
    """What counts for one owner on one day: in its own currency, at plan rate, and as reported; signed."""

    day: int
    currency: str
    own: int
    plan: int
    net: int
    gross_own: int
    gross_plan: int
    gross: int
    quantity: int
    margin: int | None = None


Owned = dict[tuple[str, str], list[Sold]]


def _upward(code: str | None, parent: dict[str, str | None]) -> Iterator[str]:
    """A node and every node above it."""
    while code is not None:
        yield code
        code = parent.get(code)


def _rep_sales(facts: Facts) -> Iterator[tuple[str, str, Sold]]:
    for one in facts.credited:
        margin = None if one.cost is None else one.net - one.cost
        sold = Sold(one.day, one.currency, one.own, one.plan, one.net, 0, 0, 0, 0, margin)
        yield "rep", one.rep, sold
        for team in _upward(one.team, PARENT_TEAM):
            yield "team", team, sold


def _house_sales(facts: Facts) -> Iterator[tuple[str, str, Sold]]:
    """Of the company, of channels and of partners: whole lines and returns."""
    orders = facts.world.orders
    partner: dict[str, str | None] = {}
    if "partner" in orders.columns:
        partner = dict(zip(orders["id"].to_list(), orders["partner"].to_list(), strict=True))
    for day, sign, line in entries(facts.sales):
        if line.is_revenue:
            rate = facts.rates.plan(line.order.currency, date_of(day).year)
            amounts = (line.net_own, n.converted(line.net_own, rate), line.net)
            gross = (line.gross_own, n.converted(line.gross_own, rate), line.gross)
            signed = [sign * amount for amount in (*amounts, *gross, line.quantity)]
            sold = Sold(day, line.order.currency, *signed)
            yield from _owners(line.order.channel, partner.get(line.order.id), sold)
    for back in facts.sales.returns:
        order = None if back.order is None else partner.get(back.order.id)
        yield from _owners(back.channel, order, _returned(back, facts.rates))


def _returned(back: Return, rates: Rates) -> Sold:
    plan = n.converted(back.net_own, rates.plan(back.currency, date_of(back.day).year))
    return Sold(back.day, back.currency, -back.net_own, -plan, -back.net, 0, 0, 0, -back.quantity)


def _owners(channel: str, partner: str | None, sold: Sold) -> Iterator[tuple[str, str, Sold]]:
    yield "company", "ALL", sold
    for code in _upward(channel, PARENT_CHANNEL):
        yield "channel", code, sold
    if partner is not None:
        yield "partner", partner, sold


def _owned(facts: Facts) -> Owned:
    found: Owned = defaultdict(list)
    for walk in (_rep_sales, _house_sales):
        for owner_type, owner, sold in walk(facts):
            found[owner_type, owner].append(sold)
    return found


def _attained(quota: Quota, sold: list[Sold], rates: Rates) -> tuple[int, int]:
    """In the quota's own currency at plan rate, and as reported."""
    inside = [one for one in sold if quota.first <= one.day <= quota.last]
    if quota.metric == "units":
        count = sum(one.quantity for one in inside) * n.UNIT
        return count, count
    if quota.metric == "margin":
        earned = sum(one.margin or 0 for one in inside)
        return earned, earned
    take = _net if quota.metric == "net_revenue" else _gross
    amounts = [(one.currency == quota.currency, *take(one)) for one in inside]
    own = sum(amount for is_own, amount, _, _ in amounts if is_own)
    other = sum(plan for is_own, _, plan, _ in amounts if not is_own)
    rate = rates.plan(quota.currency or "CNY", date_of(quota.first).year)
    return own + n.half_away(other * n.RATE, rate), sum(reported for *_, reported in amounts)


def _net(one: Sold) -> tuple[int, int, int]:
    return one.own, one.plan, one.net


def _gross(one: Sold) -> tuple[int, int, int]:
    return one.gross_own, one.gross_plan, one.gross


Below = dict[tuple[str, str, int, str, str], list[tuple[int, int, int]]]
Held = tuple[Quota, int, int]  # first and last day on which it stands


def _below(quotas: list[Quota], rates: Rates) -> Below:
    """Per quota of a team or the company: (amount, first day, day after the last) of what stands right below it."""
    found: Below = defaultdict(list)
    stands = standing(quotas)
    for quota, first_held, last_held in stands:
        for start, since, until in _places(quota, first_held, last_held):
            held = [
                (one, first, last)
                for one, first, last in stands
                if one.metric == quota.metric and first < until and last >= since
            ]
            above = next(
                (hit for node in _upward(start, PARENT_TEAM) if (hit := _of("team", node, held))),
                _of("company", "ALL", held),
            )
            for parent, from_day, to_day in above:
                first, after = max(since, from_day), min(until, to_day + 1)
                if first < after:
                    whole, length = reported(quota, rates), quota.last + 1 - quota.first
                    part = n.half_away(whole * (after - first), length)
                    found[_key(parent)].append((part, first, after))
    return found


def _places(quota: Quota, first: int, last: int) -> Iterator[tuple[str | None, int, int]]:
    """The node from which the next quota above is looked for, and from when to when."""
    if quota.owner_type == "rep":
        for team, start, end in stays_of(quota.owner):
            since, until = max(start, first), min(end, last + 1)
            if since < until:
                yield team, since, until
    elif quota.owner_type == "team":
        yield PARENT_TEAM[quota.owner], first, last + 1


def _of(owner_type: str, owner: str, held: list[Held]) -> list[Held]:
    return [one for one in held if (one[0].owner_type, one[0].owner) == (owner_type, owner)]


def _key(quota: Quota) -> tuple[str, str, int, str, str]:
    return quota.owner_type, quota.owner, quota.first, quota.metric, quota.version


def quota_rows(facts: Facts) -> list[dict[str, Any]]:
    """All rows."""
    quotas, owned = facts.world.quotas, _owned(facts)
    days: dict[tuple[str, str, int, str, str], int] = defaultdict(int)
    for quota, first, last in standing(quotas):
        days[_key(quota)] += last - first + 1
    below = _below(quotas, facts.rates)
    return [_row(quota, days[_key(quota)], owned, below, facts.rates) for quota in sorted(quotas, key=_key)]


def _row(quota: Quota, held_days: int, owned: Owned, below: Below, rates: Rates) -> dict[str, Any]:
    attained, credited = _attained(quota, owned.get((quota.owner_type, quota.owner), []), rates)
    assigned = below.get(_key(quota), [])
    start, end = quota.first, quota.last + 1
    is_full = (
        bool(assigned)
        and held_days == end - start
        and min(a for _, a, _ in assigned) <= start
        and max(b for *_, b in assigned) >= end
    )
    amount = quota.amount if quota.currency is None else reported(quota, rates)
    return {
        "key": {
            "owner_type": quota.owner_type,
            "owner_code": quota.owner,
            "valid_from": date_of(start).isoformat(),
            "metric": quota.metric,
            "version": quota.version,
        },
        "values": {
            "valid_to": date_of(end).isoformat(),
            "is_current_version": held_days > 0,
            "held_days": held_days,
            "quota_currency": quota.currency,
            "interval_days": end - start,
            "overlap_days": max(0, min(end, AS_OF + 1) - start),
            "quota_amount": n.money(amount),
            **parts("attainment", attained, quota.amount),
            "credited_amount": n.money(credited),
            "declared_over_assignment": n.money(quota.over),
            "assigned_amount": n.money(sum(part for part, *_ in assigned)) if assigned else None,
            "is_assigned_in_full": is_full,
            "attainment_status": "ok",
        },
    }
