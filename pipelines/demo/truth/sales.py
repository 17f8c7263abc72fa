"""Order lines, orders and returns as they must stand in the warehouse: converted, discounted, reversed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.demo import company
from pipelines.demo.calendar import AS_OF
from pipelines.demo.truth.identity import masters
from pipelines.demo.truth.numbers import converted, half_away, spread
from pipelines.demo.truth.times import Rates, close_day, date_of, month_of
from pipelines.demo.world import World

UNKNOWN = "(unknown)"
REVENUE = ("product", "service")
PLAN_YEAR = date_of(AS_OF).year


@dataclass(slots=True)
class Line:
    """One order line. `*_own` is in the order's currency, the rest in the reporting currency, all at `rate`."""

    order: Order
    number: int
    product: str | None
    is_revenue: bool
    is_free: bool
    quantity: int
    gross_own: int
    net_own: int
    unit_cost: int | None
    gross: int
    net: int
    cost: int | None
    net_plan: int
    left: Line | None = None  # what a cancellation takes back, where something had been returned before


@dataclass(slots=True)
class Order:
    """One order; `reversed_on` is the day of a cancellation after its month was closed."""

    number: int
    id: str
    channel: str
    customer: str
    account: str | None
    owner: str | None
    currency: str
    business: int
    placed: int
    rate: int
    is_cancelled: bool
    reversed_on: int | None
    lines: list[Line] = field(default_factory=list)
    is_fully_returned: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether K03 counts it in the month of its business date."""
        return not self.is_cancelled and any(line.is_revenue for line in self.lines)

    @property
    def taken_back(self) -> int | None:
        """The day on which a cancellation stands, which leaves nothing to return."""
        return self.business if self.is_cancelled else self.reversed_on

    @property
    def month(self) -> int:
        """The month of its business date."""
        return month_of(self.business)


@dataclass(slots=True)
class Return:
    """One return line; positive amounts. `line` is the line that came back, if it is known."""

    line: Line | None
    order: Order | None
    day: int
    channel: str
    customer: str
    owner: str | None
    currency: str
    quantity: int
    net_own: int
    net: int
    cost: int | None
    net_plan: int


@dataclass
class Sales:
    """All of it; `segment_of` gives segment and region of a customer."""

    orders: list[Order]
    returns: list[Return]
    segment_of: dict[str, tuple[str, str]]
    master_of: dict[str, str]


def sales_of(world: World, rates: Rates) -> Sales:
    """Orders with their lines and returns; a line without a rate on its day is held back and not here."""
    master_of = masters(world)
    orders = _orders(world, rates, master_of)
    _fill_lines(world, orders, rates)
    returns = _returns(world, orders, rates, master_of)
    _leave_the_rest(orders, returns, rates)
    segments = world.buyers.select("id", "segment", "region").iter_rows()
    return Sales(list(orders.values()), returns, {own: (seg, reg) for own, seg, reg in segments}, master_of)


def _orders(world: World, rates: Rates, master_of: dict[str, str]) -> dict[int, Order]:
    columns = (
        "order", "id", "channel", "customer_id", "owner", "currency", "business", "placed", "cancelled",
    )  # fmt: skip
    found = {}
    for number, own, channel, account, owner, currency, business, placed, off in world.orders.select(
        columns
    ).iter_rows():
        late = off is not None and off > close_day(business)
        found[number] = Order(
            number=number,
            id=own,
            channel=channel or UNKNOWN,
            customer=UNKNOWN if account is None else master_of.get(account, account),
            account=account,
            owner=owner,
            currency=currency,
            business=business,
            placed=placed,
            rate=rates.spot(currency, business) or 0,
            is_cancelled=off is not None and not late,
            reversed_on=off if late and off <= AS_OF else None,
        )
    return found


def _costs() -> dict[str, list[tuple[int, int | None]]]:
    """Standard costs of each product by the day from which they hold, newest first."""
    found: dict[str, list[tuple[int, int | None]]] = {}
    for one in sorted(company.products(), key=lambda product: -product.valid_from):
        found.setdefault(one.id, []).append((one.valid_from, one.cost))
    return found


def _fill_lines(world: World, orders: dict[int, Order], rates: Rates) -> None:
    headers = dict(world.orders.select("order", "header").iter_rows())
    costs = _costs()
    waiting: dict[int, list[dict[str, Any]]] = {}
    for row in world.lines.iter_rows(named=True):
        waiting.setdefault(row["order"], []).append(row)
    for number, rows in waiting.items():
        order = orders[number]
        if order.rate == 0:
            continue
        shares = _header_shares(rows, headers[number] or 0)
        plan = rates.plan(order.currency, PLAN_YEAR)
        for row in rows:
            order.lines.append(_line(order, row, shares.get(row["line"], 0), plan, costs))


def _header_shares(rows: list[dict[str, Any]], header: int) -> dict[int, int]:
    """Each line's share of the discount on the whole order, by line number."""
    taking = [(str(row["line"]), row["net"]) for row in rows if row["kind"] in REVENUE and row["net"] > 0]
    if not header or not taking:
        return {}
    parts = spread(header, taking)
    return {int(name): part for (name, _), part in zip(taking, parts, strict=True)}


def _line(
    order: Order,
    row: dict[str, Any],
    share: int,
    plan: int,
    costs: dict[str, list[tuple[int, int | None]]],
) -> Line:
    gross, net = row["quantity"] * row["unit_price"], row["net"] - share
    unit_cost = row["unit_cost"]
    if unit_cost is None and row["product"] in costs:
        unit_cost = next((cost for since, cost in costs[row["product"]] if since <= order.placed), None)
    cost = None if unit_cost is None else converted(row["quantity"] * unit_cost, order.rate)
    return Line(
        order=order,
        number=row["line"],
        product=row["product"],
        is_revenue=row["kind"] in REVENUE,
        is_free=net == 0 and row["quantity"] > 0,
        quantity=row["quantity"],
        gross_own=gross,
        net_own=net,
        unit_cost=unit_cost,
        gross=converted(gross, order.rate),
        net=converted(net, order.rate),
        cost=cost,
        net_plan=converted(net, plan),
    )


def _returns(world: World, orders: dict[int, Order], rates: Rates, master_of: dict[str, str]) -> list[Return]:
    """Returns in the order of their days; one of more than was ordered, or left, is held back and not here."""
    by_id = {order.id: order for order in orders.values()}
    back: dict[tuple[str, int], int] = {}
    before: dict[tuple[str, int], tuple[int, int]] = {}
    found = []
    for row in world.returns.sort("day", "id").iter_rows(named=True):
        order = by_id.get(row["order_id"])
        if order is None:
            found.append(_strange_return(world, row, rates, master_of))
            continue
        if order.taken_back is not None and row["day"] > order.taken_back:
            continue
        line = next(one for one in order.lines if one.number == row["order_line"])
        key = (order.id, line.number)
        back[key] = back.get(key, 0) + row["quantity"]
        if back[key] <= line.quantity:
            found.append(_return(row, order, line, rates, before.get(key, (0, 0))))
            quantity, net = before.get(key, (0, 0))
            before[key] = (quantity + row["quantity"], net + row["net"])
    for order in orders.values():
        real = [line for line in order.lines if line.is_revenue]
        order.is_fully_returned = bool(real) and all(
            back.get((order.id, line.number), 0) == line.quantity for line in real
        )
    return found


def _leave_the_rest(orders: dict[int, Order], returns: list[Return], rates: Rates) -> None:
    """Of a cancelled line of which something had come back, the rest is taken back; its gross goes by quantity."""
    back: dict[tuple[str, int], tuple[int, int]] = {}
    for one in returns:
        if one.order is not None and one.line is not None and one.order.taken_back is not None:
            quantity, net = back.get((one.order.id, one.line.number), (0, 0))
            back[one.order.id, one.line.number] = (quantity + one.quantity, net + one.net_own)
    for order in orders.values():
        for line in order.lines:
            if (order.id, line.number) in back:
                line.left = _rest(line, *back[order.id, line.number], rates.plan(order.currency, PLAN_YEAR))


def _rest(line: Line, quantity: int, net: int, plan: int) -> Line:
    gross, rate = half_away(line.gross_own * quantity, line.quantity), line.order.rate
    returned = None if line.unit_cost is None else converted(quantity * line.unit_cost, rate)
    return replace(
        line,
        quantity=line.quantity - quantity,
        gross_own=line.gross_own - gross,
        net_own=line.net_own - net,
        gross=line.gross - converted(gross, rate),
        net=line.net - converted(net, rate),
        cost=None if line.cost is None or returned is None else line.cost - returned,
        net_plan=converted(line.net_own - net, plan),
    )


def _return(row: dict[str, Any], order: Order, line: Line, rates: Rates, before: tuple[int, int]) -> Return:
    """A piece is what the converted sum of pieces gains by it, so that all pieces together are the line."""
    quantity, net = before
    cost = None
    if line.unit_cost is not None:
        cost = converted((quantity + row["quantity"]) * line.unit_cost, order.rate)
        cost -= converted(quantity * line.unit_cost, order.rate)
    return Return(
        line=line,
        order=order,
        day=row["day"],
        channel=order.channel,
        customer=order.customer,
        owner=None,
        currency=order.currency,
        quantity=row["quantity"],
        net_own=row["net"],
        net=converted(net + row["net"], order.rate) - converted(net, order.rate),
        cost=cost,
        net_plan=converted(row["net"], rates.plan(order.currency, PLAN_YEAR)),
    )


def _strange_return(world: World, row: dict[str, Any], rates: Rates, master_of: dict[str, str]) -> Return:
    """A return whose order nobody knows stands by its own day, channel, customer and rep, without a cost."""
    account = str(world.buyers["id"][3])
    rate = rates.spot(row["currency"], row["day"])
    assert rate is not None
    return Return(
        line=None,
        order=None,
        day=row["day"],
        channel="dist_cn",
        customer=master_of[account],
        owner="R002",
        currency=row["currency"],
        quantity=row["quantity"],
        net_own=row["net"],
        net=converted(row["net"], rate),
        cost=None,
        net_plan=converted(row["net"], rates.plan(row["currency"], PLAN_YEAR)),
    )


def posts(order: Order) -> list[tuple[int, int]]:
    """(day, sign) of the entries of an order's lines.

    A cancellation reverses them on its own day after the close of the month, else on the day of the order: then
    they stand there and come to nothing.
    """
    if order.is_cancelled:
        return [(order.business, 1), (order.business, -1)]
    late = [] if order.reversed_on is None else [(order.reversed_on, -1)]
    return [(order.business, 1), *late]


def entries(sales: Sales) -> list[tuple[int, int, Line]]:
    """(day, sign, line) of every entry."""
    return [
        (day, sign, line.left or line if sign < 0 else line)
        for order in sales.orders
        for day, sign in posts(order)
        for line in order.lines
    ]
