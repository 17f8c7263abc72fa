"""Who is credited with what: shares of every line, its reversal and its returns, to the last unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.demo import company
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.sales import UNKNOWN, Line, Order, Return, Sales, posts
from pipelines.demo.truth.times import Rates, date_of
from pipelines.demo.world import World

NOBODY = "(none)"
Shares = list[tuple[str, int]]


@dataclass(slots=True)
class Credit:
    """One payee's part of a line entry or a return; returns and reversals are negative. `share` counts orders."""

    rep: str
    team: str
    day: int
    gross: int
    net: int
    cost: int | None
    plan: int
    order_share: int
    is_return: bool = False


class Teams:
    """Which team a rep was in on a day."""

    def __init__(self) -> None:
        self.versions: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for rep in company.reps():
            self.versions[rep.code].append((rep.valid_from, rep.team))

    def on(self, rep: str, number: int) -> str:
        """The team; the first one also before the first version, `(unknown)` for a rep whom nobody knows."""
        if rep == NOBODY:
            return NOBODY
        if rep not in self.versions:
            return UNKNOWN
        started = [team for since, team in self.versions[rep] if since <= number]
        return started[-1] if started else self.versions[rep][0][1]


class Payees:
    """The rules of credit, the first that gives a result."""

    def __init__(self, world: World) -> None:
        self.splits: dict[tuple[str, str | None], Shares] = defaultdict(list)
        primary = world.credits.filter(world.credits["type"] == "rep_primary")
        for order, line, payee, share in primary.select("order_id", "line", "payee", "share").iter_rows():
            self.splits[order, line].append((payee, share))
        self.owners: dict[str, list[tuple[int, str | None]]] = defaultdict(list)
        own = world.buyers["id"].to_list()
        for customer, since, owner in world.versions.select("customer", "valid_from", "owner").iter_rows():
            self.owners[own[customer]].append((since, owner))

    def of(self, order: Order, line: int) -> Shares:
        """Payees and shares of a line, in order of payee."""
        explicit = self.splits.get((order.id, str(line))) or self.splits.get((order.id, None))
        if explicit:
            return sorted(explicit)
        if order.owner is not None:
            return [(order.owner, n.UNIT)]
        known = [
            owner for since, owner in self.owners.get(order.account or "", []) if since <= order.business
        ]
        if known and known[-1] is not None:
            return [(known[-1], n.UNIT)]
        return [(NOBODY if company.CHANNEL_TYPE.get(order.channel) == "ecommerce" else UNKNOWN, n.UNIT)]


def credits_of(world: World, sales: Sales, rates: Rates) -> list[Credit]:
    """Every primary credit of product and service lines."""
    payees, teams = Payees(world), Teams()
    found: list[Credit] = []
    for order in sales.orders:
        first = min((line.number for line in order.lines if line.is_revenue), default=0)
        for line in order.lines:
            if line.is_revenue:
                shares = payees.of(order, line.number)
                found += _line_credits(order, line, shares, teams, rates, line.number == first)
    found += _return_credits(sales, payees, teams, rates)
    return found


def _line_credits(
    order: Order, line: Line, shares: Shares, teams: Teams, rates: Rates, is_first: bool
) -> Iterator[Credit]:
    gross, net = n.allocated(line.gross, shares), n.allocated(line.net, shares)
    own = n.allocated(line.net_own, shares)
    cost = n.allocated(line.cost, shares) if line.cost is not None else None
    for day, sign in posts(order):
        plan = rates.plan(order.currency, date_of(day).year)
        for at, (rep, share) in enumerate(shares):
            yield Credit(
                rep=rep,
                team=teams.on(rep, order.business),
                day=day,
                gross=sign * gross[at],
                net=sign * net[at],
                cost=sign * cost[at] if cost is not None else None,
                plan=sign * n.converted(own[at], plan),
                order_share=sign * share if is_first else 0,
            )


def _return_credits(sales: Sales, payees: Payees, teams: Teams, rates: Rates) -> Iterator[Credit]:
    """Each piece gets what the sum of pieces so far gets, less what was given before."""
    so_far: dict[int, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for back in sales.returns:
        shares, since = _payees_of_return(back, payees)
        key = id(back.line) if back.line is not None else id(back)
        before = so_far[key]
        after = (before[0] + back.net, before[1] + back.net_own, before[2] + (back.cost or 0))
        so_far[key] = after
        net, own, cost = (
            [b - a for a, b in zip(n.allocated(old, shares), n.allocated(new, shares), strict=True)]
            for old, new in zip(before, after, strict=True)
        )
        plan = rates.plan(back.currency, date_of(back.day).year)
        for at, (rep, _) in enumerate(shares):
            yield Credit(
                rep=rep,
                team=teams.on(rep, since),
                day=back.day,
                gross=0,
                net=-net[at],
                cost=-cost[at] if back.cost is not None else None,
                plan=-n.converted(own[at], plan),
                order_share=0,
                is_return=True,
            )


def _payees_of_return(back: Return, payees: Payees) -> tuple[Shares, int]:
    """Payees of the original line and its credit date; a strange return's own rep and day."""
    if back.order is not None and back.line is not None:
        return payees.of(back.order, back.line.number), back.order.business
    return [(back.owner or UNKNOWN, n.UNIT)], back.day
