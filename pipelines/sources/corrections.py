"""Corrections of quarantined rows: the mended file archived by content, each with a receipt, like an extract.

The original bytes stay as they are. A correction belongs to one extract and names the lines that it mends; of two
that mend one line the later holds. Nothing here understands the content.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.files import fsync_path, pretty_json, read_json, sha256_of, write_atomic
from pipelines.home import Home
from pipelines.sources.blobs import keep_blob
from pipelines.sources.receipt import Receipt, slug_of

SHOWN = 12  # characters of a hash that tell corrections of one extract apart


@dataclass(frozen=True)
class Correction:
    """Mended rows of one extract. `author` is the name that was given; Weir has no identities of its own."""

    source: str
    extract_id: str
    extract_sha256: str
    sha256: str
    size: int
    lines: tuple[int, ...]
    author: str
    received_at: str

    @property
    def order(self) -> tuple[str, str]:
        """Corrections hold in the order in which they came."""
        return (self.received_at, self.sha256)


def correction_path(home: Home, source: str, extract_id: str, sha256: str) -> Path:
    """Where the receipt of a correction lies."""
    return home.corrections / f"{source}--{slug_of(extract_id)}--{sha256[:SHOWN]}.json"


def read_correction(path: Path) -> Correction:
    """Read one receipt of a correction."""
    kept = read_json(path)
    kept["lines"] = tuple(kept["lines"])
    return Correction(**kept)


def corrections_of(home: Home, source: str) -> dict[str, list[Correction]]:
    """Corrections of a source by extract id, in order of arrival."""
    found = [read_correction(path) for path in home.corrections.glob(f"{source}--*.json")]
    by_extract: dict[str, list[Correction]] = {}
    for one in sorted(found, key=lambda one: one.order):
        if one.source == source:
            by_extract.setdefault(one.extract_id, []).append(one)
    return by_extract


def keep_correction(
    home: Home, receipt: Receipt, file: Path, lines: Iterable[int], author: str, received_at: str
) -> Correction:
    """Archive a mended file of an extract, whole or not at all; its receipt is the commit point."""
    sha256, size = keep_blob(home, file)
    kept = Correction(
        receipt.source,
        receipt.extract_id,
        receipt.sha256,
        sha256,
        size,
        tuple(sorted(lines)),
        author,
        received_at,
    )
    path = correction_path(home, receipt.source, receipt.extract_id, sha256)
    fsync_path(home.blobs)
    write_atomic(path, pretty_json(asdict(kept)))
    return kept


def blob_of(home: Home, correction: Correction) -> Path | None:
    """The archived bytes of a correction; None if they are gone or are not those of the receipt."""
    blob = home.blobs / correction.sha256
    return blob if blob.is_file() and sha256_of(blob) == correction.sha256 else None
