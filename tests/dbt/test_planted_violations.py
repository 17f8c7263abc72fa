"""Every data test of the warehouse finds a violation that is planted for it, and nothing in clean rows.

The warehouse is built once from clean rows. Each violation is one change of a built table, inside a
transaction that is rolled back; the test's own compiled SQL is then asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import duckdb
import pytest

from quality.dbt_checks import dbt_checks
from quality.thresholds import thresholds
from tests.dbt.ground import CLEAN
from tests.fixtures.landing import write_landing
from tests.fixtures.warehouse import dbt

HELD = "update int_rows_judged set verdict = 'held', rule_id = '{rule}'"
MORE = "cast(0.0001 as decimal(18, 4))"
# Pattern of a test's name -> one change that it must find. {table} is the table that the test is about.
PLANTED = {
    "d01_groups_*": "update int_accounts_linked set group_key = 'one'",
    "d01_*": "update int_accounts_mastered set is_too_deep = true",
    "d02_*": "update {table} set is_current = false",
    "d03_*": "update {table} set valid_to = valid_from",
    "d04_holds_*": "update fct_customer_ownership set customer_code = 'C1', role_code = 'owner'",
    "d04_*": HELD,
    "d05_managers_form_no_cycle": "update dim_sales_rep set manager_code = rep_code",
    "d05_rep_has_one_team_a_day": "update dim_sales_rep set valid_to = date '9999-12-31'",
    "d05_rep_leaves_after_joining": "update dim_sales_rep set exit_date = hire_date - 1",
    "d06_*": "update dim_channel set channel_level = 5",
    "d07_*": "update dim_channel set ended_on = date '2026-01-05'",
    "d11_*": "update fct_order set rep_key = '-1'",
    "d12_calendar_has_every_day": "delete from dim_date where date_day = date '2026-01-03'",
    "d12_*": "delete from dim_date",
    "m04_*": f"update mart_channel_performance set channel_mix_denominator = channel_mix_denominator + {MORE}",
    "m06_*": "update bridge_comp_plan_tier set to_attainment = 2 where to_attainment is null",
    "m07_*": "update fct_commission_accrual set amount = amount * 100 where accrual_type = 'clawback'",
    "m08_*": "update dim_sales_rep set exit_date = date '2026-01-01'",
    "m15_*": "update mart_crm_adoption set hours_saved_assumption_version = 'draft'",
    "m20_*": "insert into stg_parent__fct_kpi_snapshot (kpi_snapshot_key) values ('gone')",
    "m21_*": "insert into mart_restatement (kpi_code, decomposition_status, delta_value, old_value, new_value) "
    "values ('K02', 'not_decomposed', 1, 1, 2)",
    "m23_channel_*": "update mart_channel_performance set discount_ratio = 0.5",
    "m23_integrity_*": "update mart_incentive_integrity set unanswered_activity_ratio = 0.5",
    "m23_funnel_*": "update mart_funnel set conversion_running_ratio = 0.5",
    "m23_adoption_*": "update mart_crm_adoption set crm_adoption_ratio = 0.5",
    "m23_touch_*": "update mart_touch_conversion set activity_conversion_ratio = 0.5",
    "m23_market_*": "update mart_market_penetration set market_share_ratio = 0.5",
    "m23_cohort_*": "update mart_customer_cohort set revenue_retention_ratio = 0.5",
    "m23_ramp_*": "update mart_rep_ramp set ramped_ratio = 0.5",
    "m23_quota_*": "update mart_quota_attainment set attainment_ratio = 0.5",
    "m23_rep_*": "update mart_rep_scorecard set nps_score = 50",
    "m23_collaboration_*": "update mart_collaboration set recognition_coverage_ratio = 0.5",
    "m23_productivity_*": "update mart_team_productivity set commission_cost_with_base_pay_ratio = 0.5",
    "p03_base_pay_of_*": "update mart_team_productivity set base_pay_rep_count = 4",
    "p03_base_pay_cannot_*": "update mart_team_productivity set commission_cost_with_base_pay_status = 'ok' "
    "where team_code = '(all)'; insert into int_rep_months_salaried (rep_code, team_code, fiscal_month) "
    "values ('R1', 'T1', '2026-01')",
    "p03_pay_*": "insert into mart_pay_performance (role_code, fiscal_quarter, member_count, pay_performance_status) "
    "values ('rep', '2026-Q1', 4, 'ok')",
    "p03_small_*": "update mart_collaboration set recognition_coverage_numerator = 1 where team_code = 'T1'",
    "p03_hidden_*": "update mart_collaboration set recognition_status = 'ok' where team_code = '(all)'",
    "r01_accepted_rows_are_in_a_fact": "delete from fct_payment",
    "r01_landed_equals_judged": "update ops_batch set rows_accepted = rows_accepted + 1",
    "r02_*": f"update fct_order set delivered_net_amount = delivered_net_amount + {MORE}",
    "r03_*": f"update bridge_order_credit set net_amount = net_amount + {MORE} where credit_type = 'rep_primary'",
    "r04_touches_*": "update mart_touch_conversion set activity_conversion_numerator = 0",
    "r04_*": f"update mart_channel_performance set gross_revenue = gross_revenue + {MORE}",
    "r05_*": f"update mart_customer_360 set net_revenue_12m = net_revenue_12m + {MORE}",
    "r07_nobody_*": "update mart_incentive_statement set paid_amount = paid_amount * 2 where accrual_type = 'payout'",
    "r07_*": f"update mart_incentive_statement set balance_amount = balance_amount + {MORE}",
    "r08_*": f"update mart_incentive_statement set amount = amount + {MORE}",
    "r09_*": "update mart_quota_attainment set is_assigned_in_full = true, assigned_amount = quota_amount + 1",
    "r10_*": f"update bridge_order_credit set net_amount_reporting = net_amount_reporting + {MORE}",
    "r11_*": f"update mart_pipeline_health set open_amount = coalesce(open_amount, 0) + {MORE}",
    "m23_pipeline_*": "update mart_pipeline_health set stale_ratio = 0.5",
    "m23_forecast_*": "update mart_forecast_accuracy set forecast_bias_ratio = 0.5",
    "r13_*": "update fct_order_line set net_amount_reporting = net_amount_reporting + 1",
    "r14_mart_bears_every_commission": f"update mart_channel_performance set commission_amount = "
    f"commission_amount + {MORE}",
    "r14_mart_*": f"update mart_channel_performance set channel_cost_amount = channel_cost_amount + {MORE}",
    "r14_*": f"update int_channel_cost_allocated set amount_reporting = amount_reporting + {MORE}",
    "s10_*": HELD,
    "s16_held_*": HELD,
    "s17_held_*": HELD,
    "s19_*": "insert into fct_quota select * replace ('twin' as quota_key, valid_to - 1 as valid_from) from fct_quota",
    "s17_*": "update {table} set fx_rate = 0",
    "t03_held_*": HELD,
    "t03_*": "update fct_return_line set quantity = 6",
    "t04_*_shipped": "update fct_order set cancelled_date = date '2026-01-25', shipped_date = date '2026-01-08'",
    "t04_*_paid": "update fct_order set cancelled_date = date '2026-01-25'",
    "t06_held_*": HELD,
    "t06_stage_*": "update fct_opportunity_stage set stage_rank_to = stage_rank_from",
    "t06_*": "update fct_opportunity set closed_date = null",
    "t14_held_*": HELD,
    "t14_orphan_*": "update int_members_resolved set is_inferred = true",
    "t15_held_*": HELD,
    "t15_*": "update fct_payment set amount = cast(90.0001 as decimal(18, 4))",
    "t16_*": "update fct_lead set opportunity_id = null, master_customer_code = '(none)'",
    "t17_held_*": HELD,
    "t17_order_*": "insert into fct_opportunity select fct_opportunity.* replace ('SO1' as order_id) "
    "from fct_opportunity cross join range(2)",
    "t17_credited_*": f"update bridge_order_credit set gross_amount = gross_amount + {MORE}",
    "t17_*": "update bridge_order_credit set share = cast(0.9999 as decimal(9, 4))",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the warehouse `weir.duckdb` and dbt's artefacts under `target`."""
    folder = tmp_path_factory.mktemp("planted")
    landing = write_landing(folder / "landing", CLEAN)
    dbt(
        "build",
        folder / "weir.duckdb",
        landing,
        "--exclude",
        "resource_type:unit_test",
        as_of_date="2026-01-31",
    )
    with duckdb.connect(str(folder / "weir.duckdb")) as connection:
        _views_into_tables(connection)
    return folder


def _views_into_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """A view cannot be changed; a table of its rows can."""
    views = connection.execute(
        "select view_name from duckdb_views() where not internal and schema_name = 'main'"
    ).fetchall()
    for (name,) in views:
        connection.execute(f"create table {name}__rows as select * from {name}")
    for (name,) in views:
        connection.execute(f"drop view {name}")
        connection.execute(f"alter table {name}__rows rename to {name}")


@pytest.fixture(scope="module")
def tests(built: Path) -> dict[str, dict[str, Any]]:
    """Data tests by name: rule, table, compiled SQL, status."""
    manifest = json.loads((built / "target" / "manifest.json").read_text())
    results = json.loads((built / "target" / "run_results.json").read_text())["results"]
    outcomes = {one["unique_id"]: one for one in results}
    return {
        check.name: {
            "rule": check.rule,
            "table": check.table,
            "sql": outcomes[unique_id]["compiled_code"],
            "status": outcomes[unique_id]["status"],
        }
        for unique_id, check in dbt_checks(manifest).items()
    }


@pytest.fixture
def warehouse(built: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(built / "weir.duckdb")) as connection:
        connection.execute("begin")
        yield connection
        connection.execute("rollback")


def planted(name: str) -> str | None:
    return next((change for pattern, change in PLANTED.items() if fnmatchcase(name, pattern)), None)


def test_clean_rows_break_no_rule(tests: dict[str, dict[str, Any]]) -> None:
    assert {name: one["status"] for name, one in tests.items() if one["status"] != "pass"} == {}


def test_each_data_test_finds_what_is_planted_for_it(
    tests: dict[str, dict[str, Any]], warehouse: duckdb.DuckDBPyConnection
) -> None:
    missed = {}
    for name, one in tests.items():
        change = planted(name)
        if change is None:
            missed[name] = "no violation is planted for it"
            continue
        warehouse.execute(change.format(rule=one["rule"], table=one["table"]))
        if not warehouse.execute(one["sql"]).fetchall():
            missed[name] = change
        warehouse.execute("rollback")
        warehouse.execute("begin")
    assert missed == {}


def test_every_change_is_planted_for_some_test(tests: dict[str, dict[str, Any]]) -> None:
    assert [pattern for pattern in PLANTED if not any(fnmatchcase(name, pattern) for name in tests)] == []


def test_each_test_is_named_after_its_rule_and_dbt_runs_the_rules_that_name_it(
    tests: dict[str, dict[str, Any]],
) -> None:
    assert [name for name, one in tests.items() if not name.upper().startswith(one["rule"] + "_")] == []
    assert {one["rule"] for one in tests.values()} == {
        rule for rule, one in thresholds().rules.items() if "dbt" in one.tools
    }


def test_the_first_column_of_each_test_is_the_failing_key(
    tests: dict[str, dict[str, Any]], warehouse: duckdb.DuckDBPyConnection
) -> None:
    first = {
        name: warehouse.execute(f"describe {one['sql']}").fetchall()[0][0] for name, one in tests.items()
    }
    assert {name: column for name, column in first.items() if column != "failing_key"} == {}
