"""Members that the facts of a release name and that no feed lists: inferred ones stand for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.audit.question import columns_of
from pipelines.members import MEMBERS, ORDERS, Member
from pipelines.reader import Release

if TYPE_CHECKING:
    import duckdb

DIMENSIONS = {"rep": "dim_sales_rep"}  # the others are dim_<name>


def unlisted(connection: duckdb.DuckDBPyConnection, release: Release) -> list[dict[str, Any]]:
    """One entry for each kind of member of which some are inferred, with the orders or lines that name them.

    Money is the net amount as booked, in the reporting currency.
    """
    found = (_unlisted(connection, release, one) for one in MEMBERS)
    return [one for one in found if one]


def _unlisted(
    connection: duckdb.DuckDBPyConnection, release: Release, member: Member
) -> dict[str, Any] | None:
    dimension = DIMENSIONS.get(member.name, f"dim_{member.name}")
    fact = "fct_order" if member.named_in == ORDERS else "fct_order_line"
    if not {dimension, fact} <= release.tables.keys():
        return None
    if "is_inferred" not in columns_of(connection, dimension):
        return None
    booked = "true" if fact == "fct_order" else "f.entry_no = 1 and f.is_revenue_line"
    rows = connection.execute(
        f"select f.reporting_currency, count(distinct d.{member.key}), count(*), sum(f.net_amount_reporting) "
        f"from {fact} as f inner join {dimension} as d on f.{member.key} = d.{member.key} "
        f"where d.is_inferred and {booked} group by f.reporting_currency order by f.reporting_currency"
    ).fetchall()
    if not rows:
        return None
    money = {currency: format(amount, ".4f") for currency, _, _, amount in rows if amount is not None}
    return member.told(max(row[1] for row in rows), sum(row[2] for row in rows), money)
