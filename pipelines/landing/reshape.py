"""A source's own SQL, run where it can do no harm: in memory, without files, network, extensions or settings.

It sees the source's text tables and nothing else. It gives text: a float result is refused, because money that has
been a float is no longer the money that the source stated.
"""

from __future__ import annotations

import re
from typing import Any

import duckdb

from pipelines.errors import UsageError
from pipelines.landing.sql_tree import columns, item, parsed
from pipelines.landing.tried import Mode, fault, statement, tried
from pipelines.sources.model import FeedMapping
from quality.cores import beside

FLOATS = {"FLOAT", "DOUBLE"}
LOST = "the expression of the contract cannot read this row"
RAISED = (duckdb.DataError, duckdb.InvalidInputException)
LOCK = (
    "set python_enable_replacements = false",
    "set allowed_directories = []",
    "set enable_external_access = false",
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    # It would take what two expressions share out of their TRY, and raise there.
    "set disabled_optimizers = 'common_subexpressions'",
    "set lock_configuration = true",
)


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def locked_connection() -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that can reach nothing outside itself, and whose settings cannot be changed."""
    connection = duckdb.connect(":memory:", config=beside())
    for setting in LOCK:
        connection.execute(setting)
    return connection


def columns_in(feed: FeedMapping) -> set[str]:
    """Names that the feed's SQL (statement or transformLogic) refers to, in lower case.

    Raises:
        UsageError: a statement cannot be parsed.
    """
    statements = [(feed.sql.strip().rstrip(";"), feed.path.name)] if feed.sql else []
    statements += [(f"select {one.logic}", one.name) for one in feed.columns if one.logic and not feed.sql]
    found: set[str] = set()
    for said, what in statements:
        tree = parsed(said)
        if tree.get("error"):
            problem = tree.get("error_message", "it is no single SELECT")
            raise UsageError(f"the SQL of {what} cannot be read: {problem}", where=str(feed.path))
        found |= {name.lower() for name in columns(tree)}
    return found


def selection(feed: FeedMapping, mode: Mode = Mode.AS_WRITTEN) -> str:
    """The SELECT that gives `_row_id`, each mapped column under its canonical name, and what a row lost (`_lost`)."""
    rows, told = (None, {}) if feed.sql is None else statement(feed.sql.strip().rstrip(";"), mode)
    lost = [(quoted(flag), name) for flag, name in told.items()]
    fields = []
    for column in feed.columns:
        spelled = quoted(column.physical or column.name)
        if column.logic:
            node = item(f"({column.logic})")
            spelled = tried(node) if mode is Mode.RAISING else f"({column.logic})"
            tells = fault(node, mode)
            lost += [(tells, column.name)] if tells else []
        fields.append(f"{spelled} as {quoted(column.name)}")
    cases = "".join(f" when {tells} then {literal(f'S09|{name}: {LOST}')}" for tells, name in lost)
    mapped = ",\n    ".join(
        [*fields, f"case{cases} end as _lost" if cases else "cast(null as varchar) as _lost"]
    )
    if rows is None:
        return f"select _x, _line, {mapped}\nfrom {quoted(feed.tables[0])}"
    return f"select _row_id, {mapped}\nfrom (\n{rows}\n) as _feed"


def _one_select(connection: duckdb.DuckDBPyConnection, feed: FeedMapping) -> None:
    if feed.sql is None:
        return
    statements = connection.extract_statements(feed.sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise UsageError("the SQL of a source is one SELECT", where=str(feed.path.with_suffix("")))


def _as_text(connection: duckdb.DuckDBPyConnection, feed: FeedMapping, sql: str) -> str:
    described = connection.execute(f"describe {sql}").fetchall()
    floats = [name for name, kind, *_ in described if kind in FLOATS]
    if floats:
        todo = "cast to decimal inside the SQL, or leave the text as it is"
        raise UsageError(f"{', '.join(floats)} would be a float", where=str(feed.path), todo=todo)
    keep = {"_x", "_line"}
    fields = [
        name if name in keep else f"cast({quoted(name)} as varchar) as {quoted(name)}"
        for name, *_ in described
    ]
    return f"select {', '.join(fields)} from ({sql})"


def reshape(connection: duckdb.DuckDBPyConnection, feed: FeedMapping) -> Any:
    """Run a feed's mapping over the registered text tables; an Arrow table of text.

    A row for which an expression raises, or hides that it would, says so in `_lost`.

    Raises:
        UsageError: the SQL is not one SELECT, does not bind, fails before its last SELECT, or gives a float.
    """
    first: duckdb.Error | None = None
    for mode in Mode:
        # What cannot be tried does not bind, and runs as written; what raises then is tried.
        if mode is Mode.AS_WRITTEN and isinstance(first, RAISED):
            continue
        try:
            _one_select(connection, feed)
            return connection.execute(_as_text(connection, feed, selection(feed, mode))).to_arrow_table()
        except duckdb.Error as error:
            first = error if first is None or mode is Mode.AS_WRITTEN else first
    assert first is not None
    raise _failed(feed, first) from None


def _failed(feed: FeedMapping, error: duckdb.Error) -> UsageError:
    problem = re.sub(r"\s+", " ", str(error)).split(" LINE ")[0]
    where = feed.path.with_suffix("").with_suffix(".sql") if feed.sql else feed.path
    todo = "`weir source check DIR` shows the columns that the files have"
    if isinstance(error, RAISED):
        todo = (
            "cast in the last SELECT or in transformLogic: there a row that it cannot read is set aside alone"
        )
    return UsageError(f"the mapping of {feed.feed} fails: {problem}", where=str(where), todo=todo)


def contents(connection: duckdb.DuckDBPyConnection, feed: FeedMapping) -> Any:
    """A hash of each raw row's cells by extract and line, to tell rows that are equal in all but their line."""
    parts = []
    for table in feed.tables:
        described = connection.execute(f"describe {quoted(table)}").fetchall()
        names = [quoted(name) for name, *_ in described if name not in ("_x", "_line", "_file", "_row_id")]
        cells = ", ".join(f"coalesce({name}, chr(30))" for name in names)
        parts.append(f"select _x, _line, md5(concat_ws(chr(31), {cells})) as _content from {quoted(table)}")
    return connection.execute(" union all ".join(parts)).to_arrow_table()
