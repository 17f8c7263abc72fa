"""Sales of the company as a run judges them on an earlier day: what is dated after it waits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.demo.truth.channel import cells_of, channel_rows
from pipelines.demo.truth.credit import credits_of
from pipelines.demo.truth.pay import earned_of
from pipelines.demo.truth.sales import sales_of
from pipelines.demo.truth.times import Rates
from pipelines.demo.world import World


def world_until(world: World, last: int) -> World:
    """What is dated up to a day; an order cancelled later is not cancelled yet."""
    kept = world.orders.filter(pl.col("business") <= last)
    cancelled = pl.when(pl.col("cancelled") <= last).then(pl.col("cancelled"))
    return replace(
        world,
        orders=kept.with_columns(cancelled=cancelled),
        lines=world.lines.join(kept.select("order"), on="order", how="semi", maintain_order="left"),
        returns=world.returns.filter(pl.col("day") <= last),
        payments=_until(world.payments, last),
        pay=replace(world.pay, edits=_until(world.pay.edits, last)),
        rates=world.rates.filter(pl.col("day") <= last),
        costs=[cost for cost in world.costs if cost.first <= last],
    )


def _until(frame: pl.DataFrame, last: int) -> pl.DataFrame:
    return frame.filter(pl.col("day") <= last) if len(frame) else frame


def earlier_channel_rows(world: World, last: int) -> list[dict[str, Any]]:
    """The rows of mart_channel_performance of a run with that day as asof, in a fiscal year of the same name."""
    then = world_until(world, last)
    rates = Rates(then)
    sales = sales_of(then, rates)
    earned = earned_of(then, sales, credits_of(then, sales, rates), rates)
    return channel_rows(cells_of(then, sales, rates, earned))
