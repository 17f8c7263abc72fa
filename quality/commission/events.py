"""Events: what each payee was credited with, by order line and day."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl

from quality.commission.facts import NOBODY, Candidate, Facts, day, whole
from quality.commission.terms import RATE, UNIT, Event, Line, half_away


def events_of(candidate: Candidate, facts: Facts) -> dict[str, list[Event]]:
    """Credits of one payee, order line and day together, each return line alone; nothing is no event."""
    lines = candidate.read("fct_order_line").select(
        "product_family_code", whole("quantity"), fact_key="order_line_key", known=pl.lit(True),
        document=pl.lit(""), part=pl.lit(""), own_line="line_id",
    )  # fmt: skip
    returns = candidate.read("fct_return_line").select(
        "product_family_code",
        (-whole("quantity")).alias("quantity"),
        fact_key="return_line_key",
        known="is_original_known",
        document="return_id",
        part="line_id",
        own_line=pl.coalesce("order_line_id", "line_id"),
    )
    wanted = (
        (pl.col("credit_type") == "rep_primary")
        & pl.col("is_revenue_line")
        & ~pl.col("payee_code").is_in(NOBODY)
    )
    credited = candidate.read("bridge_order_credit").filter(wanted).select(
        "payee_code", "source_system", "fact_type", "fact_key", "order_id", day("business_date"), day("credit_date"),
        "currency", whole("share"), whole("net_amount"), whole("net_amount_reporting"),
        whole("cost_amount_reporting"),
    )  # fmt: skip
    both = credited.join(pl.concat([lines, returns]), on="fact_key", how="inner")
    found: dict[tuple[Any, ...], Event] = {}
    for row in both.iter_rows(named=True):
        _add_event(found, row)
    by_payee: dict[str, list[Event]] = defaultdict(list)
    for (payee, *_), event in found.items():
        if event.net != 0:
            rate = facts.plan_rate(event.currency, event.day)
            event.credit = event.net_reporting if rate is None else half_away(event.net * rate, RATE)
            by_payee[payee].append(event)
    for events in by_payee.values():
        events.sort(key=lambda one: one.turn)
    return by_payee


def _add_event(found: dict[tuple[Any, ...], Event], row: dict[str, Any]) -> None:
    is_return = row["fact_type"] == "return_line"
    line: Line = (row["source_system"], row["order_id"] or "", row["own_line"])
    key = (row["payee_code"], line, row["business_date"], row["fact_key"] if is_return else "")
    event = found.get(key)
    if event is None:
        event = found[key] = Event(
            day=row["business_date"],
            line=line,
            is_return=is_return,
            document=(row["document"], row["part"]),
            credit_day=row["credit_date"],
            currency=row["currency"],
            net=0,
            net_reporting=0,
            cost=0,
            quantity=0,
            family=row["product_family_code"],
            is_known=row["known"],
        )
    event.net += row["net_amount"]
    event.net_reporting += row["net_amount_reporting"]
    cost = row["cost_amount_reporting"]
    event.cost = None if cost is None or event.cost is None else event.cost + cost
    share = abs(row["share"])
    sign = (
        1 if is_return or row["net_amount"] == 0 or (row["net_amount"] > 0) == (row["quantity"] > 0) else -1
    )
    event.quantity += sign * half_away(row["quantity"] * share, UNIT)
