"""Mended rows: the file that the owner of a source gets and gives back, and how it is laid over the archived one.

The file has the columns of the source's file, then those of OWN. A mended row keeps the identity of the line that it
replaces (source, extract, line), so everything after it counts the same rows as before.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import UsageError, WeirError
from pipelines.files import digest
from pipelines.home import Home
from pipelines.landing.batch import Extract
from pipelines.landing.raw import line_in, raw_hash
from pipelines.landing.spool import LargeTable, spooled
from pipelines.landing.text_table import TextTable
from pipelines.sources.corrections import Correction, blob_of
from pipelines.sources.receipt import Receipt

OWN = ("weir_row", "weir_line", "weir_rule", "weir_reason", "weir_text", "weir_sha256")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
Corrections = dict[str, list[Correction]]


@dataclass(frozen=True)
class MendedRow:
    """One row of a mended file: the row that it replaces, the hash of that row's text, and its cells by column."""

    row_id: str
    raw_hash: str
    cells: dict[str, str]


def _is_number(text: str) -> bool:
    return text[1:].replace(".", "", 1).replace(",", "").isdigit()


def escaped(cell: str) -> str:
    """A cell that a spreadsheet would run gets an apostrophe before it; so does one that begins with an apostrophe."""
    return f"'{cell}" if cell.startswith("'") or (cell.startswith(FORMULA) and not _is_number(cell)) else cell


def plain(cell: str) -> str:
    """The cell that `escaped` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in ("'", *FORMULA) else cell


def write_rows(header: list[str], rows: Iterable[list[str]]) -> bytes:
    """The file for the owner of the source: UTF-8 with a byte order mark, so that Excel reads it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([*header, *OWN])
    writer.writerows([[escaped(cell) for cell in row] for row in rows])
    return stream.getvalue().encode("utf-8-sig")


def read_rows(content: bytes, where: str) -> list[MendedRow]:
    """The rows of a mended file.

    Raises:
        UsageError: it is not such a file, or one row stands there twice.
    """
    again = "export it again, mend cells only, and save it as CSV in UTF-8"
    try:
        text = content.decode("utf-8-sig")
        header, *lines = list(csv.reader(io.StringIO(text, newline=""), strict=True)) or [[]]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"the file cannot be read as CSV in UTF-8: {error}", where=where, todo=again
        ) from None
    missing = [name for name in ("weir_row", "weir_sha256") if name not in header]
    if missing or len(set(header)) != len(header):
        told = f"has no column {', '.join(missing)}" if missing else "has a column twice"
        raise UsageError(f"the file {told}", where=where, todo=again)
    rows, seen = [], set[str]()
    for number, line in enumerate(lines, start=2):
        if not any(line):
            continue
        if len(line) != len(header):
            told = f"row {number} has {len(line)} fields, the header has {len(header)}"
            raise UsageError(told, where=f"{where}:{number}", todo=again)
        cells = {name: plain(cell) for name, cell in zip(header, line, strict=True)}
        own = {name: cells.pop(name, "") for name in OWN}
        if own["weir_row"] in seen:
            raise UsageError(f"{own['weir_row']} stands there twice", where=f"{where}:{number}", todo=again)
        seen.add(own["weir_row"])
        rows.append(MendedRow(own["weir_row"], own["weir_sha256"], cells))
    return rows


def line_of(row_id: str, prefix: str) -> int | None:
    """The line in a row id of an extract with this prefix (`source|extract`); None if it is of another one."""
    head, _, tail = row_id.partition(f"{prefix}|")
    parts = tail.split("|")
    return int(parts[0]) if not head and tail and all(part.isdigit() for part in parts) else None


def digests_with(
    base: str, receipts: list[Receipt], gone: list[Receipt], corrections: Corrections, *, is_joint: bool
) -> dict[str, str]:
    """What each extract was landed by, by its slug: the component's digest and the corrections up to it.

    A mended row may take a key that a later extract gives again, so all extracts from it on are judged anew. So are
    those that came after one that is `gone`, replaced by another: they may have lost rows to it; and those after the
    place that such another one takes, for it may have come later than they.
    """
    told: list[tuple[str, str]] = []
    found = {}
    for one in receipts:
        told += [(one.extract_id, one.place)] if one.place else []
        told += [(one.extract_id, mend.sha256) for mend in corrections.get(one.extract_id, ())]
        before = [other.extract_id for other in gone if other.order < one.order]
        found[one.slug] = digest([base, told, before]) if told or before else base
    return {slug: list(found.values())[-1] for slug in found} if is_joint else found


def mended(home: Home, extract: Extract, corrections: list[Correction], work: Path) -> Extract:
    """An extract with its mended rows in place of what came; a large one is written anew below `work`.

    Raises:
        WeirError: an archived correction is gone or damaged.
    """
    tables = dict(extract.tables)
    for place, one in enumerate(corrections):
        rows = _rows_by_line(home, extract.prefix, one)
        for name, table in tables.items():
            if isinstance(table, LargeTable):
                spool = work / f"{extract.x}.{name}.{place}.mended.arrow"
                tables[name] = _large(table, rows, spool)
            else:
                tables[name] = overlaid(table, rows)
    return replace(extract, tables=tables)


def _large(table: LargeTable, rows: dict[int, MendedRow], spool: Path) -> LargeTable:
    """A table on disk with mended rows, chunk by chunk; a row without cells goes with the chunk that it lies in."""

    def pieces() -> Iterator[TextTable]:
        broken = sorted(table.broken, key=lambda row: row.line)
        for number, chunk in enumerate(table.chunks(), start=1):
            last = None if number == table.chunk_count else chunk.lines[-1].as_py()
            here = [row for row in broken if last is None or row.line <= last]
            broken = broken[len(here) :]
            yield overlaid(replace(chunk, broken=here), rows)

    made = spooled(pieces(), lambda text: text, spool)
    return replace(made, notes=table.notes, declared=table.declared, parts=table.parts, kinds=table.kinds)


def mended_tables(
    home: Home, prefix: str, tables: list[TextTable], corrections: list[Correction]
) -> list[TextTable]:
    """The tables of an extract (`prefix` is `source|extract`) with all corrections laid over them, in order."""
    for one in corrections:
        rows = _rows_by_line(home, prefix, one)
        tables = [overlaid(table, rows) for table in tables]
    return tables


def _rows_by_line(home: Home, prefix: str, correction: Correction) -> dict[int, MendedRow]:
    blob = blob_of(home, correction)
    if blob is None:
        raise WeirError(
            f"the archived correction of {correction.extract_id} is gone or damaged",
            where=str(home.blobs / correction.sha256),
            todo="restore the archive from a copy",
        )
    found = {line_of(row.row_id, prefix): row for row in read_rows(blob.read_bytes(), str(blob))}
    return {line: row for line, row in found.items() if line in correction.lines and line is not None}


def text_at(table: TextTable, line: int) -> str | None:
    """A line of a table as it came, by the names of the file whatever they are called since; None if it has none."""
    fitted = table.columns.column_names
    named = table.columns.rename_columns([*table.header, *fitted[len(table.header) :]])
    return line_in(replace(table, columns=named.select(table.header)), line)


def overlaid(text: TextTable, given: dict[int, MendedRow]) -> TextTable:
    """A table with the cells of these lines replaced. A row that had no cells becomes one; raw text stays.

    A row is laid over the line that it was exported from: other sheets of a workbook have a line of that number too.
    """
    texts = {line: text_at(text, line) for line in given}
    rows = {
        line: row.cells
        for line, row in given.items()
        if (found := texts[line]) is not None and raw_hash(found) == row.raw_hash
    }
    changed = _replaced(text, rows)
    repaired = [row for row in text.broken if row.line in rows and any(rows[row.line].values())]
    if not repaired:
        return changed
    new = {
        fitted: [rows[row.line].get(name, "") for row in repaired]
        for name, fitted in zip(text.header, changed.columns.column_names, strict=False)
    }
    columns = changed.columns.schema
    added = pa.table(
        {
            name: pa.array(new.get(name, [None] * len(repaired)), columns.field(name).type)
            for name in columns.names
        }
    )
    lines = pa.concat_arrays([_flat(changed.lines), pa.array([row.line for row in repaired], pa.int64())])
    order = pc.sort_indices(lines)
    raw = changed.raw
    if raw is not None:
        raw = pa.concat_arrays([_flat(raw), pa.array([row.raw for row in repaired], pa.large_string())])
        raw = raw.take(order)
    return replace(
        changed,
        columns=pa.concat_tables([changed.columns, added]).take(order),
        lines=lines.take(order),
        raw=raw,
        broken=[row for row in text.broken if row not in repaired],
    )


def _flat(array: Any) -> Any:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _replaced(text: TextTable, rows: dict[int, dict[str, str]]) -> TextTable:
    numbers = text.lines.to_numpy()
    here = np.flatnonzero(np.isin(numbers, list(rows)))
    if not len(here):
        return text
    columns = text.columns
    for place, name in enumerate(text.header):
        column = _flat(columns.column(place))
        values = column.take(pa.array(here)).to_pylist()
        # an absent cell and an empty one look alike in CSV: what was not mended stays what it was
        new = [rows[int(line)].get(name, old or "") for line, old in zip(numbers[here], values, strict=True)]
        new = [old if (old or "") == cell else cell for old, cell in zip(values, new, strict=True)]
        if new != values:
            mask = np.zeros(len(column), dtype=bool)
            mask[here] = True
            column = pc.replace_with_mask(column, pa.array(mask), pa.array(new, column.type))
            columns = columns.set_column(place, columns.column_names[place], column)
    return replace(text, columns=columns)
