"""Orders that are cancelled after the close when a part has come back, and one of which a part comes back after all.

Placed beside what is drawn, after everything that is drawn from orders, so that nothing else moves. Money in
ten-thousandths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from pipelines.demo.calendar import day
from pipelines.demo.columns import UNIT

SOLD, CANCELLED = day("2023-10-11"), day("2023-11-23")
# why, currency, owner, returns: (line, quantity, day, net).
_ORDERS = (
    (
        "returned_then_cancelled",
        "USD",
        "R018",
        ((1, 1, SOLD + 9, 306_6700), (2, 1, SOLD + 20, 43_0000), (2, 2, SOLD + 40, 86_0000)),
    ),
    ("cancelled_then_returned", "CNY", "R018", ((1, 1, CANCELLED + 5, 306_6600),)),
)
_LINES = (("M0001", 3, 310 * UNIT, 10 * UNIT), ("M0007", 3, 45 * UNIT, 6 * UNIT))
_SPLIT = (("R018", 3_333), ("R026", 3_333), ("R034", 3_334))


def taken_back(
    orders: pl.DataFrame,
    lines: pl.DataFrame,
    returns: pl.DataFrame,
    splits: pl.DataFrame,
    buyers: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Orders, lines, returns and splits with those behind them: confirmed the same day, never billed."""
    home = buyers.filter(pl.col("region").str.starts_with("CN")).row(1, named=True)
    first = int(orders["order"].max()) + 1  # type: ignore[arg-type]
    net = sum(quantity * price - discount for _, quantity, price, discount in _LINES)
    heads, rows, back = [], [], []
    for at, (why, currency, owner, pieces) in enumerate(_ORDERS):
        own = f"SC{at + 1:08d}"
        heads.append(
            {
                "order": first + at, "id": own, "customer": home["customer"], "customer_id": home["id"],
                "channel": "direct_field", "owner": owner, "currency": currency, "placed": SOLD, "confirmed": SOLD,
                "business": SOLD, "entry": "manual", "cancelled": CANCELLED, "net": net, "why": why, "bill": False,
            }
        )  # fmt: skip
        rows += [
            {
                "order": first + at, "line": number, "kind": "product", "product": product, "quantity": quantity,
                "unit_price": price, "discount": discount, "net": quantity * price - discount,
                "unit_cost": price * 6 // 10, "step": 100,
            }
            for number, (product, quantity, price, discount) in enumerate(_LINES, start=1)
        ]  # fmt: skip
        back += [
            {
                "order_id": own, "order_line": line, "day": on, "quantity": quantity, "net": amount,
                "currency": currency, "why": why, "id": f"RC{at + 1}{piece:06d}", "line": 1,
            }
            for piece, (line, quantity, on, amount) in enumerate(pieces, start=1)
        ]  # fmt: skip
    split = [
        {"order_id": "SC00000001", "line": None, "type": "rep_primary", "payee": payee, "share": share}
        for payee, share in _SPLIT
    ]
    return _behind(orders, heads), _behind(lines, rows), _behind(returns, back), _behind(splits, split)


def _behind(table: pl.DataFrame, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    known = {name: kind for name, kind in table.schema.items() if name in rows[0]}
    return pl.concat([table, pl.DataFrame(rows, schema_overrides=known)], how="diagonal_relaxed")
