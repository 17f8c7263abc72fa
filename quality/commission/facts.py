"""The facts of a candidate that variable pay follows from, read from its Parquet files as whole numbers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from quality import metrics
from quality.commission.terms import RATE, UNIT, Component, Event, Person

NOBODY = ("(none)", "(unknown)")
OWN_RATE = "rate"
EPOCH = date(1970, 1, 1)


def whole(column: str, places: int = 4) -> pl.Expr:
    """A decimal column as whole units of 10^-places."""
    return pl.col(column).cast(pl.Decimal(38, places)).to_physical().cast(pl.Int64).alias(column)


def day(column: str) -> pl.Expr:
    """A date column as days since 1970-01-01."""
    return pl.col(column).to_physical().cast(pl.Int64).alias(column)


class Quota(NamedTuple):
    """A quota of a payee from a day to the day before another; `rank` sorts versions."""

    first: int
    until: int
    amount: int
    rank: tuple[bool, int, str] = (False, 1, "1")


@dataclass
class Facts:
    """Everything by payee, order or code."""

    reporting: str
    events: dict[str, list[Event]]
    people: dict[str, Person]
    components: dict[str, list[Component]]
    quotas: dict[str, list[Quota]]
    worth: dict[tuple[str, str], list[tuple[int, str, int]]]  # of an order: day, line, change
    paid: dict[tuple[str, str], list[tuple[int, int]]]
    invoiced: dict[tuple[str, str], list[tuple[int, int]]]
    periods: dict[int, tuple[str, str, str]]  # day: month, quarter, year
    payouts: list[dict[str, Any]]
    plan_rates: dict[tuple[str, str], int]
    steps: dict[str, int]
    bounds: dict[str, list[int]] = field(default_factory=dict)  # period: its days
    seasons: dict[int, int] = field(default_factory=dict)  # calendar month: weight of its days in a quota
    ramps: dict[str, tuple[int, ...]] = field(
        default_factory=lambda: ramps_of({})
    )  # profile: by tenure month

    def plan_rate(self, currency: str, on: int) -> int | None:
        """To the reporting currency, by the fiscal year of a day."""
        if currency == self.reporting:
            return RATE
        return self.plan_rates.get((currency, self.periods[on][2]))

    def weight(self, on: int) -> int:
        """What a day weighs when a quota is spread."""
        return self.seasons.get((EPOCH + timedelta(on)).month, 1)


class Candidate:
    """The tables of a candidate folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, table: str) -> pl.DataFrame:
        """One of them."""
        return pl.read_parquet(self.folder / f"{table}.parquet")

    def rows(self, table: str, *columns: Any, where: Any = None) -> list[dict[str, Any]]:
        """Some columns of one of them."""
        frame = pl.scan_parquet(self.folder / f"{table}.parquet")
        return (frame if where is None else frame.filter(where)).select(columns).collect().to_dicts()


def ramps_of(definitions: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """Quota factors of the ramp profiles in ten-thousandths: the run's own, else those of the catalogue."""
    given = definitions.get("ramp_profiles") or metrics.definitions()["ramp_profiles"].value
    return {code: tuple(_units(factor) for factor in factors) for code, factors in given.items()}


def _units(factor: Any) -> int:
    return int((Decimal(str(factor)) * UNIT).quantize(Decimal(1), ROUND_HALF_UP))


def facts_of(folder: Path, definitions: dict[str, Any]) -> Facts:
    """Read them all; `definitions` are those that the run overrides."""
    from quality.commission.events import events_of

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
        seasons=_seasons(candidate),
        ramps=ramps_of(definitions),
    )
    found.components = _components(candidate, found.steps)
    _add_money(candidate, found)
    found.events = events_of(candidate, found)
    return found


def _periods(candidate: Candidate) -> tuple[dict[int, tuple[str, str, str]], dict[str, list[int]]]:
    by_day, bounds = {}, defaultdict(list)
    rows = candidate.rows(
        "dim_date",
        day("date_day"),
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


def _seasons(candidate: Candidate) -> dict[int, int]:
    known = pl.col("date_day").is_not_null()
    rows = candidate.rows("dim_date", pl.col("date_day").dt.month(), "quota_weight", where=known)
    return {row["date_day"]: row["quota_weight"] for row in rows}


def _people(candidate: Candidate) -> dict[str, Person]:
    rows = candidate.rows(
        "dim_sales_rep", "rep_code", day("match_from"), day("valid_to"), "plan_code", "role_code", "ramp_profile",
        whole("commission_rate", 8), day("hire_date"), day("exit_date"),
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
        "bridge_comp_plan_tier", "plan_code", "component_code", day("valid_from"),
        whole("from_attainment", 8), whole("rate", 8),
    ):  # fmt: skip
        key = (row["plan_code"], row["component_code"], row["valid_from"])
        tiers[key].append((row["from_attainment"], row["rate"]))
    rows = candidate.rows(
        "dim_comp_plan", "plan_code", "component_code", day("valid_from"), day("valid_to"), "base", "mode", "due_on",
        "period_type", "currency", "product_family_code", whole("threshold_attainment", 8), whole("cap_amount"),
        whole("draw_amount"), "draw_type", whole("holdback_share"), "holdback_days", whole("reserve_share"),
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


def _quotas(candidate: Candidate) -> dict[str, list[Quota]]:
    wanted = (pl.col("owner_type") == "rep") & (pl.col("metric") == "net_revenue")
    found = defaultdict(list)
    for row in candidate.rows(
        "fct_quota",
        "owner_code",
        day("valid_from"),
        day("valid_to"),
        whole("amount_reporting"),
        "version",
        where=wanted,
    ):
        found[row["owner_code"]].append(
            Quota(row["valid_from"], row["valid_to"], row["amount_reporting"], rank_of(row["version"]))
        )
    return found


def rank_of(version: str) -> tuple[bool, int, str]:
    """How versions sort: whole numbers by value, with or without a v before them, then other texts."""
    number = version[1:] if version[:1] in ("v", "V") else version
    if number.isascii() and number.isdigit() and len(number) <= 18:
        return (False, int(number), version)
    return (True, 0, version)


def _plan_rates(candidate: Candidate, periods: dict[int, tuple[str, str, str]]) -> dict[tuple[str, str], int]:
    """The first plan rate dated in a fiscal year; where it has none its first spot rate."""
    rows = candidate.rows("fct_fx_rate", "from_currency", day("rate_date"), "rate_type", whole("rate", 8))
    found: dict[tuple[str, str], int] = {}
    for row in sorted(rows, key=lambda one: (one["rate_type"] != "plan", one["rate_date"])):
        found.setdefault((row["from_currency"], periods[row["rate_date"]][2]), row["rate"])
    return found


def _payouts(candidate: Candidate) -> list[dict[str, Any]]:
    return candidate.rows(
        "fct_commission_payment", "payee_code", "plan_code", "component_code", day("business_date"), "currency",
        whole("amount"),
        where=pl.col("state").fill_null("paid") == "paid",
    )  # fmt: skip


def _add_money(candidate: Candidate, found: Facts) -> None:
    """What each order is worth, invoiced and paid, in its own currency, by day."""
    currency = {}
    for row in candidate.rows(
        "fct_order_line", "source_system", "order_id", "line_id", "currency", day("business_date"),
        whole("net_amount"),
    ):  # fmt: skip
        key = (row["source_system"], row["order_id"])
        currency[key] = row["currency"]
        found.worth[key].append((row["business_date"], row["line_id"], row["net_amount"]))
    for row in candidate.rows(
        "fct_return_line", "source_system", "order_id", "order_line_id", day("business_date"), whole("net_amount"),
        where=pl.col("is_original_known"),
    ):  # fmt: skip
        key = (row["source_system"], row["order_id"])
        found.worth[key].append((row["business_date"], row["order_line_id"], -row["net_amount"]))
    orders: dict[tuple[str, str], str] = {}
    for table, into in (("fct_invoice", found.invoiced), ("fct_payment", found.paid)):
        for row in candidate.rows(
            table,
            "source_system",
            "order_id",
            "invoice_id",
            "currency",
            day("business_date"),
            whole("amount"),
        ):
            bill = (row["source_system"], row["invoice_id"])
            order = row["order_id"] or orders.get(bill)
            orders.setdefault(bill, order or "")
            key = (row["source_system"], order or "")
            if currency.get(key) == row["currency"]:
                into[key].append((row["business_date"], row["amount"]))
