"""Accruals of one payee, what comes back of them, and adjustments when a whole tier is reached."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from quality.commission.facts import OWN_RATE, Facts
from quality.commission.paid import Timeline
from quality.commission.quotas import Quotas, bounds_of, tier_at
from quality.commission.terms import (
    RATE,
    Component,
    Entry,
    Event,
    Line,
    Person,
    Positive,
    Row,
    half_away,
    minor,
)

_PERIOD = {"month": 0, "quarter": 1, "year": 2}


@dataclass
class Standing:
    """Credits of a payee in one period: their sum, and the highest that it was after any event."""

    total: int = 0
    highest: int = 0


@dataclass
class Book:
    """Rows of one component version in one period, in order; `uncapped` is their sum before the cap."""

    rows: list[Row] = field(default_factory=list)
    uncapped: int = 0
    tier: int = 0


class Earner:
    """Goes through the events of one payee in order."""

    def __init__(self, facts: Facts, person: Person, timelines: dict[tuple[str, str, str], Timeline]) -> None:
        self.facts, self.person, self.timelines = facts, person, timelines
        self.entries: list[Entry] = []
        self.rows: list[Row] = []
        self.standings: dict[str, Standing] = defaultdict(Standing)
        self.books: dict[tuple[Component, str], Book] = defaultdict(Book)
        self.positives: dict[tuple[Component, Line], list[Positive]] = defaultdict(list)
        self.waiting: dict[tuple[Component, Line], int] = defaultdict(int)  # came back, to be taken later
        self.quotas = Quotas(facts, person)

    def run(self) -> None:
        """All days: the credits of a day first, then what was paid on it of lines with a base of cash."""
        events = self.facts.events.get(self.person.code, [])
        cash = self._cash_events(events)
        by_day: dict[int, list[Event]] = defaultdict(list)
        for event in events:
            by_day[event.day].append(event)
        for day in sorted({*by_day, *cash}):
            for event in by_day.get(day, []):
                self._credit(event)
            for component, line, base in sorted(cash.get(day, []), key=_turn):
                self._cash(component, day, line, base)

    def components(self, day: int) -> list[Component]:
        """Those that hold for a credit of that day."""
        plan, rate = self.person.on(day)
        if plan is not None:
            found = self.facts.components.get(plan, [])
            return [one for one in found if one.valid_from <= day < one.valid_to]
        if rate is None:
            return []
        currency = self.facts.reporting
        own = Component(
            "(none)", OWN_RATE, 0, 10**9, "net_revenue", "flat", "booking", "month", currency,
            self.facts.steps[currency], ((0, rate),),
        )  # fmt: skip
        return [own]

    def _credit(self, event: Event) -> None:
        periods = self.facts.periods[event.day]
        before = [self.standings[name].total for name in periods]
        for component in self.components(event.credit_day):
            base = self.base(component, event) if component.base != "cash" else None
            if not base or component.family not in (None, event.family):
                continue
            if base > 0:
                at = _PERIOD[component.period]
                self._accrue(component, periods[at], event, base, before[at])
            elif event.is_known:
                self._claw(component, event.day, event.line, -base)
        self._stand(event, before)

    def _stand(self, event: Event, before: list[int]) -> None:
        """Where attainment stands after the event; whole tiers that it reached hold for the whole period."""
        periods = self.facts.periods[event.day]
        for name, total in zip(periods, before, strict=True):
            standing = self.standings[name]
            standing.total = total + event.credit
            standing.highest = max(standing.highest, standing.total)
        for (component, period), book in list(self.books.items()):
            if component.mode == "whole" and period in periods:
                self._move(component, period, book, event.day)

    def base(self, component: Component, event: Event) -> int | None:
        """What the rate is applied to, in the component's currency; none where it is not known."""
        if component.base == "quantity":
            return event.quantity
        if component.base in ("net_revenue", "cash"):
            if event.currency == component.currency:
                return event.net
            amount = event.net_reporting
        else:
            if event.cost is None:
                return None
            amount = event.net_reporting - event.cost
        if component.currency == self.facts.reporting:
            return amount
        rate = self.facts.plan_rate(component.currency, event.credit_day)
        return None if rate is None else half_away(amount * RATE, rate)

    def _may_accrue(self, component: Component, day: int) -> bool:
        return self.person.exited is None or day <= self.person.exited + component.tail_days

    def _accrue(self, component: Component, period: str, event: Event, base: int, before: int) -> None:
        positive = self._positive(component, event.day, event.line, base)
        if not self._may_accrue(component, event.day):
            return
        for part, rate in self._parts(component, period, event, base, before):
            self._post(component, period, positive, part, rate)

    def _positive(self, component: Component, day: int, line: Line, base: int) -> Positive:
        """A new event to take returns from; what came back before it and waited is taken at once."""
        taken = min(self.waiting[component, line], base)
        self.waiting[component, line] -= taken
        positive = Positive(day, line, base, taken)
        self.positives[component, line].append(positive)
        return positive

    def _parts(
        self, component: Component, period: str, event: Event, base: int, before: int
    ) -> list[tuple[int, int]]:
        """Parts of the base with their rates."""
        quota = (
            self.quotas.of(period) if component.mode != "flat" or component.threshold is not None else None
        )
        if quota is None:
            return [(base, component.tiers[0][1])]
        steps = component.steps()
        bounds = bounds_of(component, quota)
        if component.mode == "whole":
            return [(base, steps[tier_at(bounds, self.standings[period].highest)][1])]
        after = before + event.credit
        inside = [bound for bound in bounds[1:] if before < bound < after]
        parts, done = [], 0
        for low, high in zip([before, *inside], [*inside, after], strict=True):
            upto = base if high == after else half_away(base * (high - before), event.credit)
            parts.append((upto - done, steps[tier_at(bounds, low)][1]))
            done = upto
        return parts

    def _post(self, component: Component, period: str, positive: Positive, base: int, rate: int) -> None:
        book = self.books[component, period]
        amount = minor(base * rate, RATE, component.step)
        accrued = _capped(component, book.uncapped, amount)
        book.uncapped += amount
        row = Row(component, period, positive.day, positive.line, base, rate, accrued)
        row.returned = half_away(base * positive.returned, positive.base)
        row.clawed = _clawed(row)
        for rows in (book.rows, self.rows, positive.rows):
            rows.append(row)
        row.note(row.day)
        self._enter(row, "accrual", row.day, accrued - row.clawed)

    def _enter(self, row: Row, kind: str, day: int, amount: int) -> None:
        first = kind == "accrual"
        component = row.component
        base, rate = (row.base, row.rate) if first else (None, None)
        names = (self.person.code, component.plan, component.name, kind)
        self.entries.append(Entry(*names, day, row.line, base, rate, component.currency, amount))

    def _claw(self, component: Component, day: int, line: Line, base: int) -> None:
        """Take what comes back from the positive events of its line, the oldest first."""
        for positive in self.positives[component, line]:
            taken = min(base, positive.base - positive.returned)
            if taken <= 0:
                continue
            base -= taken
            positive.returned += taken
            for row in positive.rows:
                row.returned = half_away(row.base * positive.returned, positive.base)
                self._recover(row, day)
        self.waiting[component, line] += base

    def _recover(self, row: Row, day: int) -> None:
        clawed = _clawed(row)
        if clawed != row.clawed:
            self._enter(row, "clawback", day, row.clawed - clawed)
            row.clawed = clawed
            row.note(day)

    def _move(self, component: Component, period: str, book: Book, day: int) -> None:
        """All rows of the period go to the rate of the tier that was reached."""
        quota = self.quotas.of(period)
        if quota is None:
            return
        steps = component.steps()
        bounds = bounds_of(component, quota)
        tier = tier_at(bounds, self.standings[period].highest)
        if tier <= book.tier:
            return
        book.tier, book.uncapped = tier, 0
        for row in book.rows:
            row.rate = steps[tier][1]
            before = row.accrued - row.clawed
            amount = minor(row.base * row.rate, RATE, component.step)
            row.accrued = _capped(component, book.uncapped, amount)
            book.uncapped += amount
            row.clawed = _clawed(row)
            if row.accrued - row.clawed != before:
                self._enter(row, "adjustment", day, row.accrued - row.clawed - before)
                row.note(day)

    def _cash_events(self, events: list[Event]) -> dict[int, list[tuple[Component, Line, int]]]:
        """By day: what the cash base of each line changed by."""
        bases: dict[tuple[Component, Line], list[tuple[int, int]]] = defaultdict(list)
        for event in events:
            for component in self.components(event.credit_day):
                base = self.base(component, event) if component.base == "cash" else None
                if base and event.is_known and component.family in (None, event.family):
                    bases[component, event.line].append((event.day, base))
        found: dict[int, list[tuple[Component, Line, int]]] = defaultdict(list)
        for (component, line), changes in bases.items():
            timeline = timeline_of(self.facts, self.timelines, line, "payment")
            before = 0
            for day in sorted({*(day for day, _ in changes), *timeline.days}):
                base = sum(change for when, change in changes if when <= day)
                part, worth = timeline.on(day, line[2])
                now = half_away(base * part, worth) if worth else base
                if now != before:
                    found[day].append((component, line, now - before))
                before = now
        return found

    def _cash(self, component: Component, day: int, line: Line, base: int) -> None:
        if base < 0:
            self._claw(component, day, line, -base)
            return
        positive = self._positive(component, day, line, base)
        if not self._may_accrue(component, day):
            return
        period = self.facts.periods[day][_PERIOD[component.period]]
        quota = (
            self.quotas.of(period) if component.mode != "flat" or component.threshold is not None else None
        )
        rate = component.tiers[0][1]
        if quota is not None:
            steps = component.steps()
            bounds = bounds_of(component, quota)
            rate = steps[tier_at(bounds, self.standings[period].total)][1]
        self._post(component, period, positive, base, rate)


def _turn(one: tuple[Component, Line, int]) -> tuple[bytes, ...]:
    component, line, _ = one
    return (*(text.encode() for text in line), component.name.encode())


def _clawed(row: Row) -> int:
    """What is clawed back of a row for the base that came back, never more than it accrued."""
    return min(minor(row.returned * row.rate, RATE, row.component.step), row.accrued)


def _capped(component: Component, before: int, amount: int) -> int:
    if component.cap is None:
        return amount
    return min(before + amount, component.cap) - min(before, component.cap)


def timeline_of(
    facts: Facts, timelines: dict[tuple[str, str, str], Timeline], line: Line, due_on: str
) -> Timeline:
    """The timeline of the line's order, worked out once."""
    key = (line[0], line[1], due_on)
    if key not in timelines:
        timelines[key] = Timeline(facts, (line[0], line[1]), due_on)
    return timelines[key]
