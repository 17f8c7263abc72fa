"""Recency, frequency and value of customers: scores, segments, and the truth of mart_rfm_migration."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from pipelines.demo.truth.customer import History
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.sales import UNKNOWN
from pipelines.demo.truth.times import FIRST, LAST, date_of, last_day, month_of, month_text

NONE = "(none)"
SMALLEST = 5
Triple = tuple[int, int, int]
# By recency from 5 to 1, the segment for the rounded mean of frequency and value from 5 to 1.
SEGMENTS = {
    5: ("champions", "champions", "potential_loyalist", "potential_loyalist", "new"),
    4: ("champions", "loyal", "potential_loyalist", "potential_loyalist", "promising"),
    3: ("loyal", "loyal", "need_attention", "about_to_sleep", "about_to_sleep"),
    2: ("cannot_lose", "at_risk", "at_risk", "hibernating", "hibernating"),
    1: ("cannot_lose", "at_risk", "at_risk", "lost", "lost"),
}


def segment(scores: Triple) -> str:
    """The segment of three scores."""
    recency, frequency, value = scores
    return SEGMENTS[recency][5 - (frequency + value + 1) // 2]


@dataclass
class Standing:
    """Measures of every customer with an order in two years, their scores, and the worst value of each score."""

    measures: dict[str, Triple]
    scores: dict[str, Triple]
    cuts: dict[int, Triple]

    def fixed(self, found: Triple) -> Triple:
        """Scores of measures by the cuts of this standing."""
        recency, frequency, value = found
        return (
            1 + sum(recency <= cut[0] for cut in self.cuts.values()),
            1 + sum(frequency >= cut[1] for cut in self.cuts.values()),
            1 + sum(value >= cut[2] for cut in self.cuts.values()),
        )


def measured(customers: dict[str, History], month: int) -> dict[str, Triple]:
    """Days since the last order, orders and net revenue of the two years to the end of a month."""
    found, first, end = {}, month - 23, last_day(month)
    for name, own in customers.items():
        days = [on for on in own.order_days if first <= month_of(on) <= month]
        if days and name != UNKNOWN:
            found[name] = (end - max(days), own.total("orders", first, month), own.net(first, month))
    return found


def standing(customers: dict[str, History], month: int) -> Standing:
    """Everyone's scores at the end of a month; none where there are too few."""
    measures = measured(customers, month)
    if len(measures) < SMALLEST:
        return Standing(measures, {}, {})
    by_side = []
    for side, sign in enumerate((1, -1, -1)):
        ranked = sorted(measures, key=lambda name: (sign * measures[name][side], name))
        by_side.append(_fifths(ranked))
    scores = {name: (by_side[0][name], by_side[1][name], by_side[2][name]) for name in measures}
    cuts = {}
    for score in range(2, 6):
        worst = [
            [measures[name][side] for name in measures if scores[name][side] >= score] for side in range(3)
        ]
        cuts[score] = (max(worst[0]), min(worst[1]), min(worst[2]))
    return Standing(measures, scores, cuts)


def _fifths(ranked: list[str]) -> dict[str, int]:
    """5 for the first fifth, 1 for the last; what does not divide goes to the first ones."""
    size, rest = divmod(len(ranked), 5)
    found: dict[str, int] = {}
    for group in range(5):
        start = group * size + min(group, rest)
        for name in ranked[start : start + size + (group < rest)]:
            found[name] = 5 - group
    return found


def _frozen(customers: dict[str, History], month: int, cuts: Standing) -> dict[str, str]:
    """Segments at the end of a month by cuts that were made before."""
    if not cuts.cuts:
        return {}
    return {name: segment(cuts.fixed(found)) for name, found in measured(customers, month).items()}


def year_cuts(customers: dict[str, History], month: int) -> Standing:
    """The standing on the day before the fiscal year of a month starts."""
    return standing(customers, month - month % 12 - 1)


def migration_rows(facts: Facts) -> list[dict[str, Any]]:
    """Moves between segments from one month end to the next, both by the cuts of the month's own year."""
    customers, rows = facts.customers, []
    cuts: dict[int, Standing] = {}
    for month in range(FIRST, LAST + 1):
        year = month // 12
        if year not in cuts:
            cuts[year] = year_cuts(customers, month)
        before, after = (_frozen(customers, one, cuts[year]) for one in (month - 1, month))
        moves = Counter((before.get(name, NONE), after.get(name, NONE)) for name in {*before, *after})
        net: Counter[str] = Counter()
        for (old, new), count in moves.items():
            if old != new:
                net[new] += count
                net[old] -= count
        for (old, new), count in sorted(moves.items()):
            key = {"fiscal_month": month_text(month), "from_segment_code": old, "to_segment_code": new}
            cut_point = date_of(last_day(month - month % 12 - 1)).isoformat()
            values = {"customer_count": count, "net_customer_count": net[new], "cut_point_date": cut_point}
            rows.append({"key": key, "values": values})
    return rows
