"""The receipt of one extract: what arrived, when, and what its control file declared."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipelines.files import pretty_json, read_json
from pipelines.home import Home


def slug_of(extract_id: str) -> str:
    """The file name of an extract id; ids that differ never share one."""
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", extract_id)
    if safe == extract_id:
        return safe
    return f"{safe}-{hashlib.sha256(extract_id.encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Receipt:
    """One archived file of one source. `declared` holds rows and sums of its control file, if any.

    `place` is not written down: the arrival of what it supersedes, from which its rows count.
    """

    source: str
    extract_id: str
    sha256: str
    size: int
    tables: list[str]
    feeds: list[str]
    received_at: str
    window: dict[str, str] | None = None
    declared: dict[str, Any] | None = None
    control: dict[str, Any] | None = field(default=None)
    place: str = ""

    @property
    def slug(self) -> str:
        """The extract's file name under landing, records and quarantine."""
        return slug_of(self.extract_id)

    @property
    def counts_from(self) -> str:
        """When it came, or what it supersedes came."""
        return self.place or self.received_at

    @property
    def order(self) -> tuple[str, str]:
        """Extracts of one source are taken in the order in which they count."""
        return (self.counts_from, self.extract_id)

    @property
    def position(self) -> str:
        """The same as one text: all times are of one length."""
        return "|".join(self.order)

    def content(self) -> bytes:
        """The receipt's JSON."""
        kept = {name: value for name, value in asdict(self).items() if name != "place"}
        return pretty_json({"bytes" if name == "size" else name: value for name, value in kept.items()})


def receipt_path(home: Home, source: str, extract_id: str) -> Path:
    """Where the receipt of an extract lies."""
    return home.receipts / f"{source}--{slug_of(extract_id)}.json"


def read_receipt(path: Path) -> Receipt:
    """Read one receipt."""
    kept = read_json(path)
    return Receipt(size=kept.pop("bytes"), **kept)


def receipts_of(home: Home, source: str) -> list[Receipt]:
    """All receipts of a source, in order of arrival."""
    found = [read_receipt(path) for path in home.receipts.glob(f"{source}--*.json")]
    return sorted((one for one in found if one.source == source), key=lambda one: one.order)
