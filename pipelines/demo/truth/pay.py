"""Variable pay, replayed event by event from the company's plans: what people earn of what they are credited with.

Only what is earned, by the day on which it is: accruals, what comes back of them, and what moves when a tier is
reached. Reserves, draws and payouts move money that is earned already. Money in ten-thousandths, rates and
attainments in hundred-millionths.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from pipelines.demo import company
from pipelines.demo.plans import Plan, plans
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.credit import Credit
from pipelines.demo.truth.pay_events import Event, Paid, events_of
from pipelines.demo.truth.pay_quotas import Quotas
from pipelines.demo.truth.sales import Sales
from pipelines.demo.truth.times import Rates, date_of, month_of
from pipelines.demo.world import World

MONTHS = {"month": 1, "quarter": 3, "year": 12}
STEP = {"CNY": 100, "EUR": 100, "JPY": n.UNIT}  # the smallest amount that is paid
Period = tuple[int, int]  # its first month, and how many it has


@dataclass(slots=True, eq=False)
class Part:
    """A base at a rate; `earned` before anything came back, `told` what was counted of it so far."""

    event: Event
    day: int
    base: int
    rate: int
    earned: int = 0
    back: int = 0
    told: int = 0


@dataclass
class Sale:
    """What one event earns in one component: its base, what came back of it, its parts by tier."""

    base: int
    back: int = 0
    parts: list[Part] = field(default_factory=list)

    def part_back(self) -> list[Part]:
        """Its parts, each with its share of what came back."""
        for part in self.parts:
            part.back = n.half_away(part.base * self.back, self.base)
        return self.parts


@dataclass
class Book:
    """All parts of a component in a period; `tier` is the one reached where it holds for the whole period."""

    parts: list[Part] = field(default_factory=list)
    tier: int = 0


@dataclass(frozen=True)
class Earned:
    """What one payee earned on a day in a channel, in the reporting currency."""

    rep: str
    team: str
    channel: str
    day: int
    amount: int


def earned_of(world: World, sales: Sales, credited: list[Credit], rates: Rates) -> list[Earned]:
    """Of everybody whom the company has hired."""
    paid, quotas, found = Paid(world, sales), Quotas(world, rates), plans(world.scale)
    by_payee = events_of(credited, sales, rates)
    hired = {one.code for one in company.reps()}
    return [
        one
        for rep in sorted(hired & set(by_payee))
        for one in Payee(rep, found, quotas, rates).replay(by_payee[rep], paid)
    ]


def period_of(plan: Plan, day: int) -> Period:
    """The period of a component that a day lies in."""
    month, length = month_of(day), MONTHS[plan.period]
    return month - month % length, length


def minor(plan: Plan, base: int, rate: int) -> int:
    """The base at the rate, in whole minor units of the plan's currency."""
    step = STEP[plan.currency]
    return n.half_away(base * rate, n.RATE * step) * step


def steps_of(plan: Plan) -> list[tuple[int, int]]:
    """(from attainment, rate): with a threshold there is nothing below it, and then the tier that holds there."""
    tiers = [(start, rate) for start, _, rate in plan.tiers]
    if plan.threshold is None:
        return tiers
    here = [rate for start, rate in tiers if start <= plan.threshold][-1]
    return [(0, 0), (plan.threshold, here), *(tier for tier in tiers if tier[0] > plan.threshold)]


class Payee:
    """One payee's events in order."""

    def __init__(self, rep: str, found: list[Plan], quotas: Quotas, rates: Rates) -> None:
        self.rep, self.plans, self.quotas, self.rates = rep, found, quotas, rates
        self.versions = [one for one in company.reps() if one.code == rep]
        self.total: dict[Period, int] = defaultdict(int)
        self.top: dict[Period, int] = defaultdict(int)
        self.books: dict[tuple[Plan, Period], Book] = defaultdict(Book)
        self.sales: dict[tuple[Plan, int], list[Sale]] = defaultdict(list)
        self.waiting: dict[tuple[Plan, int], int] = defaultdict(int)
        self.found: list[Earned] = []

    def replay(self, events: list[Event], paid: Paid) -> list[Earned]:
        """Day by day: its credits, then what was paid on it where pay follows the cash."""
        cash = self._cash(events, paid)
        for day in sorted({*(event.day for event in events), *cash}):
            for event in (one for one in events if one.day == day):
                for plan in self._plans(event.since):
                    base = self.base(plan, event)
                    if base and plan.base != "cash":
                        self._take(plan, event, day, base, event.credit)
                self._stand(event)
            for plan, event, change in sorted(cash.get(day, []), key=lambda one: one[1].turn[1:3]):
                self._take(plan, event, day, change, 0)
        return self.found

    def _plans(self, day: int) -> list[Plan]:
        """The components that hold for a credit of that day; without a plan, the rate of the role."""
        then = ([one for one in self.versions if one.valid_from <= day] or self.versions)[-1]
        if then.plan is not None:
            return [
                one
                for one in self.plans
                if one.plan == then.plan and one.first <= day and (one.last is None or day <= one.last)
            ]
        tier = (0, None, company.OWN_RATE[then.role] * (n.RATE // n.UNIT))
        return [
            Plan(
                "(none)",
                "rate",
                "commission",
                "net_revenue",
                "flat",
                "booking",
                "month",
                "CNY",
                (tier,),
                first=0,
            )
        ]

    def base(self, plan: Plan, event: Event) -> int | None:
        """What the rate is applied to, in the plan's currency; none where the component does not take the event."""
        if plan.family not in (None, event.family):
            return None
        if plan.base == "quantity":
            return event.quantity
        if plan.base == "margin":
            return None if event.cost is None else event.net - event.cost
        if event.currency == plan.currency:
            return event.own
        rate = self.rates.plan(plan.currency, date_of(event.since).year)
        return n.half_away(event.net * n.RATE, rate)

    def _take(self, plan: Plan, event: Event, day: int, base: int, credit: int) -> None:
        """A base above zero earns; below, it takes back from what its line earned, the oldest first.

        What comes back before the line has that much waits for what it earns next.
        """
        key = (plan, id(event.line))
        touched: list[Part] = []
        if base > 0:
            sale = Sale(base, min(base, self.waiting[key]))
            self.waiting[key] -= sale.back
            self.sales[key].append(sale)
            if self._may_earn(plan, day):
                period = period_of(plan, day)
                sale.parts = [Part(event, day, *part) for part in self._cut(plan, period, base, credit)]
                self._count(plan, self.books[plan, period], sale.parts)
                touched = sale.part_back()
        elif event.line is not None:
            for sale in self.sales[key]:
                taken = min(-base, sale.base - sale.back)
                base += taken
                sale.back += taken
                touched += sale.part_back()
            self.waiting[key] -= base
        self._tell(plan, touched, day)

    def _may_earn(self, plan: Plan, day: int) -> bool:
        left = self.versions[-1].exit
        return left is None or day <= left + (plan.tail_days or 0)

    def _cut(self, plan: Plan, period: Period, base: int, credit: int) -> list[tuple[int, int]]:
        """Parts of the base with their rates, cut where the credit crosses from one tier into the next."""
        quota = self.quotas.of(self.rep, *period)
        if not quota or (plan.mode == "flat" and plan.threshold is None):
            return [(base, plan.tiers[0][2])]
        bounds = [(n.converted(quota, start), rate) for start, rate in steps_of(plan)]
        if plan.mode == "whole":
            return [(base, bounds[_tier(bounds, self.top[period])][1])]
        before = self.total[period]
        edges = [
            before,
            *(bound for bound, _ in bounds[1:] if before < bound < before + credit),
            before + credit,
        ]
        upto = [n.half_away(base * (edge - before), credit) if credit else base for edge in edges]
        upto[-1] = base
        return [
            (end - begin, bounds[_tier(bounds, low)][1])
            for begin, end, low in zip(upto, upto[1:], edges, strict=False)
        ]

    def _count(self, plan: Plan, book: Book, parts: list[Part]) -> None:
        """What parts that are new to a book earn, and under a cap what all of its parts earn now."""
        book.parts += parts
        reached = 0
        for part in book.parts if plan.cap is not None or not parts else parts:
            amount = minor(plan, part.base, part.rate)
            part.earned = amount
            if plan.cap is not None:
                part.earned = min(reached + amount, plan.cap) - min(reached, plan.cap)
                reached += amount

    def _stand(self, event: Event) -> None:
        """Where attainment stands after an event; a tier that was reached holds for all parts of its period."""
        for length in MONTHS.values():
            month = month_of(event.day)
            period = month - month % length, length
            self.total[period] += event.credit
            self.top[period] = max(self.top[period], self.total[period])
        for (plan, period), book in self.books.items():
            quota = self.quotas.of(self.rep, *period)
            if plan.mode == "whole" and period == period_of(plan, event.day) and quota:
                bounds = [(n.converted(quota, start), rate) for start, rate in steps_of(plan)]
                tier = _tier(bounds, self.top[period])
                if tier > book.tier:
                    book.tier = tier
                    for part in book.parts:
                        part.rate = bounds[tier][1]
                    self._count(plan, book, [])
                    self._tell(plan, book.parts, None)

    def _tell(self, plan: Plan, parts: list[Part], day: int | None) -> None:
        """Count by how much parts are worth more or less than they were; without a day, on their own one."""
        for part in parts:
            now = part.earned - min(minor(plan, part.back, part.rate), part.earned)
            if now != part.told:
                event = part.event
                rate = self.rates.plan(plan.currency, date_of(event.since).year)
                amount = n.converted(now - part.told, rate)
                self.found.append(Earned(self.rep, event.team, event.channel, day or part.day, amount))
                part.told = now

    def _cash(self, events: list[Event], paid: Paid) -> dict[int, list[tuple[Plan, Event, int]]]:
        """By day: what was paid more, or less, of the base of each line."""
        lines: dict[tuple[Plan, int], list[tuple[Event, int]]] = defaultdict(list)
        for event in events:
            for plan in self._plans(event.since):
                base = self.base(plan, event) if plan.base == "cash" else None
                if base and event.line is not None:
                    lines[plan, id(event.line)].append((event, base))
        found: dict[int, list[tuple[Plan, Event, int]]] = defaultdict(list)
        for (plan, _), own in lines.items():
            line, before = own[0][0].line, 0
            assert line is not None
            for day in sorted({event.day for event, _ in own} | paid.days(line.order)):
                base = sum(change for event, change in own if event.day <= day)
                part, worth = paid.of(line, day)
                now = n.half_away(base * part, worth) if worth else base
                if now != before:
                    found[day].append((plan, own[0][0], now - before))
                before = now
        return found


def _tier(bounds: list[tuple[int, int]], amount: int) -> int:
    """The tier an amount stands in; a bound belongs to the tier above it, what lies below all to the first."""
    return max((at for at, (bound, _) in enumerate(bounds) if bound <= amount), default=0)
