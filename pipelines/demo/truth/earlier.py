"""Sales of the company as a run judges them on an earlier day: what is dated after it waits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.demo.truth.channel import cells_of, channel_rows
from pipelines.demo.truth.sales import sales_of
from pipelines.demo.truth.times import Rates
from pipelines.demo.world import World


def world_until(world: World, last: int) -> World:
    """Orders, returns, channel costs and rates dated up to a day; an order cancelled later is not cancelled yet."""
    kept = world.orders.filter(pl.col("business") <= last)
    cancelled = pl.when(pl.col("cancelled") <= last).then(pl.col("cancelled"))
    return replace(
        world,
        orders=kept.with_columns(cancelled=cancelled),
        lines=world.lines.join(kept.select("order"), on="order", how="semi", maintain_order="left"),
        returns=world.returns.filter(pl.col("day") <= last),
        rates=world.rates.filter(pl.col("day") <= last),
        costs=[cost for cost in world.costs if cost.first <= last],
    )


def earlier_channel_rows(world: World, last: int) -> list[dict[str, Any]]:
    """The rows of mart_channel_performance of a run with that day as asof, in a fiscal year of the same name."""
    then = world_until(world, last)
    rates = Rates(then)
    return channel_rows(cells_of(then, sales_of(then, rates), rates))
