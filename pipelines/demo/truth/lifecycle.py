"""Where each customer stands at the end of a month: its state, its own rhythm of ordering, its lifetime value (K28)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.customer import History, retention
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.sales import UNKNOWN
from pipelines.demo.truth.times import FIRST, date_of, last_day, month_of, month_text

SILENT_DAYS = 60
YEARS = 5
DISCOUNT = Fraction(11, 10)
ENOUGH = 5  # customers behind the retention of a segment


def year_later(number: int) -> int:
    """The same day a year later; 28 February after the 29th."""
    found = date_of(number)
    leap = found.month == 2 and found.day == 29
    return number + (found.replace(day=28 if leap else found.day, year=found.year + 1) - found).days


def ordered(own: History, month: int) -> list[int]:
    """Days of the orders up to the end of a month, each order once."""
    return sorted(on for on in own.order_days if on <= last_day(month))


def rhythm(days: Sequence[int]) -> int | None:
    """Median days between one order and the next, in ten-thousandths."""
    return n.middle([after - before for before, after in pairwise(days)])


def state(own: History, month: int) -> str:
    """What the customer is at the end of a month; the first that holds."""
    days, end = ordered(own, month), last_day(month)
    if not days:
        return "prospect"
    if month_of(days[-1]) < month - 11:
        return "churned"
    silent, gap = end - days[-1], rhythm(days)
    if gap is not None and silent > SILENT_DAYS and silent * n.UNIT > 2 * gap:
        return "at_risk"
    pairs = pairwise(days)
    if any(after > year_later(before) and month_of(after) >= month - 11 for before, after in pairs):
        return "won_back"
    return "new" if year_later(days[0]) > end else "active"


class Worth:
    """What a unit of this year's margin is worth over five years, by segment, at the end of a month."""

    def __init__(self, facts: Facts, month: int) -> None:
        sums: dict[str | None, list[int]] = defaultdict(lambda: [0, 0])
        self.is_known = True
        for name, own in facts.customers.items():
            held = retention(own, month)
            kept, were = held["logo_numerator"], held["logo_denominator"]
            if kept is None or were is None:
                self.is_known = False
            elif name != UNKNOWN:
                for group in (facts.sales.segment_of.get(name, (None,))[0], "company"):
                    sums[group][0] += kept
                    sums[group][1] += were
        self.sums = sums

    def of(self, segment: str | None) -> Fraction | None:
        """The sum of q^1 to q^5, q the share kept over 1.10; a small segment takes that of the company."""
        if segment is None or self.sums[segment][1] < ENOUGH * n.UNIT:
            segment = "company"
        kept = n.quotient(*self.sums[segment]) if self.is_known else None
        if kept is None:
            return None
        share = Fraction(kept, n.RATE) / DISCOUNT
        return sum((share**year for year in range(1, YEARS + 1)), Fraction(0))


def _margin(own: History, first: int, month: int) -> int | None:
    """Margin over months; unknown where lines were sold and none has a cost."""
    lines = any(first <= one <= month for one in own.has_lines)
    if lines and not any(first <= one <= month for one in own.has_cost):
        return None
    return own.total("costed", first, month) - own.total("cost", first, month)


def lifecycle_values(name: str, own: History, month: int, worth: Fraction | None) -> dict[str, Any]:
    """Columns of one customer at the end of a month."""
    known = name != UNKNOWN
    days, margin = ordered(own, month), _margin(own, month - 11, month)
    forward = None
    if known and worth is not None and margin is not None:
        forward = n.half_away(max(margin, 0) * worth.numerator, worth.denominator)
    kept = sum(on <= last_day(month) for on in own.kept_days) if known else 0
    return {
        "cohort_month": month_text(month_of(days[0])) if days else None,
        "churn_state": state(own, month) if known else "(none)",
        "order_gap_median_days": n.money(rhythm(days)) if known else None,
        "clv_historic_amount": n.money(_margin(own, FIRST, month)),
        "clv_forward_amount": n.money(forward),
        "repeat_ever_numerator": n.money((kept >= 2) * n.UNIT),
        "repeat_ever_denominator": n.money((kept >= 1) * n.UNIT),
    }
