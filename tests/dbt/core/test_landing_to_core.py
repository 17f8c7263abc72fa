"""Landing to core through the models: the empty landing, the calendar, and a company of a few rows."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.fixtures.landing import write_landing
from tests.fixtures.warehouse import CORE, dbt, rows


def test_an_empty_landing_builds_every_core_table_with_no_fact(tmp_path: Path) -> None:
    path = tmp_path / "weir.duckdb"
    statuses = dbt("build", path, write_landing(tmp_path / "landing", {}), *CORE)
    assert set(statuses.values()) <= {"success", "pass"}
    assert rows(path, "select count(*) from fct_order_line") == [(0,)]
    assert rows(path, "select channel_key, channel_code from dim_channel order by 1") == [
        ("-1", "(unknown)"),
        ("0", "(none)"),
    ]


def test_66_a_customer_channel_and_rep_whom_nobody_delivers_are_members_of_their_own(tmp_path: Path) -> None:
    """Two units at 50.00 less nothing: 100.00 for a customer, a channel and a rep whom nobody delivers."""
    path = tmp_path / "weir.duckdb"
    order = {"order_id": "o1", "order_date": "2026-01-05", "status": "paid", "currency": "CNY"}
    named = {"customer_id": "c1", "channel_code": "shop", "owner_rep_code": "r1"}
    line = {
        "order_id": "o1",
        "line_id": "1",
        "product_id": "p1",
        "quantity": 2,
        "unit_price": 50,
        "currency": "CNY",
    }
    landing = write_landing(
        tmp_path / "landing", {"orders__orders": [order | named], "orders__order_lines": [line]}
    )
    dbt("run", path, landing, *CORE, as_of_date="2026-01-31", reporting_currency="CNY")
    assert rows(
        path, "select net_amount_reporting, channel_code, customer_code, cost_amount from fct_order_line"
    ) == [(Decimal("100.0000"), "shop", "c1", None)]
    assert rows(path, "select is_inferred from dim_customer where customer_code = 'c1'") == [(True,)]
    assert rows(
        path, "select payee_code, credit_rule from bridge_order_credit where credit_type = 'rep_primary'"
    ) == [("r1", "c")]


def test_the_calendar_knows_adjusted_workdays_fiscal_months_and_iso_weeks(tmp_path: Path) -> None:
    """Fiscal year from April; the holidays feed speaks of 2026 alone.

    2026-03-28 is a Saturday on which people work (调休), 03-30 a free Monday. 03-31 closes fiscal 2025-12 and
    04-01 opens 2026-01. March closes on 03-31 + 5 = 04-05: on that day it is still open, February is closed.
    Sunday 2027-01-03 lies in ISO week 53 of 2026 and, without holidays of 2027, is no workday.
    """
    path = tmp_path / "weir.duckdb"
    holidays = [
        {"region": "CN", "holiday_date": "2026-03-28", "is_workday": True, "name": "清明节调休"},
        {"region": "CN", "holiday_date": "2026-03-30", "is_workday": False, "name": "清明节"},
        {"region": "JP", "holiday_date": "2026-03-31", "is_workday": False, "name": "elsewhere"},
    ]
    landing = write_landing(tmp_path / "landing", {"market__holidays": holidays})
    dbt("run", path, landing, "--select", "+dim_date", as_of_date="2026-04-05", fiscal_year_start_month=4)
    found = rows(
        path,
        """select date_day, fiscal_month, fiscal_quarter, is_workday, is_holiday, is_period_closed, iso_week,
            workday_source
        from dim_date where date_day in ('2026-02-28', '2026-03-28', '2026-03-30', '2026-03-31', '2026-04-01',
            '2027-01-03') order by date_day""",
    )
    assert found == [
        (date(2026, 2, 28), "2025-11", "2025-Q4", False, False, True, "2026-W09", "holidays"),
        (date(2026, 3, 28), "2025-12", "2025-Q4", True, False, False, "2026-W13", "holidays"),
        (date(2026, 3, 30), "2025-12", "2025-Q4", False, True, False, "2026-W14", "holidays"),
        (date(2026, 3, 31), "2025-12", "2025-Q4", True, False, False, "2026-W14", "holidays"),
        (date(2026, 4, 1), "2026-01", "2026-Q1", True, False, False, "2026-W14", "holidays"),
        (date(2027, 1, 3), "2026-10", "2026-Q4", False, False, False, "2026-W53", "weekday"),
    ]
