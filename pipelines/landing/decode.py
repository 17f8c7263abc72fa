"""Bytes to text: decoding that refuses, lines that keep their numbers."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.landing.text_table import FileRejectedError

MOJIBAKE = re.compile("\ufffd|锟斤拷|Ã[\u0080-\u00bf]|â€|ï»¿")


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
