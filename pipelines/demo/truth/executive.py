"""The truth of mart_executive_overview: KPIs of the whole company by month."""

from __future__ import annotations

from typing import Any

from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import Cell, totals_of
from pipelines.demo.truth.customer import History, retention
from pipelines.demo.truth.deals import Answer, Deal
from pipelines.demo.truth.executive_pipeline import pipeline_parts
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.market import amounts_of, period_months, size_of
from pipelines.demo.truth.pipeline import Board
from pipelines.demo.truth.productivity import Months, company_parts
from pipelines.demo.truth.rep import reported
from pipelines.demo.truth.sales import UNKNOWN, Sales
from pipelines.demo.truth.standing import standing
from pipelines.demo.truth.times import (
    FIRST,
    LAST,
    Rates,
    first_day,
    last_day,
    month_of,
    month_text,
    quarter_start,
)
from pipelines.demo.world import World

Part = tuple[int | None, int | None]
Found = dict[tuple[str, str], Part]


def _sales_parts(total: Cell, totals: dict[int, Cell], month: int) -> Found:
    """K01 to K08 and K35; a part without denominator is an amount."""
    before, last_year = totals.get(month - 1), totals.get(month - 12)
    cost = total.all_costs
    margin = total.costed - total.cost
    return {
        ("K01", "main"): (total.gross, None),
        ("K02", "main"): (total.net, None),
        ("K03", "main"): (total.orders * n.UNIT, None),
        ("K04", "main"): (total.sold, total.orders * n.UNIT),
        ("K05", "amount"): (margin, None),
        ("K05", "ratio"): (margin, total.costed),
        ("K06", "main"): (total.paid_discount, total.paid_gross),
        ("K07", "cohort"): (total.cohort, total.sold),
        ("K07", "period"): (total.returned, total.sold),
        ("K08", "year"): _grown(total, last_year),
        ("K08", "month"): _grown(total, before),
        ("K35", "main"): (margin - cost, cost),
    }


def _grown(now: Cell, before: Cell | None) -> Part:
    return (None, None) if before is None or before.net < 0 else (now.net - before.net, before.net)


def _customer_parts(found: dict[str, History], month: int) -> Found:
    """K22 to K24: sums of what each customer adds."""
    held = [retention(own, month) for name, own in found.items() if name != UNKNOWN]
    parts: Found = {}
    for code, kind in (("K22", "logo"), ("K23", "gross"), ("K24", "net")):
        sides = [[one[f"{kind}_{side}"] for one in held] for side in ("numerator", "denominator")]
        known = [sum(value for value in side if value is not None) for side in sides]
        parts[code, "main"] = (None, None) if sides[0][0] is None else (known[0], known[1])
    return parts


def _answer_parts(answers: list[Answer], month: int) -> Found:
    """K40 and K41 over the month and the two before."""
    near = [one for one in answers if month - 2 <= month_of(one.day) <= month]
    rated = [one for one in near if not one.is_loyalty]
    loyal = [one for one in near if one.is_loyalty]
    promoters = sum((one.score >= 9) - (one.score <= 6) for one in loyal)
    return {
        ("K40", "main"): (sum(one.score >= 4 for one in rated) * n.UNIT, len(rated) * n.UNIT),
        ("K41", "main"): (promoters * n.UNIT, len(loyal) * n.UNIT),
    }


def _deal_parts(deals: list[Deal], month: int) -> Found:
    closed = [deal for deal in deals if deal.closed is not None and month_of(deal.closed) == month]
    return {("K11", "main"): (sum(deal.is_won for deal in closed) * n.UNIT, len(closed) * n.UNIT)}


class _Quota:
    """The company's own quota, on each day its newest version."""

    def __init__(self, world: World, rates: Rates) -> None:
        own = standing(one for one in world.quotas if one.owner_type == "company")
        self.quotas = [(one, since, until, reported(one, rates)) for one, since, until in own]

    def between(self, first: int, last: int) -> int:
        """The quota by days of a period, both ends in it."""
        found = 0
        for quota, since, until, amount in self.quotas:
            days = min(last, until) - max(first, since) + 1
            if days > 0:
                found += n.half_away(amount * days, quota.last - quota.first + 1)
        return found


def _quota_parts(quota: _Quota, planned: dict[int, int], month: int) -> Found:
    """K10 to date of the quarter."""
    start = quarter_start(month)
    to_date = quota.between(first_day(start), last_day(month))
    found: Found = {("K10", "company"): (sum(planned.get(m, 0) for m in range(start, month + 1)), to_date)}
    return found


def _share_parts(world: World, sales: Sales, rates: Rates) -> dict[int, Part]:
    """K33 by month: the newest period that is over, newest versions, all segments and regions."""
    amounts = amounts_of(sales)
    by_end: dict[int, Part] = {}
    for end in sorted({period_months(one.period)[1] for one in world.sizes}):
        chosen = [one for one in world.sizes if period_months(one.period)[1] == end]
        newest = max(one.version for one in chosen)
        net = size = 0
        for one in chosen:
            if one.version == newest:
                first, last = period_months(one.period)
                size += size_of(one, rates)
                months = amounts[one.segment, one.region]
                net += sum(sum(by.values()) for month, by in months.items() if first <= month <= last)
        by_end[end] = (net, size)
    return {
        month: next((by_end[end] for end in sorted(by_end, reverse=True) if end <= month), (None, None))
        for month in range(FIRST, LAST + 1)
    }


def _value(code: str, variant: str, part: Part) -> int | None:
    """The KPI in hundred-millionths; none where a part is missing or the denominator allows no ratio."""
    numerator, denominator = part
    if numerator is None:
        return None
    if (code, variant) in AMOUNTS:
        return numerator * n.UNIT
    if denominator is None:
        return None
    value = n.quotient(numerator, denominator)
    return value if code != "K41" or value is None else 100 * value


def _row(code: str, variant: str, month: int, part: Part) -> dict[str, Any]:
    key = {"fiscal_month": month_text(month), "kpi_code": code, "kpi_variant": variant}
    wide = [None if side is None else n.ratio(side * n.UNIT) for side in part]
    value = n.ratio(_value(code, variant, part))
    return {"key": key, "values": {"kpi_value": value, "kpi_numerator": wide[0], "kpi_denominator": wide[1]}}


AMOUNTS = {("K01", "main"), ("K02", "main"), ("K03", "main"), ("K05", "amount")}


def executive_rows(facts: Facts, board: Board, produced: Months) -> list[dict[str, Any]]:
    """All rows, by month and KPI."""
    totals = totals_of(facts.cells)
    shares = _share_parts(facts.world, facts.sales, facts.rates)
    quota = _Quota(facts.world, facts.rates)
    pipeline = pipeline_parts(board, quota)
    planned: dict[int, int] = {}
    for one in facts.credited:
        planned[month_of(one.day)] = planned.get(month_of(one.day), 0) + one.plan
    earned: dict[int, int] = {}
    for pay in facts.earned:
        earned[month_of(pay.day)] = earned.get(month_of(pay.day), 0) + pay.amount
    rows = []
    for month in range(FIRST, LAST + 1):
        parts = {
            **_sales_parts(totals[month], totals, month),
            **_quota_parts(quota, planned, month),
            **pipeline[month],
            **_deal_parts(facts.deals, month),
            **_customer_parts(facts.customers, month),
            ("K33", "main"): shares[month],
            **_answer_parts(facts.answers, month),
            ("K67", "main"): (earned.get(month, 0), totals[month].net),
            **company_parts(produced, month),
        }
        rows += [_row(code, variant, month, part) for (code, variant), part in sorted(parts.items())]
    return rows
