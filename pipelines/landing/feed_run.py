"""Lands one feed of one batch of extracts: types its rows, judges them, and counts what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.errors import UsageError, WeirError
from pipelines.landing.batch import Extract
from pipelines.landing.control_check import control_faults
from pipelines.landing.counts import Tally, must_balance
from pipelines.landing.feed_result import FeedResult
from pipelines.landing.judge import DROPPED, DROPPED_ROWS, NONE_MOVED, PLAIN, UNIQUE, judged_sql
from pipelines.landing.reshape import literal, quoted
from pipelines.landing.typed import Typing, key_sql, typed_sql
from quality.cores import beside

TALLY = (
    "count(*), sum(cast(_amount as decimal(38, 4))), sum(abs(cast(_amount as decimal(38, 4)))), "
    "count(*) filter (where _amount is null and _cell_fault is not null)"
)
RECEIVED = "cast(extracts.received as timestamp) as received_at from located join extracts using (_x)"
FEW_FAULTS = 5  # a file of few rows is not thrown away for a handful of bad ones
ROWS = 1 << 16
MEMORY = "160MB"  # of the file on disk that a large extract is typed into
PLACE = 40  # bits for the line within the place of a row
TYPE_FAULT_LIMIT = 200  # one in so many rows: 0.5 %
Part = tuple[Any, Any]  # rows as text, and a hash of each row's cells where the contract needs it


def _connection(work: Path | None, feed: str) -> duckdb.DuckDBPyConnection:
    if work is None:
        return duckdb.connect(":memory:", config=beside())
    work.mkdir(parents=True, exist_ok=True)
    spill = str(work / "spill")
    return duckdb.connect(
        str(work / f"{feed}.duckdb"),
        config={"threads": 1, "memory_limit": MEMORY, "temp_directory": spill},
    )


class FeedRun:
    """One feed over one batch, in a DuckDB of its own that no source's SQL ever reaches."""

    def __init__(
        self, typing: Typing, extracts: list[Extract], parts: Iterable[Part], work: Path | None = None
    ) -> None:
        """Type the rows, part by part; with `work`, a folder, everything lies on disk and memory is bounded."""
        self.typing = typing
        self.feed = typing.feed
        self.extracts = [one for one in extracts if one.rejected is None]
        self.is_large = work is not None
        self.is_plain = False
        self.connection = _connection(work, typing.feed.name)
        self.results = {one.x: FeedResult() for one in self.extracts}
        self._type(parts)

    def _one(self, query: str) -> Any:
        row = self.connection.execute(query).fetchone()
        return row[0] if row else None

    def _type(self, parts: Iterable[Part]) -> None:
        run = self.connection
        prefixes = pa.table(
            {
                "_x": pa.array([one.x for one in self.extracts], pa.int32()),
                "prefix": pa.array([one.prefix for one in self.extracts], pa.string()),
                "place": pa.array([one.receipt.position for one in self.extracts], pa.string()),
                "received": pa.array(
                    [one.receipt.received_at.rstrip("Z") for one in self.extracts], pa.string()
                ),
            }
        )
        run.register("extracts", prefixes)
        has_sums = any((one.declared or {}).get("sums") for one in self.extracts)
        query = typed_sql(self.typing, with_wides=has_sums)
        for number, (rows, contents) in enumerate(parts):
            self._look_at(rows, contents)
            run.execute(f"insert into typed {query}" if number else f"create table typed as {query}")
            run.unregister("given")  # each part commits alone: a transaction would keep all of them
        counted = f"select _x, _currency, {TALLY} from typed group by _x, _currency"
        for x, currency, *figures in run.execute(counted).fetchall():
            self.results[x].read.add(currency, self._tally(figures))

    def _look_at(self, rows: Any, contents: Any) -> None:
        """Make the rows of one part, with their positions, what the typing statement reads."""
        run = self.connection
        run.register("given", rows)
        if self.typing.mapping.sql is None:
            run.execute(
                "create or replace view located as select given.*, prefix || '|' || _line as _row_id "
                "from given join extracts using (_x)"
            )
        else:
            self._locate()
        if contents is None:
            run.execute(
                f"create or replace view input as select *, cast(null as varchar) as _content, {RECEIVED}"
            )
        else:
            run.register("contents", contents)
            query = f"select *, {RECEIVED} left join contents using (_x, _line)"
            run.execute(f"create or replace view input as {query}")

    def _tally(self, figures: list[Any]) -> Tally:
        rows, money, absolute, unreadable = figures
        has_money = self.feed.control_amount is not None
        return Tally(rows, money or Decimal(0), absolute or Decimal(0), unreadable if has_money else 0)

    def _locate(self) -> None:
        """Find the extract and line of each row that a statement gives; number those that share one."""
        run = self.connection
        run.execute(
            r"""
create table found as
select given.*, extracts._x, cast(regexp_extract(_row_id, '\|([0-9]+)$', 1) as bigint) as _line
from given
left join extracts on extracts.prefix = regexp_replace(given._row_id, '\|[0-9]+$', '')"""
        )
        lost = self._one("select count(*) from found where _x is null")
        if lost:
            raise UsageError(
                f"{lost} rows of {self.feed.name} carry a _row_id that no row of the source has",
                where=str(self.typing.mapping.path),
                todo="carry _row_id of a table through the SQL unchanged",
            )
        if self._one("select count(*) = count(distinct _row_id) from found"):
            run.execute("create view located as select * from found")
            return
        others = ", ".join(quoted(one.name) for one in self.typing.mapping.columns)
        run.execute(
            f"""
create table located as
with numbered as (
    select *,
        count(*) over (partition by _row_id) as copies,
        row_number() over (partition by _row_id order by {others}) as copy_no
    from found
)
select * exclude (_row_id, copies, copy_no),
    _row_id || case when copies > 1 then '|' || copy_no else '' end as _row_id
from numbered"""
        )

    def used_lines(self) -> dict[int, set[int]]:
        """Lines of each extract that a statement's rows come from."""
        used: dict[int, set[int]] = {}
        for x, line in self.connection.execute("select distinct _x, _line from typed").fetchall():
            used.setdefault(x, set()).add(line)
        return used

    def file_faults(self, broken: dict[int, int]) -> dict[int, str]:
        """Extracts that this feed rejects as a whole, with `rule|reason`: control sums, too many unreadable rows.

        `broken` counts rows without cells for which this feed answers.
        """
        found = {}
        counted = self.connection.execute(
            "select _x, count(*), count(*) filter (where _cell_fault like 'S09|%') from typed group by _x"
        ).fetchall()
        typed = {x: (rows, faults) for x, rows, faults in counted}
        for x in typed.keys() | broken.keys():
            rows, faults = (count + broken.get(x, 0) for count in typed.get(x, (0, 0)))
            if rows and (faults == rows or faults > max(FEW_FAULTS, rows // TYPE_FAULT_LIMIT)):
                found[x] = f"S09|{faults} of {rows} rows cannot be read as {self.feed.name}"
        return {**self._doubtful(), **found, **control_faults(self.connection, self.typing, self.extracts)}

    def _doubtful(self) -> dict[int, str]:
        """Extracts in which every point of an amount could as well part thousands, and the contract does not say."""
        found = {}
        for name in self.typing.doubted:
            doubt = quoted(f"d_{name}")
            query = f"select _x, count(*) from typed where {doubt} is not null group by _x having max({doubt}) = 1"
            for x, rows in self.connection.execute(query).fetchall():
                found[x] = (
                    f"S09|every point in {name} has three digits after it ({rows} rows): 1.234 may be a thousand; "
                    "declare scale: 3, or decimal_mark and thousands_mark"
                )
        return found

    def judge(self, rejected: dict[int, str], landed: list[Path], former: str | None = None) -> None:
        """Give each row its status; `landed` are the feed's files of extracts landed before this batch.

        `former`: a query for what superseded, superseding and mended extracts said.
        """
        run = self.connection
        run.register(
            "rejected",
            pa.table(
                {
                    "_x": pa.array(list(rejected), pa.int32()),
                    "fault": pa.array(list(rejected.values()), pa.string()),
                }
            ),
        )
        run.execute(f"create view landed as {self._landed_sql(landed)}")
        drops = self.typing.mapping.options.get("duplicates") == "drop"
        if former:
            run.execute(f"create table former as {former}")
            drops = drops or not self._one(NONE_MOVED)
        self.is_plain = not drops and bool(self._one(UNIQUE))
        kind = "view" if self.is_large and self.is_plain else "table"
        judged = judged_sql(self.typing, has_former=former is not None)
        run.execute(f"create {kind} judged as {PLAIN if self.is_plain else judged}")
        self._count()
        for x, rows in run.execute(DROPPED_ROWS).fetchall() if former else ():
            self.results[x].warnings[DROPPED] = rows

    def _landed_sql(self, landed: list[Path]) -> str:
        if not landed:
            return "select '' as _key, '' as _hash where false"
        files = ", ".join(literal(str(path)) for path in landed)
        return (
            f"select {key_sql(self.feed)} as _key, arg_max(row_hash, [cast(received_at as varchar), extract_id]) "
            f"as _hash from read_parquet([{files}]) group by 1"
        )

    def _count(self) -> None:
        run = self.connection
        for x, status, reason, currency, *figures in run.execute(
            f"select _x, _status, _reason, _currency, {TALLY} from judged group by 1, 2, 3, 4 order by 1, 2, 3, 4"
        ).fetchall():
            self.results[x].add(status, reason, currency, self._tally(figures))
        for x, warning, rows in run.execute(
            "select _x, _warning, count(*) from judged where _warning is not null group by all"
        ).fetchall():
            self.results[x].warnings[warning] = rows
        newest = self.event_column()
        for x, identical, latest in run.execute(
            f"select _x, count(_content) - count(distinct _content), "
            f"max({newest}) filter (where _status = 'accepted') from judged group by _x"
        ).fetchall():
            self.results[x].identical = identical
            self.results[x].newest = str(latest) if latest is not None else None

    def event_column(self) -> str:
        """The column that dates a row's event: the first required date or time of the feed."""
        dated = [one for one in self.feed.columns if one.type in ("date", "timestamp")]
        required = [one for one in dated if one.required]
        return quoted((required or dated)[0].name) if dated else "null"

    def rows(self, query: str) -> Iterator[Any]:
        """The rows of a query over `judged` in order of extract and line, as Arrow tables.

        A large file's rows lie in the order of its lines as they were read, so they are not sorted once more.
        """
        order = " order by judged._x, judged._line, judged._row_id"
        if not self.is_large:
            yield self.connection.execute(query + order).to_arrow_table()
            return
        last = -1
        for batch in self.connection.execute(query if self.is_plain else query + order).to_arrow_reader(ROWS):
            table = pa.Table.from_batches([batch])
            places = table.column("_x").to_numpy().astype("int64") << PLACE | table.column("_line").to_numpy()
            if len(places) and (places[0] < last or (places[1:] < places[:-1]).any()):
                raise WeirError(f"rows of {self.feed.name} lost their order", todo="this is a fault of Weir")
            last = int(places[-1]) if len(places) else last
            yield table

    def add_broken(self, extract: Extract, table: str, rejected: dict[int, str]) -> None:
        """Count the rows without cells of a table: this feed is the one that answers for them."""
        result = self.results[extract.x]
        for row in extract.tables[table].broken:
            tally = self._tally([1, None, None, 1])
            result.read.add("", tally)
            status = "rejected" if extract.x in rejected else "quarantined"
            result.add(status, f"{row.rule}|{row.reason}", "", tally)

    def balance(self) -> None:
        """Assert the identity for each extract."""
        for extract in self.extracts:
            result = self.results[extract.x]
            must_balance(result.read, result.parts, f"{extract.prefix}: {self.feed.name}")
