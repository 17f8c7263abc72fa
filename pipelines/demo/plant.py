"""How faults get into text tables: rows marked, rows added, rows sent again."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from pipelines.demo.faults import Fault, FaultBook

SMALL = 250  # rows; one in 200 is the limit of unreadable ones
Row = dict[str, str | None]


def unmarked(table: pl.DataFrame) -> pl.DataFrame:
    """The table with an empty column for the numbers of faults."""
    return table.with_columns(_fault=pl.lit(None, dtype=pl.Int64))


def mark(table: pl.DataFrame, where: pl.Expr, fault: Fault, key: str, book: FaultBook) -> pl.DataFrame:
    """Enter the fault once for each row found; `key` is the column that names the row."""
    found = table.with_row_index("_at").filter(where).select("_at", key)
    marks = table["_fault"].to_list()
    for at, value in found.iter_rows():
        marks[at] = book.add(replace(fault, key=str(value)))
    return table.with_columns(_fault=pl.Series(marks, dtype=pl.Int64))


def template(table: pl.DataFrame, where: pl.Expr) -> Row:
    """The first row found, to be changed into another one."""
    return dict(table.filter(where).row(0, named=True))


def added(table: pl.DataFrame, rows: list[tuple[Row, Fault]], book: FaultBook) -> pl.DataFrame:
    """The table with those rows at the end of their files, each entered as the fault it is.

    In a small table an unreadable row is more than may be set aside: there it is left out.
    """
    if len(table) < SMALL:
        rows = [(row, fault) for row, fault in rows if fault.rule not in ("S09", "S11")]
    extra = [{**row, "_fault": book.add(fault)} for row, fault in rows]
    frame = pl.DataFrame(extra, schema=table.schema, orient="row")
    return pl.concat([table, frame]).sort("_file", maintain_order=True)


def sent_again(
    table: pl.DataFrame, where: pl.Expr, file: str, fault: Fault, key: str, book: FaultBook
) -> pl.DataFrame:
    """The rows found, once more in another file, unchanged: duplicates there."""
    rows = [
        ({**row, "_file": file}, replace(fault, key=str(row[key])))
        for row in table.filter(where).iter_rows(named=True)
    ]
    return added(table, rows, book)
