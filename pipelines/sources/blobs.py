"""Bytes in the archive: a file under its hash, and the receipt that commits it. No name is written twice."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from pipelines.files import fsync_path, temporary_beside
from pipelines.home import Home
from pipelines.sources.receipt import Receipt, receipt_path, slug_of

BLOCK = 1 << 20


def keep_blob(home: Home, path: Path) -> tuple[str, int]:
    """Copy a file into the archive under its hash; returns hash and size of exactly the bytes kept."""
    total, size = hashlib.sha256(), 0
    with temporary_beside(home.blobs / slug_of(path.name)) as temporary:
        with path.open("rb") as stream, temporary.open("wb") as copy:
            while block := stream.read(BLOCK):
                total.update(block)
                size += len(block)
                copy.write(block)
            copy.flush()
            os.fsync(copy.fileno())
        link(temporary, home.blobs / total.hexdigest())
    return total.hexdigest(), size


def commit_receipt(home: Home, receipt: Receipt) -> bool:
    """Write a receipt whose bytes are archived: the point from which the extract is there.

    False if another writer committed a receipt of that extract in between; that one holds.
    """
    path = receipt_path(home, receipt.source, receipt.extract_id)
    with temporary_beside(path) as temporary:
        with temporary.open("wb") as stream:
            stream.write(receipt.content())
            stream.flush()
            os.fsync(stream.fileno())
        fsync_path(home.blobs)
        return link(temporary, path)


def link(temporary: Path, final: Path) -> bool:
    """Give a finished file its name unless the name is taken; False if it was."""
    try:
        final.hardlink_to(temporary)
        return True
    except FileExistsError:
        return False
    finally:
        temporary.unlink()
