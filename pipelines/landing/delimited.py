"""Delimited text to cells. Columns go by name, each row's fields are counted, nothing is guessed.

Rows without a quote are split in bulk; rows with quotes go through Python's csv module, alone where every quote is
closed on its own row, else the whole file (a quoted cell may hold line ends).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.landing.decode import LONGEST_ROW, Block, row_blocks, suspicious
from pipelines.landing.packed import Packed
from pipelines.landing.text_table import BrokenRow, FileRejectedError, TextTable
from pipelines.landing.trailer import split_trailer
from pipelines.sources.model import FileFormat

PRIVATE = "\ue000"  # stands for a delimiter of several characters, which the csv module does not know
TRAILING = "a delimiter ends every row"
OTHER_DELIMITERS = (",", ";", "\t", "|")

csv.field_size_limit(LONGEST_ROW)


class _Rows:
    """Fields of rows in file order: Arrow columns of the whole ones, the broken ones beside."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.columns: list[list[Any]] = [[] for _ in range(width)]
        self.lines: list[Any] = []
        self.raw: list[Any] = []
        self.broken: list[BrokenRow] = []
        self.notes: list[str] = []

    def add(self, columns: list[Any], lines: Any, raw: Any) -> None:
        """Take whole rows."""
        for kept, new in zip(self.columns, columns, strict=True):
            kept.append(new)
        self.lines.append(pa.array(lines, pa.int64()))
        self.raw.append(raw)

    def table(self, names: list[str]) -> TextTable:
        """All of them as one table in order of lines."""
        lines = pa.chunked_array(self.lines, pa.int64()).combine_chunks()
        arrays = [pa.chunked_array(parts, pa.large_string()) for parts in self.columns]
        columns = pa.table(dict(zip(names, arrays, strict=True)))
        raw = pa.chunked_array(self.raw, pa.large_string())
        if len(self.lines) > 1:
            order = pc.sort_indices(lines)
            columns, lines, raw = columns.take(order), lines.take(order), raw.take(order)
        return TextTable(columns, lines, raw, names, broken=self.broken, notes=self.notes)


def _parse_quoted(rows: Iterator[str], how: FileFormat) -> Iterator[tuple[int, list[str]]]:
    """Fields of each record with the number of the row on which it ends, by the csv module."""
    stand_in = len(how.delimiter) > 1
    source = (row.replace(how.delimiter, PRIVATE) for row in rows) if stand_in else rows
    mark = PRIVATE if stand_in else how.delimiter
    reader = csv.reader(source, delimiter=mark, quotechar=how.quote, strict=True)
    for record in reader:
        fields = [cell.replace(PRIVATE, how.delimiter) for cell in record] if stand_in else record
        yield reader.line_num, fields


def _split(lines: Any, delimiter: str, width: int) -> tuple[list[Any], Any]:
    """Columns of the rows that have `width` fields, and which rows those are (numpy boolean)."""
    parts = pc.split_pattern(lines, delimiter)
    whole = pc.list_value_length(parts).to_numpy(zero_copy_only=False) == width
    cells = parts.flatten() if whole.all() else parts.filter(pa.array(whole)).flatten()
    return _columns(cells, width), whole


def _all_trail(parsed: list[list[str]], width: int) -> bool:
    return all(len(fields) == width + 1 and fields[-1] == "" for fields in parsed)


def _without_trailing(lines: Any, parsed: list[list[str]], how: FileFormat, width: int) -> tuple[Any, bool]:
    """The rows without the delimiter that ends each of them; as they are unless it ends every row of the file."""
    if not _all_trail(parsed, width) or not (parsed or len(lines)):
        return lines, False
    counts = pc.count_substring(lines, how.delimiter).to_numpy(zero_copy_only=False)
    if not ((counts == width).all() and pc.all(pc.ends_with(lines, how.delimiter)).as_py() is not False):
        return lines, False
    for fields in parsed:
        fields.pop()
    return pc.utf8_slice_codeunits(lines, 0, stop=-len(how.delimiter)) if len(lines) else lines, True


def _columns(cells: Any, width: int) -> list[Any]:
    return [cells.take(pa.array(np.arange(start, len(cells), width))) for start in range(width)]


def _broken(line: int, raw: str, found: int, rows: _Rows) -> BrokenRow:
    return BrokenRow(line, raw, "S09", f"the row has {found} fields, {rows.width} are needed")


def _take_plain(rows: _Rows, lines: Any, raw: Any, numbers: Any, how: FileFormat) -> None:
    columns, whole = _split(lines, how.delimiter, rows.width)
    rows.add(columns, numbers[whole], raw.filter(pa.array(whole)))
    for index in np.flatnonzero(~whole):
        text = raw[int(index)].as_py()
        rows.broken.append(_broken(int(numbers[index]), text, len(text.split(how.delimiter)), rows))


def _take_records(rows: _Rows, records: list[tuple[int, str, list[str]]]) -> None:
    """Take parsed records of (line, raw text, fields)."""
    whole = [record for record in records if len(record[2]) == rows.width]
    columns = [
        pa.array([record[2][index] for record in whole], pa.large_string()) for index in range(rows.width)
    ]
    rows.add(columns, [record[0] for record in whole], pa.array([one[1] for one in whole], pa.large_string()))
    for line, raw, fields in records:
        if len(fields) != rows.width:
            rows.broken.append(_broken(line, raw, len(fields), rows))


def _take_together(rows: _Rows, lines: Any, numbers: Any, how: FileFormat, *, is_last: bool) -> int:
    """Every row by the csv module, because a quoted cell reaches over rows; how many the next block has to finish."""
    texts = lines.to_pylist()
    records, start = [], 0
    try:
        for end, fields in _parse_quoted((text + "\n" for text in texts), how):
            if fields:
                records.append((int(numbers[start]), "\n".join(texts[start:end]), fields))
            start = end
    except csv.Error as error:
        left = len(texts) - start
        if is_last or "unexpected end" not in str(error) or sum(map(len, texts[start:])) > LONGEST_ROW:
            line = int(numbers[min(start, len(texts) - 1)])
            reason = f"a quote does not close in the record of line {line}: {error}"
            raise FileRejectedError("S09", reason, len(texts)) from None
        _take_parsed(rows, records)
        return left
    _take_parsed(rows, records)
    return 0


def _take_parsed(rows: _Rows, records: list[tuple[int, str, list[str]]]) -> None:
    if records and _all_trail([fields for _, _, fields in records], rows.width):
        records = [(line, raw, fields[:-1]) for line, raw, fields in records]
        rows.notes.append(TRAILING)
    _take_records(rows, records)


def _take(rows: _Rows, lines: Any, numbers: Any, how: FileFormat, *, is_last: bool) -> int:
    """Take the rows; returns how many at the end are part of a record that the next block finishes."""
    quoted = pc.match_substring(lines, how.quote) if how.quote else pa.array(np.zeros(len(lines), bool))
    mask = quoted.to_numpy(zero_copy_only=False)
    texts = lines.filter(quoted).to_pylist()
    try:
        parsed = [fields for _, fields in _parse_quoted(iter(texts), how)]
    except csv.Error:
        parsed = []
    if len(parsed) != len(texts):  # some quoted cell reaches over rows
        return _take_together(rows, lines, numbers, how, is_last=is_last)
    is_plain = ~mask & pc.not_equal(lines, "").to_numpy(zero_copy_only=False)  # an empty line is no row
    raw = lines.filter(pa.array(is_plain))
    plain, trails = _without_trailing(raw, parsed, how, rows.width)
    rows.notes += [TRAILING] if trails else []
    _take_records(rows, list(zip(numbers[mask].tolist(), texts, parsed, strict=True)))
    _take_plain(rows, plain, raw, numbers[is_plain], how)
    return 0


def _names(lines: Any, how: FileFormat) -> tuple[list[str], int]:
    """Column names and how many rows stand before the first row of data."""
    if not how.header:
        return list(how.columns), how.skip_rows
    if len(lines) <= how.skip_rows:
        raise FileRejectedError("S02", "the file has no header")
    first = lines[how.skip_rows].as_py()
    try:
        names = next(_parse_quoted(iter([first]), how))[1] if how.quote else first.split(how.delimiter)
    except (csv.Error, StopIteration):
        raise FileRejectedError("S02", "the header cannot be read") from None
    if len(names) > 1 and names[-1] == "":
        names = names[:-1]
    doubled = sorted({name for name in names if [one.lower() for one in names].count(name.lower()) > 1})
    if doubled:
        raise FileRejectedError("S02", f"the header has {', '.join(doubled)} twice")
    return names, how.skip_rows + 1


def _refuse_cut_or_mixed(table: TextTable, is_ended: bool, last_line: int, how: FileFormat) -> None:
    """A file that ends in a row cut short, or whose rows use another delimiter, is no file to pick rows from."""
    for row in (one for one in table.broken if one.rule == "S09"):
        fields = row.raw.count(how.delimiter) + 1
        if row.line == last_line and not is_ended and fields < len(table.header):
            raise FileRejectedError("S03", f"the file ends in the middle of line {row.line}", table.rows)
        others = [mark for mark in OTHER_DELIMITERS if row.raw.count(mark) + 1 == len(table.header)]
        if fields == 1 and len(table.header) > 1 and others:
            reason = f"line {row.line} is delimited by {others[0]!r}, the file by {how.delimiter!r}"
            raise FileRejectedError("S09", reason, table.rows)


class _Reading:
    """A file on its way, block by block: what its header says, and rows that the next block has to finish."""

    def __init__(self, how: FileFormat) -> None:
        self.how = how
        self.names: list[str] | None = None
        self.before = self.seen = 0
        self.left: tuple[Any, Any] | None = None

    def _body(self, block: Block) -> tuple[Any, Any]:
        """The rows of a block after what stands above them, with their numbers."""
        numbers = np.arange(self.before + 1, self.before + len(block.lines) + 1)
        self.before += len(block.lines)
        lines, skipped = block.lines, 0
        if self.names is None:
            self.names, skipped = _names(lines, self.how)
        lines, numbers = lines.slice(skipped), numbers[skipped:]
        if self.left is None:
            return lines, numbers
        joined = pa.concat_arrays([self.left[0], lines]), np.concatenate([self.left[1], numbers])
        self.left = None
        return joined

    def table(self, block: Block) -> TextTable:
        """The rows that a block finishes."""
        body, numbers = self._body(block)
        declared = None
        if block.is_last:
            body, numbers, declared = split_trailer(body, numbers, self.how)
        self.seen += pc.sum(pc.not_equal(body, "")).as_py() or 0
        if block.is_last and not self.seen and not self.how.empty_ok:
            raise FileRejectedError("S02", "the file has a header and no rows")
        rows = _Rows(len(self.names or []))
        last = int(numbers[-1]) if len(numbers) and block.is_last else 0
        if block.is_odd:
            body, numbers = _without_odd(rows, body, numbers)
        left = _take(rows, body, numbers, self.how, is_last=block.is_last)
        if left:
            self.left = body.slice(len(body) - left), numbers[-left:]
        table = rows.table(self.names or [])
        table.declared = declared
        _refuse_cut_or_mixed(table, block.is_ended, last, self.how)
        return table


def _without_odd(rows: _Rows, body: Any, numbers: Any) -> tuple[Any, Any]:
    strange = suspicious(body).to_numpy(zero_copy_only=False)
    for index in np.flatnonzero(strange):
        reason = "the row holds a NUL or the traces of a wrong decoding"
        rows.broken.append(BrokenRow(int(numbers[index]), body[int(index)].as_py(), "S07", reason))
    return body.filter(pa.array(~strange)), numbers[~strange]


def delimited_tables(packed: Packed, how: FileFormat, window: int | None) -> Iterator[TextTable]:
    """The rows of a delimited file: one table of all of them, or with a window one after another.

    Raises:
        FileRejectedError: it is empty, wrongly encoded, has no usable header, is cut, or a quote in it never closes.
    """
    reading = _Reading(how)
    for block in row_blocks(packed, how, window):
        yield reading.table(block)
    if reading.names is None:
        if not how.empty_ok or how.header:
            raise FileRejectedError("S02", "the file is empty")
        yield _Rows(len(how.columns)).table(list(how.columns))


def read_delimited(packed: Packed, how: FileFormat) -> TextTable:
    """Read a delimited file at once; see `delimited_tables`."""
    (table,) = delimited_tables(packed, how, None)
    return table
