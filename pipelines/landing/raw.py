"""The way back from a row to the line it came from, as it stood in the archived file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.errors import UsageError
from pipelines.files import sha256_of
from pipelines.home import Home
from pipelines.landing.read import is_large, read_pieces, read_text
from pipelines.landing.records import format_of_record, read_record
from pipelines.landing.text_table import FileRejectedError, TextTable
from pipelines.sources.corrections import corrections_of
from pipelines.sources.model import FileFormat
from pipelines.sources.receipt import Receipt, receipts_of


@dataclass(frozen=True)
class RawLine:
    """One line of an archived file; `sha256` is that of the whole file, `mended` the cells that came later, as JSON."""

    file: str
    line: int
    text: str
    sha256: str
    mended: str | None = None


def raw_hash(text: str) -> str:
    """SHA-256 of a raw line."""
    return hashlib.sha256(text.encode()).hexdigest()


def raw_texts(table: TextTable, lines: list[int]) -> list[str]:
    """Raw texts of whole rows by line number; a Parquet row as the JSON of its cells."""
    places = np.searchsorted(table.lines.to_numpy(), np.array(lines, dtype=np.int64))
    if table.raw is not None:
        return [str(text) for text in table.raw.take(places).to_pylist()]
    rows = table.columns.take(places).to_pylist()
    return [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]


def line_in(table: TextTable, line: int) -> str | None:
    """The text of a line, if the table has it."""
    for row in table.broken:
        if row.line == line:
            return row.raw
    numbers = table.lines.to_numpy()
    place = int(np.searchsorted(numbers, line))
    if place < len(numbers) and numbers[place] == line:
        return raw_texts(table, [line])[0]
    return None


def _parts(row_id: str, extracts: dict[str, Any]) -> tuple[str, int]:
    """Extract id and line of a row id; an extract id may itself hold the mark that parts them."""
    rest = row_id.split("|", 1)[1]
    for extract_id in extracts:
        tail = rest.removeprefix(f"{extract_id}|").split("|")
        if rest.startswith(f"{extract_id}|") and len(tail) <= 2 and all(one.isdigit() for one in tail):
            return extract_id, int(tail[0])
    raise UsageError(f"no archived extract has the row {row_id}")


_LAST_READ: dict[tuple[str, str], TextTable] = {}


def _table_of(blob: Path, how: FileFormat) -> TextTable:
    """A file's text, kept for the next of its lines: who explains a number asks for several."""
    key = (str(blob), repr(how))
    if key not in _LAST_READ:
        table = read_text(blob, how)
        _LAST_READ.clear()
        _LAST_READ[key] = table
    return _LAST_READ[key]


def _read_with(blob: Path, how: FileFormat, line: int) -> TextTable:
    """A file's text, or of a large file the piece that has the line, if one has."""
    if not is_large(blob, how):
        return _table_of(blob, how)
    piece = None
    for piece in read_pieces(blob, how):
        if line_in(piece, line) is not None:
            break
    assert piece is not None
    return piece


def _of_sheet(how: FileFormat) -> str:
    """What goes before the text of a row of a named sheet: another sheet has a row of the same number."""
    return f"[{how.sheet}] " if how.sheet else ""


def _mended(home: Home, receipt: Receipt, table: TextTable, line: int) -> str | None:
    from pipelines.landing.mended import mended_tables

    corrections = corrections_of(home, receipt.source).get(receipt.extract_id, [])
    if not any(line in one.lines for one in corrections):
        return None
    prefix = f"{receipt.source}|{receipt.extract_id}"
    (today,) = mended_tables(home, prefix, [table], corrections)
    return raw_texts(replace(today, raw=None), [line])[0]


def raw_line(home: Home, row_id: str) -> RawLine:
    """Read a row's line from the archive again.

    Raises:
        UsageError: no extract has that row, or the archived bytes are no longer those of the receipt.
    """
    source = row_id.split("|", 1)[0]
    receipts = {one.extract_id: one for one in receipts_of(home, source)}
    if "|" not in row_id:
        raise UsageError(f"{row_id!r} is no row id", todo="a row id is <source>|<extract>|<line>")
    extract_id, line = _parts(row_id, receipts)
    receipt = receipts[extract_id]
    blob = home.blobs / receipt.sha256
    if sha256_of(blob) != receipt.sha256:
        raise UsageError("the archived bytes are not those of the receipt", where=str(blob))
    found: dict[str, RawLine] = {}
    for how in format_of_record(read_record(home, source, receipt.slug)):
        try:
            table = _read_with(blob, how, line)
        except FileRejectedError:
            continue
        text = line_in(table, line)
        if text is not None:
            member, within = table.place(line)
            shown = f"{_of_sheet(how)}{text}"
            mended = _mended(home, receipt, table, line)
            found.setdefault(text, RawLine(f"{extract_id}{member}", within, shown, receipt.sha256, mended))
    if found:
        lines = list(found.values())
        return lines[0] if len(lines) == 1 else replace(lines[0], text="\n".join(one.text for one in lines))
    raise UsageError(f"{extract_id} has no row at line {line}", where=str(blob))
