"""Sums the records of all landed extracts: totals, one entry per feed and source, the list of extracts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipelines.landing.counts import KINDS, Count

ORDER_LINES = "orders__order_lines"


@dataclass
class FeedTotal:
    """One feed of one source over all its extracts."""

    feed: str
    source: str
    counts: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in ("read", *KINDS)})
    reasons: dict[str, int] = field(default_factory=dict)
    reason_money: dict[str, Count] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    identical: int = 0
    newest: str | None = None
    extracts: int = 0

    def take(self, section: dict[str, Any]) -> None:
        """Add one extract's figures."""
        self.extracts += 1
        for kind, count in self.counts.items():
            count.plus(Count.of(section[kind]))
        for reason, rows in section["reasons"].items():
            self.reasons[reason] = self.reasons.get(reason, 0) + rows
            self.reason_money.setdefault(reason, Count()).plus(Count.of(section["reason_money"][reason]))
        for warning, rows in section["warnings"].items():
            self.warnings[warning] = self.warnings.get(warning, 0) + rows
        self.identical += section["identical"]
        self.newest = max(filter(None, (self.newest, section["newest"])), default=None)


def sections(landed: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each record with each of its components' sections."""
    for record in landed:
        for section in record["components"].values():
            yield record, section


def feed_totals(landed: list[dict[str, Any]]) -> dict[tuple[str, str], FeedTotal]:
    """Totals by (feed, source)."""
    found: dict[tuple[str, str], FeedTotal] = {}
    for record, section in sections(landed):
        for feed, counts in section["feeds"].items():
            found.setdefault((feed, record["source"]), FeedTotal(feed, record["source"])).take(counts)
    return dict(sorted(found.items()))


def source_totals(landed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry per source, by name: its extracts, when the newest came, its rows by outcome, its order lines' money.

    The money of all feeds of a source together says nothing, so only accepted order lines (net) are told apart.
    """
    found: dict[str, dict[str, Any]] = {}
    for record in landed:
        one = found.setdefault(record["source"], {"extracts": 0, "last_landed": ""})
        one["extracts"] += 1
        one["last_landed"] = max(one["last_landed"], str(record["received_at"]))
    rows = {name: dict.fromkeys(("read", *KINDS), 0) for name in found}
    lines: dict[str, Count] = {}
    for (feed, name), counted in feed_totals(landed).items():
        for kind, count in counted.counts.items():
            rows[name][kind] += count.rows
        if feed == ORDER_LINES:
            lines[name] = counted.counts["accepted"]
    return [
        {"source": name, **one, "rows": rows[name], "order_lines": lines.get(name, Count()).plain()}
        for name, one in sorted(found.items())
    ]


def _entry(total: FeedTotal) -> dict[str, Any]:
    return {
        "feed": total.feed,
        "source": total.source,
        "extracts": total.extracts,
        **{kind: count.plain() for kind, count in total.counts.items()},
        "reasons": total.reasons,
        "warnings": total.warnings,
        "identical_rows": total.identical,
        "newest": total.newest,
    }


def _extracts(landed: list[dict[str, Any]], new: dict[str, list[str]]) -> list[dict[str, Any]]:
    return [
        {
            "source": record["source"],
            "extract_id": record["extract_id"],
            "sha256": record["sha256"],
            "status": "rejected"
            if any(one["status"] == "rejected" for one in record["components"].values())
            else "landed",
            "is_new": record["extract_id"] in new.get(record["source"], []),
        }
        for record in landed
    ]


def _corrections(landed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that were mended, by extract and archived file, in order of arrival."""
    found = {
        (one["received_at"], one["sha256"]): {
            "source": record["source"],
            "extract_id": record["extract_id"],
            "rows": len(one["lines"]),
            **{name: one[name] for name in ("author", "received_at", "sha256")},
        }
        for record, section in sections(landed)
        for one in section.get("corrections") or ()
    }
    return [found[key] for key in sorted(found)]


def summarise(landed: list[dict[str, Any]], new: dict[str, list[str]]) -> dict[str, Any]:
    """The summary of all records; `new` names the extracts that were read just now, by source."""
    totals = feed_totals(landed)
    overall = {kind: Count() for kind in ("read", *KINDS)}
    for total in totals.values():
        for kind, count in overall.items():
            count.plus(total.counts[kind])
    return {
        **{kind: count.plain() for kind, count in overall.items()},
        "feeds": [_entry(total) for total in totals.values()],
        "sources": source_totals(landed),
        "extracts": _extracts(landed, new),
        "corrections": _corrections(landed),
        "new_extracts": sum(len(ids) for ids in new.values()),
    }
