"""The facts of a candidate that variable pay follows from, read from its Parquet files as whole numbers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from quality.commission.terms import RATE, UNIT, Component, Event, Line, Person, half_away

NOBODY = ("(none)", "(unknown)")
OWN_RATE = "rate"


def _whole(column: str, places: int = 4) -> pl.Expr:
    return pl.col(column).cast(pl.Decimal(38, places)).to_physical().cast(pl.Int64).alias(column)


def _day(column: str) -> pl.Expr:
    return pl.col(column).to_physical().cast(pl.Int64).alias(column)


@dataclass
class Facts:
    """Everything by payee, order or code."""

    reporting: str
    events: dict[str, list[Event]]
    people: dict[str, Person]
    components: dict[str, list[Component]]
    quotas: dict[str, list[tuple[int, int, int, int]]]  # first day, day after, amount, days
    worth: dict[tuple[str, str], list[tuple[int, str, int]]]  # of an order: day, line, change
    paid: dict[tuple[str, str], list[tuple[int, int]]]
    invoiced: dict[tuple[str, str], list[tuple[int, int]]]
    periods: dict[int, tuple[str, str, str]]  # day: month, quarter, year
    payouts: list[dict[str, Any]]
    plan_rates: dict[tuple[str, str], int]
    steps: dict[str, int]
    bounds: dict[str, list[int]] = field(default_factory=dict)  # period: its days

    def plan_rate(self, currency: str, day: int) -> int | None:
        """To the reporting currency, by the fiscal year of a day."""
        if currency == self.reporting:
            return RATE
        return self.plan_rates.get((currency, self.periods[day][2]))


class Candidate:
    """The tables of a candidate folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, table: str) -> pl.DataFrame:
        """One of them."""
        return pl.read_parquet(self.folder / f"{table}.parquet")

    def rows(self, table: str, *columns: Any, where: Any = None) -> list[dict[str, Any]]:
        """Some columns of one of them."""
        frame = self.read(table)
        return (frame if where is None else frame.filter(where)).select(columns).to_dicts()


def facts_of(folder: Path) -> Facts:
    """Read them all."""
    candidate = Candidate(folder)
    periods, bounds = _periods(candidate)
    reporting = candidate.read("fct_order_line")["reporting_currency"].drop_nulls().first() or ""
    found = Facts(
        reporting=str(reporting),
        events={},
        people=_people(candidate),
        components={},
        quotas=_quotas(candidate),
        worth=defaultdict(list),
        paid=defaultdict(list),
        invoiced=defaultdict(list),
        periods=periods,
        payouts=_payouts(candidate),
        plan_rates=_plan_rates(candidate, periods),
        steps=_steps(candidate),
        bounds=bounds,
    )
    found.components = _components(candidate, found.steps)
    _add_money(candidate, found)
    found.events = _events(candidate, found)
    return found


def _periods(candidate: Candidate) -> tuple[dict[int, tuple[str, str, str]], dict[str, list[int]]]:
    by_day, bounds = {}, defaultdict(list)
    rows = candidate.rows(
        "dim_date",
        _day("date_day"),
        "fiscal_month",
        "fiscal_quarter",
        "fiscal_year",
        where=pl.col("date_day").is_not_null(),
    )
    for row in sorted(rows, key=lambda one: one["date_day"]):
        names = (row["fiscal_month"], row["fiscal_quarter"], str(row["fiscal_year"]))
        by_day[row["date_day"]] = names
        for name in names:
            bounds[name].append(row["date_day"])
    return by_day, bounds


def _people(candidate: Candidate) -> dict[str, Person]:
    rows = candidate.rows(
        "dim_sales_rep", "rep_code", _day("match_from"), _day("valid_to"), "plan_code", "role_code", "ramp_profile",
        _whole("commission_rate", 8), _day("hire_date"), _day("exit_date"),
        where=~pl.col("rep_code").is_in(NOBODY),
    )  # fmt: skip
    found: dict[str, Person] = {}
    for row in sorted(rows, key=lambda one: (one["rep_code"], one["match_from"])):
        hired = row["hire_date"] if row["hire_date"] is not None else row["match_from"]
        person = found.setdefault(row["rep_code"], Person(row["rep_code"], hired, None, []))
        person.exited = row["exit_date"]
        own = (row["match_from"], row["valid_to"], row["plan_code"], row["commission_rate"])
        person.versions.append((*own, row["role_code"], row["ramp_profile"]))
    return found


def _steps(candidate: Candidate) -> dict[str, int]:
    rows = candidate.rows("dim_currency", "currency_code", "minor_unit")
    return {row["currency_code"]: 10 ** (4 - (row["minor_unit"] or 0)) for row in rows}


def _components(candidate: Candidate, steps: dict[str, int]) -> dict[str, list[Component]]:
    tiers = defaultdict(list)
    for row in candidate.rows(
        "bridge_comp_plan_tier", "plan_code", "component_code", _day("valid_from"),
        _whole("from_attainment", 8), _whole("rate", 8),
    ):  # fmt: skip
        key = (row["plan_code"], row["component_code"], row["valid_from"])
        tiers[key].append((row["from_attainment"], row["rate"]))
    rows = candidate.rows(
        "dim_comp_plan", "plan_code", "component_code", _day("valid_from"), _day("valid_to"), "base", "mode", "due_on",
        "period_type", "currency", "product_family_code", _whole("threshold_attainment", 8), _whole("cap_amount"),
        _whole("draw_amount"), "draw_type", _whole("holdback_share"), "holdback_days", _whole("reserve_share"),
        "tail_days",
        where=~pl.col("plan_code").is_in(NOBODY),
    )  # fmt: skip
    found = defaultdict(list)
    for row in rows:
        key = (row["plan_code"], row["component_code"], row["valid_from"])
        found[row["plan_code"]].append(_component(row, tuple(sorted(tiers[key])), steps))
    return found


def _component(row: dict[str, Any], tiers: tuple[tuple[int, int], ...], steps: dict[str, int]) -> Component:
    return Component(
        plan=row["plan_code"],
        name=row["component_code"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        base=row["base"],
        mode=row["mode"],
        due_on=row["due_on"],
        period=row["period_type"],
        currency=row["currency"],
        step=steps[row["currency"]],
        tiers=tiers,
        family=row["product_family_code"],
        threshold=row["threshold_attainment"],
        cap=row["cap_amount"],
        draw=row["draw_amount"],
        draw_type=row["draw_type"],
        holdback=row["holdback_share"] or 0,
        holdback_days=row["holdback_days"] or 0,
        reserve=row["reserve_share"],
        tail_days=row["tail_days"] or 0,
    )


def _quotas(candidate: Candidate) -> dict[str, list[tuple[int, int, int, int]]]:
    wanted = (
        (pl.col("owner_type") == "rep") & (pl.col("metric") == "net_revenue") & pl.col("is_current_version")
    )
    found = defaultdict(list)
    for row in candidate.rows(
        "fct_quota", "owner_code", _day("valid_from"), _day("valid_to"), _whole("amount_reporting"), "interval_days",
        where=wanted,
    ):  # fmt: skip
        own = (row["valid_from"], row["valid_to"], row["amount_reporting"], row["interval_days"])
        found[row["owner_code"]].append(own)
    return found


def _plan_rates(candidate: Candidate, periods: dict[int, tuple[str, str, str]]) -> dict[tuple[str, str], int]:
    """The first plan rate dated in a fiscal year; where it has none its first spot rate."""
    rows = candidate.rows("fct_fx_rate", "from_currency", _day("rate_date"), "rate_type", _whole("rate", 8))
    found: dict[tuple[str, str], int] = {}
    for row in sorted(rows, key=lambda one: (one["rate_type"] != "plan", one["rate_date"])):
        found.setdefault((row["from_currency"], periods[row["rate_date"]][2]), row["rate"])
    return found


def _payouts(candidate: Candidate) -> list[dict[str, Any]]:
    return candidate.rows(
        "fct_commission_payment", "payee_code", "plan_code", "component_code", _day("business_date"), "currency",
        _whole("amount"),
        where=pl.col("state").fill_null("paid") == "paid",
    )  # fmt: skip


def _add_money(candidate: Candidate, found: Facts) -> None:
    """What each order is worth, invoiced and paid, in its own currency, by day."""
    currency = {}
    for row in candidate.rows(
        "fct_order_line", "source_system", "order_id", "line_id", "currency", _day("business_date"),
        _whole("net_amount"),
    ):  # fmt: skip
        key = (row["source_system"], row["order_id"])
        currency[key] = row["currency"]
        found.worth[key].append((row["business_date"], row["line_id"], row["net_amount"]))
    for row in candidate.rows(
        "fct_return_line", "source_system", "order_id", "order_line_id", _day("business_date"), _whole("net_amount"),
        where=pl.col("is_original_known"),
    ):  # fmt: skip
        key = (row["source_system"], row["order_id"])
        found.worth[key].append((row["business_date"], row["order_line_id"], -row["net_amount"]))
    for table, into in (("fct_payment", found.paid), ("fct_invoice", found.invoiced)):
        for row in candidate.rows(
            table, "source_system", "order_id", "currency", _day("business_date"), _whole("amount")
        ):
            key = (row["source_system"], row["order_id"])
            if currency.get(key) == row["currency"]:
                into[key].append((row["business_date"], row["amount"]))


def _events(candidate: Candidate, facts: Facts) -> dict[str, list[Event]]:
    """Credits of one payee, order line and day together, each return line alone; nothing is no event."""
    lines = candidate.read("fct_order_line").select(
        "product_family_code", _whole("quantity"), fact_key="order_line_key", known=pl.lit(True),
        document=pl.lit(""), part=pl.lit(""), own_line="line_id",
    )  # fmt: skip
    returns = candidate.read("fct_return_line").select(
        "product_family_code",
        (-_whole("quantity")).alias("quantity"),
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
        "payee_code", "source_system", "fact_type", "fact_key", "order_id", _day("business_date"), _day("credit_date"),
        "currency", _whole("share"), _whole("net_amount"), _whole("net_amount_reporting"),
        _whole("cost_amount_reporting"),
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
