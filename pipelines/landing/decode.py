"""Bytes to text: decompression that counts, decoding that refuses, lines that keep their numbers."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.landing.text_table import FileRejectedError
from pipelines.sources.model import FileFormat

BLOCK = 1 << 20
MOST_INFLATED = 200  # times the packed size; real extracts pack 5 to 30 times
INFLATED_FREELY = 64 << 20
MOJIBAKE = re.compile("\ufffd|锟斤拷|Ã[\u0080-\u00bf]|â€|ï»¿")


def unpacked(path: Path, how: FileFormat) -> bytes:
    """The bytes of a file, inflated if it is gzip.

    Raises:
        FileRejectedError: S01, when the packed stream is cut, damaged, or inflates beyond all measure.
    """
    if how.compression != "gzip":
        return path.read_bytes()
    most = max(INFLATED_FREELY, path.stat().st_size * MOST_INFLATED)
    parts, size = [], 0
    try:
        with gzip.open(path) as stream:
            while block := stream.read(BLOCK):
                size += len(block)
                if size > most:
                    raise FileRejectedError("S01", f"the gzip inflates to more than {most} bytes")
                parts.append(block)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileRejectedError("S01", f"the gzip is damaged: {error}") from None
    return b"".join(parts)


def decoded(content: bytes, encoding: str) -> str:
    """The text of a file in its declared encoding, without a byte order mark.

    Raises:
        FileRejectedError: S07, when one byte does not fit the encoding.
    """
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        reason = f"line {line} is not {encoding}: {error.reason} at byte {error.start}"
        raise FileRejectedError("S07", reason) from None
    except UnicodeError as error:
        raise FileRejectedError("S07", f"the file is not {encoding}: {error}") from None


def lines_of(text: str, row_end: str | None) -> tuple[Any, bool]:
    """The rows of a text as an Arrow array without their ends, and whether the last one was ended.

    Without a declared row end any of CRLF, LF, or (in a text without LF) CR ends a row.
    """
    if row_end is None:
        if "\r" in text:
            text = text.replace("\r\n", "\n")
            text = text if "\n" in text else text.replace("\r", "\n")
        row_end = "\n"
    is_ended = text.endswith(row_end)
    body = text.removesuffix(row_end)
    return pc.split_pattern(pa.array([body], pa.large_string()), row_end).flatten(), is_ended


def suspicious(lines: Any, text: str) -> Any:
    """Positions of rows that carry a NUL or the traces of a wrong decoding (Arrow boolean), or None."""
    has_nul = "\0" in text
    has_mojibake = MOJIBAKE.search(text) is not None
    if not (has_nul or has_mojibake):
        return None
    return pc.match_substring_regex(lines, f"\\x00|{MOJIBAKE.pattern}")
