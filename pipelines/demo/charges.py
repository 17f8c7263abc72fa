"""What an order carries beside its goods: freight and fees, a discount on the whole, and its own totals."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.demo.columns import UNIT


def add_freight(rng: np.random.Generator, orders: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """One order in twenty has a freight line, one e-commerce order in ten a platform fee as well."""
    freight = pl.Series(rng.random(len(orders)) < 0.05)
    fee = pl.Series(rng.random(len(orders)) < 0.1) & orders["channel"].str.starts_with("ec_")
    last = lines.group_by("order", maintain_order=True).agg(pl.col("line").max(), pl.col("step").first())
    parts = [lines]
    for wanted, kind, amount in ((freight, "freight", 120 * UNIT), (fee & ~freight, "fee", 18 * UNIT)):
        extra = last.filter(pl.Series(wanted))
        parts.append(
            extra.select(
                "order",
                pl.col("line") + 1,
                pl.lit(kind).alias("kind"),
                pl.lit(None, dtype=pl.String).alias("product"),
                pl.lit(1, dtype=pl.Int64).alias("quantity"),
                pl.lit(amount, dtype=pl.Int64).alias("unit_price"),
                pl.lit(0, dtype=pl.Int64).alias("discount"),
                pl.lit(amount, dtype=pl.Int64).alias("net"),
                pl.lit(None, dtype=pl.Int64).alias("unit_cost"),
                "step",
            )
        )
    return pl.concat(parts).sort("order", "line")


def add_totals(rng: np.random.Generator, orders: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Header discount (one order in 25, goods and services only) and the net amount of the whole order."""
    sums = lines.group_by("order", maintain_order=True).agg(
        pl.col("net").sum().alias("sum"),
        pl.col("kind").is_in(["freight", "fee"]).any().alias("charged"),
        pl.col("step").first(),
    )
    chosen = pl.Series(rng.random(len(orders)) < 0.04)
    percent = pl.Series(rng.integers(1, 4, len(orders)))
    header = (pl.col("sum") * percent // 100 // pl.col("step")) * pl.col("step")
    sums = sums.with_columns(
        header=pl.when(chosen & ~pl.col("charged") & (header > 0)).then(header)
    ).with_columns(net=pl.col("sum") - pl.col("header").fill_null(0))
    return orders.join(sums.select("order", "header", "net"), on="order", how="left", maintain_order="left")
