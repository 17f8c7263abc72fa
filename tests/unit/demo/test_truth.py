"""The truth of a company of four orders, against numbers worked out by hand.

February: O1 has 400.00 gross; its lines' own discount is 50.00, the 10.00 on the whole go 8.5714 to the line of
300.00 and 1.4286 to that of 50.00 (10 x 300 / 350 = 8.571428..., 10 x 50 / 350 = 1.428571...: the unit left over to
the larger fraction). O2 is 30.0150 USD x 7.1 = 213.1065. O3 is 100.00 and leaves in March, the day after the close;
O4 was cancelled on the close and never counts. March: 97.1428 of O1 come back.
"""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from pipelines.demo.calendar import day
from pipelines.demo.truth import rep_touches, truth_of
from pipelines.demo.truth.cohort import new_customer_status
from pipelines.demo.truth.earlier import earlier_channel_rows
from pipelines.demo.truth.facts import facts_of
from pipelines.demo.truth.times import month_of
from tests.unit.demo.tiny import at, tiny_world

Truth = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def truth() -> Truth:
    return truth_of(tiny_world())


def values(truth: Truth, mart: str, **key: str) -> dict[str, Any]:
    found = [row["values"] for row in truth[mart] if key.items() <= row["key"].items()]
    assert len(found) == 1
    return dict(found[0])


def test_sales_of_a_channel_in_the_month_of_its_orders(truth: Truth) -> None:
    found = values(truth, "mart_channel_performance", channel_code="direct_field", fiscal_month="2024-02")

    assert found["gross_revenue"] == "713.1065"  # 400 + 213.1065 + 100
    assert found["discount_amount"] == "60.0000"
    assert found["net_revenue"] == "653.1065"
    assert found["order_count"] == 3
    assert found["order_line_count"] == 4
    assert found["customer_count"] == 1  # A was merged into B
    assert found["customer_hhi_index"] == "10000.0000"
    assert found["average_order_value"] == "217.7022"  # 653.1065 / 3
    assert found["discount_ratio"] == "0.08413890"  # 60 / 713.1065


def test_returns_and_late_cancellations_stand_in_their_own_month(truth: Truth) -> None:
    found = values(truth, "mart_channel_performance", channel_code="direct_field", fiscal_month="2024-03")

    assert found["gross_revenue"] == "-100.0000"
    assert found["return_amount"] == "97.1428"
    assert found["net_revenue"] == "-197.1428"
    assert found["order_count"] == -1
    assert found["growth_month_numerator"] == "-850.2493"  # -197.1428 - 653.1065
    assert found["growth_month_ratio"] == "-1.30185399"


def test_cohort_return_rate_belongs_to_the_month_of_the_order(truth: Truth) -> None:
    found = values(truth, "mart_channel_performance", channel_code="direct_field", fiscal_month="2024-02")

    assert found["return_cohort_numerator"] == "97.1428"
    assert found["return_cohort_ratio"] == "0.14873960"  # 97.1428 / 653.1065
    assert found["return_period_numerator"] == "0.0000"


def test_what_a_new_customer_brings_and_costs(truth: Truth) -> None:
    found = values(truth, "mart_channel_performance", channel_code="direct_field", fiscal_month="2024-02")
    later = values(truth, "mart_channel_performance", channel_code="direct_field", fiscal_month="2024-03")

    assert (found["new_customer_count"], found["new_customer_revenue_numerator"]) == (1, "653.1065")
    assert found["acquisition_cost_per_customer"] == "10.0000"  # the pool of marketing; travel wins nobody
    assert found["new_customer_margin_12m"] is None  # its first twelve months end in January 2025
    assert (later["new_customer_count"], later["acquisition_cost_per_customer"]) == (0, None)


def test_who_looks_new_near_the_first_order_may_be_old(truth: Truth) -> None:
    found = values(truth, "mart_channel_performance", channel_code="direct_field", fiscal_month="2024-02")
    first, *later = (month_of(day(f"{month}-15")) for month in ("2021-11", "2022-02", "2022-03"))

    assert found["new_customer_status"] == "partial"  # the first order of all is of this month
    assert [new_customer_status(month, first) for month in (first, *later)] == ["partial", "partial", "ok"]


def test_margin_counts_lines_with_a_cost_only(truth: Truth) -> None:
    found = values(truth, "mart_channel_performance", channel_code="direct_field", fiscal_month="2024-02")

    # (291.4286 - 3 x 60) + (213.1065 - 3 x 6 x 7.1 = 127.8) = 111.4286 + 85.3065
    assert found["gross_margin_amount"] == "196.7351"
    assert found["costed_net_revenue"] == "504.5351"
    # 50 of its own, the whole pool of 10, and 18.35 of commission
    assert found["total_channel_cost_amount"] == "78.3500"
    assert found["channel_roi_numerator"] == "118.3851"
    assert found["channel_roi_ratio"] == "1.51097766"


def test_commission_is_earned_on_the_day_and_given_back_on_the_return(truth: Truth) -> None:
    february = values(truth, "mart_channel_performance", channel_code="direct_field", fiscal_month="2024-02")
    march = values(truth, "mart_channel_performance", channel_code="direct_field", fiscal_month="2024-03")

    # R001, a manager without plan, 0.8 %: 291.4286 -> 2.33, 48.5714 -> 0.39, 71.0284 -> 0.57, 100 -> 0.80.
    # R009, plan BOOKED: 3 % of 142.0781 -> 4.26, and 5 for each of 2.0001 sensors -> 10.00.
    assert february["commission_amount"] == "18.3500"
    # O3 leaves: -0.80. Of O1 97.1428 come back: 0.777... -> -0.78.
    assert march["commission_amount"] == "-1.5800"
    assert march["commission_cost_denominator"] == "-197.1428"


def test_split_credit_ties_to_the_last_unit(truth: Truth) -> None:
    first = values(truth, "mart_rep_scorecard", rep_code="R001", fiscal_month="2024-02")
    second = values(truth, "mart_rep_scorecard", rep_code="R009", fiscal_month="2024-02")

    # 213.1065 over 0.3333 and 0.6667: 71.028396... and 142.078103...; the unit left goes to the first.
    assert second["credited_net_revenue"] == "142.0781"
    assert first["credited_net_revenue"] == "511.0284"  # 340 + 71.0284 + 100
    assert first["order_credit_count"] == "2.3333"


def test_attainment_takes_the_days_of_the_month(truth: Truth) -> None:
    found = values(truth, "mart_rep_scorecard", rep_code="R001", fiscal_month="2024-02")

    assert found["quota_amount"] == "2900.0000"  # 9,100 x 29 / 91
    assert found["attainment_numerator"] == "511.0284"
    assert found["attainment_ratio"] == "0.17621669"


def test_quota_counts_what_lies_in_its_interval(truth: Truth) -> None:
    found = values(truth, "mart_quota_attainment", owner_code="R001")

    # 511.0284 of February less a cancellation of 100 and a return of 97.1428 in March; 313.8856 / 9,100
    assert found["attainment_numerator"] == "313.8856"
    assert found["attainment_ratio"] == "0.03449292"
    assert (found["interval_days"], found["overlap_days"], found["assigned_amount"]) == (91, 91, None)


def test_order_shared_within_a_force_counts_once_for_its_manager(truth: Truth) -> None:
    february = values(truth, "mart_manager_credit", manager_code="R001", fiscal_month="2024-02")
    march = values(truth, "mart_manager_credit", manager_code="R001", fiscal_month="2024-03")

    # O1 340, O2 213.1065 shared with R009, O3 100; O4 was cancelled before the close.
    assert (february["order_count"], february["order_net_revenue"]) == (3, "653.1065")
    assert (march["order_count"], march["order_net_revenue"]) == (-1, "-197.1428")


def test_three_won_and_none_lost_is_one_and_nothing_is_none(truth: Truth) -> None:
    won = values(truth, "mart_rep_scorecard", rep_code="R001", fiscal_month="2024-02")
    none = values(truth, "mart_rep_scorecard", rep_code="R009", fiscal_month="2024-02")

    assert won["win_rate_ratio"] == "1.00000000"
    assert (won["won_count"], won["amount_missing_count"], won["won_amount"]) == (3, 1, "100.0000")
    assert (won["sales_cycle_mean_days"], won["sales_cycle_median_days"]) == (
        "21.0000",
        "20.0000",
    )  # 10, 20, 33
    assert won["sales_cycle_km_median_days"] == 10  # of those created in February: 10 and 20
    assert none["win_rate_ratio"] is None
    assert none["win_rate_denominator"] == "0.0000"


def test_conversion_on_day_90_counts_and_on_day_91_does_not(truth: Truth) -> None:
    found = values(truth, "mart_rep_scorecard", rep_code="R001", fiscal_month="2024-02")

    assert found["lead_conversion_ratio"] == "0.50000000"


def test_later_answer_of_a_merged_customer_is_the_one_that_counts(truth: Truth) -> None:
    found = values(truth, "mart_rep_scorecard", rep_code="R001", fiscal_month="2024-02")

    assert (found["csat_numerator"], found["csat_denominator"]) == ("0.0000", "1.0000")


def test_key_account_counts_for_its_owner_at_the_end_of_the_month(truth: Truth) -> None:
    def covered(rep: str, month: str) -> list[str]:
        found = values(truth, "mart_rep_scorecard", rep_code=rep, fiscal_month=month)
        return [found[f"key_account_coverage_{part}"] for part in ("numerator", "denominator", "ratio")]

    assert covered("R009", "2024-01") == ["0.0000", "1.0000", "0.00000000"]
    assert covered("R009", "2024-02") == ["0.0000", "0.0000", None]  # R001's from the 29th on
    assert covered("R001", "2024-02") == ["1.0000", "1.0000", "1.00000000"]  # met by R009, before
    assert covered("R001", "2024-03") == ["0.0000", "1.0000", "0.00000000"]


def test_weeks_of_a_month_are_those_of_its_mondays_from_the_first_touch_on(truth: Truth) -> None:
    february = values(truth, "mart_rep_scorecard", rep_code="R009", fiscal_month="2024-02")
    march = values(truth, "mart_rep_scorecard", rep_code="R001", fiscal_month="2024-03")

    # The first touch is of Saturday the 10th: Mondays 5, 12, 19 and 26; one touch a week is too few.
    assert (february["crm_adoption_numerator"], february["crm_adoption_denominator"]) == ("0.0000", "4.0000")
    assert (february["mobile_activity_numerator"], february["mobile_activity_ratio"]) == (
        "1.0000",
        "1.00000000",
    )
    assert march["crm_adoption_denominator"] == "4.0000"
    assert (march["mobile_activity_denominator"], march["mobile_activity_ratio"]) == ("0.0000", None)


def test_lag_is_from_the_touch_to_its_record_in_hours(truth: Truth) -> None:
    met = values(truth, "mart_crm_adoption", rep_code="R009", week="2024-W06")
    called = values(truth, "mart_crm_adoption", rep_code="R001", week="2024-W10")

    assert (met["logging_lag_median_hours"], met["same_day_log_ratio"]) == ("1.5000", "1.00000000")
    assert (called["logging_lag_median_hours"], called["same_day_log_numerator"]) == ("24.0000", "0.0000")
    assert (called["device_unknown_count"], called["mobile_activity_denominator"]) == (1, "0.0000")


def test_a_deal_counts_for_the_last_touch_before_it_and_is_a_memo_of_others_of_thirty_days() -> None:
    world = tiny_world()

    def cohorts(*created: str) -> list[tuple[str, int, int, str | None]]:
        deals = world.deals.with_columns(pl.Series("created", [at(text) for text in created]))
        rows = rep_touches.touch_rows(rep_touches.cohorts_of(facts_of(replace(world, deals=deals))))
        names = ("converted_count", "followed_count_memo", "activity_conversion_ratio")
        return [(row["key"]["cohort_week"], *(row["values"][name] for name in names)) for row in rows]

    # R009 meets the customer on 10 February, R001 calls on 4 March: the 30th day after the first is 11 March.
    before = "2024-02-09"
    last, first = ("2024-W10", 1, 1, "1.00000000"), ("2024-W06", 0, 1, "0.00000000")
    assert cohorts(before, before, "2024-03-11") == [last, first]
    assert cohorts(before, "2024-03-12", "2024-03-12") == [last, ("2024-W06", 0, 0, "0.00000000")]
    assert cohorts(before, before, "2024-02-10")[1] == ("2024-W06", 1, 1, "1.00000000")


def test_customer_has_the_sales_of_both_its_records(truth: Truth) -> None:
    found = values(truth, "mart_customer_360", master_customer_code="B", fiscal_month="2024-10")

    assert found["net_revenue_12m"] == "455.9637"  # 653.1065 - 197.1428
    assert found["order_count_total"] == 2
    assert found["first_order_date"] == "2024-02-01"
    assert found["logo_retention_denominator"] == "0.0000"
    assert found["repeat_purchase_numerator"] == "1.0000"


def test_market_share_of_the_quarter(truth: Truth) -> None:
    found = values(truth, "mart_market_penetration", market_period="2024-Q1")

    assert found["market_share_numerator"] == "455.9637"
    assert found["market_share_ratio"] == "0.00455964"  # 455.9637 / 100,000
    assert found["whitespace_amount"] == "99544.0363"
    assert found["accounts_without_offer_count"] == 6  # 7, and the customer of both records


def test_on_an_earlier_day_later_orders_and_cancellations_wait() -> None:
    # Until 12 February: O1 with 400, O3 and O4, not cancelled yet, with 100 and 999; O2 of the 15th waits.
    rows = earlier_channel_rows(tiny_world(), day("2024-02-12"))

    assert [row["key"]["fiscal_month"] for row in rows] == ["2024-02"]
    assert rows[0]["values"]["gross_revenue"] == "1499.0000"
    assert rows[0]["values"]["return_amount"] == "0.0000"


def test_company_has_the_same_figures(truth: Truth) -> None:
    def kpi(code: str, variant: str, month: str) -> dict[str, Any]:
        return values(
            truth, "mart_executive_overview", kpi_code=code, kpi_variant=variant, fiscal_month=month
        )

    assert kpi("K01", "main", "2024-02")["kpi_value"] == "713.10650000"
    assert kpi("K04", "main", "2024-02")["kpi_value"] == "217.70216667"
    assert kpi("K33", "main", "2024-03")["kpi_value"] == "0.00455964"
    assert kpi("K08", "year", "2024-02")["kpi_value"] is None
    assert kpi("K10", "company", "2024-02")["kpi_denominator"] == "0.00000000"


def test_base_pay_without_a_rate_is_not_known_and_that_of_four_is_nobodys_business(truth: Truth) -> None:
    status = {
        team: values(truth, "mart_team_productivity", team_code=team, fiscal_month="2024-02")[
            "commission_cost_with_base_pay_status"
        ]
        for team in ("T01", "T06", "(all)")
    }

    assert status == {"T01": "suppressed", "T06": "no_data", "(all)": "no_data"}  # T06 is paid in EUR
