"""States of a customer in the truth, each at its boundary, with dates worked out by hand."""

from dataclasses import replace
from fractions import Fraction

import polars as pl
import pytest

from pipelines.demo.calendar import day
from pipelines.demo.truth import truth_of
from pipelines.demo.truth.customer import History
from pipelines.demo.truth.facts import facts_of
from pipelines.demo.truth.lifecycle import Worth, rhythm, state, year_later
from pipelines.demo.truth.rep_accounts import FOREVER, Hold, owner_on
from pipelines.demo.truth.times import month_of
from tests.unit.demo.tiny import tiny_world

OCTOBER = month_of(day("2024-10-31"))


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        ([], "prospect"),
        (["2024-11-01"], "prospect"),  # not yet
        (["2023-10-31"], "churned"),  # twelve months ago, the window starts on the day after
        (["2023-11-01"], "new"),  # a year is over on 1 November
        (["2023-10-31", "2024-08-01"], "active"),  # 91 days silent, less than twice 275
        # gaps of 15 and 20 days: twice 17.5 are 35; 60 silent days are not more than 60, 61 are
        (["2024-07-28", "2024-08-12", "2024-09-01"], "new"),
        (["2024-07-27", "2024-08-11", "2024-08-31"], "at_risk"),
        # a year and a month between them; 364 silent days, less than twice 397
        (["2022-10-01", "2023-11-02"], "won_back"),
        (["2022-12-01", "2023-12-01"], "active"),  # a year to the day: it never was gone
        (["2024-10-01"], "new"),
    ],
)
def test_state_at_the_end_of_october(orders: list[str], expected: str) -> None:
    own = History(order_days=[day(one) for one in orders])

    assert state(own, OCTOBER) == expected


def test_a_year_after_a_leap_day_and_the_rhythm_of_orders() -> None:
    assert year_later(day("2024-02-29")) == day("2025-02-28")
    assert year_later(day("2023-03-01")) == day("2024-03-01")
    assert rhythm([0, 0, 7, 17]) == 70_000  # 0, 7, 10
    assert rhythm([0, 3, 10]) == 50_000  # 3, 7
    assert rhythm([5]) is None


def test_five_years_of_what_is_kept_over_ten_percent() -> None:
    worth = Worth(facts_of(tiny_world()), OCTOBER)
    worth.is_known = True
    worth.sums |= {"company": [1, 2], "large": [50_000, 50_000], "small": [40_000, 40_000]}

    # kept in full: 1/1.1 + ... + 1/1.1^5 = 3.7907867...; four customers are too few: half of the company's two
    assert worth.of("large") == sum((Fraction(10, 11) ** year for year in range(1, 6)), Fraction(0))
    assert round(float(worth.of("large") or 0), 7) == 3.7907868
    assert worth.of("small") == sum((Fraction(5, 11) ** year for year in range(1, 6)), Fraction(0))
    assert worth.of(None) == worth.of("small")


def test_owner_pool_and_next_action_of_the_tiny_company() -> None:
    rows = truth_of(tiny_world())["mart_customer_360"]
    found = {
        row["key"]["fiscal_month"]: row["values"] for row in rows if row["key"]["master_customer_code"] == "B"
    }["2024-10"]

    # R001 took it over on 29 February and never met it after that (the meeting of 10 February was R009's): 90 days
    # on is 29 May, long past: it is in the pool. Nobody has met it for 264 days, and it is a key account: that comes
    # first.
    assert (found["owner_rep_code"], found["owner_since_date"]) == ("R001", "2024-02-29")
    assert (found["pool_state"], found["reclaim_date"]) == ("pool", "2024-05-29")
    assert (found["next_action_code"], found["touch_age_days"]) == ("touch_key_account", 264)
    assert found["next_action_reason"] == "days since the last two-way touch: 264"
    assert found["cohort_month"] == "2024-02"


def test_owner_of_a_customer_is_its_own_records_else_who_took_over_a_merged_one_last() -> None:
    own = Hold(False, "M", "R040", day("2024-04-01"), day("2024-10-01"))
    first = Hold(True, "X", "R008", day("2023-06-21"), FOREVER)
    later = Hold(True, "Y", "R007", day("2024-03-01"), FOREVER)
    same_day = Hold(True, "A", "R006", day("2024-03-01"), FOREVER)

    def rep(number: str, *holds: Hold) -> str | None:
        found = owner_on(list(holds), day(number))
        return None if found is None else found.rep

    assert rep("2023-06-20", own, first) is None
    assert rep("2023-06-21", own, first) == "R008"  # before the own record has an owner
    assert rep("2024-03-31", own, first, later) == "R007"
    assert rep("2024-03-31", own, first, later, same_day) == "R006"  # the first by code
    assert rep("2024-04-01", own, first, later) == "R040"  # the own record's, though R007 holds one too
    assert rep("2024-10-01", own, first) == "R008"  # given back that day: half-open
    assert rep("2024-10-01", own) is None


def test_key_account_held_before_its_creation_counts_from_its_creation_on() -> None:
    # Both records are made on 1 February in Shanghai, 17:00 of 31 January in UTC; R009 holds B from January on, but
    # there is no customer at the end of January: R009, on duty since, has a row with nothing to cover.
    tiny = tiny_world()
    buyers = tiny.buyers.with_columns(created_utc=pl.lit(day("2024-01-31") * 86_400 + 17 * 3_600))
    rows = truth_of(replace(tiny, buyers=buyers))["mart_rep_scorecard"]
    held = {
        (row["key"]["rep_code"], row["key"]["fiscal_month"]): row["values"][
            "key_account_coverage_denominator"
        ]
        for row in rows
    }

    assert held["R009", "2024-01"] == "0.0000"
    assert held["R001", "2024-02"] == "1.0000"
