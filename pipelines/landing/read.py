"""One way in for all formats: an archived blob and its format, to a text table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.landing.packed import Packed, members
from pipelines.landing.spool import LARGE, MOST_ROWS, PACKED_TIMES, WINDOW
from pipelines.landing.text_table import BrokenRow, FileRejectedError, Part, TextTable
from pipelines.sources.model import FileFormat


def read_text(path: Path, how: FileFormat) -> TextTable:
    """Read a file as text cells by its declared format.

    Raises:
        FileRejectedError: with the rule and the reason.
    """
    if how.compression != "zip":
        return _read(Packed(path, how.compression), how)
    names = members(path, how)
    tables = []
    for name in names:
        try:
            tables.append(_read(Packed(path, "zip", name), how))
        except FileRejectedError as rejection:
            raise FileRejectedError(rejection.rule, f"{name}: {rejection.reason}", rejection.rows) from None
    return tables[0] if how.member is None else _joined(names, tables)


def is_large(path: Path, how: FileFormat) -> bool:
    """Whether a file is read in pieces, because it may be too much for the memory at once."""
    times = PACKED_TIMES if how.compression != "none" or how.type == "parquet" else 1
    return how.type != "xlsx" and how.member is None and path.stat().st_size * times > LARGE


def read_pieces(path: Path, how: FileFormat) -> Iterator[TextTable]:
    """Read a large file, one table after another.

    Raises:
        FileRejectedError: with the rule and the reason, wherever in the file it is found.
    """
    member = members(path, how)[0] if how.compression == "zip" else None
    yield from _tables(Packed(path, how.compression, member), how, WINDOW, MOST_ROWS)


def _read(packed: Packed, how: FileFormat) -> TextTable:
    (table,) = _tables(packed, how, None, None)
    return table


def _tables(packed: Packed, how: FileFormat, window: int | None, most: int | None) -> Iterator[TextTable]:
    if how.type == "xlsx":
        from pipelines.landing.workbook import read_workbook

        return iter([read_workbook(packed, how)])
    if how.type == "parquet":
        from pipelines.landing.parquet_text import parquet_tables

        return parquet_tables(packed, how, most)
    if how.type in ("json", "jsonl"):
        from pipelines.landing.jsonarray import json_tables
        from pipelines.landing.jsonlines import jsonlines_tables

        read = json_tables if how.type == "json" else jsonlines_tables
        return read(packed, how, window, most)
    from pipelines.landing.delimited import delimited_tables

    return delimited_tables(packed, how, window)


def _last_line(table: TextTable) -> int:
    ends = [int(table.lines[-1].as_py())] if len(table.lines) else []
    return max([*ends, *(row.line for row in table.broken)], default=0)


def _joined(names: list[str], tables: list[TextTable]) -> TextTable:
    """Members as one table. Their lines are numbered on; `parts` says where each of them begins."""
    first, parts, before = tables[0], [], 0
    columns: list[Any] = []
    lines: list[Any] = []
    broken: list[BrokenRow] = []
    for name, table in zip(names, tables, strict=True):
        if sorted(table.header) != sorted(first.header):
            raise FileRejectedError("S02", f"{name} has another header than {names[0]}", table.rows)
        parts.append(Part(name, before))
        columns.append(table.columns.select(first.columns.column_names))
        lines.append(pc.add(table.lines, before))
        broken += [BrokenRow(row.line + before, row.raw, row.rule, row.reason) for row in table.broken]
        before += _last_line(table)
    raw = None
    if first.raw is not None:
        raw = pa.chunked_array([chunk for table in tables for chunk in _chunks(table.raw)], pa.large_string())
    return TextTable(
        pa.concat_tables(columns),
        pa.concat_arrays([_flat(one) for one in lines]),
        raw,
        first.header,
        broken,
        list(dict.fromkeys(note for table in tables for note in table.notes)),
        parts=parts,
        kinds=first.kinds,
    )


def _chunks(array: Any) -> list[Any]:
    return list(array.chunks) if isinstance(array, pa.ChunkedArray) else [array]


def _flat(array: Any) -> Any:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
