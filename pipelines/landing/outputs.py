"""What one feed of one batch writes: accepted rows, their restricted columns, and the rows held back with raw text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.home import Home
from pipelines.landing.batch import Extract
from pipelines.landing.feed_result import KIND_OF
from pipelines.landing.feed_run import FeedRun
from pipelines.landing.keyed_hash import with_hashes
from pipelines.landing.raw import raw_hash, raw_texts
from pipelines.landing.reshape import literal, quoted
from pipelines.landing.schemas import HELD_WITH_TEXT, feed_schema, restricted_schema
from pipelines.landing.spool import LargeTable, RawTexts
from pipelines.landing.text_table import TextTable
from pipelines.landing.typed import shown_key_sql
from pipelines.landing.write import ParquetFile, slices_by_extract
from quality.feeds import Column

LIST_KINDS = {
    "accepted": "accepted",
    "quarantined": "quarantined",
    "duplicates": "duplicate",
    "rejected": "rejected",
}


def _origins(run: FeedRun) -> None:
    """Register what each extract adds to its rows."""
    table = pa.table(
        {
            "_x": pa.array([one.x for one in run.extracts], pa.int32()),
            "extract_id": pa.array([one.receipt.extract_id for one in run.extracts], pa.string()),
            "received_at": pa.array(
                [one.receipt.counts_from.rstrip("Z") for one in run.extracts], pa.string()
            ),
        }
    )
    run.connection.register("origins", table)


def _open_sql(column: Column) -> str:
    """A column as it is written; where landing makes it, the clear text that it will be made from."""
    clear = column.hash_of.column if column.hash_of else column.name
    return f"{quoted(clear)} as {quoted(column.name)}"


def write_accepted(home: Home, run: FeedRun) -> dict[int, list[Path]]:
    """Write the accepted rows of each extract; returns its files."""
    _origins(run)
    feed, source = run.feed, run.typing.source.name
    open_columns = ", ".join(_open_sql(one) for one in feed.columns if not one.is_restricted)
    query = (
        f"select judged._x, judged._line, {open_columns}, {literal(source)} as source_system, "
        "_row_id as row_id, extract_id, cast(received_at as timestamp) as received_at, _hash as row_hash "
        "from judged join origins using (_x) where _status = 'accepted'"
    )
    accepted = (with_hashes(table, feed, home) for table in run.rows(query))
    files = _write_slices(home.landing / feed.name / source, run, accepted, feed_schema(feed))
    schema = restricted_schema(feed)
    if schema is not None:
        closed = ", ".join(quoted(one.name) for one in feed.columns if one.is_restricted)
        query = f"select _x, _line, _row_id as row_id, {closed} from judged where _status = 'accepted'"
        hidden = _write_slices(home.restricted / feed.name / source, run, run.rows(query), schema)
        for x, more in hidden.items():
            files.setdefault(x, []).extend(more)
    return files


def _write_slices(folder: Path, run: FeedRun, tables: Iterable[Any], schema: Any) -> dict[int, list[Path]]:
    """One file for each extract that has rows; the rows of an extract follow each other."""
    slugs = {one.x: one.receipt.slug for one in run.extracts}
    files: dict[int, list[Path]] = {}
    with ExitStack() as opened:
        writers: dict[int, ParquetFile] = {}
        for table in tables:
            for x, rows in slices_by_extract(table).items():
                if x not in writers:
                    path = folder / f"{slugs[x]}.parquet"
                    writers[x] = opened.enter_context(ParquetFile(path, schema))
                    files[x] = [path]
                writers[x].write(rows)
    return files


def held_rows(run: FeedRun) -> Iterator[tuple[int, Any]]:
    """Rows that were not accepted, by extract, as Arrow tables with their raw text; of large ones several, in order."""
    query = (
        "select _x, _line, _line as line_no, split_part(_reason, '|', 1) as rule_id, "
        "substr(_reason, strpos(_reason, '|') + 1) as reason, _row_id as row_id, _amount as amount, "
        "nullif(_currency, '') as currency, _status as kind, "
        f"{shown_key_sql('_key')} as natural_key "
        "from judged where _status <> 'accepted'"
    )
    extracts = {one.x: one for one in run.extracts}
    texts: dict[int, RawTexts] = {}
    for held in run.rows(query):
        for x, rows in slices_by_extract(held).items():
            yield x, _with_origin(run, extracts[x], rows, texts)


def _with_origin(run: FeedRun, extract: Extract, rows: Any, large: dict[int, RawTexts]) -> Any:
    table = next(extract.tables[name] for name in run.typing.mapping.tables if name in extract.tables)
    lines = rows.column("line_no").to_pylist()
    if isinstance(table, LargeTable):
        texts = large.setdefault(extract.x, RawTexts(table)).of(lines)
    else:
        texts = raw_texts(table, lines)
    return _completed(run.feed.name, extract, rows, table, texts)


def _completed(feed: str, extract: Extract, rows: Any, places_of: TextTable, texts: list[str]) -> Any:
    count = rows.num_rows
    places = [places_of.place(line) for line in rows.column("line_no").to_pylist()]
    rows = rows.drop_columns("line_no")
    rows = rows.append_column("line_no", pa.array([line for _, line in places], pa.int64()))
    added = {
        "source_system": [extract.receipt.source] * count,
        "extract_id": [extract.receipt.extract_id] * count,
        "feed": [feed] * count,
        "file_name": [f"{extract.receipt.extract_id}{member}" for member, _ in places],
        "raw_hash": [raw_hash(text) for text in texts],
        "raw_text": texts,
    }
    for name, values in added.items():
        rows = rows.append_column(name, pa.array(values, pa.string()))
    return rows.select(HELD_WITH_TEXT.names).cast(HELD_WITH_TEXT)


def broken_rows(feed: str, extract: Extract, table: str, rejection: str | None) -> Any:
    """The rows of a table that have no cells, as the same kind of Arrow table."""
    rule, _, reason = (rejection or "").partition("|")
    found = [
        {
            "line_no": row.line,
            "rule_id": rule or row.rule,
            "reason": reason or row.reason,
            "row_id": f"{extract.prefix}|{row.line}",
            "amount": None,
            "currency": None,
            "kind": "rejected" if rejection else "quarantined",
            "natural_key": None,
        }
        for row in extract.tables[table].broken
    ]
    names = ("line_no", "rule_id", "reason", "row_id", "amount", "currency", "kind", "natural_key")
    rows = pa.Table.from_pylist(found, schema=pa.schema([HELD_WITH_TEXT.field(name) for name in names]))
    text = extract.tables[table]
    return _completed(feed, extract, rows, text, [row.raw for row in text.broken])


def batch_rows(feed: str, extract: Extract, counts: Any) -> list[dict[str, Any]]:
    """Rows of ops__batch for one feed of one extract, one for each currency."""
    found = []
    for currency, read in sorted(counts.read.by.items()):
        row: dict[str, Any] = {
            "source_system": extract.receipt.source,
            "extract_id": extract.receipt.extract_id,
            "feed": feed,
            "currency": currency,
            "rows_read": read.rows,
            "amount_read": read.money,
            "rows_unreadable_amount": read.unreadable,
            "sha256": extract.receipt.sha256,
            "received_at": _instant(extract.receipt.received_at),
        }
        for kind in KIND_OF.values():
            tally = counts.parts[kind].by.get(currency)
            row[f"rows_{LIST_KINDS[kind]}"] = tally.rows if tally else 0
            row[f"amount_{LIST_KINDS[kind]}"] = tally.money if tally else 0
        found.append(row)
    return found


def _instant(text: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(text.rstrip("Z"))
