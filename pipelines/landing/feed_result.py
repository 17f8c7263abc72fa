"""What one feed of one extract came to."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.landing.counts import KINDS, Count, Tally

KIND_OF = {
    "accepted": "accepted",
    "quarantined": "quarantined",
    "duplicate": "duplicates",
    "rejected": "rejected",
}


@dataclass
class FeedResult:
    """What one feed of one extract came to. `reasons` counts rows by `rule|reason`."""

    read: Count = field(default_factory=Count)
    parts: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in KINDS})
    reasons: dict[str, int] = field(default_factory=dict)
    reason_money: dict[str, Count] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    identical: int = 0
    newest: str | None = None

    def add(self, status: str, reason: str | None, currency: str, tally: Tally) -> None:
        """Count rows of one status; what was held back or is a duplicate by its reason too."""
        self.parts[KIND_OF[status]].add(currency, tally)
        if status in ("quarantined", "duplicate") and reason:
            named = reason if status == "quarantined" else f"duplicate|{reason}"
            self.reasons[named] = self.reasons.get(named, 0) + tally.rows
            self.reason_money.setdefault(named, Count()).add(currency, tally)
