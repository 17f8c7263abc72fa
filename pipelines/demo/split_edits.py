"""Splits that were changed after the fact, and deals whose team shares the credit. Shares in ten-thousandths."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipelines.demo import company
from pipelines.demo.calendar import AS_OF, shanghai_day
from pipelines.demo.columns import UNIT, own_generator

_REASONS = ("agreed", "correction", "handover")


def draw_edits(seed: int, orders: pl.DataFrame, splits: pl.DataFrame) -> pl.DataFrame:
    """One explicit split in four is changed once or twice: within its month, or long after its close."""
    rng, steady = own_generator(seed, "split edits"), company.steady_reps()
    business = dict(orders.select("id", "business").iter_rows())
    groups: dict[tuple[str, str | None], list[str]] = {}
    for order, line, kind, payee in splits.select("order_id", "line", "type", "payee").iter_rows():
        if kind == "rep_primary":
            groups.setdefault((order, line), []).append(payee)
    found: list[Any] = []
    for (order, line), first in groups.items():
        payees = first
        chosen, day = rng.random() < 0.25, business[order]
        for _ in range(int(rng.integers(1, 3))):
            day += int(rng.integers(2, 100))
            joins = steady[int(rng.integers(0, len(steady)))]
            part = int(rng.integers(5, 96)) * 100
            if not chosen or day > AS_OF:
                continue
            stays = next(one for one in payees if one != joins)
            reason = _REASONS[len(found) % 3]
            found += [(order, line, stays, part, day, reason), (order, line, joins, UNIT - part, day, reason)]
            payees = [stays, joins]
    names = {
        "order_id": pl.String, "line": pl.String, "payee": pl.String, "share": pl.Int64, "day": pl.Int64,
        "reason": pl.String,
    }  # fmt: skip
    return pl.DataFrame(found, schema=names, orient="row")


def draw_team_shares(seed: int, deals: pl.DataFrame, details: pl.DataFrame) -> pl.DataFrame:
    """Shares of one won deal in three that became an order: most whole, some not, some changed after the win."""
    rng, steady = own_generator(seed, "team shares"), company.steady_reps()
    won = pl.concat([deals, details.select("order_id")], how="horizontal").filter(
        pl.col("order_id").is_not_null() & pl.col("owner").is_not_null()
    )
    rows: list[Any] = []
    for deal in won.iter_rows(named=True):
        chosen, draw = rng.random() < 0.33, rng.random()
        other = next(code for code in rng.permutation(steady).tolist() if code != deal["owner"])
        share = int(rng.integers(20, 81)) * 100
        closed = int(shanghai_day(np.array([deal["closed"]]))[0])
        if not chosen:
            continue
        rest = UNIT - share if draw >= 0.1 else (UNIT - share) // 2
        rows += [
            (deal["id"], deal["system"], deal["owner"], "owner", None, share),
            (deal["id"], deal["system"], other, "owner", None, rest),
        ]
        if draw > 0.85 and closed + 3 <= AS_OF:
            rows.append((deal["id"], deal["system"], other, "owner", closed + 3, rest // 2))
    names = {
        "id": pl.String, "system": pl.String, "member": pl.String, "role": pl.String, "since": pl.Int64,
        "share": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=names, orient="row")


def all_members(members: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    """Everyone in the team of a deal, those with a share last."""
    return pl.concat([members.with_columns(share=pl.lit(None, dtype=pl.Int64)), shares])
