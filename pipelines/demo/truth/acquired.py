"""What each channel's new customers brought in and what winning them cost (K32), for mart_channel_performance."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pipelines.demo.calendar import AS_OF
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import Cell, parts
from pipelines.demo.truth.cohort import first_channels, first_order_month, new_customer_status
from pipelines.demo.truth.customer import History
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.sales import UNKNOWN
from pipelines.demo.truth.times import last_day, month_of


def _margin(members: list[History], month: int) -> int | None:
    """Margin of their first twelve months, once these are over; unknown where no line has a cost."""
    year = range(month, month + 12)
    if last_day(month + 11) > AS_OF:
        return None
    if members and not any(one in own.has_cost for own in members for one in year):
        return None
    return sum(own.total("costed", month, year[-1]) - own.total("cost", month, year[-1]) for own in members)


def add_acquired(facts: Facts, rows: list[dict[str, Any]]) -> None:
    """The columns of new customers, put into the rows of channels."""
    channels, first = first_channels(facts), first_order_month(facts)
    started = {
        name: month_of(min(own.order_days))
        for name, own in facts.customers.items()
        if own.order_days and name != UNKNOWN
    }
    members: dict[tuple[str, int], list[History]] = defaultdict(list)
    for name, month in started.items():
        members[channels[name], month].append(facts.customers[name])
    for row in rows:
        channel, text = row["key"]["channel_code"], row["key"]["fiscal_month"]
        month = int(text[:4]) * 12 + int(text[5:]) - 1
        cell, new = facts.cells.get((channel, month), Cell()), members.get((channel, month), [])
        net = sum(amount for name, amount in cell.by_customer.items() if started.get(name) == month)
        margin = _margin(new, month)
        yearly = None if margin is None else 12 * cell.acquisition
        row["values"] |= {
            "new_customer_count": len(new),
            "new_customer_status": new_customer_status(month, first),
            "new_customer_net_revenue": n.money(net),
            "new_customer_margin_12m": n.money(margin),
            **parts("new_customer_revenue", net, cell.net),
            "acquisition_cost_amount": n.money(cell.acquisition),
            **_average("acquisition_cost_per_customer", cell.acquisition, len(new) * n.UNIT),
            **_average("acquisition_payback_months", yearly, margin),
        }


def _average(name: str, numerator: int | None, denominator: int | None) -> dict[str, str | None]:
    known = numerator is not None and denominator is not None
    return {
        name: n.money(n.average(numerator or 0, denominator or 0)) if known else None,
        f"{name}_numerator": n.money(numerator),
        f"{name}_denominator": n.money(denominator),
    }
