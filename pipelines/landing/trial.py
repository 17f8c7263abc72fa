"""Tries a source folder in a home that is thrown away: what its files give, and what is wrong with them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.home import Home
from pipelines.landing.apart import apart
from pipelines.landing.checks import check_results
from pipelines.landing.counts import KINDS, Count
from pipelines.landing.foreseen import at_home, conflicts_at_home, first_lines, unknown_parties
from pipelines.landing.land import newest_business_date, write_empty
from pipelines.landing.records import records
from pipelines.landing.reshape import columns_in
from pipelines.landing.unlisted import unlisted
from pipelines.sources.archive import discover
from pipelines.sources.collect import collect_source
from pipelines.sources.definition import load_source
from pipelines.sources.model import FeedMapping, Source
from pipelines.sources.superseded import kept
from quality.feeds import feed as canonical

SHOWN = ("read", *KINDS)


def _unmapped(mapping: FeedMapping) -> list[str]:
    """Columns of the feed that the contract leaves out; not those that landing makes itself."""
    mapped = {one.name for one in mapping.columns}
    return [one.name for one in canonical(mapping.feed).columns if one.name not in mapped and not one.hash_of]


def _unread(source: Source, table: str, header: list[str]) -> list[str]:
    """Columns of a file that no contract refers to."""
    used: set[str] = set()
    for mapping in source.feeds_of(table):
        used |= columns_in(mapping)
        for column in mapping.columns:
            used |= {name.lower() for name in (column.physical, *column.aliases) if name}
    return [name for name in header if name.lower() not in used]


def _files(
    source: Source, landed: list[dict[str, Any]], places: dict[tuple[str, str, str], list[int]]
) -> Iterator[dict[str, Any]]:
    for record in landed:
        for section in record["components"].values():
            feeds = [
                {
                    "feed": feed,
                    **{kind: Count.of(counts[kind]).plain() for kind in SHOWN},
                    "reasons": dict(
                        sorted(counts["reasons"].items(), key=lambda one: int(one[1]), reverse=True)
                    ),
                    "first_lines": {
                        reason: places[record["extract_id"], feed, reason]
                        for reason in counts["reasons"]
                        if (record["extract_id"], feed, reason) in places
                    },
                    "warnings": counts["warnings"],
                }
                for feed, counts in section["feeds"].items()
            ]
            yield {
                "file": record["extract_id"],
                "rejection": section["rejection"],
                "notes": [note for table in section["tables"].values() for note in table["notes"]],
                "unread_columns": {
                    name: _unread(source, name, table["header"]) for name, table in section["tables"].items()
                },
                "feeds": feeds,
            }


def trial(folder: Path, known: Home | None = None) -> dict[str, Any]:
    """Land a source folder in a temporary home and tell what came of it; of a live source one page of each object.

    Args:
        folder: The source.
        known: The home that a run would go into: it is looked at for what it has of these files, and not touched.

    Raises:
        UsageError: the definition is wrong.
    """
    source = load_source(folder)
    with tempfile.TemporaryDirectory(prefix="weir-check-") as place:
        home = Home(Path(place))
        home.prepare()
        write_empty(home)
        receipts = collect_source(source, home, most_pages=1)
        with apart(home) as child:
            child.land(source)
        landed = list(records(home))
        checks = check_results(home, [source], landed, newest_business_date(home, missing_ok=True))
        files = list(_files(source, landed, first_lines(home)))
        foreseen = unknown_parties(home, source)
        lacking = unlisted(home, known)
        superseded = kept(home, source.name)["replaced"]
    there = at_home(known, source, receipts) if known else None
    if there:
        foreseen += conflicts_at_home(there, source)
    told = [one for one in checks if one["status"] in ("failed", "warned")]
    return {
        "source": source.name,
        "root": str(source.root),
        "files_found": len(receipts if source.live else discover(source)),
        "files": files,
        "superseded": superseded,
        "unlisted": lacking,
        "home": there,
        "unmapped": {mapping.feed: _unmapped(mapping) for mapping in source.feeds},
        "problems": [one for one in told if one["status"] == "failed" and one["severity"] != "warn"]
        + foreseen,
        "warnings": [one for one in told if one["status"] == "warned"],
    }
