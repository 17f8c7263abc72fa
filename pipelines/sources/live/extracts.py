"""Fetched lines as extracts of the archive: `<object>/<number>.jsonl`, each with its receipt.

Everything in the receipt comes from the journal, so that archiving again after a crash gives the very same one.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import orjson

from pipelines.files import write_atomic
from pipelines.home import Home
from pipelines.sources.blobs import commit_receipt, keep_blob
from pipelines.sources.live.raw import digest_of
from pipelines.sources.model import Source
from pipelines.sources.receipt import Receipt, read_receipt, receipt_path


def extract_id(name: str, number: int) -> str:
    """The id of an object's n-th extract."""
    return f"{name}/{number:06d}.jsonl"


def is_archived(home: Home, source: str, name: str, number: int) -> bool:
    """Whether an object's n-th extract has its receipt."""
    return receipt_path(home, source, extract_id(name, number)).exists()


def newest_of_each(lines: Iterable[bytes], key: str) -> list[bytes]:
    """Of the lines of one record the last one: a record that changed during the walk came again."""
    latest: dict[str, bytes] = {}
    for one in lines:
        name = str(orjson.loads(one)[key])
        latest.pop(name, None)
        latest[name] = one
    return list(latest.values())


def archive(
    home: Home, source: Source, name: str, number: int, lines: list[bytes], window: dict[str, str]
) -> Receipt:
    """Archive lines as one extract; the receipt is the commit point. The same again changes nothing."""
    own = extract_id(name, number)
    path = receipt_path(home, source.name, own)
    if path.exists():
        return read_receipt(path)
    home.blobs.mkdir(parents=True, exist_ok=True)
    home.receipts.mkdir(parents=True, exist_ok=True)
    spool = home.root / "archive" / "live" / source.name / "extract.tmp"
    write_atomic(spool, b"".join(one + b"\n" for one in lines))
    sha256, size = keep_blob(home, spool)
    spool.unlink()
    receipt = Receipt(
        source=source.name,
        extract_id=own,
        sha256=sha256,
        size=size,
        tables=source.tables_of(own),
        feeds=sorted({feed.feed for table in source.tables_of(own) for feed in source.feeds_of(table)}),
        received_at=window["fetched_at"],
        window=window,
        declared={"rows": len(lines), "sums": {}},
    )
    commit_receipt(home, receipt)
    return receipt


def known_lines(
    home: Home, source: str, name: str, archived: int, key: str, since: str | None
) -> dict[str, str]:
    """Digest of the newest archived line of each record, in the extracts that reach to `since` or later."""
    found: dict[str, str] = {}
    for number in range(archived, 0, -1):
        path = receipt_path(home, source, extract_id(name, number))
        receipt = read_receipt(path)
        newest = (receipt.window or {}).get("to")
        if since is not None and newest and newest < since:
            break
        for record, digest in _digests(home.blobs / receipt.sha256, key):
            found.setdefault(record, digest)
    return found


def _digests(blob: Path, key: str) -> Iterable[tuple[str, str]]:
    """Key and digest of each line of an extract; it holds a record once."""
    with blob.open("rb") as stream:
        for one in stream:
            text = one.rstrip(b"\n")
            yield str(orjson.loads(text)[key]), digest_of(text)
