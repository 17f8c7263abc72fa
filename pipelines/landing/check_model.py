"""What a rule of landing looks at, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from pipelines.landing.counts import Count, total
from pipelines.landing.declared import expected_shares
from pipelines.landing.listings import Listing
from pipelines.landing.summary import FeedTotal
from pipelines.sources.model import FeedMapping, Source
from pipelines.sources.state import State
from quality.feeds import Feed


@dataclass
class Subject:
    """One feed of one source with all that its records and contracts say."""

    feed: Feed
    mapping: FeedMapping
    source: Source
    state: State
    sections: list[tuple[dict[str, Any], dict[str, Any]]]
    total: FeedTotal
    as_of: date
    listings: list[Listing] = field(default_factory=list)
    superseding: dict[str, Any] = field(default_factory=dict)

    @property
    def replacing(self) -> set[str]:
        """Extracts that took the place of others."""
        return set(self.superseding.get("replacing", ()))

    def doubts(self) -> list[str]:
        """What was declared of replacing files of this feed, and is to be looked at."""
        mine = set(self.mapping.tables)
        found = self.superseding.get("doubts", ())
        return [one["told"] for one in found if not one["tables"] or mine & set(one["tables"])]

    def rejections(self, rule: str) -> list[str]:
        """`extract: reason` of the files that a rule rejected."""
        found = []
        for record, section in self.sections:
            rejected_by, _, reason = (section["rejection"] or "").partition("|")
            if rejected_by == rule:
                found.append(f"{record['extract_id']}: {reason}")
        return found

    def rows_by(self, rule: str) -> int:
        """Rows that a rule quarantined."""
        return sum(rows for reason, rows in self.total.reasons.items() if reason.startswith(f"{rule}|"))

    def warnings_by(self, rule: str) -> dict[str, int]:
        """Rows that were accepted with a warning of a rule, by the warning's words."""
        mark = f"{rule}|"
        return {
            warning.removeprefix(mark): rows
            for warning, rows in self.total.warnings.items()
            if warning.startswith(mark)
        }

    def money_by(self, rule: str) -> Count:
        """What those rows hold."""
        return total(
            count for reason, count in self.total.reason_money.items() if reason.startswith(f"{rule}|")
        )

    def expected(self, rule: str) -> Decimal:
        """The share of rows that the source expects to lose to a rule."""
        return expected_shares(self.mapping).get(rule, (Decimal(0), ""))[0]


@dataclass
class Finding:
    """What a rule found. `approved`: lists that withdraw more than they might by themselves."""

    status: str
    observed: str
    limit: str = ""
    count: int = 0
    keys: list[str] = field(default_factory=list)
    rejects: bool = False
    approved: list[str] = field(default_factory=list)
