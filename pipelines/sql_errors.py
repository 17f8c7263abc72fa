"""What a user of `weir sql` can do about an error of DuckDB: which name was meant, where to look, how to write it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.errors import UsageError
from pipelines.nearest import meant, nearest

if TYPE_CHECKING:
    import duckdb

LIST_TABLES = 'weir marts lists the marts, weir sql "show tables" every table'
_TABLE = re.compile(r"Table with name (\S+) does not exist")
_COLUMN = re.compile(r'Referenced column "([^"]+)"|does not have a column named "([^"]+)"')
_ALIAS = re.compile(r'Referenced table "([^"]+)" not found')
_GROUP = re.compile(r"must appear in the GROUP BY clause")
_WORD = re.compile(r"\w+")


def first_line(error: Exception) -> str:
    """What DuckDB says, without the statement and the marks under it, and without the kind of error before it."""
    line = str(error).strip().splitlines()[0]
    return re.sub(r"^(Catalog|Binder|Conversion|Parser|Permission|Invalid Input) Error: ", "", line)


def usage_error(connection: duckdb.DuckDBPyConnection, sql: str, error: Exception) -> UsageError:
    """The error as one line what, one line where, one line what to do."""
    what = first_line(error)
    if found := _TABLE.search(what):
        name = found[1].strip("\"'").rstrip("!")
        return UsageError(
            f"there is no table {name}", where=meant(name, _tables(connection)), todo=LIST_TABLES
        )
    if found := _COLUMN.search(what):
        return _column_error(connection, sql, next(filter(None, found.groups())), what)
    if found := _ALIAS.search(what):
        return UsageError(what, todo=f"name {found[1]} after `from`, or use the alias that stands there")
    if _GROUP.search(what):
        return UsageError(what, todo="end with `group by all`, or name the column in it")
    return UsageError(what, todo=_advice(error))


def _advice(error: Exception) -> str:
    kind = type(error).__name__
    if kind == "ConversionException":
        return "a text stands in single quotes, a month too ('2024-09'); weir sql \"describe TABLE\" shows the types"
    if kind == "PermissionException":
        return f"a release is asked by the names of its tables, and no file is opened: {LIST_TABLES}"
    return 'weir sql "describe TABLE" shows the columns of a table and their types'


def _column_error(connection: duckdb.DuckDBPyConnection, sql: str, name: str, what: str) -> UsageError:
    """The columns most alike in the tables that the statement names, and where else a column of that name stands."""
    columns = _columns(connection)
    words = {word.lower() for word in _WORD.findall(sql)}
    asked = [table for table in columns if table.lower() in words]
    alike = nearest(name, {column for table in asked for column in columns[table]})
    elsewhere = [table for table in columns if name.lower() in columns[table] and table not in asked]
    where = f"nearest in {', '.join(asked)}: {', '.join(alike)}" if alike else f"asked: {', '.join(asked)}"
    if elsewhere:
        where += f"; {name} is a column of {', '.join(elsewhere[:4])}"
    listed = " and ".join(f"weir marts {table}" for table in asked[:2]) or LIST_TABLES
    todo = f"{listed} {'show' if len(asked[:2]) > 1 else 'shows'} the columns" if asked else listed
    quoted = f"; if {name} is a text, write it in single quotes: '{name}'" if f'"{name}"' in sql else ""
    return UsageError(what, where=where if asked else "", todo=todo + quoted)


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return list(_columns(connection))


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Columns of each table that a statement may name, in order of name."""
    rows = connection.execute(
        "select table_name, list(lower(column_name)) from duckdb_columns() "
        "where not internal and schema_name = 'main' and database_name = current_database() "
        "group by table_name order by table_name"
    ).fetchall()
    return dict(rows)
