"""Bytes to text: decoding that refuses, rows that keep their numbers, whole or block by block."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.landing.packed import Packed
from pipelines.landing.text_table import FileRejectedError
from pipelines.sources.model import FileFormat

MOJIBAKE = re.compile("\ufffd|锟斤拷|Ã[\u0080-\u00bf]|â€|ï»¿")
LONGEST_ROW = 4 << 20  # characters; a row beyond that is no row, but a file that lost its row ends or a quote


@dataclass(frozen=True)
class Block:
    """Rows of a text in order, without their ends. `is_ended` says of the last block whether its last row has one.

    `is_odd`: there is a NUL or the trace of a wrong decoding somewhere in it.
    """

    lines: Any
    is_odd: bool
    is_last: bool
    is_ended: bool


def decoded(content: bytes, encoding: str) -> str:
    """The text of a file in its declared encoding, without a byte order mark.

    Raises:
        FileRejectedError: S07, when one byte does not fit the encoding.
    """
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _undecodable(error, 0, encoding) from None
    except UnicodeError as error:
        raise FileRejectedError("S07", f"the file is not {encoding}: {error}") from None


def _undecodable(error: UnicodeDecodeError, before: int, encoding: str) -> FileRejectedError:
    line = before + error.object[: error.start].count(b"\n") + 1
    return FileRejectedError("S07", f"line {line} is not {encoding}: {error.reason} at byte {error.start}")


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


def row_blocks(packed: Packed, how: FileFormat, window: int | None) -> Iterator[Block]:
    """The rows of a file, all at once, or in blocks of about `window` characters that end where a row does.

    Raises:
        FileRejectedError: a byte does not fit the encoding, or a row is longer than any row is.
    """
    if window is None:
        text = decoded(packed.content(), how.encoding)
        if not text.strip():
            return
        lines, is_ended = lines_of(text, how.row_end)
        _refuse_long(lines, 0)
        yield Block(lines, _is_odd(text), is_last=True, is_ended=is_ended)
        return
    held: Block | None = None
    count = 0
    for text, is_last in _windows(packed, how, window):
        if is_last and not text:
            break
        lines, is_ended = lines_of(text, "\n")
        _refuse_long(lines, count)
        count += len(lines)
        if held is not None:
            yield held
        held = Block(lines, _is_odd(text), is_last, is_ended)
    if held is not None:
        yield replace(held, is_last=True)


def _is_odd(text: str) -> bool:
    return "\0" in text or (not text.isascii() and MOJIBAKE.search(text) is not None)


def _refuse_long(lines: Any, before: int) -> None:
    lengths = pc.binary_length(lines)
    if len(lines) and pc.max(lengths).as_py() > LONGEST_ROW:
        line = before + pc.index(pc.greater(lengths, LONGEST_ROW), True).as_py() + 1
        raise FileRejectedError("S09", f"line {line} is longer than {LONGEST_ROW} bytes")


def _windows(packed: Packed, how: FileFormat, window: int) -> Iterator[tuple[str, bool]]:
    """Pieces of a text that end with a row, their row ends made LF; the last one is what is left after them."""
    decoder = codecs.getincrementaldecoder(how.encoding)("strict")
    end, rest, lines = how.row_end, "", 0
    for text in _texts(packed, decoder, how.encoding, window):
        piece = rest + text
        end = end or _row_end(piece)
        if end is None:
            _refuse_endless(piece, lines)
            rest = piece
            continue
        kept = piece[:-1] if end == "\n" and how.row_end is None and piece.endswith("\r") else piece
        held = piece[len(kept) :]
        if how.row_end is None and end == "\n":
            kept = kept.replace("\r\n", "\n")
        place = kept.rfind(end)
        if place < 0:
            _refuse_endless(kept, lines)
            rest = kept + held
            continue
        rest = kept[place + len(end) :] + held
        rows = kept[: place + len(end)]
        yield rows if end == "\n" else rows.replace(end, "\n"), False
        lines += rows.count(end)
    yield rest.replace(end or "\r", "\n"), True


def _row_end(text: str) -> str | None:
    """What ends the rows of a text that begins so; None while that cannot be told."""
    return "\n" if "\n" in text else "\r" if "\r" in text[:-1] else None


def _refuse_endless(text: str, lines: int) -> None:
    if len(text) > LONGEST_ROW:
        raise FileRejectedError("S09", f"line {lines + 1} is longer than {LONGEST_ROW} bytes")


def _texts(packed: Packed, decoder: Any, encoding: str, window: int) -> Iterator[str]:
    """Decoded pieces of about `window` characters."""
    parts: list[str] = []
    size = line = 0
    is_first = True
    for block in _with_end(packed.blocks()):
        try:
            text = decoder.decode(block or b"", final=block is None)
        except UnicodeDecodeError as error:
            raise _undecodable(error, line, encoding) from None
        except UnicodeError as error:
            raise FileRejectedError("S07", f"the file is not {encoding}: {error}") from None
        line += text.count("\n")
        if is_first and text:
            text, is_first = text.removeprefix("\ufeff"), False
        parts.append(text)
        size += len(text)
        if size >= window:
            yield "".join(parts)
            parts, size = [], 0
    yield "".join(parts)


def _with_end(blocks: Iterator[bytes]) -> Iterator[bytes | None]:
    yield from blocks
    yield None


def suspicious(lines: Any) -> Any:
    """Which rows carry a NUL or the traces of a wrong decoding (Arrow boolean)."""
    return pc.match_substring_regex(lines, f"\\x00|{MOJIBAKE.pattern}")
