"""What a trial says of members that the landed orders name and no landed feed lists."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.home import Home
from pipelines.landing.typed import amount_sql
from pipelines.members import MEMBERS, ORDER_LINES, ORDERS, Member
from quality.feeds import feed

# One row is an order, or one of its lines; an order that came in several states counts once, as it came last.
NAMING = {
    ORDERS: """
        select named.source_system, named.order_id, named.code, net.amount, net.currency
        from (
            select source_system, order_id, {column} as code from read_parquet($orders, union_by_name = true)
            qualify row_number() over (
                partition by source_system, order_id order by received_at desc, row_id desc
            ) = 1
        ) as named
        left join (
            select source_system, order_id, currency, sum({net}) as amount
            from read_parquet($lines, union_by_name = true) where {sold} group by all
        ) as net using (source_system, order_id)
    """,
    ORDER_LINES: """
        select source_system, row_id as order_id, {column} as code, {net} as amount, currency
        from read_parquet($lines, union_by_name = true) where {sold}
    """,
}
SOLD = "coalesce(line_type, 'product') in ('product', 'service')"  # lines of revenue, as the facts have it


def _files(homes: Sequence[Home], name: str) -> list[str]:
    found: list[Path] = [path for home in homes for path in (home.landing / name).glob("*/*.parquet")]
    return [str(path) for path in sorted(found)]


def unlisted(tried: Home, known: Home | None = None) -> list[dict[str, Any]]:
    """One entry for each kind of member of which some are named by what was tried and listed nowhere.

    Args:
        tried: The home of the trial.
        known: A home whose feeds list members too.
    """
    found = (_unlisted(one, tried, known) for one in MEMBERS)
    return [one for one in found if one]


def _unlisted(member: Member, tried: Home, known: Home | None) -> dict[str, Any] | None:
    import duckdb

    net = amount_sql(feed(ORDER_LINES))
    named = NAMING[member.named_in].format(column=member.column, net=net, sold=SOLD)
    homes = [tried, known] if known else [tried]
    files = {"lines": _files([tried], ORDER_LINES), "listed": _files(homes, member.feed)}
    if member.named_in == ORDERS:
        files["orders"] = _files([tried], ORDERS)
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(
            f"with named as ({named}), listed as "
            f"(select {member.code} as code from read_parquet($listed, union_by_name = true)), "
            "lacking as (select * from named where code is not null and code not in (select code from listed)) "
            "select currency, sum(amount), (select count(distinct code) from lacking), "
            "(select count(distinct (source_system, order_id)) from lacking) "
            "from lacking group by currency order by currency",
            files,
        ).fetchall()
    if not rows:
        return None
    money = {currency or "": format(amount, ".4f") for currency, amount, *_ in rows if amount is not None}
    return member.told(rows[0][2], rows[0][3], money)
