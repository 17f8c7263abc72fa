"""What the writers of both CRM systems share."""

from __future__ import annotations

import polars as pl

from pipelines.demo.columns import money_text
from pipelines.demo.world import World


def touches(world: World) -> pl.DataFrame:
    """All touches; each has a customer or a lead as the other party."""
    found = pl.concat([world.activities, world.crm.talks], how="diagonal")
    party = pl.when(pl.col("lead").is_null()).then(pl.lit("customer")).otherwise(pl.lit("lead"))
    return found.with_columns(party=party).sort("at", maintain_order=True)


def labelled(values: pl.Series, where: pl.Series, labels: dict[str, str]) -> pl.Series:
    """The values, those told as the source calls them."""
    named = values.replace_strict(labels, default=None, return_dtype=pl.String)
    return pl.select(pl.when(where).then(named).otherwise(values)).to_series()


def odds_text(percent: pl.Series) -> pl.Series:
    """Whole percents as a share of one."""
    return money_text(percent * 100, 2)
