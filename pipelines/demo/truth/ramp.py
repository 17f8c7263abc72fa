"""The truth of mart_rep_ramp: every start in a role, and how long it took to reach the full quota of a month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from pipelines.demo import company
from pipelines.demo.calendar import AS_OF, START
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.rep import rep_sums
from pipelines.demo.truth.survival import kaplan_meier
from pipelines.demo.truth.times import FIRST, LAST, date_of, last_day, month_of, quarter_start

RAMP_MONTHS = 6
FEW = 5
Month = tuple[int, int, int]  # credit, full quota, quota


@dataclass(frozen=True)
class Stint:
    """A rep in one role from `first` until the day `until`, exclusive."""

    rep: str
    role: str
    first: int
    until: int
    exit: int | None


def _stints() -> list[Stint]:
    found: list[Stint] = []
    for one in company.reps():
        if found and found[-1].rep == one.code:
            if found[-1].role == one.role:
                continue
            found[-1] = Stint(one.code, found[-1].role, found[-1].first, one.valid_from, one.exit)
        found.append(Stint(one.code, one.role, one.valid_from, 10**9, one.exit))
    return found


def _months(facts: Facts) -> dict[tuple[str, int], Month]:
    """Per rep and month with a quota."""
    found: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    quoted = set()
    for (rep, _, month), row in rep_sums(facts).items():
        found[rep, month][0] += row.plan
        if row.quota is not None and row.full_quota is not None:
            quoted.add((rep, month))
            found[rep, month][1] += row.full_quota
            found[rep, month][2] += row.quota
    return {key: (sums[0], sums[1], sums[2]) for key, sums in found.items() if key in quoted}


def _time(stint: Stint, months: dict[tuple[str, int], Month]) -> tuple[int, bool] | None:
    """Months until the full quota was reached, or followed so far, and whether it was; none without a beginning."""
    start = month_of(stint.first)
    if start < FIRST + (date_of(START).day > 1):
        return None
    followed, has_quota = 0, False
    for month in range(start, LAST + 1):
        if last_day(month) >= stint.until or (stint.exit is not None and month > month_of(stint.exit)):
            break
        credit, full, _ = months.get((stint.rep, month), (0, 0, 0))
        has_quota |= full > 0
        if full > 0 and credit >= full:
            return month - start + 1, True
        if last_day(month) <= AS_OF or stint.exit is not None:
            followed = month - start + 1
    return (followed, False) if has_quota else None


def _shares(stint: Stint, months: dict[tuple[str, int], Month]) -> tuple[list[int], str]:
    """(ramped at quota, ramped, ramping at seven tenths, ramping), each 0 or 1, and the quarter they are of."""
    first = quarter_start(LAST if last_day(quarter_start(LAST) + 2) <= AS_OF else quarter_start(LAST) - 1)
    end = last_day(first + 2)
    name = f"{first // 12}-Q{first % 12 // 3 + 1}"
    holds = stint.first <= end < stint.until and (stint.exit is None or stint.exit >= end)
    own = [months[stint.rep, month] for month in range(first, first + 3) if (stint.rep, month) in months]
    credit, full, quota = (sum(month[at] for month in own) for at in range(3))
    tenure = first + 2 - month_of(stint.first) + 1
    ramped, ramping = (
        holds and tenure > RAMP_MONTHS and quota > 0,
        holds and tenure <= RAMP_MONTHS and full > 0,
    )
    seven = n.half_away(full * 7, 10)
    return [
        int(ramped and credit >= quota),
        int(ramped),
        int(ramping and credit >= seven),
        int(ramping),
    ], name


def ramp_rows(facts: Facts) -> list[dict[str, Any]]:
    """All rows."""
    months = _months(facts)
    times = {stint: _time(stint, months) for stint in _stints()}
    cases = [time for time in times.values() if time is not None]
    shared = {
        "ramp_km_median_months": kaplan_meier(cases),
        "ramp_longest_months": max((length for length, _ in cases), default=None),
        "ramp_case_count": len(cases),
    }
    return [_row(stint, time, _shares(stint, months), shared) for stint, time in times.items()]


def _row(
    stint: Stint, time: tuple[int, bool] | None, shares: tuple[list[int], str], shared: dict[str, int | None]
) -> dict[str, Any]:
    (ramped, of_ramped, ramping, of_ramping), quarter = shares
    status = "low_n" if (shared["ramp_case_count"] or 0) < FEW else "ok"
    return {
        "key": {"rep_code": stint.rep, "role_start_date": date_of(stint.first).isoformat()},
        "values": {
            "role_code": stint.role,
            "is_current_role": stint.until > AS_OF and (stint.exit is None or stint.exit > AS_OF),
            "ramp_months": None if time is None else time[0],
            "is_censored": None if time is None else not time[1],
            "share_quarter": quarter,
            **parts("ramped", ramped * n.UNIT, of_ramped * n.UNIT),
            **parts("ramping", ramping * n.UNIT, of_ramping * n.UNIT),
            **shared,
            "ramp_status": "no_data" if time is None else status,
        },
    }
