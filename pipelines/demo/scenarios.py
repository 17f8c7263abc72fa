"""Orders planted by hand, each for one rule: their ids start with SX. Money in ten-thousandths."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from pipelines.demo.calendar import AS_OF, START, day
from pipelines.demo.columns import UNIT
from pipelines.demo.orders import YEN_GAP

Line = tuple[
    str, str | None, int, int, int, int | None
]  # kind, product, quantity, unit price, discount, unit cost


@dataclass(frozen=True)
class Planted:
    """One planted order. `why` names the case; `bill` False keeps it unpaid and its header without a total."""

    why: str
    placed: int
    lines: tuple[Line, ...]
    confirmed: int | None = None
    cancelled: int | None = None
    shipped: int | None = None
    channel: str | None = "direct_field"
    owner: str | None = "R001"
    currency: str = "CNY"
    header: int | None = None
    customer: str | None = ""  # "" = a customer of the company, chosen by `place`
    bill: bool = True
    returns: tuple[tuple[int, int, int], ...] = field(default=())  # line, quantity, day


def _goods(price: int, quantity: int = 1, discount: int = 0, product: str = "M0001") -> Line:
    return ("product", product, quantity, price * UNIT, discount * UNIT, price * UNIT * 6 // 10)


def _dated() -> list[Planted]:
    """The first and the last day, a confirmation in the next month, and both kinds of cancellation."""
    two = (_goods(120, 4), _goods(75, 2, 10, "M0006"))
    return [
        Planted("first_day", START, two, confirmed=START, shipped=START + 2),
        Planted("last_day", AS_OF, two, confirmed=AS_OF),
        Planted("confirmed_next_month", day("2023-06-29"), two, confirmed=day("2023-07-03")),
        Planted("cancelled_before_close", day("2023-08-30"), two, cancelled=day("2023-09-05")),
        Planted("cancelled_after_close", day("2023-08-30"), two, cancelled=day("2023-09-06")),
        Planted("keeps_customer_active", day("2023-08-15"), two),
        Planted("keeps_customer_active", day("2023-09-18"), two),
        Planted("before_team_move", day("2024-05-14"), two, owner="R005"),
        Planted("after_team_move", day("2024-05-15"), two, owner="R005"),
    ]


def _unusual() -> list[Planted]:
    """Unknown members, an ended channel, free goods, freight alone, a discount that does not divide."""
    one = (_goods(200, 3),)
    legacy = [
        Planted("channel_before_its_end", day(text), one, channel="agent_legacy")
        for text in ("2021-12-08", "2022-03-16", "2022-06-22", "2022-11-09")
    ]
    thirds = (_goods(100), _goods(100, 1, 0, "M0002"), _goods(100, 1, 0, "M0003"))
    return [
        *legacy,
        Planted("channel_after_its_end", day("2023-03-15"), one, channel="agent_legacy"),
        Planted("unknown_rep", day("2023-04-12"), one, owner="R999"),
        Planted("unknown_channel", day("2023-10-18"), one, channel=None),
        Planted("no_customer", day("2022-09-14"), one, customer=None),
        Planted("no_customer", day("2024-08-21"), one, customer=None, channel="ec_own", owner=None),
        Planted("orphan_customer", day("2024-02-21"), one, customer="FX99999999"),
        Planted("orphan_product", day("2023-12-06"), (_goods(90, 2, 0, "M9999"),)),
        Planted("free_goods_only", day("2024-03-20"), (_goods(60, 5, 300),)),
        Planted("freight_only", day("2024-04-17"), (("freight", None, 1, 80 * UNIT, 0, None),)),
        Planted("header_discount_in_thirds", day("2024-06-12"), thirds, header=10 * UNIT),
        Planted("rate_missing", YEN_GAP[0], (_goods(900),), currency="JPY", bill=False),
        Planted("rate_missing", YEN_GAP[-1], (_goods(1_100),), currency="JPY", bill=False),
        Planted("rate_three_days_old", YEN_GAP[0] - 1, (_goods(1_000),), currency="JPY"),
    ]


def _returned() -> list[Planted]:
    """Returned wholly in its month, line by line over two months, and more than was ordered."""
    two = (_goods(310, 2), _goods(45, 3, 6, "M0007"))
    sold = day("2024-01-08")
    return [
        Planted("fully_returned", sold, two, shipped=sold + 1, returns=((1, 2, sold + 9), (2, 3, sold + 9))),
        Planted("line_returned_in_pieces", sold, two, shipped=sold + 1,
                returns=((2, 1, sold + 15), (2, 2, sold + 40))),
        Planted("returned_too_much", sold, two, shipped=sold + 1, returns=((1, 5, sold + 12),)),
    ]  # fmt: skip


def _broken() -> list[Planted]:
    """Orders with one good line; their other line is only in the file, and wrong there."""
    names = (
        "bad_number", "excess_scale", "short_row", "unknown_line_type", "net_is_not_gross_less_discount",
        "missing_key", "no_price", "two_contents",
    )  # fmt: skip
    return [
        Planted(f"line_{name}", day("2022-10-12") + 70 * n, (_goods(50),), bill=False)
        for n, name in enumerate(names)
    ]


def planted_orders() -> list[Planted]:
    """All of them, in order of id."""
    return [*_dated(), *_unusual(), *_returned(), *_broken()]


def place(buyers: pl.DataFrame, first: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The planted orders and lines as columns, numbered from `first`; they buy as the first Chinese customer."""
    home = buyers.filter(pl.col("region").str.starts_with("CN")).row(0, named=True)
    orders, lines = [], []
    for number, one in enumerate(planted_orders()):
        known = one.customer == ""
        net = sum(line[2] * line[3] - line[4] for line in one.lines)
        business = one.confirmed if one.confirmed is not None else one.placed
        orders.append(
            {
                "order": first + number,
                "id": f"SX{number + 1:08d}",
                "customer": home["customer"] if known else None,
                "customer_id": home["id"] if known else one.customer,
                "channel": one.channel,
                "owner": one.owner,
                "currency": one.currency,
                "placed": one.placed,
                "confirmed": one.confirmed,
                "business": business,
                "partner": None,
                "entry": "manual",
                "cancelled": one.cancelled,
                "shipped": one.shipped,
                "invoiced": one.shipped,
                "header": one.header,
                "net": net - (one.header or 0),
                "why": one.why,
                "bill": one.bill,
            }
        )
        lines += [_line(first + number, n, one, line) for n, line in enumerate(one.lines, start=1)]
    return pl.DataFrame(orders, infer_schema_length=None), pl.DataFrame(lines, infer_schema_length=None)


def _line(order: int, number: int, one: Planted, line: Line) -> dict[str, object]:
    kind, product, quantity, price, discount, cost = line
    return {
        "order": order,
        "line": number,
        "kind": kind,
        "product": product,
        "quantity": quantity,
        "unit_price": price,
        "discount": discount,
        "net": quantity * price - discount,
        "unit_cost": cost,
        "step": 10_000 if one.currency == "JPY" else 100,
    }
