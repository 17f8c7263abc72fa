"""What the landing of one extract for one component came to, and how its record keeps that."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.home import Home
from pipelines.landing.batch import Extract
from pipelines.landing.counts import KINDS
from pipelines.landing.feed_result import FeedResult
from pipelines.landing.plan import Component
from pipelines.landing.records import plain_format
from pipelines.landing.write import ParquetFile
from pipelines.sources.corrections import Correction


@dataclass
class Outcome:
    """What the landing of one extract for one component came to."""

    extract: Extract
    rejection: str | None = None
    results: dict[str, FeedResult] = field(default_factory=dict)
    held: list[ParquetFile] = field(default_factory=list)
    batch: list[dict[str, Any]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    unused: dict[str, int] = field(default_factory=dict)
    answers: str | None = None
    corrections: list[Correction] = field(default_factory=list)


def section_of(home: Home, component: Component, outcome: Outcome, digest: str) -> dict[str, Any]:
    """What the record of an extract keeps of its landing for a component."""
    extract = outcome.extract
    tables = {
        table.name: {
            "format": plain_format(table.format),
            "rows": extract.tables[table.name].rows if table.name in extract.tables else 0,
            "header": extract.tables[table.name].header if table.name in extract.tables else [],
            "kinds": extract.tables[table.name].kinds if table.name in extract.tables else {},
            "notes": extract.tables[table.name].notes if table.name in extract.tables else [],
            "unused": outcome.unused.get(table.name, 0),
            "answers": outcome.answers,
        }
        for table in component.tables
        if table.name in extract.receipt.tables
    }
    return {
        "digest": digest,
        "status": "rejected" if outcome.rejection else "landed",
        "rejection": outcome.rejection,
        "declared": extract.declared,
        "corrections": [
            {
                "sha256": one.sha256,
                "lines": list(one.lines),
                "author": one.author,
                "received_at": one.received_at,
            }
            for one in outcome.corrections
        ],
        "tables": tables,
        "feeds": {feed: _feed_section(result) for feed, result in outcome.results.items()},
        "files": {str(path.relative_to(home.root)): path.stat().st_size for path in outcome.files},
    }


def _feed_section(result: FeedResult) -> dict[str, Any]:
    return {
        "read": result.read.record(),
        **{kind: result.parts[kind].record() for kind in KINDS},
        "reasons": result.reasons,
        "reason_money": {reason: count.record() for reason, count in result.reason_money.items()},
        "warnings": result.warnings,
        "identical": result.identical,
        "newest": result.newest,
    }
