"""The truth of mart_rep_scorecard."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from pipelines.demo import company, people
from pipelines.demo.calendar import AS_OF
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.adoption import NOTHING_LOGGED
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.credit import NOBODY, Credit, Teams
from pipelines.demo.truth.deals import CONVERSION_DAYS, WIN_DAYS, Answer, Deal
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.rep_accounts import NONE_HELD
from pipelines.demo.truth.rep_leads import lead_values
from pipelines.demo.truth.rep_peers import NOTHING_SHOWN, Figures, on_duty, peer_values
from pipelines.demo.truth.rep_retention import NOTHING_KEPT, kept_customers
from pipelines.demo.truth.standing import standing
from pipelines.demo.truth.survival import Stay, kaplan_meier
from pipelines.demo.truth.times import (
    FIRST,
    LAST,
    Rates,
    date_of,
    first_day,
    last_day,
    month_of,
    month_text,
)
from pipelines.demo.world import World

Key = tuple[str, str, int]


@dataclass
class Row:
    """Sums of one rep, team and month."""

    gross: int = 0
    discount: int = 0
    returned: int = 0
    margin: int = 0
    has_cost: bool = False
    has_lines: bool = False
    plan: int = 0
    orders: int = 0
    quota: int | None = None
    full_quota: int | None = None
    won: int = 0
    lost: int = 0
    won_amount: int = 0
    lost_amount: int = 0
    missing: int = 0
    cycles: list[int] = field(default_factory=list)
    courses: list[Stay] = field(default_factory=list)
    opened: int = 0
    opened_and_won: int = 0
    leads: int = 0
    leads_converted: int = 0
    satisfied: int = 0
    asked: int = 0
    promoters: int = 0
    loyal: int = 0
    awards: int = 0


Rows = dict[Key, Row]


def rep_sums(facts: Facts) -> Rows:
    """All sums, by rep, team and month."""
    rows: Rows = defaultdict(Row)
    teams = Teams()
    for one in facts.credited:
        _add_credit(rows[one.rep, one.team, month_of(one.day)], one)
    for deal in facts.deals:
        row = rows[deal.owner, teams.on(deal.owner, deal.created), month_of(deal.created)]
        row.opened += 1
        if deal.is_won or deal.is_open:
            end = AS_OF if deal.closed is None else deal.closed
            row.courses.append((end - deal.created, deal.is_won))
        row.opened_and_won += (
            deal.is_won and deal.closed is not None and deal.closed - deal.created <= WIN_DAYS
        )
        if deal.closed is not None:
            _add_deal(rows[deal.owner, teams.on(deal.owner, deal.closed), month_of(deal.closed)], deal)
    for lead in facts.leads:
        row = rows[lead.owner, teams.on(lead.owner, lead.created), month_of(lead.created)]
        row.leads += 1
        row.leads_converted += lead.converted_after is not None and lead.converted_after <= CONVERSION_DAYS
    for answer in facts.answers:
        rep = answer.rep or NOBODY
        _add_answer(rows[rep, teams.on(rep, answer.day), month_of(answer.day)], answer)
    for award in facts.world.pay.recognitions.iter_rows(named=True):
        on = award["day"]
        rows[award["rep"], teams.on(award["rep"], on), month_of(on)].awards += 1
    _add_quotas(rows, facts.world, facts.rates)
    return rows


def _add_credit(row: Row, one: Credit) -> None:
    row.has_lines = True
    row.gross += one.gross
    if one.is_return:
        row.returned -= one.net
    else:
        row.discount += one.gross - one.net
    if one.cost is not None:
        row.margin += one.net - one.cost
        row.has_cost = True
    row.plan += one.plan
    row.orders += one.order_share


def _add_deal(row: Row, deal: Deal) -> None:
    row.won += deal.is_won
    row.lost += not deal.is_won
    if deal.amount is None:
        row.missing += 1
    elif deal.is_won:
        row.won_amount += deal.amount
    else:
        row.lost_amount += deal.amount
    if deal.is_won and deal.closed is not None:
        row.cycles.append(deal.closed - deal.created)


def _add_answer(row: Row, answer: Answer) -> None:
    if answer.is_loyalty:
        row.loyal += 1
        row.promoters += (answer.score >= 9) - (answer.score <= 6)
    else:
        row.asked += 1
        row.satisfied += answer.score >= 4


def stays_of(rep: str) -> list[tuple[str, int, int]]:
    """(team, first day, day after the last) of each team a rep was in."""
    versions = [(one.valid_from, one.team) for one in company.reps() if one.code == rep]
    starts = [-(10**9), *(since for since, _ in versions[1:])]
    ends = [*(since for since, _ in versions[1:]), 10**9]
    return [(team, start, end) for (_, team), start, end in zip(versions, starts, ends, strict=True)]


def _add_quotas(rows: Rows, world: World, rates: Rates) -> None:
    """Each rep quota by days over months and teams, once in full and once as the rep's ramp asks."""
    for quota, since, last in standing(one for one in world.quotas if one.owner_type == "rep"):
        whole = reported(quota, rates)
        for team, start, end in stays_of(quota.owner):
            for month in range(month_of(since), month_of(last) + 1):
                first, until = first_day(month), last_day(month) + 1
                days = min(until, last + 1, end) - max(first, since, start)
                if days > 0 and FIRST <= month <= LAST:
                    part = piece(whole, max(first, since, start) - since, days, quota)
                    row = rows[quota.owner, team, month]
                    row.full_quota = (row.full_quota or 0) + part
                    row.quota = (row.quota or 0) + ramped(quota.owner, month, part)


def piece(whole: int, before: int, days: int, quota: people.Quota) -> int:
    """What so many days of a quota have after those before them: the rounded sum up to its end less that before it."""
    length = quota.last + 1 - quota.first
    return n.half_away(whole * (before + days), length) - n.half_away(whole * before, length)


def reported(quota: people.Quota, rates: Rates) -> int:
    """A quota at the plan rate of the year in which it begins."""
    return n.converted(quota.amount, rates.plan(quota.currency or "CNY", date_of(quota.first).year))


def ramped(rep: str, month: int, part: int) -> int:
    """The part of a quota that counts in a month of ramping: 0, 1/4, 1/2, 3/4, then all of it."""
    one = next(version for version in company.reps() if version.code == rep)
    age = month - month_of(one.hire)
    if one.ramp is None or age >= 4:
        return part
    return n.half_away(part * age, 4)


def _mature(part: int, whole: int, month: int, days: int) -> tuple[int | None, int | None]:
    """Parts of a rate of what began in a month, once so many days have passed since its end."""
    return (part * n.UNIT, whole * n.UNIT) if last_day(month) + days <= AS_OF else (None, None)


def _values(row: Row, month: int) -> dict[str, Any]:
    cycle = sum(row.cycles) * n.UNIT
    deals = (row.won + row.lost) * n.UNIT
    amounts = row.won_amount + row.lost_amount
    lead_parts = _mature(row.leads_converted, row.leads, month, CONVERSION_DAYS)
    score = n.quotient(row.promoters, row.loyal)
    return {
        "credited_gross_revenue": n.money(row.gross),
        "credited_discount_amount": n.money(row.discount),
        "credited_return_amount": n.money(row.returned),
        "credited_net_revenue": n.money(row.gross - row.discount - row.returned),
        "credited_margin_amount": n.money(row.margin) if row.has_cost or not row.has_lines else None,
        "order_credit_count": n.money(row.orders),
        "quota_amount": n.money(row.quota),
        "full_quota_amount": n.money(row.full_quota),
        **parts("attainment", None if row.quota is None else row.plan, row.quota),
        "won_count": row.won,
        "lost_count": row.lost,
        "won_amount": n.money(row.won_amount),
        "lost_amount": n.money(row.lost_amount),
        "amount_missing_count": row.missing,
        **parts("win_rate", row.won * n.UNIT, deals),
        **parts("win_value", row.won_amount, amounts),
        **parts("win_created", *_mature(row.opened_and_won, row.opened, month, WIN_DAYS)),
        "sales_cycle_mean_days": n.money(n.average(cycle, row.won * n.UNIT)),
        "sales_cycle_mean_days_numerator": n.money(cycle),
        "sales_cycle_mean_days_denominator": n.money(row.won * n.UNIT),
        "sales_cycle_median_days": n.money(n.middle(row.cycles)),
        "sales_cycle_km_median_days": kaplan_meier(row.courses),
        **parts("lead_conversion", *lead_parts),
        **parts("csat", row.satisfied * n.UNIT, row.asked * n.UNIT),
        "nps_score": n.money(None if score is None else n.half_away(100 * score, n.UNIT)),
        "nps_score_numerator": n.money(row.promoters * n.UNIT),
        "nps_score_denominator": n.money(row.loyal * n.UNIT),
        "recognition_count": row.awards,
    }


def _figures(row: Row) -> Figures:
    net = row.gross - row.discount - row.returned
    attained = None if row.quota is None else n.quotient(row.plan, row.quota)
    return net * n.UNIT, attained, n.quotient(row.won, row.won + row.lost)


def rep_rows(
    facts: Facts,
    pipeline: dict[Key, dict[str, Any]],
    covered: dict[Key, dict[str, Any]],
    logged: tuple[dict[Key, dict[str, Any]], ...],
) -> list[dict[str, Any]]:
    """All rows.

    `pipeline` holds what was open at the end of each month, `covered` whose key accounts they were, `logged` how work
    was recorded and what came of touches.
    """
    rows, kept = rep_sums(facts), kept_customers(facts)
    leads = lead_values(facts)
    peers = peer_values({key: _figures(rows.get(key, Row())) for key in on_duty(facts)})
    found = []
    for key in sorted(set().union(rows, pipeline, kept, covered, peers, *logged)):
        rep, team, month = key
        named = {"rep_code": rep, "team_code": team, "fiscal_month": month_text(month)}
        was, now = kept.get(key, NOTHING_KEPT)
        held = {**parts("logo_retention", *was), **parts("net_retention", *now)}
        values = {
            **_values(rows.get(key, Row()), month),
            **held,
            **pipeline.get(key, {}),
            **covered.get(key, NONE_HELD),
            **NOTHING_LOGGED,
            **leads.get(key, {}),
            **peers.get(key, NOTHING_SHOWN),
        }
        for part in logged:
            values |= part.get(key, {})
        found.append({"key": named, "values": values})
    return found
