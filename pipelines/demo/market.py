"""The world outside: exchange rates, market sizes, and what the channels cost. Rates in 1/100,000,000."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.demo import company
from pipelines.demo.calendar import AS_OF, START, as_date, month_bounds, months, quarter_bounds, weekdays
from pipelines.demo.columns import UNIT
from pipelines.demo.orders import YEN_GAP

CURRENCIES = ("USD", "EUR", "JPY")
_STEP = {"USD": 10_000, "EUR": 10_000, "JPY": 100}  # digits that are published


def spot_rates(rng: np.random.Generator) -> pl.DataFrame:
    """Rates to CNY of Mondays to Fridays, a small random walk pulled to the year's plan rate.

    No yen rate is published from four days before the end of the yen gap until its end.
    """
    numbers = np.arange(START - 10, AS_OF + 1)
    numbers = numbers[weekdays(numbers) <= 5]
    frames = []
    for currency in CURRENCIES:
        level = float(company.PLAN_RATES[2021][currency])
        rates = []
        for number, noise in zip(numbers.tolist(), rng.normal(0, 0.003, len(numbers)).tolist(), strict=True):
            target = company.PLAN_RATES[as_date(number).year][currency]
            level = level * (1 + noise) + (target - level) * 0.01
            rates.append(round(level / _STEP[currency]) * _STEP[currency])
        frames.append(pl.DataFrame({"currency": [currency] * len(numbers), "day": numbers, "rate": rates}))
    missing = (pl.col("currency") == "JPY") & pl.col("day").is_between(YEN_GAP[0] - 3, YEN_GAP[-1])
    return pl.concat(frames).filter(~missing).sort("day", "currency")


@dataclass(frozen=True)
class Estimate:
    """Size of a market in one period, in ten-thousandths of its currency."""

    segment: str
    region: str
    period: str
    version: str
    amount: int
    currency: str
    addressable: int
    estimated: int


def market_sizes(rng: np.random.Generator, scale: float) -> list[Estimate]:
    """Two versions of 2022 and 2023, one of each quarter of 2024 that is over, for every segment and region."""
    periods = [
        (f"{year}", version, 4, month_bounds(year, 12)[1] + lag)
        for year in (2022, 2023)
        for version, lag in (("v1", 60), ("v2", 150))
    ]
    periods += [(f"2024-Q{n}", "v1", 1, quarter_bounds(2024, n)[1] + 20) for n in (1, 2, 3)]
    found = []
    for period, version, quarters, estimated in periods:
        for segment in company.SEGMENTS:
            for region in company.REGIONS:
                currency = company.CURRENCY_OF[region]
                plan = company.PLAN_RATES[2023].get(currency, 100_000_000)
                size = int(rng.integers(120, 400)) * 1_000_000 * quarters * max(1, round(scale))
                amount = size * 100_000_000 // plan // 1_000 * 1_000 * UNIT
                addressable = int(rng.integers(400, 5_000))
                found.append(
                    Estimate(segment, region, period, version, amount, currency, addressable, estimated)
                )
    return found


@dataclass(frozen=True)
class ChannelCost:
    """A month's cost of a channel, or of a pool that all channels share; ten-thousandths of its currency."""

    channel: str | None
    pool: str | None
    type: str
    first: int
    amount: int
    currency: str


_COSTS = (
    ("direct_field", "travel", 420_000, "CNY"), ("direct_key", "travel", 260_000, "CNY"),
    ("direct_key", "onboarding", 60_000, "CNY"), ("agent_cn", "marketing", 90_000, "CNY"),
    ("agent_intl", "marketing", 14_000, "USD"), ("agent_legacy", "marketing", 20_000, "CNY"),
    ("dist_cn", "logistics", 180_000, "CNY"), ("dist_emea", "logistics", 31_000, "EUR"),
    ("dist_apac", "logistics", 2_600_000, "JPY"), ("ec_own", "platform_fee", 70_000, "CNY"),
    ("ec_own", "marketing", 50_000, "CNY"), ("ec_tmall", "platform_fee", 150_000, "CNY"),
    ("ec_tmall", "prospecting", 95_000, "CNY"), ("ec_amazon", "platform_fee", 12_500, "USD"),
)  # fmt: skip
_POOLS = (("brand", "marketing", 310_000, "CNY"), ("tools", "systems", 17_777, "USD"))


def channel_costs(rng: np.random.Generator, scale: float) -> list[ChannelCost]:
    """Direct costs of each channel and two shared pools, month by month."""
    found = []
    for first, _ in months():
        for code, kind, base, currency in _COSTS:
            if code == "agent_legacy" and as_date(first).year > 2022:
                continue
            found.append(ChannelCost(code, None, kind, first, _amount(rng, base, scale, currency), currency))
        for pool, kind, base, currency in _POOLS:
            found.append(ChannelCost(None, pool, kind, first, _amount(rng, base, scale, currency), currency))
    return found


def _amount(rng: np.random.Generator, base: int, scale: float, currency: str) -> int:
    step = UNIT if currency == "JPY" else 100
    return max(1, int(base * scale * int(rng.integers(850, 1_151)) * 10 // step)) * step
