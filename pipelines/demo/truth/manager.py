"""The truth of mart_manager_credit: per manager and month what the force sold, each order once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pipelines.demo import company
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.credit import Credit, Payees
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.times import month_of, month_text

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


def _forces(facts: Facts, bosses: Bosses) -> dict[str, set[str]]:
    """By order the managers whose force has a share of some line of it today."""
    payees, found = Payees(facts.world), {}
    for order in facts.sales.orders:
        reps = {
            rep
            for line in order.lines
            if line.is_revenue
            for rep, share in payees.versions(order, line.number)[-1][1]
            if share > 0
        }
        found[order.id] = {boss for rep in reps for boss in bosses.of(rep, order.business)}
    return found


def _add(totals: Totals, forces: dict[str, set[str]], bosses: Bosses, one: Credit) -> None:
    month, own = month_of(one.day), bosses.of(one.rep, one.ordered)
    for boss in forces[one.order] if one.order else own:
        totals[boss, month][1] += one.gross
        totals[boss, month][2] += one.net
    for boss in own:
        totals[boss, month][3] += one.net


def manager_rows(facts: Facts) -> list[dict[str, Any]]:
    """All rows."""
    bosses = Bosses()
    forces = _forces(facts, bosses)
    totals: Totals = defaultdict(lambda: [0, 0, 0, 0])
    for one in facts.credited:
        _add(totals, forces, bosses, one)
    for order in facts.sales.orders:
        for boss in forces[order.id] if order.is_counted else ():
            totals[boss, order.month][0] += 1
            if order.reversed_on is not None:
                totals[boss, month_of(order.reversed_on)][0] -= 1
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
