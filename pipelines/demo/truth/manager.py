"""The truth of mart_manager_credit: per manager and month what the force sold, each order once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pipelines.demo import company
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.credit import Credit, Payees
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.sales import Order
from pipelines.demo.truth.times import close_day, month_of, month_text

Totals = dict[tuple[str, int], list[int]]  # orders, gross, net, shares


class Bosses:
    """Who was above whom on a day."""

    def __init__(self) -> None:
        self.versions: dict[str, list[company.Rep]] = defaultdict(list)
        for rep in company.reps():
            self.versions[rep.code].append(rep)
        self.known: dict[tuple[str, int], set[str]] = {}

    def _on(self, rep: str, number: int) -> company.Rep:
        versions = self.versions[rep]
        return next((one for one in reversed(versions) if one.valid_from <= number), versions[0])

    def of(self, rep: str, number: int) -> set[str]:
        """Everybody above, and the rep too, if somebody was below."""
        if (rep, number) not in self.known:
            self.known[rep, number] = set(self._above(rep, number))
        return self.known[rep, number]

    def _above(self, rep: str, number: int) -> Iterator[str]:
        if rep not in self.versions:
            return
        if any(self._on(other, number).manager == rep for other in self.versions):
            yield rep
        boss = self._on(rep, number).manager
        while boss is not None:
            yield boss
            boss = self._on(boss, number).manager


class Forces:
    """Whose force has a share of an order, from the day of the order on and after each edit of its split."""

    def __init__(self, facts: Facts, bosses: Bosses) -> None:
        self.bosses, self.payees = bosses, Payees(facts.world)
        self.orders = {order.id: order for order in facts.sales.orders}

    def _on(self, order: Order, number: int) -> set[str]:
        """The managers who had some payee of some line below on a day."""
        found: set[str] = set()
        for line in order.lines:
            if line.is_revenue:
                shares = [
                    shares for since, shares in self.payees.versions(order, line.number) if since <= number
                ][-1]
                for rep, share in shares:
                    found |= self.bosses.of(rep, order.business) if share > 0 else set()
        return found

    def posts(self, own: str, number: int) -> Iterator[tuple[str, int, int]]:
        """(manager, day, sign) of what an order came to on a day; an edit of a closed month has its own day."""
        order = self.orders[own]
        edits = {
            since
            for line in order.lines
            for since, _ in self.payees.versions(order, line.number)
            if since > number
        }
        held = self._on(order, number)
        open_until = max((day for day in edits if day <= close_day(number)), default=None)
        if open_until is not None:
            held = self._on(order, open_until)
        yield from ((boss, number, 1) for boss in held)
        for day in sorted(edits):
            if day > close_day(number):
                new = self._on(order, day)
                yield from ((boss, day, -1) for boss in held - new)
                yield from ((boss, day, 1) for boss in new - held)
                held = new


def _sums(facts: Facts) -> dict[tuple[str, int], list[int]]:
    """By order and day what it came to: orders, gross, net. What edits moved is no new money."""
    found: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in facts.credited:
        if one.order and one.edited is None:
            found[one.order, one.day][1] += one.gross
            found[one.order, one.day][2] += one.net
    for order in facts.sales.orders:
        if order.is_counted:
            found[order.id, order.business][0] += 1
            if order.reversed_on is not None:
                found[order.id, order.reversed_on][0] -= 1
    return found


def _add_shares(totals: Totals, bosses: Bosses, one: Credit) -> None:
    for boss in bosses.of(one.rep, one.ordered):
        own = totals[boss, month_of(one.day)]
        own[3] += one.net
        if not one.order:
            own[2] += one.net


def manager_rows(facts: Facts) -> list[dict[str, Any]]:
    """All rows."""
    bosses = Bosses()
    forces = Forces(facts, bosses)
    totals: Totals = defaultdict(lambda: [0, 0, 0, 0])
    for one in facts.credited:
        _add_shares(totals, bosses, one)
    for (order, number), amounts in _sums(facts).items():
        for boss, day, sign in forces.posts(order, number):
            for at, amount in enumerate(amounts):
                totals[boss, month_of(day)][at] += sign * amount
    return [
        {
            "key": {"manager_code": boss, "fiscal_month": month_text(month)},
            "values": {
                "order_count": count,
                "order_gross_revenue": n.money(gross),
                "order_net_revenue": n.money(net),
                "credited_net_revenue": n.money(own),
            },
        }
        for (boss, month), (count, gross, net, own) in sorted(totals.items())
    ]
