"""Arrow schemas of what landing writes: canonical feeds, their restricted part, and the three feeds about landing."""

from __future__ import annotations

from functools import cache
from typing import Any

import pyarrow as pa

from quality.feeds import Feed, feeds

TYPES = {
    "string": pa.string(),
    "bigint": pa.int64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "boolean": pa.bool_(),
}
MONEY = pa.decimal128(18, 4)
TOTAL = pa.decimal128(38, 4)
KINDS = ("read", "accepted", "quarantined", "duplicate", "rejected")


def arrow_type(name: str) -> Any:
    """The Arrow type of a canonical type."""
    if name.startswith("decimal"):
        precision, scale = name.removeprefix("decimal(").rstrip(")").split(",")
        return pa.decimal128(int(precision), int(scale))
    return TYPES[name]


def feed_schema(feed: Feed) -> Any:
    """A landed feed: its columns but the restricted ones, then where each row comes from."""
    fields = [(one.name, arrow_type(one.type)) for one in feed.columns if not one.is_restricted]
    origin = [
        ("source_system", pa.string()),
        ("row_id", pa.string()),
        ("extract_id", pa.string()),
        ("received_at", pa.timestamp("us")),
        ("row_hash", pa.string()),
    ]
    return pa.schema([*fields, *origin])


def restricted_schema(feed: Feed) -> Any:
    """The restricted columns of a feed by row id; None if it has none."""
    fields = [(one.name, arrow_type(one.type)) for one in feed.columns if one.is_restricted]
    return pa.schema([("row_id", pa.string()), *fields]) if fields else None


BATCH = pa.schema(
    [
        ("source_system", pa.string()),
        ("extract_id", pa.string()),
        ("feed", pa.string()),
        ("currency", pa.string()),
        *[(f"rows_{kind}", pa.int64()) for kind in KINDS],
        *[(f"amount_{kind}", TOTAL) for kind in KINDS],
        ("rows_unreadable_amount", pa.int64()),
        ("sha256", pa.string()),
        ("received_at", pa.timestamp("us")),
    ]
)
HELD = pa.schema(
    [
        ("source_system", pa.string()),
        ("extract_id", pa.string()),
        ("feed", pa.string()),
        ("rule_id", pa.string()),
        ("reason", pa.string()),
        ("file_name", pa.string()),
        ("line_no", pa.int64()),
        ("raw_hash", pa.string()),
        ("row_id", pa.string()),
        ("amount", MONEY),
        ("currency", pa.string()),
        ("kind", pa.string()),
        ("natural_key", pa.string()),
    ]
)
HELD_WITH_TEXT = HELD.append(pa.field("raw_text", pa.string()))
SOURCE_FEED = pa.schema(
    [
        ("source_system", pa.string()),
        ("feed", pa.string()),
        ("rule_id", pa.string()),
        ("expected_share", pa.decimal128(9, 4)),
        ("reason", pa.string()),
        ("declared_scale", pa.int64()),
        ("rhythm", pa.string()),
        ("sla_hours", pa.int64()),
    ]
)


@cache
def landed_schemas() -> dict[str, Any]:
    """Schemas of all folders under landing/, by name."""
    canonical = {name: feed_schema(feed) for name, feed in feeds().items()}
    return {**canonical, "ops__batch": BATCH, "ops__quarantine_row": HELD, "ops__source_feed": SOURCE_FEED}
