"""The few figures that the report opens with, and the series of its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.reader import Release, ask
from quality import metrics

if TYPE_CHECKING:
    import duckdb

OVERVIEW = "mart_executive_overview"
CHANNELS = "mart_channel_performance"


def headline(connection: duckdb.DuckDBPyConnection, release: Release) -> list[dict[str, Any]]:
    """Every KPI of the newest month, in order of code: value, status, whether the month is closed, the year before."""
    if OVERVIEW not in release.tables:
        return []
    rows = ask(
        connection,
        "select kpi_code, kpi_variant, kpi_name_en, kpi_name_zh, unit_code, fiscal_month, reporting_currency, "
        "is_period_closed, kpi_value, kpi_status, prior_year_value, prior_month_value, target_value, target_status, "
        f"period_rule, sample_count from {OVERVIEW} where is_latest_month "
        "order by kpi_code, kpi_variant, reporting_currency",
    ).records()
    return [{**row, **metrics.variant_name(row["kpi_code"], row["kpi_variant"])} for row in rows]


def revenue_by_channel_type(connection: duckdb.DuckDBPyConnection, release: Release) -> list[dict[str, Any]]:
    """Net revenue per reporting currency, channel type and month, in that order."""
    if CHANNELS not in release.tables:
        return []
    return ask(
        connection,
        "select reporting_currency, coalesce(channel_type, channel_code) as channel_type, fiscal_month, "
        f"sum(net_revenue) as net_revenue from {CHANNELS} group by all order by all",
    ).records()
