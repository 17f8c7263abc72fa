"""What follows an order: returns, payments, and who shares its credit. Money in ten-thousandths."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl

from pipelines.demo import company, scenarios
from pipelines.demo.calendar import AS_OF
from pipelines.demo.columns import UNIT, codes
from pipelines.demo.orders import YEN_GAP

_KEPT = ("id", "placed", "business", "shipped", "header", "currency", "cancelled")


def draw_returns(rng: np.random.Generator, orders: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Parts of one line in thirty come back after shipping, never a whole line; then the planted returns."""
    joined = lines.join(orders.select("order", *_KEPT), on="order", maintain_order="left")
    drawn = pl.Series(rng.random(len(joined)) < 0.033)
    back = joined.filter(
        drawn
        & (pl.col("kind") == "product")
        & (pl.col("quantity") >= 2)
        & (pl.col("net") > 0)
        & pl.col("header").is_null()
        & (pl.col("shipped") < AS_OF)
    )
    count = len(back)
    quantity = 1 + (rng.random(count) * (back["quantity"].to_numpy() - 1)).astype(np.int64)
    wanted = back["shipped"].to_numpy() + rng.integers(1, 61, count)
    net = (pl.col("net") * pl.Series(quantity) // pl.col("quantity") // pl.col("step")) * pl.col("step")
    back = back.select(
        order_id="id",
        order_line=pl.col("line"),
        day=pl.Series(np.minimum(wanted, AS_OF)),
        quantity=pl.Series(quantity),
        net=net,
        currency="currency",
        why=pl.lit(None, dtype=pl.String),
    ).filter(pl.col("net") > 0)
    found = pl.concat([back, _planted_returns(orders)]).sort("day", maintain_order=True)
    return found.with_columns(id=codes("RT", np.arange(1, len(found) + 1), 7), line=pl.lit(1, dtype=pl.Int64))


def _planted_returns(orders: pl.DataFrame) -> pl.DataFrame:
    """The returns of planted orders, and one whose order nobody knows."""
    named = orders.filter(pl.col("why").is_not_null())
    found = []
    for row, one in zip(named.iter_rows(named=True), scenarios.planted_orders(), strict=True):
        for line, quantity, when in one.returns:
            _, _, ordered, price, discount, _ = one.lines[line - 1]
            share = (ordered * price - discount) * quantity // ordered
            found.append((row["id"], line, when, quantity, share, row["currency"], one.why))
    found.append(("SO77777777", 1, AS_OF - 200, 2, 88 * UNIT, "CNY", "return_without_order"))
    names = ("order_id", "order_line", "day", "quantity", "net", "currency", "why")
    return pl.DataFrame(found, schema=list(names), orient="row", infer_schema_length=None)


def draw_payments(rng: np.random.Generator, orders: pl.DataFrame) -> pl.DataFrame:
    """One payment, or two halves, of each invoiced order; at the end one that pays too much."""
    billed = orders.filter(
        pl.col("invoiced").is_not_null() & (pl.col("net") > 0) & pl.col("bill").fill_null(True)
    )
    count = len(billed)
    due = billed["invoiced"].to_numpy() + rng.integers(5, 61, count)
    halves = pl.Series(rng.random(count) < 0.2)
    step = pl.when(pl.col("currency") == "JPY").then(UNIT).otherwise(100)
    first = pl.when(halves).then(pl.col("net") // 2 // step * step).otherwise(pl.col("net"))
    base = billed.select("id", "currency", "net", due=pl.Series(due), first=first)
    one = base.select("id", "currency", day="due", amount="first")
    two = base.filter(halves).select(
        "id", "currency", day=pl.col("due") + 20, amount=pl.col("net") - pl.col("first")
    )
    gap = (pl.col("currency") == "JPY") & pl.col("day").is_in(list(YEN_GAP))
    paid = (
        pl.concat([one, two])
        .with_columns(day=pl.when(gap).then(pl.col("day") + 5).otherwise(pl.col("day")))
        .filter((pl.col("day") <= AS_OF) & (pl.col("amount") > 0))
    )
    # Most of this order was paid already; another full payment is more than was invoiced.
    twice = paid.filter(pl.col("id") == paid["id"].min()).sort("day").tail(1)
    over = twice.with_columns(pl.col("day") + 30, why=pl.lit("payment_exceeds_invoice"))
    paid = pl.concat(
        [paid.with_columns(why=pl.lit(None, dtype=pl.String)), over.select(*paid.columns, "why")]
    )
    paid = paid.sort("day", "id", maintain_order=True)
    return paid.with_columns(payment=codes("PY", np.arange(1, len(paid) + 1), 8))


def settled(orders: pl.DataFrame, payments: pl.DataFrame) -> pl.DataFrame:
    """The orders with `paid`, the day on which they were paid in full."""
    sums = (
        payments.filter(pl.col("why").is_null())
        .group_by("id", maintain_order=True)
        .agg(pl.col("amount").sum(), pl.col("day").max())
    )
    joined = orders.join(sums, on="id", how="left", maintain_order="left")
    full = joined.select(pl.when(pl.col("amount") == pl.col("net")).then(pl.col("day"))).to_series()
    return orders.with_columns(paid=full)


def draw_credits(rng: np.random.Generator, orders: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Explicit splits of one order in 25 among two to four reps, some by line; overlays beside some of them."""
    steady = company.steady_reps()
    chosen = orders.filter(
        pl.Series(rng.random(len(orders)) < 0.04)
        & ~pl.col("channel").fill_null("").str.starts_with("ec_")
        & pl.col("why").is_null()
    )
    singles = lines.group_by("order", maintain_order=True).agg(pl.col("line").max())
    last = dict(zip(singles["order"].to_list(), singles["line"].to_list(), strict=True))
    found: list[tuple[str, str | None, str, str, int]] = []
    for order, order_id in zip(chosen["order"].to_list(), chosen["id"].to_list(), strict=True):
        payees = [steady[n] for n in rng.permutation(len(steady))[: int(rng.integers(2, 5))].tolist()]
        line = str(last[order]) if last[order] > 1 and rng.random() < 0.2 else None
        shares = _shares(rng, len(payees))
        found += [(order_id, line, "rep_primary", p, s) for p, s in zip(payees, shares, strict=True)]
        if rng.random() < 0.3:
            outsider = next(code for code in steady if code not in payees)
            found.append((order_id, line, "rep_overlay", outsider, 5_000))
        if rng.random() < 0.2:
            found.append((order_id, None, "partner_influenced", f"P{int(rng.integers(1, 41)):03d}", UNIT))
    names = ["order_id", "line", "type", "payee", "share"]
    return pl.DataFrame(found, schema=names, orient="row", infer_schema_length=None)


def _shares(rng: np.random.Generator, count: int) -> list[int]:
    """Shares in ten-thousandths that sum to 10,000; thirds among them, which do not divide."""
    if count == 3 and rng.random() < 0.5:
        return [3_333, 3_333, 3_334]
    cuts = sorted(int(n) for n in rng.choice(np.arange(1, 100), count - 1, replace=False))
    edges = [0, *cuts, 100]
    return [100 * (b - a) for a, b in pairwise(edges)]
