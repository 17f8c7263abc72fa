"""Cohorts of customers from raw sales, in Polars and plain sets; nothing here imports the product.

A customer joins the cohort of the period of its first order, under that order's channel. Active in a period: it
ordered in it. Consecutive: it ordered in every period from the first to this one.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

Cell = tuple[str, str, str]  # cohort, period, channel of the first order


@dataclass(frozen=True)
class Figures:
    """What one cohort did in one period: heads, and money then and in its first period."""

    size: int
    active: int
    consecutive: int
    net: Decimal
    first_net: Decimal


def periods(first: date, last: date, kind: str) -> list[str]:
    """Months (YYYY-MM) or years from the one of the first day to the one of the last, without a gap."""
    months = pl.date_range(first.replace(day=1), last, "1mo", eager=True).dt.strftime("%Y-%m")
    return sorted({period_of(month, kind) for month in months})


def period_of(month: str, kind: str) -> str:
    """The month itself, or its year."""
    return month if kind == "month" else month[:4]


def cohorts(orders: pl.DataFrame, money: pl.DataFrame, last: date, kind: str) -> dict[Cell, Figures]:
    """Every cell from the first order on: orders (customer, order, day, channel), money (customer, month, net)."""
    ordered: dict[str, set[str]] = defaultdict(set)
    first: dict[str, tuple[str, str]] = {}
    for customer, day, channel in orders.sort("day", "order").select("customer", "day", "channel").rows():
        period = period_of(day.isoformat()[:7], kind)
        first.setdefault(customer, (period, channel))
        ordered[customer].add(period)

    earned: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    by_month = money.group_by("customer", "month").agg(pl.col("net").sum())
    for customer, month, net in by_month.rows():
        earned[customer, period_of(month, kind)] += net

    all_periods = periods(orders["day"].min(), last, kind)  # type: ignore[arg-type]
    members: dict[tuple[str, str], list[str]] = defaultdict(list)
    for customer, joined in first.items():
        members[joined].append(customer)
    return {
        (cohort, period, channel): _cell(
            codes, all_periods[all_periods.index(cohort) :], period, ordered, earned
        )
        for (cohort, channel), codes in members.items()
        for period in all_periods
        if period >= cohort
    }


def _cell(
    codes: list[str],
    since: list[str],
    period: str,
    ordered: dict[str, set[str]],
    earned: dict[tuple[str, str], Decimal],
) -> Figures:
    so_far = set(since[: since.index(period) + 1])
    return Figures(
        size=len(codes),
        active=sum(period in ordered[code] for code in codes),
        consecutive=sum(so_far <= ordered[code] for code in codes),
        net=sum((earned.get((code, period), Decimal(0)) for code in codes), Decimal(0)),
        first_net=sum((earned.get((code, since[0]), Decimal(0)) for code in codes), Decimal(0)),
    )
