"""The small DuckDB file that suites are evaluated on: views over the landed and the staged Parquet, and what drifted.

Nothing is copied: the views read the very files that would be published.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from quality.cores import beside
from quality.feeds import feeds
from quality.suites.landed import landed_columns
from quality.suites.released import contract_columns, released_models

CONFIG = beside()  # for all who open the file

# A cell that holds a mobile number, an e-mail address, a resident identity number (check digit right) or a bank card
# number (Luhn digit right). Codes may not look like them by chance: digits are bounded on both sides.
_MACROS = r"""
create macro digits_of(t, pattern) as
    regexp_extract_all(t, '(?:^|[^0-9A-Za-z])(' || pattern || ')(?:$|[^0-9A-Za-z])', 1);
create macro is_identity_number(d) as
    substr('10X98765432', 1 + cast(list_sum(list_transform(range(1, 18), lambda i:
        cast(substr(d, i, 1) as int) * [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2][i])) % 11 as int), 1)
    = upper(substr(d, 18, 1));
create macro luhn_part(d, i) as
    case when (length(d) - i) % 2 = 0 then cast(substr(d, i, 1) as int)
    else (2 * cast(substr(d, i, 1) as int)) // 10 + (2 * cast(substr(d, i, 1) as int)) % 10 end;
create macro is_card_number(d) as
    list_sum(list_transform(range(1, length(d) + 1), lambda i: luhn_part(d, i))) % 10 = 0;
create macro looks_personal(t) as coalesce(
    len(digits_of(t, '1[3-9][0-9]{9}')) > 0
    or regexp_matches(t, '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]')
    or len(list_filter(digits_of(t, '[0-9]{17}[0-9Xx]'), lambda d: is_identity_number(d))) > 0
    or len(list_filter(digits_of(t, '[0-9]{16,19}'), lambda d: is_card_number(d))) > 0,
    false);
create macro is_message_content(t, c) as
    regexp_matches(c, '(^|_)(body|subject|recording|transcript|message_text|content|email_text)($|_)');
create macro is_restricted(t, c) as
    c in ('name', 'hash_id', 'registration_no', 'company_name')
    or (regexp_matches(c, '(^|_)(email|e_mail|phone|mobile|address|id_number|bank_account|birthday)($|_)')
        and not regexp_matches(c, '_(count|numerator|denominator|ratio)$'))
    or regexp_matches(c, '^(customer|account|rep|partner|contact|person|payee|owner|manager)_name$');
"""


def _quoted(text: str | Path) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: list[tuple[Any, ...]]
) -> None:
    connection.execute(f"create table {name} ({columns})")
    if rows:  # one statement: row by row, DuckDB takes seconds for a thousand
        marks = "(" + ", ".join("?" for _ in rows[0]) + ")"
        values = [value for row in rows for value in row]
        connection.execute(f"insert into {name} values {', '.join(marks for _ in rows)}", values)


def _landed(connection: duckdb.DuckDBPyConnection, landing: Path) -> None:
    drift: list[tuple[str, str, str, str | None, str | None]] = []
    for feed in feeds().values():
        files = landing / feed.name / "*" / "*.parquet"
        if not list(landing.glob(f"{feed.name}/*/*.parquet")):
            continue
        connection.execute(f"create view landed_{feed.name} as select * from read_parquet({_quoted(files)})")
        expected = landed_columns(feed)
        for file_name, found in _file_types(connection, files).items():
            drift += [
                (feed.name, file_name, column, expected.get(column), found.get(column))
                for column in expected.keys() | found.keys()
                if expected.get(column) != found.get(column)
            ]
    columns = "feed text, file_name text, column_name text, expected_type text, found_type text"
    _table(connection, "landed_drift", columns, sorted(drift, key=str))


def _file_types(connection: duckdb.DuckDBPyConnection, files: Path) -> dict[str, dict[str, str]]:
    rows = connection.execute(
        f"select file_name, name, lower(duckdb_type) from parquet_schema({_quoted(files)})"
        " where duckdb_type is not null"
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for file_name, name, kind in rows:
        found.setdefault(Path(file_name).name, {})[name] = kind
    return found


def _released(connection: duckdb.DuckDBPyConnection, candidate: Path, manifest: dict[str, Any]) -> None:
    models = released_models(manifest)
    columns: list[tuple[str, int, str, str]] = []
    drift: list[tuple[str, str, str | None, str | None]] = []
    for path in sorted(candidate.glob("*.parquet")):
        name = path.stem
        view = '"' + name.replace('"', '""') + '"'
        connection.execute(f"create view {view} as select * from read_parquet({_quoted(path)})")
        described = connection.execute(f"describe {view}").fetchall()
        found = {str(row[0]): str(row[1]).lower() for row in described}
        columns += [(name, number, column, found[column]) for number, column in enumerate(found, start=1)]
        expected = contract_columns(models[name]) if name in models else {}
        drift += [
            (name, column, expected.get(column), found.get(column))
            for column in expected.keys() | found.keys()
            if _differs(name, expected.get(column), found.get(column))
        ]
    _table(
        connection,
        "released_columns",
        "table_name text, position int, column_name text, data_type text",
        columns,
    )
    spelled = "table_name text, column_name text, expected_type text, found_type text"
    _table(connection, "released_drift", spelled, sorted(drift, key=str))


def _differs(table: str, expected: str | None, found: str | None) -> bool:
    undeclared = expected is None and not table.startswith("mart_")
    return found is None or (not undeclared and expected != found)


def prepare(path: Path, landing: Path | None, candidate: Path | None, manifest: dict[str, Any]) -> None:
    """Write the file that suites are evaluated on.

    Args:
        path: Where to write it; it must not exist.
        landing: The landing folder, if landed feeds are judged.
        candidate: The candidate's folder, if it is judged.
        manifest: dbt's manifest.
    """
    with duckdb.connect(str(path), config=CONFIG) as connection:
        connection.execute(_MACROS)
        if landing is not None:
            _landed(connection, landing)
        if candidate is not None:
            _released(connection, candidate, manifest)
        connection.execute("checkpoint")


def relations(path: Path) -> dict[str, int]:
    """Rows of each table and view of the file."""
    with duckdb.connect(str(path), read_only=True, config=CONFIG) as connection:
        names = [
            str(row[0])
            for row in connection.execute(
                "select view_name from duckdb_views() where not internal union all"
                " select table_name from duckdb_tables()"
            ).fetchall()
        ]
        return {name: _count(connection, name) for name in names}


def _count(connection: duckdb.DuckDBPyConnection, name: str, condition: str = "true") -> int:
    row = connection.execute(f'select count(*) from "{name}" where {condition}').fetchone()
    return int(row[0]) if row else 0


def filled(path: Path, needs: dict[str, dict[str, str | None]], as_of: str) -> dict[str, list[str]]:
    """Of the landed feeds that each table needs, those that have a row on or before as_of."""
    with duckdb.connect(str(path), read_only=True, config=CONFIG) as connection:
        present = {row[0] for row in connection.execute("select view_name from duckdb_views()").fetchall()}

        @cache  # a feed that many tables need is counted once
        def is_filled(feed: str, column: str | None) -> bool:
            condition = f"cast({column} as date) <= date {_quoted(as_of)}" if column else "true"
            return f"landed_{feed}" in present and _count(connection, f"landed_{feed}", condition) > 0

        return {
            table: [feed for feed, column in wanted.items() if is_filled(feed, column)]
            for table, wanted in needs.items()
        }
