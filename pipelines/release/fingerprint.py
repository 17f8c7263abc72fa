"""What a table contains, in a few numbers that do not depend on row order, file layout or engine.

The logical hash of a table is made of its column names, its row count and the sum over rows of the first 60
bits of the MD5 of the row's text. A row's text is its values between bars, text with its length before it and
NULL as a dash, so that nothing inside a value can be mistaken for something else.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.files import digest
from pipelines.reader import identifier, quoted

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Fingerprint:
    """Rows, columns in order as (name, type), exact sums of decimal columns, and the logical hash."""

    rows: int
    columns: tuple[tuple[str, str], ...]
    control_totals: dict[str, str]
    logical_hash: str


def _row_text(columns: tuple[tuple[str, str], ...]) -> str:
    texts = []
    for name, kind in columns:
        column = identifier(name)
        text = f"length({column}) || ':' || {column}" if kind == "varchar" else f"cast({column} as varchar)"
        texts.append(f"coalesce({text}, '-')")
    return f"concat_ws('|', {', '.join(texts)})"


def fingerprint(connection: duckdb.DuckDBPyConnection, relation: str) -> Fingerprint:
    """Read a relation (a table name or read_parquet(...)) once and describe its content."""
    described = connection.execute(f"describe select * from {relation}").fetchall()
    columns = tuple((str(row[0]), str(row[1]).lower()) for row in described)
    summed = [name for name, kind in columns if kind.startswith("decimal")]
    parts = [
        "count(*)",
        f"coalesce(sum(cast('0x' || substr(md5({_row_text(columns)}), 1, 15) as bigint)), 0)",
        *(f"cast(coalesce(sum({identifier(name)}), 0) as varchar)" for name in summed),
    ]
    row = connection.execute(f"select {', '.join(parts)} from {relation}").fetchone()
    assert row is not None
    names = ",".join(name for name, _ in columns)
    sealed = hashlib.sha256(f"{names}|{row[0]}|{row[1]}".encode()).hexdigest()[:32]
    return Fingerprint(
        rows=int(row[0]),
        columns=columns,
        control_totals=dict(zip(summed, (str(value) for value in row[2:]), strict=True)),
        logical_hash=sealed,
    )


def parquet(path: Path) -> str:
    """The relation that reads one Parquet file."""
    return f"read_parquet({quoted(str(path))})"


def combined(tables: dict[str, Fingerprint]) -> str:
    """One logical hash over all tables of a release."""
    return digest({name: [one.rows, one.logical_hash] for name, one in tables.items()})
