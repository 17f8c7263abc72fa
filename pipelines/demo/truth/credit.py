"""Who is credited with what: shares of every line, its reversal and its returns, to the last unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pipelines.demo import company
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.deals import business_day
from pipelines.demo.truth.sales import UNKNOWN, Line, Order, Return, Sales, posts
from pipelines.demo.truth.times import Rates, close_day, date_of
from pipelines.demo.world import World

NOBODY = "(none)"
ALWAYS = -(10**9)
Shares = list[tuple[str, int]]


@dataclass(slots=True)
class Credit:
    """One payee's part of a line entry or a return; returns and reversals are negative. `share` counts orders.

    `ordered` is the day of the order, whose plan and team hold; `edited` the day of the edit that took this credit
    away or gave it; `own` is net in the order's currency, `quantity` in ten-thousandths of a unit.
    """

    rep: str
    team: str
    day: int
    gross: int
    net: int
    cost: int | None
    plan: int
    order_share: int
    share: int
    ordered: int
    order: str
    of: Line | Return
    own: int
    quantity: int
    is_free: bool
    edited: int | None
    is_reversal: bool = False
    is_return: bool = False
    currency: str = "CNY"


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


Version = tuple[int, Shares]  # the day from which a split holds


class Payees:
    """The rules of credit, the first that gives a result."""

    def __init__(self, world: World) -> None:
        self.splits: dict[tuple[str, str | None], list[Version]] = {}
        primary = world.credits.filter(world.credits["type"] == "rep_primary")
        for order, line, payee, share in primary.select("order_id", "line", "payee", "share").iter_rows():
            self.splits.setdefault((order, line), [(ALWAYS, [])])[0][1].append((payee, share))
        edits = world.pay.edits.sort("day", maintain_order=True) if len(world.pay.edits) else world.pay.edits
        for order, line, payee, share, day, _ in edits.iter_rows():
            versions = self.splits[order, line]
            if versions[-1][0] != day:
                versions.append((day, []))
            versions[-1][1].append((payee, share))
        self.teams = _team_shares(world)
        self.owners: dict[str, list[tuple[int, str | None]]] = defaultdict(list)
        own = world.buyers["id"].to_list()
        for customer, since, owner in world.versions.select("customer", "valid_from", "owner").iter_rows():
            self.owners[own[customer]].append((since, owner))

    def versions(self, order: Order, line: int) -> list[Version]:
        """Payees and shares of a line, in order of payee, from the first version on; only a split has several."""
        explicit = self.splits.get((order.id, str(line))) or self.splits.get((order.id, None))
        if explicit:
            return [(day, sorted(shares)) for day, shares in explicit]
        return [(ALWAYS, self.teams.get(order.id) or [(self._single(order), n.UNIT)])]

    def _single(self, order: Order) -> str:
        if order.owner is not None:
            return order.owner
        known = [
            owner for since, owner in self.owners.get(order.account or "", []) if since <= order.business
        ]
        if known and known[-1] is not None:
            return known[-1]
        return NOBODY if company.CHANNEL_TYPE.get(order.channel) == "ecommerce" else UNKNOWN


def _won_deals(world: World) -> dict[str, list[tuple[str, str, int]]]:
    """The won deals that name an order, by system and id: system, id, and when it was won."""
    named: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    deals = pl.concat([world.deals, world.crm.details.select("order_id")], how="horizontal")
    for system, own, closed, order in deals.select("system", "id", "closed", "order_id").iter_rows():
        if order is not None:
            named[order].append((system, own, closed))
    return {order: sorted(several) for order, several in named.items()}


def _team_shares(world: World) -> dict[str, Shares]:
    """Shares of the team of a won deal that names an order, as they stood when it was won; they sum to one.

    Of several deals that name it the first whose team does so.
    """
    if len(world.pay.shares) == 0:
        return {}
    named = _won_deals(world)
    parts: dict[tuple[str, str], list[tuple[int, str, int]]] = defaultdict(list)
    for own, system, member, _, since, share in world.pay.shares.iter_rows():
        parts[system, own].append((ALWAYS if since is None else since, member, share))
    found: dict[str, Shares] = {}
    for order, deals in named.items():
        for system, own, closed in deals:
            at_win: dict[str, int] = {}
            for since, member, share in sorted(parts.get((system, own), [])):
                if since <= business_day(closed):
                    at_win[member] = share
            if sum(at_win.values()) == n.UNIT:
                found.setdefault(order, sorted(at_win.items()))
    return found


def changes(versions: list[Version], day: int) -> list[tuple[int, int, Shares, int | None]]:
    """(day, sign, shares, edit) of what a row of that day is credited to: the split in force, and each later change.

    A change takes the former credit back and gives the new one: on the day of the row while its month was open,
    else on its own day.
    """
    at = max((number for number, (since, _) in enumerate(versions) if since <= day), default=0)
    found: list[tuple[int, int, Shares, int | None]] = [(day, 1, versions[at][1], None)]
    for since, shares in versions[at + 1 :]:
        posted = since if since > close_day(day) else day
        found += [(posted, -1, found[-1][2], since), (posted, 1, shares, since)]
    return found


def credits_of(world: World, sales: Sales, rates: Rates) -> list[Credit]:
    """Every primary credit of product and service lines."""
    payees, teams = Payees(world), Teams()
    found: list[Credit] = []
    for order in sales.orders:
        first = min((line.number for line in order.lines if line.is_revenue), default=0)
        for line in order.lines:
            if line.is_revenue:
                for day, sign in posts(order):
                    for on, side, shares, edit in changes(payees.versions(order, line.number), day):
                        found += _line_credits(
                            line, shares, teams, rates, (on, sign, side, edit), line.number == first
                        )
    found += _return_credits(sales, payees, teams, rates)
    return found


def _line_credits(
    line: Line,
    shares: Shares,
    teams: Teams,
    rates: Rates,
    when: tuple[int, int, int, int | None],
    is_first: bool,
) -> Iterator[Credit]:
    order, (day, entry, side, edit) = line.order, when
    sign = entry * side
    rest = (line.left or line) if entry < 0 else line
    gross, net = n.allocated(rest.gross, shares), _piece(line.net, rest.net, shares)
    own = _piece(line.net_own, rest.net_own, shares)
    cost = _piece(line.cost, rest.cost, shares) if line.cost is not None and rest.cost is not None else None
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
            share=side * share,
            ordered=order.business,
            order=order.id,
            of=line,
            own=sign * own[at],
            quantity=sign * rest.quantity * share,
            is_free=line.is_free,
            edited=edit,
            is_reversal=entry < 0,
            currency=order.currency,
        )


def _piece(whole: int, rest: int, shares: Shares) -> list[int]:
    """The last piece of a line: what all of it gives each payee, less what the pieces before gave."""
    return [a - b for a, b in zip(n.allocated(whole, shares), n.allocated(whole - rest, shares), strict=True)]


def _return_credits(sales: Sales, payees: Payees, teams: Teams, rates: Rates) -> Iterator[Credit]:
    """Each piece gets what the sum of pieces so far gets, less what was given before."""
    so_far: dict[int, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for back in sales.returns:
        versions, since = _payees_of_return(back, payees)
        key = id(back.line) if back.line is not None else id(back)
        before = so_far[key]
        after = (before[0] + back.net, before[1] + back.net_own, before[2] + (back.cost or 0))
        so_far[key] = after
        for day, side, shares, edit in changes(versions, back.day):
            yield from _return_parts(back, shares, (before, after), teams, rates, (since, day, side, edit))


def _return_parts(
    back: Return,
    shares: Shares,
    sums: tuple[tuple[int, int, int], tuple[int, int, int]],
    teams: Teams,
    rates: Rates,
    when: tuple[int, int, int, int | None],
) -> Iterator[Credit]:
    since, day, side, edit = when
    net, own, cost = (
        [b - a for a, b in zip(n.allocated(old, shares), n.allocated(new, shares), strict=True)]
        for old, new in zip(*sums, strict=True)
    )
    plan = rates.plan(back.currency, date_of(day).year)
    for at, (rep, share) in enumerate(shares):
        yield Credit(
            rep=rep,
            team=teams.on(rep, since),
            day=day,
            gross=0,
            net=-side * net[at],
            cost=-side * cost[at] if back.cost is not None else None,
            plan=-side * n.converted(own[at], plan),
            order_share=0,
            share=side * share,
            ordered=since,
            order=back.order.id if back.order is not None else "",
            of=back,
            own=-side * own[at],
            quantity=-side * back.quantity * share,
            is_free=False,
            edited=edit,
            is_return=True,
            currency=back.currency,
        )


def _payees_of_return(back: Return, payees: Payees) -> tuple[list[Version], int]:
    """Payees of the original line and its credit date; a strange return's own rep and day."""
    if back.order is not None and back.line is not None:
        return payees.versions(back.order, back.line.number), back.order.business
    return [(ALWAYS, [(back.owner or UNKNOWN, n.UNIT)])], back.day
