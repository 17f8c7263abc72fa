"""The truth of mart_crm_adoption: what each rep did in each ISO week, and which of the rep's orders no hand touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipelines.demo import company
from pipelines.demo.calendar import AS_OF
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.credit import NOBODY, Teams
from pipelines.demo.truth.deals import business_day
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.sales import Order
from pipelines.demo.truth.times import FIRST, LAST, date_of, month_of
from pipelines.demo.truth.touches import minute_of
from pipelines.demo.world import World

EVENTS, LEAVE_DAYS, HOUR = 5, 2, 3_600
MINUTES = {"follow_up": 5, "order_entry": 8}
NAME, DEVICE = "crm_adoption", "mobile_activity"
NOTHING_LOGGED = {**parts(NAME, 0, 0), **parts(DEVICE, 0, 0)}
Key = tuple[str, int]  # rep, Monday


@dataclass
class Week:
    """Counts of one rep and week."""

    human: int = 0
    mobile: int = 0
    devices: int = 0
    follow_ups: int = 0
    automatic: int = 0
    orders: int = 0
    touchless: int = 0
    leave: int = 0
    is_active: bool = False
    same_day: int = 0
    lags: list[int] = field(default_factory=list)  # in ten-thousandths of an hour
    deals: int = 0
    updated: int = 0


def monday_of(day: int) -> int:
    """The Monday of a day's week; day 0 was a Thursday."""
    return day - (day + 3) % 7


def week_text(monday: int) -> str:
    """A week as 2024-W07."""
    year, week, _ = date_of(monday).isocalendar()
    return f"{year}-W{week:02d}"


def weeks_of(facts: Facts) -> dict[Key, Week]:
    """Weeks in which a rep is active, or has a touch or an order."""
    weeks: dict[Key, Week] = defaultdict(Week)
    _add_touches(weeks, facts)
    first = min((monday for _, monday in weeks), default=AS_OF + 1)
    _add_orders(weeks, facts)
    _add_people(weeks, first)
    _add_leaves(weeks, facts.world)
    return weeks


def adoption_rows(weeks: dict[Key, Week]) -> list[dict[str, Any]]:
    """All rows."""
    return [
        {"key": {"rep_code": rep, "week": week_text(monday)}, "values": _values(weeks[rep, monday], monday)}
        for rep, monday in sorted(weeks)
    ]


def adoption_values(weeks: dict[Key, Week]) -> dict[tuple[str, str, int], dict[str, Any]]:
    """By rep, team and month, both of the Monday: the weeks in which the rep is due to log, and did (K54)."""
    teams = Teams()
    sums: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for (rep, monday), week in weeks.items():
        if _is_due(week, monday) and FIRST <= month_of(monday) <= LAST:
            one = sums[rep, teams.on(rep, monday), month_of(monday)]
            one[0] += week.human >= EVENTS
            one[1] += 1
    return {key: parts(NAME, used * n.UNIT, due * n.UNIT) for key, (used, due) in sums.items()}


def device_values(facts: Facts) -> dict[tuple[str, str, int], dict[str, Any]]:
    """By rep, team of the day and month: human touches from a mobile device, of those whose device is known (K62)."""
    teams = Teams()
    sums: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for moment, _, row in _touches(facts):
        day, rep = business_day(moment), row["rep"] or NOBODY
        if row["maker"] == "person" and row["device"] is not None and FIRST <= month_of(day) <= LAST:
            one = sums[rep, teams.on(rep, day), month_of(day)]
            one[0] += row["device"] == "mobile"
            one[1] += 1
    return {key: parts(DEVICE, mobile * n.UNIT, known * n.UNIT) for key, (mobile, known) in sums.items()}


def _touches(facts: Facts) -> list[tuple[int, str, dict[str, Any]]]:
    """(moment, id, touch) in order of time."""
    found = []
    columns = (
        "id",
        "system",
        "at",
        "kind",
        "rep",
        "maker",
        "device",
        "logged",
        "direction",
        "account",
        "lead",
        "deal",
    )
    for frame in (facts.world.activities, facts.world.crm.talks):
        known = [name for name in columns if name in frame.columns]
        for row in frame.select(known).iter_rows(named=True):
            found.append((minute_of(row["system"], row["at"]), row["id"], row))
    return sorted(found, key=lambda one: one[:2])


def _add_touches(weeks: dict[Key, Week], facts: Facts) -> None:
    """A follow-up is an outbound touch after the first one of the same party, lead or deal."""
    seen: set[tuple[str, ...]] = set()
    for moment, _, row in _touches(facts):
        week = weeks[row["rep"] or NOBODY, monday_of(business_day(moment))]
        if row["maker"] == "person":
            _add_human(week, moment, row)
        if row["direction"] == "outbound" or _has_no_direction(row):
            about = set(_about(facts, row))
            if about & seen:
                week.follow_ups += 1
                week.automatic += row["maker"] == "rule"
            seen |= about


def _add_human(week: Week, moment: int, row: dict[str, Any]) -> None:
    logged = minute_of(row["system"], row["logged"])
    week.human += 1
    week.devices += row["device"] is not None
    week.mobile += row["device"] == "mobile"
    week.same_day += business_day(logged) == business_day(moment)
    week.lags.append(n.half_away((logged - moment) * n.UNIT, HOUR))


def _has_no_direction(row: dict[str, Any]) -> bool:
    """Zoho keeps none of what is held with somebody: it counts as ours."""
    return row["system"] == "zoho" and row["kind"] in ("meeting", "visit")


def _about(facts: Facts, row: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    if row["account"] is not None:
        yield ("customer", facts.sales.master_of[row["account"]])
    for kind in ("lead", "deal"):
        if row.get(kind) is not None:
            yield (kind, row["system"], row[kind])


def _add_orders(weeks: dict[Key, Week], facts: Facts) -> None:
    entries = dict(facts.world.orders.select("order", "entry").iter_rows())
    for order in facts.sales.orders:
        if order.is_counted:
            rep = order.owner or NOBODY
            is_touchless = entries[order.number] != "manual" and not was_edited(order)
            for day, sign in ((order.business, 1), (order.reversed_on, -1)):
                if day is not None:
                    week = weeks[rep, monday_of(day)]
                    week.orders += sign
                    week.touchless += sign * is_touchless


def was_edited(order: Order) -> bool:
    """Whether the ERP tells of an edit by hand: of two orders in seven."""
    return order.number % 7 >= 5


def _add_people(weeks: dict[Key, Week], first: int) -> None:
    for one in company.reps():
        for monday in range(first, monday_of(AS_OF) + 1, 7):
            if one.hire <= min(monday + 6, AS_OF) and (one.exit is None or one.exit >= monday):
                weeks[one.code, monday].is_active = True


def _add_leaves(weeks: dict[Key, Week], world: World) -> None:
    away: set[tuple[str, int]] = set()
    for rep, kind, first, last, _ in world.pay.events.iter_rows():
        if kind == "leave":
            away |= {(rep, day) for day in range(first, last + 1)}
    for rep, day in away:
        if (rep, monday_of(day)) in weeks:
            weeks[rep, monday_of(day)].leave += 1


def _hours(count: int, process: str) -> str | None:
    return n.money(n.average(count * MINUTES[process] * n.UNIT, 60 * n.UNIT))


def _median(units: list[int]) -> int | None:
    ordered, middle = sorted(units), len(units) // 2
    if not ordered:
        return None
    return ordered[middle] if len(units) % 2 else n.half_away(ordered[middle - 1] + ordered[middle], 2)


def _is_due(week: Week, monday: int) -> bool:
    return monday + 6 <= AS_OF and week.is_active and week.leave <= LEAVE_DAYS


def _values(week: Week, monday: int) -> dict[str, Any]:
    is_over = monday + 6 <= AS_OF
    is_due = _is_due(week, monday)
    is_used = is_due and week.human >= EVENTS
    used = (is_used * n.UNIT, is_due * n.UNIT) if is_over else (None, None)
    return {
        "is_active": week.is_active,
        "leave_day_count": week.leave,
        "activity_count": week.human,
        **parts(NAME, *used),
        **parts(DEVICE, week.mobile * n.UNIT, week.devices * n.UNIT),
        "device_unknown_count": week.human - week.devices,
        "logging_lag_median_hours": n.money(_median(week.lags)),
        **parts("same_day_log", week.same_day * n.UNIT, week.human * n.UNIT),
        **parts("automation", week.automatic * n.UNIT, week.follow_ups * n.UNIT),
        **parts("touchless_order", week.touchless * n.UNIT, week.orders * n.UNIT),
        "entry_unknown_count": 0,
        "follow_up_hours_saved_estimate": _hours(week.automatic, "follow_up"),
        "order_entry_hours_saved_estimate": _hours(week.touchless, "order_entry"),
        "hours_saved_assumption_version": "v1",
        "adoption_status": "ok" if is_over else "immature",
        **parts("deal_update", *((week.updated * n.UNIT, week.deals * n.UNIT) if is_over else (None, None))),
    }
