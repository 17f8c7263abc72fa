"""The channel desk's files as Excel saves them: UTF-16 text with tabs, and semicolons with decimal commas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from pipelines.demo import company
from pipelines.demo.columns import date_text, money_text
from pipelines.demo.extracts import Layout, write_contract, write_table, write_yaml
from pipelines.demo.faults import Fault, FaultBook
from pipelines.demo.plant import added, template, unmarked
from pipelines.demo.world import World

UNICODE_TEXT: dict[str, Any] = {"type": "csv", "encoding": "utf-16", "delimiter": "\t"}
SEMICOLONS: dict[str, Any] = {"type": "csv", "delimiter": ";", "null_tokens": ["", "-"]}
_DATES = {"date_formats": ["%d.%m.%Y"]}


def _days(values: list[int | None]) -> pl.Series:
    return date_text(pl.Series(values, dtype=pl.Int64), "%d.%m.%Y")


def _channels() -> pl.DataFrame:
    found = company.CHANNELS
    return unmarked(
        pl.DataFrame(
            {
                "Code": [one.code for one in found],
                "Name": [one.name for one in found],
                "Type": [one.type for one in found],
                "Parent": [one.parent for one in found],
                "Valid from": _days([one.valid_from for one in found]),
                "Ended": _days([one.ended for one in found]),
                "_file": ["channels.txt"] * len(found),
            }
        )
    )


def _partners() -> pl.DataFrame:
    found = company.partners()
    return unmarked(
        pl.DataFrame(
            {
                "Partner": [one.code for one in found],
                "Name": [one.name for one in found],
                "Type": [one.type for one in found],
                "Tier": [one.tier for one in found],
                "Region": [one.region for one in found],
                "Channel": [one.channel for one in found],
                "Status": ["ended" if one.ended else "active" for one in found],
                "Joined": _days([one.joined for one in found]),
                "Ended": _days([one.ended for one in found]),
                "Valid from": _days([one.valid_from for one in found]),
                "_file": ["partners.txt"] * len(found),
            }
        )
    )


def _costs(world: World, book: FaultBook) -> pl.DataFrame:
    found = world.costs
    amount = money_text(pl.Series([one.amount for one in found])).str.replace(".", ",", literal=True)
    table = unmarked(
        pl.DataFrame(
            {
                "Channel": pl.Series([one.channel for one in found]).fill_null("-"),
                "Pool": pl.Series([one.pool for one in found], dtype=pl.String).fill_null("-"),
                "Cost type": [one.type for one in found],
                "Month": date_text(pl.Series([one.first for one in found]), "%Y-%m"),
                "Amount": amount,
                "Currency": [one.currency for one in found],
                "Shared": ["no" if one.channel else "yes" for one in found],
                "_file": ["channel_costs.csv"] * len(found),
            }
        )
    )
    base = template(table, pl.col("Channel") == "ec_own")
    nobody = base | {"Channel": "-", "Pool": "-", "Amount": "1,00"}
    unclear = base | {"Cost type": "gift", "Amount": "about 5"}
    feed = "channel__channel_costs"
    rows = [
        (nobody, Fault("cost_of_nobody", "channel", feed, "quarantined", "R14", "")),
        (unclear, Fault("bad_number", "channel", feed, "quarantined", "S09", "ec_own")),
    ]
    return added(table, rows, book)


CHANNELS = {
    "channel_code": "Code",
    "name": "Name",
    "channel_type": "Type",
    "parent_code": "Parent",
    "valid_from": "Valid from",
    "ended_on": "Ended",
}
PARTNERS = {
    "partner_code": "Partner",
    "name": "Name",
    "partner_type": "Type",
    "tier": "Tier",
    "region": "Region",
    "channel_code": "Channel",
    "status": "Status",
    "joined_date": "Joined",
    "ended_date": "Ended",
    "valid_from": "Valid from",
}
COSTS = {
    "channel_code": "Channel",
    "pool_code": "Pool",
    "cost_type": "Cost type",
    "period": "Month",
    "amount": "Amount",
    "currency": "Currency",
    "is_shared": "Shared",
}


def write_channel(folder: Path, world: World, book: FaultBook) -> None:
    """Write the source folder `channel`."""
    write_yaml(folder / "source.yaml", {"name": "channel", "kind": "files", "time_zone": "Europe/Berlin"})
    text = {"format": UNICODE_TEXT, **_DATES}
    write_contract(folder, "channel", "channel.channels", CHANNELS, files="channels.txt", **text)
    write_contract(folder, "channel", "channel.partners", PARTNERS, files="partners.txt", **text)
    costs = {"format": SEMICOLONS, "decimal_mark": ",", "scale": 2}
    write_contract(folder, "channel", "channel.channel_costs", COSTS, files="channel_costs.csv", **costs)
    for table in (_channels(), _partners()):
        write_table(folder, table, Layout("utf-16", "\t"), book)
    write_table(folder, _costs(world, book), Layout(separator=";"), book)
