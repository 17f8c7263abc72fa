"""Months and rates of the truth. A month is counted as year x 12 + month - 1."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from pipelines.demo import company
from pipelines.demo.calendar import AS_OF, START
from pipelines.demo.truth.numbers import RATE
from pipelines.demo.world import World

_EPOCH = date(1970, 1, 1)
MAX_AGE = 3  # days that a rate stays good
CLOSE_DAYS = 5


def date_of(number: int) -> date:
    """The date of a day number."""
    return _EPOCH + timedelta(days=number)


@cache
def month_of(number: int) -> int:
    """The month of a day number."""
    found = date_of(number)
    return found.year * 12 + found.month - 1


def month_text(month: int) -> str:
    """A month as 2024-10."""
    return f"{month // 12}-{month % 12 + 1:02d}"


@cache
def first_day(month: int) -> int:
    """The first day of a month."""
    return (date(month // 12, month % 12 + 1, 1) - _EPOCH).days


def last_day(month: int) -> int:
    """The last day of a month."""
    return first_day(month + 1) - 1


FIRST, LAST = month_of(START), month_of(AS_OF)


def quarter_start(month: int) -> int:
    """The first month of the quarter of a month."""
    return month - month % 3


def close_day(number: int) -> int:
    """The day on which the month of a day is closed."""
    return last_day(month_of(number)) + CLOSE_DAYS


class Rates:
    """Rates to the reporting currency, in hundred-millionths."""

    def __init__(self, world: World) -> None:
        self.days: dict[str, dict[int, int]] = {}
        for currency, number, rate in world.rates.select("currency", "day", "rate").iter_rows():
            self.days.setdefault(currency, {})[number] = rate

    def spot(self, currency: str, number: int) -> int | None:
        """The newest spot rate that is not too old on that day; none if there is none."""
        if currency == "CNY":
            return RATE
        known = self.days[currency]
        return next((known[number - age] for age in range(MAX_AGE + 1) if number - age in known), None)

    def last_in(self, currency: str, month: int) -> int:
        """The last spot rate of a month, as far as it is known."""
        found = self.known_in(currency, month)
        assert found is not None
        return found

    def known_in(self, currency: str, month: int) -> int | None:
        """The last spot rate of a month; none if there is none."""
        if currency == "CNY":
            return RATE
        known = self.days.get(currency, {})
        last = max((number for number in known if month_of(number) == month), default=None)
        return None if last is None else known[last]

    def mean(self, currency: str, first: int, last: int) -> int:
        """The average of the spot rates published in a period."""
        if currency == "CNY":
            return RATE
        found = [rate for number, rate in self.days[currency].items() if first <= number <= last]
        return (2 * sum(found) + len(found)) // (2 * len(found))

    def plan(self, currency: str, year: int) -> int:
        """The plan rate of a fiscal year."""
        return RATE if currency == "CNY" else company.PLAN_RATES[year][currency]
