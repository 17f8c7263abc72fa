"""Lands one feed of one batch of extracts: types its rows, judges them, and counts what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.errors import UsageError
from pipelines.landing.batch import Extract
from pipelines.landing.control_check import control_faults
from pipelines.landing.counts import KINDS, Count, Tally, must_balance
from pipelines.landing.judge import PLAIN, UNIQUE, judged_sql
from pipelines.landing.reshape import literal, quoted
from pipelines.landing.typed import Typing, key_sql, typed_sql

KIND_OF = {
    "accepted": "accepted",
    "quarantined": "quarantined",
    "duplicate": "duplicates",
    "rejected": "rejected",
}
TALLY = (
    "count(*), sum(cast(_amount as decimal(38, 4))), sum(abs(cast(_amount as decimal(38, 4)))), "
    "count(*) filter (where _amount is null and _cell_fault is not null)"
)
RECEIVED = "cast(extracts.received as timestamp) as received_at from located join extracts using (_x)"
FEW_FAULTS = 5  # a file of few rows is not thrown away for a handful of bad ones
TYPE_FAULT_LIMIT = 200  # one in so many rows: 0.5 %


@dataclass
class FeedResult:
    """What one feed of one extract came to. `reasons` counts rows by `rule|reason`."""

    read: Count = field(default_factory=Count)
    parts: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in KINDS})
    reasons: dict[str, int] = field(default_factory=dict)
    reason_money: dict[str, Count] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    identical: int = 0
    newest: str | None = None


def _add(result: FeedResult, status: str, reason: str | None, currency: str, tally: Tally) -> None:
    result.parts[KIND_OF[status]].add(currency, tally)
    if status in ("quarantined", "duplicate") and reason:
        named = reason if status == "quarantined" else f"duplicate|{reason}"
        result.reasons[named] = result.reasons.get(named, 0) + tally.rows
        result.reason_money.setdefault(named, Count()).add(currency, tally)


class FeedRun:
    """One feed over one batch, in a DuckDB of its own that no source's SQL ever reaches."""

    def __init__(self, typing: Typing, extracts: list[Extract], rows: Any, contents: Any = None) -> None:
        self.typing = typing
        self.feed = typing.feed
        self.extracts = [one for one in extracts if one.rejected is None]
        self.connection = duckdb.connect(":memory:", config={"threads": 2})
        self.results = {one.x: FeedResult() for one in self.extracts}
        self._type(rows, contents)

    def _one(self, query: str) -> Any:
        row = self.connection.execute(query).fetchone()
        return row[0] if row else None

    def _type(self, rows: Any, contents: Any) -> None:
        run = self.connection
        prefixes = pa.table(
            {
                "_x": pa.array([one.x for one in self.extracts], pa.int32()),
                "prefix": pa.array([one.prefix for one in self.extracts], pa.string()),
                "received": pa.array(
                    [one.receipt.received_at.rstrip("Z") for one in self.extracts], pa.string()
                ),
            }
        )
        run.register("extracts", prefixes)
        run.register("given", rows)
        if self.typing.mapping.sql is None:
            run.execute(
                "create view located as select given.*, prefix || '|' || _line as _row_id "
                "from given join extracts using (_x)"
            )
        else:
            self._locate()
        if contents is None:
            run.execute(f"create view input as select *, cast(null as varchar) as _content, {RECEIVED}")
        else:
            run.register("contents", contents)
            run.execute(f"create view input as select *, {RECEIVED} left join contents using (_x, _line)")
        has_sums = any((one.declared or {}).get("sums") for one in self.extracts)
        run.execute(f"create table typed as {typed_sql(self.typing, with_wides=has_sums)}")
        run.unregister("given")
        counted = f"select _x, _currency, {TALLY} from typed group by _x, _currency"
        for x, currency, *figures in run.execute(counted).fetchall():
            self.results[x].read.add(currency, self._tally(figures))

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

    def judge(self, rejected: dict[int, str], landed: list[Path]) -> None:
        """Give each row its status; `landed` are the feed's files of extracts landed before this batch."""
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
        is_plain = not drops and self._one(UNIQUE)
        run.execute(f"create table judged as {PLAIN if is_plain else judged_sql(self.typing)}")
        self._count()

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
            _add(self.results[x], status, reason, currency, self._tally(figures))
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

    def add_broken(self, extract: Extract, table: str, rejected: dict[int, str]) -> None:
        """Count the rows without cells of a table: this feed is the one that answers for them."""
        result = self.results[extract.x]
        for row in extract.tables[table].broken:
            tally = self._tally([1, None, None, 1])
            result.read.add("", tally)
            status = "rejected" if extract.x in rejected else "quarantined"
            _add(result, status, f"{row.rule}|{row.reason}", "", tally)

    def balance(self) -> None:
        """Assert the identity for each extract."""
        for extract in self.extracts:
            result = self.results[extract.x]
            must_balance(result.read, result.parts, f"{extract.prefix}: {self.feed.name}")
