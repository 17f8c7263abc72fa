"""A SQLAlchemy dialect that lets Great Expectations read DuckDB.

Great Expectations fetches a result after it has handed the connection back, and a DuckDB cursor dies with its
connection. So the cursor here drains its result at execute time and serves it from a list. It connects
read-only and with the configuration of `ground`: one process may not open a DuckDB file under two of them.

Importing this module imports duckdb_engine and SQLAlchemy: import it inside functions.
"""

from __future__ import annotations

from typing import Any

import duckdb
from duckdb_engine import ConnectionWrapper, CursorWrapper, Dialect
from sqlalchemy import types
from sqlalchemy.dialects import registry

from quality.suites.ground import CONFIG

DRIVER = "weirduckdb"
_TYPES: dict[str, type[types.TypeEngine[Any]]] = {
    "varchar": types.String,
    "bigint": types.BigInteger,
    "integer": types.Integer,
    "boolean": types.Boolean,
    "date": types.Date,
    "timestamp": types.DateTime,
    "double": types.Float,
}


class DrainedCursor(CursorWrapper):
    """A cursor whose rows outlive its connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, wrapper: ConnectionWrapper) -> None:
        super().__init__(connection, wrapper)
        self._source = connection
        self._rows: list[tuple[Any, ...]] = []
        self._columns: list[Any] | None = None

    def execute(self, statement: str, parameters: Any = None, context: Any = None) -> None:
        """Run a statement and keep all its rows."""
        super().execute(statement, parameters, context)
        self._columns = self._source.description
        self._rows = self._source.fetchall() if self._columns else []

    @property
    def description(self) -> list[Any] | None:
        """Columns of the last result."""
        return self._columns

    @property
    def rowcount(self) -> int:
        """Unknown, as DB-API allows."""
        return -1

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row."""
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        """The next rows."""
        taken, self._rows = self._rows[: size or 1], self._rows[size or 1 :]
        return taken

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows left."""
        taken, self._rows = self._rows, []
        return taken


class DrainedConnection(ConnectionWrapper):
    """A connection that hands out draining cursors."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(connection)
        self._connection = connection

    def cursor(self) -> DrainedCursor:
        """A cursor that drains what it executes."""
        return DrainedCursor(self._connection, self)


class WeirDuckDB(Dialect):
    """duckdb_engine's dialect with draining cursors, read-only."""

    driver = DRIVER
    supports_statement_cache = False

    def connect(self, *arguments: Any, **options: Any) -> Any:
        """Open the file read-only; what duckdb_engine would add to the configuration is left out."""
        path = arguments[0] if arguments else options["database"]
        return DrainedConnection(duckdb.connect(path, read_only=True, config=CONFIG))

    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **options: Any
    ) -> list[Any]:
        """Names and types of a table or view, straight from DuckDB: its PostgreSQL catalogue binds every view."""
        identifier = self.identifier_preparer.quote_identifier(table_name)
        described = connection.exec_driver_sql(f"describe {identifier}").fetchall()
        return [
            {"name": row[0], "type": _type(row[1]), "nullable": True, "default": None, "autoincrement": False}
            for row in described
        ]

    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **options: Any
    ) -> Any:
        """None: what is judged are views. Great Expectations asks this of each."""
        return {"constrained_columns": [], "name": None}


def _type(spelled: str) -> Any:
    plain = spelled.split("(", maxsplit=1)[0].lower()
    if plain == "decimal":
        precision, scale = spelled[8:-1].split(",")
        return types.Numeric(int(precision), int(scale))
    return _TYPES.get(plain, types.NullType)()


def register() -> str:
    """Make `duckdb+weirduckdb:///PATH` known to SQLAlchemy; gives the scheme."""
    registry.register(f"duckdb.{DRIVER}", __name__, "WeirDuckDB")
    return f"duckdb+{DRIVER}"
