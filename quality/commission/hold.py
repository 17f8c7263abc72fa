"""What is held of an accrual: the holdback until its day, and what is due only when invoiced or paid."""

from __future__ import annotations

from collections.abc import Iterator

from quality.commission.earn import timeline_of
from quality.commission.facts import Facts
from quality.commission.paid import Timeline
from quality.commission.terms import UNIT, Entry, Row, half_away, minor


def held_entries(
    facts: Facts, payee: str, rows: list[Row], timelines: dict[tuple[str, str, str], Timeline], as_of: int
) -> Iterator[Entry]:
    """Every rise and fall of what is held, by the end of each day up to as_of."""
    for row in rows:
        one = row.component
        has_due = one.due_on != "booking" and one.base != "cash"
        if not one.holdback and not has_due:
            continue
        timeline = timeline_of(facts, timelines, row.line, one.due_on) if has_due else None
        kept = owed = 0
        for day in _days(row, timeline, as_of):
            position = next(value for when, value in reversed(row.history) if when <= day)
            whole = minor(position * one.holdback, UNIT, one.step)
            now_kept = whole if day < row.day + one.holdback_days else 0
            now_owed = _due(row, position - whole, timeline, day) if timeline else 0
            for rise in (now_kept - kept, now_owed - owed):
                if rise:
                    kind = "reserve" if rise > 0 else "release"
                    yield Entry(
                        payee, one.plan, one.name, kind, day, row.line, None, None, one.currency, -rise
                    )
            kept, owed = now_kept, now_owed


def _days(row: Row, timeline: Timeline | None, as_of: int) -> list[int]:
    days = {day for day, _ in row.history} | {row.day, row.day + row.component.holdback_days}
    if timeline:
        days |= set(timeline.days)
    return sorted(day for day in days if row.day <= day <= as_of)


def _due(row: Row, amount: int, timeline: Timeline, day: int) -> int:
    """The part of the amount that waits for the share of the line that is not released."""
    part, worth = timeline.on(day, row.line[2])
    if worth == 0:
        return 0
    reserve = row.component.reserve if row.component.reserve is not None else UNIT
    return minor(amount * reserve * (worth - part), UNIT * worth, row.component.step)


def draw_entries(facts: Facts, payee: str, entries: list[Entry], as_of: int) -> Iterator[Entry]:
    """Advances on the first day of a month, and what is forgiven of them on its last."""
    person = facts.people[payee]
    months = {names[0]: facts.bounds[names[0]] for names in facts.periods.values()}
    earned: dict[tuple[str, str, str], int] = {}
    for entry in entries:
        key = (entry.plan, entry.component, facts.periods[entry.posted][0])
        earned[key] = earned.get(key, 0) + entry.amount
    for month, days in months.items():
        first, last = days[0], days[-1]
        if first > as_of or person.hired > first or (person.exited is not None and person.exited < first):
            continue
        for one in facts.components.get(person.on(first)[0] or "", []):
            if not one.draw or not one.valid_from <= first < one.valid_to:
                continue
            yield _plain(payee, one.plan, one.name, "draw", first, one.currency, -one.draw)
            gained = max(0, earned.get((one.plan, one.name, month), 0))
            forgiven = one.draw - min(one.draw, gained)
            if one.draw_type == "non_recoverable" and forgiven and last <= as_of:
                yield _plain(payee, one.plan, one.name, "forgiveness", last, one.currency, forgiven)


def payout_entries(facts: Facts) -> Iterator[Entry]:
    """What was paid."""
    for row in facts.payouts:
        plan, component = row["plan_code"] or "(none)", row["component_code"] or "(none)"
        step = facts.steps.get(row["currency"], 100)
        amount = half_away(row["amount"], step) * step
        yield _plain(
            row["payee_code"], plan, component, "payout", row["business_date"], row["currency"], -amount
        )


def _plain(payee: str, plan: str, name: str, kind: str, day: int, currency: str, amount: int) -> Entry:
    return Entry(payee, plan, name, kind, day, ("", "", ""), None, None, currency, amount)
