"""`mart.duckdb`: the released tables in one read-only file that explains itself.

Every table and column carries its description as a comment. Three more tables say what the file is:
`meta_release` (one row), `meta_metric` (the KPI catalogue) and `meta_mart_column` (every column with unit and
additivity).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.reader import identifier, quoted
from pipelines.release.fingerprint import Fingerprint, parquet
from pipelines.release.meta_comments import COLUMNS, TABLES
from quality.yaml_file import read_yaml

if TYPE_CHECKING:
    import duckdb

METRICS = Path(__file__).parents[2] / "quality" / "metrics.yml"
STORAGE_VERSION = "v1.0.0"  # read by every DuckDB from 1.0 on
_METRIC_COLUMNS = (
    "id", "en", "zh", "formula_en", "formula_zh", "numerator", "denominator", "unit", "additivity", "direction",
    "edges", "required_feeds", "optional_feeds", "owner", "target", "variants", "columns",
)  # fmt: skip
_COLUMN_COLUMNS = (
    "table_name", "column_position", "column_name", "data_type", "unit", "additivity", "description_en",
    "description_zh",
)  # fmt: skip


def write(
    path: Path, models: dict[str, dict[str, Any]], tables: dict[str, Fingerprint], release: dict[str, str]
) -> None:
    """Write the file from the Parquet files that lie beside it, checkpoint and close it.

    Args:
        path: The file to write; it must not exist.
        models: dbt's nodes of the released models by name, for descriptions.
        tables: The tables to put in, with their columns.
        release: The one row of `meta_release`.
    """
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"attach {quoted(str(path))} as mart (storage_version {quoted(STORAGE_VERSION)})")
        connection.execute("use mart")
        for name, one in tables.items():
            source = parquet(path.with_name(f"{name}.parquet"))
            connection.execute(f"create table {identifier(name)} as from {source}")
            _comment(connection, name, models.get(name, {}), one, release)
        _meta_table(connection, "meta_release", tuple(release), [tuple(release.values())], release)
        _meta_table(connection, "meta_metric", _METRIC_COLUMNS, _metric_rows(), release)
        _meta_table(connection, "meta_mart_column", _COLUMN_COLUMNS, _column_rows(models, tables), release)
        connection.execute("checkpoint mart")
        connection.execute("use memory")
        connection.execute("detach mart")
    leftover = path.with_name(path.name + ".wal")
    assert not leftover.exists(), "a checkpointed and closed file has no .wal"


def described(node: dict[str, Any]) -> tuple[str, str]:
    """The English and the Chinese description of a dbt node or column."""
    meta = {**(node.get("meta") or {}), **((node.get("config") or {}).get("meta") or {})}
    english = " ".join((node.get("description") or "").split())
    return english, str(meta.get("zh") or meta.get("description_zh") or "")


def _comment(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    node: dict[str, Any],
    table: Fingerprint,
    release: dict[str, str],
) -> None:
    documented = node.get("columns") or {}
    columns = {column: described(documented.get(column, {})) for column, _ in table.columns}
    _write_comments(connection, name, described(node), columns, release)


def _write_comments(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    table: tuple[str, str],
    columns: dict[str, tuple[str, str]],
    release: dict[str, str],
) -> None:
    origin = f"release {release['release_id']}, run {release['run_id']}, verdict {release['verdict']}"
    said = " | ".join(part for part in (*table, origin) if part)
    connection.begin()  # each comment by itself would wait for the disk, and there are thousands
    connection.execute(f"comment on table {identifier(name)} is {quoted(said)}")
    for column, texts in columns.items():
        said = " | ".join(part for part in texts if part)
        if said:
            target = f"{identifier(name)}.{identifier(column)}"
            connection.execute(f"comment on column {target} is {quoted(said)}")
    connection.commit()


def _meta_table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: tuple[str, ...],
    rows: list[tuple[Any, ...]],
    release: dict[str, str],
) -> None:
    spelled = ", ".join(
        f"{identifier(column)} {'bigint' if column.endswith('_position') else 'varchar'}"
        for column in columns
    )
    connection.execute(f"create table {name} ({spelled})")
    if rows:  # one statement: row by row, DuckDB takes seconds for a thousand
        marks = "(" + ", ".join("?" for _ in columns) + ")"
        values = [value for row in rows for value in row]
        connection.execute(f"insert into {name} values {', '.join(marks for _ in rows)}", values)
    texts = {column: COLUMNS[name].get(column, (f"{column} of the run.", "")) for column in columns}
    _write_comments(connection, name, TABLES[name], texts, release)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _metric_rows() -> list[tuple[Any, ...]]:
    rows = []
    for metric in read_yaml(METRICS)["metrics"]:
        flat = {
            **metric,
            "en": metric["name"]["en"],
            "zh": metric["name"]["zh"],
            "formula_en": metric["formula"]["en"],
            "formula_zh": metric["formula"]["zh"],
            "required_feeds": metric["feeds"]["required"],
            "optional_feeds": metric["feeds"]["optional"],
        }
        rows.append(tuple(_text(flat.get(column)) for column in _METRIC_COLUMNS))
    return rows


def _column_rows(models: dict[str, dict[str, Any]], tables: dict[str, Fingerprint]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for name, table in tables.items():
        documented = models.get(name, {}).get("columns") or {}
        for position, (column, kind) in enumerate(table.columns, start=1):
            node = documented.get(column, {})
            meta = {**(node.get("meta") or {}), **((node.get("config") or {}).get("meta") or {})}
            english, chinese = described(node)
            unit, additivity = _text(meta.get("unit")), _text(meta.get("additivity"))
            rows.append((name, position, column, kind, unit, additivity, english, chinese))
    return rows
