"""What a source folder says, as frozen objects. No reading here: see `definition`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.sources.live.connection import Connection


@dataclass(frozen=True)
class Control:
    """Where a file's declared rows and sums stand: in a file beside it, or in its last line.

    `keys` renames the keys of a control file ({rows: 行数}). For a trailer, `marker` is the first field of the
    line, `rows` the number of the field with the count (the marker is field 1), `sums` the fields of the sums.
    A `flag` is a file beside the data that only says that the data is whole; what it holds is not read.
    """

    kind: str
    pattern: str = "{name}.ctl"
    encoding: str = "utf-8"
    keys: dict[str, str] = field(default_factory=dict, hash=False)
    marker: str = ""
    rows: int | None = None
    sums: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class FileFormat:
    """How the bytes of a file become rows of text cells."""

    type: str = ""
    encoding: str = "utf-8"
    delimiter: str = ""
    row_end: str | None = None
    quote: str | None = '"'
    header: bool = True
    columns: tuple[str, ...] = ()
    compression: str = ""
    member: str | None = None
    sheet: str | None = None
    records: str | None = None
    schema: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    null_tokens: tuple[str, ...] = ("",)
    skip_rows: int = 0
    control: Control | None = None
    empty_ok: bool = False


@dataclass(frozen=True)
class Table:
    """Files of one shape: a text table that contracts and SQL read by its name."""

    name: str
    files: str
    format: FileFormat


@dataclass(frozen=True)
class ColumnMapping:
    """Where one canonical column comes from: a column of the file by name, or SQL over the text columns."""

    name: str
    physical: str | None
    aliases: tuple[str, ...]
    logic: str | None
    options: dict[str, Any]


@dataclass(frozen=True)
class FeedMapping:
    """One contract of a source: which table or SQL fills which canonical feed, and how cells are read."""

    feed: str
    path: Path
    tables: tuple[str, ...]
    sql: str | None
    columns: tuple[ColumnMapping, ...]
    options: dict[str, Any]

    def option(self, column: ColumnMapping, name: str, default: Any) -> Any:
        """An option of a column, else of the feed, else the default."""
        if name in column.options:
            return column.options[name]
        return self.options.get(name, default)


@dataclass(frozen=True)
class Source:
    """One source folder. `digest` changes whenever a file of the folder that defines it changes.

    `live` says how a source that has no files is asked.
    """

    name: str
    kind: str
    folder: Path
    root: Path
    time_zone: str
    default_currency: str | None
    as_delivered_currency: str | None
    rhythm: str | None
    sla_hours: int | None
    settle_seconds: int
    excluded: tuple[tuple[str, str], ...]
    small: tuple[tuple[str, str], ...]
    supersedes: tuple[tuple[str, str, str], ...]
    tables: tuple[Table, ...]
    feeds: tuple[FeedMapping, ...]
    digest: str
    live: Connection | None = None

    def table(self, name: str) -> Table:
        """The table of that name."""
        return next(table for table in self.tables if table.name == name)

    def tables_of(self, extract_id: str) -> list[str]:
        """Names of the tables that an extract belongs to by its id alone: a live source has no files to look at."""
        return [one.name for one in self.tables if PurePosixPath(extract_id).match(one.files)]

    def feeds_of(self, table: str) -> tuple[FeedMapping, ...]:
        """The feeds that read a table."""
        return tuple(feed for feed in self.feeds if table in feed.tables)
