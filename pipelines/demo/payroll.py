"""Invoices, and what people get beside their credit: payouts, disputes, leaves, promotions, awards.

Each is drawn from a generator of its own, so that none of them moves what is drawn elsewhere. Money in
ten-thousandths.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipelines.demo import company
from pipelines.demo.calendar import AS_OF, START, as_date, day, month_bounds, quarter_bounds
from pipelines.demo.columns import UNIT, codes, own_generator
from pipelines.demo.orders import YEN_GAP

AWARDS = ("月度之星", "季度之星", "团队协作", "客户好评")
_CURRENCY = {"CASH": "EUR", "JAPAN": "JPY"}
_RATE = 100_000_000


def invoice_number(order: str) -> pl.Expr:
    """The invoice of an order: SO00000012 has INV00000012, SX00000012 has INVX00000012."""
    return pl.lit("INV") + pl.col(order).str.slice(1).str.strip_prefix("O")


def draw_invoices(seed: int, orders: pl.DataFrame) -> pl.DataFrame:
    """One invoice of each billed order, for one in eight a second one three days later; due in 30 or 60 days."""
    billed = orders.filter(
        pl.col("invoiced").is_not_null() & (pl.col("net") > 0) & pl.col("bill").fill_null(True)
    )
    rng = own_generator(seed, "invoices")
    wanted = pl.Series(rng.random(len(billed)) < 0.125) & (billed["invoiced"] + 8 <= AS_OF)
    step = pl.when(pl.col("currency") == "JPY").then(UNIT).otherwise(100)
    part = (pl.col("net") * pl.Series(rng.integers(30, 71, len(billed))) // 100) // step * step
    base = billed.select("id", "currency", "net", "invoiced").with_columns(
        first=pl.when(wanted & (part > 0)).then(part).otherwise(pl.col("net")),
        terms=pl.Series(np.where(rng.random(len(billed)) < 0.6, 30, 60)),
    )
    number = invoice_number("id")
    one = base.select("id", "currency", "terms", invoice=number, day="invoiced", amount="first")
    two = base.filter(pl.col("first") < pl.col("net")).select(
        "id",
        "currency",
        "terms",
        invoice=number + "-2",
        day=pl.col("invoiced") + 3,
        amount=pl.col("net") - pl.col("first"),
    )
    gap = (pl.col("currency") == "JPY") & pl.col("day").is_in(list(YEN_GAP))
    found = pl.concat([one, two]).with_columns(day=pl.when(gap).then(pl.col("day") + 5).otherwise("day"))
    return found.sort("day", "invoice", maintain_order=True)


def _people() -> list[tuple[str, str | None, int, int]]:
    """(code, plan, first day, last day) of each version of a rep, within the window."""
    found: list[Any] = []
    versions = company.reps()
    for at, one in enumerate(versions):
        later = versions[at + 1] if at + 1 < len(versions) and versions[at + 1].code == one.code else None
        last = min(AS_OF, one.exit or AS_OF, later.valid_from - 1 if later else AS_OF)
        found.append((one.code, one.plan, max(one.valid_from, START), last))
    return found


def _sold(orders: pl.DataFrame) -> dict[tuple[str, int], int]:
    """What the orders of an owner came to in a quarter (year x 4 + quarter), roughly, in CNY."""
    plan = {"CNY": _RATE, **company.PLAN_RATES[2024]}
    found: dict[tuple[str, int], int] = {}
    columns = ("owner", "business", "net", "currency", "cancelled")
    for owner, business, net, currency, cancelled in orders.select(columns).iter_rows():
        if owner is not None and cancelled is None:
            on = as_date(business)
            key = (owner, on.year * 4 + (on.month - 1) // 3)
            found[key] = found.get(key, 0) + net * plan[currency] // _RATE
    return found


def draw_payouts(seed: int, orders: pl.DataFrame) -> pl.DataFrame:
    """Each quarter on the 20th of the month after it, most of what was earned by then; a few runs were cancelled."""
    rng, sold = own_generator(seed, "payouts"), _sold(orders)
    found: list[Any] = []
    for code, plan, first, last in _people():
        for year in range(2021, 2025):
            for quarter in range(1, 5):
                begin, end = quarter_bounds(year, quarter)
                paid = month_bounds(year + quarter // 4, quarter * 3 % 12 + 1)[0] + 19
                share, cancelled = int(rng.integers(80, 121)), rng.random() < 0.03
                if plan is None or not first <= end <= last or paid > AS_OF or begin < START - 31:
                    continue
                currency = _CURRENCY.get(plan, "CNY")
                money = sold.get((code, year * 4 + quarter - 1), 0) * share // 6_000
                rate = company.PLAN_RATES[year].get(currency, _RATE)
                step = UNIT if currency == "JPY" else 100
                amount = money * _RATE // rate // step * step
                if amount > 0:
                    state = "cancelled" if cancelled else "paid"
                    found.append((code, plan, f"{year}-Q{quarter}", amount, currency, paid, state))
    found.sort(key=lambda one: (one[5], one[0]))
    names = ["payee", "plan", "period", "amount", "currency", "day", "state"]
    frame = pl.DataFrame(found, schema=names, orient="row", infer_schema_length=None)
    return frame.with_columns(id=codes("PO", np.arange(1, len(frame) + 1), 6))


def draw_disputes(seed: int, orders: pl.DataFrame) -> pl.DataFrame:
    """Every payee with a plan disputes one order of theirs; one in three of them is still open."""
    rng = own_generator(seed, "disputes")
    found: list[Any] = []
    for code, plan, first, last in _people():
        own = orders.filter(
            (pl.col("owner") == code) & pl.col("business").is_between(first, last) & pl.col("why").is_null()
        )
        if plan is None or len(own) == 0:
            continue
        one = own.row(int(rng.integers(0, len(own))), named=True)
        opened = min(one["business"] + int(rng.integers(20, 70)), AS_OF)
        state = ("open", "accepted", "rejected", "withdrawn", "open", "rejected")[len(found) % 6]
        done = min(opened + int(rng.integers(3, 40)), AS_OF) if state != "open" else None
        currency = _CURRENCY.get(plan, "CNY")
        amount = int(rng.integers(20, 900)) * UNIT
        reason = ("split", "rate", "missing_order")[len(found) % 3]
        found.append((code, one["id"], "1", amount, currency, opened, done, state, reason))
    found.sort(key=lambda one: (one[5], one[0]))
    names = ["payee", "order_id", "line", "amount", "currency", "opened", "resolved", "state", "reason"]
    frame = pl.DataFrame(found, schema=names, orient="row", infer_schema_length=None)
    return frame.with_columns(id=codes("DP", np.arange(1, len(frame) + 1), 5))


def draw_events(seed: int) -> pl.DataFrame:
    """Leaves of five to forty days in every year, promotions of one rep in five, and the exits."""
    rng = own_generator(seed, "hr_events")
    found: list[tuple[str, str, int, int | None, str | None]] = []
    for code in dict.fromkeys(one.code for one in company.reps()):
        one = next(version for version in company.reps() if version.code == code)
        last = one.exit if one.exit is not None else AS_OF
        for year in (2022, 2023, 2024):
            begin = day(f"{year}-01-10") + int(rng.integers(0, 280))
            length = int(rng.choice([5, 5, 10, 10, 40]))
            if one.hire <= begin and begin + length - 1 <= last:
                kind = "parental" if length == 40 else "annual"
                found.append((code, "leave", begin, begin + length - 1, kind))
        on = day("2022-04-01") + 91 * int(rng.integers(0, 10))
        if rng.random() < 0.3 and one.hire <= on <= last:
            found.append((code, "promotion", on, None, "senior"))
        if one.exit is not None:
            found.append((code, "exit", one.exit, None, "resigned"))
    names = ["rep", "type", "first", "last", "detail"]
    return pl.DataFrame(sorted(found), schema=names, orient="row", infer_schema_length=None)


def draw_recognitions(seed: int) -> pl.DataFrame:
    """Some awards each month, the same stars more often than others; a team award has two recipients."""
    rng = own_generator(seed, "recognitions")
    people = [one for one in company.reps() if one.valid_from == one.hire]
    found: list[tuple[int, int, list[str]]] = []
    for month in range(36):
        first, last = month_bounds(2021 + (10 + month) // 12, (10 + month) % 12 + 1)
        for _ in range(int(rng.integers(4, 10))):
            on = int(rng.integers(first, last + 1))
            star = int(60 * rng.random() ** 1.7)
            kind = int(rng.integers(0, len(AWARDS)))
            there = [
                one.code
                for one in (people[star], people[(star + 8) % 60])
                if one.hire <= on <= (one.exit or AS_OF)
            ]
            found.append((on, kind, there[: 2 if AWARDS[kind] == "团队协作" else 1]))
    found.sort(key=lambda one: one[0])
    rows = [
        (f"AW{number:05d}", code, AWARDS[kind], on, (1 + kind) * 50 * UNIT)
        for number, (on, kind, there) in enumerate(found, start=1)
        for code in there
    ]
    return pl.DataFrame(rows, schema=["id", "rep", "type", "day", "points"], orient="row")
