"""How everything that is not the build reads a release: resolve once, pin, and open hardened and read-only.

A reader that followed CURRENT for each table would mix two releases; so `open_release` resolves the link one time
and every later read goes to that folder. The connection sees the folder's files and nothing else of the machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import PublishError, UsageError
from pipelines.files import read_json
from pipelines.home import Home
from pipelines.sql_errors import first_line, usage_error

if TYPE_CHECKING:
    import duckdb

META_TABLES = ("meta_release", "meta_metric", "meta_mart_column")
READING = ("SELECT",)  # not EXPLAIN: its ANALYZE form runs what it explains


@dataclass(frozen=True)
class Release:
    """One pinned release, or a candidate that has the same files."""

    release_id: str
    path: Path

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest; empty for a candidate that has none yet."""
        path = self.path / "manifest.json"
        return dict(read_json(path)) if path.is_file() else {}

    @property
    def tables(self) -> dict[str, Path]:
        """Parquet file of each table, by name, in order of name."""
        return {path.stem: path for path in sorted(self.path.glob("*.parquet"))}


@dataclass(frozen=True)
class Answer:
    """Rows of one question, with the names and DuckDB types of its columns."""

    columns: list[str]
    types: list[str]
    rows: list[tuple[Any, ...]]

    def records(self) -> list[dict[str, Any]]:
        """The rows as dictionaries."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def open_release(home: Home, release_id: str | None = None) -> Release:
    """Pin a release: the one named, else what CURRENT points to at this moment.

    Raises:
        UsageError: the home has no release, or none of that name.
    """
    if release_id is None:
        if not home.current.is_symlink():
            raise UsageError(
                "nothing has been released yet", where=str(home.root), todo="weir run --source DIR"
            )
        path = home.current.resolve()
        if not path.is_dir():
            raise PublishError("CURRENT points to nothing", where=str(home.current), todo="weir rollback ID")
        return Release(path.name, path)
    path = home.releases / release_id
    if Path(release_id).name != release_id or not path.is_dir():
        raise UsageError(
            f"there is no release {release_id}", where=str(home.releases), todo="weir releases lists them"
        )
    return Release(release_id, path.resolve())


def quoted(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _views(connection: duckdb.DuckDBPyConnection, release: Release) -> None:
    """Raises PublishError for a file that is no Parquet any more."""
    import duckdb

    for name, path in release.tables.items():
        try:
            connection.execute(
                f"create view {identifier(name)} as select * from read_parquet({quoted(str(path))})"
            )
        except duckdb.Error:
            raise PublishError(
                f"{path.name} of release {release.release_id} cannot be read",
                where=str(release.path),
                todo="weir verify tells what differs; weir rollback ID takes readers to a release that is whole",
            ) from None


def _meta_views(connection: duckdb.DuckDBPyConnection, release: Release) -> None:
    marts = release.path / "mart.duckdb"
    if not marts.is_file():
        return
    connection.execute(f"attach {quoted(str(marts))} as mart (read_only)")
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'mart' and schema_name = 'main'"
    ).fetchall()
    for (name,) in found:
        if name in META_TABLES:
            connection.execute(f"create view {name} as select * from mart.main.{name}")


def harden(connection: duckdb.DuckDBPyConnection, folders: Sequence[Path]) -> None:
    """Close a connection to all but the named folders. The order of the settings matters to DuckDB."""
    allowed = ", ".join(quoted(f"{folder}/") for folder in folders)
    connection.execute(f"set allowed_directories = [{allowed}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set allow_community_extensions = false")
    connection.execute("set lock_configuration = true")


@contextmanager
def connect(
    release: Release, parent: Release | None = None, *, with_meta: bool = True
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A hardened connection with one view per table of the release.

    Args:
        release: The release, or a candidate.
        parent: If given, its tables are there too, as `parent_<table>`.
        with_meta: Whether to open mart.duckdb for `meta_release`, `meta_metric` and `meta_mart_column`.
    """
    import duckdb

    connection = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "threads": "2"}
    )
    try:
        connection.execute("set TimeZone = 'UTC'")
        _views(connection, release)
        if with_meta:
            _meta_views(connection, release)
        folders = [release.path]
        if parent is not None:
            folders.append(parent.path)
            for name, path in parent.tables.items():
                view = identifier(f"parent_{name}")
                connection.execute(f"create view {view} as select * from read_parquet({quoted(str(path))})")
        harden(connection, folders)
        yield connection
    finally:
        connection.close()


def ask(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any] | list[Any] | None = None
) -> Answer:
    """Run one question of ours."""
    cursor = connection.execute(sql, parameters) if parameters else connection.execute(sql)
    described = cursor.description or []
    names = [str(column[0]) for column in described]
    types = [str(column[1]) for column in described]
    return Answer(names, types, cursor.fetchall())


def ask_user(connection: duckdb.DuckDBPyConnection, sql: str, limit: int | None = None) -> Answer:
    """Run one question of a user: a single statement that reads; anything else is refused before it runs.

    Raises:
        UsageError: not one statement, one that would write, or one that DuckDB cannot answer.
    """
    import duckdb

    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise UsageError(
            f"this is not SQL: {first_line(error)}", todo="weir sql --help has an example"
        ) from None
    if len(statements) != 1:
        raise UsageError("give one statement", todo='weir sql "select ..."')
    kind = statements[0].type.name
    if kind not in READING:
        raise UsageError(
            f"a release is read-only: {kind.lower()} is refused", todo="ask with select, with, or describe"
        )
    try:
        cursor = connection.execute(statements[0])
        rows = cursor.fetchall() if limit is None else cursor.fetchmany(limit + 1)
    except duckdb.Error as error:
        raise usage_error(connection, sql, error) from None
    described = cursor.description or []
    return Answer([str(c[0]) for c in described], [str(c[1]) for c in described], rows)
