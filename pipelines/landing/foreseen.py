"""What a trial says beyond the rules of landing: which lines were set aside, what the gate or a home would refuse.

The gate judges facts, which a trial does not build. One of its rules can be told from the landed rows alone: an order
without a channel or a customer stands on the member "unknown" (D11), and that is what a first source runs into.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipelines.home import Home
from pipelines.landing.conflicts import LIMIT
from pipelines.landing.declared import expected_shares
from pipelines.landing.records import records
from pipelines.landing.summary import source_totals
from pipelines.sources.awaited import awaited
from pipelines.sources.model import Source
from pipelines.sources.receipt import Receipt

PARTIES = ("channel_code", "customer_id")
UNKNOWN_LIMIT = Decimal("0.05")  # `unknown_share_block` of dbt_project.yml
MOST_LINES = 3


def first_lines(home: Home) -> dict[tuple[str, str, str], list[int]]:
    """The first lines set aside, by extract, feed and `rule|reason`."""
    import duckdb

    files = str(home.landing / "ops__quarantine_row" / "*" / "*.parquet")
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(
            "select extract_id, feed, rule_id || '|' || reason, list(line_no order by line_no)[:$most] "
            "from read_parquet($files) where kind = 'quarantined' group by all",
            {"files": files, "most": MOST_LINES},
        ).fetchall()
    return {(extract, feed, reason): lines for extract, feed, reason, lines in rows}


def unknown_parties(home: Home, source: Source) -> list[dict[str, Any]]:
    """One problem for each party that more accepted orders lack than the gate lets pass (D11)."""
    import duckdb

    declared = [
        expected_shares(one) for one in source.feeds if one.feed in ("orders__orders", "orders__order_lines")
    ]
    allowed = UNKNOWN_LIMIT + max((one["D11"][0] for one in declared if "D11" in one), default=Decimal(0))
    files = str(home.landing / "orders__orders" / "*" / "*.parquet")
    counted = ", ".join(f"count({column})" for column in PARTIES)
    with duckdb.connect(":memory:") as connection:
        row = connection.execute(f"select count(*), {counted} from read_parquet(?)", [files]).fetchone()
    rows, *given = row or (0, *(0 for _ in PARTIES))
    return [
        {
            "check_id": f"D11.orders__orders.{source.name}",
            "rule_id": "D11",
            "status": "failed",
            "severity": "block",
            "observed": f"{column} is empty in {rows - count} of {rows} orders; map it, or declare the share",
            "limit": f"{100 * allowed:.2f} %",
            "rejects_file": False,
        }
        for column, count in zip(PARTIES, given, strict=True)
        if rows - count > rows * allowed
    ]


def at_home(home: Home, source: Source, tried: list[Receipt]) -> dict[str, Any]:
    """What a run would find in a home: its files against the archive, and the other sources that a release sums up."""
    others = [one for one in source_totals(list(records(home))) if one["source"] != source.name]
    return {"root": str(home.root), **awaited(source, home, tried), "others": others}


def conflicts_at_home(found: dict[str, Any], source: Source) -> list[dict[str, Any]]:
    """One problem for each file that the home has archived with other bytes (S06)."""
    return [
        {
            "check_id": f"S06.{extract_id}.{source.name}",
            "rule_id": "S06",
            "status": "failed",
            "severity": "block",
            "observed": f"{found['root']} has archived {extract_id} with other bytes; put those back, or send the new "
            "ones under a name of their own, which `supersedes` the old one",
            "limit": LIMIT,
            "rejects_file": True,
        }
        for extract_id in found["conflicts"]
    ]
