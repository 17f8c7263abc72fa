"""The truth of mart_customer_cohort: who came in one month or year and still buys, and for how much."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pipelines.demo.calendar import AS_OF
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.customer import History
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.sales import UNKNOWN
from pipelines.demo.truth.times import FIRST, LAST, last_day, month_of, month_text

Member = tuple[History, set[int]]


def first_channels(facts: Facts) -> dict[str, str]:
    """The channel of each customer's first order."""
    first: dict[str, tuple[int, str, str]] = {}
    for order in facts.sales.orders:
        if order.is_counted:
            own = (order.business, order.id, order.channel)
            first[order.customer] = min(first.get(order.customer, own), own)
    return {customer: channel for customer, (_, _, channel) in first.items()}


def first_order_month(facts: Facts) -> int:
    """The month of the first order of all."""
    return month_of(min(order.business for order in facts.sales.orders if order.is_counted))


def new_customer_status(month: int, first: int) -> str:
    """Partial up to three months after the month of the first order of all: who bought before looks new there."""
    return "partial" if month - first <= 3 else "ok"


def _period(kind: str, month: int) -> int:
    return month if kind == "month" else month // 12


def _text(kind: str, period: int) -> str:
    return month_text(period) if kind == "month" else str(period)


def _bounds(kind: str, period: int) -> tuple[int, int]:
    return (period, period) if kind == "month" else (12 * period, 12 * period + 11)


def _net(own: History, kind: str, period: int) -> int:
    first, last = _bounds(kind, period)
    return own.net(max(first, FIRST), min(last, LAST))


def cohort_rows(facts: Facts) -> list[dict[str, Any]]:
    """Every cohort in each of its ages up to asof, by months and by years."""
    channels, rows, first = first_channels(facts), [], first_order_month(facts)
    for kind in ("month", "year"):
        cohorts: dict[tuple[int, str], list[Member]] = defaultdict(list)
        for name, own in facts.customers.items():
            if own.order_days and name != UNKNOWN:
                active = {_period(kind, month_of(on)) for on in own.order_days}
                cohorts[min(active), channels[name]].append((own, active))
        for (period, channel), members in sorted(cohorts.items()):
            status = new_customer_status(max(_bounds(kind, period)[0], FIRST), first)
            rows += _ages(kind, period, channel, members, status)
    return rows


def _ages(kind: str, start: int, channel: str, members: list[Member], status: str) -> list[dict[str, Any]]:
    rows = []
    first = sum(_net(own, kind, start) for own, _ in members)
    for period in range(start, _period(kind, LAST) + 1):
        active = sum(period in months for _, months in members)
        steady = sum(all(one in months for one in range(start, period + 1)) for _, months in members)
        net = sum(_net(own, kind, period) for own, _ in members)
        key = {
            "cohort_type": kind,
            "cohort_period": _text(kind, start),
            "age": period - start,
            "first_channel_code": channel,
        }
        values = {
            "period": _text(kind, period),
            "cohort_size": len(members),
            "active_customer_count": active,
            "consecutive_customer_count": steady,
            **parts("retention", active * n.UNIT, len(members) * n.UNIT),
            "net_revenue": n.money(net),
            **parts("revenue_retention", net, first),
            "is_complete": last_day(_bounds(kind, period)[1]) <= AS_OF,
            "cohort_status": status,
        }
        rows.append({"key": key, "values": values})
    return rows
