"""What a source declares about its feeds, as a feed of its own, so that the warehouse can honour it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipelines.errors import UsageError
from pipelines.home import Home
from pipelines.landing.schemas import SOURCE_FEED
from pipelines.landing.write import write_rows
from pipelines.sources.model import FeedMapping, Source


def expected_shares(mapping: FeedMapping) -> dict[str, tuple[Decimal, str]]:
    """Shares of rows that the contract expects to lose to a rule, with the reason, by rule.

    Raises:
        UsageError: an entry has no share between 0 and 1 or no reason.
    """
    found = {}
    for rule, entry in (mapping.options.get("expected_share") or {}).items():
        where = str(mapping.path)
        if not isinstance(entry, dict) or not entry.get("reason"):
            raise UsageError(f"expected_share of {rule} needs a share and a reason", where=where)
        share = Decimal(str(entry.get("share")))
        if not 0 <= share <= 1:
            raise UsageError(f"expected_share of {rule} must lie between 0 and 1", where=where)
        found[str(rule)] = (share, str(entry["reason"]))
    return found


def _rows(source: Source, mapping: FeedMapping) -> list[dict[str, Any]]:
    common = {
        "source_system": source.name,
        "feed": mapping.feed,
        "declared_scale": int(mapping.options.get("scale", 4)),
        "rhythm": source.rhythm,
        "sla_hours": source.sla_hours,
    }
    own = {**common, "rule_id": "", "expected_share": None, "reason": None}
    rules = [
        {**common, "rule_id": rule, "expected_share": share.quantize(Decimal("0.0001")), "reason": reason}
        for rule, (share, reason) in expected_shares(mapping).items()
    ]
    return [own, *rules]


def write_declared(home: Home, source: Source) -> None:
    """Write `ops__source_feed` of a source."""
    rows = [row for mapping in source.feeds for row in _rows(source, mapping)]
    write_rows(rows, SOURCE_FEED, home.landing / "ops__source_feed" / source.name / "declared.parquet")
