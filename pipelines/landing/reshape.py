"""A source's own SQL, run where it can do no harm: in memory, without files, network, extensions or settings.

It sees the source's text tables and nothing else. It gives text: a float result is refused, because money that has
been a float is no longer the money that the source stated.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import duckdb

from pipelines.errors import UsageError
from pipelines.sources.model import FeedMapping
from quality.cores import beside

FLOATS = {"FLOAT", "DOUBLE"}
LOCK = (
    "set python_enable_replacements = false",
    "set allowed_directories = []",
    "set enable_external_access = false",
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
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
    for statement in LOCK:
        connection.execute(statement)
    return connection


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:")


def _parsed(sql: str) -> Any:
    row = _parser().execute("select json_serialize_sql(?)", [sql]).fetchone()
    return json.loads(row[0]) if row else {"error": True}


def _references(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*(_references(item) for item in node)) if node else set()
    if not isinstance(node, dict):
        return set()
    found = set().union(*(_references(item) for item in node.values())) if node else set()
    if node.get("class") == "COLUMN_REF":
        found.add(str(node["column_names"][-1]))
    return found


def columns_in(feed: FeedMapping) -> set[str]:
    """Names that the feed's SQL (statement or transformLogic) refers to, in lower case.

    Raises:
        UsageError: a statement cannot be parsed.
    """
    statements = [(feed.sql.strip().rstrip(";"), feed.path.name)] if feed.sql else []
    statements += [(f"select {one.logic}", one.name) for one in feed.columns if one.logic and not feed.sql]
    found: set[str] = set()
    for statement, what in statements:
        tree = _parsed(statement)
        if tree.get("error"):
            problem = tree.get("error_message", "it is no single SELECT")
            raise UsageError(f"the SQL of {what} cannot be read: {problem}", where=str(feed.path))
        found |= {name.lower() for name in _references(tree)}
    return found


def selection(feed: FeedMapping) -> str:
    """The SELECT that gives `_row_id`, and each mapped column as text under its canonical name."""
    fields = []
    for column in feed.columns:
        expression = f"({column.logic})" if column.logic else quoted(column.physical or column.name)
        fields.append(f"{expression} as {quoted(column.name)}")
    mapped = ",\n    ".join(fields)
    if feed.sql is None:
        return f"select _x, _line, {mapped}\nfrom {quoted(feed.tables[0])}"
    statement = feed.sql.strip().rstrip(";")
    return f"select _row_id, {mapped}\nfrom (\n{statement}\n) as _feed"


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

    Raises:
        UsageError: the SQL is not one SELECT, does not bind, fails, or gives a float.
    """
    try:
        _one_select(connection, feed)
        return connection.execute(_as_text(connection, feed, selection(feed))).to_arrow_table()
    except duckdb.Error as error:
        problem = re.sub(r"\s+", " ", str(error)).split(" LINE ")[0]
        todo = "`weir source check DIR` shows the columns that the files have"
        raise UsageError(
            f"the mapping of {feed.feed} fails: {problem}", where=str(feed.path), todo=todo
        ) from None


def contents(connection: duckdb.DuckDBPyConnection, feed: FeedMapping) -> Any:
    """A hash of each raw row's cells by extract and line, to tell rows that are equal in all but their line."""
    parts = []
    for table in feed.tables:
        described = connection.execute(f"describe {quoted(table)}").fetchall()
        names = [quoted(name) for name, *_ in described if name not in ("_x", "_line", "_file", "_row_id")]
        cells = ", ".join(f"coalesce({name}, chr(30))" for name in names)
        parts.append(f"select _x, _line, md5(concat_ws(chr(31), {cells})) as _content from {quoted(table)}")
    return connection.execute(" union all ".join(parts)).to_arrow_table()
