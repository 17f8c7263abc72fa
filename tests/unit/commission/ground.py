"""Facts of one rep, set up by hand: money in whole yuan of the plan, days as ISO dates."""

from datetime import date

from quality.commission.earn import Earner
from quality.commission.facts import Facts, Quota
from quality.commission.hold import draw_entries, held_entries
from quality.commission.terms import RATE, UNIT, Component, Entry, Event, Person

LATE = 10**6


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def units(amount: float) -> int:
    """Ten-thousandths of an amount of at most four decimals."""
    return round(amount * UNIT)


def component(**given: object) -> Component:
    terms: dict[str, object] = {
        "plan": "P",
        "name": "c",
        "valid_from": 0,
        "valid_to": LATE,
        "base": "net_revenue",
        "mode": "flat",
        "due_on": "booking",
        "period": "year",
        "currency": "CNY",
        "step": 100,
        "tiers": ((0, RATE // 20),),
    }
    return Component(**{**terms, **given})  # type: ignore[arg-type]


def sale(on: str, net: float, order: str = "O1", line: str = "1", **given: object) -> Event:
    """A credit of an order line, or, if net is negative, a return of it."""
    fields: dict[str, object] = {
        "day": day(on),
        "line": ("erp", order, line),
        "is_return": net < 0,
        "document": ("R" + on, "1") if net < 0 else ("", ""),
        "credit_day": day(on),
        "currency": "CNY",
        "net": units(net),
        "net_reporting": units(net),
        "cost": None,
        "quantity": UNIT if net > 0 else -UNIT,
        "family": "SENS",
        "is_known": True,
        "credit": units(net),
    }
    return Event(**{**fields, **given})  # type: ignore[arg-type]


def facts(events: list[Event], parts: list[Component], quota: float = 0, exited: str | None = None) -> Facts:
    """Everything about the rep R; the quota is that of 2026."""
    periods, bounds = {}, {}
    for number in range(day("2025-01-01"), day("2028-01-01")):
        on = date.fromordinal(date(1970, 1, 1).toordinal() + number)
        names = (f"{on:%Y-%m}", f"{on.year}-Q{(on.month + 2) // 3}", str(on.year))
        periods[number] = names
        for name in names:
            bounds.setdefault(name, []).append(number)
    person = Person("R", 0, day(exited) if exited else None, [(0, LATE, "P", None, "seller", None)])
    worth: dict[tuple[str, str], list[tuple[int, str, int]]] = {}
    for event in events:
        worth.setdefault(event.line[:2], []).append((event.day, event.line[2], event.net))
    first, after = day("2026-01-01"), day("2027-01-01")
    return Facts(
        reporting="CNY",
        events={"R": sorted(events, key=lambda one: one.turn)},
        people={"R": person},
        components={"P": parts},
        quotas={"R": [Quota(first, after, units(quota))]} if quota else {},
        worth=worth,
        paid={},
        invoiced={},
        periods=periods,
        payouts=[],
        plan_rates={},
        steps={"CNY": 100, "JPY": UNIT},
        bounds=bounds,
    )


def ledger(known: Facts, as_of: str = "2026-12-31") -> list[tuple[str, str, float]]:
    """(type, day, amount) of every row, in the order in which it came about."""
    earner = Earner(known, known.people["R"], {})
    earner.run()
    found = list(earner.entries)
    found += held_entries(known, "R", earner.rows, {}, day(as_of))
    found += draw_entries(known, "R", found, day(as_of))
    return [told(entry) for entry in found]


def told(entry: Entry) -> tuple[str, str, float]:
    on = date.fromordinal(date(1970, 1, 1).toordinal() + entry.posted)
    return entry.type, on.isoformat(), entry.amount / UNIT
