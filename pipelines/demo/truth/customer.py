"""The truth of mart_customer_360: for the latest month and a sample of earlier ones, every customer with a row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.deals import Answer, Deal, business_day
from pipelines.demo.truth.sales import UNKNOWN, Sales, entries
from pipelines.demo.truth.times import FIRST, LAST, date_of, month_of, month_text
from pipelines.demo.world import World

SAMPLE = (FIRST + 7, FIRST + 22, FIRST + 23, FIRST + 29, LAST)  # one before, one at the first full two years
MONEY = ("gross", "discount", "returned", "costed", "cost", "plan")


@dataclass
class History:
    """One customer, by month; money in ten-thousandths of the reporting currency."""

    sums: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    order_days: list[int] = field(default_factory=list)
    kept_days: list[int] = field(default_factory=list)
    has_cost: set[int] = field(default_factory=set)
    has_lines: set[int] = field(default_factory=set)
    won_days: list[int] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    since: int = LAST

    def total(self, name: str, first: int, last: int) -> int:
        """Sum of a measure over months, both ends in it."""
        return sum(amount for month, amount in self.sums[name].items() if first <= month <= last)

    def net(self, first: int, last: int) -> int:
        """K02 over months."""
        return (
            self.total("gross", first, last)
            - self.total("discount", first, last)
            - self.total("returned", first, last)
        )


def histories(world: World, sales: Sales, deals: list[Deal], answers: list[Answer]) -> dict[str, History]:
    """The history of every master customer, and of `(unknown)`."""
    found: dict[str, History] = defaultdict(History)
    _add_sales(found, sales)
    for deal in deals:
        if deal.is_won and deal.closed is not None:
            found[deal.customer].won_days.append(deal.closed)
    for answer in answers:
        found[answer.customer].answers.append(answer)
    for record, created in world.buyers.select("id", "created_utc").iter_rows():
        own = found[sales.master_of[record]]
        own.since = min(own.since, month_of(business_day(created)))
    found[UNKNOWN].since = FIRST
    for own in found.values():
        own.since = max(FIRST, min([own.since, *(month_of(day) for day in own.order_days)]))
    return found


def _add_sales(found: dict[str, History], sales: Sales) -> None:
    for day, sign, line in entries(sales):
        if line.is_revenue:
            own, month = found[line.order.customer], month_of(day)
            own.sums["gross"][month] += sign * line.gross
            own.sums["discount"][month] += sign * (line.gross - line.net)
            own.sums["plan"][month] += sign * line.net_plan
            _add_cost(own, month, sign * line.net, None if line.cost is None else sign * line.cost)
    for back in sales.returns:
        own, month = found[back.customer], month_of(back.day)
        own.sums["returned"][month] += back.net
        own.sums["plan"][month] -= back.net_plan
        _add_cost(own, month, -back.net, None if back.cost is None else -back.cost)
    for order in sales.orders:
        if order.is_counted:
            own = found[order.customer]
            own.order_days.append(order.business)
            own.sums["orders"][order.month] += 1
            if order.reversed_on is not None:
                own.sums["orders"][month_of(order.reversed_on)] -= 1
            if not order.is_fully_returned:
                own.kept_days.append(order.business)


def _add_cost(own: History, month: int, net: int, cost: int | None) -> None:
    own.has_lines.add(month)
    if cost is not None:
        own.sums["costed"][month] += net
        own.sums["cost"][month] += cost
        own.has_cost.add(month)


def retention(own: History, month: int) -> dict[str, int | None]:
    """Parts of K22, K23 and K24 at the end of a month; none before two whole years are known."""
    names = ("logo", "gross", "net")
    if month - FIRST + 1 < 24:
        return {f"{name}_{part}": None for name in names for part in ("numerator", "denominator")}
    was = any(month - 23 <= month_of(day) <= month - 12 for day in own.order_days)
    is_ = any(month - 11 <= month_of(day) <= month for day in own.order_days)
    before, now = own.total("plan", month - 23, month - 12), own.total("plan", month - 11, month)
    counts = before > 0
    return {
        "logo_numerator": (was and is_) * n.UNIT,
        "logo_denominator": was * n.UNIT,
        "gross_numerator": max(0, min(now, before)) if counts else 0,
        "gross_denominator": before if counts else 0,
        "net_numerator": now if counts else 0,
        "net_denominator": before if counts else 0,
    }


def _windows(own: History, month: int) -> dict[str, Any]:
    year = month - 11
    margin = own.total("costed", year, month) - own.total("cost", year, month)
    is_costed = any(year <= known <= month for known in own.has_cost)
    is_costed |= not any(year <= known <= month for known in own.has_lines)
    return {
        "order_count_total": own.total("orders", FIRST, month),
        "order_count_12m": own.total("orders", year, month),
        "net_revenue_total": n.money(own.net(FIRST, month)),
        "gross_revenue_12m": n.money(own.total("gross", year, month)),
        "discount_amount_12m": n.money(own.total("discount", year, month)),
        "return_amount_12m": n.money(own.total("returned", year, month)),
        "net_revenue_12m": n.money(own.net(year, month)),
        "net_revenue_prior_12m": n.money(own.net(month - 23, month - 12)),
        "gross_margin_12m": n.money(margin) if is_costed else None,
        "net_revenue_month": n.money(own.net(month, month)),
        "order_count_month": own.total("orders", month, month),
    }


def _values(name: str, own: History, month: int) -> dict[str, Any]:
    known = name != UNKNOWN
    kept = sum(month - 11 <= month_of(day) <= month for day in own.kept_days) if known else 0
    kept_parts = ((kept >= 2) * n.UNIT, (kept >= 1) * n.UNIT)
    rated = [a for a in own.answers if not a.is_loyalty and month - 11 <= month_of(a.day) <= month]
    held = retention(own, month)
    if not known:
        held = {part: None if value is None else 0 for part, value in held.items()}
    values: dict[str, Any] = {
        "is_unknown_customer": not known,
        **_windows(own, month),
        **{_long(part): n.money(value) for part, value in held.items()},
        "repeat_purchase_numerator": n.money(kept_parts[0]),
        "repeat_purchase_denominator": n.money(kept_parts[1]),
        "won_count_12m": sum(month - 11 <= month_of(day) <= month for day in own.won_days),
        "csat_numerator": n.money(sum(answer.score >= 4 for answer in rated) * n.UNIT),
        "csat_denominator": n.money(len(rated) * n.UNIT),
    }
    if month == LAST:
        days = sorted(own.order_days)
        values |= {
            "first_order_date": date_of(days[0]).isoformat() if days else None,
            "last_order_date": date_of(days[-1]).isoformat() if days else None,
        }
    return values


def _long(part: str) -> str:
    kind, _, side = part.partition("_")
    return f"{kind}_retention_{side}"


def customer_rows(found: dict[str, History]) -> list[dict[str, Any]]:
    """Rows of the sampled months, each customer from its first month on."""
    rows = []
    for month in SAMPLE:
        for name in sorted(found):
            if found[name].since <= month:
                key = {"master_customer_code": name, "fiscal_month": month_text(month)}
                rows.append({"key": key, "values": _values(name, found[name], month)})
    return rows
