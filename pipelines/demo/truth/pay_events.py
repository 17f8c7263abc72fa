"""What variable pay follows from: what each payee is credited with of a line and day, and what is paid of a line."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pipelines.demo import company
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.credit import NOBODY, Credit
from pipelines.demo.truth.sales import UNKNOWN, Line, Order, Sales, posts
from pipelines.demo.truth.times import Rates, date_of
from pipelines.demo.world import World

FAMILY = {one.id: one.family for one in company.products()}


@dataclass(slots=True)
class Event:
    """Credits of one payee, line and day, or of one return and day. Returns and reversals are negative.

    `since` is the credit date, `at` the place of a return among all of them; a return of an order that nobody knows
    has no line. `credit` is what attainment counts.
    """

    day: int
    since: int
    team: str
    channel: str
    line: Line | None
    at: int
    family: str | None
    currency: str
    own: int = 0
    net: int = 0
    cost: int | None = 0
    quantity: int = 0
    credit: int = 0

    @property
    def turn(self) -> tuple[int, str, str, int]:
        """Its place in the order of events: a line before its returns."""
        order, number = (self.line.order.id, str(self.line.number)) if self.line else ("", "")
        return (self.day, order, number, self.at)


def events_of(credited: list[Credit], sales: Sales, rates: Rates) -> dict[str, list[Event]]:
    """By payee, in order; nobody and strangers are paid nothing, and credits that cancel out are no event."""
    places = {id(back): at for at, back in enumerate(sales.returns)}
    found: dict[tuple[str, int, int], Event] = {}
    for one in credited:
        if one.rep not in (NOBODY, UNKNOWN):
            event = found.setdefault((one.rep, id(one.of), one.day), _begun(one, places))
            event.own += one.own
            event.net += one.net
            event.cost = None if one.cost is None or event.cost is None else event.cost + one.cost
            event.quantity += one.quantity
    by_payee: dict[str, list[Event]] = defaultdict(list)
    for (rep, _, day), event in found.items():
        if event.own:
            event.credit = n.converted(event.own, rates.plan(event.currency, date_of(day).year))
            by_payee[rep].append(event)
    return {rep: sorted(own, key=lambda one: one.turn) for rep, own in by_payee.items()}


def _begun(one: Credit, places: dict[int, int]) -> Event:
    if isinstance(one.of, Line):
        return _event(one, one.of, one.of.order.channel, one.of.order.currency, -1)
    return _event(one, one.of.line, one.of.channel, one.of.currency, places[id(one.of)])


def _event(one: Credit, line: Line | None, channel: str, currency: str, at: int) -> Event:
    family = FAMILY.get(line.product or "") if line else None
    return Event(one.day, one.ordered, one.team, channel, line, at, family, currency)


class Paid:
    """Which part of a line is paid by a day: the payments of its order over its lines by their worth."""

    def __init__(self, world: World, sales: Sales) -> None:
        self.payments: dict[str, list[tuple[int, int]]] = defaultdict(list)
        if len(world.payments):
            good = world.payments.filter(world.payments["why"].is_null())
            for order, day, amount in good.select("id", "day", "amount").iter_rows():
                self.payments[order].append((day, amount))
        self.returned: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for back in sales.returns:
            if back.line is not None:
                self.returned[id(back.line)].append((back.day, back.net_own))

    def days(self, order: Order) -> set[int]:
        """The days on which something changes."""
        backs = {day for line in order.lines for day, _ in self.returned[id(line)]}
        return {day for day, _ in posts(order)} | backs | {day for day, _ in self.payments[order.id]}

    def of(self, line: Line, day: int) -> tuple[int, int]:
        """What is paid of the line by the end of the day, and what the line is worth then."""
        order = line.order
        sign = sum(sign for when, sign in posts(order) if when <= day)
        worth = [
            (str(one.number), max(0, sign * one.net_own - _until(self.returned[id(one)], day)))
            for one in order.lines
        ]
        whole = sum(part for _, part in worth)
        at = order.lines.index(line)
        if whole == 0:
            return 0, 0
        money = min(max(0, _until(self.payments[order.id], day)), whole)
        return n.spread(money, worth)[at], worth[at][1]


def _until(changes: list[tuple[int, int]], day: int) -> int:
    return sum(amount for when, amount in changes if when <= day)
