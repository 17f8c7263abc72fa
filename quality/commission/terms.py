"""Exact arithmetic and the records that the recomputation works on.

Money and quantities are whole ten-thousandths, rates and attainments whole hundred-millionths, days count from
1970-01-01.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

UNIT = 10_000
RATE = 100_000_000
Line = tuple[str, str, str]  # source system, order, order line


def half_away(numerator: int, denominator: int) -> int:
    """The quotient as a whole number, halves away from zero; denominator > 0."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def minor(numerator: int, denominator: int, step: int) -> int:
    """The quotient in whole minor units of a currency, each `step` ten-thousandths."""
    return half_away(numerator, denominator * step) * step


@dataclass(frozen=True)
class Component:
    """One version of a component of a plan; `tiers` are (from attainment, rate), the lowest first."""

    plan: str
    name: str
    valid_from: int
    valid_to: int
    base: str
    mode: str
    due_on: str
    period: str
    currency: str
    step: int
    tiers: tuple[tuple[int, int], ...]
    family: str | None = None
    threshold: int | None = None
    cap: int | None = None
    draw: int | None = None
    draw_type: str | None = None
    holdback: int = 0
    holdback_days: int = 0
    reserve: int | None = None
    tail_days: int = 0

    def steps(self) -> list[tuple[int, int]]:
        """Bounds and rates, a threshold among them with nothing below it."""
        if self.threshold is None:
            return list(self.tiers)
        at = max((n for n, (start, _) in enumerate(self.tiers) if start <= self.threshold), default=0)
        above = [(start, rate) for start, rate in self.tiers if start > self.threshold]
        return [(0, 0), (self.threshold, self.tiers[at][1]), *above]


@dataclass
class Event:
    """What one payee was credited with on a day for one order line; a return stands alone."""

    day: int
    line: Line
    is_return: bool
    document: tuple[str, str]  # return and return line
    credit_day: int
    currency: str
    net: int
    net_reporting: int
    cost: int | None
    quantity: int
    family: str | None
    is_known: bool
    credit: int = 0

    @property
    def turn(self) -> tuple[object, ...]:
        """Its place in the order of events."""
        texts = (*self.line, *self.document)
        source, order, line, document, part = (text.encode() for text in texts)
        return (self.day, source, order, line, self.is_return, document, part)


@dataclass
class Row:
    """An accrual and what became of it: `accrued` with its adjustments, `clawed` so far."""

    component: Component
    period: str
    day: int
    line: Line
    base: int
    rate: int
    accrued: int
    clawed: int = 0
    returned: int = 0
    history: list[tuple[int, int]] = field(default_factory=list)

    def note(self, day: int) -> None:
        """Remember the position at the end of a day."""
        if self.history and self.history[-1][0] == day:
            self.history.pop()
        self.history.append((day, self.accrued - self.clawed))


@dataclass
class Positive:
    """A positive event of a line under one component, from which returns are taken."""

    day: int
    line: Line
    base: int
    returned: int
    rows: list[Row] = field(default_factory=list)


class Entry(NamedTuple):
    """One row of the ledger as it must be; `base` and `rate` of accruals only."""

    payee: str
    plan: str
    component: str
    type: str
    posted: int
    line: Line
    base: int | None
    rate: int | None
    currency: str
    amount: int


@dataclass
class Person:
    """A rep: versions are (first day, day after the last, plan, own rate, role, ramp profile)."""

    code: str
    hired: int
    exited: int | None
    versions: list[tuple[int, int, str | None, int | None, str, str | None]]

    def on(self, day: int) -> tuple[str | None, int | None]:
        """Plan and own rate on a day."""
        for first, until, plan, rate, _, _ in self.versions:
            if first <= day < until:
                return plan, rate
        return None, None
