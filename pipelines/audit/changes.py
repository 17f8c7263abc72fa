"""What a release changes against its parent: columns, rows by key, and the headline figures.

Columns that only say where the run stands in time move with every run; they are left out of the comparison, else all
rows would differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.reader import Release, ask, identifier
from quality import metrics

if TYPE_CHECKING:
    import duckdb

OVERVIEW = "mart_executive_overview"
MOVING = ("as_of_date", "is_latest_month", "is_period_closed")
KPI_KEY = ("kpi_code", "kpi_variant", "reporting_currency", "fiscal_month")


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    rows = connection.execute(f"select column_name, column_type from (describe {table})").fetchall()
    return {str(name): str(kind) for name, kind in rows}


def _schema_difference(now: dict[str, str], before: dict[str, str]) -> dict[str, list[str]]:
    common = [name for name in now if name in before]
    return {
        "columns_added": [name for name in now if name not in before],
        "columns_removed": [name for name in before if name not in now],
        "columns_retyped": [
            f"{name}: {before[name]} to {now[name]}" for name in common if now[name] != before[name]
        ],
    }


def _compare(
    connection: duckdb.DuckDBPyConnection, mart: str, grain: tuple[str, ...], compared: list[str]
) -> dict[str, int]:
    on = " and ".join(f"n.{identifier(key)} = p.{identifier(key)}" for key in grain)
    differs = " or ".join(f"n.{identifier(name)} is distinct from p.{identifier(name)}" for name in compared)
    row = connection.execute(
        "select count(*) filter (where p._there is null), count(*) filter (where n._there is null), "
        f"count(*) filter (where n._there and p._there and ({differs or 'false'})), "
        "count(*) filter (where n._there and p._there) "
        f"from (select *, true as _there from {mart}) as n "
        f"full join (select *, true as _there from parent_{mart}) as p on {on}"
    ).fetchone()
    added, removed, changed, common = row or (0, 0, 0, 0)
    return {
        "rows_added": added,
        "rows_removed": removed,
        "rows_changed": changed,
        "rows_same": common - changed,
    }


def _mart_change(connection: duckdb.DuckDBPyConnection, mart: metrics.Mart) -> dict[str, Any]:
    now = _columns(connection, mart.name)
    before = _columns(connection, f"parent_{mart.name}")
    compared = [name for name in now if name in before and name not in mart.grain and name not in MOVING]
    return {
        "mart": mart.name,
        "grain": list(mart.grain),
        **_compare(connection, mart.name, mart.grain, compared),
        **_schema_difference(now, before),
    }


def _kpi_changes(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Headline figures of the newest month, and of the parent's newest month as it was said then and is said now."""
    newest = (
        "select kpi_code, kpi_variant, reporting_currency, kpi_name_en, kpi_name_zh, unit_code, fiscal_month, "
        f"kpi_value, kpi_status from {OVERVIEW} where is_latest_month"
    )
    before = (
        "select kpi_code, kpi_variant, reporting_currency, fiscal_month, kpi_value, kpi_status "
        f"from parent_{OVERVIEW} where is_latest_month"
    )
    rows = ask(
        connection,
        f"with newest as ({newest}), before as ({before}) "
        "select n.*, p.fiscal_month as parent_month, p.kpi_value as parent_value, p.kpi_status as parent_status, "
        "r.kpi_value as restated_value, r.kpi_value - p.kpi_value as delta "
        "from newest as n left join before as p using (kpi_code, kpi_variant, reporting_currency) "
        f"left join {OVERVIEW} as r on r.kpi_code = p.kpi_code and r.kpi_variant = p.kpi_variant "
        "and r.reporting_currency = p.reporting_currency and r.fiscal_month = p.fiscal_month "
        "order by n.kpi_code, n.kpi_variant, n.reporting_currency",
    ).records()
    return [{**row, **metrics.variant_name(row["kpi_code"], row["kpi_variant"])} for row in rows]


def _restated(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    on = " and ".join(f"n.{key} is not distinct from p.{key}" for key in KPI_KEY)
    rows = ask(
        connection,
        "select n.fiscal_month, count(*) as figure_count, list(distinct n.kpi_code order by n.kpi_code) as kpis "
        f"from {OVERVIEW} as n inner join parent_{OVERVIEW} as p on {on} "
        "where p.is_period_closed and n.kpi_value is distinct from p.kpi_value "
        "group by n.fiscal_month order by n.fiscal_month",
    ).records()
    return {"closed_months": rows, "figure_count": sum(row["figure_count"] for row in rows)}


def changes(connection: duckdb.DuckDBPyConnection, release: Release, parent: Release) -> dict[str, Any]:
    """Compare a release with its parent; the connection must know both (`reader.connect(release, parent)`)."""
    now, before = set(release.tables), set(parent.tables)
    marts = [
        _mart_change(connection, mart)
        for name, mart in metrics.marts().items()
        if name in now and name in before
    ]
    has_overview = OVERVIEW in now and OVERVIEW in before
    return {
        "parent_id": parent.release_id,
        "tables_added": sorted(now - before),
        "tables_removed": sorted(before - now),
        "marts": marts,
        "kpis": _kpi_changes(connection) if has_overview else [],
        "restated": _restated(connection) if has_overview else {"closed_months": [], "figure_count": 0},
    }
