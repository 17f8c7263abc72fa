"""On which days a quota stands: those of its own that no later version of the same owner and metric covers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pipelines.demo.people import Quota


def number_of(quota: Quota) -> int:
    """The number of a version: 10 of v10."""
    return int(quota.version[1:])


def standing(quotas: Iterable[Quota]) -> list[tuple[Quota, int, int]]:
    """(quota, first day, last day) of every unbroken run of its days."""
    by_owner: dict[tuple[str, str, str], list[Quota]] = defaultdict(list)
    for one in quotas:
        by_owner[one.owner_type, one.owner, one.metric].append(one)
    return [
        (one, first, last)
        for group in by_owner.values()
        for one in group
        for first, last in _runs(one, group)
    ]


def _runs(one: Quota, group: list[Quota]) -> list[tuple[int, int]]:
    covers = [
        (other.first, other.last)
        for other in group
        if number_of(other) > number_of(one) and other.first <= one.last and other.last >= one.first
    ]
    if not covers:
        return [(one.first, one.last)]
    left = [d for d in range(one.first, one.last + 1) if not any(a <= d <= b for a, b in covers)]
    starts = [d for d in left if d - 1 not in left]
    ends = [d for d in left if d + 1 not in left]
    return list(zip(starts, ends, strict=True))
