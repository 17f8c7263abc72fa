"""The quota of a payee in a period, and the tier in which an amount stands."""

from __future__ import annotations

from collections import defaultdict

from quality.commission.facts import Facts, Quota
from quality.commission.terms import RATE, UNIT, Component, Person, half_away


class Quotas:
    """Quotas of one payee by period, by days, season and ramp."""

    def __init__(self, facts: Facts, person: Person) -> None:
        self.facts, self.person = facts, person
        self.known: dict[str, int | None] = {}
        quotas = facts.quotas.get(person.code, [])
        self.own = [
            (_days_held(one, quotas), one.amount, sum(map(facts.weight, range(one.first, one.until))))
            for one in quotas
        ]

    def of(self, period: str) -> int | None:
        """The quota of a period; none where there is none."""
        if period not in self.known:
            days = self.facts.bounds[period]
            total = 0
            for held, amount, whole in self.own:
                overlap: dict[int, int] = defaultdict(int)
                for day in held:
                    if days[0] <= day <= days[-1]:
                        overlap[self._ramp(day)] += self.facts.weight(day)
                for factor, count in overlap.items():
                    total += half_away(half_away(amount * count, whole) * factor, UNIT)
            self.known[period] = total or None
        return self.known[period]

    def _ramp(self, day: int) -> int:
        """The factor of a day: by calendar months since the role began, for those with a profile."""
        role, profile, start = None, None, self.person.hired
        for at, (first, until, _, _, own_role, own_profile) in enumerate(self.person.versions):
            if own_role != role:
                start = first if at else self.person.hired
            role, profile = own_role, own_profile
            if first <= day < until:
                break
        if profile is None:
            return UNIT
        age = _month_number(self.facts, day) - _month_number(self.facts, start)
        ramp = self.facts.ramps.get(profile, self.facts.ramps["default"])
        return ramp[max(0, age)] if age < len(ramp) else UNIT


def _days_held(one: Quota, quotas: list[Quota]) -> list[int]:
    """The days of a quota that no later version covers."""
    later = [other for other in quotas if other.rank > one.rank]
    return [
        day
        for day in range(one.first, one.until)
        if not any(other.first <= day < other.until for other in later)
    ]


def _month_number(facts: Facts, day: int) -> int:
    year, month = facts.periods[day][0].split("-")
    return int(year) * 12 + int(month)


def bounds_of(component: Component, quota: int) -> list[int]:
    """The amounts at which the component's tiers begin."""
    return [half_away(start * quota, RATE) for start, _ in component.steps()]


def tier_at(bounds: list[int], amount: int) -> int:
    """The tier in which an amount stands; a bound belongs to the tier above it."""
    return max((at for at, bound in enumerate(bounds) if bound <= amount), default=0)
