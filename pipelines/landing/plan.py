"""Which extracts of a source are landed together.

Tables that one SQL statement joins form one component: a new file of any of them can change any row of the result,
so all its extracts are landed again. Every other table is a component of its own, and only its new extracts are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.files import digest, sha256_of
from pipelines.home import Home
from pipelines.settings import hash_key_id
from pipelines.sources.model import FeedMapping, Source, Table
from pipelines.sources.receipt import Receipt
from quality.feeds import CONTRACTS
from quality.feeds import feed as canonical


@dataclass(frozen=True)
class Component:
    """Tables and the feeds that read them. `is_joint`: a statement reads several of its tables."""

    source: Source
    tables: tuple[Table, ...]
    feeds: tuple[FeedMapping, ...]
    is_joint: bool

    @property
    def name(self) -> str:
        """Names of the tables: the key under which an extract's record keeps its results."""
        return "+".join(table.name for table in self.tables)

    @property
    def is_plain(self) -> bool:
        """Whether each row of its one table is mapped by itself, so that it need not be read as a whole."""
        return len(self.tables) == 1 and all(feed.sql is None for feed in self.feeds)

    def reads(self, receipt: Receipt) -> bool:
        """Whether an extract is a file of one of its tables."""
        return any(table.name in receipt.tables for table in self.tables)

    def digest(self, receipts: Iterable[Receipt], home: Home) -> str:
        """What the landed rows depend on beside the extract itself; hashes of two keys never meet."""
        source = self.source
        is_keyed = any(canonical(feed.feed).hashed for feed in self.feeds)
        parts = {
            "source": source.digest,
            "zone": source.time_zone,
            "canonical": [_canonical(feed.feed) for feed in self.feeds],
            "code": code_digest(),
            "hash_key": hash_key_id(home) if is_keyed else "",
            "with": sorted((one.extract_id, one.sha256) for one in receipts) if self.is_joint else [],
        }
        return digest(parts)


def _canonical(feed: str) -> str:
    area, name = feed.split("__")[:2]
    return sha256_of(CONTRACTS / area / f"{name}.odcs.yaml")


@cache
def code_digest() -> str:
    """SHA-256 over the landing code: rows landed by other code are landed again."""
    here = Path(__file__).parent
    return digest({path.name: sha256_of(path) for path in sorted(here.glob("*.py"))})


def components(source: Source) -> list[Component]:
    """All components of a source, by name; tables that no feed reads are in none."""
    groups: list[set[str]] = []
    for feed in source.feeds:
        joined = set(feed.tables)
        apart = []
        for group in groups:
            if group & joined:
                joined |= group
            else:
                apart.append(group)
        groups = [*apart, joined]
    found = []
    for group in groups:
        tables = tuple(table for table in source.tables if table.name in group)
        feeds = tuple(feed for feed in source.feeds if group & set(feed.tables))
        found.append(Component(source, tables, feeds, any(len(feed.tables) > 1 for feed in feeds)))
    return sorted(found, key=lambda one: one.name)
