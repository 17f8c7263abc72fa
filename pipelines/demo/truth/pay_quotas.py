"""The quota that pay is measured by: of a rep in any period, by days and by what the ramp asks of each month."""

from __future__ import annotations

from collections import defaultdict

from pipelines.demo import company
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.standing import standing
from pipelines.demo.truth.times import Rates, date_of, first_day, last_day, month_of
from pipelines.demo.world import World

RAMP = 4  # months until the whole quota counts, a quarter more in each


class Quotas:
    """Quotas of all reps in the reporting currency."""

    def __init__(self, world: World, rates: Rates) -> None:
        self.of_rep: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
        for one, since, until in standing(one for one in world.quotas if one.owner_type == "rep"):
            amount = n.converted(one.amount, rates.plan(one.currency or "CNY", date_of(one.first).year))
            self.of_rep[one.owner].append((since, until, one.last - one.first + 1, amount))
        self.ramp_from = {one.code: month_of(one.hire) for one in company.reps() if one.ramp is not None}
        self.known: dict[tuple[str, int, int], int] = {}

    def of(self, rep: str, month: int, length: int) -> int:
        """The quota of the months from one on; 0 where there is none."""
        key = (rep, month, length)
        if key not in self.known:
            months = range(month, month + length)
            self.known[key] = sum(self._part(rep, quota, months) for quota in self.of_rep[rep])
        return self.known[key]

    def _part(self, rep: str, quota: tuple[int, int, int, int], months: range) -> int:
        """Days that ramp alike are taken together."""
        first, last, whole, amount = quota
        days: dict[int, int] = defaultdict(int)
        for month in months:
            overlap = min(last, last_day(month)) - max(first, first_day(month)) + 1
            if overlap > 0:
                days[min(RAMP, month - self.ramp_from.get(rep, 0))] += overlap
        return sum(n.half_away(n.half_away(amount * count, whole) * age, RAMP) for age, count in days.items())
