"""Large files: read once, block by block, into a file of text cells on disk, from which everything else reads.

So memory does not grow with the file. What a table in memory holds as arrays, a `LargeTable` gives in chunks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.landing.text_table import FileRejectedError, TextTable

LARGE = 16 << 20
WINDOW = 4 << 20
PACKED_TIMES = 8
MOST_ROWS = 20_000
MOST_BROKEN = 50_000
LINE, RAW = "_line", "_raw"


@dataclass
class LargeTable(TextTable):
    """A text table whose rows lie on disk; `columns`, `lines` and `raw` are empty."""

    spool: Path = Path()
    whole: int = 0

    @property
    def rows(self) -> int:
        """All rows of the file, whole and broken."""
        return self.whole + len(self.broken)

    @property
    def chunk_count(self) -> int:
        """How many chunks there are."""
        with pa.OSFile(str(self.spool)) as stream, pa.ipc.open_file(stream) as reader:
            return int(reader.num_record_batches)

    def chunks(self) -> Iterator[TextTable]:
        """Its whole rows in order, one table after another."""
        with pa.OSFile(str(self.spool)) as stream, pa.ipc.open_file(stream) as reader:
            for number in range(reader.num_record_batches):
                batch = pa.Table.from_batches([reader.get_batch(number)])
                own = [name for name in (LINE, RAW) if name in batch.column_names]
                raw = batch.column(RAW) if RAW in own else None
                yield TextTable(batch.drop_columns(own), batch.column(LINE), raw, self.header)


def _with_position(text: TextTable) -> Any:
    rows = text.columns.append_column(LINE, text.lines)
    return rows if text.raw is None else rows.append_column(RAW, text.raw)


def spooled(tables: Iterable[TextTable], fit: Callable[[TextTable], TextTable], place: Path) -> LargeTable:
    """Write tables of one file to disk, each as `fit` makes it; the first one decides about the header.

    Raises:
        FileRejectedError: as reading and fitting raise; or more rows than can be kept in mind are broken.
    """
    broken, notes, declared, writer, whole = [], [], None, None, 0
    first: TextTable | None = None
    try:
        for table in tables:
            text = fit(table)
            first = first or text
            broken += text.broken
            notes += [note for note in text.notes if note not in notes]
            declared = text.declared or declared
            whole += text.columns.num_rows
            if len(broken) > MOST_BROKEN:
                reason = f"more than {MOST_BROKEN} rows cannot be read, the last at line {broken[-1].line}"
                raise FileRejectedError("S09", reason, whole + len(broken))
            rows = _with_position(text)
            if writer is None:
                options = pa.ipc.IpcWriteOptions(compression="lz4")
                writer = pa.ipc.new_file(str(place), rows.schema, options=options)
            for batch in rows.combine_chunks().to_batches(max_chunksize=1 << 17):
                writer.write_batch(batch)
    finally:
        if writer is not None:
            writer.close()
    assert first is not None  # a file without rows is rejected, or one empty table
    return LargeTable(
        first.columns.slice(0, 0), first.lines[:0], None, first.header, broken, notes, declared,
        kinds=first.kinds, spool=place, whole=whole,
    )  # fmt: skip


class RawTexts:
    """Raw texts of a large table by line; lines are asked for in ascending order."""

    def __init__(self, table: LargeTable) -> None:
        self.chunks = table.chunks()
        self.chunk: TextTable | None = None

    def of(self, lines: list[int]) -> list[str]:
        """The texts of these lines."""
        from pipelines.landing.raw import raw_texts

        found: list[str] = []
        while len(found) < len(lines):
            rest = lines[len(found) :]
            last = self.chunk.lines[-1].as_py() if self.chunk is not None and len(self.chunk.lines) else 0
            here = bisect_right(rest, last)
            if here and self.chunk is not None:
                found += raw_texts(self.chunk, rest[:here])
            else:
                self.chunk = next(self.chunks)
        return found
