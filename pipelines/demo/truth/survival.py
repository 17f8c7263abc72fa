"""Medians of durations, of those that ended and of all."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

Stay = tuple[int, bool]  # how long it was seen, and whether it ended by then


def kaplan_meier(stays: list[Stay]) -> int | None:
    """The least duration that no more than half exceed, those still going on counted for as long as seen."""
    left, at_risk = Fraction(1), len(stays)
    ended = Counter(length for length, is_over in stays if is_over)
    seen = Counter(length for length, _ in stays)
    for length in sorted(seen):
        left *= 1 - Fraction(ended[length], at_risk)
        if left <= Fraction(1, 2):
            return length
        at_risk -= seen[length]
    return None


def percentile(values: list[int], hundredths: int) -> int | None:
    """The value so far up, in a straight line between its neighbours; of whole units, half away from zero."""
    if not values:
        return None
    ordered = sorted(values)
    place, rest = divmod(hundredths * (len(ordered) - 1), 100)
    above = ordered[min(place + 1, len(ordered) - 1)]
    whole = 100 * ordered[place] + rest * (above - ordered[place])
    return (2 * whole + 100) // 200
