"""One rep's quarter that is made in its last days, at discounts of its own: planted for K93.

Placed beside what is drawn, after everything that is drawn from orders, so that nothing else moves. Money in
ten-thousandths.
"""

from __future__ import annotations

import polars as pl

from pipelines.demo.calendar import day
from pipelines.demo.columns import UNIT

PUSHER = "R017"
# (day, discount in percent): five orders of the quarter's earlier days, six of its last workdays.
_PLACED = (
    ("2024-04-10", 2), ("2024-04-24", 2), ("2024-05-08", 2), ("2024-05-22", 2), ("2024-06-05", 2),
    ("2024-06-24", 25), ("2024-06-25", 30), ("2024-06-26", 30), ("2024-06-27", 30), ("2024-06-28", 35),
    ("2024-06-28", 35),
)  # fmt: skip
_PRICE = 500 * UNIT


def pushed(
    orders: pl.DataFrame, lines: pl.DataFrame, buyers: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The orders and lines with those of the pusher behind them: confirmed the same day, not billed yet."""
    home = buyers.filter(pl.col("region").str.starts_with("CN")).row(1, named=True)
    first = int(orders["order"].max()) + 1  # type: ignore[arg-type]
    heads, rows = [], []
    for number, (text, percent) in enumerate(_PLACED):
        on, gross = day(text), 4 * _PRICE
        discount = gross * percent // 100
        heads.append(
            {
                "order": first + number, "id": f"SP{number + 1:08d}", "customer": home["customer"],
                "customer_id": home["id"], "channel": "direct_field", "owner": PUSHER, "currency": "CNY",
                "placed": on, "confirmed": on, "business": on, "entry": "manual", "net": gross - discount,
                "why": "pushed", "bill": False,
            }
        )  # fmt: skip
        rows.append(
            {
                "order": first + number, "line": 1, "kind": "product", "product": "M0001", "quantity": 4,
                "unit_price": _PRICE, "discount": discount, "net": gross - discount,
                "unit_cost": _PRICE * 6 // 10, "step": 100,
            }
        )  # fmt: skip
    known = {name: kind for name, kind in orders.schema.items() if name in heads[0]}
    more = pl.DataFrame(heads, schema_overrides=known)
    placed = pl.concat([orders, more], how="diagonal_relaxed")
    return placed, pl.concat([lines, pl.DataFrame(rows).select(lines.columns)], how="vertical_relaxed")
