"""The tables of a carried release that an earlier version wrote: with fewer columns, with fewer tables."""

from pathlib import Path

import duckdb

from tests.dbt.ground import CLEAN
from tests.fixtures.landing import write_landing
from tests.fixtures.warehouse import dbt, rows

SELECTED = ("--select", "models/staging/parent")


def test_a_column_and_a_table_that_it_lacks_are_typed_nothing(tmp_path: Path) -> None:
    landing = write_landing(tmp_path / "landing", CLEAN)
    parent = tmp_path / "2026-01-31.0001.aaaaaaaa"
    parent.mkdir()
    duckdb.sql(
        "copy (select 'k' as kpi_snapshot_key, 'K02' as kpi_code, cast(1.5 as decimal(18, 4)) as kpi_value, "
        f"'gone' as no_longer_read) to '{parent}/fct_kpi_snapshot.parquet' (format parquet)"
    )
    warehouse = tmp_path / "weir.duckdb"
    dbt("run", warehouse, landing, *SELECTED, as_of_date="2026-01-31", parent_root=str(parent))
    found = rows(warehouse, "select kpi_code, kpi_value, revision_no from stg_parent__fct_kpi_snapshot")
    assert [(code, str(value), revision) for code, value, revision in found] == [("K02", "1.50000000", None)]
    assert rows(warehouse, "select count(*), sum(amount) from stg_parent__fct_commission_accrual") == [
        (0, None)
    ]


def test_without_a_carried_release_there_are_no_rows(tmp_path: Path) -> None:
    landing = write_landing(tmp_path / "landing", CLEAN)
    warehouse = tmp_path / "weir.duckdb"
    dbt("run", warehouse, landing, *SELECTED, as_of_date="2026-01-31")
    assert rows(warehouse, "select count(*) from stg_parent__bridge_order_credit") == [(0,)]
