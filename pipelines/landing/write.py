"""Writes what landing found as Parquet, one file per extract, each whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.home import Home
from pipelines.landing.schemas import landed_schemas


class ParquetFile:
    """A Parquet file of exactly this schema, written in pieces: a temporary name, the right one when all is written."""

    def __init__(self, path: Path, schema: Any) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.schema = path, schema
        self.temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        self.writer = pq.ParquetWriter(self.temporary, schema, compression="zstd", compression_level=1)

    def write(self, table: Any) -> None:
        """Write rows; columns that the schema does not have are left out."""
        self.writer.write_table(table.select(self.schema.names).cast(self.schema))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.abandon()
            return
        self.writer.close()
        self.temporary.replace(self.path)

    def abandon(self) -> None:
        """Leave nothing of a file that was not finished."""
        self.writer.close()
        self.temporary.unlink(missing_ok=True)


def write_parquet(table: Any, schema: Any, path: Path) -> None:
    """Write a table with exactly this schema."""
    with ParquetFile(path, schema) as file:
        file.write(table)


def write_rows(rows: list[dict[str, Any]], schema: Any, path: Path) -> None:
    """Write rows given as dictionaries."""
    write_parquet(pa.Table.from_pylist(rows, schema=schema), schema, path)


def write_empty(home: Home) -> None:
    """One typed file without rows for each feed, so that a feed that nobody fills is empty and not absent."""
    for name, schema in landed_schemas().items():
        path = home.landing / name / "_empty" / "empty.parquet"
        if not path.exists() or not pq.read_schema(path).equals(schema):
            write_parquet(schema.empty_table(), schema, path)


def slices_by_extract(table: Any) -> dict[int, Any]:
    """A table ordered by `_x`, cut into one table per `_x` without copying."""
    import numpy as np

    places = table.column("_x").to_numpy()
    found: dict[int, Any] = {}
    if not len(places):
        return found
    starts: Any = np.flatnonzero(np.r_[True, places[1:] != places[:-1]])
    for start, end in zip(starts, [*starts[1:], len(places)], strict=True):
        found[int(places[start])] = table.slice(int(start), int(end - start))
    return found
