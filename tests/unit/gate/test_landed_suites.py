"""Each suite over the landed feeds finds what it is there for, and says which rows."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from quality.gate import judge_landed
from quality.suites.landed import landed_suites
from tests.fixtures.landing import write_landing

LINE = {"line_type": "product", "quantity": 1, "unit_price": 1, "net_amount": 1, "currency": "CNY"}
QUOTA = {"owner_type": "rep", "metric": "net_revenue", "version": "1", "amount": 9, "currency": "CNY"}
RATE = {"from_currency": "USD", "to_currency": "CNY", "rate_type": "spot"}

# Feed -> rows, of which some break one rule each.
PLANTED: dict[str, list[dict[str, Any]]] = {
    "orders__order_lines": [
        {**LINE, "order_id": "SO1", "line_id": "1"},
        {**LINE, "order_id": "SO1", "line_id": "1", "row_id": "again"},  # the key twice in one extract
        {**LINE, "order_id": None, "line_id": "3"},
        {**LINE, "order_id": "SO2", "line_id": "1", "line_type": "gift", "row_id": "twin"},
        {**LINE, "order_id": "SO3", "line_id": "1", "row_id": "twin"},
    ],
    "orders__orders": [
        {"order_id": "SO1", "order_date": "2024-01-01", "status": "shipped", "currency": "CNY"}
        | {"shipped_at": "2024-01-09", "invoiced_at": "2024-01-08"}
    ],
    "orders__products": [{"product_id": "P1", "catalogue_price": 10, "unit_cost": 101, "currency": "CNY"}],
    "orders__return_lines": [
        {"return_id": "R1", "line_id": "1", "return_date": "2024-01-05", "currency": "CNY"}
        | {"quantity": -1, "net_amount": 5}
    ],
    "market__market_sizes": [
        {"segment": "s", "region": "r", "period": "2024", "version": "1", "amount": -1}
        | {"currency": "CNY", "basis": "end_user"}
    ],
    "market__fx_rates": [
        {**RATE, "rate_date": "2024-01-01", "rate": "7.0"},
        {**RATE, "rate_date": "2024-01-02", "rate": "8.3"},  # 1.3 / 7.0 = 18.6 %: no alarm
        {**RATE, "rate_date": "2024-01-03", "rate": "10.0"},  # 1.7 / 8.3 = 20.5 %
    ],
    "people__quotas": [
        {**QUOTA, "owner_code": "A", "valid_from": "2024-01-01", "valid_to": "2024-01-31"},
        {**QUOTA, "owner_code": "A", "valid_from": "2024-01-31", "valid_to": "2024-02-29"},
        # The open one begins inside the first; what follows an open one ends it.
        {**QUOTA, "owner_code": "B", "valid_from": "2024-01-01", "valid_to": "2024-12-31"},
        {**QUOTA, "owner_code": "B", "valid_from": "2024-03-01"},
        {**QUOTA, "owner_code": "C", "valid_from": "2024-01-01"},
        {**QUOTA, "owner_code": "C", "valid_from": "2024-02-01", "valid_to": "2024-02-29"},
    ],
    "people__reps": [
        {"rep_code": "A", "role_code": "x", "team_code": "t"}
        | {"hire_date": "2024-01-02", "exit_date": "2024-01-01"}
    ],
    "crm__activities": [
        {"activity_id": "1", "activity_type": "call"}
        | {"occurred_at": "2024-01-02T00:00:01", "logged_at": "2024-01-02T00:00:00"}
    ],
    "crm__leads": [
        {"lead_id": "1", "status": "converted", "created_at": "2024-01-02", "converted_at": "2024-01-01"}
    ],
    "crm__surveys": [
        {"survey_id": "s", "invitation_id": "1", "respondent_type": "customer", "respondent_id": "c"}
        | {"question": "q", "kind": "csat", "scale_min": 1, "scale_max": 5}
        | {"sent_at": "2024-01-02", "answered_at": "2024-01-01"}
    ],
}
# check -> (failing rows, part of a key that is shown)
FOUND = {
    "S10.landing.orders__order_lines.row_id_is_unique": (2, "row_id=twin"),
    "S10.landing.orders__order_lines.key_is_unique_in_its_extract": (1, "order_id=SO1, line_id=1"),
    "S10.landing.orders__order_lines.order_id_is_not_null": (1, "row_id=test|e1|3"),
    "S11.landing.orders__order_lines.line_type_is_in_its_list": (1, "row_id=twin"),
    "T01.landing.orders__orders.invoiced_not_before_shipped": (1, "row_id=test|e1|1"),
    "S18.landing.orders__products.cost_at_most_ten_times_price": (1, "product_id=P1"),
    "T03.landing.orders__return_lines.quantity_is_not_negative": (1, "row_id=test|e1|1"),
    "S12.landing.market__market_sizes.amount_is_not_negative": (1, "row_id=test|e1|1"),
    "S17.landing.market__fx_rates.rate_moves_less_than_a_fifth_a_day": (1, "rate_date=2024-01-03"),
    "S19.landing.people__quotas.quota_intervals_do_not_overlap": (2, "valid_from=2024-03-01"),
    "S19.landing.people__quotas.quota_intervals_are_whole_months": (1, "valid_from=2024-01-31"),
    "D05.landing.people__reps.exit_not_before_hire": (1, "row_id=test|e1|1"),
    "T05.landing.crm__activities.logged_not_before_occurred": (1, "row_id=test|e1|1"),
    "T12.landing.crm__leads.converted_not_before_created": (1, "row_id=test|e1|1"),
    "T18.landing.crm__surveys.answered_not_before_sent": (1, "row_id=test|e1|1"),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    root = write_landing(tmp_path_factory.mktemp("landing"), PLANTED)
    return {one["check_id"]: one for one in judge_landed(root, "2024-01-31")}


def test_every_expectation_has_a_result(results: dict[str, dict[str, Any]]) -> None:
    wanted = [one.check.check_id for suite in landed_suites() for one in suite.expectations]
    assert sorted(results) == sorted(wanted)
    assert len(set(wanted)) == len(wanted)


@pytest.mark.parametrize("check_id", sorted(FOUND))
def test_a_planted_violation_is_found_with_its_key(results: dict[str, dict[str, Any]], check_id: str) -> None:
    count, key = FOUND[check_id]
    found = results[check_id]
    assert found["status"] == ("warned" if found["severity"] == "warn" else "failed")
    assert found["failing_count"] == count
    assert any(key in one for one in found["failing_keys"]), found["failing_keys"]


def test_nothing_else_is_found(results: dict[str, dict[str, Any]]) -> None:
    other = {
        check_id: one["observed"]
        for check_id, one in results.items()
        if check_id not in FOUND and one["status"] not in ("passed", "not_applicable")
    }
    assert other == {}


def test_a_feed_that_no_source_fills_is_not_applicable(results: dict[str, dict[str, Any]]) -> None:
    statuses = {one["status"] for one in results.values() if one["table"] == "orders__payments"}
    assert statuses == {"not_applicable"}


def test_one_file_with_another_type_or_column_is_found(tmp_path: Path) -> None:
    # DuckDB takes a folder's types from its first file and casts the rest without a word.
    write_landing(tmp_path, {"orders__order_lines": [{**LINE, "order_id": "1", "line_id": "1"}]})
    good = tmp_path / "orders__order_lines" / "test" / "rows.parquet"
    frame = pl.read_parquet(good)
    frame.with_columns(quantity=pl.lit("2"), row_id=pl.lit("x")).write_parquet(
        good.with_name("other.parquet")
    )
    results = {one["check_id"]: one for one in judge_landed(tmp_path, "2024-01-31")}
    found = results["S02.landing.orders__order_lines.every_file_has_the_canonical_types"]
    assert (found["status"], found["failing_count"]) == ("failed", 1)
    assert "file_name=other.parquet" in found["failing_keys"][0]
    assert "expected_type=decimal(18,4), found_type=varchar" in found["failing_keys"][0]
