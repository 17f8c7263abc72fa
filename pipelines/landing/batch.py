"""Reads the extracts of one component and registers them as text tables, the way a source's SQL sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.files import sha256_of
from pipelines.home import Home
from pipelines.landing.headers import Headers, Seen
from pipelines.landing.plan import Component
from pipelines.landing.read import is_large, read_pieces, read_text
from pipelines.landing.reshape import literal, quoted
from pipelines.landing.spool import LargeTable, spooled
from pipelines.landing.text_table import FileRejectedError, TextTable
from pipelines.sources.model import Table
from pipelines.sources.receipt import Receipt


@dataclass
class Extract:
    """One extract as read: its text tables, or the reason why it is rejected. `x` is its place in the batch."""

    x: int
    receipt: Receipt
    tables: dict[str, TextTable] = field(default_factory=dict)
    rejected: FileRejectedError | None = None

    @property
    def is_large(self) -> bool:
        """Whether its rows lie on disk."""
        return any(isinstance(table, LargeTable) for table in self.tables.values())

    def pieces(self) -> Iterator[Extract]:
        """The extract with the rows of its one large table, chunk by chunk."""
        ((name, table),) = self.tables.items()
        assert isinstance(table, LargeTable)
        for chunk in table.chunks():
            yield replace(self, tables={name: chunk})

    @property
    def prefix(self) -> str:
        """What its row ids start with."""
        return f"{self.receipt.source}|{self.receipt.extract_id}"

    @property
    def declared(self) -> dict[str, Any] | None:
        """What its control file or its trailer declares."""
        trailers = [table.declared for table in self.tables.values() if table.declared]
        return self.receipt.declared or (trailers[0] if trailers else None)

    @property
    def rows(self) -> int:
        """Rows of the file, as far as they could be told."""
        if self.tables:
            return sum(table.rows for table in self.tables.values())
        return self.rejected.rows if self.rejected else 0


def _tables_of(component: Component, receipt: Receipt) -> list[Table]:
    return [table for table in component.tables if table.name in receipt.tables]


def _read(home: Home, component: Component, headers: Headers, extract: Extract, work: Path) -> None:
    blob = home.blobs / extract.receipt.sha256
    if not blob.exists() or sha256_of(blob) != extract.receipt.sha256:
        raise FileRejectedError("S01", "the archived bytes are not those of the receipt")
    for table in _tables_of(component, extract.receipt):
        if component.is_plain and is_large(blob, table.format):
            work.mkdir(parents=True, exist_ok=True)
            place = work / f"{extract.x}.{table.name}.arrow"
            pieces = read_pieces(blob, table.format)
            extract.tables[table.name] = spooled(pieces, partial(headers.fit, table), place)
        else:
            extract.tables[table.name] = headers.fit(table, read_text(blob, table.format))


def _count_rows(extract: Extract) -> None:
    """Rule S03: a file has the rows that its control file or trailer declares."""
    declared = (extract.declared or {}).get("rows")
    for table in extract.tables.values():
        if declared is not None and table.rows != declared:
            raise FileRejectedError(
                "S03", f"{declared} rows are declared, the file has {table.rows}", table.rows
            )


def read_extracts(
    home: Home, component: Component, receipts: list[Receipt], seen: Seen, work: Path
) -> list[Extract]:
    """Read each extract; one that cannot be trusted carries its rejection and is not registered."""
    headers = Headers(component, seen)
    extracts = []
    for x, receipt in enumerate(receipts):
        extract = Extract(x, receipt)
        try:
            _read(home, component, headers, extract, work)
            _count_rows(extract)
        except FileRejectedError as rejection:
            extract.rejected = rejection
        extracts.append(extract)
    return extracts


def _positioned(extract: Extract, text: TextTable, ids: Any) -> pa.Table:
    rows = text.columns.num_rows
    place = pa.array(np.full(rows, extract.x, dtype=np.int32))
    found = text.columns.append_column("_x", place)
    found = found.append_column("_line", text.lines)
    return found.append_column("_file", pa.DictionaryArray.from_arrays(place, ids))


def register(
    connection: duckdb.DuckDBPyConnection,
    component: Component,
    extracts: list[Extract],
    only: list[Extract] | None = None,
) -> None:
    """Give a connection one view per table: all its columns as text, and `_row_id`, `_file`, `_line`.

    With `only`, the views show the rows of those extracts alone.
    """
    ids = pa.array([one.receipt.extract_id for one in extracts], pa.large_string())
    for table in component.tables:
        parts = [
            _positioned(one, one.tables[table.name], ids)
            for one in (extracts if only is None else only)
            if one.rejected is None and table.name in one.tables
        ]
        if not parts:
            continue
        connection.register(f"_t_{table.name}", pa.concat_tables(parts, promote_options="default"))
        row_id = f"{literal(component.source.name + '|')} || cast(_file as varchar) || '|' || _line"
        connection.execute(
            f"create or replace view {quoted(table.name)} as select * exclude (_file), "
            f"cast(_file as varchar) as _file, {row_id} as _row_id from {quoted('_t_' + table.name)}"
        )
