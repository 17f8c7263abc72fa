"""One way in for all formats: an archived blob and its format, to a text table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.landing.packed import Packed, members
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


def _read(packed: Packed, how: FileFormat) -> TextTable:
    if how.type == "parquet":
        from pipelines.landing.parquet_text import read_parquet

        return read_parquet(packed, how)
    if how.type == "xlsx":
        from pipelines.landing.workbook import read_workbook

        return read_workbook(packed, how)
    if how.type == "json":
        from pipelines.landing.jsonarray import read_json

        return read_json(packed, how)
    if how.type == "jsonl":
        from pipelines.landing.jsonlines import read_jsonlines

        return read_jsonlines(packed, how)
    from pipelines.landing.delimited import read_delimited

    return read_delimited(packed, how)


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
