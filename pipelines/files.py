"""Durable files: atomic writes, hashes and canonical JSON. Standard library only, so that it is cheap to import."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fsync_path(path: Path) -> None:
    """Force a file or a directory entry to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_alive(process_id: str) -> bool:
    """Whether a process of that number runs."""
    with contextlib.suppress(ValueError, OverflowError):
        try:
            os.kill(int(process_id), 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True
    return False


def sweep(folders: Iterable[Path]) -> None:
    """Delete what writers left that are gone: `.<name>.<process>.tmp`. Those at work keep theirs."""
    for folder in folders:
        for path in folder.glob(".*.tmp") if folder.is_dir() else ():
            if not is_alive(path.name.split(".")[-2]):
                path.unlink(missing_ok=True)


@contextlib.contextmanager
def temporary_beside(path: Path) -> Iterator[Path]:
    """A name to write a file under before it gets its own: `.<name>.<process>.tmp`.

    What fails leaves nothing there, least of all on a full disk, and its error names the file.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        error.filename = error.filename or str(temporary)
        raise


def write_atomic(path: Path, content: bytes) -> None:
    """Write a whole file or nothing: temporary name, fsync, rename, fsync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary_beside(path) as temporary:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    fsync_path(path.parent)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a Weir JSON file")


def canonical_json(value: object) -> bytes:
    """JSON with sorted keys, decimals as strings and neither NaN nor spaces: the bytes that are hashed."""
    text = json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain
    )
    return text.encode()


def pretty_json(value: object) -> bytes:
    """The same content, laid out for a reader, ending in a newline."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False, default=_plain)
    return (text + "\n").encode()


def read_json(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_bytes())


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON of a value."""
    return hashlib.sha256(canonical_json(value)).hexdigest()
