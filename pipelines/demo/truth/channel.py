"""The truth of mart_channel_performance, and the sums by channel and month that the executive overview needs too."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.pay import Earned
from pipelines.demo.truth.sales import UNKNOWN, Sales, entries
from pipelines.demo.truth.times import FIRST, LAST, Rates, month_of, month_text
from pipelines.demo.world import World

ACQUIRING = ("marketing", "prospecting", "onboarding")  # types of cost that win customers
COUNTS = ("order_count", "order_line_count", "return_line_count", "customer_count")


@dataclass
class Cell:
    """Sums of one channel and month, in ten-thousandths of the reporting currency."""

    gross: int = 0
    discount: int = 0
    returned: int = 0
    plan: int = 0
    quantity: int = 0
    lines: int = 0
    return_lines: int = 0
    orders: int = 0
    cost: int = 0
    costed: int = 0
    has_cost: bool = False
    has_lines: bool = False
    paid_gross: int = 0
    paid_discount: int = 0
    cohort: int = 0
    direct: int = 0
    shared: int = 0
    acquisition: int = 0
    commission: int = 0
    buyers: set[str] = field(default_factory=set)
    by_customer: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def net(self) -> int:
        """K02."""
        return self.gross - self.discount - self.returned

    @property
    def is_costed(self) -> bool:
        """Whether a margin is known: some line has a cost, or there is nothing that could have one."""
        return self.has_cost or not self.has_lines

    @property
    def all_costs(self) -> int:
        """What the channel cost: its own, its part of the pools, and what people earned by its orders."""
        return self.direct + self.shared + self.commission

    @property
    def sold(self) -> int:
        """Gross less discount, before returns."""
        return self.gross - self.discount

    def add(self, other: Cell) -> None:
        """Add the sums of another cell."""
        for name in self.__dataclass_fields__:
            if name in ("buyers", "by_customer", "has_cost", "has_lines"):
                continue
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.has_cost |= other.has_cost
        self.has_lines |= other.has_lines
        self.buyers |= other.buyers
        for customer, amount in other.by_customer.items():
            self.by_customer[customer] += amount


Cells = dict[tuple[str, int], Cell]


def cells_of(world: World, sales: Sales, rates: Rates, earned: list[Earned]) -> Cells:
    """Sums of every channel and month with any fact."""
    cells: Cells = defaultdict(Cell)
    _add_lines(cells, sales)
    _add_returns(cells, sales)
    for order in sales.orders:
        if order.is_counted:
            cell = cells[order.channel, order.month]
            cell.orders += 1
            if order.customer != UNKNOWN:
                cell.buyers.add(order.customer)
            if order.reversed_on is not None:
                cells[order.channel, month_of(order.reversed_on)].orders -= 1
    _add_costs(cells, world, rates)
    for one in earned:
        cells[one.channel, month_of(one.day)].commission += one.amount
    return cells


def _add_lines(cells: Cells, sales: Sales) -> None:
    for day, sign, line in entries(sales):
        if not line.is_revenue:
            continue
        cell = cells[line.order.channel, month_of(day)]
        cell.has_lines = True
        cell.gross += sign * line.gross
        cell.discount += sign * (line.gross - line.net)
        cell.plan += sign * line.net_plan
        cell.quantity += sign * line.quantity * n.UNIT
        cell.lines += sign
        cell.by_customer[line.order.customer] += sign * line.net
        if not line.is_free:
            cell.paid_gross += sign * line.gross
            cell.paid_discount += sign * (line.gross - line.net)
        if line.cost is not None:
            cell.cost += sign * line.cost
            cell.costed += sign * line.net
            cell.has_cost = True


def _add_returns(cells: Cells, sales: Sales) -> None:
    for back in sales.returns:
        cell = cells[back.channel, month_of(back.day)]
        cell.has_lines = True
        cell.returned += back.net
        cell.plan -= back.net_plan
        cell.quantity -= back.quantity * n.UNIT
        cell.return_lines += 1
        cell.by_customer[back.customer] -= back.net
        if back.cost is not None:
            cell.cost -= back.cost
            cell.costed -= back.net
            cell.has_cost = True
        if back.order is not None:
            cells[back.channel, back.order.month].cohort += back.net


def _add_costs(cells: Cells, world: World, rates: Rates) -> None:
    """Direct costs, and each row of a pool over the channels that sold in its month."""
    gross: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for (channel, month), cell in cells.items():
        if cell.gross > 0:
            gross[month].append((channel, cell.gross))
    for one in world.costs:
        month = month_of(one.first)
        amount = n.converted(one.amount, rates.last_in(one.currency, month))
        if one.channel is not None:
            cells[one.channel, month].direct += amount
            cells[one.channel, month].acquisition += amount if one.type in ACQUIRING else 0
            continue
        weights = gross[month] or [(UNKNOWN, 1)]
        for (channel, _), part in zip(weights, n.spread(amount, weights), strict=True):
            cells[channel, month].shared += part
            cells[channel, month].acquisition += part if one.type in ACQUIRING else 0


def _concentration(cell: Cell) -> tuple[int | None, int | None, int | None]:
    """HHI in ten-thousandths, the ten largest customers' sum, and the sum of all positive ones."""
    positive = sorted((a for c, a in cell.by_customer.items() if a > 0 and c != UNKNOWN), reverse=True)
    whole = sum(positive)
    if whole == 0:
        return None, None, None
    index = n.half_away(10_000 * n.UNIT * sum(a * a for a in positive), whole * whole)
    return index, sum(positive[:10]), whole


def parts(name: str, numerator: int | None, denominator: int | None) -> dict[str, str | None]:
    """The three columns of a ratio; without one of its parts it has no value."""
    value = n.quotient(numerator, denominator) if numerator is not None and denominator is not None else None
    return {
        f"{name}_numerator": n.money(numerator),
        f"{name}_denominator": n.money(denominator),
        f"{name}_ratio": n.ratio(value),
    }


def growth(name: str, now: int, before: int | None) -> dict[str, str | None]:
    """Growth against a month before; nothing where that was negative, no ratio where it was zero."""
    if before is None or before < 0:
        return parts(name, None, None)
    return parts(name, now - before, before)


def values_of(cell: Cell) -> dict[str, str | int | None]:
    """The columns of a row that follow from its own sums."""
    total = cell.all_costs
    costed = cell.costed if cell.is_costed else None
    margin = cell.costed - cell.cost if cell.is_costed else None
    contribution = margin - total if margin is not None else None
    index, top, positive = _concentration(cell)
    average = n.average(cell.sold, cell.orders * n.UNIT)
    return {
        "gross_revenue": n.money(cell.gross),
        "discount_amount": n.money(cell.discount),
        "return_amount": n.money(cell.returned),
        "net_revenue": n.money(cell.net),
        "net_revenue_constant_currency": n.money(cell.plan),
        "net_quantity": n.money(cell.quantity),
        "order_count": cell.orders,
        "order_line_count": cell.lines,
        "return_line_count": cell.return_lines,
        "cost_amount": n.money(cell.cost) if cell.is_costed else None,
        "costed_net_revenue": n.money(costed),
        "gross_margin_amount": n.money(margin),
        **parts("gross_margin", margin, costed),
        **parts("cost_coverage", costed, cell.net),
        **parts("discount", cell.paid_discount, cell.paid_gross),
        **parts("return_period", cell.returned, cell.sold),
        **parts("return_cohort", cell.cohort, cell.sold),
        **parts("return_line", cell.return_lines * n.UNIT, cell.lines * n.UNIT),
        "average_order_value": n.money(average),
        "average_order_value_numerator": n.money(cell.sold),
        "average_order_value_denominator": n.money(cell.orders * n.UNIT),
        "customer_count": len(cell.buyers),
        "customer_hhi_index": n.money(index),
        **parts("top10_customer", top, positive),
        "channel_cost_amount": n.money(cell.direct),
        "allocated_cost_amount": n.money(cell.shared),
        "commission_amount": n.money(cell.commission),
        "total_channel_cost_amount": n.money(total),
        "contribution_amount": n.money(contribution),
        **parts("channel_roi", contribution, total),
        "cost_components": "channel_cost,commission",
        **parts("cost_of_sale", total, cell.net),
        **parts("commission_cost", cell.commission, cell.net),
    }


def _neighbours(cells: Cells, totals: dict[int, Cell], channel: str, month: int) -> dict[str, str | None]:
    """The columns that compare a row with other channels and other months."""
    cell = cells.get((channel, month), Cell())
    before: dict[int, int | None] = {}
    for gap in (1, 12):
        known = month - gap >= FIRST
        before[gap] = cells.get((channel, month - gap), Cell()).net if known else None
    last_year, whole = before[12], totals[month].net
    prior = totals[month - 12].net if last_year is not None else None
    return {
        **parts("channel_mix", cell.net, whole),
        **parts("prior_channel_mix", last_year, prior),
        "prior_month_net_revenue": n.money(before[1]),
        "prior_year_net_revenue": n.money(last_year),
        **growth("growth_month", cell.net, before[1]),
        **growth("growth_year", cell.net, last_year),
    }


def totals_of(cells: Cells) -> dict[int, Cell]:
    """The whole company by month."""
    found: dict[int, Cell] = {month: Cell() for month in range(FIRST, LAST + 1)}
    for (_, month), cell in cells.items():
        found[month].add(cell)
    return found


def channel_rows(cells: Cells) -> list[dict[str, Any]]:
    """All rows: each channel from its first to its last month with a fact."""
    totals = totals_of(cells)
    seen: dict[str, list[int]] = defaultdict(list)
    for channel, month in cells:
        seen[channel].append(month)
    found = []
    for channel in sorted(seen):
        for month in range(min(seen[channel]), max(seen[channel]) + 1):
            cell = cells.get((channel, month), Cell())
            values = {**values_of(cell), **_neighbours(cells, totals, channel, month)}
            found.append(
                {"key": {"channel_code": channel, "fiscal_month": month_text(month)}, "values": values}
            )
    return found
