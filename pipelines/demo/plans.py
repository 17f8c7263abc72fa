"""The plans of variable pay with their rate tiers. Money in ten-thousandths, rates in hundred-millionths."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipelines.demo.calendar import day
from pipelines.demo.columns import UNIT

RATE = 100_000_000
FIRST_DAY, SECOND_YEAR = day("2021-11-01"), day("2024-01-01")


@dataclass(frozen=True)
class Plan:
    """One version of a component of a plan. `last` is the last day on which it holds, None while it does."""

    plan: str
    component: str
    kind: str
    base: str
    mode: str
    due_on: str
    period: str
    currency: str
    tiers: tuple[tuple[int, int | None, int], ...]  # from and to attainment, rate
    family: str | None = None
    threshold: int | None = None
    cap: int | None = None
    draw: int | None = None
    draw_type: str | None = None
    holdback: int | None = None
    holdback_days: int | None = None
    reserve: int | None = None
    tail_days: int | None = None
    base_pay: int | None = None
    first: int = FIRST_DAY
    last: int | None = None


def _tiers(*steps: tuple[int, int]) -> tuple[tuple[int, int | None, int], ...]:
    """Tiers that touch, the last one open, from (attainment in percent, rate in 1/10,000)."""
    ends = [start * (RATE // 100) for start, _ in steps[1:]]
    starts = [start * (RATE // 100) for start, _ in steps]
    return tuple(
        (start, end, rate * (RATE // 10_000))
        for start, end, (_, rate) in zip(starts, [*ends, None], steps, strict=True)
    )


def plans(scale: float) -> list[Plan]:
    """Every version. The cap grows with the company, as quotas do."""
    booked = Plan(
        "BOOKED", "commission", "commission", "net_revenue", "flat", "booking", "quarter", "CNY",
        _tiers((0, 300)), base_pay=12_000 * UNIT,
    )  # fmt: skip
    spiff = Plan(
        "BOOKED", "sensors", "spiff", "quantity", "flat", "booking", "month", "CNY", _tiers((0, 50_000)),
        family="SENS", first=day("2022-07-01"), last=day("2024-06-30"),
    )  # fmt: skip
    scaled = Plan(
        "SCALED", "commission", "commission", "net_revenue", "marginal", "invoice", "quarter", "CNY",
        _tiers((0, 200), (80, 300), (100, 500), (150, 650)), reserve=6_000, tail_days=30, last=SECOND_YEAR - 1,
    )  # fmt: skip
    paid = Plan(
        "PAID", "commission", "commission", "net_revenue", "whole", "payment", "quarter", "CNY",
        _tiers((0, 250), (100, 400)), threshold=RATE * 3 // 10, cap=int(60_000 * scale) * UNIT,
        holdback=1_000, holdback_days=90,
    )  # fmt: skip
    margin = Plan(
        "MARGIN", "commission", "commission", "margin", "marginal", "booking", "year", "CNY",
        _tiers((0, 700), (100, 1_000)), tail_days=10,
    )  # fmt: skip
    drawn = Plan(
        "DRAWN", "commission", "commission", "net_revenue", "flat", "booking", "month", "CNY", _tiers((0, 250)),
        draw=int(6_000 * scale) * UNIT, draw_type="recoverable",
    )  # fmt: skip
    cash = Plan(
        "CASH", "commission", "commission", "cash", "flat", "payment", "quarter", "EUR", _tiers((0, 320)),
        base_pay=1_500 * UNIT,
    )  # fmt: skip
    japan = Plan(
        "JAPAN", "commission", "commission", "net_revenue", "marginal", "booking", "quarter", "JPY",
        _tiers((0, 280), (100, 420)),
    )  # fmt: skip
    return [
        booked,
        spiff,
        scaled,
        replace(scaled, tiers=_tiers((0, 180), (90, 320), (110, 560)), first=SECOND_YEAR, last=None),
        paid,
        margin,
        drawn,
        replace(drawn, plan="ADVANCED", draw_type="non_recoverable", base_pay=5_000 * UNIT),
        cash,
        japan,
    ]
