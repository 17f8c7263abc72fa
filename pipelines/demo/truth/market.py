"""The truth of mart_market_penetration."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pipelines.demo.market import Estimate
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.sales import Sales, entries
from pipelines.demo.truth.times import Rates, date_of, first_day, last_day, month_of
from pipelines.demo.world import World

Area = tuple[str, str]
Amounts = dict[Area, dict[int, dict[str, int]]]


def period_months(period: str) -> tuple[int, int]:
    """First and last month of 2023 or 2024-Q2."""
    year = int(period[:4]) * 12
    if len(period) == 4:
        return year, year + 11
    quarter = int(period[-1]) - 1
    return year + 3 * quarter, year + 3 * quarter + 2


def amounts_of(sales: Sales) -> Amounts:
    """K02 by segment and region of the master customer, month and customer."""
    found: Amounts = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for day, sign, line in entries(sales):
        if line.is_revenue and line.order.customer in sales.segment_of:
            area = sales.segment_of[line.order.customer]
            found[area][month_of(day)][line.order.customer] += sign * line.net
    for back in sales.returns:
        if back.customer in sales.segment_of:
            found[sales.segment_of[back.customer]][month_of(back.day)][back.customer] -= back.net
    return found


def buyers_of(sales: Sales) -> dict[Area, dict[int, set[str]]]:
    """Customers with a counted order by segment and region, and month."""
    found: dict[Area, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for order in sales.orders:
        if order.is_counted and order.customer in sales.segment_of:
            found[sales.segment_of[order.customer]][order.month].add(order.customer)
    return found


def _customers(amounts: Amounts, area: Area, first: int, last: int) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for month, by_customer in amounts[area].items():
        if first <= month <= last:
            for customer, amount in by_customer.items():
                found[customer] += amount
    return found


def _index(by_customer: dict[str, int]) -> int | None:
    positive = [amount for amount in by_customer.values() if amount > 0]
    whole = sum(positive)
    if whole == 0:
        return None
    return n.half_away(10_000 * n.UNIT * sum(amount * amount for amount in positive), whole * whole)


def size_of(one: Estimate, rates: Rates) -> int:
    """An estimate at the average rate of its period."""
    first, last = period_months(one.period)
    return n.converted(one.amount, rates.mean(one.currency, first_day(first), last_day(last)))


def market_rows(world: World, sales: Sales, rates: Rates) -> list[dict[str, Any]]:
    """One row per estimate."""
    amounts, buyers = amounts_of(sales), buyers_of(sales)
    found = []
    for one in world.sizes:
        first, last = period_months(one.period)
        area = (one.segment, one.region)
        size, by_customer = size_of(one, rates), _customers(amounts, area, first, last)
        net = sum(by_customer.values())
        served = {name for month in range(first, last + 1) for name in buyers[area][month]}
        key = {
            "segment_code": one.segment,
            "region_code": one.region,
            "market_period": one.period,
            "estimate_version": one.version,
        }
        newest = max(
            o.version for o in world.sizes if (o.segment, o.region) == area and o.period == one.period
        )
        values = {
            "period_start_date": date_of(first_day(first)).isoformat(),
            "period_end_date": date_of(last_day(last)).isoformat(),
            "is_latest_version": one.version == newest,
            "market_size_amount": n.money(size),
            "addressable_customer_count": one.addressable,
            "net_revenue": n.money(net),
            "net_revenue_market_price": n.money(net),
            "served_customer_count": len(served),
            **parts("market_share", net, size),
            "whitespace_amount": n.money(size - net),
            "accounts_without_offer_count": one.addressable - len(served),
            "whitespace_status": "partial",
            "customer_hhi_index": n.money(_index(by_customer)),
        }
        found.append({"key": key, "values": values})
    return found
